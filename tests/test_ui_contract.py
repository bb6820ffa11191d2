"""A contract's page: what it asks before a renewal, a filing and an end, and what it says before a signature."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import visit
from contract_book import account, file_facts, ledgered
from test_kinds import advance, begun
from trade import accepted_case, answered_case, approved, done, signed
from typing_hands import open_window, wait_idle

from desktop.usecases.case_listing import case
from desktop.usecases.contract_amending import supplement_account
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contracting import draw_up, register_paper

TODAY = date(2026, 11, 23)
ACCOUNT = "6300000000025"


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    made = open_window(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


def answer(page: Any, qtbot: Any, **said: str) -> None:
    page.ask.form.fill(said)
    page.ask.ok.click()
    wait_idle(qtbot, page.window())


def test_a_renewal_long_before_the_end_is_drawn_up_only_after_its_reason(window: Any, qtbot: Any) -> None:
    desk = window.services.desk
    ledgered(desk, "EARLY", owner=account(desk, ACCOUNT), ends_on=TODAY + timedelta(days=400))
    supplement_account(desk, ACCOUNT, file_facts("low_voltage"))
    page = visit(window, qtbot, "contract", "EARLY")
    page.renew_button.click()
    assert page.ask.isVisible() and "400 天" in page.ask._about.text()
    page.ask.ok.click()
    assert contract(desk, "EARLY").successor is None  # no reason, no contract
    answer(page, qtbot, early="客户增容，提前换签")
    wait_idle(qtbot, window)
    new = contract(desk, "EARLY").successor
    assert new is not None and page.view.row.key == new
    assert "目录默认" in page.text.toPlainText()  # nobody knew how the ledger's contract goes on


def test_no_more_copies_come_back_than_went_out(window: Any, qtbot: Any) -> None:
    key = signed(window.services.desk)
    page = visit(window, qtbot, "contract", key)
    page.next_button.click()
    assert page.ask.form.answers()["returned"] == "2"
    answer(page, qtbot, box="H-012", returned="3")
    assert page.ask.isVisible() and contract(window.services.desk, key).row.state == "我方已签用印"
    answer(page, qtbot, returned="2")
    assert contract(window.services.desk, key).row.state == "已归档"


def test_a_contract_in_force_is_ended_on_its_page(window: Any, qtbot: Any) -> None:
    key = signed(window.services.desk)
    page = visit(window, qtbot, "contract", key)
    assert "终止本合同" in page.text.toPlainText()
    page._follow("deed:terminate")
    answer(page, qtbot, reason="客户销户")
    assert not contract(window.services.desk, key).row.active
    assert "终止本合同" not in page.text.toPlainText()


def test_a_temporary_contract_registered_wrongly_is_ended_without_a_meter_taken_down(window: Any, qtbot: Any) -> None:
    desk = window.services.desk
    number = begun(desk, desk.catalog.processes["temporary_low"])
    advance(desk, case(desk, number), "S04")
    key = register_paper(desk, number, {"contract_signed_on": str(desk.today)}).row.key
    page = visit(window, qtbot, "contract", key)
    page._follow("deed:terminate")
    assert not page.ask.form.answers().get("removed_on") and "重新登记" in page.ask._about.text()
    answer(page, qtbot, reason="登错")
    view = contract(desk, key)
    assert not view.row.active and view.log[-1].facts["removed_on"] is None


def test_what_looks_odd_is_told_beside_the_draft_and_what_cannot_be_stands_above_it(window: Any, qtbot: Any) -> None:
    desk = window.services.desk
    approved(desk)
    load = {"name": "水泵", "count": "1", "unit_kw": "20", "total_kw": "20"}
    odd = draw_up(desk, answered_case(desk, loads=[load])).row.key
    shown = visit(window, qtbot, "contract", odd).text.toPlainText()
    assert "请留意 2 处" in shown and "小于容量 80 kW" in shown
    number = accepted_case(desk).case_number
    done(desk, number, "S04", facts={"meters": [{"point": "2 号表", "mode": "高供低计"}]})
    page = visit(window, qtbot, "contract", draw_up(desk, number).row.key)
    shown = page.text.toPlainText()
    assert "还不能印制：1 处" in shown and "高供低计" in shown
    page._follow("field:meters")
    assert "供电方案退回" in window.message_bar.text() and not page.ask.isVisible()


def test_the_end_of_a_case_says_what_becomes_of_its_contract(window: Any, qtbot: Any) -> None:
    desk = window.services.desk
    number = answered_case(desk)
    key = draw_up(desk, number).row.key
    page = visit(window, qtbot, "case", number)
    page.end_button.click()
    assert key in page.ask._about.text()
    page.ask.form.fill({"reason": "客户撤销"})
    page.ask.ok.click()
    wait_idle(qtbot, window)
    assert contract(desk, key).row.state == "作废" and f"{key} 随之作废" in page._about.text()
