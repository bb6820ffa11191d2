"""A contract on paper: whole, legible, searchable, and the same every time it is made."""

from __future__ import annotations

import ctypes
import re
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pytest
import segno
from pypdfium2 import raw

from desktop.domain.clause import (
    FilledClause,
    FilledContract,
    FilledParagraph,
    FilledRun,
    FilledTable,
    Frame,
)
from desktop.errors import Refusal
from printing.contract_paper import SIZE, contract_pdf
from printing.page import HEIGHT, LEFT, MM, PAGE_HEIGHT, TOP, WIDTH, Block, Strip, fill_pages
from printing.raster import page, page_count, page_sizes, page_text
from printing.typeset import NEVER_FIRST, NEVER_LAST

MADE = datetime(2026, 11, 23, 9, 5)
NAME = "扎西·次仁㛃𬭼䶮堃喆犇龘餐饮服务部"
BODY = (
    "供电人向用电人供电的电压等级为380V；用电人（以下称“乙方”）应当按照《供用电合同》的约定，于每月25日前交清电费，"
    "逾期的按每日1‰支付违约金，直至交清之日止。“分界点”是指：电能表出线；其“电源侧”设施由供电人（甲方）维护。"
)
NUMBER = "DY-2026-0017"


def paragraph(*parts: str | FilledRun, level: int = 0) -> FilledParagraph:
    runs = tuple(FilledRun(part) if isinstance(part, str) else part for part in parts)
    return FilledParagraph(runs, level)


def clause(number: int, head: str, *blocks: Any) -> FilledClause:
    return FilledClause(f"c{number}", number, head, blocks)


def contract(*clauses: FilledClause, annexes: tuple[FilledClause, ...] = (), practice: bool = False,
             notice: str = "示范文本，须经法务审定") -> FilledContract:
    return FilledContract(
        "低压供用电合同（非居民）", NUMBER, notice, practice,
        (("供电人名称", "示例供电公司"), ("法定地址", "示例州示例县青年南大街甲1号"), ("开户银行", "示例银行")),
        (("户名", NAME), ("证件号码", "91632521MA00000A9H")),
        clauses, annexes,
        (("供电人（盖章）", "用电人（盖章或者签名）"), ("法定代表人（负责人）或授权代理人", "法定代表人或授权代理人"),
         ("签订日期", "签订日期")),
        "示例供电营业厅", NUMBER)


def long_contract(practice: bool = False) -> FilledContract:
    """Some seven pages with all that a contract can hold."""
    filled = FilledRun("80", True, "待核验")
    clauses = [clause(n, f"约定之{n}", paragraph(BODY), paragraph("（一）容量为", filled, "千瓦；" + BODY, level=1),
                      paragraph("1. " + BODY, level=2)) for n in range(1, 26)]
    rows = tuple((f"冷库压缩机{n}", "动力", str(n), "40") for n in range(1, 91))
    table = FilledTable("用电设备清单", ("设备名称", "类型", "数量（台）", "容量（kW）"), rows,
                        (False, False, True, True))
    annexes = (clause(1, "供电接线及产权分界示意图", paragraph(BODY), Frame("示意图粘贴处", 120)),
               clause(2, "用电设备清单", paragraph(BODY), table))
    return contract(*clauses, annexes=annexes, practice=practice)


@pytest.fixture(scope="module")
def printed(fonts: Any) -> bytes:
    return contract_pdf(long_contract(), fonts, MADE)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def body_text(pdf: bytes) -> str:
    """All pages' text without what stands around the body, and without blanks, which only the eye needs."""
    pages = page_text(pdf)
    around = re.compile(rf"低压供用电合同（非居民）合同编号：{NUMBER}(示范文本，须经法务审定)?"
                        rf"第\d+页共{len(pages)}页(演练)?(待核验)*$")
    texts = [squeezed(text) for text in pages]
    assert all(around.search(text) for text in texts)
    return "".join(around.sub("", text) for text in texts)


def boxes(pdf: bytes) -> list[tuple[int, str, float, float, float, float]]:
    """Page, character, and its left, bottom, right, top, for all that is inked."""
    found = []
    document = pdfium.PdfDocument(pdf)
    for number in range(len(document)):
        words = document[number].get_textpage()
        for place in range(words.count_chars()):
            char = chr(raw.FPDFText_GetUnicode(words, place))
            if not char.isspace():
                found.append((number, char, *words.get_charbox(place)))
    return found


def origins(pdf: bytes, number: int) -> list[tuple[str, float, float]]:
    """Character, x and baseline, in the order in which they are shown on the page."""
    words = pdfium.PdfDocument(pdf)[number].get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    found = []
    for place in range(words.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(words, place))
        if char not in "\r\n" and raw.FPDFText_GetCharOrigin(words, place, x, y):
            found.append((char, x.value, round(y.value, 1)))
    return found


