"""A clock of a case: one limit that runs or ran, and how each of its days was read.

Three measures (环节, 环节合计, 全过程) and three sources (法定, 公司, 承诺) stand side by side, each a `Clock` of its
own. The days that a clock has used, the day on which it runs out and the lines that explain both are the same count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from desktop.domain.basis import Basis
from desktop.domain.calendar import ONE_DAY, Conventions, DayKind, WorkCalendar
from desktop.domain.deadline import Level, Limit, Span, days_used, level, stage_due
from desktop.errors import Refusal

MOST_DAYS = 3660  # ten years: a clock that never runs out is shown so far


class Reading(StrEnum):
    """How a day counts for a clock. Each has its rule in the catalogue, by name."""

    START = "起算日"
    COUNTED = "计入"
    SHIFTED = "调休上班"
    WEEKEND = "周末"
    HOLIDAY = "节假日"
    PAUSED = "暂停"
    CUSTOMER = "客户环节"
    HOURS = "按小时"


COUNTS = (Reading.COUNTED, Reading.SHIFTED)
_OF_KIND = {DayKind.WORK: Reading.COUNTED, DayKind.SHIFTED: Reading.SHIFTED, DayKind.WEEKEND: Reading.WEEKEND,
            DayKind.HOLIDAY: Reading.HOLIDAY}


@dataclass(frozen=True)
class Stop:
    """Why a clock stood still: a pause or a stage of the customer's own, on the days of `span`."""

    span: Span
    reading: Reading
    reason: str


@dataclass(frozen=True)
class DayLine:
    """One day of a clock: counted as its n-th (0: not counted), how it was read, and the word for it. `minutes` of an
    hour clock ran on it, today's up to now; those of days to come will."""

    date: date
    n: int
    reading: Reading
    why: str
    is_due: bool = False
    late: bool = False
    minutes: int = 0

    @property
    def counts(self) -> bool:
        return self.reading in COUNTS


