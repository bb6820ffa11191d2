"""The words that halls use in their ledgers, read from ledger.toml: column names, kinds, ways to say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop.catalog.row import Row
from desktop.domain.ledger_cells import tight
from desktop.domain.ledger_heads import FIELDS, LedgerWords


def read_ledger_words(book: Row, units: Mapping[str, str]) -> LedgerWords:
    """The words of the file; `units` maps each contract kind of the catalogue to its unit of capacity.

    ValueError names the row for a field or a kind that the program does not know, or a word with two meanings.
    依据：[about].basis of the file.
    """
    about(book)
    words, skip = book.needed("words"), book.needed("skip")
    made = LedgerWords(
        heads=columns(book.needed("heads"), FIELDS), parts=columns(book.needed("parts"), FIELDS),
        strangers=skip.texts("strangers"), kinds=_kinds(book.needed("kinds"), units),
        kind_endings=longest_first(words.texts("kind_endings")), units=dict(units),
        long_term=words.texts("long_term"), until_event=words.texts("until_event"),
        blanks=frozenset(map(tight, words.texts("blanks"))), gone=words.texts("gone"),
        totals=longest_first(skip.texts("totals")), footers=tuple(map(tight, skip.texts("footers"))),
    )
    for row in (words, skip, book):
        row.close()
    return made


def about(book: Row) -> None:
    """Whence the file's words come; they must say so, as every row does."""
    row = book.needed("about")
    row.basis()
    row.close()


def columns(row: Row, known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The columns' names by field. ValueError names a field that the program does not know."""
    found = row.lists()
    if strange := sorted(set(found) - set(known)):
        raise row.wrong(f"没有这样的栏 {'、'.join(strange)}")
    return {name: tuple(tight(word) for word in words) for name, words in found.items()}


def _kinds(row: Row, units: Mapping[str, str]) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for kind, words in row.lists().items():
        if units and kind not in units:
            raise row.wrong(f"contracts.toml 里没有合同种类 {kind}")
        for word in words:
            if kinds.setdefault(tight(word).upper(), kind) != kind:
                raise row.wrong(f"{word} 有两个意思：{kinds[tight(word).upper()]}、{kind}")
    return kinds


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))
