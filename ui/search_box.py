"""The one search box: finds customers, accounts, cases and contracts as one types; Enter opens."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.icons import icon
from ui.services import Services
from ui.theme import ACCENT_SOFT, FAINT, tone_ink

TYPING_MS = 60
Index = QModelIndex | QPersistentModelIndex
ROW = 44
HINT = "查户名、拼音首字母、手机尾号、证件号、户号、工单号、合同号"


class _HitDelegate(QStyledItemDelegate):
    """Kind, title and number on one line, the detail under it."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, ACCENT_SOFT)
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


class SearchBox(QLineEdit):
    """Type, arrow, Enter. The list of hits hangs under the box inside the window."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self._services = services
        self.setPlaceholderText(HINT)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(HINT) + 64)
        self.addAction(icon("search", FAINT), QLineEdit.ActionPosition.LeadingPosition)
        self._rest = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._rest.timeout.connect(self.look)
        self.textEdited.connect(lambda _text: self._rest.start())
        self.hits: QListWidget | None = None

    def _list(self) -> QListWidget:
        if self.hits is None:
            self.hits = QListWidget(self.window())
            self.hits.setItemDelegate(_HitDelegate(self.hits))
            self.hits.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.hits.itemClicked.connect(lambda _item: self.open())
        return self.hits

    def look(self) -> None:
        """Show what fits the text now."""
        text = self.text().strip()
        if not text or not self._services.is_open:
            self.close_hits()
            return
        from desktop.usecases.finding import find

        shown = self._list()
        shown.clear()
        for hit in find(self._services.desk, text):
            item = QListWidgetItem(shown)
            item.setData(Qt.ItemDataRole.UserRole, hit)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{hit.kind} {hit.title} {hit.number}")
        if shown.count() == 0:
            item = QListWidgetItem(f"没有找到“{text}”", shown)
            item.setForeground(tone_ink("muted"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self._place(shown)

    def _place(self, shown: QListWidget) -> None:
        real = bool(shown.item(0).flags())
        shown.setItemDelegate(self._delegate(real, shown))
        corner = self.mapTo(self.window(), QPoint(0, self.height() + 2))
        shown.setGeometry(corner.x(), corner.y(), self.width(), min(shown.count(), 10) * ROW + 4)
        shown.setCurrentRow(0)
        shown.raise_()
        shown.show()

    @staticmethod
    def _delegate(real: bool, shown: QListWidget) -> QStyledItemDelegate:
        return _HitDelegate(shown) if real else QStyledItemDelegate(shown)

    def open(self) -> None:
        """Open the hit under the cursor."""
        self._rest.stop()
        if self.hits is None or not self.hits.isVisible():
            self.look()
        item = self.hits.currentItem() if self.hits else None
        hit = item.data(Qt.ItemDataRole.UserRole) if item else None
        if hit is None:
            return
        self.close_hits()
        self.clear()
        self.clearFocus()
        self._services.go.emit("hit", hit)

    def close_hits(self) -> None:
        if self.hits is not None:
            self.hits.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = self.hits if self.hits is not None and self.hits.isVisible() else None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.close_hits()
        elif shown and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            move = 1 if event.key() == Qt.Key.Key_Down else -1
            shown.setCurrentRow((shown.currentRow() + move) % shown.count())
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close_hits()


