"""A workbook's sheet as values, and what its cells say of an account, an identity number, a capacity.

Identifiers that Excel has turned into numbers lose their digits after the fifteenth: such a number is never
taken for what it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from stdnum.cn import ric

from desktop.domain.ledger_dates import fold

Cell = str | int | float | bool | date | datetime | time | timedelta | None
ACCOUNT_LENGTHS = (10, 13, 16)
_OUTER = " \t\r\n\u3000\xa0\u200b\ufeff"
_EXACT_DIGITS = 15  # Excel keeps no more
_EXACT_FLOAT = 2**53
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_ZERO_TAIL = re.compile(r"(\d+)\.0+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_PERSON = re.compile(r"\d{17}[\dX]")
_OTHER_LENGTH = re.compile(r"\d{15,16}[\dX]|\d{18}[\dX]")  # 16, 17 or 19: an 18-digit number mistyped
_TERM_OF_SUM = re.compile(
    r"(?:(\d+)台?[×xX*✕╳·](\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)UNIT?[×xX*✕╳](\d+)台?|(\d+)台(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?))UNIT?"
    .replace("UNIT", "(?:kVA|kW|kV·A|kV.A|千瓦|千伏安|KVA)"), re.IGNORECASE)
_MEGA = re.compile(r"(\d+(?:\.\d+)?)(?:MVA|MW|兆瓦|兆伏安)", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[i]` is its row number `first_row + i`, hidden ones too.

    `merged` holds (top, left, bottom, right), all counted from 0 within the sheet, where the format tells it.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    first_row: int = 1
    merged: tuple[tuple[int, int, int, int], ...] = ()
    is_1904: bool = False


def squared(sheet: Sheet) -> Sheet:
    """The sheet with all rows of one width."""
    widths = set(map(len, sheet.rows))
    if len(widths) < 2:
        return sheet
    widest = max(widths)
    return replace(sheet, rows=tuple(row + (None,) * (widest - len(row)) for row in sheet.rows))


class Identity(NamedTuple):
    """An identity number as it may be kept, and what is wrong: '' · 'id_check' · 'id_precision' (then no number).

    `paper` is 身份证 or 营业执照 where the check digit tells it, else ''.
    """

    number: str
    fault: str = ""
    paper: str = ""


def is_blank(cell: Cell) -> bool:
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip(_OUTER))


def cell_text(cell: Cell) -> str:
    """A cell as the clerk sees it: 13755 for 13755.0, 2026-11-02 for a day; text letter for letter."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def trimmed(cell: Cell) -> str:
    """A name or address: letter for letter, only the outer blanks gone."""
    return (cell if isinstance(cell, str) else cell_text(cell)).strip(_OUTER)


@lru_cache(maxsize=8192)
def tight(text: str) -> str:
    """For comparing words: folded, all blanks and line breaks gone."""
    return "".join(fold(text).split())


def read_number(cell: Cell) -> str:
    """A contract number: trimmed, a number cell in plain digits."""
    return trimmed(cell)


def read_account(cell: Cell) -> tuple[str, str]:
    """The 户号 in plain digits and '' when it has 10, 13 or 16 of them; else the digits as far as they are told
    and the reason: 'blank' · 'length' · 'letters' · 'precision' (Excel has lost its last digits)."""
    if isinstance(cell, str):
        return _account_of_text(cell)
    if cell is None:
        return "", "blank"
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return trimmed(cell), "letters"
    return _account_of_number(cell)


def _account_of_number(number: float) -> tuple[str, str]:
    digits = cell_text(number)
    if not digits.isdigit():
        return digits, "letters"
    if len(digits) > _EXACT_DIGITS and (digits[-1] == "0" or number > _EXACT_FLOAT):
        return digits, "precision"
    return _judged_account(digits)


def _account_of_text(text: str) -> tuple[str, str]:
    said = text if text.isascii() and text.isdigit() else plain_digits(text)
    if _SCIENTIFIC.fullmatch(said):
        return said, "precision"
    return _judged_account(said)


def _judged_account(said: str) -> tuple[str, str]:
    if not said:
        return "", "blank"
    if not (said.isascii() and said.isdigit()):
        return said, "letters"
    return said, "" if len(said) in ACCOUNT_LENGTHS else "length"


