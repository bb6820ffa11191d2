"""Open cases read anew: where a calendar changed, the due days that lists keep beside a case follow its log.

What is kept is the log; this only brings the lists' reading of it up to date, so it writes no entry of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.cases import Case
from db.clerks import Clerk, Setting
from db.customers import Customer
from db.entries import Entry
from desktop.domain.calendar import WorkCalendar
from desktop.domain.caselog import LogEntry
from desktop.progress import Step, no_step
from desktop.usecases.acting import act, is_only_looked_at
from desktop.usecases.casework import process_for, reading, receipt_of
from desktop.usecases.desk import Desk

CHUNK = 200
SETTING = "due_days_counted_by"
COUNTING = 4  # one more whenever the way of counting changes: kept due days are then read anew


@dataclass(frozen=True)
class DueMove:
    """An open case whose due day moves; None where it has, or had, none."""

    case_id: int
    number: str
    customer: str
    before: date | None
    after: date | None


def moves(desk: Desk, calendar: WorkCalendar, step: Step = no_step) -> tuple[DueMove, ...]:
    """The open cases whose due day another calendar would move, by number."""
    return tuple(
        DueMove(case.id, case.number, _customer(desk, case.customer_id), case.due_on, now["due_on"])
        for case, now in _read_anew(desk, calendar, step) if now["due_on"] != case.due_on)


def _read_anew(desk: Desk, calendar: WorkCalendar, step: Step) -> Iterator[tuple[Case, dict[str, Any]]]:
    """The open cases that the calendar reads otherwise than they are kept, with what it reads."""
    counting = with_calendar(desk, calendar)
    for case, log, done, total in _open_cases(desk):
        step(done, total)
        now = reading(process_for(desk, case), log, counting.rules_of(case.release).calendar, desk.today,
                      receipt_of(case.way, case.promises))
        if any(getattr(case, name) != value for name, value in now.items()):
            yield case, now


def recount(desk: Desk, step: Step = no_step) -> int:
    """Read every open case anew with the desk's calendar; how many due days moved. Nothing is changed otherwise, and
    a second run changes nothing."""
    found = [(case.id, case.due_on, now) for case, now in _read_anew(desk, desk.catalog.calendar, step)]
    for start in range(0, len(found), CHUNK):
        with act(desk, "recount", needs_clerk=False) as doing:
            for case_id, _before, now in found[start:start + CHUNK]:
                doing.session.execute(update(Case).where(Case.id == case_id, Case.closed_on.is_(None)).values(**now))
    return sum(now["due_on"] != before for _id, before, now in found)


def recount_if_changed(desk: Desk, step: Step = no_step) -> int:
    """Read every open case anew where calendar or rules are no longer those that its due day was counted by, as after
    a year's file was put into the folder by hand; how many due days moved. A hall that is only looked at stays."""
    if is_only_looked_at(desk):
        return 0
    mark = counted_by(desk)
    with desk.db.read() as session:
        if session.scalar(select(Setting.value).where(Setting.name == SETTING)) == mark:
            return 0
    moved = recount(desk, step)
    with act(desk, "recount", needs_clerk=False) as doing:
        row = doing.session.get(Setting, SETTING)
        if row is None:
            doing.session.add(Setting(name=SETTING, value=mark))
        else:
            row.value = mark
    return moved


def counted_by(desk: Desk) -> str:
    """What due days are counted by: the rules' release and every mark of every year."""
    calendar = desk.catalog.calendar
    years = [known for year in calendar.years if (known := calendar.year(year))]
    marks = sorted(f"{day}{mark.is_off:d}" for known in years for day, mark in known.days.items())
    told = f"{COUNTING} {desk.catalog.release} {calendar.conventions} {calendar.years} {marks}"
    return hashlib.sha256(told.encode()).hexdigest()


def with_calendar(desk: Desk, calendar: WorkCalendar) -> Desk:
    """The same desk counting by another calendar."""
    return replace(desk, catalog=replace(desk.catalog, calendar=calendar))


def _open_cases(desk: Desk) -> Iterator[tuple[Case, tuple[LogEntry, ...], int, int]]:
    """Every open case with its log, in short reads; how many are done and how many there are."""
    with desk.db.read() as session:
        ids = list(session.scalars(select(Case.id).where(Case.closed_on.is_(None)).order_by(Case.id)))
    for start in range(0, len(ids), CHUNK):
        with desk.db.read() as session:
            part = ids[start:start + CHUNK]
            cases = list(session.scalars(select(Case).where(Case.id.in_(part)).order_by(Case.id)))
            logs = _logs(session, part)
        for at, case in enumerate(cases, start + 1):
            yield case, logs[case.id], at, len(ids)


def _logs(session: Session, ids: list[int]) -> dict[int, tuple[LogEntry, ...]]:
    query = select(Entry.subject_id, Entry.id, Entry.what, Entry.stage, Entry.claimed_on, Entry.entered_at,
                   Clerk.number, Clerk.name, Entry.facts).outerjoin(Clerk, Clerk.id == Entry.clerk_id).where(
        Entry.subject == "case", Entry.subject_id.in_(ids)).order_by(Entry.subject_id, Entry.id)
    grouped = groupby(session.execute(query), key=lambda row: row.subject_id)
    return {case_id: tuple(LogEntry(*row[1:]) for row in rows) for case_id, rows in grouped}


def _customer(desk: Desk, customer_id: int) -> Any:
    with desk.db.read() as session:
        return session.scalar(select(Customer.name).where(Customer.id == customer_id))
