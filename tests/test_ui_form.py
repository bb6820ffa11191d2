"""The form that is made from the field dictionary: how it takes what hands type."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from typing_hands import enter, press, type_into, type_into_unfocused

from desktop.domain.field import FIELDS, samples
from ui.field_form import FieldForm, grouped

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def form(qtbot: Any) -> FieldForm:
    made = FieldForm(grouped(["customer_name", "customer_id_kind", "customer_id", "customer_phone", "wanted_on",
                              "loads", "note"]), ["customer_name"])
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_name_is_kept_letter_for_letter(form: FieldForm) -> None:
    type_into(form.editor("customer_name"), "才让·卓玛𬭼㛃")
    assert form.answers() == {"customer_name": "才让·卓玛𬭼㛃"}


def test_a_code_is_folded_to_half_width_as_it_is_typed(form: FieldForm) -> None:
    type_into(form.editor("customer_phone"), "１３８００００１２３４")
    assert form.answers() == {"customer_phone": "13800001234"}


def test_the_input_method_is_off_in_code_fields_and_on_in_names(form: FieldForm) -> None:
    aware = Qt.WidgetAttribute.WA_InputMethodEnabled
    assert form.editor("customer_name").testAttribute(aware)
    assert not form.editor("customer_phone").testAttribute(aware)


def test_enter_goes_on_and_shift_enter_back_and_plain_enter_never_submits(form: FieldForm, qtbot: Any) -> None:
    form.go_to("customer_name")
    with qtbot.assertNotEmitted(form.submitted):
        enter(form.editor("customer_name"))
    assert QApplication.focusWidget() is form.editor("customer_id_kind")
    enter(form.editor("customer_id_kind"), SHIFT)
    assert QApplication.focusWidget() is form.editor("customer_name")


def test_ctrl_enter_submits(form: FieldForm, qtbot: Any) -> None:
    with qtbot.waitSignal(form.submitted):
        enter(form.editor("customer_name"), CTRL)


def test_an_id_is_masked_once_it_is_left_and_whole_while_it_is_typed(form: FieldForm) -> None:
    edit = form.editor("customer_id")
    form.go_to("customer_id")
    type_into(edit, "11010519491231002X")
    assert edit.text() == "11010519491231002X"
    enter(edit)
    assert edit.text() == "110105********002X"
    assert form.answers()["customer_id"] == "11010519491231002X"
    form.go_to("customer_id")
    assert edit.text() == "11010519491231002X"


def test_what_is_wrong_is_said_beside_the_field_when_it_is_left(form: FieldForm) -> None:
    form.go_to("customer_phone")
    type_into(form.editor("customer_phone"), "123")
    enter(form.editor("customer_phone"))
    assert form.fault("customer_phone")
    form.go_to("customer_phone")
    type_into(form.editor("customer_phone"), "4")
    assert form.fault("customer_phone") == ""


def test_a_date_may_be_typed_in_any_usual_shape_and_shows_its_weekday(form: FieldForm) -> None:
    edit = form.editor("wanted_on")
    form.go_to("wanted_on")
    type_into(edit, "20261122")
    enter(edit)
    assert form.answers() == {"wanted_on": "2026-11-22"}
    assert edit.ending() == "周日"


def test_a_choice_is_made_by_the_number_of_its_place(form: FieldForm) -> None:
    type_into(form.editor("customer_id_kind"), "2")
    assert form.answers() == {"customer_id_kind": FIELDS["customer_id_kind"].choices[1]}


def test_a_required_field_that_is_empty_is_named(form: FieldForm) -> None:
    assert form.check_all() == {"customer_name": "请填写户名"}
    assert form.fault("customer_name") == "请填写户名"


def test_the_load_list_multiplies_and_sums_by_itself(form: FieldForm) -> None:
    editor = form.editor("loads")
    names = [column.name for column in editor.field.columns]
    form.go_to("loads")
    for text in ("冷库压缩机", "动力", "2", "40"):
        cell = editor.grid.indexWidget(editor.grid.currentIndex()) or QApplication.focusWidget()
        type_into(cell, text)
        enter(cell)
    assert form.answers()["loads"][0]["total_kw"] == "80"
    assert [row["name"] for row in form.answers()["loads"]] == ["冷库压缩机"]
    assert editor._total.text() == "共 1 项，合计 80 kW"
    assert names[editor.grid.currentColumn()] == "total_kw"


def test_every_field_of_the_dictionary_gives_back_what_was_put_in(qtbot: Any) -> None:
    made = FieldForm(grouped(FIELDS))
    qtbot.addWidget(made)
    answers = samples(tuple(FIELDS))
    made.set_answers(answers)
    assert made.answers() == {name: value for name, value in answers.items() if value}


def test_a_value_of_an_older_catalogue_is_shown_and_kept(form: FieldForm) -> None:
    form.set_answers({"customer_id_kind": "组织机构代码证（旧）"})
    assert form.answers() == {"customer_id_kind": "组织机构代码证（旧）"}


def test_what_is_typed_into_a_mask_that_the_eye_closed_is_not_lost(form: FieldForm) -> None:
    edit = form.editor("customer_phone")
    form.go_to("customer_phone")
    type_into(edit, "1380000123")
    edit._eye.trigger()
    assert edit.text() == "138***0123"
    type_into(edit, "4")
    assert (edit.text(), edit.value()) == ("13800001234", "13800001234")


@pytest.mark.parametrize(("place", "drop", "kept"), [(11, "56", "1380000123456"), (5, "9", "138009001234"),
                                                     (0, "0", "013800001234")])
def test_what_is_dropped_onto_a_mask_changes_the_value_under_it(form: FieldForm, place: int, drop: str,
                                                                kept: str) -> None:
    edit = form.editor("customer_phone")
    form.set_answers({"customer_phone": "13800001234"})
    form.go_to("customer_name")
    edit.setCursorPosition(place)
    type_into_unfocused(edit, drop)
    assert edit.value() == kept
    assert "*" in edit.text() and not edit.hasFocus()


def test_a_rare_character_under_a_mask_counts_as_one(form: FieldForm) -> None:
    edit = form.editor("customer_id")
    form.set_answers({"customer_id": "学字第0099𬭼88号"})
    form.go_to("customer_name")
    for letter in "七𬭼八":
        type_into_unfocused(edit, letter)
    assert edit.value() == "学字第0099𬭼88号七𬭼八"


@pytest.mark.parametrize(("key", "place", "kept"), [(Qt.Key.Key_Backspace, 5, "1380001234"),
                                                    (Qt.Key.Key_Delete, 7, "1380000234"),
                                                    (Qt.Key.Key_Backspace, 11, "1380000123")])
def test_what_is_deleted_from_a_mask_is_deleted_from_the_value(form: FieldForm, key: Qt.Key, place: int,
                                                               kept: str) -> None:
    edit = form.editor("customer_phone")
    form.set_answers({"customer_phone": "13800001234"})
    edit.setCursorPosition(place)
    press(edit, key)
    assert edit.value() == kept


def test_a_mask_that_is_all_chosen_is_typed_over(form: FieldForm) -> None:
    edit = form.editor("customer_phone")
    form.set_answers({"customer_phone": "13800001234"})
    edit.selectAll()
    type_into_unfocused(edit, "1")
    assert edit.value() == "1"
