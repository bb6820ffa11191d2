"""Changes of use (变更用电): what an application is held to, and what its stages do to the account and its contract.

Which rules, which stage does what, and what becomes of the contract are rows of the kind's file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.cases import Case
from db.contracts import Contract, Paper
from db.customers import Account, Customer, Holding
from db.seeking import FORMER_ACCOUNTS, FORMER_NAMES
from desktop.domain.accord import number_in
from desktop.domain.caselog import LogEntry, What, standing
from desktop.domain.contract import TERMINATED, change_signer_faults
from desktop.domain.field import FIELDS
from desktop.domain.hold import equipment_of
from desktop.domain.kind import shown
from desktop.domain.process import Consequence, ContractAct, Deed, Effect, Process, Stage, Subject
from desktop.domain.rule import Broken, Situation, broken
from desktop.domain.standing import CLOSED
from desktop.errors import Missing, Refusal
from desktop.usecases import undoing
from desktop.usecases.acting import Act, history
from desktop.usecases.adding_up import beside
from desktop.usecases.desk import Desk
from desktop.usecases.registering import forget, register_customer, remember
from desktop.usecases.standing import (
    IN_FORCE,
    AccountView,
    account_row,
    contract_of,
    figure,
    find_account,
    no_account,
    standing_of,
)

SUBJECT = "contract"
TRANSFERRED, TAKEN_BACK = "change_transfer", "transfer_taken_back"
SEALING = ("sealed_on", "unsealed_on")  # the day from which a confirmation says that it counts
BESIDE = "together"  # the check that looks at other cases, too
TO_BE_ASKED = ("differs", "capacity")  # checks of what a change must say anew
NEVER_RENAMED = ("customer_name", "customer_id_kind", "customer_id")  # only 更名 and 过户 change who it is
BY_CONTRACT = (ContractAct.NEW, ContractAct.RENEW, ContractAct.TRANSFER)  # what a signed contract answers
SETTLED = ("settled_on", "settled_by", "settled_amount", "settled_proof", "final_reading", "reading_on",
           "transfer_reading", "arrears", "arrears_by", "arrears_on")
UNIT_FIELDS = {"kVA": ("scheme_capacity_kva", "capacity_kva"), "kW": ("scheme_capacity_kw", "capacity_kw")}


def begins_from_account(process: Process) -> bool:
    """Whether an application of this kind is about an account that there is."""
    return process.subject == Subject.ACCOUNT


def findings(session: Session, desk: Desk, process: Process, answers: Mapping[str, Any], day: date, *,
             stage: str = "", case: Case | None = None, refusing: bool = False) -> tuple[Broken, ...]:
    """The kind's rules of `stage` (empty: of acceptance) that these answers do not keep on that day, refusing ones
    and, unless `refusing`, those that only ask; none that ask for an account while there is none of that 户号.

    `case`: whose stage it is; what it did itself already does not count against it.
    """
    rules = [rule for rule in process.rules if rule.stage == stage and (rule.blocks or not refusing)]
    if not rules:
        return ()
    row = find_account(session, str(answers.get("yx_account") or "")) if begins_from_account(process) else None
    stands = standing_of(session, row, desk, without_case=case.id if case else None) if row else None
    if stands and case:
        stands = replace(stands, holds=tuple(hold for hold in stands.holds if hold.case != case.number))
    accepted = case.applied_on if case else None
    together = [int(str(rule.settings["most_days"])) for rule in rules if rule.check == BESIDE]
    near = beside(session, answers, day - timedelta(max(together)), case.id if case else None) if together else ()
    calendar = desk.rules_of(process.release).calendar
    return tuple(broken(rules, Situation(answers, day, calendar, stands, accepted, near)))


def refuse_broken(session: Session, desk: Desk, process: Process, answers: Mapping[str, Any], day: date) -> None:
    """Refused where the application, as it is about to be kept, breaks a rule: another counter may have been first.
    Refused, too, where there is no such account."""
    if begins_from_account(process):
        account_row(session, str(answers.get("yx_account") or ""))
    found = [each for each in findings(session, desk, process, answers, day, refusing=True)
             if each.blocks]
    if found:
        raise Refusal("还不能受理：", found[0].field or None,
                      tuple(Missing(each.sentence, each.field or None) for each in found))


def whose(doing: Act, process: Process, answers: Mapping[str, Any], customer_id: int | None) -> tuple[int, int]:
    """The customer and the account of an application about an account: its own customer, whose name stays what it is,
    or in a 过户 the one who takes it over."""
    row = account_row(doing.session, str(answers.get("yx_account") or ""))
    due = process.consequence(answers)
    if due is not None and due.act is ContractAct.TRANSFER:
        return register_customer(doing, answers, customer_id), row.id
    told = {name: value for name, value in answers.items() if name not in NEVER_RENAMED}
    return register_customer(doing, told, row.customer_id), row.id


def stranger(session: Session, process: Process, answers: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the 户号 of an application about an account: there is none of that number."""
    number = str(answers.get("yx_account") or "")
    if not (number and begins_from_account(process)) or find_account(session, number):
        return {}
    return {"yx_account": no_account(number)}


