"""Ledger rows against what the hall keeps, and keeping those that are new: customers, accounts, contracts, log.

Found by key in stretches, written by the table, so that a thousand rows take no longer than a file save.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from db.contracts import Contract
from db.customers import Account, Customer
from db.entries import Entry
from db.imports import ImportBatch, ImportRow
from desktop.domain.address import address_form
from desktop.domain.contract import RenewalMode, State
from desktop.domain.ledger import DOUBTFUL, RETURNED, TAKEN, LedgerRow
from desktop.domain.ledger_cells import cell_text
from desktop.progress import Step
from desktop.usecases.acting import Act
from desktop.usecases.adopting import ADOPTED, first_row_id, note_said
from desktop.usecases.desk import Desk
from desktop.usecases.registering import keep_keys, name_columns, phone_tail
from desktop.usecases.staffing import is_practice

SUBJECT, IMPORTED, SOURCE = "contract", "imported", "ledger"
STRETCH = 500
NEW, UNCHANGED, CONFLICT, GIVEN_BACK = "new", "unchanged", "conflict", "given_back"
COMPARED = (
    ("户号", "account"), ("户名", "name"), ("合同类型", "kind_id"), ("签订日期", "signed"), ("起始日", "starts"),
    ("有效期", "term_months"), ("到期日", "ends"), ("容量", "capacity"), ("电压", "voltage"))


@dataclass(frozen=True)
class Finding:
    """A data row and what becomes of it. `state`: new · unchanged · conflict (with what is kept, or with a row
    above) · given_back. `settled`: there is nothing left to write for it. `against` is the kept contract's id."""

    row: LedgerRow
    state: str
    result: str
    reasons: str
    digest: str
    settled: bool
    against: int | None = None

    @property
    def unchanged(self) -> bool:
        return self.state == UNCHANGED


def values_digest(row: LedgerRow) -> str:
    """The same for two rows that say the same of a contract, however they write it."""
    said = (row.account, row.name, row.kind_id or row.kind_word, row.id_number, row.phone, row.address, row.voltage,
            row.nature, row.capacity, row.number, row.signed, row.starts, row.term_months, row.ends, row.indefinite,
            row.note)
    return blake2b("\x1f".join(map(str, said)).encode(), digest_size=16).hexdigest()


def compare(session: Session, rows: Sequence[LedgerRow], digests: Sequence[str]) -> tuple[Finding, ...]:
    """Each row held against what is kept and against the rows above it; nothing is written."""
    kept = _kept_contracts(session, [row.key for row in rows if row.result != RETURNED])
    known = _known_digests(session, [contract.id for contract in kept.values()])
    waiting = _waiting(session, [row.key for row in rows if row.result == RETURNED or row.key in kept])
    above: dict[str, str] = {}
    return tuple(
        _finding(row, digest, kept, known, waiting, above) for row, digest in zip(rows, digests, strict=True))


def _finding(row: LedgerRow, digest: str, kept: Mapping[str, Any], known: Mapping[int, set[str]], waiting: set[str],
             above: dict[str, str]) -> Finding:
    if row.result == RETURNED:
        return Finding(row, GIVEN_BACK, RETURNED, row.reasons, digest, _mark(row) in waiting)
    old = kept.get(row.key)
    if old is None and above.setdefault(row.key, digest) != digest:
        said = _joined(row, f"合同“{row.key}”在这份台账里出现过，内容不同，以前一行为准，请核定")
        return Finding(row, CONFLICT, DOUBTFUL, said, digest, False)
    if old is None:
        return Finding(row, NEW, row.result, row.reasons, digest, False)
    drawn_up_here = old.id not in known
    if digest in known.get(old.id, ()) or (drawn_up_here and not _differences(row, old, only_said=True)):
        return Finding(row, UNCHANGED, row.result, row.reasons, digest, True, old.id)
    said = _joined(row, _conflict_sentence(row, old))
    return Finding(row, CONFLICT, DOUBTFUL, said, digest, _mark(row) in waiting, old.id)


def _joined(row: LedgerRow, sentence: str) -> str:
    return "；".join(filter(None, (sentence, row.reasons)))


def _conflict_sentence(row: LedgerRow, old: Any) -> str:
    differing = "、".join(_differences(row, old)) or "证件、电话、地址或备注"
    return f"合同“{row.key}”已在库中，{differing}不同，旧记录保留，请核定"


def _differences(row: LedgerRow, old: Any, *, only_said: bool = False) -> list[str]:
    """The names of the facts in which a row is at odds with the kept contract; `only_said`: of those it says."""
    pairs = ((label, getattr(row, name) or None, getattr(old, name) or None) for label, name in COMPARED)
    return [label for label, new, kept in pairs if new != kept and not (only_said and new is None)]


