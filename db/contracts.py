"""Supply contracts, drawn up here or brought in from a ledger, and the papers that were printed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from db.base import Base, Editable, partial_index
from db.conditions import DOUBTFUL, DUE, ENDLESS, GONE, ROLLING, UNKNOWN_END, UNRETURNED


class Contract(Editable, Base):
    """A contract. `key` is its number, else its account with the day of signing. `active` is false once it is
    void, replaced by its successor, or ended."""

    __tablename__ = "contracts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(default="", index=True)
    kind: Mapped[str]
    kind_word: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    state: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    practice: Mapped[bool] = mapped_column(default=False)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    capacity: Mapped[Decimal | None]
    capacity_unit: Mapped[str] = mapped_column(default="")
    voltage: Mapped[str] = mapped_column(default="")
    signed_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    term_months: Mapped[int | None]
    renewal: Mapped[str]
    objection_days: Mapped[int | None]
    renewal_confirmed: Mapped[str] = mapped_column(default="")
    doubts: Mapped[list[Any]]
    gone: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, Any]]
    template_digest: Mapped[str] = mapped_column(default="")
    release: Mapped[str] = mapped_column(default="")
    printed_on: Mapped[date | None]
    customer_signed_on: Mapped[date | None]
    our_signed_on: Mapped[date | None]
    signing: Mapped[dict[str, Any]]
    box: Mapped[str] = mapped_column(default="")
    void_reason: Mapped[str] = mapped_column(default="")
    snooze_until: Mapped[date | None]
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    settled_note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        partial_index("ix_contracts_printed", UNRETURNED, "printed_on", "id"),
        Index("ix_contracts_active", "active", "ends_on", "id"),
        Index("ix_contracts_all", "ends_on", "id"),
        Index("ix_contracts_kind", "kind", "ends_on", "id"),
        Index("ix_contracts_state", "state", "ends_on", "id"),
        Index("ix_contracts_renewal", "renewal", "ends_on", "id"),
        partial_index("ix_contracts_due", DUE, "ends_on", "id"),
        partial_index("ix_contracts_rolling", ROLLING, "term_months", "objection_days", "ends_on", "id"),
        partial_index("ix_contracts_gone", GONE, "gone", "ends_on", "id"),
        partial_index("ix_contracts_endless", ENDLESS, "id"),
        partial_index("ix_contracts_unknown", UNKNOWN_END, "id"),
        partial_index("ix_contracts_doubtful", DOUBTFUL, "ends_on", "id"),
    )


class Paper(Base):
    """A printed document: what was asked, what was answered, and the bytes that every later print sends again."""

    __tablename__ = "papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    title: Mapped[str]
    answers: Mapped[dict[str, Any]]
    template_digest: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    made_at: Mapped[datetime]
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))

    __table_args__ = (Index("ix_papers_subject", "subject", "subject_id", "id"),)


class TemplateApproval(Base):
    """An administrator's word, with name and date, that a contract's text may be signed."""

    __tablename__ = "template_approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str]
    approved_by: Mapped[str]
    approved_on: Mapped[date]
    entered_at: Mapped[datetime]
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
