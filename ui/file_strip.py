"""The files of a paper as thumbnails: drop more on them, Enter looks at one, Del takes it off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from desktop.errors import Trouble
from ui.icons import icon
from ui.services import Services
from ui.theme import FAINT

if TYPE_CHECKING:
    from desktop.usecases.filing import FileView

SIDE = 96
Drawn = dict[str, QImage | str]


def dropped_files(said: QMimeData) -> list[Path]:
    """The local files of a drop or of the clipboard."""
    return [Path(url.toLocalFile()) for url in said.urls() if url.isLocalFile()]


class FileStrip(QListWidget):
    """`opened` tells the place of the file to look at, `unwanted` that it is to be taken off."""

    opened = Signal(int)
    unwanted = Signal(int)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._drawn: Drawn = {}
        self.files: tuple[FileView, ...] = ()
        self.setObjectName("files")
        self.setAccessibleName("文件")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setGridSize(QSize(SIDE + 24, SIDE + 36))
        self.setFixedHeight(SIDE + 56)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.itemActivated.connect(lambda item: self.opened.emit(self.row(item)))

    def show_files(self, files: Sequence[FileView]) -> None:
        """Show these; pictures come from the worker, and each content is drawn once."""
        self.files = tuple(files)
        self.clear()
        for file in self.files:
            item = QListWidgetItem(icon("intake", FAINT), file.name)
            item.setToolTip(f"{file.name}\n{file.size / 1024:,.0f} KB，{file.added_at:%Y-%m-%d %H:%M} {file.clerk}")
            self.addItem(item)
        self._paint_known()
        wanted = [(file.sha256, file.kind) for file in self.files if file.sha256 not in self._drawn]
        if wanted:
            desk = self._services.desk
            self._services.jobs.ask(self, f"thumbnails {id(self)}", lambda _step: _draw(desk, wanted), self._show_drawn)

    def _show_drawn(self, drawn: Drawn) -> None:
        self._drawn |= drawn
        self._paint_known()

    def _paint_known(self) -> None:
        for place, file in enumerate(self.files):
            drawn, item = self._drawn.get(file.sha256), self.item(place)
            if isinstance(drawn, QImage):
                item.setIcon(QIcon(QPixmap.fromImage(drawn)))
            elif drawn is not None:
                item.setText(f"! {file.name}")
                item.setToolTip(drawn)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.currentRow() >= 0:
            self.unwanted.emit(self.currentRow())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.opened.emit(self.currentRow())
        else:
            super().keyPressEvent(event)


def _draw(desk: object, wanted: Sequence[tuple[str, str]]) -> Drawn:
    """Thumbnails by digest; of what is missing or cannot be drawn the sentence."""
    from desktop.usecases.filing import file_bytes
    from ui.pictures import thumbnail

    drawn: Drawn = {}
    for sha256, kind in wanted:
        try:
            drawn[sha256] = thumbnail(file_bytes(desk, sha256), kind, SIDE)  # type: ignore[arg-type]
        except Trouble as trouble:
            drawn[sha256] = str(trouble)
    return drawn
