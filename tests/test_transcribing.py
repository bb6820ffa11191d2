"""照录: a case copied into another system, one key a field, and the number noted that it gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from trade import accepted_case
from typing_hands import open_window, press, type_into, wait_idle

from desktop.usecases.case_listing import case
from desktop.usecases.transcribing import ladder_of, note_number

# offscreen no window lies above another
pytestmark = pytest.mark.qt_log_ignore(r"does not support raise\(\)", extend=True)
SPACE = (Qt.Key.Key_Space, " ")


@pytest.fixture
def card(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    """The card over the case's page, opened by F7."""
    number = accepted_case(hall).case_number
    window = open_window(qtbot, hall)
    wait_idle(qtbot, window)
    window.go("case", number)
    wait_idle(qtbot, window)
    qtbot.keyClick(window.page("case"), Qt.Key.Key_F7)
    made = window.page("case").ladder
    assert made is not None
    yield made
    if window.page("case").ladder is not None:
        made.close()
    wait_idle(qtbot, window)


def test_the_steps_are_those_of_the_other_system_that_the_case_can_answer(hall: Any) -> None:
    ladder = ladder_of(hall, accepted_case(hall).case_number)
    order = [each.field for each in hall.catalog.ladders.usual]
    assert [each.field for each in ladder.steps] == sorted((e.field for e in ladder.steps), key=order.index)
    assert ladder.steps[0].value == "共和县措温波藏毯加工有限公司"
    assert not ladder.verified and "yx_application" not in {each.field for each in ladder.steps}
    loads = next(each for each in ladder.steps if each.field == "loads")
    assert loads.value.split("\t")[0] == "冷库压缩机"
    assert all("13800001234" not in each.shown for each in ladder.steps)


def test_every_kind_of_the_catalogue_has_steps(catalog: Any) -> None:
    ladders = catalog.ladders
    assert set(ladders.by_kind) <= set(catalog.processes)
    for process in catalog.processes.values():
        assert {each.field for each in ladders.of(process.id)} & set(process.fields)


def test_one_key_copies_and_shows_what_comes_next(card: Any) -> None:
    steps = card.ladder.steps
    for step in steps:
        assert step.label in card.now.text()
        press(card, *SPACE)
        assert QGuiApplication.clipboard().text() == step.value
    assert "登记" in card.now.text() and card.number.isVisible()


def test_back_and_skip_copy_nothing(card: Any) -> None:
    press(card, Qt.Key.Key_Right)
    assert card.at == 1 and card._copied == ""
    press(card, Qt.Key.Key_Left)
    assert card.at == 0


def test_the_number_that_was_given_is_noted_at_the_end(card: Any, hall: Any, qtbot: Any) -> None:
    number = card.ladder.case_number
    for _ in card.ladder.steps:
        press(card, *SPACE)
    type_into(card.number, "12")
    press(card.number, Qt.Key.Key_Return, "\r")
    assert "申请编号" in card.fault.text()
    card.number.selectAll()
    type_into(card.number, "632611220000000001")
    press(card.number, Qt.Key.Key_Return, "\r")
    assert case(hall, number).outside["yx_application"] == "632611220000000001"
    assert QGuiApplication.clipboard().text() == ""


def test_the_card_stays_above_other_windows(card: Any) -> None:
    assert card.windowFlags() & Qt.WindowType.WindowStaysOnTopHint


def test_a_number_is_noted_as_any_other(hall: Any) -> None:
    number = accepted_case(hall).case_number
    assert note_number(hall, number, " 632611220000000001 ") == "632611220000000001"
