"""Meters seen: those of a case's account, where a serial hangs and hung, and what the case has still to take down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.cases import Case
from db.customers import Account, Customer
from db.meters import Meter
from desktop.domain.metering import spellings
from desktop.errors import Refusal
from desktop.usecases.casework import case_row
from desktop.usecases.desk import Desk


@dataclass(frozen=True)
class MeterRow:
    """One hanging of a meter; `removed_on` None while it hangs. Readings in kWh as the meter shows them."""

    serial: str
    customer: str
    account: str
    address: str
    case: str
    point: str
    spec: str
    accuracy: str
    ct_ratio: str
    pt_ratio: str
    multiplier: Decimal
    seal: str
    start_reading: Decimal
    installed_on: date
    installed_by: str
    removed_on: date | None
    end_reading: Decimal | None
    removal_reason: str

    @property
    def used(self) -> Decimal | None:
        """What went through while it hung, in kWh: readings by the multiplier; None while it hangs."""
        return None if self.end_reading is None else (self.end_reading - self.start_reading) * self.multiplier


def meters_of(desk: Desk, number: str) -> tuple[MeterRow, ...]:
    """All meters that hang or hung at the account of a case, the first one first."""
    with desk.db.read() as session:
        return meters_at(session, case_row(session, number).account_id)


def meters_at(session: Session, account_id: int) -> tuple[MeterRow, ...]:
    """All meters that hang or hung at an account, the first one first."""
    return tuple(MeterRow(*row) for row in session.execute(_rows().where(Meter.account_id == account_id)))


def meter_history(desk: Desk, serial: str) -> tuple[MeterRow, ...]:
    """Every place where the meter of that serial hung; refused for one that no register knows."""
    with desk.db.read() as session:
        found = tuple(MeterRow(*row) for row in session.execute(
            _rows().where(Meter.serial.in_(spellings(serial)))))
    if not found:
        raise Refusal(f"没有登记过表号“{serial}”。请核对表号。", "serial")
    return found


def still_hanging(desk: Desk, number: str) -> tuple[str, ...]:
    """Sentences about meters of earlier cases that hang here beside the new one: to be taken down, or to stay."""
    with desk.db.read() as session:
        case = case_row(session, number)
        ours = session.scalar(select(Meter.id).where(Meter.case_id == case.id, Meter.removed_on.is_(None)).limit(1))
        older = session.scalars(select(Meter.serial).where(
            Meter.account_id == case.account_id, Meter.case_id != case.id, Meter.removed_on.is_(None))).all()
    advice = "还挂在本户，已换下的请在装表环节的清单里登记“拆”和示数。"
    return tuple(f"表号 {serial} {advice}" for serial in older) if ours else ()


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        Meter.serial, Customer.name, func.coalesce(Account.number, ""), Account.address,
        func.coalesce(Case.number, ""), Meter.point, Meter.spec,
        Meter.accuracy, Meter.ct_ratio, Meter.pt_ratio, Meter.multiplier, Meter.seal, Meter.start_reading,
        Meter.installed_on, Meter.installed_by, Meter.removed_on, Meter.end_reading, Meter.removal_reason,
    ).join(Account, Account.id == Meter.account_id).join(Customer, Customer.id == Account.customer_id).outerjoin(
        Case, Case.id == Meter.case_id).order_by(Meter.id)
