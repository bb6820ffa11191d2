"""Customers and supply accounts (建档): found again where they are known, opened where they are new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from db.base import table_of
from db.customers import Account, Customer
from db.search_keys import SearchKey
from db.seeking import FORMER_NAMES
from db.statements import Plain, ask, put, put_all
from desktop.domain.address import address_form
from desktop.domain.likeness import is_another
from desktop.domain.pinyin import initials, search_form, search_keys
from desktop.errors import Refusal
from desktop.usecases.acting import Act
from desktop.usecases.desk import Desk

CUSTOMER_FACTS = (
    "legal_person", "legal_person_id", "contact_name", "postcode", "bank_name", "bank_account", "tax_number",
)
_CUSTOMERS = table_of(Customer)
SAME = Plain(select(_CUSTOMERS.c.id).where(
    _CUSTOMERS.c.id_number == bindparam("number"), _CUSTOMERS.c.name == bindparam("said")).limit(1))
NEW_CUSTOMER = Plain(insert(_CUSTOMERS))
NEW_KEYS = Plain(insert(table_of(SearchKey)))
NEW_ACCOUNT = Plain(insert(table_of(Account)))
WAITING = "待归档"  # an account that has no 户号 yet


def phone_tail(phone: str) -> str:
    """The digits of a phone, backwards, so that its tail is asked for as a range."""
    return "".join(ch for ch in phone if ch.isdigit())[::-1]


def name_columns(name: str) -> dict[str, str]:
    """A customer's name letter for letter, with the two forms it is searched by."""
    return {"name": name, "name_form": search_form(name), "initials": initials(name)}


def keep_keys(session: Session, customers: Iterable[tuple[int, tuple[str, str]]]) -> None:
    """What new customers are found by as one types: of each his id, with his name and ID number."""
    rows = [{"key": key, "owner": owner} for owner, said in customers for key in search_keys(*said)]
    if rows:
        put_all(session, NEW_KEYS, rows)


def known_customer(session: Session, answers: Mapping[str, Any], customer_id: int | None) -> int | None:
    """The id of the customer chosen in the form, unless neither name nor number is his any more; else of the one with
    the very same ID and name; else None."""
    number, name = str(answers.get("customer_id", "")), str(answers.get("customer_name", ""))
    chosen = session.get(Customer, customer_id) if customer_id is not None else None
    if chosen is not None and is_another(name, number, chosen.name, chosen.id_number):
        customer_id = None
    if customer_id is not None or not number:
        return customer_id
    found: int | None = ask(session, SAME, {"number": number, "said": name})
    return found


def register_customer(doing: Act, answers: Mapping[str, Any], customer_id: int | None) -> int:
    """The known customer brought up to date with what he said today, or a new one; his id."""
    known = known_customer(doing.session, answers, customer_id)
    columns = _customer_columns(answers)
    if known is None:
        opened = put(doing.session, NEW_CUSTOMER, {**columns, "facts": _facts(answers), **doing.marks()})
        keep_keys(doing.session, [(opened, (columns["name"], columns["id_number"]))])
        return opened
    row = doing.session.get(Customer, known)
    if row is None:
        raise Refusal(f"没有序号为 {known} 的客户，请重新查找后再选，或按新客户填写。", "customer_id")
    _refresh(doing, row, columns, _facts(answers))
    return row.id


def remember(row: Customer, what: str, said: str) -> None:
    """Keep what a customer was called, or which account was his, so that he and it are still found by it."""
    if said:
        row.facts = {**row.facts, what: [*(each for each in row.facts.get(what, ()) if each != said), said]}


def forget(row: Customer, what: str, said: str) -> None:
    """It was taken back: he was never called so, or the account is his again."""
    row.facts = {**row.facts, what: [each for each in row.facts.get(what, ()) if each != said]}


def _refresh(doing: Act, row: Customer, columns: Mapping[str, str], facts: Mapping[str, str]) -> None:
    """What was said now replaces what was known; what was left blank stays as it was."""
    changed = {name: value for name, value in columns.items() if value and getattr(row, name) != value}
    if "name" in changed:
        remember(row, FORMER_NAMES, row.name)
    for name, value in changed.items():
        setattr(row, name, value)
    if changed or any(row.facts.get(name) != value for name, value in facts.items()):
        row.facts = {**row.facts, **facts}
        doing.touch(row)
        doing.note("customer", row.id, "customer_refreshed", facts={"fields": sorted({*changed, *facts})})


def _customer_columns(answers: Mapping[str, Any]) -> dict[str, str]:
    said = {name: str(answers.get(name, "")) for name in
            ("customer_name", "customer_id_kind", "customer_id", "customer_phone", "customer_address")}
    return {
        **name_columns(said["customer_name"]), "id_kind": said["customer_id_kind"],
        "id_number": said["customer_id"], "phone": said["customer_phone"],
        "phone_tail": phone_tail(said["customer_phone"]), "address": said["customer_address"],
    }


def _facts(answers: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(answers[name]) for name in CUSTOMER_FACTS if answers.get(name)}


def open_account(doing: Act, customer_id: int, answers: Mapping[str, Any]) -> int:
    """A new supply account, without 户号 until its case is archived; its id."""
    unit = "kVA" if answers.get("capacity_kva") else "kW"
    asked = answers.get(f"capacity_{unit.lower()}")
    values = {
        "customer_id": customer_id, "address": (place := str(answers.get("usage_address", ""))),
        "address_form": address_form(place),
        "capacity": Decimal(str(asked)) if asked else None,
        "capacity_unit": unit, "voltage": str(answers.get("voltage", "")),
        "usage_nature": str(answers.get("usage_nature", "")), "facts": {}, "status": WAITING, **doing.marks(),
    }
    return put(doing.session, NEW_ACCOUNT, values)


def known_answers(desk: Desk, customer_id: int) -> dict[str, str]:
    """What is known of a customer, as the answers of a form; blanks are left out."""
    with desk.db.read() as session:
        row = session.get(Customer, customer_id)
        if row is None:
            return {}
        said = {"customer_name": row.name, "customer_id_kind": row.id_kind, "customer_id": row.id_number,
                "customer_phone": row.phone, "customer_address": row.address}
        said |= {name: str(row.facts[name]) for name in CUSTOMER_FACTS if row.facts.get(name)}
    return {name: value for name, value in said.items() if value}
