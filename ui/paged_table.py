"""A table over a long list: its first page is read in the worker, further pages as one scrolls to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Protocol, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
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
from ui.theme import ROW_HEIGHT, tone_ink, wrapped

PAGE = 50
WAITING = "正在读取…"
SORTED_AT_ONCE = 500  # so few rows are sorted before the eye sees it
LEAST_STRETCHED = 160
SORTED_AT_MOST = 5000  # sorting by a head needs the rows; beyond this a filter serves better
Index: TypeAlias = "QModelIndex | QPersistentModelIndex"  # as a string: Qt's types are slow to join


@dataclass(frozen=True)
class ColumnSpec:
    """One column: what it shows of a row, how it stands, and how a workbook keeps it.

    `show` gives a text or a date; `kind` is the workbook's kind (text, identifier, date, number, integer, percent),
    and `cell` what the workbook has in place of the text that is seen: a number, to be summed up.
    """

    name: str
    label: str
    width: int
    show: Callable[[Any], str | date | None]
    kind: str = "text"
    tone: Callable[[Any], str] | None = None
    stretch: bool = False
    cell: Callable[[Any], object] | None = None

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
    """The rows read so far. `fetch(cursor)` reads the page after the cursor; `wanted` tells that it is scrolled to."""

    wanted = Signal()

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
        if self.canFetchMore(parent):
            self.wanted.emit()

    def append(self, fetch: Fetch, page: PageOf) -> None:
        """Go on with a page of `fetch`, unless another list is shown by now."""
        if fetch is not self._fetch:
            return
        first = len(self.items)
        self._next = page.next
        if page.rows:
            self.beginInsertRows(QModelIndex(), first, first + len(page.rows) - 1)
            self.items.extend(page.rows)
            self.endInsertRows()

    @property
    def fetch(self) -> Fetch | None:
        return self._fetch

    @property
    def next(self) -> tuple[Any, ...] | None:
        """The cursor of the page that is not read yet; None at the end of the list."""
        return self._next

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
            return wrapped(column.text(row))
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


Order = tuple[ColumnSpec, bool]  # by which column, and whether falling


def first_page(fetch: Fetch, order: Order | None, step: Callable[[int, int], None]) -> PageOf:
    """A list's first page; where it is sorted, the list read on up to SORTED_AT_MOST rows. In the worker."""
    first = fetch(None)
    if order is None:
        return first
    rows, cursor = list(first.rows), first.next
    while cursor is not None and len(rows) < SORTED_AT_MOST:
        step(len(rows), SORTED_AT_MOST)
        page = fetch(cursor)
        rows += page.rows
        cursor = page.next
    return Whole(in_order(rows, order), cursor)


def in_order(rows: Sequence[Any], order: Order | None) -> tuple[Any, ...]:
    if order is None:
        return tuple(rows)
    column, falling = order
    return tuple(sorted(rows, key=lambda row: _sort_key(column, row), reverse=falling))


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


class ToneDelegate(QStyledItemDelegate):
    """A cell keeps its tone when its row is chosen."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        ink = index.data(Qt.ItemDataRole.ForegroundRole) or tone_ink("plain")
        option.palette.setBrush(QPalette.ColorRole.HighlightedText, QBrush(ink))


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
        self._wanted: Fetch | None = None  # the list that was asked for last; it may not be shown yet
        self._services, self._settings = services, services.settings
        self.setModel(self.pages)
        self.pages.wanted.connect(self._read_on)
        self.setItemDelegate(ToneDelegate(self))
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_readable()

    def _keep_readable(self) -> None:
        """The column that takes what is left keeps a width to read it by: on a small screen the table scrolls."""
        stretched = [place for place, column in enumerate(self.pages.columns) if column.stretch]
        if len(stretched) != 1:
            return
        head, (place,) = self.horizontalHeader(), stretched
        least = min(self.pages.columns[place].width, LEAST_STRETCHED)
        left = self.viewport().width() - sum(head.sectionSize(n) for n in range(head.count()) if n != place)
        if left >= least:
            head.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        else:
            head.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
            head.resizeSection(place, least)

    def _remember(self, section: int, _old: int, new: int) -> None:
        if not self.pages.columns[section].stretch and self.isVisible():
            self._settings.setValue(f"{self.objectName()}/{self.pages.columns[section].name}", new)

    def _on_sort(self) -> None:
        if self._wanted is not None:
            self.load(self._wanted)

    def load(self, fetch: Fetch) -> None:
        """Show a list from its beginning, sorted as its head says. It is read in the worker, and what is shown stays
        until then; of several loads the latest counts."""
        self._wanted = fetch
        order = self._order()
        self._services.jobs.ask(self, self._reading, partial(first_page, fetch, order),
                                partial(self._show_read, fetch, order))

    @property
    def _reading(self) -> str:
        return f"list {self.objectName()}"

    def _order(self) -> Order | None:
        section = self.horizontalHeader().sortIndicatorSection()
        if section < 0:
            return None
        return self.pages.columns[section], self.horizontalHeader().sortIndicatorOrder() is Qt.SortOrder.DescendingOrder

    def _show_read(self, fetch: Fetch, order: Order | None, page: PageOf) -> None:
        self._show_page(fetch, page)
        if order is not None and page.next is not None:
            self._services.messages.say("info", f"只排了前 {len(page.rows):,} 行。请先筛选，再按表头排序。")

    def _read_on(self) -> None:
        """The next page, asked once however long the key is held down."""
        fetch, cursor, what = self.pages.fetch, self.pages.next, f"more {self.objectName()}"
        if fetch is not None and not self._services.jobs.is_asked(what):
            self._services.jobs.ask(self, what, lambda _step: fetch(cursor), partial(self.pages.append, fetch))

    def _show_page(self, fetch: Fetch, page: PageOf) -> None:
        """The row that was current stays current if it is still there."""
        key = self.key_of_current()
        self.pages.show_page(fetch, page)
        if self.pages.items:
            known = (place for place, row in enumerate(self.pages.items) if _row_key(row) == key)
            self.selectRow(next(known, 0) if key is not None else 0)
        self.viewport().update()

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show a list that is in memory already; a long one is sorted in the worker."""
        order = self._order()
        whole = Whole(tuple(rows))
        if order is not None and len(rows) > SORTED_AT_ONCE:
            self.load(lambda _after: whole)
            return
        self._services.jobs.forget(self._reading)
        self._wanted = lambda _after: whole
        self._show_page(self._wanted, Whole(in_order(rows, order)))

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
        is_waiting = self._wanted is not None and self.pages.fetch is None
        text = WAITING if is_waiting else self.empty_text
        if not self.pages.items and text:
            painter = QPainter(self.viewport())
            painter.setPen(tone_ink("muted"))
            place = self.viewport().rect().adjusted(48, 32, -48, -32)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


def _row_key(row: Any) -> object:
    """What makes a row the same row after a reload."""
    return getattr(row, "id", None) or getattr(row, "number", None) or row
