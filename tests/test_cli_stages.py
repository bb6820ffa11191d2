"""A stage on the command line: a pause with its evidence, work sent back, and refusals that show the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def case(opened: Any, answers: Any) -> str:
    return str(opened("accept", "--answers", answers("accept"), "--json").data["case"])


@pytest.fixture
def answered(opened: Any, answers: Any, case: str) -> str:
    """The case with its scheme answered."""
    assert opened("stage", case, "S04", "--done", "--answers", answers("scheme")).code == 0
    return case


# ---- pauses

def test_a_pause_takes_its_evidence_and_who_allowed_it_as_arguments(opened: Any, case: str) -> None:
    pause = ("--clerk", "1002", "stage", case, "S04", "--paused", "--reason", "客户补资料")
    refused = opened(*pause)
    assert "请填写批准人（allowed_by）的工号，岗位须是：班长" in refused.err
    assert opened(*pause, "--allowed-by", "1003", "--evidence", "客户书面说明").code == 0
    assert "批准 李永福（1003）  凭据 客户书面说明" in opened("clock", case).out


def test_a_promise_for_a_day_that_is_past_is_told_by_its_own_name(opened: Any, case: str) -> None:
    said = opened("promise", case, "S04", "--by", "2020-01-06", "--reason", "客户着急").err
    assert "承诺日期（by）" in said and "退回" not in said


def test_the_example_of_a_pause_is_taken_as_it_is(opened: Any, case: str, answers: Any) -> None:
    said = opened("--clerk", "1002", "stage", case, "S04", "--paused", "--answers", answers("暂停"))
    assert said.code == 0, said.err
    (pause,) = opened("clock", case, "--json").data["pauses"]
    assert pause["reason"] == "客户补资料" and pause["evidence"] and pause["allowed_by"] and pause["end"]
    put_right = opened("correct-pause", case, pause["seq"], "--answers", answers("更正暂停"))
    assert put_right.code == 0, put_right.err


def test_reasons_stand_apart_though_one_has_a_comma_in_it(opened: Any, case: str) -> None:
    assert "；掘路、占道审批；" in opened("stage", case, "S04", "--paused", "--reason", "忙").err


# ---- back

def test_what_is_done_is_sent_back_to_from_where_the_case_stands(opened: Any, answered: str) -> None:
    said = opened("stage", answered, "S04", "--sent-back", "--reason", "改容量")
    assert "供电方案答复已于" in said.err and "请从正在办的环节（竣工检验、供用电合同）登记退回" in said.err
    assert "无须再次登记" not in said.err
    back = ("stage", answered, "S11", "--sent-back", "--reason", "改容量", "--to")
    assert "不能退回到（to）“S14”，只能退回本环节和它之前的：S01 业务受理、S04" in opened(*back, "送电").err
    assert "没有“拆除”这个环节" in opened(*back, "拆除").err
    assert "进行中的环节：供电方案答复" in opened(*back, "供电方案答复").out


# ---- refusals

def test_answers_for_another_stage_are_named_by_the_first_few_and_their_number(
        opened: Any, answered: str, answers: Any) -> None:
    said = opened("stage", answered, "S08", "--done", "--answers", answers("scheme"))
    assert said.code == 1 and len(said.err) < 400
    assert "方案编号（scheme_number）" in said.err and "等 33 项" in said.err and "它要填的：备注（note）" in said.err


def test_what_a_stage_lacks_is_told_with_its_example(opened: Any, answered: str, tmp_path: Path) -> None:
    said = opened("stage", answered, "竣工检验", "--done")
    assert "样例见 yekuo example stage S11 --case " + answered in said.err
    file = tmp_path / "s11.json"
    file.write_text(opened("example", "stage", "S11", "--case", answered).out, "utf-8")
    assert opened("stage", answered, "竣工检验", "--done", "--answers", file).code == 0


def test_clocks_stand_in_the_order_of_their_numbers(opened: Any, answered: str) -> None:
    lines = opened("clock", answered).out.split("逐日")[0].splitlines()[2:]
    numbers = [int(line.split()[0].lstrip("◎")) for line in lines if line.split()[0].lstrip("◎").isdigit()]
    assert numbers == sorted(numbers) and len(numbers) > 3
    assert sum("◎" in line for line in lines) == 1


def test_what_may_be_corrected_is_told_with_the_names_to_type(opened: Any, case: str) -> None:
    told = opened("correct", case).out
    assert "申请容量（capacity_kw）" in told and json.dumps({"capacity_kw": "新的值"}, ensure_ascii=False) in told


@pytest.mark.parametrize(("verb", "word"), [
    (["example", "foo"], "答案 没有“foo”"), (["export", "foo", "--out", "x.xlsx"], "清单 没有“foo”"),
    (["opinion", "YK1", "x", "--signed-by", "甲"], "意见 没有“x”"), (["calendar", "foo"], "做什么 没有“foo”"),
])
def test_a_wrong_choice_is_told_by_the_argument_s_own_word(yekuo: Any, verb: list[str], word: str) -> None:
    said = yekuo(*verb)
    assert (said.code, word in said.err) == (2, True), said.err


# ---- the way on

def test_a_contract_printed_before_its_text_was_approved_is_told_by_which_verbs_it_is_replaced(
        opened: Any, answered: str, tmp_path: Path, answers: Any) -> None:
    assert opened("contract", answered, "--out", tmp_path / "合同.pdf").code == 0
    assert opened("approve-template", "low_voltage", "--name", "示范法务").code == 0
    number = opened("case", answered, "--json").data["contract"]
    said = opened("sign", number, "--side", "customer", "--answers", answers("sign", "customer"))
    assert (said.code, "请用 yekuo void 作废" in said.err, "yekuo contract 起草打印" in said.err) == (1, True, True)
    assert opened("void", number, "--reason", "文本审定前打印").code == 0
    assert opened("contract", answered, "--out", tmp_path / "合同.pdf").code == 0


def test_a_contract_that_was_refused_at_the_printer_is_a_draft_and_keeps_nothing_back(
        opened: Any, answered: str, tmp_path: Path, answers: Any, monkeypatch: Any) -> None:
    from desktop.errors import Trouble
    from desktop.usecases import contracting

    def full(*_: Any, **__: Any) -> None:
        raise Trouble("磁盘已满，请清理后再办。")

    with monkeypatch.context() as broken:
        broken.setattr(contracting, "print_contract", full)
        assert opened("contract", answered, "--out", tmp_path / "合同.pdf").code != 0
    assert f"办理供用电合同：yekuo contract {answered} --out 合同.pdf" in opened("case", answered).out
    number = opened("case", answered, "--json").data["contract"]
    said = opened("sign", number, "--side", "customer", "--answers", answers("sign", "customer"))
    assert said.code == 1 and "没有印制过：请先检查并印制（命令行 yekuo contract 工单编号 --out 合同.pdf" in said.err
    assert opened("recall", answered, "S04", "--reason", "填错了线路").code == 0


def test_a_case_says_by_which_verbs_it_goes_on(opened: Any, answered: str, tmp_path: Path) -> None:
    told = opened("case", answered).out
    assert (f"办理竣工检验：yekuo example stage S11 --case {answered} > S11.json，照着改好，再 "
            f"yekuo stage {answered} S11 --done --answers S11.json") in told
    assert f"办理供用电合同：yekuo contract {answered} --out 合同.pdf" in told
    opened("contract", answered, "--out", tmp_path / "合同.pdf")
    number = opened("case", answered, "--json").data["contract"]
    assert f"办理供用电合同：yekuo sign {number} --side customer" in opened("case", answered).out


# ---- the name to type

def test_a_pause_without_a_reason_is_refused_for_that_before_who_allowed_it(opened: Any, case: str) -> None:
    said = opened("--clerk", "1002", "stage", case, "S04", "--paused").err
    assert "请选择暂停原因" in said and "批准" not in said


def test_a_pause_is_corrected_with_why_under_its_key(opened: Any, case: str, tmp_path: Path) -> None:
    opened("stage", case, "S04", "--paused", "--reason", "客户补资料", "--allowed-by", "1003")
    (pause,) = opened("clock", case, "--json").data["pauses"]
    file = tmp_path / "pause.json"
    file.write_text('{"evidence": "客户书面说明"}', "utf-8")
    assert "更正原因（why）" in opened("correct-pause", case, pause["seq"], "--answers", file).err


def test_a_list_of_cases_says_of_what_business_each_is(opened: Any, case: str) -> None:
    told = opened("cases").out
    assert "业务" in told.splitlines()[0] and "低压非居民新装" in told, told


def test_a_way_of_payment_that_is_none_is_told_though_nothing_is_due(opened: Any, case: str) -> None:
    assert "“现金”、“刷卡”" in opened("pay", case, "--way", "微信", "--receipt", "1").err
    assert "应为 0 以上" in opened("tariff", "移表工料费", "-5", "--basis", "文件").err


def test_a_post_that_only_stages_have_is_explained(opened: Any) -> None:
    assert "由柜台人员登记" in opened("clerks", "--add", "1050", "示范丁", "收费员").err


def test_a_sample_s_account_is_to_be_replaced_by_one_of_one_s_own(opened: Any, answers: Any) -> None:
    said = opened("accept", "--answers", answers("accept", "--kind", "31"))
    assert said.code == 1 and "请换成自己的户号" in said.err


@pytest.mark.parametrize(("kind", "asks"), [("resident_new", True), ("temporary_low", False), ("transfer", True)])
def test_the_example_of_a_registered_contract_says_only_what_its_kind_asks(opened: Any, kind: str, asks: bool) -> None:
    said = opened("example", "register-contract", "--kind", kind).data
    assert ("renewal_mode" in said) == asks and "contract_signed_on" in said


def test_a_case_that_ends_for_another_reason_says_which(opened: Any, case: str) -> None:
    ended = ("stage", case, "S04", "--ended", "--reason", "其他")
    refused = opened(*ended)
    assert refused.code == 1 and "请在“说明”（explanation）里写明是什么原因" in refused.err
    assert opened(*ended, "--explanation", " ").code == 1
    assert opened(*ended, "--explanation", "房屋已拆除").code == 0


def test_a_pause_that_is_not_withdrawn_stands_and_a_strange_word_is_refused(
        opened: Any, case: str, answers: Any) -> None:
    opened("stage", case, "S04", "--paused", "--answers", answers("暂停"))
    (pause,) = opened("clock", case, "--json").data["pauses"]
    put_right = ("correct-pause", case, pause["seq"], "--answers")
    assert json.loads(answers("更正暂停").read_text("utf-8"))["withdrawn"] == "否"
    for word, gone in (("否", False), ("是", True), ("否", False)):
        assert opened(*put_right, answers("更正暂停", withdrawn=word)).code == 0
        assert opened("clock", case, "--json").data["pauses"][0]["withdrawn"] is gone
    assert "应填：是、否" in opened(*put_right, answers("更正暂停", withdrawn="对")).err


def test_the_example_of_a_pause_of_a_case_names_who_may_allow_one_in_this_hall(
        opened: Any, case: str, answers: Any) -> None:
    assert opened("example", "暂停", "--case", case, "--json").data["allowed_by"] == "1001"
    assert opened("--clerk", "1002", "example", "暂停", "--case", case, "--json").data["allowed_by"] in ("1001", "1003")
    assert opened("--clerk", "1002", "stage", case, "S04", "--paused", "--answers",
                  answers("暂停", "--case", case)).code == 0
