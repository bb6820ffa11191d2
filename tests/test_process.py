"""A case as its log tells it, and what each deed still lacks: the low-voltage new connection from door to archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.catalog.release import load_catalog
from desktop.domain.case import CaseState, LogEntry, Phase, Status, may, state
from desktop.domain.deadline import Level
from desktop.domain.field import FIELDS

CATALOG = load_catalog()
PROCESS = CATALOG.processes["low_voltage_new"]
MONDAY = date(2026, 11, 23)


def d(text: str) -> date:
    return date.fromisoformat(text)


def needed_facts(stage: str, **facts: str) -> dict[str, Any]:
    """The least that a stage must be told, with sample values."""
    given = {name: FIELDS[name].sample or "1" for name in PROCESS.stage(stage).required}
    return given | facts


@dataclass
class Story:
    """A case told entry by entry; each is written only if `may` lets it."""

    log: list[LogEntry] = field(default_factory=list)
    today: date = MONDAY

    def accepted(self) -> Story:
        return self._write("accepted", "S01", {})

    def lacks(self, what: str, stage: str, facts: Mapping[str, Any] | None = None, on: date | None = None) -> list[str]:
        missing = may(PROCESS, self.log, stage, what, on=on or self.today, today=self.today, facts=facts)
        return [m.sentence for m in missing]

    def then(self, day: str, what: str, stage: str, **facts: str) -> Story:
        """On `day` this is recorded; every required field of a finished stage is filled."""
        self.today = d(day)
        given = needed_facts(stage, **facts) if what == "done" else facts
        assert self.lacks(what, stage, given) == []
        return self._write(what, stage, given)

    def _write(self, what: str, stage: str, facts: Mapping[str, Any]) -> Story:
        moment = datetime.combine(self.today, datetime.min.time())
        self.log.append(LogEntry(len(self.log) + 1, what, stage, self.today, moment, "1001", "示范员", facts))
        return self

    def at(self, day: str) -> CaseState:
        return state(PROCESS, self.log, CATALOG.calendar, d(day))


def accepted() -> Story:
    return Story().accepted()


def answered(works: str = "无") -> Story:
    return accepted().then("2026-11-24", "done", "S04", customer_works=works)


def signed() -> Story:
    story = answered().then("2026-11-25", "contract_drawn", "S12")
    return story.then("2026-11-25", "done", "S11").then("2026-11-26", "contract_signed", "S12")


def energised() -> Story:
    return signed().then("2026-11-27", "done", "S13").then("2026-11-30", "done", "S14")


def archived() -> Story:
    story = energised().then("2026-12-01", "contract_filed", "S12", box="H-012")
    return story.then("2026-12-01", "done", "S15", left_undone="答复方案时已到现场核对")


# --- the way of a case


def test_acceptance_is_done_at_once_and_opens_the_plan() -> None:
    case = accepted().at("2026-11-23")
    assert case.stage("S01").state is Phase.DONE
    assert case.current == ("S04",)
    assert case.status is Status.OPEN


def test_the_plans_date_is_the_one_promised_on_the_receipt() -> None:
    assert accepted().at("2026-11-23").due == d("2026-11-27")


def test_an_answered_plan_opens_check_and_contract_side_by_side() -> None:
    assert answered().at("2026-11-24").current == ("S11", "S12")


def test_stages_without_a_limit_of_their_own_fall_back_to_the_sum() -> None:
    assert answered().at("2026-11-24").due == d("2026-12-01")


def test_the_connections_clock_begins_with_the_metering_and_is_shared() -> None:
    case = signed().at("2026-11-26")
    assert case.current == ("S13",)
    assert case.due == d("2026-11-30")
    later = signed().then("2026-11-27", "done", "S13").at("2026-11-27")
    assert later.current == ("S14",)
    assert later.due == d("2026-11-30")


def test_an_archived_case_is_closed_and_has_no_due_date() -> None:
    case = archived().at("2026-12-02")
    assert (case.status, case.closed_on, case.due, case.current) == (Status.ARCHIVED, d("2026-12-01"), None, ())


def test_an_optional_survey_is_never_waited_for_but_may_be_recorded() -> None:
    assert accepted().at("2026-11-23").stage("S03").state is Phase.OPTIONAL
    surveyed = accepted().then("2026-11-24", "done", "S03").at("2026-11-24")
    assert surveyed.stage("S03").state is Phase.DONE
    assert surveyed.current == ("S04",)


def test_whether_the_customer_has_works_to_do_is_open_until_the_scheme_says_so() -> None:
    assert accepted().at("2026-11-23").stage("S08").state is Phase.UNDECIDED
    assert answered("有").at("2026-11-24").stage("S08").state in (Phase.OPEN, Phase.PAUSED)


def test_a_case_without_customers_works_does_not_have_that_stage() -> None:
    story = answered("无")
    assert story.at("2026-11-24").stage("S08").state is Phase.NOT_HERE
    assert story.lacks("done", "S08") == ["本工单按已登记的情况不需要客户工程施工"]


# --- whose time it is


def test_while_the_customer_builds_the_case_is_paused_by_him() -> None:
    case = answered("有").at("2026-12-20")
    assert case.status is Status.PAUSED
    assert case.pause is not None
    assert (case.pause.reason, case.pause.since) == ("客户施工", d("2026-11-24"))
    assert case.due is None
    assert case.level is Level.NONE


def test_the_customers_works_are_not_in_the_sum() -> None:
    case = answered("有").then("2026-12-21", "done", "S08").at("2026-12-21")
    assert case.status is Status.OPEN
    # the works began on 24 November, before a day was used: all six are counted from the 21st on
    assert case.due == d("2026-12-28")


def test_a_pause_stops_the_clock_and_resuming_starts_it() -> None:
    story = accepted().then("2026-11-25", "paused", "S04", reason="客户补资料")
    paused = story.at("2026-12-15")
    assert (paused.status, paused.due, paused.stage("S04").state) == (Status.PAUSED, None, Phase.PAUSED)
    resumed = story.then("2026-12-02", "resumed", "S04").at("2026-12-02")
    assert (resumed.status, resumed.due) == (Status.OPEN, d("2026-12-04"))


def test_a_pause_with_an_end_lifts_itself_on_that_day() -> None:
    story = accepted().then("2026-11-25", "paused", "S04", reason="客户补资料", until="2026-12-02")
    assert story.at("2026-12-01").status is Status.PAUSED
    lifted = story.at("2026-12-02")
    assert (lifted.status, lifted.due) == (Status.OPEN, d("2026-12-04"))
    story.today = d("2026-12-03")
    assert story.lacks("resumed", "S04") == ["工单在该日未处于暂停状态，无须恢复"]


def test_a_stage_sent_back_is_begun_anew_with_its_whole_limit() -> None:
    story = answered().then("2026-11-25", "sent_back", "S11", to="S04", reason="方案线路有误")
    case = story.at("2026-11-25")
    assert case.current == ("S04",)
    assert (case.stage("S04").state, case.stage("S04").rounds) == (Phase.BACK, 2)
    assert case.due == d("2026-11-30")
    assert case.stage("S11").state is Phase.WAITING


def test_a_failed_check_can_send_the_case_back_to_the_customers_works() -> None:
    story = answered("有").then("2026-12-01", "done", "S08")
    story.then("2026-12-02", "sent_back", "S11", to="S08", reason="接地不合格")
    case = story.at("2026-12-02")
    assert case.status is Status.PAUSED
    assert set(case.current) == {"S08", "S12"}


def test_a_contract_made_void_opens_its_stage_again() -> None:
    story = signed().then("2026-11-27", "contract_void", "S12")
    case = story.at("2026-11-27")
    assert "S12" in case.current
    assert story.lacks("done", "S13", needed_facts("S13")) == ["供用电合同尚未双方签署，不能装表：请先完成合同签署"]


def test_a_case_that_runs_out_of_the_calendar_says_so_instead_of_failing() -> None:
    story = Story(today=date(2030, 12, 30)).accepted()
    case = story.at("2030-12-30")
    assert (case.due, case.level) == (None, Level.NONE)
    assert "2031" in case.trouble


def test_levels_follow_the_day() -> None:
    story = accepted()
    days = ("2026-11-24", "2026-11-26", "2026-11-27", "2026-11-30")
    assert [story.at(day).level for day in days] == [Level.NORMAL, Level.NEAR, Level.TODAY, Level.OVERDUE]


def test_a_stage_done_late_stays_late() -> None:
    late = accepted().then("2026-12-01", "done", "S04")
    assert late.at("2026-12-01").stage("S04").level is Level.OVERDUE


# --- gates and order


def test_no_contract_before_the_plan_is_answered() -> None:
    assert accepted().lacks("contract_drawn", "S12") == ["供电方案尚未答复，不能起草合同：请先登记“供电方案答复”"]
    assert answered().lacks("contract_drawn", "S12") == []


def test_no_power_before_contract_check_and_meter_and_each_is_named() -> None:
    assert answered().lacks("done", "S14", needed_facts("S14")) == [
        "供用电合同尚未双方签署，不能送电：请先完成合同签署",
        "竣工检验尚未合格，不能送电：请先登记“竣工检验”合格",
        "尚未装表，不能送电：请先登记“装表”",
    ]


def test_a_case_is_not_filed_over_a_contract_that_is_not_or_a_survey_that_nobody_made() -> None:
    contract = "供用电合同还没有归档，不能归档工单：双方签好后请先在合同页登记“归档”（档案盒号、收回份数）"
    survey = ("“现场勘查”没有办，不能归档：请按实际勘查日期补登记，确实没有勘查的，在“未办环节的说明”里写明为什么")
    facts, why = needed_facts("S15"), {"left_undone": "答复方案时已到现场核对"}
    assert energised().lacks("done", "S15", facts) == [contract, survey]
    assert energised().lacks("done", "S15", facts | why) == [contract]
    filed = energised().then("2026-12-01", "contract_filed", "S12", box="H-012")
    assert filed.lacks("done", "S15", facts) == [survey] and filed.lacks("done", "S15", facts | {"left_undone": " "})
    assert filed.then("2026-12-01", "done", "S03").lacks("done", "S15", facts) == []


def test_a_contract_that_was_signed_elsewhere_keeps_no_case_from_being_filed() -> None:
    story = answered().then("2026-11-25", "done", "S11")
    story._write("done", "S12", {})  # as an import leaves it
    story.then("2026-11-27", "done", "S13").then("2026-11-30", "done", "S14")
    assert story.lacks("done", "S15", needed_facts("S15", left_undone="原系统已勘查")) == []


def test_a_contract_is_not_ticked_by_hand() -> None:
    assert answered().lacks("done", "S12") == ["供用电合同随合同双方签署自动完成，请在合同页登记签署"]


def test_a_failed_check_does_not_finish_the_stage() -> None:
    assert answered().lacks("done", "S11", {"inspection_result": "不合格"}) == [
        "检验结论不合格的，请登记退回并写明缺陷，整改后重新检验"]


def test_a_stage_needs_its_facts_and_names_the_field() -> None:
    missing = may(PROCESS, accepted().log, "S04", "done", on=MONDAY, today=MONDAY, facts={})
    assert [m.field for m in missing] == list(PROCESS.stage("S04").required)


def test_nothing_is_recorded_in_the_future_before_acceptance_or_before_the_stage_began() -> None:
    story = answered()
    facts = needed_facts("S11")
    assert story.lacks("done", "S11", facts, d("2026-11-25")) == ["办理日期 2026-11-25 晚于今天，请改为实际办理日期"]
    assert "早于受理日期" in story.lacks("done", "S11", facts, d("2026-11-20"))[0]
    assert "自 2026-11-24 开始" in story.lacks("done", "S11", facts, d("2026-11-23"))[0]


def test_a_stage_is_done_once() -> None:
    assert answered().lacks("done", "S04", needed_facts("S04")) == ["供电方案答复已于 2026-11-24 完成，无须再次登记"]


def test_nothing_goes_on_while_paused_and_a_pause_is_not_doubled() -> None:
    story = accepted().then("2026-11-25", "paused", "S04", reason="客户缴费")
    expected = "工单自 2026-11-25 起暂停（客户缴费），请先登记恢复"
    assert expected in story.lacks("done", "S04", needed_facts("S04"))
    assert expected in story.lacks("paused", "S04", {"reason": "客户缴费"})


def test_what_was_done_before_a_lifted_pause_may_still_be_entered() -> None:
    story = accepted().then("2026-11-25", "paused", "S04", reason="客户缴费").then("2026-11-27", "resumed", "S04")
    assert story.lacks("done", "S04", needed_facts("S04"), d("2026-11-24")) == []
    assert "暂停" in story.lacks("done", "S04", needed_facts("S04"), d("2026-11-26"))[0]


def test_pauses_and_ends_take_a_reason_of_the_catalogue() -> None:
    assert "客户补资料" in accepted().lacks("paused", "S04", {"reason": "忙"})[0]
    assert accepted().lacks("ended", "S04", {}) == ["请选择终止原因：客户撤销；不予受理；其他"]
    assert accepted().lacks("ended", "S04", {"reason": "客户撤销"}) == []


def test_a_pause_does_not_end_before_it_begins() -> None:
    facts = {"reason": "客户缴费", "until": "2026-11-20"}
    assert accepted().lacks("paused", "S04", facts) == ["预计恢复日期须晚于暂停日期"]
    wrong = facts | {"until": "下周"}
    assert accepted().lacks("paused", "S04", wrong) == ["预计恢复日期不是有效日期，请按“年-月-日”填写"]


def test_a_case_is_sent_back_only_to_what_lies_before() -> None:
    later = {"to": "S14", "reason": "错"}
    assert answered().lacks("sent_back", "S11", later) == [
        "不能退回到“S14”，只能退回本环节和它之前的：S01 业务受理、S04 供电方案答复、S08 客户工程施工、S11 竣工检验"]
    assert answered().lacks("sent_back", "S11", {"to": "S04"}) == ["请填写退回原因"]


def test_nothing_happens_after_the_end() -> None:
    story = accepted().then("2026-11-24", "ended", "S04", reason="客户撤销")
    case = story.at("2026-11-25")
    assert (case.status, case.ended_reason, case.due) == (Status.ENDED, "客户撤销", None)
    for what in ("done", "paused", "resumed", "sent_back", "ended", "contract_drawn"):
        assert story.lacks(what, "S04") == ["工单已于 2026-11-24 终止，不能再登记"]


def test_a_case_with_power_is_archived_not_ended() -> None:
    assert energised().lacks("ended", "S15", {"reason": "客户撤销"}) == ["已送电的工单不能终止，请办理归档"]


def test_a_log_without_acceptance_is_our_own_fault() -> None:
    with pytest.raises(ValueError, match="acceptance"):
        state(PROCESS, [], CATALOG.calendar, MONDAY)


# --- a random walk


MOVES = st.tuples(
    st.sampled_from(["done", "done", "done", "sent_back", "paused", "resumed", "contract_drawn", "contract_signed",
                     "contract_void", "ended"]),
    st.sampled_from([stage.id for stage in PROCESS.stages]),
    st.integers(0, 4),
    st.sampled_from(["有", "无"]),
    st.sampled_from(["", "S04", "S08", "S11"]),
)


@settings(max_examples=150)
@given(st.lists(MOVES, max_size=25))
def test_on_any_walk_an_open_case_has_a_due_date_or_a_pause(moves: list[tuple[str, str, int, str, str]]) -> None:
    story = accepted()
    for what, stage, days, works, to in moves:
        story.today += timedelta(days=days)
        facts = needed_facts(stage, customer_works=works) if what == "done" else {}
        facts |= {"reason": "客户撤销" if what == "ended" else "客户补资料", "to": to}
        if not story.lacks(what, stage, facts):
            story._write(what, stage, facts)
        case = story.at(story.today.isoformat())
        _holds(case)


def _holds(case: CaseState) -> None:
    if case.status is Status.OPEN:
        assert case.due is not None
        assert case.current
    if case.status is Status.PAUSED:
        assert case.pause is not None
        assert case.pause.reason
    if case.stage("S14").state is Phase.DONE:
        assert case.stage("S11").done_on is not None
    for stage in case.stages:
        assert stage.done_on is None or (stage.began is not None and stage.began <= stage.done_on)
        assert stage.days_used >= 0
