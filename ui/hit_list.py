"""The hits of the search box, hung under it inside the window; made with the first search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.theme import ACCENT_SOFT, tone_ink, wrapped

ROW = 44
MOST = 10  # rows shown at once
Index: TypeAlias = "QModelIndex | QPersistentModelIndex"  # as a string: Qt's types are slow to join


class _HitDelegate(QStyledItemDelegate):
    """Kind, title and number on one line, the detail under it."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.data(Qt.ItemDataRole.UserRole)
        if hit is None:
            super().paint(painter, option, index)
            return
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(ACCENT_SOFT))
        place = option.rect.adjusted(12, 4, -12, -4)
        metrics = painter.fontMetrics()
        top, low = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        painter.setPen(tone_ink("info"))
        painter.drawText(place, top, hit.kind)
        body = place.adjusted(44, 0, 0, 0)
        number = hit.number if hit.number != hit.title else ""
        wide = metrics.horizontalAdvance(number)
        painter.setPen(tone_ink("plain"))
        title = metrics.elidedText(hit.title, Qt.TextElideMode.ElideRight, body.width() - wide - 16)
        painter.drawText(body, top, title)
        painter.setPen(tone_ink("muted"))
        painter.drawText(body, top | Qt.AlignmentFlag.AlignRight, number)
        painter.drawText(body, low, metrics.elidedText(hit.detail, Qt.TextElideMode.ElideMiddle, body.width()))
        painter.restore()


class HitList(QListWidget):
    """Never takes the focus: the search box moves its cursor. `ended` tells that its last row is reached."""

    ended = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setItemDelegate(_HitDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().valueChanged.connect(self._tell_end)
        self.hide()

    def _tell_end(self, place: int) -> None:
        if place and place == self.verticalScrollBar().maximum():
            self.ended.emit()

    def show_hits(self, hits: Sequence[Any], text: str, corner: QPoint, wide: int) -> None:
        """Show the hits of `text` under the box at `corner`, or that there are none."""
        self.clear()
        self.add_hits(hits)
        if not hits:
            self._say(f"没有找到“{text}”")
        self.setGeometry(corner.x(), corner.y(), wide, min(self.count(), MOST) * ROW + 4)
        self.setCurrentRow(0)
        self.raise_()
        self.show()

    def _say(self, sentence: str) -> None:
        item = QListWidgetItem(sentence, self)
        item.setForeground(tone_ink("muted"))
        item.setFlags(Qt.ItemFlag.NoItemFlags)

    def add_hits(self, hits: Sequence[Any], more: str = "") -> None:
        """Hang further hits under those that are shown, and what is said where there are still more."""
        for hit in hits:
            item = QListWidgetItem(self)
            item.setData(Qt.ItemDataRole.UserRole, hit)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{hit.kind} {hit.title} {hit.number}")
            item.setToolTip(wrapped(f"{hit.title}\n{hit.detail}"))  # the list is no wider than the box above it
        if more:
            self._say(more)

    def current(self) -> Any:
        """The hit under the cursor, or None."""
        item = self.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None
