"""Capacity that stands still for a time: suspended (暂停) or reduced (非永久性减容), and what is left running.

合同容量 and 运行容量 are two figures: the second is the first without what is held on that day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from desktop.domain.calendar import ONE_DAY
from desktop.domain.contract import end_after

SUSPENDED, REDUCED = "暂停", "减容"
MONTHS_OF_YEAR = 12


class Length(NamedTuple):
    """A length of time as the trade counts it: whole months by their corresponding days, and the days left over.

    依据：民法典第二百零二条（期间按月计算的到期日）；零碎的日数满多少日为一个月，由目录的规则写明（month_days）。
    """

    months: int
    days: int

    def __str__(self) -> str:
        told = [f"{self.months} 个月"] * bool(self.months) + [f"{self.days} 天"] * bool(self.days)
        return " ".join(told) or "0 天"

    def over(self, months: int) -> bool:
        """Whether it is longer than so many months."""
        return (self.months, self.days) > (months, 0)


@dataclass(frozen=True)
class Hold:
    """So many kVA at rest from `since` (加封) to `until`, its last day as applied for; None: nobody named one.

    `restored_on`: the day on which it ran again (启封). `case`: the number of the case that brought it about,
    `equipment`: what rests, in the words of its application.
    """

    kind: str
    kva: Decimal
    since: date
    until: date | None = None
    restored_on: date | None = None
    case: str = ""
    equipment: str = ""

    @property
    def last(self) -> date | None:
        """The last day on which it rested, or is to rest; None while that is open.

        A 暂停 is over with its term, asked for or not: the charge runs again. A 减容 goes on until it is restored.
        """
        restored = self.restored_on - ONE_DAY if self.restored_on else None
        ends = [day for day in (restored, self.until if self.kind == SUSPENDED else None) if day]
        return min(ends, default=None)

    def rests(self, day: date) -> bool:
        return self.since <= day and (self.last is None or day <= self.last)

    def meets(self, first: date, last: date | None) -> bool:
        """Whether it rests on one of these days, both inclusive; None: without an end."""
        ended = self.last is not None and self.last < max(first, self.since)
        return not ended and (last is None or self.since <= last)

    def within(self, year: int) -> tuple[date, date] | None:
        """The part of it that lies in the calendar year, both days inclusive; an open one is counted to its `until`."""
        first, last = date(year, 1, 1), date(year, MONTHS_OF_YEAR, 31)
        ends = self.last or self.until or last
        start, end = max(first, self.since), min(last, ends)
        return (start, end) if start <= end else None


def resting(holds: Iterable[Hold], day: date) -> Decimal:
    """The kVA at rest on that day."""
    return sum((hold.kva for hold in holds if hold.rests(day)), Decimal(0))


def running(contract: Decimal, holds: Iterable[Hold], day: date) -> Decimal:
    """运行容量 on that day: the contract's capacity without what rests; never below nothing."""
    return max(contract - resting(holds, day), Decimal(0))


def equipment_of(holds: Iterable[Hold], kva: Decimal) -> str:
    """What runs again when so many kVA of these are restored in their order, in the words of the applications; of one
    that runs again in part, how much of it. Empty where nobody named any."""
    named: list[str] = []
    left = kva
    for hold in holds:
        if left <= 0:
            break
        part = f"（其中 {left.normalize():f} kVA）" if left < hold.kva else ""
        named += [f"{hold.equipment}{part}"] * bool(hold.equipment)
        left -= hold.kva
    return "；".join(named)


def length(first: date, last: date) -> Length:
    """How long a span is, both days inclusive. ValueError where it ends before it begins."""
    if last < first:
        raise ValueError("a span ends on or after the day it begins")
    months = (last.year - first.year) * MONTHS_OF_YEAR + last.month - first.month + 1
    while months and end_after(first, months) > last:
        months -= 1
    since = end_after(first, months) if months else first - ONE_DAY
    return Length(months, (last - since).days)


def summed(lengths: Iterable[Length], month_days: int) -> Length:
    """Several lengths together; of the days that are left over, `month_days` (1 or more) make a month."""
    all_of = tuple(lengths)
    more, days = divmod(sum(each.days for each in all_of), month_days)
    return Length(sum(each.months for each in all_of) + more, days)


def year_total(holds: Iterable[Hold], kind: str, year: int, month_days: int) -> Length:
    """How long capacity of that kind has rested, and is to rest, in the calendar year; days on which two holds
    overlap count once, and of odd days `month_days` make a month."""
    spans = sorted(span for hold in holds if hold.kind == kind and (span := hold.within(year)))
    return summed((length(*span) for span in _joined(spans)), month_days)


def _joined(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Spans in their order, those that touch or overlap made one."""
    joined: list[tuple[date, date]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + ONE_DAY:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
