"""A case's works through the window: fees, rounds, meters, papers and hand-over, with real widgets and keys."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from change_book import open_works, suspend
from clerk_hands import visit
from PySide6.QtCore import Qt
from test_inspecting import BUILDER, DEFECT, planned
from trade import accepted_case
from typing_hands import open_window, press, type_into, wait_idle

from desktop.usecases.allowing import clerk_named
from desktop.usecases.case_listing import case
from desktop.usecases.casework import state_of
from desktop.usecases.charging import fees, set_tariff, tariffs
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.handing_over import offer_of
from desktop.usecases.inspecting import rounds
from printing.raster import page_text
from ui.paper_list import save_paper

MOVE = "移表工料费"


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    add_clerk(hall, "1002", "示范乙", "客户经理")
    set_tariff(hall, MOVE, "85.50", "示例省价格文件〔2026〕1号", date(2026, 1, 1))
    made = open_window(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


def answer(page: Any, **said: Any) -> None:
    """Fill the question on the page and do it."""
    page.ask.form.set_answers({**page.ask.form.answers(), **said})
    page.ask.ok.click()
    assert not page.ask.isVisibleTo(page), page.ask._fault.text()


def test_a_case_is_taken_through_its_fees_rounds_and_papers(window: Any, qtbot: Any, hall: Any) -> None:
    number = planned(hall, "有")
    visit(window, qtbot, "case", number).side.works.linkActivated.emit(number)
    wait_idle(qtbot, window)
    page = window.page("works")
    assert "目录里没有的费用不得收取" in page.sum.text() and not page.pay_button.isEnabled()
    page.charge_button.click()
    answer(page, item=MOVE, quantity="2")
    page.pay_button.click()
    answer(page, pay_way="扫码支付", receipt="PJ0001")
    assert fees(hall, number).sum.open == 0 and "待缴 0.00 元" in page.sum.text()

    page.submit_button.click()
    answer(page, **BUILDER)
    assert "S11" in state_of(hall, number).current
    page.conclude_button.click()
    answer(page, result="不合格", inspected_by="李建军", review_opinion="进线标识不全", defects=[DEFECT])
    assert "S11" not in state_of(hall, number).current and len(page.open_defects()) == 1
    page.submit_button.click()
    assert page.ask.form.answers()["builder_name"] == BUILDER["builder_name"]
    answer(page)
    page.mend_button.click()
    answer(page, seen_by="李建军")
    page.conclude_button.click()
    answer(page, result="合格")
    assert [each.result for each in rounds(hall, number)] == ["不合格", "合格"]
    assert state_of(hall, number).stage("S11").state == "完成"

    page.paper.setCurrentIndex(page.paper.findData("rectification"))
    page.issue_button.click()
    wait_idle(qtbot, window)
    assert any(paper.kind == "rectification" for paper in case(hall, number).papers)


def test_a_suspension_has_its_notice_of_the_cut_in_the_window(window: Any, qtbot: Any, hall: Any) -> None:
    number = suspend(open_works(hall), "2026-12-01", "2026-12-31")
    page = visit(window, qtbot, "works", number)
    page.paper.setCurrentIndex(page.paper.findText("停（复）电通知书"))
    page.issue_button.click()
    wait_idle(qtbot, window)
    assert case(hall, number).papers[-1].kind == "outage_notice"


def test_what_is_saved_to_a_file_counts_as_a_print(window: Any, qtbot: Any, hall: Any, tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    number = suspend(open_works(hall), "2026-12-01", "2026-12-31")
    page, paper = visit(window, qtbot, "works", number), case(hall, number).papers[0]
    texts = []
    for name in ("a.pdf", "b.pdf"):
        monkeypatch.setattr("ui.printing.ask_where", lambda *_, name=name: tmp_path / name)
        save_paper(page.services, paper, page)
        wait_idle(qtbot, window)
        texts.append("".join(page_text((tmp_path / name).read_bytes())))
    assert "补打" not in texts[0] and "第 2 次打印" in texts[1]


def test_a_wrong_payment_is_given_back_and_an_ended_case_shows_what_is_owed(window: Any, qtbot: Any, hall: Any) -> None:
    number = planned(hall, "有")
    page = visit(window, qtbot, "works", number)
    for quantity, receipt in (("2", "PJ0001"), ("1", "PJ0002")):
        page.charge_button.click()
        answer(page, item=MOVE, quantity=quantity)
        page.pay_button.click()
        answer(page, pay_way="现金", receipt=receipt)
        if quantity == "2":
            assert page.refund_button.isEnabled()
            page.refund_button.click()
            assert "班长、主管、管理员批准" in page.ask._about.text()
            answer(page, reason="数量登错", pay_way="现金", receipt="TF0001", allowed_by=leader(hall))
    assert "已退 171.00 元" in page.sum.text() and "已缴 85.50 元" in page.sum.text()
    case_page = visit(window, qtbot, "case", number)
    case_page.end_button.click()
    assert "已缴业务费 85.50 元" in case_page.ask._about.text()
    answer(case_page, reason=case_page.view.process.end_reasons[0])
    assert "应退还 85.50 元" in case_page.side.works.text()
    assert "应退还客户 85.50 元" in visit(window, qtbot, "works", number).sum.text()


def leader(hall: Any) -> str:
    return add_clerk(hall, "1008", "示范班", "班长").number


def test_a_refusal_stays_on_the_card_with_its_fault(window: Any, qtbot: Any, hall: Any) -> None:
    page = visit(window, qtbot, "works", planned(hall, "有"))
    page.submit_button.click()
    page.ask.form.set_answers({**page.ask.form.answers(), **BUILDER, "builder_until": "2026-01-01"})
    page.ask.ok.click()
    assert page.ask.isVisibleTo(page) and "过期" in page.ask.form.fault("builder_until")
    assert page.ask._fault.text() == "", "it is told once, beside its field"
    assert page.ask.form.answers()["builder_until"] == "2026-01-01"


def test_half_an_answer_comes_back_when_the_same_is_asked_of_the_same_case_again(
        window: Any, qtbot: Any, hall: Any) -> None:
    first, second = planned(hall, "有"), planned(hall, "有")
    page = visit(window, qtbot, "works", first)
    page.hand_button.click()
    type_into(page.ask.form.editor("reason"), "外出勘查")
    visit(window, qtbot, "works", second)
    assert page.ask.isHidden()
    page.hand_button.click()
    assert "reason" not in page.ask.form.answers(), "another case's answer"
    page.ask.hide()
    visit(window, qtbot, "works", first)
    page.hand_button.click()
    assert page.ask.form.answers()["reason"] == "外出勘查"
    press(page.ask, Qt.Key.Key_Escape)
    page.hand_button.click()
    assert "reason" not in page.ask.form.answers(), "given up by Esc"


def test_a_case_is_handed_over_and_the_receiver_takes_it(window: Any, qtbot: Any, hall: Any) -> None:
    from desktop.usecases.staffing import clerk_by_number

    number = planned(hall, "有")
    page = visit(window, qtbot, "works", number)
    page.hand_button.click()
    answer(page, to_clerk="1002 示范乙（客户经理）", reason="调岗")
    assert offer_of(hall, number) is not None and not page.take_button.isEnabled()
    window.services.seat(clerk_by_number(hall, "1002"))
    page = visit(window, qtbot, "works", number)
    assert page.take_button.isEnabled()
    page.take_button.click()
    assert case(hall, number).row.owner == "示范乙" and "示范员（始终具名）" in page.holder.text()


def test_sending_back_tells_what_it_undoes_as_the_choice_changes(window: Any, qtbot: Any, hall: Any) -> None:
    number = planned(hall, "有")
    page = visit(window, qtbot, "case", number)
    page.choose_stage("S12")
    page.back_button.click()
    assert "没有已完成的环节要重做" in page.ask._about.text()
    page.ask.form.set_answers({**page.ask.form.answers(), "to": "供电方案答复"})
    page.ask.form.changed.emit("to")
    assert "供电方案答复（2026-11-23 完成）" in page.ask._about.text()


def test_a_finished_stage_is_recalled_with_a_reason(window: Any, qtbot: Any, hall: Any) -> None:
    number = planned(hall, "有")
    page = visit(window, qtbot, "case", number)
    page.choose_stage("S04")
    assert page.back_button.text() == "召回"
    page.back_button.click()
    answer(page, reason="线路填错")
    assert state_of(hall, number).stage("S04").state == "进行"
    assert "召回" in page.side._log.text()


def test_the_works_lead_to_the_photos_of_the_inspection(window: Any, qtbot: Any, hall: Any) -> None:
    page = visit(window, qtbot, "works", planned(hall, "有"))
    page.kind.set_value("final")
    page.go_photos()
    wait_idle(qtbot, window)
    shown = window.page("materials")
    assert (shown.table.code, shown.proof.name) == ("P31", "竣工检验缺陷（整改前）照片")


def test_the_card_of_a_price_asks_who_allowed_it(window: Any, qtbot: Any, hall: Any) -> None:
    number = accepted_case(hall).case_number
    window.services.seat(clerk_named(hall, "1002"))
    page = visit(window, qtbot, "works", number)
    page.tariff_button.click()
    said = {"item": MOVE, "price": "90", "basis": "示例文件2号", "effective": "2026-11-02"}
    page.ask.form.set_answers({**page.ask.form.answers(), **said})
    page.ask.ok.click()
    assert "不能批准登记单价" in page.ask.form.fault("allowed_by")
    answer(page, allowed_by="1001")
    assert {row.name: row.price for row in tariffs(hall)}[MOVE] == Decimal("90")
