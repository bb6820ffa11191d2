"""One supply account whole: how it stands, its contracts and cases of all time, its meters, what is owed, and which
changes of use could begin today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from db.cases import Case
from db.contracts import Contract
from db.customers import Account, Customer
from db.fees import UNPAID, Fee
from db.seeking import FORMER_NAMES
from desktop.domain.accord import receiving_sum
from desktop.domain.contract import state_told
from desktop.domain.hold import Length, year_total
from desktop.domain.identity import mask_id, mask_phone
from desktop.domain.process import Process, Subject
from desktop.usecases.acting import history
from desktop.usecases.changing import findings, first_answers
from desktop.usecases.contract_keeping import ended_on
from desktop.usecases.desk import Desk
from desktop.usecases.metering import MeterRow, meters_at
from desktop.usecases.standing import (
    AccountView,
    account_row,
    account_view,
    contract_of,
    figure,
    transformers_of,
)

RESIDENT, HIGH_CLASS = "低压居民", "高压"


@dataclass(frozen=True)
class ContractLine:
    """A contract that the account has or had; `state` in words, also that it is over, and since when."""

    key: str
    kind: str
    state: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class CaseLine:
    """A case of the account; `closed_on` None while it is open."""

    number: str
    kind: str
    status: str
    accepted_on: date
    closed_on: date | None


@dataclass(frozen=True)
class YearOfHolds:
    """How long capacity of a kind rests in a calendar year, days that overlap counted once."""

    year: int
    kind: str
    total: Length


STILL_TO_SAY = "filled"  # the check of what the customer has yet to say


@dataclass(frozen=True)
class Possible:
    """A change of use, and why it cannot begin now; an empty `reason`: it can."""

    process: str
    pad: str
    name: str
    reason: str


@dataclass(frozen=True)
class Transformers:
    """受电变压器 as they are known: the rows of the field `transformers`, and in words what does not fit; whether the
    account has any to tell of."""

    rows: tuple[dict[str, str], ...]
    doubt: str
    asked: bool


@dataclass(frozen=True)
class AccountFile:
    """The account as its page shows it; ID and phone masked, fees in 元."""

    view: AccountView
    id_kind: str
    id_number: str
    phone: str
    former_names: tuple[str, ...]
    years: tuple[YearOfHolds, ...]
    contracts: tuple[ContractLine, ...]
    cases: tuple[CaseLine, ...]
    meters: tuple[MeterRow, ...]
    transformers: Transformers
    owed: Decimal
    possible: tuple[Possible, ...]


def account_file(desk: Desk, number: str) -> AccountFile:
    """The account of that 户号 whole; refused if there is none."""
    with desk.db.read() as session:
        row = account_row(session, number)
        view, owner = account_view(session, row, desk), session.get_one(Customer, row.customer_id)
        return AccountFile(
            view, owner.id_kind, mask_id(owner.id_number) if owner.id_number else "",
            mask_phone(owner.phone) if owner.phone else "", tuple(owner.facts.get(FORMER_NAMES, ())),
            tuple(_years(desk, view)), _contracts(session, row.id), _cases(session, row.id, desk),
            meters_at(session, row.id), _transformers(session, row, view), _owed(session, row.id),
            tuple(_possible(session, desk, row, view)))


def _years(desk: Desk, view: AccountView) -> Iterator[YearOfHolds]:
    """By the rule of yearly sums that the catalogue has; without one nobody asks for them."""
    holds = view.standing.holds
    rules = (rule for process in desk.catalog.processes.values() if process.changes_use for rule in process.rules)
    month = next((int(str(rule.settings["month_days"])) for rule in rules if rule.check == "year_sum"), None)
    if month is None:
        return
    for kind in dict.fromkeys(hold.kind for hold in holds):
        spans = [(hold.since.year, (hold.last or hold.until or hold.since).year) for hold in holds if hold.kind == kind]
        for year in range(min(first for first, _ in spans), max(last for _, last in spans) + 1):
            total = year_total(holds, kind, year, month)
            if total != (0, 0):
                yield YearOfHolds(year, kind, total)


def _contracts(session: Session, account_id: int) -> tuple[ContractLine, ...]:
    rows = session.scalars(select(Contract).where(Contract.account_id == account_id).order_by(Contract.id.desc()))
    return tuple(ContractLine(row.key, row.kind_word or row.kind, state_told(
        row.state, row.active, since=ended_on(row, history(session, "contract", row.id))), row.starts_on, row.ends_on)
        for row in rows)


def _cases(session: Session, account_id: int, desk: Desk) -> tuple[CaseLine, ...]:
    rows = session.scalars(select(Case).where(Case.account_id == account_id).order_by(Case.id.desc()))
    kinds = desk.catalog.processes
    return tuple(CaseLine(row.number, kinds[row.process].name if row.process in kinds else row.process, row.status,
                          row.applied_on, row.closed_on) for row in rows)


def _transformers(session: Session, row: Account, view: AccountView) -> Transformers:
    """A list that does not make up the capacity is not used: a suspension is then not held to whole transformers."""
    rows, stands = transformers_of(row, contract_of(session, row.id)), view.standing
    doubt = ""
    if rows and not stands.units:
        total = receiving_sum({"transformers": rows})
        told = f"合计 {figure(total, 'kVA')}" if total is not None else "没有写全"
        doubt = f"{told}，合同容量是 {view.contract_capacity or '未登记'}：对不上，暂停、减容时不按它核对整台"
    return Transformers(tuple(rows), doubt, not stands.is_low)


def _owed(session: Session, account_id: int) -> Decimal:
    return session.scalar(select(func.sum(Fee.amount)).join(Case, Case.id == Fee.case_id).where(
        Case.account_id == account_id, text(UNPAID))) or Decimal(0)


def _possible(session: Session, desk: Desk, row: Account, view: AccountView) -> Iterator[Possible]:
    """Each kind of change by the rules that the account alone decides; what the customer asks for comes later."""
    for process in desk.catalog.processes.taken_on(desk.today):
        if process.subject is Subject.ACCOUNT:
            answers = {**first_answers(process, view), "yx_account": row.number or ""}
            found = [each.sentence for each in findings(session, desk, process, answers, desk.today)
                     if each.blocks and each.rule.check != STILL_TO_SAY]
            yield Possible(process.id, process.pad, process.short or process.name, next(
                iter(found), "") or _other_class(process, view))


def _other_class(process: Process, view: AccountView) -> str:
    """Why a kind of another class of customers does not suit the account; of every class, nothing."""
    home, low = view.standing.known.get("usage_nature") == "居民生活", view.standing.is_low
    mine = HIGH_CLASS if not low else RESIDENT if home else "低压非居民"
    wanted = process.customer_class
    fits = wanted == mine or wanted not in (HIGH_CLASS, RESIDENT, "低压非居民") or not view.standing.voltage
    return "" if fits else f"这一户是{mine}，“{process.name}”办的是{wanted}"
