"""The files of one release of the catalogue, by name: read from a folder or as they were kept; parsed when first asked.

Parsing TOML takes twenty times as long as reading the same tables from JSON, so a kept release brings its tables along.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from desktop.catalog.row import Row
from desktop.domain.basis import NATION

HEAD = "release.toml"
KINDS = "processes/"
PAST = "past/"  # releases that came with former programs, for the cases that began under them
Table = dict[str, Any]
OWN, BASE_REGION = "own", "base_region"  # of a release laid over another: its own files, where the others hold


class Files:
    """Texts by name ('processes/x.toml'); `tables` are those that are parsed already."""

    def __init__(self, texts: Mapping[str, str], tables: Mapping[str, Table] | None = None) -> None:
        self.texts = texts
        self._tables = dict(tables or {})

    @classmethod
    def of_folder(cls, folder: Path) -> Files:
        """All .toml and .json files in the folder but those of past releases. ValueError names one that is no text."""
        found = sorted(path for path in folder.rglob("*") if path.suffix in (".toml", ".json"))
        names = {path.relative_to(folder).as_posix(): path for path in found}
        return cls({name: _text(path) for name, path in names.items() if not name.startswith(PAST)})

    def __contains__(self, name: str) -> bool:
        return name in self.texts

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files within `folder` ('processes/')."""
        return tuple(name for name in self.texts if name.startswith(folder))

    def table(self, name: str) -> Table:
        """The table of the file, not to be changed. ValueError names the file that cannot be read."""
        if name not in self._tables:
            self._tables[name] = _parsed(name, self.texts)
        return self._tables[name]

    def row(self, name: str, region: str = "全国") -> Row:
        """The file as a row that is read strictly."""
        return Row(self.table(name), name.rpartition("/")[2], region)

    def region(self, name: str) -> str:
        """Where the rows of the file hold that do not say so: where the release does, or the one it was laid over."""
        head = self.table(HEAD) if HEAD in self else {}
        own = head.get(OWN)
        return str(head.get("region", NATION) if own is None or name in own else head.get(BASE_REGION, NATION))

    def tables(self) -> dict[str, Table]:
        """All files parsed. ValueError names the file that cannot be read."""
        return {name: self.table(name) for name in self.texts}

    def over(self, base: Files) -> Files:
        """These files laid over those of `base`: one of the same name takes its place."""
        return Files({**base.texts, **self.texts})

    def completed(self, base: Files, names: Iterable[str]) -> Files:
        """These files, and of `names` those that only `base` has."""
        lacking = [name for name in names if name not in self]
        if not lacking:
            return self
        return Files({**self.texts, **{name: base.texts[name] for name in lacking}},
                     {**self._tables, **{name: base.table(name) for name in lacking}})

    @cached_property
    def digest(self) -> str:
        """What these very files are known by, in whatever order and archive they came."""
        whole = "\0".join(f"{name}\0{self.texts[name]}" for name in sorted(self.texts))
        return sha256(whole.encode()).hexdigest()


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")  # some editors put a mark before the text
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}: 不是 UTF-8 文本（{error.reason}）") from error


def _place(error: ValueError) -> str:
    """Where a parser stopped, in the editor's words: 第 3 行第 5 列."""
    if isinstance(error, json.JSONDecodeError):
        return f"第 {error.lineno} 行第 {error.colno} 列读不下去"
    told = re.search(r"line (\d+), column (\d+)", str(error))
    return f"第 {told[1]} 行第 {told[2]} 列读不下去" if told else "文件没有写完就结束了"


def _parsed(name: str, texts: Mapping[str, str]) -> Table:
    if name not in texts:
        raise ValueError(f"{name}: 规则目录里缺少这个文件")
    try:
        table = tomllib.loads(texts[name]) if name.endswith(".toml") else json.loads(texts[name])
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{name.rpartition('/')[2]}: 格式不对（{_place(error)}）") from error
    except RecursionError as error:
        raise ValueError(f"{name.rpartition('/')[2]}: 一层套一层太多，不像是规则目录") from error
    if not isinstance(table, dict):
        raise ValueError(f"{name.rpartition('/')[2]}: 应是一张表")
    return table
