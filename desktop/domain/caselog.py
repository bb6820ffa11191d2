"""A case's log, and what it adds up to: rounds of stages, pauses and facts.

The log is append-only. Each entry says what happened, when it is claimed to have happened, when it was
entered and by whom; no counter is stored. `fold` is the one reader of it; `case.py` and `deed.py` ask its `Track`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from desktop.domain.calendar import ONE_DAY
from desktop.domain.deadline import Span
from desktop.domain.process import Process, Stage

UNDATED = "undated"  # among an entry's facts: nobody told the day; it was this one at the latest


class What(StrEnum):
    """What an entry can say. `facts`: sent_back has to and reason; recalled of (the seq of what is taken back) and
    reason; paused reason, until, evidence and allowed_by; pause_corrected of (the paused entry's seq), since, until,
    reason, withdrawn and why; answers_corrected before and after (fields and their values), reason and asked_by;
    promised to and reason; ended reason and explanation."""

    ACCEPTED = "accepted"
    DONE = "done"
    SENT_BACK = "sent_back"
    RECALLED = "recalled"
    SUBMITTED = "inspection_submitted"
    PAUSED = "paused"
    RESUMED = "resumed"
    PAUSE_CORRECTED = "pause_corrected"
    CORRECTED = "answers_corrected"
    PROMISED = "promised"
    ENDED = "ended"
    NOTE = "note"
    CONTRACT_DRAWN = "contract_drawn"
    CONTRACT_PRINTED = "contract_printed"
    CONTRACT_CUSTOMER_SIGNED = "contract_customer_signed"
    CONTRACT_SIGNED = "contract_signed"
    CONTRACT_FILED = "contract_filed"
    CONTRACT_VOID = "contract_void"


OTHER = "其他"


def why_ended(facts: Mapping[str, Any]) -> str:
    """Why a case was ended, of the facts of that entry; 其他 is told with its words."""
    reason, words = str(facts.get("reason") or ""), str(facts.get("explanation") or "").strip()
    return f"{reason}：{words}" if reason == OTHER and words else reason


@dataclass(frozen=True)
class LogEntry:
    """One line of a case's log. `clerk` is the 工号; `facts` hold what was found, JSON-able as it stands."""

    seq: int
    what: str
    stage: str
    claimed_on: date
    entered_at: datetime
    clerk: str
    clerk_name: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pause:
    """Why and since when the case stands still; `until`: the day it runs again by itself, if named. `evidence` is
    what was seen of it, `allowed_by` who let the clock stand."""

    stage: str
    reason: str
    since: date
    until: date | None = None
    evidence: str = ""
    allowed_by: str = ""


@dataclass
class Run:
    """A stage's present round, begun and done with the entries of `began_at` and `done_at`; `back`: it was sent back
    and is done again; `submitted`: the customer handed in his 报验; `undated`: `done_on` is the latest that it was."""

    began: date | None = None
    done_on: date | None = None
    rounds: int = 0
    back: bool = False
    began_at: datetime | None = None
    done_at: datetime | None = None
    submitted: bool = False
    undated: bool = False

    @property
    def told_on(self) -> date | None:
        """The day it was done as it was told; None where nobody told one."""
        return None if self.undated else self.done_on


@dataclass
class Halt:
    """A pause as the log has it: named by the entry `seq`, perhaps lifted since, corrected or withdrawn."""

    pause: Pause
    seq: int
    resumed: date | None = None
    corrected: bool = False
    withdrawn: bool = False

    @property
    def end(self) -> date | None:
        """The first day on which the clock ran again; None while nobody knows."""
        ends = [day for day in (self.resumed, self.pause.until) if day]
        return min(ends) if ends else None

    def holds(self, day: date) -> bool:
        return not self.withdrawn and self.pause.since <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class CustomerSpan:
    """Days of a stage that was the customer's own, or that waited for his 报验: from the day after it began to the day
    it was done or he handed in. The day on which it began was the last of what we did before; so the sum of our stages
    is the sum of their days."""

    stage: Stage
    span: Span


@dataclass(frozen=True)
class Pledge:
    """A day promised to this customer for a stage (its end), made on `made_on`."""

    stage: str
    made_on: date
    to: date
    reason: str = ""


class Track:
    """What the log has told so far. Each method takes one kind of entry."""

    def __init__(self, process: Process, accepted_on: date) -> None:
        self.process = process
        self.accepted_on = accepted_on
        self.runs = {stage.id: Run() for stage in process.stages}
        self.halts: list[Halt] = []
        self.customer_spans: list[CustomerSpan] = []
        self.pledges: dict[str, Pledge] = {}
        self.accepted_at: datetime | None = None
        self.closed_at: datetime | None = None
        self._shared = tuple(dict.fromkeys(each.stages for each in process.clocks or process.limits
                                           if len(each.stages) > 1))
        self.first_done: dict[str, date] = {}  # of each stage the day it was done for the first time
        self._spells: dict[tuple[str, ...], tuple[date, bool]] = {}  # began, and whether all was done since
        self._now: datetime | None = None  # of the entry being taken
        self._undated = False
        self.facts: dict[str, Any] = {}
        self.contract_deeds: dict[str, str] = {}  # of a stage whose contract was signed here: the last deed of it
        self.closed_on: date | None = None
        self.ended_reason = self.voided = ""
        self.ended = False

    def take(self, entry: LogEntry) -> None:
        self._now, self._undated = entry.entered_at, bool(entry.facts.get(UNDATED))
        if entry.what in (What.ACCEPTED, What.DONE):
            self.facts.update(entry.facts)
        deeds: dict[str, Callable[[LogEntry], None]] = {
            What.ACCEPTED: self._accept,
            What.SENT_BACK: self._send_back,
            What.SUBMITTED: self._submit,
            What.PAUSED: self._pause,
            What.RESUMED: self._resume,
            What.PAUSE_CORRECTED: self._correct,
            What.CORRECTED: self._correct_answers,
            What.PROMISED: self._promise,
            What.ENDED: self._end,
            What.CONTRACT_VOID: self._void,
        }
        if entry.what in (What.CONTRACT_SIGNED, What.CONTRACT_FILED):
            self.contract_deeds[entry.stage] = entry.what
        stage = self.process.stage_by_id.get(entry.stage)
        if entry.what in deeds:
            deeds[entry.what](entry)
        elif stage is not None and entry.what in (What.DONE, stage.done_by):
            self._finish(stage, entry.claimed_on)
        for stages in self._shared:
            self._follow(stages)

    def begun(self, stages: tuple[str, ...]) -> date | None:
        """The day on which the stages that share a clock began: the first of them (one that awaits the customer, with
        what he hands in), or after all were done the one that was begun again; None where none has."""
        if stages in self._spells:
            return self._spells[stages][0]
        return min((run.began for run in self.ours(stages) if run.began), default=None)

    def ours(self, stages: tuple[str, ...]) -> list[Run]:
        """The begun rounds of these stages whose clock runs: not one that waits for a 报验 which has not come; of what
        was done without one it never ran."""
        return [run for stage in stages if (run := self.runs[stage]).began
                and (run.submitted or not self.process.stage(stage).awaits)]

    def _follow(self, stages: tuple[str, ...]) -> None:
        """Whether the shared clock of these stages began, ended or began anew with the entry just taken."""
        begun = self.ours(stages)
        if not begun:
            self._spells.pop(stages, None)
            return
        over = all(self.met(stage) for stage in stages)
        before = self._spells.get(stages)
        if before is None or before[1]:
            opened = [run.began for run in begun if run.began and (run.done_on is None or before is None)]
            began = min(opened, default=before[0] if before else self.accepted_on)
            self._spells[stages] = began, over
        else:
            self._spells[stages] = before[0], over

    def met(self, stage_id: str) -> bool:
        """Whether nobody has to wait for this stage: it is done, or it does not take place here."""
        run, stage = self.runs[stage_id], self.process.stage(stage_id)
        return run.done_on is not None or (run.began is None and not self.applies(stage))

    def applies(self, stage: Stage) -> bool:
        return self.runs[stage.id].began is not None or stage.applies(self.facts)

    def undecided(self, stage: Stage) -> bool:
        """Whether a stage that does not take place so far still may: what it hangs on is asked by one to come."""
        open_fields = {name for each in self.process.stages if not self.met(each.id) for name in each.fields}
        return any(when.field in open_fields and when.field not in self.facts for when in stage.conditions)

    def unmet(self, stage: Stage) -> tuple[Stage, ...]:
        return tuple(self.process.stage(need) for need in stage.needs if not self.met(need))

    def met_on(self, stage: Stage) -> date | None:
        """The day on which the last of its needs was met, as they stand; None where it needs nothing that was done."""
        return max((day for need in stage.needs if (day := self.runs[need].done_on)), default=None)

    def customers(self, stage: Stage) -> bool:
        """Whether the stage is open and its time the customer's: it is his own, or he has not yet handed in."""
        run = self.runs[stage.id]
        theirs = stage.timed_by_customer or (bool(stage.awaits) and not run.submitted)
        return theirs and run.began is not None and run.done_on is None

    def halted(self, day: date) -> Pause | None:
        """The pause in force on that day, or one that nobody has lifted yet; of several the one that lasts longest."""
        last = self.resting(day)
        return last.pause if last else None

    def resting(self, day: date) -> Halt | None:
        """The same as the log has it: with the day on which it was lifted, where it was."""
        found = (h for h in self.halts if h.holds(day) or (h.end is None and not h.withdrawn))
        return max(found, key=lambda halt: halt.end or date.max, default=None)

    def runs_again(self, day: date) -> date | None:
        """The day from which no pause holds that holds on `day` or follows it at once; None while nobody knows."""
        again: date | None = day
        while again and (pause := self.halted(again)):
            again = pause.until
        return again

    def halt(self, seq: object) -> Halt | None:
        """The pause that the entry of that number named."""
        return next((halt for halt in self.halts if str(halt.seq) == str(seq)), None)

    def _accept(self, entry: LogEntry) -> None:
        self.accepted_at = entry.entered_at
        # acceptance is done at the counter at once
        self._begin(self.process.first, entry.claimed_on)
        self._finish(self.process.first, entry.claimed_on)

    def _begin(self, stage: Stage, day: date) -> None:
        run = self.runs[stage.id]
        run.began, run.done_on, run.done_at, run.back, run.rounds = day, None, None, False, run.rounds + 1
        run.began_at, run.submitted = self._now, False

    def _finish(self, stage: Stage, day: date) -> None:
        run = self.runs[stage.id]
        if run.began is None:  # an optional stage is begun by being recorded
            self._begin(stage, day)
        self._spent(stage, day)
        run.done_on, run.done_at, run.back, run.undated = day, self._now, False, self._undated
        self.first_done.setdefault(stage.id, day)
        if stage is self.process.last:
            self.closed_on, self.closed_at = day, self._now
        self._open_next(day)

    def _open_next(self, day: date) -> None:
        """Begin every stage that waits for nothing any more, on the day the last of its needs was met."""
        for stage in self.process.stages:
            run = self.runs[stage.id]
            if run.began is None and self._opens_itself(stage) and not self.unmet(stage):
                self._begin(stage, self.met_on(stage) or day)

    def _opens_itself(self, stage: Stage) -> bool:
        return stage.applies(self.facts) and not (stage.optional and not stage.conditions)

    def _send_back(self, entry: LogEntry) -> None:
        target = self.process.stage(str(entry.facts.get("to") or entry.stage))
        for stage_id in (target.id, *self.process.dependents(target.id)):
            self._reset(stage_id, entry.claimed_on)
        self._begin(target, entry.claimed_on)
        self.runs[target.id].back = True

    def _submit(self, entry: LogEntry) -> None:
        """A 报验: until it came there was nothing to inspect, so the stage's clock begins with it."""
        run = self.runs[entry.stage]
        if run.began is not None and run.done_on is None:
            day = max(run.began, entry.claimed_on)
            self._spent(self.process.stage(entry.stage), day)
            run.began, run.began_at, run.submitted = day, self._now, True

    def _spent(self, stage: Stage, day: date) -> None:
        """What the customer took of the open stage up to that day is his."""
        began = self.runs[stage.id].began
        if began is not None and self.customers(stage):
            self.customer_spans.append(CustomerSpan(stage, Span(began + ONE_DAY, day + ONE_DAY)))

    def _reset(self, stage_id: str, day: date) -> None:
        run = self.runs[stage_id]
        self._spent(self.process.stage(stage_id), day)
        run.began, run.done_on, run.done_at, run.back = None, None, None, False

    def _pause(self, entry: LogEntry) -> None:
        self.halts.append(Halt(_paused(entry), entry.seq))

    def _resume(self, entry: LogEntry) -> None:
        for halt in self.halts:
            if halt.holds(entry.claimed_on):
                halt.resumed = entry.claimed_on

    def _correct(self, entry: LogEntry) -> None:
        """A pause as it should have been entered; what a correction does not name stays."""
        halt, said = self.halt(entry.facts.get("of")), entry.facts
        if halt is None:  # told of a part of the log that ends before the pause
            return
        pause = halt.pause
        halt.corrected, halt.withdrawn = True, bool(said.get("withdrawn", halt.withdrawn))
        if "until" in said:
            halt.resumed = None
        halt.pause = replace(
            pause, since=day_of(said.get("since")) or pause.since, reason=str(said.get("reason") or pause.reason),
            until=day_of(said["until"]) if "until" in said else pause.until,
            evidence=str(said.get("evidence") or pause.evidence),
            allowed_by=str(said.get("allowed_by") or pause.allowed_by))

    def _correct_answers(self, entry: LogEntry) -> None:
        """What the application says now decides which stages take place."""
        self.facts.update(entry.facts["after"])
        self._open_next(entry.claimed_on)

    def _promise(self, entry: LogEntry) -> None:
        to = day_of(entry.facts.get("to"))
        if to is not None:
            self.pledges[entry.stage] = Pledge(entry.stage, entry.claimed_on, to, str(entry.facts.get("reason", "")))

    def _end(self, entry: LogEntry) -> None:
        self.ended, self.closed_on, self.closed_at = True, entry.claimed_on, entry.entered_at
        self.ended_reason = why_ended(entry.facts)
        self.voided = str(entry.facts.get("void", ""))

    def _void(self, entry: LogEntry) -> None:
        """A contract made void opens its stage again; what was already built on it stays built."""
        stage = self.process.stage(entry.stage)
        self.contract_deeds.pop(stage.id, None)
        waiting = [s for s in self.process.dependents(stage.id) if self.runs[s].done_on is None]
        for stage_id in (stage.id, *waiting):
            self._reset(stage_id, entry.claimed_on)
        if not self.unmet(stage):
            self._begin(stage, entry.claimed_on)


def fold(process: Process, log: Sequence[LogEntry]) -> Track:
    """What the log adds up to. ValueError for a log that does not begin with an acceptance."""
    entries = sorted(log, key=lambda entry: entry.seq)
    if not entries or entries[0].what != What.ACCEPTED:
        raise ValueError("a case's log begins with its acceptance")
    track = Track(process, entries[0].claimed_on)
    for entry in standing(entries):
        track.take(entry)
    return track


def standing(log: Sequence[LogEntry]) -> tuple[LogEntry, ...]:
    """The entries without those that were taken back (召回): what they said never counted, nor did their days."""
    taken = {str(entry.facts.get("of")) for entry in log if entry.what == What.RECALLED}
    return tuple(entry for entry in log if str(entry.seq) not in taken)


def _paused(entry: LogEntry) -> Pause:
    said = entry.facts
    return Pause(entry.stage, str(said.get("reason", "")), entry.claimed_on, day_of(said.get("until")),
                 str(said.get("evidence", "")), str(said.get("allowed_by", "")))


def day_of(value: object) -> date | None:
    """An ISO date out of an entry's facts, None where it is empty. ValueError for what is no date."""
    return date.fromisoformat(str(value)) if value else None
