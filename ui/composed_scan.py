"""A scanner's burst that an input method caught: what its composing tells of the letters, and whether all are known.

A gun's letters reach a composing input method before they reach Qt. They show as composed text that grows at a gun's
speed; a figure may then choose one of the offered words instead of being typed, and what it was is lost. So a burst
comes out whole (the letters were committed as they are) or torn; either way nothing of it may stay in the field.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

FEWEST_FIGURES = 4  # a hand's composing has hardly any: they choose words


@dataclass(frozen=True)
class Before:
    """An editor as it stood before the first letter came."""

    edit: QWidget
    text: str
    cursor: int
    chosen: tuple[int, int] = (-1, 0)

    @classmethod
    def of(cls, edit: QWidget | None) -> Before | None:
        """None for what is no editor of text."""
        if isinstance(edit, QLineEdit):
            return cls(edit, edit.text(), edit.cursorPosition(), (edit.selectionStart(), len(edit.selectedText())))
        if isinstance(edit, QPlainTextEdit):
            return cls(edit, edit.toPlainText(), edit.textCursor().position())
        return None

    def put_back(self, *, composing: bool = False) -> None:
        """As it stood; what is being composed there is dropped."""
        edit = self.edit
        if composing:
            QCoreApplication.sendEvent(edit, QInputMethodEvent())
        if isinstance(edit, QLineEdit):
            edit.setText(self.text)
            edit.setCursorPosition(self.cursor)
            if self.chosen[0] >= 0:
                edit.setSelection(*self.chosen)
            edit.textEdited.emit(self.text)
        elif isinstance(edit, QPlainTextEdit) and edit.toPlainText() != self.text:
            edit.setPlainText(self.text)
            cursor = edit.textCursor()
            cursor.setPosition(self.cursor)
            edit.setTextCursor(cursor)


class Composing:
    """One run of composing at a gun's speed, from the editor's state before it to its last event.

    `base` is what a hand was composing already; `last` the moment of the last event, in milliseconds.
    """

    def __init__(self, before: Before | None, base: str, now: int) -> None:
        self.before, self.base, self.last = before, base, now
        self.events = 0
        self.committed = self.preedit = ""
        self.torn = False

    def take(self, event: QInputMethodEvent, now: int) -> None:
        """One more event: a letter composed, or what was composed put into the text."""
        self.last, self.preedit = now, event.preeditString()
        self.events += bool(event.preeditString() or event.commitString())
        commit = event.commitString()
        if commit:
            self.torn = self.torn or not commit.isascii()
            self.committed += _without(commit, self.base)
            self.base = ""

    @property
    def letters(self) -> str:
        """What the gun sent, as far as it is known."""
        return _letters(self.committed + _without(self.preedit, self.base))

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being composed any more."""
        return not self.preedit

    def is_burst(self, more: str, fewest: int) -> bool:
        """Whether this and the keys `more` that followed can only be a gun's."""
        whole = self.letters + more
        return self.events + len(more) >= fewest and sum(each.isdigit() for each in whole) >= FEWEST_FIGURES


def _without(text: str, base: str) -> str:
    return text.removeprefix(base)


def _letters(text: str) -> str:
    """Without what input methods put between the letters that they show."""
    return "".join(each for each in text if each not in " '’")
