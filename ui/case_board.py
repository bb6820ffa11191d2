"""看板: the open cases by stage, a column each, the nearest due on top. Arrows move, Enter opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.case_list import level_text
from ui.filter_bar import Chips
from ui.page import Page, clear_box, head_row, label, page_box
from ui.services import Services
from ui.theme import ACCENT, ACCENT_SOFT, LEVELS, LINE, PAPER, tone_ink, wrapped

if TYPE_CHECKING:
    from desktop.usecases.case_listing import CaseRow
    from desktop.usecases.overseeing import BoardColumn

CHIPS = (("", "全部"), ("mine", "我的"), ("post", "本岗位"))
WIDE, LINE_HIGH = 236, 20
INSET, SCROLL = 10, 14  # from a card's edge to its words; the scroll bar beside the cards
NAME_LINES = 3  # a longer name is told whole when the mouse rests on the card
EMPTY = "现在没有在办的工单。\n受理一件（Alt+1）后，它会出现在所处的环节下。"
Index: TypeAlias = "QModelIndex | QPersistentModelIndex"  # as a string: Qt's types are slow to join
LEAVING = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.MouseFocusReason,
           Qt.FocusReason.OtherFocusReason, Qt.FocusReason.ShortcutFocusReason)
ROW = Qt.ItemDataRole.UserRole


class _CardDelegate(QStyledItemDelegate):
    """Customer; number and kind; clock, owner and capacity; how much runs where some rests. On a white card; the chosen
    one has an accent edge."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: CaseRow | None = index.data(ROW)
        name = name_lines(option.fontMetrics, row.customer) if row else []
        lines = max(len(name), 1) + (3 if row and row.rests else 2)
        return QSize(0, lines * _line_high(option.fontMetrics) + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: CaseRow | None = index.data(ROW)
        place = option.rect.adjusted(2, 2, -2, -4)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setPen(QColor(ACCENT if chosen else LINE))
        painter.setBrush(QColor(ACCENT_SOFT if chosen else PAPER))
        painter.drawRect(place)
        body = place.adjusted(8, 4, -8, -4)
        if row is None:
            painter.setPen(tone_ink("info"))
            painter.drawText(body, Qt.AlignmentFlag.AlignCenter, index.data())
        else:
            _lines(painter, body, row)
        painter.restore()


def _line_high(metrics: QFontMetrics) -> int:
    return max(LINE_HIGH, metrics.height())


def name_lines(metrics: QFontMetrics, name: str) -> list[str]:
    """The name in as many lines of a card as it needs, at most NAME_LINES; the last of more is elided."""
    room, lines = WIDE - 2 * INSET - SCROLL, [""]
    for place, letter in enumerate(name):
        if metrics.horizontalAdvance(lines[-1] + letter) > room:
            if len(lines) == NAME_LINES:
                lines[-1] = metrics.elidedText(lines[-1] + name[place:], Qt.TextElideMode.ElideRight, room)
                break
            lines.append("")
        lines[-1] += letter
    return lines


def _lines(painter: QPainter, body: QRect, row: CaseRow) -> None:
    metrics = painter.fontMetrics()
    high, name = _line_high(metrics), name_lines(metrics, row.customer)
    told = (*((line, "plain", "", "muted") for line in name), (row.number, "muted", row.short, "muted"),
            (level_text(row), LEVELS.get(row.level, LEVELS["—"])[1],
             " · ".join(filter(None, (row.owner, row.capacity))), "muted"))
    told += (("", "plain", f"运行 {row.running}", "care"),) if row.rests else ()
    for n, (left, ink, right, pale) in enumerate(told):
        line = QRect(body.left(), body.top() + n * high, body.width(), high)
        spare = body.width() - metrics.horizontalAdvance(left) - 8
        right = metrics.elidedText(right, Qt.TextElideMode.ElideRight, spare) if right else ""
        room = body.width() - (metrics.horizontalAdvance(right) + 8 if right else 0)
        painter.setPen(tone_ink(ink))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter,
                         metrics.elidedText(left, Qt.TextElideMode.ElideRight, room))
        painter.setPen(tone_ink(pale))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, right)


