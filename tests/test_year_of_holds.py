"""How long an account was suspended in a year, against a count that walks from day to day.

The rule (国网暂停用电告知书): any number of times, each of fifteen days or more, six months in a calendar year.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from change_book import done
from contract_book import account
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.catalog.release import load_catalog
from desktop.domain.field import samples
from desktop.domain.hold import REDUCED, SUSPENDED, Hold, year_total
from desktop.domain.material import Mark, needed
from desktop.domain.rule import Situation, broken
from desktop.domain.standing import Standing
from desktop.errors import Refusal
from desktop.usecases.account_viewing import account_file
from desktop.usecases.casework import record
from desktop.usecases.confirming import make_change_paper
from desktop.usecases.handing_over import recall
from desktop.usecases.intake import Application, MaterialMark, accept

CATALOG = load_catalog()
SUSPEND = CATALOG.processes["suspend"]
ONE = timedelta(days=1)
LEAST, MOST, THIRTY = 15, (6, 0), 30


# --- the slow count


def days_between(first: date, last: date) -> set[date]:
    return {first + n * ONE for n in range((last - first).days + 1)}


def runs(days: set[date]) -> Iterator[tuple[date, date]]:
    """Days that follow one another, each run by its first and last."""
    for first in sorted(day for day in days if day - ONE not in days):
        last = first
        while last + ONE in days:
            last += ONE
        yield first, last


def ends_a_month(first: date, day: date, months: int) -> bool:
    """Whether that many months from `first` on are over with `day`: the eve of the corresponding day, or the last day
    of a month that has none."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    size = monthrange(year, month + 1)[1]
    if first.day <= size:
        return day == date(year, month + 1, first.day) - ONE
    return day == date(year, month + 1, size)


def slow_length(days: set[date], year: int) -> tuple[int, int]:
    """Months and days of all that lies in the year; odd days make a month by thirties."""
    months, odd = 0, 0
    for first, last in runs({day for day in days if day.year == year}):
        whole, left, day = 0, 0, first
        while day <= last:
            left += 1
            if ends_a_month(first, day, whole + 1):
                whole, left = whole + 1, 0
            day += ONE
        months, odd = months + whole, odd + left
    return months + odd // THIRTY, odd % THIRTY


def too_much(before: set[date], new: set[date]) -> bool:
    return any(slow_length(before | new, year) > MOST for year in {day.year for day in new})


# --- the domain


spans = st.tuples(st.dates(date(2025, 7, 1), date(2027, 3, 31)), st.integers(1, 260), st.integers(0, 300))


def held(first: date, long: int, back: int) -> tuple[Hold, set[date]]:
    """A suspension of so many days, run again after `back` of them (0: nobody restored it), and the days it rested."""
    until, restored = first + (long - 1) * ONE, first + back * ONE if back else None
    last = min(until, restored - ONE) if restored else until
    return Hold(SUSPENDED, Decimal(100), first, until, restored), days_between(first, last)


@given(st.lists(spans, max_size=6), st.integers(2025, 2028))
def test_the_sum_of_a_year_is_that_of_its_days(told: list[tuple[date, int, int]], year: int) -> None:
    made = [held(*each) for each in told]
    rested = set().union(*(days for _, days in made))
    holds = [hold for hold, _ in made]
    assert tuple(year_total(holds, SUSPENDED, year, THIRTY)) == slow_length(rested, year)
    assert tuple(year_total(holds, REDUCED, year, THIRTY)) == (0, 0)


@given(st.lists(spans, max_size=5), st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 400))
def test_a_suspension_is_refused_exactly_where_it_is_too_short_or_the_year_is_full(
        told: list[tuple[date, int, int]], first: date, long: int) -> None:
    made = [held(*each) for each in told]
    stands = Standing("63", capacity=Decimal(9000), unit="kVA", voltage="10kV", holds=tuple(hold for hold, _ in made))
    wanted = days_between(first, first + (long - 1) * ONE)
    answers = {"hold_from": str(min(wanted)), "hold_until": str(max(wanted))}
    asked = [rule for rule in SUSPEND.rules if rule.check in ("span_length", "year_sum") and not rule.stage]
    found = {each.rule.check for each in broken(asked, Situation(answers, first, CATALOG.calendar, stands))}
    rested = set().union(*(days for _, days in made))
    assert ("span_length" in found) == (long < LEAST)
    assert ("year_sum" in found) == too_much(rested, wanted)


