"""The same picture in other bytes: packed again, made smaller or turned; it is told, since both are kept."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.files import Attachment, StoredFile
from desktop.domain.attachment import PDF
from desktop.errors import Trouble
from desktop.usecases.desk import Desk
from desktop.usecases.file_keeping import get_content
from desktop.usecases.withholding import SUBJECT
from printing.likeness import small, turned_by

MOST = 40  # pictures of a case that are compared, the newest first


@lru_cache(maxsize=400)
def _small(folder: Path, sha256: str) -> bytes | None:
    """A content never changes, so it is looked at once."""
    try:
        return small(get_content(folder, sha256))
    except Trouble:
        return None


def alike(desk: Desk, session: Session, case_id: int, sha256: str) -> tuple[str, str, int] | None:
    """(slot, name, degrees turned) of a picture of the case that shows the same as this content; None where none does
    or this is no picture."""
    query = select(Attachment.slot, Attachment.name, Attachment.sha256).join(
        StoredFile, StoredFile.sha256 == Attachment.sha256).where(
        Attachment.subject == SUBJECT, Attachment.subject_id == case_id, Attachment.sha256 != sha256,
        StoredFile.kind != PDF).order_by(Attachment.id.desc()).limit(MOST)
    others = session.execute(query).all()
    this = _small(desk.folder, sha256) if others else None
    if this is None:
        return None
    for slot, name, other in others:
        greys = _small(desk.folder, other)
        if greys is not None and (turn := turned_by(this, greys)) is not None:
            return slot, name, turn
    return None
