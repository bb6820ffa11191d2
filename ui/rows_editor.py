"""A list typed into a form, such as the load list: cells by kind, Enter goes on, totals by themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.field import Column, Field, Rows
from desktop.domain.kind import number_of, tidied
from ui.field_editors import ChoiceBox, fold
from ui.theme import ROW_HEIGHT

HEAD_PADDING, CELL_PADDING = 16, 26
HEAD_HEIGHT = 34
SHORT = 72  # what a short word or a number takes: it is never broken
LONG_HEAD = 80  # a head wider than this goes on two lines where there is no room
NUMBERS = ("number", "integer", "money")
BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
GOING_ON = (Qt.Key.Key_Return, Qt.Key.Key_Enter, *TABS)
Index: TypeAlias = "QModelIndex | QPersistentModelIndex"  # as a string: Qt's types are slow to join


class _CellDelegate(QStyledItemDelegate):
    """The editor of a cell by its column's kind."""

    entered = Signal(bool)
    tabbed = Signal(bool)

    def __init__(self, columns: tuple[Column, ...], parent: QObject) -> None:
        super().__init__(parent)
        self._columns = columns

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = self._columns[index.column()]
        if column.choices:
            return ChoiceBox(column.alone, parent)
        edit = QLineEdit(parent)
        if column.kind not in ("text", "name", "note"):
            edit.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
            edit.textEdited.connect(lambda text: edit.setText(fold(text)) if fold(text) != text else None)
        return edit

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter or Tab in an open cell keeps what was typed and goes on; Qt alone would only close the cell at Enter,
        and with Tab never lead out of the table. Ctrl+Enter keeps it, too, and goes up to the form, which is done by
        it: Qt would keep it only afterwards."""
        if not (isinstance(event, QKeyEvent) and isinstance(editor, QWidget) and event.type() == QEvent.Type.KeyPress
                and event.key() in GOING_ON):
            return super().eventFilter(editor, event)
        self.commitData.emit(editor)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        self.closeEditor.emit(editor)
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) or event.key() == Qt.Key.Key_Backtab
        (self.tabbed if event.key() in TABS else self.entered).emit(not back)
        return True

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)


class _Grid(QTableWidget):
    """A table in which Enter commits a cell and goes on; past the last filled row it leaves."""

    left = Signal(bool)  # True onward, False back

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def fit(self) -> None:
        """Each column as wide as its head; what is left goes to those whose cells want more, then to all alike. What
        still does not fit on a line goes on to the next, and the table is as high as its rows."""
        whole = [self._width(str(self.model().headerData(place, Qt.Orientation.Horizontal)), HEAD_PADDING)
                 for place in range(self.columnCount())]
        cells = [max((self._width(self._text(row, place), CELL_PADDING) for row in range(self.rowCount())), default=0)
                 for place in range(self.columnCount())]
        room = sum(max(head, min(cell, SHORT)) for head, cell in zip(whole, cells, strict=True))
        folds = room > self.viewport().width() and max(whole, default=0) > LONG_HEAD
        heads = [max(LONG_HEAD if folds and head > LONG_HEAD else head, min(cell, SHORT))
                 for head, cell in zip(whole, cells, strict=True)]
        wanted = [max(head, cell) for head, cell in zip(heads, cells, strict=True)]
        self.horizontalHeader().setFixedHeight(HEAD_HEIGHT * (2 if folds else 1))
        spare = max(self.viewport().width() - sum(heads), 0)
        more = sum(wanted) - sum(heads)
        even = max(spare - more, 0) // max(len(heads), 1)
        for place, (head, want) in enumerate(zip(heads, wanted, strict=True)):
            given = (want - head) * min(spare, more) // more if more else 0
            self.setColumnWidth(place, head + given + even)
        for row in range(self.rowCount()):
            self.setRowHeight(row, max(ROW_HEIGHT, *(self._height(row, place) for place in range(self.columnCount()))))
        high = sum(self.rowHeight(row) for row in range(self.rowCount()))
        self.setFixedHeight(max(high, 2 * ROW_HEIGHT) + self.horizontalHeader().height() + 4)

    def _width(self, text: str, padding: int) -> int:
        return self.horizontalHeader().fontMetrics().horizontalAdvance(text) + padding

    def _height(self, row: int, place: int) -> int:
        """What a cell needs on so many lines as its column makes of it."""
        room = QRect(0, 0, max(self.columnWidth(place) - CELL_PADDING, 1), 10_000)
        text = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWrapAnywhere, self._text(row, place))
        return text.height() + 6

    def _text(self, row: int, place: int) -> str:
        item = self.item(row, place)
        return item.text() if item else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        elif event.key() == Qt.Key.Key_Delete:
            for item in self.selectedItems():
                item.setText("")
        else:
            super().keyPressEvent(event)

    def step(self, onward: bool) -> None:
        """To the next or previous cell; leave after the end of an empty last row, or before the first cell."""
        if self._ends(onward):
            self.left.emit(onward)
        else:
            self._go_on(onward)

    def tab(self, onward: bool) -> None:
        """As `step`, but it leaves for whatever is next in the window: a form's last table must not hold Tab."""
        if self._ends(onward):
            self.focusNextPrevChild(onward)
        else:
            self._go_on(onward)

    def _ends(self, onward: bool) -> bool:
        if onward:
            return self.currentColumn() == 0 and self._row_is_empty(self.currentRow())
        return self.currentRow() <= 0 and self.currentColumn() <= 0

    def _go_on(self, onward: bool) -> None:
        place = self.currentRow() * self.columnCount() + self.currentColumn() + (1 if onward else -1)
        if place >= self.rowCount() * self.columnCount():
            self.insertRow(self.rowCount())
        self.setCurrentCell(*divmod(place, self.columnCount()))

    def _row_is_empty(self, row: int) -> bool:
        return not any((item := self.item(row, c)) and item.text().strip() for c in range(self.columnCount()))


