"""Counter forms: receipt, notice, promise. What stands on one is a file under `forms/`; this sets it.

A form declares every fact that it needs, with a sample, so that it can be checked and printed without a case. Its
parts are pairs of label and value, tables, paragraphs with `{fact}` blanks, and lines to be signed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from desktop.errors import Missing, Refusal
from printing.fonts import Faces
from printing.page import HAIR, HEIGHT, MM, WIDTH, Block, Paper, Placed, Sheet, Strip, fill_pages, qr_bars, text_block
from printing.table import RISE, Cell, empty_table, row_strips, table_block
from printing.typeset import Line, Run, Style, set_runs, set_text, set_value

FORMS = Path(__file__).parent / "forms"

SIZE, LEADING = 10.5, 16.5
_QR = 19 * MM
_SIGN_GAP = 28.0
_LITTLE = 0.45  # of a page's height: so little does not deserve a page of its own
_LARGE = 0.3  # of a page's height: a frame as high as this can give some of it up to spare a page
_SIGNED = 0.5  # of a page's height: what is lower than that below a table is signed under some of its rows
_LABEL = 67.0
_AROUND = ("hall_name", "case_number", "printed_at", "practice")
"""What stands around the body of every form."""
GIVEN = "_given"
"""The names of the facts that somebody told, beside those that stand in for the others."""
QR_FACT = "qr"
"""What the QR code says where it is given; else it says the case's number."""
_BLANK = re.compile(r"\{([a-z_]+)\}")

Row = Mapping[str, str]


@dataclass(frozen=True)
class Fact:
    """One thing that a form needs to be told. `empty` is printed where it is not given; None: it must be. `fixed`: its
    rows are the form's own, as the questions of a questionnaire, and nobody tells it."""

    name: str
    label: str
    sample: str | tuple[Row, ...]
    empty: str | None = None
    fixed: bool = False

    @property
    def rows(self) -> bool:
        """Whether it is a list of rows, not one text."""
        return not isinstance(self.sample, str)


@dataclass(frozen=True)
class Column:
    name: str
    head: str
    align: Literal["left", "center", "right"] = "left"
    share: int = 0
    """Percent of the page's width; 0 in every column of a table that takes what its contents ask."""


@dataclass(frozen=True)
class Part:
    """One part of a form; just one of pairs, table, text, box and sign is given. `when`: a fact without which the part
    is left out; `unless`: a fact with which it is."""

    pairs: tuple[str, ...] = ()
    table: str = ""
    title: str = ""
    columns: tuple[Column, ...] = ()
    empty: str = ""
    text: str = ""
    flush: bool = False
    """The text begins at the left edge and nothing in it is underlined: whom the paper speaks to."""
    sign: tuple[tuple[str, str], ...] = ()
    box: str = ""
    """A fact to be written in a frame of `height` points, with its label above it; `hint` stands small in its foot."""
    height: float = 0.0
    hint: str = ""
    when: str = ""
    unless: str = ""

    def asks(self) -> tuple[str, ...]:
        """The facts that the part prints."""
        said = self.text + "".join(label for row in self.sign for label in row)
        named = [name for name in (self.table, self.box, self.when, self.unless) if name]
        return (*self.pairs, *named, *_BLANK.findall(said))


