"""Finding anything by what a customer says: a name, its pinyin initials, a phone's tail, an ID, a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.cases import Case
from db.contracts import Contract
from db.customers import Account, Customer
from desktop.domain.field import tidy
from desktop.domain.identity import mask_phone
from desktop.domain.pinyin import search_form
from desktop.usecases.desk import Desk

LAST = "\U0010ffff"
PHONE_TAIL = 4  # digits that a customer says of his phone


@dataclass(frozen=True)
class Hit:
    """Something found. `number` is what opens it; `customer_id` and `account_id` fill a form."""

    kind: str
    id: int
    number: str
    title: str
    detail: str
    customer_id: int | None = None
    account_id: int | None = None


def find(desk: Desk, text: str, limit: int = 20) -> tuple[Hit, ...]:
    """Up to `limit` hits for what was typed or scanned, numbers first; nothing for a blank."""
    said = text.strip()
    if not said:
        return ()
    found: dict[tuple[str, int], Hit] = {}
    with desk.db.read() as session:
        for hit in _hits(session, said, limit):
            found.setdefault((hit.kind, hit.id), hit)
            if len(found) >= limit:
                break
    return tuple(found.values())


def _hits(session: Session, said: str, limit: int) -> Iterator[Hit]:
    number = tidy("yx_account", said).upper()
    yield from _cases(session, number, limit)
    yield from _contracts(session, said, limit)
    yield from _accounts(session, number, limit)
    yield from _customers(session, said, number, limit)


def starts(column: InstrumentedAttribute[Any], prefix: str) -> ColumnElement[bool]:
    """`column` begins with `prefix`, asked as a range so that its index is used."""
    return column.between(prefix, prefix + LAST)


def _cases(session: Session, number: str, limit: int) -> Iterator[Hit]:
    for column in (Case.number, Case.yx_application, Case.yx_account, Case.yx_contract):
        query = select(Case.id, Case.number, Case.status, Case.customer_id, Case.account_id, Customer.name)
        query = query.join(Customer, Customer.id == Case.customer_id).where(starts(column, number), column != "")
        for row in session.execute(query.limit(limit)):
            yield Hit("工单", row.id, row.number, row.name, row.status, row.customer_id, row.account_id)


def _contracts(session: Session, said: str, limit: int) -> Iterator[Hit]:
    query = select(Contract.id, Contract.key, Contract.state, Contract.customer_id, Contract.account_id,
                   Customer.name).join(Customer, Customer.id == Contract.customer_id)
    for row in session.execute(query.where(starts(Contract.key, said)).limit(limit)):
        yield Hit("合同", row.id, row.key, row.name, row.state, row.customer_id, row.account_id)


def _accounts(session: Session, number: str, limit: int) -> Iterator[Hit]:
    query = select(Account.id, Account.number, Account.address, Account.customer_id, Customer.name)
    query = query.join(Customer, Customer.id == Account.customer_id)
    for row in session.execute(query.where(starts(Account.number, number)).limit(limit)):
        yield Hit("户号", row.id, row.number, row.name, row.address, row.customer_id, row.id)


def _customers(session: Session, said: str, number: str, limit: int) -> Iterator[Hit]:
    for condition in _says(said, number):
        for row in session.execute(_customer_query().where(condition).limit(limit)):
            yield Hit("客户", row.id, row.name, row.name, _line(row.phone, row.address), row.id)


def _customer_query() -> Select[int, str, str, str]:
    return select(Customer.id, Customer.name, Customer.phone, Customer.address).order_by(Customer.id)


def _says(said: str, number: str) -> Iterator[ColumnElement[bool]]:
    """The ways to know a customer, the surest first; a name's middle is asked last, as it reads the whole table."""
    form = search_form(said)
    if number.isascii() and len(number) >= PHONE_TAIL:
        yield or_(Customer.id_number == number, starts(Customer.phone_tail, number[::-1]))
    if not form:
        return
    yield starts(Customer.name_form, form)
    if form.isascii() and form.isalpha():
        yield starts(Customer.initials, form)
    elif not form.isascii():
        yield Customer.name_form.contains(form, autoescape=True)


def _line(phone: str, address: str) -> str:
    return " · ".join(part for part in (mask_phone(phone) if phone else "", address) if part)
