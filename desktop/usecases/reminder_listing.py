"""What waits this morning: contracts by nearness of their end, papers not returned, stages and 容缺 due.

Everything is computed from facts and today's date, asked by index: nothing is stored that could be late, and
nothing is lost because the program was off. Plain columns of tables are asked, so that the first page does not wait
for the ORM to be set up, and a line is made only of what is shown.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    bindparam,
    false,
    func,
    or_,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import Session

from db.base import table_of
from db.cases import Case, CaseMaterial
from db.clerks import Clerk
from db.contracts import DUE, GONE, ROLLING, UNKNOWN_END, UNRETURNED, Contract
from db.customers import Account, Customer
from db.entries import Entry
from desktop.domain.contract import State
from desktop.domain.deadline import Level
from desktop.domain.reminder import (
    UNKNOWN_END as UNKNOWN_WORD,
)
from desktop.domain.reminder import (
    ContractFacts,
    Kind,
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
NOT_OUT = tuple(state for state in State if state is not State.READY)
UNSIGNED = (State.DRAFT, State.READY, State.CUSTOMER_SIGNED, State.VOID)  # said by what it is not: no index tempts
CONTRACT, CASE = "合同", "工单"
OF_CASES = (Kind.STAGE_DUE, Kind.PAPER_DUE)
KIND_ORDER = (Kind.STAGE_DUE, Kind.PAPER_DUE, Kind.NOT_RETURNED, Kind.CONTRACT_ENDS)
SLACK = timedelta(days=3)  # a term shifted by months may miss its day by as much as a short February


class ReminderView(NamedTuple):
    """One line. `subject` is 合同 or 工单 and `number` opens it; `word` names its band; `due_on` and `days_left` are
    None where no end is known; `actions` are those that work for it.

    A tuple and no dataclass, though as unchangeable: there may be thousands, and it is made five times as fast.
    """

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


class _Told(NamedTuple):
    """What a line says that does not depend on whom it is about, and its rank among all lines."""

    rank: int
    kind: str
    urgency: Urgency
    word: str
    detail: str
    due_on: date | None
    days_left: int | None
    actions: tuple[str, ...]


RANK = itemgetter(0)
NEVER = _Told(0, "", Urgency("", "", "", ""), "", "", None, None, ())  # not told yet; None is "nothing to tell"
_Matter = tuple[int, str, _Told, Found]  # rank, number, what is told, the row it was read from


def reminders(desk: Desk, *, limit: int | None = None) -> tuple[ReminderView, ...]:
    """What waits today, the most urgent first, those of unknown end last; at most `limit` where it is given."""
    with desk.db.read() as session:
        found = sorted(_matters(session, desk, limit), key=RANK)[:limit]  # likes stay in their index's order
        clerks = {row.id: row.name for row in session.execute(select(_K.id, _K.name))}
    return tuple(_line(matter, clerks) for matter in found)


def counts(desk: Desk) -> dict[str, int]:
    """How many matters wait: by word of urgency, by kind, 期限不明 for those without a known end, and 合计."""
    with desk.db.read() as session:
        return _counted(desk, (told for _, _, told, _ in _matters(session, desk, None)))


def counts_of(desk: Desk, views: Iterable[ReminderView]) -> dict[str, int]:
    """What `counts` says, of reminders that are read already."""
    return _counted(desk, views)


def _counted(desk: Desk, lines: Iterable[ReminderView | _Told]) -> dict[str, int]:
    counted = {urgency.word: 0 for urgency in desk.catalog.ladder.urgencies.values()}
    counted |= {str(kind): 0 for kind in Kind} | {UNKNOWN_WORD: 0, "合计": 0}
    for line in lines:
        counted[line.urgency.word] += 1
        counted[line.kind] += 1
        counted[UNKNOWN_WORD] += line.due_on is None
        counted["合计"] += 1
    return counted


def _line(matter: _Matter, clerks: dict[int, str]) -> ReminderView:
    _, number, told, row = matter
    _, kind, urgency, word, detail, due, left, actions = told
    if kind in OF_CASES:
        return ReminderView(kind, urgency, word, CASE, number, f"{row.name}  {row.place}", detail, due, left, actions,
                            row.owner, None)
    name, account, snoozed, handler = row[8:12]
    return ReminderView(kind, urgency, word, CONTRACT, number, f"{name}  {account or ''}", detail, due, left, actions,
                        clerks[handler] if handler else "", snoozed)


def _matters(session: Session, desk: Desk, limit: int | None) -> Iterator[_Matter]:
    teller = _Teller.of(desk)
    yield from _contracts(session, desk, limit, teller)
    yield from _unreturned(session, desk, limit, teller)
    yield from _stages(session, desk, limit, teller)
    yield from _papers(session, desk, limit, teller)


class _Teller:
    """Turns reminders into what lines say. Many contracts share kind, mode and end: each such group is told once a
    day, however often the page is looked at."""

    today_s: ClassVar[_Teller | None] = None

    @classmethod
    def of(cls, desk: Desk) -> _Teller:
        """The teller of this day and catalogue."""
        known = cls.today_s
        if known is None or known.ladder is not desk.catalog.ladder or known.today != desk.today:
            cls.today_s = known = cls(desk)
        return known

    def __init__(self, desk: Desk) -> None:
        self.kinds, self.ladder, self.today = desk.catalog.contract_kinds, desk.catalog.ladder, desk.today
        self.steps = {urgency: number for number, urgency in enumerate(reversed(tuple(self.ladder.urgencies)))}
        self.of_facts: dict[tuple[Any, ...], _Told | None] = {}
        self.offered: dict[tuple[Any, ...], tuple[str, ...]] = {}

    def contract(self, facts: tuple[Any, ...]) -> _Told | None:
        """What is told of the end of a contract with these facts (the columns _FACTS)."""
        told = self.of_facts.get(facts, NEVER)
        if told is NEVER:
            kind, mode, ends, months, objection, gone, word = facts
            asked = ContractFacts(kind, mode, ends, months, objection or 0, bool(gone))
            told = self.of_facts[facts] = self.told(contract_ends(asked, self.ladder, self.today), kind, word)
        return told

    def told(self, reminder: Reminder | None, kind_id: str = "", word: str = "") -> _Told | None:
        if reminder is None:
            return None
        kind = self.kinds.get(kind_id)
        name = kind.name if kind else word
        detail = f"{name}：{reminder.sentence}" if name else reminder.sentence
        left = reminder.days_left
        actions = self.working(reminder.actions, bool(kind and kind.template), left is not None and left >= 0)
        return _Told(self.rank(reminder), str(reminder.kind), reminder.urgency, reminder.band, detail, reminder.due,
                     left, actions)

    def working(self, actions: tuple[str, ...], has_template: bool, still_runs: bool) -> tuple[str, ...]:
        """Only what works is offered: no 续签 without a text, no 延期 of what has already ended."""
        key = (actions, has_template, still_runs)
        if key not in self.offered:
            barred = {word for word, works in (("续签", has_template), ("延期", still_runs)) if not works}
            self.offered[key] = tuple(action for action in actions if action not in barred)
        return self.offered[key]

    def rank(self, reminder: Reminder) -> int:
        """By urgency, then work that is promised before contracts, then by date; the unknown at the end."""
        if reminder.due is None:
            return 10**10
        step, kind = self.steps[reminder.urgency.id], KIND_ORDER.index(reminder.kind)
        return (step * 10 + kind) * 10**7 + reminder.due.toordinal()


# --- contracts by their end

_C, _A, _U = table_of(Contract).c, table_of(Account).c, table_of(Customer).c
_FACTS = (_C.kind, _C.renewal, _C.ends_on, _C.term_months, _C.objection_days, type_coerce(_C.gone, Integer),
          _C.kind_word)
_SHOWN = (_U.name, _A.number, _C.snooze_until, _C.handler_id)
_FROM = table_of(Contract).join(table_of(Account), _A.id == _C.account_id).join(
    table_of(Customer), _U.id == _C.customer_id)


def _words(condition: str) -> ColumnElement[bool]:
    return text(condition)  # type: ignore[return-value]  # the very words of a partial index


def _query(*conditions: ColumnElement[bool]) -> Asked:
    """Contracts that nobody has put off beyond today or settled: key, facts, and what a line shows."""
    awake = or_(_C.snooze_until.is_(None), _C.snooze_until <= bindparam("today"))
    return select(_C.key, *_FACTS, *_SHOWN).select_from(_FROM).where(*conditions, awake, _C.settled_note == "")


_STANDS = (_C.gone == false(), _C.state.not_in(UNSIGNED))
_ENDING = _query(_words(DUE), *_STANDS, _C.ends_on <= bindparam("until")).order_by(_C.ends_on, _C.id)
_NO_END = _query(_words(UNKNOWN_END), *_STANDS, _C.id > 0).order_by(_C.id)
_GONE = _query(_words(GONE), _C.gone.is_(True), _C.state.not_in(UNSIGNED)).order_by(_C.ends_on, _C.id)
_IN_WINDOW = _query(
    _words(ROLLING), *_STANDS, _C.term_months == bindparam("months"), _C.objection_days == bindparam("objection"),
    _C.ends_on.between(bindparam("first"), bindparam("last")))
_NO_TERM = _query(_words(ROLLING), *_STANDS, _C.term_months.is_(None))
_UNRETURNED = _query(
    _words(UNRETURNED), _C.printed_on <= bindparam("since"), _C.state.not_in(NOT_OUT)).add_columns(
    _C.printed_on).order_by(_C.printed_on, _C.id)


def _contracts(session: Session, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    for rows in _asked(session, desk, limit):
        for row in rows:
            told = teller.contract(row[1:8])
            if told is not None:
                yield told.rank, row[0], told, row


def _asked(session: Session, desk: Desk, limit: int | None) -> Iterator[Sequence[Found]]:
    today, horizon = desk.today, desk.catalog.ladder.horizon
    yield session.execute(_ENDING.limit(limit), {"today": today, "until": today + timedelta(days=horizon)}).all()
    for window in _windows(session, today, horizon):
        yield session.execute(_IN_WINDOW, {"today": today, **window}).all()
    for query in (_NO_END, _NO_TERM, _GONE):
        yield session.execute(query.limit(limit), {"today": today}).all()


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
    """(months, objection days, oldest end) of the contracts that follow themselves, hopped through the index.

    Two plain questions a hop: a comparison of pairs would walk over all that are alike.
    """
    at = {"months": 0, "objection": -1}
    while True:
        found = session.execute(_NEXT_OBJECTION, at).first() or session.execute(_NEXT_MONTHS, at).first()
        if found is None:
            return
        at = {"months": found[0], "objection": found[1]}
        yield found[0], found[1], found[2]


def shifted(day: date, months: int) -> date:
    """The day so many months later (or earlier); the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_NEXT = select(_C.term_months, _C.objection_days, _C.ends_on).where(_words(ROLLING), _C.ends_on.is_not(None)).limit(1)
