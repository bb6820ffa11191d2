"""What an answers file says and nobody would read is refused by its name, with what there is; and a way is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def brought(opened: Any, tmp_path: Path) -> Any:
    """`yekuo accept` with an answers file of this content."""
    path = tmp_path / "brought.json"

    def accept(content: Any, **options: Any) -> Any:
        path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), "utf-8")
        return opened("accept", "--answers", path, *(["--json"] if options.get("data") else []))

    return accept


@pytest.fixture
def usual(opened: Any) -> dict[str, Any]:
    """The example application."""
    return dict(opened("example", "accept").data)


def cases(yekuo: Any) -> int:
    return len(yekuo("cases", "--json").each)


# ---- keys and shapes

@pytest.mark.parametrize(("content", "words"), [
    ('{"answers": "x"}', "“answers”应把要填的各项写在花括号里"), ('{"answers": null}', "“answers”应"),
    ('{"answers": []}', "“answers”应"), ('{"materials": []}', "“materials”应"),
    ('{"materials": "M01"}', "“materials”应"),
    ('{"answers": {}, "postcode": "1"}', "邮政编码（postcode）应写在 answers 的花括号里面"),
    ('{"answers": {}, "colour": "1"}', "最外层没有“colour”这一项，可以写：kind、way"),
    ('{"answers": {"postcode": "1", "postcode": "2"}}', "邮政编码（postcode）写了两次"),
    ('{"way": "正常受理", "reason": "缺证"}', "原因（reason）只在不予受理时写"),
])
def test_a_wrong_key_or_shape_is_refused_by_its_name(brought: Any, content: str, words: str) -> None:
    said = brought(content)
    assert (said.code, words in said.err, "请填写" in said.err) == (1, True, False), said.err


def test_parts_of_a_set_up_of_another_shape_are_refused(yekuo: Any, answers: Any) -> None:
    for part in ({"hall": []}, {"hall": ""}, {"clerks": ""}, {"clerks": {}}):
        said = yekuo("setup", "--answers", answers("setup", **part))
        assert (said.code, next(iter(part)) in said.err) == (1, True), said.err


# ---- papers

def test_a_paper_that_the_kind_does_not_have_is_refused_with_those_it_has(
        opened: Any, brought: Any, usual: dict[str, Any]) -> None:
    said = brought({**usual, "materials": {**usual["materials"], "M99": "已收", "x": "未收"}})
    assert said.code == 1
    assert "“低压非居民新装”的资料（materials）里没有“M99、x”。它的资料有：" in said.err
    assert "  · M08 客户承诺书" in said.err
    assert cases(opened) == 0


def test_a_paper_s_code_may_be_written_small_but_only_once(brought: Any, usual: dict[str, Any]) -> None:
    said = brought({**usual, "materials": {**usual["materials"], "m01": "已收"}})
    assert "M01 写了两次" in said.err
    small = {code.lower(): state for code, state in usual["materials"].items()}
    assert brought({**usual, "materials": small}).code == 0


@pytest.mark.parametrize(("mark", "words"), [
    ("容缺", "状态请写“未收”；容缺是受理方式"), ("待核", "从这些里选：已收、未收、免交。"),
    ({"state": "已收", "colour": "红"}, "没有“colour”这一项，可以写：state、due_on、paper_kind"),
])
def test_a_paper_s_strange_mark_is_refused_with_what_may_be_written(
        brought: Any, usual: dict[str, Any], mark: Any, words: str) -> None:
    said = brought({**usual, "materials": {**usual["materials"], "M03": mark}})
    assert (said.code, words in said.err) == (1, True), said.err


def test_a_paper_that_nobody_asked_for_is_told_and_not_kept(opened: Any, brought: Any, usual: dict[str, Any]) -> None:
    said = brought({**usual, "materials": {**usual["materials"], "M16": "已收"}})
    assert said.code == 0
    assert "这份申请用不到、没有登记的资料：M16 租赁协议和产权人证明" in said.out


# ---- without all papers

def test_a_missing_paper_is_told_by_its_code_with_the_ways_that_are_left(brought: Any, usual: dict[str, Any]) -> None:
    said = brought({**usual, "materials": {**usual["materials"], "M03": "未收"}})
    assert said.err.startswith("还不能受理，请先补齐：")
    for words in ("M03 缺产权（用地）证明", "way 写“容缺受理”", "M08 客户承诺书的写“已收”", "way 写“不受理”，reason"):
        assert words in said.err
    without = brought({**usual, "materials": {**usual["materials"], "M01": "未收"}})
    assert "容缺受理" not in without.err and "way 写“不受理”" in without.err


def test_what_a_rule_forbids_is_not_told_as_something_to_be_filled_in(brought: Any, usual: dict[str, Any]) -> None:
    said = brought({**usual, "answers": {**usual["answers"], "voltage": "10kV"}})
    assert said.err.startswith("还不能受理：")


@pytest.mark.parametrize("way", ["容缺受理", "一证受理"])
def test_the_example_of_a_way_is_taken_as_it_is_and_tells_what_is_still_to_come(
        opened: Any, brought: Any, way: str) -> None:
    told = brought(opened("example", "accept", way).data)
    assert told.code == 0, told.err
    assert "客户待补的资料（补交用 yekuo supply）：\n  M" in told.out
    number = told.out.split("工单编号 ")[1].split()[0]
    waits = [row["code"] for row in opened("materials", number, "--json").each if row["open"]]
    assert "M03" in waits and opened("supply", number, *waits).code == 0


def test_the_example_of_a_refusal_is_kept_as_an_ended_case_with_its_reason(opened: Any, brought: Any) -> None:
    given = opened("example", "accept", "不受理").data
    assert given["reason"]
    assert "不予受理已登记" in brought(given).out


def test_no_example_of_a_way_where_nothing_may_follow_and_none_of_a_way_that_is_none(opened: Any) -> None:
    assert "没有可以容缺受理的资料" in opened("example", "accept", "容缺受理", "--kind", "暂停").err
    assert "没有“免证”这种受理方式" in opened("example", "accept", "免证").err


# ---- the survey

def test_a_finding_for_no_question_of_the_survey_is_refused_with_those_there_are(
        opened: Any, brought: Any, usual: dict[str, Any], answers: Any) -> None:
    case = brought(usual, data=True).data["case"]
    rows = [{**row, "answer": "符合"} for row in opened("survey", case, "--json").data["survey_items"]]
    strange = [*rows, {"item": "V10", "answer": "不符合", "note": "有谐波"}, {"item": "V77", "answer": "符合"}, rows[0]]
    ready = {"survey_on": "", "survey_loads": [], "survey_ready": "具备供电条件"}
    said = opened("stage", case, "S03", "--done", "--answers", answers("stage", "S03", **ready, survey_items=strange))
    assert said.code == 1
    for words in ("没有“V10”这一项，这件工单的有：V01", "没有“V77”这一项", "V01 写了两次"):
        assert words in said.err


# ---- every other answers file

@pytest.mark.parametrize("verb", [
    ["material", "{case}", "M01"], ["stage", "{case}", "S04", "--done"], ["stage", "{case}", "S04", "--paused"],
    ["numbers", "{case}"], ["correct", "{case}", "--reason", "错", "--by", "客户"], ["weigh", "{case}"],
    ["submit-scheme", "{case}"], ["correct-pause", "{case}", "1"], ["submit", "{case}", "final"], ["setup"],
    ["register-contract", "{case}"],
])
def test_no_answers_file_takes_a_key_that_nobody_reads(
        opened: Any, brought: Any, usual: dict[str, Any], tmp_path: Path, verb: list[str]) -> None:
    case = brought(usual, data=True).data["case"]
    (tmp_path / "x.json").write_text('{"colour": "红"}', "utf-8")
    said = opened(*(word.format(case=case) for word in verb), "--answers", tmp_path / "x.json")
    assert (said.code, "colour" in said.err, "差错" in said.err) == (1, True, False), said.err


def test_a_short_list_of_keys_is_told_whole(opened: Any, brought: Any, usual: dict[str, Any], tmp_path: Path) -> None:
    case = brought(usual, data=True).data["case"]
    (tmp_path / "x.json").write_text('{"colour": "红"}', "utf-8")
    said = opened("numbers", case, "--answers", tmp_path / "x.json").err
    assert "可以填：yx_application、yx_account、yx_contract" in said
