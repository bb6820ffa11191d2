"""Amounts in capital words, read back by a reader of the test's own."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.money import in_words

DIGITS = {char: n for n, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def whole(words: str) -> int:
    """A number in words, without 亿 and 万."""
    total = digit = 0
    for char in words:
        if char in PLACES:
            total, digit = total + digit * PLACES[char], 0
        else:
            digit = DIGITS[char]
    return total + digit


def read(words: str) -> Decimal:
    """The amount that the words say."""
    assert words.startswith("人民币")
    rest = words.removeprefix("人民币").removesuffix("整")
    sign = -1 if rest.startswith("负") else 1
    yuan, _, small = rest.removeprefix("负").rpartition("元")
    high, _, low = yuan.rpartition("亿")
    middle, _, last = low.rpartition("万")
    total = Decimal(whole(high) * 10**8 + whole(middle) * 10**4 + whole(last))
    jiao, _, fen = small.removesuffix("分").rpartition("角")
    return sign * (total + Decimal(whole(jiao)) / 10 + Decimal(whole(fen)) / 100)


@pytest.mark.parametrize(("amount", "words"), [
    ("0", "零元整"),
    ("10.00", "壹拾元整"),
    ("1005.60", "壹仟零伍元陆角整"),
    ("100000.05", "壹拾万元零伍分"),
    ("107000.53", "壹拾万柒仟元零伍角叁分"),
    ("0.05", "伍分"),
    ("0.50", "伍角整"),
    ("16.04", "壹拾陆元零肆分"),
    ("100000005", "壹亿零伍元整"),
    ("100010001", "壹亿零壹万零壹元整"),
    ("1020003000.40", "壹拾亿贰仟万叁仟元零肆角整"),
    ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ("-3.2", "负叁元贰角整"),
    ("-0.00", "零元整"),
])
def test_an_amount_reads_as_a_voucher_has_it(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == f"人民币{words}"


@pytest.mark.parametrize("amount", ["1000000000000", "-1000000000000", "0.001", "NaN", "Infinity", "-Infinity"])
def test_an_amount_beyond_twelve_and_two_digits_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="12 digits"):
        in_words(Decimal(amount))


@given(st.integers(-(10**14) + 1, 10**14 - 1))
def test_the_words_read_back_as_the_amount(cents: int) -> None:
    amount = Decimal(cents) / 100
    assert read(in_words(amount)) == amount


@given(st.integers(0, 10**14 - 1))
def test_no_two_zeros_stand_together_and_none_before_a_unit(cents: int) -> None:
    words = in_words(Decimal(cents) / 100)
    assert "零零" not in words
    assert not any(f"零{unit}" in words for unit in ("拾", "佰", "仟", "万", "亿", "角", "分"))
    assert "零元" not in words or cents == 0
    assert words.endswith(("整", "分"))
