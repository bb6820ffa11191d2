"""What is wrong with a release, in the clerk's words: subject and line of the file first, each key by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from desktop.catalog.comparing import FILES, LISTS, WORDS
from desktop.domain.field import FIELDS

_FILE = re.compile(r"^[\w.-]+\.(?:toml|json)(?=[ ：:]|$)")
_ROW = re.compile(r"^[:：]? ?([a-z_]+) (第 \d+ 行|[^：:（，]+)")
_KEY = re.compile(r"(?<![\w./“\"-])[a-z][a-z_]+(?![\w.]|（)")
_NAME = re.compile(r'^name = "(.+)"', re.MULTILINE)
_HEAD = re.compile(r"^\[\[?(\w+)")
_NUMBERED = re.compile(r"第 (\d+) 行")
VALUES = ("done", "order", "number")  # more often a value than a key


def in_words(texts: Mapping[str, str], fault: str) -> str:
    """`fault`, which begins with file and row, for a reader of Chinese; `texts`: the release's files by name, none of
    what could not be unpacked."""
    if not texts:
        return fault
    found = _FILE.match(fault)
    if found is None:
        return _glossed(fault)
    file, rest = found[0], fault[found.end():]
    name = next((name for name in texts if name.rpartition("/")[2] == file), file)
    line = _line(texts.get(name, "").splitlines(), rest)
    place = f"{file} 第 {line} 行" if line else file
    return f"{_title(name, texts)}（{place}）{_glossed(rest).strip()}"


def _title(name: str, texts: Mapping[str, str]) -> str:
    """What the file is about; a file that cannot be read as a table still has its name in it."""
    named = _NAME.search(texts.get(name, "")) if name.startswith("processes/") else None
    year = re.fullmatch(r"calendars/(\d{4})\.json", name)
    return named[1] if named else f"{year[1]} 年节假日" if year else FILES.get(name, "规则目录")


def _glossed(sentence: str) -> str:
    """Each key behind what it is called; a word that is no key stays as it is."""
    def called(found: re.Match[str]) -> str:
        key = found[0]
        word = WORDS.get(key) or LISTS.get(key) or (FIELDS[key].label if key in FIELDS else "")
        return f"{word}（{key}）" if word and key not in VALUES else key

    return _KEY.sub(called, sentence).replace("） ", "）").replace(": ", "：")


def _line(lines: list[str], rest: str) -> int | None:
    """The line of the first key that is named of the row, else the row's first line; None where that is not sure."""
    row, keys = _ROW.match(rest), _KEY.findall(rest)
    if row is None or row[1] not in LISTS:
        top = next((place for place, line in enumerate(lines) if _HEAD.match(line)), len(lines))
        return _with_key(lines[:top], keys)
    found = _row(lines, row[1], row[2].strip())
    return found and found[0] + (_with_key(lines[found[0]:found[1]], keys) or 1)


def _row(lines: list[str], rows: str, called: str) -> tuple[int, int] | None:
    """Where the row of that name, or number, begins and ends; None where several go by it, or none."""
    own = [each for each in _tables(lines) if lines[each[0]].startswith(f"[[{rows}]]")]
    if numbered := _NUMBERED.fullmatch(called):
        return own[int(numbered[1]) - 1] if int(numbered[1]) <= len(own) else None
    first = called.split()[0]
    named = [(start, end) for start, end in own if f'"{first}"' in "\n".join(lines[start:end])]
    return named[0] if len(named) == 1 else None


def _tables(lines: list[str]) -> Iterator[tuple[int, int]]:
    heads = [place for place, line in enumerate(lines) if _HEAD.match(line)]
    yield from zip(heads, [*heads[1:], len(lines)], strict=False)


def _with_key(lines: list[str], keys: list[str]) -> int | None:
    """The number of the first line that sets one of the keys."""
    told = (place for place, line in enumerate(lines, 1) if "=" in line and line.partition("=")[0].strip() in keys)
    return next(told, None)
