"""A filled contract as a PDF: title and parties, clauses, signature page, annexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest

from desktop.domain.clause import (
    FilledBlock,
    FilledClause,
    FilledContract,
    FilledParagraph,
    FilledTable,
    Frame,
    Signing,
    ordinal,
)
from printing.fonts import Faces
from printing.page import (
    HAIR,
    HEIGHT,
    MM,
    WIDTH,
    Block,
    Paper,
    Sheet,
    Strip,
    box,
    qr_bars,
    text_block,
)
from printing.table import Cell, empty_table, row_strips, table_block
from printing.typeset import Line, Run, Style, set_runs, set_text, set_value

SIZE, LEADING = 10.5, 16.5
_TITLE, _HEAD = 18.0, 11.0
_QR = 19 * MM
_INDENTS = {0: (2.0, 0.0), 1: (2.0, 0.0), 2: (2.0, 2.0)}
"""First-line and left indents in characters, by a paragraph's level."""

_SEAL_ROW, _SIGN_ROW, _DATE_ROW = 96.0, 62.0, 48.0
"""Points for a seal of 42 mm over its line, for a name, for a date."""
_SIGN_GAP = 20.0
_PAGE_OF_ITS_OWN = HEIGHT
_LITTLE = 0.3
"""Of a page's height: an annex so low does not deserve a page of its own."""


def contract_pdf(contract: FilledContract, faces: Faces, made_at: datetime) -> bytes:
    """The whole document, drawn up at `made_at`. The same contract and moment give the same bytes.

    Refusal: a character that no font has.
    """
    paper = Paper(faces, f"{contract.title} {contract.number}", made_at)
    sheet = Sheet(contract.title, f"合同编号：{contract.number}", contract.notice, contract.practice)
    paper.pages(tuple(_Composer(faces).blocks(contract)), sheet)
    return paper.finished()


