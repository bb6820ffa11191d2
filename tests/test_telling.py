"""Progress told to a customer: found by what he says, in his own words, and of nobody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record, state_of
from desktop.usecases.contracting import register_paper
from desktop.usecases.desk import Desk
from desktop.usecases.intake import accept
from desktop.usecases.telling import asked_cases, progress, progress_pdf
from tests.test_kinds import begun
from tests.test_morning import text_of
from tests.trade import accepted_case, application, done

INTERNAL = ("S0", "S1", "环节", "退回", "工单", "派工", "归档", "督办", "容缺", "超期", "暂停")


def test_a_case_is_found_by_number_code_name_and_end_of_the_id(hall: Desk) -> None:
    taken = accepted_case(hall, customer_name="青海湖畔·藏毯有限公司", customer_id="91632521MA00000A9H")
    accepted_case(hall, customer_name="别人", customer_id_kind="护照", customer_id="E99999999")
    for said in (taken.case_number, f"http://example.invalid/{taken.case_number}", "藏毯", "0A9H", "hpzt"):
        assert [row.number for row in asked_cases(hall, said)] == [taken.case_number], said
    assert asked_cases(hall, " ") == () == asked_cases(hall, "查无此人")


def test_of_many_with_one_tail_a_second_word_leaves_the_one_who_asks(hall: Desk) -> None:
    asking = accepted_case(hall, customer_name="才让多杰", customer_id_kind="护照", customer_id="E00001234",
                           usage_address="演练县恰措镇草原路 1 号").case_number
    for n in range(22):
        accepted_case(hall, customer_name=f"示例{n}户", customer_id_kind="护照", customer_id=f"H{n:04d}1234",
                      customer_phone="13997005678", usage_address=f"演练县恰措镇北路 {n + 1} 号")
    everybody = [row.number for row in asked_cases(hall, "1234")]
    assert len(everybody) == 23 and asking in everybody  # nobody is left out because his case is an old one
    for said in ("才让 1234", "1234  crdj", "1234 草原路1号"):
        assert [row.number for row in asked_cases(hall, said)] == [asking], said
    assert len(asked_cases(hall, "5678 1234")) == 22 and asked_cases(hall, "1234 卓玛") == ()


def test_he_is_told_the_step_the_promised_day_and_no_word_of_the_house(hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    told = progress(hall, number)
    due = state_of(hall, number).stage("S04").due
    assert told.summary == (f"您的申请办到第 2 步（共 {len(told.lines)} 步）：我们正在为您制定供电方案，"
                            f"最晚 {due.year}年{due.month}月{due.day}日办好这一步。")
    assert [line.state for line in told.lines[:3]] == ["已完成", "正在办理", "还没到"]
    assert not [line for line in told.lines if "费用" in line.word]  # nobody is told of a fee that may never come
    clock.forward(days=1)
    done(hall, number, "S04")
    said = progress(hall, number)
    assert len(said.lines) == len(told.lines)
    assert said.lines[1].word == "供电方案已答复您" and said.lines[1].done_on == date(2026, 11, 24)
    text = said.summary + "".join(line.word for line in said.lines)
    assert not [word for word in INTERNAL if word in text]


def test_a_day_that_is_past_is_owned_to_and_not_promised_again(hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    clock.forward(days=10)
    told = progress(hall, number)
    assert "比原定的 2026年11月27日晚了，我们正在加紧办理" in told.summary and "最晚" not in told.summary
    assert "原定2026年11月27日，正在加紧办理" in text_of(progress_pdf(hall, number))[1]


def test_what_waits_for_him_is_said_with_its_day(hall: Desk) -> None:
    number = accept(hall, application(hall, lacking=("M03",), way="容缺受理")).case_number
    told = progress(hall, number)
    assert told.asks and all("请在 2026年" in ask for ask in told.asks)
    record(hall, number, "S04", "paused", {"reason": "客户补资料", "evidence": "电话记录"})
    assert progress(hall, number).summary.startswith("目前等您补齐资料。")
    record(hall, number, "S04", "ended", {"reason": "客户撤销"})
    assert "已经终止" in progress(hall, number).summary


def test_his_page_is_one_page_and_speaks_of_him_alone(hall: Desk) -> None:
    number = accepted_case(hall, customer_name="示例甲").case_number
    other = accepted_case(hall, customer_name="示例乙", customer_id_kind="护照", customer_id="E00000001").case_number
    pages, text = text_of(progress_pdf(hall, number))
    assert f"申请编号：{number}" in text
    assert pages == 1 and "示例甲" in text and number in text and "95598" in text
    for word in ("示例乙", other, "13800001234", "示范员"):
        assert word not in text
    with pytest.raises(Refusal):
        progress(hall, "YK209901010001")


def test_every_stage_of_every_kind_has_words_for_the_customer(catalog: Any) -> None:
    words = catalog.progress
    stages = {stage.id for process in catalog.processes.values() for stage in process.stages}
    assert stages <= set(words.stages)
    of_stages = "".join(each.later + each.now + each.done for each in words.stages.values())
    shown = of_stages + "".join(words.pauses.values())
    assert not [word for word in INTERNAL if word in shown]
    reasons = {reason for process in catalog.processes.values() for reason in process.pause_reasons}
    reasons |= {stage.pause_reason for process in catalog.processes.values() for stage in process.stages}
    assert reasons - {""} <= set(words.pauses)


def test_a_step_that_is_late_by_the_house_is_held_to_the_receipts_day(hall: Desk, clock: Any) -> None:
    resident = hall.catalog.processes["resident_new"]
    number = begun(hall, resident)
    receipt = max(each["due"] for each in case(hall, number).promises)
    house = state_of(hall, number).stage("S04").due
    assert house is not None and house.isoformat() < receipt
    last = date.fromisoformat(receipt)
    clock.forward(days=(last - clock.at.date()).days)
    said = f"{last.year}年{last.month}月{last.day}日"
    assert f"最晚 {said}办好这一步" in progress(hall, number).summary
    clock.forward(days=1)
    assert f"比原定的 {said}晚了" in progress(hall, number).summary


def test_what_was_done_before_its_turn_is_not_told_as_still_ahead(hall: Desk) -> None:
    number = begun(hall, hall.catalog.processes["resident_new"])
    register_paper(hall, number, {"contract_signed_on": hall.today.isoformat()})
    told = progress(hall, number)
    assert [line.word for line in told.lines if line.state == "已完成"] == ["申请已受理", "供用电合同已签好"]
    assert told.summary.startswith("您的申请办到第 3 步") and told.lines[2].state == "正在办理"
