"""Seeing the cases: the worklist by pages, its counts, and one case with all that belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import seeking
from db import worklists as w
from db.cases import Case, CaseMaterial, Scheme
from db.clerks import Clerk
from db.contracts import Contract
from db.customers import Account
from db.engine import Ask
from desktop.domain.accord import contradictions
from desktop.domain.case import CaseState, Status, state
from desktop.domain.caselog import LogEntry
from desktop.domain.course import uncarried
from desktop.domain.deadline import Level
from desktop.domain.deed import may
from desktop.domain.dossier import another_persons, dossier, warnings
from desktop.domain.inspection import built_unreviewed
from desktop.domain.material import HERE, Mark
from desktop.domain.notice import notices
from desktop.domain.process import Deed, Process, Stage
from desktop.domain.scheme import objected
from desktop.errors import Missing, Refusal
from desktop.usecases import awaiting, changing, placing, scheme_keeping
from desktop.usecases.casework import case_row, log_of, numbers_noted, process_for, receipt_of
from desktop.usecases.desk import Desk
from desktop.usecases.finding import spoken, ways
from desktop.usecases.inspection_keeping import mending
from desktop.usecases.paging import Cursor, Page
from desktop.usecases.papering import PaperView, papers_of
from desktop.usecases.promising import promise_notices
from desktop.usecases.resting import Holds, holds_at, is_supplied, runs
from desktop.usecases.settling import uncharged, unsettled
from desktop.usecases.standing import figure
from desktop.usecases.withholding import held_back, unproven

DUE = ("today", "overdue")  # filters that are listed by due date
MOST_FOUND = 200  # cases that a typed text finds
MOST_ID = 2**62
END_OF_TIME = "9999-12-31"


@dataclass(frozen=True)
class CaseFilter:
    """What the list shows. `due`: today, overdue or paused; `stage`: a stage's id; `mine`: of the clerk at the desk;
    `post`: open and running at a stage of his post; `waits`: approval or handover, those that wait for his
    word; promise, those whose customer promised a paper (容缺)."""

    text: str = ""
    status: str = ""
    stage: str = ""
    due: str = ""
    process: str = ""
    mine: bool = False
    open_only: bool = False
    post: bool = False
    waits: str = ""


@dataclass(frozen=True)
class CaseRow:
    """One line of the list. `capacity` is the account's 合同容量, `running` its 运行容量 today (empty before it is
    supplied), `rests`: less than all runs. `days_left` counts calendar days to the due date; None where there is none.
    `short`: the kind as a narrow column says it."""

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
    short: str = ""
    running: str = ""
    rests: bool = False

    @property
    def figures(self) -> tuple[Decimal | None, Decimal | None, str]:
        """Both capacities as numbers, to be summed up, and the unit that they share."""
        told = self.capacity.split(), self.running.split()
        capacity, running = (Decimal(said[0]) if said else None for said in told)
        return capacity, running, next((said[1] for said in told if len(said) > 1), "")


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
    stage: str = ""


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
    acceptor_number: str
    customer_id: int
    account_id: int
    account_number: str
    outside: dict[str, str]

    @property
    def acceptor_named(self) -> str:
        """The first acceptor as papers name a clerk: 示范员（1001）."""
        return f"{self.acceptor}（{self.acceptor_number}）"

    @property
    def capacity(self) -> str:
        """The account's capacity, with how much of it runs where that is less."""
        return f"{self.row.capacity}（运行 {self.row.running}）" if self.row.rests else self.row.capacity

    @property
    def current(self) -> tuple[Stage, ...]:
        return tuple(self.process.stage(stage_id) for stage_id in self.state.current)


def cases(desk: Desk, chosen: CaseFilter, after: Cursor | None = None, limit: int = 50) -> Page[CaseRow]:
    """A page of the cases that `chosen` names: by nearness of their due date where that is asked for, or where a
    stage or the clerk's post is; what waits for his word in its turn; else the latest first. Of what a text finds,
    MOST_FOUND are told."""
    chosen = replace(chosen, text=spoken(chosen.text))
    if chosen.waits:
        return _awaited(desk, chosen, after, limit)
    if chosen.text:
        found = _searched(desk, chosen, after)[:limit + 1]
    elif chosen.post or (chosen.stage and not chosen.due):
        return _placed(desk, chosen, after, limit)
    else:
        begin, order = (w.NEAREST, w.BY_NEAREST) if chosen.due in DUE else (w.LATEST, w.BY_LATEST)
        with desk.db.glance() as ask:
            found = ask(f"{w.ROWS}{begin} {_conditions(chosen)} {order}", **_said(desk, chosen, after), most=limit + 1)
    return Page(rows_of(desk, found[:limit]), _cursor(chosen, found[limit - 1]) if len(found) > limit else None)


