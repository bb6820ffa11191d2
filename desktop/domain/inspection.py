"""Rounds of inspection: 设计审查, 中间检查, 竣工检验; who may build and design; how often a round is passed at once.

A round begins with what is handed in (报验) and ends with the 意见单. One that is not passed stops the clock on the
day of its 意见单; the next begins with the new 报验.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.domain.basis import Basis
from desktop.domain.caselog import LogEntry, fold, standing
from desktop.domain.process import Process
from desktop.domain.scheme import Deed
from desktop.errors import Missing, Refusal

PASSED, FAILED = "合格", "不合格"
WORKS = Deed.WORKS
SUBMITTED = ("submitted_by", "submitted_papers")
QUALIFIED = {
    "designer": ("designer_name", "designer_licence", "designer_level", "designer_until"),
    "builder": ("builder_name", "builder_licence", "builder_level", "builder_scope", "builder_until"),
}
CONCLUDED = ("inspected_by", "reviewed_by", "review_opinion")
_KV = re.compile(r"(\d+)\s*kV", re.IGNORECASE)


@dataclass(frozen=True)
class InspectionKind:
    """A kind of inspection: the stages that it judges, the words and papers of it, and who must be qualified.

    `customer` are the customer's own stages that end with the 报验, the nearest first: a round that is not passed goes
    back to the first that the case has; without one the case is paused.
    """

    id: str
    name: str
    submission: str
    stages: tuple[str, ...]
    customer: tuple[str, ...]
    qualified: tuple[str, ...]
    papers: tuple[str, ...]
    basis: Basis

    @property
    def asks(self) -> tuple[str, ...]:
        """The fields of what is handed in."""
        return (*(name for who in self.qualified for name in QUALIFIED[who]), *SUBMITTED)


@dataclass(frozen=True)
class Licence:
    """A level of 承装（修、试）许可 and the highest voltage that it may build, in kV; 0 is any."""

    level: str
    most_kv: int
    basis: Basis


@dataclass(frozen=True)
class InspectionBook:
    """All that the catalogue says of inspections."""

    kinds: tuple[InspectionKind, ...]
    licences: tuple[Licence, ...]

    def kind(self, word: str) -> InspectionKind:
        """The kind of that id, name or stage; refused with those there are."""
        found = next((each for each in self.kinds if word in (each.id, each.name, *each.stages)), None)
        if found is None:
            raise Refusal(f"没有“{word}”这种检验。现有：{'、'.join(each.name for each in self.kinds)}。", "kind")
        return found

    def of_stage(self, stage: str) -> InspectionKind | None:
        """The inspection that judges this stage, or None."""
        return next((each for each in self.kinds if stage in each.stages), None)

    def unqualified(self, kind: InspectionKind, facts: Mapping[str, Any], voltage: str,
                    on: date) -> tuple[Missing, ...]:
        """What is wrong on day `on` with the papers of who designs or builds for a supply of this voltage."""
        return tuple(lack for who in kind.qualified for lack in (
            *_blank(who, facts), *_expired(who, facts, on),
            *(self._too_low(facts, voltage, on) if who == "builder" else ())))

    def _too_low(self, facts: Mapping[str, Any], voltage: str, on: date) -> tuple[Missing, ...]:
        """依据：承装（修、试）电力设施许可证管理办法：按许可等级承接相应电压的工程。"""
        level, kv = str(facts.get("builder_level") or ""), kilovolts(voltage)
        held = next((each for each in self.licences if each.level == level and each.basis.holds_on(on)), None)
        wrong: list[Missing] = []
        if held is not None and held.most_kv and kv > held.most_kv:
            wrong.append(Missing(f"施工单位的许可等级{level}只能承接 {held.most_kv} kV 及以下工程，本工程为 {voltage}。"
                                 f"依据：{held.basis.text}（{held.basis.mark}）", "builder_level"))
        if "承装" not in str(facts.get("builder_scope") or "承装"):
            wrong.append(Missing("施工单位的许可类别没有“承装”，不能承装受电工程", "builder_scope"))
        return tuple(wrong)


def built_unreviewed(process: Process, log: Sequence[LogEntry], book: InspectionBook) -> str:
    """未审先建: works noted as begun before the design that must be reviewed was passed; '' where there are none."""
    kind = next((each for each in book.kinds if "designer" in each.qualified), None)
    place = next((stage for stage in process.stages if kind and stage.id in kind.stages), None)
    begun = next((entry.claimed_on for entry in standing(log) if entry.what == WORKS), None)
    if kind is None or place is None or begun is None:
        return ""
    track = fold(process, log)
    passed = track.runs[place.id].done_on
    if not track.applies(place) or (passed is not None and passed <= begun):
        return ""
    how = f"{passed.isoformat()} 才审查合格" if passed else "还没有审查合格"
    return (f"客户受电工程 {begun.isoformat()} 已开工，而设计文件{how}（未审先建）：请核实，没有合格的先停工送审"
            f"（{kind.basis.text}，{kind.basis.mark}）")


def _blank(who: str, facts: Mapping[str, Any]) -> tuple[Missing, ...]:
    word = "设计单位" if who == "designer" else "施工单位"
    return tuple(Missing(f"请填写{word}的资质", name) for name in QUALIFIED[who] if not facts.get(name))


def _expired(who: str, facts: Mapping[str, Any], on: date) -> tuple[Missing, ...]:
    name = f"{who}_until"
    until = date.fromisoformat(str(facts[name])) if facts.get(name) else None
    if until is None or until >= on:
        return ()
    word = "设计资质" if who == "designer" else "承装（修、试）许可证"
    return (Missing(f"{word}有效期至 {until.isoformat()}，报验之日已过期，请提供有效的证件", name),)


def kilovolts(voltage: str) -> int:
    """'10kV' → 10; 0 for low voltage and for what is not told."""
    found = _KV.search(voltage)
    return int(found[1]) if found else 0


@dataclass(frozen=True)
class Tally:
    """Of the cases whose inspection was judged in a time: how many passed in the first round."""

    kind: str
    judged: int
    at_once: int

    @property
    def percent(self) -> int | None:
        """一次通过率 in percent, rounded down; None where nothing was judged."""
        return self.at_once * 100 // self.judged if self.judged else None


def tally(kind: str, rounds: Iterable[tuple[int, str]]) -> Tally:
    """Count 一次通过 of (round, result) of all rounds concluded in a time: each case once, at its first round."""
    first = [result for place, result in rounds if place == 1]
    return Tally(kind, len(first), sum(result == PASSED for result in first))
