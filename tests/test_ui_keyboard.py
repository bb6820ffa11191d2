"""The counter without a mouse: an application from Alt+1 to its number, by keys alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clerk_hands import CTRL, LOAD, TYPED, choose_kind, visit
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from trade import accepted_case
from typing_hands import enter, open_window, press, type_into_unfocused, wait_idle

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    made = open_window(qtbot, hall)
    wait_idle(qtbot, made)
    yield made
    wait_idle(qtbot, made)


def here() -> Any:
    return QApplication.focusWidget()


def fill_by_enter(page: Any) -> None:
    """Through the whole form, field by field, with nothing but letters and Enter."""
    for name in page.form.names:
        editor = page.form.editor(name)
        if name == "loads":
            for text in LOAD:
                type_into_unfocused(here(), text)
                enter(here())
            while editor.isAncestorOf(here()):
                enter(here())  # to the end of the row, and out of the empty one after it
            continue
        assert here() is editor, f"the cursor is not in {name} but in {here().objectName()}"
        if name in TYPED:
            type_into_unfocused(editor, TYPED[name])
        if name != page.form.names[-1]:
            enter(editor)


def receive_by_tab(page: Any, qtbot: Any) -> None:
    """On to the papers by Tab, each marked 已收 by one press of the arrow."""
    boxes = [box for _name, box in page.summary.materials._lines.values() if box.isVisible()]
    for box in boxes:
        for _ in range(12):
            if here() is box:
                break
            qtbot.keyClick(here(), Qt.Key.Key_Tab)
        assert here() is box, f"Tab does not come to {box.objectName()}"
        press(box, Qt.Key.Key_Down)
        assert box.value() == "已收"


def test_an_application_is_accepted_without_touching_the_mouse(window: Any, qtbot: Any) -> None:
    qtbot.keyClick(window, Qt.Key.Key_1, ALT)
    wait_idle(qtbot, window)
    page = window.page("intake")
    choose_kind(page)
    page.form.go_to("customer_name")
    fill_by_enter(page)
    qtbot.waitUntil(lambda: "请填写户名" not in page.summary.missing.text())
    receive_by_tab(page, qtbot)
    qtbot.waitUntil(lambda: "可以受理" in page.summary._missing_head.text())
    qtbot.keyClick(here(), Qt.Key.Key_Return, CTRL)
    wait_idle(qtbot, window)
    assert page.stack.currentIndex() == 1, window.message_bar.text()
    assert here() is page.accepted.next
    qtbot.keyClick(here(), Qt.Key.Key_Space)
    assert page.stack.currentIndex() == 0
    assert here() is page.form.editor("customer_name")


def test_a_question_is_left_by_esc_and_the_page_has_the_keyboard_again(window: Any, qtbot: Any) -> None:
    qtbot.keyClick(window, Qt.Key.Key_1, ALT)
    wait_idle(qtbot, window)
    page = window.page("intake")
    page.decline_button.click()
    assert page.ask.isAncestorOf(here())
    qtbot.keyClick(here(), Qt.Key.Key_Escape)
    assert page.ask.isHidden()
    assert here() is not None and page.isAncestorOf(here())


@pytest.mark.parametrize("name", ["intake", "cases", "contracts", "reminders", "reports", "system"])
def test_f1_shows_the_pages_keys_and_any_key_gives_the_page_back(window: Any, qtbot: Any, name: str) -> None:
    window.go(name)
    wait_idle(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window._keys is not None and window._keys.isVisible()
    assert window._keys.geometry().bottom() < window.height()
    qtbot.keyClick(here(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window._keys is None)
    assert here() is not None and window.stack.currentWidget().isAncestorOf(here())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, None])
def test_a_line_of_a_list_opens_by_enter_or_a_double_click(window: Any, qtbot: Any, hall: Any, key: Any) -> None:
    number = accepted_case(hall).case_number
    table = visit(window, qtbot, "cases").table
    if key is not None:
        qtbot.keyClick(table, key)
    else:
        place = table.visualRect(table.pages.index(0, 0)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.page("case").number == number
    qtbot.keyClick(window, Qt.Key.Key_Left, ALT)
    assert window.stack.currentWidget() is window.page("cases")
    assert here() is table
