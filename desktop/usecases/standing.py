"""What a supply account stands at today: its contract's and its running capacity, what rests, what is open on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.base import table_of
from db.cases import Case
from db.contracts import Contract
from db.customers import Account, Customer, Holding
from desktop.domain.accord import receiving_sum, rows_in
from desktop.domain.contract import State
from desktop.domain.equipment import Units
from desktop.domain.hold import Hold
from desktop.domain.kind import number_of
from desktop.domain.sample_account import ACCOUNTS
from desktop.domain.standing import HIGH, LOW, OpenCase, Standing
from desktop.domain.voltage import voltage_named
from desktop.errors import Refusal
from desktop.usecases.desk import Desk

IN_FORCE = (State.SIGNED, State.FILED)
TEMPORARY = "temporary"
OF_KIND = {"high_voltage": HIGH, "low_voltage": LOW, "resident": LOW}  # what a contract's kind tells of its voltage
UNIT_FIELDS = {"kW": "capacity_kw", "kVA": "capacity_kva"}
CUSTOMER_FIELDS = {
    "customer_name": "name", "customer_id_kind": "id_kind", "customer_id": "id_number", "customer_phone": "phone",
    "customer_address": "address",
}
_CASES, _HOLDS = table_of(Case), table_of(Holding)


@dataclass(frozen=True)
class ContractBrief:
    """The account's contract in force; `ends_on` is the written end, `renewal` how it goes on after."""

    key: str
    kind: str
    state: str
    ends_on: date | None
    renewal: str


@dataclass(frozen=True)
class AccountView:
    """An account as the counter sees it. `contract_capacity` and `running_capacity` are texts with their unit, empty
    where the file has none; `standing` is what the rules ask."""

    id: int
    customer_id: int
    number: str
    customer: str
    address: str
    contract_capacity: str
    running_capacity: str
    resting: str
    standing: Standing
    contract: ContractBrief | None


def account(desk: Desk, number: str, *, without_case: int | None = None) -> AccountView:
    """The account of that 户号 today; refused if there is none. `without_case`: a case that does not count as open."""
    with desk.db.read() as session:
        return account_view(session, account_row(session, number), desk, without_case=without_case)


@dataclass(frozen=True)
class AccountHit:
    """An account that answers to what was typed."""

    number: str
    customer: str
    address: str


def accounts_like(desk: Desk, text: str, limit: int = 8) -> tuple[AccountHit, ...]:
    """Accounts by 户号, or by what a customer says of himself: name, initials, telephone, ID; those with a 户号."""
    from desktop.usecases.finding import find

    hits = find(desk, text, 4 * limit)
    ids = [hit.account_id for hit in hits if hit.account_id is not None]
    owners = [hit.customer_id for hit in hits if hit.kind == "客户"]
    query = select(Account.id, Account.number, Customer.name, Account.address).join(
        Customer, Customer.id == Account.customer_id).where(Account.number.is_not(None)).limit(limit)
    with desk.db.read() as session:
        found = [*session.execute(query.where(Account.id.in_(ids))), *session.execute(
            query.where(Account.customer_id.in_(owners)))]
    rows = {row.id: AccountHit(row.number, row.name, row.address) for row in found}
    return tuple(rows.values())[:limit]


def no_account(number: str) -> str:
    """That there is no account of that 户号, and what to do; of one of the samples, that it is invented."""
    said = number.strip()
    if said in (each.number for each in ACCOUNTS.values()):
        return (f"没有户号为“{said}”的用电户：这是样例里虚构的演练户，请换成自己的户号；"
                "本程序里还没有的户，先导入合同台账建档。")
    return (f"没有户号为“{said or '空'}”的用电户：请核对户号，或按户名、地址查找后再选；"
            "本程序里还没有的户，先导入合同台账建档。")


def account_row(session: Session, number: str) -> Account:
    """The account of that 户号; refused if there is none."""
    row = find_account(session, number)
    if row is None:
        raise Refusal(no_account(number), "yx_account")
    return row


def find_account(session: Session, number: str) -> Account | None:
    """The account of that 户号, if there is one."""
    said = number.strip()
    return session.scalars(select(Account).where(Account.number == said)).one_or_none() if said else None


def account_view(session: Session, row: Account, desk: Desk, *, without_case: int | None = None) -> AccountView:
    """The account with all that a change of use asks of it."""
    customer = session.get_one(Customer, row.customer_id)
    kept = contract_of(session, row.id)
    stands = _standing(session, row, customer, kept, desk, without_case)
    rests = stands.resting(desk.today)
    return AccountView(
        row.id, row.customer_id, row.number or "", customer.name, row.address, figure(stands.capacity, stands.unit),
        figure(stands.running(desk.today), stands.unit), figure(rests, stands.unit) if rests else "", stands,
        ContractBrief(kept.key, kept.kind_word or kept.kind, kept.state, kept.ends_on, kept.renewal) if kept else None)


def figure(number: Decimal | None, unit: str) -> str:
    """A capacity as it is shown: plain, with its unit; empty where it is not known."""
    return "" if number is None else f"{number.normalize():f} {unit}".strip()


