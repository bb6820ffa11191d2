"""Bursts of a scanner gun, recognised wherever the cursor is: letters faster than hands, ended by Enter or Tab.

A gun types like a keyboard, so it is told by its speed alone. The letters of what may be a burst are held back until
it is known; a hand's are let go at once. The first letter in a text field is not held, so that typing feels as
ever, and is taken back where it turns out to have begun a burst.

An input method that is composing gets a gun's letters before Qt does: a burst during composing is not seen here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit
from shiboken6 import isValid

GAP_MS = 45  # from letter to letter: a gun takes 1 to 20, a slow one 30, a fast hand 60 and more
PATIENCE_MS = 75  # until held letters are let go: a queue that was not read for a moment is no pause
FEWEST = 6
ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
SILENT = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_AltGr)
HELD_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


@dataclass(frozen=True)
class _Before:
    """A line as it stood before the first letter came."""

    edit: QLineEdit
    text: str
    cursor: int
    chosen: tuple[int, int]

    @classmethod
    def of(cls, edit: QLineEdit) -> _Before:
        return cls(edit, edit.text(), edit.cursorPosition(), (edit.selectionStart(), len(edit.selectedText())))

    def put_back(self) -> None:
        self.edit.setText(self.text)
        self.edit.setCursorPosition(self.cursor)
        if self.chosen[0] >= 0:
            self.edit.setSelection(*self.chosen)
        self.edit.textEdited.emit(self.text)


class ScanFilter(QObject):
    """Installed on the application. `scanned` tells a whole burst and the widget that had the cursor."""

    scanned = Signal(str, object)

    def __init__(self, parent: QObject | None = None, clock: Callable[[QKeyEvent], int] | None = None) -> None:
        super().__init__(parent)
        self._clock = clock or _moment_of()
        self.patience_ms = PATIENCE_MS
        self._text = ""
        self._last = 0
        self._ended: int | None = None  # when a burst had its end; a second end right behind belongs to it
        self.wanted: Callable[[], bool] = lambda: True  # where nobody wants a burst it is typed, like any keys
        self._held: list[tuple[Qt.Key, Qt.KeyboardModifier, str]] = []
        self._before: _Before | None = None
        self._rest = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._rest.timeout.connect(self.let_go)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only what the system gives the window is looked at: what a widget passes on has been seen before."""
        if not isinstance(watched, QWindow):
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        if event.type() == QEvent.Type.MouseButtonPress:
            self.let_go()
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() in SILENT:
            return False
        if event.isAutoRepeat():  # a key that is held down comes as fast as a gun's
            self.let_go()
            return False
        now = self._clock(event)
        quick, self._last = bool(self._text) and now - self._last < GAP_MS, now
        if self._is_second_end(event, now):
            return True
        if event.key() in ENDS:
            return self._on_end(quick and not event.modifiers() & (HELD_KEYS | Qt.KeyboardModifier.ShiftModifier))
        if event.modifiers() & HELD_KEYS or len(event.text()) != 1 or not event.text().isprintable():
            self.let_go()
            return False
        if not quick:
            self.let_go()
        self._text += event.text()
        if not quick and self._passes():
            return False
        self._held.append((Qt.Key(event.key()), event.modifiers(), event.text()))
        self._rest.start(self.patience_ms)
        return True

    def _is_second_end(self, event: QKeyEvent, now: int) -> bool:
        """A gun that ends with CR and LF sends two ends: the second does nothing."""
        ended, self._ended = self._ended, None
        return ended is not None and now - ended < GAP_MS and event.key() in ENDS

    def _passes(self) -> bool:
        """The first letter goes straight into a text field, which remembers what it was before."""
        at = QApplication.focusWidget()
        if isinstance(at, QLineEdit) and QApplication.activePopupWidget() is None:
            self._before = _Before.of(at)
            self._rest.start(self.patience_ms)
        return self._before is not None

    def _on_end(self, quick: bool) -> bool:
        if not quick or len(self._text) < FEWEST or not self.wanted():
            self.let_go()
            return False
        text, before = self._text, self._before
        self._forget()
        self._ended = self._last
        if before is not None:
            before.put_back()
        self.scanned.emit(text, QApplication.focusWidget())
        return True

    def _forget(self) -> None:
        self._rest.stop()
        self._text, self._before, self._held = "", None, []

    def let_go(self) -> None:
        """It was a hand: what was held goes where it was meant for, in its order."""
        held = self._held
        self._forget()
        for key, modifiers, text in held:
            at = _keyboard_place()
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                if at is not None and isValid(at):  # a list may shut on the press
                    QCoreApplication.sendEvent(at, QKeyEvent(kind, key, modifiers, text))


def _keyboard_place() -> QObject | None:
    """Where the system's next key would go: an open list or calendar has the keyboard before the field under it."""
    popup = QApplication.activePopupWidget()
    if popup is not None:
        return popup.focusWidget() or popup
    return QApplication.focusWidget() or QApplication.activeWindow()


def _moment_of() -> Callable[[QKeyEvent], int]:
    """When the system noted the key, in milliseconds, so that a busy moment of ours parts no burst."""
    since = QElapsedTimer()
    since.start()
    return lambda event: event.timestamp() or since.elapsed()


def takes_scan(at: object, text: str) -> bool:
    """Whether the widget under the cursor asks for just what the burst says; those that may have `fits_scan`."""
    fits = getattr(at, "fits_scan", None)
    return fits is not None and bool(fits(text))
