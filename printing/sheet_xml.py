"""What the fast reader leaves out of a sheet: error cells, formulas without a kept result, and how far it reaches.

The reader gives such cells as empty, and an empty end would be computed from signing and term: a #N/A must stay what
it is. A sheet's part is searched as bytes, and its cells are looked at only where there is something to find.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_FAR = re.compile(rb'r="(?:[A-Z]{2}|[A-Z]\d{6})')  # beyond column Z or row 99,999
_PLACED = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>]*?(/>|></|>)""")  # the last two have no value
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(rb"<f[^>]*>(.*?)</f>", re.DOTALL)
_VALUE = re.compile(rb"<v>(.*?)</v>", re.DOTALL)
_ALPHABET = 26


@dataclass
class SheetMarks:
    """`rows` and `columns` are the last ones with a value, 0 where the sheet is surely small; `left_out` are cells
    (row, column from 0) with their text; `content` is that of a part which is no sheet."""

    rows: int = 0
    columns: int = 0
    left_out: dict[tuple[int, int], str] = field(default_factory=dict)
    content: bytes = b""

    def restore(self, rows: list[list[Any]]) -> None:
        """Put the texts that were left out back into the sheet's rows."""
        for (row, column), text in self.left_out.items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = rows[row][column] or text


def sheet_marks(content: bytes) -> SheetMarks:
    """How far a sheet's part reaches and what a reader of values misses in it."""
    marks = SheetMarks(*_reach(content))
    if b't="e"' in content or b"<f" in content:
        marks.left_out = {
            (int(found[2]) - 1, column_number(found[1]) - 1): text
            for found in _CELL.finditer(content) if (text := _left_out(found[3], found[4] or b""))
        }
    return marks


def _reach(content: bytes) -> tuple[int, int]:
    """The last row and column with a value. Cells and rows that have only a format reach the sheet's end in many
    honest files, and count for nothing."""
    if not _FAR.search(content) and b"r='" not in content:
        return 0, 0
    rows, columns = 0, set()
    for found in _PLACED.finditer(content):
        if found[3] == b">":
            rows = max(rows, int(found[2]))
            columns.add(found[1])
    return rows, max(map(column_number, columns), default=0)


def column_number(letters: bytes) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * _ALPHABET + letter - 64
    return number


def _left_out(attributes: bytes, inside: bytes) -> str:
    value = _VALUE.search(inside)
    if b't="e"' in attributes:
        return value[1].decode("utf-8", "replace") if value else "#错误"
    formula = _FORMULA.search(inside)
    if formula and (value is None or not value[1]) and b"str" not in attributes:
        return "=" + formula[1].decode("utf-8", "replace")
    return ""
