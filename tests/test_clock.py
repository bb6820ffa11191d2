"""A case's clocks against a slow count day by day: due days, days used and the lines that explain them agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from slow_clock import FAR, days_from, paused_days, until_today

from desktop.catalog.release import load_catalog
from desktop.domain.basis import Basis
from desktop.domain.calendar import CalendarYear, Conventions, Mark, WorkCalendar
from desktop.domain.case import CaseState, ClockState, LogEntry, may, outline, state
from desktop.domain.clock import Reading, entry_gap
from desktop.domain.deadline import CUSTOMER_STAGES, PAUSES, Level, Limit
from desktop.domain.field import FIELDS
from desktop.domain.process import Process

CATALOG = load_catalog()
PROCESS = CATALOG.processes["low_voltage_new"]
MONDAY = date(2026, 11, 23)
ONE = timedelta(days=1)
BASIS = Basis("试验用的依据", date(2024, 1, 1))


def d(text: str) -> date:
    return date.fromisoformat(text)


def entry(seq: int, what: str, stage: str, on: date, entered: datetime | None = None, **facts: Any) -> LogEntry:
    return LogEntry(seq, what, stage, on, entered or datetime.combine(on, time(9)), "1001", "示范员", facts)


def with_limits(*limits: Limit) -> Process:
    """The process with just these clocks; a company's limit of a stage is that stage's own, too."""
    return replace(PROCESS, clocks=limits)


def limit(*stages: str, days: int = 0, hours: int = 0, source: str = "公司", measure: str = "环节",
          **more: Any) -> Limit:
    return Limit(stages, f"{source}{measure}", days, BASIS, measure, source=source, hours=hours, **more)


def facts_for(stage: str, **said: str) -> dict[str, str]:
    return {name: FIELDS[name].sample or "1" for name in PROCESS.stage(stage).required} | said


# --- the slow count: sets of days, no arithmetic


def customer_days(process: Process, log: Sequence[LogEntry], calendar: WorkCalendar) -> set[date]:
    """The days of the customer's own works, seen by looking at the case after every single entry."""
    found: set[date] = set()
    began: date | None = None
    for n, each in enumerate(log, 1):
        works = state(process, log[:n], calendar, each.claimed_on).stage("S08")
        open_since = works.began if works.done_on is None else None
        if began is not None and open_since != began:
            found |= days_from(began + ONE, each.claimed_on + ONE)
        began = open_since
        if works.done_on is not None and works.began == works.done_on:
            began = None
    return found | (days_from(began + ONE, None) if began else set())


def slow_workday(day: date, years: Sequence[CalendarYear]) -> bool:
    marks = [year.days[day] for year in years if day in year.days]
    return not marks[-1].is_off if marks else day.weekday() < 5


@dataclass
class Slow:
    """One clock counted by walking from its first day, asking of each whether it is in a set."""

    years: Sequence[CalendarYear]
    still: set[date]

    def counts(self, day: date) -> bool:
        return slow_workday(day, self.years) and day not in self.still

    def used(self, start: date, until: date) -> int:
        return sum(self.counts(start + n * ONE) for n in range(1, (until - start).days + 1))

    def due(self, start: date, allowed: int) -> date:
        day = start
        while self.used(start, day) < allowed:
            day += ONE
        return day


# --- arbitrary calendars, limits and logs

marks = st.dictionaries(st.dates(d("2026-11-01"), d("2027-03-31")),
                        st.builds(Mark, st.sampled_from(["春节", "元旦"]), st.booleans()), max_size=40)
limits = st.lists(st.builds(
    lambda stages, **more: limit(*stages, **more), st.sampled_from([("S04",), ("S11",), ("S13",), ("S04", "S11")]),
    days=st.integers(1, 12), source=st.sampled_from(["法定", "公司"]),
    measure=st.sampled_from(["环节", "环节合计", "全过程"]),
    leaves_out=st.sampled_from([None, (), (PAUSES,), (CUSTOMER_STAGES,), (PAUSES, CUSTOMER_STAGES)])),
    min_size=1, max_size=5)
