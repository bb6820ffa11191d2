"""One row of a catalogue file, read strictly: a wrong kind, an unknown key or a missing basis names file and row.

The catalogue is edited by people in provinces; a slip must be found when it is made, not when a clerk meets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from desktop.domain.basis import NATION, Basis

MOST = {"days": 3660, "hours": 24 * 366, "months": 600, "years": 100}
"""The longest spans that anybody can mean, by the last word of their key: a figure beyond is a slip of the hand, and no
calendar could count it."""


class Row:
    """A table of TOML or JSON. Each value is taken once; `close` refuses what nobody took."""

    def __init__(self, data: Mapping[str, Any], where: str, region: str = NATION) -> None:
        self._left = dict(data)
        self.where = where
        self.region = region

    def wrong(self, what: str) -> ValueError:
        return ValueError(f"{self.where}: {what}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there and not be empty."""
        value = self._take(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.wrong(f"{key} 应为文字，不能空")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(f"{key} 应为 0 或正整数")
        most = MOST.get(key.rpartition("_")[2], value)
        if value > most:
            raise self.wrong(f"{key} 现为 {value}，最大 {most}，请核对")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(f"{key} 应为 true 或 false")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self._take(key, default)
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            raise self.wrong(f"{key} 应为文字的列表")
        return tuple(value)

    def day(self, key: str, default: str | None = None) -> date | None:
        """A date 'YYYY-MM-DD'; None only where the default is the empty text."""
        text = self.text(key, default)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise self.wrong(f"{key} 应为日期，如 2024-06-01") from None

    def row(self, key: str) -> Row | None:
        """A table within this one, or None."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self.wrong(f"{key} 应为一张表")
        return Row(value, f"{self.where} {key}", self.region) if value else None

    def needed(self, key: str) -> Row:
        """A table within this one that must be there."""
        row = self.row(key)
        if row is None:
            raise self.wrong(f"缺少 {key}")
        return row

    def named_rows(self, key: str) -> dict[str, Row]:
        """The tables of a table, by name."""
        return {name: Row(self._table(f"{key} {name}", value), f"{self.where} {key} {name}", self.region)
                for name, value in self.mapping(key).items()}

    def lists(self) -> dict[str, tuple[str, ...]]:
        """All that this table has, each a list of texts."""
        return {key: self.texts(key) for key in tuple(self._left)}

    def worded(self, what: str, value: Any) -> str:
        """A value that must be a text and not be empty."""
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"{what} 应为文字，不能空")
        return value

    def _table(self, what: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(f"{what} 应为一张表")
        return value

    def rows(self, key: str) -> tuple[Row, ...]:
        """The tables of a list, each named by its id, code, stage, label or place."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.wrong(f"{key} 应为表的列表")
        return tuple(Row(v, f"{self.where} {key} {_named(v, n)}", self.region) for n, v in enumerate(value, 1))

    def some(self, key: str) -> tuple[Row, ...]:
        """The tables under `key`, given as one table or as a list of them."""
        if isinstance(self._left.get(key), dict):
            self._left[key] = [self._left[key]]
        return self.rows(key)

    def mapping(self, key: str) -> dict[str, Any]:
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self.wrong(f"{key} 应为一张表")
        return value

    def basis(self) -> Basis:
        """依据、生效日、失效日、适用地区、核验状态 of this row; the region is that of the release unless told."""
        effective, until = self.day("effective"), self.day("until", "")
        if effective is None or (until is not None and until < effective):
            raise self.wrong("effective 应为日期，until 不能早于它")
        text, region = self.text("basis"), self.text("region", self.region)
        told = text if region == NATION or region in text else f"{text}（{region}）"  # told with the paper, wherever
        return Basis(told, effective, until, region, self.flag("verified"))

    def rest(self) -> Mapping[str, Any]:
        """All that nobody took."""
        left, self._left = self._left, {}
        return MappingProxyType(left)

    def close(self) -> None:
        if self._left:
            raise self.wrong(f"不认识的项 {'、'.join(sorted(self._left))}")

    def _take(self, key: str, default: Any) -> Any:
        if key not in self._left and default is None:
            raise self.wrong(f"缺少 {key}")
        return self._left.pop(key, default)


def _named(row: Mapping[str, Any], place: int) -> str:
    name = next((row[key] for key in ("id", "code", "stage", "label", "date") if row.get(key)), f"第 {place} 行")
    return str(name)
