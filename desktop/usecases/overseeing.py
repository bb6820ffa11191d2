"""The board: the open cases by stage, the nearest due first, so many cards a column and the count of all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from db import waiting
from db.engine import Ask
from desktop.usecases import placing
from desktop.usecases.case_listing import CaseRow, rows_by_id
from desktop.usecases.desk import Desk

CARDS = 20  # of a column; the list shows the rest


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
    return tuple(BoardColumn(stage, stage_name(desk, stage), *counts[stage], tuple(rows[n] for _, n in chosen[stage]))
                 for stage in sorted(chosen) if counts[stage][0])


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