moves = st.lists(st.tuples(
    st.sampled_from(["done", "done", "sent_back", "paused", "paused", "resumed", "corrected", "corrected", "promised"]),
    st.sampled_from(["S04", "S08", "S11", "S12", "S13"]), st.integers(0, 5), st.integers(0, 6), st.integers(0, 9),
    st.booleans()), max_size=14)


def calendar_years(marked: Mapping[date, Mark]) -> tuple[CalendarYear, ...]:
    return tuple(CalendarYear(year, {day: mark for day, mark in marked.items() if day.year == year})
                 for year in range(2026, 2031))


def arbitrary_log(process: Process, steps: Sequence[tuple[Any, ...]]) -> tuple[tuple[LogEntry, ...], date]:
    """A log that anything may have happened to: pauses overlap, are nested, backdated, corrected and withdrawn; stages
    are done and sent back where a case allows it."""
    today, log = MONDAY, [entry(1, "accepted", "S01", MONDAY)]
    for what, stage, ahead, back, length, flag in steps:
        today += ahead * ONE
        on = max(MONDAY, today - back * ONE)
        made = _move(process, log, what, stage, (on, today), length, flag)
        if made is not None:
            log.append(replace(made, seq=len(log) + 1))
    return tuple(log), today


def _move(process: Process, log: list[LogEntry], what: str, stage: str, when: tuple[date, date], length: int,
          flag: bool) -> LogEntry | None:
    on, today = when
    entered = datetime.combine(today, time(10))
    if what == "paused":
        until = {"until": str(on + (length + 1) * ONE)} if flag else {}
        return entry(0, "paused", stage, on, entered, reason="客户补资料", **until)
    if what == "resumed":
        return entry(0, "resumed", stage, on, entered)
    if what == "promised":
        return entry(0, "promised", "S14", today, entered, to=str(today + (length + 1) * ONE), reason="客户急用")
    if what == "corrected":
        pauses = [each.seq for each in log if each.what == "paused"]
        spans = {"since": str(on), "until": str(on + length * ONE) if flag else ""}
        said = spans if length else {"withdrawn": "是"}
        return entry(0, "pause_corrected", stage, today, entered, of=pauses[length % len(pauses)], why="错录",
                     **said) if pauses else None
    facts = facts_for(stage, customer_works="有") if what == "done" else {"to": stage, "reason": "补正"}
    deed = "contract_signed" if what == "done" and stage == "S12" else what
    places = (stage,) if what == "done" else ("S08", "S11", "S12", "S04")
    place = next((at for at in places if not may(process, log, at, deed, on=on, today=today, facts=facts)), None)
    return entry(0, deed, place, on, entered, **facts) if place else None


@settings(max_examples=150)
@given(marks, limits, moves, st.integers(0, 20))
@example({}, [limit("S04", days=1, source="法定", leaves_out=(CUSTOMER_STAGES,))], [("done", "S04", 0, 0, 0, False)], 0)
def test_due_days_used_and_explanation_agree_with_a_slow_count(
        marked: dict[date, Mark], given_limits: list[Limit], steps: list[tuple[Any, ...]], later: int) -> None:
    process, years = with_limits(*given_limits), calendar_years(marked)
    calendar = WorkCalendar({year.year: year for year in years})
    log, today = arbitrary_log(process, steps)
    today += later * ONE
    now = state(process, log, calendar, today)
    paused, own = paused_days(log), customer_days(process, log, calendar)
    stand_still = any(FAR - ONE in days for days in paused.values())
    for each in now.clocks:
        still = _still(each, paused, own, today)
        _agrees(each, Slow(years, still), calendar, today)
        if each.clock.limit.measure == "环节" and each.clock.limit.source != "承诺":
            done = [now.stage(stage).done_on for stage in each.clock.limit.stages]
            assert each.clock.ended == (None if None in done else max(day for day in done if day))
        stopped = each.clock.limit.stopped_by
        open_end = (PAUSES in stopped and stand_still) or (CUSTOMER_STAGES in stopped and FAR - ONE in own)
        assert (each.due is None) == (each.running and open_end)
    _tightest(now)


