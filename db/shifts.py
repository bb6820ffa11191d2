"""Shifts handed from one clerk to the next (交接班): what was open, as it was told, and when it was answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, partial_index

UNCONFIRMED = "confirmed_at IS NULL"


class Shift(Base):
    """One handing over. `content` holds its lines as the giver told them: it is what the receiver confirms.

    `confirmed_at` is when it was answered; where it was not confirmed but given back or withdrawn, the log says so.
    """

    __tablename__ = "shifts"

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    note: Mapped[str] = mapped_column(default="")
    content: Mapped[list[Any]]
    given_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index("ix_shifts_given", "given_at", "id"),
        partial_index("ix_shifts_unconfirmed", UNCONFIRMED, "receiver_id", "id"),
    )
