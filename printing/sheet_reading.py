"""Opening what a hall gives as its ledger: .xlsx, .xls or .csv becomes sheets of plain values.

Before a file is opened its weight is taken, since a small archive can hold gigabytes and a sheet with one cell in
its last corner asks for as much memory. What is not a workbook is refused in one sentence with what to do.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine as calamine

from desktop.domain.ledger_cells import Cell, Sheet
from desktop.errors import Refusal, Trouble
from desktop.progress import Step, no_step
from printing.old_book import Damaged, Locked, look_through
from printing.sheet_xml import SheetMarks, sheet_marks

LARGEST_FILE = 20 * 2**20
LARGEST_UNPACKED = 100 * 2**20
LARGEST_RATIO = 100
SMALL_ENOUGH = 2**20  # a ratio means nothing in a tiny part
MOST_ENTRIES = 2_000
LARGEST_AREA = 4_000_000  # cells between a sheet's first and last corner
LONGEST_FIELD = 1_000_000
_CHUNK = 1 << 16

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AS = "请用 WPS 或 Excel 打开它，“另存为”选“Excel 工作簿（*.xlsx）”，再导入另存的文件。"
OTHER_TABLES = {
    ".et": "WPS 表格（.et）", ".ett": "WPS 表格模板（.ett）", ".ods": "OpenDocument 表格（.ods）",
    ".numbers": "Numbers 表格（.numbers）",
}
OTHER_PAPERS = {
    ".wps": "WPS 文字（.wps）", ".doc": "Word 文档（.doc）", ".docx": "Word 文档（.docx）", ".pdf": "PDF",
}
NEW_BOOKS = (".xlsx", ".xlsm", ".xlsb")
BOMBED = "文件展开后过大，可能是损坏或恶意的文件，未打开。请核对文件来源，或只保留台账所在的工作表另存后再导入。"
NO_BOOK = "这不是 Excel 工作簿（.xlsx、.xls）或 CSV 文件，没有导入。请核对所选的文件。"
LOCKED = "工作簿设有打开密码，读不了。请先在 WPS 或 Excel 里取消密码另存，再导入。"
DAMAGED = "文件已损坏，读不出内容。请用 WPS 或 Excel 打开核对，另存一份后再导入。"


def read_book(path: Path, step: Step | None = None) -> tuple[Sheet, ...]:
    """The sheets of a workbook or text table, hidden sheets and rows too; row i of a sheet is its row i + 1.

    `step(done, total)` counts sheets. Raises Refusal for what is no ledger file (other program's, encrypted, too
    large, a bomb), Trouble when it cannot be read.
    """
    step = step or no_step
    data = _bytes(path)
    _check_name(path)
    if data.startswith(ZIP):
        return _read_zip(data, step)
    if data.startswith(OLE):
        return _read_ole(data, step)
    if path.suffix.lower() in NEW_BOOKS:
        raise Refusal(NO_BOOK)
    return (_read_text(data, path.stem, step),)


def _check_name(path: Path) -> None:
    suffix = path.suffix.lower()
    if suffix in OTHER_TABLES:
        raise Refusal(f"这是 {OTHER_TABLES[suffix]} 文件，不能直接导入。{SAVE_AS}")
    if suffix in OTHER_PAPERS:
        raise Refusal(f"这是 {OTHER_PAPERS[suffix]} 文件，不是表格。请把其中的台账做成 Excel 工作簿（*.xlsx）再导入。")


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise Refusal(f"文件有 {size / 2**20:.0f} MB，超过 {LARGEST_FILE // 2**20} MB 的上限，没有打开。"
                          "请删去图片和无关的工作表，或分成几个文件再导入。")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Trouble(f"找不到文件“{path.name}”。", "请核对路径后再选一次。") from error
    except IsADirectoryError as error:
        raise Refusal(f"“{path.name}”是文件夹，不是文件。请选台账文件。") from error
    except ValueError as error:  # a name with a NUL in it
        raise Refusal("文件名里有不能用的字符。请核对路径后再选一次。") from error
    except OSError as error:
        raise Trouble(f"文件“{path.name}”打不开。", "请确认它没有被别的程序占用、您有读取权限，再试一次。") from error
    if not data.strip(b"\0 \r\n\t"):
        raise Refusal("文件是空的，没有可导入的内容。请核对所选的文件。")
    return data


def _read_zip(data: bytes, step: Step) -> tuple[Sheet, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive)
            marks = _unpack_and_count(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError,
            zlib.error) as error:
        raise Trouble(DAMAGED) from error
    except RuntimeError as error:  # zipfile's way to say that an entry is encrypted
        raise Refusal(LOCKED) from error
    book_xml = _content(marks, "xl/workbook.xml")
    is_1904 = b'date1904="1"' in book_xml or b'date1904="true"' in book_xml
    return tuple(_sheets(data, _Marks(is_1904, by_name=_parts(marks)), step))


def _check_directory(archive: zipfile.ZipFile) -> None:
    """What the archive says of itself; what it really holds is counted afterwards."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise Refusal(BOMBED)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refusal(LOCKED)
    if "mimetype" in names or any(name.startswith("Index/") for name in names):
        raise Refusal(f"这是别的程序的表格文件，不能直接导入。{SAVE_AS}")
    if not any(name.startswith("xl/") for name in names):
        raise Refusal(NO_BOOK)


