"""What a clerk decides about a reminder: put off, hand over, spoke to the customer, close with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from db.cases import Case
from db.clerks import Clerk
from db.contracts import Contract
from desktop.domain.contract import RenewalMode, current_end
from desktop.errors import Refusal
from desktop.usecases.acting import Act, AlreadyDone, act
from desktop.usecases.casework import case_row
from desktop.usecases.contract_keeping import SUBJECT, contract_row
from desktop.usecases.desk import Desk
from desktop.usecases.handing_over import offer
from desktop.usecases.reminder_listing import CASE, CONTRACT

LONGEST_SNOOZE = 90  # days; longer is no putting off but a settling, which wants a reason
Deed = Callable[[Act, Any], dict[str, Any]]


def snooze(desk: Desk, subject: str, number: str, until: date, note: str = "", *,
           request_id: str | None = None) -> None:
    """Put a contract's reminder, or those of a case's 容缺, off until `until`, 1 to 90 days ahead.

    A stage's limit runs on and cannot be put off.
    """
    if not desk.today < until <= desk.today + timedelta(days=LONGEST_SNOOZE):
        raise Refusal(f"稍后提醒的日期应在明天至 {LONGEST_SNOOZE} 天之内；不再提醒的请用“关闭并说明”。", "until")

    def put_off(_doing: Act, row: Any) -> dict[str, Any]:
        if isinstance(row, Contract):
            row.snooze_until = until
        return {"until": until.isoformat(), "note": note.strip()}

    _decide(desk, "snoozed", subject, number, put_off, request_id)


def contacted(desk: Desk, subject: str, number: str, note: str, *, request_id: str | None = None) -> None:
    """Note that the customer was spoken to, and what was said."""
    said = _said(note, "请写明联系的情况：何时、何人、说了什么。")
    _decide(desk, "contacted", subject, number, lambda _doing, _row: {"note": said}, request_id)


def hand_over(desk: Desk, subject: str, number: str, to_clerk: str, note: str, *,
              request_id: str | None = None) -> None:
    """Hand a contract's reminders over to the clerk with 工号 `to_clerk`, with a reason; a whole case is offered to
    him, and his when he accepts it."""
    said = _said(note, "请写明移交的原因。")
    if subject == CASE:
        offer(desk, number, to_clerk, said, request_id=request_id)
        return

    def give(doing: Act, row: Any) -> dict[str, Any]:
        clerk_id = doing.session.scalar(select(Clerk.id).where(Clerk.number == to_clerk.strip(), Clerk.active))
        if clerk_id is None:
            raise Refusal(f"没有工号为“{to_clerk}”的在岗人员，不能移交。请核对工号。", "to_clerk")
        row.handler_id = clerk_id
        return {"to": to_clerk.strip(), "note": said}

    _decide(desk, "handed_over", subject, number, give, request_id)


def settle(desk: Desk, subject: str, number: str, note: str, *, request_id: str | None = None) -> None:
    """Close a contract's reminder with an explanation (关闭并说明). For 自动续展 only this term's: the next term's
    comes again. A case is finished, paused or ended instead."""
    said = _said(note, "请说明关闭的理由，以后查得到。")
    if subject != CONTRACT:
        raise Refusal("工单的提醒不能关闭：请办理、暂停计时，或终止工单。", "subject")

    def close(doing: Act, row: Any) -> dict[str, Any]:
        end = current_end(row.ends_on, row.renewal, row.term_months, doing.today)
        if row.renewal == RenewalMode.AUTOMATIC and end is not None:
            row.snooze_until = end + timedelta(days=1)
        else:
            row.settled_note = said
        return {"note": said}

    _decide(desk, "settled", subject, number, close, request_id)


def _said(note: str, advice: str) -> str:
    if not note.strip():
        raise Refusal(advice, "note")
    return note.strip()


def _decide(desk: Desk, what: str, subject: str, number: str, deed: Deed, request_id: str | None) -> None:
    try:
        with act(desk, what, request_id) as doing:
            row = _row(doing, subject, number)
            facts = deed(doing, row)
            doing.touch(row)
            doing.note(SUBJECT if subject == CONTRACT else "case", row.id, what, facts=facts)
    except AlreadyDone:
        return


def _row(doing: Act, subject: str, number: str) -> Contract | Case:
    if subject == CONTRACT:
        return contract_row(doing.session, number)
    if subject == CASE:
        return case_row(doing.session, number)
    raise Refusal(f"不认识“{subject}”，提醒的对象是合同或工单。", "subject")
