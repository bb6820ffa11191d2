"""Instrument transformers (互感器): a serial is in one place only, as a meter is. Where one hung and when it came down
is its own log, one subject a serial; the application says which numbers hang, in one field for CT and one for PT.

A case that names its transformers anew, or a later one at the same account, replaces what was named there before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.cases import Case
from db.customers import Account, Customer
from db.entries import Entry
from desktop.domain.caselog import What
from desktop.domain.field import field
from desktop.domain.metering import plate
from desktop.domain.process import Stage
from desktop.errors import Refusal
from desktop.usecases.acting import Act

FIELDS = ("ct_numbers", "pt_numbers")
HUNG, DOWN = "transformer_hung", "transformer_down"
_BETWEEN = re.compile(r"[、，,；;/\s]+")


def serials(text: str) -> tuple[str, ...]:
    """The serials in a field, in their order: apart by 、 , ; / or blanks, spelt as they are told from one another."""
    return tuple(plate(each) for each in _BETWEEN.split(text) if any(letter.isalnum() for letter in each))


def hang(doing: Act, case: Case, stage: Stage, facts: Mapping[str, Any], on: date) -> None:
    """Note what the stage's facts hang up and what is named there no more; nothing where it asks no transformers.

    Refused where a serial is written twice, or hangs at another account, naming the place.
    """
    closes = bool(facts.get("final_reading"))
    if not closes and not set(FIELDS) & set(stage.fields):
        return
    named = {serial: name for name in FIELDS for serial in _named_once(facts, name)}
    _refuse_in_both(facts)
    before = set(_hanging_here(doing.session, case))
    for serial in before - named.keys() if named or closes else ():
        _note(doing, case, serial, DOWN, on)
    for serial, name in named.items():
        _refuse_elsewhere(doing.session, case, serial, name)
        if serial not in before:
            _note(doing, case, serial, HUNG, on)
    doing.write_log()


def give_up(doing: Act, case: Case, on: date) -> None:
    """The case came to nothing: what it hung up hangs there no more."""
    for serial in [*_hanging_here(doing.session, case)]:
        last = _last(doing.session, serial)
        if last is not None and last.facts.get("case") == case.number:
            _note(doing, case, serial, DOWN, on)


def take_back(doing: Act, case: Case, at: datetime) -> None:
    """What the case noted of transformers in the act of that moment never was."""
    query = select(Entry.subject, Entry.what).where(
        Entry.subject.in_([_subject(serial) for serial in _of_account(doing.session, case)]),
        Entry.subject_id == case.account_id, Entry.entered_at == at)
    for subject, what in doing.session.execute(query).all():
        _note(doing, case, subject.removeprefix(_subject("")), DOWN if what == HUNG else HUNG, doing.today)


def _subject(serial: str) -> str:
    return f"transformer {serial}"


def _note(doing: Act, case: Case, serial: str, what: str, on: date) -> None:
    doing.note(_subject(serial), case.account_id, what, claimed_on=on, facts={"case": case.number})


def _last(session: Session, serial: str) -> Entry | None:
    """The last word on a transformer."""
    query = select(Entry).where(Entry.subject == _subject(serial)).order_by(Entry.id.desc()).limit(1)
    return session.scalars(query).one_or_none()


def _named_once(facts: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = serials(str(facts.get(name) or ""))
    twice = [serial for serial in dict.fromkeys(found) if found.count(serial) > 1]
    if twice:
        raise Refusal(f"{field(name).label} {'、'.join(twice)} 写了两次，请核对。", name)
    return found


def _refuse_in_both(facts: Mapping[str, Any]) -> None:
    ct, pt = (set(serials(str(facts.get(name) or ""))) for name in FIELDS)
    if both := sorted(ct & pt):
        raise Refusal(f"互感器编号 {'、'.join(both)} 既写成电流互感器又写成电压互感器，请核对。", "pt_numbers")


def _refuse_elsewhere(session: Session, case: Case, serial: str, name: str) -> None:
    last = _last(session, serial)
    if last is None or last.what == DOWN or last.subject_id == case.account_id:
        return
    account = session.get_one(Account, last.subject_id)
    who = session.get_one(Customer, account.customer_id).name
    place = f"户号 {account.number}" if account.number else f"工单 {last.facts['case']}"
    raise Refusal(f"{field(name).label} {serial} 已装在“{who}”（{place}，{account.address}，{last.claimed_on} 装），"
                  "一只互感器只能装在一处。请核对编号；确已拆下的，先在那一户重新登记装表或销户拆表。", name)


def _hanging_here(session: Session, case: Case) -> Iterator[str]:
    """What hangs at the account of the case."""
    for serial in _of_account(session, case):
        last = _last(session, serial)
        if last is not None and last.what == HUNG and last.subject_id == case.account_id:
            yield serial


def _of_account(session: Session, case: Case) -> tuple[str, ...]:
    """Every serial that a case of this account ever named."""
    query = select(Entry.facts).join(Case, Case.id == Entry.subject_id).where(
        Entry.subject == "case", Case.account_id == case.account_id, Entry.what == What.DONE)
    said = [str(facts[name]) for facts in session.scalars(query) for name in FIELDS if facts.get(name)]
    return tuple(dict.fromkeys(serial for text in said for serial in serials(text)))
