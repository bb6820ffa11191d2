"""Chinese lines: where they break, how they are justified, and the PDF operators that show them.

What the trade's printers do (CLREQ): no line begins with a closing mark or ends with an opening one; numbers and
Latin words are not split; a quarter em stands between Chinese and Latin; two marks in a row share their blank
halves; a closing mark at the end of a line gives its blank half away, so that the right edge is straight; a line
is filled by opening its gaps evenly, or by closing them a little when that keeps a mark where it belongs.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Literal, NamedTuple

from printing.fonts import Face

CLOSERS = "，。、；：”’）》〉」』】〕〗］｝．"
OPENERS = "“‘（《〈「『【〔〖［｛"
NEVER_FIRST = CLOSERS + "！？…—～·％‰℃%!),.:;?]}／"
NEVER_LAST = OPENERS + "([{￥¥"

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = "!-~\u00a2-\u00b6\u00b8-\u024f\u0370-\u03ff\u2013\u2070-\u209f"
_LETTER = "0-9A-Za-z\u00c0-\u024f\u0370-\u03ff"

_QUARTER, _HALF = 250, 500
_PAIRS = re.compile(
    f"(?P<quarter>(?<=[{_HAN}])(?=[{_LETTER}])|(?<=[{_LETTER}%‰°²³])(?=[{_HAN}]))"
    f"|(?P<shared>(?<=[{re.escape(CLOSERS)}])(?=[{re.escape(CLOSERS + OPENERS)}])"
    f"|(?<=[{re.escape(OPENERS)}])(?=[{re.escape(OPENERS)}]))"
    f"|(?P<dot>(?<=[{_HAN}])(?=·)|(?<=·)(?=[{_HAN}]))"
)
_BARRED = re.compile(
    f"(?<=[{_WORD}])(?=[{_WORD}])|(?=[ {re.escape(NEVER_FIRST)}])|(?<=[{re.escape(NEVER_LAST)}])"
)
_HELD = re.compile(f"[{re.escape(NEVER_LAST)}] +")
"""An opening mark holds what follows it, also over a blank that somebody typed between them."""
_WORDS = re.compile(f"[{_WORD}]+")

_LABELS = re.compile(f"(?<=[；，。、）])[{_HAN}]{{2,6}}：")
"""A label in a running text, such as 生产班次：, is read in one glance: it goes over to the next line whole."""

_SHRINK = 20
"""Thousandths of an em by which each gap may close to take one more mark into the line; the eye sees 30."""
_FEW = 2
"""So many characters, with their marks, look lost in a last line of their own."""

_STRETCH = 250
"""Where a gap would open wider than this the line is left ragged: a hole in the text is worse."""


@dataclass(frozen=True)
class Style:
    """How a paragraph is set: sizes in points; `first` and `left` are indents in ems of its first and all lines."""

    face: Face
    resource: str
    size: float
    first: float = 0
    left: float = 0
    align: Literal["justify", "left", "center", "right"] = "justify"


class Run(NamedTuple):
    """A stretch of text; a filled one is underlined, a mark is told to the margin of the line it begins on."""

    text: str
    filled: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Line:
    """One line, set. x, width and rules in points from the paragraph's left edge; `ink` shows it from x on."""

    text: str
    ink: str
    x: float
    width: float
    resource: str
    rules: tuple[tuple[float, float], ...] = ()
    mark: str = ""


@lru_cache(maxsize=4096)
def set_text(text: str, style: Style, width: float) -> tuple[Line, ...]:
    """The lines of a text that is the same in every document; set once a process. Refusal: a missing character."""
    return tuple(_set((Run(text),), style, width))


def set_runs(runs: Sequence[Run], style: Style, width: float) -> tuple[Line, ...]:
    """The lines of a paragraph with filled blanks, within `width` points. Refusal: a missing character."""
    if len(runs) == 1 and not runs[0].filled and not runs[0].mark:
        return set_text(runs[0].text, style, width)
    return _set_filled(tuple(runs), style, width)