def test_the_text_on_paper_equals_the_contract_letter_for_letter(printed: bytes) -> None:
    text = body_text(printed)
    at = 0
    for part in long_contract().clauses:
        for block in part.blocks:
            assert isinstance(block, FilledParagraph)
            wanted = squeezed(block.text)
            at = text.index(wanted, at) + len(wanted)
    assert squeezed(NAME) in text


def test_rare_characters_above_the_basic_plane_are_found_by_search(printed: bytes) -> None:
    words = pdfium.PdfDocument(printed)[0].get_textpage()
    assert words.search("扎西·次仁㛃").get_next() is not None
    assert NAME in squeezed(page_text(printed)[0])


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(printed: bytes) -> None:
    checked = 0
    for number in range(page_count(printed)):
        shown = origins(printed, number)
        for (before, x, y), (after, next_x, next_y) in pairwise(shown):
            if next_y < y - 5 and next_x <= x:  # a new line below
                assert after not in NEVER_FIRST, (number, before, after)
                assert before not in NEVER_LAST, (number, before, after)
                checked += 1
    assert checked > 200


def test_nothing_is_printed_beyond_the_margins_but_the_margin_marks(printed: bytes) -> None:
    found = boxes(printed)
    assert len(found) > 5000
    outside = {char for _, char, left, bottom, right, top in found
               if left < LEFT - 0.6 or right > LEFT + WIDTH + 0.6 or bottom < 20 or top > PAGE_HEIGHT - 35}
    assert outside <= set("待核验")
    body = [entry for entry in found if 45 < entry[3] < PAGE_HEIGHT - TOP]
    assert min(bottom for _, _, _, bottom, _, _ in body) > PAGE_HEIGHT - TOP - HEIGHT - 1


def test_unverified_figures_are_marked_in_the_margin_of_their_line(printed: bytes) -> None:
    marks = [entry for entry in boxes(printed) if entry[1] == "核" and entry[2] > LEFT + WIDTH]
    assert len(marks) == len(long_contract().clauses)


def test_every_page_tells_its_number_and_how_many_there_are(printed: bytes) -> None:
    pages = page_text(printed)
    assert len(pages) > 6
    for number, text in enumerate(pages, start=1):
        assert f"第{number}页共{len(pages)}页" in squeezed(text)
        assert NUMBER in text
    assert {(round(w), round(h)) for w, h in page_sizes(printed)} == {(595, 842)}


def test_only_our_two_faces_are_in_the_file_and_both_are_embedded(printed: bytes) -> None:
    assert b"Helvetica" not in printed and b"/Type1" not in printed
    faces = set(re.findall(rb"/BaseFont /([A-Z]{6}\+[\w-]+)", printed))
    assert {face[7:] for face in faces} == {b"NotoSerifSC-Regular", b"NotoSansSC-Regular"}
    assert printed.count(b"/FontFile2") == 2


def test_the_same_contract_gives_the_same_bytes(fonts: Any, printed: bytes) -> None:
    contract_pdf(contract(clause(1, "别的", paragraph("𬭼以外的字"))), fonts, MADE)
    assert contract_pdf(long_contract(), fonts, MADE) == printed
    assert contract_pdf(replace(long_contract(), number="DY-2026-0018"), fonts, MADE) != printed


def test_the_practice_mark_stands_on_every_page_and_on_no_real_contract(fonts: Any, printed: bytes) -> None:
    assert all("演练" in squeezed(text) for text in page_text(contract_pdf(long_contract(True), fonts, MADE)))
    assert not any("演练" in squeezed(text) for text in page_text(printed))


SIGNED = ("供电人（盖章）：", "用电人（盖章或者签名）：", "签订日期：", "签订地点：示例供电营业厅")


def signed_sheets(pdf: bytes) -> list[str]:
    return [squeezed(text) for text in page_text(pdf) if "签　署　页" in text]


def test_the_signature_lines_are_never_parted(fonts: Any) -> None:
    for count in range(1, 9):
        clauses = [clause(n, f"约定之{n}", paragraph(BODY), paragraph(BODY)) for n in range(1, count)]
        (sheet,) = signed_sheets(contract_pdf(contract(*clauses), fonts, MADE))
        assert all(label in sheet for label in SIGNED)
        assert f"以下无正文，为《低压供用电合同（非居民）》签署页，合同编号：{NUMBER}" in sheet


def test_a_short_last_page_of_text_holds_the_signatures_too_and_is_not_left_nearly_empty(fonts: Any) -> None:
    pdf = contract_pdf(contract(clause(1, "地址", paragraph(BODY))), fonts, MADE)
    (sheet,) = signed_sheets(pdf)
    assert page_count(pdf) == 1 and sheet.index("第一条") < sheet.index("签署页")


