"""Seeing the cases: the worklist by pages, its counts, and one case with all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from db.cases import Case, CaseMaterial, Scheme
from db.clerks import Clerk
from db.contracts import Contract
from db.customers import Account, Customer
from desktop.domain.accord import contradictions
from desktop.domain.case import CaseState, Status, state
from desktop.domain.caselog import LogEntry
from desktop.domain.deadline import Level
from desktop.domain.deed import may
from desktop.domain.notice import notices
from desktop.domain.pinyin import search_form
from desktop.domain.process import Process, Stage
from desktop.errors import Missing
from desktop.usecases.casework import case_row, log_of, process_for
from desktop.usecases.desk import Desk
from desktop.usecases.finding import starts
from desktop.usecases.paging import Cursor, Page
from desktop.usecases.papering import PaperView, papers_of

OPEN = (Status.OPEN, Status.PAUSED)


@dataclass(frozen=True)
class CaseFilter:
    """What the list shows. `due`: today, overdue or paused; `stage`: a stage's id; `mine`: of the clerk at the desk."""

    text: str = ""
    status: str = ""
    stage: str = ""
    due: str = ""
    process: str = ""
    mine: bool = False
    open_only: bool = False


@dataclass(frozen=True)
class CaseRow:
    """One line of the list. `days_left` counts calendar days to the due date; None where there is none."""

    id: int
    number: str
    customer: str
    kind: str
    address: str
    capacity: str
    stage: str
    status: str
    due_on: date | None
    level: str
    days_left: int | None
    owner: str
    accepted_on: date


@dataclass(frozen=True)
class MaterialRow:
    """A paper of the case as it stands."""

    code: str
    name: str
    demand: str
    state: str
    supplier: str
    due_on: date | None
    supplied_on: date | None
    open: bool


@dataclass(frozen=True)
class SchemeRow:
    """One version of the 供电方案."""

    revision: int
    facts: dict[str, Any]
    answered_on: date


@dataclass(frozen=True)
class CaseView:
    """One case whole. `missing_next`: for each open stage, what still stands in the way of finishing it."""

    row: CaseRow
    version: int
    process: Process
    way: str
    answers: dict[str, Any]
    promises: tuple[dict[str, Any], ...]
    state: CaseState
    log: tuple[LogEntry, ...]
    materials: tuple[MaterialRow, ...]
    schemes: tuple[SchemeRow, ...]
    contract_number: str | None
    papers: tuple[PaperView, ...]
    missing_next: tuple[Missing, ...]
    acceptor: str
    customer_id: int
    account_id: int
    account_number: str
    outside: dict[str, str]

    @property
    def current(self) -> tuple[Stage, ...]:
        return tuple(self.process.stage(stage_id) for stage_id in self.state.current)


def cases(desk: Desk, chosen: CaseFilter, after: Cursor | None = None, limit: int = 50) -> Page[CaseRow]:
    """A page of the cases that `chosen` names: by nearness of their due date where that is asked for, else the
    latest first."""
    query = _columns().where(*_conditions(desk, chosen))
    query = _by_due(query, after) if chosen.due in ("today", "overdue") else _latest(query, after)
    with desk.db.read() as session:
        found = session.execute(query.limit(limit + 1)).all()
    rows = tuple(_row(desk, each) for each in found[:limit])
    return Page(rows, _cursor(chosen, found[limit - 1]) if len(found) > limit else None)


def _columns() -> Select[*tuple[Any, ...]]:
    return select(
        Case.id, Case.number, Customer.name.label("customer"), Case.process, Account.address, Account.capacity,
        Account.capacity_unit, Case.stage, Case.status, Case.due_on, Case.paused, Case.paused_until, Case.closed_on,
        Clerk.name.label("owner"), Case.applied_on, Case.accepted_at,
    ).join(Customer, Customer.id == Case.customer_id).join(Account, Account.id == Case.account_id).join(
        Clerk, Clerk.id == Case.owner_id)


def _latest(query: Select[*tuple[Any, ...]], after: Cursor | None) -> Select[*tuple[Any, ...]]:
    if after is not None:
        query = query.where(tuple_(Case.accepted_at, Case.id) < after)
    return query.order_by(Case.accepted_at.desc(), Case.id.desc())


def _by_due(query: Select[*tuple[Any, ...]], after: Cursor | None) -> Select[*tuple[Any, ...]]:
    if after is not None:
        query = query.where(tuple_(Case.due_on, Case.id) > after)
    return query.order_by(Case.due_on, Case.id)


def _cursor(chosen: CaseFilter, row: Row[Any]) -> Cursor:
    if chosen.due in ("today", "overdue"):
        return (row.due_on, row.id)
    return (row.accepted_at, row.id)


def _conditions(desk: Desk, chosen: CaseFilter) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if chosen.status:
        made.append(Case.status == chosen.status)
    if chosen.process:
        made.append(Case.process == chosen.process)
    if chosen.stage:
        made.append(("," + Case.stage + ",").contains(f",{chosen.stage},"))
    if chosen.mine:
        made.append(Case.owner_id == desk.clerk.id if desk.clerk else false())
    if chosen.open_only:
        made.append(Case.closed_on.is_(None))
    return [*made, *_due_conditions(desk, chosen.due), *_said(chosen.text.strip())]


def _due_conditions(desk: Desk, due: str) -> list[ColumnElement[bool]]:
    """A pause that named its end has run out by itself on that day."""
    running = or_(Case.paused.is_(False), Case.paused_until <= desk.today)
    conditions = {
        "": [],
        "today": [Case.closed_on.is_(None), Case.due_on == desk.today, running],
        "overdue": [Case.closed_on.is_(None), Case.due_on < desk.today, running],
        "paused": [Case.closed_on.is_(None), Case.paused.is_(True),
                   or_(Case.paused_until.is_(None), Case.paused_until > desk.today)],
    }
    return conditions[due]


