"""What a hall's own ledger of contracts says, row by row: taken, taken with doubts, or given back.

No row is lost and nothing is guessed. Every row of every sheet is either a data row with one result, or is counted
as skipped with the reason. A doubtful end is left empty and never recomputed; what is plain beside it stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from desktop.domain.ledger_cells import (
    Cell,
    Identity,
    Sheet,
    cell_text,
    is_blank,
    read_account,
    read_capacity,
    read_identity,
    read_number,
    read_phone,
    squared,
    tight,
    trimmed,
)
from desktop.domain.ledger_heads import (
    Head,
    Layout,
    LedgerWords,
    fill_merged,
    find_head,
    is_column_numbers,
    is_repeated_head,
)
from desktop.domain.ledger_span import Doubt, Span, SpanCells, read_span

TAKEN, DOUBTFUL, RETURNED = "导入", "导入待核", "退回"
_FEWEST_CELLS = 3  # fewer filled cells outside a table are a title or a remark
_LOOKS_LIKE_ACCOUNT = re.compile(r"\d{10}|\d{13}|\d{16}")
_COUNT_AFTER_TOTAL = re.compile(r"[:()共计\d.,户家个份项笔条数容量千瓦伏安kKvVaAwW]*")
_SECTION = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)、.]\D*")
_IN_PARENTHESES = re.compile(r"\((.*?)\)")
_PAGE = re.compile(r"第\d+页.*")


class LedgerRow(NamedTuple):
    """One data row: its cells as given and what they plainly say.

    `key` is the contract number, else 户号 with the day of signing (or of beginning); `term_months` is None when no
    term is given; `indefinite` is a resident's 长期; `reason` says why a row is given back. A named tuple, as it is
    made four times as fast as a frozen dataclass of so many fields.
    """

    sheet: str
    row: int
    cells: tuple[Cell, ...]
    key: str
    account: str
    name: str
    kind_id: str | None
    kind_word: str
    nature: str
    id_number: str
    id_paper: str
    phone: str
    address: str
    voltage: str
    capacity: Decimal | None
    capacity_unit: str
    number: str
    signed: date | None
    starts: date | None
    term_months: int | None
    ends: date | None
    indefinite: bool
    note: str
    gone: bool
    result: str
    doubts: tuple[Doubt, ...]
    reason: str = ""

    @property
    def reasons(self) -> str:
        """Everything that keeps the row from being simply taken, as one text for the clerk."""
        return "；".join((*((self.reason,) if self.reason else ()), *(doubt.sentence for doubt in self.doubts)))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no data: 空行, 标题, 表头, 栏号, 小计合计, 说明; 缺栏: under a head that lacks a column."""

    sheet: str
    row: int
    why: str
    text: str


@dataclass(frozen=True)
class Ledger:
    """A whole workbook, understood: data rows in their order, and everything that was skipped."""

    rows: tuple[LedgerRow, ...]
    skipped: tuple[Skipped, ...]
    heads: dict[str, tuple[Cell, ...]]

    def count(self, result: str) -> int:
        return sum(row.result == result for row in self.rows)


def read_ledger(sheets: tuple[Sheet, ...], words: LedgerWords) -> Ledger:
    """Understand every row of every sheet, hidden ones too. A row that is not understood is given back."""
    rows: list[LedgerRow] = []
    skipped: list[Skipped] = []
    heads: dict[str, tuple[Cell, ...]] = {}
    for sheet in map(squared, sheets):
        for found in _read_sheet(sheet, words, heads):
            (rows if isinstance(found, LedgerRow) else skipped).append(found)  # type: ignore[arg-type]
    return Ledger(tuple(rows), tuple(skipped), heads)


def _read_sheet(
    sheet: Sheet, words: LedgerWords, heads: dict[str, tuple[Cell, ...]],
) -> Iterator[LedgerRow | Skipped]:
    filled = fill_merged(sheet)
    head: Head | None = None
    under_head = 0
    seen: set[tuple[Cell, ...]] = set()
    for index, given in enumerate(sheet.rows):
        number = sheet.first_row + index
        if under_head:
            under_head -= 1
            yield Skipped(sheet.name, number, "表头", _first_text(given))
        elif all(map(is_blank, given)):
            yield Skipped(sheet.name, number, "空行", "")
        elif found := find_head(filled, index, words):
            head, under_head = found, found.height - 1
            heads.setdefault(sheet.name, sheet.rows[index + under_head])
            yield Skipped(sheet.name, number, "表头", _first_text(given))
        elif head is None:
            outside = _outside(sheet.name, number, given, "表里没有认得出的表头（要有户号、户名、合同编号等栏）")
            if isinstance(outside, Skipped):
                seen.add(given)
            yield outside
        elif given in seen:
            yield Skipped(sheet.name, number, "标题", _first_text(given))
        else:
            yield from _read_row(_Place(sheet, number, given, filled[index]), head, words)


