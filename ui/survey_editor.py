"""The survey's checklist: each question whole, its answer chosen by a key, what was seen, and the picture's number.

Enter goes from answer to answer and on to the next question; the last one leaves to the next field of the form.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.domain.kind import Field, Rows
from ui.field_editors import make_editor
from ui.page import label

ANSWER_WIDTH, PHOTO_WIDTH = 92, 96
TYPED = ("answer", "note", "photo")


class SurveyEditor(QWidget):
    """An editor of the rows-field `survey_items`: the questions stand, three cells of each are filled."""

    edited = Signal()
    left = Signal(bool)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._rows: Rows = []
        self.cells: list[dict[str, QWidget]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 5)
        self._grid.setColumnStretch(2, 4)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it hands on to its first cell: a stop would hold Shift+Tab

    def value(self) -> Rows:
        """The rows as they are answered; none while nothing was asked."""
        return [{**row, **{name: cells[name].value() for name in TYPED}}  # type: ignore[attr-defined]
                for row, cells in zip(self._rows, self.cells, strict=True)]

    def set_value(self, value: object) -> None:
        rows = [dict(row) for row in value] if isinstance(value, list) else []
        if [row.get("item") for row in rows] != [row.get("item") for row in self._rows] or not rows:
            self._build(rows)
        for row, cells in zip(rows, self.cells, strict=True):
            for name in TYPED:
                cells[name].set_value(row.get(name, ""))  # type: ignore[attr-defined]

    def _build(self, rows: Rows) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._rows, self.cells = rows, []
        for place, row in enumerate(rows):
            self._grid.addWidget(label(f"{row.get('item', '')} {row.get('question', '')}", wrap=True), place, 0)
            self.cells.append({name: self._cell(name, place, column) for column, name in enumerate(TYPED, start=1)})

    def _cell(self, name: str, place: int, column: int) -> QWidget:
        described = next(each for each in self.field.columns if each.name == name)
        cell = make_editor(described.alone)
        cell.setObjectName(f"survey_{name}_{place}")
        cell.setAccessibleName(f"{self._rows[place].get('question', '')} {described.label}")
        if name != "answer":
            cell.setPlaceholderText(described.label)
        if name in ("answer", "photo"):
            cell.setFixedWidth(ANSWER_WIDTH if name == "answer" else PHOTO_WIDTH)
        cell.edited.connect(self.edited)
        cell.installEventFilter(self)
        self._grid.addWidget(cell, place, column)
        return cell

    def focusInEvent(self, event: object) -> None:
        if self.cells:
            self.cells[0]["answer"].setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._step(watched, not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                return True
        return super().eventFilter(watched, event)

    def _step(self, watched: QObject, onward: bool) -> None:
        """After a plain 符合 straight to the next question; else to what is to be explained."""
        order = [cells[name] for cells in self.cells for name in TYPED]
        place = next(at for at, cell in enumerate(order) if cell is watched)
        fits = place % len(TYPED) == 0 and self.value()[place // len(TYPED)]["answer"] == "符合"
        place += (len(TYPED) if fits else 1) if onward else -1
        if 0 <= place < len(order):
            order[place].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.left.emit(onward)
