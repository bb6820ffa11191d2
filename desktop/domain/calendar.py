"""Working days: which days count, which do not, and why, so that a promised date can be shown counted out.

A year is known from the State Council's yearly notice, or only from the statutory holidays (暂定). A year
that is not known is refused in words: a promised date is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property

from desktop.errors import Refusal

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class DayKind(StrEnum):
    WORK = "工作日"
    WEEKEND = "周末"
    HOLIDAY = "节假日"
    SHIFTED = "调休上班"


@dataclass(frozen=True)
class Day:
    """One day of the calendar and why it counts or not: 工作日, 周末, 春节, 国庆节调休上班 …"""

    date: date
    is_workday: bool
    why: str

    @property
    def kind(self) -> DayKind:
        if self.is_workday:
            return DayKind.SHIFTED if self.why.endswith(DayKind.SHIFTED) else DayKind.WORK
        return DayKind.WEEKEND if self.why == DayKind.WEEKEND else DayKind.HOLIDAY


@dataclass(frozen=True)
class Mark:
    """What a notice says of one day."""

    name: str
    is_off: bool


@dataclass(frozen=True)
class CalendarYear:
    """One year's notice. It may also mark days of the December before, as notices do."""

    year: int
    days: Mapping[date, Mark]
    papers: tuple[str, ...] = ()
    provisional: bool = False
    note: str = ""


@dataclass(frozen=True)
class Conventions:
    """How a hall's day is read. `late_starts_next_day`: what is brought at or after `closing`, or on a day of rest, is
    begun on the next working day."""

    opening: time = time(8, 30)
    closing: time = time(17, 30)
    late_starts_next_day: bool = False


class WorkCalendar:
    """The working days of all years whose calendar is there."""

    def __init__(self, years: Mapping[int, CalendarYear], conventions: Callable[[], Conventions] = Conventions) -> None:
        self._years = dict(years)
        self._read_conventions = conventions  # read from their file when first asked
        self._marks: dict[date, Mark] = {}
        for year in sorted(years):  # the later notice knows better, also of the December before it
            self._marks.update(years[year].days)

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted(self._years))

    @cached_property
    def conventions(self) -> Conventions:
        return self._read_conventions()

    def year(self, year: int) -> CalendarYear | None:
        return self._years.get(year)

    def replaced(self, year: CalendarYear) -> WorkCalendar:
        """The same calendar with that year as this notice has it."""
        return WorkCalendar({**self._years, year.year: year}, self._read_conventions)

    def without(self, year: int) -> WorkCalendar:
        """The same calendar without that year."""
        return WorkCalendar({n: known for n, known in self._years.items() if n != year}, self._read_conventions)

    def under(self, conventions: Callable[[], Conventions]) -> WorkCalendar:
        """The same years read by other conventions: those of the release under which a case began."""
        return WorkCalendar(self._years, conventions)

    def papers(self, day: date) -> tuple[str, ...]:
        """The notices on which that day's reading stands: the last one that marks it, else its year's own."""
        for year in (day.year + 1, day.year):
            known = self._years.get(year)
            if known is not None and (day in known.days or year == day.year):
                return known.papers
        return ()

    def begins(self, came: datetime) -> date:
        """The day on which the clock of what came then begins; that day is not counted.

        依据: 受理次日起算为默认；营业时间之外或休息日提出的顺延至下一个工作日，是可选的口径.
        """
        day, rules = came.date(), self.conventions
        if not rules.late_starts_next_day or (came.time() < rules.closing and self.is_workday(day)):
            return day
        return self.add_workdays(day, 1)

    def covers(self, day: date) -> bool:
        return day.year in self._years

    def provisional(self, day: date) -> bool:
        """Whether the day's year is known only from the statutory holidays (暂定); refused if not at all."""
        return self._year(day).provisional

    def day(self, day: date) -> Day:
        """The day with its reason. Refused where the year has no calendar."""
        self._year(day)
        mark = self._marks.get(day)
        if mark is not None:
            return Day(day, not mark.is_off, mark.name if mark.is_off else f"{mark.name}调休上班")
        weekend = day.weekday() >= SATURDAY
        return Day(day, not weekend, "周末" if weekend else "工作日")

    def is_workday(self, day: date) -> bool:
        """As `day` tells it, without the reason: dates are counted through it by the dozen."""
        self._year(day)
        mark = self._marks.get(day)
        return day.weekday() < SATURDAY if mark is None else not mark.is_off

    def why(self, day: date) -> str:
        return self.day(day).why

    def add_workdays(self, start: date, n: int) -> date:
        """The n-th working day after `start` (n ≥ 0), the start day not counted.

        With n = 0 it is `start` itself, or the next working day when `start` is a day of rest.
        依据: 民法典第二百零一条（开始的当日不计入）、第二百零三条（末日为法定休假日的顺延）.
        """
        if n < 0:
            raise ValueError(f"cannot add {n} working days")
        if n == 0:
            return start if self.is_workday(start) else self.add_workdays(start, 1)
        day = start
        for _ in range(n):
            day = self._next_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days lie in (start, end]; 0 when `end` is not after `start`."""
        return sum(self.is_workday(day) for day in days_after(start, end))

    def explain(self, start: date, end: date) -> tuple[Day, ...]:
        """Every day of (start, end] with its reason: how a promised date was counted."""
        return tuple(self.day(day) for day in days_after(start, end))

    def _next_workday(self, day: date) -> date:
        day += ONE_DAY
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def _year(self, day: date) -> CalendarYear:
        known = self._years.get(day.year)
        if known is None:
            raise Refusal(
                f"没有 {day.year} 年的工作日日历，无法推算期限（{day.isoformat()}）。"
                f"请在“系统 → 工作日历”里导入该年的放假安排文件（{day.year}.json），再办。"
            )
        return known


def days_after(start: date, end: date) -> Iterator[date]:
    """The days of (start, end], in order."""
    for n in range(1, (end - start).days + 1):
        yield start + n * ONE_DAY
