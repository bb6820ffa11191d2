"""Where the days of cases go: how long each stage takes, its share of the whole, and where work comes back.

A round of a stage lasts from the day it opened to the day it was done, in working days, without the days on which the
case was paused. All of it is read from logs; a log corrected corrects the figures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from desktop.domain.calendar import WorkCalendar
from desktop.domain.caselog import UNDATED, LogEntry, Track, What, standing
from desktop.domain.deadline import Span, days_used
from desktop.domain.process import Process
from desktop.errors import Refusal

Within = Callable[[date], bool]


@dataclass(frozen=True)
class Round:
    """A stage begun and done. `days` are working days; None where a year has no calendar, or nobody told the day."""

    stage: str
    began: date
    done_on: date
    days: int | None


@dataclass(frozen=True)
class Back:
    """Work sent back: from which stage to which, and why."""

    stage: str
    to: str
    reason: str
    on: date


@dataclass(frozen=True)
class CaseFlow:
    """The rounds of one case, those that were done, and its sendings back."""

    rounds: tuple[Round, ...]
    backs: tuple[Back, ...]


def flow_of(process: Process, log: Sequence[LogEntry], calendar: WorkCalendar) -> CaseFlow:
    """The flow of one case. ValueError for a log that does not begin with an acceptance."""
    entries = standing(sorted(log, key=lambda entry: entry.seq))
    if not entries or entries[0].what != What.ACCEPTED:
        raise ValueError("a case's log begins with its acceptance")
    track = Track(process, entries[0].claimed_on)
    done: list[tuple[str, date, date]] = []
    unsure: set[tuple[str, date]] = set()  # rounds that began or ended on a day that nobody told
    for entry in entries:
        before = {name: (run.rounds, run.done_on) for name, run in track.runs.items()}
        track.take(entry)
        now = [(name, run) for name, run in track.runs.items() if before[name] != (run.rounds, run.done_on)]
        done += [(name, run.began, run.done_on) for name, run in now if run.began and run.done_on]
        if entry.facts.get(UNDATED):
            unsure |= {(name, run.began) for name, run in now if run.began}
    pauses = _pauses(track, max(entry.claimed_on for entry in entries))
    rounds = ((stage, began, on, None if (stage, began) in unsure else _days(began, on, pauses, calendar))
              for stage, began, on in done)
    return CaseFlow(tuple(Round(*each) for each in rounds),
                    tuple(_back(entry) for entry in entries if entry.what == What.SENT_BACK))


def _pauses(track: Track, last: date) -> list[Span]:
    return [Span(halt.pause.since, halt.end or last + timedelta(days=1))
            for halt in track.halts if not halt.withdrawn]


def _days(began: date, done_on: date, pauses: Sequence[Span], calendar: WorkCalendar) -> int | None:
    try:
        return days_used(began, done_on, pauses, calendar)
    except Refusal:  # a year without a calendar: the round is counted, its days are not known
        return None


def _back(entry: LogEntry) -> Back:
    return Back(entry.stage, str(entry.facts.get("to") or entry.stage), str(entry.facts.get("reason", "")),
                entry.claimed_on)


@dataclass(frozen=True)
class StageFlow:
    """A stage of a kind. `count` rounds done, `typical` and `longest` in working days (None: none known), `share` of
    all days of the kind in per cent; `backs`: how often work came back to it, `reasons` the commonest first."""

    process: str
    stage: str
    owner: str
    count: int
    typical: float | None
    longest: int | None
    share: float
    backs: int
    reasons: tuple[tuple[str, int], ...]


@dataclass
class _Gathered:
    days: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    count: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def flows(cases: Iterable[tuple[Process, Sequence[LogEntry]]], calendar: WorkCalendar,
          within: Within = lambda _day: True) -> tuple[StageFlow, ...]:
    """Every stage of every kind at which something was done or sent back on a day that is `within`; the kinds by
    name, their stages in order."""
    gathered: dict[str, _Gathered] = defaultdict(_Gathered)
    kinds: dict[str, Process] = {}
    for process, log in cases:
        kinds[process.id] = process
        _gather(gathered[process.id], flow_of(process, log, calendar), within)
    ordered = sorted(kinds.values(), key=lambda process: process.name)
    return tuple(line for process in ordered for line in _lines(process, gathered[process.id]))


def _gather(into: _Gathered, flow: CaseFlow, within: Within) -> None:
    for each in flow.rounds:
        if within(each.done_on):
            into.count[each.stage] += 1
            into.days[each.stage] += [] if each.days is None else [each.days]
    for back in flow.backs:
        if within(back.on):
            into.reasons[back.to][back.reason or "未写原因"] += 1


def _lines(process: Process, gathered: _Gathered) -> Iterable[StageFlow]:
    total = sum(map(sum, gathered.days.values()))
    for stage in process.stages:
        days, reasons = gathered.days.get(stage.id, []), gathered.reasons.get(stage.id, Counter())
        if gathered.count[stage.id] or reasons:
            yield StageFlow(
                process.name, stage.name, stage.owner, gathered.count[stage.id], median(days) if days else None,
                max(days, default=None), 100 * sum(days) / total if total else 0.0, reasons.total(),
                tuple(reasons.most_common()))
