"""The rail on the left: one button a page, icon and word, with a count where something waits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from ui.icons import ICON_SIZE, icon
from ui.theme import PAPER

WIDTH = 80


class RailButton(QToolButton):
    """Icon over word, and a count in the corner."""

    def __init__(self, name: str, word: str, picture: str, key: str) -> None:
        super().__init__()
        self.setObjectName(f"rail_{name}")
        self.setText(word)
        self.setIcon(icon(picture, "#c9d3da", PAPER))
        self.setIconSize(ICON_SIZE)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setCheckable(True)
        self.setToolTip(f"{word}（{key}）")
        self.count = 0

    def set_count(self, count: int) -> None:
        self.count = count
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.count:
            return
        text = str(self.count) if self.count < 1000 else "999+"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPointSizeF(8)
        painter.setFont(font)
        wide = max(18.0, painter.fontMetrics().horizontalAdvance(text) + 10.0)
        place = QRectF(self.width() / 2 + 6, 4, wide, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#c2410c"))
        painter.drawRoundedRect(place, 8, 8)
        painter.setPen(QColor(PAPER))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


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

    def set_count(self, name: str, count: int) -> None:
        self._buttons[name].set_count(count)
