"""Lists of contracts: filtered, page by page from an index, and the whole of them one after another.

The order is always by written end, the earliest first, then those without one. A page goes on from the last row of
the page before, so a page in the middle costs what the first one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    bindparam,
    case,
    exists,
    select,
    text,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import Session

from db.conditions import DOUBTFUL, DUE, ENDLESS, UNKNOWN_END
from db.contracts import Contract
from db.customers import Account, Customer, Holding
from desktop.domain.contract import ContractKind, current_end, state_told
from desktop.domain.hold import Hold, resting, running
from desktop.errors import Refusal
from desktop.usecases.desk import Desk
from desktop.usecases.finding import customers_named, spoken, starts
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


class ContractRow(NamedTuple):
    """One contract in a list. `ends_on` is the written end, `term_end` that of the running term (自动续展 rolls);
    `days_left` counts to `term_end` and is negative when it has passed. `doubts` are sentences.

    A tuple and no dataclass, though as unchangeable: a page is made of many, and must be there at once.
    """

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


_C, _A, _U = Contract.__table__.c, Account.__table__.c, Customer.__table__.c
_DOUBTS = case((text(DOUBTFUL), _C.doubts))  # most have none, and None is read faster than an empty list
_H = Holding.__table__.c
_RESTS = exists().where(_H.account_id == _C.account_id, _H.restored_on.is_(None)).correlate(Contract.__table__)
_ROWS = select(
    _C.id, _C.key, _C.number, _A.number.label("account"), _U.name.label("customer"), _C.kind, _C.kind_word, _C.state,
    _C.active, _C.signed_on, _C.starts_on, _C.ends_on, _C.renewal, _DOUBTS, _C.source, _C.capacity,
    _C.capacity_unit, _C.gone, _C.term_months, type_coerce(_RESTS, Integer).label("rests"),
).select_from(Contract.__table__.join(Account.__table__, _A.id == _C.account_id).join(
    Customer.__table__, _U.id == _C.customer_id))


_RESTING = select(_A.number, _H.kind, _H.kva, _H.since, _H.until).select_from(
    Holding.__table__.join(Account.__table__, _A.id == _H.account_id)).where(
    _H.restored_on.is_(None), _A.number.in_(bindparam("numbers", expanding=True)))


def row_query() -> Select[*tuple[Any, ...]]:
    """The columns of a ContractRow, joined from contract, account and customer."""
    return _ROWS


def rows_of(desk: Desk, found: Sequence[Found]) -> tuple[ContractRow, ...]:
    """Rows of `row_query` as the windows get them, their terms and days counted to today."""
    kinds, today = desk.catalog.contract_kinds, desk.today
    return tuple(_row(each, kinds.get(each[5]), today) for each in found)


def with_running(session: Session, rows: Sequence[ContractRow], found: Sequence[Found],
                 today: date) -> tuple[ContractRow, ...]:
    """The rows, those of accounts where capacity rests today with the 运行容量 beside the contract's."""
    numbers = {row.account for row, each in zip(rows, found, strict=True) if each[19] and row.account and row.active}
    if not numbers:
        return tuple(rows)
    holds: dict[str, list[Hold]] = {}
    for number, *hold in session.execute(_RESTING, {"numbers": list(numbers)}):
        holds.setdefault(number, []).append(Hold(*hold))
    return tuple(_running(row, each, holds.get(row.account, []), today) for row, each in zip(rows, found, strict=True))


def _running(row: ContractRow, found: Found, holds: Sequence[Hold], today: date) -> ContractRow:
    capacity, unit = found[15], found[16]
    if not row.active or capacity is None or not resting(holds, today):
        return row
    return row._replace(capacity=f"{row.capacity}（运行 {capacity_text(running(capacity, holds, today), unit)}）")


def _row(found: Found, known: ContractKind | None, today: date) -> ContractRow:
    (number_in_book, key, number, account, customer, kind, word, state, active, signed, starts_on, ends, renewal,
     doubts, source, capacity, unit, gone, months, _rests) = found
    end = current_end(ends, renewal, months, today)
    return ContractRow(
        number_in_book, key, number, account or "", customer, kind, known.name if known else word, state, active,
        signed, starts_on, ends, end, renewal, (end - today).days if end else None, sentences(doubts), source,
        bool(known and known.template), capacity_text(capacity, unit), gone)


def sentences(doubts: list[Any] | None) -> tuple[str, ...]:
    """The doubts as sentences; each is kept as {code, sentence}."""
    return tuple([doubt["sentence"] for doubt in doubts]) if doubts else ()


def capacity_text(capacity: Decimal | None, unit: str) -> str:
    return "" if capacity is None else f"{capacity.normalize():f} {unit}".strip()


def contracts(desk: Desk, wanted: ContractFilter | None = None, after: Cursor | None = None,
              limit: int = 50) -> Page[ContractRow]:
    """A page of at most `limit` contracts after the cursor `after` (None: from the beginning)."""
    wanted = wanted or ContractFilter()
    if wanted.ending not in ENDINGS:
        known = "、".join(filter(None, ENDINGS))
        raise Refusal(f"没有“{wanted.ending}”这种到期筛选，请从这些里选：{known}。", "ending")
    with desk.db.read() as session:
        if spoken(wanted.text):
            found = _searched(session, desk, wanted, after or FIRST)[:limit + 1]
        else:
            found = _listed(session, desk, wanted, after or FIRST, limit + 1)
        rows = with_running(session, rows_of(desk, found[:limit]), found[:limit], desk.today)
    last = found[limit - 1] if len(found) > limit else None
    return Page(rows, (last.ends_on, last.id) if last else None)