def test_annexes_begin_on_a_page_after_the_signatures(printed: bytes) -> None:
    (sheet,) = signed_sheets(printed)
    assert "附件" not in sheet


def test_the_file_tells_the_moment_at_which_it_was_drawn_up(fonts: Any) -> None:
    short = contract(clause(1, "地址", paragraph(BODY)))
    told = pdfium.PdfDocument(contract_pdf(short, fonts, MADE)).get_metadata_dict()
    assert told["CreationDate"] == told["ModDate"] == "D:20261123090500"
    assert contract_pdf(short, fonts, MADE) == contract_pdf(short, fonts, MADE) != contract_pdf(
        short, fonts, MADE.replace(minute=6))


def test_a_sum_stands_under_the_list_and_never_alone_on_a_page(fonts: Any) -> None:
    for count in range(30, 50):
        rows = tuple((f"设备{n}", "1") for n in range(count))
        table = FilledTable("清单", ("名称", "容量"), rows, (False, True), ("合计", str(count)))
        pages = [squeezed(text) for text in page_text(contract_pdf(contract(clause(1, "表", table)), fonts, MADE))]
        (last,) = [page for page in pages if "合计" in page]
        assert f"设备{count - 1}1合计{count}" in last


def test_a_table_that_goes_over_the_page_repeats_its_heads_and_loses_no_row(printed: bytes) -> None:
    sheets = [squeezed(text) for text in page_text(printed) if "冷库压缩机" in text]
    assert len(sheets) > 1
    assert all("设备名称类型数量（台）容量（kW）" in sheet for sheet in sheets)
    assert [int(n) for sheet in sheets for n in re.findall(r"冷库压缩机(\d+?)动力", sheet)] == list(range(1, 91))


def test_a_head_is_never_the_last_line_of_a_page(printed: bytes) -> None:
    for number in range(page_count(printed)):
        body = [(char, x, y) for char, x, y in origins(printed, number) if y > PAGE_HEIGHT - TOP - HEIGHT]
        lowest = min(y for _, _, y in body)
        last = "".join(char for char, _, y in body if y == lowest)
        assert not re.match(r"第[一二三四五六七八九十]+条\s", last)


def test_a_little_last_annex_is_not_alone_on_a_page(fonts: Any) -> None:
    register = FilledTable("登记表", ("协议编号", "签订日期"), (("无", ""),), (False, False))
    for machines in range(16, 34):
        rows = tuple((f"织机{n}", "动力") for n in range(machines))
        annexes = (clause(1, "示意图", Frame("粘贴处", 60)),
                   clause(2, "设备清单", FilledTable("清单", ("名称", "类型"), rows, (False, False))),
                   clause(3, "变更和补充协议", paragraph("登记于下表。"), register))
        pdf = contract_pdf(contract(clause(1, "地址", paragraph(BODY)), annexes=annexes), fonts, MADE)
        assert f"织机{machines - 1}" in squeezed(page_text(pdf)[-1]), machines


def test_an_annex_longer_than_a_page_begins_where_there_is_room(fonts: Any) -> None:
    def listed(count: int) -> list[str]:
        table = FilledTable("清单", ("名称", "容量"), tuple((f"设备{n}", "1") for n in range(count)), (False, True))
        annexes = (clause(1, "示意图", Frame("粘贴处", 100)), clause(2, "设备清单", table))
        pdf = contract_pdf(contract(clause(1, "地址", paragraph(BODY)), annexes=annexes), fonts, MADE)
        return [squeezed(text) for text in page_text(pdf) if "附件二" in squeezed(text)]

    assert "粘贴处" not in listed(30)[0]
    assert "粘贴处" in listed(60)[0]


def test_what_announces_a_list_stands_on_the_page_of_its_first_item(fonts: Any) -> None:
    for above in range(1, 14):
        told = [paragraph(BODY) for _ in range(above)]
        items = (paragraph("供电人履行下列义务："), *(paragraph("（一）" + BODY, level=1) for _ in range(3)))
        pdf = contract_pdf(contract(clause(1, "约定", *told, *items)), fonts, MADE)
        pages = [squeezed(text) for text in page_text(pdf)]
        (page_,) = [text for text in pages if "供电人履行下列义务：" in text]
        assert "供电人履行下列义务：（一）" in page_, above


def test_a_list_with_nothing_in_it_says_so_right_across(fonts: Any) -> None:
    table = FilledTable("其他计量点", ("计量点", "方式", "倍率"), (("无", "", ""),), (False, False, True))
    pdf = contract_pdf(contract(clause(1, "计量", table)), fonts, MADE)
    (at,) = [(x, y) for char, x, y in origins(pdf, 0) if char == "无" and x > LEFT + WIDTH / 2 - 10
             and x < LEFT + WIDTH / 2 + 10 and y > 300]
    assert at


