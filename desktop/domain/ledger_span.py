"""When a contract was signed, begins and ends, as one row of a ledger says it, and what speaks against its end.

A doubtful end is left empty and never recomputed; a blank one follows from signing and term.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from desktop.domain import ledger_dates as dates
from desktop.domain.ledger_cells import Cell, is_blank, tight, trimmed
from desktop.domain.ledger_dates import BLANK, DateReading
from desktop.domain.ledger_heads import LedgerWords

DATE_NAMES = {"signed": "签订日期", "starts": "起始日", "ends": "到期日"}
_ASK = "请按合同原件核定"


@dataclass(frozen=True)
class Doubt:
    """Something a person must look at. `code`: id_check · id_precision · no_term · bad_date · two_digit_year ·
    end_before_start · end_contradicts · gone · kind_unknown (· conflict, found against what is kept)."""

    code: str
    sentence: str


class Span(NamedTuple):
    """`term` is in months, None when none is plainly given; `indefinite` has no end on purpose (居民 长期)."""

    signed: date | None
    starts: date | None
    term: int | None
    ends: date | None
    indefinite: bool
    doubts: tuple[Doubt, ...]


class SpanCells(NamedTuple):
    """The cells of a row that speak of time; `term_unit` is what the head says of a bare number in `term`."""

    signed: Cell
    starts: Cell
    term: Cell
    ends: Cell
    term_unit: str = ""
    is_1904: bool = False

    @staticmethod
    def period_in(cell: Cell) -> tuple[DateReading, DateReading] | None:
        return dates.read_period(cell) if isinstance(cell, str) else None


def read_span(cells: SpanCells, words: LedgerWords, kind: str | None) -> Span:
    """Read the cells and judge the end; `kind` is the contract kind's id. 依据：台账导入规则（ledger.toml [about]）."""
    return _SpanReader(cells, words, kind).span()


class _SpanReader:
    """The readings of one row; the doubts gather while they are judged."""

    def __init__(self, cells: SpanCells, words: LedgerWords, kind: str | None) -> None:
        self.cells = cells
        self.words = words
        self.kind = kind
        self.doubts: list[Doubt] = []
        self.term = dates.read_term(cells.term, cells.term_unit)
        self.signed = self.read(cells.signed)
        self.starts = self.read(cells.starts)

    def span(self) -> Span:
        end = self.end()
        self.doubt_reading("signed", self.signed, self.cells.signed)
        self.doubt_reading("starts", self.starts, self.cells.starts)
        self.doubt_reading("ends", end, self.cells.ends)
        if end.fault == "blank":
            return self.without_end()
        return self.result(None if end.day is None else self.judged(end.day))

    def result(self, ends: date | None, indefinite: bool = False) -> Span:
        return Span(self.signed.day, self.starts.day, self.term, ends, indefinite, tuple(self.doubts))

    def doubt(self, code: str, sentence: str) -> None:
        self.doubts.append(Doubt(code, f"{sentence}，{_ASK}"))

    def doubt_reading(self, field: str, reading: DateReading, cell: Cell) -> None:
        if not reading.fault or reading.fault == "blank":
            return
        said = f"{DATE_NAMES[field]}“{trimmed(self.cells.term if is_blank(cell) else cell)[:20]}”"
        if reading.fault == "two_digit":
            self.doubt("two_digit_year", f"{said}的年份只有两位，不敢认定是哪一年，{DATE_NAMES[field]}留空")
        else:
            self.doubt("bad_date", f"{said}不是日历上有的日期，{DATE_NAMES[field]}留空")

    def read(self, cell: Cell) -> DateReading:
        if isinstance(cell, str) and self.words.says_nothing(cell):
            return BLANK
        return dates.read_date(cell, self.cells.is_1904)

    def end(self) -> DateReading:
        """The end as its own cell says it, else as a term's cell that holds a period or a day says it."""
        said = self.end_in(self.cells.ends)
        if said.fault != "blank" or self.term is not None or is_blank(self.cells.term):
            return said
        in_term = self.end_in(self.cells.term)
        return in_term if in_term.fault != "bad" or self.cells.period_in(self.cells.term) else BLANK

    def end_in(self, cell: Cell) -> DateReading:
        """The day that a cell gives as the end; the second one of a period, whose first is the beginning."""
        if self.open_word(cell):
            return BLANK
        said = self.read(cell)
        if said.fault != "bad" or not (period := self.cells.period_in(cell)):
            return said
        self.starts = period[0] if self.starts.fault == "blank" else self.starts
        return period[1]

    def open_word(self, cell: Cell) -> str:
        """长期 for an end left open on purpose, 至拆除 for one that hangs on an event, '' for neither."""
        if not isinstance(cell, str) or cell.isascii():
            return ""
        said = tight(cell)
        if said.startswith(self.words.long_term) or said.endswith(self.words.long_term):
            return "长期"
        return "至拆除" if said.startswith(self.words.until_event) else ""

    def without_end(self) -> Span:
        """No day is written: a resident's 长期 is 不定期, a blank end follows from signing and term, else a doubt."""
        said = {self.open_word(self.cells.ends), self.open_word(self.cells.term)} - {""}
        if not said:
            return self.result(self.computed())
        if said == {"长期"} and self.kind == self.words.indefinite_kind:
            return self.result(None, indefinite=True)
        words = trimmed(self.cells.ends) or trimmed(self.cells.term)
        self.doubt("no_term", f"期限写作“{words[:20]}”，没有到期日")
        return self.result(None)

    def computed(self) -> date | None:
        """The last day of the term that begins on the first day, else on the day of signing."""
        start = self.starts.day or self.signed.day
        if self.term is None:
            self.doubt("no_term", "没有到期日，也没有看得懂的有效期")
        elif start is not None:
            return dates.end_of_term(start, self.term)
        elif self.signed.fault == self.starts.fault == "blank":
            self.doubt("no_term", "没有签订日期，算不出到期日")
        return None

    def judged(self, end: date) -> date | None:
        """The end when nothing speaks against it; a doubtful one is left empty."""
        bases = [day for day in (self.starts.day, self.signed.day) if day]
        if bases and end < bases[0]:
            self.doubt("end_before_start", f"到期日 {end} 早于{self.start_words(bases[0])}，到期日留空")
            return None
        if self.open_word(self.cells.term):
            self.doubt("end_contradicts", f"有效期写作“{trimmed(self.cells.term)[:20]}”，却有到期日 {end}，到期日留空")
            return None
        if self.term is None or not bases or any(dates.agrees_with_term(day, self.term, end) for day in bases):
            return end
        self.doubt("end_contradicts", f"到期日 {end} 与{self.start_words(bases[0])}、有效期 {_term_words(self.term)}"
                                      "对不上，到期日留空")
        return None

    def start_words(self, day: date) -> str:
        return f"{DATE_NAMES['starts' if self.starts.day else 'signed']} {day}"


def _term_words(months: int) -> str:
    return f"{months // 12} 年" if months % 12 == 0 else f"{months} 个月"