def _said(text: str) -> list[ColumnElement[bool]]:
    if not text:
        return []
    form = search_form(text)
    numbers = [starts(column, text.upper()) for column in
               (Case.number, Case.yx_application, Case.yx_account, Case.yx_contract)]
    return [or_(*numbers, Customer.name_form.contains(form, autoescape=True), starts(Customer.initials, form))]


def _row(desk: Desk, row: Row[Any]) -> CaseRow:
    process = desk.catalog.processes[row.process]
    paused = row.paused and not (row.paused_until and row.paused_until <= desk.today)
    status = row.status if row.closed_on or paused else str(Status.OPEN)
    due = None if row.closed_on or paused else row.due_on
    return CaseRow(
        row.id, row.number, row.customer, process.name, row.address, _capacity(row), _stage_names(process, row.stage),
        status, due, _level(due, desk), (due - desk.today).days if due else None, row.owner, row.applied_on)


def _capacity(row: Row[Any]) -> str:
    return f"{row.capacity.normalize():f} {row.capacity_unit}" if row.capacity is not None else ""


def _stage_names(process: Process, stages: str) -> str:
    return "、".join(process.stage(stage).name for stage in stages.split(",") if stage)


def _level(due: date | None, desk: Desk) -> str:
    """The list's reading of urgency: near is today or the next working day; the case's page knows the share used."""
    if due is None:
        return str(Level.NONE)
    if due < desk.today:
        return str(Level.OVERDUE)
    if due == desk.today:
        return str(Level.TODAY)
    return str(Level.NEAR if due <= desk.catalog.calendar.add_workdays(desk.today, 1) else Level.NORMAL)


def worklist_counts(desk: Desk) -> dict[str, int]:
    """How many cases wait: today, overdue, paused, mine."""
    filters = {"today": CaseFilter(due="today"), "overdue": CaseFilter(due="overdue"),
               "paused": CaseFilter(due="paused"), "mine": CaseFilter(mine=True, open_only=True)}
    with desk.db.read() as session:
        return {name: session.execute(select(func.count()).select_from(Case).where(
            and_(*_conditions(desk, chosen)))).scalar_one() for name, chosen in filters.items()}


def case(desk: Desk, number: str) -> CaseView:
    """One case whole; refused if there is none of that number."""
    with desk.db.read() as session:
        kept = case_row(session, number)
        listed = session.execute(_columns().where(Case.id == kept.id)).one()
        log = log_of(session, kept.id)
        process = process_for(desk, kept)
        now = state(process, log, desk.catalog.calendar, desk.today)
        return CaseView(
            row=_row(desk, listed), version=kept.version, process=process, way=kept.way, answers=dict(kept.answers),
            promises=tuple(kept.promises), state=now, log=log, materials=_materials(session, kept.id),
            schemes=_schemes(session, kept.id), contract_number=_contract_number(session, kept.id),
            papers=papers_of(session, "case", kept.id), missing_next=_missing_next(process, log, now, desk),
            acceptor=session.execute(select(Clerk.name).where(Clerk.id == kept.acceptor_id)).scalar_one(),
            customer_id=kept.customer_id, account_id=kept.account_id,
            account_number=session.execute(
                select(Account.number).where(Account.id == kept.account_id)).scalar_one() or "",
            outside={name: getattr(kept, name) for name in ("yx_application", "yx_account", "yx_contract")})


def _missing_next(process: Process, log: tuple[LogEntry, ...], now: CaseState, desk: Desk) -> tuple[Missing, ...]:
    lacks: dict[str, Missing] = {}
    for stage_id in now.current:
        deed = process.stage(stage_id).done_by
        for lack in may(process, log, stage_id, deed, on=desk.today, today=desk.today):
            lacks.setdefault(f"{lack.sentence}{lack.field}", lack)
    return tuple(lacks.values())


def _materials(session: Session, case_id: int) -> tuple[MaterialRow, ...]:
    query = select(
        CaseMaterial.code, CaseMaterial.name, CaseMaterial.demand, CaseMaterial.state, CaseMaterial.supplier,
        CaseMaterial.due_on, CaseMaterial.supplied_on, CaseMaterial.open,
    ).where(CaseMaterial.case_id == case_id).order_by(CaseMaterial.id)
    return tuple(MaterialRow(*row) for row in session.execute(query))


def _schemes(session: Session, case_id: int) -> tuple[SchemeRow, ...]:
    query = select(Scheme.revision, Scheme.facts, Scheme.answered_on).where(
        Scheme.case_id == case_id).order_by(Scheme.revision)
    return tuple(SchemeRow(*row) for row in session.execute(query))


def _contract_number(session: Session, case_id: int) -> str | None:
    query = select(Contract.number).where(Contract.case_id == case_id, Contract.active).order_by(Contract.id.desc())
    return session.execute(query.limit(1)).scalar_one_or_none()


def case_notices(desk: Desk, view: CaseView) -> tuple[Missing, ...]:
    """What cannot be or looks odd in the application or in its scheme while the case is open, for the clerk to ask
    about: one sentence a field."""
    if view.state.closed_on is not None:
        return ()
    known = {**view.answers, **(view.schemes[-1].facts if view.schemes else {})}
    found: dict[str, str] = {}
    for name, sentence in (*contradictions(known), *notices(known, desk.catalog.voltages)):
        found.setdefault(name, sentence)
    return tuple(Missing(sentence, name) for name, sentence in found.items())
