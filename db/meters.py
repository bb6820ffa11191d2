"""Meters where they hang or hung: one serial hangs in one place only."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Editable

HANGING = "removed_on IS NULL"


class Meter(Editable, Base):
    """One hanging of a meter. A meter that is taken down and hung up elsewhere has a row for each place."""

    __tablename__ = "meters"

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    point: Mapped[str] = mapped_column(default="")
    spec: Mapped[str] = mapped_column(default="")
    accuracy: Mapped[str] = mapped_column(default="")
    ct_ratio: Mapped[str] = mapped_column(default="")
    pt_ratio: Mapped[str] = mapped_column(default="")
    multiplier: Mapped[Decimal]
    seal: Mapped[str] = mapped_column(default="")
    start_reading: Mapped[Decimal]
    installed_on: Mapped[date]
    installed_by: Mapped[str] = mapped_column(default="")
    removed_on: Mapped[date | None]
    end_reading: Mapped[Decimal | None]
    removal_case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    removal_reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index("ix_meters_serial", "serial"),
        Index("ix_meters_hanging", "serial", unique=True, sqlite_where=text(HANGING)),
    )
