"""Survey and scheme on the case's page, through its widgets: checklist, verdicts, approval, a new version."""

from __future__ import annotations

from typing import Any

import pytest
from clerk_hands import visit
from PySide6.QtCore import Qt
from test_scheme import high_case, high_scheme
from trade import accepted_case, answered_case, colleague
from typing_hands import enter, open_window, type_into, wait_idle

from desktop.usecases.answering import story
from desktop.usecases.approving import round_of
from desktop.usecases.case_listing import case


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Any) -> Any:
    made = open_window(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


def at_stage(window: Any, qtbot: Any, number: str, stage: str) -> Any:
    page = visit(window, qtbot, "case", number)
    page.line.show_stages(page.view.state.stages, stage)
    page.choose_stage(stage)
    wait_idle(qtbot, window)
    return page


def served(window: Any, qtbot: Any, desk: Any) -> None:
    """Somebody else sits down at this window."""
    window.services.seat(desk.clerk)
    wait_idle(qtbot, window)


def press(page: Any, qtbot: Any, window: Any, name: str, **said: str) -> None:
    """A deed of the card, with what it asks."""
    page.scheme.button(name).click()
    if said:
        page.ask.form.fill(said)
        page.ask.ok.click()
        assert not page.ask.isVisibleTo(page), page.ask._fault.text()
    wait_idle(qtbot, window)


def test_a_checklist_is_filled_by_keys_and_says_what_is_still_open(window: Any, qtbot: Any, hall: Any) -> None:
    number = accepted_case(hall).case_number
    page = at_stage(window, qtbot, number, "S03")
    editor = page.stage_form.form.editor("survey_items")
    count = len(editor.cells)
    qtbot.waitUntil(lambda: f"还有 {count + 3} 项" in page.scheme.checks.text())
    page.stage_form.form.go_to("survey_items")
    for place in range(count):
        cell = editor.cells[place]["answer"]
        qtbot.waitUntil(lambda cell=cell: cell.hasFocus())
        type_into(cell, "1")
        enter(cell)
    page.stage_form.form.fill({"survey_on": "2026-11-23", "survey_by": "李建军", "survey_ready": "具备供电条件",
                               "survey_result": "可以供电"})
    qtbot.waitUntil(lambda: "没有空项" in page.scheme.checks.text())
    page.done_button.click()
    wait_idle(qtbot, window)
    assert case(hall, number).state.stage("S03").state == "完成", window.message_bar.text()


def test_a_hole_in_the_checklist_keeps_the_survey_open(window: Any, qtbot: Any, hall: Any) -> None:
    page = at_stage(window, qtbot, accepted_case(hall).case_number, "S03")
    page.stage_form.form.fill({"survey_on": "2026-11-23", "survey_by": "李建军", "survey_ready": "具备供电条件",
                               "survey_result": "可以供电"})
    page.done_button.click()
    assert "还没有结论" in page.stage_form.form.fault("survey_items")
    assert page.view.state.stage("S03").state == "可办"


def test_verdicts_follow_what_is_typed_and_the_load_proposes(window: Any, qtbot: Any, hall: Any) -> None:
    page = at_stage(window, qtbot, accepted_case(hall).case_number, "S04")
    page.scheme.button("scheme_propose").click()
    wait_idle(qtbot, window)
    answers = page.stage_form.answers()
    assert (answers["voltage"], answers["ct_ratio"], answers["metering_mode"]) == ("380V", "150/5", "低供低计")
    assert "不符" not in page.scheme.checks.text() and "占 90 %" in page.scheme.checks.text()
    editor = page.stage_form.form.editor("ct_ratio")
    editor.clear()
    type_into(editor, "750/5")
    qtbot.waitUntil(lambda: "变比过大" in page.scheme.checks.text())
    assert page.scheme.checks.text().index("不符") < page.scheme.checks.text().index("通过")


def test_a_high_voltage_scheme_goes_round_the_posts_and_is_answered(window: Any, qtbot: Any, hall: Any) -> None:
    number = high_case(hall)
    page = at_stage(window, qtbot, number, "S04")
    page.stage_form.form.set_answers(high_scheme(hall))
    press(page, qtbot, window, "scheme_submit")
    assert round_of(hall, number).waits and "审批中" in page.scheme.approval.text(), window.message_bar.text()
    assert page.scheme.button("scheme_submit").isHidden()
    agree = page.scheme.button("scheme_agree")
    assert not agree.isEnabled() and "提交人不能审批" in agree.toolTip()
    for post in ("主管", "运检专责", "调控专责"):
        served(window, qtbot, colleague(hall, post))
        press(page, qtbot, window, "scheme_agree", opinion="同意")
    assert "已通过" in page.scheme.approval.text()
    served(window, qtbot, hall)
    page.done_button.click()
    wait_idle(qtbot, window)
    assert case(hall, number).state.stage("S04").state == "完成", window.message_bar.text()


def test_a_refused_scheme_shows_who_and_why_and_what_was_written_stays(window: Any, qtbot: Any, hall: Any) -> None:
    number = high_case(hall)
    page = at_stage(window, qtbot, number, "S04")
    page.stage_form.form.set_answers(high_scheme(hall))
    press(page, qtbot, window, "scheme_submit")
    served(window, qtbot, colleague(hall, "运检专责"))
    page.scheme.button("scheme_disagree").click()
    page.ask.form.fill({"opinion": "线路已满载", "on": "2026-11-01"})
    page.ask.ok.click()
    assert "审批日期 2026-11-01 早于提交审批的日期" in page.ask.form.fault("on") + page.ask._fault.text()
    page.ask.hide()
    press(page, qtbot, window, "scheme_disagree", opinion="线路已满载", on="2026-11-23")
    assert "退回" in page.scheme.approval.text() and "线路已满载" in page.scheme.approval.text()
    served(window, qtbot, hall)
    again = at_stage(window, qtbot, number, "S04")
    assert again.stage_form.answers()["reactive_kvar"] == high_scheme(hall)["reactive_kvar"]
    assert again.scheme.button("scheme_submit").isVisibleTo(again)


def test_a_scheme_is_changed_signed_for_and_extended_on_the_page(window: Any, qtbot: Any, hall: Any) -> None:
    number = answered_case(hall, customer_name="示例户")
    page = at_stage(window, qtbot, number, "S04")
    press(page, qtbot, window, "scheme_opinion", opinion="异议", signed_by="马海英", text="改接城东线")
    press(page, qtbot, window, "scheme_change", reason="客户异议", asked_by="客户", cost="无", days="无")
    assert page.view.state.stage("S04").state == "退回", window.message_bar.text()
    page.stage_form.form.fill({"scheme_line": "10kV 城东线"})
    page.done_button.click()
    wait_idle(qtbot, window)
    page = at_stage(window, qtbot, number, "S04")
    text = page.scheme.history.text()
    assert "第 2 版" in text and "10kV 绿洲路线 → 10kV 城东线" in text and "客户异议：改接城东线 马海英" in text
    press(page, qtbot, window, "scheme_extend", until="2027-05-20", reason="设计未完成")
    assert story(hall, number).term.until.isoformat() == "2027-05-20"
    assert window.page("paper").isVisible()


def test_the_deeds_of_a_scheme_have_their_keys(window: Any, qtbot: Any, hall: Any) -> None:
    page = at_stage(window, qtbot, accepted_case(hall).case_number, "S04")
    page.stage_form.form.go_to("scheme_line")
    qtbot.keyClick(page.stage_form.form.editor("scheme_line"), Qt.Key.Key_F8)
    wait_idle(qtbot, window)
    assert page.stage_form.answers()["ct_ratio"] == "150/5"


def test_what_waits_for_my_post_is_one_chip_away_on_the_morning_page(window: Any, qtbot: Any, hall: Any) -> None:
    from desktop.usecases.approving import submit_scheme

    number = high_case(hall)
    submit_scheme(hall, number, high_scheme(hall))
    page = visit(window, qtbot, "reminders")
    chip = page.chips._buttons["待我审批"]
    assert chip.isHidden()
    served(window, qtbot, colleague(hall, "运检专责"))
    qtbot.waitUntil(lambda: chip.isVisibleTo(page) and chip.text() == "待我审批 1")
    chip.click()
    wait_idle(qtbot, window)
    assert [(view.number, view.handler) for view in page.table.pages.items] == [(number, "运检专责")]
    page.table.opened.emit(page.table.pages.items[0])
    wait_idle(qtbot, window)
    press(window.page("case"), qtbot, window, "scheme_agree", opinion="同意")
    visit(window, qtbot, "reminders")
    qtbot.waitUntil(chip.isHidden)


def test_of_two_clerks_of_one_name_the_one_to_whom_it_is_handed_has_the_chip(window: Any, qtbot: Any,
                                                                              hall: Any) -> None:
    from desktop.usecases.hall_keeping import add_clerk
    from desktop.usecases.handing_over import offer

    case = high_case(hall)
    taker, namesake = (hall.served_by(add_clerk(hall, number, "示范同名", "客户经理")) for number in ("2001", "2002"))
    offer(hall, case, taker.clerk.number, "休假")
    page = visit(window, qtbot, "reminders")
    chip = page.chips._buttons["等我接收"]
    served(window, qtbot, namesake)
    wait_idle(qtbot, window)
    assert chip.isHidden()
    served(window, qtbot, taker)
    qtbot.waitUntil(lambda: chip.isVisibleTo(page) and chip.text() == "等我接收 1")


def test_what_waits_for_my_word_is_a_chip_of_the_case_list(window: Any, qtbot: Any, hall: Any) -> None:
    from desktop.usecases.approving import submit_scheme
    from desktop.usecases.handing_over import offer

    number = high_case(hall)
    submit_scheme(hall, number, high_scheme(hall))
    other = colleague(hall, "运检专责")
    offer(hall, number, other.clerk.number, "休假")
    page = visit(window, qtbot, "cases")
    chips = {name: page.chips._buttons[name] for name in ("approval", "handover")}
    assert all(chip.isHidden() for chip in chips.values())
    served(window, qtbot, other)
    qtbot.waitUntil(lambda: [chip.text() for chip in chips.values()] == ["待我审批 1", "等我接收 1"])
    for chip in chips.values():
        chip.click()
        wait_idle(qtbot, window)
        assert [row.number for row in page.table.pages.items] == [number]
