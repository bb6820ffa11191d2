"""Strips, blocks and pages: what goes on which A4 sheet, and the sheets as one PDF.

Everything on paper is cut into strips that no page break may cut. Pages are filled first and drawn after, when
their number is known. Only the canvas of ReportLab is used: it writes the file, we say what stands on each page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

import segno
from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from printing.embedding import Embedding, without_helvetica
from printing.fonts import Faces
from printing.typeset import Line, Style, set_text

rl_config.trustedHosts = []  # type: ignore[attr-defined]
rl_config.trustedSchemes = []  # type: ignore[attr-defined]
rl_config.useA85 = 0  # type: ignore[attr-defined]  # a page in letters is longer and half as fast

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT = 28 * MM
"""Wider than the right margin, which ends where 42 characters of 10.5 points do: the file is bound on the left."""
WIDTH = 441.0
TOP, BOTTOM = 29 * MM, 25 * MM
HEIGHT = PAGE_HEIGHT - TOP - BOTTOM

HAIR, FRAME = 0.5, 0.75
"""Thickness in points of a table's lines and of its frame."""

_MARK_GAP = 7.0
_FOOT = HEIGHT + 32
_DEPTH = 2.4
"""How far under its baseline a filled blank is underlined, in points."""
_QR_MASK = 2


@dataclass(frozen=True)
class Strip:
    """A horizontal strip of a page that is never cut, `height` points high.

    lines: (x, y of the baseline, line), from the strip's left top corner, y downwards; bars: filled rectangles
    (x, y, width, height) likewise; closing: the (from, to) of a line drawn under the strip if a page ends there.
    """

    height: float
    lines: tuple[tuple[float, float, Line], ...] = ()
    bars: tuple[tuple[float, float, float, float], ...] = ()
    closing: tuple[float, float] | None = None


@dataclass(frozen=True)
class Block:
    """Strips that belong together: a paragraph, a head, a table.

    before: points above it, dropped at the top of a page; together: how many of its strips must stay together
    at either side of a page break; head: strips repeated when it goes on over the page; keep_next: it never
    stands at the foot of a page without the beginning of what follows; room: points that must be free for it,
    else it begins a page (a page's HEIGHT: always); tail: points of what follows to the end, which takes this one's
    last strips along where it must go over the page.
    """

    strips: tuple[Strip, ...]
    before: float = 0.0
    together: int = 2
    head: tuple[Strip, ...] = ()
    keep_next: bool = False
    room: float = 0.0
    tail: float = 0.0


@dataclass(frozen=True)
class Sheet:
    """What stands on every page around its body: head left and right, a note at the foot, the 演练 mark."""

    left: str
    right: str
    note: str = ""
    practice: bool = False


Placed = tuple[float, Strip]


@dataclass
class _Filling:
    """Pages being filled: what is placed, how far down the last page we are, in points from the body's top."""

    height: float
    pages: list[list[Placed]] = field(default_factory=lambda: [[]])
    down: float = 0.0

    def room(self) -> float:
        return self.height - self.down

    def put(self, strip: Strip) -> None:
        self.pages[-1].append((self.down, strip))
        self.down += strip.height

    def turn(self) -> None:
        """A new page, if this one is not empty."""
        if not self.pages[-1]:
            return
        down, last = self.pages[-1][-1]
        if last.closing:
            start, end = last.closing
            bar = Strip(0, bars=((start, last.height - FRAME / 2, end - start, FRAME),))
            self.pages[-1].append((down, bar))
        self.pages.append([])
        self.down = 0.0


_ALONG = 2
"""Rows that a signature takes along to a page of its own: nobody signs under nothing."""


def fill_pages(blocks: Sequence[Block], height: float = HEIGHT) -> list[list[Placed]]:
    """Which strip goes how far down on which page. A strip higher than a page goes over its foot, never away."""
    filling = _Filling(height)
    for place, block in enumerate(blocks):
        before = block.before if filling.down else 0.0
        if before + max(block.room, _least(blocks, place)) > filling.room() + 0.01:
            filling.turn()
            before = 0.0
        filling.down += before
        _place(filling, block)
    return filling.pages


