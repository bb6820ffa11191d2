"""The course that a case in hand has taken elsewhere: the days and owners of its stages, as an export tells them.

A day that was told is claimed as it stands. One that was not told is not made up: the stage is known to have been
done at the latest when what follows it was done, its entry is marked so, and its days count nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from desktop.domain.caselog import UNDATED, LogEntry, What, standing
from desktop.domain.field import check
from desktop.domain.process import Process, Stage

SOURCE_FACT = "source"  # of an entry that came over from another system: which


@dataclass(frozen=True)
class Course:
    """What is told of a case's stages, by their ids: the day each was `done`, that planned and that promised to the
    customer, and who did it. `at`: the stages that are open, `arrived`: since when. `settled`: answers without which
    the told stages would not take place. `submitted`: when the customer handed in what is reviewed or inspected there
    (送审、报验); `paused` and `resumed` with the reason; `paused_until`: the day ahead on which it runs again."""

    at: tuple[str, ...] = ()
    accepted: date | None = None
    arrived: date | None = None
    done: Mapping[str, date] = field(default_factory=dict)
    planned: Mapping[str, date] = field(default_factory=dict)
    pledged: Mapping[str, date] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    settled: Mapping[str, str] = field(default_factory=dict)
    submitted: Mapping[str, date] = field(default_factory=dict)
    paused: date | None = None
    resumed: date | None = None
    paused_until: date | None = None
    pause_reason: str = ""


def way(process: Process, course: Course, answers: Mapping[str, Any]) -> tuple[Stage, ...]:
    """The stages that are behind the open ones, and those beside them that are told to be done, in order."""
    facts = {**answers, **course.settled}
    before = {each for at in course.at for each in process.ancestors(at)}
    return tuple(stage for stage in process.stages if stage is not process.first and stage.id not in course.at and (
        stage.id in course.done or (stage.id in before and not stage.optional and stage.applies(facts))))


def settled_by(process: Process, told: Iterable[str], answers: Mapping[str, Any]) -> dict[str, str]:
    """The answers without which the told stages would not take place (受电工程有 where its building was dated), the
    first told before others."""
    needed = [when for each in told for when in process.stage(each).only_where if when.values]
    needed += [when for each in told for when in _alone(process.stage(each)) if when.values]
    return {when.field: when.values[0] for when in reversed(needed) if not when.holds(answers)}


def _alone(stage: Stage) -> Sequence[Any]:
    """The one condition of a stage that has no other; of several any may be meant."""
    return stage.only_if if len(stage.only_if) == 1 else ()


def undated(process: Process, course: Course, answers: Mapping[str, Any]) -> tuple[Stage, ...]:
    """The stages behind the case whose day nobody told."""
    return tuple(stage for stage in way(process, course, answers) if stage.id not in course.done)


def latest_days(process: Process, course: Course, answers: Mapping[str, Any]) -> dict[str, date]:
    """Of each stage on the way the day it was done, or by which it must have been."""
    arrived = course.arrived or course.accepted
    assert arrived is not None
    days = dict.fromkeys(course.at, arrived)
    for stage in reversed(way(process, course, answers)):
        after = [days[each] for each in process.dependents(stage.id) if each in days]
        days[stage.id] = course.done.get(stage.id) or min(after, default=arrived)
    return days


def opened(process: Process, course: Course, answers: Mapping[str, Any]) -> date | None:
    """When the open stage must have begun by what was told of those before it; None where one of them has no day."""
    behind = {stage.id for stage in way(process, course, answers)}
    needs = {each for at in course.at for each in process.stage(at).needs} & behind
    days = [day for each in needs if (day := course.done.get(each)) is not None]
    return max(days) if days and len(days) == len(needs) else None


def course_log(process: Process, course: Course, answers: Mapping[str, Any], now: datetime,
               source: Mapping[str, Any], mark: Mapping[str, Any]) -> Iterator[LogEntry]:
    """The case's log: accepted with the facts of `source`, every stage before the open ones done on its day, what was
    promised and paused. `mark` tells in every other entry from where it came."""
    first, accepted = process.first.id, course.accepted or now.date()
    told = [(What.ACCEPTED, first, accepted, {**source, **_deciding(process, {**course.settled, **answers})})]
    days = latest_days(process, course, answers)
    for stage in way(process, course, answers):
        if stage.id in course.submitted:
            told.append((What.SUBMITTED, stage.id, course.submitted[stage.id], dict(mark)))
        told.append((What.DONE, stage.id, days[stage.id], {**_found(stage, course), **mark}))
    told += _since(course, first, accepted, mark)
    for turn, (what, stage_id, day, facts) in enumerate(told):
        yield LogEntry(turn, what, stage_id, day, now, "", "", facts)


def _deciding(process: Process, answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answers[name] for name in process.deciding if answers.get(name)}


def _since(course: Course, first: str, accepted: date, mark: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What holds now: what was handed in and waits for its inspection, days promised, a pause."""
    for stage in course.at:
        if stage in course.submitted:
            yield What.SUBMITTED, stage, course.submitted[stage], dict(mark)
    for promised, day in course.pledged.items():
        yield What.PROMISED, promised, accepted, {"to": day.isoformat(), "reason": "原系统承诺", **mark}
    if course.paused:
        at = course.at[0] if course.at else first
        until = {"until": course.paused_until.isoformat()} if course.paused_until else {}
        yield What.PAUSED, at, course.paused, {"reason": course.pause_reason, **until, **mark}
        if course.resumed:
            yield What.RESUMED, at, course.resumed, dict(mark)


def _found(stage: Stage, course: Course) -> dict[str, Any]:
    """What a stage's own form would hold of it: its day, who did it, and the answers that brought it about."""
    day, owner = course.done.get(stage.id), course.owners.get(stage.id, "")
    said: dict[str, Any] = {name: value for name, value in course.settled.items() if name in stage.fields}
    if day is None:
        said[UNDATED] = True
    elif own := _own(stage, "_on"):
        said[own] = day.isoformat()
    by = _own(stage, "_by")
    return {**said, by: owner} if by and owner and not check(by, owner) else said


def _own(stage: Stage, ending: str) -> str:
    return next((name for name in stage.fields if name.endswith(ending)), "")


def uncarried(process: Process, log: Sequence[LogEntry], answers: Mapping[str, Any]) -> Iterator[str]:
    """What a change of use did to its account elsewhere, before it came over: nothing of it was done here."""
    last = {entry.stage: entry for entry in standing(log) if entry.what == What.DONE}
    for stage in process.stages:
        entry = last.get(stage.id)
        deeds = "、".join(str(effect.deed) for effect in process.effects_at(stage.id, answers))
        if entry is not None and deeds and entry.facts.get(SOURCE_FACT):
            yield (f"“{stage.name}”是在原系统办的，这里的用电户档案没有随之{deeds}：请与营销2.0 核对；"
                   f"要让档案照办，退回“{stage.name}”后在这里重新登记一次")
