"""Finding anything by what a customer says: a name, its pinyin initials, a phone's tail, an ID, a number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from db import seeking
from db.seeking import FORMER_ACCOUNTS, FORMER_NAMES
from desktop.domain.case_code import CaseCode, read_case_code
from desktop.domain.field import tidy
from desktop.domain.identity import mask_phone, phone_form
from desktop.domain.pinyin import search_form, search_keys, tail_key, typed_form
from desktop.progress import Step
from desktop.usecases.desk import Desk

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

    from db.engine import Ask

CASE_LETTERS = "YK"
TAIL = 4  # digits that a customer says of his phone or his ID
FEW = 5  # customers that are found, of whom it is told what they were called and what was theirs
TAILS_ALIKE = 2  # a name such as 明明 is met twice in the range of its own end


class Hit(NamedTuple):
    """Something found. `number` is what opens it; `customer_id` and `account_id` fill a form."""

    kind: str
    id: int
    number: str
    title: str
    detail: str
    customer_id: int | None = None
    account_id: int | None = None


def find(desk: Desk, text: str, limit: int = 20, step: Step | None = None) -> tuple[Hit, ...]:
    """Up to `limit` hits for what was typed or scanned; nothing for a blank. Numbers come first where a digit was
    typed, else names: 恰 or yk begins every number of a hall, and would hide whoever is called so."""
    said = spoken(text)
    if not said:
        return ()
    if (code := read_case_code(said)) is not None:
        return _scanned(desk, code, step)
    found: dict[tuple[str, int], Hit] = {}
    with desk.db.peek(step) if step else desk.db.glance() as ask:
        for hit in _hits(ask, said, limit):
            found.setdefault((hit.kind, hit.id), hit)
            if len(found) >= limit:
                break
        customers = [hit for hit in found.values() if hit.kind == "客户"]
        for hit in customers if len(customers) <= FEW else ():
            found |= {(each.kind, each.id): each for each in _formerly(ask, hit, said) if each.kind == "客户"
                      or (each.kind, each.id) not in found}
    return tuple(found.values())[:limit]


def spoken(text: str) -> str:
    """What was typed without what cannot be seen, as a broken input method or a scanner may send it."""
    return "".join(letter for letter in text.strip() if letter.isprintable() or letter == " ")


def _formerly(ask: Ask, hit: Hit, said: str) -> Iterator[Hit]:
    """A customer with the name that he had, where he was found by it, and the accounts that were his."""
    facts = next((json.loads(row["facts"]) for row in ask(seeking.FACTS, customer=hit.id)), None) or {}
    typed = typed_form(said)
    names = [name for name in facts.get(FORMER_NAMES, ()) if any(key.startswith(typed) for key in search_keys(name))]
    if names and typed and not any(key.startswith(typed) for key in search_keys(hit.title)):
        yield hit._replace(detail=_joined(f"曾用名 {names[-1]}", hit.detail))
    for number in facts.get(FORMER_ACCOUNTS, ()):
        for account, own, address, owner, name in ask(seeking.ACCOUNT, number=number):
            yield Hit("户号", account, own, name, _joined(f"原户名 {hit.title}，已过户", address), owner, account)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _scanned(desk: Desk, code: CaseCode, step: Step | None) -> tuple[Hit, ...]:
    """The case that a paper's QR code names; its hit leads on to the part of it that is meant."""
    hits = (hit for hit in find(desk, code.number, 1, step) if hit.kind == "工单" and hit.number == code.number)
    return tuple(hit._replace(number=code._replace(number=hit.number).target) for hit in hits)


def _hits(ask: Ask, said: str, most: int) -> Iterator[Hit]:
    by_number, by_name = _numbered(ask, said, most), _named(ask, said, most)
    return chain(by_number, by_name) if any(letter.isdigit() for letter in said) else chain(by_name, by_number)


def _named(ask: Ask, said: str, most: int) -> Iterator[Hit]:
    for question, low in ways(said):
        for customer, name, phone, address in _customers(ask, question, low, most):
            yield Hit("客户", customer, name, name, _line(phone, address), customer)


def _numbered(ask: Ask, said: str, most: int) -> Iterator[Hit]:
    number = tidy("yx_account", said).upper()
    for column in _case_columns(number):
        for case, case_number, status, owner, account, name in ask(
                seeking.CASES[column], **seeking.begins(number), most=most):
            yield Hit("工单", case, case_number, name, status, owner, account)
    for contract, key, state, owner, account, name in ask(seeking.CONTRACTS, **seeking.begins(said), most=most):
        yield Hit("合同", contract, key, name, state, owner, account)
    if number.isascii():
        for account, own, address, owner, name in ask(seeking.ACCOUNTS, **seeking.begins(number), most=most):
            yield Hit("户号", account, own, name, address, owner, account)


def _case_columns(number: str) -> tuple[str, ...]:
    """Where a number of a case may stand that begins so: ours begins with two letters, the others' with a digit."""
    if not number.isascii():
        return ()
    if number.startswith(CASE_LETTERS[:len(number)]):
        return seeking.CASE_COLUMNS
    return () if number.isalpha() else seeking.CASE_COLUMNS[1:]


def ways(said: str) -> Iterator[tuple[str, str]]:
    """The questions that know a customer by what was said, the surest first, each with what its range begins with."""
    number = tidy("yx_account", said).upper()
    if number.isascii() and len(number) >= TAIL:
        yield seeking.BY_KEY, tail_key(number)
        if (digits := phone_form(number).replace("-", "")).isdigit():
            yield seeking.BY_PHONE, digits[::-1]
    if form := search_form(said):
        yield (seeking.BY_INITIALS if form.isascii() else seeking.BY_NAME), form
    if plain := typed_form(said):
        yield seeking.BY_KEY, plain


def customers_named(ask: Ask, text: str, most: int) -> tuple[int, ...]:
    """The ids of up to `most` customers who are known by the text, as `find` knows them."""
    rows = (row for question, low in ways(text) for row in _customers(ask, question, low, most))
    return tuple(islice(dict.fromkeys(customer for customer, *_ in rows), most))


def _customers(ask: Ask, question: str, low: str, most: int) -> list[Any]:
    """Rows of `most` customers, if there are so many; more rows are asked for only where some were met twice."""
    rows = ask(question, **seeking.begins(low), most=most)
    if len(rows) == most and len({customer for customer, *_ in rows}) < most:
        rows = ask(question, **seeking.begins(low), most=most * TAILS_ALIKE)
    return rows


def starts(column: InstrumentedAttribute[Any], prefix: str) -> ColumnElement[bool]:
    """`column` begins with `prefix`, asked as a range so that its index is used."""
    return column.between(prefix, prefix + seeking.LAST)


def _line(phone: str, address: str) -> str:
    return f"{mask_phone(phone)} · {address}" if phone and address else mask_phone(phone) or address