@dataclass(frozen=True)
class Form:
    """A counter form as data."""

    name: str
    title: str
    copies: str
    basis: str
    verified: bool
    facts: Mapping[str, Fact]
    parts: tuple[Part, ...] = field(repr=False)
    groups: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Of a form that the customer fills in: for which groups, customer classes and kinds of application; none: all."""

    def serves(self, group: str, customer_class: str, kind: str) -> bool:
        """Whether an application of this kind uses it; a form that names kinds is for those before any other."""
        if self.kinds:
            return kind in self.kinds
        return (not self.groups or group in self.groups) and (not self.classes or customer_class in self.classes)

    def samples(self) -> dict[str, object]:
        """A synthetic value for every fact: what the form looks like."""
        return {name: fact.sample if isinstance(fact.sample, str) else [dict(row) for row in fact.sample]
                for name, fact in self.facts.items()}


@cache
def forms() -> Mapping[str, Form]:
    """Every form there is, by name. ValueError if one asks for what it does not declare."""
    return MappingProxyType({file.stem: _load(file) for file in sorted(FORMS.glob("*.toml"))})


def form_pdf(form: str, facts: Mapping[str, object], faces: Faces, made_at: datetime) -> bytes:
    """The form as A4, from texts and lists of rows of text; the same facts and moment give the same bytes.

    Refusal with one `missing` per fact that is not given: a paper with a hole is never printed.
    """
    known = _known(forms()[form], facts)
    paper = Paper(faces, f"{forms()[form].title} {known['case_number']}", made_at)
    sheet = Sheet(str(known["hall_name"]), f"申请编号：{known['case_number']}",
                  f"首次打印：{known['printed_at']}", bool(known["practice"]))
    paper.pages(_composed(forms()[form], faces, known), sheet)
    return paper.finished()


def _composed(form: Form, faces: Faces, known: Mapping[str, object]) -> tuple[Block, ...]:
    """The form's blocks; set closer, and closer still, where that spares a last page with little on it, as a signature
    alone. Where nothing spares it, its last table is not cut but goes over to it whole, if there is room."""
    usual = tuple(_Composer(faces, known).blocks(form))
    filled = fill_pages(usual)
    yields = any(part.height > HEIGHT * _LARGE for part in form.parts)  # a frame that can be lower
    thin = _down(filled[-1]) <= HEIGHT * _LITTLE
    if len(filled) == 1 or not (yields or thin):
        return _taking_along(usual)
    for spacing in (_CLOSE, _CLOSEST):
        close = tuple(_Composer(faces, known, spacing).blocks(form))
        if len(fill_pages(close)) < len(filled):
            return _taking_along(close)
    whole = _table_uncut(usual)
    *_, before, _last = fill_pages(whole)
    fits = thin and len(fill_pages(whole)) == len(filled) and _down(before) > HEIGHT * _LITTLE
    return whole if fits else _taking_along(usual)


def _down(placed: Sequence[Placed]) -> float:
    """How far down a page goes."""
    return sum(strip.height for _, strip in placed)


def _table_uncut(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, the last table with its title begun on a page where it has room to the end of the paper."""
    made = list(blocks)
    last = max((place for place, block in enumerate(made) if block.head), default=0)
    begins = last - 1 if last and made[last - 1].keep_next else last
    rest = sum(block.before + sum(strip.height for strip in (*block.head, *block.strips)) for block in made[begins:])
    made[begins] = replace(made[begins], room=min(rest - made[begins].before, HEIGHT))
    return tuple(made)


