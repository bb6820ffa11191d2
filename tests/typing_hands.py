"""Hands that type as a clerk does: Chinese through the input method, codes key by key."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget


def type_into(widget: QWidget, text: str) -> None:
    """Type `text` into a widget. qtbot.keyClicks would abort the process on Chinese, so it is committed."""
    widget.setFocus()
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
