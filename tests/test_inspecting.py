"""Rounds of inspection: who may build, what stops the clock, what must be mended, how often it passes at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from test_kinds import advance, begun
from trade import accepted_case, agreed, done, high_case, high_scheme, stage_facts

from desktop.catalog.release import load_catalog
from desktop.cli_cases import _inspection_verbs
from desktop.domain.field import samples
from desktop.domain.inspection import kilovolts
from desktop.domain.specimen import stage_specimen
from desktop.errors import Refusal
from desktop.usecases.answering import note_works
from desktop.usecases.case_listing import case, case_notices
from desktop.usecases.casework import record, state_of
from desktop.usecases.desk import Desk
from desktop.usecases.handing_over import recall
from desktop.usecases.inspecting import brought_about, conclude, first_pass, mend, overdue_defects, rounds, submit

BUILDER = samples((
    "builder_name", "builder_licence", "builder_level", "builder_scope", "builder_until", "submitted_by"))
JUDGED = {"inspected_by": "李建军", "reviewed_by": "营销李建军、运检王海", "review_opinion": "已按图施工"}
DEFECT = {"item": "进线电缆没有标识", "remedy": "悬挂标识牌", "responsible": "示例电力工程有限公司",
          "due_on": "2026-12-01"}


def planned(hall: Desk, works: str) -> str:
    """A case whose scheme is answered, with or without works of the customer's own."""
    number = accepted_case(hall).case_number
    done(hall, number, "S04", facts={"customer_works": works})
    return number


@pytest.fixture
def built(hall: Desk) -> str:
    return planned(hall, "有")


def test_what_is_handed_in_ends_the_customers_time_and_begins_ours(hall: Desk, built: str) -> None:
    assert state_of(hall, built).current == ("S08", "S12")
    made = submit(hall, built, "竣工检验", BUILDER)
    assert made.round == 1
    assert brought_about(hall, built, made) == ("客户的“客户工程施工”随报验记为完成（2026-11-23）",)
    now = state_of(hall, built)
    assert "S11" in now.current and now.stage("S08").state == "完成"


def test_a_pass_finishes_the_stage_with_what_the_opinion_says(hall: Desk, built: str) -> None:
    submit(hall, built, "final", BUILDER)
    assert conclude(hall, built, "final", "合格", JUDGED).result == "合格"
    assert state_of(hall, built).stage("S11").state == "完成"
    facts = [entry.facts for entry in case(hall, built).log if entry.stage == "S11"][-1]
    assert facts["inspection_result"] == "合格" and facts["inspected_by"] == "李建军"


def test_a_failed_round_stops_the_clock_and_the_next_begins_with_the_new_hand_in(
        hall: Desk, built: str, clock) -> None:
    submit(hall, built, "final", BUILDER)
    conclude(hall, built, "final", "不合格", JUDGED, [DEFECT])
    waiting = state_of(hall, built)
    assert "S11" not in waiting.current and "S08" in waiting.current
    clock.move(date(2026, 12, 7))
    again = submit(hall, built, "final", BUILDER)
    assert (again.round, again.submitted_on) == (2, date(2026, 12, 7))
    assert state_of(hall, built).stage("S11").began == date(2026, 12, 7)


def test_without_works_of_the_customers_own_a_failure_pauses_the_case(hall: Desk, clock) -> None:
    number = planned(hall, "无")
    submit(hall, number, "final", {"submitted_by": "马海英"})
    conclude(hall, number, "final", "不合格", JUDGED, [DEFECT])
    assert state_of(hall, number).status == "暂停" and "整改" in state_of(hall, number).pause.reason
    clock.move(date(2026, 12, 7))
    submit(hall, number, "final", {"submitted_by": "马海英"})
    now = state_of(hall, number)
    assert now.status == "在办" and now.stage("S11").began == date(2026, 12, 7)


def test_a_defect_that_nobody_saw_mended_holds_the_pass_back(hall: Desk, built: str, clock) -> None:
    submit(hall, built, "final", BUILDER)
    (defect,) = conclude(hall, built, "final", "不合格", JUDGED, [DEFECT]).defects
    clock.move(date(2026, 11, 30))
    submit(hall, built, "final", BUILDER)
    with pytest.raises(Refusal, match="缺陷 1 尚未销号：进线电缆没有标识"):
        conclude(hall, built, "final", "合格", JUDGED)
    assert rounds(hall, built)[-1].result == ""
    with pytest.raises(Refusal, match="复核人"):
        mend(hall, built, [defect.id], "")
    mend(hall, built, [defect.id], "李建军")
    assert conclude(hall, built, "final", "合格", JUDGED).round == 2
    assert rounds(hall, built)[0].defects[0].mended_on == date(2026, 11, 30)


