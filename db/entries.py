"""The append-only log: what happened to a case, a contract or the hall, claimed when, entered when, by whom."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class Entry(Base):
    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    subject_id: Mapped[int]
    what: Mapped[str]
    stage: Mapped[str] = mapped_column(default="")
    claimed_on: Mapped[date]
    entered_at: Mapped[datetime]
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    facts: Mapped[dict[str, Any]]
    request_id: Mapped[str | None]

    __table_args__ = (
        Index("ix_entries_subject", "subject", "subject_id", "id"),
        Index("ix_entries_what", "subject", "what", "claimed_on"),
    )