def _still(each: ClockState, paused: Mapping[int, set[date]], own: set[date], today: date) -> set[date]:
    """What is still going on today goes on tomorrow: an open end is counted up to today, and none beyond the end."""
    stopped, over = each.clock.limit.stopped_by, each.clock.ended or FAR
    pauses = set().union(*(until_today(days, today) for days in paused.values())) if PAUSES in stopped else set()
    theirs = {day for day in own if day <= today} if CUSTOMER_STAGES in stopped else set()
    return {day for day in pauses | theirs if day <= over}


def _agrees(each: ClockState, slow: Slow, calendar: WorkCalendar, today: date) -> None:
    clock = each.clock
    due = max(slow.due(clock.start, clock.allowed), clock.promised or date.min)
    last = min(today, clock.ended) if clock.ended else today
    assert clock.due(calendar) == due
    assert each.used == slow.used(clock.start, last)
    lines = clock.explain(today, calendar)
    assert [line.date for line in lines] == [clock.began + n * ONE for n in range(len(lines))]
    assert [line.counts for line in lines] == [
        line.date > clock.start and slow.counts(line.date) for line in lines]
    assert [line.n for line in lines if line.counts] == list(range(1, 1 + sum(line.counts for line in lines)))
    assert sum(line.counts for line in lines if line.date <= last) == each.used
    assert [line.date for line in lines if line.is_due] == [due]
    assert sum(line.counts for line in lines if line.date <= due) == clock.allowed
    assert all(line.why for line in lines)


def _tightest(now: CaseState) -> None:
    dues = [each.due for each in now.clocks if each.running and each.due]
    if now.status == "在办" and dues:
        assert now.due == min(dues)
        assert now.tightest is not None
        assert now.tightest.due == now.due


@settings(max_examples=60)
@given(marks, limits, st.integers(0, 8), st.integers(1, 12), st.integers(0, 8), st.integers(1, 12))
def test_a_corrected_pause_counts_as_if_it_had_been_entered_right(
        marked: dict[date, Mark], given_limits: list[Limit], wrong: int, wrong_length: int, right: int,
        length: int) -> None:
    process = with_limits(*given_limits)
    calendar = WorkCalendar({year.year: year for year in calendar_years(marked)})
    first, since = entry(1, "accepted", "S01", MONDAY), MONDAY + right * ONE
    until = str(since + length * ONE)
    mistaken = MONDAY + wrong * ONE
    as_entered = entry(2, "paused", "S04", mistaken, reason="客户缴费", until=str(mistaken + wrong_length * ONE))
    correction = entry(3, "pause_corrected", "S04", MONDAY + 20 * ONE, of=2, since=str(since), until=until, why="错录")
    rightly = entry(2, "paused", "S04", since, reason="客户缴费", until=until)
    today = MONDAY + 20 * ONE
    corrected, plain = (state(process, log, calendar, today)
                        for log in ((first, as_entered, correction), (first, rightly)))
    assert [(c.due, c.used, c.clock.explain(today, calendar)) for c in corrected.clocks] == [
        (c.due, c.used, c.clock.explain(today, calendar)) for c in plain.clocks]


# --- measures and sources


def story(*entries: LogEntry) -> tuple[LogEntry, ...]:
    return tuple(replace(each, seq=n) for n, each in enumerate(entries, 1))


def clocks(process: Process, log: Sequence[LogEntry], today: str, now: datetime | None = None) -> Iterator[ClockState]:
    return iter(state(process, log, CATALOG.calendar, d(today), now).clocks)