def test_a_crowded_table_splits_no_number_and_no_unit(fonts: Any) -> None:
    heads = ("电源", "性质", "变电站", "线路", "电压", "出口开关或杆号", "容量（kVA）", "公线或专线", "进线")
    row = ("电源一", "主供", "110kV恰卜恰变", "10kV青海湖路线", "10kV", "27号杆", "12500", "公线", "电缆")
    table = FilledTable("供电电源", heads, (row,), (False,) * 6 + (True, False, False))
    words = page_text(contract_pdf(contract(clause(1, "供电方式", table)), fonts, MADE))[0].split()
    assert words.count("10kV") >= 1 and "12500" in words and "110kV" in words


def test_a_cell_longer_than_a_page_goes_on_and_loses_nothing(fonts: Any) -> None:
    story = "".join(f"第{n}项设备由用电人维护；" for n in range(400))
    table = FilledTable("说明", ("名称", "内容"), (("甲", story),), (False, False))
    text = body_text(contract_pdf(contract(clause(1, "表", table)), fonts, MADE))
    assert story in text.replace("名称内容", "").replace("甲", "")


def test_a_character_that_no_font_has_is_refused_by_name(fonts: Any) -> None:
    with pytest.raises(Refusal, match="U\\+1F600"):
        contract_pdf(contract(clause(1, "地址", paragraph(FilledRun("某路😀", True)))), fonts, MADE)


def test_an_approved_text_carries_no_notice(fonts: Any) -> None:
    text = "".join(page_text(contract_pdf(contract(clause(1, "地址", paragraph(BODY)), notice=""), fonts, MADE)))
    assert "示范文本" not in text


def test_the_qr_code_on_paper_is_the_contract_number(fonts: Any) -> None:
    """Every module of the code is looked at in the middle, on the page as pdfium draws it."""
    pdf = contract_pdf(contract(clause(1, "地址", paragraph(BODY))), fonts, MADE)
    picture = page(pdf, 0, 288)
    modules = segno.make(NUMBER, error="m", boost_error=False, mask=2, micro=False).matrix
    side = 19 * MM
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            x = int((LEFT + WIDTH - side + (column + 0.5) * side / len(modules)) * 4)
            y = int((TOP + (row + 0.5) * side / len(modules)) * 4)
            assert (picture.pixels[y * picture.stride + 4 * x] < 128) == bool(dark), (row, column)


def strips(count: int, height: float = 20.0) -> tuple[Strip, ...]:
    return tuple(Strip(height) for _ in range(count))


def test_no_paragraph_leaves_one_line_alone_on_either_side_of_a_page_break() -> None:
    for lines in range(2, 12):
        for above in range(4, 10):
            pages = fill_pages([Block(strips(above)), Block(strips(lines))], 200)
            on_first = len(pages[0]) - above
            assert on_first != 1 and (lines - on_first != 1 or lines == 1)
            assert sum(map(len, pages)) == above + lines


def test_a_head_goes_over_with_the_first_lines_of_what_it_heads() -> None:
    blocks = [Block(strips(8)), Block(strips(1), keep_next=True), Block(strips(1), keep_next=True),
              Block(strips(5))]
    assert [len(placed) for placed in fill_pages(blocks, 200)] == [8, 7]


def test_a_strip_higher_than_a_page_is_placed_all_the_same() -> None:
    pages = fill_pages([Block(strips(1)), Block(strips(2, 500), together=1)], 200)
    assert [len(placed) for placed in pages] == [1, 1, 1]


def test_what_a_signature_page_is_of_stands_on_one_line_and_its_number_under_it(fonts: Any) -> None:
    long = replace(contract(clause(1, "地址", paragraph(BODY))), number="620105-DY-2026-000001")
    (sheet,) = [text for text in page_text(contract_pdf(long, fonts, MADE)) if "签　署　页" in text]
    assert re.search(r"（以下无正文，为《低压供用电合同（非居民）》签署页，\s+合同编号：620105-DY-2026-000001）", sheet)


@pytest.mark.parametrize(("above", "indent"), [(0, 0.0), (1, 2.0)])
def test_a_numbered_list_is_indented_as_a_block_only_under_another(above: int, indent: float, fonts: Any) -> None:
    listed = clause(1, "术语", paragraph("（一）含义：", level=above), paragraph(f"1. {'龘' * 120}", level=2))
    shown = [(x, y) for char, x, y in origins(contract_pdf(contract(listed), fonts, MADE), 0) if char == "龘"]
    second = min(x for x, y in shown if y == sorted({y for _, y in shown})[1])
    assert second == pytest.approx(LEFT + indent * SIZE, abs=1)
