"""How a contract goes on when its end is near: renewed, extended, turned into a permanent one, or ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.cases import Case
from db.contracts import Contract
from db.customers import Account, Customer
from desktop.domain.clause import Fault
from desktop.domain.clause import faults as faults_of
from desktop.domain.contract import (
    TERMINATED,
    ContractKind,
    Renewal,
    RenewalMode,
    State,
    current_end,
    deeds_between,
    end_of,
    over_cap,
)
from desktop.domain.field import check, tidy
from desktop.domain.kind import Value
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import Act, AlreadyDone, act
from desktop.usecases.contract_amending import months_between, tidied, write_file
from desktop.usecases.contract_keeping import (
    DEFAULTED,
    SUBJECT,
    ContractView,
    change_contract,
    contract,
    contract_row,
    kind_of,
    kind_today,
    template_of,
)
from desktop.usecases.contracting import note_drawn, write_draft
from desktop.usecases.desk import Desk
from desktop.usecases.gathering import Term, assumed, columns_of, of_account, runs, whole
from desktop.usecases.signing import give_back
from desktop.usecases.staffing import hall, is_practice

A_DAY = timedelta(days=1)
TEMPORARY = "temporary"
ENDED = (State.SIGNED, State.FILED)
WAYS = (RenewalMode.AUTOMATIC, RenewalMode.RESIGN, RenewalMode.ENDS)  # those that a contract's text offers
OF_THE_WAY = ("renewal_mode", "objection_days")
ASKED_FOR = "续签时指明"
ADVICE = "请用“档案补录”补齐，或随续签一并提交（命令行 renew … --answers FILE.json）。"


@dataclass(frozen=True)
class Wish:
    """What is said with a renewal: `way` and its 异议期 (empty: as before), the length in years, and why so early."""

    way: Mapping[str, str]
    years: int | None = None
    early: str = ""


def renew(desk: Desk, number: str, *, answers: Mapping[str, Value] | None = None, years: int | None = None,
          early: str = "", request_id: str | None = None) -> ContractView:
    """Draw up the successor of a contract from the old one's facts, linked to it; `answers` supply what the file
    lacks and are kept with it. The new term follows the old one, or begins today where that has ended.

    `years`: its length, default the old one's, never above the kind's cap. It goes on after its end as the old one
    does, unless `answers` name renewal_mode (and objection_days); where nobody knows how that is, as its kind usually
    does, and its view says so. `early`: why it is renewed before the first reminder would ask for it.
    Refused with every fact that is missing; a draft that was drawn up before is taken again with the newest facts, a
    printed one stays as it is.
    """
    said = answers or {}
    half, given = hall(desk), tidied({name: value for name, value in said.items() if name not in OF_THE_WAY})
    wish = Wish(_way_said(said), years, early.strip())
    try:
        with act(desk, "renew", request_id) as doing:
            old = contract_row(doing.session, number)
            kind = _renewable(desk, old)
            _take_over(doing, old, given)
            new = _successor(doing.session, old)
            if new is None or new.state == State.DRAFT:
                new = _draw(doing, desk, old, new, kind, half, wish)
            doing.result = new.key
    except AlreadyDone as done:
        return contract(desk, done.result)
    return contract(desk, doing.result)


def _renewable(desk: Desk, old: Contract) -> ContractKind:
    if old.kind == TEMPORARY:
        raise Refusal("临时用电合同不续签：请办理延期、转正式或终止拆表。", "kind")
    if old.state not in ENDED:
        first = "”“".join(deeds_between(State(old.state), State.SIGNED)) or "重新起草"
        raise Refusal(f"合同“{old.key}”现为“{old.state}”，双方签订后才能续签：请先办“{first}”。")
    if not old.active:
        raise Refusal(f"合同“{old.key}”已被后续合同接替或已终止，请对最新的一份办理。")
    kind = kind_today(desk, old)
    template_of(kind)
    return kind


def _take_over(doing: Act, old: Contract, given: Mapping[str, Value]) -> None:
    if given:
        account = doing.session.get_one(Account, old.account_id)
        write_file(doing, account, doing.session.get_one(Customer, old.customer_id), given)
        doing.session.flush()


def _successor(session: Session, old: Contract) -> Contract | None:
    return session.scalars(select(Contract).where(
        Contract.predecessor_id == old.id, Contract.state != State.VOID).order_by(Contract.id.desc()).limit(1)).first()


def _draw(doing: Act, desk: Desk, old: Contract, new: Contract | None, kind: ContractKind, half: Mapping[str, str],
          wish: Wish) -> Contract:
    term = _term(desk, old, kind, wish.years)
    facts = {**of_account(doing.session, old.customer_id, old.account_id, {**columns_of(old), **old.answers}),
             **runs(doing.session, old.account_id, max(desk.today, term.starts))}
    rules = desk.catalog.stand_ins
    renewal, why = _renewal(old, new, kind, wish.way)
    answers = whole(facts, half, kind, term, renewal, rules)
    wrong = faults_of(template_of(kind), answers, cap_years=kind.cap_years, pairings=desk.catalog.pairings)
    _refuse_missing(old, wrong, () if new or wish.early else _too_early(desk, old))
    owner = (old.customer_id, old.account_id, None)
    practice = old.practice or is_practice(desk)
    row = write_draft(doing, desk.catalog.release, new, kind, owner, answers, practice)
    note_drawn(doing, row, assumed(answers, rules, facts, half))
    row.predecessor_id, row.renewal_confirmed = old.id, why
    why_early = {"reason": wish.early} if wish.early else {}
    doing.note(SUBJECT, old.id, "renewed", facts={"successor": row.key, **why_early})
    return row


def _way_said(answers: Mapping[str, Value]) -> dict[str, str]:
    """How the new contract is to go on, where that is said; refused where it is no way that the text offers."""
    said = {name: tidy(name, str(answers[name])) for name in OF_THE_WAY if answers.get(name)}
    if said.get("renewal_mode", WAYS[0]) not in WAYS:
        raise Refusal(f"续展方式请从这些里选：{'、'.join(WAYS)}。", "renewal_mode")
    for name, value in said.items():
        if sentence := check(name, value):
            raise Refusal(sentence, name)
    return said


def _renewal(old: Contract, new: Contract | None, kind: ContractKind, said: Mapping[str, str]) -> tuple[Renewal, str]:
    """How the new contract goes on after its end, and on whose word: what is said now, what its draft was told
    before, as the old one does; else as its kind usually does, which is no more than a proposal."""
    if said.get("renewal_mode"):
        return _way(said["renewal_mode"], int(said.get("objection_days", "0")), kind), ASKED_FOR
    if new is not None and new.renewal_confirmed == ASKED_FOR:
        return _way(new.renewal, new.objection_days or 0, kind), ASKED_FOR
    if old.renewal in WAYS:
        return _way(old.renewal, old.objection_days or 0, kind), f"同原合同 {old.key}"
    return kind.renewal, f"{DEFAULTED}（原合同“{old.renewal}”）：{kind.basis.text}"


def _way(mode: str, days: int, kind: ContractKind) -> Renewal:
    usual = kind.renewal.objection_days
    return Renewal(RenewalMode(mode), (days or usual) if mode == RenewalMode.AUTOMATIC else 0)


def _too_early(desk: Desk, old: Contract) -> tuple[Missing, ...]:
    """Before the first reminder nobody is waiting for a renewal: whoever wants one then says why."""
    end = current_end(old.ends_on, old.renewal, old.term_months, desk.today)
    first = max(band.days for band in desk.catalog.ladder.bands)
    left = (end - desk.today).days if end else 0
    if end is None or left <= first:
        return ()
    return (Missing(f"合同到 {end.isoformat()} 才到期，还有 {left} 天，早于最早的提醒（{first} 天）：提前续签请写明原因"
                    "（命令行 --early 原因）", "early"),)


def _term(desk: Desk, old: Contract, kind: ContractKind, years: int | None) -> Term:
    """The same length again, from the day after the running term, or from today where that has passed."""
    end = current_end(old.ends_on, old.renewal, old.term_months, desk.today)
    starts = end + A_DAY if end and end >= desk.today else desk.today
    usual = (old.term_months or 0) // 12 or kind.cap_years
    return Term(starts, min(years or usual, kind.cap_years))


def _refuse_missing(old: Contract, wrong: tuple[Fault, ...], early: tuple[Missing, ...]) -> None:
    missing = tuple(Missing(f"{fault.head}：{fault.sentence}" if fault.head else fault.sentence, fault.field)
                    for fault in wrong)
    if missing:
        lacks = (*missing, *early)
        raise Refusal(f"合同“{old.key}”的档案还缺 {len(wrong)} 项，不能续签。{ADVICE}", lacks[0].field, lacks)
    if early:
        raise Refusal(f"合同“{old.key}”离到期还早：", early[0].field, early)


def extend(desk: Desk, number: str, until: date, reason: str, *, request_id: str | None = None) -> ContractView:
    """延期: move the end of a temporary contract, before it has ended, to `until`; never beyond the kind's cap."""
    def change(doing: Act, row: Contract) -> dict[str, Any]:
        _refuse_extension(row, kind_of(desk, row), until, desk.today)
        before, row.ends_on = row.ends_on, until
        row.term_months = months_between(row.starts_on or row.signed_on, until)
        row.snooze_until, row.settled_note = None, ""
        assert before is not None
        return {"before": before.isoformat(), "until": until.isoformat(), "reason": reason.strip()}

    return _change(desk, number, "extended", change, reason, request_id)


