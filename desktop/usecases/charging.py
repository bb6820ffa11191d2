"""Business fees of a case: charged by the catalogue and the hall's own dated prices, paid against a receipt number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.cases import Case
from db.entries import Entry
from db.fees import Fee, Tariff
from desktop.domain.case import Status
from desktop.domain.caselog import LogEntry
from desktop.domain.deed import may
from desktop.domain.fee import WAYS, FeeItem, RefundRule, Sum, amount, sum_of
from desktop.domain.field import FIELDS
from desktop.domain.kind import quoted, tidied
from desktop.domain.slip import refuse_far
from desktop.errors import Refusal
from desktop.usecases.acting import Act, AlreadyDone, act
from desktop.usecases.allowing import allowed
from desktop.usecases.casework import append, case_row, done_facts, log_of, process_for, refuse_closed
from desktop.usecases.desk import Desk
from desktop.usecases.settling import FEES_STAGE

REFUNDED = "fee_refunded"
PAYING, REFUNDING = ("缴费", "票据号"), ("退费", "退费凭证号")
"""What is done with money, and what the number on its paper is called."""


@dataclass(frozen=True)
class Price:
    """What an item costs on a day, in 元 a unit, and on whose paper."""

    price: Decimal
    basis: str
    verified: bool


@dataclass(frozen=True)
class TariffRow:
    """An item of the catalogue and its price today; None where the hall has not entered one."""

    item: str
    name: str
    unit: str
    price: Decimal | None
    basis: str
    effective: date | None
    until: date | None
    rule: str
    verified: bool


@dataclass(frozen=True)
class Refund:
    """That a paid line was given back: when, how, on which receipt, why, and who allowed it."""

    on: date
    way: str
    receipt: str
    reason: str
    allowed_by: str


@dataclass(frozen=True)
class FeeRow:
    """One line that a case is to pay, has paid, or need no longer pay (`cancelled` says why); of a paid one that was
    given back `refund` tells how."""

    id: int
    item: str
    name: str
    unit: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    basis: str
    due_on: date | None
    paid_on: date | None
    way: str
    receipt: str
    cancelled: str
    refund: Refund | None = None

    @property
    def state(self) -> str:
        if self.cancelled:
            return "已退" if self.paid_on else "已取消"
        return "已缴" if self.paid_on else "待缴"


@dataclass(frozen=True)
class FeesView:
    """A case's fees: its lines, their sum without those cancelled or given back, and what such a case usually pays too.
    `ended`: the case came to nothing, so that what was paid is to be given back."""

    lines: tuple[FeeRow, ...]
    sum: Sum
    expected: tuple[FeeItem, ...]
    ended: bool = False

    @property
    def refunded(self) -> Decimal:
        """What was given back, in 元."""
        return sum((line.amount for line in self.lines if line.state == "已退"), Decimal(0))

    @property
    def to_refund(self) -> Decimal:
        """What an ended case has paid and not got back, in 元."""
        return self.sum.paid if self.ended else Decimal(0)


def tariffs(desk: Desk) -> tuple[TariffRow, ...]:
    """Every item that may be charged today, with its price of today."""
    items = [item for item in desk.catalog.fees.items if item.basis.holds_on(desk.today)]
    with desk.db.read() as session:
        found = {item.id: _tariff(session, item.id, desk.today) for item in items}
    return tuple(_tariff_row(item, found[item.id]) for item in items)


def set_tariff(desk: Desk, item: str, price: str, basis: str, effective: date, until: date | None = None, *,
               allowed_by: str = "", request_id: str | None = None) -> None:
    """Enter the hall's price of an item from `effective` on (to `until`), in 元 a unit; refused without the paper that
    fixes it, or where nobody allows it who may allow a refund: what every customer pays is no smaller matter.
    `allowed_by`: 工号 or 姓名, empty for the clerk at the desk. What was charged before keeps its price."""
    held, figure = desk.catalog.fees.item(item, desk.today), _money(price, "price")
    if figure <= 0:
        raise Refusal("单价应大于 0 元；不收的费用不必登记单价，不收就是了。", "price")
    refuse_far(effective, desk.today, "生效日期", "effective")
    if not basis.strip():
        raise Refusal("请写明核定单价的文件和文号，没有依据的单价不能用来收费。", "basis")
    if until is not None and until < effective:
        raise Refusal("失效日期早于生效日期，请核对。", "until")
    allower = _allowed(desk, desk.catalog.fees.refund, allowed_by, "登记单价")
    with suppress(AlreadyDone), act(desk, "set_tariff", request_id) as doing:
        doing.session.add(Tariff(item=held.id, price=figure, basis=basis.strip(), effective=effective, until=until,
                                 **doing.marks()))
        doing.note("hall", 0, "tariff_set", claimed_on=effective, facts={
            "item": held.id, "price": str(figure), "basis": basis.strip(), "allowed_by": allower})


def charge(desk: Desk, number: str, item: str, quantity: str = "", *, due_on: date | None = None,
           request_id: str | None = None) -> FeesView:
    """Put an item on the case's bill, at the price of today; `quantity` as far as the case does not say it.

    Refused for an abolished fee, one that is not in the catalogue, that is not for such a case or without a price, or
    one charged already.
    """
    if due_on is not None and due_on < desk.today:
        raise Refusal(f"缴费期限 {due_on} 早于今天，请写客户来得及缴的日期。", "due_on")
    refuse_far(due_on or desk.today, desk.today, "缴费期限", "due_on")
    with suppress(AlreadyDone), act(desk, "charge", request_id) as doing:
        case = case_row(doing.session, number)
        refuse_closed(case, "再登记业务费")
        held = _item(desk, case, item, doing.today)
        facts = _facts(doing.session, case)
        _refuse_unfit(held, facts)
        price = _price(doing.session, held, doing.today)
        much = _money(quantity or _of_case(held, facts), "quantity")
        if much <= 0:
            raise Refusal("数量应大于 0。", "quantity")
        _refuse_twice(doing.session, case, held)
        total = amount(price.price, much)
        doing.session.add(Fee(
            case_id=case.id, item=held.id, name=held.name, unit=held.unit, quantity=much, price=price.price,
            amount=total, basis=price.basis, due_on=due_on, **doing.marks()))
        doing.note("case", case.id, "fee_charged", facts={"fee": held.name, "amount": f"{total:.2f}"})
    return fees(desk, number)


def _of_case(held: FeeItem, facts: Mapping[str, Any]) -> str:
    """How much of it the case says; one, where the item counts nothing. Refused where it counts what nobody said."""
    much = held.quantity(facts)
    if held.quantity_of and not much:
        raise Refusal(f"“{held.name}”按{held.unit}计，申请和供电方案里还没有容量：请填写数量。", "quantity")
    return much or "1"


def pay(desk: Desk, number: str, lines: Sequence[int], on: date, way: str, receipt: str, *,
        request_id: str | None = None) -> FeesView:
    """The lines were paid on that day against a receipt; with the last one the fees' stage is done.

    Refused without a receipt number, for one that was used before, or for a line that is not due.
    """
    with suppress(AlreadyDone), act(desk, "pay", request_id) as doing:
        case = case_row(doing.session, number)
        _refuse_way(PAYING, way)
        due = _due_lines(doing.session, case, lines)
        given = _receipt(doing.session, PAYING, way, receipt)
        if not case.applied_on <= on <= doing.today:
            raise Refusal("缴费日期应在受理之后、今天之前（含今天）。", "on")
        for row in due:
            row.paid_on, row.way, row.receipt = on, way, given
            doing.touch(row)
        total = sum((row.amount for row in due), Decimal(0))
        doing.note("case", case.id, "fee_paid", claimed_on=on, facts={
            "fee": "、".join(row.name for row in due), "amount": f"{total:.2f}", "way": way,
            "receipt": given})
        doing.session.flush()
        _finish_stage(doing, desk, case, on)
    return fees(desk, number)


def cancel(desk: Desk, number: str, line: int, reason: str, *, request_id: str | None = None) -> FeesView:
    """A line is no longer due, with the reason; refused once it was paid."""
    if not reason.strip():
        raise Refusal("请写明为什么不再收取。", "reason")
    with suppress(AlreadyDone), act(desk, "cancel_fee", request_id) as doing:
        case = case_row(doing.session, number)
        (row,) = _due_lines(doing.session, case, [line])
        row.cancelled = reason.strip()
        doing.touch(row)
        doing.note("case", case.id, "fee_cancelled", facts={
            "fee": row.name, "amount": f"{row.amount:.2f}", "reason": reason.strip()})
    return fees(desk, number)


def refund(desk: Desk, number: str, line: int, reason: str, *, on: date, way: str, receipt: str,
           allowed_by: str = "", request_id: str | None = None) -> FeesView:
    """A paid line is given back: it was wrong or is no longer due. The line stays; its item may be charged again.

    `allowed_by`: 工号 or 姓名, empty for the clerk at the desk; refused where the catalogue asks for a post that he
    does not hold, without reason or a receipt of its own, or for a line that was not paid. A closed case is no
    hindrance.
    """
    if not reason.strip():
        raise Refusal("请写明为什么退费。", "reason")
    with suppress(AlreadyDone), act(desk, "refund", request_id) as doing:
        case = case_row(doing.session, number)
        row = _paid_line(doing.session, case, line)
        given = _receipt(doing.session, REFUNDING, way, receipt)
        if row.paid_on is not None and not row.paid_on <= on <= doing.today:
            raise Refusal(f"退费日期应在缴费（{row.paid_on.isoformat()}）之后、今天之前（含今天）。", "on")
        allower = _allowed(desk, desk.rules_of(case.release).fees.refund, allowed_by, "退费")
        row.cancelled = reason.strip()
        doing.touch(row)
        doing.note("case", case.id, REFUNDED, claimed_on=on, facts={
            "line": str(row.id), "fee": row.name, "amount": f"{row.amount:.2f}", "way": way,
            "receipt": given, "reason": reason.strip(), "allowed_by": allower})
    return fees(desk, number)


def _paid_line(session: Session, case: Case, line: int) -> Fee:
    row = session.get(Fee, line)
    if row is None or row.case_id != case.id or row.paid_on is None or row.cancelled:
        raise Refusal("要退的这一行不是已缴的费用，请刷新后再看。", "line")
    return row


def _allowed(desk: Desk, rule: RefundRule | None, said: str, deed: str) -> str:
    """Who allowed the deed with money. 依据：收费目录 refund 一行。"""
    return allowed(desk, (rule.posts or None) if rule else None, said, deed)


def refunds(log: Sequence[LogEntry]) -> dict[int, Refund]:
    """By line, how what was paid was given back."""
    return {int(entry.facts["line"]): Refund(entry.claimed_on, entry.facts["way"], entry.facts["receipt"],
                                             entry.facts["reason"], entry.facts["allowed_by"])
            for entry in log if entry.what == REFUNDED}


def fees(desk: Desk, number: str) -> FeesView:
    """The fees of a case as they stand."""
    with desk.db.read() as session:
        case = case_row(session, number)
        rows = session.scalars(select(Fee).where(Fee.case_id == case.id).order_by(Fee.id)).all()
        given_back = refunds(log_of(session, case.id)) if rows else {}
        lines = tuple(_fee_row(row, given_back.get(row.id)) for row in rows)
        known, ended = _facts(session, case), case.status == Status.ENDED
        book = desk.rules_of(case.release).fees
    alive = [line for line in lines if not line.cancelled]
    billed = {line.item for line in alive}
    expected = () if ended else tuple(
        item for item in book.items
        if item.basis.holds_on(desk.today) and item.expected(known) and item.id not in billed)
    return FeesView(lines, sum_of((line.amount, bool(line.paid_on)) for line in alive), expected, ended)


def _item(desk: Desk, case: Case, word: str, day: date) -> FeeItem:
    """The item as the case's own release has it; refused where that, or what is in force today, has abolished it."""
    desk.catalog.fees.refuse_banned(word, day)
    return desk.rules_of(case.release).fees.item(word, day)


