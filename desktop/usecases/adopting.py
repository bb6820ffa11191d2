"""Ledger rows at odds with a kept contract: both values side by side, and a person's word on which one holds.

What such a row says is kept in the log when it is set aside (`note_said`), as the ledger's own head is not there any
more when somebody looks into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.contracts import Contract
from db.customers import Account, Customer
from db.entries import Entry
from db.imports import ImportBatch, ImportRow
from desktop.domain.contract import RenewalMode
from desktop.domain.identity import mask_id, mask_phone, phone_form
from desktop.domain.ledger import LedgerRow
from desktop.errors import Refusal
from desktop.usecases.acting import Act, AlreadyDone, act
from desktop.usecases.contract_keeping import SUBJECT, ContractView, contract, contract_row
from desktop.usecases.desk import Desk
from desktop.usecases.registering import name_columns, phone_tail

ROW, SAID, ADOPTED, DECLINED = "import_row", "row_said", "row_adopted", "row_declined"
LABELS = {
    "account": "户号", "name": "户名", "kind_id": "合同类型", "id_number": "证件号码", "phone": "电话",
    "address": "用电地址", "nature": "用电性质", "voltage": "电压", "capacity": "容量", "signed": "签订日期",
    "starts": "起始日", "term_months": "有效期", "ends": "到期日", "note": "备注"}
DAYS = ("signed", "starts", "ends")
OF_CONTRACT = {"kind_id": "kind", "voltage": "voltage", "capacity": "capacity", "signed": "signed_on",
               "starts": "starts_on", "term_months": "term_months", "ends": "ends_on", "note": "note"}
OF_ACCOUNT = {"address": "address", "nature": "usage_nature", "voltage": "voltage", "capacity": "capacity"}
MASKS: Mapping[str, Callable[[str], str]] = {"id_number": mask_id, "phone": mask_phone}
UNSAID_END = "（空，须核定）"


@dataclass(frozen=True)
class Difference:
    """One fact in which a ledger's row and the kept contract are at odds: `kept` is what stands (保留原值), `said`
    what would stand after 采用新值; both as the clerk reads them, ID and phone masked."""

    name: str
    label: str
    kept: str
    said: str


@dataclass(frozen=True)
class Conflict:
    """A row that waits for a person because a contract of its key is kept with other values. `id` is what
    `adopt_row` and `decline_row` take; `number` is the contract's key."""

    id: int
    number: str
    file_name: str
    sheet: str
    row: int
    reasons: tuple[str, ...]
    differences: tuple[Difference, ...]


def note_said(doing: Act, row_id: int, row: LedgerRow, digest: str) -> None:
    """Log what a row that is set aside says, so that it can be adopted later; a blank says nothing."""
    facts = {name: str(value) for name in (*LABELS, "kind_word", "capacity_unit", "id_paper")
             if (value := getattr(row, name)) not in (None, "")}
    doing.note(ROW, row_id, SAID, facts={
        **facts, "values": digest, "indefinite": row.indefinite, "gone": row.gone,
        "doubts": [{"code": doubt.code, "sentence": doubt.sentence} for doubt in row.doubts]})


def conflicts(desk: Desk, number: str | None = None, *, after: int = 0, limit: int = 50) -> tuple[Conflict, ...]:
    """The rows that wait because they contradict a kept contract, the oldest first; those of one contract with
    `number` (合同编号 or 户号; refused if there is none)."""
    query = select(ImportRow, ImportBatch.file_name, Contract).join(
        ImportBatch, ImportBatch.id == ImportRow.batch_id).join(Contract, Contract.id == ImportRow.contract_id).where(
        ImportRow.settled.is_(False), ImportRow.id > after, is_at_odds()).order_by(ImportRow.id).limit(limit)
    with desk.db.read() as session:
        if number is not None:
            query = query.where(ImportRow.contract_id == contract_row(session, number).id)
        return tuple(_conflict(desk, session, *found) for found in session.execute(query).all())


def is_conflict(desk: Desk, row_id: int) -> bool:
    """Whether that row contradicts a kept contract, so that there is something to adopt or to decline."""
    with desk.db.read() as session:
        return bool(_said(session, row_id))


def is_at_odds() -> Any:
    """The condition that an import's row contradicts a kept contract: what it says is kept with it."""
    return select(Entry.id).where(
        Entry.subject == ROW, Entry.subject_id == ImportRow.id, Entry.what == SAID).exists()


def _conflict(desk: Desk, session: Session, row: ImportRow, file_name: str, kept: Contract) -> Conflict:
    pairs = _changes(session, kept, _said(session, row.id))
    return Conflict(row.id, kept.key, file_name, row.sheet, row.row, tuple(row.reasons), _differences(desk, pairs))


def _differences(desk: Desk, pairs: Mapping[str, tuple[str, str]]) -> tuple[Difference, ...]:
    return tuple(Difference(name, LABELS[name], _shown(desk, name, kept), _shown(desk, name, said))
                 for name, (kept, said) in pairs.items())


