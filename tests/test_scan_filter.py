"""A scanner gun at the counter: real keys through the window system, a clock that the test moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clerk_hands import visit
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
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
        window.scanner.composed_at = lambda: self.now
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


@pytest.mark.parametrize("name", ["ownership_number", "customer_id", "capacity_kw"])
def test_a_case_number_opens_its_case_from_a_field_of_other_numbers(window: Any, qtbot: Any, hall: Any, gun: Gun,
                                                                   name: str) -> None:
    number = accepted_case(hall).case_number
    page = form_at(window, qtbot, name)
    gun.scan(number)
    wait_idle(qtbot, window)
    assert window.page("case").number == number and page.form.answers() == {}


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


@pytest.mark.parametrize("at", ["words", "table"])
def test_a_receipt_scanned_where_a_customer_asks_tells_his_progress(window: Any, qtbot: Any, hall: Any, gun: Gun,
                                                                    at: str) -> None:
    number = accepted_case(hall).case_number
    page = visit(window, qtbot, "progress")
    getattr(page, at).setFocus()
    gun.scan(f"yekuo:case/{number}#M03")
    wait_idle(qtbot, window)
    qtbot.waitUntil(lambda: page.card.isVisible() and "供电方案" in page._summary.text())
    assert window._here[0] == "progress" and page.words.text() == number and window.search.text() == ""


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


# ---- guns and hands of every sort


def test_a_slow_gun_is_a_gun_and_twelve_keys_a_second_are_a_hand(window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    number = accepted_case(hall).case_number
    page = form_at(window, qtbot, "customer_name")
    gun.scan("TASHI12", after=1000 // 12)
    assert page.form.answers()["customer_name"] == "TASHI12" and window.search.text() == ""
    gun.scan(number, after=30)
    wait_idle(qtbot, window)
    assert window.page("case").number == number


@pytest.mark.parametrize("ends", [("Return",), ("Enter",), ("Tab",), ("Return", "Enter"), ("Tab", "Return")])
def test_a_gun_may_end_with_enter_tab_or_both_line_ends(window: Any, qtbot: Any, hall: Any, gun: Gun,
                                                        ends: tuple[str, ...]) -> None:
    number = accepted_case(hall).case_number
    form_at(window, qtbot, "customer_name")
    gun.type(number)
    for name in ends:
        gun.key(getattr(Qt.Key, f"Key_{name}"))
    wait_idle(qtbot, window)
    assert window.stack.currentWidget() is window.page("case") and window.page("case").number == number
    assert window.page("case").hasFocus()  # the second end went nowhere


def test_a_hands_enter_after_a_scan_is_a_hands(window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    gun.scan(accepted_case(hall).case_number)
    wait_idle(qtbot, window)
    gun.key(Qt.Key.Key_Return, after=SLOW)
    assert window.page("case").stage_form.isAncestorOf(QApplication.focusWidget())


def test_a_key_that_is_held_down_is_no_gun(window: Any, qtbot: Any, gun: Gun) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtGui import QKeyEvent

    page = form_at(window, qtbot, "capacity_kw")
    gun.key("0", after=SLOW)
    for _ in range(8):
        gun.now += 30
        QCoreApplication.sendEvent(window.windowHandle(), QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_0, Qt.KeyboardModifier.NoModifier, "0", True))
    assert page.form.editor("capacity_kw").text() == "0" * 9


def test_a_burst_shuts_an_open_list_and_changes_no_choice(window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    number = accepted_case(hall).case_number
    page = form_at(window, qtbot, "customer_id_kind")
    box = page.form.editor("customer_id_kind")
    box.showPopup()
    gun.scan(number)
    wait_idle(qtbot, window)
    assert QApplication.activePopupWidget() is None and box.value() == ""
    assert window.page("case").number == number


def test_in_an_open_list_a_hands_letters_go_to_the_list(window: Any, qtbot: Any, gun: Gun) -> None:
    box = form_at(window, qtbot, "customer_id_kind").form.editor("customer_id_kind")
    box.showPopup()
    gun.key("x", after=SLOW)
    window.scanner.let_go()
    gun.key(Qt.Key.Key_Down, after=SLOW)
    gun.key(Qt.Key.Key_Return, after=SLOW)
    assert box.value() and QApplication.activePopupWidget() is None


def test_two_bursts_one_upon_the_other_open_the_second(window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    first, second = accepted_case(hall).case_number, accepted_case(hall, customer_name="示例户").case_number
    form_at(window, qtbot, "customer_name")
    gun.scan(first)
    gun.now += 200
    gun.scan(second)
    wait_idle(qtbot, window)
    assert window.page("case").number == second


@pytest.mark.parametrize("text", ["\u00d6\u00a3\u00cf\u00e9\u00ba\u00ee\u00b5\u00d8", "http://x.example/" + "a1" * 900])
def test_garbage_and_a_very_long_code_are_looked_for_and_nothing_is_lost(window: Any, qtbot: Any, gun: Gun,
                                                                         text: str) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtGui import QKeyEvent

    page = form_at(window, qtbot, "customer_name")
    page.form.fill({"customer_name": "扎西·顿珠"})
    page.form.go_to("customer_name")
    for letter in text:
        gun.now += FAST
        QCoreApplication.sendEvent(window.windowHandle(), QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter))
    gun.key(Qt.Key.Key_Return)
    wait_idle(qtbot, window)
    assert page.form.answers()["customer_name"] == "扎西·顿珠"
    assert window.search.text() == text and "没有" in window.search.hits.item(0).text()


def test_a_badge_is_read_where_the_clerk_is_asked_for(window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    from desktop.usecases.hall_keeping import add_clerk

    add_clerk(hall, "20261001", "示范己", "受理员")
    window.lock()
    wait_idle(qtbot, window)
    gun.scan("20261001")
    assert window.services.clerk.number == "20261001" and not window.is_gated


def test_a_badge_is_read_after_a_wrong_code_was(window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    from desktop.usecases.hall_keeping import add_clerk

    add_clerk(hall, "20261001", "示范己", "受理员")
    window.lock()
    wait_idle(qtbot, window)
    gun.scan("YK202611230001")
    assert window.is_gated
    gun.scan("20261001", after=SLOW)
    assert window.services.clerk.number == "20261001" and not window.is_gated


def test_a_burst_in_a_table_cell_and_in_a_note_leaves_both_as_they_were(window: Any, qtbot: Any, hall: Any,
                                                                        gun: Gun) -> None:
    number = accepted_case(hall).case_number
    for name in ("loads", "note"):
        page = form_at(window, qtbot, name)
        gun.scan(number)
        wait_idle(qtbot, window)
        assert window.page("case").number == number
        assert name not in page.form.answers()


# ---- while an input method is composing


class Composer:
    """An input method between the gun and the field: it composes letters, and a figure chooses a word."""

    def __init__(self, gun: Gun) -> None:
        self.gun, self.preedit = gun, ""

    def compose(self, letter: str, after: int = FAST) -> None:
        self.preedit += letter
        self._tell("", after)

    def commit(self, text: str, after: int = FAST) -> None:
        self.preedit = ""
        self._tell(text, after)

    def _tell(self, commit: str, after: int) -> None:
        self.gun.now += after
        event = QInputMethodEvent(self.preedit, [])
        event.setCommitString(commit)
        QCoreApplication.sendEvent(QApplication.focusWidget(), event)


@pytest.mark.parametrize("end", ["key", "kept"])
def test_a_burst_that_an_input_method_put_in_whole_is_a_burst(window: Any, qtbot: Any, hall: Any, gun: Gun,
                                                              end: str) -> None:
    number = accepted_case(hall).case_number
    page = form_at(window, qtbot, "customer_name")
    page.form.fill({"customer_name": "扎西"})
    page.form.go_to("customer_name")
    method = Composer(gun)
    for letter in number:
        method.compose(letter)
    if end == "kept":
        window.scanner.patience_ms = 1
    method.commit(number)
    if end == "key":
        gun.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "case" in window.pages and window.page("case").number == number)
    wait_idle(qtbot, window)
    assert page.form.answers() == {"customer_name": "扎西"}


@pytest.mark.parametrize("name", ["customer_name", "note"])
def test_a_burst_that_an_input_method_tore_leaves_nothing_and_the_next_comes_whole(
        window: Any, qtbot: Any, hall: Any, gun: Gun, name: str) -> None:
    number = accepted_case(hall).case_number
    page = form_at(window, qtbot, name)
    page.form.fill({name: "扎西家"})
    page.form.go_to(name)
    method = Composer(gun)
    for letter in "zha":  # the clerk is composing when the customer's paper is scanned
        method.compose(letter, SLOW)
    method.compose("Y", SLOW)
    method.compose("K")
    method.commit("要看")  # the figure 2 chose a word
    gun.type(number[3:])
    gun.key(Qt.Key.Key_Return)
    wait_idle(qtbot, window)
    assert page.form.answers() == {name: "扎西家"} and window.search.text() == ""
    assert "请再扫一次" in window.message_bar.text()
    editor = QApplication.focusWidget()
    assert not editor.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    gun.scan(number, FAST)
    wait_idle(qtbot, window)
    assert window.page("case").number == number and page.form.answers() == {name: "扎西家"}


def test_a_burst_torn_in_a_table_cell_leaves_the_table_as_it_was(window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    page = form_at(window, qtbot, "loads")
    method = Composer(gun)
    method.compose("Y", SLOW)
    method.compose("K")
    method.commit("要看")
    gun.type("0261123001")
    gun.key(Qt.Key.Key_Return)
    wait_idle(qtbot, window)
    assert page.form.answers() == {} and "请再扫一次" in window.message_bar.text()


def test_a_gun_whose_letters_pass_an_open_composition_leaves_the_field_as_it_was(
        window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    number = accepted_case(hall).case_number
    page = form_at(window, qtbot, "customer_name")
    method = Composer(gun)
    for letter in "zha":
        method.compose(letter, SLOW)
    gun.now += SLOW
    gun.scan(number)
    wait_idle(qtbot, window)
    assert window.page("case").number == number and page.form.answers() == {}


def test_a_hand_that_composes_is_typing_whatever_it_ends_with(window: Any, qtbot: Any, gun: Gun) -> None:
    page = form_at(window, qtbot, "customer_name")
    method = Composer(gun)
    for letter in "zhaxi":
        method.compose(letter, SLOW)
    method.commit("扎西", SLOW)
    gun.key(Qt.Key.Key_Return)  # as quick as a key can follow
    assert page.form.answers() == {"customer_name": "扎西"}
    page.form.go_to("customer_name")
    QApplication.focusWidget().clear()
    for letter in "zhaxidunzhu":  # a busy machine gave them all at once
        method.compose(letter)
    method.commit("扎西顿珠")
    gun.key(Qt.Key.Key_Return)
    assert page.form.answers() == {"customer_name": "扎西顿珠"}


def test_the_filter_stands_where_the_keyboard_is_and_before_nothing_else(window: Any, qtbot: Any) -> None:
    """Each event of each widget would else call Python, at every repaint and every layout."""
    asked: list[Any] = []

    class Telling(ScanFilter):
        def eventFilter(self, watched: Any, event: Any) -> bool:
            asked.append(watched)
            return super().eventFilter(watched, event)

    page, telling = form_at(window, qtbot, "customer_name"), Telling()
    telling.follow_keyboard(QApplication.instance())
    for name in ("customer_id", "note"):
        page.form.go_to(name)
    window.grab()
    stood = {window.windowHandle(), *(page.form.editor(name) for name in ("customer_name", "customer_id", "note"))}
    assert page.form.editor("note") in asked and set(asked) <= stood


def test_a_burst_into_another_window_of_the_program_is_a_burst_too(window: Any, qtbot: Any, hall: Any,
                                                                   gun: Gun) -> None:
    number = accepted_case(hall).case_number
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    qtbot.waitUntil(other.isActiveWindow)
    other.setFocus()
    for letter in (*number, Qt.Key.Key_Return):
        gun.now += FAST
        QTest.keyClick(other.windowHandle(), letter)
    wait_idle(qtbot, window)
    assert other.text() == "" and window.page("case").number == number


def test_a_burst_while_a_question_is_open_goes_where_it_points_and_the_half_answer_is_kept(
        window: Any, qtbot: Any, hall: Any, gun: Gun) -> None:
    first, second = accepted_case(hall).case_number, accepted_case(hall, customer_name="示例·另一户").case_number
    page = visit(window, qtbot, "case", first)
    page.ask_pause_or_resume()
    page.ask.form.fill({"evidence": "电话记录"})
    page.ask.form.go_to("evidence")
    gun.scan(second)
    wait_idle(qtbot, window)
    assert page.number == second and not page.ask.isVisible()
    visit(window, qtbot, "case", first)
    page.ask_pause_or_resume()
    assert page.ask.form.answers()["evidence"] == "电话记录"
