"""The days on which a stage's work is said to have been done (…_on), held against what went before it.

A meter hangs after the inspection, and nothing is energised before it is metered: a day that lies before its
predecessor's, or after the day for which the stage is recorded, is a slip that the clock would count by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from desktop.domain.caselog import UNDATED, LogEntry, What, fold, standing
from desktop.domain.field import field
from desktop.domain.process import Process, Stage
from desktop.errors import Missing

OF_PARTIES = ("reading_on", "settled_on")
"""Days of the customers' own: seller and buyer may have read the meter and settled the bill between them before they
came to the counter. Which of the two comes first is a rule of the kind."""


def work_days(stage: Stage) -> tuple[str, ...]:
    """The fields of the stage that say on which day its work was done."""
    return tuple(name for name in stage.fields if name.endswith("_on") and field(name).kind == "date")


def out_of_order(process: Process, log: Sequence[LogEntry], stage: Stage, facts: Mapping[str, Any],
                 day: date) -> tuple[Missing, ...]:
    """The days among `facts` that lie after `day`, for which the stage is recorded, or before what it follows; the
    facts are those about to be written, well formed."""
    said = [(name, date.fromisoformat(str(facts[name]))) for name in work_days(stage) if facts.get(name)]
    if not said:
        return ()
    before, what = max(_before(process, log, stage), key=lambda each: each[0])
    return tuple(Missing(told, name) for name, on in said if (told := _fault(
        field(name).label, on, day, date.min if name in OF_PARTIES else before, what)))


def _fault(label: str, on: date, day: date, before: date, what: str) -> str:
    if on > day:
        return f"{label} {on} 晚于办理日期 {day}，请核对两个日期"
    return f"{label} {on} 早于{what} {before}，请核对" if on < before else ""


def _before(process: Process, log: Sequence[LogEntry], stage: Stage) -> Iterator[tuple[date, str]]:
    """Each day that the stage's work follows, and what was then."""
    stood, track = standing(log), fold(process, log)
    yield track.accepted_on, "受理日期"
    for name in process.ancestors(stage.id):
        facts = _facts(stood, name)
        if track.runs[name].done_on and (first := track.first_done.get(name)) and not facts.get(UNDATED):
            place = process.stage(name)
            yield worked_on(place, facts) or first, f"“{place.name}”的日期"
    yield from _handed_in(stood, stage)


def _facts(log: Sequence[LogEntry], stage: str) -> Mapping[str, Any]:
    """What the stage said when it was done last."""
    return next((entry.facts for entry in reversed(log) if entry.stage == stage and entry.what == What.DONE), {})


def worked_on(stage: Stage, facts: Mapping[str, Any]) -> date | None:
    """The day on which the work of a finished stage was done, as it says itself; None where it does not."""
    return max((date.fromisoformat(str(facts[name])) for name in work_days(stage) if facts.get(name)), default=None)


def _handed_in(log: Sequence[LogEntry], stage: Stage) -> Iterator[tuple[date, str]]:
    """What is inspected was handed in first, and after a failure it was mended."""
    for entry in log:
        if entry.stage == stage.id and entry.what == What.SUBMITTED:
            yield entry.claimed_on, "报验日期"
        elif entry.stage == stage.id and entry.what == What.SENT_BACK and stage.passes is not None:
            yield entry.claimed_on, "上一次不合格的日期"
