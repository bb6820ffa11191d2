"""Signing a printed contract: who signed in what capacity and on what paper, seals, filing, and making void."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from db.cases import Case
from db.contracts import Contract
from desktop.domain.case import Status
from desktop.domain.caselog import What
from desktop.domain.contract import State, effective_on, may_step
from desktop.domain.field import check, tidy
from desktop.domain.identity import is_personal
from desktop.domain.kind import refuse_strange
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import Act, history
from desktop.usecases.casework import contract_deed
from desktop.usecases.contract_keeping import SUBJECT, ContractView, change_contract, unsigned_text
from desktop.usecases.desk import Desk

CAPACITIES = ("法定代表人", "负责人", "授权代理人", "本人")
AGENT, SELF = "授权代理人", "本人"
AGENTS = {"customer": "agent_name", "ours": "supplier_agent"}
OF_POWER = ("poa_number", "poa_from", "poa_until")
SIGNING_FACTS = ("signer", "capacity", "poa_number", "poa_from", "poa_until", "copies")
LABELS = {"signer": "签署人", "capacity": "签署身份", "poa_number": "授权委托书编号", "poa_from": "委托起始日",
          "poa_until": "委托截止日", "copies": "份数", "returned": "收回份数", "box": "档案盒号"}


def sign_customer(desk: Desk, number: str, signing: Mapping[str, str], on: date, *,
                  request_id: str | None = None) -> ContractView:
    """The customer signed on `on`: signer, capacity (one of CAPACITIES), for an agent poa_number, poa_from and
    poa_until, and copies given.

    Refused before the text is approved, for a paper printed before that, before it was printed, for a day ahead, for
    facts that nobody asks, where the 授权委托书 does not cover the day, and where agent or 授权委托书 are not those of
    the contract's text.
    依据：民法典第一百六十五条、第四百九十条。
    """
    def sign(doing: Act, row: Contract) -> None:
        _refuse_unapproved(doing, row)
        facts = _checked(row, "customer", signing, on, desk.today)
        _move(row, State.CUSTOMER_SIGNED, {"signed_on": on, **facts})
        row.customer_signed_on = on
        row.signing = {**row.signing, "customer": facts}
        _tell(doing, desk, row, What.CONTRACT_CUSTOMER_SIGNED, on, facts)

    return change_contract(desk, number, "sign_customer", sign, request_id)


def sign_ours(desk: Desk, number: str, signing: Mapping[str, str], on: date, *,
              request_id: str | None = None) -> ContractView:
    """We signed and sealed on `on` (facts as for the customer): the contract takes effect, never before the last
    signature; it replaces its predecessor, and its case's contract stage is done."""
    def sign(doing: Act, row: Contract) -> None:
        _refuse_unapproved(doing, row)
        facts = _checked(row, "ours", signing, on, desk.today)
        _move(row, State.SIGNED, {"signed_on": on, **facts})
        row.our_signed_on = on
        row.signing = {**row.signing, "ours": facts}
        _take_effect(doing, row)
        _tell(doing, desk, row, What.CONTRACT_SIGNED, row.signed_on or on, facts)

    return change_contract(desk, number, "sign_ours", sign, request_id)


def archive(desk: Desk, number: str, box: str, returned: int, *, request_id: str | None = None) -> ContractView:
    """File the signed contract in 档案盒 `box`, with the copies that came back."""
    def file(doing: Act, row: Contract) -> None:
        _refuse_copies(row, returned)
        _move(row, State.FILED, {"box": box})
        row.box = box.strip()
        facts = {"box": row.box, "returned": returned}
        row.signing = {**row.signing, "filed": facts}
        _tell(doing, desk, row, What.CONTRACT_FILED, doing.today, facts)

    return change_contract(desk, number, "archive_contract", file, request_id)


def copies_given(signing: Mapping[str, Any], answers: Mapping[str, Any]) -> int | None:
    """How many copies went out: as recorded with the customer's signature, else as many as the contract has."""
    given = (signing.get("customer") or {}).get("copies")
    made = [int(str(answers[name])) for name in ("copies_original", "copies_duplicate") if answers.get(name)]
    return int(given) if given else sum(made) or None


def _refuse_copies(row: Contract, returned: int) -> None:
    if returned < 1:
        raise Refusal("收回份数至少为 1 份，未收回的合同不能归档。", "returned")
    given = copies_given(row.signing, row.answers)
    if given is not None and returned > given:
        raise Refusal(f"收回份数 {returned} 多于交付的 {given} 份，请核对。", "returned")