class _Place(NamedTuple):
    sheet: Sheet
    number: int
    given: tuple[Cell, ...]
    filled: tuple[Cell, ...]

    def part(self, layout: Layout) -> _Place:
        """The half of the row under one of two tables side by side; the other half is left blank."""
        return _Place(self.sheet, self.number, _within(self.given, layout), _within(self.filled, layout))


def _within(row: tuple[Cell, ...], layout: Layout) -> tuple[Cell, ...]:
    return tuple(cell if layout.first <= column < layout.last else None for column, cell in enumerate(row))


def _read_row(place: _Place, head: Head, words: LedgerWords) -> Iterator[LedgerRow | Skipped]:
    if len(head.layouts) == 1:
        yield _read_table_row(place, head.layouts[0], words)
        return
    parts = [(place.part(layout), layout) for layout in head.layouts]
    told = [(part, layout) for part, layout in parts if not all(map(is_blank, part.given))]
    for part, layout in told:
        yield _read_table_row(part, layout, words)


def _read_table_row(place: _Place, layout: Layout, words: LedgerWords) -> LedgerRow | Skipped:
    account, fault = read_account(_at(place.filled, layout, "account"))
    if fault and (why := _banner(place) or _no_data(place.given, layout, words)):
        return Skipped(place.sheet.name, place.number, why, _first_text(place.given))
    if not layout.is_ledger:
        return _outside(place.sheet.name, place.number, place.given,
                        "这张表没有合同编号、签订日期、到期日等栏，认不出是合同台账")
    return _RowReader(place, layout, words).row(account, fault)


def _at(row: tuple[Cell, ...], layout: Layout, field: str) -> Cell:
    column = layout.columns.get(field)
    return None if column is None else row[column]


def _banner(place: _Place) -> str:
    """One text merged over several columns: the name of a section, not a customer."""
    said = [column for column, cell in enumerate(place.given) if not is_blank(cell)]
    at = place.number - place.sheet.first_row
    wide = any(top == at and left == said[0] and right - left >= _FEWEST_CELLS - 1
               for top, left, _bottom, right in place.sheet.merged) if len(said) == 1 else False
    return "标题" if wide else ""


def _no_data(row: tuple[Cell, ...], layout: Layout, words: LedgerWords) -> str:
    """Why a row without a proper 户号 is no data row; '' when it is one and must be given back."""
    if is_repeated_head(row, layout):
        return "表头"
    if is_column_numbers(row):
        return "栏号"
    has_number = not is_blank(_at(row, layout, "number"))
    said = [tight(cell_text(cell)) for cell in row if not is_blank(cell)]
    if not has_number and any(is_total(text, words) for text in said):
        return "小计合计"
    if all(_is_footer(text, words) for text in said):
        return "说明"
    named = [field for field, column in layout.columns.items() if not is_blank(row[column])]
    if not named or (len(said) == 1 and _SECTION.fullmatch(said[0])):
        return "说明" if len(said) > 1 or not _is_figure(said[0]) else "空行"
    return ""


def is_total(text: str, words: LedgerWords) -> bool:
    """Whether a cell says that its row is a sum: 合计, 总计：6 户."""
    word = next((word for word in words.totals if text.startswith(word)), None)
    return word is not None and _COUNT_AFTER_TOTAL.fullmatch(text.removeprefix(word)) is not None


def _is_footer(text: str, words: LedgerWords) -> bool:
    return text.startswith(words.footers) or _PAGE.fullmatch(text) is not None


def _is_figure(text: str) -> bool:
    return text.removesuffix(".0").isdigit()


def _first_text(row: tuple[Cell, ...]) -> str:
    return next((trimmed(cell) for cell in row if not is_blank(cell)), "")


def _outside(sheet: str, row: int, cells: tuple[Cell, ...], reason: str) -> LedgerRow | Skipped:
    """A row outside any table of contracts: a title or remark, unless something in it looks like a 户号."""
    said = [cell for cell in cells if not is_blank(cell)]
    accounts = [text for cell in said if _LOOKS_LIKE_ACCOUNT.fullmatch(text := read_account(cell)[0])]
    if not accounts or len(said) < _FEWEST_CELLS:
        return Skipped(sheet, row, "标题", _first_text(cells))
    return _returned_row(sheet, row, cells, accounts[0], reason)


def _returned_row(sheet: str, row: int, cells: tuple[Cell, ...], account: str, reason: str) -> LedgerRow:
    return LedgerRow(
        sheet=sheet, row=row, cells=cells, key="", account=account, name="", kind_id=None, kind_word="", nature="",
        id_number="", id_paper="", phone="", address="", voltage="", capacity=None, capacity_unit="", number="",
        signed=None, starts=None, term_months=None, ends=None, indefinite=False, note="", gone=False,
        result=RETURNED, doubts=(), reason=reason)


ACCOUNT_REASONS = {
    "blank": "没有户号，请补上户号后再导入",
    "letters": "户号里有数字以外的字符，请核对户号",
    "precision": "户号被 Excel 存成了数字，末几位已丢失，请按文本重填户号",
}


