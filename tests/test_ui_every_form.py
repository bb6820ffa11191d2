"""The intake form of every kind under hands that know no mouse, and under hands that type nonsense."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import CTRL, choose_kind, visit
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from typing_hands import open_window, told, type_into, wait_idle

from desktop.usecases.case_listing import CaseFilter, cases
from desktop.usecases.drafting import drafts, save_draft
from desktop.usecases.hall_keeping import add_clerk

SHIFT = Qt.KeyboardModifier.ShiftModifier
ENTER = Qt.Key.Key_Return
BACK = ("high_voltage_dual", "reduce")  # walked backwards, too: through notes, lists, days and choices
NONSENSE = (
    "😀👨‍👩‍👧 🇨🇳", "字" * 10_000, "\x00\x01\x07\x1b[31m\x7f", "\u202eמחק\u202c العربية", "-5", "1899-01-01",
    "9999-12-31", "名称\t容量\n织机\t40\n", "'; DROP TABLE cases; --", "<b>&amp;</b><script>", "=1+1", "１２．５ＫＷ",
    "2026-02-30", "1e309", "NaN", "     ",
)


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Iterator[Any]:
    made = open_window(qtbot, hall)
    wait_idle(qtbot, made)
    yield made
    wait_idle(qtbot, made)


def key(window: Any, key: Any, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.windowHandle(), key, modifiers)
    window.scanner.let_go()


def forms(window: Any, qtbot: Any) -> Iterator[tuple[Any, Any]]:
    """The page with the empty form of one kind after another, and the kind; of kinds that ask the same only one."""
    page = visit(window, qtbot, "intake")
    kinds = window.services.desk.catalog.processes.values()
    for kind in {kind.fields: kind for kind in kinds}.values():
        page.kind.set_value(kind.id)
        page.kind.chosen.emit(kind.id)
        page.clear()
        QApplication.processEvents()  # the form of that kind is shown
        yield page, kind


def standing(form: Any) -> str:
    """The field in which the cursor is."""
    at = QApplication.focusWidget()
    return next((name for name in form.names if form.editor(name) is at or form.editor(name).isAncestorOf(at)), "")


def test_enter_walks_every_form_in_its_order_and_back_again_and_never_sends_it(window: Any, qtbot: Any) -> None:
    for page, kind in forms(window, qtbot):
        form, walked = page.form, []
        form.go_to(form.names[0])
        for _ in form.names:
            walked.append(standing(form))
            key(window, ENTER)
        assert walked == form.names, kind.id
        assert standing(form) == form.names[-1], f"{kind.id}: Enter leads out of the form"
        if kind.id in BACK:
            back = []
            for _ in form.names[1:]:
                key(window, ENTER, SHIFT)
                back.append(standing(form))
            assert back == form.names[-2::-1], kind.id
        assert page.stack.currentIndex() == 0
    assert cases(window.services.desk, CaseFilter()).rows == ()


def test_in_every_form_codes_are_typed_without_the_input_method_and_words_with_it(window: Any, qtbot: Any) -> None:
    aware, seen = Qt.WidgetAttribute.WA_InputMethodEnabled, set()
    for page, kind in forms(window, qtbot):
        for name in set(page.form.names) - seen:
            seen.add(name)
            editor = page.form.editor(name)
            if isinstance(editor, QLineEdit):
                chinese = not editor.field.is_code or not editor.field.sample.isascii()
                assert editor.testAttribute(aware) == chinese, (kind.id, name)
            if isinstance(editor, QLineEdit) and editor.field.is_code:
                type_into(editor, "１２Ａ－３")
                assert editor.text() == "12A-3", (kind.id, name)
        page.clear()


def test_nonsense_in_every_field_of_every_form_is_told_kept_and_nothing_breaks(window: Any, qtbot: Any) -> None:
    heard = told(window)
    for turn, (page, kind) in enumerate(forms(window, qtbot)):
        for place, name in enumerate(page.form.names):
            page.form.go_to(name)
            QApplication.clipboard().setText(NONSENSE[(place + turn) % len(NONSENSE)])
            key(window, Qt.Key.Key_V, CTRL)
        typed = page.assistant.answers()
        assert len(typed) > len(page.form.names) / 3, kind.id
        heard.clear()
        key(window, ENTER, CTRL)
        wait_idle(qtbot, window)
        assert page.stack.currentIndex() == 0 and page.assistant.answers() == typed, kind.id
        assert heard and heard[-1].kind == "care" and heard[-1].sentence.endswith("。"), (kind.id, heard)
        page.keep_draft()
        kept = next(each for each in drafts(window.services.desk, "intake") if each.id == page.draft.id)
        page.take_draft(kept)
        assert page.assistant.answers() == typed, kind.id
    assert cases(window.services.desk, CaseFilter()).rows == ()


def test_a_pasted_table_stays_in_one_line_and_ten_thousand_letters_are_kept_and_told(window: Any, qtbot: Any) -> None:
    page = visit(window, qtbot, "intake")
    for name, text in (("customer_name", "甲\t乙\n丙"), ("usage_address", "路" * 10_000)):
        page.form.go_to(name)
        QApplication.clipboard().setText(text)
        key(window, Qt.Key.Key_V, CTRL)
    assert page.form.answers()["customer_name"] == "甲 乙 丙"
    page.form.go_to("customer_name")
    typed = page.form.answers()["usage_address"]
    assert typed.endswith("路" * 10_000)
    assert page.form.fault("usage_address") == f"“用电地址”最多 200 个字，现为 {len(typed)} 个，请缩短"


@pytest.mark.parametrize("gate", [(Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_L, CTRL)])
def test_another_clerk_or_a_lock_in_the_middle_of_a_word_loses_nothing(window: Any, qtbot: Any, hall: Any,
                                                                       gate: Any) -> None:
    add_clerk(hall, "1002", "示范乙", "受理员")
    page = visit(window, qtbot, "intake")
    type_into(page.form.editor("customer_name"), "青海湖畔")
    key(window, *gate)
    assert window.is_gated and drafts(hall, "intake")[0].content["answers"]["customer_name"] == "青海湖畔"
    for digit in "1002":
        key(window, digit)
    key(window, ENTER)
    wait_idle(qtbot, window)
    assert page.form.answers()["customer_name"] == "青海湖畔"
    assert page.isAncestorOf(QApplication.focusWidget())
    type_into(page.form.editor("customer_phone"), "13800001234")
    page.keep_draft()
    assert [draft.clerk for draft in drafts(hall, "intake")] == ["示范乙"]


def test_a_window_closed_over_a_half_filled_form_keeps_it_as_a_draft(window: Any, qtbot: Any, hall: Any) -> None:
    page = visit(window, qtbot, "intake")
    type_into(page.form.editor("customer_name"), "青海湖畔")
    type_into(page.form.editor("note"), "客户明天再来")
    window.close()
    kept, = drafts(hall, "intake")
    assert kept.content["answers"] == {"customer_name": "青海湖畔", "note": "客户明天再来"}


def test_two_windows_keep_a_draft_each(window: Any, qtbot: Any, hall: Any) -> None:
    second = open_window(qtbot, hall)
    for each, name in ((window, "甲"), (second, "乙")):
        page = visit(each, qtbot, "intake")
        type_into(page.form.editor("customer_name"), name)
        page.keep_draft()
    assert {draft.content["answers"]["customer_name"] for draft in drafts(hall, "intake")} == {"甲", "乙"}
    wait_idle(qtbot, second)


def test_a_note_of_many_lines_is_one_answer(window: Any, qtbot: Any) -> None:
    page = visit(window, qtbot, "intake")
    page.form.go_to("note")
    QApplication.clipboard().setText("第一行\n第二行")
    key(window, Qt.Key.Key_V, CTRL)
    assert isinstance(page.form.editor("note"), QPlainTextEdit)
    assert page.form.answers()["note"] == "第一行\n第二行"


def test_what_one_kind_does_not_ask_comes_back_with_the_kind_that_asks_it_and_with_its_draft(
        window: Any, qtbot: Any) -> None:
    page = visit(window, qtbot, "intake")
    choose_kind(page, "low_voltage_new")
    type_into(page.form.editor("customer_name"), "青海湖畔")
    type_into(page.form.editor("legal_person"), "才让")
    choose_kind(page, "resident_new")
    assert not page.form.has("legal_person") and page.form.answers()["customer_name"] == "青海湖畔"
    assert "法定代表人" in window.message_bar.text()
    page.keep_draft()
    kept = next(each for each in drafts(window.services.desk, "intake") if each.id == page.draft.id)
    page.clear()
    choose_kind(page, "low_voltage_new")
    assert not page.form.answers().get("legal_person")  # the next customer's form
    page.take_draft(kept)
    assert page.kind.value() == "resident_new"
    choose_kind(page, "low_voltage_new")
    answers = page.form.answers()
    assert (answers["customer_name"], answers["legal_person"]) == ("青海湖畔", "才让")


def test_a_draft_of_a_kind_that_is_withdrawn_opens_with_what_was_typed_and_says_so(window: Any, qtbot: Any,
                                                                                   hall: Any) -> None:
    save_draft(hall, "d1", "intake", {
        "kind": "heat_new", "kind_name": "热力新装", "release": "2025.01",
        "answers": {"customer_name": "青海湖畔", "hold_kva": "630"}})
    page = visit(window, qtbot, "intake")
    page.take_draft(drafts(hall, "intake")[0])
    said = window.message_bar.text()
    assert "“热力新装”现在不再受理" in said and "2025.01" in said and "替您留着" in said
    assert page.kind.value() == hall.catalog.first_kind
    assert page.form.answers()["customer_name"] == "青海湖畔"
    choose_kind(page, "suspend")
    assert page.form.answers()["hold_kva"] == "630"
