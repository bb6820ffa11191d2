"""The words that halls use in their ledgers, read from ledger.toml: column names, kinds, ways to say nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop.domain.ledger_cells import tight
from desktop.domain.ledger_heads import FIELDS, LedgerWords

_FILE = Path(__file__).with_name("ledger.toml")


def load_words(units: Mapping[str, str], path: Path = _FILE) -> LedgerWords:
    """The words of `path`; `units` maps each contract kind of the catalogue to its unit of capacity.

    Raises ValueError naming the row for a field or a kind that the program does not know, or a word with two
    meanings. 依据：[about].basis of the file.
    """
    data = tomllib.loads(path.read_text("utf-8"))
    _refuse_strangers(path, data, units)
    words, skip = data["words"], data["skip"]
    return LedgerWords(
        heads=_tuples(data["heads"]), parts=_tuples(data["parts"]), strangers=tuple(skip["strangers"]),
        kinds=_kinds(path, data["kinds"]), kind_endings=_longest_first(words["kind_endings"]), units=dict(units),
        long_term=tuple(words["long_term"]), until_event=tuple(words["until_event"]),
        blanks=frozenset(map(tight, words["blanks"])), gone=tuple(words["gone"]),
        totals=_longest_first(skip["totals"]), footers=tuple(map(tight, skip["footers"])),
    )


def _refuse_strangers(path: Path, data: dict[str, Any], units: Mapping[str, str]) -> None:
    if missing := {"basis", "effective", "region", "verified"} - set(data["about"]):
        raise ValueError(f"{path.name} [about]: {sorted(missing)} missing")
    for table in ("heads", "parts"):
        if unknown := set(data[table]) - set(FIELDS):
            raise ValueError(f"{path.name} [{table}]: unknown field {sorted(unknown)}")
    if units and (unknown := set(data["kinds"]) - set(units)):
        raise ValueError(f"{path.name} [kinds]: unknown kind {sorted(unknown)}")


def _kinds(path: Path, table: Mapping[str, list[str]]) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for kind, words in table.items():
        for word in words:
            if kinds.setdefault(tight(word).upper(), kind) != kind:
                raise ValueError(f"{path.name} [kinds]: {word} means two kinds")
    return kinds


def _tuples(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(tight(word) for word in words) for name, words in table.items()}


def _longest_first(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))
