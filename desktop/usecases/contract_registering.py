"""A contract whose text is not in the house: signed on the company's own paper, registered with its case.

It is looked after as any other: listed, reminded of before its end, ended by a transfer or a closing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from db.cases import Case
from db.contracts import Contract
from db.customers import Account
from desktop.domain.contract import ContractKind, RenewalMode, State, end_of
from desktop.domain.process import Process, Stage
from desktop.errors import Refusal
from desktop.usecases.acting import Act
from desktop.usecases.desk import Desk
from desktop.usecases.standing import IN_FORCE

SIGNED_ON = "contract_signed_on"  # a stage that asks for it registers the contract


def registers(stage: Stage) -> bool:
    return SIGNED_ON in stage.fields


def register_signed(doing: Act, desk: Desk, case: Case, process: Process, facts: Mapping[str, Any], day: date) -> None:
    """Keep the contract that the done stage registers, of the kind that the application asks for."""
    kinds = desk.rules_of(process.release).contract_kinds
    keep_signed(doing, case, kinds[process.contract_kind_for(case.answers)], facts, day)


def keep_signed(doing: Act, case: Case, kind: ContractKind, facts: Mapping[str, Any], day: date) -> Contract:
    """Keep the contract that was signed on paper, or what is said of it anew after the stage was sent back. It follows
    the contract that the account had before.

    Refused where its end lies before its beginning or beyond the cap of its kind, and for a number that is another's.
    """
    signed = date.fromisoformat(str(facts.get(SIGNED_ON) or day))
    starts = date.fromisoformat(str(facts.get("contract_from") or signed))
    ends = _end(kind, starts, str(facts.get("contract_until") or case.answers.get("temporary_until") or ""))
    row = doing.session.scalars(select(Contract).where(Contract.case_id == case.id, Contract.active)).first()
    number = str(facts.get("contract_number") or (row.number if row else case.number))
    _refuse_taken(doing, number, row)
    if row is None:
        row = Contract(
            key=number, kind=kind.id, kind_word=kind.name, source="registered", state=str(State.FILED),
            customer_id=case.customer_id, account_id=case.account_id, case_id=case.id, doubts=[], signing={},
            renewal_confirmed=f"目录：{kind.basis.text}", renewal=str(kind.renewal.mode), answers={}, **doing.marks())
        doing.session.add(row)
    row.key = row.number = number
    row.signed_on, row.starts_on, row.ends_on = signed, starts, ends
    row.objection_days = kind.renewal.objection_days or None
    row.capacity, row.capacity_unit = _capacity(doing, case)
    row.voltage, row.release = str(case.answers.get("voltage", "")), case.release
    row.answers = {**case.answers, **facts}
    doing.touch(row)
    doing.session.flush()
    told = {"kind": kind.id, "case": case.number}
    doing.note("contract", row.id, "contract_registered", claimed_on=signed, facts=told)
    _follow(doing, case, row)
    return row


def _follow(doing: Act, case: Case, row: Contract) -> None:
    """What the account was supplied by before is replaced, and linked."""
    before = doing.session.scalars(select(Contract).where(
        Contract.account_id == case.account_id, Contract.active, Contract.id != row.id,
        Contract.state.in_(IN_FORCE)).order_by(Contract.id.desc()).limit(1)).first()
    if before is not None:
        row.predecessor_id, before.active = before.id, False
        doing.touch(before)
        doing.note("contract", before.id, "replaced", facts={"by": row.key})


def _end(kind: ContractKind, starts: date, said: str) -> date | None:
    """The last day; without one an indefinite kind has none and another runs as long as it may."""
    cap = end_of(starts, kind.cap_years)
    if not said:
        return None if kind.renewal.mode is RenewalMode.INDEFINITE else cap
    ends = date.fromisoformat(said)
    if not starts <= ends <= cap:
        raise Refusal(f"“{kind.name}”合同的截止日应在 {starts} 与 {cap} 之间（最长 {kind.cap_years} 年，"
                      f"依据：{kind.basis.text}）。", "contract_until")
    return ends


def _refuse_taken(doing: Act, number: str, row: Contract | None) -> None:
    other = doing.session.scalar(select(Contract.id).where(Contract.key == number))
    if other is not None and (row is None or other != row.id):
        raise Refusal(f"合同编号 {number} 已是另一份合同，请核对。", "contract_number")


def _capacity(doing: Act, case: Case) -> tuple[Decimal | None, str]:
    """What was applied for; a change that leaves the capacity as it is says none, and the account has it."""
    for unit in ("kVA", "kW"):
        if said := case.answers.get(f"capacity_{unit.lower()}"):
            return Decimal(str(said)), unit
    account = doing.session.get_one(Account, case.account_id)
    return account.capacity, account.capacity_unit
