"""A contract whose text is not in the house: signed on the company's own paper, registered with its case.

It is looked after as any other: listed, reminded of before its end, ended by a transfer or a closing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from db.cases import Case
from db.contracts import Contract
from db.customers import Account
from desktop.domain.contract import ContractKind, RenewalMode, State, end_of
from desktop.domain.process import Process, Stage
from desktop.errors import Missing, Refusal
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

    Refused with all of its dates and its way of renewal that contradict one another, and for a number that is
    another's.
    """
    term = _term(doing, case, kind, facts, day)
    row = doing.session.scalars(select(Contract).where(Contract.case_id == case.id, Contract.active)).first()
    number = str(facts.get("contract_number") or (row.number if row else case.number))
    row = row or _ended(doing, case, number)
    _refuse_taken(doing, number, row)
    if row is None:
        row = Contract(
            key=number, kind=kind.id, kind_word=kind.name, source="registered", state=str(State.FILED),
            customer_id=case.customer_id, account_id=case.account_id, case_id=case.id, doubts=[], signing={},
            answers={}, **doing.marks())
        doing.session.add(row)
    row.key = row.number = number
    row.active, row.settled_note = True, ""
    row.signed_on, row.starts_on, row.ends_on = term.signed, term.starts, term.ends
    row.renewal, row.objection_days = str(term.renewal), kind.renewal.objection_days or None
    row.renewal_confirmed = "" if term.renewal is RenewalMode.UNKNOWN else (
        "登记：合同写明" if facts.get("renewal_mode") else f"目录：{kind.basis.text}")
    row.capacity, row.capacity_unit = _capacity(doing, case)
    row.voltage, row.release = str(case.answers.get("voltage", "")), case.release
    row.answers = {**case.answers, **facts}
    doing.touch(row)
    doing.session.flush()
    told = {"kind": kind.id, "case": case.number}
    doing.note("contract", row.id, "contract_registered", claimed_on=term.signed, facts=told)
    _follow(doing, case, row)
    return row


def _ended(doing: Act, case: Case, number: str) -> Contract | None:
    """The case's own contract of that number, which was ended because it was registered wrongly."""
    return doing.session.scalars(select(Contract).where(
        Contract.case_id == case.id, Contract.key == number, Contract.source == "registered")).first()


def _follow(doing: Act, case: Case, row: Contract) -> None:
    """What the account was supplied by before is replaced, and linked."""
    before = doing.session.scalars(select(Contract).where(
        Contract.account_id == case.account_id, Contract.active, Contract.id != row.id,
        Contract.state.in_(IN_FORCE)).order_by(Contract.id.desc()).limit(1)).first()
    if before is not None:
        row.predecessor_id, before.active = before.id, False
        doing.touch(before)
        doing.note("contract", before.id, "replaced", facts={"by": row.key})


@dataclass(frozen=True)
class _Term:
    """How long a registered contract holds, as its paper says; `ends` None: 不定期."""

    signed: date
    starts: date
    ends: date | None
    renewal: RenewalMode


def _term(doing: Act, case: Case, kind: ContractKind, facts: Mapping[str, Any], day: date) -> _Term:
    """The term that was written on paper; refused with everything in it that cannot be.

    依据：民法典第四百九十条（签名、盖章时成立）；有效期的上限见目录 contracts.toml.
    """
    said = {name: str(facts.get(name) or "") for name in (SIGNED_ON, "contract_from", "contract_until")}
    until = said["contract_until"] or str(case.answers.get("temporary_until") or "")
    signed = date.fromisoformat(said[SIGNED_ON]) if said[SIGNED_ON] else day
    starts = date.fromisoformat(said["contract_from"]) if said["contract_from"] else signed
    term = _Term(signed, starts, date.fromisoformat(until) if until else None,
                 RenewalMode(str(facts.get("renewal_mode") or kind.renewal.mode)))
    faults = (*_day_faults(term, case.applied_on, doing.today), *_end_faults(term, kind))
    if faults:
        raise Refusal("合同登记的日期和续展方式有矛盾：", faults[0].field, faults)
    return term


def _day_faults(term: _Term, applied_on: date, today: date) -> Iterator[Missing]:
    if term.signed > today:
        yield Missing(f"合同签订日期 {term.signed} 晚于今天，请核对", SIGNED_ON)
    if term.signed < applied_on:
        yield Missing(f"合同签订日期 {term.signed} 早于受理日期 {applied_on}，请核对", SIGNED_ON)
    if term.starts < term.signed:
        yield Missing(f"合同生效日 {term.starts} 早于签订日期 {term.signed}：合同签了才生效（民法典第四百九十条）",
                      "contract_from")


def _end_faults(term: _Term, kind: ContractKind) -> Iterator[Missing]:
    """A contract without an end is 不定期, and one that is 不定期 has no end; only some kinds may be so."""
    endless, may_be = term.renewal is RenewalMode.INDEFINITE, kind.renewal.mode is RenewalMode.INDEFINITE
    cap = end_of(term.starts, kind.cap_years)
    if endless and not may_be:
        yield Missing(f"“{kind.name}”合同都有期限（最长 {kind.cap_years} 年，依据：{kind.basis.text}），不能是不定期",
                      "renewal_mode")
    elif endless and term.ends is not None:
        yield Missing(f"写了截止日 {term.ends} 的合同不是不定期：请填续展方式（到期重签、到期终止，不清楚的填未知），"
                      "合同确是不定期的清空截止日", "renewal_mode")
    elif term.renewal is RenewalMode.AUTOMATIC and not kind.renewal.objection_days:
        yield Missing(f"“{kind.name}”合同没有续展的异议期，不能自动续展：请填到期重签或到期终止，不清楚的填未知",
                      "renewal_mode")
    elif not endless and term.ends is None:
        yield Missing("有期限的合同请填写合同截止日" + ("；没有期限的把续展方式填为不定期" if may_be else ""),
                      "contract_until")
    if term.ends is not None and term.ends < term.starts:
        yield Missing(f"合同截止日 {term.ends} 早于生效日 {term.starts}，请核对", "contract_until")
    elif term.ends is not None and term.ends > cap:
        yield Missing(f"合同截止日 {term.ends} 超过“{kind.name}”合同的上限 {kind.cap_years} 年（最晚到 {cap}，"
                      f"依据：{kind.basis.text}）", "contract_until")


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
