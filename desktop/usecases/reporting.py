"""Reports and exports: facts are read from what is kept, the sheet is written by `printing`.

A report reads one moment of the database from beginning to end, and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from db.cases import Case
from db.clerks import Clerk
from db.contracts import Contract
from db.customers import Account, Customer
from db.entries import Entry
from desktop.domain.caselog import LogEntry
from desktop.domain.hold import Hold, running
from desktop.domain.reminder import ContractFacts
from desktop.domain.sizing import level_of
from desktop.errors import Refusal
from desktop.progress import Step, no_step
from desktop.usecases.contract_listing import sentences
from desktop.usecases.desk import Desk
from desktop.usecases.resting import Holds, runs
from desktop.usecases.staffing import hall, is_practice
from desktop.usecases.standing import IN_FORCE, figure, holds_of_many
from printing.reports import REPORTS
from printing.reports.report import Asked, CaseFact, ContractFact, EntryFact, Month, Report
from printing.workbook import Column, Footer, SheetSpec, write_workbook

__all__ = ["REPORTS", "Column", "ReportOutcome", "export_rows", "report", "report_named", "suggested_name"]

CHUNK = 400
PRACTICE_MARK = "【演练】"
IN_KVA = ("capacity_kva", "hold_kva", "restore_kva")


@dataclass(frozen=True)
class ReportOutcome:
    """What was written where: the file and how many rows of cases or contracts it has."""

    title: str
    path: Path
    rows: int


def report(desk: Desk, name: str, *, month: str | None = None, out: Path, step: Step = no_step) -> ReportOutcome:
    """Write the report of that name or title to `out` (.xlsx); `month` is written like 2026-11.

    Refusal: no such report, a month that is none or lies ahead, a month missing where one is needed, a file name
    that is no workbook's. Trouble: `out` cannot be written. `step` may raise to cancel; then nothing is written.
    """
    chosen = report_named(name)
    asked = Asked(desk.today, _month(chosen, month, desk.today), desk.catalog.ladder, desk.catalog.calendar,
                  desk.catalog.clock.late_entry_days)
    with desk.db.read() as session:
        facts, total = _FACTS[chosen.source](desk, session, asked)
        made = chosen.make(facts, asked)
        sheet = SheetSpec(
            _title(desk, chosen.title), chosen.columns, chosen.unit, asked.period, _footer(desk), made.closing,
            chosen.keys)
        rows = write_workbook(_workbook(out), sheet, made.rows, total=total, step=step)
    return ReportOutcome(chosen.title, out, rows)


def export_rows(desk: Desk, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], out: Path, *,
                period: str = "", unit: str = "", total: int | None = None, step: Step = no_step) -> ReportOutcome:
    """Write any list as it is shown. A column that holds an ID or a phone must say so (`masked`)."""
    shown = period or f"截至 {desk.today:%Y-%m-%d}"
    sheet = SheetSpec(_title(desk, title), tuple(columns), unit, shown, _footer(desk))
    return ReportOutcome(title, out, write_workbook(_workbook(out), sheet, rows, total=total, step=step))


def report_named(name: str) -> Report:
    """The report of that name or title; refused with the list of those there are."""
    found = next((each for each in REPORTS if name.strip() in (each.name, each.title)), None)
    if found is None:
        known = "、".join(f"{each.title}（{each.name}）" for each in REPORTS)
        raise Refusal(f"没有“{name}”这张报表。现有：{known}。", "name")
    return found


def suggested_name(name: str, month: str | None, today: date) -> str:
    """A file name for the report: its title and period, and nobody's name."""
    return f"{report_named(name).title}-{month or f'{today:%Y-%m-%d}'}.xlsx"


def _month(chosen: Report, month: str | None, today: date) -> Month | None:
    if not month:
        if chosen.needs_month:
            raise Refusal(f"“{chosen.title}”要指定月份，例如 {today:%Y-%m}。", "month")
        return None
    return a_month(month, today, may_lie_ahead=chosen.source != "cases")


