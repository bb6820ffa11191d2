"""Opening a hall's file: what is in it comes out as it stands, and what is no ledger is refused in a sentence."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwt

from desktop.errors import Refusal, Trouble
from printing.sheet_reading import read_book

SAMPLES = Path(__file__).parent / "samples"
XLS = SAMPLES / "各供电所合同台账.xls"
HEAD = ["户号", "户名", "合同编号", "到期日"]


def saved(path: Path, book: openpyxl.Workbook) -> Path:
    book.save(path)
    return path


def archive(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in entries.items():
            out.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    """The sentence that refuses `path`, said within a second."""
    begun = time.perf_counter()
    with pytest.raises((Refusal, Trouble)) as told:
        read_book(path)
    assert time.perf_counter() - begun < 1
    return str(told.value)


def test_rows_keep_the_sheets_own_numbers_hidden_ones_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page["C4"], page["C5"], page["C7"] = "户号", "第一户", "第二户"
    page.row_dimensions[5].hidden = True
    book.create_sheet("藏起来的").sheet_state = "hidden"
    book["藏起来的"]["A2"] = "也要读"
    first, second = read_book(saved(tmp_path / "a.xlsx", book))
    assert [first.rows[n - first.first_row][2] for n in (4, 5, 7)] == ["户号", "第一户", "第二户"]
    assert second.rows[1][0] == "也要读"


def test_cells_keep_their_kind(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["0012", 12, 1.5, date(2026, 2, 28), "=cmd|'/C calc'!A0"])
    book.active["E1"].data_type = "s"
    (sheet,) = read_book(saved(tmp_path / "a.xlsx", book))
    assert sheet.rows == (("0012", 12.0, 1.5, date(2026, 2, 28), "=cmd|'/C calc'!A0"),)


def test_an_error_and_a_formula_without_result_stay_visible(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["#N/A", "=EDATE(A2,12)", "后面"])
    book.active["A1"].data_type = "e"
    (sheet,) = read_book(saved(tmp_path / "a.xlsx", book))
    assert sheet.rows == (("#N/A", "=EDATE(A2,12)", "后面"),)


def test_an_old_workbook_tells_its_errors_merges_and_day_count(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    page = book.add_sheet("旧表")
    page.write_merge(0, 0, 0, 3, "台账")
    page.row(1).set_cell_error(2, 0x2A)
    page.write(3, 0, "末行")
    book.save(str(tmp_path / "a.xls"))
    (sheet,) = read_book(tmp_path / "a.xls")
    assert sheet.is_1904 and sheet.merged == ((0, 0, 0, 3),)
    assert sheet.rows[1][2] == "#N/A" and sheet.rows[3][0] == "末行"


def test_a_workbook_that_counts_days_from_1904_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = date(2026, 1, 2)
    (sheet,) = read_book(saved(tmp_path / "a.xlsx", book))
    assert sheet.is_1904 and sheet.rows[0][0] == date(2026, 1, 2)


def test_cells_merged_downwards_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = "同一户"
    book.active["C4"] = "末格"
    book.active.merge_cells("B2:B4")
    (sheet,) = read_book(saved(tmp_path / "a.xlsx", book))
    assert sheet.merged == ((1, 1, 3, 1),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_text_tables_are_read_in_every_usual_writing(tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "a.csv"
    lines = [HEAD, ["6308633139480", "扎西·顿珠", "DY-1", "2026-11-02"], [], ["", "䶮堃", "“甲,乙;丙\t丁”", ""]]
    text = "\r\n".join(mark.join(f'"{cell}"' for cell in line) for line in lines)
    path.write_bytes(text.encode(encoding))
    (sheet,) = read_book(path)
    assert sheet.rows[0] == tuple(HEAD)
    assert sheet.rows[1][1] == "扎西·顿珠"
    assert sheet.rows[2] == ("", "", "", "")
    assert sheet.rows[3][1:3] == ("䶮堃", "“甲,乙;丙\t丁”")


def test_the_samples_open_in_all_three_forms() -> None:
    sizes = {name: [len(sheet.rows) for sheet in read_book(SAMPLES / f"各供电所合同台账.{name}")]
             for name in ("xlsx", "xls", "csv")}
    assert sizes == {"xlsx": [103, 103, 103], "xls": [103, 103, 103], "csv": [301]}


def test_progress_counts_sheets_and_can_stop_the_reading() -> None:
    told: list[tuple[int, int]] = []
    read_book(XLS, lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]

    def stop(done: int, _total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_book(XLS, stop)


@pytest.mark.parametrize(("name", "words"), [
    ("a.et", "另存为"), ("a.ods", "另存为"), ("a.numbers", "另存为"), ("a.docx", "Word"), ("a.wps", "WPS 文字"),
    ("a.pdf", "PDF"),
])
def test_another_programs_file_is_refused_with_how_to_save_it(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / name).write_bytes(XLS.read_bytes())
    assert words in refusal(tmp_path / name)


@pytest.mark.parametrize(("name", "content", "words"), [
    ("a.xlsx", b"not a workbook, only a sentence", "不是 Excel 工作簿"),
    ("a.xls", b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, "不是 Excel 工作簿"),
    ("a.csv", b"", "空的"),
    ("a.csv", bytes(range(256)) * 20, "不是 Excel 工作簿"),
    ("a.xls", "<html><table><tr><td>户号</td></tr></table></html>".encode(), "网页"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "不是 Excel 工作簿"),
    ("a.xlsx", (SAMPLES / "各供电所合同台账.xlsx").read_bytes()[:20_000], "损坏"),
])
def test_what_is_no_workbook_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert words in refusal(tmp_path / name)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    assert "找不到" in refusal(tmp_path / "无.xlsx")
    assert "文件夹" in refusal(tmp_path)


def test_a_word_file_under_another_name_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.xlsx", {"[Content_Types].xml": b"", "word/document.xml": b"<a/>"})
    assert "不是 Excel 工作簿" in refusal(path)


def test_a_locked_workbook_is_refused(tmp_path: Path) -> None:
    locked = bytearray(XLS.read_bytes())
    at = locked.find("Workbook".encode("utf-16-le"))
    locked[at:at + 34] = "EncryptedPackage".encode("utf-16-le") + b"\0\0"
    (tmp_path / "new.xlsx").write_bytes(locked)
    assert "密码" in refusal(tmp_path / "new.xlsx")


def test_an_old_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    locked = bytearray(XLS.read_bytes())
    start = locked.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")  # the workbook's first record
    length = struct.unpack_from("<H", locked, start + 2)[0]
    locked[start + 4 + length:start + 6 + length] = b"\x2f\x00"
    (tmp_path / "old.xls").write_bytes(locked)
    assert "密码" in refusal(tmp_path / "old.xls")


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b"0" * (60 << 20)})
    assert "展开后过大" in refusal(path)


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b"0" * (60 << 20)})
    said, lie = struct.pack("<I", 60 << 20), struct.pack("<I", 1000)
    path.write_bytes(path.read_bytes().replace(said, lie))
    assert refusal(path)


def test_an_archive_of_thousands_of_parts_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.xlsx", {f"xl/{n}": b"" for n in range(2100)})
    assert "展开后过大" in refusal(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as out:
        out.truncate(21 << 20)
    assert "20 MB" in refusal(path)


@pytest.mark.parametrize("corner", ["XFD1048576", "O1048576"])
def test_a_sheet_with_a_cell_in_its_last_corner_is_refused(tmp_path: Path, corner: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active[corner] = "甲", "乙"
    assert "1048576" in refusal(saved(tmp_path / "a.xlsx", book))


def test_rows_and_columns_that_have_only_a_format_do_not_count(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "户号"
    for corner in ("XFD1", "XFD3", "A1048576"):
        book.active[corner].font = openpyxl.styles.Font(bold=True)
    book.active.row_dimensions[1048576].height = 30
    (sheet,) = read_book(saved(tmp_path / "a.xlsx", book))
    assert sheet.rows == (("户号",),)


def test_damaged_bytes_never_end_the_program(tmp_path: Path) -> None:
    """The reader of old workbooks believes any place and size; ours looks through them first."""
    whole = XLS.read_bytes()
    first_sheet = whole.find(b"\x09\x08\x10\x00\x00\x06\x10\x00")
    at = whole.find(b"\x00\x02\x0e\x00", first_sheet)  # the sheet's dimensions
    broken = bytearray(whole)
    broken[at + 4:at + 18] = b"\0\0\0\0\xff\xff\xff\x7f\0\0\xff\xff\0\0"
    (tmp_path / "a.xls").write_bytes(broken)
    assert "损坏" in refusal(tmp_path / "a.xls")


def test_no_reading_leaves_the_file_open(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(XLS.read_bytes())
    read_book(path)
    path.rename(tmp_path / "b.xls")
    assert not path.exists()


def test_a_part_that_is_no_archive_inside_is_told_as_damage(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        out.writestr("xl/workbook.xml", "<workbook><sheets><sheet name='a' sheetId='1'/></sheets></workbook>")
    (tmp_path / "a.xlsx").write_bytes(stream.getvalue())
    assert "损坏" in refusal(tmp_path / "a.xlsx")
