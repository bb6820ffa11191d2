"""What waits this morning: contracts by nearness of their end, papers not returned, stages and 容缺 due.

Everything is computed from facts and today's date, asked by index: nothing is stored that could be late, and
nothing is lost because the program was off. The questions are plain SQL (db/waiting.py), so that the first page does
not wait for SQLAlchemy, and a line is made only of what is shown.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from db import waiting
from db.engine import Ask
from desktop.domain.deadline import Level
from desktop.domain.reminder import (
    UNKNOWN_END as UNKNOWN_WORD,
)
from desktop.domain.reminder import (
    ContractFacts,
    Kind,
    Reminder,
    Urgency,
    approval_waits,
    contract_ends,
    defect_due,
    fee_due,
    hold_ends,
    not_returned,
    offered,
    paper_due,
    scheme_ends,
    stage_due,
)
from desktop.errors import Refusal
from desktop.usecases.desk import Desk

Found = Any  # a row as the driver gives it
CONTRACT, CASE = "合同", "工单"
OF_CASES = (Kind.STAGE_DUE, Kind.PAPER_DUE, Kind.HOLD_ENDS, Kind.DEFECT_DUE, Kind.FEE_DUE, Kind.OFFERED, Kind.APPROVAL,
            Kind.SCHEME_ENDS)
KIND_ORDER = (Kind.STAGE_DUE, Kind.APPROVAL, Kind.PAPER_DUE, Kind.SCHEME_ENDS, Kind.DEFECT_DUE, Kind.FEE_DUE,
              Kind.OFFERED, Kind.HOLD_ENDS, Kind.NOT_RETURNED, Kind.CONTRACT_ENDS)
SLACK = timedelta(days=3)  # a term shifted by months may miss its day by as much as a short February


class ReminderView(NamedTuple):
    """One line. `subject` is 合同 or 工单 and `number` opens it; `word` names its band; `due_on` and `days_left` are
    None where no end is known; `actions` are those that work for it. `taker`: the clerk to whom a case is handed over
    (0: no such matter), for two may bear one name.

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
    taker: int = 0


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
    with desk.db.glance() as ask:
        found = sorted(_matters(ask, desk, limit), key=RANK)[:limit]  # likes stay in their index's order
        clerks = {row["id"]: row["name"] for row in ask(waiting.CLERKS)}
    return tuple(_line(matter, clerks) for matter in found)


def counts(desk: Desk) -> dict[str, int]:
    """How many matters wait: by word of urgency, by kind, 期限不明 for those without a known end, and 合计."""
    with desk.db.glance() as ask:
        return _counted(desk, (told for _, _, told, _ in _matters(ask, desk, None)))


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
        return ReminderView(kind, urgency, word, CASE, number, f"{row['name']}  {row['place']}", detail, due,
                            left, actions, row["owner"], None, row["taker"] if kind == Kind.OFFERED else 0)
    name, account, snoozed, handler = row[8:12]
    return ReminderView(kind, urgency, word, CONTRACT, number, f"{name}  {account or ''}", detail, due, left, actions,
                        clerks[handler] if handler else "", _day(snoozed))


def _matters(ask: Ask, desk: Desk, limit: int | None) -> Iterator[_Matter]:
    teller = _Teller.of(desk)
    yield from _contracts(ask, desk, limit, teller)
    yield from _unreturned(ask, desk, limit, teller)
    yield from _stages(ask, desk, limit, teller)
    yield from _papers(ask, desk, limit, teller)
    yield from _holds(ask, desk, limit, teller)
    yield from _works(ask, desk, limit, teller)
    yield from _offers(ask, desk, limit, teller)
    yield from _schemes(ask, desk, limit, teller)


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
        """What is told of the end of a contract with these facts: the columns from kind to kind_word."""
        told = self.of_facts.get(facts, NEVER)
        if told is NEVER:
            kind, mode, ends, months, objection, gone, word = facts
            asked = ContractFacts(kind, mode, _day(ends), months, objection or 0, bool(gone))
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
        return (step * len(KIND_ORDER) + kind) * 10**7 + reminder.due.toordinal()


# --- contracts by their end


