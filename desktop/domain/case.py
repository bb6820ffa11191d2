"""A case's state, computed from its log and nothing else: what is open, what is due, what it waits for.

This is the door to a case: `state` here, `may` (what a deed still lacks) from `deed.py`, the log's values
from `caselog.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from desktop.domain.calendar import WorkCalendar
from desktop.domain.caselog import LogEntry, Pause, Run, Track, What, fold
from desktop.domain.clock import Clock, ClockState, tightest
from desktop.domain.clockwork import Clockwork
from desktop.domain.deadline import SUMS, Level, Printed
from desktop.domain.deed import may
from desktop.domain.process import Process, Stage

__all__ = ["CaseState", "ClockState", "LogEntry", "Pause", "Phase", "StageState", "Status", "What", "may", "state"]


class Status(StrEnum):
    OPEN = "在办"
    PAUSED = "暂停"
    ARCHIVED = "已归档"
    ENDED = "已终止"


class Phase(StrEnum):
    """Where one stage stands. 可办: optional, may be recorded; 不适用: an earlier answer rules it out; 待定: what an
    earlier stage will find decides;
    未办: the case is closed, and this was not done."""

    WAITING = "未到"
    OPEN = "进行"
    PAUSED = "暂停"
    DONE = "完成"
    BACK = "退回"
    OPTIONAL = "可办"
    NOT_HERE = "不适用"
    UNDECIDED = "待定"
    LEFT = "未办"


@dataclass(frozen=True)
class StageState:
    """One stage now, by its tightest clock. `days_used` and `allowed` are working days (hours where its limit has
    them: `in_hours`), of all stages since acceptance where the clock is a sum (`summed`); `rounds` how often it was
    begun; `undated`: nobody told the day it was done, which was `done_on` at the latest."""

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
    undated: bool = False
    summed: bool = False
    in_hours: bool = False

    @property
    def told_on(self) -> date | None:
        """The day it was done as it was told; None where nobody told one."""
        return None if self.undated else self.done_on


@dataclass(frozen=True)
class CaseState:
    """The case now. An open case has a due date or a pause, or `trouble` says why none can be counted. `due` and
    `level` are those of the tightest of its `clocks`. `voided`: the unsigned contracts that ended with it."""

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
    clocks: tuple[ClockState, ...] = ()

    @property
    def tightest(self) -> ClockState | None:
        """The running clock that is due first; None while the case stands still or is closed."""
        return tightest(self.clocks) if self.status is Status.OPEN else None

    def stage(self, stage_id: str) -> StageState:
        return next(s for s in self.stages if s.id == stage_id)


@dataclass(frozen=True)
class Outline:
    """What lists need of a case: no more than must be known to put it in its place. `near`: the day from which it is
    amber by the share of days used, where that is earlier than by its due day alone. `again`: the day it runs again by
    itself."""

    status: Status
    current: tuple[str, ...]
    due: date | None
    pause: Pause | None
    closed_on: date | None
    near: date | None = None
    again: date | None = None


def outline(process: Process, log: Sequence[LogEntry], calendar: WorkCalendar, today: date,
            receipt: Sequence[Printed] = ()) -> Outline:
    """The case in outline, as `state` tells it whole. ValueError for a log that begins with no acceptance."""
    track = fold(process, log)
    work = Clockwork(track, calendar, today, receipt=receipt)
    return _outline(track, work, work.clocks())


def _outline(track: Track, work: Clockwork, clocks: Sequence[Clock]) -> Outline:
    opened = (Phase.OPEN, Phase.PAUSED, Phase.BACK)
    current = tuple(s.id for s in track.process.stages if _phase(track, s, work.today) in opened)
    status, pause = _status(track, current, work.today)
    due = _case_due(work, clocks) if status is Status.OPEN else None
    near = work.near(clocks, due)
    again = track.runs_again(work.today) if pause and pause.until else None
    return Outline(status, () if status in CLOSED else current, due, pause, track.closed_on, near, again)


def _case_due(work: Clockwork, clocks: Sequence[Clock]) -> date | None:
    """The tightest clock's day; where none runs, that of the sum promised at acceptance, as long as it is not kept."""
    nearest = work.nearest(clocks)
    total = work.clock(work.track.process.total) if nearest is None else None
    return work.due(total) if total and total.ended is None else nearest


