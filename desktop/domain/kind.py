"""What each kind of field takes: how typed text is tidied, what is wrong with it, how it is shown on paper.

Kinds: text (one line), note (several lines), name (kept letter for letter), code (numbers of papers: half-width,
no input method), id, phone, date, number, integer, money, choice, account (户号), rows (a list; its columns are
of these kinds too). Values are strings: dates YYYY-MM-DD, numbers plain decimals; rows are lists of dicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property

from desktop.domain import identity
from desktop.errors import Refusal

Rows = list[dict[str, str]]
Value = str | Rows
Answers = Mapping[str, Value]

FEW_NAMES = 12  # that many a sentence lists whole
LONGEST_TOLD = 30  # characters of a wrong value that a sentence repeats
CODE_KINDS = ("code", "id", "phone", "date", "number", "integer", "money", "account")


@dataclass(frozen=True)
class Column:
    """One column of a rows-field; the same kinds as a field's, but rows."""

    name: str
    label: str
    kind: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    sample: str = ""
    least: str = "0"

    @property
    def head(self) -> str:
        """The column's head on paper, with its unit."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label

    @cached_property
    def alone(self) -> Field:
        """The column as a field of its own, as its cells are checked."""
        return Field(self.name, self.label, self.kind, self.unit, self.choices, least=self.least)


@dataclass(frozen=True)
class Field:
    """What a form asks. choices of an id field: the papers its number may come from ('' in `identity` terms: any); of
    a phone field: `identity.SERVICE` where it may be a service number.

    least, most: bounds of a number, as text; pattern: regular expression of the tidied text, explained by `hint`.
    """

    name: str
    label: str
    kind: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    masked: bool = False
    sample: str = ""
    group: str = ""
    columns: tuple[Column, ...] = ()
    hint: str = ""
    max_length: int = 200
    pattern: str = ""
    least: str = "0"
    most: str = "99999999"

    @property
    def is_code(self) -> bool:
        """Typed with the input method off; full-width letters and digits are folded."""
        return self.kind in CODE_KINDS


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2010: 0x2D, 0x2212: 0x2D}
_LONG_DATE = re.compile(r"(\d{4})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*日?")
_SHORT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffd\u2028\u2029]")
_PICTURE = re.compile("[\U0001f000-\U0001faff\ufe0f\u200d\U000e0000-\U000e007f]")
LONGEST_NUMBER = 24
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_EARLIEST, _LATEST = 1900, 2200


def tidied(kind: str, text: str) -> str:
    """The text as it is kept; what cannot be understood stays as typed."""
    trimmed = text.strip()
    if kind not in CODE_KINDS:
        return trimmed
    folded = trimmed if trimmed.isascii() else trimmed.translate(_WIDE).strip()
    if kind == "date":
        return _iso(folded)
    if kind in ("number", "integer", "money"):
        return _plain(folded)
    if kind in ("id", "account", "phone"):
        bare = "".join(folded.split()).upper()
        return identity.phone_form(bare) if kind == "phone" else bare
    return folded


def _iso(text: str) -> str:
    match = _LONG_DATE.fullmatch(text) or _SHORT_DATE.fullmatch(text)
    if not match:
        return text
    year, month, day = (int(part) for part in match.groups())
    return f"{year:04d}-{month:02d}-{day:02d}"


def _plain(text: str) -> str:
    """'1,200.50' → '1200.50'; a comma anywhere else stays and is refused by `check`."""
    return text.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text) else text


def fault(each: Field, value: Value) -> str | None:
    """One sentence of what is wrong with the value and what to do, or None; an empty value is no fault."""
    if isinstance(value, list):
        return _rows_fault(each, value)
    return _CHECKS[each.kind](each, value) if value else None


def _rows_fault(each: Field, rows: Rows) -> str | None:
    if each.kind != "rows":
        return f"“{each.label}”不是清单，请重新填写"
    if not _are_rows(rows):
        return f"“{each.label}”应逐行写明各栏，请对照样例"
    known = {column.name: column.label for column in each.columns}
    for number, row in enumerate(rows, start=1):
        if strange := [name for name in row if name not in known]:
            columns = "、".join(f"{label}（{name}）" for name, label in known.items())
            return f"{each.label}第 {number} 行没有“{'、'.join(strange)}”这一栏，可填：{columns}"
        for column in each.columns:
            cell = row.get(column.name, "")
            wrong = _CHECKS[column.kind](column.alone, cell) if cell else None
            if wrong:
                return f"{each.label}第 {number} 行：{wrong}"
    return None


def _text_fault(each: Field, value: str) -> str | None:
    if len(value) > each.max_length:
        return f"“{each.label}”最多 {each.max_length} 个字，现为 {len(value)} 个，请缩短"
    printable = value.replace("\n", "") if each.kind == "note" else value
    if _CONTROL.search(printable):
        return f"“{each.label}”中有换行或无法显示的字符，请删去后重新输入"
    if has_picture(value):
        return f"“{each.label}”中有表情符号，文书上印不出来，请删去"
    if each.pattern and not re.fullmatch(each.pattern, value):
        return f"“{each.label}”格式不对：{each.hint}"
    return None


def has_picture(text: str) -> bool:
    """Whether an emoji is in it, which no face for paper has."""
    return _PICTURE.search(text) is not None


def _name_fault(each: Field, value: str) -> str | None:
    if "?" in value or "？" in value or "□" in value:
        return f"“{each.label}”中有未能显示的字，请对照证件重新输入"
    return _text_fault(each, value)


def _id_fault(each: Field, value: str) -> str | None:
    kind = each.choices[0] if len(each.choices) == 1 else ""
    return _of(each, identity.id_faults(kind, value))


def _phone_fault(each: Field, value: str) -> str | None:
    """A customer is called back: only where the field says so it may be a service number."""
    return _of(each, identity.check_phone(value, service=identity.SERVICE in each.choices))


def _of(each: Field, wrong: str | None) -> str | None:
    """Whose number is wrong, as a form asks for several of a kind."""
    return f"“{each.label}”有误：{wrong}" if wrong else None


def _date_fault(each: Field, value: str) -> str | None:
    wrong = f"“{each.label}”不是真实的日期，请按 2026-11-22 的样子填写"
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return wrong
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return wrong
    return None if _EARLIEST <= day.year <= _LATEST else f"“{each.label}”的年份不合理，请核对"


def number_of(text: object) -> Decimal | None:
    """The number that a field's text is; None where it is none. 1e309, NaN and a line of digits are none."""
    said = text.strip() if isinstance(text, str) else ""
    return Decimal(said) if len(said) <= LONGEST_NUMBER and _PLAIN_NUMBER.fullmatch(said) else None


