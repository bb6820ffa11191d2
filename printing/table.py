"""Tables: columns as wide as their contents ask, cells that wrap, heads that come again on the next page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, permutations
from math import ceil
from typing import Literal

from printing.fonts import Face
from printing.page import FRAME, HAIR, Block, Strip
from printing.typeset import Line, Style, set_text, set_value, text_width, widest_word

PAD, RISE = 4.5, 3.6
"""Points between a cell's text and its lines, sideways and up and down."""

_TALLEST = 24
"""Lines in one uncut strip of a row; a cell with more goes on over the page."""

_SHORT = 11
"""Characters of a text that looks broken when it wraps: 2026年12月31日."""

_WORD = 7
"""Characters of a word that is never broken: 待整改."""

_STEPS, _WORTH = (6.0, 12.0, 24.0, 48.0), 0.9
"""Points that one column gives another at a time; how much lower the rows must be for it."""

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Cell:
    """What stands in one field of a table: a text of one face and size."""

    text: str
    face: Face
    resource: str
    size: float = 9.5
    align: Align = "left"
    fixed: bool = False
    """The same in every document: a head, a label."""

    def lines(self, width: float) -> tuple[Line, ...]:
        style = Style(self.face, self.resource, self.size, align=self.align)
        text = self.text
        if self.fixed and self.align == "center" and self.natural() > width:
            text = text.replace("（", "\n（")  # a head that must wrap has its unit on a line of its own
        return (set_text if self.fixed else set_value)(text, style, width - 2 * PAD)

    def natural(self) -> float:
        """Width in points if nothing wraps."""
        return self._natural

    @cached_property
    def _natural(self) -> float:
        parts = self.text.split("\n")
        return max(text_width(part, self.face, self.size) for part in parts) + 2 * PAD + 0.1

    def count(self, width: float) -> int:
        """About how many lines it takes; where it wraps, one character's room is lost at the end of each."""
        if self._natural <= width:
            return 1
        return ceil((self._natural - 2 * PAD) / max(width - 2 * PAD - self.size, self.size))

    def least(self) -> float:
        """Width below which a number or a Latin word would split, or a line hold fewer than two characters."""
        return max(widest_word(self.text, self.face, self.size), 2 * self.size) + 2 * PAD + 0.1

    def decent(self) -> float:
        """Width below which a short value (a date, a stage) would wrap; a head may."""
        if len(self.text) <= _SHORT and not self.fixed:
            return self.natural()
        return max(self.least(), min(self.natural(), 3 * self.size + 2 * PAD + 0.1))

    def firm(self) -> float:
        """Width that no neighbour may take: a short value with figures stays whole, a name may stand in two lines."""
        if self.fixed or len(self.text) > _SHORT:
            return self.least()
        whole = len(self.text) <= _WORD or any(letter.isdigit() for letter in self.text)
        return self.natural() if whole else max(self.least(), self.natural() / 2 + PAD + self.size)


def column_widths(rows: Sequence[Sequence[Cell]], width: float) -> tuple[float, ...]:
    """Points for each column, `width` in all: all that the cells ask if there is room, else as they are shared out, or
    as the rows are a good deal lower."""
    shared = _shared(rows, width)
    firm = [max(cell.firm() for cell in column) for column in zip(*rows, strict=True)]
    if any(few > many + 0.1 for few, many in zip(firm, shared, strict=True)):
        return shared
    even = _evened(rows, shared, firm)
    return even if _lines(rows, even)[0] <= _lines(rows, shared)[0] * _WORTH else shared


def _evened(rows: Sequence[Sequence[Cell]], widths: tuple[float, ...], firm: Sequence[float]) -> tuple[float, ...]:
    """The widths with points given from column to column for as long as that lowers the rows."""
    best, lowest = widths, _lines(rows, widths)
    while True:
        tried = [(_lines(rows, each), step, each) for step in _STEPS for each in _given(best, firm, step)]
        least = min(tried, key=lambda one: one[:2], default=(lowest, 0.0, best))
        if least[0] >= lowest:
            return best
        lowest, _, best = least


