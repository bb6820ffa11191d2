"""Changes of use through the window's own widgets, from the account to filing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import CTRL, file_contract, finish, receive_all, sign, visit
from contract_book import account, file_facts, ledgered
from PySide6.QtCore import Qt
from typing_hands import enter, open_window, press, type_into, wait_idle

from desktop.domain.field import FIELDS
from desktop.usecases.contract_amending import supplement_account
from desktop.usecases.contracting import approve_template
from desktop.usecases.gathering import OF_CUSTOMERS
from desktop.usecases.standing import account as account_of

NUMBER, NAME, PLACE = "6300000000018", "示例县兴旺建材有限公司", "共和县恰卜恰镇绿洲南路 16 号"
METERED = {"metering_mode": "高供高计", "voltage": "10kV", "pt_ratio": "10000/100", "ct_ratio": "50/5",
           "multiplier": "1000"}


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    """A window over a hall with a works of 800 kVA at 10 kV under a filed contract."""
    owner = account(hall, NUMBER, NAME, address=PLACE, capacity=Decimal(800), capacity_unit="kVA", voltage="10kV",
                    usage_nature="工商业", status="在用", facts={"price_class": "工商业（两部制）"})
    own = {name: value for name, value in file_facts("high_voltage").items() if FIELDS[name].group not in OF_CUSTOMERS}
    supplement_account(hall, NUMBER, {**own, **METERED, "usage_address": PLACE, "scheme_capacity_kva": "800"})
    ledgered(hall, "GY-1", owner=owner, kind="high_voltage", kind_word="高压", capacity=Decimal(800),
             capacity_unit="kVA", voltage="10kV", ends_on=date(2029, 11, 30))
    made = open_window(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


def begin(window: Any, qtbot: Any, digits: str, said: str) -> Any:
    """Choose the kind by its two digits, then the account by what the customer says of it; the page."""
    page = visit(window, qtbot, "intake")
    page.kind.setFocus()
    for digit in digits:
        press(page.kind, Qt.Key(Qt.Key.Key_0 + int(digit)), digit)
    enter(page.kind)
    assert page.account.finder.hasFocus()
    type_into(page.account.finder, said)
    qtbot.waitUntil(lambda: NUMBER in page.account.told.text())
    enter(page.account.finder)
    qtbot.waitUntil(lambda: page.account.view is not None)
    return page


def accepted(window: Any, qtbot: Any, page: Any) -> str:
    """All papers are there; Ctrl+Enter: the case's number."""
    receive_all(page)
    qtbot.waitUntil(lambda: "可以受理" in page.summary._missing_head.text(), timeout=8000)
    enter(page.form.editor("customer_phone"), CTRL)
    wait_idle(qtbot, window)
    assert page.stack.currentIndex() == 1, window.message_bar.text()
    return page.accepted.number.text()


def test_a_suspension_from_the_account_to_filing(window: Any, qtbot: Any, clock: Any) -> None:
    page = begin(window, qtbot, "34", "xwjc")
    told = page.account.told.text()
    assert "合同容量" in told and "800 kVA" in told and "GY-1" in told
    filled = page.form.answers()
    assert (filled["yx_account"], filled["customer_name"], filled["usage_address"]) == (NUMBER, NAME, PLACE)
    page.form.fill({
        "customer_id_kind": "营业执照", "customer_id": "91632521MA00000A9H", "identity_check": "核对原件",
        "customer_phone": "13800001234", "change_reason": "淡季停产一台主变", "hold_equipment": "2#主变压器",
        "hold_kva": "400", "hold_from": "2026-12-01", "hold_until": "2026-12-10", "arrears": "已结清",
        "arrears_by": "示范丙", "arrears_on": "2026-11-23"})
    receive_all(page)
    qtbot.waitUntil(lambda: "少于 15 天" in page.summary.missing.text())
    page.form.fill({"hold_until": "2026-12-31"})
    number = accepted(window, qtbot, page)

    case = visit(window, qtbot, "case", number)
    assert any("变更用电申请表" in paper.title for paper in case.view.papers)
    assert case.contract_button.text() == "生成确认单"
    case.contract_button.click()
    wait_idle(qtbot, window)
    clock.move(date(2026, 12, 1))
    finish(window, number, "S18", sealed_on="2026-12-01")
    assert account_of(window.services.desk, NUMBER).running_capacity == "400 kVA"
    finish(window, number, "S21", change_signed_on="2026-12-01")
    finish(window, number, "S15", yx_account=NUMBER)
    assert case.view.row.status == "已归档"
    assert "400 kVA" in case.side.account.text()
    wait_idle(qtbot, window)


def test_a_transfer_from_the_account_to_filing(window: Any, qtbot: Any, clock: Any) -> None:
    page = begin(window, qtbot, "32", NUMBER)
    filled = page.form.answers()
    assert filled["old_name"] == NAME
    assert "customer_name" not in filled  # the new customer is asked for
    page.form.fill({
        "customer_name": "示例县新兴建材厂", "customer_id_kind": "营业执照", "customer_id": "91632521MA00000B7C",
        "identity_check": "核对原件", "legal_person": "示范丁", "customer_phone": "13900001111",
        "customer_address": PLACE, "change_reason": "厂房转让", "industry": "建材", "arrears": "已结清",
        "arrears_by": "示范丙", "arrears_on": "2026-11-23"})
    number = accepted(window, qtbot, page)
    finish(window, number, "S17", reading_on="2026-11-23", settled_on="2026-11-23")
    case = visit(window, qtbot, "case", number)
    assert case.contract_button.text() == "起草合同"
    case.contract_button.click()
    wait_idle(qtbot, window)
    contract = window.page("contract")
    assert contract.view.answers["customer_name"] == "示例县新兴建材厂"
    approve_template(window.services.desk, "high_voltage", "示范法务", clock.today)
    contract.next_button.click()
    wait_idle(qtbot, window)
    assert contract.view.row.state == "待签", (window.message_bar.text(), contract.view.faults)
    sign(contract, "客户已签", signer="示范丁", capacity="法定代表人")
    sign(contract, "我方已签用印")
    view = account_of(window.services.desk, NUMBER)
    assert (view.customer, view.contract and view.contract.key) == ("示例县新兴建材厂", contract.view.row.key)
    file_contract(contract)
    finish(window, number, "S15", yx_account=NUMBER)
    assert visit(window, qtbot, "case", number).view.row.status == "已归档"
