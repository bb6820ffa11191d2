"""What the fast reader leaves out of a sheet: error cells, formulas without a kept result, and how far it reaches.

The reader gives such cells as empty, and an empty end would be computed from signing and term: a #N/A must stay what
it is. A sheet's part is searched as bytes, and its cells are looked at only where there is something to find.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_WIDE = re.compile(rb'<c r="([A-Z]{2,3})\d')
_LAST_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"')
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(rb"<f[^>]*>(.*?)</f>", re.DOTALL)
_VALUE = re.compile(rb"<v>(.*?)</v>", re.DOTALL)
_ALPHABET = 26


@dataclass
class SheetMarks:
    """`rows` and `columns` are the last ones used; `left_out` are cells (row, column from 0) with their text."""

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
    wide = {column_number(letters) for letters in set(_WIDE.findall(content))}
    marks = SheetMarks(rows=_last_row(content), columns=max(wide, default=_ALPHABET))
    if b't="e"' in content or b"<f" in content:
        marks.left_out = {
            (int(found[2]) - 1, column_number(found[1]) - 1): text
            for found in _CELL.finditer(content) if (text := _left_out(found[3], found[4] or b""))
        }
    return marks


def _last_row(content: bytes) -> int:
    at = content.rfind(b"<row ")
    found = _LAST_ROW.match(content, at) if at >= 0 else None
    return int(found[1]) if found else content.count(b"<row")


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
