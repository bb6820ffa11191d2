"""The papers of the later stages: each says what is kept, and none is made without its ground."""

from __future__ import annotations

import re
from datetime import date

import pytest
from test_inspecting import BUILDER, DEFECT, JUDGED, planned
from test_kinds import begun
from test_metering import hang, ready
from trade import approved, done, high_case

from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import set_outside_numbers
from desktop.usecases.charging import charge, pay, set_tariff
from desktop.usecases.correcting import correct
from desktop.usecases.desk import Desk
from desktop.usecases.inspecting import conclude, mend, rounds, submit
from desktop.usecases.issuing import PAPERS, issuable, issue
from desktop.usecases.papering import PaperView, handed_out, paper_bytes
from printing.form_paper import forms
from printing.raster import page_text


def text_of(hall: Desk, paper: PaperView) -> str:
    return re.sub(r"\s", "", "".join(page_text(paper_bytes(hall, paper.id))))


def test_every_paper_has_its_form_and_a_new_case_only_the_list_of_its_file(hall: Desk) -> None:
    assert set(PAPERS) <= set(forms())
    assert [title for _, title in issuable(hall, planned(hall, "有"))] == [
        "低压非居民用电登记表", "客户主要用电设备清单", "用电业务办理告知书", "授权委托书", "业扩报装归档目录"]


@pytest.mark.parametrize(("kind", "title"), [
    ("resident_new", "低压居民用电登记表"), ("charging_pile", "充换电设施用电登记表"),
    ("small_business_new", "低压非居民用电登记表"), ("high_voltage_dual", "高压客户用电登记表")])
def test_each_kind_of_application_has_its_own_form_of_registration(hall: Desk, kind: str, title: str) -> None:
    number = begun(hall, hall.catalog.processes[kind])
    registers = [told for name, told in issuable(hall, number) if name.startswith("register_")]
    assert registers == [title]
    said = text_of(hall, issue(hall, number, title))
    answers = case(hall, number).answers
    assert answers["customer_name"] in said and answers["customer_id"] in said  # he signs for it: nothing is masked


def test_the_guide_tells_steps_by_whom_and_how_long_and_the_papers(hall: Desk) -> None:
    number = begun(hall, hall.catalog.processes["high_voltage_dual"])
    said = text_of(hall, issue(hall, number, "用电业务办理告知书"))
    for each in ("20个工作日", "为您制定供电方案", "客户", "12398", "临时接电费自2017年12月1日起已取消"):
        assert each in said, each
    assert "归档" not in said.replace("一式", "")


def test_the_list_of_equipment_sums_up_and_follows_a_correction(hall: Desk) -> None:
    number = begun(hall, hall.catalog.processes["low_voltage_new"])
    load = {"name": "织机", "count": "3", "unit_kw": "15.5", "total_kw": "46.5", "voltage": "380V", "phases": "三相"}
    correct(hall, number, {"loads": [load]}, reason="客户重报", asked_by="客户")
    said = text_of(hall, issue(hall, number, "客户主要用电设备清单"))
    assert "织机" in said and "46.5kW" in said


def test_the_notice_of_payment_says_items_prices_and_the_sum_in_words(hall: Desk) -> None:
    number = high_case(hall, kind="high_voltage_dual", source_kind="双电源异站", emergency_load_kw="100")
    with pytest.raises(Refusal, match="没有要缴的业务费"):
        issue(hall, number, "payment_notice")
    set_tariff(hall, "移表工料费", "85.50", "示例省价格文件〔2026〕1号", date(2026, 1, 1))
    charge(hall, number, "移表工料费", "2", due_on=date(2026, 12, 10))
    said = text_of(hall, issue(hall, number, "业务缴费通知单"))
    for each in ("85.50", "171.00", "壹佰柒拾壹元", "2026年12月10日", "示例省价格文件〔2026〕1号", "待缴"):
        assert each in said
    pay(hall, number, [], hall.today, "现金", "PJ0001")
    set_tariff(hall, "高可靠性供电费用", "100", "示例省价格文件〔2026〕2号", date(2026, 1, 1))
    charge(hall, number, "高可靠性供电费用", "8")
    again = text_of(hall, issue(hall, number, "业务缴费通知单"))
    assert "合计971.00元，已缴171.00元，尚应缴：800.00元（人民币捌佰元整）" in again and "2026年12月10日" not in again


def test_a_round_has_its_hand_in_its_opinion_and_what_must_be_mended(hall: Desk) -> None:
    number = planned(hall, "有")
    submit(hall, number, "final", {**BUILDER, "submitted_papers": "竣工图及说明。"})
    with pytest.raises(Refusal, match="还没有结论"):
        issue(hall, number, "final_opinion")
    conclude(hall, number, "final", "不合格", JUDGED, [DEFECT])
    assert [name for name, _ in issuable(hall, number)][-4:] == [
        "final_submission", "final_opinion", "rectification", "archive_list"]
    handed_in, opinion, mending = (text_of(hall, issue(hall, number, name))
                                   for name in ("final_submission", "final_opinion", "rectification"))
    assert "示例电力工程有限公司" in handed_in and "五级" in handed_in and "竣工图及说明。" in handed_in
    assert "不合格" in opinion and "已按图施工" in opinion and DEFECT["item"] in opinion
    assert "第1轮" in mending and "2026年12月1日" in mending
    assert case(hall, number).papers[-1].title == f"缺陷整改通知单（第1轮） {number}"


