"""Where a ledger's columns stand: its head of one to three rows is found by the words in it.

A head is never known by its place. Group heads above (客户信息) and names below (户号) are read together; a head
that comes again further down, in another order too, takes over from there.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from desktop.domain.ledger_cells import Cell, Sheet, is_blank, tight

FIELDS = ("account", "name", "address", "id_number", "phone", "kind", "nature", "voltage", "capacity", "number",
          "signed", "starts", "ends", "term", "note")
CONTRACT_FIELDS = frozenset({"number", "signed", "starts", "ends", "term"})
_KEY_FIELDS = frozenset({"account", "name", "number", "task"})
_FEWEST_COLUMNS = 3
_DEEPEST_HEAD = 3
_PARENTHESES = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")
_ORNAMENT = re.compile(r"[*:\"'“”_※#]")
_FIGURES = re.compile(r"\d{5}|\d{4}\D\d{1,2}\D\d")
_LONGEST_NOTHING = 4
_TOO_LONG = 60  # no head is a sentence


Synonyms = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class LedgerWords:
    """The words of the trade as halls write them; all of it is data of the catalogue.

    `heads` maps a field to its column names, best first; `parts` to pieces of names, for heads not listed;
    `strangers` are pieces that make a head something else (原户号). `kinds` maps a word to a contract kind's id,
    `units` a kind's id to its unit of capacity. `under` are words that say nothing but under a group's head
    (供电方案答复 over 计划完成 and 实际完成).
    """

    heads: Synonyms
    parts: Synonyms
    strangers: tuple[str, ...]
    kinds: Mapping[str, str]
    kind_endings: tuple[str, ...]
    units: Mapping[str, str]
    long_term: tuple[str, ...]
    until_event: tuple[str, ...]
    blanks: frozenset[str]
    gone: tuple[str, ...]
    totals: tuple[str, ...]
    footers: tuple[str, ...]
    indefinite_kind: str = "resident"
    under: frozenset[str] = frozenset()
    _known: dict[str, tuple[str, int] | None] = field(default_factory=dict, compare=False, repr=False)

    def says_nothing(self, text: str) -> bool:
        """A stroke, 无, 暂无: written where there is nothing to write."""
        return len(text) <= _LONGEST_NOTHING and tight(text) in self.blanks

    def head(self, text: str) -> tuple[str, int] | None:
        """The field that a column's name means and how good a name it is (0 best); None for other columns."""
        if not self._known:
            self._learn()
        if text not in self._known:
            self._known[text] = self._look_up(text)
        return self._known[text]

    def named(self, text: str) -> tuple[str, int] | None:
        """The field with just this name among its names; a piece of a name says nothing."""
        known = self.head(text)
        return known if known and text in self.heads[known[0]] else None

    def _learn(self) -> None:
        """Thousands of names, learnt when the first head is read: who only looks a release over needs none."""
        for name, words in self.heads.items():
            for place, word in enumerate(words):
                self._known.setdefault(word, (name, place))

    def _look_up(self, text: str) -> tuple[str, int] | None:
        if not text or any(piece in text for piece in self.strangers):
            return None
        for name, pieces in self.parts.items():
            if any(piece in text for piece in pieces):
                return name, len(self.heads[name]) + len(text)
        return None


@dataclass(frozen=True)
class Layout:
    """The columns of one table within a sheet: field to column; `first` and `last` bound it, `heads` are its words."""

    columns: Mapping[str, int]
    first: int
    last: int
    term_unit: str
    heads: tuple[str, ...]

    @property
    def is_ledger(self) -> bool:
        return not CONTRACT_FIELDS.isdisjoint(self.columns)


@dataclass(frozen=True)
class Head:
    """A head: `height` rows, and one layout for each table that stands side by side under it."""

    height: int
    layouts: tuple[Layout, ...]


def find_head(rows: Sequence[tuple[Cell, ...]], at: int, words: LedgerWords) -> Head | None:
    """The head that begins at row index `at`, or None. Of one, two or three rows the most telling is taken, and a
    first row that tells nothing is left out: a title or a row of data above a head is no part of it."""
    texts = list(_head_rows(rows, at, words))
    if not texts:
        return None
    score, height = max((_score(_join(texts[:n], words), words), -n) for n in range(1, len(texts) + 1))
    height = -height
    if not score or (height > 1 and _score(_join(texts[1:height], words), words) >= score):
        return None
    return Head(height, tuple(_layouts(_join(texts[:height], words), words)))


def _head_rows(rows: Sequence[tuple[Cell, ...]], at: int, words: LedgerWords) -> Iterator[list[str]]:
    """The rows from `at` that may make up a head, as words."""
    for index in range(at, min(at + _DEEPEST_HEAD, len(rows))):
        if not _may_be_head(rows[index]):
            return
        texts = [_head_text(cell) for cell in rows[index]]
        if index > at and not _goes_on(texts, words):
            return
        yield texts


def head_words(row: tuple[Cell, ...]) -> tuple[str, ...]:
    """The words of a row that may be a head; none where it holds a figure or a date."""
    return tuple(filter(None, map(_plain, map(_head_text, row)))) if _may_be_head(row) else ()


def _may_be_head(row: tuple[Cell, ...]) -> bool:
    """All words, no figures: no number, no date, no long run of digits, no sentence."""
    return not any(
        not isinstance(cell, str) or _FIGURES.search(cell) for cell in row if cell is not None and cell != "")


def _goes_on(texts: list[str], words: LedgerWords) -> bool:
    """A further head row: at least half of its words name columns. A row of data without figures does not."""
    filled = [text for text in texts if text]
    telling = sum(_meant(text, words) is not None or _plain(text) in words.under for text in filled)
    return 2 * telling >= len(filled) > 0


