"""Survey, weighing, approval and a new version of a scheme on the command line."""

from __future__ import annotations

import json
from typing import Any


def accepted(opened: Any, answers: Any) -> str:
    said = opened("--json", "accept", "--answers", answers("accept"))
    assert said.code == 0, said.err
    return str(said.data["case"])


def test_a_scheme_is_weighed_answered_changed_and_its_papers_written(opened: Any, answers: Any, tmp_path: Any) -> None:
    case = accepted(opened, answers)
    weighed = opened("weigh", case, "--answers", answers("scheme"))
    assert weighed.code == 0 and "通过  供电电压" in weighed.out and "按负荷的建议值" in weighed.out
    submitted = opened("submit-scheme", case, "--answers", answers("scheme"))
    assert submitted.code == 0 and "已通过" in submitted.out and "低压小容量方案免审" in submitted.out
    assert opened("stage", case, "S04", "--done", "--answers", answers("scheme")).code == 0
    assert opened("opinion", case, "异议", "--signed-by", "马海英").code == 1
    assert opened("opinion", case, "异议", "--signed-by", "马海英", "--text", "改接城东线").code == 0
    changed = opened("change-scheme", case, "--reason", "客户异议", "--by", "客户", "--cost", "无", "--days", "无")
    assert changed.code == 0, changed.err
    again = answers("scheme", scheme_line="10kV 城东线")
    assert opened("stage", case, "S04", "--done", "--answers", again).code == 0
    told = opened("scheme", case)
    assert "2 版" in told.out and "→ 10kV 城东线" in told.out and "客户异议 改接城东线 马海英" in told.out
    out = tmp_path / "reply.pdf"
    assert opened("scheme-paper", case, "reply", "--out", out).code == 0 and out.read_bytes()[:4] == b"%PDF"


def test_more_than_was_applied_for_is_told_where_the_scheme_is_made_and_with_the_way(
        opened: Any, answers: Any) -> None:
    case = accepted(opened, answers)  # 80 kW
    more = answers("scheme", scheme_capacity_kw="95")
    told = "95 kW 大于申请容量 80 kW：请把核定容量改小；确要这么大的，先更正申请的容量（命令行 yekuo correct）"
    assert told in opened("weigh", case, "--answers", more).out
    for verb in (["submit-scheme", case], ["stage", case, "S04", "--done"]):
        said = opened(*verb, "--answers", more)
        assert (said.code, told in said.err) == (1, True), said.err


def test_what_is_weighed_is_held_to_the_same_words_as_what_is_answered(opened: Any, answers: Any) -> None:
    case = accepted(opened, answers)
    for wrong in ({"scheme_capacity_kw": "-95"}, {"scheme_capacity_kw": "九十五"}, {"meters": "x"},
                  {"scheme_valid_until": "2026-02-30"}, {"reading_day": "35"}):
        file = answers("scheme", **wrong)
        weighed, done = (opened(*verb, "--answers", file) for verb in (
            ["weigh", case], ["stage", case, "S04", "--done"]))
        assert (weighed.code, done.code) == (1, 1), wrong
        assert weighed.err.split("\n")[1:] == done.err.split("\n")[1:], wrong


def test_an_application_is_corrected_and_what_it_said_first_is_told(opened: Any, answers: Any, tmp_path: Any) -> None:
    case = accepted(opened, answers)
    assert "申请容量" in opened("correct", case).out
    file = tmp_path / "change.json"
    file.write_text(json.dumps({"capacity_kw": "100", "loads": []}), "utf-8")
    refused = opened("correct", case, "--answers", file, "--reason", "客户增加设备")
    assert refused.code == 1 and "由谁提出" in refused.err
    made = opened("correct", case, "--answers", file, "--reason", "客户增加设备", "--by", "客户")
    assert made.code == 0 and "申请容量：80 kW → 100 kW" in made.out
    told = opened("--json", "correct", case).data
    assert told["first"]["capacity_kw"] == "80" and told["corrections"][0]["reason"] == "客户增加设备"
    assert opened("correct", case, "--surveyed", "--reason", "现场核对", "--by", "现场勘查").code == 1


def test_a_survey_is_appointed_and_its_checklist_filled_from_a_file(opened: Any, answers: Any, tmp_path: Any) -> None:
    case = accepted(opened, answers)
    assert opened("survey", case, "--on", "2099-11-25").code == 1
    assert opened("survey", case, "--on", "2099-11-25", "--by", "李建军").code == 0
    rows = opened("--json", "survey", case).data["survey_items"]
    sample = json.loads(answers("stage", "S03", "--case", case).read_text("utf-8"))
    facts = {**sample, "survey_result": "可以", "survey_items": rows}
    file = tmp_path / "survey.json"
    file.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    refused = opened("stage", case, "S03", "--done", "--answers", file)
    assert refused.code == 1 and "V01" in refused.err and "还没有结论" in refused.err
    facts["survey_items"] = [{**row, "answer": "符合"} for row in rows]
    file.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    assert opened("stage", case, "S03", "--done", "--answers", file).code == 0


def test_nothing_waits_for_a_clerk_where_rules_decide(opened: Any, answers: Any) -> None:
    accepted(opened, answers)
    assert opened("--json", "approvals").each == []
    refused = opened("approve", accepted_other(opened, answers))
    assert refused.code == 1 and "没有待审批" in refused.err


def accepted_other(opened: Any, answers: Any) -> str:
    said = opened("--json", "accept", "--answers", answers("accept"))
    assert said.code == 0, said.err
    return str(said.data["case"])


def test_the_survey_of_an_important_user_is_led_to_the_sample_that_suits_it(
        opened: Any, answers: Any, tmp_path: Any) -> None:
    brought = json.loads(answers("accept", "--kind", "15").read_text("utf-8"))
    brought["answers"]["important_level"] = "二级"
    brought["materials"] = dict.fromkeys((*brought["materials"], "M14"), "已收")
    file = tmp_path / "important.json"
    file.write_text(json.dumps(brought, ensure_ascii=False), "utf-8")
    made = opened("accept", "--answers", file, "--json")
    assert made.code == 0, made.err
    case = str(made.data["case"])
    assert opened("example", "stage", "S03", "--case", case, "--kind", "15").code == 1
    refused = opened("stage", case, "S03", "--done", "--answers", answers("stage", "S03", "--kind", "15"))
    assert "V11" in refused.err and f"yekuo survey {case}" in refused.err
    assert f"yekuo example stage S03 --case {case} > S03.json" in opened("case", case).out
    said = opened("stage", case, "S03", "--done", "--answers", answers("stage", "S03", "--case", case))
    assert said.code == 0, said.err


def test_a_submitted_scheme_names_what_does_not_fit(opened: Any, answers: Any) -> None:
    case = accepted(opened, answers)
    said = opened("submit-scheme", case, "--answers", answers("scheme", ct_ratio="1500/5", multiplier="300"))
    assert "校核有不符项" in said.out and "不符：电流互感器变比" in said.out, said
