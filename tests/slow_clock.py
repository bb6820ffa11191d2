"""A second way to count a case's clocks, for tests only: by sets of days and by looking at the case after every single
entry. It shares no code with the program's counting; of the process it reads what the catalogue says, no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from desktop.domain.calendar import CalendarYear
from desktop.domain.case import LogEntry
from desktop.domain.deadline import Limit
from desktop.domain.process import Process, Stage

ONE = timedelta(days=1)
FAR = date(2031, 1, 1)
Stand = Mapping[str, tuple[date, date | None]]  # of each stage that has begun: its day, and the day it was done


def standing_entries(log: Sequence[LogEntry]) -> list[LogEntry]:
    recalled = {str(each.facts["of"]) for each in log if each.what == "recalled"}
    return [each for each in log if str(each.seq) not in recalled]


def stands(process: Process, log: Sequence[LogEntry]) -> list[Stand]:
    """How the stages stand after each entry that was not recalled."""
    found: list[Stand] = []
    now: dict[str, tuple[date, date | None]] = {}
    facts: dict[str, Any] = {}
    for each in standing_entries(log):
        now = dict(now)
        if each.what in ("accepted", "done"):
            facts.update(each.facts)
        _take(process, now, facts, each)
        found.append(now)
    return found


def _take(process: Process, now: dict[str, tuple[date, date | None]], facts: Mapping[str, Any],
          each: LogEntry) -> None:
    stage, day = process.stage(each.stage), each.claimed_on
    if each.what == "sent_back":
        target = str(each.facts.get("to") or each.stage)
        for gone in (target, *downstream(process, target)):
            now.pop(gone, None)
        now[target] = day, None
    elif each.what == "inspection_submitted" and each.stage in now and now[each.stage][1] is None:
        now[each.stage] = max(now[each.stage][0], day), None
    elif each.what in ("accepted", "done", stage.done_by):
        now[each.stage] = now[each.stage][0] if each.stage in now else day, day
        _open(process, now, facts, day)


def _open(process: Process, now: dict[str, tuple[date, date | None]], facts: Mapping[str, Any], day: date) -> None:
    for stage in process.stages:
        waits = [need for need in stage.needs if not over(process, now, need, facts)]
        by_itself = stage.applies(facts) and (not stage.optional or bool(stage.conditions))
        if stage.id not in now and by_itself and not waits:
            now[stage.id] = max((end for need in stage.needs if need in now and (end := now[need][1])),
                                default=day), None


def over(process: Process, now: Stand, stage: str, facts: Mapping[str, Any]) -> bool:
    if stage in now:
        return now[stage][1] is not None
    return not process.stage(stage).applies(facts)


def downstream(process: Process, stage: str) -> set[str]:
    found = {each.id for each in process.stages if stage in each.needs}
    return found | {more for each in found for more in downstream(process, each)}


def facts_after(log: Sequence[LogEntry]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for each in standing_entries(log):
        if each.what in ("accepted", "done"):
            told.update(each.facts)
    return told


# --- days on which nothing counted


def days_from(first: date, end: date | None) -> set[date]:
    """Every day from `first` up to, not including, `end`; None: as far as anybody looks."""
    found, day = set(), first
    while day < (end or FAR):
        found.add(day)
        day += ONE
    return found


def paused_days(log: Sequence[LogEntry]) -> dict[int, set[date]]:
    """Of each pause the days on which everything stood still, as the log tells it from first to last."""
    known: dict[int, set[date]] = {}
    gone: set[int] = set()
    for each in log:
        said = each.facts
        if each.what == "paused":
            known[each.seq] = days_from(each.claimed_on, day(said.get("until")))
        elif each.what == "resumed":
            for seq, days in known.items():
                if each.claimed_on in days and seq not in gone:
                    known[seq] = {day for day in days if day < each.claimed_on}
        elif each.what == "pause_corrected" and said["of"] in known:
            if "withdrawn" in said:
                (gone.add if said["withdrawn"] else gone.discard)(said["of"])
            if "since" in said:
                known[said["of"]] = days_from(day(said["since"]) or FAR, day(said["until"]))
    return {seq: set() if seq in gone else days for seq, days in known.items()}


def day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def handed_in(process: Process, log: Sequence[LogEntry], stage: str) -> list[bool]:
    """After each entry, whether the customer has handed in what the stage waits for since it last began."""
    found, came = [], False
    for each, now in zip(standing_entries(log), stands(process, log), strict=True):
        if each.what == "sent_back":
            target = str(each.facts.get("to") or each.stage)
            came = came and stage not in {target, *downstream(process, target)}
        came = came or (each.what == "inspection_submitted" and each.stage == stage
                        and now.get(stage, (None, FAR))[1] is None)
        found.append(came)
    return found


def customer_days(process: Process, log: Sequence[LogEntry]) -> dict[str, set[date]]:
    """Of each stage of the customer's own, or that waits for what he hands in, the days of its rounds, the day it began
    left out; one that is open goes on as far as anybody looks."""
    seen = stands(process, log)
    entries = standing_entries(log)
    found: dict[str, set[date]] = {}
    for stage in (each for each in process.stages if each.timed_by_customer or each.awaits):
        days: set[date] = set()
        open_since: date | None = None
        came = handed_in(process, log, stage.id)
        for entry, now, ours in zip(entries, seen, came, strict=True):
            began, done = now.get(stage.id, (None, None))
            if stage.awaits and ours and done is None:
                if open_since is not None and began is not None:
                    days |= days_from(open_since + ONE, began + ONE)
                open_since = None
                continue
            if open_since is not None and (done is not None or began != open_since or entry.what == "sent_back"):
                days |= days_from(open_since + ONE, entry.claimed_on + ONE)
            open_since = began if done is None else None
        found[stage.id] = days | (days_from(open_since + ONE, None) if open_since else set())
    return found


def until_today(days: set[date], today: date) -> set[date]:
    """An open end as far as today; what was entered for a later day holds that day at least."""
    if FAR - ONE not in days:
        return days
    runs_on = max(day for day in days if day - ONE not in days)
    return {day for day in days if day <= today or day == runs_on}


# --- one clock


@dataclass
class SlowClock:
    """What one limit comes to, counted by walking from day to day."""

    limit: Limit
    began: date
    ended: date | None
    allowed: int
    still: Mapping[date, str]
    years: Sequence[CalendarYear]
    open_end: bool

    def workday(self, day: date) -> bool:
        marks = [year.days[day] for year in self.years if day in year.days]
        return not marks[-1].is_off if marks else day.weekday() < 5

    def reading(self, day: date) -> str:
        if day <= self.began:
            return "起算日"
        marks = [year.days[day] for year in self.years if day in year.days]
        if self.workday(day):
            return self.still.get(day) or ("调休上班" if marks else "计入")
        return "节假日" if marks else "周末"

    def counts(self, day: date) -> bool:
        return self.reading(day) in ("计入", "调休上班")

    def used(self, until: date) -> int:
        last = min(until, self.ended) if self.ended else until
        return sum(self.counts(self.began + n * ONE) for n in range(1, (last - self.began).days + 1))

    def due(self) -> date:
        day, left = self.began, self.allowed
        while left:
            day += ONE
            left -= self.counts(day)
        return day


def slow_clocks(process: Process, log: Sequence[LogEntry], years: Sequence[CalendarYear],
                today: date) -> Iterator[SlowClock]:
    """Every clock of the catalogue that has begun, in its order."""
    seen = stands(process, log)
    paused = set().union(*(until_today(days, today) for days in paused_days(log).values()))
    hung = any(FAR - ONE in days for days in paused_days(log).values())
    own = customer_days(process, log)
    theirs = {day for days in own.values() for day in days if FAR - ONE not in days or day <= today}
    closed = closed_on(process, log, seen)
    for limit in process.clocks:
        spell = _spell(process, log, limit, seen)
        if spell is None:
            continue
        began, done = spell
        still = {day: "客户环节" for day in theirs if "客户环节" in limit.stopped_by}
        still |= {day: "暂停" for day in paused if "暂停" in limit.stopped_by}
        open_end = done is None and closed is None and (
            ("暂停" in limit.stopped_by and hung)
            or ("客户环节" in limit.stopped_by and any(FAR - ONE in days for days in own.values())))
        still = {day: why for day, why in still.items() if day <= (done or closed or FAR)}
        yield SlowClock(limit, began, done or closed, _allowed(process, seen[-1], limit, began), still, years, open_end)


@dataclass
class SlowPromise:
    """A date of the receipt, walked to from the day of acceptance: as many days as it then lay ahead."""

    label: str
    due: date
    ended: date | None
    open_end: bool


def slow_promises(process: Process, log: Sequence[LogEntry], receipt: Sequence[tuple[str, date]],
                  years: Sequence[CalendarYear], today: date) -> Iterator[SlowPromise]:
    """What is left of each (label, date) of a receipt: the customer's own days and the pauses put off that date, the
    calendar does not."""
    seen = stands(process, log)
    stood = set().union(*(until_today(days, today) for days in paused_days(log).values()))
    hung = any(FAR - ONE in days for days in paused_days(log).values())
    own = customer_days(process, log)
    theirs = {day for days in own.values() for day in days if FAR - ONE not in days or day <= today}
    began = standing_entries(log)[0].claimed_on
    for label, day in receipt:
        stages = next(each.stages for each in process.limits if each.label == label)
        first: dict[str, date | None] = {}
        for now in seen:
            first |= {stage: now[stage][1] for stage in stages if stage in now and stage not in first and now[stage][1]}
        if not first and not any(_may_come(process, log, seen[-1], stage) for stage in stages):
            continue
        left = [each for each in stages if each not in first and not over(process, seen[-1], each, facts_after(log))]
        done = max(filter(None, first.values())) if first and not left else closed_on(process, log, seen)
        still = dict.fromkeys((day for day in stood | theirs if day <= (done or FAR)), "停")
        calm = SlowClock(process.limits[0], began, done, 0, {}, years, False)
        calm.allowed = sum(calm.counts(began + n * ONE) for n in range(1, (day - began).days + 1))
        slow = SlowClock(process.limits[0], began, done, calm.allowed, still, years, False)
        stands_still = done is None and (hung or any(FAR - ONE in days for days in own.values()))
        yield SlowPromise(label, max(slow.due(), day), done, stands_still)


def _may_come(process: Process, log: Sequence[LogEntry], now: Stand, stage: str) -> bool:
    """Whether a stage has its turn, or a question still to be asked may give it one."""
    told, place = facts_after(log), process.stage(stage)
    to_come = {name for each in process.stages if not over(process, now, each.id, told) for name in each.fields}
    asked = {when.field for when in place.conditions} & to_come
    return stage in now or place.applies(told) or bool(asked - set(told))


def closed_on(process: Process, log: Sequence[LogEntry], seen: Sequence[Stand]) -> date | None:
    ends = [each.claimed_on for each in log if each.what == "ended"]
    last = seen[-1].get(process.stages[-1].id, (None, None))[1]
    return ends[-1] if ends else last


def _spell(process: Process, log: Sequence[LogEntry], limit: Limit,
           seen: Sequence[Stand]) -> tuple[date, date | None] | None:
    """The day the clock began and the day it ended, found by looking for the last entry that set it going."""
    if limit.measure in ("环节合计", "全过程"):
        done = seen[-1].get(process.energised_by, (None, None))[1]
        return standing_entries(log)[0].claimed_on, done
    entries = standing_entries(log)
    waits = {stage: handed_in(process, log, stage) for stage in limit.stages if process.stage(stage).awaits}
    began: date | None = None
    ran = False
    for n, now in enumerate(seen, 1):
        facts = facts_after(entries[:n])
        going = [now[stage] for stage in limit.stages if stage in now and (stage not in waits or waits[stage][n - 1])]
        finished = all(over(process, now, stage, facts) for stage in limit.stages)
        if not going:
            began, ran = None, False
        elif not ran and (began is None or not finished):
            began = min(start for start, end in going if began is None or end is None)
        ran = bool(going) and not finished
        if len(limit.stages) == 1 and going:
            began = going[0][0]
    if began is None:
        return None
    ends = [seen[-1][stage][1] for stage in limit.stages if stage in seen[-1]]
    return began, None if ran else max(end for end in ends if end)


def _allowed(process: Process, now: Stand, limit: Limit, began: date) -> int:
    more = (process.stage(stage) for stage in limit.includes if now[stage] == (began, began))
    return limit.days + sum(stage.limit.days for stage in more if stage.limit)


def open_stages(process: Process, now: Stand) -> list[Stage]:
    return [stage for stage in process.stages if stage.id in now and now[stage.id][1] is None]


def minutes_between(first: datetime, last: datetime) -> int:
    """Counted minute by minute, as somebody with a watch would."""
    count, at = 0, first
    while at + timedelta(minutes=1) <= last:
        at += timedelta(minutes=1)
        count += 1
    return count


def opening(day: date) -> datetime:
    return datetime.combine(day, time(8, 30))