@lru_cache(maxsize=256)
def _conditions(chosen: CaseFilter) -> str:
    """What a filter asks, in words that lead to the one index that is in order; begins with AND, or is empty."""
    asked = [_DUE[chosen.due], _STATUS.get(chosen.status, w.OF_STATUS) if chosen.status else ""]
    asked += [words for name, words in _WORDS.items() if getattr(chosen, name)]
    return "".join(f" AND {words}" for words in asked if words)


_DUE = {"": "", "today": w.DUE_TODAY, "overdue": w.OVERDUE, "paused": w.WAITING}
_STATUS = {str(Status.OPEN): f"{w.OPEN} AND {w.RUNNING}", str(Status.PAUSED): w.WAITING}
_WORDS = {"open_only": w.OPEN, "mine": w.OWNED, "process": w.OF_KIND, "stage": w.AT_STAGE}


def _said(desk: Desk, chosen: CaseFilter, after: Cursor | None) -> dict[str, Any]:
    """The values of a filter, as its questions name them."""
    at, case_id = after or ((date.min, 0) if chosen.due in DUE else (END_OF_TIME, MOST_ID))
    return {
        "at": str(at), "id": case_id, "today": desk.today.isoformat(), "status": chosen.status,
        "process": chosen.process, "stage": f"%,{chosen.stage},%", "owner": desk.clerk.id if desk.clerk else 0,
    }


def _cursor(chosen: CaseFilter, row: Any) -> Cursor:
    return (row["due_on"] if chosen.due in DUE and not chosen.text else row["accepted_at"], row["id"])


def _searched(desk: Desk, chosen: CaseFilter, after: Cursor | None) -> list[Any]:
    """The cases that a typed text finds by an index; they are few, and are put in order here."""
    asked = replace(chosen, text="", post=False)
    with desk.db.glance() as ask:
        ids = _found(ask, chosen.text)
        found = ask(w.these(ids) + _conditions(asked), **_said(desk, asked, None)) if ids else []
    if chosen.post:
        found = [row for row in found if _of_post(desk, chosen, row)]
    ordered = sorted(found, key=lambda row: (row["accepted_at"], row["id"]), reverse=True)
    return [row for row in ordered if after is None or (row["accepted_at"], row["id"]) < after]


def _found(ask: Ask, said: str) -> list[int]:
    """The ids of cases by a number's beginning, or by their customer."""
    asked = [(seeking.CASES[column], said.upper()) for column in seeking.CASE_COLUMNS]
    asked += [(seeking.CASES_OF[question], low) for question, low in ways(said)]
    found = (row["id"] for question, low in asked for row in ask(question, **seeking.begins(low), most=MOST_FOUND))
    return list(islice(dict.fromkeys(found), MOST_FOUND))


def _placed(desk: Desk, chosen: CaseFilter, after: Cursor | None, limit: int) -> Page[CaseRow]:
    """The cases at a stage, or at those of the clerk's post: by due date, then those that have none."""
    asked = placing.Asked(chosen.stage, chosen.post, chosen.mine)
    if chosen.due or chosen.status:
        return _narrowed(desk, chosen, after, limit, lambda _ask, at: [
            (case_id, (due, case_id)) for due, case_id in placing.nearest(desk, asked, at, limit + 1)])
    ids = placing.nearest(desk, asked, after, limit + 1)
    rows = rows_by_id(desk, [case_id for _due, case_id in ids[:limit]])
    return Page(rows, ids[limit - 1] if len(ids) > limit else None)


def _awaited(desk: Desk, chosen: CaseFilter, after: Cursor | None, limit: int) -> Page[CaseRow]:
    """The cases that wait for the clerk's word, in their turn."""
    return _narrowed(desk, chosen, after, limit,
                     lambda ask, at: awaiting.lines(desk, ask, chosen.waits, at, limit + 1))


def _narrowed(desk: Desk, chosen: CaseFilter, after: Cursor | None, limit: int,
              following: Callable[[Ask, Cursor | None], Sequence[awaiting.Line]]) -> Page[CaseRow]:
    """The cases that `following` names in their order, narrowed by what else is asked as they are read."""
    said = _said(desk, chosen, None)
    found: list[tuple[Any, Cursor]] = []
    with desk.db.glance() as ask:
        named = set(_found(ask, chosen.text)) if chosen.text else None
        while len(found) <= limit and (lines := following(ask, after)):
            after = lines[-1][1]
            ids = [case_id for case_id, _at in lines if named is None or case_id in named]
            kept = {row["id"]: row for row in ask(w.these(ids) + _conditions(chosen), **said)} if ids else {}
            found += [(kept[case_id], at) for case_id, at in lines
                      if case_id in kept and _of_post(desk, chosen, kept[case_id])]
    rows = rows_of(desk, [row for row, _at in found[:limit]])
    return Page(rows, found[limit - 1][1] if len(found) > limit else None)