def _fee_row(row: Fee, given_back: Refund | None) -> FeeRow:
    return FeeRow(row.id, row.item, row.name, row.unit, row.quantity, row.price, row.amount, row.basis, row.due_on,
                  row.paid_on, row.way, row.receipt, row.cancelled, given_back)


def _tariff_row(item: FeeItem, found: Tariff | None) -> TariffRow:
    price = found.price if found else item.price
    return TariffRow(item.id, item.name, item.unit, price, found.basis if found else "",
                     found.effective if found else None, found.until if found else None, item.basis.text,
                     item.basis.verified)


def _tariff(session: Session, item: str, day: date) -> Tariff | None:
    """The hall's price in force on that day; of several the one that began last."""
    query = select(Tariff).where(Tariff.item == item, Tariff.effective <= day)
    rows = session.scalars(query.order_by(Tariff.effective.desc(), Tariff.id.desc()))
    return next((row for row in rows if row.until is None or day <= row.until), None)


def _price(session: Session, item: FeeItem, day: date) -> Price:
    own = _tariff(session, item.id, day)
    if own is not None:
        return Price(own.price, own.basis, True)
    if item.price is not None:
        return Price(item.price, item.basis.text, item.basis.verified)
    raise Refusal(f"“{item.name}”还没有单价：单价由本省核定，请先按文件登记单价和文号"
                  "（工单页“业务费”卡片的“登记单价”，或 yekuo tariff）。", "price")


