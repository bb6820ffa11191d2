"""The words in which exports of cases name their columns, kinds and stages, read from case_ledger.toml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop.catalog.ledger_words import about, columns, longest_first
from desktop.catalog.row import Row
from desktop.domain.case_ledger import FIELDS, CaseWords
from desktop.domain.ledger_cells import tight
from desktop.domain.ledger_heads import LedgerWords
from desktop.domain.process import Process


def read_case_words(book: Row, processes: Mapping[str, Process]) -> CaseWords:
    """The words of the file, together with the catalogue's own names of kinds and stages.

    ValueError names the row for a column that the program does not know. 依据：[about].basis of the file.
    """
    about(book)
    words, skip = book.needed("words"), book.needed("skip")
    told = book.needed("kinds").lists()  # of a kind that this release has not, the words wait for it
    kinds = {word: kind for kind, names in told.items() if kind in processes for word in _plain(names)}
    kinds |= {word: each.id for each in processes.values() for word in _plain((each.name, each.short, each.id)) if word}
    heads = LedgerWords(
        heads=columns(book.needed("heads"), FIELDS), parts=columns(book.needed("parts"), FIELDS),
        strangers=skip.texts("strangers"), kinds=kinds, kind_endings=words.texts("kind_endings"), units={},
        long_term=(), until_event=(), blanks=frozenset(map(tight, words.texts("blanks"))), gone=(),
        totals=longest_first(skip.texts("totals")), footers=tuple(map(tight, skip.texts("footers"))))
    stages = {word: stage for stage, names in book.needed("stages").lists().items() for word in _plain(names)}
    made = CaseWords(heads, stages, frozenset(_plain(words.texts("closed"))))
    for row in (words, skip, book):
        row.close()
    return made


def _plain(words: Iterable[str]) -> list[str]:
    return [tight(word).upper() for word in words]