def _unpack_and_count(archive: zipfile.ZipFile) -> dict[str, SheetMarks]:
    """Unpack every entry once, counting what really comes out; note what the reader leaves out of each sheet."""
    marks: dict[str, SheetMarks] = {}
    total = 0
    for entry in archive.infolist():
        content = _unpacked(archive, entry, LARGEST_UNPACKED - total)
        total += len(content)
        if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
            marks[entry.filename] = found = sheet_marks(content)
            _check_area(found.rows, found.columns)
        elif entry.filename == "xl/workbook.xml" or entry.filename.endswith("workbook.xml.rels"):
            marks[entry.filename] = SheetMarks(content=content)
    return marks


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > room or (size > SMALL_ENOUGH and size > LARGEST_RATIO * max(entry.compress_size, 1)):
                raise Refusal(BOMBED)
            pieces.append(piece)
    return b"".join(pieces)


def _check_area(rows: int, columns: int) -> None:
    if rows * columns > LARGEST_AREA:
        raise Refusal(f"有一张工作表的内容一直到第 {rows} 行、第 {columns} 列，超出了台账的大小，没有打开。"
                      "请删去表格以外的零星内容（或多余的空行空列）另存后再导入。")


def _read_ole(data: bytes, step: Step) -> tuple[Sheet, ...]:
    """An old workbook without password; not an encrypted new one, a Word file or an installer."""
    try:
        book = look_through(data)
    except Locked as error:
        raise Refusal(LOCKED) from error
    except Damaged as error:
        raise Trouble(DAMAGED) from error
    if book is None:
        raise Refusal(NO_BOOK)
    for sheet in book.sheets:
        _check_area(sheet.rows, sheet.columns)
    return tuple(_sheets(data, _Marks(book.is_1904, by_place=book.sheets), step))


@dataclass(frozen=True)
class _Marks:
    """What is known of the sheets before they are read, by name or by place."""

    is_1904: bool
    by_name: Mapping[str, SheetMarks] = field(default_factory=dict)
    by_place: Sequence[SheetMarks] = ()

    def of(self, name: str, place: int, places: int) -> SheetMarks | None:
        return self.by_place[place] if len(self.by_place) == places else self.by_name.get(name)


def _sheets(data: bytes, marks: _Marks, step: Step) -> Iterator[Sheet]:
    book = _foreign(lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))
    names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    for done, name in enumerate(names):
        step(done, len(names))
        sheet = _foreign(lambda name=name: book.get_sheet_by_name(name))  # type: ignore[misc]
        if sheet.end is not None:
            _check_area(sheet.end[0] + 1, sheet.end[1] + 1)
        rows = _foreign(lambda sheet=sheet: sheet.to_python(skip_empty_area=False))  # type: ignore[misc]
        if found := marks.of(name, done, len(names)):
            found.restore(rows)
        yield Sheet(name, tuple(map(tuple, rows)), merged=_merged(sheet), is_1904=marks.is_1904)
    step(len(names), len(names))


def _foreign(read: Callable[[], Any]) -> Any:
    """Run the foreign parser; whatever it says, or its panic, is a damaged or locked file to the clerk."""
    try:
        return read()
    except calamine.PasswordError as error:
        raise Refusal(LOCKED) from error
    except Exception as error:
        raise Trouble(DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Trouble(DAMAGED) from error


def _merged(sheet: Any) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())


def _content(marks: dict[str, SheetMarks], name: str) -> bytes:
    return marks[name].content if name in marks else b""


def _parts(marks: dict[str, SheetMarks]) -> dict[str, SheetMarks]:
    """Which part of the archive holds which sheet, by the workbook's own relations."""
    targets = dict(_relations(_content(marks, "xl/_rels/workbook.xml.rels")))
    found: dict[str, SheetMarks] = {}
    for tag in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", _content(marks, "xl/workbook.xml")):
        name, relation = _attribute(tag, b"name"), _attribute(tag, rb"\w+:id")
        target = targets.get(relation, "").removeprefix("/xl/")
        if mark := marks.get(f"xl/{target}"):
            found[name] = mark
    return found


def _relations(content: bytes) -> Iterator[tuple[str, str]]:
    for tag in re.findall(rb"<Relationship\s[^>]*>", content):
        yield _attribute(tag, b"Id"), _attribute(tag, b"Target")


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb"""=(?:"([^"]*)"|'([^']*)')""", tag)
    text = ((found[1] or found[2] or b"") if found else b"").decode("utf-8", "replace")
    for mark, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(mark, sign)
    return text


def _read_text(data: bytes, name: str, step: Step) -> Sheet:
    """A text table: UTF-8 or GB18030, parted by comma, semicolon or tab; a record's number is its row's."""
    step(0, 1)
    text = _decoded(data)
    if text.lstrip()[:1] == "<":
        raise Refusal(f"这是网页或 XML 格式的表格，不能直接导入。{SAVE_AS}")
    csv.field_size_limit(LONGEST_FIELD)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise Trouble("CSV 文件的内容读不通（引号或换行不配对）。", SAVE_AS) from error
    width = max(map(len, records))
    if width < 2:
        raise Refusal(NO_BOOK)
    _check_area(len(records), width)
    step(1, 1)
    return Sheet(name, tuple(_padded(record, width) for record in records))


def _padded(record: list[str], width: int) -> tuple[Cell, ...]:
    return tuple(record) + ("",) * (width - len(record))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded_as(data, "utf-16")
    if b"\0" in data:
        raise Refusal(NO_BOOK)
    if data.startswith(b"\xef\xbb\xbf"):
        return _decoded_as(data, "utf-8-sig")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded_as(data, "gb18030")


def _decoded_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refusal(NO_BOOK) from error


def _delimiter(text: str) -> str:
    """The mark that stands outside quotes most often in the first lines."""
    bare = re.sub(r'"[^"]*"', "", text[:8192])
    return max(",;\t", key=bare.count)
