"""Customers and their supply accounts (用电户): one customer may hold many accounts."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from db.base import Base, Editable, partial_index
from desktop.domain.address import address_form

CHUNK = 5000


class Customer(Editable, Base):
    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_form: Mapped[str]
    initials: Mapped[str]
    id_kind: Mapped[str] = mapped_column(default="")
    id_number: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    phone_tail: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]]

    __table_args__ = (
        Index("ix_customers_name_form", "name_form"),
        Index("ix_customers_initials", "initials"),
        Index("ix_customers_id_number", "id_number"),
        Index("ix_customers_phone_tail", "phone_tail"),
    )


class Account(Editable, Base):
    """A supply account. A new one has no 户号 until its case is archived. `address_form` is the address as two of
    them are compared; whoever writes the table past this class writes it too."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    address: Mapped[str] = mapped_column(default="")
    address_form: Mapped[str] = mapped_column(default="", server_default="", index=True)
    capacity: Mapped[Decimal | None]
    capacity_unit: Mapped[str] = mapped_column(default="")
    voltage: Mapped[str] = mapped_column(default="")
    usage_nature: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(default="在用")

    @validates("address")
    def _follow_address(self, _name: str, address: str) -> str:
        self.address_form = address_form(address)
        return address


class Holding(Base):
    """Capacity of an account that rests from `since` (加封) to `until` as asked for, or to the day before
    `restored_on` (启封). `kind`: 暂停 or 减容; the cases that began and that ended it are named."""

    __tablename__ = "holdings"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]
    kva: Mapped[Decimal]
    since: Mapped[date]
    until: Mapped[date | None]
    restored_on: Mapped[date | None]
    restored_by: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))

    __table_args__ = (
        partial_index("ix_holdings_resting", "restored_on IS NULL", "until", "id"),
    )


def fill_forms(connection: Connection) -> None:
    """Write the form of every account's address that has none yet, as when an older file is lifted."""
    after = 0
    while rows := connection.execute(
            text("SELECT id, address FROM accounts WHERE id > :after ORDER BY id LIMIT :most"),
            {"after": after, "most": CHUNK}).all():
        connection.execute(text("UPDATE accounts SET address_form = :form WHERE id = :id"),
                           [{"id": row.id, "form": address_form(row.address)} for row in rows])
        after = rows[-1].id