def _least(blocks: Sequence[Block], place: int) -> float:
    """The points that must be free for the block to begin here: with what it must not be parted from."""
    block = blocks[place]
    if block.keep_next and place + 1 < len(blocks):
        return _height(block.strips) + blocks[place + 1].before + _least(blocks, place + 1)
    count = len(block.strips)
    first = count if count < 2 * block.together else block.together
    return _height(block.head) + _height(block.strips[:first])


def _place(filling: _Filling, block: Block) -> None:
    rest = block.strips
    for strip in block.head:
        filling.put(strip)
    while rest:
        count = _fitting(rest, filling.room(), block.together)
        if count == len(rest) > _ALONG and block.tail and _height(rest) + block.tail > filling.room() + 0.01:
            count -= _ALONG
        if count == 0 and not filling.pages[-1][len(block.head):]:
            count = 1  # nothing smaller can be cut from it: let it stand on a page of its own
        for strip in rest[:count]:
            filling.put(strip)
        rest = rest[count:]
        if rest:
            filling.turn()
            for strip in block.head:
                filling.put(strip)


def _fitting(strips: tuple[Strip, ...], room: float, together: int) -> int:
    """How many of the strips stand on this page so that neither side of the break is left alone."""
    count, used = 0, 0.0
    for strip in strips:
        used += strip.height
        if used > room + 0.01:
            break
        count += 1
    if count < len(strips):
        count = min(count, max(0, len(strips) - together))
        if count < together:
            count = 0
    return count


def _height(strips: Sequence[Strip]) -> float:
    return sum(strip.height for strip in strips)


def text_block(lines: Sequence[Line], leading: float, size: float, *, before: float = 0.0,
               keep_next: bool = False,
               room: float = 0.0) -> Block:
    """A paragraph: one strip a line, `leading` points each, the baseline where characters of `size` sit."""
    base = (leading + size * 0.76) / 2
    return Block(tuple(Strip(leading, ((0.0, base, line),)) for line in lines), before, 2, (), keep_next, room)


@lru_cache(maxsize=64)
def qr_bars(text: str, side: float) -> tuple[tuple[float, float, float, float], ...]:
    """A QR code of `side` points as rectangles, error correction M; the mask is fixed, to be found the sooner."""
    matrix = segno.make(text, error="m", boost_error=False, mask=_QR_MASK, micro=False).matrix
    unit = side / len(matrix)
    return tuple((a * unit, row * unit, (b - a) * unit, unit)
                 for row, modules in enumerate(matrix) for a, b in _runs(bytes(modules)))


def _runs(modules: bytes) -> Iterator[tuple[int, int]]:
    start = modules.find(1)
    while start >= 0:
        end = modules.find(0, start)
        end = len(modules) if end < 0 else end
        yield start, end
        start = modules.find(1, end)


