"""A table over a long list: the first page shows at once, further pages are read as one scrolls to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Protocol, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.days import day_text
from ui.services import Services
from ui.theme import ROW_HEIGHT, tone_ink

PAGE = 50
SORTED_AT_ONCE = 500  # so few rows are sorted before the eye sees it
SORTED_AT_MOST = 5000  # sorting by a head needs the rows; beyond this a filter serves better
Index: TypeAlias = "QModelIndex | QPersistentModelIndex"  # as a string: Qt's types are slow to join


@dataclass(frozen=True)
class ColumnSpec:
    """One column: what it shows of a row, how it stands, and how a workbook keeps it.

    `show` gives a text or a date; `kind` is the workbook's kind (text, identifier, date, number, integer).
    """

    name: str
    label: str
    width: int
    show: Callable[[Any], str | date | None]
    kind: str = "text"
    tone: Callable[[Any], str] | None = None
    stretch: bool = False

    @property
    def right(self) -> bool:
        return self.kind in ("number", "integer", "money")

    def text(self, row: Any) -> str:
        value = self.show(row)
        return day_text(value) if isinstance(value, date) else (value or "")


class PageOf(Protocol):
    """What a list use-case gives: rows, and from where the next page goes on."""

    @property
    def rows(self) -> tuple[Any, ...]: ...
    @property
    def next(self) -> tuple[Any, ...] | None: ...


Fetch = Callable[[tuple[Any, ...] | None], PageOf]


@dataclass(frozen=True)
class Whole:
    """A list that is in memory already, as one page."""

    rows: tuple[Any, ...]
    next: tuple[Any, ...] | None = None


class PageModel(QAbstractTableModel):
    """The rows read so far. `fetch(cursor)` reads the page after the cursor."""

    def __init__(self, columns: Sequence[ColumnSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.items: list[Any] = []
        self._fetch: Fetch | None = None
        self._next: tuple[Any, ...] | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._next is not None

    def fetchMore(self, parent: Index) -> None:
        if parent.isValid() or self._fetch is None or self._next is None:
            return
        page = self._fetch(self._next)
        first = len(self.items)
        if page.rows:
            self.beginInsertRows(QModelIndex(), first, first + len(page.rows) - 1)
            self.items.extend(page.rows)
        self._next = page.next
        if page.rows:
            self.endInsertRows()

    @property
    def fetch(self) -> Fetch | None:
        return self._fetch

    def all_rows(self) -> Iterator[Any]:
        """Every row of the list, also those not shown yet; for exports, on the worker's thread."""
        if self._fetch is None:
            return
        cursor: tuple[Any, ...] | None = None
        while True:
            page = self._fetch(cursor)
            yield from page.rows
            if (cursor := page.next) is None:
                return

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, row = self.columns[index.column()], self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and column.tone is not None:
            return tone_ink(column.tone(row))
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.text(row)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def show_page(self, fetch: Fetch, page: PageOf) -> None:
        """Begin the list anew with rows of `fetch` that are read already."""
        self.beginResetModel()
        self._fetch, self._next, self.items = fetch, page.next, list(page.rows)
        self.endResetModel()


def in_order(fetch: Fetch, first: PageOf, column: ColumnSpec, falling: bool,
             step: Callable[[int, int], None]) -> PageOf:
    """The list read on from its `first` page, up to SORTED_AT_MOST rows, sorted by a column; in the worker."""
    rows, cursor = list(first.rows), first.next
    while cursor is not None and len(rows) < SORTED_AT_MOST:
        step(len(rows), SORTED_AT_MOST)
        page = fetch(cursor)
        rows += page.rows
        cursor = page.next
    return Whole(tuple(sorted(rows, key=lambda row: _sort_key(column, row), reverse=falling)), cursor)


def _sort_key(column: ColumnSpec, row: Any) -> tuple[int, Any]:
    """Empty cells last in rising order; figures by size, days by date, words by letters."""
    value = column.show(row)
    if value in (None, ""):
        return (9, "")
    if isinstance(value, date):
        return (0, value.isoformat())
    if column.right:
        digits = "".join(ch for ch in str(value) if ch in "0123456789.-")
        return (1, float(digits)) if digits.strip(".-") else (8, str(value))
    return (2, str(value))


