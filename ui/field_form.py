"""A form made from rows of the field dictionary: label, editor by kind, and what is wrong beside the field.

Enter goes to the next field, Shift+Enter back, Ctrl+Enter submits; plain Enter never does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.field import field
from desktop.domain.kind import Field, Value, fault
from ui.field_editors import TextEdit, make_editor
from ui.page import label
from ui.rows_editor import RowsEditor
from ui.survey_editor import SurveyEditor
from ui.theme import ACCENT, TONES, mark

Group = tuple[str, Sequence[str | Field]]
REMARK = "note"
LEAST_WIDTH, GAP = 160, 16  # of a column, and between two
WIDE_SAMPLE = 18  # a sample of more letters than this gets two columns


def grouped(names: Iterable[str]) -> list[Group]:
    """Field names under the headings of the dictionary, each heading where its first field stands; 备注 last."""
    groups: dict[str, list[str | Field]] = {}
    for name in names:
        groups.setdefault("" if name == REMARK else field(name).group, []).append(name)
    remark = groups.pop("", None)
    return [*groups.items(), *([("", remark)] if remark else [])]


def columns_for(room: int, most: int) -> int:
    """How many columns a form `room` pixels wide may have, `most` where there is room."""
    return max(1, min(most, (room + GAP) // (LEAST_WIDTH + GAP)))


class FieldForm(QWidget):
    """The form. `changed` tells each edit, `entered` that the cursor came to a line, `settled` that it left a field,
    `submitted` Ctrl+Enter."""

    changed = Signal(str)
    entered = Signal(str)
    settled = Signal(str)
    submitted = Signal()

    def __init__(self, groups: Sequence[Group], required: Iterable[str] = (), columns: int = 3,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._required = frozenset(required)
        self._columns = columns
        self._cells: dict[str, _FieldCell] = {}
        self._quiet = False
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for title, names in groups:
            self._add_group(box, title, names)
        box.addStretch(1)

    @property
    def names(self) -> list[str]:
        return list(self._cells)

    def _add_group(self, box: QVBoxLayout, title: str, names: Sequence[str | Field]) -> None:
        if title:
            box.addWidget(label(title, "group"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(6)
        for column in range(self._columns):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, LEAST_WIDTH)
        box.addLayout(grid)
        row = column = 0
        for name in names:
            cell = self._make_cell(field(name) if isinstance(name, str) else name)
            span = min(cell.span, self._columns)
            if column + span > self._columns:
                row, column = row + 1, 0
            grid.addWidget(cell, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
            column += span

    def _make_cell(self, described: Field) -> _FieldCell:
        cell = _FieldCell(described, described.name in self._required)
        cell.editor.edited.connect(lambda name=described.name: self._on_edited(name))
        for watched in cell.watched():
            watched.installEventFilter(self)
        if isinstance(cell.editor, TextEdit):
            cell.editor.entered.connect(lambda name=described.name: self.entered.emit(name))
        if isinstance(cell.editor, RowsEditor | SurveyEditor):
            cell.editor.left.connect(lambda onward, name=described.name: self.go_from(name, onward))
        self._cells[described.name] = cell
        return cell

    def answers(self) -> dict[str, Value]:
        """What is filled in; empty fields are left out."""
        return {name: value for name, cell in self._cells.items() if (value := cell.editor.value())}

    def set_answers(self, answers: Mapping[str, Value]) -> None:
        """Fill the whole form; fields without an answer become empty. Tells no edit."""
        self._quiet = True
        for name, cell in self._cells.items():
            cell.editor.set_value(answers.get(name, [] if cell.field.kind == "rows" else ""))
            cell.show_fault("")
        self._quiet = False

    def fill(self, answers: Mapping[str, Value]) -> None:
        """Put these answers in, leaving the other fields as they are; tells the edit."""
        for name, value in answers.items():
            if name in self._cells and value:
                self._cells[name].editor.set_value(value)
                self._on_edited(name)

    def empty(self, names: Iterable[str]) -> None:
        """Take the answers out of these fields; tells the edit."""
        for name in names:
            self._cells[name].editor.set_value([] if self._cells[name].field.kind == "rows" else "")
            self._cells[name].show_fault("")
            self._on_edited(name)

    def editor(self, name: str) -> QWidget:
        return self._cells[name].editor

    def has(self, name: str | None) -> bool:
        return name in self._cells

    def go_to(self, name: str) -> None:
        """Put the cursor in a field and bring it into view."""
        self._cells[name].editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._bring_into_view(self._cells[name])

    def go_in(self) -> None:
        """Put the cursor into the first needed field that is empty; where none is, into the first."""
        filled = self.answers()
        needed = (name for name in self._cells if name in self._required and name not in filled)
        if first := next(needed, next(iter(self._cells), None)):
            self.go_to(first)

    def go_from(self, name: str, onward: bool) -> None:
        """On to the next field that can be filled, or back."""
        order = [n for n, cell in self._cells.items() if cell.editor.isEnabled() and not cell.isHidden()]
        place = order.index(name) + (1 if onward else -1)
        if 0 <= place < len(order):
            self.go_to(order[place])

    def go_to_needed(self, after: str) -> None:
        """On to the next required field that is empty, past `after` first and then from the top; else stay."""
        order = list(self._cells)
        turned = order[order.index(after) + 1:] + order[:order.index(after)]
        if found := next((n for n in turned if n in self._required and not self._cells[n].editor.value()), None):
            self.go_to(found)

    def show_marks(self, words: Mapping[str, str]) -> None:
        """A word beside the label of each named field, as what vouches for it; none beside the others."""
        for name, cell in self._cells.items():
            cell.show_mark(words.get(name, ""))

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Say beside each field what is wrong with it; nothing beside the others."""
        for name, cell in self._cells.items():
            cell.show_fault(faults.get(name, ""))

    def show_fault(self, name: str, sentence: str) -> None:
        self._cells[name].show_fault(sentence)

    def fault(self, name: str) -> str:
        return self._cells[name].fault

    def check_all(self) -> dict[str, str]:
        """Check every field by itself, show and return what is wrong; a required one that is empty too."""
        faults = {name: sentence for name, cell in self._cells.items() if (sentence := self._fault_of(cell))}
        self.show_faults(faults)
        return faults

    def go_to_first(self, faults: Iterable[str]) -> None:
        wanted = set(faults)
        if first := next((name for name in self._cells if name in wanted), None):
            self.go_to(first)

    def _fault_of(self, cell: _FieldCell) -> str:
        value = cell.editor.value()
        if not value:
            return f"请填写{cell.field.label}" if cell.field.name in self._required else ""
        return fault(cell.field, value) or ""

    def under_hand(self) -> str:
        """The field in which somebody types just now; empty where the cursor is elsewhere or only chooses."""
        at = QApplication.focusWidget()
        if not isinstance(at, QLineEdit | QPlainTextEdit):
            return ""
        return next((name for name, cell in self._cells.items() if cell.isAncestorOf(at)), "")

    def _on_edited(self, name: str) -> None:
        if not self._quiet:
            self._cells[name].hush_fault()
            self.changed.emit(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys and focus are heard; the many other events of an editor, such as each painting, pass at once."""
        if isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and self._on_key(watched, event)
        if isinstance(event, QFocusEvent):
            cell = self._cell_of(watched)
            if event.gotFocus():
                self._bring_into_view(cell)
            elif event.lostFocus():
                self._on_left(cell)
        return False

    def _on_key(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Plus and event.modifiers() & Qt.KeyboardModifier.KeypadModifier:
            self.go_to_needed(self._cell_of(watched).field.name)
            return True
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        cell = self._cell_of(watched)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submitted.emit()
            return True
        if isinstance(cell.editor, RowsEditor):
            return False
        self.go_from(cell.field.name, not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return True

    def _on_left(self, cell: _FieldCell) -> None:
        value = cell.editor.value()
        if QApplication.activePopupWidget() is None:
            cell.show_fault((fault(cell.field, value) or "") if value else "")
            self.settled.emit(cell.field.name)

    def _cell_of(self, watched: QObject) -> _FieldCell:
        widget: QObject | None = watched
        while widget is not None and not isinstance(widget, _FieldCell):
            widget = widget.parent()
        assert widget is not None
        return widget

    def _bring_into_view(self, cell: QWidget) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(cell, 0, 24)


CHECKLIST = "survey_items"


def _editor_of(described: Field) -> Any:
    """The editor for any field: one value, rows, or a checklist whose questions stand already."""
    if described.name == CHECKLIST:
        return SurveyEditor(described)
    return RowsEditor(described) if described.kind == "rows" else make_editor(described)


class _FieldCell(QWidget):
    """Label, editor and, when there is one, the fault."""

    def __init__(self, described: Field, required: bool) -> None:
        super().__init__()
        self.field = described
        self.editor = _editor_of(described)
        self.editor.setObjectName(described.name)
        self.editor.setAccessibleName(described.label)
        ink = TONES["wrong"][0]
        star = f" <span style='color:{ink}'>*</span>" if required else ""
        self._told = described.label + star
        self._label = QLabel(self._told)
        self._label.setProperty("role", "muted")
        self._label.setBuddy(self.editor)
        if described.hint:
            self.editor.setToolTip(described.hint)
        self._fault: QLabel | None = None  # made with the first fault: most fields never have one
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)
        for widget in (self._label, self.editor):
            self._box.addWidget(widget)

    @property
    def fault(self) -> str:
        """What is said to be wrong under the field; empty where nothing is."""
        return self._fault.text() if self._fault else ""

    def _fault_label(self) -> QLabel:
        if self._fault is None:
            self._fault = QLabel()
            self._fault.setProperty("role", "fault")
            self._fault.setWordWrap(True)
            self._fault.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._box.addWidget(self._fault)
        return self._fault

    @property
    def span(self) -> int:
        """How many columns of the form it takes."""
        if self.field.kind in ("rows", "note"):
            return 99
        return 2 if len(self.field.sample) > WIDE_SAMPLE and self.field.kind in ("text", "name") else 1

    def show_mark(self, word: str) -> None:
        self._label.setText(f"{self._told} <span style='color:{ACCENT}'>✓{word}</span>" if word else self._told)

    def watched(self) -> list[QWidget]:
        return [self.editor.grid] if isinstance(self.editor, RowsEditor) else [self.editor]

    def hush_fault(self) -> None:
        """No longer wrong, as it is being mended; its place stays, so that nothing below moves under a typing hand."""
        if self._fault is not None and self._fault.text():
            self._fault.setMinimumHeight(self._fault.height())
            self._fault.setText("")
            self._mark_editor(wrong=False)

    def show_fault(self, sentence: str) -> None:
        if self._fault is None and not sentence:
            return
        told = self._fault_label()
        told.setMinimumHeight(0)
        told.setText(sentence)
        told.setVisible(bool(sentence))
        self._mark_editor(wrong=bool(sentence))

    def _mark_editor(self, *, wrong: bool) -> None:
        target = self.editor if not isinstance(self.editor, RowsEditor) else self.editor.grid
        mark(target, "fault", wrong)


