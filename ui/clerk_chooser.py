"""Who serves at this window: chosen at the start and by F12. Type a 工号 and Enter, or press the name."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.errors import Refusal
from ui.page import card, label
from ui.services import Services
from ui.theme import mark

COLUMNS = 3


class ClerkChooser(QWidget):
    """Covers the pages, so that a locked window shows nothing of a customer."""

    chosen = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.number = QLineEdit()
        self.number.setObjectName("clerk_number")
        self.number.setPlaceholderText("工号，按 Enter")
        self.number.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.number.returnPressed.connect(self._by_number)
        self._fault = label(role="fault", wrap=True)
        self._names = QGridLayout()
        self._names.setSpacing(8)
        self._head = QLabel("现在由谁经办？")
        self._head.setProperty("role", "big")
        self._about = label("每一笔登记都记着经办人；换人按 F12。", "muted", wrap=True)
        names = QWidget()
        names.setLayout(self._names)
        frame = card(self._head, self._about, self.number, self._fault, names, spacing=10)
        frame.setFixedWidth(620)
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addWidget(frame, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)

    def show_clerks(self) -> None:
        """Read the clerks on duty and offer them."""
        from desktop.usecases.staffing import clerks

        while (item := self._names.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for place, clerk in enumerate(clerks(self._services.desk)):
            button = QPushButton(f"{clerk.number}  {clerk.name}\n{clerk.post}")
            button.setObjectName(f"clerk_{clerk.number}")
            button.setMinimumHeight(48)
            button.clicked.connect(lambda _checked=False, clerk=clerk: self._seat(clerk))
            self._names.addWidget(button, *divmod(place, COLUMNS))
        self.number.clear()
        self._say("")
        self.number.setFocus()

    def _by_number(self) -> None:
        from desktop.usecases.staffing import clerk_by_number

        try:
            self._seat(clerk_by_number(self._services.desk, self.number.text()))
        except Refusal as refusal:
            self._say(refusal.sentence)
            self.number.selectAll()  # the next badge or number takes its place

    def _seat(self, clerk: object) -> None:
        self._services.seat(clerk)  # type: ignore[arg-type]
        self.chosen.emit()

    def _say(self, sentence: str) -> None:
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))
        mark(self.number, "fault", bool(sentence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._services.clerk is not None:
            self.chosen.emit()
            return
        super().keyPressEvent(event)