ACCEPTED = entry(1, "accepted", "S01", MONDAY)


def test_the_sum_of_stages_leaves_out_the_customers_works_and_the_whole_process_does_not() -> None:
    process = with_limits(limit(days=6, measure="环节合计"), limit(days=15, measure="全过程"))
    log = story(ACCEPTED, entry(2, "done", "S04", d("2026-11-25"), **facts_for("S04", customer_works="有")),
                entry(3, "done", "S08", d("2026-12-07")))
    whole_sum, whole = clocks(process, log, "2026-12-08")
    assert (whole_sum.used, whole.used) == (3, 11)
    assert (whole_sum.due, whole.due) == (d("2026-12-11"), d("2026-12-14"))


def test_of_three_limits_the_tightest_is_the_cases() -> None:
    process = with_limits(limit("S04", days=10, source="法定"), limit("S04", days=8), limit(days=6, measure="环节合计"))
    case = state(process, (ACCEPTED,), CATALOG.calendar, MONDAY)
    assert case.due == d("2026-12-01")
    assert case.tightest is not None
    assert case.tightest.clock.limit.measure == "环节合计"
    promised = story(ACCEPTED, entry(2, "promised", "S04", MONDAY, to="2026-11-27", reason="客户急用"))
    case = state(process, promised, CATALOG.calendar, MONDAY)
    assert case.tightest is not None
    assert (case.due, case.tightest.clock.limit.source) == (d("2026-11-27"), "承诺")


def test_a_day_promised_on_a_rest_day_is_that_day_and_a_pause_puts_it_off() -> None:
    process = with_limits(limit("S04", days=20))
    promised = story(ACCEPTED, entry(2, "promised", "S14", MONDAY, to="2026-11-28", reason="客户急用"))
    assert state(process, promised, CATALOG.calendar, MONDAY).due == d("2026-11-28")
    paused = story(*promised, entry(3, "paused", "S04", d("2026-11-24"), reason="客户缴费", until="2026-11-26"))
    assert state(process, paused, CATALOG.calendar, d("2026-11-26")).due == d("2026-12-01")


def test_the_laws_limit_stands_beside_the_companys_and_turns_amber_by_its_own_days() -> None:
    process = with_limits(limit("S04", days=20, source="法定"), limit("S04", days=5))
    law, own = clocks(process, (ACCEPTED,), "2026-11-27")
    assert (law.level, own.level) == (Level.NORMAL, Level.NEAR)


def test_a_clock_says_whether_its_matter_was_finished_in_time() -> None:
    process = with_limits(limit("S04", days=2), limit("S04", days=5, source="法定"))
    log = story(ACCEPTED, entry(2, "done", "S04", d("2026-11-27"), **facts_for("S04", customer_works="无")))
    own, law = clocks(process, log, "2026-12-30")
    assert (own.level, own.used, law.level) == (Level.OVERDUE, 4, Level.NORMAL)
    assert not own.running


# --- hours


def friday(hour: int, minute: int = 0) -> LogEntry:
    moment = datetime(2026, 11, 27, hour, minute)
    return entry(1, "accepted", "S01", moment.date(), moment)


@pytest.mark.parametrize(("hours", "due"), [(24, "2026-11-28 16:40"), (72, "2026-11-30 16:40")])
def test_hours_run_from_the_minute_over_the_weekend(hours: int, due: str) -> None:
    clock = next(clocks(with_limits(limit("S04", hours=hours)), (friday(16, 40),), "2026-11-27"))
    assert f"{clock.clock.due_at:%Y-%m-%d %H:%M}" == due
    assert clock.due == d(due[:10])


def test_a_pause_does_not_stop_hours() -> None:
    log = story(friday(10), entry(2, "paused", "S04", d("2026-11-27"), reason="客户缴费"))
    clock = next(clocks(with_limits(limit("S04", hours=24)), log, "2026-11-28"))
    assert clock.due == d("2026-11-28")


