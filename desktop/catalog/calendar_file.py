"""Years of the working-day calendar: the public yearly form (`year`, `papers`, `days`), shipped or a hall's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from types import MappingProxyType

from desktop.catalog.row import Row
from desktop.domain.calendar import CalendarYear, Conventions, Mark, WorkCalendar
from desktop.errors import Trouble


def load_calendar(folder: Path, extra: Path | None = None) -> WorkCalendar:
    """The calendar of all year files in `folder`; those of `extra` (a hall's own) replace them by year."""
    return calendar_of((_json(path) for path in sorted(folder.glob("*.json"))), extra)


def calendar_of(years: Iterable[Row], extra: Path | None = None,
                conventions: Callable[[], Conventions] = Conventions) -> WorkCalendar:
    """The calendar of years that were read; those in the folder `extra` replace them by year."""
    shipped = [calendar_year(row) for row in years]
    own = [_own_calendar(path) for path in sorted(extra.glob("*.json"))] if extra else []
    return WorkCalendar({year.year: year for year in (*shipped, *own)}, conventions)


def _own_calendar(path: Path) -> CalendarYear:
    try:
        return read_calendar(path)
    except ValueError as error:
        advice = "请更正这个文件，或把它移出 calendars 文件夹。"
        raise Trouble(f"工作日历文件 {path.name} 读不懂（{error}）。", advice) from error


def read_calendar(path: Path) -> CalendarYear:
    """One year in the public form (`year`, `papers`, `days` with name, date, isOffDay) and our own `provisional`.

    ValueError names the file and day that is wrong.
    """
    return calendar_year(_json(path))


def calendar_year(row: Row) -> CalendarYear:
    """The year of a table that was read, as `read_calendar` tells it."""
    year = row.number("year")
    papers, provisional, note = row.texts("papers", ()), row.flag("provisional", False), row.text("note", "")
    row.text("$schema", ""), row.text("$id", "")
    marks = [_calendar_day(day, year) for day in row.rows("days")]
    row.close()
    days = dict(marks)
    if len(days) != len(marks):
        raise row.wrong("同一天写了两次")
    if not days:
        raise row.wrong("days 是空的：这一年的放假安排还没有公布")
    return CalendarYear(year, MappingProxyType(days), papers, provisional, note)


def _calendar_day(row: Row, year: int) -> tuple[date, Mark]:
    day = row.day("date")
    mark = Mark(row.text("name"), row.flag("isOffDay"))
    row.close()
    if day is None or not date(year - 1, 12, 1) <= day <= date(year, 12, 31):
        raise row.wrong(f"date 不在 {year} 年和上一年 12 月之内")
    return day, mark


def _json(path: Path) -> Row:
    try:
        data = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: 格式不对（{error}）") from error
    if not isinstance(data, dict):
        raise ValueError(f"{path.name}: 一年的日历应是一个对象")
    return Row(data, path.name)
