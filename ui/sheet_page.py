"""A paper of the hall on the screen: 晨会单, 交接班单, 进度单. It is made when it is asked for, printed or saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtWidgets import QLabel, QWidget

from ui.messages import Step
from ui.page import Page, head_row, page_box
from ui.pdf_view import PdfView
from ui.services import Services


@dataclass(frozen=True)
class SheetWanted:
    """Which paper: its title, a file name with nobody's name in it, and what makes its bytes."""

    title: str
    file_name: str
    make: Callable[[], bytes]


class SheetPage(Page):
    """Title, 打印, 另存, and the pages."""

    place: ClassVar[str] = "sheet"

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._wanted: SheetWanted | None = None
        self._pdf = b""
        self._title = QLabel()
        self.view = PdfView(services)
        self.print_button = self.deed("sheet_print", self.print, "main")
        self.save_button = self.deed("sheet_save", self.save)
        box = page_box(self)
        box.addLayout(head_row(self._title, self.save_button, self.print_button))
        box.addWidget(self.view, 1)
        self.first = self.print_button

    def show_for(self, what: Any) -> None:
        self._wanted, self._pdf = what, b""
        self._title.setText(what.title)
        self.view.say("正在生成…")
        self.services.jobs.ask(self, "sheet", lambda _step: what.make(), self._take)

    def _take(self, pdf: bytes) -> None:
        self._pdf = pdf
        self.view.show_pdf(pdf)

    def print(self) -> None:
        """To the chosen printer; without one it is saved to a file."""
        from ui.printing import printer_name, send

        name, wanted, pdf = printer_name(self.services.settings), self._wanted, self._pdf
        if wanted is None or not pdf:
            return
        if not name:
            self.save()
            return
        self.services.jobs.run(
            lambda _step: send(pdf, wanted.title, name),
            lambda _none: self.services.messages.say("good", f"“{wanted.title}”已送打印机 {name}。"),
            title=f"正在打印 {wanted.title}")

    def save(self) -> None:
        """To the file that the clerk names."""
        from printing.writing import atomic_write
        from ui.printing import ask_where, show_file

        if self._wanted is None or not self._pdf:
            return
        path, pdf = ask_where(self, self._wanted.file_name), self._pdf
        if path is not None:
            self.services.jobs.run(
                lambda _step: atomic_write(path, pdf),
                lambda _none: self.services.messages.say(
                    "good", f"已保存到 {path}", Step("打开", lambda: show_file(path))),
                title=f"正在保存 {self._wanted.title}")
