"""Lists of contracts: filtered, page by page from an index, and the whole of them one after another.

The order is always by written end, the earliest first, then those without one. A page goes on from the last row of
the page before, so a page in the middle costs what the first one does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, text, tuple_
from sqlalchemy.orm import Session

from db.contracts import DOUBTFUL, DUE, ENDLESS, UNKNOWN_END, Contract
from db.customers import Account, Customer
from desktop.domain.contract import current_end
from desktop.domain.pinyin import search_form
from desktop.errors import Refusal
from desktop.usecases.desk import Desk
from desktop.usecases.finding import starts
from desktop.usecases.paging import Cursor, Page

Found = Row[*tuple[Any, ...]]
FIRST: Cursor = (date.min, 0)
MOST_HITS = 500  # a search that finds more than this is asked again with more letters
CHUNK = 1000
ENDINGS = ("", "90", "60", "30", "15", "7", "0", "overdue", "unknown")


@dataclass(frozen=True)
class ContractFilter:
    """What a list shows. `ending`: one of ENDINGS, days from today, overdue or unknown; `active`: only those in
    force or on their way there, else also the void, replaced and ended ones."""

    text: str = ""
    kind: str = ""
    state: str = ""
    ending: str = ""
    renewal: str = ""
    doubtful: bool = False
    active: bool = True


@dataclass(frozen=True)
class ContractRow:
    """One contract in a list. `ends_on` is the written end, `term_end` that of the running term (自动续展 rolls);
    `days_left` counts to `term_end` and is negative when it has passed. `doubts` are sentences."""

    id: int
    key: str
    number: str
    account: str
    customer: str
    kind: str
    kind_name: str
    state: str
    active: bool
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    term_end: date | None
    renewal: str
    days_left: int | None
    doubts: tuple[str, ...]
    source: str
    has_template: bool
    capacity: str
    gone: bool


_COLUMNS = (
    Contract.id, Contract.key, Contract.number, Account.number.label("account"), Customer.name.label("customer"),
    Contract.kind, Contract.kind_word, Contract.state, Contract.active, Contract.signed_on, Contract.starts_on,
    Contract.ends_on, Contract.renewal, Contract.doubts, Contract.source, Contract.capacity,
    Contract.capacity_unit, Contract.gone, Contract.term_months,
)


def row_query() -> Select[*tuple[Any, ...]]:
    """The columns of a ContractRow, joined from contract, account and customer."""
    return select(*_COLUMNS).join_from(Contract, Account, Account.id == Contract.account_id).join(
        Customer, Customer.id == Contract.customer_id)


def row_of(desk: Desk, row: Found) -> ContractRow:
    """A row of `row_query` as the windows get it, its term and days counted to today."""
    kind = desk.catalog.contract_kinds.get(row.kind)
    end = current_end(row.ends_on, row.renewal, row.term_months, desk.today)
    return ContractRow(
        row.id, row.key, row.number, row.account or "", row.customer, row.kind, kind.name if kind else row.kind_word,
        row.state, row.active, row.signed_on, row.starts_on, row.ends_on, end, row.renewal,
        (end - desk.today).days if end else None, sentences(row.doubts), row.source,
        bool(kind and kind.template), capacity_text(row.capacity, row.capacity_unit), row.gone)


def sentences(doubts: list[Any]) -> tuple[str, ...]:
    """The doubts as sentences; each is kept as {code, sentence}."""
    return tuple(doubt["sentence"] for doubt in doubts)


def capacity_text(capacity: Decimal | None, unit: str) -> str:
    return "" if capacity is None else f"{capacity.normalize():f} {unit}".strip()


def contracts(desk: Desk, wanted: ContractFilter | None = None, after: Cursor | None = None,
              limit: int = 50) -> Page[ContractRow]:
    """A page of at most `limit` contracts after the cursor `after` (None: from the beginning)."""
    wanted = wanted or ContractFilter()
    with desk.db.read() as session:
        if wanted.text.strip():
            found = _searched(session, desk, wanted, after or FIRST)[:limit + 1]
        else:
            found = _listed(session, desk, wanted, after or FIRST, limit + 1)
    rows = tuple(row_of(desk, row) for row in found[:limit])
    return Page(rows, _cursor(found[limit - 1]) if len(found) > limit else None)


def _cursor(row: Found) -> Cursor:
    return (row.ends_on, row.id)


def _listed(session: Session, desk: Desk, wanted: ContractFilter, after: Cursor, limit: int) -> list[Found]:
    """First those with a written end, by that end; then those without, by their number in the book."""
    conditions = _conditions(wanted, desk.today)
    end, last_id = after
    found: list[Found] = []
    if end is not None and wanted.ending != "unknown":
        dated = row_query().where(*conditions, tuple_(Contract.ends_on, Contract.id) > (end, last_id))
        found = list(session.execute(dated.order_by(Contract.ends_on, Contract.id).limit(limit)))
    if len(found) < limit and wanted.ending in ("", "unknown"):
        since = last_id if end is None else 0
        undated = row_query().where(*conditions, _endless(wanted), Contract.id > since)
        found += session.execute(undated.order_by(Contract.id).limit(limit - len(found)))
    return found


def _conditions(wanted: ContractFilter, today: date) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.ending in ("overdue", "unknown"):  # the very words of the index
        asked.append(text(DUE if wanted.ending == "overdue" else UNKNOWN_END))  # type: ignore[arg-type]
    elif wanted.doubtful:  # said so that only the index of the doubtful answers it
        asked += [text(DOUBTFUL), *([Contract.active.is_not(False)] if wanted.active else [])]  # type: ignore[list-item]
    elif wanted.active or wanted.ending:
        asked.append(Contract.active.is_(True))
    asked += [column == value for column, value in (
        (Contract.kind, wanted.kind), (Contract.state, wanted.state), (Contract.renewal, wanted.renewal)) if value]
    return asked + _ending(wanted.ending, today)


def _endless(wanted: ContractFilter) -> ColumnElement[bool]:
    """Without a written end: said plainly where another filter's index leads by it, else so that its own answers."""
    led = wanted.kind or wanted.state or wanted.renewal or (wanted.active and not wanted.doubtful)
    led = led and wanted.ending != "unknown"
    return Contract.ends_on.is_(None) if led else text(ENDLESS)  # type: ignore[return-value]