def _contracts(ask: Ask, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    for rows in _asked(ask, desk, limit):
        for row in rows:
            told = teller.contract(row[1:8])
            if told is not None:
                yield told.rank, row[0], told, row


def _asked(ask: Ask, desk: Desk, limit: int | None) -> Iterator[list[Found]]:
    today, horizon = desk.today, desk.catalog.ladder.horizon
    until = today + timedelta(days=horizon)
    yield ask(waiting.first(waiting.ENDING, limit), today=str(today), until=str(until))
    for window in _windows(ask, today, horizon):
        yield ask(waiting.IN_WINDOW, today=str(today), **window)
    for question in (waiting.NO_END, waiting.NO_TERM, waiting.NAMED_GONE):
        yield ask(waiting.first(question, limit), today=str(today))


def _windows(ask: Ask, today: date, horizon: int) -> Iterator[dict[str, Any]]:
    """In which days a written end must lie for its running term to need a word in `horizon` days: one window for
    each length of term and 异议期 in the book and each number of terms gone by since the oldest."""
    for months, objection, oldest in _terms(ask):
        first = today + timedelta(days=objection)
        last = first + timedelta(days=horizon)
        gone_by = 0
        while shifted(last, -gone_by) + SLACK >= oldest:
            yield {"months": months, "objection": objection, "first": str(shifted(first, -gone_by) - SLACK),
                   "last": str(shifted(last, -gone_by) + SLACK)}
            gone_by += months


def _terms(ask: Ask) -> Iterator[tuple[int, int, date]]:
    """(months, objection days, oldest end) of the contracts that follow themselves."""
    months, objection = 0, -1
    while found := (ask(waiting.NEXT_OBJECTION, months=months, objection=objection)
                    or ask(waiting.NEXT_MONTHS, months=months)):
        months, objection, oldest = found[0]
        yield months, objection, date.fromisoformat(oldest)


def shifted(day: date, months: int) -> date:
    """The day so many months later (or earlier); the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


# --- papers not returned, stages, 容缺


def _unreturned(ask: Ask, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    since = desk.today - timedelta(days=desk.catalog.ladder.unreturned_days)
    for row in ask(waiting.first(waiting.NOT_RETURNED, limit), today=str(desk.today), since=str(since)):
        reminder = not_returned(date.fromisoformat(row["printed_on"]), desk.catalog.ladder, desk.today)
        if told := teller.told(reminder, row["kind"], row["kind_word"]):
            yield told.rank, row[0], told, row


def _stages(ask: Ask, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    until = str(_next_workday(desk))
    found = [ask(waiting.first(question, limit), today=str(desk.today), until=until)
             for question in (waiting.STAGES, waiting.EARLY)]
    for row in chain.from_iterable(found):
        process, due = desk.process(row["process"], row["release"]), date.fromisoformat(row["due_on"])
        names = "、".join(process.stage(stage).name for stage in row["stage"].split(",") if stage) or process.name
        if told := teller.told(stage_due(names, due, _level(due, desk.today), desk.catalog.ladder, desk.today)):
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


def _papers(ask: Ask, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    until = desk.today + timedelta(days=desk.catalog.ladder.paper_days)
    for row in ask(waiting.first(waiting.PAPERS, limit), until=str(until)):
        due = date.fromisoformat(row["due_on"])
        told = teller.told(paper_due(row["paper"], due, desk.catalog.ladder, desk.today, row["supplier"]))
        if told is not None and not _is_put_off(row["put_off"], desk.today):
            yield told.rank, row[0], told, row


def _holds(ask: Ask, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    """暂停 and 减容 that end soon, or ended and were not restored, with the sum of the year."""
    until = desk.today + timedelta(days=desk.catalog.ladder.hold_days)
    for row in ask(waiting.first(waiting.HOLDS, limit), until=str(until)):
        ends = date.fromisoformat(row["until"])
        kva = f"{Decimal(row['kva']).normalize():f}"
        summed = _year_sum(ask, desk, row, ends.year)
        reminder = hold_ends(row["kind"], kva, ends, summed, desk.catalog.ladder, desk.today)
        if (told := teller.told(reminder)) is not None and not _is_put_off(row["put_off"], desk.today):
            yield told.rank, row[0], told, row


def _works(ask: Ask, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    """Defects to be mended and fees to be paid, when their day is near or over."""
    ladder, today = desk.catalog.ladder, desk.today
    until = str(today + timedelta(days=ladder.paper_days))
    for row in ask(waiting.first(waiting.DEFECTS, limit), until=until):
        due = date.fromisoformat(row["due_on"])
        yield from _told(teller, row, defect_due(row["item"], row["responsible"], due, ladder, today), today)
    for row in ask(waiting.first(waiting.FEES, limit), until=until):
        due = date.fromisoformat(row["due_on"])
        yield from _told(teller, row, fee_due(row["item"], row["amount"], due, ladder, today), today)


def _schemes(ask: Ask, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    """Schemes that wait for a post's word, and schemes whose term runs out with nothing begun."""
    ladder, today = desk.catalog.ladder, desk.today
    for row in ask(waiting.first(waiting.APPROVALS, limit), until=str(date.max)):
        due = date.fromisoformat(row["due_on"])
        yield from _told(teller, row, approval_waits(row["post"], row["rule"], due, ladder, today), today)
    if ladder.scheme_bands:
        until = str(today + timedelta(days=ladder.scheme_bands[0].days))
        for row in ask(waiting.first(waiting.TERMS, limit), until=until):
            yield from _told(teller, row, scheme_ends(date.fromisoformat(row["until"]), ladder, today), today)


def _offers(ask: Ask, desk: Desk, limit: int | None, teller: _Teller) -> Iterator[_Matter]:
    """Cases handed over that nobody has taken yet."""
    ladder, today = desk.catalog.ladder, desk.today
    for row in ask(waiting.first(waiting.OFFERED, limit)):
        on = date.fromisoformat(row["due_on"])
        told = teller.told(offered(row["giver"], row["owner"], row["reason"], on, ladder, today))
        if told is not None:
            yield told.rank, row[0], told, row


def _told(teller: _Teller, row: Found, reminder: Reminder | None, today: date) -> Iterator[_Matter]:
    if (told := teller.told(reminder)) is not None and not _is_put_off(row["put_off"], today):
        yield told.rank, row[0], told, row


def _year_sum(ask: Ask, desk: Desk, row: Found, year: int) -> str:
    """How long capacity of that kind rests in the year altogether, beside the limit of its kind of application."""
    from desktop.domain.hold import Hold, year_total

    rules = desk.process(row["process"], row["release"]).rules
    rule = next((r for r in rules if r.check == "year_sum" and r.settings.get("kind") == row["kind"]), None)
    if rule is None:
        return ""
    holds = [Hold(each["kind"], Decimal(each["kva"]), date.fromisoformat(each["since"]), _day(each["until"]),
                  _day(each["restored_on"])) for each in ask(waiting.HELD, account=row["account_id"])]
    total = year_total(holds, row["kind"], year, int(str(rule.settings["month_days"])))
    return f"{year} 年累计 {total}，上限 {rule.settings['most_months']} 个月"


def _is_put_off(facts: str | None, today: date) -> bool:
    """Whether the log's last word on a case's 容缺 puts them off beyond today."""
    return facts is not None and date.fromisoformat(json.loads(facts)["until"]) > today