def first_answers(process: Process, view: AccountView) -> dict[str, str]:
    """What the form of a change begins with once its account is known: all that the change leaves as it is.

    What must become another (a new name, a higher capacity) is left to be asked, and so is the new customer of a 过户.
    Where the account has what this kind does not allow, its own preset stands: 双电源增容 makes two sources of one.
    """
    due = process.consequence({})
    asked = {name for rule in process.rules if rule.check in TO_BE_ASKED for name in _names(rule.settings["field"])}
    if due is not None and due.act is ContractAct.TRANSFER:
        asked |= {name for name in process.fields if FIELDS[name].group in ("客户", "经办人")}
    known = view.standing.known
    return {name: value for name in process.fields if name not in asked and (value := known.get(name))
            and not (name in process.presets and _not_allowed(process, name, value))}


def _not_allowed(process: Process, name: str, value: str) -> bool:
    """Whether a rule of the kind refuses this answer by itself."""
    return any(rule.check == "one_of" and rule.blocks and rule.settings["field"] == name and "of" not in rule.settings
               and value not in _names(rule.settings["values"]) for rule in process.rules)


def _names(said: object) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(map(str, said)) if isinstance(said, (list, tuple)) else ()


def asked_about(process: Process, found: tuple[Broken, ...]) -> dict[str, str]:
    """Field → sentence of the rules that refuse; one that has no field of its own stands beside the 户号."""
    told: dict[str, str] = {}
    for each in found:
        if each.blocks:
            told.setdefault(each.field if each.field in process.fields else "yx_account", each.sentence)
    return told


def hints(found: tuple[Broken, ...]) -> tuple[Missing, ...]:
    """What the rules only ask about."""
    return tuple(Missing(each.sentence, each.field or None) for each in found if not each.blocks)


