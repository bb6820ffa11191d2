"""Unfinished forms: kept while they are typed, offered again after a crash, dropped when they became a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from db.clerks import Clerk, Draft
from desktop.usecases.desk import Desk, trouble_of


@dataclass(frozen=True)
class DraftView:
    """A form that was not finished: what was typed, when it was last kept, whose it is."""

    id: str
    kind: str
    content: dict[str, Any]
    saved_at: datetime
    clerk: str


def save_draft(desk: Desk, draft_id: str, kind: str, content: dict[str, Any]) -> datetime:
    """Keep a form as it stands and return the moment; the form's id stays the same while it is typed."""
    try:
        with desk.db.write() as session:
            session.merge(Draft(id=draft_id, kind=kind, content=content, saved_at=desk.now,
                                clerk_id=desk.clerk.id if desk.clerk else None))
    except DBAPIError as error:
        raise trouble_of(error, saved=False) from error
    return desk.now


def drafts(desk: Desk, kind: str) -> tuple[DraftView, ...]:
    """The unfinished forms of a kind, the latest first."""
    query = select(Draft.id, Draft.kind, Draft.content, Draft.saved_at, Clerk.name).outerjoin(
        Clerk, Clerk.id == Draft.clerk_id).where(Draft.kind == kind).order_by(Draft.saved_at.desc())
    with desk.db.read() as session:
        return tuple(DraftView(row.id, row.kind, row.content, row.saved_at, row.name or "")
                     for row in session.execute(query))


def drop_draft(desk: Desk, draft_id: str) -> None:
    """Forget a form that became a case, or that the clerk threw away."""
    with desk.db.write() as session:
        session.execute(delete(Draft).where(Draft.id == draft_id))
