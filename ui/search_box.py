"""The one search box: finds customers, accounts, cases and contracts as one types; Enter opens.

What takes longer than a frame the worker finds; the latest text counts: a scanner's burst with its Enter opens what
the whole burst finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.icons import icon
from ui.services import Services
from ui.theme import FAINT

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from desktop.progress import Step
    from desktop.usecases.finding import Hit
    from ui.hit_list import HitList

ASKED = "search"
TYPING_MS = 60
FIRST, FURTHER = 12, 50  # hits: as many as the list shows and a little, and all that come as one scrolls down
MORE = "后面还有，请再敲几个字"
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
        self.textEdited.connect(self._on_typed)
        self._opens = False  # Enter came before the answer
        self._found = ""  # the text whose hits are shown
        self._first: tuple[Hit, ...] = ()  # where more may follow, those that are shown
        self.hits: HitList | None = None

    def _on_typed(self, _text: str) -> None:
        self._opens = False
        self._rest.start()

    def _list(self) -> HitList:
        if self.hits is None:
            from ui.hit_list import HitList

            self.hits = HitList(self.window())
            self.hits.itemClicked.connect(lambda _item: self.open())
            self.hits.ended.connect(self._show_more)
        return self.hits

    def look(self) -> None:
        """Show what fits the text now, as soon as the worker has found it."""
        self._rest.stop()
        text = self.text().strip()
        if not text or not self._services.is_open:
            self.close_hits()
            return
        self._ask(text, FIRST, lambda found: self._show(text, found))

    def _ask(self, text: str, most: int, answered: Callable[[tuple[Hit, ...]], object]) -> None:
        desk = self._services.desk

        def find(step: Step) -> tuple[Hit, ...]:
            from desktop.usecases.finding import find

            return find(desk, text, most, step)

        self._services.jobs.ask(self, ASKED, find, answered, short=True)

    def _show(self, text: str, found: tuple[Hit, ...]) -> None:
        corner = self.mapTo(self.window(), QPoint(0, self.height() + 2))
        self._found, self._first = text, found if len(found) >= FIRST else ()
        self._list().show_hits(found, text, corner, self.width())
        if self._opens:
            self._opens = False
            self._open_current()

    def _show_more(self) -> None:
        first, self._first = self._first, ()
        if first and self._found == self.text().strip():
            self._ask(self._found, FURTHER, lambda found: self._list().add_hits(
                [hit for hit in found if hit not in first], MORE if len(found) >= FURTHER else ""))

    def take_scan(self, text: str) -> None:
        """Look for what a scanner read, and open what is found first."""
        self.setFocus()
        self.setText(text)
        self.open()

    def open(self) -> None:
        """Open the hit under the cursor; where the hits of the text are still looked for, the first of them."""
        if self.hits is not None and self.hits.isVisible() and self._found == self.text().strip():
            self._open_current()
        elif self.text().strip() and self._services.is_open:
            self._opens = True
            self.look()

    def _open_current(self) -> None:
        hit = self.hits.current() if self.hits else None
        if hit is None:
            return
        self.close_hits()
        self.clear()
        self.clearFocus()
        self._services.go.emit("hit", hit)

    def close_hits(self) -> None:
        """Put the hits away; what is still looked for is not wanted any more."""
        self._opens = False
        self._rest.stop()
        self._services.jobs.forget(ASKED)
        if self.hits is not None:
            self.hits.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = self.hits if self.hits is not None and self.hits.isVisible() else None
        key = QtCore.Qt.Key
        if event.key() in (key.Key_Return, key.Key_Enter):
            self.open()
        elif event.key() == key.Key_Escape:
            self.clear()
            self.close_hits()
        elif shown and event.key() in (key.Key_Down, key.Key_Up):
            move = 1 if event.key() == key.Key_Down else -1
            shown.setCurrentRow((shown.currentRow() + move) % shown.count())
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close_hits()


