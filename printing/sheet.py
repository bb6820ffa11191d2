"""What a sheet is, as values: its columns, its words above and below, its rows of sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Kind = Literal["text", "identifier", "date", "datetime", "number", "integer", "percent", "money"]
Row = Sequence[Any]


@dataclass(frozen=True)
class Column:
    """One column. `kind` decides type and number format; a `masked` one never shows an ID or a phone whole.

    `width` is in characters, 0 for the usual one of its kind. Neighbours with the same `group` get a common
    head above their own. A percent is given as a fraction (0.98 is 98.00%).
    """

    name: str
    label: str
    kind: Kind = "text"
    width: float = 0
    masked: bool = False
    group: str = ""


@dataclass(frozen=True)
class Footer:
    """The line under the table: 单位, 制表人, 审核人 (left blank to be signed), 日期."""

    office: str = ""
    maker: str = ""
    checker: str = ""
    made_on: date | None = None

    def words(self) -> tuple[str, str, str, str]:
        made = f"{self.made_on:%Y-%m-%d}" if self.made_on else ""
        return f"单位：{self.office}", f"制表人：{self.maker}", f"审核人：{self.checker}", f"日期：{made}"


@dataclass(frozen=True)
class Total:
    """A row of sums: the same cells as any row, set in bold."""

    cells: Row


@dataclass(frozen=True)
class SheetSpec:
    """What a sheet says besides its rows. `closing` is asked for its lines after the last row was written;
    `keys`: how many columns at the left tell which row it is, and stay in sight beside all others."""

    title: str
    columns: tuple[Column, ...]
    unit: str = ""
    period: str = ""
    footer: Footer = Footer()
    closing: Callable[[], Iterable[str]] = tuple
    keys: int = 0
