"""The clocks of one case, made from what its log adds up to: every limit of every source that has begun, and the days
promised to this customer, printed on his receipt or given since. A year without calendar makes `trouble`, never a
guess or a crash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from desktop.domain.basis import Basis
from desktop.domain.calendar import ONE_DAY, WorkCalendar
from desktop.domain.caselog import Pledge, Run, Track
from desktop.domain.clock import Clock, ClockState, Reading, Stop
from desktop.domain.deadline import CUSTOMER_STAGES, PAUSES, SUMS, Level, Limit, Printed, Source, Span, days_to, level
from desktop.domain.process import Stage
from desktop.errors import Refusal

Found = TypeVar("Found")


class Clockwork:
    """Counts the days of one case as of `today` (`now`, where the minute is known)."""

    def __init__(self, track: Track, calendar: WorkCalendar, today: date, now: datetime | None = None,
                 receipt: Sequence[Printed] = ()) -> None:
        self.track, self.calendar, self.today, self.now, self.receipt = track, calendar, today, now, receipt
        self.trouble = ""
        self._tomorrow = today + ONE_DAY
        self.pauses = self._pauses()
        self.customer = self._customer()
        self.halted = any(halt.end is None and not halt.withdrawn for halt in track.halts)
        self._due: dict[int, tuple[Clock, date | None]] = {}  # by identity: a clock is too much to be hashed

    def clocks(self) -> tuple[Clock, ...]:
        """Every clock that has begun, in the order of the catalogue, the promises to this customer last."""
        limits = self.track.process.clocks or (*self.track.process.limits, self.track.process.total)
        made = (self.clock(limit) for limit in limits)
        on_paper = (self._printed(each) for each in self.receipt)
        pledged = (self._pledged(pledge) for pledge in self.track.pledges.values())
        return (*(each for each in (*made, *on_paper) if each is not None), *pledged)

    def clock(self, limit: Limit) -> Clock | None:
        """The clock of a limit; None before any of its stages began, and where it waits for a 报验."""
        began = self._begun(limit)
        if began is None:
            return None
        start = self._told(lambda: self._start(began), began)
        ended = self._ended(limit)
        return Clock(limit, self._allowed(limit, began, start), began, start, self._stops(limit, ended), ended,
                     self._moment(limit, began), ended_at=self._ended_at(limit))

    def state(self, clock: Clock) -> ClockState:
        """The clock as it stands today."""
        due = self.due(clock)
        used = self._told(lambda: clock.used(self.today, self.calendar, self.now), 0)
        level = Level.NONE if due is None or self._stands(clock) else self._level(clock, due, used)
        if level is Level.OVERDUE and self._undated(clock):
            level = Level.NONE
        trouble = self.trouble if due is None else ""
        return ClockState(clock, None if self._stands(clock) else due, used, level, trouble)

    def _undated(self, clock: Clock) -> bool:
        """Whether it ended on a day that nobody told: it was over then at the latest, perhaps in time."""
        runs = (self.track.runs[stage] for stage in clock.limit.stages or (self.track.process.energised_by,))
        return any(run.undated and run.done_on == clock.ended for run in runs if run.done_on)

    def due(self, clock: Clock) -> date | None:
        """When the clock runs out, were it to go on tomorrow; None where that cannot be counted."""
        if id(clock) not in self._due:
            self._due[id(clock)] = clock, self._told(lambda: clock.due(self.calendar), None)
        return self._due[id(clock)][1]

    def near(self, clocks: Sequence[Clock], due: date | None) -> date | None:
        """From when on the clocks that are due on `due` are amber by the share used, earlier than by the day itself."""
        percent = self.track.process.warn_percent
        days = [day for clock in clocks if clock.ended is None and due and self.due(clock) == due
                and (day := self._near(clock, due, percent))]
        return min(days, default=None)

    def _near(self, clock: Clock, due: date, percent: int) -> date | None:
        return self._told(lambda: clock.near(due, self.calendar, percent), None)

    def nearest(self, clocks: Sequence[Clock]) -> date | None:
        """The first day on which one of the running clocks is due: the tightest."""
        dues = [due for clock in clocks if clock.ended is None and not self._stands(clock)
                and (due := self.due(clock))]
        return min(dues, default=None)

    def level_of(self, due: date) -> Level:
        """How near a day is that no clock counts down to."""
        return self._told(lambda: level(due, 0, 1, self.today, self.calendar, 100), Level.NONE)

    def _level(self, clock: Clock, due: date, used: int) -> Level:
        percent = self.track.process.warn_percent
        return self._told(lambda: clock.level(due, used, self.today, self.calendar, percent, self.now), Level.NONE)

    def _stands(self, clock: Clock) -> bool:
        """Whether it stands still now and nobody knows until when."""
        if clock.ended is not None:
            return False
        stopped = clock.limit.stopped_by
        return (PAUSES in stopped and self.halted) or (
            CUSTOMER_STAGES in stopped and bool(self._customers_turn()))

    def _begun(self, limit: Limit) -> date | None:
        if limit.measure in SUMS:
            return self.track.accepted_on
        return self.track.begun(limit.stages)

    def _start(self, began: date) -> date:
        """Only what was brought to the counter may begin a day later; a stage begins when the one before it ended."""
        if began != self.track.accepted_on:
            return began
        return self.calendar.begins(self._came())

    def _came(self) -> datetime:
        at, day = self.track.accepted_at, self.track.accepted_on
        return at if at is not None and at.date() == day else datetime.combine(day, self.calendar.conventions.opening)

    def _moment(self, limit: Limit, began: date) -> datetime | None:
        """The minute from which hours are counted; of what was entered later, the opening of its day."""
        if not limit.hours:
            return None
        entered = [at for run in self.track.ours(limit.stages) if (at := run.began_at) and at.date() == began]
        if limit.measure in SUMS:
            entered = [self._came()]
        return min(entered, default=datetime.combine(began, self.calendar.conventions.opening))

    def _ended(self, limit: Limit) -> date | None:
        """When all its stages were done; a sum ends with the connection. What a case left undone ended with it."""
        stages = limit.stages or (self.track.process.energised_by,)
        runs = [self.track.runs[stage] for stage in stages]
        days = [run.done_on for run in runs if run.done_on]
        if days and all(self.track.met(stage) for stage in stages):
            return max(days)
        return self.track.closed_on

    def _ended_at(self, limit: Limit) -> datetime | None:
        """The minute to which hours are counted; of what was entered later than it was done, the closing of its day."""
        day = self._ended(limit)
        if not limit.hours or day is None:
            return None
        runs = [self.track.runs[stage] for stage in limit.stages or (self.track.process.energised_by,)]
        entered = [run.done_at for run in runs if run.done_on == day] or [self.track.closed_at]
        known = [at for at in entered if at is not None and at.date() == day]
        closing = datetime.combine(day, self.calendar.conventions.closing)
        return max(known) if len(known) == len(entered) else closing

    def _allowed(self, limit: Limit, began: date, start: date) -> int:
        """The limit's own days or those to the day agreed, and those of an included stage done the day it began."""
        if limit.hours:
            return limit.hours
        days = self._told(lambda: days_to(limit, start, self.track.facts, self.calendar), limit.days)
        return days + sum(self._days_of(stage) for stage in limit.includes if self._took_noday(stage, began))

    def _took_noday(self, stage_id: str, began: date) -> bool:
        run = self.track.runs[stage_id]
        return run.began == run.done_on == began

    def _days_of(self, stage_id: str) -> int:
        limit = self.track.process.stage(stage_id).limit
        return limit.days if limit else 0

    def _printed(self, told: Printed) -> Clock | None:
        """The clock of a date on the receipt; None where what was promised does not take place.

        It allows the working days up to that date, so that no later change of the calendar moves it, and ends when its
        stages were done for the first time: what is done anew has days of its own by the other limits.
        """
        own = next((each.stages for each in self._promised_limits() if each.label == told.label), ())
        if own and not any(self._comes(stage) for stage in own):
            return None
        accepted = self.track.accepted_on
        start = self._told(lambda: self._start(accepted), accepted)
        days = self._told(lambda: self.calendar.workdays_between(start, told.due), 0)
        basis = Basis(f"{accepted.isoformat()} 受理，受理回执印给客户的日期（{told.days} 个工作日）", accepted,
                      verified=True)
        limit = Limit(own, f"{told.label}（回执）", days, basis, SUMS[told.stays],
                      source=Source.PROMISED)
        ended = self._kept_on(limit)
        return Clock(limit, days, accepted, start, self._stops(limit, ended), ended, promised=told.due,
                     recounted=self._recounted(start, told))

    def _promised_limits(self) -> tuple[Limit, ...]:
        return *self.track.process.limits, self.track.process.total

    def _comes(self, stage_id: str) -> bool:
        """Whether the stage was done, takes place, or may yet."""
        stage = self.track.process.stage(stage_id)
        return stage_id in self.track.first_done or self.track.applies(stage) or self.track.undecided(stage)

    def _kept_on(self, limit: Limit) -> date | None:
        first = self.track.first_done
        stages = limit.stages or (self.track.process.energised_by,)
        days = [first[stage] for stage in stages if stage in first]
        over = days and all(stage in first or self.track.met(stage) for stage in stages)
        return max(days) if over else self.track.closed_on

    def _recounted(self, start: date, told: Printed) -> date | None:
        """Where the date would be by the calendar as it is now, if that is another day."""
        day = self._told(lambda: self.calendar.add_workdays(start, told.days), told.due)
        return day if day != told.due else None

    def _pledged(self, pledge: Pledge) -> Clock:
        stage = self.track.process.stage(pledge.stage)
        days = self._told(lambda: self.calendar.workdays_between(pledge.made_on, pledge.to), 0)
        told = f"对客户的承诺（{pledge.made_on.isoformat()} 登记）{pledge.reason}"
        basis = Basis(told, pledge.made_on, verified=True)
        limit = Limit((stage.id,), stage.name, days, basis, source=Source.PROMISED)
        done = self.track.runs[stage.id].done_on
        ended = done if done and done >= pledge.made_on else self.track.closed_on
        return Clock(limit, days, pledge.made_on, pledge.made_on, self._stops(limit, ended), ended, promised=pledge.to)

    def _stops(self, limit: Limit, ended: date | None) -> tuple[Stop, ...]:
        """What holds the clock up, at the longest until it ended: no later pause moves a day of what is over."""
        pauses = self.pauses if PAUSES in limit.stopped_by else ()
        stops = (*pauses, *(self.customer if CUSTOMER_STAGES in limit.stopped_by else ()))
        if ended is None:
            return stops
        over = ended + ONE_DAY
        return tuple(replace(each, span=Span(each.span.start, min(each.span.end, over)))
                     for each in stops if each.span.start < over)

    def _pauses(self) -> tuple[Stop, ...]:
        return tuple(Stop(Span(halt.pause.since, halt.end or max(self._tomorrow, halt.pause.since + ONE_DAY)),
                          Reading.PAUSED, halt.pause.reason)
                     for halt in self.track.halts if not halt.withdrawn)

    def _customer(self) -> tuple[Stop, ...]:
        ended = (Stop(each.span, Reading.CUSTOMER, each.stage.awaits or each.stage.name)
                 for each in self.track.customer_spans)
        running = (Stop(Span(run.began + ONE_DAY, self._tomorrow), Reading.CUSTOMER, stage.awaits or stage.name)
                   for stage, run in self._customers_turn() if run.began)
        return (*ended, *running)

    def _customers_turn(self) -> list[tuple[Stage, Run]]:
        """The open stages whose time is the customer's."""
        return [(stage, self.track.runs[stage.id]) for stage in self.track.process.stages
                if self.track.customers(stage)]

    def _told(self, count: Callable[[], Found], otherwise: Found) -> Found:
        try:
            return count()
        except Refusal as refusal:
            self.trouble = refusal.sentence
            return otherwise
