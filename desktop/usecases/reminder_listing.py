"""What waits this morning: contracts by nearness of their end, papers not returned, stages and 容缺 due.

Everything is computed from facts and today's date, asked by index: nothing is stored that could be late, and
nothing is lost because the program was off. What a clerk decides about a reminder is kept and logged.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, or_, select, text
from sqlalchemy.orm import Session

from db.cases import Case, CaseMaterial
from db.clerks import Clerk
from db.contracts import DUE, GONE, ROLLING, UNKNOWN_END, UNRETURNED, Contract
from db.customers import Account, Customer
from db.entries import Entry
from desktop.domain.contract import State
from desktop.domain.deadline import Level
from desktop.domain.reminder import (
    ContractFacts,
    Kind,
    Ladder,
    Reminder,
    Urgency,
    contract_ends,
    not_returned,
    paper_due,
    stage_due,
)
from desktop.errors import Refusal
from desktop.usecases.desk import Desk

Asked = Select[*tuple[Any, ...]]
Found = Row[*tuple[Any, ...]]
CONTRACT, CASE = "合同", "工单"
NOT_OUT = tuple(state for state in State if state is not State.READY)
UNSIGNED = (State.DRAFT, State.READY, State.CUSTOMER_SIGNED, State.VOID)  # said by what it is not: no index tempts
KIND_ORDER = (Kind.STAGE_DUE, Kind.PAPER_DUE, Kind.NOT_RETURNED, Kind.CONTRACT_ENDS)
SLACK = timedelta(days=3)  # a term shifted by months may miss its day by as much as a short February


@dataclass(frozen=True, slots=True)
class ReminderView:
    """One line. `subject` is 合同 or 工单 and `number` opens it; `word` names its band; `due_on` and `days_left` are
    None where no end is known; `actions` are those that work for it."""

    kind: str
    urgency: Urgency
    word: str
    subject: str
    number: str
    title: str
    detail: str
    due_on: date | None
    days_left: int | None
    actions: tuple[str, ...]
    handler: str
    snoozed_until: date | None


_COLUMNS = (
    Contract.key, Contract.kind, Contract.kind_word, Contract.ends_on, Contract.renewal, Contract.term_months,
    Contract.objection_days, Contract.gone, Contract.printed_on, Contract.snooze_until, Contract.handler_id,
    Customer.name, Account.number.label("account"),
)


def reminders(desk: Desk, *, limit: int | None = None) -> tuple[ReminderView, ...]:
    """What waits today, the most urgent first, those of unknown end last; at most `limit` where it is given."""
    with desk.db.read() as session:
        clerks = {row.id: row.name for row in session.execute(select(Clerk.id, Clerk.name))}
        found = [
            *_ending(session, desk, clerks, limit), *_rolling(session, desk, clerks),
            *_asked(session, desk, clerks, limit), *_unreturned(session, desk, clerks, limit),
            *_stages(session, desk, limit), *_papers(session, desk, limit),
        ]
    found.sort(key=_rank(desk.catalog.ladder))
    return tuple(found[:limit])


def _rank(ladder: Ladder) -> Any:
    """Sorted by urgency, then work that is promised before contracts, then by date; the unknown at the end."""
    steps = {urgency.id: -number for number, urgency in enumerate(ladder.urgencies.values())}
    kinds = {str(kind): number for number, kind in enumerate(KIND_ORDER)}

    def rank(view: ReminderView) -> tuple[Any, ...]:
        if view.due_on is None:
            return (1, 0, 0, date.max, view.number)
        return (0, steps[view.urgency.id], kinds[view.kind], view.due_on, view.number)

    return rank


def counts(desk: Desk) -> dict[str, int]:
    """How many matters wait: by word of urgency, by kind, 期限不明 for those without a known end, and 合计."""
    told: dict[str, int] = {urgency.word: 0 for urgency in desk.catalog.ladder.urgencies.values()}
    told |= {str(kind): 0 for kind in Kind} | {"期限不明": 0, "合计": 0}
    for view in reminders(desk):
        for word in (view.urgency.word, view.kind, "合计", *(("期限不明",) if view.due_on is None else ())):
            told[word] += 1
    return told


# --- contracts by their end


def _query(*conditions: ColumnElement[bool]) -> Asked:
    """Contracts that nobody has put off or settled, with what a line shows of them."""
    return select(*_COLUMNS).join_from(Contract, Account, Account.id == Contract.account_id).join(
        Customer, Customer.id == Contract.customer_id).where(*conditions, *awake())


def awake() -> tuple[ColumnElement[bool], ...]:
    """Not put off beyond `today`, and not settled."""
    return (or_(Contract.snooze_until.is_(None), Contract.snooze_until <= bindparam("today")),
            Contract.settled_note == "")


def _words(condition: str) -> ColumnElement[bool]:
    return text(condition)  # type: ignore[return-value]  # the very words of a partial index


_DUE = (_words(DUE), Contract.gone.is_(False), Contract.state.not_in(UNSIGNED))
_FOLLOWS = (_words(ROLLING), Contract.gone.is_(False), Contract.state.not_in(UNSIGNED))
_ENDING = _query(*_DUE, Contract.ends_on <= bindparam("until")).order_by(
    Contract.ends_on, Contract.id)
_NO_END = _query(_words(UNKNOWN_END), Contract.id > 0, Contract.gone.is_(False),
                 Contract.state.not_in(UNSIGNED)).order_by(Contract.id)
_GONE = _query(_words(GONE), Contract.gone.is_(True), Contract.state.not_in(UNSIGNED)).order_by(
    Contract.ends_on, Contract.id)
_IN_WINDOW = _query(*_FOLLOWS, Contract.term_months == bindparam("months"),
    Contract.objection_days == bindparam("objection"),
    Contract.ends_on.between(bindparam("first"), bindparam("last")))
_NO_TERM = _query(*_FOLLOWS, Contract.term_months.is_(None))


def _ending(session: Session, desk: Desk, clerks: dict[int, str], limit: int | None) -> Iterator[ReminderView]:
    until = desk.today + timedelta(days=desk.catalog.ladder.horizon)
    rows = session.execute(_ENDING.limit(limit), {"today": desk.today, "until": until})
    return _ends(desk, clerks, rows)


def _asked(session: Session, desk: Desk, clerks: dict[int, str], limit: int | None) -> Iterator[ReminderView]:
    for query in (_NO_END, _NO_TERM, _GONE):
        yield from _ends(desk, clerks, session.execute(query.limit(limit), {"today": desk.today}))


def _rolling(session: Session, desk: Desk, clerks: dict[int, str]) -> Iterator[ReminderView]:
    for window in _windows(session, desk.today, desk.catalog.ladder.horizon):
        yield from _ends(desk, clerks, session.execute(_IN_WINDOW, {"today": desk.today, **window}))


def _windows(session: Session, today: date, horizon: int) -> Iterator[dict[str, Any]]:
    """In which days a written end must lie for its running term to need a word in `horizon` days: one window for
    each length of term and 异议期 in the book and each number of terms gone by since the oldest."""
    for months, objection, oldest in _terms(session):
        first = today + timedelta(days=objection)
        last = first + timedelta(days=horizon)
        gone_by = 0
        while shifted(last, -gone_by) + SLACK >= oldest:
            yield {"months": months, "objection": objection, "first": shifted(first, -gone_by) - SLACK,
                   "last": shifted(last, -gone_by) + SLACK}
            gone_by += months


def _terms(session: Session) -> Iterator[tuple[int, int, date]]:
    """(months, objection days, oldest end) of the contracts that follow themselves, hopped through the index."""
    at: tuple[int, int] = (0, -1)
    while True:
        found = session.execute(_NEXT_TERM, {"months": at[0], "objection": at[1]}).one_or_none()
        if found is None:
            found = session.execute(_NEXT_MONTHS, {"months": at[0]}).one_or_none()
        if found is None:
            return
        at = (found.term_months, found.objection_days)
        yield found.term_months, found.objection_days, found.ends_on


def shifted(day: date, months: int) -> date:
    """The day so many months later (or earlier); the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_TERM = select(Contract.term_months, Contract.objection_days, Contract.ends_on).where(
    _words(ROLLING), Contract.ends_on.is_not(None)).limit(1)