def _of_post(desk: Desk, chosen: CaseFilter, row: Any) -> bool:
    return not chosen.post or placing.is_done_by(desk, placing.Place(row["process"], row["stage"].split(",")))


def rows_by_id(desk: Desk, ids: Sequence[int]) -> tuple[CaseRow, ...]:
    """The lines of these cases, in this order."""
    if not ids:
        return ()
    with desk.db.glance() as ask:
        found = {row["id"]: row for row in ask(w.these(list(ids)))}
    return rows_of(desk, [found[case_id] for case_id in ids if case_id in found])


def rows_of(desk: Desk, found: Iterable[Any]) -> tuple[CaseRow, ...]:
    """Rows of a list as the windows get them, their days counted to today."""
    today, rows = desk.today, tuple(map(w.Listed._make, found))
    near, held = _next_workday(desk), holds_at(desk, rows)
    return tuple(_row(desk.process(row.process, row.release), row, today, near, held) for row in rows)


def _next_workday(desk: Desk) -> date:
    """Up to when a due date is near. Where no calendar tells it, tomorrow."""
    try:
        return desk.catalog.calendar.add_workdays(desk.today, 1)
    except Refusal:
        return desk.today + timedelta(days=1)


def _row(process: Process, row: w.Listed, today: date, near: date, held: Holds) -> CaseRow:
    closed, until, unit = row.closed_on, row.paused_until, row.capacity_unit
    paused = row.paused and not (until and until <= today.isoformat())
    due = date.fromisoformat(row.due_on) if row.due_on and not closed and not paused else None
    whole = now = figure(_decimal(row.capacity), unit)
    if row.account_id in held or not is_supplied(row):
        now = figure(runs(row, held, today), unit)
    return CaseRow(
        row.id, row.number, row.customer, process.name, row.address, whole, _stage_names(process, row.stage),
        row.status if closed or paused else str(Status.OPEN), due, _level(due, today, near, row.near_on),
        (due - today).days if due else None, row.owner, date.fromisoformat(row.applied_on),
        process.short or process.name, now, bool(now) and now != whole)


def _decimal(kept: Any) -> Decimal | None:
    return None if kept is None else Decimal(kept)


def _stage_names(process: Process, stages: str) -> str:
    known = process.stage_by_id
    return "、".join(known[stage].name if stage in known else stage for stage in stages.split(",") if stage)


def _level(due: date | None, today: date, near: date, near_on: str | None) -> str:
    """The list's reading of urgency: near is today or the next working day, or from `near_on` by the share used."""
    if due is None:
        return str(Level.NONE)
    if due < today:
        return str(Level.OVERDUE)
    if due == today:
        return str(Level.TODAY)
    early = near_on is not None and near_on <= today.isoformat()
    return str(Level.NEAR if due <= near or early else Level.NORMAL)


COUNTED = {"today": CaseFilter(due="today"), "overdue": CaseFilter(due="overdue"), "paused": CaseFilter(due="paused"),
           "mine": CaseFilter(mine=True, open_only=True), "open": CaseFilter(open_only=True)}


def worklist_counts(desk: Desk) -> dict[str, int]:
    """How many cases wait: today, overdue, paused (等客户), of the clerk (mine), of his post (post), open in all, and
    those that wait for his word (approval, handover) or for a promised paper (promise)."""
    with desk.db.glance() as ask:
        counted = {name: ask(_count(chosen), **_said(desk, chosen, None))[0][0] for name, chosen in COUNTED.items()}
        counted |= awaiting.counts(desk, ask)
    return counted | {"post": placing.count(desk, placing.Asked(post=True))}


def _count(chosen: CaseFilter) -> str:
    begin = "cases.due_on IS NOT NULL" if chosen.due in DUE else w.UNTIL_THEN
    return f"{w.COUNT}{begin} {_conditions(chosen)}"


def case(desk: Desk, number: str) -> CaseView:
    """One case whole; refused if there is none of that number."""
    with desk.db.read() as session:
        kept = case_row(session, number)
        (listed,) = rows_of(desk, session.connection().exec_driver_sql(w.these([kept.id])))
        log = log_of(session, kept.id)
        acceptor, acceptor_number = session.execute(
            select(Clerk.name, Clerk.number).where(Clerk.id == kept.acceptor_id)).one()
        process = process_for(desk, kept)
        now = state(process, log, desk.rules_of(kept.release).calendar, desk.today, desk.now,
                    receipt_of(kept.way, kept.promises))
        return CaseView(
            row=listed, version=kept.version, process=process, way=kept.way, answers=dict(kept.answers),
            promises=tuple(kept.promises), state=now, log=log, materials=_materials(session, kept.id),
            schemes=_schemes(session, kept.id), contract_number=_contract_number(session, kept.id),
            papers=papers_of(session, "case", kept.id),
            missing_next=_missing_next(desk, session, process, kept, log, now),
            acceptor=acceptor, acceptor_number=acceptor_number,
            customer_id=kept.customer_id, account_id=kept.account_id,
            account_number=session.execute(
                select(Account.number).where(Account.id == kept.account_id)).scalar_one() or "",
            outside={name: getattr(kept, name) for name in ("yx_application", "yx_account", "yx_contract")})