def _refuse_extension(row: Contract, kind: ContractKind, until: date, today: date) -> None:
    """依据：临时用电期限不超过目录所列上限，延期应在到期前办理。"""
    starts = row.starts_on or row.signed_on
    if row.kind != TEMPORARY:
        raise Refusal("只有临时用电合同办理延期，其他合同请续签。", "kind")
    if row.ends_on is None or starts is None:
        raise Refusal(f"合同“{row.key}”期限不明，请先查合同原件补录日期。", "ends")
    if row.ends_on < today:
        raise Refusal(f"合同已于 {row.ends_on.isoformat()} 到期，不能再延期：请转正式或终止拆表。", "until")
    if until <= row.ends_on:
        raise Refusal(f"延期的截止日应晚于现在的截止日 {row.ends_on.isoformat()}。", "until")
    if over_cap(starts, until, kind.cap_years):
        last = end_of(starts, kind.cap_years).isoformat()
        raise Refusal(f"临时用电自 {starts.isoformat()} 起最长 {kind.cap_years} 年，最晚到 {last}。", "until")


def convert(desk: Desk, number: str, note: str, *, case_number: str = "",
            request_id: str | None = None) -> ContractView:
    """转正式: close a temporary contract in favour of a permanent connection, whose case (if it is open already)
    is named; it opens nothing by itself."""
    def change(doing: Act, row: Contract) -> dict[str, Any]:
        if row.kind != TEMPORARY:
            raise Refusal("只有临时用电合同办理转正式。", "kind")
        if case_number and doing.session.scalar(select(Case.id).where(Case.number == case_number.strip())) is None:
            raise Refusal(f"没有编号为“{case_number}”的工单，请先受理正式用电申请，或不填工单号。", "case")
        told = f"转正式用电：{case_number or '客户有意，尚未受理'}"
        row.active, row.settled_note = False, told
        return {"case": case_number.strip(), "note": note.strip()}

    return _change(desk, number, "converted", change, note, request_id)


