"""The papers of an application: which are needed, which are missing, how to accept without them.

必备 must be there at acceptance; 容缺 may follow, against a written promise and a due date; 条件 becomes one of
the two where the answers say so; 免交 comes by data sharing and is asked of nobody; 不需 is listed so that nobody asks
for it. A paper of a later stage (`stage`) is not asked at acceptance and holds that stage back. The basis of each is
in its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from desktop.domain.basis import Basis
from desktop.domain.calendar import WorkCalendar
from desktop.domain.kind import number_of


class Demand(StrEnum):
    REQUIRED = "必备"
    MAY_FOLLOW = "容缺"
    CONDITIONAL = "条件"
    SHARED = "免交"
    NOT_NEEDED = "不需"


class Way(StrEnum):
    """How an application is accepted."""

    NORMAL = "正常受理"
    MAY_FOLLOW = "容缺受理"
    ONE_PAPER = "一证受理"
    REFUSED = "不受理"


PROMISED = (Way.MAY_FOLLOW, Way.ONE_PAPER)
"""The ways in which papers may follow, against a written promise."""


class Mark(StrEnum):
    """What the clerk found of one paper."""

    RECEIVED = "已收"
    MISSING = "未收"
    SHARED = "免交"  # obtained by data sharing (电子证照)
    UNSURE = "待核"  # asked when the other system took the application; nobody here has seen whether it came


HERE = frozenset({Mark.RECEIVED, Mark.SHARED})
ABSENT = frozenset({Mark.MISSING, Mark.UNSURE})


class Belongs(StrEnum):
    """What a paper speaks of, and so whether it can serve again: the customer, the premises, or this one case."""

    CUSTOMER = "customer"
    PREMISES = "premises"
    CASE = "case"


@dataclass(frozen=True)
class When:
    """A condition on the answers: the field is filled, and its value is (or is not) one of `values` and, where it is
    a number, neither under `least` nor over `most`."""

    field: str
    values: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    least: str = ""
    most: str = ""

    def holds(self, answers: Mapping[str, object]) -> bool:
        value = str(answers.get(self.field) or "")
        named = bool(value) and (not self.values or value in self.values) and value not in self.unless
        return named and (not (self.least or self.most) or self._within(value))

    def _within(self, value: str) -> bool:
        number = number_of(value)
        if number is None:
            return False
        return (not self.least or number >= Decimal(self.least)) and (not self.most or number <= Decimal(self.most))


@dataclass(frozen=True)
class Material:
    """One paper of a checklist. `becomes` is what a 条件 paper is where `when`, or one of `or_when`, holds.

    `role`: identity (the one paper of 一证受理), authority (the agent's 委托书), promise (the 承诺书) or nothing.
    `days`: within how many working days a paper that may follow is asked for. `stage`: the stage that it must be there
    for; empty: at acceptance. `shared_from`: from where its data can be had instead (免交); `shared_when`: where that
    is always so. `kinds`: the groups of accepted papers (`PaperKind.group`), any one of which will do. `belongs`: see
    there.
    """

    code: str
    name: str
    demand: Demand
    supplied_by: str
    basis: Basis
    role: str = ""
    when: When | None = None
    or_when: tuple[When, ...] = ()
    becomes: Demand = Demand.REQUIRED
    days: int = 0
    examples: str = ""
    stage: str = ""
    shared_from: str = ""
    shared_when: When | None = None
    kinds: tuple[str, ...] = ()
    belongs: Belongs = Belongs.CASE

    @cached_property
    def whens(self) -> tuple[When, ...]:
        """The conditions of a 条件 paper, any of which makes it asked."""
        return (*((self.when,) if self.when else ()), *self.or_when)

    @cached_property
    def settled(self) -> Material:
        """What a 条件 paper is where its condition holds."""
        return replace(self, demand=self.becomes)

    @cached_property
    def spared(self) -> Material:
        """What a paper is whose data come by sharing."""
        return replace(self, demand=Demand.SHARED)


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper that is accepted in a group (身份证明, 主体证明, 产权证明 …), or expressly is not.

    `expires`: it bears a day until which it is valid. `why`: why it is not accepted.
    """

    name: str
    group: str
    basis: Basis
    accepted: bool = True
    expires: bool = False
    why: str = ""


@dataclass(frozen=True)
class PromiseGate:
    """No `stage` while a promised paper is open; where `blocks` is not set it is told and does not forbid.

    `days`: the term, in working days, of a promised paper whose row tells none (a 必备 one under 一证受理);
    `clock`: how such a term is counted, for those who read the rules.
    """

    stage: str
    blocks: bool
    sentence: str
    basis: Basis
    days: int = 0
    clock: str = ""


@dataclass(frozen=True)
class MissingPaper:
    """A paper that is not there: by when it is due (None: before acceptance), whether it blocks."""

    material: Material
    due: date | None
    blocks: bool
    sentence: str


def needed(materials: Sequence[Material], answers: Mapping[str, object]) -> tuple[Material, ...]:
    """The papers that this application needs at acceptance, each with its demand settled to 必备 or 容缺."""
    return tuple(m for m in _settled(materials, answers) if not m.stage and m.demand in ASKED)


def needed_later(materials: Sequence[Material], answers: Mapping[str, object]) -> tuple[Material, ...]:
    """The papers that a later stage waits for, with these answers."""
    return tuple(m for m in _settled(materials, answers) if m.stage and m.demand in ASKED)


def shared(materials: Sequence[Material], answers: Mapping[str, object]) -> tuple[Material, ...]:
    """The papers that this application is spared, because their data come by sharing."""
    return tuple(m for m in _settled(materials, answers) if m.demand is Demand.SHARED)


def concerned(materials: Sequence[Material], answers: Mapping[str, object]) -> tuple[Material, ...]:
    """The papers that this application has to do with: needed now or later, or spared."""
    return tuple(m for m in _settled(materials, answers) if m.demand in ASKED or m.demand is Demand.SHARED)


ASKED = (Demand.REQUIRED, Demand.MAY_FOLLOW)


def _settled(materials: Sequence[Material], answers: Mapping[str, object]) -> Iterator[Material]:
    """The papers whose conditions hold, each with its demand decided."""
    for m in materials:
        if m.demand is Demand.CONDITIONAL and not any(when.holds(answers) for when in m.whens):
            continue
        if m.shared_when is not None and m.shared_when.holds(answers):
            yield m.spared
        else:
            yield m.settled if m.demand is Demand.CONDITIONAL else m


def promise_paper(materials: Sequence[Material]) -> Material | None:
    """The 承诺书 of this checklist, if it has one."""
    return next((m for m in materials if m.role == "promise"), None)


def missing(
    materials: Sequence[Material],
    answers: Mapping[str, object],
    marks: Mapping[str, str],
    way: Way,
    accepted_on: date,
    calendar: WorkCalendar,
    days: int = 0,
) -> tuple[MissingPaper, ...]:
    """Every paper that is not there when accepting by `way`; those with `blocks` forbid that way.

    正常受理 waits for all; 容缺受理 lets 容缺 papers follow, 一证受理 all but the identity and an agent's power of
    attorney (民法典第一百六十五条、第一百七十一条); both need the 承诺书 signed. 依据：一次性告知、先行受理（容缺受理、
    一证受理）. `days`: the term of a paper that tells none. Refused where a due date has no calendar.
    """
    absent = [m for m in needed(materials, answers) if marks.get(m.code) not in HERE]
    found = [_missing(m, not _may_follow(m, way), accepted_on, calendar, m.days or days) for m in absent]
    return (*found, *_promise_missing(materials, marks, way))


def ways(
    materials: Sequence[Material],
    answers: Mapping[str, object],
    marks: Mapping[str, str],
) -> tuple[Way, ...]:
    """The ways in which this application can be accepted as the papers stand, the fullest first.

    The 承诺书 is taken as signable there and then; 不受理 is always the last resort.
    """
    absent = [m for m in needed(materials, answers) if marks.get(m.code) not in HERE]
    if not absent:
        return (Way.NORMAL,)
    open_ways = [w for w in (Way.MAY_FOLLOW, Way.ONE_PAPER) if all(_may_follow(m, w) for m in absent)]
    return (*open_ways, Way.REFUSED)


def _may_follow(material: Material, way: Way) -> bool:
    if way is Way.MAY_FOLLOW:
        return material.demand is Demand.MAY_FOLLOW
    return way is Way.ONE_PAPER and material.role not in ("identity", "authority")  # 无权代理人签的承诺书不作数


def _missing(material: Material, blocks: bool, accepted_on: date, calendar: WorkCalendar, days: int) -> MissingPaper:
    if blocks:
        may = material.demand is Demand.MAY_FOLLOW
        till = f"收到后受理；或容缺受理，{days} 个工作日内补交" if may and days else "收到后方可受理"
        sentence = f"缺{material.name}：由{material.supplied_by}提供，{till}"
        return MissingPaper(material, None, True, sentence)
    due = calendar.add_workdays(accepted_on, days)
    sentence = f"待补{material.name}：由{material.supplied_by}于 {due.isoformat()} 前补交"
    return MissingPaper(material, due, False, sentence)


def _promise_missing(
    materials: Sequence[Material], marks: Mapping[str, str], way: Way
) -> tuple[MissingPaper, ...]:
    paper = promise_paper(materials)
    if way not in (Way.MAY_FOLLOW, Way.ONE_PAPER) or paper is None or marks.get(paper.code) in HERE:
        return ()
    sentence = f"{way}须先签{paper.name}：由{paper.supplied_by}签署后方可受理"
    return (MissingPaper(paper, None, True, sentence),)