@pytest.mark.parametrize(("now", "level", "used"), [
    ("2026-11-27 17:00", Level.NEAR, 0), ("2026-11-28 16:00", Level.TODAY, 23),
    ("2026-11-28 16:41", Level.OVERDUE, 24)])
def test_an_hour_clock_is_over_at_its_minute(now: str, level: Level, used: int) -> None:
    moment = datetime.fromisoformat(now)
    clock = next(clocks(with_limits(limit("S04", hours=24)), (friday(16, 40),), now[:10], moment))
    assert (clock.level, clock.used) == (level, used)


def test_hours_of_what_was_entered_later_run_from_the_opening_of_its_day() -> None:
    late = entry(1, "accepted", "S01", d("2026-11-26"), datetime(2026, 11, 27, 15, 0))
    clock = next(clocks(with_limits(limit("S04", hours=24)), (late,), "2026-11-27"))
    assert clock.clock.due_at == datetime(2026, 11, 27, 8, 30)


# --- the hall's hours, and how a day is read


def calendar_that_shuts_at_half_past_five() -> WorkCalendar:
    years = {year: known for year in CATALOG.calendar.years if (known := CATALOG.calendar.year(year))}
    return WorkCalendar(years, lambda: Conventions(late_starts_next_day=True))


@pytest.mark.parametrize(("came", "begins"), [
    ("2026-11-27 17:29", "2026-11-27"), ("2026-11-27 17:30", "2026-11-30"), ("2026-11-28 10:00", "2026-11-30")])
def test_what_comes_after_closing_or_on_a_rest_day_may_begin_on_the_next_working_day(came: str, begins: str) -> None:
    calendar, moment = calendar_that_shuts_at_half_past_five(), datetime.fromisoformat(came)
    assert calendar.begins(moment) == d(begins)
    assert CATALOG.calendar.begins(moment) == moment.date()  # the option is off as shipped
    log = (entry(1, "accepted", "S01", moment.date(), moment),)
    case = state(with_limits(limit("S04", days=1)), log, calendar, moment.date())
    assert case.due == calendar.add_workdays(d(begins), 1)
    lines = case.clocks[0].clock.explain(moment.date(), calendar)
    assert [line.reading for line in lines if line.date <= d(begins)].count(Reading.START) == len(
        [line for line in lines if line.date <= d(begins)])


def test_every_kind_of_day_is_read_with_its_word() -> None:
    log = story(entry(1, "accepted", "S01", d("2026-09-18")),
                entry(2, "paused", "S04", d("2026-09-22"), reason="客户补资料", until="2026-09-23"))
    clock = next(clocks(with_limits(limit("S04", days=4)), log, "2026-09-23")).clock
    lines = clock.explain(d("2026-09-23"), CATALOG.calendar)
    assert [(line.date.day, line.n, str(line.reading), line.why) for line in lines] == [
        (18, 0, "起算日", "开始当日不计入"), (19, 0, "周末", "周末"), (20, 1, "调休上班", "国庆节调休上班"),
        (21, 2, "计入", "工作日"), (22, 0, "暂停", "客户补资料"), (23, 3, "计入", "工作日"), (24, 4, "计入", "工作日")]


def test_every_reading_of_a_day_has_its_rule_and_basis() -> None:
    for reading in Reading:
        rule = CATALOG.clock.rules[reading]
        assert rule.text
        assert rule.basis.text


# --- pauses


def test_a_withdrawn_pause_never_was() -> None:
    process = with_limits(limit("S04", days=3))
    log = story(ACCEPTED, entry(2, "paused", "S04", d("2026-11-24"), reason="客户缴费"))
    assert state(process, log, CATALOG.calendar, d("2026-12-01")).due is None
    withdrawn = story(*log, entry(3, "pause_corrected", "S04", d("2026-12-01"), of=2, withdrawn="是", why="录错工单"))
    case = state(process, withdrawn, CATALOG.calendar, d("2026-12-01"))
    assert (case.status, case.due) == ("在办", d("2026-11-26"))


