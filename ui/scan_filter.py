"""Bursts of a scanner gun, recognised wherever the cursor is: letters faster than hands, ended by Enter or Tab.

A gun types like a keyboard, so it is told by its speed alone. The letters of what may be a burst are held back until
it is known; a hand's are let go at once. The first letter in a text field is not held, so that typing feels as
ever, and is taken back where it turns out to have begun a burst.

An input method that is composing gets a gun's letters before Qt does: what it makes of them is followed, too, and taken
back (`composed_scan.py`). Where it swallowed a letter the burst is told as torn, and the input method is let rest in
that field for a moment, so that the next one comes whole.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from ui.composed_scan import Before, Composing

GAP_MS = 45  # from letter to letter: a gun takes 1 to 20, a slow one 30, a fast hand 60 and more
PATIENCE_MS = 75  # until held letters are let go: a queue that was not read for a moment is no pause
FEWEST = 6
ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
SILENT = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_AltGr)
REST_MS = 8000  # the input method's rest after a torn burst
HELD_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class ScanFilter(QObject):
    """Stands where keys come in (`follow_keyboard`). `scanned` tells a whole burst and the widget that had the
    cursor, `torn` that one came in pieces."""

    scanned = Signal(str, object)
    torn = Signal()

    def __init__(self, parent: QObject | None = None, clock: Callable[[QKeyEvent], int] | None = None) -> None:
        super().__init__(parent)
        self._clock = clock or _moment_of()
        self.patience_ms = PATIENCE_MS
        self._text = ""
        self._last = 0
        self._ended: int | None = None  # when a burst had its end; a second end right behind belongs to it
        self.wanted: Callable[[], bool] = lambda: True  # where nobody wants a burst it is typed, like any keys
        self._held: list[tuple[Qt.Key, Qt.KeyboardModifier, str]] = []
        self._before: Before | None = None
        self._composing: Composing | None = None
        self._preedit = ""  # what was being composed at the last event, by gun or hand
        self.composed_at: Callable[[], int] = _moments()
        self._rest = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._rest.timeout.connect(self.let_go)
        self._settling = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._settling.timeout.connect(self._on_settled)
        self._at: QWidget | None = None  # whose events are looked at, beside the windows'

    def follow_keyboard(self, app: QApplication) -> None:
        """Stand before every window that gets the keyboard, and before the widget that has it. Standing before the
        whole application would call Python for each event of each widget: a fifth of all that the window does."""
        app.focusWindowChanged.connect(self._stand_before)
        app.focusChanged.connect(self._on_focus)
        self._stand_before(app.focusWindow())
        self._on_focus(None, app.focusWidget())

    def _stand_before(self, window: QWindow | None) -> None:
        """The system gives a key to the window that has the keyboard, a list that is open over it or not."""
        if window is not None:
            window.installEventFilter(self)

    def _on_focus(self, _old: QWidget | None, widget: QWidget | None) -> None:
        if self._at is not None and isValid(self._at):
            self._at.removeEventFilter(self)
        self._at = widget
        if widget is not None:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys are looked at where the system gives them to the window: what a widget passes on has been seen before.
        What is composed comes to the widget itself."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress:
            return isinstance(watched, QWindow) and isinstance(event, QKeyEvent) and self._on_key(event)
        if kind == QEvent.Type.InputMethod:
            if isinstance(event, QInputMethodEvent) and watched is QApplication.focusWidget():
                self._on_composed(event)
        elif kind == QEvent.Type.MouseButtonPress and isinstance(watched, QWindow):
            self.let_go()
            self._composing = None
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() in SILENT:
            return False
        if event.isAutoRepeat():  # a key that is held down comes as fast as a gun's
            self.let_go()
            return False
        now = self._clock(event)
        quick, self._last = bool(self._text) and now - self._last < GAP_MS, now
        self._part_composing(quick)
        if self._is_second_end(event, now):
            return True
        if event.key() in ENDS:
            plain = not event.modifiers() & (HELD_KEYS | Qt.KeyboardModifier.ShiftModifier)
            if plain and self._composing is not None and self._composing.is_burst(self._text, FEWEST):
                return self._on_composed_end(self._composing)
            return self._on_end(quick and plain)
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
            self._before = Before.of(at)
            self._rest.start(self.patience_ms)
        return self._before is not None

    def _on_end(self, quick: bool) -> bool:
        if not quick or len(self._text) < FEWEST or not self.wanted():
            self.let_go()
            return False
        text, before = self._text, self._before
        self._forget()
        self._ended = self._last
        self._put_back(before)
        self.scanned.emit(text, QApplication.focusWidget())
        return True

    # ---- what an input method caught

    def _on_composed(self, event: QInputMethodEvent) -> None:
        """Follow what is composed; at a hand's speed every event begins anew."""
        before, now = self._before or Before.of(QApplication.focusWidget()), self.composed_at()
        self.let_go()
        at = self._composing
        if at is None or now - at.last >= GAP_MS:
            at = self._composing = Composing(before, self._preedit, now)
        at.take(event, now)
        self._preedit = event.preeditString()
        if at.is_settled and not at.torn and at.is_burst("", FEWEST):
            self._settling.start(self.patience_ms)
        else:
            self._settling.stop()

    def _part_composing(self, quick: bool) -> None:
        """Keys that do not follow what was composed at once have nothing to do with it."""
        at = self._composing
        late = at is not None and self.composed_at() - at.last >= PATIENCE_MS
        if at is not None and not quick and (self._text or late):
            self._composing = None

    def _on_composed_end(self, at: Composing) -> bool:
        """The end of a burst that an input method caught, whole or in pieces."""
        if not self.wanted():
            self.let_go()
            return False
        whole = at.letters + self._text
        self._settling.stop()
        self._forget()
        self._ended = self._last
        self._put_back(at.before)
        if at.torn or not at.is_settled:
            self._let_rest(QApplication.focusWidget())
            self.torn.emit()
        else:
            self.scanned.emit(whole, QApplication.focusWidget())
        return True

    def _on_settled(self) -> None:
        """The input method kept the end for itself: what it put in whole was a burst."""
        if self._composing is not None and not self._text:
            self._on_composed_end(self._composing)

    def _let_rest(self, at: QWidget | None) -> None:
        """The input method of that field rests a moment."""
        if at is not None and at.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            QGuiApplication.inputMethod().reset()
            at.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
            QTimer.singleShot(REST_MS, at, lambda: at.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, True))

    def _put_back(self, before: Before | None) -> None:
        """As if nothing had come; an editor may be gone by now, as one of a table's cell."""
        if before is not None and isValid(before.edit):
            before.put_back(composing=bool(self._preedit))
        self._composing, self._preedit = None, ""

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
    now = _moments()
    return lambda event: event.timestamp() or now()


def _moments() -> Callable[[], int]:
    """Milliseconds from now on: what is composed bears no time of its own."""
    since = QElapsedTimer()
    since.start()
    return since.elapsed


def takes_scan(at: object, text: str) -> bool:
    """Whether a widget or a page asks for just what the burst says; those that may have `fits_scan`."""
    fits = getattr(at, "fits_scan", None)
    return fits is not None and bool(fits(text))
