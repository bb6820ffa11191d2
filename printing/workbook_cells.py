"""A value as the XML of its cell: typed text, real dates and numbers, no character that a sheet cannot hold.

A text is typed text, never a formula; where it begins as a formula would, its style also carries quotePrefix,
so that it stays text when a clerk edits it. A control character becomes its visible picture (␀ to ␟, ␡).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from math import isfinite
from typing import Any

from desktop.domain.identity import check_phone, mask_id, mask_phone
from desktop.errors import Refusal
from printing.sheet import Column

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767  # in UTF-16 units, as Excel counts; openpyxl would cut the rest without a word
_SHORT = MOST_CHARACTERS // 2
_KEEP_BLANKS = ' xml:space="preserve"'
Write = Callable[[Sequence[int], Sequence[Any]], list[str]]

_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a 29 February 1900 that never was
_EPOCH = date(1899, 12, 30).toordinal()
_FORMULA_MARKS = ("=", "+", "-", "@", "\t")
_UNUSUAL = re.compile(
    r"[&<>\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_|^[\s=+\-@]|\s$|^$").search
_OUTER_BLANK = re.compile(r"^\s|\s$|\n").search
_ESCAPED_FORM = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_PICTURES: dict[int, str] = (
    {code: chr(0x2400 + code) for code in range(0x20) if code not in (9, 10)}
    | {0x7F: "␡", 0xFFFE: "�", 0xFFFF: "�"}
    | dict.fromkeys(range(0xD800, 0xE000), "�")
    | {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
)
_ID_WITHIN = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])")
_PHONE_WITHIN = re.compile(r"(?<![0-9A-Za-z])(?:1[3-9]\d{9}|0\d{2,3}-\d{7,8})(?!\d)")


@dataclass(frozen=True)
class Style:
    """The style numbers that openpyxl gave a column: the usual one, and that of texts like a formula."""

    usual: int
    quoted: int


def writer(column: Column, letter: str, style: Style) -> Write:
    """What writes a stretch of one column: (row numbers, values) → the XML of each cell.

    The usual value of the column's kind is written on the spot, all others by `_any_cell`: a stretch of plain
    values costs no call a cell, which is what makes a hundred thousand rows a matter of seconds.
    """
    if column.kind in ("date", "datetime"):
        return _dates(column, letter, style)
    return _texts(column, letter, style) if column.kind in ("text", "identifier") else _numbers(column, letter, style)


def _texts(column: Column, letter: str, style: Style) -> Write:
    start, middle, end = f'<c r="{letter}', _text_start(style.usual), "</t></is></c>"
    unusual, any_cell = _UNUSUAL, partial(_any_cell, column, letter, style)
    if column.masked:
        return lambda rows, values: [any_cell(n, v) for n, v in zip(rows, values, strict=True)]
    return lambda rows, values: [
        f"{start}{n}{middle}{v}{end}" if type(v) is str and len(v) < _SHORT and not unusual(v) else any_cell(n, v)
        for n, v in zip(rows, values, strict=True)]


def _dates(column: Column, letter: str, style: Style) -> Write:
    start, middle, end = f'<c r="{letter}', f'" s="{style.usual}"><v>', "</v></c>"
    any_cell = partial(_any_cell, column, letter, style)
    return lambda rows, values: [
        f"{start}{n}{middle}{v.toordinal() - _EPOCH}{end}" if type(v) is date and v >= _FIRST_DAY
        else any_cell(n, v) for n, v in zip(rows, values, strict=True)]


def _numbers(column: Column, letter: str, style: Style) -> Write:
    start, middle, end = f'<c r="{letter}', f'" s="{style.usual}"><v>', "</v></c>"
    any_cell = partial(_any_cell, column, letter, style)
    return lambda rows, values: [
        f"{start}{n}{middle}{v}{end}" if (kind := type(v)) is int
        else f"{start}{n}{middle}{v:f}{end}" if kind is Decimal and v.is_finite() else any_cell(n, v)
        for n, v in zip(rows, values, strict=True)]


def _any_cell(column: Column, letter: str, style: Style, n: int, value: Any) -> str:
    """One cell, whatever its value is: what is not of the column's kind is written as text, never left out."""
    if value is None or value == "":
        return f'<c r="{letter}{n}" s="{style.usual}"/>'
    number = None if column.kind in ("text", "identifier") else _number(value)
    if number is not None:
        return f'<c r="{letter}{n}" s="{style.usual}"><v>{number}</v></c>'
    text = value if type(value) is str else _in_words(value)
    if column.masked:
        text = hide(text, whole=column.kind == "identifier")
    _refuse_long(text, column.label, n)
    return f'<c r="{letter}{n}{_text(text, style)}'


def _number(value: Any) -> str | None:
    """A number, date or moment as a sheet counts it; None for what is none, such as a text or a NaN."""
    if isinstance(value, date):
        return _serial(value)
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else None
    if isinstance(value, float):
        return repr(value) if isfinite(value) else None
    return str(int(value)) if isinstance(value, int) else None


def _text_start(style: int, keep_blanks: bool = False) -> str:
    return f'" s="{style}" t="inlineStr"><is><t{_KEEP_BLANKS if keep_blanks else ""}>'


def _text(text: str, style: Style) -> str:
    """A text that may have marks of XML, outer blanks, control characters, or begin as a formula would."""
    number = style.quoted if text[0] in _FORMULA_MARKS else style.usual
    text = clean(text)
    return f"{_text_start(number, bool(_OUTER_BLANK(text)))}{text}</t></is></c>"


def line(text: str, n: int, style: int) -> str:
    """A line of words in the first column, such as the footer."""
    return f'<c r="A{n}{_text_start(style, True)}{clean(text)}</t></is></c>'


def clean(text: str) -> str:
    """`text` as XML: marks escaped, line ends as \\n, control characters as their visible pictures."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPED_FORM.sub("_x005F_", text).translate(_PICTURES)


def hide(text: str, *, whole: bool = False) -> str:
    """`text` with every ID and phone in it masked; `whole` says that it is one number and nothing else."""
    if check_phone(text) is None:
        return mask_phone(text)
    hidden = _PHONE_WITHIN.sub(lambda m: mask_phone(m[0]), _ID_WITHIN.sub(lambda m: mask_id(m[0]), text))
    return mask_id(text) if whole and hidden == text else hidden


def _refuse_long(text: str, label: str, n: int) -> None:
    if len(text) < _SHORT:
        return
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if length > MOST_CHARACTERS:
        raise Refusal(
            f"第 {n} 行“{label}”有 {length:,} 个字，一格最多 {MOST_CHARACTERS:,} 个。请缩短后再导出。")


def _in_words(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def _serial(value: date) -> str | None:
    """Excel's count of days, with the time as its fraction; None before it counts rightly."""
    if (value.date() if isinstance(value, datetime) else value) < _FIRST_DAY:
        return None
    days = value.toordinal() - _EPOCH
    if not isinstance(value, datetime):
        return str(days)
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return f"{days + seconds / 86400:.10f}"
