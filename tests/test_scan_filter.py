"""A scanner gun at the counter: real keys through the window system, a clock that the test moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clerk_hands import visit
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from trade import accepted_case
from typing_hands import open_window, wait_idle

from ui.scan_filter import GAP_MS, PATIENCE_MS, ScanFilter

FAST, SLOW = 4, 120
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Gun:
    """Keys at a chosen speed, given to the window as the system gives them."""

    def __init__(self, window: Any) -> None:
        self.window, self.now = window, 1000
        window.scanner._clock = lambda _event: self.now
        window.scanner.patience_ms = 60_000  # a busy machine must not part a burst

    def key(self, key: Any, modifiers: Any = Qt.KeyboardModifier.NoModifier, after: int = FAST) -> None:
        self.now += after
        QTest.keyClick(self.window.windowHandle(), key, modifiers)

    def type(self, text: str, after: int = FAST) -> None:
        for letter in text:
            self.key(letter, SHIFT if letter.isupper() else Qt.KeyboardModifier.NoModifier, after)

    def scan(self, text: str, after: int = FAST) -> None:
        self.type(text, after)
        self.key(Qt.Key.Key_Return, after=after)


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    made = open_window(qtbot, hall)
    wait_idle(qtbot, made)
    yield made
    wait_idle(qtbot, made)


@pytest.fixture
def gun(window: Any) -> Gun:
    return Gun(window)


def form_at(window: Any, qtbot: Any, name: str) -> Any:
    page = visit(window, qtbot, "intake")
    page.form.go_to(name)
    return page


def test_a_scanned_case_number_opens_the_case_from_a_name_field(window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    number = accepted_case(hall).case_number
    page = form_at(window, qtbot, "customer_name")
    gun.scan(number)
    wait_idle(qtbot, window)
    assert window.page("case").number == number
    assert page.form.answers().get("customer_name") is None


def test_a_burst_never_stays_in_a_name_field_even_where_nothing_is_found(window: Any, qtbot: Any, gun: Gun) -> None:
    page = form_at(window, qtbot, "customer_name")
    page.form.fill({"customer_name": "扎西·顿珠"})
    page.form.go_to("customer_name")
    gun.scan("ABC123456")
    wait_idle(qtbot, window)
    assert page.form.answers() == {"customer_name": "扎西·顿珠"}
    assert window.search.text() == "ABC123456"


def test_a_number_that_fits_the_code_field_stays_there_and_the_cursor_goes_on(window: Any, qtbot: Any,
                                                                            gun: Gun) -> None:
    page = form_at(window, qtbot, "customer_id")
    page.form.fill({"customer_id": "110105"})
    page.form.go_to("customer_id")
    gun.scan("11010519491231002X")
    assert page.form.answers()["customer_id"] == "11010519491231002X"
    assert QApplication.focusWidget() is not page.form.editor("customer_id")
    assert window.search.text() == ""


@pytest.mark.parametrize("name", ["capacity_kw", "wanted_on", "customer_phone"])
def test_a_figure_a_day_or_a_phone_is_never_scanned(window: Any, qtbot: Any, gun: Gun, name: str) -> None:
    page = form_at(window, qtbot, name)
    gun.scan("20261201")
    wait_idle(qtbot, window)
    assert name not in page.form.answers()
    assert window.search.text() == "20261201"


def test_a_choice_is_not_changed_by_the_digits_of_a_burst(window: Any, qtbot: Any, gun: Gun) -> None:
    page = form_at(window, qtbot, "customer_id_kind")
    before = page.form.editor("customer_id_kind").value()
    gun.scan("2211334455")
    wait_idle(qtbot, window)
    assert page.form.editor("customer_id_kind").value() == before


def test_the_same_letters_typed_by_hand_are_typing(window: Any, qtbot: Any, gun: Gun) -> None:
    page = form_at(window, qtbot, "customer_id")
    gun.scan("11010519491231002X", after=SLOW)
    assert page.form.answers()["customer_id"] == "11010519491231002X"
    form_at(window, qtbot, "customer_name")
    gun.scan("TASHI1", after=SLOW)
    assert page.form.answers()["customer_name"] == "TASHI1"


def test_two_keys_rolled_together_lose_no_letter_and_no_order(window: Any, qtbot: Any, gun: Gun) -> None:
    page = form_at(window, qtbot, "customer_phone")
    for letter, after in zip("13800001234", (SLOW, FAST) * 6, strict=False):
        gun.key(letter, after=after)
    gun.key(Qt.Key.Key_Tab, after=SLOW)
    assert page.form.answers()["customer_phone"] == "13800001234"


def test_what_is_held_is_let_go_when_nothing_follows(window: Any, qtbot: Any, gun: Gun) -> None:
    page = form_at(window, qtbot, "customer_phone")
    gun.type("139")
    assert page.form.editor("customer_phone").text() == "1"
    window.scanner._rest.start(PATIENCE_MS)
    qtbot.waitUntil(lambda: page.form.editor("customer_phone").text() == "139")


def test_five_quick_letters_are_no_scan(window: Any, qtbot: Any, gun: Gun) -> None:
    page = form_at(window, qtbot, "customer_name")
    gun.scan("ABCDE")
    assert page.form.answers()["customer_name"] == "ABCDE"
    assert window.search.text() == ""


def test_a_letter_that_is_a_gap_late_begins_anew(window: Any, qtbot: Any, gun: Gun) -> None:
    page = form_at(window, qtbot, "customer_name")
    gun.type("ABCD")
    gun.type("E", after=GAP_MS)
    gun.scan("FGHI")
    assert page.form.answers()["customer_name"] == "ABCDEFGHI"


def test_from_a_list_a_burst_goes_to_the_search_box(window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    number = accepted_case(hall).case_number
    visit(window, qtbot, "cases").table.setFocus()
    gun.scan(number)
    wait_idle(qtbot, window)
    assert window.page("case").number == number


def test_a_locked_window_takes_no_burst(window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    number = accepted_case(hall).case_number
    window.lock()
    wait_idle(qtbot, window)
    gun.scan(number)
    wait_idle(qtbot, window)
    assert window.search.text() == "" and "case" not in window.pages


def test_the_system_itself_tells_when_a_key_came(qtbot: Any) -> None:
    """Without a clock of its own the filter reads the event's, else a stopwatch: two keys in a row are quick."""
    filter_ = ScanFilter()
    from PySide6.QtGui import QKeyEvent

    moments = [filter_._clock(QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_1, SHIFT, "1")) for _ in range(2)]
    assert 0 <= moments[1] - moments[0] < GAP_MS


def test_a_scanned_account_is_taken_where_an_account_is_looked_for(window: Any, qtbot: Any, hall: Any,
                                                                  gun: Gun) -> None:
    from db.customers import Account

    accepted_case(hall)
    with hall.db.write() as session:
        session.query(Account).one().number = "6300000000017"
    page = visit(window, qtbot, "intake")
    page.kind.set_value("suspend")
    page.kind.chosen.emit("suspend")
    page.account.finder.setFocus()
    gun.scan("6300000000017")
    wait_idle(qtbot, window)
    assert page.account.view is not None and page.account.view.number == "6300000000017"