def _shown(desk: Desk, name: str, value: str) -> str:
    if not value:
        return UNSAID_END if name == "ends" else "（空）"
    if name == "kind_id":
        kind = desk.catalog.contract_kinds.get(value)
        return kind.name if kind else value
    return f"{value} 个月" if name == "term_months" else MASKS.get(name, str)(value)


def _said(session: Session, row_id: int) -> dict[str, Any]:
    query = select(Entry.facts).where(Entry.subject == ROW, Entry.subject_id == row_id, Entry.what == SAID)
    return dict(session.scalars(query.limit(1)).first() or {})


def _changes(session: Session, kept: Contract, said: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """What adopting would change: (kept, said) by fact. A blank cell of the ledger says nothing and changes nothing,
    but a doubtful end is left empty and 长期 has none."""
    now = _kept_values(session, kept)
    new = {name: str(said.get(name) or now[name]) for name in LABELS}
    if not said.get("ends"):
        new["ends"] = "" if said.get("indefinite") or said.get("doubts") else now["ends"]
    return {name: (now[name], new[name]) for name in LABELS if not _same(name, now[name], new[name])}


def _same(name: str, one: str, other: str) -> bool:
    if name == "capacity" and one and other:
        return Decimal(one) == Decimal(other)
    return phone_form(one) == phone_form(other) if name == "phone" else one == other


def _kept_values(session: Session, kept: Contract) -> dict[str, str]:
    account = session.get_one(Account, kept.account_id)
    customer = session.get_one(Customer, kept.customer_id)
    values = {
        "account": account.number, "name": customer.name, "id_number": customer.id_number, "phone": customer.phone,
        "address": account.address, "nature": account.usage_nature,
        **{name: getattr(kept, column) for name, column in OF_CONTRACT.items()}}
    return {name: "" if values[name] is None else str(values[name]) for name in LABELS}


def adopt_row(desk: Desk, row_id: int, note: str, *, request_id: str | None = None) -> ContractView:
    """采用新值: the contract takes what the ledger's row says, logged with old and new; the row is settled.

    `note` says on what ground (已查合同原件). The row's own doubts become the contract's. Refused without a note, for
    a row that is settled or no conflict, and for a contract that was drawn up here, whose text decides.
    """
    def change(doing: Act, row: ImportRow, kept: Contract) -> dict[str, Any]:
        if kept.source != "ledger":
            raise Refusal(f"合同“{kept.key}”由本程序起草，内容以合同文本为准，不能采用台账的值；"
                          "台账有误的，请选“保留原值”并写明。", "row")
        said = _said(doing.session, row.id)
        pairs = _changes(doing.session, kept, said)
        _write(doing, kept, said, pairs)
        _refuse_span(kept)
        _settle_older(doing.session, row, kept)
        return {"before": _logged(pairs, 0), "after": _logged(pairs, 1), "values": said["values"]}

    return _decide(desk, row_id, note, ADOPTED, change, request_id)


def decline_row(desk: Desk, row_id: int, note: str, *, request_id: str | None = None) -> ContractView:
    """保留原值: the contract stays as it is; what the row said is logged beside it and the row is settled.

    Refused without a note, and for a row that is settled or no conflict.
    """
    def change(doing: Act, row: ImportRow, kept: Contract) -> dict[str, Any]:
        pairs = _changes(doing.session, kept, _said(doing.session, row.id))
        return {"kept": _logged(pairs, 0), "declined": _logged(pairs, 1)}

    return _decide(desk, row_id, note, DECLINED, change, request_id)


def _decide(desk: Desk, row_id: int, note: str, what: str, change: Any, request_id: str | None) -> ContractView:
    if not note.strip():
        raise Refusal("请写明依据，例如“已查合同原件”。", "note")
    try:
        with act(desk, what, request_id) as doing:
            row, kept = _open_conflict(doing.session, row_id)
            facts = change(doing, row, kept)
            row.settled = True
            doing.touch(kept)
            doing.note(SUBJECT, kept.id, what, facts={**facts, "row": row_id, "note": note.strip()})
            doing.result = kept.key
    except AlreadyDone as done:
        return contract(desk, done.result)
    return contract(desk, doing.result)


def _open_conflict(session: Session, row_id: int) -> tuple[ImportRow, Contract]:
    row = session.get(ImportRow, row_id)
    if row is None or row.settled:
        raise Refusal("这一行已经核定过了，请刷新列表。", "row")
    if row.contract_id is None or not _said(session, row.id):
        raise Refusal("这一行没有与它冲突的合同，没有可采用的新值；请按原因处理后核销。", "row")
    return row, session.get_one(Contract, row.contract_id)


def _logged(pairs: Mapping[str, tuple[str, str]], side: int) -> dict[str, str]:
    """Old or new values for the log, ID and phone masked as everywhere they are shown."""
    return {name: MASKS.get(name, str)(pair[side]) for name, pair in pairs.items()}


def _write(doing: Act, kept: Contract, said: Mapping[str, Any], pairs: Mapping[str, tuple[str, str]]) -> None:
    new = {name: pair[1] for name, pair in pairs.items()}
    before = kept.account_id, kept.customer_id
    if new.keys() & {"account", "name"}:
        kept.customer_id, kept.account_id = _others(doing, kept, said)
    _write_customer(doing, doing.session.get_one(Customer, kept.customer_id), said, new)
    account = doing.session.get_one(Account, kept.account_id)
    if kept.account_id == before[0] and account.customer_id == before[1]:
        account.customer_id = kept.customer_id
    _set(account, OF_ACCOUNT, new)
    account.capacity_unit = said.get("capacity_unit") or account.capacity_unit
    doing.touch(account)
    _write_contract(kept, said, new)


def _others(doing: Act, kept: Contract, said: Mapping[str, Any]) -> tuple[int, int]:
    """Customer and account that the row names: found where they are known, opened where they are new. A customer is
    never renamed, as other contracts may be his."""
    session = doing.session
    name, number = str(said["name"]) if said.get("name") else "", str(said["account"])
    own = session.get_one(Customer, kept.customer_id)
    customer = own if name in ("", own.name) else _customer_named(doing, name, str(said.get("id_number", "")), number)
    account = session.scalars(select(Account).where(Account.number == number)).first()
    if account is None:
        old = session.get_one(Account, kept.account_id)
        account = Account(number=number, customer_id=customer.id, address=old.address, capacity=old.capacity,
                          capacity_unit=old.capacity_unit, voltage=old.voltage, usage_nature=old.usage_nature,
                          facts={}, **doing.marks())
        session.add(account)
        session.flush()
    return customer.id, account.id


def _customer_named(doing: Act, name: str, id_number: str, account: str) -> Customer:
    query = select(Customer).where(Customer.name == name)
    same = (query.where(Customer.id_number == id_number) if id_number else
            query.join(Account, Account.customer_id == Customer.id).where(Account.number == account))
    found = doing.session.scalars(same.limit(1)).first()
    if found is None:
        found = Customer(**name_columns(name), id_number=id_number, facts={}, **doing.marks())
        doing.session.add(found)
        doing.session.flush()
    return found


def _write_customer(doing: Act, customer: Customer, said: Mapping[str, Any], new: Mapping[str, str]) -> None:
    if phone := new.get("phone"):
        customer.phone, customer.phone_tail = phone, phone_tail(phone)
    if number := new.get("id_number"):
        customer.id_number, customer.id_kind = number, str(said.get("id_paper") or customer.id_kind)
    doing.touch(customer)


def _write_contract(kept: Contract, said: Mapping[str, Any], new: Mapping[str, str]) -> None:
    _set(kept, OF_CONTRACT, new)
    kept.kind_word = said.get("kind_word") or kept.kind_word
    kept.capacity_unit = said.get("capacity_unit") or kept.capacity_unit
    kept.doubts, kept.gone = list(said["doubts"]), bool(said["gone"])
    if said["indefinite"]:
        kept.renewal = str(RenewalMode.INDEFINITE)
    elif kept.renewal == RenewalMode.INDEFINITE:
        kept.renewal = str(RenewalMode.UNKNOWN)
    if "ends" in new:
        kept.settled_note, kept.snooze_until = "", None


def _set(row: Contract | Account, columns: Mapping[str, str], new: Mapping[str, str]) -> None:
    for name in columns.keys() & new.keys():
        setattr(row, columns[name], _typed(name, new[name]))


def _typed(name: str, text: str) -> Any:
    if name in DAYS:
        return date.fromisoformat(text) if text else None
    if name == "term_months":
        return int(text) if text else None
    return Decimal(text) if name == "capacity" and text else text


def _refuse_span(row: Contract) -> None:
    begins = row.starts_on or row.signed_on
    if begins and row.ends_on and row.ends_on <= begins:
        raise Refusal(f"采用后截止日 {row.ends_on} 不晚于起始日 {begins}，没有采用。请查合同原件，"
                      "先改正台账再导入，或选“保留原值”后在合同里核定日期。", "ends")


def _settle_older(session: Session, row: ImportRow, kept: Contract) -> None:
    """What earlier rows doubted of the contract is answered by the adopted one."""
    older: Iterable[ImportRow] = session.scalars(select(ImportRow).where(
        ImportRow.contract_id == kept.id, ImportRow.id < row.id, ImportRow.settled.is_(False), ~is_at_odds()))
    for each in older:
        each.settled = True


def first_row_id(session: Session) -> int:
    """The next free id of a row that is set aside; sound under the write lock."""
    return (session.scalar(select(func.max(ImportRow.id))) or 0) + 1
