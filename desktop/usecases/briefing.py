"""晨会单: what the hall has to do today, on one page: due, overdue, waiting, contracts that end, and who has what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from db import worklists as w
from desktop.domain.kind import shown
from desktop.domain.reminder import Kind
from desktop.usecases.acting import entry_moment
from desktop.usecases.case_listing import CaseFilter, CaseRow, cases, worklist_counts
from desktop.usecases.desk import Desk
from desktop.usecases.reminder_listing import ReminderView, reminders
from desktop.usecases.staffing import clerks, hall, is_practice
from printing.fonts import faces
from printing.hall_paper import Align, Ruled, Table, Told, Words, hall_pdf, pages_of

MOST = 12  # lines of a section; fewer where the page would not hold them
SECTIONS = ("overdue", "today", "paused", "ending")  # in the order in which they get the page's room
PEOPLE = 8  # clerks of whom it is told what they have at hand
NOTE_LINES = 1  # to write on at the meeting, beside the head of it
WEEKDAYS = "一二三四五六日"
READ = 500  # reminders that are looked through for contracts
_CASE_HEADS: tuple[tuple[str, Align], ...] = (
    ("工单号", "left"), ("客户", "left"), ("业务", "left"), ("环节", "left"), ("到期", "left"), ("负责", "left"))


@dataclass(frozen=True)
class ClerkLoad:
    """What one clerk has open, and how much of it presses."""

    name: str
    post: str
    open: int
    today: int
    overdue: int
    waiting: int


@dataclass(frozen=True)
class Morning:
    """What is told in the morning. Of each list the first MOST; `counts` say how many there are."""

    today: tuple[CaseRow, ...]
    overdue: tuple[CaseRow, ...]
    waiting: tuple[CaseRow, ...]
    ending: tuple[ReminderView, ...]
    counts: dict[str, int]
    loads: tuple[ClerkLoad, ...]


def morning(desk: Desk) -> Morning:
    """Read what is told this morning."""
    listed = [cases(desk, CaseFilter(due=due), limit=MOST).rows for due in ("today", "overdue", "paused")]
    ending = [each for each in reminders(desk, limit=READ) if each.kind == Kind.CONTRACT_ENDS and each.due_on]
    counts = worklist_counts(desk) | {"ending": len(ending)}
    return Morning(listed[0], listed[1], listed[2], tuple(ending[:MOST]), counts, _loads(desk))


def _loads(desk: Desk) -> tuple[ClerkLoad, ...]:
    """Every clerk who has something open."""
    asked = (w.OPEN, w.DUE_TODAY, w.OVERDUE, w.WAITING)
    with desk.db.glance() as ask:
        told = [(clerk, [ask(f"{w.COUNT}{w.OPEN} AND {w.OWNED} AND {words}", owner=clerk.id,
                             today=desk.today.isoformat())[0][0] for words in asked])
                for clerk in clerks(desk, active_only=False)]
    return tuple(ClerkLoad(clerk.name, clerk.post, *figures) for clerk, figures in told if figures[0])


def morning_pdf(desk: Desk) -> bytes:
    """The sheet, printable, always one page: where the day is too long for it, each list says how many more."""
    told, face = morning(desk), faces(desk.fonts)
    room = _room(told, lambda most: pages_of(_told(desk, told, most), face) == 1)
    return hall_pdf(_told(desk, told, room), face, entry_moment(desk))


def _room(told: Morning, fits: Callable[[dict[str, int]], bool]) -> dict[str, int]:
    """How many lines of each list the page holds: a line more to each in turn, as long as it fits."""
    lists = {"overdue": told.overdue, "today": told.today, "paused": told.waiting, "ending": told.ending}
    begin = ({name: min(least, len(lists[name])) for name in SECTIONS} for least in (2, 1, 0))
    room = next((each for each in begin if fits(each)), dict.fromkeys(SECTIONS, 0))
    growing = [name for name in SECTIONS if room[name] < len(lists[name])]
    while growing:
        for name in tuple(growing):
            wider = {**room, name: room[name] + 1}
            if fits(wider):
                room = wider
            if room is not wider or room[name] == len(lists[name]):
                growing.remove(name)
    return room


def _told(desk: Desk, told: Morning, most: dict[str, int]) -> Told:
    own, counts = hall(desk), told.counts
    day = f"{shown('date', desk.today.isoformat())} 星期{WEEKDAYS[desk.today.weekday()]}"
    about = f"{day}    在办 {counts['open']:,} 件"
    loads = Table("四、各人手头", (("姓名", "left"), ("岗位", "left"), ("在办", "right"), ("今天到期", "right"),
                              ("超期", "right"), ("等客户", "right")),
                  [[load.name, load.post, *(f"{n:,}" for n in (load.open, load.today, load.overdue, load.waiting))]
                   for load in told.loads[:PEOPLE]], "没有在办的工单", _rest(len(told.loads), PEOPLE), dense=True)
    waits = _section(f"三、等客户 {counts['paused']:,} 件", told.waiting, counts["paused"], most["paused"],
                     lambda _row: "暂停")
    parts = (
        _section(f"一、今天到期 {counts['today']:,} 件", told.today, counts["today"], most["today"], _due),
        _section(f"二、已超期 {counts['overdue']:,} 件", told.overdue, counts["overdue"], most["overdue"], _late),
        waits, loads, _ending(told, most["ending"]), Words("会议记录：", strong=True), Ruled(NOTE_LINES))
    return Told("晨会单", about, parts, own.get("hall_name") or own.get("supplier_name", ""), is_practice(desk))


def _due(row: CaseRow) -> str:
    return f"{row.due_on:%m-%d}" if row.due_on else ""


def _late(row: CaseRow) -> str:
    return f"超 {-row.days_left} 天" if row.days_left is not None else ""


def _section(title: str, rows: Sequence[CaseRow], count: int, most: int, due: Callable[[CaseRow], str]) -> Table:
    lines = [[row.number, row.customer, row.kind, row.stage, due(row), row.owner] for row in rows[:most]]
    return Table(title, _CASE_HEADS, lines, rest=_rest(count, len(lines)), dense=True)


def _ending(told: Morning, most: int) -> Table:
    lines = [[each.number, each.title, each.word, _day(each.due_on), each.handler] for each in told.ending[:most]]
    count = told.counts["ending"]
    heads: tuple[tuple[str, Align], ...] = (
        ("合同", "left"), ("客户与户号", "left"), ("到期档", "left"), ("最迟办理", "left"), ("处理人", "left"))
    return Table(f"五、合同将到期、已过期 {count:,} 份", heads, lines, rest=_rest(count, len(lines)), dense=True)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _rest(count: int, shown: int) -> str:
    return f"另有 {count - shown:,} 项，见程序中的清单" if count > shown else ""
