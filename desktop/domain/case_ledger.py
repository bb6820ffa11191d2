"""What an export of cases in hand says, row by row: taken, taken with doubts, or given back.

As with a ledger of contracts no row is lost and nothing is guessed: a case that cannot be placed in its process is
given back with why; a cell that cannot be read is left empty and told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from desktop.domain.case_row import FIELDS as FIELDS
from desktop.domain.case_row import CaseRow as CaseRow
from desktop.domain.case_row import CaseWords as CaseWords
from desktop.domain.case_row import Place, RowReader
from desktop.domain.ledger import RETURNED, Skipped, is_total
from desktop.domain.ledger_cells import Cell, Sheet, cell_text, is_blank, plain_digits, squared, tight, trimmed
from desktop.domain.ledger_heads import (
    Head,
    fill_merged,
    find_head,
    head_words,
    is_column_numbers,
    is_repeated_head,
)
from desktop.domain.process import Process

_NUMBERS = frozenset({"number", "task"})  # a table with neither of them, or without stages, is no export of cases
TOTAL, LACKING = "小计合计", "缺栏"
_FEWEST_WORDS = 3  # of what may have been meant as a head
_COUNTED = re.compile(r"(?:共|共有)\d+[条件户笔行项]。?")  # 共 5 条
_FEWEST_DIGITS = 6  # of a case's number; a shorter figure in its column is a count


@dataclass(frozen=True)
class LackingHead:
    """A head without the columns `lacking` (number, stage), though no row can be taken without them: its words."""

    sheet: str
    row: int
    lacking: tuple[str, ...]
    words: tuple[str, ...]
    fields: frozenset[str]


@dataclass(frozen=True)
class CaseLedger:
    """A whole export, understood."""

    rows: tuple[CaseRow, ...]
    skipped: tuple[Skipped, ...]
    heads: dict[str, tuple[Cell, ...]]
    lacking: tuple[LackingHead, ...] = ()


def read_cases(sheets: tuple[Sheet, ...], words: CaseWords, processes: Mapping[str, Process],
               today: date) -> CaseLedger:
    """Understand every row of every sheet. `processes` are the kinds that can be taken, by id."""
    rows: list[CaseRow] = []
    skipped: list[Skipped] = []
    heads: dict[str, tuple[Cell, ...]] = {}
    lacking: list[LackingHead] = []
    for sheet in map(squared, sheets):
        places: list[Place] = []
        for found in _sheet(sheet, words, heads):
            {Place: places, LackingHead: lacking}.get(type(found), skipped).append(found)  # type: ignore[attr-defined]
        mains = _gathered(places)
        rows += _rows(places, mains, words, processes, today)
    lacking = lacking if heads else list(_nearly_heads(sheets, words))
    return CaseLedger(tuple(rows), tuple(skipped), heads, tuple(lacking))


def _nearly_heads(sheets: tuple[Sheet, ...], words: CaseWords) -> Iterator[LackingHead]:
    """Rows that name too few columns to be a head, where no sheet has one: what the clerk would call the head."""
    for sheet in map(squared, sheets):
        for index, row in enumerate(sheet.rows):
            said = head_words(row)
            fields = frozenset(known[0] for text in said if (known := words.columns.head(text)))
            if len(said) >= _FEWEST_WORDS and fields:
                yield LackingHead(sheet.name, sheet.first_row + index, _lacking(fields), said, fields)
                break


def _lacking(fields: Collection[str]) -> tuple[str, ...]:
    number = ("number",) if _NUMBERS.isdisjoint(fields) else ()
    return number if "stage" in fields else (*number, "stage")


def _sheet(sheet: Sheet, words: CaseWords,
           heads: dict[str, tuple[Cell, ...]]) -> Iterator[Place | Skipped | LackingHead]:
    filled = fill_merged(sheet)
    head: Head | None = None
    under = 0
    for index, given in enumerate(sheet.rows):
        number = sheet.first_row + index
        if under:
            under -= 1
            yield Skipped(sheet.name, number, "表头", _first(given))
        elif found := find_head(filled, index, words.columns):
            head, under = found, found.height - 1
            heads.setdefault(sheet.name, sheet.rows[index + under])
            yield Skipped(sheet.name, number, "表头", _first(given))
            columns = found.layouts[0].columns
            if lacking := _lacking(columns):
                said = tuple(filter(None, found.layouts[0].heads))
                yield LackingHead(sheet.name, number, lacking, said, frozenset(columns))
        elif why := _no_data(given, head, words):
            yield Skipped(sheet.name, number, why, _first(given))
        else:
            assert head is not None
            yield Place(sheet.name, number, given, filled[index], head.layouts[0].columns, sheet.is_1904,
                        words.columns)


def _gathered(places: list[Place]) -> dict[int, int]:
    """Rows that each tell one stage of a case: those of finished stages become the history of the row of the open one.
    Which row joins which, by their numbers."""
    cases: dict[str, list[Place]] = {}
    for place in places:
        if "finished" in place.columns and (key := plain_digits(place.text(place.key))):
            cases.setdefault(key, []).append(place)
    joins: dict[int, int] = {}
    for told in cases.values():
        open_now = [place for place in told if not place.text("finished")]
        if len(open_now) == 1 < len(told):
            open_now[0].history = [place for place in told if place is not open_now[0]]
            joins |= {place.number: open_now[0].number for place in open_now[0].history}
    return joins


def _rows(places: list[Place], joins: Mapping[int, int], words: CaseWords, processes: Mapping[str, Process],
          today: date) -> Iterator[CaseRow]:
    """Every row in its order; one that joins another has that one's result and no case of its own."""
    read = {place.number: RowReader(place, words, processes, today).row()
            for place in places if place.number not in joins}
    for place in places:
        main = read[joins.get(place.number, place.number)]
        yield _joining(place, main) if place.number in joins else main


