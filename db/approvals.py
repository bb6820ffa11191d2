"""Who is asked to agree to a scheme, and until when the present scheme of a case stands: what lists find by index.

Both are readings of the case's log, written with each entry.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, partial_index


class Approval(Base):
    """One post that a submission of a scheme waits for, until it or another has answered."""

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    round: Mapped[int]
    post: Mapped[str]
    rule: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    due_on: Mapped[date]
    open: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        Index("ix_approvals_case", "case_id", "round"),
        partial_index("ix_approvals_open", "open", "due_on", "id"),
    )


class SchemeTerm(Base):
    """Until when a case's present scheme stands; `open` while nothing is begun on it and the case is not closed."""

    __tablename__ = "scheme_terms"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    until: Mapped[date]
    voltage: Mapped[str] = mapped_column(default="")
    open: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        partial_index("ix_scheme_terms_until", "open", "until", "case_id"),
    )
