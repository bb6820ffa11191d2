"""The counter's hand, counted: a 低压居民 application from the empty page to its printed receipt, by keys alone.

Every key goes through the window system to whatever has the keyboard. A Chinese word counts as the longest spelling
of each of its characters and one key to choose it; a key held with another counts as two.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import choose_kind, visit
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from trade import accepted_case
from typing_hands import open_window, told, wait_idle

from desktop.domain.card import Card
from desktop.usecases.case_listing import case
from desktop.usecases.papering import paper_bytes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there QPrinter prints, without lp")
KEYS_A_SECOND, SECONDS = 4, 60
LONGEST_SPELLING = 6  # zhuang
NONE = Qt.KeyboardModifier.NoModifier
CTRL, ALT, PAD = (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier,
                  Qt.KeyboardModifier.KeypadModifier)
KIND = (Qt.Key.Key_F3, NONE)
PERSON = "11010519491231002X"
PRINTER = "大厅一号"


class Hands:
    """Two hands on a keyboard, counting."""

    def __init__(self, window: Any, qtbot: Any) -> None:
        self.window, self.qtbot, self.count = window, qtbot, 0

    def press(self, key: Any, modifiers: Any = NONE) -> None:
        self.count += 1 + (modifiers not in (NONE, PAD))
        QTest.keyClick(self.window.windowHandle(), key, modifiers)
        self.window.scanner.let_go()  # a hand is never as fast as this test

    def type(self, text: str) -> None:
        """Letters and digits key by key, Chinese through the input method."""
        for word in _words(text):
            if word.isascii():
                for letter in word:
                    self.press(letter)
            else:
                self.count += LONGEST_SPELLING * len(word) + 1
                assert QApplication.focusWidget().testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled), self.at
                event = QInputMethodEvent()
                event.setCommitString(word)
                QCoreApplication.sendEvent(QApplication.focusWidget(), event)

    def enter(self, times: int = 1) -> None:
        for _ in range(times):
            self.press(Qt.Key.Key_Return)

    @property
    def at(self) -> str:
        return QApplication.focusWidget().objectName()

    def enter_to(self, name: str) -> None:
        """Enter until the cursor stands in the field."""
        for _ in range(40):
            if self.at == name:
                return
            self.enter()
        raise AssertionError(f"Enter does not come to {name}; it stands in {self.at}")


def _words(text: str) -> list[str]:
    """The text in stretches that are typed in one way."""
    words: list[str] = []
    for letter in text:
        if words and words[-1].isascii() == letter.isascii():
            words[-1] += letter
        else:
            words.append(letter)
    return words


@pytest.fixture
def spooler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an `lp` that keeps what it is given."""
    place = tmp_path / "spooler"
    place.mkdir()
    for name, line in (("lp", f'cat > "{place}/sent"'), ("lpstat", f"echo {PRINTER}")):
        (place / name).write_text(f"#!/bin/sh\n{line}\n")
        (place / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    return place


@pytest.fixture
def window(spooler: Path, qtbot: Any, hall: Any, font_folder: Path) -> Any:
    for house in (1, 2):  # the hall knows where its customers live
        accepted_case(hall, usage_address=f"演练县恰措镇草原路 {house} 号")
    made = with_printer(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


@pytest.fixture
def first_morning(spooler: Path, qtbot: Any, hall: Any, font_folder: Path) -> Any:
    """The window of a hall that has no customer yet."""
    made = with_printer(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


def with_printer(qtbot: Any, hall: Any) -> Any:
    from ui.printing import choose_printer

    made = open_window(qtbot, hall)
    choose_printer(made.services.settings, PRINTER)
    wait_idle(qtbot, made)
    return made


def begin(window: Any, qtbot: Any) -> Hands:
    hands = Hands(window, qtbot)
    hands.press(Qt.Key.Key_1, ALT)
    wait_idle(qtbot, window)
    hands.press(*KIND)
    hands.type("11")
    hands.enter()
    wait_idle(qtbot, window)
    page = window.page("intake")
    assert page.kind.value() == "resident_new" and hands.at == "customer_name"
    assert page.form.answers() == dict(page._process.presets)  # nothing but what the kind itself presets
    return hands


def finish(hands: Hands, spooler: Path, hall: Any) -> Any:
    """The papers are there, the application is taken, its receipt lies in the printer; the kept case."""
    window, page = hands.window, hands.window.page("intake")
    hands.press(Qt.Key.Key_F4)
    hands.press(Qt.Key.Key_Return, CTRL)
    wait_idle(hands.qtbot, window)
    assert page.stack.currentIndex() == 1, window.message_bar.text()
    hands.press(Qt.Key.Key_F8)
    wait_idle(hands.qtbot, window)
    kept = case(hall, page.accepted.number.text())
    receipt = next(paper for paper in kept.papers if paper.kind == "receipt")
    assert (spooler / "sent").read_bytes() == paper_bytes(hall, receipt.id)
    return kept


def test_a_resident_is_accepted_and_has_his_receipt_within_a_minute(window: Any, qtbot: Any, hall: Any,
                                                                    spooler: Path) -> None:
    hands = begin(window, qtbot)
    hands.type("才让多杰")
    hands.enter_to("customer_id")
    hands.type(PERSON)
    hands.enter_to("customer_phone")
    hands.type("13997000012")
    hands.enter_to("customer_address")
    hands.type("团结路18号")
    hands.enter_to("usage_address")
    hands.enter_to("capacity_kw")
    hands.type("8")
    kept = finish(hands, spooler, hall)
    assert kept.answers["usage_address"] == kept.answers["customer_address"] == "演练县恰措镇团结路18号"
    assert (kept.answers["customer_id"], kept.answers["customer_id_kind"]) == (PERSON, "身份证")
    assert (kept.answers["voltage"], kept.answers["usage_nature"]) == ("220V", "居民生活")
    assert hands.count <= KEYS_A_SECOND * SECONDS, hands.count


def test_a_long_name_and_two_addresses_in_a_hall_that_knows_nobody_take_no_longer(
        first_morning: Any, qtbot: Any, hall: Any, spooler: Path) -> None:
    hands = begin(first_morning, qtbot)
    hands.type("阿卜杜热合曼")
    hands.enter_to("customer_id")
    hands.type(PERSON)
    hands.enter_to("customer_phone")
    hands.type("13997000012")
    hands.enter_to("customer_address")
    hands.type("恰措镇团结路18号3单元201室")
    hands.enter_to("usage_address")
    hands.type("演练县恰措镇草原路9号")  # not where he lives: what is offered is typed over
    hands.enter_to("capacity_kw")
    hands.type("12")
    kept = finish(hands, spooler, hall)
    assert (kept.answers["customer_address"], kept.answers["usage_address"]) == (
        "演练县恰措镇团结路18号3单元201室", "演练县恰措镇草原路9号")
    assert hands.count <= KEYS_A_SECOND * SECONDS, hands.count


def test_the_number_pads_plus_leaps_over_what_need_not_be_asked(window: Any, qtbot: Any, hall: Any,
                                                                spooler: Path) -> None:
    hands = begin(window, qtbot)
    for text in ("才让多杰", PERSON, "13997000012", "团结路18号", "8"):
        hands.type(text)
        hands.press(Qt.Key.Key_Plus, PAD)
    kept = finish(hands, spooler, hall)
    assert kept.answers["usage_address"] == "演练县恰措镇团结路18号"
    assert hands.count <= KEYS_A_SECOND * SECONDS / 2, hands.count


def test_with_a_card_reader_neither_name_nor_id_is_typed(window: Any, qtbot: Any, hall: Any, spooler: Path,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.devices.id_reader import PretendedReader
    from desktop.usecases import vouching

    reader = PretendedReader([Card("才让多杰", PERSON, "演练县恰措镇团结路18号")])
    monkeypatch.setattr(vouching, "load_reader", lambda _setting: reader)
    monkeypatch.setattr(vouching, "has_reader", lambda _desk: True)
    hands = begin(window, qtbot)
    hands.press(Qt.Key.Key_F2)
    wait_idle(qtbot, window)
    page = window.page("intake")
    assert "读卡" in page.form._cells["customer_name"]._label.text()
    for text in ("13997000012", "", "8"):
        hands.press(Qt.Key.Key_Plus, PAD)
        hands.type(text)
    kept = finish(hands, spooler, hall)
    assert set(kept.log[0].facts["card_fields"]) == {
        "customer_name", "customer_id", "customer_address", "customer_id_kind"}
    assert kept.answers["usage_address"] == "演练县恰措镇团结路18号"
    assert hands.count < 40, hands.count


def test_a_reader_that_fails_leaves_what_was_typed_and_offers_the_way_by_hand(
        window: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.devices.id_reader import TAKEN_EARLY, PretendedReader
    from desktop.usecases import vouching

    reader = PretendedReader([Card("才让多杰", PERSON)])
    monkeypatch.setattr(vouching, "load_reader", lambda _setting: reader)
    monkeypatch.setattr(vouching, "has_reader", lambda _desk: True)
    hands = begin(window, qtbot)
    page = window.page("intake")
    hands.type("卓玛")
    before = page.form.answers()
    for comes, why in ((TAKEN_EARLY, "没有读完就拿开了"), (OSError(), "没有应答"), (None, "不是证件内容")):
        reader.next_comes(comes)
        hands.press(Qt.Key.Key_F2)
        wait_idle(qtbot, window)
        assert why in window.message_bar.text() and page.form.answers() == before
    qtbot.mouseClick(window.message_bar._button, Qt.MouseButton.LeftButton)
    page.ask.form.fill({"text": f"姓名：卓玛\n公民身份号码：{PERSON}"})
    page.ask.ok.click()
    assert page.form.answers()["customer_id"] == PERSON
    assert "读卡" not in page.form._cells["customer_id"]._label.text()


def test_a_card_read_for_one_application_does_not_fill_the_next(window: Any, qtbot: Any) -> None:
    begin(window, qtbot)
    page = window.page("intake")
    asked_by = page.form
    choose_kind(page, "low_voltage_new")
    said = told(window)
    page.assistant._take_card({"customer_name": "才让多杰", "customer_id": PERSON}, asked_by)
    assert "customer_name" not in page.application().answers
    assert any("再读一次" in each.sentence for each in said)


def test_one_key_takes_the_agent_of_the_case_before_and_leaves_his_authority_to_be_asked(
        window: Any, qtbot: Any, hall: Any) -> None:
    number = accepted_case(hall).case_number
    agent = case(hall, number).answers
    page = visit(window, qtbot, "intake")
    choose_kind(page)
    page.form.go_to("agent_name")
    wait_idle(qtbot, window)
    assert agent["agent_name"] in window.message_bar.text()
    Hands(window, qtbot).press(Qt.Key.Key_A, CTRL | Qt.KeyboardModifier.ShiftModifier)
    said = page.form.answers()
    assert [said[name] for name in ("agent_name", "agent_id", "agent_phone")] == [
        agent[name] for name in ("agent_name", "agent_id", "agent_phone")]
    assert not any(name.startswith("poa_") for name in said)
    assert "读卡" not in page.form._cells["agent_id"]._label.text()


def test_a_hand_on_what_the_card_said_takes_its_mark_away(window: Any, qtbot: Any) -> None:
    hands = begin(window, qtbot)
    page = window.page("intake")
    page.assistant._take_card({"customer_name": "才让多杰", "customer_id": PERSON, "customer_id_kind": "身份证"})
    name = page.form._cells["customer_name"]._label
    assert "读卡" in name.text()
    page.form.go_to("customer_name")
    hands.press(Qt.Key.Key_End)
    hands.type("1")
    assert "读卡" not in name.text() and "读卡" in page.form._cells["customer_id"]._label.text()


def test_pasted_words_of_a_card_fill_the_form_without_a_mark(window: Any, qtbot: Any) -> None:
    hands = begin(window, qtbot)
    page = window.page("intake")
    hands.press(Qt.Key.Key_F2)
    page.ask.form.fill({"text": f"姓名：才让多杰\n公民身份号码：{PERSON}"})
    page.ask.ok.click()
    assert page.form.answers()["customer_name"] == "才让多杰"
    assert "读卡" not in page.form._cells["customer_name"]._label.text()


def test_an_address_that_only_begins_is_no_address(window: Any, qtbot: Any) -> None:
    hands = begin(window, qtbot)
    page = window.page("intake")
    hands.enter_to("customer_address")
    assert page.form.editor("customer_address").text() == "演练县恰措镇"
    assert "customer_address" not in page.application().answers
    hands.enter()
    assert page.form.editor("customer_address").text() == ""


def test_a_case_begins_as_a_copy_from_its_page(window: Any, qtbot: Any, hall: Any) -> None:
    number = accepted_case(hall, note="急").case_number
    said = told(window)
    window.go("case", number)
    wait_idle(qtbot, window)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    wait_idle(qtbot, window)
    page = window.page("intake")
    assert window.stack.currentWidget() is page and page.kind.value() == "low_voltage_new"
    answers = page.form.answers()
    assert answers["customer_name"] == case(hall, number).answers["customer_name"] and "note" not in answers
    assert page.application().customer_id == case(hall, number).customer_id
    assert any(number in each.sentence for each in said)


def test_who_looks_alike_is_shown_with_why(window: Any, qtbot: Any, hall: Any) -> None:
    hands = begin(window, qtbot)
    page = window.page("intake")
    hands.enter_to("usage_address")
    hands.type("草原路1号")
    qtbot.waitUntil(lambda: "可能重复" in page.summary.similar.text())
    assert "同一用电地址有在办" in page.summary.similar.text()