def _taking_along(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, the last table of them told how high the words and signatures below it are."""
    made = list(blocks)
    last = max((place for place, block in enumerate(made) if block.head), default=len(made) - 1)
    tail = sum(block.before + sum(strip.height for strip in block.strips) for block in made[last + 1:])
    if tail < HEIGHT * _SIGNED:
        made[last] = replace(made[last], tail=tail)
    return tuple(made)


def form_digest(form: str) -> str:
    """The digest of the form's own file: what a kept paper was made from."""
    return sha256((FORMS / f"{form}.toml").read_bytes()).hexdigest()


def _load(file: Path) -> Form:
    told = tomllib.loads(file.read_text("utf-8"))
    facts = {name: _fact(name, row) for name, row in told["facts"].items()}
    parts = tuple(_part(row) for row in told["part"])
    unknown = {name for part in parts for name in part.asks()} | set(_AROUND)
    if unknown - set(facts):
        raise ValueError(f"{file.name} prints {sorted(unknown - set(facts))} without declaring it")
    told_for = (tuple(told.get(key, ())) for key in ("groups", "classes", "kinds"))
    return Form(file.stem, told["title"], told["copies"], told["basis"], told["verified"], MappingProxyType(facts),
                parts, *told_for)


def _fact(name: str, row: Mapping[str, Any]) -> Fact:
    sample = tuple(MappingProxyType(dict(line)) for line in row["rows"]) if "rows" in row else row["sample"]
    return Fact(name, row["label"], sample, row.get("empty"), row.get("fixed", False))


def _part(row: Mapping[str, Any]) -> Part:
    return Part(
        tuple(row.get("pairs", ())), row.get("table", ""), row.get("title", ""),
        tuple(Column(*column) for column in row.get("columns", ())), row.get("empty", ""),
        row.get("text", ""), row.get("flush", False), tuple((left, right) for left, right in row.get("sign", ())),
        row.get("box", ""), float(row.get("height", 0)), row.get("hint", ""), row.get("when", ""),
        row.get("unless", ""))


def _known(form: Form, facts: Mapping[str, object]) -> dict[str, object]:
    """The facts with what is printed where one is empty. Refusal names those that must be given."""
    known = {name: fact.sample if fact.fixed else facts.get(name) or fact.empty for name, fact in form.facts.items()}
    may_be_empty = {part.table for part in form.parts if part.empty or part.when}
    holes = [fact for name, fact in form.facts.items() if known[name] is None and name not in may_be_empty]
    if holes:
        labels = "、".join(fact.label for fact in holes)
        raise Refusal(f"《{form.title}》还缺：{labels}。请补填后再打印。", holes[0].name,
                      tuple(Missing(f"“{fact.label}”尚未填写", fact.name) for fact in holes))
    return known | {QR_FACT: facts.get(QR_FACT, ""), GIVEN: {name for name in form.facts if facts.get(name)}}


@dataclass(frozen=True)
class _Spacing:
    """Points from line to line of text and of a cell, the height of what is signed, and sealed over the line, and the
    points free above and below a cell's text."""

    text: float
    cell: float
    sign: float
    seal: float
    rise: float = RISE
    frame: float = 1.0
    """Of a frame's height, how much is left to it."""


_USUAL, _CLOSE = _Spacing(LEADING, 12.0, 34.0, 50.0), _Spacing(14.0, 10.0, 28.0, 41.0, frame=0.85)
_CLOSEST = _Spacing(13.2, 10.0, 27.0, 38.0, 2.3, 0.7)


class _Composer:
    """Turns a form's parts into blocks, with the facts of one case."""

    def __init__(self, faces: Faces, known: Mapping[str, object], spacing: _Spacing = _USUAL) -> None:
        self.faces, self.known, self.spacing = faces, known, spacing
        self.body = Style(faces.song, "Song", SIZE, 2)
        self.plain = Style(faces.song, "Song", SIZE, align="left")

    def blocks(self, form: Form) -> Iterator[Block]:
        """All blocks of the form, in order."""
        yield self._opening(form)
        given = self.known[GIVEN]
        assert isinstance(given, set)
        parts = [part for part in form.parts
                 if (not part.when or part.when in given) and part.unless not in given]
        around = zip((None, *parts[:-1]), parts, (*parts[1:], None), strict=True)
        for above, part, following in around:
            if part.pairs:
                yield self._pairs(form, part.pairs, 8.0 if above is not None and above.table else 2.0)
            elif part.table:
                yield from self._table(part)
            elif part.box:
                signed = following is not None and bool(following.sign)
                yield self._box(form, part, signed)
            elif part.text:
                runs = self._runs(part.text, part.flush)
                if not runs:  # a paragraph of blanks none of which is given
                    continue
                lines = set_runs(runs, self.plain if part.flush else self.body, WIDTH)
                signed = following is not None and bool(following.sign)  # nobody signs an empty page
                stands_off = above is not None and bool(above.pairs or above.table)
                yield text_block(lines, self.spacing.text, SIZE, before=8.0 if stands_off else 3.0, keep_next=signed)
            else:
                rows = tuple(self._sign_row(*row, self._sign_height(*row)) for row in part.sign)
                yield Block(rows, 12.0, len(rows))

    def _opening(self, form: Form) -> Block:
        """Title and case number, with the QR code of the number beside them."""
        free = WIDTH - 2 * (_QR + 6)
        title = set_text(form.title, Style(self.faces.hei, "Hei", 18, align="center"), free)
        number = set_value(f"申请编号：{self.known['case_number']}", replace(self.plain, align="center"), free)
        copies = set_text(f"（{form.copies}）", Style(self.faces.song, "Song", 9, align="center"), free)
        lines = [(_QR + 6, 26.0 + 20 * row, line) for row, line in enumerate((*title, *number, *copies))]
        code = str(self.known[QR_FACT] or self.known["case_number"])
        bars = tuple((x + WIDTH - _QR, y, w, h) for x, y, w, h in qr_bars(code, _QR))
        return Block((Strip(max(_QR, 20.0 * len(lines)) + 14, tuple(lines), bars),))

    def _pairs(self, form: Form, names: tuple[str, ...], before: float) -> Block:
        """Two labels and values in a row; a value too long for half a row, or left over, has one to itself. What has
        nothing to say, nor a mark for it, is left out."""
        halves = (_LABEL, WIDTH / 2 - _LABEL + 24, _LABEL, WIDTH / 2 - _LABEL - 24)
        rows: list[list[Cell]] = []
        waiting: list[Cell] = []
        for name in (name for name in names if self.known[name] != ""):
            pair = [self._cell(form.facts[name].label, fixed=True), self._cell(str(self.known[name]))]
            if pair[1].natural() > halves[1]:
                rows.append(pair)
                continue
            waiting += pair
            if len(waiting) == 4:
                rows.append(waiting)
                waiting = []
        rows += [waiting] * bool(waiting)
        whole = (_LABEL, WIDTH - _LABEL)
        strips = [row_strips(row, whole if len(row) == 2 else halves, self.spacing.cell, self.spacing.rise)
                  for row in rows]
        return Block(tuple(strip for each in strips for strip in each), before, 1)

    def _table(self, part: Part) -> Iterator[Block]:
        title = set_text(part.title, Style(self.faces.hei, "Hei", 10, align="left"), WIDTH)
        yield text_block(title, self.spacing.text, 10, before=8.0, keep_next=True)
        given = self.known[part.table]
        rows: list[Row] = [*given] if isinstance(given, (list, tuple)) else []
        heads = [Cell(column.head, self.faces.hei, "Hei", 9.5, "center", True) for column in part.columns]
        cells = [[self._cell(row.get(column.name, "") or "／", column.align) for column in part.columns]
                 for row in rows]
        if not cells:
            yield empty_table(heads, self._cell(part.empty, "center"), WIDTH, leading=self.spacing.cell,
                              rise=self.spacing.rise)
            return
        widths = [WIDTH * column.share / 100 for column in part.columns if column.share]
        yield table_block(heads, cells, WIDTH, leading=self.spacing.cell, widths=widths or None, together=2,
                          rise=self.spacing.rise)

    def _cell(self, text: str, align: Literal["left", "center", "right"] = "left", fixed: bool = False) -> Cell:
        return Cell(text, self.faces.song, "Song", 9.5, align, fixed)

    def _runs(self, text: str, plain: bool) -> tuple[Run, ...]:
        """The text with its blanks filled; what is filled in is underlined, but for whole paragraphs."""
        parts = _BLANK.split(text)
        underlined = not plain and any(parts[::2])
        runs = (Run(str(self.known[part]), underlined) if place % 2 else Run(part)
                for place, part in enumerate(parts))
        return tuple(run for run in runs if run.text)

    def _box(self, form: Form, part: Part, signed: bool) -> Block:
        """A frame to be written in by hand, or with what was written."""
        said = str(self.known[part.box]).strip("　 ")
        label = set_text(form.facts[part.box].label, Style(self.faces.hei, "Hei", 10, align="left"), WIDTH)
        lines = set_text(said, self.body, WIDTH - 16) if said else ()
        high = max(part.height * self.spacing.frame, self.spacing.text * len(lines) + 12)
        placed = [(0.0, 12.0, each) for each in label]
        placed += [(8.0, 20 + self.spacing.text * (row + 1), line) for row, line in enumerate(lines)]
        if part.hint and not said:
            small = set_text(part.hint, Style(self.faces.song, "Song", 8.5, align="right"), WIDTH - 12)
            placed += [(0.0, 20 + high - 6, small[0])]
        frame = [(0.0, 20.0, WIDTH, HAIR), (0.0, 20.0 + high, WIDTH, HAIR), (0.0, 20.0, HAIR, high),
                 (WIDTH - HAIR, 20.0, HAIR, high)]
        return Block((Strip(20.0 + high + 4, tuple(placed), tuple(frame)),), 8.0, keep_next=signed)

    def _sign_height(self, *labels: str) -> float:
        return self.spacing.seal if _sealed(*labels) else self.spacing.sign

    def _sign_row(self, left: str, right: str, high: float) -> Strip:
        """Two lines to be signed by hand, side by side."""
        column = (WIDTH - _SIGN_GAP) / 2
        lines: list[tuple[float, float, Line]] = []
        bars: list[tuple[float, float, float, float]] = []
        labels = [(x, label, self._signed_as(label, column)) for x, label in ((0.0, left), (column + _SIGN_GAP, right))]
        longest = max(len(shown) for _, _, shown in labels)
        high = max(high, self.spacing.text * longest + 12)  # a long name has room of its own
        first = high - 12 - self.spacing.text * (longest - 1)  # both labels begin on one line
        for x, label, shown in labels:
            lines += [(x, first + self.spacing.text * down, line) for down, line in enumerate(shown)]
            bars.append((x, high - 7, column, HAIR))
            if "日期" in label:
                told = "年　　月　　日　　时　　分" if "时间" in label else "年　　　月　　　日"
                places = set_text(told, replace(self.plain, align="right"), column)
                lines.append((x, first, places[0]))
        return Strip(high, tuple(lines), tuple(bars))


    def _signed_as(self, label: str, column: float) -> tuple[Line, ...]:
        """The words before the line, with their blanks filled."""
        said = _BLANK.sub(lambda found: str(self.known[found[1]]), label)
        return set_value(said if said != label else f"{said}：", self.plain, column)


def _sealed(*labels: str) -> bool:
    """Whether a seal is set here."""
    return any("章" in label for label in labels)