def terminate(desk: Desk, number: str, reason: str, *, removed_on: date | None = None,
              request_id: str | None = None) -> ContractView:
    """终止 (for temporary supply with 拆表 on `removed_on`): the contract is no longer in force. A case that is still
    open goes back to its contract, as after 作废, and may be signed anew or ended; then no meter has to be down."""
    def change(doing: Act, row: Contract) -> dict[str, Any]:
        goes_back = give_back(doing, desk, row)
        if row.kind == TEMPORARY and removed_on is None and not goes_back:
            raise Refusal("临时用电终止须填写拆表日期。", "removed_on")
        if removed_on is not None and removed_on > desk.today:
            raise Refusal("拆表日期不能晚于今天，拆表后再登记终止。", "removed_on")
        row.active, row.settled_note = False, f"{TERMINATED}{reason.strip()}"
        return {"reason": reason.strip(), "removed_on": removed_on.isoformat() if removed_on else None}

    return _change(desk, number, "terminated", change, reason, request_id)


def _change(desk: Desk, number: str, what: str, change: Callable[[Act, Contract], dict[str, Any]], reason: str,
            request_id: str | None) -> ContractView:
    if not reason.strip():
        raise Refusal("请写明原因。", "reason")

    def in_force(doing: Act, row: Contract) -> None:
        if row.state not in ENDED or not row.active:
            raise Refusal(f"合同“{row.key}”不在履行中（{row.state}），不能办理：请对履行中的一份办理，未签订的可作废。")
        doing.note(SUBJECT, row.id, what, facts=change(doing, row))

    return change_contract(desk, number, what, in_force, request_id)
