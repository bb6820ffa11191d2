"""Filter chips and a box of words over a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QPushButton, QWidget

from ui.flow_layout import FlowLayout
from ui.icons import paint_arrow

TYPING_MS = 120


class Chips(QWidget):
    """One of several chips is on; each may carry a count."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._labels = dict(options)
        self._buttons: dict[str, QPushButton] = {}
        row = FlowLayout(self)
        for value, text in options:
            chip = QPushButton(text)
            chip.setCheckable(True)
            chip.setProperty("role", "chip")
            chip.setObjectName(f"chip_{value or 'all'}")
            chip.clicked.connect(lambda _checked=False, value=value: self.chosen.emit(value))
            self._group.addButton(chip)
            self._buttons[value] = chip
            row.addWidget(chip)
        next(iter(self._buttons.values())).setChecked(True)

    def value(self) -> str:
        return next(value for value, chip in self._buttons.items() if chip.isChecked())

    def set_value(self, value: str) -> None:
        self._buttons[value].setChecked(True)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        for value, chip in self._buttons.items():
            count = counts.get(value)
            chip.setText(f"{self._labels[value]} {_short(count)}" if count else self._labels[value])

    def offer(self, value: str, offered: bool) -> None:
        """Show this chip, or put it away; the first one is on where it was."""
        chip = self._buttons[value]
        if not offered and chip.isChecked():
            next(iter(self._buttons.values())).click()
        chip.setVisible(offered)


def _short(count: int) -> str:
    """A count as a chip has room for it: 1,234, 2.1万."""
    return f"{count:,}" if count < 10_000 else f"{count / 10_000:.1f}万"


def filter_row(*widgets: QWidget) -> FlowLayout:
    """The filters over a list, in a second row where one has no room for all."""
    row = FlowLayout(spacing=8)
    for widget in widgets:
        row.addWidget(widget)
    return row


class PickBox(QComboBox):
    """A small choice among filters: label and value."""

    def __init__(self, name: str, options: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.offer(options)

    def offer(self, options: Sequence[tuple[str, str]]) -> None:
        """These choices instead, the first of them chosen."""
        self.clear()
        for value, text in options:
            self.addItem(text, value)

    def value(self) -> str:
        return str(self.currentData() or "")

    def set_value(self, value: str) -> None:
        self.setCurrentIndex(max(self.findData(value), 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrow(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class WordsBox(QLineEdit):
    """Words that narrow the list, told once typing rests."""

    rested = Signal(str)

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(hint) + 48)
        self._rest = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._rest.timeout.connect(lambda: self.rested.emit(self.text().strip()))
        self.textChanged.connect(lambda _text: self._rest.start())
        self.returnPressed.connect(self._at_once)

    def take(self, text: str) -> None:
        """Letters typed elsewhere on the page belong here."""
        self.setFocus()
        self.insert(text)

    def _at_once(self) -> None:
        self._rest.stop()
        self.rested.emit(self.text().strip())