def test_a_pause_that_named_its_end_ends_by_itself() -> None:
    log = story(ACCEPTED, entry(2, "paused", "S04", d("2026-11-24"), reason="客户缴费", until="2026-11-26"))
    process = with_limits(limit("S04", days=3))
    told = [state(process, log, CATALOG.calendar, d(day)).status for day in ("2026-11-25", "2026-11-26")]
    assert told == ["暂停", "在办"]
    assert state(process, log, CATALOG.calendar, d("2026-11-26")).due == d("2026-11-30")


def test_a_pause_after_a_stage_was_done_moves_no_day_of_that_stage() -> None:
    process = with_limits(limit("S04", days=5))
    done = story(ACCEPTED, entry(2, "done", "S04", d("2026-11-25"), **facts_for("S04", customer_works="无")))
    until_then = next(clocks(process, done, "2026-12-10"))
    assert (until_then.used, until_then.due) == (2, d("2026-11-30"))
    for pause in ({}, {"until": "2026-12-04"}):
        log = story(*done, entry(3, "paused", "S11", d("2026-11-25"), reason="客户补资料", **pause))
        later = next(clocks(process, log, "2026-12-10"))
        assert (later.used, later.due) == (1, d("2026-12-01"))  # of the pause only the day on which it was done
        log = story(*done, entry(3, "paused", "S11", d("2026-11-26"), reason="客户补资料", **pause))
        assert (later := next(clocks(process, log, "2026-12-10"))).due == until_then.due
        assert later.clock.explain(d("2026-12-10"), CATALOG.calendar) == until_then.clock.explain(
            d("2026-12-10"), CATALOG.calendar)


def test_the_customers_works_that_were_sent_back_unfinished_were_his_time_all_the_same() -> None:
    process = with_limits(limit(days=6, measure="环节合计"))
    log = story(ACCEPTED, entry(2, "done", "S04", d("2026-11-24"), **facts_for("S04", customer_works="有")),
                entry(3, "sent_back", "S08", d("2026-12-01"), to="S04", reason="方案变更"))
    whole = next(clocks(process, log, "2026-12-02"))
    assert (whole.used, whole.due) == (2, d("2026-12-08"))


@pytest.mark.parametrize(("said", "why"), [
    ({"of": 9}, "没有这次暂停"), ({"of": 2, "why": ""}, "更正原因"), ({"of": 2, "since": "2026-11-20"}, "起始日"),
    ({"of": 2, "until": "2026-11-23", "since": "2026-11-24"}, "早于"), ({"of": 2, "until": ""}, "写明恢复日期"),
    ({"of": 2, "until": "2027-01-01"}, "今天之后"), ({"of": 2, "reason": "忙"}, "请选择暂停原因"),
    ({"of": 2, "since": "昨天"}, "不是有效日期")])
def test_a_correction_that_cannot_be_is_refused(said: dict[str, Any], why: str) -> None:
    log = story(ACCEPTED, entry(2, "paused", "S04", d("2026-11-24"), reason="客户缴费", until="2026-11-25"))
    given_facts = {"why": "录错", **said}
    lacks = may(PROCESS, log, "S04", "pause_corrected", on=d("2026-11-30"), today=d("2026-11-30"), facts=given_facts)
    assert any(why in lack.sentence for lack in lacks), lacks


@pytest.mark.parametrize("to", ["2026-11-23", "", "下周"])
def test_a_promise_names_a_day_to_come(to: str) -> None:
    lacks = may(PROCESS, (ACCEPTED,), "S14", "promised", on=MONDAY, today=MONDAY, facts={"to": to, "reason": "急"})
    assert [lack.field for lack in lacks] == ["to"]


