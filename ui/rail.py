"""The rail on the left: one button a page, icon and word, with a count where something waits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6 import QtCore
from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from ui.icons import ICON_SIZE, icon, pixmap
from ui.theme import DULL, RAIL_INK, RAIL_LIT

WIDTH = 80


class RailButton(QToolButton):
    """Icon over word, and a count in the corner."""

    def __init__(self, name: str, word: str, picture: str, key: str) -> None:
        super().__init__()
        self.setObjectName(f"rail_{name}")
        self.setText(word)
        self._picture = picture
        self.setIcon(icon(picture, RAIL_INK, RAIL_LIT))
        self.setIconSize(ICON_SIZE)
        self.setProperty("toolButtonStyle", "ToolButtonTextUnderIcon")
        self.setCheckable(True)
        self.setToolTip(f"{word}（{key}）")
        self.count = 0
        self._badge: QLabel | None = None  # made when first something waits

    def dull(self) -> None:
        """Show the icon as dull as the word while the button is disabled."""
        drawn = self.icon()
        for state in QIcon.State:
            drawn.addPixmap(pixmap(self._picture, DULL), QIcon.Mode.Disabled, state)
        self.setIcon(drawn)

    def set_count(self, count: int) -> None:
        self.count = count
        if self._badge is None and count:
            self._badge = QLabel(self)
            self._badge.setProperty("role", "count")
            self._badge.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if self._badge is not None:
            self._badge.setText(str(count) if count < 1000 else "999+")
            self._badge.adjustSize()
            self._badge.move(self.width() // 2 + 6, 4)
            self._badge.setVisible(bool(count))


class Rail(QFrame):
    """The pages by position; `chosen` tells which one is wanted."""

    chosen = Signal(str)

    def __init__(self, rows: Sequence[tuple[str, str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(WIDTH)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 8)
        box.setSpacing(2)
        group = QButtonGroup(self)
        self._buttons: dict[str, RailButton] = {}
        for name, word, picture, key in rows:
            button = RailButton(name, word, picture, key)
            button.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            group.addButton(button)
            self._buttons[name] = button
            box.addWidget(button)
        box.addStretch(1)

    def mark(self, name: str) -> None:
        """Show which page is open; a case belongs to 工单, a contract to 合同."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)

    def sleep(self) -> None:
        """Nothing can be opened, as while the window is locked."""
        if self.isEnabled():
            for button in self._buttons.values():
                button.dull()
        self.setEnabled(False)

    def set_count(self, name: str, count: int) -> None:
        self._buttons[name].set_count(count)
