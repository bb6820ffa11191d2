"""查进度: what a customer is told who asks how far his case is. The clerk chooses the case; only that one is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.days import day_text
from ui.filter_bar import WordsBox
from ui.page import Page, clear_box, head_row, label, page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.services import Services
from ui.sheet_page import SheetWanted

if TYPE_CHECKING:
    from desktop.usecases.case_listing import CaseRow
    from desktop.usecases.telling import Progress

HINT = "客户说的：申请编号、扫回执上的码、户名、证件或手机的后四位；多了再空一格加一项，如“户名 后四位”"
EMPTY = "请按客户说的查找，再选中他的那一件。"
MANY = "找到 {} 件，请再问一项，空一格接着写。"
FEW = 20  # as many as are looked through while the customer waits
ROWS_SEEN = 100  # the head and two rows
MARKS = {"已完成": ("●", "good"), "正在办理": ("▶", "info"), "还没到": ("○", "muted")}
COLUMNS = (
    ColumnSpec("number", "申请编号", 140, lambda row: row.number, "identifier"),
    ColumnSpec("customer", "客户", 230, lambda row: row.customer, stretch=True),
    ColumnSpec("kind", "业务", 210, lambda row: row.kind),
    ColumnSpec("accepted", "申请日期", 130, lambda row: row.accepted_on, "date"),
)


class ProgressPage(Page):
    """Words, the cases they may mean, and below the chosen one in the customer's words."""

    place: ClassVar[str] = "progress"
    watches: ClassVar[frozenset[str]] = frozenset({"cases", "case_materials", "entries"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._chosen: CaseRow | None = None
        self.words = WordsBox(HINT)
        self.words.rested.connect(lambda _text: self.refresh())
        self.table = PagedTable("progress", COLUMNS, services)
        self.words.returnPressed.connect(self.table.setFocus)
        self.table.empty_text = EMPTY
        self.table.setMaximumHeight(190)
        self.table.setMinimumHeight(ROWS_SEEN)
        self.table.typed.connect(self.words.take)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _row: self.print())
        self.print_button = self.deed("progress_print", self.print, "main")
        self.print_button.setEnabled(False)
        self._many = label(role="muted")
        self._many.hide()
        self._summary = label(role="head", wrap=True)
        self._steps = QGridLayout()
        self._steps.setHorizontalSpacing(24)
        self._steps.setColumnStretch(2, 1)
        self._asks = label(wrap=True)
        box = page_box(self)
        box.addLayout(head_row(label("查进度"), self.print_button))
        box.addWidget(self.words)
        box.addWidget(self.table)
        box.addWidget(self._many)
        box.addWidget(self._card(), 1)
        box.addStretch(0)  # while there is no card the head stays at the top
        self.first = self.words

    def _card(self) -> QFrame:
        self.card = QFrame()
        self.card.setProperty("role", "card")
        box = QVBoxLayout(self.card)
        box.setContentsMargins(20, 14, 20, 14)
        box.setSpacing(12)
        box.addWidget(self._summary)
        box.addLayout(self._steps)
        box.addWidget(self._asks)
        box.addStretch(1)
        self.card.hide()
        return self.card

    def show_for(self, what: Any) -> None:
        """What the customer said, or the number of his case."""
        self.words.setText(str(what))
        self.refresh()

    def fits_scan(self, text: str) -> bool:
        """Whether a burst names a case: here its customer is told, wherever the cursor is; the case stays shut."""
        from desktop.domain.case_code import names_case

        return names_case(text)

    def take_scan(self, text: str) -> None:
        from desktop.domain.case_code import read_case_code

        code = read_case_code(text)
        self.show_for(code.number if code else text.strip())

    def reload(self) -> None:
        from desktop.usecases.telling import asked_cases

        desk, said = self.services.desk, self.words.text().strip()
        self.services.jobs.ask(self, "progress", lambda _step: asked_cases(desk, said), self._show)

    def _show(self, rows: tuple[CaseRow, ...]) -> None:
        self.table.empty_text = "没有查到，请再问一项。" if self.words.text().strip() else EMPTY
        self.table.show_rows(rows)
        self._many.setText(MANY.format(len(rows)) if len(rows) > FEW else "")
        self._many.setVisible(len(rows) > FEW)
        if not rows:
            self._choose(None)

    def _choose(self, row: CaseRow | None) -> None:
        self._chosen = row
        self.print_button.setEnabled(row is not None)
        self.card.setVisible(row is not None)
        if row is None:
            return
        from desktop.usecases.telling import progress

        desk, number = self.services.desk, row.number
        self.services.jobs.ask(self, "progress of one", lambda _step: progress(desk, number), self._tell)

    def _tell(self, told: Progress) -> None:
        clear_box(self._steps)
        self._summary.setText(told.summary)
        for place, line in enumerate(told.lines):
            mark, tone = MARKS[line.state]
            when = day_text(line.done_on) or line.by(self.services.desk.today, day_text(line.due))
            for column, text in enumerate((f"{mark} {line.state}", line.word, when)):
                cell = QLabel(text)
                cell.setProperty("badge" if column == 0 else "role", tone if column == 0 else "")
                self._steps.addWidget(cell, place, column, Qt.AlignmentFlag.AlignLeft)
        self._asks.setText("\n".join(f"请您办：{ask}。" for ask in told.asks))

    def print(self) -> None:
        """The customer's page, to look at and to print."""
        if self._chosen is None:
            return
        from desktop.usecases.telling import progress_pdf

        desk, number = self.services.desk, self._chosen.number
        self.services.go.emit("sheet", SheetWanted(
            f"进度单 {number}", f"进度单-{number}.pdf", lambda: progress_pdf(desk, number)))
