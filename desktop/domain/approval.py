"""Who must agree to a scheme before it is answered, and how far they have: routes as data, rounds from the log.

All posts that a route names are asked at once; the scheme may be answered when all have agreed. Where only clear rules
match nobody is asked, and the log says which rule decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from desktop.domain.basis import Basis
from desktop.domain.caselog import LogEntry, What, standing
from desktop.domain.field import Answers
from desktop.domain.material import When
from desktop.domain.process import Process
from desktop.domain.sizing import capacity_of, level_of


class Deed(StrEnum):
    """What the log says of approvals. `submitted` holds scheme, verdicts and asked; the others post and opinion."""

    SUBMITTED = "scheme_submitted"
    AGREED = "approval_agreed"
    REFUSED = "approval_refused"
    RECALLED = "approval_recalled"


class Word(StrEnum):
    """How one post stands in a round."""

    WAITS = "待审"
    AGREED = "同意"
    REFUSED = "不同意"
    RULE = "规则通过"
    CLOSED = "不再审"


@dataclass(frozen=True)
class Route:
    """One way a scheme goes: where all that it names holds, its `posts` are asked; `auto`: nobody need be."""

    id: str
    name: str
    basis: Basis
    posts: tuple[str, ...] = ()
    auto: bool = False
    levels: tuple[str, ...] = ()
    voltages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    over: int = 0
    most: int = 0
    when: When | None = None
    verdict: str = ""

    def takes(self, known: Answers, verdict: str, process: str) -> bool:
        """Whether this scheme goes here; `verdict` is its gravest one."""
        voltage, size = known.get("voltage", ""), capacity_of(known)
        return ((not self.levels or level_of(voltage) in self.levels)
                and (not self.voltages or voltage in self.voltages)
                and (not self.kinds or process in self.kinds)
                and (not self.over or (size is not None and size > self.over))
                and (not self.most or (size is not None and size <= self.most))
                and (self.when is None or self.when.holds(known))
                and (not self.verdict or self.verdict == verdict))


@dataclass(frozen=True)
class Approvals:
    """The catalogue's routes. `stand_in`: posts that may answer for any; `days`: working days to answer in;
    `four_eyes`: who submits does not approve; `fallback`: who is asked where no route takes the scheme."""

    routes: tuple[Route, ...]
    stand_in: tuple[str, ...]
    four_eyes: bool
    days: int
    fallback: str
    basis: Basis

    def asked(self, known: Answers, verdict: str, process: str, day: date) -> tuple[Asked, ...]:
        """Who is asked for this scheme, each post once with the rules that name it; or the one rule that decided."""
        taken = [r for r in self.routes if r.basis.holds_on(day) and r.takes(known, verdict, process)]
        posts = dict.fromkeys(post for route in taken for post in route.posts)
        if posts:
            return tuple(Asked(post, "、".join(r.name for r in taken if post in r.posts)) for post in posts)
        rule = next((route for route in taken if route.auto), None)
        if rule is not None:
            return (Asked("", f"{rule.name}（{rule.basis.text}，{rule.basis.mark}）", Word.RULE),)
        return (Asked(self.fallback, "没有相应的路由"),)

    def may_answer(self, post: str, asked: str) -> bool:
        return post == asked or post in self.stand_in


@dataclass(frozen=True)
class Asked:
    """One post in a round, why it is asked, and what it said; `stands_in`: another post answered for it."""

    post: str
    rule: str
    word: Word = Word.WAITS
    by: str = ""
    on: date | None = None
    opinion: str = ""
    stands_in: bool = False


@dataclass(frozen=True)
class Round:
    """One submission of a scheme: what was submitted, how it weighed, and who said what."""

    number: int
    scheme: Mapping[str, Any]
    verdicts: tuple[Mapping[str, str], ...]
    by: str
    clerk: str
    on: date
    asked: tuple[Asked, ...]
    recalled: str = ""
    over: bool = field(default=False)
    """A later one, or a scheme sent back, took its place."""

    @property
    def refused(self) -> Asked | None:
        return next((each for each in self.asked if each.word is Word.REFUSED), None)

    @property
    def waits(self) -> bool:
        return not (self.over or self.recalled or self.refused) and any(a.word is Word.WAITS for a in self.asked)

    @property
    def joined(self) -> bool:
        """All have agreed, or the rule has."""
        return not (self.over or self.recalled) and all(a.word in (Word.AGREED, Word.RULE) for a in self.asked)

    @property
    def decided_on(self) -> date:
        """The day of the last word: before it nothing is agreed to."""
        return max((each.on for each in self.asked if each.on), default=self.on)

    @property
    def word(self) -> str:
        if self.recalled:
            return "已撤回"
        if self.refused:
            return "退回"
        return "已通过" if self.joined else "已过时" if self.over else "审批中"


def rounds(process: Process, log: Sequence[LogEntry], stage: str) -> tuple[Round, ...]:
    """All submissions of the scheme of `stage`, the first first."""
    made: list[Round] = []
    reopening = {stage, *process.ancestors(stage)}
    for entry in standing(log):
        if entry.what == Deed.SUBMITTED:
            made = [*(replace(r, over=True) for r in made), _submitted(len(made) + 1, entry)]
        elif entry.what == What.SENT_BACK and str(entry.facts.get("to") or entry.stage) in reopening:
            made = [replace(r, over=True) for r in made]
        elif made and entry.what in (Deed.AGREED, Deed.REFUSED, Deed.RECALLED):
            made[-1] = _answered(made[-1], entry)
    return tuple(made)


def last_round(process: Process, log: Sequence[LogEntry], stage: str) -> Round | None:
    """The round that counts now; None where the scheme must be submitted (again)."""
    last = next(iter(reversed(rounds(process, log, stage))), None)
    return None if last is None or last.over else last


def _submitted(number: int, entry: LogEntry) -> Round:
    asked = tuple(Asked(row["post"], row["rule"], Word(row["word"])) for row in entry.facts["asked"])
    return Round(number, entry.facts["scheme"], tuple(entry.facts["verdicts"]), entry.clerk_name, entry.clerk,
                 entry.claimed_on, asked)


def _answered(this: Round, entry: LogEntry) -> Round:
    if entry.what == Deed.RECALLED:
        return replace(this, recalled=str(entry.facts["reason"]), asked=_closed(this.asked))
    word = Word.AGREED if entry.what == Deed.AGREED else Word.REFUSED
    said = tuple(replace(each, word=word, by=entry.clerk_name, on=entry.claimed_on,
                         opinion=str(entry.facts.get("opinion", "")), stands_in=bool(entry.facts.get("stands_in")))
                 if each.post == entry.facts["post"] else each for each in this.asked)
    return replace(this, asked=said if word is Word.AGREED else _closed(said))


def _closed(asked: tuple[Asked, ...]) -> tuple[Asked, ...]:
    return tuple(replace(each, word=Word.CLOSED) if each.word is Word.WAITS else each for each in asked)


def altered(approved: Mapping[str, Any], given: Mapping[str, Any], free: Sequence[str]) -> tuple[str, ...]:
    """The fields in which a scheme is no longer what was approved; those of `free` may still change."""
    names = dict.fromkeys((*approved, *given))
    return tuple(n for n in names if n not in free and (approved.get(n) or "") != (given.get(n) or ""))
