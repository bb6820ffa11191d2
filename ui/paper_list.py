"""The kept papers of a case or contract, each to be looked at, printed again as it is, or saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from ui.page import label
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.papering import PaperView


class PaperList(QWidget):
    """One line a paper."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)

    def show_papers(self, papers: Sequence[PaperView]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for row, paper in enumerate(papers):
            title = label(paper.title, wrap=True)
            title.setToolTip(f"{paper.made_at:%Y-%m-%d %H:%M}")
            self._grid.addWidget(title, row, 0)
            for column, (text, do) in enumerate(self._deeds(paper), 1):
                button = QPushButton(text)
                button.setProperty("role", "link")
                button.setObjectName(f"paper_{column}_{paper.id}")
                button.clicked.connect(lambda _checked=False, do=do: do())
                self._grid.addWidget(button, row, column)
        if not papers:
            self._grid.addWidget(label("还没有文书", "muted"), 0, 0)

    def _deeds(self, paper: PaperView) -> tuple[tuple[str, Callable[[], object]], ...]:
        services = self._services
        return (
            ("看", lambda: services.go.emit("paper", paper)),
            ("打印", lambda: print_paper(services, paper, self)),
            ("存", lambda: save_paper(services, paper, self)),
        )


def print_paper(services: Services, paper: PaperView, parent: QWidget) -> None:
    """Send the kept bytes to the chosen printer, and log it; without a printer they are saved to a file."""
    from desktop.usecases.papering import note_print, print_bytes
    from ui.printing import printer_name, send

    name = printer_name(services.settings)
    if not name:
        save_paper(services, paper, parent)
        return
    desk = services.desk

    def work(_step: object) -> int:
        send(print_bytes(desk, paper.id), paper.title, name)
        return note_print(desk, paper.id, name)

    services.jobs.run(work, lambda count: services.messages.say(
        "good", f"“{paper.title}”已送打印机 {name}" + (f"（第 {count} 次，补打）" if count > 1 else "") + "。"),
        title=f"正在打印 {paper.title}")


def save_paper(services: Services, paper: PaperView, parent: QWidget) -> None:
    """Write the kept bytes to the file that the clerk names."""
    from desktop.usecases.papering import handed_out
    from printing.writing import atomic_write
    from ui.messages import Step
    from ui.printing import ask_where, show_file

    path = ask_where(parent, f"{paper.title}.pdf")
    if path is None:
        return
    desk = services.desk
    services.jobs.run(
        lambda _step: atomic_write(path, handed_out(desk, paper.id)),
        lambda _none: services.messages.say("good", f"已保存到 {path}", Step("打开", lambda: show_file(path))),
        title=f"正在保存 {paper.title}")
