"""A 供电方案 from survey to signature: surveys without holes, versions, terms, papers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trade import (
    accepted_case,
    agreed,
    answered_case,
    approved,
    colleague,
    done,
    full_survey,
    high_case,
    high_scheme,
    signed,
    stage_facts,
)

from desktop.domain.scheme import changes, later
from desktop.domain.survey import differences
from desktop.errors import Refusal
from desktop.usecases.answering import change_scheme, extend_scheme, note_opinion, note_works, story
from desktop.usecases.approving import (
    agree,
    submit_scheme,
)
from desktop.usecases.case_listing import case, case_notices
from desktop.usecases.casework import record, state_of
from desktop.usecases.contracting import draw_up
from desktop.usecases.desk import Desk
from desktop.usecases.papering import paper_bytes
from desktop.usecases.scheme_papers import make_extension, make_reply, make_review, make_survey_sheet
from desktop.usecases.signing import void
from desktop.usecases.surveying import appoint_survey, appointment, checklist_of
from desktop.usecases.weighing import propose, survey_found, weigh
from printing.raster import page_text

FOUND = [{"name": "冷库压缩机", "count": "3", "unit_kw": "40", "total_kw": "120"}]


def told(paper: Any, desk: Desk) -> str:
    return "".join("".join(page_text(paper_bytes(desk, paper.id))).split())




# ---- survey

def test_a_survey_with_a_hole_is_not_closed_and_the_hole_is_named(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    facts = full_survey(hall, number)
    facts["survey_items"][1]["answer"] = ""
    facts["survey_items"][2] |= {"answer": "不符合", "note": ""}
    with pytest.raises(Refusal) as refused:
        record(hall, number, "S03", "done", facts)
    first, second = (lack.sentence for lack in refused.value.missing)
    assert "V02" in first and "还没有结论" in first and "V03" in second and "写明情况" in second
    record(hall, number, "S03", "done", full_survey(hall, number))
    assert case(hall, number).state.stage("S03").state == "完成"


def test_a_site_that_is_not_ready_says_why_and_its_scheme_fails(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    with pytest.raises(Refusal, match="现场勘查"):
        record(hall, number, "S03", "done",
               full_survey(hall, number, survey_ready="不具备供电条件", survey_result=""))
    record(hall, number, "S03", "done",
           full_survey(hall, number, survey_ready="不具备供电条件", survey_result="公变满载"))
    assert "公变满载" in {v.rule: v.why for v in weigh(hall, number, stage_facts(hall, "S04"))}["survey"]


def test_equipment_that_is_not_on_site_as_applied_for_is_shown_and_weighed(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    facts = full_survey(hall, number, survey_loads=FOUND)
    (difference,), holes = survey_found(hall, number, facts)
    assert difference.sentence == "冷库压缩机：申请 80 kW，现场 120 kW（现场较大）" and holes == ()
    record(hall, number, "S03", "done", facts)
    verdict = {v.rule: v for v in weigh(hall, number, stage_facts(hall, "S04"))}["oversize"]
    assert verdict.result == "不符" and "计算负荷 120 kW" in verdict.why


def test_equipment_said_to_differ_must_be_listed(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    facts = full_survey(hall, number)
    facts["survey_items"][1] |= {"answer": "不符合", "note": "多一台"}
    with pytest.raises(Refusal) as refused:
        record(hall, number, "S03", "done", facts)
    assert [lack.field for lack in refused.value.missing] == ["survey_loads"]


rows = st.lists(st.fixed_dictionaries({"name": st.sampled_from("甲乙丙丁"), "total_kw": st.integers(1, 9).map(str)}),
                min_size=1, max_size=8)


@given(applied=rows, found=rows)
def test_differences_are_just_those_names_whose_sums_differ(applied: Any, found: Any) -> None:
    def total(lines: Any, name: str) -> int:
        return sum(int(line["total_kw"]) for line in lines if line["name"] == name)

    told = {d.name: (d.applied_kw, d.found_kw) for d in differences(applied, found)}
    assert told == {name: (total(applied, name), total(found, name)) for name in "甲乙丙丁"
                    if total(applied, name) != total(found, name)}


def test_a_survey_is_appointed_and_its_sheet_goes_along_with_boxes_to_tick(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    appoint_survey(hall, number, date(2026, 11, 25), "李建军")
    assert appointment(case(hall, number).log) == {"on": "2026-11-25", "by": "李建军", "note": ""}
    sheet = told(make_survey_sheet(hall, number), hall)
    assert "2026年11月25日李建军" in sheet and sheet.count("□符合") == len(checklist_of(hall, number))
    with pytest.raises(Refusal, match="已经过去"):
        appoint_survey(hall, number, date(2026, 11, 20), "李建军")
    record(hall, number, "S03", "done", full_survey(hall, number, survey_loads=FOUND))
    sheet = told(make_survey_sheet(hall, number), hall)
    assert "□符合" not in sheet and "120" in sheet


# ---- versions, opinion, term

def test_a_version_says_what_changed_why_who_asked_and_at_what_cost(hall: Desk) -> None:
    number = answered_case(hall)
    change_scheme(hall, number, reason="客户增加冷库", asked_by="客户", cost="增加 2000 元", days="延长 2 个工作日")
    done(hall, number, "S04", facts={"scheme_line": "10kV 城东线"})
    first, second = story(hall, number).versions
    assert first.facts["scheme_line"] == "10kV 绿洲路线" and first.changes == ()
    assert [(c.label, c.before, c.after) for c in second.changes] == [("供电线路", "10kV 绿洲路线", "10kV 城东线")]
    assert (second.why, second.asked_by, second.cost, second.days) == (
        "客户增加冷库", "客户", "增加 2000 元", "延长 2 个工作日")


def test_a_change_without_its_reason_is_refused_and_says_all_that_is_missing(hall: Desk) -> None:
    number = answered_case(hall)
    with pytest.raises(Refusal) as refused:
        change_scheme(hall, number, reason="", asked_by="邻居", cost="", days="")
    assert [lack.field for lack in refused.value.missing] == ["reason", "asked_by", "cost", "days"]
    fresh = accepted_case(hall, customer_name="另一户").case_number
    with pytest.raises(Refusal, match="还没有答复，直接修改"):
        change_scheme(hall, fresh, reason="改", asked_by="客户", cost="无", days="无")


def test_the_second_change_is_warned_of(hall: Desk) -> None:
    number = answered_case(hall)
    why = {"reason": "客户要求", "asked_by": "客户", "cost": "无", "days": "无"}
    assert change_scheme(hall, number, **why) == ""
    done(hall, number, "S04")
    assert "第 2 次变更" in story(hall, number).warning
    assert "第 2 次变更" in change_scheme(hall, number, **why)


def test_the_customers_opinion_stands_with_its_version(hall: Desk) -> None:
    number = answered_case(hall)
    with pytest.raises(Refusal, match="异议"):
        note_opinion(hall, number, "异议", signed_by="马海英")
    note_opinion(hall, number, "异议", signed_by="马海英", text="要求改接城东线")
    change_scheme(hall, number, reason="客户异议", asked_by="客户", cost="无", days="无")
    done(hall, number, "S04", facts={"scheme_line": "10kV 城东线"})
    note_opinion(hall, number, "同意", signed_by="马海英")
    first, second = story(hall, number).versions
    assert (first.opinion.word, first.opinion.text, first.opinion.signed_by) == ("异议", "要求改接城东线", "马海英")
    assert second.opinion.word == "同意" and second.opinion.signed_on == hall.today


def test_a_scheme_stands_three_months_at_low_voltage_and_a_year_at_high(hall: Desk) -> None:
    low, high = accepted_case(hall).case_number, high_case(hall)
    done(hall, low, "S04", facts={"scheme_valid_until": ""})
    scheme = high_scheme(hall)
    agreed(hall, high, scheme)
    record(hall, high, "S04", "done", scheme)
    assert story(hall, low).term.until == date(2027, 2, 23)
    assert story(hall, high).term.until == date(2027, 11, 23)


def test_an_expired_scheme_with_nothing_begun_is_void_and_a_new_version_is_needed(hall: Desk, clock: Any) -> None:
    number = answered_case(hall)
    clock.move(date(2027, 2, 26))
    assert story(hall, number).is_void
    with pytest.raises(Refusal, match="方案已作废"):
        done(hall, number, "S11")
    with pytest.raises(Refusal, match="方案已作废"):
        draw_up(hall, number)
    assert any("作废" in lack.sentence for lack in case(hall, number).missing_next)
    change_scheme(hall, number, reason="原方案到期", asked_by="供电企业", cost="无", days="无")
    done(hall, number, "S04", facts={"scheme_valid_until": ""})
    assert story(hall, number).term.until == date(2027, 5, 26)
    done(hall, number, "S11")


def test_works_begun_in_time_keep_the_scheme_alive(hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04", facts={"customer_works": "有"})
    clock.move(date(2027, 3, 10))
    with pytest.raises(Refusal, match="有效期"):
        note_works(hall, number, date(2027, 3, 1))
    assert note_works(hall, number, date(2027, 2, 20)).started_on == date(2027, 2, 20)
    done(hall, number, "S08", "S11")


def test_an_extension_is_asked_for_ten_days_before_and_no_longer_than_the_first_term(hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04", facts={"scheme_valid_until": ""})
    clock.move(date(2027, 2, 13))
    with pytest.raises(Refusal, match="最晚到 2027-05-23"):
        extend_scheme(hall, number, date(2027, 6, 1), reason="设计未完成")
    with pytest.raises(Refusal, match="原因"):
        extend_scheme(hall, number, date(2027, 5, 23), reason="")
    assert extend_scheme(hall, number, date(2027, 5, 23), reason="设计未完成").until == date(2027, 5, 23)
    paper = told(make_extension(hall, number), hall)
    assert "延长至2027年5月23日" in paper and "因设计未完成" in paper
    clock.move(date(2027, 3, 1))
    assert not story(hall, number).is_void


def test_an_extension_asked_for_too_late_is_refused_with_the_last_day(hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04", facts={"scheme_valid_until": ""})
    clock.move(date(2027, 2, 14))
    with pytest.raises(Refusal, match="2027-02-13 及以前"):
        extend_scheme(hall, number, date(2027, 5, 23), reason="设计未完成")


@given(day=st.dates(date(2020, 1, 1), date(2060, 1, 1)), months=st.integers(1, 24))
def test_a_term_of_months_ends_on_its_day_or_on_the_months_last(day: date, months: int) -> None:
    end = later(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day == day.day or (end.day < day.day and date.fromordinal(end.toordinal() + 1).day == 1)


# ---- proposals and papers

def test_a_proposal_follows_from_the_application(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    found = {p.field: p.value for p in propose(hall, number, {})}
    assert (found["voltage"], found["ct_ratio"], found["metering_mode"]) == ("380V", "150/5", "低供低计")


def test_the_reply_says_version_term_sources_and_what_changed(hall: Desk) -> None:
    number = answered_case(hall)
    first = told(make_reply(hall, number), hall)
    assert "第1版" in first and "与上一版的不同" not in first
    for word in ("绿洲南路3号公变", "有效期：自答复之日起三个月，至2027年2月23日", "第1页共1页"):
        assert word in first
    change_scheme(hall, number, reason="客户增加冷库", asked_by="客户", cost="无", days="无")
    done(hall, number, "S04", facts={"scheme_line": "10kV 城东线", "backup_source": ""})
    second = told(make_reply(hall, number), hall)
    assert "第2版" in second and "10kV绿洲路线10kV城东线" in second and "由客户提出" in second


def test_the_high_voltage_reply_lists_sources_and_transformers(hall: Desk) -> None:
    number, scheme = high_case(hall), high_scheme(hall)
    agreed(hall, number, scheme)
    record(hall, number, "S04", "done", scheme)
    paper = told(make_reply(hall, number), hall)
    for word in ("高压供电方案答复单", "SCB14-400/10", "10kV青海湖路线", "自答复之日起一年，至2027年11月23日",
                 "定比：照明用电占10%；定量：路灯每月200千瓦时", "公线，电缆"):
        assert word in paper


def test_a_scheme_answered_for_less_than_its_rule_is_not_told_as_a_year(hall: Desk) -> None:
    number, scheme = high_case(hall), high_scheme(hall, scheme_valid_until="2027-02-11")
    agreed(hall, number, scheme)
    record(hall, number, "S04", "done", scheme)
    paper = told(make_reply(hall, number), hall)
    assert "本方案的有效期：至2027年2月11日" in paper and "一年" not in paper


def test_a_scheme_paper_asked_for_again_unchanged_is_the_kept_one(hall: Desk) -> None:
    number = answered_case(hall)
    assert make_reply(hall, number) == make_reply(hall, number)
    assert make_survey_sheet(hall, number) == make_survey_sheet(hall, number)
    change_scheme(hall, number, reason="客户增加冷库", asked_by="客户", cost="无", days="无")
    done(hall, number, "S04", facts={"scheme_line": "10kV 城东线"})
    make_reply(hall, number)
    assert [paper.kind for paper in case(hall, number).papers].count("scheme_reply_low") == 2


def test_the_internal_sheet_holds_every_verdict_and_every_posts_word(hall: Desk) -> None:
    number, scheme = high_case(hall), high_scheme(hall)
    agreed(hall, number, scheme)
    paper = told(make_review(hall, number), hall)
    for verdict in weigh(hall, number, scheme):
        assert verdict.name in paper and "".join(verdict.why.split()) in paper
    assert "主管" in paper and "调控专责" in paper and "已通过" in paper


def test_a_signed_contract_is_not_undone_by_the_schemes_term(hall: Desk, clock: Any) -> None:
    from trade import signed

    approved(hall)
    key = signed(hall)
    clock.move(date(2027, 6, 1))
    number = waiting_case(hall)
    assert not story(hall, number).is_void
    done(hall, number, "S11")
    assert key


def waiting_case(desk: Desk) -> str:
    from desktop.usecases.case_listing import CaseFilter, cases

    return cases(desk, CaseFilter()).rows[0].number


def test_a_scheme_by_which_a_contract_was_signed_is_not_changed_under_it(hall: Desk) -> None:
    key = signed(hall)
    number, said = waiting_case(hall), {"reason": "客户要求", "asked_by": "客户", "cost": "无", "days": "无"}
    with pytest.raises(Refusal, match="不能直接变更方案") as no:
        change_scheme(hall, number, **said)
    assert key in no.value.missing[0].sentence and "“作废”" in no.value.missing[0].sentence
    void(hall, key, "客户要求变更方案")
    change_scheme(hall, number, **said)
    assert state_of(hall, number).stage("S04").state == "退回"


def test_what_was_agreed_to_on_paper_is_entered_later_with_its_own_days(hall: Desk, clock: Any) -> None:
    number = high_case(hall)
    day = hall.today
    clock.forward(days=7)
    first = submit_scheme(hall, number, high_scheme(hall), on=day + timedelta(days=1))
    asked = [each.post for each in first.asked]
    with pytest.raises(Refusal, match="早于提交审批的日期 2026-11-24"):
        agree(colleague(hall, asked[0]), number, on=day)
    with pytest.raises(Refusal, match="晚于今天"):
        agree(colleague(hall, asked[0]), number, on=day + timedelta(days=8))
    for post in asked:
        agree(colleague(hall, post), number, on=day + timedelta(days=2))
    with pytest.raises(Refusal, match="2026-11-25 才审批通过"):
        record(hall, number, "S04", "done", high_scheme(hall), claimed_on=day + timedelta(days=1))
    now = record(hall, number, "S04", "done", high_scheme(hall), claimed_on=day + timedelta(days=2))
    assert now.stage("S04").done_on == day + timedelta(days=2)


# ---- reminders

def reminded(desk: Desk, kind: str) -> list[Any]:
    from desktop.usecases.reminder_listing import reminders

    return [each for each in reminders(desk) if each.kind == kind]


def test_what_waits_for_a_post_is_among_the_reminders_until_it_has_answered(hall: Desk, clock: Any) -> None:
    number = high_case(hall)
    submit_scheme(hall, number, high_scheme(hall))
    assert {(r.handler, r.urgency.word) for r in reminded(hall, "方案待审批")} == {
        ("主管", "关注"), ("运检专责", "关注"), ("调控专责", "关注")}
    clock.move(date(2026, 11, 25))
    agree(colleague(hall, "主管"), number)
    left = reminded(hall, "方案待审批")
    assert {(r.handler, r.urgency.word, r.days_left) for r in left} == {
        ("运检专责", "逾期", -1), ("调控专责", "逾期", -1)}


@pytest.mark.parametrize(("day", "word"), [
    (date(2027, 1, 23), None), (date(2027, 1, 24), "30 天内"), (date(2027, 2, 8), "15 天内"),
    (date(2027, 2, 13), "10 天内"), (date(2027, 2, 23), "10 天内"), (date(2027, 2, 24), "已作废")])
def test_a_scheme_is_reminded_of_thirty_fifteen_and_ten_days_before_its_end(
        hall: Desk, clock: Any, day: date, word: str | None) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04", facts={"scheme_valid_until": ""})
    clock.move(day)
    assert [r.word for r in reminded(hall, "方案到期")] == ([word] if word else [])


def test_nobody_is_reminded_of_a_scheme_that_is_being_built_or_of_a_closed_case(hall: Desk, clock: Any) -> None:
    built = answered_case(hall)
    ended = answered_case(hall, customer_name="另一户", customer_id="11010519491231002X", customer_id_kind="身份证")
    done(hall, built, "S11")
    record(hall, ended, "S11", "ended", {"reason": "客户撤销"})
    clock.move(date(2027, 2, 20))
    assert reminded(hall, "方案到期") == []


# ---- what changed from one version to the next

SOURCES = [{"number": "电源一", "nature": "主供", "station": "甲变", "kva": "800"},
           {"number": "电源二", "nature": "备用", "station": "乙变", "kva": "400"}]


def told_changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each.label, each.before, each.after) for each in changes(before, after)]


def test_a_list_is_compared_row_by_row_and_only_what_differs_is_told() -> None:
    now = [SOURCES[0], {**SOURCES[1], "kva": "630", "station": "丙变"}]
    assert told_changes({"sources": SOURCES}, {"sources": now}) == [
        ("供电电源：电源二", "变电站 乙变，容量 400 kVA", "变电站 丙变，容量 630 kVA")]


def test_rows_that_came_or_went_are_told_whole_and_their_order_is_no_change() -> None:
    more = {"number": "电源三", "nature": "保安", "station": "丙变"}
    assert told_changes({"sources": SOURCES}, {"sources": [*reversed(SOURCES), more]}) == [
        ("供电电源：电源三", "—", "电源 电源三，性质 保安，变电站 丙变")]
    assert told_changes({"sources": SOURCES}, {"sources": SOURCES[:1]}) == [
        ("供电电源：电源二", "电源 电源二，性质 备用，变电站 乙变，容量 400 kVA", "—")]


def test_rows_without_names_of_their_own_are_compared_by_their_places() -> None:
    two = [{"model": "S20-400/10", "count": "1", "kva": "400"}] * 2
    now = [two[0], {"model": "S20-630/10", "count": "1", "kva": "630"}]
    assert told_changes({"transformers": two}, {"transformers": now}) == [
        ("受电变压器：第 2 行", "型号 S20-400/10，单台容量 400 kVA", "型号 S20-630/10，单台容量 630 kVA")]


def test_a_field_that_came_or_went_is_told_with_its_unit() -> None:
    assert told_changes({"scheme_capacity_kva": "800"}, {"scheme_capacity_kva": "1000", "ct_ratio": "75/5"}) == [
        ("受电总容量", "800 kVA", "1000 kVA"), ("电流互感器变比", "—", "75/5")]


# ---- what is said too late, too early, or of a case that came to nothing


def test_an_objection_is_asked_about_until_it_is_answered(hall: Desk) -> None:
    number = answered_case(hall)

    def asked() -> list[str]:
        return [each.sentence for each in case_notices(hall, case(hall, number)) if "异议" in each.sentence]

    note_opinion(hall, number, "异议", signed_by="马海英", text="要求改接城东线")
    assert len(asked()) == 1 and "要求改接城东线" in asked()[0]
    change_scheme(hall, number, reason="客户异议", asked_by="客户", cost="无", days="无")
    assert asked() == []
    with pytest.raises(Refusal, match="第 1 版方案正在变更"):
        note_opinion(hall, number, "同意", signed_by="马海英")
    done(hall, number, "S04")
    note_opinion(hall, number, "同意", signed_by="马海英")
    assert asked() == []


def test_nothing_is_said_of_the_scheme_of_a_case_that_was_ended(hall: Desk, clock: Any) -> None:
    number = answered_case(hall)
    record(hall, number, state_of(hall, number).current[0], "ended", {"reason": "客户撤销"})
    clock.forward(days=1)
    before = len(case(hall, number).log)
    for deed in (lambda: note_opinion(hall, number, "同意", signed_by="马海英"),
                 lambda: note_works(hall, number, hall.today),
                 lambda: extend_scheme(hall, number, date(2027, 3, 1), reason="设备未到")):
        with pytest.raises(Refusal, match="2026-11-23 终止"):
            deed()
    assert len(case(hall, number).log) == before


def test_an_extension_is_not_asked_for_before_the_scheme_was_answered(hall: Desk) -> None:
    number = answered_case(hall)
    with pytest.raises(Refusal, match="早于方案答复") as why:
        extend_scheme(hall, number, date(2027, 3, 1), reason="设备未到", asked_on=hall.today - timedelta(days=1))
    assert why.value.field == "asked_on"


@pytest.mark.parametrize(("until", "why"), [
    ("2026-11-23", "应晚于答复日期"), ("2027-02-24", "超过 3 个月，最晚到 2027-02-23")])
def test_a_written_term_is_neither_over_at_once_nor_longer_than_the_rules(hall: Desk, until: str, why: str) -> None:
    number = accepted_case(hall).case_number
    with pytest.raises(Refusal) as refused:
        record(hall, number, "S04", "done", {**stage_facts(hall, "S04"), "scheme_valid_until": until})
    assert [(lack.field, why in lack.sentence) for lack in refused.value.missing] == [("scheme_valid_until", True)]
    record(hall, number, "S04", "done", {**stage_facts(hall, "S04"), "scheme_valid_until": "2027-02-23"})
    assert str(story(hall, number).term.until) == "2027-02-23"
