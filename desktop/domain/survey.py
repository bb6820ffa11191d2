"""The survey on site (现场勘查): its checklist without holes, and what was found against what was applied for.

The questions are the catalogue's; each is answered 符合, 不符合 or 不涉及, and what is not plainly 符合 is explained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.accord import number_in, plain, rows_in
from desktop.domain.basis import Basis
from desktop.domain.field import Answers
from desktop.domain.kind import Rows
from desktop.domain.material import When
from desktop.domain.process import Process, Stage
from desktop.domain.sizing import level_of
from desktop.errors import Missing

FITS, DIFFERS, NOT_HERE = "符合", "不符合", "不涉及"
READY, NOT_READY = "具备供电条件", "不具备供电条件"


@dataclass(frozen=True)
class Item:
    """One question of the checklist: asked at these `levels` (low, high), for these `groups` of kinds (none: all),
    and where `when` holds. `may_not_apply`: 不涉及 needs no word of explanation."""

    id: str
    question: str
    levels: tuple[str, ...]
    basis: Basis
    groups: tuple[str, ...] = ()
    when: When | None = None
    may_not_apply: bool = False

    def is_asked(self, group: str, known: Mapping[str, object]) -> bool:
        fits = level_of(known.get("voltage")) in self.levels and (not self.groups or group in self.groups)
        return fits and (self.when is None or self.when.holds(known))


@dataclass(frozen=True)
class Difference:
    """A piece of equipment that is not on site as it was applied for; the kW are totals of the line."""

    name: str
    applied_kw: Decimal
    found_kw: Decimal
    word: str

    @property
    def sentence(self) -> str:
        return f"{self.name}：申请 {plain(self.applied_kw)} kW，现场 {plain(self.found_kw)} kW（{self.word}）"


def checklist(items: Sequence[Item], group: str, known: Mapping[str, object]) -> tuple[Item, ...]:
    """The questions for this kind of application with these answers, in the catalogue's order."""
    return tuple(item for item in items if item.is_asked(group, known))


def blank(items: Sequence[Item]) -> Rows:
    """The checklist as rows without answers: what the form begins with."""
    return [{"item": item.id, "question": item.question, "answer": "", "note": "", "photo": ""} for item in items]


def all_fits(items: Sequence[Item]) -> Rows:
    """The checklist of a visit on which everything was as applied for."""
    return [{**row, "answer": FITS} for row in blank(items)]


def survey_stage(process: Process) -> Stage | None:
    """The stage at which the checklist is filled; None where this kind has none."""
    return next((stage for stage in process.stages if "survey_items" in stage.fields), None)


def holes(items: Sequence[Item], facts: Answers) -> tuple[Missing, ...]:
    """What the survey still lacks before it can be closed; empty if nothing.

    依据：现场勘查清单逐项给出结论；不具备供电条件的写明原因。
    """
    told = {row.get("item", ""): row for row in rows_in(facts, "survey_items")}
    found = [hole for item in items if (hole := _hole(item, told.get(item.id, {})))]
    unanswered = tuple(Missing(sentence, "survey_items") for sentence in found)
    return (*unanswered, *_result(facts), *_list_of_found(items, told, facts))


def strange_rows(items: Sequence[Item], facts: Answers) -> tuple[Missing, ...]:
    """Rows of the checklist that are no question of these `items`, or answer one a second time: a finding that nobody
    would ever read must not be kept as if it were one."""
    asked = [item.id for item in items]
    given = [row.get("item", "") for row in rows_in(facts, "survey_items")]
    strange = [code for code in dict.fromkeys(given) if code not in asked]
    twice = [code for code in dict.fromkeys(given) if code in asked and given.count(code) > 1]
    known = "、".join(asked)
    return (*(Missing(f"勘查清单没有“{code}”这一项，这件工单的有：{known}", "survey_items") for code in strange),
            *(Missing(f"勘查清单 {code} 写了两次，请只留一行", "survey_items") for code in twice))


def _hole(item: Item, row: Mapping[str, str]) -> str:
    answer = row.get("answer", "")
    if not answer:
        return f"勘查清单 {item.id}“{item.question}”还没有结论"
    explained = bool(row.get("note", "").strip()) or answer == FITS
    if not explained and not (answer == NOT_HERE and item.may_not_apply):
        return f"勘查清单 {item.id}“{item.question}”为{answer}，请写明情况"
    return ""


def _result(facts: Answers) -> tuple[Missing, ...]:
    asked = (("survey_on", "请填写勘查日期"), ("survey_by", "请填写勘查人"), ("survey_ready", "请选择勘查结果"))
    lacks = tuple(Missing(sentence, name) for name, sentence in asked if not facts.get(name))
    if facts.get("survey_ready") == NOT_READY and not str(facts.get("survey_result") or "").strip():
        return (*lacks, Missing("不具备供电条件的，请在勘查结论里写明原因", "survey_result"))
    return lacks


def _list_of_found(items: Sequence[Item], told: Mapping[str, Mapping[str, str]], facts: Answers) -> tuple[Missing, ...]:
    """Where the equipment differs, what is on site is listed."""
    asked = next((item for item in items if "设备清单" in item.question), None)
    if asked is None or told.get(asked.id, {}).get("answer") != DIFFERS or rows_in(facts, "survey_loads"):
        return ()
    return (Missing("现场设备与申请不一致的，请填写现场设备清单", "survey_loads"),)


def differences(applied: Sequence[Mapping[str, str]], found: Sequence[Mapping[str, str]]) -> tuple[Difference, ...]:
    """Line by line, what is on site against what was applied for; equipment of one name is taken together.

    Empty where they agree, or where nothing was listed on site.
    """
    if not found:
        return ()
    before, after = _by_name(applied), _by_name(found)
    lines = []
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was != now:
            lines.append(Difference(name, was or Decimal(0), now or Decimal(0), _word(was, now)))
    return tuple(lines)


def _by_name(rows: Sequence[Mapping[str, str]]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for row in rows:
        name = row.get("name", "").strip()
        if name:
            totals[name] = totals.get(name, Decimal(0)) + (number_in(row, "total_kw") or Decimal(0))
    return totals


def _word(was: Decimal | None, now: Decimal | None) -> str:
    if was is None:
        return "申请没有"
    if now is None:
        return "现场没有"
    return "现场较大" if now > was else "现场较小"
