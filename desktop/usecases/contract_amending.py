"""What a person settles about a contract by hand: how it goes on, its dates, its kind, its doubts, its successor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.contracts import Contract
from db.customers import Account, Customer
from db.imports import ImportRow
from desktop.domain.contract import RenewalMode, end_after
from desktop.domain.field import FIELDS, check, tidy
from desktop.domain.field import field as described
from desktop.domain.kind import Value
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import Act, AlreadyDone, act
from desktop.usecases.adopting import is_at_odds
from desktop.usecases.contract_keeping import (
    SUBJECT,
    ContractView,
    change_contract,
    contract_row,
    successor_candidate,
)
from desktop.usecases.desk import Desk
from desktop.usecases.gathering import of_account, voltage_of
from desktop.usecases.registering import name_columns, phone_tail

SETTABLE = tuple(mode for mode in RenewalMode if mode is not RenewalMode.UNKNOWN)
LONGEST_OBJECTION = 365
NO_DAY, A_DAY = timedelta(0), timedelta(days=1)
CUSTOMER_COLUMNS = {"customer_id_kind": "id_kind", "customer_id": "id_number", "customer_address": "address"}
ACCOUNT_COLUMNS = {"usage_address": "address", "voltage": "voltage", "usage_nature": "usage_nature"}
CUSTOMERS = ("客户", "经办人")  # groups of fields that describe the customer, not one account of his
OWN_GROUPS = ("供电人", "营销系统", "变更用电")  # groups that no supplement may touch
OF_ONE_CONTRACT = ("contract_number", "customer_contract_number", "contract_from", "contract_until", "contract_years")


def set_renewal(desk: Desk, *, mode: str, confirmed_by: str, kind: str | None = None, numbers: Sequence[str] = (),
                objection_days: int | None = None, request_id: str | None = None) -> int:
    """Set how contracts go on: those of `numbers`, or all in force of `kind` that are still 未知; returns how many.

    A person must confirm by name. 自动续展 needs its 异议期 (1 to 365 days; default: the kind's).
    """
    _refuse_mode(desk, mode, kind, numbers, objection_days, confirmed_by)
    try:
        with act(desk, "set_renewal", request_id) as doing:
            ids = _chosen(doing.session, kind, numbers)
            if mode == RenewalMode.AUTOMATIC:
                _measure_terms(doing.session, ids)
            for each_kind, group in _by_kind(doing.session, ids).items():
                _write_renewal(doing, group, mode, _objection(desk, each_kind, mode, objection_days), confirmed_by)
            doing.result = str(len(ids))
    except AlreadyDone as done:
        return int(done.result)
    return int(doing.result)


def _refuse_mode(desk: Desk, mode: str, kind: str | None, numbers: Sequence[str], objection_days: int | None,
                 confirmed_by: str) -> None:
    if mode not in SETTABLE:
        raise Refusal(f"续展方式请从这些里选：{'、'.join(SETTABLE)}。", "mode")
    if not confirmed_by.strip():
        raise Refusal("续展方式须由人核对合同原件后确认，请填写确认人姓名。", "confirmed_by")
    if not kind and not numbers:
        raise Refusal("请指明合同种类，或逐份指明合同编号。", "kind")
    if kind and kind not in desk.catalog.contract_kinds:
        raise Refusal(f"没有“{kind}”这种合同，现有：{'、'.join(desk.catalog.contract_kinds)}。", "kind")
    if objection_days is not None and not 1 <= objection_days <= LONGEST_OBJECTION:
        raise Refusal(f"异议期应为 1 至 {LONGEST_OBJECTION} 天。", "objection_days")


def _chosen(session: Session, kind: str | None, numbers: Sequence[str]) -> list[int]:
    if numbers:
        return [contract_row(session, number).id for number in numbers]
    return list(session.scalars(select(Contract.id).where(
        Contract.kind == kind, Contract.active, Contract.renewal == RenewalMode.UNKNOWN).order_by(Contract.id)))


def _by_kind(session: Session, ids: list[int]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for chunk in _chunks(ids):
        for row in session.execute(select(Contract.id, Contract.kind).where(Contract.id.in_(chunk))):
            groups.setdefault(row.kind, []).append(row.id)
    return groups


def _objection(desk: Desk, kind: str, mode: str, days: int | None) -> int | None:
    if mode != RenewalMode.AUTOMATIC:
        return None
    known = desk.catalog.contract_kinds.get(kind)
    days = days or (known.renewal.objection_days if known else 0)
    if not days:
        raise Refusal("自动续展须写明异议期天数，请对照合同文本填写。", "objection_days")
    return days


def _write_renewal(doing: Act, ids: list[int], mode: str, objection: int | None, confirmed_by: str) -> None:
    facts = {"mode": mode, "objection_days": objection, "confirmed_by": confirmed_by.strip()}
    values = {"renewal": mode, "objection_days": objection, "renewal_confirmed": confirmed_by.strip(),
              "settled_note": "", "version": Contract.version + 1, **doing.changes()}
    for chunk in _chunks(ids):
        doing.session.execute(update(Contract).where(Contract.id.in_(chunk)).values(values),
                              execution_options={"synchronize_session": False})
        for contract_id in chunk:
            doing.note(SUBJECT, contract_id, "renewal_set", facts=facts)


def _chunks(ids: list[int], size: int = 500) -> Iterable[list[int]]:
    return (ids[at:at + size] for at in range(0, len(ids), size))


def _measure_terms(session: Session, ids: list[int]) -> None:
    """Note the length of the terms that will follow themselves, where the two dates tell it in whole months."""
    for chunk in _chunks(ids):
        query = select(Contract.id, Contract.signed_on, Contract.starts_on, Contract.ends_on).where(
            Contract.id.in_(chunk), Contract.term_months.is_(None), Contract.ends_on.is_not(None))
        for row in session.execute(query).all():
            months = months_between(row.starts_on or row.signed_on, row.ends_on)
            session.execute(update(Contract).where(Contract.id == row.id).values(term_months=months),
                            execution_options={"synchronize_session": False})


def months_between(starts: date | None, ends: date) -> int | None:
    """The term's length in whole months; the day before the anniversary and the day itself both end it."""
    if starts is None or ends <= starts:
        return None
    last = ends + A_DAY
    months = (last.year - starts.year) * 12 + last.month - starts.month
    fitting = (near for near in (months, months - 1) if near > 0 and ends - end_after(starts, near) in (NO_DAY, A_DAY))
    return next(fitting, None)


@dataclass(frozen=True)
class Dates:
    """A contract's three days as somebody read them in the original; None: not written there."""

    signed: date | None = None
    starts: date | None = None
    ends: date | None = None

    def or_those_of(self, row: Contract) -> Dates:
        """The days that were read, and for the others those that are kept."""
        return Dates(self.signed or row.signed_on, self.starts or row.starts_on, self.ends or row.ends_on)


@dataclass(frozen=True)
class Settlement:
    """What a person found in the original; what he does not say stays as it is. `whole`: he looked into every doubt;
    `gone`: the customer has moved away indeed."""

    kind: str = ""
    dates: Dates = Dates()
    whole: bool = False
    gone: bool = False


def set_dates(desk: Desk, number: str, signed: date | None, starts: date | None, ends: date | None, reason: str, *,
              request_id: str | None = None) -> ContractView:
    """Set a contract's dates by hand, as read in the original (reason: whence); doubts about dates are settled.

    Refused where the end is not after the beginning, or for a contract that was drawn up here.
    """
    def change(doing: Act, row: Contract) -> dict[str, Any]:
        return _date(doing, row, Dates(signed, starts, ends))

    return _amend(desk, number, "dates_set", change, reason, request_id)


def _date(doing: Act, row: Contract, read: Dates) -> dict[str, Any]:
    _refuse_drawn(row, "日期")
    if read.starts and read.ends and read.ends <= read.starts:
        raise Refusal("截止日应晚于起始日，请核对合同原件。", "ends")
    before = {"signed": _iso(row.signed_on), "starts": _iso(row.starts_on), "ends": _iso(row.ends_on)}
    row.signed_on, row.starts_on, row.ends_on = read.signed, read.starts, read.ends
    row.term_months = months_between(read.starts or read.signed, read.ends) if read.ends else row.term_months
    row.settled_note, row.snooze_until = "", None
    _keep_doubts(doing, row, [doubt for doubt in row.doubts if not _is_about_dates(doubt)])
    return {"before": before, "signed": _iso(read.signed), "starts": _iso(read.starts), "ends": _iso(read.ends)}


def set_kind(desk: Desk, number: str, kind: str, reason: str, *, request_id: str | None = None) -> ContractView:
    """Say of which kind of the catalogue an imported contract is, where the ledger's word did not tell."""
    def change(doing: Act, row: Contract) -> dict[str, Any]:
        return _name_kind(desk, doing, row, kind)

    return _amend(desk, number, "kind_set", change, reason, request_id)


def _name_kind(desk: Desk, doing: Act, row: Contract, kind: str) -> dict[str, Any]:
    _refuse_drawn(row, "种类")
    known = desk.catalog.kind_named(kind)
    if known is None:
        names = "、".join(each.name for each in desk.catalog.contract_kinds.values())
        raise Refusal(f"没有“{kind}”这种合同，请从目录的种类里选：{names}。", "kind")
    before, row.kind = row.kind, known.id
    _keep_doubts(doing, row, [doubt for doubt in row.doubts if "kind" not in doubt["code"]])
    return {"before": before, "kind": known.id}


def settle_doubts(desk: Desk, number: str, reason: str, *, still_there: bool = True,
                  request_id: str | None = None) -> ContractView:
    """A person looked into a contract's doubts and says so. `still_there`: a 已过户 or 已销户 remark was wrong or
    is out of date, so that the contract is reminded of like any other."""
    return settle(desk, number, Settlement(whole=True, gone=not still_there), reason, request_id=request_id)


def settle(desk: Desk, number: str, found: Settlement, reason: str, *, request_id: str | None = None) -> ContractView:
    """Settle a doubtful contract in one act: kind, dates and doubts, as far as `found` says (reason: whence).

    Doubts that it does not answer stay. Refused as `set_dates` and `set_kind` are, and where it says nothing.
    """
    def change(doing: Act, row: Contract) -> dict[str, Any]:
        told: dict[str, Any] = {"doubts": [doubt["code"] for doubt in row.doubts]}
        if found.kind:
            told["kind"] = _name_kind(desk, doing, row, found.kind)
        if found.dates != Dates():
            told["dates"] = _date(doing, row, found.dates.or_those_of(row))
        if found.whole:
            _keep_doubts(doing, row, [])
            row.gone = told["gone"] = row.gone and found.gone
        if len(told) == 1:
            raise Refusal("没有写要核定什么：请写明种类、日期，或说明全部待核已核对。", "reason")
        return told

    return _amend(desk, number, "doubts_settled", change, reason, request_id)


def confirm_successor(desk: Desk, old: str, new: str, *, request_id: str | None = None) -> ContractView:
    """Link a newer contract of the same account as successor of an older one, which is thereby replaced."""
    def change(doing: Act, row: Contract) -> dict[str, Any]:
        later = contract_row(doing.session, new)
        if later.key != successor_candidate(doing.session, row):
            raise Refusal(f"“{later.key}”不是“{row.key}”的后续合同：应为同一户号、签订更晚、尚未接续别的合同。", "new")
        later.predecessor_id, row.active = row.id, False
        doing.touch(later)
        doing.note(SUBJECT, later.id, "succeeds", facts={"predecessor": row.key})
        return {"by": later.key}

    return _amend(desk, old, "replaced", change, "人工确认", request_id)


def _amend(desk: Desk, number: str, what: str, change: Callable[[Act, Contract], dict[str, Any]], reason: str,
           request_id: str | None) -> ContractView:
    if not reason.strip():
        raise Refusal("请写明依据，例如“已查合同原件”。", "reason")

    def with_reason(doing: Act, row: Contract) -> None:
        doing.note(SUBJECT, row.id, what, facts={**change(doing, row), "reason": reason.strip()})

    return change_contract(desk, number, what, with_reason, request_id)


def _refuse_drawn(row: Contract, what: str) -> None:
    if row.source == "drawn":
        raise Refusal(f"本程序起草的合同，{what}以合同文本为准，不能直接改；请作废后重新起草。")


def _keep_doubts(doing: Act, row: Contract, left: list[Any]) -> None:
    """A row that contradicts the contract stays open: its values are still to be adopted or declined."""
    row.doubts = left
    if not left:
        asked = update(ImportRow).where(ImportRow.contract_id == row.id, ~is_at_odds()).values(settled=True)
        doing.session.execute(asked, execution_options={"synchronize_session": False})


def _is_about_dates(doubt: Mapping[str, Any]) -> bool:
    return doubt["code"] in DATE_DOUBTS


DATE_DOUBTS = frozenset({"no_term", "bad_date", "two_digit_year", "end_before_start", "end_contradicts"})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def supplement_account(desk: Desk, number: str, answers: Mapping[str, Value], *, fill_only: bool = False,
                       request_id: str | None = None) -> None:
    """档案补录: what account and customer lack, by 户号 or contract number, so that a contract can be renewed.

    Refused with every field that is unknown, not of the file, or malformed; with `fill_only` also where the file
    says something else already, as when a sample meant for another customer is handed in.
    """
    given = tidied(answers)
    try:
        with act(desk, "supplement_account", request_id) as doing:
            account, customer = _file_of(doing.session, number)
            if fill_only:
                _refuse_held(doing.session, account, customer, given)
            write_file(doing, account, customer, given)
    except AlreadyDone:
        return


def tidied(answers: Mapping[str, Value]) -> dict[str, Value]:
    """The answers in the shape they are kept; refused with everything that is wrong with them."""
    strange = [name for name in answers
               if name not in FIELDS or name in OF_ONE_CONTRACT or described(name).group in OWN_GROUPS]
    if strange:
        raise Refusal(f"档案里没有“{'、'.join(strange)}”这些内容，请核对字段名。", strange[0])
    given = {name: tidy(name, value) if isinstance(value, str) else value for name, value in answers.items() if value}
    if isinstance(given.get("voltage"), str):
        given["voltage"] = voltage_of(str(given["voltage"]))
    wrong = tuple(Missing(f"{described(name).label}：{sentence}", name)
                  for name, value in given.items() if (sentence := check(name, value)))
    if wrong:
        raise Refusal("补录的内容有误，请改正：", wrong[0].field, wrong)
    return given


def _refuse_held(session: Session, account: Account, customer: Customer, given: Mapping[str, Value]) -> None:
    held = of_account(session, customer.id, account.id, {})
    other = tuple(Missing(f"{described(name).label}：档案里已有别的内容", name)
                  for name, value in given.items() if held.get(name) not in (None, "", [], value))
    if other:
        raise Refusal("补录只填档案里缺的；这几项已有别的内容，没有改动（请删去，确要改的写 --replace）：",
                      other[0].field, other)


def _file_of(session: Session, number: str) -> tuple[Account, Customer]:
    account = session.scalars(select(Account).where(Account.number == number.strip())).first()
    if account is None:
        account = session.get_one(Account, contract_row(session, number).account_id)
    return account, session.get_one(Customer, account.customer_id)


def write_file(doing: Act, account: Account, customer: Customer, given: Mapping[str, Value]) -> None:
    """Write supplemented facts where each belongs, and log which fields they were."""
    theirs = {name: value for name, value in given.items() if described(name).group in CUSTOMERS}
    its = {name: value for name, value in given.items() if name not in theirs}
    _write(customer, CUSTOMER_COLUMNS, theirs)
    _write(account, ACCOUNT_COLUMNS, its)
    _write_capacity(account, its)
    doing.touch(customer)
    doing.touch(account)
    doing.note("account", account.id, "file_supplemented", facts={"fields": sorted(given)})


def _write(row: Account | Customer, columns: Mapping[str, str], facts: Mapping[str, Value]) -> None:
    for name, column in columns.items():
        if facts.get(name):
            setattr(row, column, facts[name])
    rest = {name: value for name, value in facts.items() if name not in columns}
    if isinstance(row, Customer):
        _write_name(row, rest)
    row.facts = {**row.facts, **rest}


def _write_name(row: Customer, facts: dict[str, Value]) -> None:
    """Name and phone are searched by forms of their own."""
    if name := facts.pop("customer_name", ""):
        for column, value in name_columns(str(name)).items():
            setattr(row, column, value)
    if phone := facts.pop("customer_phone", ""):
        row.phone, row.phone_tail = str(phone), phone_tail(str(phone))


def _write_capacity(account: Account, facts: Mapping[str, Value]) -> None:
    for name, unit in (("scheme_capacity_kw", "kW"), ("scheme_capacity_kva", "kVA")):
        if facts.get(name):
            account.capacity, account.capacity_unit = Decimal(str(facts[name])), unit
