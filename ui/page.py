"""What every page has in common: it reloads when its tables changed, if it is visible, else when it is shown."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.actions import key_of, make_action
from ui.services import Services


class Page(QWidget):
    """A page of the window. `place` is its name, `watches` the tables that it shows."""

    place: ClassVar[str] = ""
    watches: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self._stale = True
        self._read_after = 0  # so many commits were heard of when it was last read
        self.is_kept = True  # what was typed here is recorded or a draft by now: the window may close
        self.first: QWidget | None = None  # has the keyboard with the page; a proxy would lead Tab past what is above
        services.bridge.changed.connect(self._hear)
        services.clerk_changed.connect(self.refresh)  # told when the hall opens, too
        services.day_changed.connect(self.refresh)

    @property
    def settings(self) -> QSettings:
        return self.services.settings

    def show_for(self, _what: object) -> None:
        """Show this page for something: a case's number, a filter. Pages without a subject ignore it."""

    def reload(self) -> None:
        """Read again what the page shows; called only while the hall is open."""

    def leave(self) -> None:
        """The clerk goes to another page: keep what is unfinished."""

    def refresh(self) -> None:
        """Reload now if the page is seen, else when it is shown."""
        self._stale = True
        if self.isVisible() and self.services.is_open:
            self._stale = False
            self._read_after = self.services.bridge.heard
            self.services.run(self.reload)

    def _hear(self, tables: frozenset[str]) -> None:
        """What a deed of this page wrote is on it already: the page was read again at once."""
        is_read = not self._stale and self._read_after == self.services.bridge.heard
        if tables & self.watches and not is_read:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.first is not None and isValid(self.first) and self.first.isVisible():
            self.first.setFocus(event.reason())

    def deed(self, name: str, do: object, role: str = "") -> QPushButton:
        """A button for an action of the table: its key works on this page, and its tooltip tells it."""
        action = make_action(name, self, do, self.settings)  # type: ignore[arg-type]
        button = QPushButton(action.text())
        button.setObjectName(name)
        button.setToolTip(f"{action.text()}（{key_of(name, self.settings)}）")
        button.setProperty("role", role)
        button.clicked.connect(action.trigger)
        return button


def head_row(title: QLabel, *widgets: QWidget) -> QHBoxLayout:
    """A page's head: its title on the left, its actions on the right."""
    title.setProperty("role", "head")
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(title, int(title.wordWrap()))
    if not title.wordWrap():
        row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    return row


def page_box(page: QWidget, margin: int = 16, spacing: int = 12) -> QVBoxLayout:
    box = QVBoxLayout(page)
    box.setContentsMargins(margin, margin - 4, margin, margin - 4)
    box.setSpacing(spacing)
    return box


def card(*widgets: QWidget, spacing: int = 6) -> QFrame:
    """A white card with widgets one below the other."""
    frame = QFrame()
    frame.setProperty("role", "card")
    box = QVBoxLayout(frame)
    box.setContentsMargins(12, 10, 12, 10)
    box.setSpacing(spacing)
    for widget in widgets:
        box.addWidget(widget)
    return frame


def scrolled(widget: QWidget) -> QScrollArea:
    """`widget` in a frameless area that scrolls only up and down."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if not widget.property("role"):
        widget.setProperty("role", "page")
    area.setWidget(widget)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def stacked(*widgets: QWidget) -> QWidget:
    """Widgets one below the other on the page's ground, those above as high as they need."""
    column = QWidget()
    box = QVBoxLayout(column)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(8)
    for widget in widgets:
        box.addWidget(widget)
    box.setStretchFactor(widgets[-1], 1)
    return column


def give_back(widget: QWidget, before: QWidget | None) -> None:
    """`widget` is put away: the keyboard goes back to where it was before, or to the page that `widget` lies on."""
    held = QApplication.focusWidget()
    if held is None or not (held is widget or widget.isAncestorOf(held)):
        return
    if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
        before.setFocus()
    elif (page := widget.parentWidget()) is not None and page.isVisible():
        page.setFocus()


def badge(text: str = "", tone: str = "muted") -> QLabel:
    """A word on a coloured ground; its tone may change later, its box is there from the beginning."""
    made = QLabel(text)
    made.setProperty("badge", tone)
    return made


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    made = QLabel(text)
    made.setWordWrap(wrap)
    made.setIndent(0)
    if role:
        made.setProperty("role", role)
    return made


def clear_box(box: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := box.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear_box(inner)
