"""How our sheets look: title, unit and period, heads, widths, number formats, print set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from printing.sheet import Column, SheetSpec
from printing.workbook_cells import Style

FACE = "宋体"
HEAD_FACE = "黑体"
FORMATS = {
    "text": "General", "identifier": "@", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm",
    "number": "General", "integer": "#,##0", "percent": "0.00%", "money": "#,##0.00",
}
WIDTHS = {
    "text": 18, "identifier": 18, "date": 12, "datetime": 17,
    "number": 11, "integer": 9, "percent": 10, "money": 15,
}
WIDEST = 260
"""Characters on an A4 page across; with more of them the print is under six points and cannot be read."""
RIGHT = ("number", "integer", "percent", "money")
_THIN = Side(style="thin", color="A0A0A0")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TEAL = PatternFill("solid", fgColor="DCEBEA")


@dataclass(frozen=True)
class Styles:
    plain: Mapping[str, Style]
    bold: Mapping[str, Style]
    line: int


def lay_out(page: Worksheet, sheet: SheetSpec) -> int:
    """Write all that stands above the rows; answers the number of the last head row."""
    page.title = _sheet_name(sheet.title)
    widths = [column.width or WIDTHS[column.kind] for column in sheet.columns]
    pages = _pages_across(widths, sheet.keys)
    _words(page, sheet, ("center", "right") if pages == 1 else ("left", "left"))
    top = _heads(page, sheet.columns)
    for i, each in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(i)].width = each
    page.freeze_panes = f"{get_column_letter(sheet.keys + 1)}{top + 1}"
    _set_up_print(page, top, pages)
    if pages > 1 and sheet.keys:
        page.print_title_cols = f"A:{get_column_letter(sheet.keys)}"
    return top


def _words(page: Worksheet, sheet: SheetSpec, sides: tuple[str, str]) -> None:
    """The title, and under it period and unit; at the left where the sheet goes over several pages across."""
    said = [f"统计期：{sheet.period}"] * bool(sheet.period) + [f"计量单位：{sheet.unit}"] * bool(sheet.unit)
    width = len(sheet.columns)
    _line(page, 1, sheet.title, width, Font(name=HEAD_FACE, size=16, bold=True), sides[0], 30)
    _line(page, 2, "    ".join(said), width, Font(name=FACE, size=10), sides[1], 18)


def _pages_across(widths: Sequence[float], keys: int) -> int:
    """How many pages a sheet takes from left to right to be legible, each with the key columns."""
    whole, again, pages = sum(widths), sum(widths[:keys]), 1
    while whole + again * (pages - 1) > WIDEST * pages and again < WIDEST:
        pages += 1
    return pages


def _line(page: Worksheet, row: int, text: str, width: int, font: Font, side: str, height: float) -> None:
    cell = page.cell(row, 1, text)
    cell.data_type = "s"
    cell.font, cell.alignment = font, Alignment(horizontal=side, vertical="center")
    page.row_dimensions[row].height = height
    if width > 1:
        page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)


def _heads(page: Worksheet, columns: Sequence[Column]) -> int:
    """One head row, or two where columns are grouped."""
    grouped = any(column.group for column in columns)
    last = 4 if grouped else 3
    for i, column in enumerate(columns, 1):
        _head(page, last, i, column.label)
    if grouped:
        _group_heads(page, columns)
    page.row_dimensions[last].height = 32
    return last


def _group_heads(page: Worksheet, columns: Sequence[Column]) -> None:
    start = 1
    for group, members in groupby(columns, key=lambda column: column.group):
        labels = [column.label for column in members]
        end = start + len(labels) - 1
        for i, label in enumerate(labels, start):
            _head(page, 3, i, group or label)
            if not group:
                page.merge_cells(start_row=3, start_column=i, end_row=4, end_column=i)
        if group and end > start:
            page.merge_cells(start_row=3, start_column=start, end_row=3, end_column=end)
        start = end + 1


def _head(page: Worksheet, row: int, column: int, text: str) -> None:
    cell = page.cell(row, column, text)
    cell.data_type = "s"
    cell.font, cell.fill, cell.border = Font(name=HEAD_FACE, size=10, bold=True), _TEAL, _BOX
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _set_up_print(page: Worksheet, top: int, pages: int) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = pages, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"1:{top}"
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top = page.page_margins.bottom = 0.6
    page.print_options.horizontalCentered = True
    page.oddFooter.center.text = "第 &P 页 共 &N 页"


def styles(page: Worksheet, columns: Sequence[Column]) -> Styles:
    """Have openpyxl number the styles of the cells that will be streamed."""
    plain, bold = Font(name=FACE, size=10), Font(name=FACE, size=10, bold=True)
    line = Cell(page, row=1, column=1)
    line.font = plain
    return Styles(
        {column.name: _style(page, column, plain) for column in columns},
        {column.name: _style(page, column, bold, _TEAL) for column in columns},
        line.style_id,
    )


def _style(page: Worksheet, column: Column, font: Font, fill: PatternFill | None = None) -> Style:
    return Style(_number(page, column, font, fill, False), _number(page, column, font, fill, True))


def _number(page: Worksheet, column: Column, font: Font, fill: PatternFill | None, quoted: bool) -> int:
    cell: Any = Cell(page, row=1, column=1)
    cell.font, cell.border, cell.number_format = font, _BOX, FORMATS[column.kind]
    side = "right" if column.kind in RIGHT else "left" if column.kind == "text" else "center"
    cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=column.kind == "text")
    if fill is not None:
        cell.fill = fill
    cell.quotePrefix = quoted
    number: int = cell.style_id
    return number


def _sheet_name(title: str) -> str:
    """A sheet's name has at most 31 characters and none of these."""
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "表"
