"""Excel out: one sheet of any length, with title, unit, period, frozen heads and footer.

openpyxl makes the workbook (styles, heads, widths, print set-up); the rows stream as XML into its sheet part
with the style numbers that openpyxl gave, so that a hundred thousand rows need no more memory than a hundred.
What goes out is what was kept: a text stays a text whatever it begins with, an identifier stays its digits,
and nothing is cut.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.workbook import Workbook

from desktop.errors import Refusal, Trouble
from desktop.progress import Step, no_step
from printing import workbook_cells, workbook_styles
from printing.sheet import Column, Footer, Row, SheetSpec, Total
from printing.workbook_cells import MOST_ROWS
from printing.writing import atomic_file

__all__ = ["Column", "Footer", "Row", "SheetSpec", "Total", "refuse_open", "write_workbook"]

_CHUNK = 400
_SHEET_PART = "xl/worksheets/sheet1.xml"
_BOOK_PART = "xl/workbook.xml"
_OPENED_ELSEWHERE = (".~lock.{}#", "~${}")


def write_workbook(
    path: Path, sheet: SheetSpec, rows: Iterable[Row | Total], *,
    total: int | None = None, step: Step = no_step,
) -> int:
    """Write one sheet to `path` and answer the number of rows, sums not counted.

    The file is written beside and moved over when whole: after a failure or a cancel (`step` raising) the
    old file is as it was. `step` hears rows done and `total` (rows so far when unknown). Refusal: more text
    than a cell can hold, or more rows than a sheet; Trouble: the file is open elsewhere, the disk is full,
    the folder cannot be written.
    """
    refuse_open(path)
    with atomic_file(path) as file:
        return _write(file, sheet, rows, total or 0, step)


def refuse_open(path: Path) -> None:
    """Trouble if an office program says that it has `path` open: it would keep its own copy over ours."""
    if any((path.parent / mark.format(path.name)).exists() for mark in _OPENED_ELSEWHERE):
        raise Trouble(f"“{path.name}”正在别的程序中打开。", "请先关闭它再导出，或换一个文件名。", False)


def _write(file: IO[bytes], sheet: SheetSpec, rows: Iterable[Row | Total], total: int, step: Step) -> int:
    book = _Book(sheet)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        with _part(archive, _SHEET_PART) as part:
            part.write(book.before.encode())
            count = _stream(part, book, rows, total, step)
            part.write(book.after(count).encode())
        for name, content in book.parts():
            with _part(archive, name) as part:
                part.write(content)
    return book.plain


@contextmanager
def _part(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """A member of the archive, without the moment of writing: the same rows give the same bytes."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(member, "w", force_zip64=False) as part:
        yield part


def _stream(part: IO[bytes], book: _Book, rows: Iterable[Row | Total], total: int, step: Step) -> int:
    """Write the rows in chunks; answers how many there were."""
    count, source = 0, iter(rows)
    while chunk := list(islice(source, _CHUNK)):
        if count + len(chunk) > MOST_ROWS - book.top - 8:
            raise Refusal(f"一张表最多能放 {MOST_ROWS - book.top - 8:,} 行，请缩小范围后分几次导出。")
        part.write(book.xml(chunk, book.top + count + 1).encode())
        count += len(chunk)
        step(count, max(total, count))
    return count


class _Book:
    """The workbook as openpyxl made it, taken apart: what stands before the rows, their writers, the rest."""

    def __init__(self, sheet: SheetSpec) -> None:
        self._sheet = sheet
        book = Workbook()
        page = book.active
        self.top = workbook_styles.lay_out(page, sheet)
        styles = workbook_styles.styles(page, sheet.columns)
        letters = [get_column_letter(i + 1) for i in range(len(sheet.columns))]
        pairs = list(zip(sheet.columns, letters, strict=True))
        self._plain = [workbook_cells.writer(c, letter, styles.plain[c.name]) for c, letter in pairs]
        self._bold = [workbook_cells.writer(c, letter, styles.bold[c.name]) for c, letter in pairs]
        self._line_style = styles.line
        self._heads = f"A{self.top}:{letters[-1]}"
        self._last_plain = self.top
        self.plain = 0
        """How many rows were written that are no sums."""
        page.auto_filter.ref = f"{self._heads}{MOST_ROWS}"
        saved = io.BytesIO()
        book.save(saved)
        self._archive = zipfile.ZipFile(saved)
        part = self._archive.read(_SHEET_PART).decode()
        self.before, self._after = re.sub("<dimension[^>]*>", "", part).split("</sheetData>")

    def xml(self, rows: list[Row | Total], first: int) -> str:
        """The rows as XML, the first of them numbered `first`; written column by column."""
        numbers = range(first, first + len(rows))
        values = zip(*(row.cells if isinstance(row, Total) else row for row in rows), strict=True)
        columns = [write(numbers, column) for write, column in zip(self._plain, values, strict=True)]
        lines = ["".join(cells) for cells in zip(*columns, strict=True)]
        for i, row in enumerate(rows):
            if isinstance(row, Total):
                lines[i] = self._bold_line(row, first + i)
            else:
                self._last_plain = first + i
                self.plain += 1
        return "".join([f'<row r="{n}">{line}</row>' for n, line in zip(numbers, lines, strict=True)])

    def _bold_line(self, row: Total, n: int) -> str:
        return "".join(write((n,), (value,))[0] for write, value in zip(self._bold, row.cells, strict=True))

    def after(self, count: int) -> str:
        """The closing lines, the footer, and the rest of the sheet part."""
        n = self.top + count + 1
        lines = [*self._sheet.closing(), "    ".join(self._sheet.footer.words())]
        xml = "".join(
            f'<row r="{n + i}">{workbook_cells.line(line, n + i, self._line_style)}</row>'
            for i, line in enumerate(lines)
        )
        return xml + "</sheetData>" + self._filtered(self._after)

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Every other part of the workbook, the list of parts first."""
        for name in sorted(self._archive.namelist(), key=lambda name: name != "[Content_Types].xml"):
            if name == _BOOK_PART:
                yield name, self._filtered(self._archive.read(name).decode()).encode()
            elif name != _SHEET_PART:
                yield name, self._archive.read(name)

    def _filtered(self, xml: str) -> str:
        """The filter reaches to the last row that is no sum, which openpyxl could not know: a sum is neither
        sorted in among the rows nor hidden with them."""
        return re.sub(rf"(:\$?[A-Z]+\$?){MOST_ROWS}\b", rf"\g<1>{self._last_plain}", xml)