def _ending(ending: str, today: date) -> list[ColumnElement[bool]]:
    if ending not in ENDINGS:
        raise Refusal(f"没有“{ending}”这种到期筛选，请从 90、60、30、15、7、0、overdue、unknown 里选。", "ending")
    if ending == "overdue":
        return [Contract.ends_on < today]
    if ending.isdigit():
        return [Contract.ends_on.between(today, today + timedelta(days=int(ending)))]
    return []


def _searched(session: Session, desk: Desk, wanted: ContractFilter, after: Cursor) -> list[Found]:
    """Contracts that a typed text finds by an index; they are few, and are put in order here."""
    ids = _hits(session, wanted.text.strip())
    found = session.execute(row_query().where(Contract.id.in_(ids), *_conditions(wanted, desk.today)))
    ordered = sorted(found, key=lambda row: (row.ends_on or date.max, row.id))
    reached = (after[0] or date.max, after[1])
    return [row for row in ordered if (row.ends_on or date.max, row.id) > reached]


def _hits(session: Session, said: str) -> list[int]:
    form = search_form(said)
    ways: list[Select[int]] = [
        select(Contract.id).where(starts(Contract.key, said)),
        select(Contract.id).where(starts(Contract.number, said)),
        select(Contract.id).join(Account, Account.id == Contract.account_id).where(starts(Account.number, said)),
    ]
    if form:
        by_name = select(Contract.id).join(Customer, Customer.id == Contract.customer_id)
        ways += [by_name.where(starts(column, form)) for column in (Customer.name_form, Customer.initials)]
    ids = {found for way in ways for found in session.scalars(way.limit(MOST_HITS))}
    return sorted(ids)[:MOST_HITS]


def all_contracts(desk: Desk) -> Iterator[dict[str, Any]]:
    """Every contract as plain values, in the order they came: number, account, name, kind, signed, starts, ends,
    renewal, state, doubts. Dates are YYYY-MM-DD or None."""
    reached = 0
    while True:
        with desk.db.read() as session:
            rows = session.execute(
                row_query().where(Contract.id > reached).order_by(Contract.id).limit(CHUNK)).all()
        if not rows:
            return
        yield from (_plain(row_of(desk, row)) for row in rows)
        reached = rows[-1].id


def _plain(row: ContractRow) -> dict[str, Any]:
    return {
        "number": row.number, "account": row.account, "name": row.customer, "kind": row.kind_name,
        "signed": _iso(row.signed_on), "starts": _iso(row.starts_on), "ends": _iso(row.ends_on),
        "renewal": row.renewal, "state": row.state, "doubts": list(row.doubts),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
