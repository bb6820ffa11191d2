"""Files handed in: each content once, by its digest, and what it is attached to. The bytes lie beside the database."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class StoredFile(Base):
    """One content: its sha256 is its name in the folder of files. `kind` is its media type, told by its own bytes."""

    __tablename__ = "files"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    kind: Mapped[str]
    added_at: Mapped[datetime]
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))


class Attachment(Base):
    """A content attached to a case, at the paper (or the stage, the pause) that `slot` names."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    subject_id: Mapped[int]
    slot: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("files.sha256"))
    name: Mapped[str]
    added_at: Mapped[datetime]
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))

    __table_args__ = (
        Index("ix_attachments_subject", "subject", "subject_id", "slot", "id"),
        Index("ix_attachments_content", "sha256"),
    )
