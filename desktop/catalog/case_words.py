"""The words in which exports of cases name their columns, kinds and stages, read from case_ledger.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from desktop.domain.case_ledger import FIELDS, CaseWords
from desktop.domain.ledger_cells import tight
from desktop.domain.ledger_heads import LedgerWords
from desktop.domain.process import Process

_FILE = Path(__file__).with_name("case_ledger.toml")


def load_case_words(processes: Mapping[str, Process], path: Path = _FILE) -> CaseWords:
    """The words of `path`, together with the catalogue's own names of kinds and stages.

    Raises ValueError naming the word for a column that the program does not know. 依据：[about].basis of the file.
    """
    data = tomllib.loads(path.read_text("utf-8"))
    if missing := {"basis", "effective", "region", "verified"} - set(data["about"]):
        raise ValueError(f"{path.name} [about]: {sorted(missing)} missing")
    if unknown := (set(data["heads"]) | set(data["parts"])) - set(FIELDS):
        raise ValueError(f"{path.name} [heads]: unknown column {sorted(unknown)}")
    kinds = {word: kind for kind, words in data["kinds"].items() if kind in processes for word in _plain(words)}
    kinds |= {word: each.id for each in processes.values() for word in _plain((each.name, each.short, each.id)) if word}
    skip, words = data["skip"], data["words"]
    columns = LedgerWords(
        heads=_tuples(data["heads"]), parts=_tuples(data["parts"]), strangers=tuple(skip["strangers"]), kinds=kinds,
        kind_endings=tuple(words["kind_endings"]), units={}, long_term=(), until_event=(),
        blanks=frozenset(map(tight, words["blanks"])), gone=(),
        totals=tuple(sorted(skip["totals"], key=len, reverse=True)), footers=tuple(map(tight, skip["footers"])))
    stages = {word: stage for stage, told in data["stages"].items() for word in _plain(told)}
    return CaseWords(columns, stages, frozenset(_plain(words["closed"])))


def _plain(words: Iterable[str]) -> list[str]:
    return [tight(word).upper() for word in words]


def _tuples(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(tight(word) for word in words) for name, words in table.items()}