def _listed(session: Session, desk: Desk, wanted: ContractFilter, after: Cursor, limit: int) -> list[Found]:
    """First those with a written end, by that end; then those without, by their number in the book."""
    end, last_id = after
    said = _said(wanted, desk.today)
    found: list[Found] = []
    if end is not None and wanted.ending != "unknown":
        found += session.execute(_dated(wanted), {**said, "end": end, "id": last_id, "limit": limit})
    if len(found) < limit and wanted.ending in ("", "unknown"):
        since = last_id if end is None else 0
        found += session.execute(_undated(wanted), {**said, "id": since, "limit": limit - len(found)})
    return found


def _said(wanted: ContractFilter, today: date) -> dict[str, Any]:
    """The values of a filter, as parameters of its statements."""
    until = today + timedelta(days=int(wanted.ending)) if wanted.ending.isdigit() else today
    return {"kind": wanted.kind, "state": wanted.state, "renewal": wanted.renewal, "today": today, "until": until}


@lru_cache(maxsize=256)
def _dated(wanted: ContractFilter) -> Select[*tuple[Any, ...]]:
    """Contracts with a written end after the cursor, by that end; built once for each combination of filters."""
    on = (tuple_(_C.ends_on, _C.id) > tuple_(bindparam("end", type_=Date), bindparam("id")), *_conditions(wanted))
    return _ROWS.where(*on).order_by(_C.ends_on, _C.id).limit(bindparam("limit"))


@lru_cache(maxsize=256)
def _undated(wanted: ContractFilter) -> Select[*tuple[Any, ...]]:
    """Contracts without a written end, by their number in the book."""
    on = (*_conditions(wanted), _endless(wanted), _C.id > bindparam("id"))
    return _ROWS.where(*on).order_by(_C.id).limit(bindparam("limit"))


def _conditions(wanted: ContractFilter) -> list[ColumnElement[bool]]:
    asked = list(_force(wanted))
    if wanted.ending == "overdue":
        asked.append(_C.ends_on < bindparam("today"))
    elif wanted.ending.isdigit():
        asked.append(_C.ends_on.between(bindparam("today"), bindparam("until")))
    return asked + [_C[name] == bindparam(name) for name in ("kind", "state", "renewal") if getattr(wanted, name)]


def _force(wanted: ContractFilter) -> Iterator[ColumnElement[bool]]:
    """In force or not, doubtful or not, in words that lead the planner to the one index that is in order."""
    words = {"overdue": DUE, "unknown": UNKNOWN_END}.get(wanted.ending) or (DOUBTFUL if wanted.doubtful else "")
    if words:
        yield text(words)  # type: ignore[misc]  # the very words of a partial index
    if wanted.doubtful and words != DOUBTFUL:
        yield text(DOUBTFUL)  # type: ignore[misc]
    if wanted.active or wanted.ending:
        yield _C.active.is_not(False) if words else _C.active.is_(True)


def _endless(wanted: ContractFilter) -> ColumnElement[bool]:
    """Without a written end: said plainly where another filter's index leads by it, else so that its own answers."""
    led = wanted.kind or wanted.state or wanted.renewal or (wanted.active and not wanted.doubtful)
    led = led and wanted.ending != "unknown"
    return _C.ends_on.is_(None) if led else text(ENDLESS)  # type: ignore[return-value]


def _searched(session: Session, desk: Desk, wanted: ContractFilter, after: Cursor) -> list[Found]:
    """Contracts that a typed text finds by an index; they are few, and are put in order here."""
    ids = _hits(desk, session, spoken(wanted.text))
    found = session.execute(_ROWS.where(_C.id.in_(ids), *_conditions(wanted)), _said(wanted, desk.today))
    ordered = sorted(found, key=lambda row: (row.ends_on or date.max, row.id))
    reached = (after[0] or date.max, after[1])
    return [row for row in ordered if (row.ends_on or date.max, row.id) > reached]


def _hits(desk: Desk, session: Session, said: str) -> list[int]:
    """The ids of contracts by a number's beginning, by 户号, or by their customer."""
    ways: list[Select[int]] = [
        select(Contract.id).where(starts(Contract.key, said)),
        select(Contract.id).where(starts(Contract.number, said)),
        select(Contract.id).join(Account, Account.id == Contract.account_id).where(starts(Account.number, said)),
    ]
    with desk.db.glance() as ask:
        named = customers_named(ask, said, MOST_HITS)
    if named:
        ways.append(select(Contract.id).where(Contract.customer_id.in_(named)))
    ids = {found for way in ways for found in session.scalars(way.limit(MOST_HITS))}
    return sorted(ids)[:MOST_HITS]


def all_contracts(desk: Desk) -> Iterator[dict[str, Any]]:
    """Every contract as plain values, in the order they came: number, account, name, kind, signed, starts, ends,
    renewal, state in words, active, doubts. Dates are YYYY-MM-DD or None."""
    reached = 0
    while True:
        with desk.db.read() as session:
            rows = session.execute(
                _ROWS.where(_C.id > reached).order_by(_C.id).limit(CHUNK)).all()
        if not rows:
            return
        yield from (_plain(row) for row in rows_of(desk, rows))
        reached = rows[-1].id


def _plain(row: ContractRow) -> dict[str, Any]:
    return {
        "number": row.number, "account": row.account, "name": row.customer, "kind": row.kind_name,
        "signed": _iso(row.signed_on), "starts": _iso(row.starts_on), "ends": _iso(row.ends_on),
        "renewal": row.renewal, "state": state_told(row.state, row.active), "active": row.active,
        "doubts": list(row.doubts),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
