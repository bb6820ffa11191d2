"""The one search box: finds customers, accounts, cases and contracts as one types; Enter opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.icons import icon
from ui.services import Services
from ui.theme import FAINT

if TYPE_CHECKING:
    from ui.hit_list import HitList

TYPING_MS = 60
HINT = "查户名、拼音首字母、手机尾号、证件号、户号、工单号、合同号"


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
        self.hits: HitList | None = None

    def _list(self) -> HitList:
        if self.hits is None:
            from ui.hit_list import HitList

            self.hits = HitList(self.window())
            self.hits.itemClicked.connect(lambda _item: self.open())
        return self.hits

    def look(self) -> None:
        """Show what fits the text now."""
        text = self.text().strip()
        if not text or not self._services.is_open:
            self.close_hits()
            return
        from desktop.usecases.finding import find

        corner = self.mapTo(self.window(), QPoint(0, self.height() + 2))
        self._list().show_hits(find(self._services.desk, text), text, corner, self.width())

    def open(self) -> None:
        """Open the hit under the cursor."""
        self._rest.stop()
        if self.hits is None or not self.hits.isVisible():
            self.look()
        hit = self.hits.current() if self.hits else None
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


