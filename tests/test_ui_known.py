"""Who is known fills the form: found by what he says, beside what was typed, and said in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from typing_hands import open_window, press, type_into, wait_idle

from db.customers import Account
from desktop.usecases.acting import act
from desktop.usecases.case_listing import case
from desktop.usecases.registering import open_account
from tests.contract_book import account
from tests.trade import accepted_case

CTRL = Qt.KeyboardModifier.ControlModifier
PERSON = "11010519491231002X"
TASHI = {"customer_name": "扎西·示范", "customer_id_kind": "身份证", "customer_id": PERSON,
"customer_phone": "13997000012",
         "usage_address": "演练县恰措镇团结路 8 号", "customer_address": "演练县恰措镇团结路 8 号"}


@pytest.fixture
def page(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    accepted_case(hall, **TASHI)
    window = open_window(qtbot, hall)
    wait_idle(qtbot, window)
    window.go("intake")
    wait_idle(qtbot, window)
    yield window.page("intake")
    wait_idle(qtbot, window)


def said(page: Any, qtbot: Any, **answers: str) -> None:
    for name, text in answers.items():
        type_into(page.form.editor(name), text)
    page.assess()
    wait_idle(qtbot, page.window())


def take_first(page: Any, qtbot: Any) -> None:
    qtbot.keyClick(page, Qt.Key.Key_I, CTRL)
    page.assess()
    wait_idle(qtbot, page.window())


def another_account(hall: Any, owner: int, number: str, place: str) -> int:
    with act(hall, "another") as doing:
        opened = open_account(doing, owner, {"usage_address": place, "voltage": "380V"})
        doing.session.get_one(Account, opened).number = number
    return opened


def told(page: Any) -> str:
    return str(page.window().message_bar.text())


@pytest.mark.parametrize("spoken", ["扎西", "zxsf", "xsf", "0012", "002X", "扎西示范"])
def test_whoever_is_known_is_found_by_what_he_says_and_fills_the_form(page: Any, qtbot: Any, spoken: str) -> None:
    said(page, qtbot, customer_name=spoken)
    assert "扎西·示范" in page.summary.similar.text() and PERSON not in page.summary.similar.text()
    take_first(page, qtbot)
    filled = page.form.answers()
    assert {name: filled[name] for name in ("customer_name", "customer_id", "customer_phone")} == {
        name: TASHI[name] for name in ("customer_name", "customer_id", "customer_phone")}
    assert "已从档案填入此客户的户名、" in told(page)
    assert "证件号码" in told(page) and page.assistant.customer_id


def test_what_was_typed_stays_and_is_told(page: Any, qtbot: Any) -> None:
    said(page, qtbot, customer_phone="13997000099", customer_name="扎西")
    take_first(page, qtbot)
    assert page.form.answers()["customer_phone"] == "13997000099"
    assert "您填的联系电话与档案不同，没有改动" in told(page).replace("用电人", "")


def test_another_name_to_the_same_id_is_not_overwritten(page: Any, qtbot: Any) -> None:
    said(page, qtbot, customer_name="示范商店", customer_id=PERSON)
    take_first(page, qtbot)
    assert page.form.answers()["customer_name"] == "示范商店" and "户名" in told(page)


def test_a_customer_with_two_premises_says_which(page: Any, qtbot: Any, hall: Any) -> None:
    owner, _first = account(hall, "6300000000025", "完玛措")
    second = another_account(hall, owner, "6300000000033", "演练县恰措镇北路 2 号")
    said(page, qtbot, customer_name="完玛措")
    take_first(page, qtbot)
    shown = page.summary.similar.text()
    assert "6300000000025" in shown and "6300000000033" in shown and "此客户的用电户" in shown
    page._follow(f"account:{second}")
    wait_idle(qtbot, page.window())
    assert page.form.answers()["usage_address"] == "演练县恰措镇北路 2 号"
    assert "yx_account" not in page.form.answers()


def test_choosing_another_customer_takes_back_what_the_first_one_filled(page: Any, qtbot: Any, hall: Any) -> None:
    account(hall, "6300000000025", "完玛措")
    other = accepted_case(hall, customer_name="完玛加", customer_id_kind="身份证", customer_id="440524188001010014",
                          customer_phone="13997000055", usage_address="演练县恰措镇南路 5 号")
    said(page, qtbot, customer_name="扎西")
    take_first(page, qtbot)
    page._follow(f"customer:{case(hall, other.case_number).customer_id}")
    wait_idle(qtbot, page.window())
    filled = page.form.answers()
    assert (filled["customer_name"], filled["customer_phone"]) == ("完玛加", "13997000055")


def test_a_newcomer_at_known_premises_is_asked_about_a_transfer(page: Any, qtbot: Any, hall: Any) -> None:
    owner, _first = account(hall, "6300000000025", "完玛措")
    another_account(hall, owner, "6300000000033", "演练县恰措镇北路 2 号")
    said(page, qtbot, customer_name="新来的", usage_address="恰措镇北路2号")
    assert "此地址已有别的客户的用电户 6300000000033" in page.summary.similar.text()
    assert "过户" in page.summary.similar.text()


def test_the_key_does_nothing_where_nobody_is_known(page: Any, qtbot: Any) -> None:
    said(page, qtbot, customer_name="查无此人")
    press(page, Qt.Key.Key_I, "", CTRL)
    take_first(page, qtbot)
    assert page.form.answers()["customer_name"] == "查无此人" and page.assistant.customer_id is None