def a_month(month: str, today: date, *, may_lie_ahead: bool = False) -> Month:
    """The month that is written like 2026-11; refused for anything else, and for one of which nothing can be known."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise Refusal(f"月份“{month}”看不懂，请写成 {today:%Y-%m} 的样子。", "month")
    found = Month.of(date.fromisoformat(month + "-01"))
    if found.first > today and not may_lie_ahead:
        raise Refusal(f"{month} 还没有到，没有可统计的记录。", "month")
    return found


def _workbook(out: Path) -> Path:
    if out.suffix.lower() != ".xlsx":
        raise Refusal(f"文件名“{out.name}”请以 .xlsx 结尾。", "out")
    return out


def _title(desk: Desk, title: str) -> str:
    return PRACTICE_MARK + title if is_practice(desk) else title


def _footer(desk: Desk) -> Footer:
    answers = hall(desk)
    office = answers.get("hall_name") or answers.get("supplier_name", "")
    return Footer(office, desk.clerk.name if desk.clerk else "", "", desk.today)


# ---- contracts

Facts = tuple[Iterator[Any], int]


def _contract_facts(desk: Desk, session: Session, _asked: Asked) -> Facts:
    """Every contract in force or on its way there, and how many they are."""
    total = session.scalar(select(func.count()).select_from(Contract).where(Contract.active)) or 0
    rows = session.execute(
        _contract_query().where(Contract.active).order_by(Contract.id).execution_options(yield_per=CHUNK))
    return (fact for chunk in rows.partitions(CHUNK) for fact in _contract_chunk(desk, session, chunk)), total


def _contract_chunk(desk: Desk, session: Session, chunk: Sequence[Row[Any]]) -> Iterator[ContractFact]:
    holds = holds_of_many(session, (row.account_id for row in chunk))
    return (_contract_fact(desk, row, holds.get(row.account_id, ())) for row in chunk)


_CONTRACT_COLUMNS: tuple[Any, ...] = (
    Contract.number, Account.number.label("account"), Customer.name.label("customer"), Customer.phone,
    Contract.kind, Contract.kind_word, Contract.capacity, Contract.capacity_unit, Contract.state,
    Contract.signed_on, Contract.starts_on, Contract.ends_on, Contract.renewal, Contract.term_months,
    Contract.objection_days, Contract.gone, Clerk.name.label("handler"), Contract.doubts, Contract.note,
    Contract.settled_note, Contract.account_id, Account.capacity.label("supplied"),
    Account.capacity_unit.label("supplied_unit"),
)


def _contract_query() -> Select[Any]:
    return select(*_CONTRACT_COLUMNS).join_from(Contract, Account, Account.id == Contract.account_id).join(
        Customer, Customer.id == Contract.customer_id).outerjoin(Clerk, Clerk.id == Contract.handler_id)


def _contract_fact(desk: Desk, row: Row[Any], holds: Sequence[Hold]) -> ContractFact:
    kind = desk.catalog.contract_kinds.get(row.kind)
    ends = ContractFacts(row.kind, row.renewal, row.ends_on, row.term_months, row.objection_days or 0, row.gone)
    return ContractFact(
        row.number, row.account or "", row.customer, row.phone, row.kind, kind.name if kind else row.kind_word,
        row.capacity, row.capacity_unit, row.state, row.signed_on, row.starts_on, ends, row.handler or "",
        (*sentences(row.doubts), *_otherwise(row)), "；".join(filter(None, (row.note, row.settled_note))),
        _runs(row, holds, desk.today))


def _runs(row: Row[Any], holds: Sequence[Hold], today: date) -> Decimal | None:
    """How much of the account's capacity runs; of one without a figure, of the contract's."""
    known = row.supplied is not None and row.supplied_unit == row.capacity_unit
    whole = row.supplied if known else row.capacity
    return None if whole is None else running(whole, holds, today)


def _otherwise(row: Row[Any]) -> Iterator[str]:
    """The account's file has another capacity than the contract in force says: one of them is old."""
    if None in (row.supplied, row.capacity) or row.state not in IN_FORCE:
        return
    told, written = figure(row.supplied, row.supplied_unit), figure(row.capacity, row.capacity_unit)
    if told != written:
        yield f"合同写的容量是 {written}，档案的合同容量是 {told}，请核对"


# ---- cases

def case_facts(desk: Desk, session: Session, month: Month | None) -> Facts:
    """The cases that the month can touch (without one: all), oldest first, each with its log; and how many."""
    touched = _touched(month)
    total = session.scalar(select(func.count()).select_from(Case).where(*touched)) or 0
    rows = session.execute(
        _case_query().where(*touched).order_by(Case.applied_on, Case.id).execution_options(yield_per=CHUNK))
    return _with_logs(desk, session, rows.partitions(CHUNK)), total


def _touched(month: Month | None) -> list[Any]:
    """A case closed before the month, or accepted after it, adds nothing to any of its figures."""
    if month is None:
        return []
    return [or_(Case.closed_on.is_(None), Case.closed_on >= month.first), Case.applied_on <= month.last]


