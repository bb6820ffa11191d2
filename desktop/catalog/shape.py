"""The shape of a kind's file and of the dictionaries before they are laid over each other: tables, lists of tables,
lists of texts where they are expected. What a row says is for its reader; here is only that there are rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

ROWS = ("stage", "material", "limit", "rule", "contract", "contract_kind_when", "effect", "gate", "required_when")
LISTS = ("fields", "required_fields", "also_fields", "also_required_fields", "also_required", "required", "needs",
         "stages", "pause_reasons", "end_reasons")
TABLES = ("defaults", "drop", "presets", "promise_gate", "group")
NAMES = ("id", "code", "label", "source", "measure", "check", "sentence", "act", "needs", "stage", "deed", "kind",
         "like")
NAMED_LISTS = ("needs",)  # a name in a gate, a list in a stage


def shaped(table: Mapping[str, Any], where: str) -> None:
    """ValueError names file and row of the first thing that is no table, list or text where one is expected."""
    _keys(table, where)
    for key in ROWS:
        for place, row in enumerate(_rows(table, key, where), 1):
            _row(row, f"{where} {key} {_named(row, place)}")
            if key == "required_when":
                _is(row.get("field", ""), str, f"{where} {key} 第 {place} 行: field", "文字")
    for name, told in _table(table, "defaults", where).items():
        _is(told, dict, f"{where} defaults {name}", "一张表")
    for key in ("drop", "group"):
        for name, told in _table(table, key, where).items():
            _texts(told, f"{where} {key} {name}")


def _row(row: Mapping[str, Any], where: str) -> None:
    _keys(row, where)
    for place, gate in enumerate(_rows(row, "gate", where), 1):
        _keys(gate, f"{where} gate {_named(gate, place)}")


def _keys(row: Mapping[str, Any], where: str) -> None:
    for key in NAMES:
        lists = key in NAMED_LISTS or key in ROWS  # a row's `stage` is a name, a kind's are its rows
        if key in row and not isinstance(row[key], str) and not (lists and isinstance(row[key], list)):
            raise ValueError(f"{where}: {key} 应为文字")
    for key in LISTS:
        if key in row and not (key in NAMED_LISTS and isinstance(row[key], str)):
            _texts(row[key], f"{where}: {key}")
    for key in TABLES:
        if key in row and not (key == "group" and isinstance(row[key], str)):
            _is(row[key], dict, f"{where}: {key}", "一张表")


def _table(table: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    found = table.get(key, {})
    return found if isinstance(found, dict) else {}  # a kind's `group` is a word


def _rows(table: Mapping[str, Any], key: str, where: str) -> Iterable[dict[str, Any]]:
    found = table.get(key, [])
    _is(found, list, f"{where}: {key}", "表的列表")
    for row in found:
        _is(row, dict, f"{where}: {key}", "表的列表")
    return list(found)


def _texts(value: Any, where: str) -> None:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{where} 应为文字的列表")


def _is(value: Any, kind: type, where: str, word: str) -> None:
    if not isinstance(value, kind):
        raise ValueError(f"{where} 应为{word}")


def _named(row: Mapping[str, Any], place: int) -> str:
    return next((str(row[key]) for key in ("id", "code", "label", "stage", "field", "check") if row.get(key)),
                f"第 {place} 行")