def void(desk: Desk, number: str, reason: str, *, request_id: str | None = None) -> ContractView:
    """Make a contract that is not filed void, with a reason; its predecessor stands again, its case's contract
    stage opens again."""
    def make_void(doing: Act, row: Contract) -> None:
        replaced = row.state == State.SIGNED
        _refuse_over(row)
        _refuse_carried_out(doing, row)
        _move(row, State.VOID, {"reason": reason})
        row.void_reason, row.active = reason.strip(), False
        if replaced:
            _stand_again(doing, row)
        _tell(doing, desk, row, What.CONTRACT_VOID, doing.today, {"reason": row.void_reason})

    return change_contract(desk, number, "void_contract", make_void, request_id)


def _refuse_over(row: Contract) -> None:
    """What is over already is neither made void nor ended once more."""
    if row.state in (State.SIGNED, State.FILED) and not row.active:
        raise Refusal(f"合同“{row.key}”已不在履行（{row.settled_note or '由后续合同接替'}），不用作废，也不用再终止。")


def _refuse_carried_out(doing: Act, row: Contract) -> None:
    """What its case has carried out to the end, a void contract would not undo: the account is the new customer's."""
    case = doing.session.get(Case, row.case_id) if row.case_id else None
    if row.state == State.SIGNED and case is not None and case.status == Status.ARCHIVED:
        raise Refusal(f"工单 {case.number} 已归档，合同“{row.key}”已在履行，不能作废：确要不再履行的，请登记“终止”"
                      "并写明原因。")


def _move(row: Contract, after: State, facts: Mapping[str, Any]) -> None:
    lacks = may_step(State(row.state), after, facts)
    if lacks:
        raise Refusal(f"合同“{row.key}”还不能这样登记：", lacks[0].field, lacks)
    row.state = str(after)


def _tell(doing: Act, desk: Desk, row: Contract, what: str, on: date, facts: Mapping[str, Any]) -> None:
    """Log a deed with the contract, and with its case while that is open."""
    doing.note(SUBJECT, row.id, what, claimed_on=on, facts=dict(facts))
    case = _open_case(doing, row)
    if case is not None:
        contract_deed(doing, desk, case.id, what, on)


def _open_case(doing: Act, row: Contract) -> Case | None:
    case = doing.session.get(Case, row.case_id) if row.case_id else None
    return case if case is not None and case.closed_on is None else None


def give_back(doing: Act, desk: Desk, row: Contract) -> bool:
    """A filed contract is ended before its case is: as after 作废 its predecessor stands again, and the case goes back
    to its contract, to be signed anew or to be ended. False, and nothing, where the case is closed or there is none."""
    case = _open_case(doing, row)
    if case is not None:
        _stand_again(doing, row)
        contract_deed(doing, desk, case.id, What.CONTRACT_VOID, doing.today)
    return case is not None


def _take_effect(doing: Act, row: Contract) -> None:
    assert row.customer_signed_on is not None and row.our_signed_on is not None
    row.signed_on = max(row.customer_signed_on, row.our_signed_on)
    row.starts_on = effective_on(row.customer_signed_on, row.our_signed_on, row.starts_on)
    if row.predecessor_id is not None:
        before = doing.session.get_one(Contract, row.predecessor_id)
        before.active = False
        doing.touch(before)
        doing.note(SUBJECT, before.id, "replaced", claimed_on=row.starts_on, facts={"by": row.key})


def _stand_again(doing: Act, row: Contract) -> None:
    """What this contract replaced, if it did, is in force again."""
    if row.predecessor_id is None:
        return
    before = doing.session.get_one(Contract, row.predecessor_id)
    before.active = True
    doing.touch(before)
    doing.note(SUBJECT, before.id, "stands_again", facts={"void": row.key})


def _checked(row: Contract, side: str, signing: Mapping[str, str], on: date, today: date) -> dict[str, str]:
    """The signature's facts as they are kept; refused with everything that is missing or cannot be."""
    refuse_strange(SIGNING_FACTS, signing)
    facts = {name: str(signing.get(name) or "").strip() for name in SIGNING_FACTS}
    facts |= {name: tidy(name, facts[name]) for name in OF_POWER}
    lacks = (*_day_lacks(row, on, today), *_signer_lacks(row, side, facts), *_poa_lacks(facts, on),
             *_copies_lacks(facts))
    lacks = lacks or _power_lacks(row, side, facts)
    if lacks:
        raise Refusal("签署登记还不完整：", lacks[0].field, lacks)
    return {name: value for name, value in {**facts, "doubt": _doubt(row, side, facts)}.items() if value}


