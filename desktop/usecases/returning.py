"""Giving a hall's own rows back: what the imports of ledgers share, whatever their rows are.

Every row of a table that comes in ends with one of RESULTS; those that need a person go to the returned workbook,
under the hall's own heads and with its own cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from desktop.domain.ledger import DOUBTFUL, RETURNED, TAKEN
from desktop.domain.ledger_cells import Cell
from desktop.errors import Refusal, Trouble
from desktop.progress import Step
from printing.returned_book import ReturnedRow, ReturnedSheet, returned_book
from printing.writing import atomic_write

RESULTS = (TAKEN, DOUBTFUL, RETURNED)
WHOLE = 100  # per cent of a whole import


class GivenRow(Protocol):
    """A row as the hall wrote it: its sheet, its number there, its cells."""

    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def cells(self) -> tuple[Cell, ...]: ...


class Found(Protocol):
    """What became of a row, and why."""

    @property
    def row(self) -> GivenRow: ...
    @property
    def result(self) -> str: ...
    @property
    def reasons(self) -> str: ...


def counts_of(findings: Iterable[Found]) -> dict[str, int]:
    """How many rows ended with each result."""
    counted = Counter(finding.result for finding in findings)
    return {result: counted[result] for result in RESULTS}


def refuse_target(path: Path, returned: Path | None) -> None:
    """Raises Refusal unless the returned workbook is a workbook of its own, not the table that comes in."""
    if returned is None:
        return
    if returned.suffix.lower() != ".xlsx":
        raise Refusal("退回表要存成 .xlsx 文件，请改文件名。", "returned")
    if returned.resolve() == path.resolve():
        raise Refusal("退回表不能写在原台账上，请另取文件名。", "returned")


def write_returned(target: Path, heads: Mapping[str, tuple[Cell, ...]], findings: Iterable[Found], what: str,
                   step: Step) -> None:
    """Write the rows that need a person. The import is saved by now, and a workbook that cannot be written says so;
    `what` was imported: 台账 or 工单."""
    rows: dict[str, list[ReturnedRow]] = {}
    for finding in findings:
        if finding.result in (DOUBTFUL, RETURNED):
            rows.setdefault(finding.row.sheet, []).append(
                ReturnedRow(finding.row.row, finding.row.cells, finding.result, finding.reasons))
    sheets = [ReturnedSheet(name, heads.get(name, ()), tuple(found)) for name, found in rows.items()]
    try:
        atomic_write(target, returned_book(sheets, step), private=True)
    except Trouble as error:
        raise Trouble(f"{what}已导入，但退回表没有写成：{error.sentence}", error.advice, saved=True) from error


def share(step: Step, first: int, last: int) -> Step:
    """A part of the work told as its share of the whole, in per cent."""
    def tell(done: int, total: int) -> None:
        step(first + (last - first) * done // max(total, 1), WHOLE)
    return tell
