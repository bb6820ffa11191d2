"""The bridge from a commit to the window: one signal with the names of the tables that changed.

A commit may happen on the worker's thread; the signal carries the news to the window's thread. Several commits in
one turn of the event loop are told as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from db.engine import Database


class Bridge(QObject):
    """`changed` tells which tables changed since it last spoke."""

    changed = Signal(frozenset)
    _heard = Signal(frozenset)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heard = 0  # commits, so that who has read after the last one need not read again
        self._gathered: set[str] = set()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._speak)
        self._heard.connect(self._gather)

    def attach(self, database: Database) -> None:
        database.listen(self._heard.emit)

    def _gather(self, tables: frozenset[str]) -> None:
        self.heard += 1
        self._gathered |= tables
        self._soon.start()

    def _speak(self) -> None:
        gathered, self._gathered = frozenset(self._gathered), set()
        self.changed.emit(gathered)
