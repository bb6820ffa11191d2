"""The later stages on the command line: fees, rounds, meters, papers and hand-overs, as a clerk would type them."""

from __future__ import annotations

import pytest


@pytest.fixture
def case(opened, answers):
    """A case whose scheme is answered; the customer has works of his own."""
    number = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    scheme = answers("scheme", customer_works="有")
    assert opened("stage", number, "S04", "--done", "--answers", scheme).code == 0
    return number


def test_a_fee_is_priced_charged_and_paid(opened, case):
    assert "未登记" in opened("tariff").out
    refused = opened("charge", case, "移表工料费")
    assert refused.code == 1 and "yekuo tariff" in refused.err and "卡片" not in refused.err
    assert opened("tariff", "移表工料费", "85.5", "--basis", "示例文件1号").code == 0
    assert "待缴 171.00 元" in opened("charge", case, "移表工料费", "--quantity", "2").out
    banned = opened("charge", case, "临时接电费")
    assert banned.code == 1 and "1895号" in banned.err
    assert "待缴 0.00 元" in opened("pay", case, "--way", "现金", "--receipt", "PJ1").out
    assert opened("fees", case, "--json").data["paid"] == "171.00"
    wrong = opened("cancel-fee", case, "1", "--reason", "多收")
    assert wrong.code == 1 and "待缴" in wrong.err


def test_a_paid_fee_is_given_back(opened, case):
    assert opened("clerks", "--add", "1008", "示范班", "班长").code == 0
    opened("tariff", "移表工料费", "85.5", "--basis", "示例文件1号")
    opened("charge", case, "移表工料费", "--quantity", "2")
    opened("pay", case, "--way", "现金", "--receipt", "PJ1")
    given = ("refund", case, "1", "--reason", "数量登错", "--way", "现金", "--receipt", "TF1", "--allowed-by")
    assert "没有工号或姓名" in opened(*given, "9999").err
    assert "已退 171.00 元" in opened(*given, "1008").out
    assert opened("fees", case, "--json").data["refunded"] == "171.00"


def test_a_round_is_handed_in_judged_and_mended(opened, case, answers, tmp_path):
    handed = opened("submit", case, "final", "--answers", answers("submission", "final")).out
    assert "第 1 轮已报验" in handed and "请留意：客户的“客户工程施工”随报验记为完成" in handed
    failed = opened("conclude", case, "竣工检验", "--answers", answers("conclusion"), "--json").data
    assert (failed["result"], len(failed["defects"])) == ("不合格", 1)
    paper = tmp_path / "整改.pdf"
    assert opened("issue", case, "缺陷整改通知单", "--out", paper).code == 0 and paper.read_bytes()[:4] == b"%PDF"
    assert "rectification" in opened("issue", case).out
    mended = opened("mend", case, failed["defects"][0]["id"], "--seen-by", "李建军")
    assert "销号（李建军）" in mended.out
    assert "没有逾期" in opened("defects").out
    assert "不合格" in opened("rounds", case).out
    counted = {row["kind"]: row["judged"] for row in opened("first-pass", "--json").data["kinds"]}
    assert counted["竣工检验"] == 1 and counted["中间检查"] == 0
    assert opened("first-pass", "--month", "去年").code == 1


def test_what_the_counter_made_at_acceptance_is_had_from_its_case_whenever_it_is_wanted(opened, case, tmp_path):
    told = opened("issue", case).out.split("已经存有、可以补打：")[1]
    assert "受理回执" in told
    for name, paper in (("受理回执", tmp_path / "回执.pdf"), ("receipt", tmp_path / "又一份.pdf")):
        assert opened("issue", case, name, "--out", paper).code == 0
        assert paper.read_bytes()[:4] == b"%PDF"
    unknown = opened("issue", case, "回条", "--out", tmp_path / "x.pdf")
    assert unknown.code == 1 and "受理回执" in unknown.err.split("现有：")[1]


def test_a_case_goes_to_another_clerk_who_accepts(opened, case):
    assert opened("clerks", "--add", "1009", "示范乙", "客户经理").code == 0
    offered = opened("handover", case, "--to", "1009", "--reason", "调岗")
    assert offered.code == 0 and "代" not in offered.out
    assert case in opened("handover", "--clerk", "1009").out
    assert opened("handover", case, "--accept", "--clerk", "1009").code == 0
    assert [row["open"] for row in opened("owners", "--json").data["clerks"] if row["number"] == "1009"] == [1]
    assert "没有等您接收" in opened("handover", "--clerk", "1009").out


def test_a_stage_is_recalled_after_what_it_undoes_was_told(opened, case):
    assert "供电方案答复" in opened("undone", case, "S04").out
    assert opened("recall", case, "S04", "--reason", "填错了线路").code == 0
    states = {row["id"]: row["state"] for row in opened("case", case, "--json").data["stages"]}
    assert states["S04"] == "进行"


def test_a_meter_that_nobody_hung_is_told(opened):
    assert "没有登记过表号" in opened("meter", "630001").err


def test_a_case_names_the_verb_of_the_round_that_is_next(opened, case, answers):
    handed_in = f"yekuo submit {case} final --answers 报验.json"
    assert handed_in in opened("case", case).out
    opened("submit", case, "final", "--answers", answers("submission", "final"))
    told = opened("case", case).out
    assert "出竣工检验第 1 轮意见单：yekuo example conclusion > 意见单.json" in told
    assert f"yekuo conclude {case} final --answers 意见单.json" in told
    opened("conclude", case, "竣工检验", "--answers", answers("conclusion"))
    told = opened("case", case).out
    assert handed_in in told and "请先登记恢复" not in told


def test_a_failed_round_without_a_stage_of_the_customer_s_own_is_mended_by_the_next_one(opened, answers):
    number = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    opened("stage", number, "S04", "--done", "--answers", answers("scheme", customer_works="无"))
    opened("submit", number, "final", "--answers", answers("submission", "final"))
    assert opened("conclude", number, "final", "--answers", answers("conclusion")).code == 0
    told = opened("case", number).out
    assert "竣工检验第 1 轮不合格，等客户整改" in told and "请先登记恢复" not in told
    assert opened("submit", number, "final", "--answers", answers("submission", "final")).code == 0
    assert "等客户整改" not in opened("case", number).out


def test_a_stage_of_the_customer_s_own_is_not_told_as_a_pause(opened, answers):
    number = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    paused = opened("stage", number, "S04", "--paused", "--reason", "客户补资料", "--allowed-by", "1003")
    assert "现在暂停" in paused.out
    opened("stage", number, "S04", "--resumed")
    said = opened("stage", number, "S04", "--done", "--answers", answers("scheme", customer_works="有"))
    assert "由客户自己办" in said.out and "现在暂停" not in said.out, said


def test_who_hands_a_case_over_for_its_owner_is_named(opened, case):
    offered = opened("--clerk", "1003", "handover", case, "--to", "1002", "--reason", "请假")
    assert offered.code == 0 and "（代 周文 移交）" in offered.out
    assert "周文（李永福代移交）" in opened("--clerk", "1002", "handover").out


def test_a_clerk_of_the_counter_enters_no_price_without_who_allows_it(opened):
    price = ("--clerk", "1002", "tariff", "移表工料费", "85.5", "--basis", "示例文件1号")
    refused = opened(*price)
    assert refused.code == 1 and "请填写批准人（allowed_by）的工号，岗位须是：班长" in refused.err
    assert "“移表工料费”的单价已登记：85.5 元，" in opened(*price, "--allowed-by", "1003").out
