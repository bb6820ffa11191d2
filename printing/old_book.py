"""The old workbook format (.xls) looked through before its reader is let loose on it.

The reader believes what a record says of its place and of sizes: one damaged byte can make it ask for more memory
than there is, which ends the whole program. So the records are walked first, and whatever lies outside what a sheet
can hold is refused. On the way the marks that the reader leaves out are noted: error cells and the day count used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct, error

from printing.sheet_xml import SheetMarks

MOST_ROWS, MOST_COLUMNS = 65_536, 256
_ENTRY = 128
_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_SMALL_STREAM = 4096

_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _DATE1904, _SST, _DIMENSIONS = 0x809, 0x0A, 0x85, 0x2F, 0x22, 0xFC, 0x200
_BOOLERR = 0x205
_CELLS = frozenset({0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x0406})
_SPANS = frozenset({0x00BD, 0x00BE})  # they end with their last column
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_HEAD, _PLACE, _FOUR = Struct("<HH"), Struct("<HH"), Struct("<I")


class Damaged(ValueError):
    """The file says something that no such workbook can say."""


class Locked(ValueError):
    """The workbook has a password."""


@dataclass
class OldBook:
    """`sheets` in their order in the file: how far each reaches, and its error cells."""

    is_1904: bool = False
    sheets: list[SheetMarks] = field(default_factory=list)


def look_through(data: bytes) -> OldBook | None:
    """What a compound file's workbook says of itself; None when there is no workbook in it.

    Raises Damaged or Locked.
    """
    try:
        stream = _stream(data)
        return None if stream is None else _walk(stream)
    except (error, IndexError) as cause:
        raise Damaged("cut short") from cause


def _stream(data: bytes) -> bytes | None:
    """The workbook's stream, put together from its sectors."""
    if entry(data, "EncryptedPackage") is not None:
        raise Locked
    found = entry(data, "Workbook") or entry(data, "Book")
    if found is None:
        return None
    shift = int.from_bytes(data[30:32], "little")
    if shift not in (9, 12):
        raise Damaged("sector size")
    start, size = _FOUR.unpack_from(found, 116)[0], _FOUR.unpack_from(found, 120)[0]
    if size < _SMALL_STREAM:
        raise Damaged("no program writes one so small")
    return b"".join(_chain(data, start, 1 << shift, _table(data, 1 << shift)))[:size]


def entry(data: bytes, name: str) -> bytes | None:
    """The directory entry (128 bytes, so aligned) of a stream in a compound file."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = data.find(wanted)
    while at >= 0:
        if at % _ENTRY == 0:
            return data[at:at + _ENTRY]
        at = data.find(wanted, at + 1)
    return None


def _table(data: bytes, sector: int) -> list[int]:
    """The allocation table: for each sector the one that follows it. Large files list its parts in a chain."""
    parts = list(_numbers(data[76:512]))
    more, rounds = _FOUR.unpack_from(data, 68)[0], 0
    while more not in (_FREE, _END) and rounds < len(data) // sector:
        listed = list(_numbers(_sector(data, more, sector)))
        parts += listed[:-1]
        more, rounds = listed[-1], rounds + 1
    table: list[int] = []
    for part in parts:
        if part not in (_FREE, _END):
            table += _numbers(_sector(data, part, sector))
    return table


def _numbers(piece: bytes) -> Iterator[int]:
    return (number for number, in _FOUR.iter_unpack(piece[:len(piece) // 4 * 4]))


def _sector(data: bytes, number: int, sector: int) -> bytes:
    at = (number + 1) * sector
    if at >= len(data):
        raise Damaged("a sector beyond the end")
    return data[at:at + sector]


def _chain(data: bytes, start: int, sector: int, table: list[int]) -> Iterator[bytes]:
    number, left = start, len(data) // sector + 1
    while number not in (_FREE, _END):
        if left == 0:
            raise Damaged("a chain without end")
        yield _sector(data, number, sector)
        number, left = table[number], left - 1


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Each record's kind, place and length."""
    at, end = 0, len(stream)
    while at + 4 <= end:
        kind, length = _HEAD.unpack_from(stream, at)
        yield kind, at + 4, length
        at += 4 + length


def _walk(stream: bytes) -> OldBook:
    book = OldBook()
    sheet = SheetMarks()
    depth = 0
    for kind, at, length in _records(stream):
        if kind in _CELLS:
            _note_cell(sheet, stream, kind, at, length)
        elif kind == _BOF:
            depth += 1
            sheet = SheetMarks()
            if depth == 1 and stream[at + 2:at + 4] == b"\x10\0":  # a sheet, not the book itself
                book.sheets.append(sheet)
        elif kind == _EOF:
            depth = max(depth - 1, 0)
        elif kind == _DIMENSIONS:
            _check_dimensions(stream, at, length)
        elif kind == _SST and _FOUR.unpack_from(stream, at + 4)[0] * 3 > len(stream):
            raise Damaged("more texts than fit")
        elif kind == _FILEPASS:
            raise Locked
        elif kind == _DATE1904:
            book.is_1904 = stream[at:at + 2] == b"\x01\0"
    return book


def _check_dimensions(stream: bytes, at: int, length: int) -> None:
    """Rows are of four bytes in the newer form of the record and of two in the older."""
    last = _FOUR.unpack_from(stream, at + 4)[0] if length >= 14 else _PLACE.unpack_from(stream, at)[1]
    first_column, last_column = _PLACE.unpack_from(stream, at + (8 if length >= 14 else 4))
    if last > MOST_ROWS or max(first_column, last_column) > MOST_COLUMNS:
        raise Damaged("dimensions")


def _note_cell(sheet: SheetMarks, stream: bytes, kind: int, at: int, length: int) -> None:
    row, column = _PLACE.unpack_from(stream, at)
    if kind in _SPANS:
        last = int.from_bytes(stream[at + length - 2:at + length], "little")
        if last < column:
            raise Damaged("a span that ends before it begins")
        column = last
    if column >= MOST_COLUMNS:
        raise Damaged("a cell outside the sheet")
    sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, column + 1)
    if kind == _BOOLERR and stream[at + 7] == 1:
        sheet.left_out[row, column] = _ERRORS.get(stream[at + 6], "#错误")