# --- the counter: accepted, sealed, recalled, sent back, run again early


NUMBERS = count(6300000001000)
STORIES = st.lists(st.tuples(st.integers(0, 60), st.integers(16, 130), st.integers(1, 120),
                             st.sampled_from(["as agreed", "early", "recalled", "sent back"])), min_size=2, max_size=3)


class Works:
    """An account with what the slow count knows of it: of each suspension the days it rests."""

    def __init__(self, desk: Any, clock: Any) -> None:
        self.desk, self.clock, self.number = desk, clock, str(next(NUMBERS))
        account(desk, self.number, f"示例县第{self.number[-4:]}建材厂", capacity=Decimal(800), capacity_unit="kVA",
                voltage="10kV", usage_nature="工商业", status="在用", address=f"绿洲南路 {self.number[-4:]} 号")
        self.rests: list[tuple[date, set[date]]] = []

    @property
    def days(self) -> set[date]:
        return set().union(*(days for _, days in self.rests))

    def takes(self, kind: str, **said: Any) -> str:
        process = CATALOG.processes[kind]
        own = {"yx_account": self.number, "customer_name": f"示例县第{self.number[-4:]}建材厂", "voltage": "10kV",
               "usage_address": f"绿洲南路 {self.number[-4:]} 号", "arrears_on": str(self.desk.today)}
        sample = {name: value for name, value in samples(process.fields).items()
                  if not name.startswith(("agent", "poa", "yx_app"))}
        answers = {**sample, **own, **said}
        marks = {paper.code: MaterialMark(Mark.RECEIVED) for paper in needed(process.materials, answers)}
        return accept(self.desk, Application(kind, answers, marks)).case_number

    def next_unit(self) -> dict[str, str]:
        """One of eight transformers of 100 kVA, another one each time."""
        return {"hold_equipment": f"{len(self.rests) + 1}#主变压器 SCB14-100/10", "hold_kva": "100"}

    def is_sealed(self, number: str, on: date) -> None:
        self.clock.move(on)
        done(self.desk, number, "S18", day_reason="客户推迟停产")

    def is_signed(self, number: str) -> None:
        make_change_paper(self.desk, number)
        done(self.desk, number, "S21")

    def is_suspended(self, first: date, last: date, turn: str) -> None:
        """Sealed on the day agreed, or in the end a day later."""
        number = self.takes("suspend", hold_from=str(first), hold_until=str(last), **self.next_unit())
        self.is_sealed(number, first)
        since = first + ONE if turn in ("recalled", "sent back") else first
        if turn == "recalled":
            recall(self.desk, number, "S18", "加封日期登记错了")
            self.is_sealed(number, since)
        self.is_signed(number)
        if turn == "sent back":
            record(self.desk, number, "S15", "sent_back", {"to": "S18", "reason": "加封日期登记错了"})
            self.is_sealed(number, since)
            self.is_signed(number)
        done(self.desk, number, "S15", yx_account=self.number)
        self.rests.append((since, days_between(since, last)))

    def runs_again(self, on: date) -> None:
        """What rested longest runs again from that day on."""
        self.clock.move(on)
        number = self.takes("resume", restore_kva="100", restore_on=str(on))
        done(self.desk, number, "S19")
        self.is_signed(number)
        done(self.desk, number, "S15", yx_account=self.number)
        since, days = self.rests.pop(0)
        self.rests.append((since, {day for day in days if day < on}))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STORIES)
def test_the_accounts_page_and_the_counter_agree_with_the_days(
        hall: Any, clock: Any, story: list[tuple[int, int, int, str]]) -> None:
    clock.move(date(2026, 4, 1))
    works = Works(hall, clock)
    for gap, long, back, turn in story:
        first = clock.today + gap * ONE if works.rests else clock.today
        last = first + (long - 1) * ONE
        if too_much(works.days, days_between(first, last)):
            try:
                works.takes("suspend", hold_from=str(first), hold_until=str(last), **works.next_unit())
            except Refusal as no:
                assert "超过 6 个月" in str(no)
                continue
            raise AssertionError("the year is full")
        works.is_suspended(first, last, turn)
        if turn == "early" and len(works.rests) == 1 and back < long:
            works.runs_again(first + back * ONE)
        told = {each.year: tuple(each.total) for each in account_file(hall, works.number).years}
        years = {day.year for day in works.days}
        assert told == {year: slow_length(works.days, year) for year in years}