def _facts(session: Session, case: Case) -> Mapping[str, Any]:
    return {**case.answers, **done_facts(session, case.id)}


def _money(text: str, name: str) -> Decimal:
    try:
        figure = Decimal(text.strip())
    except InvalidOperation as error:
        raise Refusal(f"“{text}”不是数字，请填写如 80 或 12.50。", name) from error
    if "e" in text.lower():  # 1e5 reads as 100000, and nobody writes money so
        raise Refusal(f"“{text}”不是数字，请填写如 80 或 12.50。", name)
    if not figure.is_finite() or figure < 0 or figure > 99_999_999:
        raise Refusal(f"“{text}”不能用：应为 0 以上、99999999 以下的数字，请核对。", name)
    return figure


def _refuse_unfit(item: FeeItem, facts: Mapping[str, Any]) -> None:
    if item.wrong_for(facts):
        label, said = FIELDS[item.expected_field].label, facts.get(item.expected_field)
        stands = f"这张工单是“{said}”" if said else "这张工单没有这种情形"
        raise Refusal(f"“{item.name}”只在“{label}”为{quoted(item.expected_values)}的时候收取，{stands}：不能收。"
                      f"依据：{item.basis.text}", "item")


def _refuse_twice(session: Session, case: Case, item: FeeItem) -> None:
    again = session.scalar(select(Fee.id).where(Fee.case_id == case.id, Fee.item == item.id, Fee.cancelled == ""))
    if again is not None:
        raise Refusal(f"“{item.name}”已在这张工单的账上；数量有变的，先取消原来的一行再登记。", "item")