class ColumnList(QListWidget):
    """The cards of one stage. Left and right go to the neighbours, Enter opens the card."""

    opened = Signal(object)  # the row, or None for the rest of the column
    sideways = Signal(int)

    def __init__(self, column: BoardColumn) -> None:
        super().__init__()
        self.column = column
        self.setObjectName(f"board_{column.stage}")
        self.setAccessibleName(f"{column.name} {column.count} 件")
        self.setItemDelegate(_CardDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("background: transparent;")
        for row in column.cards:
            item = QListWidgetItem(self)
            item.setData(ROW, row)
            runs = f"  合同容量 {row.capacity}，运行容量 {row.running}" if row.rests else ""
            item.setToolTip(wrapped(f"{row.customer}\n{row.number}  {row.kind}  {row.address}{runs}"))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.customer} {row.number} {level_text(row)}{runs}")
        if column.count > len(column.cards):
            QListWidgetItem(f"另有 {column.count - len(column.cards):,} 件，回车看清单", self)
        self.itemDoubleClicked.connect(lambda item: self.opened.emit(item.data(ROW)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The card that had the keyboard last has it again, else the first."""
        super().focusInEvent(event)
        if self.currentItem() is None:
            self.setCurrentRow(0)
        if self.currentItem() is not None:
            self.currentItem().setSelected(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """One card on the board is the chosen one; it stays so while another window or a menu has the keyboard."""
        super().focusOutEvent(event)
        if event.reason() in LEAVING:
            self.clearSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.sideways.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.opened.emit(self.currentItem().data(ROW))
        else:
            super().keyPressEvent(event)


class CaseBoard(Page):
    """The columns side by side; they scroll sideways to the one that has the keyboard."""

    place: ClassVar[str] = "board"
    watches: ClassVar[frozenset[str]] = frozenset({"cases", "customers", "entries"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.chips = Chips(CHIPS)
        self.chips.chosen.connect(lambda _value: self.refresh())
        self.columns: list[ColumnList] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(12)
        self._row.setContentsMargins(0, 0, 0, 0)
        body = QWidget()
        body.setProperty("role", "page")
        body.setLayout(self._row)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(body)
        box = page_box(self)
        to_list = self.deed("board_list", lambda: services.go.emit("cases", None))
        box.addLayout(head_row(label("看板"), self.chips, to_list))
        box.addWidget(self.area, 1)

    def show_for(self, what: Any) -> None:
        self.chips.set_value(what.get("chip", ""))
        self.refresh()

    def reload(self) -> None:
        desk, chip = self.services.desk, self.chips.value()

        def read(_step: object) -> tuple[BoardColumn, ...]:
            from desktop.usecases.overseeing import board

            return board(desk, mine=chip == "mine", post=chip == "post")

        self.services.jobs.ask(self, "board", read, self._show)

    def _show(self, columns: tuple[BoardColumn, ...]) -> None:
        here = next(((each.column.stage, each.currentRow()) for each in self.columns if each.hasFocus()), None)
        clear_box(self._row)
        self.columns = [ColumnList(column) for column in columns]
        for place, each in enumerate(self.columns):
            each.opened.connect(self._opener(each.column.stage))
            each.sideways.connect(lambda move, place=place: self.go_to(place + move))
            self._row.addWidget(_framed(each))
        self._row.addStretch(1)
        if not self.columns:
            self._row.insertWidget(0, label(EMPTY, "muted"), 0, Qt.AlignmentFlag.AlignCenter)
            self._row.insertStretch(0, 1)
        elif self.isVisible() and (here is not None or self._owns_focus()):
            stages = [each.column.stage for each in self.columns]
            at = stages.index(here[0]) if here and here[0] in stages else 0
            self.go_to(at, here[1] if here else 0)

    def _owns_focus(self) -> bool:
        held = self.window().focusWidget()
        return held is None or held is self or held is self.area

    def _opener(self, stage: str) -> Callable[[Any], None]:
        def opened(row: Any) -> None:
            if row is None:
                self.services.go.emit("cases", {"stage": stage})
            else:
                self.services.go.emit("case", row.number)

        return opened

    def go_to(self, place: int, row: int = 0) -> None:
        """The keyboard to a column's card; beyond the last there is nothing."""
        if 0 <= place < len(self.columns):
            column = self.columns[place]
            column.setFocus()
            column.setCurrentRow(min(max(row, 0), column.count() - 1))
            self.area.ensureWidgetVisible(column, 16, 0)


def _framed(column: ColumnList) -> QWidget:
    """A column under its head: the stage, how many, how many overdue."""
    told = column.column
    frame = QWidget()
    frame.setFixedWidth(WIDE)
    box = QVBoxLayout(frame)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(4)
    box.addWidget(label(f"{told.name}  {told.count:,}", "group"))
    late = label(f"■ 超期 {told.overdue:,}", "fault") if told.overdue else label("没有超期", "muted")
    box.addWidget(late)
    box.addWidget(column, 1)
    return frame