def _account_reason(account: str, fault: str) -> str:
    return ACCOUNT_REASONS.get(fault, f"户号是 {len(account)} 位，应为 10、13 或 16 位，请核对户号")


class _RowReader:
    """Reads one data row; the doubts gather while it reads."""

    def __init__(self, place: _Place, layout: Layout, words: LedgerWords) -> None:
        self.place = place
        self.layout = layout
        self.words = words
        self.cells = {field: place.filled[column] for field, column in layout.columns.items()}
        self.doubts: list[Doubt] = []

    def row(self, account: str, fault: str) -> LedgerRow:
        number = self.number()
        kind_word, kind = self.kind()
        span = self.span(kind)
        identity = self.identity()
        cell = self.cells.get
        note = trimmed(cell("note"))
        gone = note.startswith(self.words.gone)
        if gone:
            self.doubt("gone", f"备注写明“{note[:20]}”，请核实这份合同是否仍然有效")
        if fault == "letters" and self.words.says_nothing(account):
            account, fault = "", "blank"
        reason = _account_reason(account, fault) if fault else ""
        result = RETURNED if fault else DOUBTFUL if self.doubts else TAKEN
        return LedgerRow(
            sheet=self.place.sheet.name, row=self.place.number, cells=self.place.given,
            key=contract_key(number, account, span.signed or span.starts),
            account=account, name=trimmed(cell("name")), kind_id=kind, kind_word=kind_word,
            nature=trimmed(cell("nature")), id_number=identity.number,
            id_paper=identity.paper, phone=read_phone(cell("phone")),
            address=trimmed(cell("address")), voltage=trimmed(cell("voltage")),
            capacity=read_capacity(cell("capacity")), capacity_unit=self.words.units.get(kind or "", ""),
            number=number, signed=span.signed, starts=span.starts, term_months=span.term, ends=span.ends,
            indefinite=span.indefinite, note=note, gone=gone, result=result, doubts=tuple(self.doubts), reason=reason)

    def cell(self, field: str) -> Cell:
        return self.cells.get(field)

    def doubt(self, code: str, sentence: str) -> None:
        self.doubts.append(Doubt(code, sentence))

    def number(self) -> str:
        number = read_number(self.cell("number"))
        return "" if self.words.says_nothing(number) else number

    def kind(self) -> tuple[str, str | None]:
        """The kind as written and as the catalogue knows it. Without such a column 用电类别 or the sheet's name may."""
        words = [trimmed(self.cell("kind"))]
        if "kind" not in self.layout.columns:
            words = [trimmed(self.cell("nature")), self.place.sheet.name]
        for word in words:
            if kind := kind_of(word, self.words):
                return word, kind
        said = f"合同类型“{words[0][:20]}”不在种类目录里" if words[0] else "没有写合同类型"
        self.doubt("kind_unknown", f"{said}，请指定居民、低压非居民、高压或临时")
        return words[0], None

    def identity(self) -> Identity:
        identity = read_identity(self.cell("id_number"))
        if not identity.fault and self.words.says_nothing(identity.number):
            return Identity("")
        if identity.fault == "id_check":
            self.doubt("id_check", "证件号码的校验位不对或位数不对，请对照证件核对")
        elif identity.fault:
            self.doubt("id_precision", "证件号码被 Excel 存成了数字，末几位已丢失，证件号码留空，请按证件重填")
        return identity

    def span(self, kind: str | None) -> Span:
        cells = SpanCells(self.cell("signed"), self.cell("starts"), self.cell("term"), self.cell("ends"),
                          self.layout.term_unit, self.place.sheet.is_1904)
        span = read_span(cells, self.words, kind)
        self.doubts += span.doubts
        return span


def contract_key(number: str, account: str, day: date | None) -> str:
    """What makes a contract the same contract: its number, else 户号 with the day of signing."""
    return tight(number) if number else f"{account}@{day or ''}"


def kind_of(word: str, words: LedgerWords) -> str | None:
    """The catalogue's kind for a hall's word (高 压, 高压供用电合同, GY → 高压); None for a word it does not know.

    What stands in parentheses may tell the kind apart: 低压供用电合同（居民） is the residents'.
    """
    said = tight(word).upper()
    if (kind := _known_kind(said, words)) or not (found := _IN_PARENTHESES.search(said)):
        return kind
    outside, inside = said[:found.start()] + said[found.end():], found[1]
    kinds = {kind for kind in (_known_kind(outside, words), _known_kind(inside, words)) if kind}
    if len(kinds) < 2:
        return kinds.pop() if kinds else None
    return _known_kind(_without_ending(outside, words) + inside, words)


def _known_kind(said: str, words: LedgerWords) -> str | None:
    while said not in words.kinds:
        shorter = _without_ending(said, words)
        if shorter == said:
            return None
        said = shorter
    return words.kinds[said]


def _without_ending(said: str, words: LedgerWords) -> str:
    ending = next((ending for ending in words.kind_endings if said.endswith(ending)), "")
    return said.removesuffix(ending)
