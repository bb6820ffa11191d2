"""Time limits: what is promised at acceptance, and when a stage that has begun is due.

Limits count working days; the day something begins is not counted, and days on which the clock is paused by
the customer's reason are not counted either (供电企业只对自己的环节计时).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from desktop.domain.basis import Basis
from desktop.domain.calendar import ONE_DAY, DayKind, WorkCalendar, days_after

if TYPE_CHECKING:
    from desktop.domain.process import Process

CUSTOMER_EXCLUDED, CUSTOMER_INCLUDED = "不含客户环节", "含客户环节，暂停除外"


class Level(StrEnum):
    """How near a due date is. 无 is a stage without a date of its own."""

    NORMAL = "正常"
    NEAR = "临期"
    TODAY = "今天到期"
    OVERDUE = "超期"
    NONE = "—"


class Source(StrEnum):
    """Whose limit it is: the law's, the company's, or a date promised to this customer."""

    STATUTORY = "法定"
    COMPANY = "公司"
    PROMISED = "承诺"


WHOLE = "全过程"
SUMS = ("环节合计", WHOLE)
PAUSES, CUSTOMER_STAGES = "暂停", "客户环节"
LEFT_OUT = {"环节": (PAUSES,), "环节合计": (PAUSES, CUSTOMER_STAGES), "全过程": (PAUSES,), "内部": (PAUSES,)}


@dataclass(frozen=True)
class Limit:
    """A limit over one or several stages that share it, in working days or, where `hours` are given, in hours.

    `measure` is what is counted over: 环节, 环节合计, 全过程 or 内部 (not promised); the sums run from acceptance to
    the connection. `hours` are calendar hours from the minute on, over rest days and pauses. `leaves_out` names what
    stops the clock (暂停, 客户环节); None is the custom of the measure. `includes` names stages whose own days run
    into this limit when they ended on the day they began: acceptance is done at the counter at once and its day is
    the plan's, so that receipt and worklist show the same date. `agreed` names the answer with the day for which the
    customer asked: what is to be done on a later day is not due before it (按约定日期加封).
    """

    stages: tuple[str, ...]
    label: str
    days: int
    basis: Basis
    measure: str = "环节"
    includes: tuple[str, ...] = ()
    source: str = Source.COMPANY
    hours: int = 0
    leaves_out: tuple[str, ...] | None = None
    agreed: str = ""

    @property
    def stopped_by(self) -> tuple[str, ...]:
        if self.hours:
            return ()
        return LEFT_OUT[self.measure] if self.leaves_out is None else self.leaves_out

    @property
    def note(self) -> str:
        """What a customer is told of his own stages under this limit."""
        return CUSTOMER_INCLUDED if self.measure == WHOLE else CUSTOMER_EXCLUDED


def in_days(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """The company's own limits in working days: what is promised in turn, and their sum. The law's stand beside."""
    return tuple(limit for limit in limits if limit.source == Source.COMPANY and not limit.hours)


@dataclass(frozen=True)
class Promise:
    """A date given to the customer. `provisional`: counted through a year whose calendar is 暂定."""

    stages: tuple[str, ...]
    label: str
    days: int
    due: date
    provisional: bool
    basis: Basis
    note: str = CUSTOMER_EXCLUDED


@dataclass(frozen=True)
class Printed:
    """A promised date as it stands on the customer's receipt, counted from the application through `days` working
    days. `stays`: the customer's own stages move it no more than anything else (全过程)."""

    label: str
    days: int
    due: date
    stays: bool = False


def printed(kept: Sequence[Mapping[str, Any]]) -> tuple[Printed, ...]:
    """The dates of a receipt out of the promises as a case keeps them: each goes on where the one before ends."""
    found: list[Printed] = []
    total = 0
    for each in kept:
        whole = each["note"] != CUSTOMER_EXCLUDED
        total += 0 if whole else each["days"]
        found.append(Printed(each["label"], each["days"] if whole else total, date.fromisoformat(each["due"]), whole))
    return tuple(found)


def told_label(label: str, note: str) -> str:
    """A limit's label under the head 不含客户环节: one that is counted otherwise says so."""
    return label if note == CUSTOMER_EXCLUDED else f"{label}（{note}）"


