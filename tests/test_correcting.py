"""An accepted application is corrected: what was said before stays readable, and what hangs on it follows."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from trade import LOW_VOLTAGE, accepted_case, colleague, done, full_survey, stage_facts

from desktop.domain.correction import first_said
from desktop.domain.field import samples
from desktop.domain.material import Mark, needed
from desktop.errors import Refusal
from desktop.usecases.answering import change_scheme
from desktop.usecases.approving import recall_scheme, submit_scheme
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.correcting import correct, correctness
from desktop.usecases.desk import Desk
from desktop.usecases.handing_over import recall
from desktop.usecases.intake import Application, MaterialMark, accept, process_of
from desktop.usecases.surveying import checklist_of
from desktop.usecases.weighing import weigh

LOADS = [{"name": "冷库压缩机", "type": "动力", "count": "2", "unit_kw": "50", "total_kw": "100", "voltage": "380V",
          "phases": "三相"}]
ASKED = {"reason": "客户增加一台冷库", "asked_by": "客户"}


def taken(desk: Desk, kind: str, **said: Any) -> str:
    """An accepted application of that kind with all its papers: its number."""
    process = process_of(desk, kind)
    answers = {**samples(process.fields), **process.presets, "wanted_on": "2026-12-20", **said}
    for name in ("yx_application", "yx_account", "yx_contract", "agent_name", "agent_id", "agent_phone", "poa_number",
                 "poa_matter", "poa_scope", "poa_from", "poa_until", "poa_signed"):
        answers.pop(name, None)
    marks = {paper.code: MaterialMark(Mark.RECEIVED) for paper in needed(process.materials, answers)}
    return accept(desk, Application(kind, answers, marks)).case_number


def test_a_corrected_answer_is_the_application_now_and_the_first_one_stays_readable(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    before = dict(case(hall, number).answers)
    made = correct(hall, number, {"capacity_kw": "100", "loads": LOADS}, **ASKED)
    view = case(hall, number)
    assert (view.answers["capacity_kw"], view.answers["loads"], view.row.capacity) == ("100", LOADS, "100 kW")
    assert first_said(view.answers, view.log) == before
    assert [(each.label, each.before, each.after) for each in made.correction.changes if each.field == "capacity_kw"] \
        == [("申请容量", "80 kW", "100 kW")]
    (told,) = correctness(hall, number).made
    assert (told.reason, told.asked_by, told.clerk, told.on) == ("客户增加一台冷库", "客户", "示范员", hall.today)


def test_corrections_follow_one_another_and_each_keeps_what_it_took_the_place_of(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    for capacity in ("100", "120"):
        correct(hall, number, {"capacity_kw": capacity, "loads": []}, **ASKED)
    found = correctness(hall, number)
    assert [[change.after for change in each.changes if change.field == "capacity_kw"] for each in found.made] == [
        ["100 kW"], ["120 kW"]]
    assert (found.first["capacity_kw"], found.said["capacity_kw"]) == ("80", "120")
    assert found.first["loads"] and "loads" not in found.said


def test_the_verdicts_weigh_what_the_application_says_now(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    scheme = stage_facts(hall, "S04")

    def oversize() -> str:
        return next(v.why for v in weigh(hall, number, scheme) if v.rule == "oversize")

    assert "计算负荷 80 kW" in oversize()
    correct(hall, number, {"capacity_kw": "100", "loads": LOADS}, **ASKED)
    assert "计算负荷 100 kW" in oversize()


def test_equipment_found_on_site_goes_first_until_the_application_is_corrected(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    found = [{**LOADS[0], "unit_kw": "60", "total_kw": "120"}]
    facts = full_survey(hall, number, survey_loads=found)
    for row in facts["survey_items"]:
        if "设备清单" in row["question"]:
            row.update(answer="不符合", note="多一台压缩机")
    record(hall, number, "S03", "done", facts)

    def drawn() -> str:
        return next(v.why for v in weigh(hall, number, stage_facts(hall, "S04")) if v.rule == "oversize")

    assert "计算负荷 120 kW" in drawn()
    assert list(correctness(hall, number).found) == found
    correct(hall, number, {"loads": LOADS, "capacity_kw": "100"}, reason="与客户核对，一台拆除", asked_by="现场勘查")
    assert "计算负荷 100 kW" in drawn()


def test_what_may_be_corrected_ends_with_its_stage_and_opens_with_a_change_of_the_scheme(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    assert {"capacity_kw", "loads", "contact_phone"} <= set(correctness(hall, number).fields)
    done(hall, number, "S04")
    assert "capacity_kw" not in correctness(hall, number).fields
    assert "contact_phone" in correctness(hall, number).fields
    with pytest.raises(Refusal, match="不能更正") as no:
        correct(hall, number, {"capacity_kw": "100"}, **ASKED)
    assert "供电方案答复已经完成" in no.value.missing[0].sentence and "变更供电方案" in no.value.missing[0].sentence
    change_scheme(hall, number, reason="客户增容", asked_by="客户", cost="无", days="无")
    correct(hall, number, {"capacity_kw": "100", "loads": LOADS}, **ASKED)
    assert case(hall, number).answers["capacity_kw"] == "100"


@pytest.mark.parametrize(("change", "said", "why"), [
    ({"capacity_kw": "100"}, {"reason": " "}, "更正的原因"),
    ({"capacity_kw": "80"}, {}, "没有要更正的内容"),
    ({"capacity_kw": " 80 "}, {}, "没有要更正的内容"),
    ({"capacity_kw": "100"}, {"asked_by": "邻居"}, "由谁提出"),
    ({"contact_phone": "13900000000"}, {"asked_by": "现场勘查"}, "由谁提出"),
    ({"customer_name": "另一户"}, {}, "受理以后不能更正"),
    ({"capacity_kva": "100"}, {}, "申请里没有"),
    ({"capacity_kw": "一百"}, {}, "不能这样更正"),
    ({"capacity_kw": ""}, {}, "请填写申请容量"),
    ({"voltage": "10kV"}, {}, "按高压业务办理"),
    ({"capacity_kw": "100"}, {"claimed_on": date(2026, 12, 1)}, "更正日期"),
])
def test_a_correction_that_cannot_be_is_refused_and_changes_nothing(
        hall: Desk, change: dict[str, str], said: dict[str, Any], why: str) -> None:
    number = accepted_case(hall).case_number
    with pytest.raises(Refusal) as no:
        correct(hall, number, change, **{**ASKED, **said})
    told = no.value.sentence + "".join(lack.sentence for lack in no.value.missing)
    assert why in told, told
    assert case(hall, number).answers["capacity_kw"] == "80" and not correctness(hall, number).made


def test_a_capacity_that_another_kind_would_be_needed_for_is_told(hall: Desk) -> None:
    number = taken(hall, "small_business_new", capacity_kw="160", loads=[])
    with pytest.raises(Refusal) as no:
        correct(hall, number, {"capacity_kw": "161"}, **ASKED)
    assert "160 千瓦及以下" in no.value.missing[0].sentence and "按低压非居民或高压办理" in no.value.missing[0].sentence
    large = accepted_case(hall).case_number
    told = correct(hall, large, {"capacity_kw": "200", "loads": []}, **ASKED).notices
    assert any("超过 380V 供电通常的上限 160 kW" in each.sentence for each in told)


def test_papers_that_the_new_answers_ask_for_are_listed_and_those_no_longer_asked_are_not(hall: Desk) -> None:
    number = taken(hall, "high_voltage_single", capacity_kva="800", loads=[dict(LOADS[0])])
    before = {row.name for row in case(hall, number).materials if row.state == "未收"}
    made = correct(hall, number, {"high_energy": "是", "important_level": "二级", "emergency_load_kw": "60"}, **ASKED)
    after = {row.name: row for row in case(hall, number).materials if row.state == "未收"}
    assert made.papers and set(made.papers) == set(after) - before
    assert all(after[name].open or after[name].stage for name in made.papers)
    correct(hall, number, {"high_energy": "否", "important_level": "非重要"}, **ASKED)
    left = {row.name: row for row in case(hall, number).materials}
    assert all((left[name].state, left[name].open) == ("不需", False) for name in made.papers)


def test_stages_and_promised_dates_follow_what_is_corrected(hall: Desk) -> None:
    number = taken(hall, "high_voltage_single", capacity_kva="800", loads=[dict(LOADS[0])])
    was = {row["label"]: row["due"] for row in case(hall, number).promises}
    made = correct(hall, number, {"important_level": "一级", "emergency_load_kw": "60"}, **ASKED)
    view = case(hall, number)
    now = {row["label"]: row["due"] for row in view.promises}
    assert (now != was) == bool(made.dates)
    assert view.process.expects("S07", view.answers)


def test_a_scheme_under_approval_holds_a_correction_back_until_it_is_recalled(hall: Desk) -> None:
    number = taken(hall, "high_voltage_single", capacity_kva="800", loads=[dict(LOADS[0])])
    record(hall, number, "S03", "done", full_survey(hall, number))
    scheme = samples(process_of(hall, "high_voltage_single").stage("S04").fields)
    submit_scheme(hall, number, scheme)
    with pytest.raises(Refusal, match="先撤回审批"):
        correct(hall, number, {"capacity_kva": "630"}, **ASKED)
    recall_scheme(hall, number, "客户改容量")
    correct(hall, number, {"capacity_kva": "630"}, **ASKED)
    assert case(hall, number).row.capacity == "630 kVA"


def test_a_closed_case_is_not_corrected(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    record(hall, number, "S04", "ended", {"reason": case(hall, number).process.end_reasons[0]})
    with pytest.raises(Refusal, match="，不能再更正申请"):
        correct(hall, number, {"capacity_kw": "100"}, **ASKED)


def test_pressing_twice_corrects_once(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    for _ in range(2):
        correct(colleague(hall, "客户经理"), number, {"capacity_kw": "100", "loads": []}, **ASKED, request_id="once")
    assert len(correctness(hall, number).made) == 1


def test_every_field_of_a_kind_is_either_correctable_or_says_why_not(hall: Desk) -> None:
    process = process_of(hall, LOW_VOLTAGE)
    number = accepted_case(hall).case_number
    for name in set(process.fields) - set(correctness(hall, number).fields):
        with pytest.raises(Refusal) as no:
            correct(hall, number, {name: "换一个"}, **ASKED)
        assert no.value.missing and no.value.missing[0].sentence


def test_what_must_be_looked_at_since_a_correction_is_surveyed_before_the_scheme_is_answered(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    record(hall, number, "S03", "done", full_survey(hall, number))
    correct(hall, number, {"important_level": "二级"}, **ASKED)
    wanted = "V11“负荷等级、保安负荷和自备应急电源已查明”还没有结论：.*请召回或退回“现场勘查”补上"
    assert any(re.search(wanted, lack.sentence) for lack in case(hall, number).missing_next)
    for door in (lambda: submit_scheme(hall, number, stage_facts(hall, "S04")),
                 lambda: record(hall, number, "S04", "done", stage_facts(hall, "S04"))):
        with pytest.raises(Refusal) as no:
            door()
        assert any(re.search(wanted, lack.sentence) for lack in no.value.missing)
    recall(hall, number, "S03", "补查负荷等级")
    begins = checklist_of(hall, number)
    assert {row["item"]: row["answer"] for row in begins}["V11"] == ""
    assert {row["answer"] for row in begins if row["item"] != "V11"} == {"符合"}  # what was found stays
    record(hall, number, "S03", "done", full_survey(hall, number))
    assert not any("勘查清单" in lack.sentence for lack in case(hall, number).missing_next)
    submit_scheme(hall, number, stage_facts(hall, "S04"))