class _Composer:
    """Turns a contract's parts into blocks, in the styles of the house."""

    def __init__(self, faces: Faces) -> None:
        self.faces = faces
        self.title = Style(faces.hei, "Hei", _TITLE, align="center")
        self.head = Style(faces.hei, "Hei", _HEAD, align="left")
        self.small = Style(faces.song, "Song", 9, align="center")
        self.plain = Style(faces.song, "Song", SIZE, align="left")
        self.body = {level: Style(faces.song, "Song", SIZE, first, left)
                     for level, (first, left) in _INDENTS.items()}

    def blocks(self, contract: FilledContract) -> Iterator[Block]:
        """All blocks of the document, in order."""
        yield self._opening(contract)
        yield self._parties(contract)
        for clause in contract.clauses:
            yield from self._clause(clause, f"第{ordinal(clause.number)}条")
        yield self._signatures(contract)
        yield from self._annexes(contract.annexes)

    def _opening(self, contract: FilledContract) -> Block:
        """Title, notice, number and place, with the QR code beside them."""
        free = WIDTH - 2 * (_QR + 6)
        lines: list[tuple[float, float, Line]] = []
        y = 30.0
        for line in set_text(contract.title, self.title, free):
            lines.append((_QR + 6, y, line))
            y += _TITLE * 1.4
        if contract.notice:
            lines += [(_QR + 6, y - 4, line) for line in set_text(f"（{contract.notice}）", self.small, free)]
        y = max(y + 14, _QR + 22)  # the code has its quiet zone
        number = set_value(f"合同编号：{contract.number}", self.plain, WIDTH / 2)
        place = set_value(f"签订地点：{contract.place}", replace(self.plain, align="right"), WIDTH / 2)
        both = max(len(number), len(place))
        lines += [(0.0, y + n * LEADING, line) for n, line in enumerate(number)]
        lines += [(WIDTH / 2, y + n * LEADING, line) for n, line in enumerate(place)]
        bars = tuple((x + WIDTH - _QR, y_, w, h) for x, y_, w, h in qr_bars(contract.qr, _QR))
        return Block((Strip(y + both * LEADING - 8, tuple(lines), bars),))

    def _parties(self, contract: FilledContract) -> Block:
        """Supplier and customer side by side."""
        labels, half = 66.0, WIDTH / 2
        widths = (labels, half - labels, labels, half - labels)
        heads = row_strips([self._head_cell("供电人"), self._head_cell("用电人")], (half, half), 14.5)
        rows = [[self._label(supplier[0]), self._cell(supplier[1]),
                 self._label(customer[0]), self._cell(customer[1])]
                for supplier, customer in zip_longest(contract.supplier, contract.customer, fillvalue=("", ""))]
        return Block(tuple(strip for row in rows for strip in row_strips(row, widths, 13.5)), 2.0, 1, heads)

    def _cell(self, text: str, *, right: bool = False, size: float = 9.5) -> Cell:
        return Cell(text, self.faces.song, "Song", size, "right" if right else "left")

    def _label(self, text: str) -> Cell:
        return Cell(text, self.faces.song, "Song", 9.5, "left", True)

    def _head_cell(self, text: str, size: float = 9.5) -> Cell:
        return Cell(text, self.faces.hei, "Hei", size, "center", True)

    def _clause(self, clause: FilledClause, number: str) -> Iterator[Block]:
        title = set_text(f"{number}　{clause.head}", self.head, WIDTH)
        yield text_block(title, LEADING + 1, _HEAD, before=7.0, keep_next=True)
        yield from self._all(clause)

    def _all(self, clause: FilledClause) -> Iterator[Block]:
        """The clause's blocks; text that follows a table stands off from it. A list is indented as a block only where
        it stands under another."""
        outer = any(isinstance(block, FilledParagraph) and block.level == 1 for block in clause.blocks)
        for block, above in zip(clause.blocks, (None, *clause.blocks), strict=False):
            made = list(self._inner(block, 2 if outer else 1))
            if not isinstance(above, (FilledParagraph, type(None))) and isinstance(block, FilledParagraph):
                made[0] = replace(made[0], before=5.0)
            yield from made

    def _inner(self, block: FilledBlock, deepest: int) -> Iterator[Block]:
        if isinstance(block, FilledParagraph):
            runs = [Run(run.text, run.filled, run.mark) for run in block.runs]
            lines = set_runs(runs, self.body[min(block.level, deepest)], WIDTH)
            announces = runs[-1].text.endswith("：") and len(lines) < 4  # what it announces stands under it
            yield text_block(lines, LEADING, SIZE, keep_next=announces)
        elif isinstance(block, FilledTable):
            yield from self._table(block)
        elif isinstance(block, Signing):
            strips = tuple(self._sign_row(left, right) for left, right in block.lines)
            yield Block(strips, 12.0, len(strips))
        else:
            yield from self._frame(block)

    def _table(self, table: FilledTable) -> Iterator[Block]:
        if table.title:
            title = set_text(table.title, Style(self.faces.hei, "Hei", 9.5, align="center"), WIDTH)
            yield text_block(title, LEADING, 9.5, before=3.0, keep_next=True)
        heads = [self._head_cell(head, 9) for head in table.heads]
        if len(table.rows) == 1 and not any(table.rows[0][1:]):
            yield empty_table(heads, Cell(table.rows[0][0], self.faces.song, "Song", 9, "center"), WIDTH, leading=13)
            return
        rows = [[self._cell(text, right=numeric, size=9) for text, numeric in zip(row, table.numeric, strict=True)]
                for row in table.rows]
        sums = [Cell(text, self.faces.hei, "Hei", 9, "right" if numeric else "left")
                for text, numeric in zip(table.total, table.numeric, strict=False)]
        yield table_block(heads, [*rows, sums] if sums else rows, WIDTH, leading=13, together=2 if sums else 1)

    def _frame(self, frame: Frame) -> Iterator[Block]:
        """An empty frame with its caption under it, to attach a drawing in."""
        height = min(frame.height_mm * MM, HEIGHT - 3 * LEADING)
        said = tuple((0.0, height + 14 + n * 13, line)
                     for n, line in enumerate(set_text(frame.caption, self.small, WIDTH)))
        yield Block((Strip(height + LEADING + 13 * (len(said) - 1), said, tuple(box(0, 0, WIDTH, height))),), 4.0)

    def _signatures(self, contract: FilledContract) -> Block:
        """Both sides' lines to be signed by hand, never parted; under the last clause where there is room, as
        nobody can then put another page of text before them."""
        title = set_text("签　署　页", Style(self.faces.hei, "Hei", 14, align="center"), WIDTH)
        centred = Style(self.faces.song, "Song", SIZE, align="center")
        words = (f"（以下无正文，为《{contract.title}》签署页，", f"合同编号：{contract.number}）")
        whole = set_value("".join(words), centred, WIDTH)
        said = whole if len(whole) == 1 else tuple(line for each in words for line in set_value(each, centred, WIDTH))
        strips = [Strip(30, tuple((0.0, 20.0, line) for line in title)),
                  *(Strip(LEADING, ((0.0, 12.5, line),)) for line in said), Strip(14)]
        strips += [self._sign_row(left, right) for left, right in contract.signature]
        place = set_value(f"签订地点：{contract.place}", self.plain, WIDTH)
        strips += [Strip(LEADING, ((0.0, 12.5, line),)) for line in place]
        return Block(tuple(strips), 16.0, len(strips))

    def _sign_row(self, left: str, right: str) -> Strip:
        """One line to be signed on either side; a seal needs more room than a name."""
        column = (WIDTH - _SIGN_GAP) / 2
        height = _SEAL_ROW if "盖章" in left + right else _SIGN_ROW
        height = _DATE_ROW if "日期" in left + right else height
        lines: list[tuple[float, float, Line]] = []
        bars: list[tuple[float, float, float, float]] = []
        for x, label in ((0.0, left), (column + _SIGN_GAP, right)):
            if label:
                lines += [(x, down, line) for down, line in self._to_sign(label, column, height)]
                bars.append((x, height - 15, column, HAIR))
        return Strip(height, tuple(lines), tuple(bars))

    def _to_sign(self, label: str, width: float, height: float) -> Iterator[tuple[float, Line]]:
        """The label over its line; a date stands on its line and has its three places."""
        dated = "日期" in label
        for row, line in enumerate(set_text(f"{label}：", self.plain, width)):
            yield (height - 20 if dated else 12.0) + row * LEADING, line
        if dated:
            places = Style(self.faces.song, "Song", SIZE, align="right")
            yield height - 20, set_text("年　　　月　　　日", places, width)[0]

    def _annexes(self, annexes: Sequence[FilledClause]) -> Iterator[Block]:
        """Each annex stands on one page if it can, else it begins where there is room; the first begins a page. A
        little one at the end stands on the page of the one before it: it is nobody's page of its own."""
        made = [self._annex(annex) for annex in annexes]
        asked = [_asked(blocks) for blocks in made]
        if len(made) > 2 and asked[-1] <= HEIGHT * _LITTLE:
            if asked[-2] + asked[-1] <= HEIGHT:
                asked[-2] += asked[-1]
            else:
                made[-2][-1] = replace(made[-2][-1], tail=asked[-1])
        for place, (head, *inner) in enumerate(made):
            whole = asked[place] - head.before if asked[place] - head.before <= HEIGHT else 0.0
            yield replace(head, room=whole if place else _PAGE_OF_ITS_OWN)
            yield from inner

    def _annex(self, annex: FilledClause) -> list[Block]:
        title = set_text(f"附件{ordinal(annex.number)}　{annex.head}", self.head, WIDTH)
        return [text_block(title, LEADING + 4, _HEAD, before=14.0, keep_next=True), *self._all(annex)]


def _asked(blocks: Sequence[Block]) -> float:
    """Points that the blocks take one under the other."""
    return sum(block.before + sum(strip.height for strip in (*block.head, *block.strips)) for block in blocks)