_NEXT_TERM = _TERM.where(
    Contract.term_months == bindparam("months"), Contract.objection_days > bindparam("objection")).order_by(
    Contract.objection_days, Contract.ends_on)
_NEXT_MONTHS = _TERM.where(Contract.term_months > bindparam("months")).order_by(
    Contract.term_months, Contract.objection_days, Contract.ends_on)


def _ends(desk: Desk, clerks: dict[int, str], rows: Iterable[Found]) -> Iterator[ReminderView]:
    ladder, today = desk.catalog.ladder, desk.today
    for row in rows:
        facts = ContractFacts(row.kind, row.renewal, row.ends_on, row.term_months, row.objection_days or 0, row.gone)
        reminder = contract_ends(facts, ladder, today)
        if reminder is not None:
            yield _contract_view(desk, clerks, row, reminder)


def _contract_view(desk: Desk, clerks: dict[int, str], row: Found, reminder: Reminder) -> ReminderView:
    kind = desk.catalog.contract_kinds.get(row.kind)
    return ReminderView(
        str(reminder.kind), reminder.urgency, reminder.band, CONTRACT, row.key, f"{row.name}  {row.account or ''}",
        f"{kind.name if kind else row.kind_word}：{reminder.sentence}", reminder.due, reminder.days_left,
        _working(reminder, bool(kind and kind.template)), clerks.get(row.handler_id, ""), row.snooze_until)


