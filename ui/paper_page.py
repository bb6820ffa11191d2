"""One kept paper on the screen, just as it was printed."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtWidgets import QLabel, QWidget

from ui.page import Page, head_row, page_box
from ui.paper_list import print_paper, save_paper
from ui.pdf_view import PdfView
from ui.services import Services


class PaperPage(Page):
    """Title, 打印, 另存, and the pages."""

    place: ClassVar[str] = "paper"
    _paper: Any = None

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._title = QLabel()
        self.view = PdfView(services)
        send = self.deed("paper_print", lambda: print_paper(self.services, self._paper, self), "main")
        save = self.deed("paper_save", lambda: save_paper(self.services, self._paper, self))
        box = page_box(self)
        box.addLayout(head_row(self._title, save, send))
        box.addWidget(self.view, 1)
        self.first = send

    def show_for(self, what: Any) -> None:
        from desktop.usecases.papering import paper_bytes

        self._paper = what
        self._title.setText(f"{what.title}    {what.made_at:%Y-%m-%d %H:%M}")
        self.view.show_pdf(paper_bytes(self.services.desk, what.id))