class Paper:
    """One PDF being made."""

    def __init__(self, faces: Faces, title: str, made_at: datetime) -> None:
        """`made_at`: the moment of drawing up, which the file tells as its own; no clock is asked."""
        self._faces = faces
        self._fonts = {"Song": Embedding(faces.song, "Song"), "Hei": Embedding(faces.hei, "Hei")}
        self._buffer = io.BytesIO()
        self._canvas = Canvas(self._buffer, (PAGE_WIDTH, PAGE_HEIGHT), pageCompression=1, invariant=1,
                              initialFontName=without_helvetica(), lang="zh-CN")
        self._canvas.setTitle(title)
        self._canvas.setAuthor("")
        self._canvas.setSubject("")
        self._canvas.setCreator("业扩一窗")
        self._canvas.setDateFormatter(lambda *_: f"D:{made_at:%Y%m%d%H%M%S}")

    def pages(self, blocks: Sequence[Block], sheet: Sheet) -> None:
        """Fills as many pages as the blocks need, each with head and foot."""
        filled = fill_pages(blocks)
        for number, placed in enumerate(filled, start=1):
            around = self._around(sheet, number, len(filled))
            body = [(LEFT, PAGE_HEIGHT - TOP - down, strip) for down, strip in placed]
            self._draw([*body, (LEFT, PAGE_HEIGHT - TOP, around)])

    def stamp(self, text: str) -> None:
        """A page with nothing on it but a framed word above the head, on the right: to be laid over another."""
        (line,) = set_text(text, Style(self._faces.hei, "Hei", 9, align="right"), WIDTH - 5)
        frame = box(WIDTH - line.width - 10, -43.0, line.width + 10, 15.0)
        self._draw([(LEFT, PAGE_HEIGHT - TOP, Strip(0, ((0.0, -32.0, line),), tuple(frame)))])

    def finished(self) -> bytes:
        """The whole file. The same pages made at the same moment give the same bytes."""
        self._canvas._doc.delayedFonts.extend(self._fonts.values())
        self._canvas.save()
        return self._buffer.getvalue()

    def _draw(self, strips: Sequence[tuple[float, float, Strip]]) -> None:
        """One page: for each strip the x of its left and the y, from the page's foot, of its top."""
        shown, bars, marks = [], [], []  # marks are shown last: text that is copied out is not cut by them
        for left, top, strip in strips:
            bars += [_bar(left + x, top - y, width, height) for x, y, width, height in strip.bars]
            for x, down, line in strip.lines:
                shown.append(f"1 0 0 1 {left + x + line.x:.2f} {top - down:.2f} Tm {line.ink}")
                self._fonts[line.resource].used.update(line.text)
                bars += [_bar(left + x + a, top - down - _DEPTH, b - a, HAIR) for a, b in line.rules]
                if line.mark:
                    marks.append(self._margin_mark(line.mark, top - down))
        self._canvas.addLiteral("\n".join(["BT", *shown, *marks, "ET", *bars, "f"]))
        self._canvas.showPage()

    def _margin_mark(self, mark: str, y: float) -> str:
        (line,) = set_text(mark, Style(self._faces.hei, "Hei", 7, align="left"), 60)
        self._fonts["Hei"].used.update(mark)
        return f"1 0 0 1 {LEFT + WIDTH + _MARK_GAP:.2f} {y:.2f} Tm {line.ink}"

    def _around(self, sheet: Sheet, number: int, count: int) -> Strip:
        """Head and foot as one strip that begins at the body's top."""
        small = Style(self._faces.song, "Song", 8.5, align="left")
        numbers = Style(self._faces.song, "Song", 9, align="center")
        lines = [
            *_risen(set_text(sheet.left, small, WIDTH * 0.42), 0.0, -17.0),
            *_risen(set_text(sheet.right, replace(small, align="right"), WIDTH * 0.42), WIDTH * 0.58, -17.0),
            *_risen(set_text(f"第 {number} 页 共 {count} 页", numbers, WIDTH), 0.0, _FOOT),
        ]
        bars = [(0.0, -11.0, WIDTH, HAIR)]
        if sheet.note:
            lines += _risen(set_text(sheet.note, replace(small, size=7.5), WIDTH * 0.38), 0.0, _FOOT)
        if sheet.practice:
            bold = Style(self._faces.hei, "Hei", 11, align="center")
            lines += _risen(set_text("演练", bold, WIDTH), 0.0, -17.5)
            bars += box(WIDTH / 2 - 20, -29.5, 40, 16.5)
        return Strip(0, tuple(lines), tuple(bars))


def _risen(lines: Sequence[Line], x: float, y: float) -> list[tuple[float, float, Line]]:
    """Small lines of which the last stands at y."""
    return [(x, y - 10.5 * up, line) for up, line in enumerate(reversed(lines))]


def _bar(x: float, y: float, width: float, height: float) -> str:
    return f"{x:.2f} {y - height:.2f} {width:.2f} {height:.2f} re"


def box(x: float, y: float, width: float, height: float) -> list[tuple[float, float, float, float]]:
    """The four sides of a frame."""
    return [(x, y, width, FRAME), (x, y + height - FRAME, width, FRAME),
            (x, y, FRAME, height), (x + width - FRAME, y, FRAME, height)]
