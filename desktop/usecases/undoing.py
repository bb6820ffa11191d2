"""Taking back what a stage did beyond the log of its case: to its account, its customer, its contract, its meters.

A stage that is recalled never was: its scheme, its meters, all that it did goes. One that is sent back is to be done
again: what it wrote in files goes as well, but a meter that hangs goes on hanging until it is said what became of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any, NoReturn

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db.cases import Case, Scheme
from db.contracts import Contract
from db.customers import Account, Customer, Holding
from db.seeking import FORMER_NAMES
from desktop.domain.caselog import LogEntry, What
from desktop.domain.contract import TERMINATED
from desktop.domain.process import Deed, Process
from desktop.domain.scheme import scheme_stage
from desktop.errors import Refusal
from desktop.usecases import transformer_keeping
from desktop.usecases.acting import Act, history
from desktop.usecases.contract_registering import registers
from desktop.usecases.meter_keeping import METER_FIELDS, unhang
from desktop.usecases.registering import forget, name_columns

COLUMNS = ("capacity", "capacity_unit", "voltage", "usage_nature", "status", "number")
TAKEN_BACK = "change_taken_back"
Picture = dict[str, Any]


def picture(account: Account) -> Picture:
    """What a stage may change of an account's file, to be told by `difference` from what it is afterwards."""
    return {**{name: _kept(getattr(account, name)) for name in COLUMNS}, "facts": dict(account.facts)}


def difference(before: Picture, account: Account) -> dict[str, Any]:
    """What is otherwise than it was: of each column and fact [before, after]; None where there was none."""
    after = picture(account)
    changed: dict[str, Any] = {name: [before[name], after[name]] for name in COLUMNS if before[name] != after[name]}
    old, new = before["facts"], after["facts"]
    facts = {name: [old.get(name), new.get(name)] for name in dict.fromkeys((*old, *new))
             if old.get(name) != new.get(name)}
    return changed | ({"facts": facts} if facts else {})


def _kept(value: Any) -> Any:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def follow(doing: Act, case: Case, process: Process, what: str, stage: str, facts: Mapping[str, Any]) -> None:
    """Take back what the entry that was just written to the case's log makes undone; nothing for another deed.

    Refused where what the stage did cannot be taken back any more, naming why.
    """
    if what == What.SENT_BACK:
        target = str(facts.get("to") or stage)
        _take_back(doing, case, process, (target, *process.dependents(target)))
    elif what == What.RECALLED:
        _take_back(doing, case, process, (stage,))
        _unsay(doing, case, process, stage, str(facts["of"]))


def _take_back(doing: Act, case: Case, process: Process, stages: Collection[str]) -> None:
    account = doing.session.get_one(Account, case.account_id)
    done = list(_carried(doing.session, case, stages))
    for entry in reversed(done):
        _restore(account, entry.facts.get("undo") or {})
        deed = entry.facts.get("deed")
        if deed in _REVERSED:
            _REVERSED[deed](doing, case, account, entry.facts)
    if done:
        doing.touch(account)
        doing.note("account", account.id, TAKEN_BACK, facts={
            "case": case.number, "of": [entry.seq for entry in done],
            "deeds": [entry.facts["deed"] for entry in done if entry.facts.get("deed")]})
    _tell_contract(doing, case, process, stages)


def _carried(session: Session, case: Case, stages: Collection[str]) -> Iterator[LogEntry]:
    """What these stages of the case did to its account and nobody took back yet, the first first."""
    log = history(session, "account", case.account_id)
    gone = {seq for entry in log if entry.what == TAKEN_BACK for seq in entry.facts["of"]}
    return (entry for entry in log if entry.stage in stages and entry.seq not in gone
            and entry.facts.get("case") == case.number and "undo" in entry.facts)


def carried_by(session: Session, case: Case, stages: Collection[str]) -> tuple[str, ...]:
    """The deeds (停用, 改容量 ...) that taking these stages back would undo at the account."""
    return tuple(dict.fromkeys(str(entry.facts["deed"]) for entry in _carried(session, case, stages)
                               if entry.facts.get("deed")))


def _restore(account: Account, undo: Mapping[str, Any]) -> None:
    """Columns and facts as they were; one that was said otherwise since keeps what was said last."""
    now = picture(account)
    for name, (before, after) in ((name, undo[name]) for name in COLUMNS if name in undo):
        if now[name] == after:
            setattr(account, name, Decimal(before) if name == "capacity" and before is not None else before)
    facts = dict(account.facts)
    for name, (before, after) in undo.get("facts", {}).items():
        if facts.get(name) == after:
            facts.pop(name, None)
            facts |= {} if before is None else {name: before}
    account.facts = facts


