"""Cases handed from one clerk to another (移交): offered with a reason, taken over only when the receiver accepts."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, partial_index

OFFERED = "answered_at IS NULL"


class Handover(Base):
    """One offer. `answer` is 接收, 退回 or 撤回."""

    __tablename__ = "handovers"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    reason: Mapped[str]
    offered_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")

    __table_args__ = (partial_index("ix_handovers_offered", OFFERED, "receiver_id", "id"),)