def snapshot(session: Session, desk: Desk, process: Process, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The account as it stands before the change, for the acceptance's entry: what papers tell as 变更前."""
    if not begins_from_account(process):
        return {}
    row = find_account(session, str(answers.get("yx_account") or ""))
    if row is None:  # an application that is declined may name none
        return {}
    stands, kept = standing_of(session, row, desk), contract_of(session, row.id)
    names = ("customer_name", "usage_nature", "price_class", "metering_point", "voltage", "usage_address")
    again = next((effect.kind for effect in process.effects if effect.deed is Deed.RESTORE), "")
    kva = number_in(answers, "restore_kva") or Decimal(0)
    return {"before": {
        **{name: stands.known.get(name, "") for name in names},
        "capacity": figure(stands.capacity, stands.unit), "running": figure(stands.running(desk.today), stands.unit),
        "contract": kept.key if kept else "", "resting": equipment_of(stands.unrestored(again, desk.today), kva),
    }}


# --- what a stage lacks


def lacks(session: Session, desk: Desk, case: Case, process: Process, stage: Stage, facts: Mapping[str, Any],
          day: date) -> tuple[Missing, ...]:
    """What the rules of this stage, and at the end the contract's consequence, still want."""
    said = {**case.answers, **_found_elsewhere(session, case, stage), **facts}
    found = findings(session, desk, process, said, day, stage=stage.id, case=case)
    told = [Missing(each.sentence, each.field or None) for each in found if each.blocks]
    if stage.fields and "change_signed_on" in stage.fields:
        known = standing_of(session, session.get_one(Account, case.account_id), desk).known
        told += (*_unmade(session, case, process), *_signed_early(session, case, facts),
                 *change_signer_faults({**known, **case.answers}, facts))
    if stage is process.last:
        told += unfulfilled(session, case, process)
    return tuple(told)


def _found_elsewhere(session: Session, case: Case, stage: Stage) -> dict[str, Any]:
    """What the other stages found; what this one found in an earlier round is to be said again."""
    done = (entry for entry in standing(history(session, "case", case.id)) if entry.what == What.DONE)
    return {name: value for entry in done if entry.stage != stage.id for name, value in entry.facts.items()}


def unfulfilled(session: Session, case: Case, process: Process) -> tuple[Missing, ...]:
    """What keeps the case from being filed: the consequence for its contract that is not carried out.

    依据：用电变更后更新合同内容并重新签订（domain: 重签、补充、确认、终止）。
    """
    due = process.consequence(case.answers)
    if due is None:
        return ()
    if due.act in BY_CONTRACT:
        return _unsigned(session, case, due)
    told = list(_unmade(session, case, process))
    if due.act is ContractAct.END and (kept := contract_of(session, case.account_id)):
        told.append(Missing(f"合同“{kept.key}”还在履行，销户的合同须先终止（依据：{due.basis.text}）"))
    return tuple(told)


def _unsigned(session: Session, case: Case, due: Consequence) -> tuple[Missing, ...]:
    own = session.scalar(select(Contract.id).where(
        Contract.case_id == case.id, Contract.active, Contract.state.in_(IN_FORCE)).limit(1))
    return () if own else (Missing(f"须先{due.act}供用电合同并由双方签署，才能归档（依据：{due.basis.text}）"),)


def _unmade(session: Session, case: Case, process: Process) -> tuple[Missing, ...]:
    """The paper of the consequence is made before it is signed."""
    due = process.consequence(case.answers)
    if due is None or not due.document or due.act in BY_CONTRACT:
        return ()
    made = session.scalars(select(Paper.answers).where(
        Paper.subject == "case", Paper.subject_id == case.id, Paper.kind == due.document).order_by(
        Paper.id.desc()).limit(1)).first()
    if made is None:
        return (Missing(f"请先生成并打印变更文书（{due.act}），由客户签署后再登记（依据：{due.basis.text}）"),)
    sealed = _sealing(session, case)
    day = shown("date", sealed) if sealed else ""
    if day in ("", made.get("effective_on")):
        return ()
    return (Missing(f"变更文书（{due.act}）上的生效日期不是登记的{day}：请重新生成并打印，由客户签署后再登记"
                    f"（依据：{due.basis.text}）"),)


def _sealing(session: Session, case: Case) -> str:
    """The ISO day of sealing or unsealing; empty where neither was done, or it was taken back."""
    said: dict[str, str] = {}
    for entry in standing(history(session, "case", case.id)):
        if entry.what == What.DONE:
            said |= {name: str(entry.facts[name]) for name in SEALING if entry.facts.get(name)}
    return next((said[name] for name in SEALING if name in said), "")


def _signed_early(session: Session, case: Case, facts: Mapping[str, Any]) -> tuple[Missing, ...]:
    """A paper says what was done: nobody signs it before he applied, or before the sealing that it confirms."""
    signed, sealed = str(facts.get("change_signed_on") or ""), _sealing(session, case)
    applied = next(iter(history(session, "case", case.id))).claimed_on
    after = max(applied.isoformat(), sealed)
    if not signed or signed >= after:
        return ()
    what = "加封（启封）" if sealed == after else "受理"
    return (Missing(f"变更文书签署日期 {signed} 早于{what}日期 {after}，请核对", "change_signed_on"),)


def old_reading(log: Sequence[LogEntry], today: date, signed_on: date | None) -> Iterator[str]:
    """A 过户 whose meter was read on an earlier day than that on which its contract was or would be signed: the use
    between the two is neither the old customer's bill nor the new one's."""
    said = {name: value for entry in standing(log) if entry.what == What.DONE for name, value in entry.facts.items()}
    read = str(said.get("reading_on") or "")
    if read and signed_on is not None and read < signed_on.isoformat():
        yield (f"过户抄表是 {read}，新合同是 {signed_on} 签齐生效的：其间的电量没有人结。"
               "归档前请补抄补结，或与双方约定其间电费由谁承担并写进备注")
    elif read and signed_on is None and read < today.isoformat():
        yield (f"过户抄表是 {read}，新合同自签齐那天起生效：今天签的话，其间的电量没有人结。"
               "请退回“电费结清核查”补抄补结，或与双方约定其间电费由谁承担并写进备注")


# --- what a done stage does


@dataclass(frozen=True)
class Carried:
    """A stage of a change that is done: the case, its account, all that was said and found, the day it was done."""

    case: Case
    account: Account
    effect: Effect
    answers: Mapping[str, Any]
    before: Mapping[str, Any]
    day: date

    def on(self, *names: str) -> date:
        """The first of these days that was written down, else the day of the deed."""
        said = next((str(self.answers[name]) for name in names if self.answers.get(name)), "")
        return date.fromisoformat(said) if said else self.day

    def number(self, name: str) -> Decimal:
        return Decimal(str(self.answers.get(name) or 0))


def carry_out(doing: Act, case: Case, process: Process, stage: Stage, answers: Mapping[str, Any],
              before: Mapping[str, Any], day: date) -> None:
    """Do to the account and to its contract what the done stage brings about, and log it with the account.

    A stage that is done again, as after it was sent back, brings about the same once.
    """
    account = doing.session.get_one(Account, case.account_id)
    for effect in process.effects_at(stage.id, answers):
        was = undoing.picture(account)
        facts = _DEEDS[effect.deed](doing, Carried(case, account, effect, answers, before, day))
        doing.touch(account)
        doing.note("account", account.id, f"change_{effect.deed.name.lower()}", stage=stage.id, claimed_on=day,
                   facts={"case": case.number, "deed": str(effect.deed), **facts,
                          "undo": undoing.difference(was, account)})
    due = process.consequence(case.answers)
    if due is not None and "change_signed_on" in stage.fields:
        _note_contract(doing, case, due, answers, day)


def _hold(doing: Act, done: Carried) -> dict[str, Any]:
    """加封: from this day on so much rests. A 减容 that is 永久性 changes the contract's capacity instead."""
    said = str(done.answers.get("hold_until") or "")
    row = doing.session.scalars(select(Holding).where(Holding.case_id == done.case.id)).one_or_none()
    if row is None:
        row = Holding(account_id=done.account.id, case_id=done.case.id)
        doing.session.add(row)
    row.kind, row.kva, row.since = done.effect.kind, done.number("hold_kva"), done.on("sealed_on", "hold_from")
    row.until = date.fromisoformat(said) if said else None
    return {"kind": row.kind, "kva": f"{row.kva:f}", "since": str(row.since), "until": said}


def _restore(doing: Act, done: Carried) -> dict[str, Any]:
    """启封: what rests runs again, the oldest first; a part of one leaves the other part at rest."""
    session, on = doing.session, done.on("unsealed_on", "restore_on")
    session.execute(update(Holding).where(Holding.restored_by == done.case.id).values(
        restored_on=None, restored_by=None))
    left = done.number("restore_kva")
    rows = session.scalars(select(Holding).where(
        Holding.account_id == done.account.id, Holding.kind == done.effect.kind, Holding.restored_on.is_(None)
    ).order_by(Holding.since, Holding.id)).all()
    for row in rows:
        if left <= 0:
            break
        if row.kva > left:
            session.add(Holding(account_id=row.account_id, case_id=row.case_id, kind=row.kind, kva=row.kva - left,
                                since=row.since, until=row.until))
            row.kva = left
        row.restored_on, row.restored_by = on, done.case.id
        left -= row.kva
    return {"kind": done.effect.kind, "kva": f"{done.number('restore_kva'):f}", "on": str(on)}


def _capacity(_doing: Act, done: Carried) -> dict[str, Any]:
    """合同容量 as it was approved; a permanent 减容 takes away what it was asked for."""
    if done.answers.get("hold_kva"):
        done.account.capacity = _left(done.before, done.number("hold_kva"))
        _forget_old_figures(done)
    else:
        found = [(unit, name) for unit, names in UNIT_FIELDS.items() for name in names if done.answers.get(name)]
        for unit, name in found[:1]:
            done.account.capacity, done.account.capacity_unit = done.number(name), unit
    return {"before": done.before.get("capacity", ""), "capacity": figure(
        done.account.capacity, done.account.capacity_unit)}


def _forget_old_figures(done: Carried) -> None:
    """The account's own file must not contradict its new capacity: what was built then is said anew."""
    told = {"transformers": done.answers["transformers"]} if done.answers.get("transformers") else {}
    stale = ("scheme_capacity_kva", "scheme_capacity_kw", "running_capacity_kva")
    done.account.facts = {name: value for name, value in done.account.facts.items() if name not in stale} | told


def permanent_capacity(session: Session, case: Case, process: Process) -> dict[str, str]:
    """The capacity that the contract after a permanent 减容 has; nothing where no such thing is asked for."""
    effects = [effect for stage in process.stages for effect in process.effects_at(stage.id, case.answers)]
    if not case.answers.get("hold_kva") or all(effect.deed is not Deed.CAPACITY for effect in effects):
        return {}
    account = session.get_one(Account, case.account_id)
    before = history(session, "case", case.id)[0].facts.get("before") or {}
    name = UNIT_FIELDS.get(account.capacity_unit, UNIT_FIELDS["kVA"])[0]
    return {name: f"{_left(before, Decimal(str(case.answers['hold_kva']))).normalize():f}"}


def _left(before: Mapping[str, Any], taken: Decimal) -> Decimal:
    """What is left of the capacity that stood before the change."""
    return Decimal((str(before.get("capacity") or "") or "0").split()[0]) - taken


def _rename(doing: Act, done: Carried) -> dict[str, Any]:
    customer, name = doing.session.get_one(Customer, done.account.customer_id), str(done.answers["new_name"])
    remember(customer, FORMER_NAMES, customer.name)
    undoing.rename(doing, customer, name)
    doing.note("customer", customer.id, "renamed", claimed_on=done.day,
               facts={"case": done.case.number, "before": done.before.get("customer_name", ""), "name": name})
    return {"before": done.before.get("customer_name", ""), "name": name}


def _transfer(doing: Act, done: Carried) -> dict[str, Any]:
    """The account gets its new customer; the contract with the old one has ended, with his settlement."""
    before, done.account.customer_id = done.account.customer_id, done.case.customer_id
    seller = doing.session.get_one(Customer, before)
    remember(seller, FORMER_ACCOUNTS, done.account.number or "")
    doing.touch(seller)
    old = _contract_before(doing.session, done.case)
    if old is not None:
        _end(doing, old, f"过户：{done.case.number}", done)
    return {"before": done.before.get("customer_name", ""), "customer": done.case.customer_id, "from": before}


def take_back(doing: Act, case: Case, process: Process, stage: Stage) -> None:
    """The new contract of a 过户 is void or ended: the account is the old customer's again, with his contract if he
    had one, until another is signed."""
    seller = _sold_by(doing.session, case)
    if seller is None or all(effect.deed is not Deed.TRANSFER for effect in process.effects_at(stage.id, case.answers)):
        return
    account, old = doing.session.get_one(Account, case.account_id), _contract_before(doing.session, case)
    account.customer_id = seller
    if old is not None and old.settled_note:
        old.active, old.settled_note = True, ""
        doing.touch(old)
    forget(doing.session.get_one(Customer, seller), FORMER_ACCOUNTS, account.number or "")
    doing.touch(account)
    doing.note("account", account.id, TAKEN_BACK, facts={"case": case.number})


def _sold_by(session: Session, case: Case) -> int | None:
    """Whose account the case took over; None where it did not, or it was taken back."""
    told = [entry for entry in history(session, "account", case.account_id) if entry.facts.get("case") == case.number]
    last = next((entry for entry in reversed(told) if entry.what in (TRANSFERRED, TAKEN_BACK)), None)
    return int(last.facts["from"]) if last is not None and last.what == TRANSFERRED else None


def _reclass(_doing: Act, done: Carried) -> dict[str, Any]:
    nature, price = done.answers.get("new_nature"), done.answers.get("new_price_class")
    done.account.usage_nature = str(nature or done.account.usage_nature)
    if price:
        done.account.facts = {**done.account.facts, "price_class": str(price)}
    return {"before": done.before.get("usage_nature", ""), "usage_nature": done.account.usage_nature,
            "price_class": str(price or "")}


def _move_meter(_doing: Act, done: Carried) -> dict[str, Any]:
    found = {"metering_point": done.answers.get("new_metering_point"), **{
        name: done.answers.get(name) for name in ("meter_number", "meter_seal")}}
    told = {name: str(value) for name, value in found.items() if value}
    done.account.facts = {**done.account.facts, **told}
    return {"before": done.before.get("metering_point", ""), **told}


def _close(doing: Act, done: Carried) -> dict[str, Any]:
    """销户: nothing is supplied any more, and nothing is left to restore; the contract ends with the settlement."""
    done.account.status = CLOSED
    doing.session.execute(update(Holding).where(
        Holding.account_id == done.account.id, Holding.restored_on.is_(None)).values(
        restored_on=done.day, restored_by=done.case.id))
    old = contract_of(doing.session, done.account.id)
    if old is not None:
        _end(doing, old, f"销户：{done.case.number}", done)
    return {"settlement": _settlement(done)}


_DEEDS: Mapping[Deed, Callable[[Act, Carried], dict[str, Any]]] = {
    Deed.HOLD: _hold, Deed.RESTORE: _restore, Deed.CAPACITY: _capacity, Deed.RENAME: _rename,
    Deed.TRANSFER: _transfer, Deed.RECLASS: _reclass, Deed.METER: _move_meter, Deed.CLOSE: _close,
}


# --- the contract


def _contract_before(session: Session, case: Case) -> Contract | None:
    """The contract that the case's own one follows, else the account's that is not of this case."""
    own = session.scalars(select(Contract).where(
        Contract.case_id == case.id).order_by(Contract.id.desc()).limit(1)).first()
    if own is not None and own.predecessor_id is not None:
        return session.get_one(Contract, own.predecessor_id)
    return session.scalars(select(Contract).where(
        Contract.account_id == case.account_id, Contract.active, Contract.state.in_(IN_FORCE),
        Contract.case_id.is_distinct_from(case.id)).order_by(Contract.id.desc()).limit(1)).first()


def _end(doing: Act, row: Contract, reason: str, done: Carried) -> None:
    told = f"{TERMINATED}{reason}"
    if row.settled_note == told:
        return
    row.active, row.settled_note = False, told
    doing.touch(row)
    doing.note(SUBJECT, row.id, "terminated", claimed_on=done.day, facts={
        "reason": reason, "case": done.case.number, "settlement": _settlement(done)})


def _settlement(done: Carried) -> dict[str, str]:
    return {name: str(done.answers[name]) for name in SETTLED if done.answers.get(name)}


def _note_contract(doing: Act, case: Case, due: Consequence, answers: Mapping[str, Any], day: date) -> None:
    """A signed supplement or confirmation is told to the contract that it belongs to."""
    row = contract_of(doing.session, case.account_id)
    if row is None or due.act in BY_CONTRACT:
        return
    paper = doing.session.scalar(select(Paper.id).where(
        Paper.subject == "case", Paper.subject_id == case.id, Paper.kind == due.document).order_by(Paper.id.desc()))
    what = "supplemented" if due.act is ContractAct.SUPPLEMENT else "confirmed"
    doing.note(SUBJECT, row.id, what, claimed_on=day, facts={
        "case": case.number, "paper": paper, "signer": str(answers.get("change_signer", "")),
        "signed_on": str(answers.get("change_signed_on", ""))})
