"""晨会单: what the hall has to do today, on one page: due, overdue, waiting, contracts that end, and who has what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from db import worklists as w
from desktop.domain.reminder import Kind
from desktop.usecases.case_listing import CaseFilter, CaseRow, cases, worklist_counts
from desktop.usecases.desk import Desk
from desktop.usecases.reminder_listing import ReminderView, reminders
from desktop.usecases.staffing import clerks, hall, is_practice
from printing.fonts import faces
from printing.hall_paper import Align, Table, Told, Words, hall_pdf, pages_of

MOST = 12  # lines of a section; fewer where the page would not hold them
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
    told = morning(desk)
    face = faces(desk.fonts)
    papers = (_told(desk, told, most) for most in (MOST, 9, 7, 5, 4, 3))
    fitting = next((paper for paper in papers if pages_of(paper, face) == 1), None)
    return hall_pdf(fitting or _told(desk, told, 2), face, desk.now)


def _told(desk: Desk, told: Morning, most: int) -> Told:
    own, counts = hall(desk), told.counts
    about = f"{desk.today:%Y年%m月%d日} 星期{WEEKDAYS[desk.today.weekday()]}    在办 {counts['open']:,} 件"
    loads = Table("四、各人手头", (("姓名", "left"), ("岗位", "left"), ("在办", "right"), ("今天到期", "right"),
                              ("超期", "right"), ("等客户", "right")),
                  [[load.name, load.post, *(f"{n:,}" for n in (load.open, load.today, load.overdue, load.waiting))]
                   for load in told.loads[:most + 4]], "没有在办的工单")
    parts = (
        _section(f"一、今天到期 {counts['today']:,} 件", told.today, counts["today"], most, _due),
        _section(f"二、已超期 {counts['overdue']:,} 件", told.overdue, counts["overdue"], most, _due),
        _section(f"三、等客户 {counts['paused']:,} 件", told.waiting, counts["paused"], most, lambda _row: "暂停"),
        loads, _ending(told, most), Words("会议记录：", strong=True))
    return Told("晨会单", about, parts, own.get("hall_name") or own.get("supplier_name", ""), is_practice(desk))


def _due(row: CaseRow) -> str:
    if row.days_left is None:
        return ""
    return f"{row.due_on:%m-%d}" + (f" 超 {-row.days_left} 天" if row.days_left < 0 else "")


def _section(title: str, rows: Sequence[CaseRow], count: int, most: int, due: Callable[[CaseRow], str]) -> Table:
    shown = [[row.number, row.customer, row.kind, row.stage, due(row), row.owner] for row in rows[:most]]
    return Table(title, _CASE_HEADS, shown, rest=_rest(count, len(shown)))


def _ending(told: Morning, most: int) -> Table:
    shown = [[each.number, each.title, each.word, _day(each.due_on), each.handler] for each in told.ending[:most]]
    count = told.counts["ending"]
    heads: tuple[tuple[str, Align], ...] = (
        ("合同", "left"), ("客户与户号", "left"), ("到期档", "left"), ("最迟办理", "left"), ("处理人", "left"))
    return Table(f"五、合同将到期 {count:,} 份", heads, shown, rest=_rest(count, len(shown)))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _rest(count: int, shown: int) -> str:
    return f"另有 {count - shown:,} 项，见程序中的清单" if count > shown else ""