@dataclass(frozen=True)
class Clock:
    """A limit as it runs in one case.

    `began` is the day its matter began, `start` the day from which is counted (itself not), the same but where the
    hall begins late applications on the next working day. `allowed` counts working days, or hours where the limit has
    them; these run from the minute of `began_at` to that of `ended_at`. `promised` is a day named to the customer:
    before it nothing is due; `recounted` is that day as the calendar of today would give it, where it gives another.
    """

    limit: Limit
    allowed: int
    began: date
    start: date
    stops: tuple[Stop, ...] = ()
    ended: date | None = None
    began_at: datetime | None = None
    promised: date | None = None
    ended_at: datetime | None = None
    recounted: date | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(stop.span for stop in self.stops)

    @property
    def due_at(self) -> datetime | None:
        """The minute an hour clock runs out; None for one that counts days."""
        return self.began_at + timedelta(hours=self.allowed) if self.limit.hours and self.began_at else None

    def due(self, calendar: WorkCalendar) -> date:
        """The last day of the limit. Refused where it runs into a year without a calendar.

        依据: 民法典第二百零一条、第二百零三条；按小时计的自开始时起算，不扣休息日.
        """
        if self.due_at is not None:
            return self.due_at.date()
        counted = stage_due(self.start, self.allowed, self.spans, calendar)
        return max(counted, self.promised) if self.promised else counted

    def near(self, due: date, calendar: WorkCalendar, warn_percent: int) -> date | None:
        """The day on which `warn_percent` of its days are used, where that is before the last working day ahead of the
        due day; else None. Refused where a year's calendar is missing."""
        share = -(-self.allowed * warn_percent // 100)
        if self.limit.hours or (self.allowed - share <= 1 and not self.promised):  # then the due day itself is as near
            return None
        day = stage_due(self.start, share, self.spans, calendar)
        return day if due > calendar.add_workdays(day, 1) else None  # a promised day may be one of rest

    def used(self, until: date, calendar: WorkCalendar, now: datetime | None = None) -> int:
        """Working days (or whole hours) used up to and with `until`, at the latest the day the matter ended."""
        last = min(until, self.ended) if self.ended else until
        if self.due_at is not None:
            moment = now if now and last == now.date() else datetime.combine(last, calendar.conventions.opening)
            return self._minutes(self.ended_at or moment) // 60
        return days_used(self.start, last, self.spans, calendar)

    def _minutes(self, until: datetime, since: datetime | None = None) -> int:
        """Minutes that ran up to `until`, from the beginning or from `since`, where that is later."""
        first = max(filter(None, (self.began_at, since)), default=until)
        return max(0, int((until - first) / timedelta(minutes=1)))

    def level(self, due: date, used: int, today: date, calendar: WorkCalendar, warn_percent: int,
              now: datetime | None = None) -> Level:
        """How near it is today; one whose matter has ended was kept or not."""
        if self.ended is not None:
            late = self.ended_at > self.due_at if self.ended_at and self.due_at else self.ended > due
            return Level.OVERDUE if late else Level.NORMAL
        if self.due_at is not None and now is not None and now > self.due_at:
            return Level.OVERDUE
        return level(due, used, self.allowed, today, calendar, warn_percent)

    def explain(self, until: date, calendar: WorkCalendar, now: datetime | None = None) -> tuple[DayLine, ...]:
        """Every day from `began` to the later of the due day and `until` (or the day the matter ended), each read; as
        far as there is a calendar. Hours are read at `now`, where it is given."""
        due = self._due_if_known(calendar)
        last = max(filter(None, (due, self.ended or until)))
        lines: list[DayLine] = []
        n, day = 0, self.began
        while day <= last and len(lines) < MOST_DAYS and calendar.covers(day):
            reading, why = self._read(day, calendar)
            n += reading in COUNTS
            lines.append(DayLine(day, n if reading in COUNTS else 0, reading, why, day == due,
                                 due is not None and day > due, self._minutes_of(day, until, now)))
            day += ONE_DAY
        return tuple(lines)

    def _due_if_known(self, calendar: WorkCalendar) -> date | None:
        try:
            return self.due(calendar)
        except Refusal:
            return None

    def _minutes_of(self, day: date, until: date, now: datetime | None) -> int:
        """The minutes of an hour clock on one day: all that ran, on days to come all that are left to it."""
        if self.due_at is None:
            return 0
        ends = self.ended_at or (now or datetime.combine(day + ONE_DAY, time()) if day <= until else self.due_at)
        return self._minutes(min(ends, datetime.combine(day + ONE_DAY, time())), datetime.combine(day, time()))

    def _read(self, day: date, calendar: WorkCalendar) -> tuple[Reading, str]:
        known = calendar.day(day)
        if self.limit.hours:
            return Reading.HOURS, known.why
        if day <= self.start:
            return Reading.START, "开始当日不计入" if day == self.start else "营业时间之外提出，顺延起算"
        stop = next((s for s in self.stops if s.span.holds(day)), None)
        if stop is not None and known.is_workday:
            return stop.reading, stop.reason
        return _OF_KIND[known.kind], known.why


@dataclass(frozen=True)
class ClockState:
    """A clock on one day. `due` is None while it stands still and nobody knows until when, or where `trouble` says
    why it cannot be counted."""

    clock: Clock
    due: date | None
    used: int
    level: Level
    trouble: str = ""

    @property
    def running(self) -> bool:
        return self.clock.ended is None


@dataclass(frozen=True)
class Rule:
    """The rule by which a day is read, with its basis."""

    text: str
    basis: Basis


@dataclass(frozen=True)
class ClockRules:
    """The customs of counting as the catalogue has them: a rule for each reading, which posts may let a clock stand,
    whether evidence must be named, and after how many working days an entry counts as late (防体外流转)."""

    rules: Mapping[Reading, Rule]
    conventions: Conventions
    pause_posts: tuple[str, ...]
    evidence_required: bool
    late_entry_days: int
    basis: Basis


def tightest(clocks: Sequence[ClockState]) -> ClockState | None:
    """The running clock that is due first; at the same day an hour clock, then the law's before the others."""
    running = [each for each in clocks if each.running and each.due is not None]
    order = ("法定", "承诺", "公司")
    return min(running, key=lambda each: (each.due, each.clock.due_at is None, order.index(each.clock.limit.source)),
               default=None)


def entry_gap(claimed_on: date, entered_on: date, calendar: WorkCalendar) -> int:
    """Working days between the day a thing is claimed to have happened and its entry; 0 on the same day.

    Days of years without a calendar are counted as Monday to Friday: an old entry must not stop a report.
    """
    if not (calendar.covers(claimed_on) and calendar.covers(entered_on)):
        days = (entered_on - claimed_on).days
        return sum((claimed_on + n * ONE_DAY).weekday() < 5 for n in range(1, days + 1))
    return calendar.workdays_between(claimed_on, entered_on)
