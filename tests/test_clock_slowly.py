"""Every kind's clocks over arbitrary logs, held to a second count day by day that shares nothing with the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from slow_clock import (
    ONE,
    SlowClock,
    day,
    minutes_between,
    open_stages,
    slow_clocks,
    slow_promises,
    standing_entries,
    stands,
)

from desktop.catalog.release import load_catalog
from desktop.domain.basis import Basis
from desktop.domain.calendar import CalendarYear, Mark, WorkCalendar
from desktop.domain.case import CaseState, ClockState, LogEntry, state
from desktop.domain.deadline import CUSTOMER_EXCLUDED, Limit, Printed, promises
from desktop.domain.process import Process

CATALOG = load_catalog()
KINDS = tuple(CATALOG.processes)
SHIPPED = [known for n in CATALOG.calendar.years if (known := CATALOG.calendar.year(n))]
STARTS = ("2026-11-23", "2026-11-28", "2026-10-01", "2026-10-10", "2026-09-24", "2026-12-30", "2026-02-14")
ANSWERS = ({"important_level": "非重要", "special_load": "无"}, {"important_level": "二级", "special_load": "无"})
JUDGED = [stage for kind in CATALOG.inspections.kinds for stage in kind.stages]
WORKS = ({"customer_works": "有", "concealed_works": "有"}, {"customer_works": "无"})


@dataclass
class Story:
    """A log as it grows. Each deed is one that the stages as they stand allow; pauses are put in as anybody might."""

    process: Process
    today: date
    log: list[LogEntry] = field(default_factory=list)

    def note(self, what: str, stage: str, on: date, **facts: Any) -> None:
        seq = len(self.log) + 1
        at = datetime.combine(self.today, time(9, seq % 60))
        self.log.append(LogEntry(seq, what, stage, on, at, "1001", "示范员", facts))

    @property
    def now(self) -> Any:
        return stands(self.process, self.log)[-1]

    def take(self, what: str, pick: int, back: int, length: int, named: bool) -> None:
        if self._closed():
            return
        going = open_stages(self.process, self.now)
        stage = going[pick % len(going)]
        on = max(self.now[stage.id][0], self.today - back * ONE)
        if what == "done":
            self.note(stage.done_by, stage.id, on, **WORKS[pick % 2])
        elif what == "sent_back":
            before = (*self.process.ancestors(stage.id), stage.id)
            self.note("sent_back", stage.id, on, to=before[max(length % len(before), 1 % len(before))], reason="补正")
        elif what == "inspection_submitted":
            if stage.id in JUDGED:
                self.note(what, stage.id, on)
        elif what == "ended":
            self.note("ended", stage.id, self.today, reason="客户撤销")
        elif what == "promised":
            self.note(what, stage.id, self.today, to=str(self.today + (length + 1) * ONE), reason="客户急用")
        elif what == "recalled":
            self._recall()
        else:
            self._pauses(what, stage.id, on, length, named)

    def _recall(self) -> None:
        last = standing_entries(self.log)[-1]
        if last is self.log[-1] and last.what in ("done", "contract_signed"):
            self.note("recalled", last.stage, self.today, of=str(last.seq), reason="错录")

    def _pauses(self, what: str, stage: str, on: date, length: int, named: bool) -> None:
        """Overlapping, nested, with an end that is past or to come, beginning before acceptance or before the stage."""
        since = on - (length // 3) * ONE
        until = str(since + length * ONE) if named else ""
        if what == "paused":
            self.note("paused", stage, since, reason="客户补资料", **({"until": until} if named else {}))
        elif what == "resumed":
            self.note("resumed", stage, on)
        elif paused := [each.seq for each in self.log if each.what == "paused"]:
            said = {"since": str(since), "until": until} if length else {"withdrawn": "是" if named else ""}
            self.note("pause_corrected", stage, self.today, of=paused[length % len(paused)], why="错录", **said)

    def _closed(self) -> bool:
        done = self.now.get(self.process.stages[-1].id, (None, None))[1]
        return done is not None or self.log[-1].what == "ended"


DEEDS = ("done", "done", "done", "done", "sent_back", "paused", "paused", "resumed", "pause_corrected", "promised",
         "inspection_submitted", "recalled", "ended")
steps = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 5), st.integers(0, 4), st.integers(0, 9),
                           st.booleans(), st.integers(0, 9)), max_size=16)
marked = st.dictionaries(st.dates(day("2026-11-20"), day("2027-02-28")),
                         st.builds(Mark, st.sampled_from(["春节", "元旦"]), st.booleans()), max_size=25)


def told(kind: str, start: str, answers: Mapping[str, str], moves: Sequence[tuple[Any, ...]]) -> Story:
    began = date.fromisoformat(start)
    story = Story(CATALOG.processes[kind], began)
    story.note("accepted", story.process.first.id, began, **answers)
    for what, pick, back, length, named, ahead in moves:
        story.take(what, pick, back, length, named)
        story.today += ahead * ONE
    return story


def years_with(marks: Mapping[date, Mark]) -> list[CalendarYear]:
    """The shipped years, the last two of them changed by a later notice, December by the one of next year."""
    changed = {year: {d: mark for d, mark in marks.items() if year - (d.month == 12) * (d.day % 2) == d.year}
               for year in (2026, 2027)}
    return [replace(known, days={**known.days, **changed.get(known.year, {})}) for known in SHIPPED]


@settings(max_examples=250)
@given(st.sampled_from(KINDS), st.sampled_from(STARTS), st.sampled_from(ANSWERS), steps, marked)
def test_every_clock_of_every_kind_is_what_a_slow_count_of_the_log_gives(
        kind: str, start: str, answers: Mapping[str, str], moves: list[tuple[Any, ...]],
        marks: dict[date, Mark]) -> None:
    story, years = told(kind, start, answers, moves), years_with(marks)
    calendar = WorkCalendar({year.year: year for year in years})
    now = state(story.process, tuple(story.log), calendar, story.today)
    expected = list(slow_clocks(story.process, story.log, years, story.today))
    of_catalogue = [each for each in now.clocks if each.clock.limit.source != "承诺"]
    assert [each.clock.limit for each in of_catalogue] == [each.limit for each in expected]
    for each, slow in zip(of_catalogue, expected, strict=True):
        agrees(each, slow, calendar, story.today)
    the_nearest_is_the_cases(now)


def agrees(each: ClockState, slow: SlowClock, calendar: WorkCalendar, today: date) -> None:
    clock, due = each.clock, slow.due()
    assert (clock.began, clock.start, clock.ended, clock.allowed) == (slow.began, slow.began, slow.ended, slow.allowed)
    assert each.used == slow.used(today)
    assert each.due == (None if slow.open_end else due)
    lines = clock.explain(today, calendar)
    last = max(due, slow.ended or today)
    assert [line.date for line in lines] == [slow.began + n * ONE for n in range((last - slow.began).days + 1)]
    assert [str(line.reading) for line in lines] == [slow.reading(line.date) for line in lines]
    assert [line.date for line in lines if line.is_due] == [due]
    assert sum(line.counts for line in lines if line.date <= min(today, slow.ended or today)) == each.used
    assert [line.n for line in lines if line.counts] == list(range(1, 1 + sum(line.counts for line in lines)))
    assert sum(line.counts for line in lines if line.date <= due) == slow.allowed


@settings(max_examples=150)
@given(st.sampled_from(KINDS), st.sampled_from(STARTS), st.sampled_from(ANSWERS), steps, marked)
def test_a_receipts_dates_are_put_off_by_pauses_and_the_customers_own_days_and_by_no_calendar(
        kind: str, start: str, answers: Mapping[str, str], moves: list[tuple[Any, ...]],
        marks: dict[date, Mark]) -> None:
    story, years = told(kind, start, answers, moves), years_with(marks)
    promised = promises(story.process, date.fromisoformat(start), CATALOG.calendar, answers)
    receipt = [Printed(each.label, each.days, each.due) for each in promised if each.note == CUSTOMER_EXCLUDED]
    now = state(story.process, tuple(story.log), WorkCalendar({year.year: year for year in years}), story.today,
                receipt=receipt)
    on_paper = [each for each in now.clocks if each.clock.limit.label.endswith("（回执）")]
    expected = list(slow_promises(story.process, story.log, [(each.label, each.due) for each in receipt], years,
                                  story.today))
    assert [each.clock.limit.label for each in on_paper] == [f"{each.label}（回执）" for each in expected]
    for each, slow in zip(on_paper, expected, strict=True):
        assert (each.clock.ended, each.due) == (slow.ended, None if slow.open_end else slow.due)
    the_nearest_is_the_cases(now)


def the_nearest_is_the_cases(now: CaseState) -> None:
    dues = [each.due for each in now.clocks if each.running and each.due]
    if now.status == "在办" and dues:
        assert now.due == min(dues)
    if now.status == "暂停":
        assert now.due is None


# --- hours

AN_HOUR_LIMIT = Basis("试验用的依据", date(2024, 1, 1))


@settings(max_examples=60)
@given(st.sampled_from([24, 72]), st.datetimes(datetime(2026, 11, 27, 8, 0), datetime(2026, 11, 27, 17, 59)),
       st.integers(0, 5 * 1440), st.none() | st.integers(0, 5 * 1440), st.booleans())
def test_hours_run_by_the_minute_over_weekends_and_pauses_and_their_lines_add_up(
        hours: int, came: datetime, later: int, done_after: int | None, paused: bool) -> None:
    came, limit = came.replace(second=0, microsecond=0), Limit(("S04",), "答复", 0, AN_HOUR_LIMIT, hours=hours)
    process = replace(CATALOG.processes["low_voltage_new"], clocks=(limit,))
    now = came + timedelta(minutes=later)
    log = [LogEntry(1, "accepted", "S01", came.date(), came, "1", "示范员", {})]
    if paused:
        log.append(LogEntry(2, "paused", "S04", came.date(), came, "1", "示范员", {"reason": "客户缴费"}))
    ended = came + timedelta(minutes=done_after) if done_after is not None and done_after <= later else None
    if ended:
        log.append(LogEntry(3, "done", "S04", ended.date(), ended, "1", "示范员", {}))
    (each,) = state(process, tuple(log), CATALOG.calendar, now.date(), now).clocks
    ran = minutes_between(came, ended or now)
    assert (each.used, each.clock.due_at) == (ran // 60, came + timedelta(hours=hours))
    assert (each.level == "超期") == (ran > hours * 60)
    lines = each.clock.explain(now.date(), CATALOG.calendar, now)
    assert sum(line.minutes for line in lines if line.date <= now.date()) == ran
    assert {str(line.reading) for line in lines} == {"按小时"}
    assert [line.date for line in lines if line.is_due] == [each.due]


def test_what_was_done_on_the_day_but_after_the_minute_is_late() -> None:
    came = datetime(2026, 11, 27, 10, 0)
    limit = Limit(("S04",), "答复", 0, AN_HOUR_LIMIT, hours=24)
    process = replace(CATALOG.processes["low_voltage_new"], clocks=(limit,))
    accepted = LogEntry(1, "accepted", "S01", came.date(), came, "1", "示范员", {})
    for minute, level in ((0, "正常"), (1, "超期")):
        done = datetime(2026, 11, 28, 10, minute)
        log = (accepted, LogEntry(2, "done", "S04", done.date(), done, "1", "示范员", {}))
        (each,) = state(process, log, CATALOG.calendar, date(2026, 12, 1)).clocks
        assert (str(each.level), each.used) == (level, 24)
    entered_later = LogEntry(2, "done", "S04", done.date(), datetime(2026, 11, 30, 9), "1", "示范员", {})
    (each,) = state(process, (accepted, entered_later), CATALOG.calendar, date(2026, 12, 1)).clocks
    assert each.clock.ended_at == datetime(2026, 11, 28, 17, 30)  # nobody knows better: the closing of its day


# --- years without a calendar


def test_a_clock_that_runs_into_a_year_without_calendar_says_so_and_lists_what_it_can() -> None:
    calendar = WorkCalendar({2026: SHIPPED[2]})
    story = told("low_voltage_new", "2026-12-30", {}, ())
    now = state(story.process, tuple(story.log), calendar, date(2026, 12, 31))
    assert (now.status, now.due) == ("在办", None)
    assert "没有 2027 年的工作日日历" in now.trouble
    assert all(each.trouble == now.trouble for each in now.clocks if each.running)
    lines = now.clocks[1].clock.explain(date(2026, 12, 31), calendar)
    assert [(str(line.date), line.n) for line in lines] == [("2026-12-30", 0), ("2026-12-31", 1)]


def test_a_case_of_a_year_before_any_calendar_still_opens() -> None:
    story = told("low_voltage_new", "2019-12-30", {}, ())
    now = state(story.process, tuple(story.log), CATALOG.calendar, date(2026, 11, 23))
    assert now.current == ("S04",)
    assert "没有 2019 年" in now.trouble or "没有 2020 年" in now.trouble
    assert now.clocks[1].clock.explain(date(2026, 11, 23), CATALOG.calendar) == ()


# --- what the random stories may rarely meet


def story_of(kind: str, *deeds: tuple[Any, ...], start: str = "2026-11-23") -> Story:
    """Deeds as (day, what, stage, facts)."""
    story = told(kind, start, {"important_level": "二级", "special_load": "无"}, ())
    for on, what, stage, *facts in deeds:
        story.today = date.fromisoformat(on)
        story.note(what, stage, story.today, **(facts[0] if facts else {}))
    return story


def clocks_of(story: Story, today: str, label: str) -> ClockState:
    found = state(story.process, tuple(story.log), CATALOG.calendar, date.fromisoformat(today)).clocks
    return next(each for each in found if each.clock.limit.label == label and each.clock.limit.source == "公司")


def test_the_survey_of_a_high_voltage_supply_is_within_the_time_for_its_plan() -> None:
    surveyed = story_of("high_voltage_single", ("2026-12-03", "done", "S03"))
    clock = clocks_of(surveyed, "2026-12-03", "供电方案答复")
    assert (clock.clock.began, clock.used, clock.due) == (date(2026, 11, 23), 8, date(2026, 12, 8))


def test_the_visit_for_a_charging_pile_has_a_row_of_its_own_and_moves_no_other_date() -> None:
    story = story_of("charging_pile")
    visit = clocks_of(story, "2026-11-24", "上门勘查")
    assert (visit.clock.began, visit.used, visit.due) == (date(2026, 11, 23), 1, date(2026, 11, 26))
    assert not visit.clock.limit.basis.verified
    alone = replace(story.process, clocks=tuple(each for each in story.process.clocks if each.label != "上门勘查"))
    with_it, without = (state(process, tuple(story.log), CATALOG.calendar, date(2026, 11, 24))
                        for process in (story.process, alone))
    assert (with_it.due, with_it.total_due, with_it.stage("S03").due) == (
        without.due, without.total_due, without.stage("S03").due)
    given = [promises(process, date(2026, 11, 23), CATALOG.calendar) for process in (story.process, alone)]
    assert given[0] == given[1] and story.process.stage("S03").limit == alone.stage("S03").limit
    story.note("done", "S03", date(2026, 11, 25))
    assert clocks_of(story, "2026-11-30", "上门勘查").clock.ended == date(2026, 11, 25)


def test_a_plan_sent_back_after_it_was_answered_has_its_days_anew() -> None:
    again = story_of("high_voltage_single", ("2026-12-03", "done", "S03"),
                     ("2026-12-04", "done", "S04", {"customer_works": "有"}),
                     ("2026-12-21", "sent_back", "S06", {"to": "S04", "reason": "客户改变容量"}))
    clock = clocks_of(again, "2026-12-21", "供电方案答复")
    assert (clock.clock.began, clock.clock.allowed, clock.used) == (date(2026, 12, 21), 10, 0)


def test_a_plan_sent_back_to_its_survey_before_the_answer_goes_on_counting() -> None:
    back = story_of("high_voltage_single", ("2026-11-26", "done", "S03"),
                    ("2026-11-30", "sent_back", "S04", {"to": "S04", "reason": "补勘"}))
    assert clocks_of(back, "2026-11-30", "供电方案答复").used == 5


def test_a_failed_inspection_stops_our_time_and_the_next_begins_with_the_new_submission() -> None:
    deeds = [("2026-11-24", "done", "S03"), ("2026-11-25", "done", "S04", {"customer_works": "有"}),
             ("2026-11-27", "done", "S06"), ("2026-11-30", "done", "S07"), ("2026-12-02", "done", "S08"),
             ("2026-12-03", "done", "S10"), ("2026-12-03", "inspection_submitted", "S11"),
             ("2026-12-04", "sent_back", "S11", {"to": "S10", "reason": "竣工检验第 1 轮不合格"})]
    stopped = story_of("high_voltage_single", *deeds)
    now = state(stopped.process, tuple(stopped.log), CATALOG.calendar, date(2026, 12, 11))
    assert not any(each.clock.limit.stages == ("S11",) for each in now.clocks)
    assert clocks_of(stopped, "2026-12-11", "各环节合计").due is None  # the customer's time, nobody knows how long
    again = story_of("high_voltage_single", *deeds, ("2026-12-14", "done", "S10"),
                     ("2026-12-14", "inspection_submitted", "S11"))
    check = clocks_of(again, "2026-12-15", "竣工检验")
    assert (check.clock.began, check.used, check.due) == (date(2026, 12, 14), 1, date(2026, 12, 17))


UP_TO_WORKS = (("2026-11-24", "done", "S03"),
               ("2026-11-25", "done", "S04", {"customer_works": "有", "concealed_works": "有"}),
               ("2026-11-27", "done", "S06"), ("2026-11-30", "done", "S07"))


def test_a_check_during_the_works_has_no_clock_until_the_customer_hands_in() -> None:
    building = story_of("high_voltage_single", *UP_TO_WORKS)
    now = state(building.process, tuple(building.log), CATALOG.calendar, date(2026, 12, 4))
    assert (now.stage("S09").state, now.stage("S09").due, now.status) == ("进行", None, "暂停")
    assert not any(each.clock.limit.stages == ("S09",) for each in now.clocks)
    built = story_of("high_voltage_single", *UP_TO_WORKS, ("2026-12-07", "done", "S08"))
    now = state(built.process, tuple(built.log), CATALOG.calendar, date(2026, 12, 14))
    assert now.pause is not None
    assert (now.status, now.pause.reason, now.due) == ("暂停", "客户报验", None)
    assert clocks_of(built, "2026-12-14", "各环节合计").due is None
    asked = story_of("high_voltage_single", *UP_TO_WORKS, ("2026-12-07", "done", "S08"),
                     ("2026-12-14", "inspection_submitted", "S09"))
    check = clocks_of(asked, "2026-12-15", "中间检查")
    assert (check.clock.began, check.used, check.due) == (date(2026, 12, 14), 1, date(2026, 12, 16))
    total = clocks_of(asked, "2026-12-15", "各环节合计").clock
    theirs = [line.date for line in total.explain(date(2026, 12, 15), CATALOG.calendar) if line.reading == "客户环节"]
    assert date(2026, 12, 14) in theirs and date(2026, 12, 15) not in theirs


def with_shared_check(process: Process, *stages: str) -> Process:
    """The process of a province that gives its mid-check one limit together with these stages."""
    check, = (limit for limit in process.clocks if limit.label == "中间检查" and limit.source == "公司")
    others = tuple(limit for limit in process.clocks
                   if limit is not check and (limit.source != "公司" or not set(limit.stages) & set(stages)))
    return replace(process, clocks=(*others, replace(check, stages=("S09", *stages), label="检查", days=6)))


def test_a_clock_that_a_check_shares_begins_with_what_the_customer_hands_in_and_not_with_the_stage() -> None:
    building = story_of("high_voltage_single", *UP_TO_WORKS, ("2026-12-07", "done", "S08"))
    building.process = with_shared_check(building.process, "S11")
    now = state(building.process, tuple(building.log), CATALOG.calendar, date(2026, 12, 14))
    assert not any(each.clock.limit.label == "检查" for each in now.clocks)
    building.today = date(2026, 12, 14)
    building.note("inspection_submitted", "S09", building.today)
    check = clocks_of(building, "2026-12-15", "检查")
    assert (check.clock.began, check.used, check.due) == (date(2026, 12, 14), 1, date(2026, 12, 22))
    building.note("done", "S09", date(2026, 12, 15), midcheck_result="合格")
    building.note("done", "S10", date(2026, 12, 16))
    assert clocks_of(building, "2026-12-16", "检查").clock.began == date(2026, 12, 14)


def all_agree_after(story: Story, moves: list[tuple[Any, ...]]) -> Any:
    """The case after these moves, each of the catalogue's clocks counted by the slow count too."""
    for what, pick, back, length, named, ahead in moves:
        story.take(what, pick, back, length, named)
        story.today += ahead * ONE
    now = state(story.process, tuple(story.log), CATALOG.calendar, story.today)
    expected = list(slow_clocks(story.process, story.log, SHIPPED, story.today))
    of_catalogue = [each for each in now.clocks if each.clock.limit.source != "承诺"]
    assert [each.clock.limit for each in of_catalogue] == [each.limit for each in expected]
    for each, slow in zip(of_catalogue, expected, strict=True):
        agrees(each, slow, CATALOG.calendar, story.today)
    return now