def is_cut(cell: Cell) -> bool:
    """Whether Excel has turned an identifier into a number and lost its last digits."""
    if isinstance(cell, str):
        return bool(_SCIENTIFIC.fullmatch(plain_digits(cell)))
    return (isinstance(cell, (int, float)) and not isinstance(cell, bool) and len(cell_text(cell)) > _EXACT_DIGITS
            and (cell_text(cell)[-1] == "0" or cell > _EXACT_FLOAT))


def plain_digits(text: str) -> str:
    """An identifier without the marks that typing and Excel add: full width, apostrophe, spaces, .0, thousands."""
    if text.isascii() and text.isalnum():
        return text
    said = fold(text).lstrip("'").replace(" ", "")
    if said.startswith('="') and said.endswith('"'):  # how exports to CSV keep Excel from cutting digits
        said = said[2:-1]
    if found := _ZERO_TAIL.fullmatch(said):
        return found[1]
    return said.replace(",", "") if _THOUSANDS.fullmatch(said) else said


@lru_cache(maxsize=4096)
def _identity_of_text(text: str) -> Identity:
    said = plain_digits(text).upper()
    if _SCIENTIFIC.fullmatch(said):
        return Identity("", "id_precision")
    if len(said) == 18:
        if paper := _paper_of(said):
            return Identity(said, paper=paper)
        return Identity("", "id_precision") if said.endswith("000") and said.isdigit() else Identity(said, "id_check")
    return Identity(said, "id_check" if _OTHER_LENGTH.fullmatch(said) else "")


def _paper_of(code: str) -> str:
    """The paper whose check digit holds: a resident number (GB 11643) or a credit code (GB 32100); '' for none."""
    if _PERSON.fullmatch(code) and ric.calc_check_digit(code) == code[-1]:
        return "身份证"
    try:
        total = sum(map(mul, _CREDIT_WEIGHTS, map(_CREDIT.__getitem__, code[:17])))
    except KeyError:
        return ""
    return "营业执照" if _CREDIT.get(code[17], -1) == -total % 31 else ""


# python-stdnum says the same five times slower, which a ledger of many thousand rows feels.
_CREDIT = {letter: value for value, letter in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_CREDIT_WEIGHTS = tuple(3**place % 31 for place in range(17))


def read_identity(cell: Cell) -> Identity:
    """An identity number with its check digit judged; one whose digits Excel has destroyed is left empty.

    Papers whose numbers carry no check digit (passport, officer's card, 15-digit numbers) are taken as they are.
    """
    if isinstance(cell, str):
        return _identity_of_text(cell)
    if cell is None or isinstance(cell, bool):
        return Identity("")
    digits = cell_text(cell)
    if isinstance(cell, (int, float)) and len(digits) > _EXACT_DIGITS:
        return Identity("", "id_precision")
    return _identity_of_text(digits)


def read_phone(cell: Cell) -> str:
    """A telephone number: 131-2999-7207 and 13129997207.0 are one mobile; anything else stays as it is written."""
    said = plain_digits(cell_text(cell))
    bare = said.replace("-", "")
    return bare if len(bare) == 11 and bare.isdigit() and bare.startswith("1") else said


def read_capacity(cell: Cell) -> Decimal | None:
    """A capacity as a plain number: 80, 1,250kVA, 2×400 (800), 2×400+630 (1430). None when it is not plain."""
    if isinstance(cell, bool) or cell is None or isinstance(cell, (date, time, timedelta)):
        return None
    if isinstance(cell, (int, float)):
        return Decimal(cell_text(cell)) if 0 <= cell < 1e12 else None
    return _capacity_of_text(cell)


@lru_cache(maxsize=1024)
def _capacity_of_text(text: str) -> Decimal | None:
    said = _joined_thousands(tight(text))
    if found := _MEGA.fullmatch(said):
        return _plain(Decimal(found[1]) * 1000)
    total = Decimal(0)
    for part in said.split("+"):
        if not (found := _TERM_OF_SUM.fullmatch(part)):
            return None
        total += _product([figure for figure in found.groups() if figure])
    return _plain(total)


def _joined_thousands(said: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", said)


def _product(figures: list[str]) -> Decimal:
    product = Decimal(1)
    for figure in figures:
        product *= Decimal(figure)
    return product


def _plain(number: Decimal) -> Decimal | None:
    """800, not 8E+2 nor 800.0, so that the same capacity is always the same text."""
    try:
        whole = number.quantize(Decimal(1))
    except InvalidOperation:
        return None
    return whole if whole == number else number.normalize()