def test_what_is_to_be_mended_is_told_when_its_day_is_over(hall: Desk, built: str, clock) -> None:
    submit(hall, built, "final", BUILDER)
    conclude(hall, built, "final", "不合格", JUDGED, [DEFECT])
    assert overdue_defects(hall) == ()
    clock.move(date(2026, 12, 2))
    (late,) = overdue_defects(hall)
    assert (late.case, late.item, late.due_on) == (built, DEFECT["item"], date(2026, 12, 1))
    mend(hall, built, [rounds(hall, built)[0].defects[0].id], "李建军")
    assert overdue_defects(hall) == ()


@pytest.mark.parametrize(("level", "voltage", "allowed"), [
    ("五级", "10kV", True), ("五级", "35kV", False), ("四级", "35kV", True), ("四级", "110kV", False),
    ("三级", "110kV", True), ("二级", "220kV", True), ("一级", "220kV", True), ("五级", "380V", True)])
def test_a_builder_may_build_up_to_the_voltage_of_his_level(level: str, voltage: str, allowed: bool) -> None:
    book = load_catalog().inspections
    lacks = book.unqualified(book.kind("final"), {**BUILDER, "builder_level": level}, voltage, date(2026, 11, 23))
    assert (lacks == ()) == allowed
    assert allowed or (level in lacks[0].sentence and "待核验" in lacks[0].sentence)


def test_a_licence_that_ran_out_is_refused_with_its_day(hall: Desk, built: str) -> None:
    with pytest.raises(Refusal, match="资质不符") as no:
        submit(hall, built, "final", {**BUILDER, "builder_until": "2026-11-22"})
    assert "2026-11-22" in no.value.missing[0].sentence and no.value.missing[0].field == "builder_until"
    with pytest.raises(Refusal) as no:
        submit(hall, built, "final", {"submitted_by": "马海英"})
    assert {lack.field for lack in no.value.missing} >= {"builder_name", "builder_licence", "builder_level"}


def test_the_voltage_of_a_supply_is_read_in_kilovolts() -> None:
    assert [kilovolts(each) for each in ("10kV", "220kV", "380V", "")] == [10, 220, 0, 0]


def test_a_failure_says_what_is_wrong_who_mends_it_and_by_when(hall: Desk, built: str) -> None:
    submit(hall, built, "final", BUILDER)
    for wrong in ([], [{"item": "没有标识"}], [{**DEFECT, "due_on": "2026-11-01"}], [{**DEFECT, "due_on": "年底"}]):
        with pytest.raises(Refusal):
            conclude(hall, built, "final", "不合格", JUDGED, wrong)
    with pytest.raises(Refusal, match="应判不合格"):
        conclude(hall, built, "final", "合格", JUDGED, [DEFECT])


def test_a_round_is_judged_once_and_handed_in_before(hall: Desk, built: str) -> None:
    with pytest.raises(Refusal, match="先登记竣工报验"):
        conclude(hall, built, "final", "合格", JUDGED)
    submit(hall, built, "final", BUILDER)
    with pytest.raises(Refusal, match="第 1 轮还没有出意见单"):
        submit(hall, built, "final", BUILDER)
    conclude(hall, built, "final", "合格", JUDGED)
    with pytest.raises(Refusal, match="已于 2026-11-23 完成"):
        submit(hall, built, "final", BUILDER)


@pytest.mark.parametrize(("on", "why"), [("2026-11-24", "晚于今天"), ("2026-11-20", "早于受理日期")])
def test_a_day_that_cannot_be_is_refused_at_either_end_of_a_round(hall: Desk, on: str, why: str) -> None:
    number, day = planned(hall, "无"), date.fromisoformat(on)
    with pytest.raises(Refusal) as refused:
        submit(hall, number, "final", {"submitted_by": "马海英"}, on=day)
    assert any(why in lack.sentence for lack in refused.value.missing)
    submit(hall, number, "final", {"submitted_by": "马海英"})
    defect = {"item": "接地电阻偏大", "responsible": "施工单位", "due_on": "2026-12-30"}
    with pytest.raises(Refusal):
        conclude(hall, number, "final", "不合格", {"inspected_by": "李晓红"}, [defect], on=day)
    assert [row.result for row in rounds(hall, number, "final")] == [""]


def test_a_kind_of_inspection_that_the_case_does_not_have_is_refused(hall: Desk, built: str) -> None:
    with pytest.raises(Refusal, match="没有设计文件审查"):
        submit(hall, built, "design", samples(("designer_name",)))
    with pytest.raises(Refusal, match="还没有轮到"):
        submit(hall, accepted_case(hall, customer_name="另一户").case_number, "final", BUILDER)


