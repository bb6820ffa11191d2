"""Adding up: the other open cases that belong to an application, so that one supply is not applied for in pieces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import String, bindparam, or_, select
from sqlalchemy.orm import Session

from db.cases import Case
from db.customers import Account, Customer
from db.statements import Plain, ask_rows
from desktop.domain.address import address_form
from desktop.domain.kind import number_of
from desktop.domain.rule import Beside

MOST = 20  # cases that are added up, the newest first


def _statement() -> Plain:
    """Asked at every pause in a clerk's typing, so worded once."""
    at = select(Account.id).where(Account.address_form == bindparam("place"), bindparam("place", type_=String) != "")
    of = select(Customer.id).where(Customer.id_number == bindparam("number"), bindparam("number", type_=String) != "")
    return Plain(select(Case.id, Case.number, Case.applied_on, Case.answers["capacity_kw"].as_string()).where(
        Case.closed_on.is_(None), Case.applied_on >= bindparam("since"),
        or_(Case.account_id.in_(at), Case.customer_id.in_(of)),
    ).order_by(Case.applied_on.desc(), Case.id.desc()).limit(MOST + 1))


OTHERS = _statement()


def beside(session: Session, answers: Mapping[str, Any], since: date,
           without: int | None = None) -> tuple[Beside, ...]:
    """The other open cases applied for from `since` on, at the application's address or of its customer, by his ID:
    the newest, at most 20."""
    place, number = address_form(str(answers.get("usage_address") or "")), str(answers.get("customer_id") or "")
    rows = ask_rows(session, OTHERS, {"place": place, "number": number, "since": since})
    found = (Beside(of, date.fromisoformat(on), number_of(capacity))
             for case, of, on, capacity in rows if case != without)
    return tuple(found)[:MOST]
