"""Unfinished forms: kept while they are typed, offered again after a crash, dropped when they became a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import DBAPIError

from db.clerks import Clerk, Draft
from desktop.domain.field import FIELDS, check
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
    return _found(desk, Draft.kind == kind)


def draft(desk: Desk, draft_id: str) -> DraftView | None:
    """The unfinished form of that id, if there is one."""
    return next(iter(_found(desk, Draft.id == draft_id)), None)


def _found(desk: Desk, which: ColumnElement[bool]) -> tuple[DraftView, ...]:
    query = select(Draft.id, Draft.kind, Draft.content, Draft.saved_at, Clerk.name).outerjoin(
        Clerk, Clerk.id == Draft.clerk_id).where(which).order_by(Draft.saved_at.desc())
    with desk.db.read() as session:
        return tuple(DraftView(row.id, row.kind, row.content, row.saved_at, row.name or "")
                     for row in session.execute(query))


def drop_draft(desk: Desk, draft_id: str) -> None:
    """Forget a form that became a case, or that the clerk threw away."""
    with desk.db.write() as session:
        session.execute(delete(Draft).where(Draft.id == draft_id))


# ---- a form that was begun under other rules


@dataclass(frozen=True)
class Fit:
    """How a kept form opens today: as which kind, the values that this kind does not ask (they stay with the form),
    and in words what no longer fits; empty where all does."""

    kind: str
    aside: dict[str, Any]
    told: str = ""


def fit(desk: Desk, content: Mapping[str, Any]) -> Fit:
    """A kept form beside the catalogue of today: its kind may be gone, its release another, its fields no more asked.

    Nothing that was typed is dropped; what the kind of today does not ask is laid aside until another asks it.
    """
    catalog, asked_kind, day = desk.catalog, str(content.get("kind", "")), _applied_on(desk, content)
    process = catalog.processes.get(asked_kind)
    if process is None or not process.taken_on(day):
        process = catalog.processes[catalog.usual_kind(day)]
    answers = dict(content.get("answers", {}))
    unasked = {name: value for name, value in answers.items() if name not in process.fields}
    told: list[str] = []
    if process.id != asked_kind:
        was = content.get("kind_name") or asked_kind
        told.append(f"草稿的“{was}”现在不再受理，先按“{process.name}”打开，请另选业务")
    if str(content.get("release", catalog.release)) != catalog.release:
        told.append(f"草稿是按规则目录 {content['release']} 填的，现在是 {catalog.release}")
    if unasked:
        told.append(f"现在不问的（{labels(unasked)}）替您留着，换到问它的业务会回来")
    wrong = [name for name in process.fields if isinstance(value := answers.get(name), str) and check(name, value)]
    if told and wrong:
        told.append(f"不合现在填法的请改：{labels(wrong)}")
    return Fit(process.id, {**dict(content.get("aside") or {}), **unasked}, f"{'；'.join(told)}。" if told else "")


def _applied_on(desk: Desk, content: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(str(content.get("applied_on") or ""))
    except ValueError:
        return desk.today


def labels(names: Iterable[str], most: int | None = None) -> str:
    """What the clerk calls these fields; one that no dictionary knows any more by its name. Of more than `most` the
    first and how many."""
    told = list(dict.fromkeys(FIELDS[name].label if name in FIELDS else name for name in names))
    if most is None or len(told) <= most:
        return "、".join(told)
    return f"{'、'.join(told[:most])}等 {len(told)} 项"