@settings(max_examples=40)
@given(steps)
def test_a_clock_shared_with_a_check_is_what_the_slow_count_gives(moves: list[tuple[Any, ...]]) -> None:
    story = story_of("high_voltage_single", *UP_TO_WORKS)
    story.process = with_shared_check(story.process, "S11", "S13", "S14")
    all_agree_after(story, moves)


@settings(max_examples=60)
@given(steps)
def test_every_clock_of_a_case_that_came_to_the_works_is_what_the_slow_count_gives(
        moves: list[tuple[Any, ...]]) -> None:
    story = story_of("high_voltage_single", *UP_TO_WORKS)
    the_nearest_is_the_cases(all_agree_after(story, moves))


def test_a_receipts_date_is_kept_by_the_first_answer_whatever_is_done_anew_later() -> None:
    story = story_of("high_voltage_single", ("2026-11-24", "done", "S03"),
                     ("2026-11-26", "done", "S04", {"customer_works": "有"}),
                     ("2027-03-01", "sent_back", "S06", {"to": "S04", "reason": "客户改变容量"}))
    (plan,) = receipt_clocks(story, "2027-03-02", Printed("供电方案答复", 11, date(2026, 12, 8)))
    assert (plan.clock.ended, str(plan.level)) == (date(2026, 11, 26), "正常")


