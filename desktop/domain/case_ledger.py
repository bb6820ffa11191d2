"""What an export of cases in hand says, row by row: taken, taken with doubts, or given back.

As with a ledger of contracts no row is lost and nothing is guessed: a case that cannot be placed in its process is
given back with why; a cell that cannot be read is left empty and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from desktop.domain.case_row import FIELDS as FIELDS
from desktop.domain.case_row import CaseRow as CaseRow
from desktop.domain.case_row import CaseWords as CaseWords
from desktop.domain.case_row import Place, RowReader
from desktop.domain.ledger import RETURNED, Skipped
from desktop.domain.ledger_cells import Cell, Sheet, cell_text, is_blank, plain_digits, squared, tight, trimmed
from desktop.domain.ledger_heads import Head, fill_merged, find_head, is_column_numbers, is_repeated_head
from desktop.domain.process import Process

_NUMBERS = frozenset({"number", "task"})  # a table with neither of them, or without stages, is no export of cases


@dataclass(frozen=True)
class CaseLedger:
    """A whole export, understood."""

    rows: tuple[CaseRow, ...]
    skipped: tuple[Skipped, ...]
    heads: dict[str, tuple[Cell, ...]]


def read_cases(sheets: tuple[Sheet, ...], words: CaseWords, processes: Mapping[str, Process],
               today: date) -> CaseLedger:
    """Understand every row of every sheet. `processes` are the kinds that can be taken, by id."""
    rows: list[CaseRow] = []
    skipped: list[Skipped] = []
    heads: dict[str, tuple[Cell, ...]] = {}
    for sheet in map(squared, sheets):
        places: list[Place] = []
        for found in _sheet(sheet, words, heads):
            (places if isinstance(found, Place) else skipped).append(found)  # type: ignore[arg-type]
        mains = _gathered(places)
        rows += _rows(places, mains, words, processes, today)
    return CaseLedger(tuple(rows), tuple(skipped), heads)


def _sheet(sheet: Sheet, words: CaseWords, heads: dict[str, tuple[Cell, ...]]) -> Iterator[Place | Skipped]:
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
    if head is None or "stage" not in head.layouts[0].columns or _NUMBERS.isdisjoint(head.layouts[0].columns):
        return "标题"
    if is_repeated_head(row, head.layouts[0]):
        return "表头"
    if is_column_numbers(row):
        return "栏号"
    said = [tight(cell_text(cell)) for cell in row if not is_blank(cell)]
    if said[0].startswith(words.columns.totals) and is_blank(row[head.layouts[0].columns["stage"]]):
        return "小计合计"
    return "说明" if all(text.startswith(words.columns.footers) for text in said) else ""


def _first(row: tuple[Cell, ...]) -> str:
    return next((trimmed(cell) for cell in row if not is_blank(cell)), "")


