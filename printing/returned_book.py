"""The workbook that goes back to the hall: its own cells as given, and beside them 结果 and 原因.

Text stays text (a name like =cmd|… is never a formula), numbers and days stay what they were.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from desktop.domain.ledger_cells import Cell, cell_text
from desktop.progress import Step

RESULT, REASON = "结果", "原因"
LONG_NUMBER = 10**9
_LONGEST = 32_767
_CUT = "…（原文过长，其余见原表）"
_PICTURES = {code: 0x2400 + code for code in range(32) if code not in (9, 10, 13)} | {0x7F: 0x2421}
_FORMATS: tuple[tuple[type, str], ...] = (
    (datetime, "yyyy-mm-dd hh:mm:ss"), (date, "yyyy-mm-dd"), (time, "hh:mm:ss"), (timedelta, "[h]:mm:ss"))


@dataclass(frozen=True)
class ReturnedRow:
    """A row of the hall's: where it stood, its cells, what became of it and why."""

    row: int
    cells: tuple[Cell, ...]
    result: str
    reason: str


@dataclass(frozen=True)
class ReturnedSheet:
    """The rows of one of the hall's sheets, under its own head."""

    name: str
    head: tuple[Cell, ...]
    rows: tuple[ReturnedRow, ...]


def returned_book(sheets: Sequence[ReturnedSheet], step: Step) -> bytes:
    """The bytes of the workbook; `step(done, total)` counts rows and may raise to cancel."""
    book = Workbook(write_only=True)
    total = sum(len(sheet.rows) for sheet in sheets)
    done = 0
    for sheet in sheets or (ReturnedSheet("退回", (), ()),):
        width = max([len(sheet.head), *(len(row.cells) for row in sheet.rows)])
        page = _page(book, sheet.name, width)
        page.append([_cell(page, value, bold=True) for value in (*_padded(sheet.head, width), RESULT, REASON)])
        for row in sheet.rows:
            reason = f"原表第 {row.row} 行：{row.reason}"
            page.append([_cell(page, value) for value in (*_padded(row.cells, width), row.result, reason)])
            done += 1
            step(done, total)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _page(book: Workbook, name: str, width: int) -> Any:
    page = book.create_sheet(name)
    page.freeze_panes = "A2"
    for column in range(1, width + 1):
        page.column_dimensions[get_column_letter(column)].width = 16
    for column, wide in zip((width + 1, width + 2), (10, 60), strict=True):
        page.column_dimensions[get_column_letter(column)].width = wide
    return page


def _padded(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return cells + (None,) * (width - len(cells))


def _cell(page: Any, value: Cell, *, bold: bool = False) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        value = cell_text(value)
    cell = WriteOnlyCell(page, value=None if isinstance(value, str) else value)
    if isinstance(value, str) and value:
        cell.value = _writable(value)
        cell.data_type = "s"  # never a formula, whatever it begins with
        cell.number_format = "@"
    if isinstance(value, int | float) and abs(value) >= LONG_NUMBER:
        cell.number_format = "0"  # a 户号 that the hall keeps as a number is shown whole, not as 6.3E+12
    for kind, form in _FORMATS:
        if isinstance(value, kind):
            cell.number_format = form
            break
    if bold:
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="center", wrap_text=True)
    return cell


def _writable(text: str) -> str:
    """Control characters as their visible pictures; more than a cell holds is cut and says so."""
    seen = text.translate(_PICTURES)
    return seen if len(seen) <= _LONGEST else seen[:_LONGEST - len(_CUT)] + _CUT
