"""The checklist of a case as a table: sign and word of each paper, its marks, how many files; Space ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from desktop.domain.material import ABSENT
from ui.paged_table import ToneDelegate
from ui.theme import ROW_HEIGHT, tone_ink

if TYPE_CHECKING:
    from desktop.domain.dossier import Check
    from desktop.usecases.collecting import Sheet
    from desktop.usecases.evidencing import Proof

HEADS = ("资料", "要求", "状态", "完整", "真实", "文件")
WIDTHS = (0, 61, 148, 46, 46, 46)
NO_MARK, YES_MARK, WRONG_MARK = "—", "✓", "✗"


class MaterialTable(QTableWidget):
    """`chosen` tells the code of the paper under the cursor."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(HEADS), parent)
        self.setObjectName("materials")
        self.setAccessibleName("资料清单")
        for place, text in enumerate(HEADS):
            head = QTableWidgetItem(text)
            side = Qt.AlignmentFlag.AlignHCenter if place > 2 else Qt.AlignmentFlag.AlignLeft
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(place, head)
        self.setItemDelegate(ToneDelegate(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(WIDTHS):
            if width:
                self.setColumnWidth(column, width)
        self._codes: list[str] = []
        self.currentCellChanged.connect(self._on_moved)

    @property
    def code(self) -> str:
        """The paper under the cursor; empty before there is one."""
        return self._codes[self.currentRow()] if 0 <= self.currentRow() < len(self._codes) else ""

    def show_sheets(self, sheets: Sequence[Sheet], proofs: Sequence[Proof], files: Mapping[str, int],
                    current: str) -> None:
        """Show the papers and, after them, the proofs of our own stages, the cursor on `current`; ticks stay."""
        ticked = set(self.ticked())
        lines = [*(_paper_line(sheet, files.get(sheet.code, 0)) for sheet in sheets), *map(_proof_line, proofs)]
        self.blockSignals(True)
        self._codes = [line.code for line in lines]
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, text in enumerate(line.cells):
                self.setItem(row, column, self._item(line, column, text, line.code in ticked))
        self.setCurrentCell(self._codes.index(current) if current in self._codes else 0, 0)
        self.blockSignals(False)

    @staticmethod
    def _item(line: Line, column: int, text: str, ticked: bool) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        item.setToolTip(text)
        if column == 0 and line.handed_in:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        if column > 2:
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        if column == 2:
            item.setForeground(tone_ink(line.tone))
        return item

    def go_next(self, wanted: Set[str]) -> None:
        """To the next of the `wanted` papers after the one under the cursor, from the last on to the first."""
        here, count = self.currentRow(), len(self._codes)
        row = next((at % count for at in range(here + 1, here + count) if self._codes[at % count] in wanted), here)
        self.setCurrentCell(row, 0)

    def ticked(self) -> list[str]:
        """The papers that are ticked to be handed in."""
        return [code for row, code in enumerate(self._codes)
                if (item := self.item(row, 0)) is not None and item.checkState() == Qt.CheckState.Checked]

    def untick(self) -> None:
        for row in range(self.rowCount()):
            if (item := self.item(row, 0)) is not None and item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                item.setCheckState(Qt.CheckState.Unchecked)

    def _on_moved(self, row: int, _column: int, before: int, _before_column: int) -> None:
        if row != before and self.code:
            self.chosen.emit(self.code)


@dataclass(frozen=True)
class Line:
    """One row: its cells, whether it can be ticked to be handed in, the tone of its state."""

    code: str
    cells: tuple[str, ...]
    handed_in: bool
    tone: str


def _paper_line(sheet: Sheet, files: int) -> Line:
    missing = sheet.state in ABSENT
    cells = (sheet.name, sheet.demand, _state(sheet), _mark(sheet.item.complete), _mark(sheet.item.true),
             str(files) if files else NO_MARK)
    return Line(sheet.code, cells, missing, "care" if sheet.open else "muted" if missing else "good")


def _proof_line(proof: Proof) -> Line:
    """A proof of our own stage is there by its files alone."""
    enough = "✓ 已存" if proof.count and not proof.told else f"○ {proof.stage}"
    cells = (proof.name, f"≥{proof.least} 份" if proof.least else "可存", enough, NO_MARK, NO_MARK,
             str(proof.count) if proof.count else NO_MARK)
    return Line(proof.code, cells, False, "good" if proof.count and not proof.told else "muted")


def _state(sheet: Sheet) -> str:
    if sheet.open and sheet.due_on:
        return f"◇ {sheet.due_on.isoformat()} 前补"
    if sheet.state == "未收":
        return "○ 未收" + ("，可沿用" if sheet.offer else f"（{sheet.stage}）" if sheet.stage else "")
    if sheet.state in ABSENT:
        return f"? {sheet.state}" + ("，可沿用" if sheet.offer else "")
    return f"✓ {sheet.state}" + (f" {sheet.supplied_on:%m-%d}" if sheet.supplied_on else "")


def _mark(check: Check | None) -> str:
    if check is None:
        return NO_MARK
    return YES_MARK if check.answer == "是" else WRONG_MARK
