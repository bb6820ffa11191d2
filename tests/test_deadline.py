"""Promised dates, the dates that follow when a stage begins, and how near they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.catalog.release import load_catalog
from desktop.domain.calendar import WorkCalendar
from desktop.domain.deadline import CUSTOMER_EXCLUDED, Level, Span, counting, days_used, level, promises, stage_due
from desktop.errors import Refusal

CATALOG = load_catalog()
CALENDAR: WorkCalendar = CATALOG.calendar
PROCESS = CATALOG.processes["low_voltage_new"]
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


def d(text: str) -> date:
    return date.fromisoformat(text)


def test_promises_are_chained_from_acceptance() -> None:
    made = promises(PROCESS, d("2026-11-23"), CALENDAR)
    assert [(p.stages, p.days, p.due) for p in made] == [
        (("S01",), 1, d("2026-11-24")),
        (("S04",), 3, d("2026-11-27")),
        (("S13", "S14"), 2, d("2026-12-01")),
    ]


def test_the_last_promise_is_the_sum_of_six_working_days() -> None:
    assert promises(PROCESS, d("2026-04-30"), CALENDAR)[-1].due == d("2026-05-12")
    assert PROCESS.total.days == sum(limit.days for limit in PROCESS.limits) == 6


def test_every_promise_says_that_the_customers_time_is_not_in_it_and_on_what_it_stands() -> None:
    for promise in promises(PROCESS, d("2026-11-23"), CALENDAR):
        assert promise.note == CUSTOMER_EXCLUDED == "不含客户环节"
        assert promise.basis.text


def test_a_promise_over_the_whole_process_says_that_the_customers_stages_are_in_it() -> None:
    whole = promises(CATALOG.processes["resident_new"], d("2026-11-23"), CALENDAR)[-1]
    assert (whole.label, whole.days, whole.note) == ("全过程", 5, "含客户环节，暂停除外")


def test_a_promise_that_runs_into_a_provisional_year_is_marked() -> None:
    made = promises(PROCESS, d("2026-12-28"), CALENDAR)
    assert [(p.due, p.provisional) for p in made] == [
        (d("2026-12-29"), False), (d("2027-01-04"), True), (d("2027-01-06"), True)]


def test_a_promise_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(Refusal, match="2031"):
        promises(PROCESS, d("2030-12-27"), CALENDAR)


def test_paused_days_do_not_count() -> None:
    monday = d("2026-11-23")
    assert stage_due(monday, 3, (), CALENDAR) == d("2026-11-26")
    assert stage_due(monday, 3, [Span(d("2026-11-25"), d("2026-11-27"))], CALENDAR) == d("2026-11-30")


def test_a_clock_paused_on_its_last_day_still_has_that_day() -> None:
    assert stage_due(d("2026-11-23"), 2, [Span(d("2026-11-25"), d("2026-12-02"))], CALENDAR) == d("2026-12-02")


def test_a_pause_lifted_on_the_same_day_costs_nothing() -> None:
    day = d("2026-11-24")
    assert stage_due(d("2026-11-23"), 3, [Span(day, day)], CALENDAR) == stage_due(d("2026-11-23"), 3, (), CALENDAR)


@pytest.mark.parametrize(("today", "used", "expected"), [
    ("2026-11-23", 0, Level.NORMAL),
    ("2026-11-27", 4, Level.NEAR),  # due on the next working day, after the weekend
    ("2026-11-28", 4, Level.NEAR),  # asked on a Saturday
    ("2026-11-30", 5, Level.TODAY),
    ("2026-12-01", 6, Level.OVERDUE),
])
def test_amber_comes_the_working_day_before_and_red_the_day_after(today: str, used: int, expected: Level) -> None:
    assert level(d("2026-11-30"), used, 5, d(today), CALENDAR, 80) is expected


def test_amber_comes_at_eighty_percent_of_a_long_limit() -> None:
    begin, due = d("2026-11-02"), stage_due(d("2026-11-02"), 20, (), CALENDAR)
    reached = CALENDAR.add_workdays(begin, 16)
    assert level(due, 15, 20, reached - timedelta(days=1), CALENDAR, 80) is Level.NORMAL
    assert level(due, 16, 20, reached, CALENDAR, 80) is Level.NEAR


span = st.builds(lambda start, n: Span(start, start + timedelta(days=n)), DAYS, st.integers(0, 40))
spans = st.lists(span, max_size=4)


@given(DAYS, st.integers(1, 30), spans)
def test_a_due_date_has_used_exactly_its_days_and_not_a_day_before(begin: date, days: int, pauses: list[Span]) -> None:
    due = stage_due(begin, days, pauses, CALENDAR)
    assert days_used(begin, due, pauses, CALENDAR) == days
    assert days_used(begin, due - timedelta(days=1), pauses, CALENDAR) == days - 1


@given(DAYS, st.integers(1, 30), spans)
def test_a_pause_never_brings_a_due_date_nearer(begin: date, days: int, pauses: list[Span]) -> None:
    assert stage_due(begin, days, pauses, CALENDAR) >= CALENDAR.add_workdays(begin, days)


@given(DAYS, st.integers(1, 30))
def test_without_a_pause_a_stage_is_due_as_the_calendar_counts(begin: date, days: int) -> None:
    assert stage_due(begin, days, (), CALENDAR) == CALENDAR.add_workdays(begin, days)


def test_how_days_are_counted_is_told_with_the_rest_left_out_and_the_rest_worked() -> None:
    told = counting(d("2026-02-10"), d("2026-02-10"), d("2026-02-28"), CALENDAR)
    assert told.startswith("02-10 当日不计，自 02-11 起只数工作日，一项接一项；到 02-28 止，")
    assert "春节 9 天" in told and "02-14 春节调休上班" in told and told.endswith("照计。")


def test_days_without_any_rest_between_tell_of_none() -> None:
    assert counting(d("2026-11-23"), d("2026-11-23"), d("2026-11-25"), CALENDAR) == (
        "11-23 当日不计，自 11-24 起只数工作日，一项接一项。")


def test_what_came_after_hours_says_from_which_day_it_is_counted() -> None:
    told = counting(d("2026-11-21"), d("2026-11-23"), d("2026-11-25"), CALENDAR)
    assert told.startswith("11-21 下班后或休息日提出，算作 11-23；11-23 当日不计")
