"""What waits for the word of the clerk at the desk: schemes that his post has to agree to (待我审批), and cases that
are handed over to him (等我接收); and what waits for a paper that a customer promised (容缺). They are few beside the
open cases, and each question is answered by its own index. A shift that was given to him waits too.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from db import waiting
from db.engine import Ask
from desktop.usecases.desk import Desk
from desktop.usecases.paging import Cursor

APPROVAL, HANDOVER, PROMISE = "approval", "handover", "promise"
Line = tuple[int, Cursor]  # a case, and where the list goes on after it


def lines(desk: Desk, ask: Ask, what: str, after: Cursor | None, most: int) -> list[Line]:
    """Up to `most` cases that wait, after the cursor: schemes by the day they are to be answered, papers by the first
    day that was promised, handovers the longest waiting first."""
    rest, order = _question(desk, what)
    columns = "NULL AS at, id, case_id" if what == HANDOVER else "due_on AS at, id, case_id"
    rows = ask(f"SELECT {columns} {rest}{order}", **_said(desk, after), most=most)
    return [(row["case_id"], (row["at"], row["id"])) for row in rows]


def counts(desk: Desk, ask: Ask) -> dict[str, int]:
    """How many cases wait, by what they wait for."""
    said = _said(desk, None)
    return {what: ask(f"SELECT count(*) {_question(desk, what)[0]}", **said)[0][0]
            for what in (APPROVAL, HANDOVER, PROMISE)}


def shift_told(desk: Desk) -> str:
    """In a sentence the shift that the clerk at the desk has to confirm; '' where there is none."""
    if desk.clerk is None:
        return ""
    with desk.db.glance() as ask:
        rows = ask(waiting.SHIFTS_FOR, clerk=desk.clerk.id)
    if not rows:
        return ""
    first, at = rows[0], datetime.fromisoformat(rows[0]["given_at"])
    more = f"，另有 {len(rows) - 1} 次" if len(rows) > 1 else ""
    return f"{first['giver']} {at:%m-%d %H:%M} 交班给您，在办 {first['cases']} 件，等您核对确认{more}。"


def _question(desk: Desk, what: str) -> tuple[str, str]:
    if what == HANDOVER:
        return waiting.TO_RECEIVE, waiting.BY_ID
    if what == PROMISE:
        return waiting.PROMISED, waiting.IN_TURN
    rules, post = desk.catalog.approvals, desk.clerk.post if desk.clerk else ""
    whose = waiting.FIRST_OF_CASE if post in rules.stand_in else waiting.OF_POST
    return f"{waiting.TO_APPROVE}{whose}{waiting.NOT_ASKED_BY if rules.four_eyes else ''}", waiting.IN_TURN


def _said(desk: Desk, after: Cursor | None) -> dict[str, Any]:
    at, last_id = after or (str(date.min), 0)
    clerk = desk.clerk
    return {"at": str(at), "id": last_id, "owner": clerk.id if clerk else 0, "post": clerk.post if clerk else ""}
