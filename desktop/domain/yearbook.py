"""A year's holiday notice before it is believed: what cannot be in it, what looks odd, and which days it changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from desktop.domain.calendar import ONE_DAY, SATURDAY, CalendarYear, WorkCalendar

# 《全国年节及纪念日放假办法》(2024-11-10) 第二条: the holidays of fixed date, and how many days each has at least.
FIXED = ((1, 1, "元旦"), (5, 1, "劳动节"), (5, 2, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节"))
SINCE_2025 = (5, 2)  # 劳动节的第二天、除夕：2025 年起
MOVING = (("春节", 4), ("清明节", 1), ("端午节", 1), ("中秋节", 1))
FEWEST_OFF, MOST_OFF, MOST_EXTRA = 13, 45, 12
# What no notice can bring. Of the years announced since 2010 the most days off from Monday to Friday are 23 (2013), the
# most weekends worked 12 (2013 too), the most days off that no weekend makes good 13 (2020, two of them added by the
# epidemic's notice; the law gives 13 from 2025). The bounds leave room for a region's own holidays, about ten days, and
# for another such notice; a table of something else is far beyond them.
MOST_WEEKDAYS_OFF, MOST_GIVEN, MOST_WEEKENDS_WORKED = 40, 28, 20
EARLIEST_DECEMBER = 25  # 元旦 moves days of the week before it (2018-12-29), no more
_FIRST_NAMED = 6
_CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class DayChange:
    """A day that is read anew: why before, why after, and whether it counts after."""

    date: date
    before: str
    after: str
    is_workday: bool


def faults(year: CalendarYear, calendar: WorkCalendar) -> tuple[str, ...]:
    """Why the notice must not be taken: each a sentence."""
    return tuple(_faults(year, calendar))


def _faults(year: CalendarYear, calendar: WorkCalendar) -> Iterator[str]:
    known = calendar.year(year.year)
    if known is not None and year.provisional and not known.provisional:
        yield f"{year.year} 年的放假安排已经公布，不能用暂定的日历替换它"
    wrong = [day for day, mark in sorted(year.days.items()) if not mark.is_off and day.weekday() < SATURDAY]
    if wrong:
        yield f"{_days(wrong)} 不是周末，不能标为调休上班"
    yield from _impossible_days(year)
    missing: dict[str, list[str]] = {}
    for month, day, name in FIXED:
        if not _is_off(year, date(year.year, month, day)) and (year.year >= 2025 or (month, day) != SINCE_2025):
            missing.setdefault(name, []).append(f"{month} 月 {day} 日")
    if missing:
        told = "；".join(f"{name} {'、'.join(days)}" for name, days in missing.items())
        yield f"缺少法定节日的放假日：{told}（《全国年节及纪念日放假办法》第二条）"


def _impossible_days(year: CalendarYear) -> Iterator[str]:
    """Days that are in no year's notice: too many of them, without a name, or of another year."""
    off = [day for day, mark in sorted(year.days.items()) if mark.is_off and day.weekday() < SATURDAY]
    worked = [day for day, mark in year.days.items() if not mark.is_off and day.weekday() >= SATURDAY]
    if len(off) > MOST_WEEKDAYS_OFF:
        yield f"周一至周五放假 {len(off)} 天：历年最多 23 天，超过 {MOST_WEEKDAYS_OFF} 天不会是一年的放假安排"
    elif (given := len(off) - len(worked)) > MOST_GIVEN:
        yield (f"周一至周五放假 {len(off)} 天，调休上班只有 {len(worked)} 天，净放 {given} 天：法定节日共 13 天，"
               f"净放超过 {MOST_GIVEN} 天不会是一年的放假安排")
    if len(worked) > MOST_WEEKENDS_WORKED:
        yield f"周末调休上班 {len(worked)} 天：历年最多 12 天，超过 {MOST_WEEKENDS_WORKED} 天不会是一年的放假安排"
    if nameless := [day for day in off if not _CHINESE.search(year.days[day].name)]:
        yield f"{_days(nameless)} 放假，没有写明是什么节日（name 应为节日名称，如 春节）"
    if strange := [day for day in sorted(year.days) if day < date(year.year - 1, 12, EARLIEST_DECEMBER)]:
        yield f"{_days(strange)} 不是 {year.year} 年的日子（元旦只会改动上一年 12 月 {EARLIEST_DECEMBER} 日以后的日子）"


def _is_off(year: CalendarYear, day: date) -> bool:
    mark = year.days.get(day)
    return mark is not None and mark.is_off


def remarks(year: CalendarYear, calendar: WorkCalendar) -> tuple[str, ...]:
    """What looks odd and is for the clerk to compare with the notice."""
    return tuple(_remarks(year, calendar))


def _remarks(year: CalendarYear, calendar: WorkCalendar) -> Iterator[str]:
    off = [day for day, mark in year.days.items() if mark.is_off]
    extra = [day for day, mark in year.days.items() if not mark.is_off]
    if not year.papers:
        yield "文件没有写明放假通知的文号（papers 为空）"
    for name, least in MOVING:
        lawful = least - (year.year < 2025 and name == "春节")
        if sum(name[:2] in year.days[day].name for day in off) < lawful:
            yield f"{name}的放假日少于法定 {lawful} 天，请与通知核对"
    if not FEWEST_OFF <= len(off) <= MOST_OFF or len(extra) > MOST_EXTRA:
        yield f"放假 {len(off)} 天、调休上班 {len(extra)} 天，与往年相差较大，请与通知核对"
    if not year.provisional and not extra:
        yield "没有一天调休上班，可能还不是国务院办公厅公布的安排"
    last_december = [day for day in year.days if day.year < year.year]
    if last_december:
        yield f"这份通知还改动上一年 12 月：{_days(sorted(last_december))}"
    following = calendar.year(year.year + 1)
    overlaps = [day for day in following.days if day.year == year.year] if following else []
    if overlaps:
        yield f"{year.year + 1} 年的通知已改动本年 12 月，以它为准：{_days(sorted(overlaps))}"


def _days(days: list[date]) -> str:
    """The days, of many only the first and how many they are."""
    told = "、".join(day.isoformat() for day in days[:_FIRST_NAMED])
    return told if len(days) <= _FIRST_NAMED else f"{told} 等 {len(days)} 天"


def changes(before: WorkCalendar, after: WorkCalendar, year: int) -> tuple[DayChange, ...]:
    """The days of the year and of the December before it that are read anew."""
    day, found = date(year - 1, 12, 1), []
    while day <= date(year, 12, 31):
        old, new = (calendar.day(day) if calendar.covers(day) else None for calendar in (before, after))
        if new is not None and (old is None or (old.is_workday, old.why) != (new.is_workday, new.why)):
            found.append(DayChange(day, old.why if old else "没有日历", new.why, new.is_workday))
        day += ONE_DAY
    return tuple(found)
