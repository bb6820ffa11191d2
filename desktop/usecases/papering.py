"""Papers that a case or a contract brings forth: made once, kept as bytes, and sent again as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.contracts import Paper
from desktop.errors import Refusal
from desktop.usecases.acting import Act, act, entry_moment
from desktop.usecases.desk import Desk

OF_THE_MOMENT = ("printed_at", "made_on", "clerk_name")
"""What a paper says of its own making: the same content at another hour or by another clerk is the same paper."""


@dataclass(frozen=True)
class PaperView:
    """A kept paper, without its bytes."""

    id: int
    kind: str
    title: str
    made_at: datetime
    sha256: str


def keep_paper(doing: Act, *, kind: str, subject: str, subject_id: int, title: str,
               answers: Mapping[str, Any], digest: str, content: bytes) -> PaperView:
    """Keep a paper with what it was made from; its digest proves later that the bytes are those printed."""
    sha = hashlib.sha256(content).hexdigest()
    row = {"kind": kind, "subject": subject, "subject_id": subject_id, "title": title, "answers": dict(answers),
           "template_digest": digest, "sha256": sha, "content": content, "made_at": doing.now,
           "clerk_id": doing.clerk_id}
    paper_id = doing.session.execute(insert(Paper).values(row).returning(Paper.id)).scalar_one()
    return PaperView(paper_id, kind, title, doing.now, sha)


def same_paper(doing: Act, kind: str, subject: str, subject_id: int, facts: Mapping[str, Any],
               digest: str) -> PaperView | None:
    """The last paper of this kind, where it says what a new one would: that one is printed again (补打)."""
    query = select(Paper).where(Paper.subject == subject, Paper.subject_id == subject_id, Paper.kind == kind)
    row = doing.session.scalars(query.order_by(Paper.id.desc()).limit(1)).first()
    if row is None or row.template_digest != digest or _said(row.answers) != _said(facts):
        return None
    return PaperView(row.id, row.kind, row.title, row.made_at, row.sha256)


def _said(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in OF_THE_MOMENT}


def papers_of(session: Session, subject: str, subject_id: int) -> tuple[PaperView, ...]:
    """The papers kept for a subject, the oldest first."""
    query = select(Paper.id, Paper.kind, Paper.title, Paper.made_at, Paper.sha256).where(
        Paper.subject == subject, Paper.subject_id == subject_id).order_by(Paper.id)
    return tuple(PaperView(*row) for row in session.execute(query))


def paper_bytes(desk: Desk, paper_id: int) -> bytes:
    """The kept bytes of a paper; refused if they are no longer those that were printed."""
    with desk.db.read() as session:
        row = session.execute(
            select(Paper.content, Paper.sha256, Paper.title).where(Paper.id == paper_id)).one_or_none()
    if row is None:
        raise Refusal("没有这份文书，可能编号有误。请从工单或合同里打开。")
    if hashlib.sha256(row.content).hexdigest() != row.sha256:
        raise Refusal(f"“{row.title}”存档已损坏，与打印时不一致，不能再打印。请从备份恢复后再打。")
    return bytes(row.content)


def print_bytes(desk: Desk, paper_id: int) -> bytes:
    """What the printer is sent: the kept bytes. A counter form that was printed before says 补打 and its count on
    each page; a contract is always sent as it was kept."""
    from printing.form_paper import forms

    kept = paper_bytes(desk, paper_id)
    with desk.db.read() as session:
        before = _prints(session, paper_id)
        kind = session.execute(select(Paper.kind).where(Paper.id == paper_id)).scalar_one()
    if not before or kind not in forms():
        return kept
    from printing.fonts import faces
    from printing.reprint import reprinted

    return reprinted(kept, before + 1, faces(desk.fonts), entry_moment(desk))


def handed_out(desk: Desk, paper_id: int) -> bytes:
    """What is written to a file for the customer, marked 补打 where the paper was handed out or printed before; it
    counts as a print."""
    content = print_bytes(desk, paper_id)
    note_print(desk, paper_id, "文件")
    return content


def note_print(desk: Desk, paper_id: int, printer: str, *, request_id: str | None = None) -> int:
    """Log that a kept paper was sent to `printer`; returns how often it has been by now (2 and up is 补打)."""
    with act(desk, "note_print", request_id) as doing:
        before = _prints(doing.session, paper_id)
        doing.note("paper", paper_id, "printed", facts={"printer": printer, "count": before + 1})
        return before + 1


def _prints(session: Session, paper_id: int) -> int:
    from sqlalchemy import func

    from db.entries import Entry

    query = select(func.count()).select_from(Entry).where(
        Entry.subject == "paper", Entry.subject_id == paper_id, Entry.what == "printed")
    return session.execute(query).scalar_one()