def test_a_pause_that_was_forgotten_is_entered_between_others_where_it_shares_no_day_with_them() -> None:
    paused = story(ACCEPTED, entry(2, "paused", "S04", d("2026-11-26"), reason="客户缴费", until="2026-11-28"))
    for on, until, why in (("2026-11-24", "2026-11-26", ""), ("2026-11-24", "2026-11-27", "重叠"),
                           ("2026-11-24", "", "写明恢复日期"), ("2026-11-27", "2026-11-30", "请先登记恢复"),
                           ("2026-11-28", "", "")):
        said = {"reason": "客户补资料"} | ({"until": until} if until else {})
        lacks = may(PROCESS, paused, "S04", "paused", on=d(on), today=d("2026-11-30"), facts=said)
        assert bool(lacks) == bool(why), (on, until)
        assert any(why in lack.sentence for lack in lacks) == bool(why)


def test_what_is_withdrawn_stays_withdrawn_until_a_correction_says_otherwise() -> None:
    process = with_limits(limit("S04", days=3))
    gone = story(ACCEPTED, entry(2, "paused", "S04", d("2026-11-24"), reason="客户缴费", until="2026-11-26"),
                 entry(3, "pause_corrected", "S04", d("2026-11-26"), of=2, withdrawn="是", why="录错工单"),
                 entry(4, "pause_corrected", "S04", d("2026-11-27"), of=2, evidence="客户书面说明", why="补凭据"))
    assert state(process, gone, CATALOG.calendar, d("2026-11-27")).due == d("2026-11-26")
    back = story(*gone, entry(5, "pause_corrected", "S04", d("2026-11-27"), of=2, withdrawn="", why="撤错了"))
    assert state(process, back, CATALOG.calendar, d("2026-11-27")).due == d("2026-11-30")


def test_a_case_ends_after_all_that_was_done_in_it() -> None:
    log = story(ACCEPTED, entry(2, "done", "S04", d("2026-11-26"), **facts_for("S04", customer_works="有")))
    for on, why in (("2026-11-25", "终止日期不能更早"), ("2026-11-26", "")):
        lacks = may(PROCESS, log, "S08", "ended", on=d(on), today=d("2026-11-30"), facts={"reason": "客户撤销"})
        assert [why in lack.sentence for lack in lacks] == [True] * bool(why)


def test_a_promise_for_a_day_of_rest_is_amber_when_its_share_is_used_in_the_list_too() -> None:
    process = with_limits(limit("S04", days=20))
    log = story(ACCEPTED, entry(2, "promised", "S14", d("2026-11-27"), to="2026-12-06", reason="客户急用"))
    case = state(process, log, CATALOG.calendar, d("2026-12-03"))
    assert (case.level, outline(process, log, CATALOG.calendar, d("2026-11-27")).near) == (Level.NEAR, d("2026-12-03"))


# --- late entries


def test_an_entry_is_as_late_as_the_working_days_since_its_day() -> None:
    gaps = [entry_gap(d(claimed), d(entered), CATALOG.calendar) for claimed, entered in (
        ("2026-11-23", "2026-11-23"), ("2026-11-20", "2026-11-23"), ("2026-09-24", "2026-10-08"),
        ("2019-12-30", "2020-01-03"))]
    assert gaps == [0, 1, 4, 4]


def test_a_shared_clock_runs_until_the_last_of_its_stages_is_done() -> None:
    answered = entry(2, "done", "S04", d("2026-11-24"), **facts_for("S04", customer_works="无"))
    checked = entry(3, "done", "S11", d("2026-11-27"), **facts_for("S11"))
    shared = with_limits(limit("S04", "S11", days=3))
    assert next(clocks(shared, story(ACCEPTED, answered), "2026-11-25")).running
    ended = next(clocks(shared, story(ACCEPTED, answered, checked), "2026-12-01"))
    assert (ended.clock.ended, ended.used, ended.level) == (d("2026-11-27"), 4, Level.OVERDUE)
