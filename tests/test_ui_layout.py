"""At 1366×768 nothing is clipped or elided on any page, with the longest sample values."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from practice_hall import NOW
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QTableWidget,
    QWidget,
)
from screens import at_work, walk
from tab_walk import in_sight, tab_faults
from typing_hands import Flashes, open_window, wait_settled

from ui.case_board import CaseBoard
from ui.main_window import MAKERS, SIZE
from ui.paged_table import PagedTable

SMALL = QSize(1093, 560)  # what a screen of 1366×768 drawn at 125 % leaves for the window
CELL_PADDING = 23  # as the style draws it: with 22 the last letter is elided
AS_ANOTHER = ("intake-", "case-end", "case-back", "case-paused", "contract-3", "contract-4", "works-mend",
              "works-hand", "stage-")  # to Tab
# Shown whole elsewhere: under the table, or in the file manager.
TOLD_BELOW = {"import/reasons", "import_cases/reasons", "flow/reasons", "backups/file",
              "catalog_rules/file", "catalog_rules/row", "catalog_rules/says", "catalog_rules/basis"}


@pytest.fixture
def practice(practice_folder: Path, desk_at: Callable[[Path], Any], clock: Any, tmp_path: Path) -> Any:
    clock.at = NOW
    return at_work(desk_at(Path(shutil.copytree(practice_folder, tmp_path / "practice"))))


def cut_labels(seen: list[QWidget]) -> Iterator[str]:
    for label in of(QLabel, seen):
        if label.text() and label.pixmap().isNull():
            wide, high = _needed(label)
            if wide > label.contentsRect().width() + 1 or high > label.height() + 2:
                yield f"label {label.text()[:30]!r} needs {wide}×{high}, has {label.contentsRect().size().toTuple()}"


def _needed(label: QLabel) -> tuple[int, int]:
    if not label.wordWrap():
        hint = label.sizeHint()
        return hint.width() - (label.width() - label.contentsRect().width()), hint.height()
    return 0, label.heightForWidth(label.width())


def cut_buttons(seen: list[QWidget]) -> Iterator[str]:
    for button in of(QAbstractButton, seen):
        if button.text() and button.sizeHint().width() > button.width():
            yield f"button {button.text()!r} needs {button.sizeHint().width()}, has {button.width()}"


def cut_boxes(seen: list[QWidget]) -> Iterator[str]:
    for box in of(QComboBox, seen):
        if box.fontMetrics().horizontalAdvance(box.currentText()) > box.width() - 36:
            yield f"choice {box.currentText()!r} in {box.width()}"
    for edit in of(QLineEdit, seen):
        margins = edit.textMargins().left() + edit.textMargins().right()
        icons = 28 * len([action for action in edit.actions() if not action.icon().isNull()])
        room = edit.width() - margins - icons - 16
        text = edit.text() or edit.placeholderText()
        if edit.fontMetrics().horizontalAdvance(text) > room:
            yield f"field {edit.objectName()} {text!r} in {room}"


def cut_cells(seen: list[QWidget]) -> Iterator[str]:
    for table in of(PagedTable, seen):
        yield from _cells(table)
    for grid in of(QTableWidget, seen):
        yield from (f"head {head!r}" for head in _heads(grid.horizontalHeader()))
        yield from _items(grid)


def _cells(table: PagedTable) -> Iterator[str]:
    metrics, last = table.fontMetrics(), min(len(table.pages.items), 60)
    for place, column in enumerate(table.pages.columns):
        room = table.columnWidth(place) - CELL_PADDING
        if f"{table.objectName()}/{column.name}" in TOLD_BELOW:
            continue
        for row in table.pages.items[:last]:
            if metrics.horizontalAdvance(column.text(row)) > room:
                yield f"cell {table.objectName()}/{column.name} {column.text(row)!r} in {room}"
    yield from (f"head {head!r} of {table.objectName()}" for head in _heads(table.horizontalHeader()))


def _items(grid: QTableWidget) -> Iterator[str]:
    """The cells of a small table that are only read; one that is typed in shows the rest while one is in it."""
    if grid.editTriggers() != QTableWidget.EditTrigger.NoEditTriggers:
        return
    for row in range(grid.rowCount()):
        for column in range(grid.columnCount()):
            item = grid.item(row, column)
            box = 22 if item is not None and item.data(Qt.ItemDataRole.CheckStateRole) is not None else 0
            room = grid.columnWidth(column) - CELL_PADDING - box
            if item is not None and grid.fontMetrics().horizontalAdvance(item.text()) > room:
                yield f"cell {grid.objectName()} {item.text()!r} in {room}"


def _heads(header: QHeaderView) -> Iterator[str]:
    model = header.model()
    for place in range(header.count()):
        text = str(model.headerData(place, Qt.Orientation.Horizontal))
        if header.fontMetrics().horizontalAdvance(text) > header.sectionSize(place) - 12:
            yield text


def cut_tabs(seen: list[QWidget]) -> Iterator[str]:
    for bar in of(QTabBar, seen):
        for place in range(bar.count()):
            text, room = bar.tabText(place), bar.tabRect(place).width()
            if bar.fontMetrics().horizontalAdvance(text) > room - 16:
                yield f"tab {text!r} in {room}"


def outside(seen: list[QWidget]) -> Iterator[str]:
    """Visible widgets that reach past the right edge of the window, but for the board's columns, which one walks to."""
    window = seen[0].window()
    for widget in seen:
        if widget.width() > 1 and widget.window() is window:
            right = widget.mapTo(window, widget.rect().topRight()).x()
            if right > window.width() and not _is_on_board(widget):
                yield f"{type(widget).__name__} {widget.objectName()} reaches {right}"