def _missing_next(desk: Desk, session: Session, process: Process, kept: Case, log: tuple[LogEntry, ...],
                  now: CaseState) -> tuple[Missing, ...]:
    lacks: dict[str, Missing] = {}
    for stage_id in now.current:
        deed = process.stage(stage_id).done_by
        stage = process.stage(stage_id)
        said = {**numbers_noted(kept, stage), **scheme_keeping.put_forward(process, stage, log)}
        rules = desk.rules_of(kept.release)
        mends = mending(session, rules.inspections, kept.id, now.pause)
        opens = (mends,) if mends else may(process, log, stage_id, deed, on=desk.today, today=desk.today, facts=said)
        steps = (*opens, *scheme_keeping.unsurveyed(desk, process, stage, kept.answers, log),
                 *scheme_keeping.awaited(process, stage, log))
        beside = (*unsettled(rules, session, kept.id, process, stage, deed),
                  *uncharged(rules, session, kept, process, stage, log, {}, desk.today))
        change = changing.lacks(session, desk, kept, process, stage, {}, desk.today) if deed == "done" else ()
        for lack in (*steps, *held_back(desk, session, process, kept, stage_id).lacks, *beside, *change):
            lacks.setdefault(f"{lack.sentence}{lack.field}", lack)
    return tuple(lacks.values())


def _materials(session: Session, case_id: int) -> tuple[MaterialRow, ...]:
    query = select(
        CaseMaterial.code, CaseMaterial.name, CaseMaterial.demand, CaseMaterial.state, CaseMaterial.supplier,
        CaseMaterial.due_on, CaseMaterial.supplied_on, CaseMaterial.open, CaseMaterial.stage,
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
    for name, sentence in (*contradictions(known, pairings=desk.rules_of(view.process.release).pairings),
                            *notices(known, desk.rules_of(view.process.release).voltages)):
        found.setdefault(name, sentence)
    told = (built_unreviewed(view.process, view.log, desk.rules_of(view.process.release).inspections),
            objected(view.process, view.log))
    return (*(Missing(sentence, name) for name, sentence in found.items()),
            *(Missing(sentence) for sentence in told if sentence),
            *map(Missing, uncarried(view.process, view.log, view.answers)), *_reading_notices(desk, view),
            *_paper_notices(desk, view), *promise_notices(desk, view))


def _reading_notices(desk: Desk, view: CaseView) -> Iterable[Missing]:
    """Of a 过户 before its contract is signed and, where that was on another day, until the case is filed."""
    place = view.process.energised_by
    passes = any(each.deed is Deed.TRANSFER for each in view.process.effects_at(place, view.answers))
    signed_on = view.state.stage(place).done_on
    return map(Missing, changing.old_reading(view.log, desk.today, signed_on)) if passes else ()


def _paper_notices(desk: Desk, view: CaseView) -> tuple[Missing, ...]:
    """What looks odd in the papers, as one that has expired since; and what a stage may do without: its papers while
    it is open, its proof for as long as the case is."""
    here = {paper.code: paper.name for paper in view.materials if paper.state in HERE}
    roles = {material.code: material.role for material in view.process.materials}
    odd = [Missing(f"{here[code]}：{sentence}", f"material:{code}") for code, item in dossier(view.log).items()
           if code in here
           for sentence in (*warnings(item, desk.today), *another_persons(item, roles.get(code, ""), view.answers))]
    with desk.db.read() as session:
        kept = case_row(session, view.row.number)
        held = [held_back(desk, session, view.process, kept, stage) for stage in view.state.current]
        done = [stage.id for stage in view.state.stages if stage.done_on is not None]
        owed = [unproven(desk, session, view.process, kept, stage) for stage in done]
    unsure = "、".join(paper.name for paper in view.materials if paper.state == Mark.UNSURE)
    if unsure:
        odd.append(Missing(f"原系统受理时应已收的资料，这里没有见过，请逐份核对后登记：{unsure}", "materials"))
    return (*odd, *dict.fromkeys(lack for each in (*owed, *held) for lack in each.told))
