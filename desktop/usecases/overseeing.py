"""Seeing the work from above: the board of open cases by stage, and where the days of cases go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from db import waiting
from db.engine import Ask
from desktop.domain.flow import StageFlow, flows
from desktop.progress import Step, no_step
from desktop.usecases import placing
from desktop.usecases.case_listing import CaseRow, rows_by_id
from desktop.usecases.desk import Desk
from desktop.usecases.reporting import a_month, case_facts
from printing.reports.report import CaseFact

CARDS = 20  # of a column; the list shows the rest
TELL_EVERY = 200  # cases


@dataclass(frozen=True)
class BoardColumn:
    """A stage with its open cases: how many, how many of them overdue, and the cards of the nearest."""

    stage: str
    name: str
    count: int
    overdue: int
    cards: tuple[CaseRow, ...]


def board(desk: Desk, *, mine: bool = False, post: bool = False, cards: int = CARDS) -> tuple[BoardColumn, ...]:
    """A column for each stage at which a case is open, in the order of the stages; a case whose stages run side by
    side stands in each of them. `mine`: of the clerk at the desk; `post`: what his post does now."""
    asked = placing.Asked(post=post, mine=mine)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    nearest: dict[str, list[tuple[date | None, int]]] = defaultdict(list)
    with desk.db.glance() as ask:
        for place in placing.asked_places(desk, ask, asked):
            told = _counted(desk, ask, place, asked)
            found = list(placing.next_at(desk, ask, place, asked, None, cards))
            for stage in place.stages:
                counts[stage] = [a + b for a, b in zip(counts[stage], told, strict=True)]
                nearest[stage] += found
    chosen = {stage: sorted(found, key=placing.by_due)[:cards] for stage, found in nearest.items()}
    rows = {row.id: row for row in rows_by_id(desk, sorted({n for found in chosen.values() for _, n in found}))}
    return tuple(BoardColumn(stage, stage_name(desk, stage), count, overdue, tuple(rows[n] for _, n in chosen[stage]))
                 for stage, (count, overdue) in sorted(counts.items()) if count)


def _counted(desk: Desk, ask: Ask, place: placing.Place, asked: placing.Asked) -> tuple[int, int]:
    said = placing.at(desk, place)
    which = placing.which(asked)
    return (ask(waiting.COUNT_PLACE + which, **said)[0][0],
            ask(waiting.COUNT_PLACE + which + waiting.PASSED, **said)[0][0])


def stage_name(desk: Desk, stage: str) -> str:
    """The name of a stage, as the first kind that has it calls it."""
    named = (process.stage_by_id[stage].name for process in desk.catalog.processes.values()
             if stage in process.stage_by_id)
    return next(named, stage)


def flow(desk: Desk, month: str | None = None, step: Step = no_step) -> tuple[StageFlow, ...]:
    """Of each kind the typical days of every stage, its share, and what came back, in a month (2026-11) or ever.

    Refusal: no such month. `step` may raise to cancel.
    """
    first = a_month(month, desk.today) if month else None
    with desk.db.read() as session:
        facts, total = case_facts(desk, session, first)
        told = ((fact.process, fact.log) for fact in _stepped(facts, total, step))
        return flows(told, desk.catalog.calendar, first.holds if first else lambda _day: True)


def _stepped(facts: Iterator[CaseFact], total: int, step: Step) -> Iterator[CaseFact]:
    for done, fact in enumerate(facts):
        if done % TELL_EVERY == 0:
            step(done, total)
        yield fact