def _working(reminder: Reminder, has_template: bool) -> tuple[str, ...]:
    """Only what works is offered: no 续签 without a text, no 延期 of what has already ended."""
    barred = set() if has_template else {"续签"}
    if reminder.days_left is None or reminder.days_left < 0:
        barred.add("延期")
    return tuple(action for action in reminder.actions if action not in barred)


# --- papers not returned, stages, 容缺


_UNRETURNED = _query(
    _words(UNRETURNED), Contract.printed_on <= bindparam("since"), Contract.state.not_in(NOT_OUT)).order_by(
    Contract.printed_on, Contract.id)


def _unreturned(session: Session, desk: Desk, clerks: dict[int, str], limit: int | None) -> Iterator[ReminderView]:
    since = desk.today - timedelta(days=desk.catalog.ladder.unreturned_days)
    for row in session.execute(_UNRETURNED.limit(limit), {"today": desk.today, "since": since}):
        reminder = not_returned(row.printed_on, desk.catalog.ladder, desk.today)
        if reminder is not None:
            yield _contract_view(desk, clerks, row, reminder)


_STAGES = select(
    Case.number, Case.process, Case.stage, Case.due_on, Customer.name, Account.address, Clerk.name.label("owner"),
).join_from(Case, Customer, Customer.id == Case.customer_id).join(Account, Account.id == Case.account_id).join(
    Clerk, Clerk.id == Case.owner_id).where(
    _words("cases.closed_on IS NULL"), Case.due_on <= bindparam("until"),
    or_(Case.paused.is_(False), Case.paused_until <= bindparam("today"))).order_by(Case.due_on, Case.id)


def _stages(session: Session, desk: Desk, limit: int | None) -> Iterator[ReminderView]:
    near = _next_workday(desk)
    for row in session.execute(_STAGES.limit(limit), {"today": desk.today, "until": near}):
        process = desk.catalog.processes[row.process]
        names = "、".join(process.stage(stage).name for stage in row.stage.split(",") if stage) or process.name
        reminder = stage_due(names, row.due_on, _level(row.due_on, desk.today), desk.catalog.ladder, desk.today)
        if reminder is not None:
            yield _case_view(row.number, f"{row.name}  {row.address}", reminder, row.owner, None)


def _next_workday(desk: Desk) -> date:
    """The next working day; where its year has no calendar yet, simply tomorrow: the morning's page must open."""
    try:
        return desk.catalog.calendar.add_workdays(desk.today, 1)
    except Refusal:
        return desk.today + timedelta(days=1)


def _level(due: date, today: date) -> Level:
    if due < today:
        return Level.OVERDUE
    return Level.TODAY if due == today else Level.NEAR


_PAPERS = select(
    Case.id, Case.number, CaseMaterial.name.label("paper"), CaseMaterial.due_on, Customer.name,
    Clerk.name.label("owner"),
).join_from(CaseMaterial, Case, Case.id == CaseMaterial.case_id).join(Customer, Customer.id == Case.customer_id).join(
    Clerk, Clerk.id == Case.owner_id).where(
    _words("open"), CaseMaterial.due_on <= bindparam("until")).order_by(CaseMaterial.due_on, CaseMaterial.id)


def _papers(session: Session, desk: Desk, limit: int | None) -> Iterator[ReminderView]:
    until = desk.today + timedelta(days=desk.catalog.ladder.paper_days)
    rows = session.execute(_PAPERS.limit(limit), {"until": until}).all()
    asleep = _put_off(session, {row.id for row in rows})
    for row in rows:
        snoozed = asleep.get(row.id)
        reminder = paper_due(row.paper, row.due_on, desk.catalog.ladder, desk.today)
        if reminder is not None and not (snoozed and snoozed > desk.today):
            yield _case_view(row.number, row.name, reminder, row.owner, snoozed)


def _put_off(session: Session, case_ids: set[int]) -> dict[int, date]:
    """Until when the 容缺 of these cases were last put off, as their log says."""
    if not case_ids:
        return {}
    last = select(func.max(Entry.id)).where(
        Entry.subject == "case", Entry.subject_id.in_(case_ids), Entry.what == "snoozed").group_by(Entry.subject_id)
    query = select(Entry.subject_id, Entry.facts).where(Entry.id.in_(last))
    return {row.subject_id: date.fromisoformat(row.facts["until"]) for row in session.execute(query)}


def _case_view(number: str, title: str, reminder: Reminder, owner: str, snoozed: date | None) -> ReminderView:
    return ReminderView(
        str(reminder.kind), reminder.urgency, reminder.band, CASE, number, title, reminder.sentence, reminder.due,
        reminder.days_left, reminder.actions, owner, snoozed)
