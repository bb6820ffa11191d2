"""照录: a case copied into another system, one key a field, and the number noted that it gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from trade import accepted_case
from typing_hands import open_window, press, type_into, wait_idle

from desktop.domain.field import samples
from desktop.domain.ladder import completed, rungs
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.transcribing import HERE_ONLY, ladder_of, note_number

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
    process = hall.catalog.processes["low_voltage_new"]
    order = [each.field for each in hall.catalog.ladders.usual] + list(process.fields)
    assert [each.field for each in ladder.steps] == sorted((e.field for e in ladder.steps), key=order.index)
    assert ladder.steps[0].value == "共和县措温波藏毯加工有限公司"
    assert not ladder.verified and "yx_application" not in {each.field for each in ladder.steps}
    loads = next(each for each in ladder.steps if each.field == "loads")
    assert loads.value.split("\t")[0] == "冷库压缩机"
    assert all("13800001234" not in each.shown for each in ladder.steps)


@pytest.mark.parametrize(("field", "word", "code"), [
    ("customer_id_kind", "士兵证", "03"), ("customer_id_kind", "外国人永久居留证", "11"),
    ("customer_id_kind", "台胞证", "15"), ("customer_id_kind", "港澳通行证", ""), ("voltage", "35kV", "10"),
    ("voltage", "10kV", "")])
def test_a_choice_is_shown_with_its_code_where_one_is_known_and_none_is_guessed(
        catalog: Any, field: str, word: str, code: str) -> None:
    for asked in (catalog.ladders.usual, catalog.ladders.of("low_voltage_more")):
        (step,) = rungs(asked, {field: word})
        assert (step.value, step.code) == (word, code) and ("代码" in step.shown) == bool(code)


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


# ---- whatever kind

def test_one_number_of_the_other_system_stands_on_one_case(hall: Any) -> None:
    first = accepted_case(hall).case_number
    other = accepted_case(hall, customer_name="别的客户", customer_id_kind="护照", customer_id="E12345678").case_number
    note_number(hall, first, "632611220000000012")
    note_number(hall, first, "632611220000000012")
    for typed in ("632611220000000012", "６３２６１１２２００００００００１２"):
        with pytest.raises(Refusal, match=f"已登记在工单 {first}"):
            note_number(hall, other, typed)
    with pytest.raises(Refusal, match=f"已登记在工单 {first}"):
        accepted_case(hall, customer_name="又一位", customer_id_kind="护照", customer_id="E87654321",
                      yx_application="632611220000000012")
    record(hall, first, "S04", "ended", {"reason": "客户撤销"})
    assert note_number(hall, other, "632611220000000012") == "632611220000000012"


def test_of_every_kind_all_that_must_be_filled_can_be_copied(catalog: Any) -> None:
    for process in catalog.processes.values():
        asked = completed(catalog.ladders.of(process.id, process.subject), process.fields, HERE_ONLY)
        steps = {each.field for each in rungs(asked, samples(process.fields))}
        assert set(process.required_fields) - set(HERE_ONLY) <= steps, process.id
        assert process.subject != "已有用户" or asked[0].field == "yx_account"


def test_a_kind_from_outside_has_the_order_of_its_subject(catalog: Any) -> None:
    ladders = catalog.ladders
    assert ladders.of("photovoltaic", "新户") == ladders.usual
    assert ladders.of("swap", "已有用户") == ladders.of("suspend")
    own = completed(ladders.of("photovoltaic", "新户"), ("customer_name", "pile_model"), HERE_ONLY)
    assert [(each.field, each.label) for each in own][-1] == ("pile_model", "充电桩型号")


# ---- what is copied is a customer's

def test_what_was_copied_is_cleared_after_half_a_minute_if_it_is_still_ours(card: Any) -> None:
    clipboard = QGuiApplication.clipboard()
    press(card, *SPACE)
    assert card.clearing.isActive() and card.clearing.interval() == 30_000
    card.clearing.timeout.emit()
    assert clipboard.text() == ""
    press(card, *SPACE)
    clipboard.setText("别处复制的")
    card.clearing.timeout.emit()
    assert clipboard.text() == "别处复制的"
    clipboard.clear()


def test_the_case_says_once_that_its_data_were_copied_whole(card: Any, hall: Any) -> None:
    number = card.ladder.case_number
    told = lambda: [entry.what for entry in case(hall, number).log].count("copied_out")  # noqa: E731
    first = next(place for place, step in enumerate(card.ladder.steps) if step.masked)
    for _ in range(first):
        press(card, *SPACE)
    assert told() == 0
    while not card.is_at_end:
        press(card, *SPACE)
    assert told() == 1


def test_a_bank_account_is_masked_on_the_card_and_copied_whole_with_a_word_in_the_log(card: Any, hall: Any) -> None:
    place = next(n for n, step in enumerate(card.ladder.steps) if step.field == "bank_account")
    whole = card.ladder.steps[place].value
    for _ in range(place):
        press(card, Qt.Key.Key_Right)
    assert "****" in card.value.text() and whole not in card.value.text()
    press(card, *SPACE)
    assert QGuiApplication.clipboard().text() == whole
    assert "copied_out" in [entry.what for entry in case(hall, card.ladder.case_number).log]


def test_a_code_is_copied_instead_of_its_word(card: Any) -> None:
    place = next(n for n, step in enumerate(card.ladder.steps) if step.field == "customer_id_kind")
    for _ in range(place):
        press(card, Qt.Key.Key_Right)
    assert "营业执照（代码 06）" in card.value.text()
    press(card, Qt.Key.Key_C, "c")
    assert QGuiApplication.clipboard().text() == "06" and card.at == place + 1
    press(card, Qt.Key.Key_C, "c")  # this step has no code
    assert card.at == place + 1


def test_the_card_goes_on_while_the_main_window_is_minimised(card: Any, hall: Any) -> None:
    assert card.parent() is None and not card.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    main = next(each for each in QApplication.topLevelWidgets() if type(each).__name__ == "MainWindow")
    main.showMinimized()
    press(card, *SPACE)
    assert card.isVisible() and card.at == 1
    main.showNormal()


def test_the_card_goes_with_the_clerk(card: Any, qtbot: Any) -> None:
    press(card, *SPACE)
    with qtbot.waitSignal(card.destroyed):
        card._services.clerk_changed.emit()
    assert QGuiApplication.clipboard().text() == ""