def _number_fault(each: Field, value: str) -> str | None:
    if not _PLAIN_NUMBER.fullmatch(value):
        return f"“{each.label}”应为数字，如 {each.sample or '80'}，不带单位和逗号"
    number = Decimal(value)
    if number < Decimal(each.least) or number > Decimal(each.most):
        reason = f"（{each.hint}）" if each.hint else ""
        bounds = f"应为 {each.least}" if each.least == each.most else f"应在 {each.least} 至 {each.most} 之间"
        return f"“{each.label}”{bounds}{reason}，请核对"
    if number.as_tuple().exponent < -4:  # type: ignore[operator]  # a finite Decimal's exponent is an int
        return f"“{each.label}”小数位过多，请核对"
    return None


def _integer_fault(each: Field, value: str) -> str | None:
    if "." in value and _PLAIN_NUMBER.fullmatch(value):
        return f"“{each.label}”应为整数，请去掉小数"
    return _number_fault(each, value)


def _money_fault(each: Field, value: str) -> str | None:
    if "." in value and len(value.split(".", 1)[1]) > 2:
        return f"“{each.label}”最多两位小数，请核对"
    return _number_fault(each, value)


def _choice_fault(each: Field, value: str) -> str | None:
    if value in each.choices:
        return None
    held = value if len(value) <= LONGEST_TOLD else f"{value[:LONGEST_TOLD]}……"
    return f"“{each.label}”现为“{held}”，应为下列之一：{quoted(each.choices)}"


def quoted(choices: Iterable[str]) -> str:
    """A list of choices, each in its own quotation marks: some hold the comma that stands between them."""
    return "、".join(f"“{choice}”" for choice in choices)


_CHECKS: Mapping[str, Callable[[Field, str], str | None]] = {
    "text": _text_fault, "note": _text_fault, "code": _text_fault, "name": _name_fault, "id": _id_fault,
    "phone": _phone_fault, "date": _date_fault, "number": _number_fault,
    "integer": _integer_fault, "money": _money_fault, "choice": _choice_fault,
    "account": lambda each, value: identity.check_account(value),
    "rows": lambda each, value: f"“{each.label}”应为清单，请逐行填写",
}


def shown(kind: str, value: str) -> str:
    """The value for paper: dates as 2026年11月22日, money with two decimals, no units."""
    if kind == "date":
        return _long_date(value)
    if kind == "money":
        return _two_decimals(value)
    return value


def _long_date(value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.year}年{day.month}月{day.day}日"


def _two_decimals(value: str) -> str:
    try:
        return f"{Decimal(value):.2f}"
    except InvalidOperation:
        return value


def refuse_strange(asked: Iterable[str], answers: Mapping[str, object]) -> None:
    """Refuse answers that nobody asked for, and those that are neither text nor rows of text, naming each."""
    known = tuple(asked)
    strange = [name for name in answers if name not in known]
    if strange:
        may = f"，可以填：{'、'.join(known)}" if len(known) <= FEW_NAMES else ""
        raise Refusal(f"这里不需要填“{'、'.join(strange)}”，请核对字段名{_meant(strange, known)}{may}。", strange[0])
    for name, value in answers.items():
        if value is not None and not isinstance(value, str) and not _are_rows(value):
            raise Refusal(f"“{name}”应填文字；清单应逐行写明各栏，请对照样例。", name)


def _meant(strange: Iterable[str], known: Iterable[str]) -> str:
    """The known names that are nearest to those nobody asked for."""
    from difflib import get_close_matches  # only a wrong name needs it, and the first window does not wait

    near = {name: get_close_matches(name, list(known), 1) for name in strange}
    told = "、".join(f"{name} 或许是 {found[0]}" for name, found in near.items() if found)
    return f"（{told}）" if told else ""


def _are_rows(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, dict) and all(isinstance(cell, str) for cell in row.values()) for row in value)
