"""The register of meters: a serial hangs in one place only; what a case hangs up and takes down is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.cases import Case
from db.customers import Account, Customer
from db.meters import Meter
from desktop.domain.metering import Hanging, TakingDown, plate, spellings, works
from desktop.domain.process import Stage
from desktop.errors import Refusal
from desktop.usecases.acting import Act

METER_FIELDS = frozenset({"meter_number", "mountings", "final_reading"})
TAKEN_DOWN, RECALLED, AGAIN = "拆表", "召回装表登记", "重新登记装表"
MOVED = "移装"


def mount(doing: Act, case: Case, stage: Stage, facts: Mapping[str, Any], scheme: Mapping[str, Any], on: date) -> None:
    """Bring the register up to what the stage's facts hang up and take down; nothing where it asks no meters.

    Refused where a serial hangs elsewhere, naming the place, or where one to take down does not hang here.
    """
    if not METER_FIELDS & set(stage.fields):
        return
    hung, down = works(facts, scheme)
    if facts.get("final_reading"):
        named = {plate(each.serial) for each in down}
        down = (*down, *_all_the_rest(doing.session, case, named, facts["final_reading"]))
    for taken in down:
        _take_down(doing, case, taken, on)
    _drop_unlisted(doing, case, {plate(each.serial) for each in hung}, on)
    for each in hung:
        _hang(doing, case, each, on, str(facts.get("installed_by") or ""))


def give_up(doing: Act, case: Case, on: date, reason: str) -> None:
    """The case came to nothing: what it hung up hangs there no more, and what it took down hangs again, unless it
    hangs elsewhere by now."""
    for row in _hanging(doing.session, Meter.case_id == case.id):
        _remove(doing, case, row, on, None, reason)
    for row in _taken_down(doing.session, case):
        if not _hanging(doing.session, Meter.serial.in_(spellings(row.serial))):
            _hang_again(doing, row)


def unhang(doing: Act, case: Case, at: datetime) -> None:
    """What the case did to meters in the act of that moment never was: a meter hung up is free for any place, one
    taken down hangs where it hung. Refused where that one hangs elsewhere by now."""
    for row in _hanging(doing.session, Meter.case_id == case.id, Meter.created_at == at):
        _remove(doing, case, row, row.installed_on, None, RECALLED)
    for row in doing.session.scalars(select(Meter).where(
            Meter.removal_case_id == case.id, Meter.changed_at == at, Meter.removal_reason != RECALLED)).all():
        for other in _hanging(doing.session, Meter.serial.in_(spellings(row.serial))):
            raise Refusal(f"表号 {row.serial} 拆下后已挂在{_place(doing.session, other)}，这一环节不能召回；"
                          "请改用退回，重新登记装拆。", "stage")
        _hang_again(doing, row)


def _hang_again(doing: Act, row: Meter) -> None:
    row.removed_on = row.end_reading = row.removal_case_id = None
    row.removal_reason = ""
    doing.touch(row)
    doing.session.flush()


def _taken_down(session: Session, case: Case) -> list[Meter]:
    return list(session.scalars(select(Meter).where(
        Meter.removal_case_id == case.id, Meter.removal_reason == TAKEN_DOWN).order_by(Meter.id)))


def _all_the_rest(session: Session, case: Case, named: set[str], reading: str) -> Iterable[TakingDown]:
    """A closed account keeps no meter: those that nobody named go with the last reading, also where they were taken
    down with another one before the stage was sent back."""
    rows = (*_hanging(session, Meter.account_id == case.account_id), *_taken_down(session, case))
    return [TakingDown(serial, Decimal(reading)) for serial in dict.fromkeys(row.serial for row in rows)
            if plate(serial) not in named]


def _hanging(session: Session, *conditions: Any) -> list[Meter]:
    return list(session.scalars(select(Meter).where(*conditions, Meter.removed_on.is_(None)).order_by(Meter.id)))


def _take_down(doing: Act, case: Case, taken: TakingDown, on: date) -> None:
    """Take a meter down, or say anew how this case took it down before the stage was sent back."""
    meant = Meter.serial.in_(spellings(taken.serial))
    found = _hanging(doing.session, meant, Meter.account_id == case.account_id) or [
        row for row in _taken_down(doing.session, case) if plate(row.serial) == plate(taken.serial)][-1:]
    if not found:
        raise Refusal(f"表号 {taken.serial} 没有登记挂在这一户，不能拆下。请核对表号。", "mountings")
    if taken.reading < found[0].start_reading:
        raise Refusal(f"表号 {taken.serial} 的拆表示数 {taken.reading} 小于装表示数 {found[0].start_reading}，请核对；"
                      "表计翻转的请在备注说明后按翻转后的示数另行处理。", "mountings")
    if on < found[0].installed_on:
        raise Refusal(f"表号 {taken.serial} 是 {found[0].installed_on} 装上的，不能在 {on} 已经拆下。请核对日期。",
                      "mountings")
    _remove(doing, case, found[0], on, taken.reading, TAKEN_DOWN)


def _remove(doing: Act, case: Case, row: Meter, on: date, reading: Decimal | None, reason: str) -> None:
    row.removed_on = max(on, row.installed_on)  # what is said anew may lie before what was said first
    row.end_reading, row.removal_case_id, row.removal_reason = reading, case.id, reason
    doing.touch(row)
    doing.session.flush()


def _drop_unlisted(doing: Act, case: Case, listed: set[str], on: date) -> None:
    """What this very case hung up in an earlier round and names no more."""
    for row in _hanging(doing.session, Meter.case_id == case.id):
        if plate(row.serial) not in listed:
            _remove(doing, case, row, on, None, f"{AGAIN}，未再列入")


def _refuse_overlap(doing: Act, serial: str, on: date) -> None:
    """A meter cannot have been here while it still hung elsewhere: the days of its places share none."""
    after = doing.session.scalars(select(Meter).where(
        Meter.serial.in_(spellings(serial)), Meter.removed_on > on,
        Meter.removal_reason.not_in((RECALLED, AGAIN))).order_by(Meter.removed_on.desc()).limit(1)).one_or_none()
    if after is not None:
        raise Refusal(f"表号 {after.serial} 到 {after.removed_on} 才从{_place(doing.session, after)}拆下，"
                      f"不能在 {on} 已装在这里。请核对表号和装表日期。", "meter_number")


def _hang(doing: Act, case: Case, each: Hanging, on: date, by: str) -> None:
    _refuse_overlap(doing, each.serial, on)
    for row in _hanging(doing.session, Meter.serial.in_(spellings(each.serial))):
        if row.account_id != case.account_id:
            raise Refusal(f"表号 {row.serial} 已挂在{_place(doing.session, row)}，一只表只能挂在一处。"
                          "请核对表号；确已拆下的，先在那一户登记拆表。", "meter_number")
        each = _moved(doing, case, row, each, on)
    doing.session.add(Meter(
        serial=each.serial, account_id=case.account_id, case_id=case.id, point=each.point, spec=each.spec,
        accuracy=each.accuracy, ct_ratio=each.ct_ratio, pt_ratio=each.pt_ratio, multiplier=each.multiplier,
        seal=each.seal, start_reading=each.reading, installed_on=on, installed_by=by, **doing.marks()))
    doing.session.flush()


def _moved(doing: Act, case: Case, row: Meter, each: Hanging, on: date) -> Hanging:
    """A meter that hangs at this account already: it ends there with the reading with which it is hung up anew; where
    nobody told one, it goes on from its first. Refused where it would run back."""
    if row.case_id == case.id:
        _remove(doing, case, row, on, None, AGAIN)
        return each
    if 0 < each.reading < row.start_reading:
        raise Refusal(f"表号 {row.serial} 的示数 {each.reading} 小于原来装表时的 {row.start_reading}，请核对。",
                      "meter_reading")
    _remove(doing, case, row, on, each.reading or None, MOVED)
    return replace(each, reading=each.reading or row.start_reading)


def _place(session: Session, row: Meter) -> str:
    """Where a meter hangs, as the clerk finds it: name, 户号 or the case on its way, address."""
    account = session.get_one(Account, row.account_id)
    name = session.get_one(Customer, account.customer_id).name
    case = session.get(Case, row.case_id) if row.case_id else None
    number = f"户号 {account.number}" if account.number else f"工单 {case.number}" if case else "未编户号"
    return f"“{name}”（{number}，{account.address}，{row.installed_on.isoformat()} 装）"
