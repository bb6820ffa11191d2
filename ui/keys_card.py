"""F1: the keys of the present page on a card over the window; any key closes it."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QLabel, QWidget

from ui.actions import keys_of
from ui.page import badge, give_back, label


class KeysCard(QFrame):
    """Two columns of key and meaning."""

    def __init__(self, place: str, settings: QSettings, parent: QWidget) -> None:
        super().__init__(parent)
        self._before: QWidget | None = None  # where the keyboard was
        self.setProperty("role", "card")
        self.setObjectName("keys_card")
        self.setAutoFillBackground(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 16, 24, 20)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        head = QLabel("本页快捷键")
        head.setProperty("role", "head")
        grid.addWidget(head, 0, 0, 1, 4)
        rows = keys_of(place, settings)
        half = (len(rows) + 1) // 2
        for number, (key, text) in enumerate(rows):
            row, column = number % half + 1, number // half * 2
            name = badge(key.replace("Return", "Enter"))
            grid.addWidget(name, row, column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(QLabel(text), row, column + 1)
        grid.addWidget(label("按任意键收起；要改快捷键，到“系统 → 打印与快捷键”。", "muted"), half + 1, 0, 1, 4)

    def open_over(self, window: QWidget) -> None:
        self._before = QApplication.focusWidget()
        self.adjustSize()
        self.move((window.width() - self.width()) // 2, (window.height() - self.height()) // 3)
        self.show()
        self.raise_()
        self.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        give_back(self, self._before)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        self.close()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.close()
