"""A case's page and the application before it: numbers that come later, and what looks odd."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import fill_intake, receive_all, visit
from test_kinds import begun, finish
from trade import accepted_case, done, signed
from typing_hands import open_window, told, type_into, wait_idle

from desktop.usecases.case_listing import CaseFilter, case, cases
from desktop.usecases.contracting import approve_template


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    made = open_window(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


def test_numbers_that_the_other_system_gives_later_are_noted_on_the_case(
        window: Any, qtbot: Any, hall: Any) -> None:
    number = accepted_case(hall).case_number
    page = visit(window, qtbot, "case", number)
    page.side.numbers.linkActivated.emit("numbers")
    type_into(page.ask.form.editor("yx_application"), "261123000007")
    page.ask.ok.click()
    wait_idle(qtbot, window)
    assert case(hall, number).outside["yx_application"] == "261123000007"
    assert "261123000007" in page.side.numbers.text()
    page.ask_numbers()
    assert page.ask.form.answers() == {"yx_application": "261123000007"}


def test_a_misshapen_number_stays_on_the_card_with_its_fault(window: Any, qtbot: Any, hall: Any) -> None:
    page = visit(window, qtbot, "case", accepted_case(hall).case_number)
    page.ask_numbers()
    type_into(page.ask.form.editor("yx_account"), "12")
    page.ask.ok.click()
    assert page.ask.isVisibleTo(page)
    assert page.ask.form.fault("yx_account")


def test_a_capacity_that_its_voltage_does_not_carry_is_told_and_still_accepted(window: Any, qtbot: Any) -> None:
    page = fill_intake(window, qtbot)
    page.form.fill({"capacity_kw": "200"})
    receive_all(page)
    qtbot.waitUntil(lambda: "超过 380V" in page.summary.notices.text())
    assert "可以受理" in page.summary._missing_head.text()
    page.accept()
    wait_idle(qtbot, window)
    shown = visit(window, qtbot, "case", page.accepted.number.text())
    assert "超过 380V" in shown.side.notices.text()


def test_an_ordinary_application_has_nothing_to_heed(window: Any, qtbot: Any, hall: Any) -> None:
    page = visit(window, qtbot, "case", accepted_case(hall).case_number)
    assert page.side.notices.text() == ""


def test_what_is_typed_for_one_case_is_never_seen_in_another_at_the_same_stage(
        window: Any, qtbot: Any, hall: Any) -> None:
    first, second = accepted_case(hall).case_number, accepted_case(hall, customer_name="示例·另一户").case_number
    page = visit(window, qtbot, "case", first)
    page.choose_stage("S04")
    untouched = page.stage_form.answers()
    type_into(page.stage_form.form.editor("scheme_number"), "FA-2026-0001")
    page.stage_form.form.show_fault("scheme_number", "编号已用过")
    visit(window, qtbot, "case", second)
    page.choose_stage("S04")
    assert page.stage_form.answers() == untouched
    assert not page.stage_form.typed and not page.stage_form.form.fault("scheme_number")
    visit(window, qtbot, "case", first)
    page.choose_stage("S04")
    assert page.stage_form.answers()["scheme_number"] == "FA-2026-0001"


def test_what_is_typed_for_a_stage_outlives_the_window_and_goes_when_it_is_recorded(
        qtbot: Any, hall: Any, font_folder: Any) -> None:
    from desktop.usecases.drafting import drafts

    number = accepted_case(hall).case_number
    first = open_window(qtbot, hall)
    page = visit(first, qtbot, "case", number)
    page.choose_stage("S04")
    type_into(page.stage_form.form.editor("scheme_line"), "10kV 绿洲路线")
    first.close()
    wait_idle(qtbot, first)
    second = open_window(qtbot, hall)
    said = told(second)
    page = visit(second, qtbot, "case", number)
    page.choose_stage("S04")
    assert page.stage_form.answers()["scheme_line"] == "10kV 绿洲路线"
    assert [message.sentence for message in said if "填到一半的内容还在" in message.sentence]
    page.record("S04", "paused", {"reason": page.view.process.pause_reasons[0], "evidence": "电话"}, None)
    page.record("S04", "resumed", {}, None)
    assert page.stage_form.answers()["scheme_line"] == "10kV 绿洲路线" and len(drafts(hall, "stage")) == 1
    page.record("S04", "ended", {"reason": "客户撤销"}, None)
    assert drafts(hall, "stage") == ()


def test_the_call_back_is_entered_on_the_page_of_a_case_that_was_filed(
        window: Any, qtbot: Any, hall: Any, clock: Any) -> None:
    for kind in ("low_voltage", "high_voltage"):
        approve_template(hall, kind, "示范法务", hall.today)
    number = begun(hall, hall.catalog.processes["low_voltage_new"])
    finish(hall, clock, number)
    page = visit(window, qtbot, "case", number)
    assert not page.stage_form.can_be_done
    page.choose_stage("S16")
    assert page.done_button.isVisibleTo(page) and page.stage_form.form is not None
    page.stage_form.form.fill({"visited_on": str(hall.today), "visited_by": "周文", "satisfaction": "满意"})
    page.done()
    wait_idle(qtbot, window)
    view = case(hall, number)
    assert (view.row.status, view.state.stage("S16").state) == ("已归档", "完成")
    page.choose_stage("S16")
    assert page.back_button.isVisibleTo(page) and page.back_button.text() == "召回"
    page.choose_stage("S14")
    assert not page.back_button.isVisibleTo(page)


def test_a_sum_that_is_tighter_than_the_stages_own_limit_is_told_as_one(
        window: Any, qtbot: Any, hall: Any, clock: Any) -> None:
    signed(hall)
    number = cases(hall, CaseFilter()).rows[0].number
    page = visit(window, qtbot, "case", number)
    page.choose_stage("S11")
    assert "已用 0 个工作日，时限 5 个工作日" in page.stage_form._about.text()
    clock.move(date(2026, 12, 7))
    done(hall, number, "S11")
    page.reload()
    page.choose_stage("S13")
    assert "自受理起合计已用" in page.stage_form._about.text()


def test_the_card_that_ends_a_case_asks_what_another_reason_was(window: Any, qtbot: Any, hall: Any) -> None:
    number = accepted_case(hall).case_number
    page = visit(window, qtbot, "case", number)
    page.ask_end()
    page.ask.form.set_answers({**page.ask.form.answers(), "reason": "其他"})
    page.ask.ok.click()
    assert page.ask.isVisibleTo(page) and "写明是什么原因" in page.ask.form.fault("explanation")
    page.ask.form.set_answers({**page.ask.form.answers(), "explanation": "房屋已拆除"})
    page.ask.ok.click()
    wait_idle(qtbot, window)
    assert case(hall, number).state.ended_reason == "其他：房屋已拆除"
