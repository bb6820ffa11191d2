"""Lines of Chinese text: what may begin and end them, what is never split, and that nothing is lost."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.errors import Refusal
from printing.typeset import (
    NEVER_FIRST,
    NEVER_LAST,
    Line,
    Run,
    Style,
    set_runs,
    set_text,
    set_value,
    text_width,
)

SIZE = 10.0
CLAUSE = (
    "供电人向用电人供电的电压等级为220/380V，用电容量为80kW；用电人（以下称“乙方”）应当按照《供用电合同》的约定，"
    "于每月25日前交清电费，逾期的按每日1‰支付违约金，直至交清之日止。计量方式为低供低计，倍率为30；户名：扎西·次仁。"
)

words = st.sampled_from(["供电", "用电人", "合同", "电能表", "80kW", "10kV", "DL/T448", "25", "a", "恰卜恰", " "])
marks = st.sampled_from(["，", "。", "；", "：", "）", "》。", "”，", "（", "“", "《", "、", "——", "……", "％", "！"])
texts = st.lists(st.one_of(words, words, marks), min_size=1, max_size=60).map("".join).filter(
    lambda text: not re.search(f"[{re.escape(NEVER_FIRST + NEVER_LAST)}]{{4}}", text))
widths = st.floats(90, 440)


@pytest.fixture(scope="module")
def style(fonts: Any) -> Style:
    return Style(fonts.song, "Song", SIZE, first=2)


def shown(line: Line) -> str:
    """What the operators of a line really show."""
    digits = "".join(re.findall(r"<([0-9a-f]+)>", line.ink))
    return bytes.fromhex(digits).decode("utf-16-be")


@given(text=texts, width=widths)
@settings(max_examples=300)
def test_no_text_is_lost_and_none_is_added(style: Style, text: str, width: float) -> None:
    lines = set_value(text, style, width)
    assert "".join(line.text for line in lines) == text
    assert [shown(line) for line in lines] == [line.text.rstrip(" ") for line in lines]


@given(text=texts, width=widths)
@settings(max_examples=300)
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(style: Style, text: str,
                                                                        width: float) -> None:
    lines = set_value(text, style, width)
    assert not [line.text for line in lines[1:] if line.text[:1] in NEVER_FIRST and line.text]
    assert not [line.text for line in lines[:-1] if line.text.rstrip(" ")[-1:] in NEVER_LAST and line.text.strip()]


@given(text=texts, width=widths)
@settings(max_examples=300)
def test_no_line_is_wider_than_its_room(style: Style, text: str, width: float) -> None:
    for line in set_value(text, style, width):
        assert line.x + line.width <= width + 0.01
        assert line.x >= -SIZE / 2 - 0.01


@given(text=texts, width=widths)
@settings(max_examples=200)
def test_numbers_and_words_are_never_split(style: Style, text: str, width: float) -> None:
    lines = set_value(text, style, width)
    for first, second in pairwise(lines):
        head, tail = re.search(r"[!-~]*$", first.text), re.match(r"[!-~]*", second.text)
        word = (head[0] if head else "") + (tail[0] if tail else "")
        split = bool(head and head[0] and tail and tail[0])
        room = width - 5 * SIZE  # less the indent and up to three marks that cling to the word
        assert not split or text_width(word, style.face, SIZE) > room


def test_every_line_of_a_paragraph_but_the_last_ends_at_the_right_edge(style: Style) -> None:
    lines = set_text(CLAUSE * 3, style, 441)
    assert len(lines) > 5
    assert {round(line.x + line.width, 2) for line in lines[:-1]} == {441.0}
    assert lines[-1].width < 441


def test_the_first_line_is_indented_by_two_characters_and_no_other(style: Style) -> None:
    assert [round(line.x, 3) for line in set_text("电" * 100, style, 400)] == [20.0, 0.0, 0.0]


def test_a_quarter_em_stands_between_chinese_and_latin_and_none_before_a_mark(style: Style) -> None:
    face = style.face
    plain = sum(face.advances[char] for char in "容量80kW，") * SIZE / 1000
    assert text_width("容量80kW，", face, SIZE) == pytest.approx(plain + SIZE / 4)
    assert text_width("80kW的", face, SIZE) - text_width("80kW", face, SIZE) == pytest.approx(SIZE * 1.25)


def test_two_marks_in_a_row_share_their_blank_halves(style: Style) -> None:
    assert text_width("”）。", style.face, SIZE) == pytest.approx(SIZE * 2)
    assert text_width("（“甲", style.face, SIZE) == pytest.approx(SIZE * 2.5)


def test_a_closing_mark_at_the_end_of_a_line_gives_its_blank_half_away(style: Style) -> None:
    lines = set_text("电" * 39 + "，" + "电" * 20, Style(style.face, "Song", SIZE), 395)
    assert lines[0].text == "电" * 39 + "，"
    assert round(lines[0].width, 2) == 395.0


def test_an_opening_mark_at_the_beginning_of_a_line_hangs_its_blank_half(style: Style) -> None:
    lines = set_text("电" * 40 + "（电）" * 4, Style(style.face, "Song", SIZE), 400)
    assert lines[1].text.startswith("（")
    assert lines[1].x == pytest.approx(-SIZE / 2)


def test_a_number_longer_than_its_column_is_split_as_the_last_resort(style: Style) -> None:
    lines = set_text("6300000000000000001", Style(style.face, "Song", SIZE, align="left"), 40)
    assert len(lines) > 1 and "".join(line.text for line in lines) == "6300000000000000001"
    assert all(line.width <= 40.01 for line in lines)


def test_no_paragraph_ends_with_one_lonely_character(style: Style) -> None:
    for count in range(60, 140):
        last = set_text("电" * count + "。", style, 400)[-1].text
        assert len(last) > 2


def test_a_line_break_in_a_note_begins_a_line_of_its_own(style: Style) -> None:
    assert [line.text for line in set_value("第一行\r\n第二行\n", style, 300)] == ["第一行", "第二行", ""]


def test_a_filled_blank_is_underlined_from_its_first_to_its_last_character(style: Style) -> None:
    (line,) = set_runs([Run("容量为"), Run("80", True, "待核验"), Run("千瓦")], style, 300)
    digits = sum(style.face.advances[char] for char in "80") * SIZE / 1000
    ((start, end),) = line.rules
    assert start == pytest.approx(20 + 3 * SIZE + SIZE / 4)
    assert end - start == pytest.approx(digits)
    assert line.mark == "待核验"


def test_a_blank_that_goes_over_the_line_is_underlined_on_both(style: Style) -> None:
    lines = set_runs([Run("地址："), Run("青海省海南藏族自治州共和县恰卜恰镇" * 3, True), Run("。")], style, 200)
    assert len(lines) > 2 and all(len(line.rules) == 1 for line in lines)
    assert all(0 <= a < b <= 200.01 for line in lines for a, b in line.rules)
    assert lines[1].rules[0] == (pytest.approx(0), pytest.approx(200))


def test_a_mark_stands_at_the_line_on_which_its_blank_begins(style: Style) -> None:
    lines = set_runs([Run("电" * 45), Run("30", True, "待核验"), Run("日" * 50)], style, 400)
    assert [line.mark for line in lines] == ["", "待核验", ""]


def test_rare_characters_are_shown_with_numbers_of_their_own(style: Style) -> None:
    (line,) = set_value("𬭼㛃䶮", style, 300)
    codes = re.findall(r"<([0-9a-f]{12})>", line.ink)[0]
    assert codes[4:] == "36c34dae" and 0xD800 <= int(codes[:4], 16) < 0xF900


def test_centred_and_right_text_stands_where_it_should(fonts: Any) -> None:
    (centre,) = set_value("合同", Style(fonts.hei, "Hei", SIZE, align="center"), 200)
    (right,) = set_value("合同", Style(fonts.hei, "Hei", SIZE, align="right"), 200)
    assert (centre.x, right.x) == (pytest.approx(90), pytest.approx(180))


def test_a_character_that_no_font_has_is_refused_by_name(style: Style) -> None:
    with pytest.raises(Refusal, match="U\\+1F600"):
        set_value("客户😀", style, 300)


def test_an_opening_bracket_holds_what_follows_it_over_a_blank(fonts: Any) -> None:
    style = Style(fonts.song, "Song", 10.0, 2)
    assert [line.text for line in set_value("（ 80kWDL/T448", style, 90.0)[:-1] if line.text.strip() == "（"] == []


def test_a_last_line_is_never_a_character_or_two_and_a_mark(style: Style) -> None:
    for length in range(30, 130):
        lines = set_text("合同" * (length // 2) + "同" * (length % 2) + "。", style, 330)
        assert len(lines) == 1 or len(lines[-1].text.rstrip("。")) > 2, length


def test_a_label_in_a_running_text_is_not_split(style: Style) -> None:
    for ahead in range(20, 60):
        text = "供" * ahead + "，生产班次：单班；综合倍率：30。"
        lines = [line.text for line in set_value(text, style, 330)]
        for label in ("生产班次：", "综合倍率："):
            assert any(label in line for line in lines), lines


def test_the_lines_of_a_centred_text_are_of_like_length(fonts: Any) -> None:
    centred = Style(fonts.song, "Song", SIZE, align="center")
    said = "（以下无正文，为《低压供用电合同（非居民）》签署页，合同编号：632521-DY-2026-000030）"
    lines = set_text(said, centred, 330)
    assert len(lines) == 2 and "".join(line.text for line in lines) == said
    assert min(line.width for line in lines) > 0.75 * max(line.width for line in lines)
    for line in lines:
        assert line.x == pytest.approx((330 - line.width) / 2, abs=1)
    assert [line.text for line in set_text("公线或专线", centred, 42)] == ["公线或", "专线"]