def _kept_contracts(session: Session, keys: list[str]) -> dict[str, Any]:
    query = select(
        Contract.id, Contract.key, Account.number.label("account"), Customer.name, Contract.kind.label("kind_id"),
        Contract.signed_on.label("signed"), Contract.starts_on.label("starts"), Contract.term_months,
        Contract.ends_on.label("ends"), Contract.capacity, Contract.voltage,
    ).join_from(Contract, Account, Account.id == Contract.account_id).join(
        Customer, Customer.id == Contract.customer_id)
    found = (session.execute(query.where(Contract.key.in_(part))) for part in _stretches(keys))
    return {row.key: row for rows in found for row in rows}


def _known_digests(session: Session, ids: list[int]) -> dict[int, set[str]]:
    """What ledgers have said of contracts before, by contract."""
    query = select(Entry.subject_id, Entry.facts).where(
        Entry.subject == SUBJECT, Entry.what.in_((IMPORTED, ADOPTED)))
    known: dict[int, set[str]] = {}
    for part in _stretches(ids):
        for contract_id, facts in session.execute(query.where(Entry.subject_id.in_(part))):
            known.setdefault(contract_id, set()).add(facts["values"])
    return known


def _waiting(session: Session, keys: list[str]) -> set[str]:
    """The marks of rows that were set aside for a person already, so that the same file does not ask twice."""
    query = select(ImportRow.sheet, ImportRow.row, ImportRow.cells)
    found = (session.execute(query.where(ImportRow.key.in_(part))) for part in _stretches(keys))
    return {_mark_of(*row) for rows in found for row in rows}


def _mark(row: LedgerRow) -> str:
    return _mark_of(row.sheet, row.row, _texts(row))


def _mark_of(sheet: str, row: int, cells: list[str]) -> str:
    return repr((sheet, row, cells))


def _texts(row: LedgerRow) -> list[str]:
    return [cell_text(cell) for cell in row.cells]


def _stretches(keys: Iterable[Any]) -> Iterator[list[Any]]:
    unique = list(dict.fromkeys(keys))
    for first in range(0, len(unique), STRETCH):
        yield unique[first:first + STRETCH]


def keep(desk: Desk, doing: Act, findings: Sequence[Finding], *, file_name: str, digest: str,
         counts: Mapping[str, int], step: Step) -> None:
    """Keep the new rows and set aside those for a person; `step(done, total)` counts rows and may raise."""
    batch = doing.session.execute(insert(ImportBatch).values(
        file_name=file_name, sha256=digest, counts=dict(counts), at=doing.now, clerk_id=doing.clerk_id,
    ).returning(ImportBatch.id)).scalar_one()
    new = [finding for finding in findings if finding.state == NEW]
    firsts = list({finding.row.key: finding for finding in reversed(new)}.values())[::-1]
    contracts = _Keeper(doing, is_practice(desk), desk.catalog.release, batch).keep(firsts, step)
    aside = [f for f in findings if f.result != TAKEN and not f.settled]
    _set_aside(doing, batch, aside, contracts)
    doing.note("import", batch, "ledger_imported", facts={"counts": dict(counts), "new": len(firsts)})


def _set_aside(doing: Act, batch: int, findings: Sequence[Finding], contracts: Mapping[str, int]) -> None:
    """Rows for a person; one at odds with a kept contract leaves in the log what it says, so that it can be adopted."""
    first = first_row_id(doing.session)
    rows: list[dict[str, Any]] = [{
        "id": first + at, "batch_id": batch, "sheet": f.row.sheet, "row": f.row.row, "key": f.row.key,
        "result": f.result, "reasons": f.reasons.split("；"), "cells": _texts(f.row), "settled": False,
        "contract_id": f.against or contracts.get(f.row.key),
    } for at, f in enumerate(findings)]
    if rows:
        doing.session.execute(insert(ImportRow), rows)
    for row, finding in zip(rows, findings, strict=True):
        if finding.state == CONFLICT:
            note_said(doing, row["id"], finding.row, finding.digest)