def _due_lines(session: Session, case: Case, lines: Sequence[int]) -> list[Fee]:
    """The lines by their ids, all of them if none is named; refused where one is not due."""
    rows = session.scalars(select(Fee).where(Fee.case_id == case.id).order_by(Fee.id)).all()
    due = [row for row in rows if row.paid_on is None and not row.cancelled and (not lines or row.id in lines)]
    if not due or (lines and len(due) != len(set(lines))):
        raise Refusal("要办理的费用不在待缴之列，请刷新后再看。", "line")
    return due


def _refuse_way(deed: tuple[str, str], way: str) -> None:
    if way not in WAYS:
        raise Refusal(f"{deed[0]}方式应为下列之一：{quoted(WAYS)}。", "pay_way")


def _receipt(session: Session, deed: tuple[str, str], way: str, said: str) -> str:
    """The number of a payment's or a refund's paper as it is kept; refused for a way that is none, without a number,
    or for one on which money was paid or given back before, in whatever case."""
    _word, called = deed
    given = tidied("id", said)
    _refuse_way(deed, way)
    if not given:
        raise Refusal(f"请填写{called}。", "receipt")
    for number, used in _uses(session, {given, said.strip()}):
        raise Refusal(f"{called} {given} 已用于工单 {number} 的{used}，一个号码只能用一次，请核对{called}。", "receipt")
    return given


def _uses(session: Session, spellings: Set[str]) -> Iterator[tuple[str, str]]:
    """Where a receipt's number was used: case and 缴费 or 退费."""
    paid = select(Case.number).join(Fee, Fee.case_id == Case.id).where(Fee.receipt.in_(spellings)).limit(1)
    back = select(Case.number).join(Entry, Entry.subject_id == Case.id).where(
        Entry.subject == "case", Entry.what == REFUNDED, Entry.facts["receipt"].as_string().in_(spellings)).limit(1)
    for query, (word, _called) in ((paid, PAYING), (back, REFUNDING)):
        yield from ((number, word) for number in session.scalars(query))


def _finish_stage(doing: Act, desk: Desk, case: Case, on: date) -> None:
    """All is paid: the fees' stage, where the kind has one that is open, is done with it."""
    left = doing.session.scalar(select(Fee.id).where(
        Fee.case_id == case.id, Fee.paid_on.is_(None), Fee.cancelled == "").limit(1))
    process = process_for(desk, case)
    if left is not None or FEES_STAGE not in process.stage_by_id:
        return
    if not may(process, log_of(doing.session, case.id), FEES_STAGE, "done", on=on, today=doing.today):
        append(doing, desk, case, process, "done", stage=FEES_STAGE, claimed_on=on)
