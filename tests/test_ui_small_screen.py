"""A 1366×768 screen drawn at 125 % leaves 1093×560 for the window: every page is used there, and scrolls if need be."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from practice_hall import NOW
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QScrollArea, QWidget
from screens import at_work
from typing_hands import open_window, wait_settled

from desktop.usecases.case_listing import CaseFilter, cases
from ui.case_list import WAITS

SMALL = QSize(1093, 560)


@pytest.fixture
def window(qtbot: Any, practice_folder: Path, desk_at: Callable[[Path], Any], clock: Any, tmp_path: Path,
           font_folder: Path) -> Any:
    clock.at = NOW
    made = open_window(qtbot, at_work(desk_at(Path(shutil.copytree(practice_folder, tmp_path / "practice")))))
    made.resize(SMALL)
    return made


def is_seen(area: QScrollArea, widget: QWidget) -> bool:
    """All of it stands within what the area shows."""
    return area.viewport().rect().contains(QRect(widget.mapTo(area.viewport(), QPoint()), widget.size()))


QUESTIONS: dict[str, Callable[[Any], object]] = {
    "case": lambda page: page.ask_pause_or_resume(), "materials": lambda page: page.ask_promise(),
    "works": lambda page: page.charge_button.click(),
}


def test_a_question_on_a_small_screen_has_fewer_columns_and_its_first_field_in_view(window: Any, qtbot: Any) -> None:
    number = cases(window.services.desk, CaseFilter(open_only=True)).rows[0].number
    for name, ask in QUESTIONS.items():
        window.go(name, number)
        wait_settled(qtbot, window)
        page = window.page(name)
        ask(page)
        wait_settled(qtbot, window)
        area = page.parentWidget().parentWidget()
        assert window.size() == SMALL and area.horizontalScrollBar().maximum() == 0, (name, page.minimumSizeHint())
        assert is_seen(area, page.ask.form.editor(page.ask.form.names[0])), name


def test_on_a_small_screen_filters_break_into_rows_and_names_stay_readable(window: Any, qtbot: Any) -> None:
    window.go("cases", {})
    page = window.page("cases")
    wait_settled(qtbot, window)  # the counts offer the chips of what waits
    for chip in WAITS:
        page.chips.offer(chip, True)
    window.hall_name.setText("青海省海南藏族自治州共和县恰卜恰镇供电营业厅（中心厅）")
    wait_settled(qtbot, window)
    area = page.parentWidget().parentWidget()
    assert window.size() == SMALL and area.horizontalScrollBar().maximum() == 0
    assert page.words.mapTo(page, QPoint()).y() > page.chips.mapTo(page, QPoint()).y()
    assert page.table.columnWidth(1) >= 160


def test_a_case_that_nobody_inspects_says_so_and_what_it_paid_can_be_given_back(window: Any, qtbot: Any) -> None:
    found = cases(window.services.desk, CaseFilter(), limit=200).rows
    window.go("works", next(row.number for row in found if row.short == "移表" and row.status == "已终止"))
    wait_settled(qtbot, window)
    page = window.page("works")
    assert "没有要审查、检查或检验的" in page.round_notes.text() and not page.submit_button.isVisible()
    assert "应退还客户 150.00 元" in page.sum.text() and page.refund_button.isEnabled()