def test_what_passes_at_once_is_counted_by_its_first_round(hall: Desk, built: str, clock) -> None:
    submit(hall, built, "final", BUILDER)
    conclude(hall, built, "final", "不合格", JUDGED, [DEFECT])
    at_once, by_form = planned(hall, "有"), planned(hall, "无")
    submit(hall, at_once, "final", BUILDER)
    conclude(hall, at_once, "final", "合格", JUDGED)
    record(hall, by_form, "S11", "done", stage_facts(hall, "S11"))
    counted = {each.kind: each for each in first_pass(hall, date(2026, 11, 1), date(2026, 11, 30))}
    assert (counted["竣工检验"].judged, counted["竣工检验"].at_once, counted["竣工检验"].percent) == (3, 2, 66)
    assert counted["中间检查"].percent is None


def test_a_stage_sent_back_on_its_form_is_a_failed_round_too(hall: Desk) -> None:
    number = planned(hall, "无")
    record(hall, number, "S11", "sent_back", {"reason": "接地电阻不合格", "to": "S11"})
    record(hall, number, "S11", "done", stage_facts(hall, "S11"))
    assert [(each.round, each.result) for each in rounds(hall, number)] == [(1, "不合格"), (2, "合格")]


def test_the_morning_page_reminds_of_what_must_be_mended(hall: Desk, built: str, clock) -> None:
    from desktop.usecases.reminder_listing import reminders

    submit(hall, built, "final", BUILDER)
    conclude(hall, built, "final", "不合格", JUDGED, [DEFECT])
    assert not [each for each in reminders(hall) if each.kind == "缺陷整改"]
    clock.move(date(2026, 12, 3))
    (late,) = [each for each in reminders(hall) if each.kind == "缺陷整改"]
    assert late.number == built and "示例电力工程有限公司" in late.detail and "逾期" in late.detail


def test_works_with_hidden_parts_are_judged_three_times_each_clock_beginning_with_its_hand_in(
        hall: Desk, clock) -> None:
    process = hall.catalog.processes["high_voltage_single"]
    number = begun(hall, process, special_load="谐波")
    while "S04" not in state_of(hall, number).current:
        view = case(hall, number)
        advance(hall, view, view.state.current[0])
    scheme = {**stage_specimen(process, "S04", hall.today), "customer_works": "有", "concealed_works": "有",
              "special_load": "谐波"}
    agreed(hall, number, scheme)
    record(hall, number, "S04", "done", scheme)
    designer = samples(("designer_name", "designer_licence", "designer_level", "designer_until", "submitted_by"))
    submit(hall, number, "design", designer)
    conclude(hall, number, "design", "不合格", JUDGED, [DEFECT])
    assert "S06" in state_of(hall, number).current and "S07" not in state_of(hall, number).current
    clock.move(date(2026, 11, 26))
    submit(hall, number, "design", designer)
    mend(hall, number, [rounds(hall, number)[0].defects[0].id], "李建军")
    conclude(hall, number, "design", "合格", JUDGED)
    assert {"S08", "S09"} <= set(state_of(hall, number).current)

    clock.move(date(2026, 12, 21))
    submit(hall, number, "mid", BUILDER)
    middle = state_of(hall, number).stage("S09")
    assert (middle.began, middle.due, middle.rounds) == (date(2026, 12, 21), date(2026, 12, 23), 1)
    conclude(hall, number, "mid", "不合格", JUDGED, [{**DEFECT, "due_on": "2026-12-25"}])
    assert state_of(hall, number).status == "暂停" and "S06" not in state_of(hall, number).current
    clock.move(date(2026, 12, 28))
    submit(hall, number, "mid", BUILDER)
    assert state_of(hall, number).stage("S09").began == date(2026, 12, 28)
    mend(hall, number, [rounds(hall, number, "mid")[0].defects[0].id], "李建军")
    conclude(hall, number, "mid", "合格", JUDGED)

    record(hall, number, "S08", "done", {})
    clock.move(date(2027, 1, 11))
    submit(hall, number, "final", BUILDER)
    assert state_of(hall, number).stage("S10").state == "完成"
    assert state_of(hall, number).stage("S11").began == date(2027, 1, 11)
    conclude(hall, number, "final", "合格", JUDGED)
    assert [(each.kind, each.round, each.result) for each in rounds(hall, number)] == [
        ("design", 1, "不合格"), ("design", 2, "合格"), ("mid", 1, "不合格"), ("mid", 2, "合格"), ("final", 1, "合格")]


def test_what_a_stage_still_waits_for_is_told_at_the_hand_in_and_one_not_needed_is_not_offered(hall: Desk) -> None:
    number, scheme = high_case(hall), {**high_scheme(hall), "customer_works": "有", "concealed_works": "无"}
    agreed(hall, number, scheme)
    record(hall, number, "S04", "done", scheme)
    view = case(hall, number)
    assert view.state.stage("S07").state == "不适用" and "S06" in view.state.current
    assert not any("设计文件送审" in verb for verb in _inspection_verbs(hall, view))
    for stage in ("S06", "S08"):
        record(hall, number, stage, "done", {})
    done_too, *papers = brought_about(hall, number, submit(hall, number, "final", BUILDER))
    assert "随报验记为完成" in done_too
    assert any("竣工检验前须收到施工单位承装（修、试）许可证，由施工单位提供" in told for told in papers)


