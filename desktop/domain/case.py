"""A case's state, computed from its log and nothing else: what is open, what is due, what it waits for.

This is the door to a case: `state` here, `may` (what a deed still lacks) from `deed.py`, the log's values
from `caselog.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop.domain.calendar import ONE_DAY, WorkCalendar
from desktop.domain.caselog import LogEntry, Pause, Run, Track, What, fold
from desktop.domain.deadline import Level, Limit, Span, days_used, level, stage_due
from desktop.domain.deed import may
from desktop.domain.process import Process, Stage
from desktop.errors import Refusal

__all__ = ["CaseState", "LogEntry", "Pause", "Phase", "StageState", "Status", "What", "may", "state"]


class Status(StrEnum):
    OPEN = "在办"
    PAUSED = "暂停"
    ARCHIVED = "已归档"
    ENDED = "已终止"


class Phase(StrEnum):
    """Where one stage stands. 可办: optional, may be recorded; 不适用: an earlier answer rules it out;
    未办: the case is closed, and this was not done."""

    WAITING = "未到"
    OPEN = "进行"
    PAUSED = "暂停"
    DONE = "完成"
    BACK = "退回"
    OPTIONAL = "可办"
    NOT_HERE = "不适用"
    LEFT = "未办"


@dataclass(frozen=True)
class StageState:
    """One stage now. `days_used` and `allowed` are working days; `rounds` how often it was begun."""

    id: str
    name: str
    owner: str
    state: Phase
    began: date | None
    done_on: date | None
    due: date | None
    level: Level
    days_used: int
    allowed: int | None
    rounds: int
    optional: bool = False


@dataclass(frozen=True)
class CaseState:
    """The case now. An open case has a due date or a pause, or `trouble` says why none can be counted. `voided`: the
    unsigned contracts that ended with it."""

    status: Status
    current: tuple[str, ...]
    stages: tuple[StageState, ...]
    accepted_on: date
    due: date | None
    level: Level
    pause: Pause | None
    total_due: date | None
    closed_on: date | None = None
    ended_reason: str = ""
    voided: str = ""
    trouble: str = ""

    def stage(self, stage_id: str) -> StageState:
        return next(s for s in self.stages if s.id == stage_id)


@dataclass(frozen=True)
class Outline:
    """What lists need of a case: no more than must be known to put it in its place."""

    status: Status
    current: tuple[str, ...]
    due: date | None
    pause: Pause | None
    closed_on: date | None


def outline(process: Process, log: Sequence[LogEntry], calendar: WorkCalendar, today: date) -> Outline:
    """The case in outline, as `state` tells it whole. ValueError for a log that begins with no acceptance."""
    track = fold(process, log)
    return _outline(track, _Clock(track, calendar, today))


def _outline(track: Track, clock: _Clock) -> Outline:
    opened = (Phase.OPEN, Phase.PAUSED, Phase.BACK)
    current = tuple(s.id for s in track.process.stages if _phase(track, s, clock.today) in opened)
    status, pause = _status(track, current, clock.today)
    due = clock.case_due(current) if status is Status.OPEN else None
    return Outline(status, () if status in CLOSED else current, due, pause, track.closed_on)


def state(process: Process, log: Sequence[LogEntry], calendar: WorkCalendar, today: date) -> CaseState:
    """The case as its log tells it on `today`. ValueError for a log that begins with no acceptance."""
    track = fold(process, log)
    clock = _Clock(track, calendar, today)
    brief = _outline(track, clock)
    return CaseState(
        status=brief.status,
        current=brief.current,
        stages=tuple(_stage_state(track, clock, stage) for stage in process.stages),
        accepted_on=track.accepted_on,
        due=brief.due,
        level=clock.case_level(brief.current, brief.due),
        pause=brief.pause,
        total_due=clock.total_due() if brief.status is Status.OPEN else None,
        closed_on=brief.closed_on,
        ended_reason=track.ended_reason,
        voided=track.voided,
        trouble=clock.trouble,
    )


CLOSED = (Status.ARCHIVED, Status.ENDED)


class _Clock:
    """Counts the days of one case. A year without calendar makes `trouble`, never a guess or a crash."""

    def __init__(self, track: Track, calendar: WorkCalendar, today: date) -> None:
        self.track, self.calendar, self.today = track, calendar, today
        self.trouble = ""
        tomorrow = today + ONE_DAY
        self.pauses = [Span(h.pause.since, h.end or tomorrow) for h in track.halts]
        open_spans = [
            Span(run.began, tomorrow)
            for stage in track.process.stages
            if stage.timed_by_customer and (run := track.runs[stage.id]).began and run.done_on is None
        ]
        self.customer = [*self.pauses, *track.customer_spans, *open_spans]

    def begun(self, limit: Limit) -> date | None:
        """When the clock that several stages may share began."""
        return min((d for s in limit.stages if (d := self.track.runs[s].began)), default=None)

    def allowed(self, limit: Limit) -> int:
        """The limit's days, and those of an included stage that was done the day it began."""
        begin = self.begun(limit)
        included = [s for s in limit.includes if self._took_noday_of(s, begin)]
        return limit.days + sum(self._days_of(s) for s in included)

    def due(self, limit: Limit) -> date | None:
        begin = self.begun(limit)
        return None if begin is None else self._count(begin, self.allowed(limit), self.pauses)

    def used(self, limit: Limit, until: date) -> int:
        begin = self.begun(limit)
        if begin is None:
            return 0
        try:
            return days_used(begin, until, self.pauses, self.calendar)
        except Refusal as refusal:
            self.trouble = refusal.sentence
            return 0

    def total_due(self) -> date | None:
        """When the sum of all promised limits runs out, the customer's own time left out."""
        return self._count(self.track.accepted_on, self.track.process.total.days, self.customer)

    def case_due(self, current: Sequence[str]) -> date | None:
        """The tightest clock: that of the open stages, or else the sum promised at acceptance."""
        dues = [d for s in current if (limit := self._limit(s)) and (d := self.due(limit))]
        return min(dues) if dues else self.total_due()

    def case_level(self, current: Sequence[str], due: date | None) -> Level:
        if due is None:
            return Level.NONE
        limits = [limit for s in current if (limit := self._limit(s)) and self.due(limit) == due]
        if limits:
            return self.level(due, self.used(limits[0], self.today), self.allowed(limits[0]), self.today)
        total = self.track.process.total.days
        return self.level(due, self._total_used(), total, self.today)

    def level(self, due: date, used: int, allowed: int, day: date) -> Level:
        try:
            return level(due, used, allowed, day, self.calendar, self.track.process.warn_percent)
        except Refusal as refusal:
            self.trouble = refusal.sentence
            return Level.NONE

    def _total_used(self) -> int:
        try:
            return days_used(self.track.accepted_on, self.today, self.customer, self.calendar)
        except Refusal as refusal:
            self.trouble = refusal.sentence
            return 0

    def _count(self, begin: date, days: int, pauses: Sequence[Span]) -> date | None:
        try:
            return stage_due(begin, days, pauses, self.calendar)
        except Refusal as refusal:
            self.trouble = refusal.sentence
            return None

    def _limit(self, stage_id: str) -> Limit | None:
        return self.track.process.stage(stage_id).limit

    def _took_noday_of(self, stage_id: str, begin: date | None) -> bool:
        run = self.track.runs[stage_id]
        return begin is not None and run.began == run.done_on == begin

    def _days_of(self, stage_id: str) -> int:
        limit = self._limit(stage_id)
        return limit.days if limit else 0