def _case_query() -> Select[*tuple[Any, ...]]:
    acceptor, owner = aliased(Clerk), aliased(Clerk)
    return select(
        Case.id, Case.number, Case.yx_application, Case.account_id, Account.status.label("in_use"),
        Account.capacity, Account.capacity_unit, Account.number.label("account"), Customer.name.label("customer"),
        Case.process, Case.release, Case.applied_on, Case.answers, Case.way, Case.promises,
        acceptor.name.label("acceptor"), owner.name.label("owner"),
    ).join_from(Case, Account, Account.id == Case.account_id).join(
        Customer, Customer.id == Case.customer_id).join(
        acceptor, acceptor.id == Case.acceptor_id).join(owner, owner.id == Case.owner_id)


def _with_logs(desk: Desk, session: Session, chunks: Iterable[Sequence[Row[Any]]]) -> Iterator[CaseFact]:
    for chunk in chunks:
        logs = _logs(session, [row.id for row in chunk])
        held = holds_of_many(session, (row.account_id for row in chunk))
        yield from (_case_fact(desk, row, logs[row.id], held) for row in chunk)


def _logs(session: Session, ids: list[int]) -> dict[int, tuple[LogEntry, ...]]:
    query = select(
        Entry.subject_id, Entry.id, Entry.what, Entry.stage, Entry.claimed_on, Entry.entered_at, Clerk.number,
        Clerk.name, Entry.facts,
    ).outerjoin(Clerk, Clerk.id == Entry.clerk_id).where(
        Entry.subject == "case", Entry.subject_id.in_(ids)).order_by(Entry.subject_id, Entry.id)
    grouped = groupby(session.execute(query), key=lambda row: row.subject_id)
    return {case_id: tuple(LogEntry(*row[1:]) for row in rows) for case_id, rows in grouped}


def _case_fact(desk: Desk, row: Row[Any], log: tuple[LogEntry, ...], held: Holds) -> CaseFact:
    process = desk.process(row.process, row.release, row.applied_on)
    promised = [date.fromisoformat(promise["due"]) for promise in row.promises]
    now = runs(row, held, desk.today)
    return CaseFact(
        row.number, row.yx_application, row.account or "", row.customer, process, row.answers, row.way,
        *_capacity(row.answers),
        row.answers.get("voltage", ""), max(promised, default=None), row.acceptor, row.owner, log,
        None if now is None else row.capacity, now, "" if now is None else row.capacity_unit)


def _capacity(answers: Mapping[str, Any]) -> tuple[Decimal, str]:
    """What was applied for, or is sealed or run again, and its unit: kVA at high voltage, else kW."""
    of_high = next((answers[name] for name in IN_KVA if answers.get(name)), "")
    high = of_high or level_of(answers.get("voltage")) == "high"
    return Decimal(of_high or answers.get("capacity_kw") or 0), "kVA" if high else "kW"


# ---- entries

def _entry_facts(desk: Desk, session: Session, asked: Asked) -> Facts:
    """What was entered of cases in the month. The log only grows, so a month is a run of its numbers."""
    month = asked.month
    assert month is not None
    first, after = (_first_entered(session, day) for day in (month.first, month.last + timedelta(days=1)))
    query = select(Clerk.name, Case.process, Case.release, Entry.claimed_on, Entry.entered_at, Entry.facts).join_from(
        Entry, Case, Case.id == Entry.subject_id).outerjoin(Clerk, Clerk.id == Entry.clerk_id).where(
        Entry.subject == "case", Entry.id >= first, Entry.id < after).order_by(Entry.id)
    rows = session.execute(query.execution_options(yield_per=CHUNK))
    return (EntryFact(row.name or "—", desk.process(row.process, row.release).name, row.claimed_on,
                      row.entered_at.date())
            for row in rows if not row.facts.get("source")), after - first  # what came over was entered elsewhere


def _first_entered(session: Session, day: date) -> int:
    """The number of the first entry made on that day or later, found by halving."""
    low, high = 1, (session.scalar(select(func.max(Entry.id))) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = session.scalar(select(Entry.entered_at).where(Entry.id >= middle).order_by(Entry.id).limit(1))
        low, high = (low, middle) if at is None or at.date() >= day else (middle + 1, high)
    return low


_FACTS: dict[str, Callable[[Desk, Session, Asked], Facts]] = {
    "contracts": _contract_facts, "entries": _entry_facts,
    "cases": lambda desk, session, asked: case_facts(desk, session, asked.month),
}
