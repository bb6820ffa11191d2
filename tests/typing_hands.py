"""Hands that type as a clerk does: Chinese through the input method, codes key by key."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

SOON_MS = 400  # what the window puts off so long or less comes by itself


def type_into(widget: QWidget, text: str) -> None:
    """Type `text` into a widget. qtbot.keyClicks would abort the process on Chinese, so it is committed.

    A field is reached by Tab, which chooses what stands in it already: it is typed over, as under a clerk's hands.
    """
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    type_into_unfocused(widget, text)


def type_into_unfocused(widget: QWidget, text: str) -> None:
    """Text that reaches a widget while the cursor is elsewhere, as by dragging or from a device."""
    if text.isascii():
        for letter in text:
            press(widget, Qt.Key.Key_unknown, letter)
        return
    if widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
        event = QInputMethodEvent()
        event.setCommitString(text)
        QCoreApplication.sendEvent(widget, event)
        return
    for letter in text:
        press(widget, Qt.Key.Key_unknown, letter)


def press(widget: QWidget, key: Qt.Key, text: str = "",
          modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """One key down and up, as the widget gets it."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers, text))


def enter(widget: QWidget, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    press(widget, Qt.Key.Key_Return, "\r", modifiers)


def open_window(qtbot: Any, desk: Any) -> Any:
    """A real window over an opened hall, painted; it is let go at the end of the test."""
    from ui.application import make_application
    from ui.main_window import MainWindow
    from ui.services import Services

    make_application()
    services = Services(desk.folder)
    window = MainWindow(services)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)  # nobody types before the window has the keyboard
    services.open(desk)
    return window


def wait_idle(qtbot: Any, window: Any) -> None:
    """Until no job runs. It hears of the end at once: a look every ten milliseconds costs the suite half a minute."""
    jobs = window.services.jobs
    while jobs.busy:
        qtbot.waitSignal(jobs.idle, timeout=20_000).wait()
        QCoreApplication.processEvents()


def wait_settled(qtbot: Any, window: Any) -> None:
    """Until no job runs and nothing is put off for a moment, such as the count that follows the last key."""
    from ui.camera_card import CameraCard  # looks on and on

    def settled() -> bool:
        wait_idle(qtbot, window)
        timers = (each for each in window.findChildren(QTimer) if each.isActive() and each.isSingleShot())
        return not any(each.interval() <= SOON_MS and not isinstance(each.parent(), CameraCard) for each in timers)

    QCoreApplication.processEvents()
    qtbot.waitUntil(settled, timeout=20_000)
    QCoreApplication.processEvents()  # a new form is laid out


def told(window: Any) -> list[Any]:
    """A list that fills with everything said to the clerk from now on."""
    heard: list[Any] = []
    window.services.messages.said.connect(heard.append)
    return heard


class Flashes(QObject):
    """Notes every widget that shows as a window of its own: each takes the keyboard from the clerk for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        QCoreApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QShowEvent) and isinstance(watched, QWidget) and watched.windowType() in (
                Qt.WindowType.Window, Qt.WindowType.Widget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False