def _stage_state(track: Track, clock: _Clock, stage: Stage) -> StageState:
    run, limit = track.runs[stage.id], stage.limit
    phase = _phase(track, stage, clock.today)
    due = clock.due(limit) if limit and run.began and phase not in (Phase.PAUSED, Phase.LEFT) else None
    until = run.done_on or clock.today
    used = clock.used(limit, until) if limit and run.began else 0
    allowed = clock.allowed(limit) if limit and run.began else None
    return StageState(
        id=stage.id,
        name=stage.name,
        owner=stage.owner,
        state=phase,
        began=run.began,
        done_on=run.done_on,
        due=due,
        level=_stage_level(clock, run, due, used, allowed),
        days_used=used,
        allowed=allowed,
        rounds=run.rounds,
        optional=stage.optional,
    )


def _stage_level(clock: _Clock, run: Run, due: date | None, used: int, allowed: int | None) -> Level:
    if due is None or allowed is None:
        return Level.NONE
    if run.done_on is not None:
        return Level.OVERDUE if run.done_on > due else Level.NORMAL
    return clock.level(due, used, allowed, clock.today)


def _phase(track: Track, stage: Stage, today: date) -> Phase:
    run = track.runs[stage.id]
    if run.done_on is not None:
        return Phase.DONE
    if track.closed_on is not None:
        return Phase.LEFT if track.applies(stage) else Phase.NOT_HERE
    if run.began is not None:
        return _open_phase(track, run, today)
    if not track.applies(stage):
        return Phase.NOT_HERE
    return Phase.OPTIONAL if stage.optional and not track.unmet(stage) else Phase.WAITING


def _open_phase(track: Track, run: Run, today: date) -> Phase:
    if track.halted(today):
        return Phase.PAUSED
    return Phase.BACK if run.back else Phase.OPEN


def _status(track: Track, current: Sequence[str], today: date) -> tuple[Status, Pause | None]:
    if track.closed_on is not None:
        return (Status.ENDED if track.ended else Status.ARCHIVED), None
    pause = track.halted(today) or _customer_pause(track, current)
    return (Status.PAUSED if pause else Status.OPEN), pause


def _customer_pause(track: Track, current: Sequence[str]) -> Pause | None:
    """The customer's own stage is open and no clock of ours runs beside it."""
    stages = [track.process.stage(s) for s in current]
    if any(stage.limit for stage in stages):
        return None
    stage = next((s for s in stages if s.timed_by_customer), None)
    began = track.runs[stage.id].began if stage else None
    return Pause(stage.id, stage.pause_reason, began) if stage and began else None
