"""Papers of the hall itself: a title, words, tables and signatures on A4, of no case's form and with no blanks.

晨会单, 交接班单 and 进度单 are of this kind: what they say is read at the moment, and they ask nothing back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from printing.fonts import Faces
from printing.page import HAIR, MM, WIDTH, Block, Paper, Sheet, Strip, fill_pages, qr_bars, text_block
from printing.table import Cell, empty_table, table_block
from printing.typeset import Line, Style, set_text, set_value

SIZE, LEADING = 10.5, 16.0
CELL, DENSE = (9.0, 12.0), (8.0, 9.5)  # size and leading in a table, and in one of many lines on a page that is full
GAP, SIGN_ROW, QR = 28.0, 34.0, 19 * MM
Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Table:
    """Rows of text under a title. `empty` stands where there are none, `rest` under those that are shown; a `dense` one
    is set small, for a page that has to hold all."""

    title: str
    heads: tuple[tuple[str, Align], ...]
    rows: Sequence[Sequence[str]]
    empty: str = "无"
    rest: str = ""
    dense: bool = False


@dataclass(frozen=True)
class Words:
    """A paragraph; a `strong` one says what matters most."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Signs:
    """Lines to be signed, two in a row."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Ruled:
    """Empty lines to write on by hand."""

    count: int


Part = Table | Words | Signs | Ruled


@dataclass(frozen=True)
class Told:
    """A paper: its title, a line under it, its parts, and what stands at its head."""

    title: str
    about: str
    parts: tuple[Part, ...]
    hall: str
    practice: bool = False
    code: str = ""
    """What its QR code says; empty: it has none."""


def hall_pdf(told: Told, faces: Faces, made_at: datetime) -> bytes:
    """The paper as A4; the same words and moment give the same bytes."""
    paper = Paper(faces, f"{told.title} {made_at:%Y-%m-%d}", made_at)
    paper.pages(_blocks(told, faces), Sheet(told.hall, "", f"打印时间：{made_at:%Y-%m-%d %H:%M}", told.practice))
    return paper.finished()


def pages_of(told: Told, faces: Faces) -> int:
    """How many pages it needs."""
    return len(fill_pages(_blocks(told, faces)))


def _blocks(told: Told, faces: Faces) -> list[Block]:
    title = set_text(told.title, Style(faces.hei, "Hei", 18, align="center"), WIDTH)
    about = set_value(told.about, Style(faces.song, "Song", 9.5, align="center"), WIDTH)
    blocks = [text_block(title, 27, 18, keep_next=True), text_block(about, 15, 9.5)]
    if told.code:
        blocks = [_coded([(0.0, 26.0 + 19.0 * row, line) for row, line in enumerate((*title, *about))], told.code)]
    for part in told.parts:
        blocks += _part(part, faces)
    return blocks


def _coded(lines: list[tuple[float, float, Line]], code: str) -> Block:
    """The head of a paper with a QR code beside it, which has its quiet zone."""
    bars = tuple((x + WIDTH - QR, y, w, h) for x, y, w, h in qr_bars(code, QR))
    return Block((Strip(QR + 10, tuple(lines), bars),))


def _part(part: Part, faces: Faces) -> Iterator[Block]:
    if isinstance(part, Words):
        style = Style(faces.hei if part.strong else faces.song, "Hei" if part.strong else "Song", SIZE, align="left")
        yield text_block(set_value(part.text, style, WIDTH), LEADING, SIZE, before=6.0)
    elif isinstance(part, Signs):
        yield Block(tuple(_sign_row(row, faces) for row in part.rows), 14.0, len(part.rows))
    elif isinstance(part, Ruled):
        yield Block((Strip(SIGN_ROW, (), ((0.0, SIGN_ROW - 7, WIDTH, HAIR),)),) * part.count, 0.0, part.count)
    else:
        yield from _table(part, faces)


def _table(part: Table, faces: Faces) -> Iterator[Block]:
    size, leading = DENSE if part.dense else CELL
    title = set_value(part.title, Style(faces.hei, "Hei", size + 1.5, align="left"), WIDTH)
    yield text_block(title, leading + 4, size + 1.5, before=size - 1, keep_next=True)
    heads = [Cell(word, faces.hei, "Hei", size, "center", True) for word, _align in part.heads]
    rows = [[Cell(text or "／", faces.song, "Song", size, align)
             for text, (_word, align) in zip(row, part.heads, strict=True)] for row in part.rows]
    none = Cell(part.empty, faces.song, "Song", size, "center")
    yield table_block(heads, rows, WIDTH, leading=leading) if rows else empty_table(heads, none, WIDTH, leading=leading)
    if part.rest:
        rest = set_value(part.rest, Style(faces.song, "Song", size, align="right"), WIDTH)
        yield text_block(rest, leading + 1, size, before=1.0)


def _sign_row(row: tuple[str, str], faces: Faces) -> Strip:
    column = (WIDTH - GAP) / 2
    style = Style(faces.song, "Song", SIZE, align="left")
    labels = [(x, set_value(label, style, column)) for x, label in ((0.0, row[0]), (column + GAP, row[1]))]
    high = SIGN_ROW + LEADING * (max(len(shown) for _, shown in labels) - 1)  # a long name has room of its own
    first = SIGN_ROW - 12
    lines = [(x, first + LEADING * down, line) for x, shown in labels for down, line in enumerate(shown)]
    return Strip(high, tuple(lines), tuple((x, high - 7, column, HAIR) for x, _ in labels))