def _joining(place: Place, main: CaseRow) -> CaseRow:
    said = f"第 {main.row} 行同一工单的办理记录"
    row = main._replace(row=place.number, cells=place.given, stage_word=place.text("stage"),
                        handler=place.text("handler"), doubts=(), remarks=(said,), reason="", joins=main.row)
    return row.given_back(f"{said}，那一行退回") if main.result == RETURNED else row


def _no_data(row: tuple[Cell, ...], head: Head | None, words: CaseWords) -> str:
    """Why a row is none of a case; '' when it is one."""
    if all(map(is_blank, row)):
        return "空行"
    if head is None:
        return "标题"
    if is_repeated_head(row, head.layouts[0]):
        return "表头"
    if is_column_numbers(row):
        return "栏号"
    said = [tight(cell_text(cell)) for cell in row if not is_blank(cell)]
    if _is_sum(row, said, head.layouts[0].columns, words):
        return TOTAL
    if all(text.startswith(words.columns.footers) for text in said):
        return "说明"
    return LACKING if _lacking(head.layouts[0].columns) else ""


def _is_sum(row: tuple[Cell, ...], said: list[str], columns: Mapping[str, int], words: CaseWords) -> bool:
    """A line of sums: it says so in one of its cells, and has no case's number and no stage of a case."""
    stage = "" if "stage" not in columns or is_blank(row[columns["stage"]]) else cell_text(row[columns["stage"]])
    if (said[0].startswith(words.columns.totals) or _COUNTED.fullmatch(said[0])) and not stage:
        return True
    numbers = (plain_digits(cell_text(row[columns[name]])) for name in _NUMBERS & set(columns))
    return (any(is_total(text, words.columns) for text in said) and tight(stage).upper() not in words.stages
            and all(sum(map(str.isdigit, number)) < _FEWEST_DIGITS for number in numbers))


def _first(row: tuple[Cell, ...]) -> str:
    return next((trimmed(cell) for cell in row if not is_blank(cell)), "")


