"""The rows of inspections: opened by what was handed in, closed by the 意见单, or by the form of the stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.cases import Case
from db.inspections import Inspection
from desktop.domain.caselog import LogEntry, Pause, What
from desktop.domain.inspection import FAILED, PASSED, InspectionBook
from desktop.domain.process import Stage
from desktop.domain.stage_day import worked_on
from desktop.errors import Missing
from desktop.usecases.acting import Act


def last_round(session: Session, case_id: int, kind: str) -> Inspection | None:
    """The newest round of that kind, judged or not."""
    query = select(Inspection).where(Inspection.case_id == case_id, Inspection.kind == kind)
    return session.scalars(query.order_by(Inspection.round.desc()).limit(1)).one_or_none()


def open_round(doing: Act, case: Case, kind: str, on: date, submission: Mapping[str, Any]) -> Inspection:
    """A new round, handed in on that day."""
    before = last_round(doing.session, case.id, kind)
    row = Inspection(case_id=case.id, kind=kind, round=before.round + 1 if before else 1, submitted_on=on,
                     submission=dict(submission), conclusion={}, **doing.marks())
    doing.session.add(row)
    doing.session.flush()
    return row


def close_round(doing: Act, row: Inspection, result: str, on: date, conclusion: Mapping[str, Any]) -> None:
    row.result, row.concluded_on, row.conclusion = result, on, dict(conclusion)
    doing.touch(row)


def judged_by_form(doing: Act, book: InspectionBook, case: Case, stage: Stage, deed: str, facts: Mapping[str, Any],
                   on: date) -> None:
    """A stage of inspection finished or sent back on its form is a round too, so that it is counted; `facts` well
    formed: the day that they tell is that of the 意见单, else `on`."""
    kind = book.of_stage(stage.id)
    if kind is None or deed not in (What.DONE, What.SENT_BACK):
        return
    on = worked_on(stage, facts) or on
    row = last_round(doing.session, case.id, kind.id)
    if row is None or row.result:
        row = open_round(doing, case, kind.id, on, {})
    close_round(doing, row, PASSED if deed == What.DONE else FAILED, on, facts)


def mending(session: Session, book: InspectionBook, case_id: int, pause: Pause | None) -> Missing | None:
    """What ends the standing still after a failed round: the next 报验, with which the case runs again; None where the
    case does not stand still for that."""
    kind = book.of_stage(pause.stage) if pause else None
    row = last_round(session, case_id, kind.id) if kind else None
    if kind is None or row is None or row.result != FAILED:
        return None
    return Missing(f"{kind.name}第 {row.round} 轮不合格，等客户整改：整改好了登记{kind.submission}，工单随之恢复计时")


def reopen_round(doing: Act, book: InspectionBook, case: Case, stage: Stage, log: Sequence[LogEntry]) -> None:
    """The finished stage was recalled: its last round is not judged any more, and never was where no 报验 began it."""
    kind = book.of_stage(stage.id)
    row = last_round(doing.session, case.id, kind.id) if kind else None
    if row is None or not row.result:
        return
    if any(entry.what == What.SUBMITTED and entry.stage == stage.id and entry.facts.get("round") == str(row.round)
           for entry in log):
        row.result, row.concluded_on, row.conclusion = "", None, {}
        doing.touch(row)
    else:
        doing.session.delete(row)
