"""Opening what a hall gives as its ledger: .xlsx, .xls or .csv becomes sheets of plain values.

Before a file is opened its weight is taken, since a small archive can hold gigabytes and a sheet with one cell in
its last corner asks for as much memory. What is not a workbook is refused in one sentence with what to do.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import python_calamine as calamine

from desktop.domain.ledger_cells import Cell, Sheet
from desktop.errors import Refusal, Trouble
from printing.sheet_xml import SheetMarks, sheet_marks

Step = Callable[[int, int], None]

LARGEST_FILE = 20 * 2**20
LARGEST_UNPACKED = 100 * 2**20
LARGEST_RATIO = 100
SMALL_ENOUGH = 2**20  # a ratio means nothing in a tiny part
MOST_ENTRIES = 2_000
LARGEST_AREA = 8_000_000  # cells between a sheet's first and last corner
LONGEST_FIELD = 1_000_000
_CHUNK = 1 << 16

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AS = "请用 WPS 或 Excel 打开它，“另存为”选“Excel 工作簿（*.xlsx）”，再导入另存的文件。"
OTHER_SUFFIXES = {
    ".et": "这是 WPS 表格（.et）文件", ".ett": "这是 WPS 表格模板（.ett）文件", ".wps": "这是 WPS 文字（.wps）文件",
    ".ods": "这是 OpenDocument 表格（.ods）文件", ".numbers": "这是 Numbers 表格文件",
    ".doc": "这是 Word 文档", ".docx": "这是 Word 文档", ".pdf": "这是 PDF 文件",
}
BOMBED = "文件展开后过大，可能是损坏或恶意的文件，未打开。请核对文件来源，或只保留台账所在的工作表另存后再导入。"
NO_BOOK = "这不是 Excel 工作簿（.xlsx、.xls）或 CSV 文件，没有导入。请核对所选的文件。"
LOCKED = "工作簿设有打开密码，读不了。请先在 WPS 或 Excel 里取消密码另存，再导入。"
DAMAGED = "文件已损坏，读不出内容。请用 WPS 或 Excel 打开核对，另存一份后再导入。"


def no_step(_done: int, _total: int) -> None:
    """For callers that show no progress."""


def read_book(path: Path, step: Step | None = None) -> tuple[Sheet, ...]:
    """The sheets of a workbook or text table, hidden sheets and rows too; row i of a sheet is its row i + 1.

    `step(done, total)` counts sheets. Raises Refusal for what is no ledger file (other program's, encrypted, too
    large, a bomb), Trouble when it cannot be read.
    """
    step = step or no_step
    data = _bytes(path)
    if path.suffix.lower() in OTHER_SUFFIXES:
        raise Refusal(f"{OTHER_SUFFIXES[path.suffix.lower()]}，不能直接导入。{SAVE_AS}")
    if data.startswith(ZIP):
        return _read_zip(data, step)
    if data.startswith(OLE):
        _check_ole(data)
        return tuple(_sheets(data, {}, step))
    return (_read_text(data, path.stem, step),)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise Refusal(f"文件有 {size / 2**20:.0f} MB，超过 {LARGEST_FILE // 2**20} MB 的上限，没有打开。"
                          "请删去图片和无关的工作表，或分成几个文件再导入。")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Trouble("找不到这个文件。", "请核对路径后再选一次。") from error
    except IsADirectoryError as error:
        raise Refusal("选中的是文件夹，不是文件。请选台账文件。") from error
    except OSError as error:
        raise Trouble("文件打不开。", "请确认它没有被别的程序占用、您有读取权限，再试一次。") from error
    if not data.strip(b"\0 \r\n\t"):
        raise Refusal("文件是空的，没有可导入的内容。请核对所选的文件。")
    return data


def _read_zip(data: bytes, step: Step) -> tuple[Sheet, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive)
            marks = _unpack_and_count(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Trouble(DAMAGED) from error
    except RuntimeError as error:  # zipfile's way to say that an entry is encrypted
        raise Refusal(LOCKED) from error
    except _zlib_error() as error:
        raise Trouble(DAMAGED) from error
    return tuple(_sheets(data, marks, step))


def _zlib_error() -> type[Exception]:
    import zlib

    return zlib.error


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


def _check_ole(data: bytes) -> None:
    """An old workbook without password; not an encrypted new one, a Word file or an installer."""
    if _ole_entry(data, "EncryptedPackage") is not None:
        raise Refusal(LOCKED)
    entry = _ole_entry(data, "Workbook") or _ole_entry(data, "Book")
    if entry is None:
        raise Refusal(NO_BOOK)
    if _has_password(data, entry):
        raise Refusal(LOCKED)


def _ole_entry(data: bytes, name: str) -> bytes | None:
    """The directory entry (128 bytes, so aligned) of a stream in a compound file."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = data.find(wanted)
    while at >= 0:
        if at % 128 == 0:
            return data[at:at + 128]
        at = data.find(wanted, at + 1)
    return None


def _has_password(data: bytes, entry: bytes) -> bool:
    """FILEPASS (0x2F) stands among the first records of the workbook's stream, after BOF and WRITEPROT."""
    sector = 1 << int.from_bytes(data[30:32], "little")
    at = (int.from_bytes(entry[116:120], "little") + 1) * sector
    for _ in range(4):
        kind, length = int.from_bytes(data[at:at + 2], "little"), int.from_bytes(data[at + 2:at + 4], "little")
        if kind == 0x2F:
            return True
        at += 4 + length
    return False


def _sheets(data: bytes, marks: dict[str, SheetMarks], step: Step) -> Iterator[Sheet]:
    book = _foreign(lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))
    parts = _parts(marks)
    names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    is_1904 = b'date1904="1"' in (book_xml := _content(marks, "xl/workbook.xml")) or b'date1904="true"' in book_xml
    for done, name in enumerate(names):
        step(done, len(names))
        sheet = _foreign(lambda name=name: book.get_sheet_by_name(name))  # type: ignore[misc]
        if sheet.end is not None:
            _check_area(sheet.end[0] + 1, sheet.end[1] + 1)
        rows = _foreign(lambda sheet=sheet: sheet.to_python(skip_empty_area=False))  # type: ignore[misc]
        if found := parts.get(name):
            found.restore(rows)
        yield Sheet(name, tuple(map(tuple, rows)), merged=_merged(sheet), is_1904=is_1904)
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