def test_what_does_not_take_place_is_no_promise_any_more() -> None:
    paper = Printed("设计文件审核", 14, date(2026, 12, 11)), Printed("中间检查", 17, date(2026, 12, 16))
    asked = story_of("high_voltage_single")
    assert len(receipt_clocks(asked, "2026-11-24", *paper)) == 2
    answered = story_of("high_voltage_single", ("2026-11-24", "done", "S03"),
                        ("2026-11-26", "done", "S04", {"customer_works": "无"}))
    assert receipt_clocks(answered, "2026-11-27", *paper) == []


def receipt_clocks(story: Story, today: str, *paper: Printed) -> list[ClockState]:
    found = state(story.process, tuple(story.log), CATALOG.calendar, date.fromisoformat(today), receipt=paper).clocks
    return [each for each in found if each.clock.limit.label.endswith("（回执）")]


def test_two_pauses_that_overlap_end_with_the_later_one() -> None:
    story = story_of(
        "low_voltage_new", ("2026-11-24", "paused", "S04", {"reason": "客户补资料", "until": "2026-11-26"}),
        ("2026-11-25", "paused", "S04", {"reason": "客户缴费", "until": "2026-12-01"}))
    now = state(story.process, tuple(story.log), CATALOG.calendar, date(2026, 11, 25))
    assert now.pause is not None
    assert (now.status, now.pause.until) == ("暂停", date(2026, 12, 1))



@settings(max_examples=80)
@given(st.sampled_from(STARTS), st.lists(st.integers(0, 9), min_size=5, max_size=5))
def test_the_sum_of_our_stages_is_the_sum_of_their_days(start: str, gaps: list[int]) -> None:
    story = told("low_voltage_new", start, {}, ())
    began, ours, calendar = story.today, 0, CATALOG.calendar
    for gap, stage in zip(gaps, ("S04", "S08", "S11", "S13", "S14"), strict=True):
        story.today += gap * ONE
        story.note("done", stage, story.today, **(WORKS[0] if stage == "S04" else {}))
        if stage == "S11":
            story.note("contract_signed", "S12", story.today)
        ours += calendar.workdays_between(began, story.today) if stage != "S08" else 0
        began = story.today
    found = state(story.process, tuple(story.log), calendar, story.today).clocks
    assert next(each.used for each in found if each.clock.limit.measure == "环节合计") == ours