def standing_of(session: Session, row: Account, desk: Desk, *, without_case: int | None = None) -> Standing:
    """The account as the rules ask for it."""
    customer = session.get_one(Customer, row.customer_id)
    return _standing(session, row, customer, contract_of(session, row.id), desk, without_case)


def _standing(session: Session, row: Account, customer: Customer, kept: Contract | None, desk: Desk,
              without_case: int | None) -> Standing:
    capacity, unit = row.capacity, row.capacity_unit
    if capacity is None and kept is not None:
        capacity, unit = kept.capacity, kept.capacity_unit
    voltage = _voltage(row, kept)
    stands = Standing(
        row.number or "", row.status, capacity, unit, voltage, bool(kept and kept.kind == TEMPORARY),
        holds_of(session, row.id), _open_cases(session, row.id, desk, without_case))
    return replace(stands, known=_known(row, customer, kept, stands), units=_units(row, kept, capacity))


def _units(row: Account, kept: Contract | None, capacity: Decimal | None) -> Units:
    """The transformers that are known, so many of so many kVA; none where they are not all of its capacity (a motor at
    high voltage, an older list)."""
    rows = transformers_of(row, kept)
    if capacity is None or receiving_sum({"transformers": rows}) != capacity:
        return ()
    pairs = [(number_of(each["count"]), number_of(each["kva"])) for each in rows]
    return tuple((int(count), kva) for count, kva in pairs if count and kva)


def transformers_of(row: Account, kept: Contract | None) -> list[dict[str, str]]:
    """The transformers that the account's file, else its contract, lists; none where nobody told any."""
    return rows_in(row.facts, "transformers") or (rows_in(kept.answers, "transformers") if kept else [])


def contract_of(session: Session, account_id: int) -> Contract | None:
    """The account's contract in force: signed by both and neither ended nor replaced; the newest if there are more."""
    return session.scalars(select(Contract).where(
        Contract.account_id == account_id, Contract.active, Contract.state.in_(IN_FORCE)).order_by(
        Contract.id.desc()).limit(1)).first()


def holds_of(session: Session, account_id: int) -> tuple[Hold, ...]:
    """All that ever rested on the account, the oldest first."""
    query = select(_HOLDS, _CASES.c.number, _CASES.c.answers).join(_CASES, _CASES.c.id == _HOLDS.c.case_id).where(
        _HOLDS.c.account_id == account_id).order_by(_HOLDS.c.since, _HOLDS.c.id)
    return tuple(Hold(row.kind, row.kva, row.since, row.until, row.restored_on, row.number,
                      str(row.answers.get("hold_equipment") or ""))
                 for row in session.execute(query))


def holds_of_many(session: Session, account_ids: Iterable[int]) -> dict[int, tuple[Hold, ...]]:
    """What rests on the accounts of a list and was not restored, by account; most have nothing."""
    found: dict[int, tuple[Hold, ...]] = {}
    query = select(_HOLDS).where(_HOLDS.c.account_id.in_(set(account_ids)), _HOLDS.c.restored_on.is_(None))
    for row in session.execute(query):
        hold = Hold(row.kind, row.kva, row.since, row.until, None)
        found[row.account_id] = (*found.get(row.account_id, ()), hold)
    return found


def _open_cases(session: Session, account_id: int, desk: Desk, without: int | None) -> tuple[OpenCase, ...]:
    query = select(_CASES.c.number, _CASES.c.process, _CASES.c.release).where(
        _CASES.c.account_id == account_id, _CASES.c.closed_on.is_(None), _CASES.c.id != (without or 0)).order_by(
        _CASES.c.id)
    return tuple(OpenCase(row.number, desk.process(row.process, row.release).name)
                 for row in session.execute(query))


def _voltage(row: Account, kept: Contract | None) -> str:
    """The account's voltage, else that of its contract, else what the contract's kind tells of it."""
    for said in (row.voltage, kept.voltage if kept else ""):
        if said:
            return voltage_named(said) or said
    return OF_KIND.get(kept.kind, "") if kept else ""


def _known(row: Account, customer: Customer, kept: Contract | None, stands: Standing) -> Mapping[str, str]:
    """What account and customer answer, by the names of the field dictionary; blanks are left out."""
    told: dict[str, Any] = {**customer.facts, **(_text_of(kept.answers) if kept else {}), **row.facts}
    told |= {name: getattr(customer, column) for name, column in CUSTOMER_FIELDS.items()}
    told |= {"yx_account": row.number, "old_name": customer.name, "usage_address": row.address,
             "usage_nature": row.usage_nature, "voltage": stands.voltage if stands.voltage not in (HIGH, LOW) else ""}
    if stands.capacity is not None and stands.unit in UNIT_FIELDS:
        told[UNIT_FIELDS[stands.unit]] = f"{stands.capacity.normalize():f}"
    return {name: value for name, value in told.items() if isinstance(value, str) and value}


OF_CONTRACT = ("price_class", "metering_point", "industry", "phases", "legal_person", "metering_mode")


def _text_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """What only the contract may know of the account."""
    return {name: answers[name] for name in OF_CONTRACT if answers.get(name)}
