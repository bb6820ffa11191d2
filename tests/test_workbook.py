"""Excel out: what is written is what was kept, whole or not at all."""

from __future__ import annotations

import resource
import subprocess
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from desktop.errors import Refusal, Trouble
from printing.workbook import Column, Footer, SheetSpec, Total, write_workbook
from printing.workbook_cells import clean, hide

NAME = Column("name", "户名")
ACCOUNT = Column("account", "户号", "identifier")
HOSTILE = ("=1+1", "+86", "-5 度", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "<b>&amp;</b>", "_x000D_", "  两头空  ")


def written(tmp_path: Path, columns: tuple[Column, ...], rows: list, **spec: object) -> Worksheet:
    path = tmp_path / "表.xlsx"
    write_workbook(path, SheetSpec("测试表", columns, **spec), rows)  # type: ignore[arg-type]
    return openpyxl.load_workbook(path).active


def test_title_unit_period_heads_and_footer_stand_where_a_clerk_looks_for_them(tmp_path: Path) -> None:
    footer = Footer("大武供电营业厅", "张三", "", date(2026, 11, 23))
    page = written(tmp_path, (NAME, ACCOUNT), [("甲", "6325210001"), ("乙", "6325210002")],
                   unit="kW", period="2026-11", footer=footer, closing=lambda: ("共 2 户",))
    assert page["A1"].value == "测试表"
    assert page["A2"].value == "统计期：2026-11    计量单位：kW"
    assert [page["A3"].value, page["B3"].value] == ["户名", "户号"]
    assert page["A6"].value == "共 2 户"
    assert page["A7"].value == "单位：大武供电营业厅    制表人：张三    审核人：    日期：2026-11-23"
    assert page.freeze_panes == "A4"
    assert page.auto_filter.ref == "A3:B5"
    assert page.print_title_rows == "$1:$3"


def test_the_filter_of_the_book_and_of_the_sheet_reach_to_the_last_row(tmp_path: Path) -> None:
    written(tmp_path, (NAME, ACCOUNT), [("甲", "1")] * 7)
    with zipfile.ZipFile(tmp_path / "表.xlsx") as archive:
        assert "$A$3:$B$10<" in archive.read("xl/workbook.xml").decode()
        assert 'ref="A3:B10"' in archive.read("xl/worksheets/sheet1.xml").decode()
        assert archive.namelist()[-1] != "[Content_Types].xml"


def test_the_filter_leaves_the_sums_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    sheet = SheetSpec("月报", (Column("name", "业务"), Column("count", "户数", "integer")))
    for rows in ([("新装", 3), ("增容", 4)], []):
        assert write_workbook(path, sheet, [*rows, Total(("合计", 7)), Total(("其中", 1))]) == len(rows)
        assert openpyxl.load_workbook(path).active.auto_filter.ref == f"A3:B{3 + len(rows)}"


def test_a_sheet_too_wide_for_a_page_goes_over_several_with_its_key_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    columns = tuple(Column(f"c{n}", f"列{n}", width=20) for n in range(20))
    write_workbook(path, SheetSpec("台账", columns, keys=2), [tuple("甲" * 20)])
    page = openpyxl.load_workbook(path).active
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight, page.freeze_panes) == (2, 0, "C4")
    assert page.print_title_cols == "$A:$B" and page.print_title_rows == "$1:$3"
    assert page["A1"].alignment.horizontal == "left"  # a title in the middle would be cut between the pages
    write_workbook(path, SheetSpec("清单", columns[:5]), [tuple("甲" * 5)])
    assert openpyxl.load_workbook(path).active.page_setup.fitToWidth == 1


