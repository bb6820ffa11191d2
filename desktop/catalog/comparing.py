"""Releases row by row: every row that has a 依据, and what differs between two releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.catalog.files import Files

# by what a row is called, in its file: the first ones there are
NAMES = ("id", "code", "group", "name", "label", "item", "stage", "act", "needs", "source", "measure", "check", "deed",
         "kind", "field", "date")
OF_BASIS = ("basis", "effective", "until", "region", "verified")


@dataclass(frozen=True)
class RuleRow:
    """A row with its basis; `says` is what it says besides, in short."""

    file: str
    row: str
    says: str
    basis: str
    effective: str
    until: str
    region: str
    verified: bool


@dataclass(frozen=True)
class Difference:
    """One value that two releases have not in common; an empty side has no such row or key."""

    file: str
    row: str
    key: str
    before: str
    after: str


def rule_rows(files: Files, region: str) -> tuple[RuleRow, ...]:
    """Every row of the release that stands on a basis, file by file."""
    return tuple(rule for name in sorted(files.texts) for rule in _rules(name, "", files.table(name), region))


def _rules(name: str, where: str, table: Mapping[str, Any], region: str) -> Iterator[RuleRow]:
    if "basis" in table:
        yield RuleRow(name, where or str(table.get("name", "")), _says(table), str(table["basis"]),
                      str(table.get("effective", "")), str(table.get("until", "")),
                      str(table.get("region", region)), table.get("verified") is True)
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _rules(name, f"{where} {key}".strip(), value, region)
        for place, row in enumerate(value if isinstance(value, list) else (), 1):
            if isinstance(row, dict):
                yield from _rules(name, f"{where} {key} {named(row, place)}".strip(), row, region)


def _says(table: Mapping[str, Any]) -> str:
    told = (f"{key} = {_short(value)}" for key, value in table.items()
            if key not in OF_BASIS and not (isinstance(value, list) and value and isinstance(value[0], dict)))
    return "；".join(told)


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(_short, value))
    if isinstance(value, dict):
        return "，".join(f"{key} {_short(each)}" for key, each in value.items())
    return str(value)


def named(row: Mapping[str, Any], place: int) -> str:
    """What a row is called within its list."""
    found = [str(row[key]) for key in NAMES if row.get(key) and not isinstance(row[key], dict | list)]
    return " ".join(found[:4]) or f"第 {place} 行"


def differences(before: Files, after: Files) -> tuple[Difference, ...]:
    """What differs, value by value, in the order of the files."""
    names = sorted({*before.texts, *after.texts})
    return tuple(each for name in names for each in _between(name, _flat(before, name), _flat(after, name)))


def _between(name: str, old: Mapping[tuple[str, str], str], new: Mapping[tuple[str, str], str]) -> Iterator[Difference]:
    for row, key in dict.fromkeys((*old, *new)):
        was, now = old.get((row, key), ""), new.get((row, key), "")
        if was != now:
            yield Difference(name, row, key, was, now)


def _flat(files: Files, name: str) -> dict[tuple[str, str], str]:
    """Row and key → value of one file; empty where the release has no such file."""
    return dict(_values("", files.table(name))) if name in files else {}


def _values(where: str, table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for key, value in table.items():
        if isinstance(value, list) and any(isinstance(row, dict) for row in value):
            for place, row in enumerate(value, 1):
                yield from _values(f"{where} {key} {named(row, place)}".strip(), row)
        else:
            yield (where, key), _short(value)