@dataclass(frozen=True)
class Span:
    """Days on which a clock stood still: from `start` up to, not including, `end` (when it ran again)."""

    start: date
    end: date

    def holds(self, day: date) -> bool:
        return self.start <= day < self.end


def promises(process: Process, accepted_on: date, calendar: WorkCalendar,
             answers: Mapping[str, object] = MappingProxyType({})) -> tuple[Promise, ...]:
    """The chain of promised dates, each limit beginning where the one before ends, counted from acceptance.

    Stages that these answers rule out are not promised; a sum over the whole (全过程) is promised beside its parts.
    Refused where the chain runs into a year without a calendar.
    """
    made: list[Promise] = []
    total = 0
    for limit in process.limits:
        if any(process.expects(stage, answers) for stage in limit.stages):
            total += limit.days
            made.append(_promise(limit, calendar.add_workdays(accepted_on, total), calendar))
    if process.total.measure == WHOLE:
        whole = replace(process.total, days=days_to(process.total, accepted_on, answers, calendar))
        made.append(_promise(whole, calendar.add_workdays(accepted_on, whole.days), calendar))
    return tuple(made)


def days_to(limit: Limit, begin: date, answers: Mapping[str, object], calendar: WorkCalendar) -> int:
    """The working days that the limit allows from `begin`: its own, or as many as lead to the day agreed with the
    customer, of a day of rest to the next working day. A day that no calendar reaches is left out."""
    try:
        agreed = date.fromisoformat(str(answers.get(limit.agreed) or ""))
    except ValueError:
        return limit.days
    if agreed <= begin or not calendar.covers(agreed):
        return limit.days
    return max(limit.days, calendar.workdays_between(begin, agreed) + (not calendar.is_workday(agreed)))


def _promise(limit: Limit, due: date, calendar: WorkCalendar) -> Promise:
    return Promise(limit.stages, limit.label, limit.days, due, calendar.provisional(due), limit.basis, limit.note)


def counting(came: date, begin: date, last: date, calendar: WorkCalendar) -> str:
    """How the working days of promises are counted up to `last`, in words: which day is not counted, which days of
    rest are left out, which are worked. `came` is the day of the application, `begin` the day its clocks begin
    (another where what comes late is begun on the next working day). Refused where a year has no calendar.

    依据: 民法典第二百零一条（开始的当日不计入）、第二百零三条（末日为法定休假日的顺延）.
    """
    days = calendar.explain(begin, last)
    first = next((day.date for day in days if day.is_workday), last)
    rests = Counter(day.why for day in days if not day.is_workday)
    shifted = "、".join(f"{day.date:%m-%d} {day.why}" for day in days if day.kind is DayKind.SHIFTED)
    late = f"{came:%m-%d} 下班后或休息日提出，算作 {begin:%m-%d}；" if came != begin else ""
    left_out = "、".join(f"{why} {count} 天" for why, count in rests.items())
    return (f"{late}{begin:%m-%d} 当日不计，自 {first:%m-%d} 起只数工作日，一项接一项"
            + (f"；到 {last:%m-%d} 止，{left_out}不计" if left_out else "")
            + (f"；{shifted}照计" if shifted else "") + "。")


def stage_due(begin: date, days: int, pauses: Sequence[Span], calendar: WorkCalendar) -> date:
    """The day on which a clock of `days` working days begun on `begin` runs out; paused days do not count.

    Refused where it runs into a year without a calendar.
    """
    day, left = begin, days
    while left > 0:
        day += ONE_DAY
        if calendar.is_workday(day) and not any(pause.holds(day) for pause in pauses):
            left -= 1
    return day


def days_used(begin: date, until: date, pauses: Sequence[Span], calendar: WorkCalendar) -> int:
    """Working days counted in (begin, until], paused days left out."""
    return sum(calendar.is_workday(day) and not any(p.holds(day) for p in pauses) for day in days_after(begin, until))


def level(
    due: date, used: int, allowed: int, today: date, calendar: WorkCalendar, warn_percent: int
) -> Level:
    """Red when passed; amber when due by the next working day or when `warn_percent` of the days are used."""
    if today > due:
        return Level.OVERDUE
    if today == due:
        return Level.TODAY
    if due <= calendar.add_workdays(today, 1) or used * 100 >= allowed * warn_percent:
        return Level.NEAR
    return Level.NORMAL