def set_value(text: str, style: Style, width: float) -> tuple[Line, ...]:
    """The lines of a text that belongs to one document, a cell's or a party's."""
    return _set_filled((Run(text),), style, width)


@lru_cache(maxsize=1024)
def _set_filled(runs: tuple[Run, ...], style: Style, width: float) -> tuple[Line, ...]:
    """Kept for a while too: the preview sets the same contract again at every keystroke, and half of a
    contract's values are the hall's own. Kept apart, so that customers do not push out the standing text."""
    return tuple(_set(runs, style, width))


def text_width(text: str, face: Face, size: float) -> float:
    """How many points the text takes in one line."""
    return _Measure(text, face).width(0, len(text)) * size / 1000


def widest_word(text: str, face: Face, size: float) -> float:
    """The points below which a line must split a number or a word of the text."""
    words = [text_width(word, face, size) for word in _WORDS.findall(text)]
    return max(words, default=0.0)


class _Measure:
    """A text with the left edge of every character, in thousandths of an em, gaps included."""

    def __init__(self, text: str, face: Face) -> None:
        self.text = text
        self.advances = list(map(face.advances.__getitem__, text))
        self.gaps = self._gaps()
        steps = self.advances.copy()
        for place, gap in self.gaps.items():
            steps[place] += gap
        self.edges = list(accumulate(steps, initial=0))
        self.gap_places = sorted(self.gaps)

    def _gaps(self) -> dict[int, int]:
        """The gap after a character, where it is not nothing; negative where two marks share their blank."""
        gaps: dict[int, int] = {}
        for found in _PAIRS.finditer(self.text):
            place = found.start() - 1
            if found.lastgroup == "quarter":
                gaps[place] = _QUARTER
            elif found.lastgroup == "shared":
                gaps[place] = -_HALF
            else:  # a proportional middle dot between Chinese characters takes half an em
                dot = place if self.text[place] == "·" else place + 1
                gaps[place] = max(0, (_HALF - self.advances[dot]) // 2)
        return gaps

    def width(self, start: int, end: int) -> int:
        """From the left edge of `start` to the right edge of what ends before `end`, blank halves included."""
        return self.edges[end] - self.edges[start] - self.gaps.get(end - 1, 0) if end > start else 0

    def gap_count(self, start: int, end: int) -> int:
        """How many gaps of that stretch can open or close: none within a word."""
        return len(_WORDS.sub("w", self.text[start:end].rstrip(" "))) - 1

    def tight(self, start: int, end: int) -> int:
        """The same for a line that ends there: a closing mark gives its blank half, spaces hang."""
        while end > start and self.text[end - 1] == " ":
            end -= 1
        given = _HALF if end > start and self.text[end - 1] in CLOSERS and self.advances[end - 1] == 1000 else 0
        return self.width(start, end) - given


def _set(runs: Sequence[Run], style: Style, width: float) -> Iterator[Line]:
    whole = "".join(run.text for run in runs).replace("\r", "").replace("\t", " ")
    spans = tuple(_spans(runs)) if len(runs) > 1 or runs[0].filled or runs[0].mark else ()
    start = 0
    for part in whole.split("\n"):
        inner = tuple((a - start, b - start, run) for a, b, run in spans)
        yield from _paragraph(part, inner, style, width, style.first if start == 0 else 0)
        start += len(part) + 1


def _spans(runs: Sequence[Run]) -> Iterator[tuple[int, int, Run]]:
    """From where to where each filled or marked run goes in the joined text."""
    start = 0
    for run in runs:
        end = start + len(run.text.replace("\r", ""))
        if run.filled or run.mark:
            yield start, end, run
        start = end


def _paragraph(text: str, spans: tuple[tuple[int, int, Run], ...], style: Style, width: float,
               first: float) -> Iterator[Line]:
    measure = _Measure(text, style.face)
    hexed = style.face.encoded(text)
    room = round(width * 1000 / style.size) - round(1000 * style.left)
    running = style.align == "justify"
    barred = _barred(text, running)
    shrink = _SHRINK if running else 0
    narrowed = _balanced(measure, barred, room) if style.align == "center" else room
    for start, end, limit, indent in _broken(measure, barred, narrowed, round(1000 * first), shrink):
        last = end == len(text)
        yield _Setting(measure, hexed, style, start, end).line(limit + room - narrowed, indent, last, spans)


def _barred(text: str, running: bool) -> set[int]:
    """The characters before which no line may end; in running text those within a label too."""
    barred = {found.start() for found in _BARRED.finditer(text)}
    barred |= {found.end() for found in _HELD.finditer(text)}
    if running and "：" in text:
        barred.update(at for found in _LABELS.finditer(text) for at in range(found.start() + 1, found.end()))
    return barred


def _balanced(measure: _Measure, barred: set[int], room: int) -> int:
    """The least room, in thousandths of an em, in which a centred text takes no more lines than it must: its
    lines are of like length, and none is left with a character or two."""
    if measure.tight(0, len(measure.text)) <= room:
        return room
    count = sum(1 for _ in _broken(measure, barred, room, 0, 0))
    words = (measure.width(*found.span()) for found in _WORDS.finditer(measure.text))
    low = max(measure.width(0, len(measure.text)) // count, *words, 2000)
    while room - low > 100:
        middle = (low + room) // 2
        if sum(1 for _ in _broken(measure, barred, middle, 0, 0)) > count:
            low = middle
        else:
            room = middle
    return room


def _broken(measure: _Measure, barred: set[int], room: int, first: int,
            shrink: int) -> Iterator[tuple[int, int, int, int]]:
    """Each line's first character, the one after its last, its room and indent in thousandths of an em."""
    start, length, indent = 0, len(measure.text), first
    while True:
        if start and measure.text[start:start + 1] and measure.text[start] in OPENERS:
            indent -= _HALF  # its blank half goes over the left edge
        limit = room - indent
        end = _end(measure, barred, start, limit, shrink)
        yield start, end, limit, indent
        if end >= length:
            return
        start, indent = end, 0


def _end(measure: _Measure, barred: set[int], start: int, limit: int, shrink: int) -> int:
    """Where the line that begins at `start` ends; `shrink` is how far each of its gaps may close."""
    text, length = measure.text, len(measure.text)
    end = bisect_right(measure.edges, measure.edges[start] + limit) - 1
    while end < length and measure.tight(start, end + 1) <= limit:
        end += 1
    if end >= length:
        return length
    ahead = next((at for at in range(end, min(end + 4, length + 1)) if at == length or at not in barred), None)
    if ahead is not None and measure.tight(start, ahead) - limit <= shrink * measure.gap_count(start, ahead):
        return _not_alone(measure, barred, start, ahead)
    back = next((at for at in range(end, start, -1) if at not in barred), start)
    if back > start:
        return _not_alone(measure, barred, start, back)
    return next((at for at in range(end, start + 1, -1) if text[at] not in NEVER_FIRST), max(end, start + 1))


def _not_alone(measure: _Measure, barred: set[int], start: int, end: int) -> int:
    """The same end, or one some characters earlier, so that the last line is not a character or two and a mark."""
    left = _letters(measure.text[end:])
    if not 0 < left <= _FEW or end - start < 12:
        return end
    earlier = (at for at in range(end - 1, end - 4, -1) if at not in barred)
    return next((at for at in earlier if _letters(measure.text[at:]) > _FEW), end)


def _letters(text: str) -> int:
    """How many of the characters are no marks; counted no further than matters."""
    return sum(char not in NEVER_FIRST for char in text) if len(text) <= 2 * _FEW + 2 else len(text)


class _Setting:
    """One line being set: its words and gaps known, to be filled to the room."""

    def __init__(self, measure: _Measure, hexed: str, style: Style, start: int, end: int) -> None:
        self.measure, self.hexed, self.style = measure, hexed, style
        self.start, self.end = start, end
        self.shown = end
        while self.shown > start and measure.text[self.shown - 1] == " ":
            self.shown -= 1
        self.words = [found.span() for found in _WORDS.finditer(measure.text, start, self.shown)]

    def line(self, limit: int, indent: int, last: bool, spans: tuple[tuple[int, int, Run], ...]) -> Line:
        """The line; room and indent in thousandths of an em, spans in characters of the paragraph."""
        natural = self.measure.tight(self.start, self.end)
        spread = self._spread(limit - natural, last)
        em = self.style.size / 1000
        x = (indent + 1000 * self.style.left) * em
        if self.style.align in ("center", "right"):
            x += (limit - natural) * em / (2 if self.style.align == "center" else 1)
        ink = self._ink(spread) if self.shown > self.start else ""
        rules = tuple(self._rule(a, b, x, spread) for a, b, run in spans
                      if run.filled and a < self.shown and b > self.start)
        mark = next((run.mark for a, _, run in spans if run.mark and self.start <= a < self.end), "")
        width = (natural + spread * self._gap_count(self.shown)) * em
        return Line(self.measure.text[self.start:self.end], ink, x, width, self.style.resource, rules, mark)

    def _spread(self, rest: int, last: bool) -> float:
        """By how much every gap of the line opens or closes."""
        gaps = self._gap_count(self.shown)
        if self.style.align != "justify" or gaps < 1 or (last and rest >= 0) or rest > _STRETCH * gaps:
            return 0.0
        return rest / gaps

    def _gap_count(self, end: int) -> int:
        """Gaps that can open before the character `end`: one after each Chinese character and each whole word."""
        inside = sum(min(b, end) - a - (b <= end) for a, b in self.words if a < end)
        return end - self.start - inside - (end == self.shown)

    def _ink(self, spread: float) -> str:
        size = self.style.size
        head = f"/{self.style.resource} {size:g} Tf "
        if not spread:
            return f"{head}0 Tc [{self._shown(self.start, self.shown)}]TJ"
        parts, at = [], self.start
        opened = f"{spread * size / 1000:.4g} Tc"
        for a, b in self.words:
            if a > at:
                parts.append(f"{opened} [{self._shown(at, a)}{self._gap(a)}]TJ")
            parts.append(f"0 Tc [{self._shown(a, b)}{self._gap(b, spread)}]TJ")
            at = b
        if at < self.shown:
            parts.append(f"{opened} [{self._shown(at, self.shown)}]TJ")
        return head + " ".join(parts)

    def _shown(self, start: int, end: int) -> str:
        """The characters in hexadecimal, with the gaps between them in thousandths, as TJ wants them."""
        places = self.measure.gap_places
        parts = []
        for place in places[bisect_left(places, start):bisect_left(places, end - 1)]:
            parts.append(f"<{self.hexed[4 * start:4 * place + 4]}>{-self.measure.gaps[place]}")
            start = place + 1
        parts.append(f"<{self.hexed[4 * start:4 * end]}>")
        return "".join(parts)

    def _gap(self, place: int, spread: float = 0.0) -> str:
        """The gap before the character `place`, unless the line ends there."""
        gap = self.measure.gaps.get(place - 1, 0) + spread
        return f"{-gap:.4g}" if gap and place < self.shown else ""

    def _rule(self, a: int, b: int, x: float, spread: float) -> tuple[float, float]:
        """From where to where the characters a to b are underlined."""
        first, after = max(a, self.start), min(b, self.shown)
        edges, em = self.measure.edges, self.style.size / 1000
        left = edges[first] - edges[self.start] + spread * self._gap_count(first)
        right = edges[after - 1] - edges[self.start] + spread * self._gap_count(after - 1)
        right += self.measure.advances[after - 1]
        if after == self.shown and self.measure.text[after - 1] in CLOSERS:
            right -= _HALF
        return x + left * em, x + right * em
