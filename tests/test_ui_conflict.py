"""A ledger's row at odds with a kept contract is settled in the window: both values seen, one chosen, on a ground."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clerk_hands import visit
from PySide6.QtWidgets import QLabel
from test_importing import ROW, changed, ledger
from typing_hands import open_window, type_into, wait_idle

from desktop.usecases.adopting import conflicts
from desktop.usecases.contract_keeping import contract
from desktop.usecases.importing import import_contracts

SECOND = changed(ROW, 合同编号="DY-2", 户号="6308633139493")


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path, tmp_path: Path) -> Any:
    import_contracts(hall, ledger(tmp_path, ROW, SECOND))
    import_contracts(hall, ledger(tmp_path, changed(ROW, 容量="100"), changed(SECOND, 容量="60"), name="二.xlsx"))
    made = open_window(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


def told(card: Any) -> set[str]:
    return {label.text() for label in card.findChildren(QLabel) if label.isVisible()}


def test_both_values_stand_side_by_side_where_the_ledger_came_in(window: Any, qtbot: Any) -> None:
    card = visit(window, qtbot, "import").conflicts
    qtbot.waitUntil(lambda: "合同 DY-1" in told(card))
    assert {"合同 DY-1", "容量", "80", "100", "与已有合同不一致：还有 2 行"} <= told(card)
    assert any("二.xlsx" in text and "第 2 行" in text for text in told(card))


def test_the_new_value_is_taken_and_the_next_row_comes_up(window: Any, qtbot: Any, hall: Any) -> None:
    card = visit(window, qtbot, "import").conflicts
    type_into(card.note, "已查合同原件")
    card.adopt_button.click()
    wait_idle(qtbot, window)
    assert contract(hall, "DY-1").row.capacity == "100 kW"
    assert card.current().number == "DY-2"
    card.keep_button.click()
    wait_idle(qtbot, window)
    assert contract(hall, "DY-2").row.capacity == "80 kW"
    assert card.isHidden()
    assert conflicts(hall) == ()


def test_without_a_ground_nothing_is_settled_and_the_card_says_why(window: Any, qtbot: Any, hall: Any) -> None:
    card = visit(window, qtbot, "import").conflicts
    card.adopt_button.click()
    assert "请写明依据" in card._fault.text()
    assert len(conflicts(hall)) == 2


def test_a_row_may_be_left_for_later(window: Any, qtbot: Any, hall: Any) -> None:
    card = visit(window, qtbot, "import").conflicts
    card.next_button.click()
    assert card.current().number == "DY-2"
    card.next_button.click()
    assert card.current().number == "DY-1"
    assert len(conflicts(hall)) == 2


def test_the_contracts_own_page_shows_its_row_and_logs_the_choice(window: Any, qtbot: Any) -> None:
    page = visit(window, qtbot, "contract", "DY-2")
    assert page.conflicts.current().number == "DY-2"
    assert page.conflicts.open_button.isHidden() and page.conflicts.next_button.isHidden()
    type_into(page.conflicts.note, "台账笔误")
    page.conflicts.keep_button.click()
    wait_idle(qtbot, window)
    assert page.conflicts.isHidden()
    assert "保留原值" in page.text.toPlainText()
