"""Pinyin initials and search forms of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.pinyin import FIRST, TABLE, initials, search_form
from tests.tools.make_pinyin import LAST, letter, table_source


@pytest.mark.parametrize(("text", "letters"), [
    ("青海湖商贸有限公司", "qhhsmyxgs"),
    ("扎西·多杰", "zxdj"),
    ("扎西•多杰", "zxdj"),
    ("扎西．多杰", "zxdj"),
    ("扎 西 多 杰", "zxdj"),
    ("ＡＢ建材1号", "abjc1h"),
    ("Tashi 商店", "tashisd"),
    ("𬭼鑫", "𬭼x"),
    ("", ""),
])
def test_initials_pass_letters_and_drop_dots_and_blanks(text: str, letters: str) -> None:
    assert initials(text) == letters


def test_the_three_dots_are_one_character_for_search() -> None:
    forms = {search_form(f"卓玛{dot}央金") for dot in "·•．"}
    assert forms == {"卓玛·央金"}


def test_case_width_and_blanks_do_not_matter_for_search() -> None:
    assert search_form(" ＡＢ 商　贸 ") == search_form("ab商贸")


def test_every_letter_of_the_block_is_there() -> None:
    assert len(TABLE) == LAST - FIRST + 1 == 20992
    assert set(TABLE) <= set("abcdefghijklmnopqrstuvwxyz-")


def test_the_table_is_what_the_generator_makes() -> None:
    from desktop.domain import pinyin

    with open(pinyin.__file__, encoding="utf-8") as module:
        assert table_source() in module.read()


@given(st.integers(FIRST, LAST))
def test_a_single_character_gives_the_initial_of_its_commonest_reading(code: int) -> None:
    expected = letter(chr(code))
    assert initials(chr(code)) == (chr(code) if expected == "-" else expected)


@given(st.text())
def test_a_search_form_is_stable(text: str) -> None:
    assert search_form(search_form(text)) == search_form(text)