# --- what a deed did beside the account's own file


def _unhold(doing: Act, case: Case, _account: Account, _facts: Mapping[str, Any]) -> None:
    mine = Holding.case_id == case.id
    if doing.session.scalar(select(Holding.id).where(mine, Holding.restored_by.is_not(None)).limit(1)):
        raise Refusal("这次停用的容量已经恢复，不能再退回或召回加封：请先退回恢复用电的工单。", "stage")
    doing.session.execute(delete(Holding).where(mine))


def _unrestore(doing: Act, case: Case, _account: Account, _facts: Mapping[str, Any]) -> None:
    """What the case restored rests again; the two parts of one that was restored in part are one again."""
    doing.session.execute(update(Holding).where(Holding.restored_by == case.id).values(
        restored_on=None, restored_by=None))
    whole: dict[tuple[Any, ...], Holding] = {}
    for row in doing.session.scalars(select(Holding).where(
            Holding.account_id == case.account_id, Holding.restored_on.is_(None)).order_by(Holding.id),
            execution_options={"populate_existing": True}).all():
        first = whole.setdefault((row.case_id, row.kind, row.since, row.until), row)
        if first is not row:
            first.kva += row.kva
            doing.session.delete(row)


def _unname(doing: Act, _case: Case, account: Account, facts: Mapping[str, Any]) -> None:
    customer = doing.session.get_one(Customer, account.customer_id)
    rename(doing, customer, str(facts["before"]))
    forget(customer, FORMER_NAMES, customer.name)


def rename(doing: Act, customer: Customer, name: str) -> None:
    """The customer has this name from now on."""
    for column, value in name_columns(name).items():
        setattr(customer, column, value)
    doing.touch(customer)


def _reopen(doing: Act, case: Case, account: Account, facts: Mapping[str, Any]) -> None:
    """The closed account is supplied again, by the contract that its closing ended, with what rested before."""
    _unrestore(doing, case, account, facts)
    ended = doing.session.scalars(select(Contract).where(
        Contract.account_id == account.id, Contract.settled_note == f"{TERMINATED}销户：{case.number}")).one_or_none()
    if ended is not None:
        ended.active, ended.settled_note = True, ""
        doing.touch(ended)
        doing.note("contract", ended.id, "stands_again", facts={"case": case.number})


_REVERSED = {str(Deed.HOLD): _unhold, str(Deed.RESTORE): _unrestore, str(Deed.RENAME): _unname,
             str(Deed.CLOSE): _reopen}


def _tell_contract(doing: Act, case: Case, process: Process, stages: Collection[str]) -> None:
    """A supplement or confirmation whose signing was taken back is no longer one of the contract's."""
    if not any("change_signed_on" in process.stage(stage).fields for stage in stages):
        return
    for row in doing.session.scalars(select(Contract).where(Contract.account_id == case.account_id)):
        told = [entry.what for entry in history(doing.session, "contract", row.id)
                if entry.facts.get("case") == case.number]
        if told and told[-1] in ("supplemented", "confirmed"):
            doing.note("contract", row.id, TAKEN_BACK, facts={"case": case.number})


# --- what never was


def _refuse_registered(doing: Act, case: Case) -> NoReturn:
    """A registered contract is not unsaid with its stage: it is ended, with its reason, and registered anew."""
    key = doing.session.scalar(select(Contract.key).where(Contract.case_id == case.id, Contract.active))
    raise Refusal(f"合同“{key}”已登记，这一环节不能召回：登记有误的，请在合同页登记“终止”并写明原因，再重新登记"
                  f"（命令行 yekuo terminate {key} --reason 原因）。", "stage")


def _unsay(doing: Act, case: Case, process: Process, stage: str, seq: str) -> None:
    """The recalled entry's own rows: a version of the scheme, meters hung up and taken down."""
    if registers(process.stage(stage)):
        _refuse_registered(doing, case)
    entry = next(each for each in history(doing.session, "case", case.id) if str(each.seq) == seq)
    if scheme_stage(process) is process.stage(stage):
        last = select(Scheme.id).where(Scheme.case_id == case.id).order_by(Scheme.revision.desc()).limit(1)
        doing.session.execute(delete(Scheme).where(Scheme.id == last.scalar_subquery()))
    if METER_FIELDS & set(process.stage(stage).fields):
        unhang(doing, case, entry.entered_at)
        transformer_keeping.take_back(doing, case, entry.entered_at)