def state(
    process: Process, log: Sequence[LogEntry], calendar: WorkCalendar, today: date, now: datetime | None = None,
    receipt: Sequence[Printed] = (),
) -> CaseState:
    """The case as its log tells it on `today`, held to the dates of its `receipt`; hour clocks are read at `now`, where
    it is given. ValueError for a log that begins with no acceptance."""
    track = fold(process, log)
    work = Clockwork(track, calendar, today, now, receipt)
    clocks = work.clocks()
    brief, stood = _outline(track, work, clocks), tuple(work.state(clock) for clock in clocks)
    return CaseState(
        status=brief.status,
        current=brief.current,
        stages=tuple(_stage_state(track, stage, stood, today) for stage in process.stages),
        accepted_on=track.accepted_on,
        due=brief.due,
        level=_case_level(work, stood, brief.due),
        pause=brief.pause,
        total_due=_total_due(work) if brief.status is Status.OPEN else None,
        closed_on=brief.closed_on,
        ended_reason=track.ended_reason,
        voided=track.voided,
        trouble=work.trouble,
        clocks=stood,
    )


CLOSED = (Status.ARCHIVED, Status.ENDED)


def _total_due(work: Clockwork) -> date | None:
    """When the sum of all promised limits runs out, the customer's own time left out."""
    total = work.clock(work.track.process.total)
    return work.due(total) if total else None


def _case_level(work: Clockwork, clocks: Sequence[ClockState], due: date | None) -> Level:
    """The worst reading of the clocks that are due that day: of two, one may have used its share already. Where none
    runs any more, as while a connected case is not filed, the day itself tells."""
    if due is None:
        return Level.NONE
    order = list(Level)
    levels = [each.level for each in clocks if each.due == due and each.running and each.level is not Level.NONE]
    return max(levels, key=order.index, default=work.level_of(due))


def _stage_state(track: Track, stage: Stage, clocks: Sequence[ClockState], today: date) -> StageState:
    run, phase = track.runs[stage.id], _phase(track, stage, today)
    clock = _stage_clock(clocks, stage) if run.began else None
    shown = clock is not None and phase not in (Phase.PAUSED, Phase.LEFT)
    return StageState(
        id=stage.id,
        name=stage.name,
        owner=stage.owner,
        state=phase,
        began=run.began,
        done_on=run.done_on,
        due=clock.due if clock and shown else None,
        level=_stage_level(run, clock) if clock and shown else Level.NONE,
        days_used=clock.used if clock else 0,
        allowed=clock.clock.allowed if clock else None,
        rounds=run.rounds,
        optional=stage.optional,
        undated=run.done_on is not None and run.undated,
        summed=clock is not None and clock.clock.limit.measure in SUMS,
        in_hours=clock is not None and bool(clock.clock.limit.hours),
    )


def _stage_clock(clocks: Sequence[ClockState], stage: Stage) -> ClockState | None:
    """The tightest of the clocks that the stage has of its own or shares."""
    own = [each for each in clocks if stage.id in each.clock.limit.stages]
    return min(own, key=lambda each: each.due or date.max, default=None)


def _stage_level(run: Run, clock: ClockState) -> Level:
    """A stage of a shared clock that was done is late or not by itself; of one that nobody dated it is not known."""
    if run.done_on is None or clock.due is None:
        return clock.level
    if run.done_on <= clock.due:
        return Level.NORMAL
    return Level.NONE if run.undated else Level.OVERDUE


def _phase(track: Track, stage: Stage, today: date) -> Phase:
    run = track.runs[stage.id]
    if run.done_on is not None:
        return Phase.DONE
    if track.closed_on is not None and not (stage.afterwards and not track.ended and not track.unmet(stage)):
        return Phase.LEFT if track.applies(stage) else Phase.NOT_HERE
    if run.began is not None:
        return _open_phase(track, run, today)
    if not track.applies(stage):
        return Phase.UNDECIDED if track.undecided(stage) else Phase.NOT_HERE
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
    """The customer's own stage, or one that waits for his 报验, is open and no clock of ours runs beside it."""
    stages = [track.process.stage(s) for s in current]
    if any(stage.limit and not track.customers(stage) for stage in stages):
        return None
    stage = next((s for s in stages if track.customers(s)), None)
    began = track.runs[stage.id].began if stage else None
    return Pause(stage.id, stage.pause_reason or stage.awaits, began) if stage and began else None
