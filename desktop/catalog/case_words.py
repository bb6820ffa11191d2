"""The words in which exports of cases name their columns, kinds and stages, read from case_ledger.toml."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from desktop.catalog.ledger_words import about, columns, longest_first
from desktop.catalog.row import Row
from desktop.domain.case_ledger import FIELDS, CaseWords
from desktop.domain.course_cells import DONE, OWNER, PLANNED, PLEDGED, SUBMITTED, stage_column
from desktop.domain.ledger_cells import tight
from desktop.domain.ledger_heads import LedgerWords
from desktop.domain.process import Process

_OF_A_DAY = ("时间", "日期", "日", "")
Words = Mapping[str, tuple[str, ...]]


def read_case_words(book: Row, processes: Mapping[str, Process]) -> CaseWords:
    """The words of the file, together with the catalogue's own names of kinds and stages.

    ValueError names the row for a column that the program does not know. 依据：[about].basis of the file.
    """
    about(book)
    words, skip = book.needed("words"), book.needed("skip")
    told = book.needed("kinds").lists()  # of a kind that this release has not, the words wait for it
    kinds = {word: kind for kind, names in told.items() if kind in processes for word in _plain(names)}
    kinds |= {word: each.id for each in processes.values() for word in _plain((each.name, each.short, each.id)) if word}
    stages = {word: stage for stage, names in book.needed("stages").lists().items() for word in _plain(names)}
    own = (stage for each in processes.values() for stage in each.stages)
    stages = {word: stage.id for stage in own for word in _plain([stage.name])} | stages
    made = CaseWords(
        _columns(book, words, skip, kinds, stages), stages, frozenset(_plain(words.texts("closed"))),
        frozenset(_plain(words.texts("halted", ()))), _texts(book, "classes"), _by_voltage(book, processes),
        {one: two for one, two in _texts(book, "dual").items() if two in processes}, _lists(book, "instead"))
    for row in (words, skip, book):
        row.close()
    return made


def _columns(book: Row, words: Row, skip: Row, kinds: dict[str, str], stages: Mapping[str, str]) -> LedgerWords:
    named = columns(book.needed("heads"), FIELDS)
    heads, under = _stage_heads(book, stages, {word for names in named.values() for word in names})
    return LedgerWords(
        heads={**named, **heads}, parts=columns(book.needed("parts"), FIELDS), strangers=skip.texts("strangers"),
        kinds=kinds, kind_endings=words.texts("kind_endings"), units={}, long_term=(), until_event=(),
        blanks=frozenset(map(tight, words.texts("blanks"))), gone=(), totals=longest_first(skip.texts("totals")),
        footers=tuple(map(tight, skip.texts("footers"))), under=under)


def _stage_heads(book: Row, stages: Mapping[str, str], taken: set[str]) -> tuple[Words, frozenset[str]]:
    """The columns that tell of stages, each word for a stage with each word for a day or an owner; and the words that
    say so under a group's head."""
    told: dict[str, tuple[str, ...]] = {word: (stage,) for word, stage in stages.items() if stage != "S01"}
    told |= _lists(book, "told")
    given = _lists(book, "submitted")
    parts = book.row("of_stages")
    if parts is None:  # a file of an earlier release
        return {}, frozenset()
    kinds = ((SUBMITTED, given, "ends", "before"),  # first: 竣工报验 is the end of the customer's works, not of a stage
             (OWNER, told, "owner_ends", ""), (PLEDGED, told, "pledged_ends", "pledged_before"),
             (PLANNED, told, "planned_ends", "planned_before"), (DONE, told, "ends", "before"))
    said = parts.lists()
    heads: dict[str, list[str]] = defaultdict(list)
    for what, words, ends, before in kinds:
        for word, ids in words.items():
            fresh = [text for text in _made(word, said[ends], said.get(before, ())) if text not in taken]
            taken.update(fresh)
            heads[stage_column(what, *ids)] += fresh
    return {name: tuple(words) for name, words in heads.items() if words}, frozenset(map(tight, said["under"]))


def _made(word: str, ends: Iterable[str], before: Iterable[str]) -> dict[str, None]:
    """现场勘查 with 完成时间 behind it, with 实际 before it."""
    return dict.fromkeys((*(word + end for end in ends),
                          *(first + word + end for first in before for end in _OF_A_DAY)))


def _by_voltage(book: Row, processes: Mapping[str, Process]) -> dict[str, tuple[str, str]]:
    pairs = _lists(book, "by_voltage")
    if wrong := [word for word, kinds in pairs.items() if len(kinds) != 2]:
        raise book.wrong(f"by_voltage {wrong[0]} 应写低压、高压两种业务")
    return {word: (low, high) for word, (low, high) in pairs.items() if {low, high} <= set(processes)}


def _lists(book: Row, key: str) -> dict[str, tuple[str, ...]]:
    row = book.row(key)
    return {tight(word).upper(): names for word, names in row.lists().items()} if row else {}


def _texts(book: Row, key: str) -> dict[str, str]:
    return {word: book.worded(f"{key} {word}", value) for word, value in book.mapping(key).items()}


def _plain(words: Iterable[str]) -> list[str]:
    return [tight(word).upper() for word in words]