class _ToneDelegate(QStyledItemDelegate):
    """A cell keeps its tone when its row is chosen."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        ink = index.data(Qt.ItemDataRole.ForegroundRole) or tone_ink("plain")
        option.palette.setColor(QPalette.ColorRole.HighlightedText, ink)


class PagedTable(QTableView):
    """The table: arrow keys move, Enter opens, typing filters, heads sort, widths are remembered."""

    opened = Signal(object)
    chosen = Signal(object)
    typed = Signal(str)

    def __init__(self, name: str, columns: Sequence[ColumnSpec], services: Services,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.pages = PageModel(columns, self)
        self.empty_text = ""
        self._services, self._settings = services, services.settings
        self.setModel(self.pages)
        self.setItemDelegate(_ToneDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._set_up_head()
        self.doubleClicked.connect(lambda index: self.opened.emit(self.pages.items[index.row()]))
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.pages.modelReset.connect(lambda: self.chosen.emit(None))

    def _set_up_head(self) -> None:
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSortIndicatorClearable(True)
        head.setSectionsClickable(True)
        for place, column in enumerate(self.pages.columns):
            kept = self._settings.value(f"{self.objectName()}/{column.name}")
            self.setColumnWidth(place, int(str(kept)) if kept else column.width)
            if column.stretch:
                head.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        head.setSortIndicatorShown(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.sortIndicatorChanged.connect(lambda _section, _order: self._on_sort())
        head.sectionResized.connect(self._remember)

    def _remember(self, section: int, _old: int, new: int) -> None:
        if not self.pages.columns[section].stretch and self.isVisible():
            self._settings.setValue(f"{self.objectName()}/{self.pages.columns[section].name}", new)

    def _on_sort(self) -> None:
        if self.pages.fetch is not None:
            self._services.run(partial(self.load, self.pages.fetch))

    def load(self, fetch: Fetch) -> None:
        """Show a list from its beginning, sorted as its head says. A long list is read and sorted in the worker; what
        is shown stays until then."""
        self._services.jobs.forget(self._sorting)
        first = fetch(None)
        section = self.horizontalHeader().sortIndicatorSection()
        if section < 0:
            self._show_page(fetch, first)
            return
        falling = self.horizontalHeader().sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        arrange = partial(in_order, fetch, first, self.pages.columns[section], falling)
        if first.next is None and len(first.rows) <= SORTED_AT_ONCE:
            self._show_page(fetch, arrange(lambda _done, _total: None))
        else:
            self._services.jobs.ask(self, self._sorting, arrange, partial(self._show_sorted, fetch))

    @property
    def _sorting(self) -> str:
        return f"sort {self.objectName()}"

    def _show_sorted(self, fetch: Fetch, page: PageOf) -> None:
        self._show_page(fetch, page)
        if page.next is not None:
            self._services.messages.say("info", f"只排了前 {len(page.rows):,} 行。请先筛选，再按表头排序。")

    def _show_page(self, fetch: Fetch, page: PageOf) -> None:
        """The row that was current stays current if it is still there."""
        key = self.key_of_current()
        self.pages.show_page(fetch, page)
        if self.pages.items:
            known = (place for place, row in enumerate(self.pages.items) if _row_key(row) == key)
            self.selectRow(next(known, 0) if key is not None else 0)
        self.viewport().update()

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show a list that is in memory already."""
        whole = Whole(tuple(rows))
        self.load(lambda _after: whole)

    def key_of_current(self) -> object:
        row = self.current()
        return _row_key(row) if row is not None else None

    def current(self) -> Any:
        """The row the cursor is on, or None."""
        place = self.currentIndex().row()
        return self.pages.items[place] if 0 <= place < len(self.pages.items) else None

    def selected(self) -> list[Any]:
        return [self.pages.items[index.row()] for index in self.selectionModel().selectedRows()]

    def _on_current(self, index: QModelIndex) -> None:
        self.chosen.emit(self.pages.items[index.row()] if index.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bare:
            if (row := self.current()) is not None:
                self.opened.emit(row)
            return
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if plain and event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.pages.items and self.empty_text:
            painter = QPainter(self.viewport())
            painter.setPen(tone_ink("muted"))
            place = self.viewport().rect().adjusted(48, 32, -48, -32)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.empty_text)


def _row_key(row: Any) -> object:
    """What makes a row the same row after a reload."""
    return getattr(row, "id", None) or getattr(row, "number", None) or row