def test_works_begun_before_the_design_was_passed_are_noticed(hall: Desk) -> None:
    process = hall.catalog.processes["high_voltage_single"]
    number = begun(hall, process, special_load="谐波")
    while "S04" not in state_of(hall, number).current:
        view = case(hall, number)
        advance(hall, view, view.state.current[0])
    scheme = {**stage_specimen(process, "S04", hall.today), "customer_works": "有", "special_load": "谐波"}
    agreed(hall, number, scheme)
    record(hall, number, "S04", "done", scheme)
    assert early(hall, number) == []
    note_works(hall, number, hall.today)
    (told,) = early(hall, number)
    assert "还没有审查合格" in told and "待核验" in told


def early(hall: Desk, number: str) -> list[str]:
    return [each.sentence for each in case_notices(hall, case(hall, number)) if "未审先建" in each.sentence]


def test_a_defect_is_not_seen_mended_before_it_was_found_nor_in_an_ended_case(hall: Desk, built: str, clock) -> None:
    clock.move(date(2026, 11, 26))
    submit(hall, built, "final", BUILDER)
    (defect,) = conclude(hall, built, "final", "不合格", JUDGED, [DEFECT]).defects
    with pytest.raises(Refusal, match="2026-11-26"):
        mend(hall, built, [defect.id], "李建军", on=date(2026, 11, 25))
    record(hall, built, "S08", "ended", {"reason": "客户撤销"})
    with pytest.raises(Refusal, match="终止，不能再销号"):
        mend(hall, built, [defect.id], "李建军")


def test_the_second_round_follows_the_paper_of_the_first_and_what_was_mended(hall: Desk, built: str, clock) -> None:
    submit(hall, built, "final", BUILDER)
    clock.move(date(2026, 11, 26))
    (defect,) = conclude(hall, built, "final", "不合格", JUDGED, [DEFECT]).defects
    clock.move(date(2026, 12, 1))
    with pytest.raises(Refusal, match="竣工报验日期 2026-11-25 早于上一轮意见单（2026-11-26）"):
        submit(hall, built, "final", BUILDER, on=date(2026, 11, 25))
    submit(hall, built, "final", BUILDER, on=date(2026, 11, 27))
    mend(hall, built, [defect.id], "李建军", on=date(2026, 11, 30))
    with pytest.raises(Refusal, match="缺陷 2026-11-30 才销号"):
        conclude(hall, built, "final", "合格", JUDGED, on=date(2026, 11, 28))
    assert conclude(hall, built, "final", "合格", JUDGED, on=date(2026, 11, 30)).result == "合格"


def test_an_inspection_on_the_stages_own_form_is_not_dated_before_the_works_were_handed_in(
        hall: Desk, built: str, clock) -> None:
    clock.move(date(2026, 11, 25))
    submit(hall, built, "final", BUILDER)
    clock.move(date(2026, 11, 27))
    said = {"inspected_by": "李建军", "inspection_result": "合格"}
    with pytest.raises(Refusal, match="检验日期 2026-11-24 早于“客户工程施工”的日期 2026-11-25"):
        record(hall, built, "S11", "done", {**said, "inspected_on": "2026-11-24"})
    with pytest.raises(Refusal, match="检验日期 2026-11-26 晚于办理日期 2026-11-25"):
        record(hall, built, "S11", "done", {**said, "inspected_on": "2026-11-26"}, claimed_on=date(2026, 11, 25))
    record(hall, built, "S11", "done", {**said, "inspected_on": "2026-11-26"})


def test_a_pass_on_the_stages_own_form_bears_its_own_day_and_recalled_never_was(hall: Desk, clock) -> None:
    number = planned(hall, "无")
    day = hall.today
    clock.forward(days=5)
    said = stage_facts(hall, "S11", inspected_on=str(day + timedelta(days=3)))
    record(hall, number, "S11", "done", said)
    only, = rounds(hall, number)
    assert only.submitted_on == only.concluded_on == day + timedelta(days=3)
    recall(hall, number, "S11", "应先登记报验")
    assert rounds(hall, number) == ()
    submit(hall, number, "final", {"submitted_by": "马海英"}, on=day + timedelta(days=2))
    conclude(hall, number, "final", "合格", JUDGED, on=day + timedelta(days=3))
    recall(hall, number, "S11", "检验人记错")
    assert [(each.round, each.result) for each in rounds(hall, number)] == [(1, "")]