def _is_on_board(widget: QWidget) -> bool:
    above = widget.parentWidget()
    return above is not None and (isinstance(above.parentWidget(), CaseBoard) or _is_on_board(above))


LOOKS = (cut_labels, cut_buttons, cut_boxes, cut_cells, cut_tabs, outside)


def cut(window: QWidget) -> Iterator[str]:
    seen = in_sight(window)
    return (told for look in LOOKS for told in look(seen))


def of(kind: type[Any], seen: list[QWidget]) -> Iterator[Any]:
    return (widget for widget in seen if isinstance(widget, kind))


def is_walked_by_tab(window: Any, name: str) -> bool:
    """Not what is like another screen, and not while something else has the keyboard."""
    return not (name.startswith(AS_ANOTHER) or QApplication.activePopupWidget() or window._keys or window.is_gated)


def test_on_every_screen_nothing_is_cut_and_tab_comes_to_everything_and_is_seen(
        qtbot: Any, practice: Any, font_folder: Path) -> None:
    window = open_window(qtbot, practice)
    assert window.size() == SIZE
    found, seen, flashes = [], [], Flashes()
    reached: set[tuple[str, Any]] = set()

    for name in walk(window, lambda: wait_settled(qtbot, window)):
        seen.append(name)
        if any(cut(window)):
            with suppress(qtbot.TimeoutError):  # a layout may need a turn more to come round to it
                qtbot.waitUntil(lambda: not any(cut(window)), timeout=1000)
            found += [f"{name}: {told}" for told in cut(window)]
        if is_walked_by_tab(window, name):
            found += [f"{name}: {told}" for told in tab_faults(window, reached)]
        least = window.minimumSizeHint()
        assert least.width() <= SMALL.width() and least.height() <= SMALL.height(), f"{name} needs {least}"
        assert window.size() == SIZE, f"{name} made the window grow to {window.size()}"
    assert not found, "\n".join(dict.fromkeys(found))
    assert not flashes.names and len(reached) > 15
    kinds = {f"intake-{kind}" for kind in practice.catalog.processes}
    assert kinds | {"case", "contract-1", "system-desk"} <= set(seen)
    assert set(window.pages) == set(MAKERS), "a page is not walked to"

