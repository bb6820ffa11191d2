"""Cases, their papers as handed in, and the versions of their supply scheme."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Editable, partial_index
from db.conditions import NEARING, OPEN, WAITING


class Case(Editable, Base):
    """One application. `status`, `stage`, `due_on` and `paused` are the log's present reading, kept beside it
    for the lists and written in the same transaction as each entry; a test recomputes them from the log."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    process: Mapped[str]
    release: Mapped[str]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    answers: Mapped[dict[str, Any]]
    promises: Mapped[list[Any]]
    way: Mapped[str]
    applied_on: Mapped[date]
    accepted_at: Mapped[datetime]
    acceptor_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    status: Mapped[str]
    stage: Mapped[str]
    due_on: Mapped[date | None]
    near_on: Mapped[date | None]  # amber by the share of days used, earlier than by due_on alone
    paused: Mapped[bool] = mapped_column(default=False)
    paused_until: Mapped[date | None]
    closed_on: Mapped[date | None]
    yx_application: Mapped[str] = mapped_column(default="", index=True)
    yx_account: Mapped[str] = mapped_column(default="", index=True)
    yx_contract: Mapped[str] = mapped_column(default="", index=True)

    __table_args__ = (
        Index("ix_cases_accepted", "accepted_at", "id"),
        Index("ix_cases_status", "status", "accepted_at", "id"),
        Index("ix_cases_process", "process", "accepted_at", "id"),
        Index("ix_cases_owned", "owner_id", "accepted_at", "id"),
        partial_index("ix_cases_mine", OPEN, "owner_id", "accepted_at", "id"),
        partial_index("ix_cases_open", OPEN, "accepted_at", "id"),
        partial_index("ix_cases_waiting", WAITING, "accepted_at", "id", "paused_until"),
        partial_index("ix_cases_stage", OPEN, "process", "stage", "due_on", "id", "paused", "paused_until"),
        partial_index("ix_cases_due", OPEN, "due_on", "id", "paused", "paused_until"),
        partial_index("ix_cases_near", NEARING, "near_on", "id"),
        # partial, so that a question for open cases is not answered by it but by the order of due dates
        partial_index("ix_cases_closed", "closed_on IS NOT NULL", "closed_on"),
    )


class CaseMaterial(Base):
    """One paper of a case: had, promised for a date (容缺), or not needed. `stage`: the later stage that waits for
    it; empty: needed at acceptance. What was found of it is in the case's log."""

    __tablename__ = "case_materials"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    demand: Mapped[str]
    state: Mapped[str]
    supplier: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    supplied_on: Mapped[date | None]
    open: Mapped[bool] = mapped_column(default=False)
    stage: Mapped[str] = mapped_column(default="", server_default="")

    __table_args__ = (
        partial_index("ix_case_materials_due", "open", "due_on"),
    )


class Scheme(Base):
    """One version of a case's 供电方案; a version that was answered is never changed, a new one follows it."""

    __tablename__ = "schemes"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    revision: Mapped[int]
    facts: Mapped[dict[str, Any]]
    answered_on: Mapped[date]
    entered_at: Mapped[datetime]
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
