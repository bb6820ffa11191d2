"""Years of the working-day calendar: the public yearly form (`year`, `papers`, `days`), shipped or a hall's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from types import MappingProxyType

from desktop.catalog.row import Row
from desktop.domain import yearbook
from desktop.domain.calendar import CalendarYear, Conventions, Mark, WorkCalendar
from desktop.errors import Trouble

EARLIEST, LATEST = 2000, 2100
ADVICE = "请更正这个文件，或把它移出 calendars 文件夹。"


def load_calendar(folder: Path, extra: Path | None = None) -> WorkCalendar:
    """The calendar of all year files in `folder`; those of `extra` (a hall's own) replace them by year."""
    return calendar_of((_json(path) for path in sorted(folder.glob("*.json"))), extra)


def calendar_of(years: Iterable[Row], extra: Path | None = None,
                conventions: Callable[[], Conventions] = Conventions) -> WorkCalendar:
    """The calendar of years that were read; those in the folder `extra` replace them by year."""
    known = {year.year: year for year in map(calendar_year, years)}
    own = [_own_calendar(path) for path in sorted(extra.glob("*.json"))] if extra else []
    kept = {year.year: year for year in own if not _overtaken(year, known.get(year.year))}
    return WorkCalendar(known | kept, conventions)


def _overtaken(own: CalendarYear, shipped: CalendarYear | None) -> bool:
    """The hall's own year is a provisional one, and the program has come with what was announced since."""
    return own.provisional and shipped is not None and not shipped.provisional


def _own_calendar(path: Path) -> CalendarYear:
    """A hall's own year, held to what a year is held to that is taken in the window: somebody may have laid it there
    by hand."""
    try:
        year = read_calendar(path)
    except ValueError as error:
        raise Trouble(f"工作日历文件 {path.name} 读不懂（{error}）。", ADVICE) from error
    wrong = yearbook.faults(year, WorkCalendar({}))
    if path.stem != str(year.year):
        wrong = (f"文件名写的不是 {year.year}，里面是 {year.year} 年", *wrong)
    if wrong:
        raise Trouble(f"工作日历文件 {path.name} 不能用：{'；'.join(wrong)}。", ADVICE)
    return year


def read_calendar(path: Path) -> CalendarYear:
    """One year in the public form (`year`, `papers`, `days` with name, date, isOffDay) and our own `provisional`.

    ValueError names the file and day that is wrong.
    """
    return calendar_year(_json(path))


def calendar_year(row: Row) -> CalendarYear:
    """The year of a table that was read, as `read_calendar` tells it. A day that is told twice alike is one day."""
    year = row.number("year")
    if not EARLIEST <= year <= LATEST:
        raise row.wrong(f"year 应在 {EARLIEST} 至 {LATEST} 之间，现为 {year}")
    papers, provisional, note = row.texts("papers", ()), row.flag("provisional", False), row.text("note", "")
    row.text("$schema", ""), row.text("$id", "")
    marks = [_calendar_day(day, year) for day in row.rows("days")]
    row.close()
    days = _by_day(row, marks)
    if not days:
        raise row.wrong("days 是空的：这一年的放假安排还没有公布")
    return CalendarYear(year, MappingProxyType(days), papers, provisional, note)


def _by_day(row: Row, marks: list[tuple[date, Mark]]) -> dict[date, Mark]:
    """Of each day its mark; two holidays on one day are both named. Refused where the file contradicts itself."""
    days: dict[date, Mark] = {}
    for day, mark in sorted(marks, key=lambda each: each[0]):
        before = days.get(day)
        if before is not None and before.is_off != mark.is_off:
            raise row.wrong(f"{day.isoformat()} 写了两次，一次放假、一次上班，请与通知核对后改正")
        names = (before.name, mark.name) if before and mark.name not in before.name else (mark.name,)
        days[day] = Mark("、".join(names), mark.is_off) if before is None or len(names) > 1 else before
    return days


def _calendar_day(row: Row, year: int) -> tuple[date, Mark]:
    day = row.day("date")
    mark = Mark(row.text("name"), row.flag("isOffDay"))
    row.close()
    if day is None or not date(year - 1, 12, 1) <= day <= date(year, 12, 31):
        told = day.isoformat() if day else "空"
        raise row.wrong(f"date {told} 不在 {year} 年和上一年 12 月之内，请核对 year 和这一天")
    return day, mark


def _json(path: Path) -> Row:
    return table_of_year(path.read_bytes(), path.name)


def table_of_year(content: bytes, name: str) -> Row:
    """The table of a year's file, with or without a byte-order mark; ValueError for what is no such file."""
    try:
        data = json.loads(content)
    except UnicodeDecodeError:
        raise ValueError(f"{name}: 不是 UTF-8 文本，请另存为 UTF-8 再导入") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{name}: 不是 JSON，第 {error.lineno} 行第 {error.colno} 列读不下去") from None
    except RecursionError:
        raise ValueError(f"{name}: 不是一年的放假安排") from None
    if not isinstance(data, dict):
        raise ValueError(f"{name}: 一年的日历应是一个对象，有 year、papers、days 三项")
    return Row(data, name)
