"""The kind of an application is chosen by keyboard, the form follows it, and the catalogue is looked through."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import visit
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from test_releases import STORAGE, changed, release
from typing_hands import open_window, told, type_into, wait_idle

from desktop.domain.field import FIELDS, samples
from desktop.usecases.cataloguing import releases
from desktop.usecases.safekeeping import open_desk


@pytest.fixture
def window(qtbot: Any, clock: Any, tmp_path: Path, font_folder: Path) -> Any:
    """A window over a hall that was opened as the program opens it."""
    from conftest import synthetic_supplier

    from desktop.usecases.hall_keeping import add_clerk, set_hall

    desk = open_desk(tmp_path / "hall", clock)
    set_hall(desk, synthetic_supplier())
    made = open_window(qtbot, desk.served_by(add_clerk(desk, "1001", "示范员", "管理员")))
    yield made
    wait_idle(qtbot, made)
    desk.db.close()


def strike(widget: Any, key: Qt.Key, text: str = "") -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def choose(page: Any, digits: str) -> None:
    page.kind.setFocus()
    for digit in digits:
        strike(page.kind, Qt.Key(ord(digit)), digit)


def test_two_digits_choose_a_kind_and_the_form_asks_only_what_it_needs(window: Any, qtbot: Any) -> None:
    page = visit(window, qtbot, "intake")
    assert page.kind.value() == "low_voltage_new"
    choose(page, "14")
    assert page.kind.value() == "high_voltage_single"
    assert page.form.has("capacity_kva")
    assert not page.form.has("capacity_kw")
    choose(page, "34")
    assert page.form.has("hold_from")
    assert not page.form.has("capacity_kva")


def test_the_usual_answers_of_a_kind_stand_in_its_form_and_leave_with_it(window: Any, qtbot: Any) -> None:
    page = visit(window, qtbot, "intake")
    type_into(page.form.editor("customer_name"), "示例县兴旺建材有限公司")
    choose(page, "11")
    assert page.form.answers()["voltage"] == "220V"
    assert page.form.answers()["customer_name"] == "示例县兴旺建材有限公司"
    choose(page, "14")
    assert page.form.answers()["voltage"] == "10kV"
    assert page.form.answers()["usage_nature"] == "工商业"


def test_of_many_answers_that_a_kind_does_not_ask_the_first_are_named_and_the_rest_counted(
        window: Any, qtbot: Any) -> None:
    page = visit(window, qtbot, "intake")
    choose(page, "14")
    page.form.set_answers(samples(tuple(page.form.names)))
    said = told(window)
    choose(page, "33")
    aside = len({FIELDS[name].label for name in page._aside})
    assert aside > 10
    (sentence,) = [message.sentence for message in said if "先替您留着" in message.sentence]
    assert f"等 {aside} 项）" in sentence and len(sentence) < 60


def test_enter_goes_from_the_kind_to_the_first_field(window: Any, qtbot: Any) -> None:
    page = visit(window, qtbot, "intake")
    choose(page, "15")
    strike(page.kind, Qt.Key.Key_Return)
    wait_idle(qtbot, window)
    assert page.form.isAncestorOf(QApplication.focusWidget())


def test_the_heads_of_the_groups_cannot_be_chosen(window: Any, qtbot: Any) -> None:
    page = visit(window, qtbot, "intake")
    heads = [n for n in range(page.kind.count()) if not page.kind.itemData(n)]
    assert [page.kind.itemText(n) for n in heads] == ["新装", "增容", "变更用电"]
    assert not any(page.kind.model().item(n).isEnabled() for n in heads)


def panel_of(window: Any, qtbot: Any) -> Any:
    page = visit(window, qtbot, "system", "catalog")
    wait_idle(qtbot, window)
    return page.panels["catalog"]


def test_what_is_not_verified_is_one_chip_away(window: Any, qtbot: Any) -> None:
    panel = panel_of(window, qtbot)
    every = len(panel.rules.pages.items)
    panel.chips._buttons["unverified"].click()
    waiting = panel.rules.pages.items
    assert 0 < len(waiting) < every
    assert not any(rule.verified for rule in waiting)
    panel.words.take("储能")
    panel.words._at_once()
    assert all("储能" in f"{rule.title}{rule.says}{rule.basis}" for rule in panel.rules.pages.items)


def test_a_release_taken_in_the_window_is_in_force_there_and_compared(window: Any, qtbot: Any, tmp_path: Path) -> None:
    panel, file = panel_of(window, qtbot), tmp_path / "QH-1.zip"
    file.write_bytes(release(storage=STORAGE, **changed("contracts.toml", "cap_years = 5", "cap_years = 4")))
    panel.take(file)
    wait_idle(qtbot, window)
    assert "QH-1" in [each.id for each in releases(window.services.desk)]
    panel.against.set_value("2026.12")
    panel.look()
    wait_idle(qtbot, window)
    assert any((each.before, each.after) == ("5", "4") for each in panel.differences.pages.items)
    assert panel.whole.text().startswith("共 ") and "后一版：" in panel.whole.text()
    panel.words.take("上限")
    panel.words._at_once()
    assert [(each.before, each.after) for each in panel.differences.pages.items] == [("5", "4")]
    page = visit(window, qtbot, "intake")
    choose(page, "41")
    assert page.kind.value() == "storage"
    assert page.form.has("own_generator_kw")


def test_a_kind_that_ended_is_no_more_offered_and_what_was_typed_stays(
        window: Any, qtbot: Any, tmp_path: Path, clock: Any) -> None:
    panel, file = panel_of(window, qtbot), tmp_path / "QH-2.zip"
    file.write_bytes(release(storage=STORAGE.replace("verified", 'until = "2026-11-24"\nverified', 1)))
    panel.take(file)
    wait_idle(qtbot, window)
    page = visit(window, qtbot, "intake")
    choose(page, "41")
    type_into(page.form.editor("customer_name"), "示例县兴旺建材有限公司")
    heard = told(window)
    clock.move(date(2026, 11, 25))
    window.services.look_at_the_day()
    wait_idle(qtbot, window)
    page.reload()
    wait_idle(qtbot, window)
    assert page.kind.value() == "storage"  # he came yesterday, on its last day
    page.applied_on.set_value("2026-11-25")
    page.applied_on.editingFinished.emit()
    assert page.kind.findData("storage") < 0
    assert (page.kind.value(), page.form.answers()["customer_name"]) == ("low_voltage_new", "示例县兴旺建材有限公司")
    assert any("不再受理" in str(each) for each in heard)


def test_a_wrong_release_is_told_with_its_row_and_nothing_changes(window: Any, qtbot: Any, tmp_path: Path) -> None:
    panel, file = panel_of(window, qtbot), tmp_path / "wrong.zip"
    file.write_bytes(release(storage=STORAGE.replace('"S11"', '"S99"')))
    panel.take(file)
    wait_idle(qtbot, window)
    assert "（storage.toml 第 15 行）环节（stage）S99" in window.message_bar.text()
    assert len(releases(window.services.desk)) == 1
