"""Business fees: the hall's own prices with their dates, and what each case is to pay and has paid."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Editable, partial_index

UNPAID = "paid_on IS NULL AND coalesce(cancelled, '') = ''"


class Tariff(Editable, Base):
    """A price that the hall entered for a fee item of the catalogue, or for one of its own, from a day to a day."""

    __tablename__ = "tariffs"

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(index=True)
    price: Mapped[Decimal]
    basis: Mapped[str]
    effective: Mapped[date]
    until: Mapped[date | None]


class Fee(Editable, Base):
    """One line that a case is to pay. A line is never deleted: `cancelled` says why it is no longer due."""

    __tablename__ = "fees"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    item: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str]
    quantity: Mapped[Decimal]
    price: Mapped[Decimal]
    amount: Mapped[Decimal]
    basis: Mapped[str]
    due_on: Mapped[date | None]
    paid_on: Mapped[date | None]
    way: Mapped[str] = mapped_column(default="")
    receipt: Mapped[str] = mapped_column(default="")
    cancelled: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        partial_index("ix_fees_unpaid", UNPAID, "due_on", "id"),
        Index("ix_fees_receipt", "receipt"),
    )
