"""One file handed in, as large as the window allows: the next and the one before, turned, taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QTransform
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.ask_card import AskCard, asked
from ui.page import Page, clear_box, head_row, label, page_box, scrolled
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.filing import FileView

WIDEST = 1000
QUARTER = 90


class FilePage(Page):
    """Shows `(case number, files, place)`."""

    place: ClassVar[str] = "file"

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.number, self.at, self._turned = "", 0, 0
        self.files: tuple[FileView, ...] = ()
        self.drawn: list[QImage] = []
        self.told = ""
        self._title, self._about, self.ask = QLabel(), label(role="muted", wrap=True), AskCard()
        buttons = [self.deed(name, do) for name, do in (
            ("file_before", lambda: self.step(-1)), ("file_next", lambda: self.step(1)), ("file_turn", self.turn),
            ("file_off", self.ask_off))]
        body = QWidget()
        self._box = QVBoxLayout(body)
        box = page_box(self)
        box.addLayout(head_row(self._title, *buttons))
        box.addWidget(self._about)
        box.addWidget(self.ask)
        self._area = scrolled(body)
        self._area.setFrameShape(QFrame.Shape.StyledPanel)
        self._area.setProperty("role", "paper")
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.first = self._area
        box.addWidget(self._area, 1)

    def show_for(self, what: Any) -> None:
        self.number, files, self.at = what
        self.files = tuple(files)
        self._turned = 0
        self.refresh()

    def step(self, by: int) -> None:
        if 0 <= self.at + by < len(self.files):
            self.at, self._turned = self.at + by, 0
            self.reload()

    def turn(self) -> None:
        """A picture that lies on its side is looked at upright; the file stays as it is."""
        self._turned = (self._turned + QUARTER) % 360
        self._show((self.drawn, self.told))

    def reload(self) -> None:
        if not self.files:
            return
        file, desk = self.files[self.at], self.services.desk
        self._title.setText(f"{self.number}    {file.name}")
        self._about.setText(f"第 {self.at + 1} 份，共 {len(self.files)} 份；{file.size / 1024:,.0f} KB；"
                            f"{file.added_at:%Y-%m-%d %H:%M} {file.clerk} 放入")
        wide = min(max(self._area.viewport().width() - 48, 320), WIDEST)

        def draw(_step: object) -> tuple[list[QImage], str]:
            from desktop.errors import Trouble
            from desktop.usecases.filing import file_bytes
            from ui.pictures import more_pages, pages

            try:
                content = file_bytes(desk, file.sha256)
                drawn, more = pages(content, file.kind, wide), more_pages(content, file.kind)
            except Trouble as trouble:
                return [], str(trouble)
            return drawn, f"后面还有 {more} 页，没有画在这里；原件完整存着。" if more else ""

        self.services.jobs.ask(self, "file", draw, self._show)

    def _show(self, drawn: tuple[list[QImage], str]) -> None:
        """The pages, and after them what there is to say of the file."""
        clear_box(self._box)
        self.drawn, self.told = drawn
        for picture in self.drawn:
            sheet = QLabel()
            sheet.setPixmap(QPixmap.fromImage(picture.transformed(QTransform().rotate(self._turned))))
            sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._box.addWidget(sheet)
        if self.told:
            self._box.addWidget(label(self.told, "muted" if self.drawn else "fault", wrap=True))
        self._box.addStretch(1)

    def ask_off(self) -> None:
        """Take the file off its paper, with the reason; nothing is thrown away."""
        if self.services.clerk is None or not self.files:
            return
        self.ask.ask("移出这份文件", [asked("reason", "原因", "text")], self._take_off, ok="移出", required=["reason"],
                     about="文件从这份资料上移出，移出的事和原因留在办理记录里。")

    def _take_off(self, answers: dict[str, Any]) -> None:
        from desktop.usecases.filing import take_off

        take_off(self.services.desk, self.number, self.files[self.at].id, str(answers["reason"]))
        self.services.messages.say("good", "已保存：文件已移出。")
        self.services.go.emit("materials", f"{self.number}#{self.files[self.at].slot}")
