"""一次性告知: what is missing, who can supply it, by when; printed anew it tells what has changed since the last time.

依据：柜面服务要求“一次性告知”：受理当时缺件的，一次写明全部。
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.contracts import Paper
from desktop.domain.case import Status
from desktop.domain.case_code import case_code
from desktop.domain.deed import closed_told
from desktop.domain.kind import shown
from desktop.domain.material import Mark, Way
from desktop.errors import Refusal
from desktop.usecases.acting import act, entry_moment
from desktop.usecases.case_listing import CaseView, MaterialRow, case
from desktop.usecases.collecting import hand_in
from desktop.usecases.desk import Desk
from desktop.usecases.papering import PaperView, keep_paper

NOTICE, HANDED_IN = "notice", "handed_in"
STILL, NEW, CAME = "仍缺", "新增", "已交"


@dataclass(frozen=True)
class Last:
    """The notice before this one: how many there were, when the last was made, what it said was missing."""

    count: int
    made_at: datetime | None
    missing: tuple[str, ...]


def awaited(view: CaseView) -> tuple[MaterialRow, ...]:
    """The papers that are not there yet, those of a later stage after the others."""
    absent = [paper for paper in view.materials if paper.state == Mark.MISSING]
    return tuple(sorted(absent, key=lambda paper: bool(paper.stage)))


def notice_facts(desk: Desk, view: CaseView) -> dict[str, Any]:
    """What the notice says beside the case's own facts: what is missing, and what changed since the last one."""
    with desk.db.read() as session:
        last = _last(session, view.row.id)
    absent = awaited(view)
    rows = [_line(desk, view, paper, last) for paper in absent]
    came = [_came(paper) for paper in view.materials if paper.code in last.missing and paper.state != Mark.MISSING]
    first = next((paper.code for paper in absent), "")
    return {"missing": [*rows, *came], "missing_codes": [paper.code for paper in absent], "edition": _edition(last),
            "changed": _changed(last, [row["change"] for row in rows], len(came)),
            "qr": case_code(view.row.number, first)}


def _changed(last: Last, rows: Sequence[str], came: int) -> str:
    """What is otherwise than on the notice before, in a line; nothing on the first."""
    if last.made_at is None:
        return ""
    told = [f"{word} {count} 份" for word, count in (
        (CAME, came), (NEW, rows.count(NEW)), (STILL, rows.count(STILL))) if count]
    return f"与 {shown('date', last.made_at.date().isoformat())}的告知相比：{'，'.join(told) or '没有变化'}。"


def _last(session: Session, case_id: int) -> Last:
    of_case = (Paper.subject == "case", Paper.subject_id == case_id, Paper.kind == NOTICE)
    count = session.execute(select(func.count()).select_from(Paper).where(*of_case)).scalar_one()
    row = session.execute(
        select(Paper.made_at, Paper.answers).where(*of_case).order_by(Paper.id.desc()).limit(1)).one_or_none()
    return Last(count, row.made_at, tuple(row.answers.get("missing_codes", ()))) if row else Last(0, None, ())


def _edition(last: Last) -> str:
    if last.made_at is None:
        return "第 1 次"
    return f"第 {last.count + 1} 次（上次 {last.made_at:%Y-%m-%d %H:%M}）"


def _line(desk: Desk, view: CaseView, paper: MaterialRow, last: Last) -> dict[str, str]:
    change = "缺" if not last.count else STILL if paper.code in last.missing else NEW
    asked = next((m.examples for m in view.process.materials if m.code == paper.code), "")
    return {"name": paper.name, "asked": asked, "due": _due(desk, view, paper), "supplier": paper.supplier,
            "change": change}


def _came(paper: MaterialRow) -> dict[str, str]:
    on = f" {paper.supplied_on:%m-%d}" if paper.supplied_on else ""
    return {"name": paper.name, "asked": "", "due": "", "supplier": paper.supplier, "change": f"{CAME}{on}"}


def _due(desk: Desk, view: CaseView, paper: MaterialRow) -> str:
    """By when, with the working days that are left; a paper of a later stage names the stage."""
    if paper.due_on is not None:
        return shown("date", paper.due_on.isoformat()) + _days_left(desk, paper.due_on)
    return f"{view.process.stage(paper.stage).name}前" if paper.stage else "受理前"


def _days_left(desk: Desk, due: date) -> str:
    if due < desk.today:
        return "（已过期限）"
    try:
        return f"（还有 {desk.catalog.calendar.workdays_between(desk.today, due)} 个工作日）"
    except Refusal:  # a year without calendar: the day itself is printed
        return ""


def make_notice(desk: Desk, number: str) -> PaperView:
    """Make and keep the 一次性告知书 as things stand now; refused where nothing is missing, or the case is closed and
    was not turned away for what is missing."""
    view = case(desk, number)
    if view.state.closed_on is not None and view.way != Way.REFUSED:
        closed = closed_told(view.state.closed_on, view.state.status is Status.ENDED, "再补资料")
        raise Refusal(f"{closed}，不出告知书。", "case")
    facts = _counter_facts(desk, view) | notice_facts(desk, view)
    if not facts["missing"]:
        raise Refusal("这件工单没有缺的资料，不用出告知书。", "case")
    return _made(desk, NOTICE, "一次性告知书", view, facts)


def supplement(desk: Desk, number: str, codes: Sequence[str], *, on: date | None = None) -> PaperView:
    """补交: take several papers in at once and make the receipt of what was handed in and what is still missing."""
    before = case(desk, number)
    hand_in(desk, number, codes, on=on)
    view = case(desk, number)
    wanted = {code.strip().upper() for code in codes}
    came = [paper for paper in view.materials if paper.code in wanted]
    facts = _counter_facts(desk, view) | notice_facts(desk, view) | {
        "came": [_handed(paper) for paper in came],
        "missing": [_line(desk, view, paper, Last(0, None, ())) for paper in awaited(view)],
        "handed_on": shown("date", (on or desk.today).isoformat()), "taken_by": desk.clerk.named if desk.clerk else "",
    }
    return _made(desk, HANDED_IN, "资料补交回执", before, facts)


def _handed(paper: MaterialRow) -> dict[str, str]:
    late = paper.due_on is not None and paper.supplied_on is not None and paper.supplied_on > paper.due_on
    due = shown("date", paper.due_on.isoformat()) if paper.due_on else ""
    return {"name": paper.name, "due": due, "state": "逾期补交" if late else "按期"}


def _counter_facts(desk: Desk, view: CaseView) -> dict[str, Any]:
    from desktop.usecases.intake_papers import paper_facts

    return paper_facts(desk, view)


def _made(desk: Desk, form: str, title: str, view: CaseView, facts: Mapping[str, Any]) -> PaperView:
    from printing.fonts import faces
    from printing.form_paper import form_digest, form_pdf

    pdf = form_pdf(form, facts, faces(desk.fonts), entry_moment(desk))
    with act(desk, f"make_{form}") as doing:
        return keep_paper(doing, kind=form, subject="case", subject_id=view.row.id,
                          title=f"{title} {view.row.number}", answers=facts, digest=form_digest(form), content=pdf)