class RowsEditor(QWidget):
    """The editor of a rows-field. Rows without a word in them do not count."""

    edited = Signal()
    left = Signal(bool)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._quiet = False
        self.grid = self._make_grid()
        self._total = QLabel()
        self._total.setProperty("role", "muted")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.grid)
        box.addLayout(self._make_foot())
        self.setFocusProxy(self.grid)
        self.set_rows([])

    def _make_grid(self) -> _Grid:
        columns = self.field.columns
        grid = _Grid(0, len(columns))
        grid.setHorizontalHeaderLabels([column.head for column in columns])
        delegate = _CellDelegate(columns, grid)
        delegate.entered.connect(grid.step)
        delegate.tabbed.connect(grid.tab)
        grid.setItemDelegate(delegate)
        grid.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        grid.verticalHeader().setVisible(False)
        grid.setTabKeyNavigation(False)
        grid.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        grid.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        grid.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap))
        grid.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        grid.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        grid.itemChanged.connect(self._on_changed)
        grid.left.connect(self.left)
        grid.installEventFilter(self)
        return grid

    def _make_foot(self) -> QHBoxLayout:
        add, remove = QPushButton("添加一行"), QPushButton("删除此行")
        for button, do in ((add, self.add_row), (remove, self.remove_row)):
            button.setProperty("role", "link")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(do)
        foot = QHBoxLayout()
        foot.addWidget(add)
        foot.addWidget(remove)
        foot.addStretch(1)
        foot.addWidget(self._total)
        return foot

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.grid and event.type() == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            if self.grid.currentRow() < 0:
                self.grid.setCurrentCell(0, 0)
            elif event.reason() in BY_KEY:  # come back to: the cell opens again
                self.grid.edit(self.grid.currentIndex())
        return super().eventFilter(watched, event)

    def value(self) -> Rows:
        """The rows that have a word in them, every cell as text."""
        rows = [self._row(number) for number in range(self.grid.rowCount())]
        return [row for row in rows if any(row.values())]

    def set_value(self, value: object) -> None:
        self.set_rows([dict(row) for row in value] if isinstance(value, list) else [])

    def set_rows(self, rows: Rows) -> None:
        self._quiet = True
        self.grid.setRowCount(0)
        for row in [*rows, {}]:
            self._append(row)
        self._quiet = False
        self._settle()

    def add_row(self) -> None:
        self._append({})
        self._settle()
        self.grid.setFocus()
        self.grid.setCurrentCell(self.grid.rowCount() - 1, 0)

    def remove_row(self) -> None:
        if self.grid.currentRow() >= 0:
            self.grid.removeRow(self.grid.currentRow())
        if self.grid.rowCount() == 0:
            self._append({})
        self._settle()
        self.edited.emit()

    def _append(self, row: dict[str, str]) -> None:
        at = self.grid.rowCount()
        self.grid.insertRow(at)
        for place, column in enumerate(self.field.columns):
            item = QTableWidgetItem(row.get(column.name, ""))
            if column.kind in NUMBERS:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.grid.setItem(at, place, item)

    def _row(self, number: int) -> dict[str, str]:
        cells = (self.grid.item(number, place) for place in range(len(self.field.columns)))
        return {column.name: cell.text().strip() if cell else ""
                for column, cell in zip(self.field.columns, cells, strict=True)}

    def _on_changed(self, item: QTableWidgetItem) -> None:
        if self._quiet:
            return
        self._quiet = True
        item.setText(tidied(self.field.columns[item.column()].kind, item.text()))
        self._multiply(item)
        if item.row() == self.grid.rowCount() - 1 and item.text().strip():
            self._append({})
        self._quiet = False
        self._settle()
        self.edited.emit()

    def _multiply(self, item: QTableWidgetItem) -> None:
        """Count times unit is the total; typed over, the typed total stays until one of the two changes."""
        names = [column.name for column in self.field.columns]
        if not {"count", "unit_kw", "total_kw"} <= set(names) or names[item.column()] not in ("count", "unit_kw"):
            return
        row = self._row(item.row())
        product = _product(row["count"], row["unit_kw"])
        cell = self.grid.item(item.row(), names.index("total_kw"))
        if product is not None and cell is not None:
            cell.setText(format(product, "f"))

    def _settle(self) -> None:
        """As high as its rows, and the sum below."""
        self.grid.fit()
        totals = [number_of(row.get("total_kw", "")) for row in self.value()]
        known = [total for total in totals if total is not None]
        self._total.setText(f"共 {len(totals)} 项，合计 {sum(known, Decimal(0)):,f} kW" if known else "")


def _product(first: str, second: str) -> Decimal | None:
    one, other = number_of(first), number_of(second)
    return None if one is None or other is None else one * other