def _given(widths: tuple[float, ...], firm: Sequence[float], step: float) -> Iterator[tuple[float, ...]]:
    """The widths after each column that can spare so many points gave them to each other one."""
    for giver, taker in permutations(range(len(widths)), 2):
        if widths[giver] - step >= firm[giver]:
            yield tuple(each + step * ((n == taker) - (n == giver)) for n, each in enumerate(widths))


def _lines(rows: Sequence[Sequence[Cell]], widths: Sequence[float]) -> tuple[int, int]:
    """About how many lines the rows take; and, of cells beside one another, how unlike they are in height."""
    counts = [[cell.count(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    return sum(map(max, counts)), sum(count * count for row in counts for count in row)


def _shared(rows: Sequence[Sequence[Cell]], width: float) -> tuple[float, ...]:
    """All that the cells ask if there is room, else as much above what they must have as there is; where there is not
    even that, every column gives in alike."""
    columns = list(zip(*rows, strict=True))
    asked = [tuple(max(measure(cell) for cell in column) for column in columns)
             for measure in (Cell.least, Cell.firm, Cell.decent, Cell.natural)]
    if sum(asked[0]) > width or sum(asked[-1]) < width:
        base = asked[0] if sum(asked[0]) > width else asked[-1]
        return tuple(each * width / sum(base) for each in base)
    low, high = next((low, high) for low, high in pairwise(asked) if sum(low) <= width <= sum(high))
    share = (width - sum(low)) / max(sum(high) - sum(low), 0.01)
    return tuple(few + (many - few) * share for few, many in zip(low, high, strict=True))


def row_strips(cells: Sequence[Cell], widths: Sequence[float], leading: float,
               rise: float = RISE) -> tuple[Strip, ...]:
    """One row as strips, `rise` points free above and below its text: one, unless a cell is so long that it must be
    able to go over the page."""
    set_cells = [cell.lines(width) for cell, width in zip(cells, widths, strict=True)]
    count = max(map(len, set_cells))
    cuts = range(0, count, _TALLEST)
    return tuple(_strip([lines[cut:cut + _TALLEST] for lines in set_cells], cells, widths, leading, rise,
                        min(_TALLEST, count - cut), cut == 0, cut + _TALLEST >= count) for cut in cuts)


def _strip(texts: Sequence[Sequence[Line]], cells: Sequence[Cell], widths: Sequence[float], leading: float,
           rise: float, count: int, first: bool, last: bool) -> Strip:
    height = count * leading + rise * (first + last)
    total = sum(widths)
    placed, bars, x = [], [(0.0, 0.0, FRAME, height)], 0.0
    for lines, cell, width in zip(texts, cells, widths, strict=True):
        drop = (count - len(lines)) * leading / 2 + rise * first + (leading + cell.size * 0.76) / 2
        placed += [(x + PAD, drop + n * leading, line) for n, line in enumerate(lines)]
        x += width
        bars.append((x - HAIR / 2, 0.0, HAIR, height) if x < total - 1 else (total - FRAME, 0.0, FRAME, height))
    if first:
        bars.append((0.0, -HAIR / 2, total, HAIR))
    if last:
        bars.append((0.0, height - HAIR / 2, total, HAIR))
    return Strip(height, tuple(placed), tuple(bars), None if last else (0.0, total))


def table_block(heads: Sequence[Cell], rows: Sequence[Sequence[Cell]], width: float, *, leading: float = 13.5,
                widths: Sequence[float] | None = None, before: float = 4.0, together: int = 1,
                rise: float = RISE) -> Block:
    """A table of `width` points; `heads` (none: an empty sequence) come again where it goes over the page;
    `together`: how many of its rows at least stand on either side of a page break."""
    given = tuple(widths) if widths else column_widths([*([heads] if heads else []), *rows], width)
    top = row_strips(heads, given, leading, rise) if heads else ()
    body = tuple(strip for row in rows for strip in row_strips(row, given, leading, rise))
    return Block(body, before, together, top)


def empty_table(heads: Sequence[Cell], said: Cell, width: float, *, leading: float = 13.5,
                rise: float = RISE) -> Block:
    """A table of which nothing is to be told: its heads, and what is said of that right across."""
    block = table_block(heads, [], width, leading=leading, rise=rise)
    return replace(block, strips=row_strips([said], (width,), leading, rise))
