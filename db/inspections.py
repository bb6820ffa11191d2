"""Rounds of inspection (设计审查、中间检查、竣工检验) and the defects that each found."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Editable, partial_index

UNMENDED = "mended_on IS NULL"


class Inspection(Editable, Base):
    """One round: handed in (报验), judged by the reviewers, passed or not. `result` is empty until the 意见单."""

    __tablename__ = "inspections"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str]
    round: Mapped[int]
    submitted_on: Mapped[date]
    submission: Mapped[dict[str, Any]]
    result: Mapped[str] = mapped_column(default="")
    concluded_on: Mapped[date | None]
    conclusion: Mapped[dict[str, Any]]

    __table_args__ = (
        UniqueConstraint("case_id", "kind", "round"),
        Index("ix_inspections_concluded", "kind", "concluded_on"),
    )


class Defect(Editable, Base):
    """One fault that a round found: what is to be mended, by whom, by when, and when it was seen to be mended."""

    __tablename__ = "defects"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    number: Mapped[int]
    item: Mapped[str]
    remedy: Mapped[str] = mapped_column(default="")
    responsible: Mapped[str]
    due_on: Mapped[date]
    mended_on: Mapped[date | None]
    seen_by: Mapped[str] = mapped_column(default="")

    __table_args__ = (partial_index("ix_defects_unmended", UNMENDED, "due_on", "id"),)
