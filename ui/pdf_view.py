"""The real pages of a PDF, one below the other, drawn in the worker and kept as pictures."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.page import clear_box
from ui.services import Services

INCH_WIDE = 8.27  # A4
WIDEST = 900  # a page wider than this is read from too far
RESIZE_MS = 150
MARGIN = 12


class PdfView(QScrollArea):
    """Shows a PDF's pages as wide as the view."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.pages = 0
        self._wanted = 0
        self._pdf = b""
        self._drawn_wide = 0
        self._rest = QTimer(self, singleShot=True, interval=RESIZE_MS)
        self._rest.timeout.connect(self._draw)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setProperty("role", "paper")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        body.setProperty("role", "page")
        self._box = QVBoxLayout(body)
        self._box.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._box.setSpacing(MARGIN)
        self.setWidget(body)

    def say(self, text: str) -> None:
        """Words instead of pages, as while there is no paper yet."""
        self._wanted += 1
        self.pages, self._pdf = 0, b""
        clear_box(self._box)
        words = QLabel(text)
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setProperty("role", "muted")
        self._box.addWidget(words, 1)

    def show_pdf(self, pdf: bytes) -> None:
        """Draw the pages in the worker once the view has its place; a later call makes an earlier one unwanted."""
        self._pdf, self._drawn_wide = pdf, 0
        self._rest.start(0)

    def _wide(self) -> int:
        return max(min(self.viewport().width(), WIDEST) - 2 * MARGIN, 320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._pdf and abs(self._wide() - self._drawn_wide) > MARGIN:
            self._rest.start(RESIZE_MS)

    def _draw(self) -> None:
        from ui.printing import images

        if not self._pdf:
            return
        self._wanted += 1
        turn, pdf, wide = self._wanted, self._pdf, self._wide()
        self._drawn_wide = wide
        scale = self.devicePixelRatioF()
        self._services.jobs.run(lambda _step: list(images(pdf, wide * scale / INCH_WIDE)),
                                lambda drawn: self._show(drawn, scale, turn))

    def _show(self, drawn: list[QImage], scale: float, turn: int) -> None:
        if turn != self._wanted or not isValid(self):  # another paper is wanted, or the view was closed meanwhile
            return
        kept = self.verticalScrollBar().value()
        clear_box(self._box)
        for picture in drawn:
            picture.setDevicePixelRatio(scale)
            sheet = QLabel()
            sheet.setPixmap(QPixmap.fromImage(picture))
            sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._box.addWidget(sheet)
        self._box.addStretch(1)
        self.pages = len(drawn)
        self.verticalScrollBar().setValue(kept)