def test_meters_connection_and_file_have_their_papers(hall: Desk) -> None:
    approved(hall)
    number = ready(hall, "甲户", ct_ratio="200/5", multiplier="40")
    set_tariff(hall, "移表工料费", "85.50", "示例省价格文件〔2026〕1号", date(2026, 1, 1))
    charge(hall, number, "移表工料费", "1")
    pay(hall, number, [], hall.today, "现金", "PJ0009")
    hang(hall, number, "6300000000000000000777", meter_seal="FY000777")
    mounted = text_of(hall, issue(hall, number, "metering_order"))
    for each in ("6300000000000000000777", "200/5", "40", "12.5", "FY000777"):
        assert each in mounted
    done(hall, number, "S14")
    connected = text_of(hall, issue(hall, number, "energising_order"))
    assert "不具备" not in connected and "85.50元，已缴清" in connected and "6300000000000000000777" in connected
    listed = text_of(hall, issue(hall, number, "archive_list"))
    assert "供用电合同" in listed and "电能计量装接单" in listed and "新装（增容）送电单" in listed
    assert "收到或出具日期" in listed  # whose day it is: not that of the paper itself


def test_the_order_to_energise_waits_for_what_it_says(hall: Desk) -> None:
    number = planned(hall, "有")
    with pytest.raises(Refusal, match=r"还不具备送电条件.*缺：竣工检验合格、供用电合同已签订、计量"):
        issue(hall, number, "energising_order")
    assert "energising_order" not in [name for name, _ in issuable(hall, number)]


@pytest.mark.parametrize(("kind", "paper", "said"), [
    ("resident_new", "register_high", "不用“高压客户用电登记表”，本业务用：低压居民用电登记表"),
    ("resident_new", "register_charging", "不用“充换电设施用电登记表”"),
    ("resident_new", "mid_opinion", "没有这项检查，不用“中间检查意见单”")])
def test_a_paper_of_another_kind_of_application_is_refused(hall: Desk, kind: str, paper: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        issue(hall, begun(hall, hall.catalog.processes[kind]), paper)


def test_what_is_issued_again_unchanged_is_the_kept_paper_and_says_so(hall: Desk) -> None:
    number = high_case(hall, kind="high_voltage_dual", source_kind="双电源异站", emergency_load_kw="100")
    set_tariff(hall, "移表工料费", "85.50", "示例省价格文件〔2026〕1号", date(2026, 1, 1))
    charge(hall, number, "移表工料费", "2")
    first = issue(hall, number, "payment_notice")
    assert "补打" not in "".join(page_text(handed_out(hall, first.id)))
    again = issue(hall, number, "payment_notice")
    assert again == first
    assert "第2次打印" in re.sub(r"\s", "", "".join(page_text(handed_out(hall, again.id))))
    pay(hall, number, [], hall.today, "现金", "PJ0001")
    settled = issue(hall, number, "payment_notice")
    said = text_of(hall, settled)
    assert settled.id != first.id and "业务费已全部缴清" in said and "请在期限前缴清" not in said


def test_every_paper_names_the_clerk_with_his_number(hall: Desk) -> None:
    number = begun(hall, hall.catalog.processes["low_voltage_new"])
    receipt = case(hall, number).papers[0]
    assert "受理人：示范员（1001）" in text_of(hall, receipt)
    assert "受理人：示范员（1001）" in text_of(hall, issue(hall, number, "guide"))


def test_a_paper_is_the_same_as_long_as_what_stands_on_it_is(hall: Desk) -> None:
    number = begun(hall, hall.catalog.processes["low_voltage_new"])
    first = issue(hall, number, "register_low")
    set_outside_numbers(hall, number, {"yx_account": "6300000000017"})  # no word of the registration
    assert issue(hall, number, "register_low") == first


def test_the_list_of_the_file_names_each_paper_once_with_its_editions(hall: Desk) -> None:
    number = high_case(hall, kind="high_voltage_dual", source_kind="双电源异站", emergency_load_kw="100")
    set_tariff(hall, "移表工料费", "85.50", "示例省价格文件〔2026〕1号", date(2026, 1, 1))
    charge(hall, number, "移表工料费", "2")
    issue(hall, number, "payment_notice")
    pay(hall, number, [], hall.today, "现金", "PJ0001")
    issue(hall, number, "payment_notice")
    said = text_of(hall, issue(hall, number, "archive_list"))
    assert said.count("业务缴费通知单") == 1 and "前后2份" in said


def test_an_opinion_says_what_follows_from_its_own_result(hall: Desk) -> None:
    number = planned(hall, "有")
    submit(hall, number, "final", {**BUILDER, "submitted_papers": "竣工图及说明"})
    conclude(hall, number, "final", "不合格", JUDGED, [DEFECT])
    bad = text_of(hall, issue(hall, number, "final_opinion"))
    assert "结论为不合格：请按所列缺陷逐项整改" in bad and "可以办理下一环节" not in bad
    mend(hall, number, [rounds(hall, number)[0].defects[0].id], "李建军")
    submit(hall, number, "final", {**BUILDER, "submitted_papers": "竣工图及说明"})
    conclude(hall, number, "final", "合格", {"inspected_by": "李建军"}, [])
    good = text_of(hall, issue(hall, number, "final_opinion"))
    assert "结论为合格：可以办理下一环节。" in good and "逐项整改" not in good and "意见：" not in good


def test_a_paper_that_nobody_knows_is_refused_with_those_there_are(hall: Desk) -> None:
    with pytest.raises(Refusal, match="业务缴费通知单"):
        issue(hall, planned(hall, "有"), "收费单")