class _Keeper:
    """Writes new rows: whoever is known is found again, a customer by his paper and name, an account by its 户号."""

    def __init__(self, doing: Act, practice: bool, release: str, batch: int) -> None:
        self.doing = doing
        self.session = doing.session
        self.practice = practice
        self.release = release
        self.batch = batch
        self.marks = doing.marks() | {"version": 1}

    def keep(self, findings: Sequence[Finding], step: Step) -> dict[str, int]:
        """The ids of the new contracts by key."""
        ids: dict[str, int] = {}
        for first in range(0, len(findings), STRETCH):
            step(first, len(findings))
            stretch = findings[first:first + STRETCH]
            ids |= self.stretch(stretch)
        step(len(findings), len(findings))
        return ids

    def stretch(self, findings: Sequence[Finding]) -> dict[str, int]:
        rows = [finding.row for finding in findings]
        customers = self.customers(rows)
        accounts = self.accounts(rows, customers)
        columns = [self.contract(row, customers[_who(row)], accounts[row.account]) for row in rows]
        ids = self.insert(Contract, columns)
        for contract_id, finding in zip(ids, findings, strict=True):
            self.doing.note(SUBJECT, contract_id, IMPORTED, facts={
                "batch": self.batch, "sheet": finding.row.sheet, "row": finding.row.row, "values": finding.digest})
        return {row.key: contract_id for row, contract_id in zip(rows, ids, strict=True)}

    def insert(self, table: Any, columns: list[dict[str, Any]]) -> range:
        """The ids of the new rows. They are given here, which the write lock makes safe: asking the database for
        each would cost a statement a row."""
        first: int = (self.session.scalar(select(func.max(table.id))) or 0) + 1
        ids = range(first, first + len(columns))
        if columns:
            rows = [{"id": number, **self.marks, **each} for number, each in zip(ids, columns, strict=True)]
            self.session.execute(insert(table.__table__), rows)
        return ids

    def customers(self, rows: Sequence[LedgerRow]) -> dict[tuple[str, ...], int]:
        """The customer of each row: the same paper and name is the same customer, without a paper the same 户号."""
        found = self.known_customers(rows)
        new = {who: row for row in rows if (who := _who(row)) not in found}
        ids = self.insert(Customer, [_customer(row) for row in new.values()])
        keep_keys(self.session, zip(ids, ((row.name, row.id_number) for row in new.values()), strict=True))
        return found | dict(zip(new, ids, strict=True))

    def known_customers(self, rows: Sequence[LedgerRow]) -> dict[tuple[str, ...], int]:
        by_paper = select(Customer.id_number, Customer.name, Customer.id).where(
            Customer.id_number.in_({row.id_number for row in rows if row.id_number}))
        by_account = select(Account.number, Customer.name, Customer.id).join(
            Customer, Customer.id == Account.customer_id).where(Account.number.in_({row.account for row in rows}))
        known: dict[tuple[str, ...], int] = {}
        for number, name, customer in self.session.execute(by_account):
            known["account", number or "", name] = customer
        for number, name, customer in self.session.execute(by_paper):
            known["paper", number, name] = customer
        return known

    def accounts(self, rows: Sequence[LedgerRow], customers: Mapping[tuple[str, ...], int]) -> dict[str, int]:
        """The account of each 户号; a new one takes its facts from its newest contract."""
        query = select(Account.number, Account.id).where(Account.number.in_({row.account for row in rows}))
        found: dict[str, int] = {number: found for number, found in self.session.execute(query) if number}
        newest = sorted(rows, key=lambda row: row.signed or row.starts or date.min)
        new = {row.account: _account(row, customers[_who(row)]) for row in newest if row.account not in found}
        ids = self.insert(Account, list(new.values()))
        return found | dict(zip(new, ids, strict=True))

    def contract(self, row: LedgerRow, customer: int, account: int) -> dict[str, Any]:
        renewal = RenewalMode.INDEFINITE if row.indefinite else RenewalMode.UNKNOWN
        return {
            "key": row.key, "number": row.number, "kind": row.kind_id or "", "kind_word": row.kind_word,
            "source": SOURCE, "state": str(State.FILED), "active": True, "practice": self.practice,
            "customer_id": customer, "account_id": account, "capacity": row.capacity,
            "capacity_unit": row.capacity_unit, "voltage": row.voltage, "signed_on": row.signed,
            "starts_on": row.starts, "ends_on": row.ends, "term_months": row.term_months, "renewal": str(renewal),
            "doubts": [{"code": doubt.code, "sentence": doubt.sentence} for doubt in row.doubts],
            "gone": row.gone, "note": row.note, "answers": {}, "signing": {}, "release": self.release,
        }


def _who(row: LedgerRow) -> tuple[str, ...]:
    return ("paper", row.id_number, row.name) if row.id_number else ("account", row.account, row.name)


def _customer(row: LedgerRow) -> dict[str, Any]:
    return name_columns(row.name) | {
        "id_kind": row.id_paper, "id_number": row.id_number, "phone": row.phone, "phone_tail": phone_tail(row.phone),
        "facts": {},
    }


def _account(row: LedgerRow, customer: int) -> dict[str, Any]:
    return {
        "number": row.account, "customer_id": customer, "address": row.address,
        "address_form": address_form(row.address), "capacity": row.capacity,
        "capacity_unit": row.capacity_unit, "voltage": row.voltage, "usage_nature": row.nature, "facts": {},
    }