def _day_lacks(row: Contract, on: date, today: date) -> tuple[Missing, ...]:
    if on > today:
        return (Missing(f"签署日期 {on.isoformat()} 晚于今天，请改为实际签署日期", "on"),)
    if row.printed_on and on < row.printed_on:
        return (Missing(f"签署日期 {on.isoformat()} 早于合同打印日期 {row.printed_on.isoformat()}，请核对", "on"),)
    return ()


def _signer_lacks(row: Contract, side: str, facts: Mapping[str, str]) -> tuple[Missing, ...]:
    """Nobody signs for another without a paper that says so (防代签)."""
    signer, capacity = facts["signer"], facts["capacity"]
    if not signer:
        return (Missing("请填写签署人姓名", "signer"),)
    if capacity not in CAPACITIES:
        return (Missing(f"签署身份请从这些里选：{'、'.join(CAPACITIES)}", "capacity"),)
    personal = side == "customer" and is_personal(str(row.answers.get("customer_id_kind", "")))
    if capacity == SELF and not personal:
        return (Missing("单位不能以“本人”身份签署，请选法定代表人、负责人或授权代理人", "capacity"),)
    expected = _expected(row, side, capacity)
    if expected and signer != expected:
        return (Missing(f"签署人与合同中的{capacity}不是同一人；由他人代签的请选“{AGENT}”并登记授权委托书", "signer"),)
    return ()


def _expected(row: Contract, side: str, capacity: str) -> str:
    names = {"customer": ("customer_name", "legal_person"), "ours": ("", "supplier_legal_person")}[side]
    if capacity == AGENT:
        return ""
    return str(row.answers.get(names[0] if capacity == SELF else names[1], ""))


def _poa_lacks(facts: Mapping[str, str], on: date) -> tuple[Missing, ...]:
    """依据：民法典第一百六十五条（授权委托书应载明事项、权限和期限）。"""
    if facts["capacity"] != AGENT:
        return ()
    blanks = tuple(Missing(f"授权代理人签署的，请填写{LABELS[name]}", name)
                   for name in OF_POWER if not facts[name])
    faults = tuple(Missing(fault, name) for name in OF_POWER
                   if facts[name] and (fault := check(name, facts[name])))
    if blanks or faults:
        return (*blanks, *faults)
    if date.fromisoformat(facts["poa_from"]) <= on <= date.fromisoformat(facts["poa_until"]):
        return ()
    return (Missing(f"授权委托书期限（{facts['poa_from']} 至 {facts['poa_until']}）不含签署日 {on.isoformat()}，"
                    "请换有效的授权委托书", "poa_until"),)


def _power_lacks(row: Contract, side: str, facts: Mapping[str, str]) -> tuple[Missing, ...]:
    """What was agreed is what the text says: agent and power are those it names, where it names any."""
    agreed = {"signer": str(row.answers.get(AGENTS[side]) or "")}
    if facts["capacity"] != AGENT or not agreed["signer"]:
        return ()
    if side == "customer":
        agreed |= {name: str(row.answers.get(name) or "") for name in OF_POWER}
    return tuple(
        Missing(f"{LABELS[name]}“{facts[name]}”与合同所写的“{said}”不一致：请按合同所写的办理，"
                "或作废后按新的授权委托书重新起草", name)
        for name, said in agreed.items() if said and facts[name] != said)


def _doubt(row: Contract, side: str, facts: Mapping[str, str]) -> str:
    """An agent whom the text does not name signs on his paper alone: kept with the signature, for whoever files it."""
    named = facts["capacity"] != AGENT or row.answers.get(AGENTS[side])
    return "" if named else "合同未写授权代理人，归档时请附授权委托书原件"


def _copies_lacks(facts: Mapping[str, str]) -> tuple[Missing, ...]:
    copies = facts["copies"]
    if not copies or (copies.isascii() and copies.isdigit() and 1 <= int(copies) <= 20):
        return ()
    return (Missing("份数应为 1 至 20 的整数", "copies"),)


def _refuse_unapproved(doing: Act, row: Contract) -> None:
    if row.state == State.VOID:
        raise Refusal(f"合同“{row.key}”已作废，不能再登记签署：请从工单重新起草，续签的从原合同重新续签。")
    if why := unsigned_text(doing.session, row, history(doing.session, SUBJECT, row.id)):
        raise Refusal(f"{why}。")