def test_dates_are_dates_and_numbers_are_numbers(tmp_path: Path) -> None:
    columns = (Column("d", "日期", "date"), Column("t", "时间", "datetime"), Column("n", "容量", "number"),
               Column("i", "户数", "integer"), Column("p", "比率", "percent"), Column("m", "金额", "money"))
    page = written(tmp_path, columns, [
        (date(2024, 2, 29), datetime(2026, 11, 23, 9, 30), Decimal("0.5"), 12, 0.98, Decimal("1234567.89"))])
    cells = [page.cell(4, i) for i in range(1, 7)]
    assert [c.value for c in cells] == [
        datetime(2024, 2, 29), datetime(2026, 11, 23, 9, 30), 0.5, 12, 0.98, 1234567.89]
    assert [c.number_format for c in cells] == [
        "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "General", "#,##0", "0.00%", "#,##0.00"]


def test_an_identifier_keeps_its_digits_and_the_text_format(tmp_path: Path) -> None:
    page = written(tmp_path, (ACCOUNT,), [("0063252100010012",)])
    cell = page["A4"]
    assert (cell.value, cell.data_type, cell.number_format) == ("0063252100010012", "s", "@")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    page = written(tmp_path, (NAME, ACCOUNT), [(text, text)])
    for cell in (page["A4"], page["B4"]):
        assert cell.data_type == "s"
        assert cell.value.replace("_x005F_", "_") == text
        assert cell.quotePrefix == (text[0] in "=+-@")


def test_control_characters_are_shown_and_not_lost(tmp_path: Path) -> None:
    page = written(tmp_path, (NAME,), [("甲\x00乙\x0b丙\x7f",), ("上\r\n下\r又",), ("半\ud800个",)])
    assert [page[f"A{n}"].value for n in (4, 5, 6)] == ["甲␀乙␋丙␡", "上\n下\n又", "半�个"]


def test_rare_and_tibetan_names_come_back_letter_for_letter(tmp_path: Path) -> None:
    names = ["𬭼㛃䶮堃喆犇龘", "扎西·才让", "卓玛•措", "  前后有空 "]
    page = written(tmp_path, (NAME,), [(name,) for name in names])
    assert [page[f"A{n}"].value for n in range(4, 8)] == names


def test_a_value_of_another_kind_is_written_as_text_and_not_left_out(tmp_path: Path) -> None:
    columns = (Column("d", "日期", "date"), Column("n", "容量", "number"))
    page = written(tmp_path, columns, [("长期", "2×400"), (date(1899, 5, 1), float("nan")), (None, "")])
    assert [page["A4"].value, page["B4"].value] == ["长期", "2×400"]
    assert [page["A5"].value, page["B5"].value] == ["1899-05-01", "nan"]
    assert [page["A6"].value, page["B6"].value] == [None, None]


def test_a_text_longer_than_a_cell_is_refused_in_words_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(b"yesterday")
    with pytest.raises(Refusal, match=r"第 5 行“户名”有 32,768 个字"):
        write_workbook(path, SheetSpec("表", (NAME,)), [("好" * 32_767,), ("好" * 32_768,)])
    assert path.read_bytes() == b"yesterday"
    assert [p.name for p in tmp_path.iterdir()] == ["表.xlsx"]


def test_a_text_as_long_as_a_cell_is_whole(tmp_path: Path) -> None:
    assert written(tmp_path, (NAME,), [("好" * 32_767,)])["A4"].value == "好" * 32_767


def test_characters_beyond_the_basic_plane_count_twice_as_excel_counts_them(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="32,768"):
        written(tmp_path, (NAME,), [("𬭼" * 16_384,)])


@pytest.mark.parametrize(("whole", "hidden"), [
    ("632521199003071232", "632521********1232"), ("13997001234", "139****1234"),
    ("0974-8512345", "0974-*****45"), ("95598", "95598"), ("9163252171056047XX", "916325********47XX"),
])
def test_ids_and_phones_are_masked(whole: str, hidden: str) -> None:
    assert hide(whole, whole=True) == hidden


def test_an_id_or_phone_within_a_remark_is_masked_and_the_account_is_not() -> None:
    remark = "新户主身份证632521199003071232，电话13997001234或0974-8512345，户号6325210001234"
    assert hide(remark) == "新户主身份证632521********1232，电话139****1234或0974-*****45，户号6325210001234"


def test_a_masked_column_hides_and_names_and_accounts_stay_whole(tmp_path: Path) -> None:
    columns = (NAME, ACCOUNT, Column("phone", "电话", "identifier", masked=True))
    page = written(tmp_path, columns, [("扎西·才让", "6325210001234", "13997001234")])
    assert [page.cell(4, i).value for i in (1, 2, 3)] == ["扎西·才让", "6325210001234", "139****1234"]


def test_grouped_columns_have_a_common_head(tmp_path: Path) -> None:
    columns = (NAME, Column("a", "户数", "integer", group="上期结存"), Column("b", "容量", "number", group="上期结存"))
    page = written(tmp_path, columns, [("甲", 1, Decimal(2)), Total(("合计", 1, Decimal(2)))])
    assert [page["B3"].value, page["B4"].value, page["C4"].value] == ["上期结存", "户数", "容量"]
    assert {str(r) for r in page.merged_cells.ranges} == {"A1:C1", "A2:C2", "A3:A4", "B3:C3"}
    assert page["A6"].value == "合计"
    assert page["A6"].font.bold and not page["A5"].font.bold


def test_a_row_of_another_length_is_our_bug_and_never_a_shifted_table(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"zip\(\)"):
        written(tmp_path, (NAME, ACCOUNT), [("甲", "1"), ("乙",)])


def test_an_empty_table_still_has_its_heads(tmp_path: Path) -> None:
    page = written(tmp_path, (NAME,), [])
    assert page["A3"].value == "户名"
    assert page.auto_filter.ref == "A3:A3"


def test_progress_is_told_and_a_cancel_leaves_no_file(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []

    def step(done: int, total: int) -> None:
        heard.append((done, total))
        if done >= 800:
            raise KeyboardInterrupt

    rows = ((f"户{i}",) for i in range(2_000))
    with pytest.raises(KeyboardInterrupt):
        write_workbook(tmp_path / "表.xlsx", SheetSpec("表", (NAME,)), rows, total=2_000, step=step)
    assert heard == [(400, 2_000), (800, 2_000)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mark", [".~lock.表.xlsx#", "~$表.xlsx"])
def test_a_file_open_in_an_office_program_is_left_alone_with_a_sentence(tmp_path: Path, mark: str) -> None:
    (tmp_path / "表.xlsx").write_bytes(b"yesterday")
    (tmp_path / mark).write_bytes(b"")
    with pytest.raises(Trouble, match="正在别的程序中打开。本次未保存。请先关闭它"):
        write_workbook(tmp_path / "表.xlsx", SheetSpec("表", (NAME,)), [("甲",)])
    assert (tmp_path / "表.xlsx").read_bytes() == b"yesterday"


def test_a_folder_that_is_not_there_is_named_as_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="文件夹不存在"):
        write_workbook(tmp_path / "没有" / "表.xlsx", SheetSpec("表", (NAME,)), [("甲",)])


def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(b"yesterday")
    answer = _in_child(tmp_path, "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))")
    assert answer.startswith("Trouble 磁盘已满")
    assert (tmp_path / "表.xlsx").read_bytes() == b"yesterday"
    assert [p.name for p in tmp_path.iterdir()] == ["表.xlsx"]


def _in_child(folder: Path, before: str) -> str:
    """Write 3,000 random names in a process of its own, after the statement `before`; what it said at the end."""
    code = f"""
import random, resource
from pathlib import Path
from printing.workbook import Column, SheetSpec, write_workbook
from desktop.errors import Trouble
rows = [(str(random.random()), str(random.random())) for _ in range(3000)]
columns = (Column("a", "甲"), Column("b", "乙"))
{before}
try:
    write_workbook(Path({str(folder)!r}) / "表.xlsx", SheetSpec("表", columns), rows)
except Trouble as trouble:
    print("Trouble", trouble)
"""
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def test_thirty_thousand_rows_need_no_more_memory_than_three_thousand(tmp_path: Path) -> None:
    columns = tuple(Column(f"c{i}", f"列{i}") for i in range(10))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = (tuple(f"{n}行{i}列" for i in range(10)) for n in range(30_000))
    assert write_workbook(tmp_path / "表.xlsx", SheetSpec("表", columns), rows) == 30_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # KiB
    sheet = CalamineWorkbook.from_path(str(tmp_path / "表.xlsx")).get_sheet_by_index(0).to_python()
    assert sheet[30_002][9] == "29999行9列"


def test_more_rows_than_a_sheet_holds_are_refused_in_words(tmp_path: Path) -> None:
    rows = (("甲",) for _ in range(1_048_577))
    with pytest.raises(Refusal, match="请缩小范围"):
        write_workbook(tmp_path / "表.xlsx", SheetSpec("表", (NAME,)), rows)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40).map(lambda t: t.replace("\r", "\n")), min_size=1, max_size=8))
def test_any_text_comes_back_as_its_clean_form(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    page = written(tmp_path_factory.mktemp("any"), (NAME,), [(text,) for text in texts])
    for n, text in enumerate(texts, 4):
        shown = clean(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert (page[f"A{n}"].value or "") == shown
        assert page[f"A{n}"].data_type in ("s", "n")  # an empty cell has no text to type
