"""Working days: the State Council's notices day by day, years not known, and how a date was counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.catalog.release import FOLDER, load_calendar, read_calendar
from desktop.domain.calendar import CalendarYear, Mark, WorkCalendar
from desktop.errors import Refusal
from tests.tools.make_calendars import YEARS, calendar_text

CALENDAR = load_calendar(FOLDER / "calendars")
ONE_DAY = timedelta(days=1)
COVERED = st.dates(date(2024, 1, 1), date(2030, 6, 30))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("start", "n", "due"), [
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-02-14", 5, "2026-02-28"),  # a shifted Saturday is a start like any other
    ("2026-09-24", 3, "2026-09-30"),
    ("2026-09-30", 10, "2026-10-20"),
    ("2026-11-23", 22, "2026-12-23"),
    ("2026-04-30", 6, "2026-05-12"),
])
def test_the_start_day_is_not_counted_and_holidays_push_the_end_on(start: str, n: int, due: str) -> None:
    assert CALENDAR.add_workdays(d(start), n) == d(due)


def test_2026_has_248_working_days_month_by_month() -> None:
    months = [0] * 12
    for n in range(365):
        day = date(2026, 1, 1) + n * ONE_DAY
        months[day.month - 1] += CALENDAR.is_workday(day)
    assert months == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]


@pytest.mark.parametrize(("year", "off", "extra"), [(2024, 28, 8), (2025, 28, 5), (2026, 33, 6)])
def test_each_announced_year_has_all_its_days_off_and_shifted_workdays(year: int, off: int, extra: int) -> None:
    marks = read_calendar(FOLDER / "calendars" / f"{year}.json").days.values()
    assert [sum(m.is_off for m in marks), sum(not m.is_off for m in marks)] == [off, extra]


def test_every_shifted_workday_falls_on_a_weekend_and_every_day_says_why() -> None:
    for year in (2024, 2025, 2026):
        for day, mark in read_calendar(FOLDER / "calendars" / f"{year}.json").days.items():
            assert mark.is_off or day.weekday() >= 5
            assert CALENDAR.why(day) == (mark.name if mark.is_off else f"{mark.name}调休上班")


def test_a_day_without_a_mark_is_a_working_day_or_a_weekend() -> None:
    assert CALENDAR.why(d("2026-11-23")) == "工作日"
    assert CALENDAR.why(d("2026-11-22")) == "周末"


def test_a_count_is_explained_day_by_day() -> None:
    days = CALENDAR.explain(d("2026-09-24"), d("2026-09-30"))
    assert [(day.date.day, day.is_workday, day.why) for day in days] == [
        (25, False, "中秋节"), (26, False, "中秋节"), (27, False, "中秋节"),
        (28, True, "工作日"), (29, True, "工作日"), (30, True, "工作日"),
    ]


def test_a_year_without_calendar_is_refused_and_named() -> None:
    with pytest.raises(Refusal, match=r"没有 2031 年的工作日日历.*导入该年的放假安排文件（2031\.json）"):
        CALENDAR.add_workdays(d("2030-12-30"), 3)
    with pytest.raises(Refusal, match="2023"):
        CALENDAR.is_workday(d("2023-12-29"))


def test_announced_years_are_sure_and_computed_years_provisional() -> None:
    assert [CALENDAR.provisional(date(year, 6, 1)) for year in CALENDAR.years] == [False] * 3 + [True] * 4


def test_the_spring_festival_of_2027_begins_on_its_eve() -> None:
    assert [CALENDAR.why(d(f"2027-02-{n:02d}")) for n in (4, 5, 6, 7, 8, 9)] == [
        "工作日", "春节", "春节", "春节", "春节", "工作日"]


def test_the_later_notice_wins_over_a_december_day() -> None:
    new_year = d("2026-12-31")
    this = CalendarYear(2026, {new_year: Mark("旧", False)})
    following = CalendarYear(2027, {new_year: Mark("元旦", True)})
    for years in ({2026: this, 2027: following}, {2027: following, 2026: this}):
        assert WorkCalendar(years).why(new_year) == "元旦"


def test_a_year_only_touched_by_the_next_ones_notice_is_not_covered() -> None:
    calendar = WorkCalendar({2027: CalendarYear(2027, {d("2026-12-31"): Mark("元旦", True)})})
    assert not calendar.covers(d("2026-12-31"))


@pytest.mark.parametrize("year", YEARS)
def test_the_provisional_years_are_what_the_statutory_days_give(year: int) -> None:
    assert (FOLDER / "calendars" / f"{year}.json").read_text("utf-8") == calendar_text(year)


def test_adding_no_day_to_a_rest_day_gives_the_next_working_day() -> None:
    assert CALENDAR.add_workdays(d("2026-11-22"), 0) == d("2026-11-23")
    assert CALENDAR.add_workdays(d("2026-11-23"), 0) == d("2026-11-23")


@given(COVERED, st.integers(1, 60))
def test_the_date_counted_is_a_working_day_with_so_many_working_days_up_to_it(start: date, n: int) -> None:
    due = CALENDAR.add_workdays(start, n)
    assert CALENDAR.is_workday(due)
    slow, day = 0, start
    while day < due:
        day += ONE_DAY
        slow += CALENDAR.is_workday(day)
    assert slow == n == CALENDAR.workdays_between(start, due)


@given(COVERED, st.integers(1, 30), st.integers(1, 30))
def test_counting_on_from_a_date_counted_is_counting_once(start: date, a: int, b: int) -> None:
    assert CALENDAR.add_workdays(CALENDAR.add_workdays(start, a), b) == CALENDAR.add_workdays(start, a + b)