_NEXT_OBJECTION = _NEXT.where(
    _C.term_months == bindparam("months"), _C.objection_days > bindparam("objection")).order_by(
    _C.objection_days, _C.ends_on)
_NEXT_MONTHS = _NEXT.where(_C.term_months > bindparam("months")).order_by(
    _C.term_months, _C.objection_days, _C.ends_on)


# --- papers not returned, stages, 容缺


def _unreturned(session: Session, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    since = desk.today - timedelta(days=desk.catalog.ladder.unreturned_days)
    for row in session.execute(_UNRETURNED.limit(limit), {"today": desk.today, "since": since}):
        reminder = not_returned(row.printed_on, desk.catalog.ladder, desk.today)
        if told := teller.told(reminder, row.kind, row.kind_word):
            yield told.rank, row[0], told, row


_S, _M, _K, _E = table_of(Case).c, table_of(CaseMaterial).c, table_of(Clerk).c, table_of(Entry).c
_OF_CASE = table_of(Case).join(table_of(Customer), _U.id == _S.customer_id).join(
    table_of(Account), _A.id == _S.account_id).join(table_of(Clerk), _K.id == _S.owner_id)
_STAGES = select(
    _S.number, _S.process, _S.stage, _S.due_on, _U.name, _A.address.label("place"), _K.name.label("owner"),
).select_from(_OF_CASE).where(
    _words("cases.closed_on IS NULL"), _S.due_on <= bindparam("until"),
    or_(_S.paused.is_(False), _S.paused_until <= bindparam("today"))).order_by(_S.due_on, _S.id)


def _stages(session: Session, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    for row in session.execute(_STAGES.limit(limit), {"today": desk.today, "until": _next_workday(desk)}):
        process = desk.catalog.processes[row.process]
        names = "、".join(process.stage(stage).name for stage in row.stage.split(",") if stage) or process.name
        level = _level(row.due_on, desk.today)
        if told := teller.told(stage_due(names, row.due_on, level, desk.catalog.ladder, desk.today)):
            yield told.rank, row[0], told, row


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
    _S.number, _S.id, _M.name.label("paper"), _M.due_on, _U.name, _A.address.label("place"), _K.name.label("owner"),
).select_from(_OF_CASE.join(table_of(CaseMaterial), _M.case_id == _S.id)).where(
    _words("open"), _M.due_on <= bindparam("until")).order_by(_M.due_on, _M.id)


def _papers(session: Session, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    until = desk.today + timedelta(days=desk.catalog.ladder.paper_days)
    rows = session.execute(_PAPERS.limit(limit), {"until": until}).all()
    asleep = _put_off(session, {row.id for row in rows})
    for row in rows:
        told = teller.told(paper_due(row.paper, row.due_on, desk.catalog.ladder, desk.today))
        if told is not None and asleep.get(row.id, date.min) <= desk.today:
            yield told.rank, row[0], told, row


def _put_off(session: Session, case_ids: Iterable[int]) -> dict[int, date]:
    """Until when the 容缺 of these cases were last put off, as their log says."""
    if not case_ids:
        return {}
    last = select(func.max(_E.id)).where(
        _E.subject == "case", _E.subject_id.in_(case_ids), _E.what == "snoozed").group_by(_E.subject_id)
    query = select(_E.subject_id, _E.facts).where(_E.id.in_(last))
    return {row.subject_id: date.fromisoformat(row.facts["until"]) for row in session.execute(query)}
