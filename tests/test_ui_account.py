"""One account on its page: what it shows, what can be begun from it and what cannot, and the ways that lead to it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from change_book import NAME, NUMBER, asked, done, open_works, sealed
from clerk_hands import CTRL, visit
from contract_book import account as account_row
from PySide6.QtCore import Qt
from typing_hands import enter, open_window, press, type_into, wait_idle

from desktop.errors import Refusal
from desktop.usecases.account_viewing import account_file
from desktop.usecases.charging import charge, set_tariff
from desktop.usecases.confirming import make_change_paper
from desktop.usecases.contract_amending import supplement_account
from desktop.usecases.finding import find
from desktop.usecases.intake import accept

LOW = "6300000000026"


@pytest.fixture
def works(hall: Any) -> Any:
    account_row(hall, LOW, "示例甲", address="团结路 1 号", voltage="220V", usage_nature="居民生活", status="在用")
    return open_works(hall)


@pytest.fixture
def window(qtbot: Any, works: Any, font_folder: Path) -> Any:
    made = open_window(qtbot, works)
    yield made
    wait_idle(qtbot, made)


def shown(window: Any, qtbot: Any, number: str) -> Any:
    page = visit(window, qtbot, "account", number)
    qtbot.waitUntil(lambda: bool(page.changes.pages.items) and page.finder.view is not None)
    return page


def choose(page: Any, pad: str) -> None:
    page.changes.selectRow(next(n for n, row in enumerate(page.changes.pages.items) if row.pad == pad))


def test_an_account_is_seen_whole(window: Any, qtbot: Any, works: Any, clock: Any) -> None:
    clock.move(date(2026, 1, 5))
    sealed(works, clock, "2026-02-02", "2026-04-30")
    sealed(works, clock, "2026-11-02", "2027-01-31")
    clock.move(date(2026, 11, 23))
    moved = accept(works, asked(works, "move_meter")).case_number
    done(works, moved, "S03")
    done(works, moved, "S22", meter_number="HX1")
    set_tariff(works, "移表工料费", "210", "示例文件", works.today)
    charge(works, moved, "移表工料费", "10")
    page = shown(window, qtbot, NUMBER)
    assert "800 kVA" in page.finder.told.text() and "400 kVA" in page.finder.told.text()
    text = {name: part.text() for name, part in page.parts.items()}
    assert "138****1234" in text["identity"]
    assert "2026 年暂停累计" in text["holds"] and "2027 年暂停累计" in text["holds"] and "1 个月" in text["holds"]
    assert "GY-1" in text["contracts"] and moved in text["cases"] and "HX1" in text["meters"]
    assert "2,100.00 元" in text["owed"]


def test_of_the_transformers_it_is_told_how_much_of_them_rests_now(
        window: Any, qtbot: Any, works: Any, clock: Any) -> None:
    two = [{"point": "1#配电室", "model": "SCB14-400/10", "count": "2", "kva": "400", "state": "运行"}]
    supplement_account(works, NUMBER, {"transformers": two})
    clock.move(date(2026, 10, 9))
    sealed(works, clock, "2026-11-02", "2027-01-31")
    clock.move(date(2026, 11, 23))
    assert "其中 400 kVA 停用中" in shown(window, qtbot, NUMBER).parts["transformers"].text()


def test_what_can_be_begun_is_begun_by_enter_with_the_account_in_the_form(window: Any, qtbot: Any) -> None:
    page = shown(window, qtbot, NUMBER)
    choose(page, "34")
    assert page.begin_button.isEnabled()
    enter(page.changes)
    intake = window.page("intake")
    qtbot.waitUntil(lambda: intake.account.view is not None)
    assert intake.kind.value() == "suspend"
    assert intake.form.answers()["yx_account"] == NUMBER
    assert intake.form.answers()["customer_name"] == NAME


def test_what_cannot_be_begun_says_why(window: Any, qtbot: Any) -> None:
    page = shown(window, qtbot, LOW)
    choose(page, "34")
    assert "供电电压为 220V：暂停只办高压用户" in page.reason.text()
    assert not page.begin_button.isEnabled()
    enter(page.changes)
    assert window.stack.currentWidget() is page
    choose(page, "23")
    assert "这一户是低压居民" in page.reason.text()
    choose(page, "31")
    assert page.begin_button.isEnabled()


def test_an_account_with_an_open_case_begins_nothing(works: Any) -> None:
    number = accept(works, asked(works, "move_meter")).case_number
    assert all(number in each.reason for each in account_file(works, NUMBER).possible)


def test_search_leads_to_the_account_and_so_do_its_case_and_its_contract(window: Any, qtbot: Any, works: Any) -> None:
    number = accept(works, asked(works, "move_meter")).case_number
    type_into(window.search, NUMBER)
    qtbot.waitUntil(lambda: window.search.hits is not None and window.search.hits.isVisible())
    window.go("hit", next(hit for hit in find(works, NUMBER) if hit.kind == "户号"))
    assert window.stack.currentWidget() is window.page("account")
    case = visit(window, qtbot, "case", number)
    assert f"account:{NUMBER}" in case.side.account.text()
    case.side.account.followed.emit(f"account:{NUMBER}")
    assert window.stack.currentWidget() is window.page("account")
    contract = visit(window, qtbot, "contract", "GY-1")
    contract._follow(f"account:{NUMBER}")
    assert window.stack.currentWidget() is window.page("account")


def test_the_page_is_opened_and_used_by_keys_alone(window: Any, qtbot: Any) -> None:
    press(window, Qt.Key.Key_H, "", CTRL)
    page = window.page("account")
    window.go("account")
    type_into(page.finder.finder, NUMBER)
    enter(page.finder.finder)
    qtbot.waitUntil(lambda: bool(page.changes.pages.items))
    choose(page, "31")
    press(page.changes, Qt.Key.Key_Return, "", CTRL)
    qtbot.waitUntil(lambda: window.page("intake").account.view is not None)
    assert window.page("intake").kind.value() == "rename"


def test_a_renamed_customer_is_shown_with_the_name_he_had(works: Any) -> None:
    number = accept(works, asked(works, "rename", new_name="示例县永旺建材有限公司")).case_number
    make_change_paper(works, number)
    done(works, number, "S21")
    assert account_file(works, NUMBER).former_names == (NAME,)


def test_transformers_that_hung_before_the_program_came_are_told_on_the_page_and_hold_a_suspension(
        window: Any, qtbot: Any, works: Any) -> None:
    page = shown(window, qtbot, NUMBER)
    assert "没有登记" in page.parts["transformers"].text()
    page.parts["transformers"].followed.emit("transformers:")
    two = [{"point": "1#配电室", "model": "SCB14-500/10", "count": "1", "kva": "500", "state": "运行"},
           {"point": "1#配电室", "model": "SCB14-250/10", "count": "1", "kva": "0", "state": "运行"}]
    page.ask.form.set_answers({"transformers": two})
    page.ask.submit()
    assert page.ask.isVisible()  # a transformer of 0 kVA is none
    page.ask.form.set_answers({"transformers": [two[0], {**two[1], "kva": "250"}]})
    page.ask.submit()
    qtbot.waitUntil(lambda: "合计 750 kVA，合同容量是 800 kVA：对不上" in page.parts["transformers"].text())
    page.ask_transformers()
    assert page.ask.form.answers()["transformers"][1]["kva"] == "250"
    page.ask.form.set_answers({"transformers": [two[0], {**two[1], "kva": "300"}]})
    page.ask.submit()
    qtbot.waitUntil(lambda: "300 kVA × 1 台" in page.parts["transformers"].text())
    assert "对不上" not in page.parts["transformers"].text()
    with pytest.raises(Refusal, match="档案的变压器是 500 kVA 1 台、300 kVA 1 台，凑不出这个容量"):
        accept(works, asked(works, "suspend", hold_kva="400", hold_equipment="2#主变压器"))
    page = shown(window, qtbot, LOW)
    qtbot.waitUntil(lambda: "低压用户，没有受电变压器" in page.parts["transformers"].text())