def _head_text(cell: Cell) -> str:
    return tight(cell) if isinstance(cell, str) and len(cell) <= _TOO_LONG else ""


def _plain(text: str) -> str:
    bare = _ORNAMENT.sub("", _PARENTHESES.sub("", text))
    return bare or text.strip("()[]【】〔〕")


def _meant(text: str, words: LedgerWords) -> tuple[str, int] | None:
    """The field of a column, with what its parentheses add where that is a name, too: 供电方案答复（实际）; of two
    names with a stroke between them the first that is known: 业务类型/子类."""
    bare, inner = _plain(text), "".join(each[1:-1] for each in _PARENTHESES.findall(text))
    added = (words.named(bare + inner) or words.named(inner + bare)) if inner else None
    either = (known for name in bare.split("/")[:2] if (known := words.named(name))) if "/" in bare else ()
    return added or words.head(bare) or next(iter(either), None)


def _join(texts: list[list[str]], words: LedgerWords) -> tuple[str, ...]:
    """One name a column: the lowest that is known by itself, else together with the name above it."""
    texts = _carried(texts, words)
    return tuple(_join_column([row[column] for row in texts], words) for column in range(len(texts[0])))


def _carried(texts: list[list[str]], words: LedgerWords) -> list[list[str]]:
    """The rows of a head with a group's name over every column that stands under it: a merged cell holds it once."""
    rows = [list(row) for row in texts]
    for upper, lower in itertools.pairwise(rows):
        for column in range(1, len(lower)):
            if not upper[column] and upper[column - 1] and _plain(lower[column]) in words.under:
                upper[column] = upper[column - 1]
    return rows


def _join_column(levels: list[str], words: LedgerWords) -> str:
    said = [text for text in levels if text]
    if not said:
        return ""
    together, lowest = "".join(_plain(text) for text in said[-2:]), _plain(said[-1])
    if len(said) > 1 and words.head(together) and (lowest in words.under or not words.head(lowest)):
        return together + "".join(_PARENTHESES.findall(said[-1]))
    return said[-1]


def _score(joined: tuple[str, ...], words: LedgerWords) -> int:
    """How many fields a head names; 0 when that is no head of a table of customers or contracts."""
    found = {known[0] for text in joined if text and (known := _meant(text, words))}
    telling = len(found) >= _FEWEST_COLUMNS and not _KEY_FIELDS.isdisjoint(found)
    return len(found) if telling else 0


def _layouts(joined: tuple[str, ...], words: LedgerWords) -> Iterator[Layout]:
    for first, last in _tables(joined, words):
        columns, unit = _columns(joined, first, last, words)
        yield Layout(columns, first, last, unit, joined)


def _tables(joined: tuple[str, ...], words: LedgerWords) -> list[tuple[int, int]]:
    """Two tables side by side repeat the same head; one table has one column of accounts by the same name."""
    filled = [column for column, text in enumerate(joined) if text]
    key = next((joined[c] for c in filled if (words.head(_plain(joined[c])) or ("",))[0] == "account"), "")
    starts = [column for column in filled if joined[column] == joined[filled[0]]]
    if len(starts) < 2 or len(starts) != sum(joined[column] == key for column in filled):
        return [(0, len(joined))]
    return list(zip([0, *starts[1:]], [*starts[1:], len(joined)], strict=True))


def _columns(joined: tuple[str, ...], first: int, last: int, words: LedgerWords) -> tuple[dict[str, int], str]:
    best: dict[str, tuple[int, int]] = {}
    for column in range(first, last):
        known = _meant(joined[column], words) if joined[column] else None
        if known and (known[0] not in best or known[1] < best[known[0]][0]):
            best[known[0]] = known[1], column
    columns = {name: column for name, (_, column) in best.items()}
    return columns, _unit_of_term(joined[columns["term"]]) if "term" in columns else ""


def _unit_of_term(head: str) -> str:
    """有效期（年） says years, 期限（月） months; a head that says both or nothing leaves it open."""
    said = {unit for unit in "年月" if unit in head}
    return said.pop() if len(said) == 1 else ""


def is_repeated_head(row: tuple[Cell, ...], layout: Layout) -> bool:
    """The same head again, as at the top of every printed page."""
    said = [(column, tight(cell)) for column, cell in enumerate(row) if isinstance(cell, str) and cell.strip()]
    same = sum(column < len(layout.heads) and text == layout.heads[column] for column, text in said)
    return len(said) >= _FEWEST_COLUMNS and same >= _FEWEST_COLUMNS and same * 2 > len(said)


def is_column_numbers(row: tuple[Cell, ...]) -> bool:
    """1 2 3 4 … under a head, as government tables have it."""
    said = [tight(str(cell)) for cell in row if not is_blank(cell)]
    numbers = [text.removesuffix(".0").strip("()栏") for text in said]
    return len(numbers) >= _FEWEST_COLUMNS and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def fill_merged(sheet: Sheet) -> tuple[tuple[Cell, ...], ...]:
    """The sheet's rows with every cell merged downwards holding its value in each of its rows.

    A title merged across columns stays where it is, and nothing is filled into a row that is otherwise empty.
    """
    tall = [area for area in sheet.merged if area[2] > area[0] and area[0] < len(sheet.rows)]
    if not tall:
        return sheet.rows
    rows = [list(row) for row in sheet.rows]
    for top, left, bottom, _right in tall:
        value = sheet.rows[top][left] if left < len(sheet.rows[top]) else None
        for index in range(top + 1, min(bottom + 1, len(rows))):
            if left < len(rows[index]) and not all(map(is_blank, sheet.rows[index])):
                rows[index][left] = value
    return tuple(map(tuple, rows))

