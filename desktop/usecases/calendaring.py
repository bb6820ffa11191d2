"""The working-day calendar: the years there are, a new year's file looked at before it counts, and taken.

A year that is taken lies in the data folder's `calendars`, as it came; every clock follows at once. The file that it
took the place of is kept beside it, so that a year can be given back.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop.catalog.calendar_file import calendar_year, read_calendar, table_of_year
from desktop.domain import yearbook
from desktop.domain.calendar import CalendarYear
from desktop.domain.yearbook import DayChange
from desktop.errors import Missing, Refusal, Trouble
from desktop.progress import Step, no_step
from desktop.usecases.acting import AlreadyDone, act
from desktop.usecases.desk import Desk
from desktop.usecases.recounting import DueMove, moves, recount_if_changed, with_calendar
from desktop.usecases.year_keeping import FOLDER, earlier, put_back, set_aside
from printing.writing import atomic_write

LARGEST = 1_000_000  # bytes: a year's file has about ten thousand
MANAGERS = ("班长", "主管", "管理员")


@dataclass(frozen=True)
class YearView:
    """A year as it is known. `own`: taken by this hall; `provisional`: only the statutory holidays."""

    year: int
    off_days: int
    extra_days: int
    provisional: bool
    own: bool
    papers: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Preview:
    """What a file would bring. `faults` forbid it, `remarks` are to be compared with the notice; `instead_of` is what
    the year rests on now."""

    year: int
    papers: tuple[str, ...]
    off_days: int
    extra_days: int
    instead_of: str
    faults: tuple[str, ...]
    remarks: tuple[str, ...]
    days: tuple[DayChange, ...]
    moves: tuple[DueMove, ...]


@dataclass(frozen=True)
class Taken:
    """A year that was taken: the desk that counts by it from now on, and how many due days moved."""

    desk: Desk
    year: int
    moved: int
    path: Path


def years(desk: Desk) -> tuple[YearView, ...]:
    """Every year of the calendar, the first one first."""
    found = (desk.catalog.calendar.year(year) for year in desk.catalog.calendar.years)
    return tuple(
        YearView(each.year, *_counts(each), each.provisional, _path(desk, each.year).exists(), each.papers, each.note)
        for each in found if each is not None)


def preview(desk: Desk, file: Path, step: Step = no_step) -> Preview:
    """What the file says and what it would change; nothing is changed. Refused where it is no calendar."""
    return _preview(desk, _read(file)[0], step)


def take(desk: Desk, file: Path, *, step: Step = no_step, request_id: str | None = None) -> Taken:
    """Take the year of the file in the place of the one that is known, and read every open case anew.

    Refused where it is no calendar, has faults, or the clerk's post may not. The file is kept as it came.
    """
    _refuse_post(desk)
    year, content = _read(file)
    calendar = desk.catalog.calendar
    if wrong := yearbook.faults(year, calendar):
        raise Refusal(f"{file.name} 不能采用：", "file", tuple(Missing(sentence) for sentence in wrong))
    place = _path(desk, year.year)
    place.parent.mkdir(parents=True, exist_ok=True)
    with suppress(AlreadyDone), act(desk, "take_calendar", request_id) as doing:
        doing.note("calendar", year.year, "calendar_taken", facts={
            "sha256": hashlib.sha256(content).hexdigest(), "papers": list(year.papers)})
        if place.exists() and place.read_bytes() != content:
            set_aside(place)
        atomic_write(place, content)
    now = with_calendar(desk, calendar.replaced(year))
    return Taken(now, year.year, recount_if_changed(now, step), place)


def _refuse_post(desk: Desk) -> None:
    if desk.clerk is None or desk.clerk.post not in MANAGERS:
        raise Refusal(f"更新工作日历须由{'、'.join(MANAGERS)}办理，请换人后再办。", "clerk")


def preview_return(desk: Desk, year: int, step: Step = no_step) -> Preview:
    """What giving a year back would change: to the file before, else to the one that came with the program. Nothing is
    changed. Refused for a year that this hall did not take."""
    place = _own(desk, year)
    calendar, before = desk.catalog.calendar, _before(desk, place)
    after = calendar.replaced(before) if before else calendar.without(year)
    papers = before.papers if before else ()
    off, extra = _counts(before) if before else (0, 0)
    remarks = () if before else (f"撤回以后没有 {year} 年的日历，落在这一年的期限数不出来",)
    return Preview(year, papers, off, extra, "本厅导入的日历", (), remarks,
                   yearbook.changes(calendar, after, year), moves(desk, after, step))


def give_back(desk: Desk, year: int, *, step: Step = no_step, request_id: str | None = None) -> Taken:
    """Undo the last taking of a year, and read every open case anew; what was promised on paper stays as it was told.
    Refused as `preview_return` and `take` refuse it."""
    _refuse_post(desk)
    place = _own(desk, year)
    before = _before(desk, place)
    with suppress(AlreadyDone), act(desk, "give_back_calendar", request_id) as doing:
        doing.note("calendar", year, "calendar_given_back", facts={"papers": list(before.papers) if before else []})
        put_back(place)
    calendar = desk.catalog.calendar
    now = with_calendar(desk, calendar.replaced(before) if before else calendar.without(year))
    return Taken(now, year, recount_if_changed(now, step), place)


def _own(desk: Desk, year: int) -> Path:
    place = _path(desk, year)
    if not place.exists():
        raise Refusal(f"{year} 年的日历不是本厅导入的，没有可以撤回的导入。", "year")
    return place


def _before(desk: Desk, place: Path) -> CalendarYear | None:
    """The year as it stood before the file in its place was taken; None where nobody knew it."""
    if kept := earlier(place):
        return read_calendar(kept[-1])
    shipped = f"{FOLDER}/{place.name}"
    return calendar_year(desk.catalog.files.row(shipped)) if shipped in desk.catalog.files else None


def _preview(desk: Desk, year: CalendarYear, step: Step) -> Preview:
    before = desk.catalog.calendar
    after, known = before.replaced(year), before.year(year.year)
    rests = "没有日历" if known is None else "暂定日历" if known.provisional else "已公布的日历"
    return Preview(
        year.year, year.papers, *_counts(year), rests, yearbook.faults(year, before), yearbook.remarks(year, before),
        yearbook.changes(before, after, year.year), moves(desk, after, step))


def _counts(year: CalendarYear) -> tuple[int, int]:
    off = sum(mark.is_off for mark in year.days.values())
    return off, len(year.days) - off


def _path(desk: Desk, year: int) -> Path:
    return desk.folder / FOLDER / f"{year}.json"


def _read(file: Path) -> tuple[CalendarYear, bytes]:
    """The year and the file's bytes, of one reading."""
    try:
        if file.stat().st_size > LARGEST:
            raise Refusal(f"{file.name} 太大，不是一年的放假安排文件。", "file")
        content = file.read_bytes()
        return calendar_year(table_of_year(content, file.name)), content
    except OSError as error:
        raise Trouble(f"打不开 {file.name}。", "请核对文件位置和权限。") from error
    except ValueError as error:
        why = str(error).removeprefix(file.name).removeprefix(":").strip()
        told = f"{file.name} 读不懂：{why}。应是公开的年度放假安排文件（year、papers、days）。"
        raise Refusal(told, "file") from error

