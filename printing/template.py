"""Reads a contract kind's folder: text.txt is the text, blanks.toml says how each of its blanks is met.

The text decides what must be asked. Its markup: `## id 条名` begins a clause, `### id 附件名` an annex; every other
line is one paragraph, whose level is told by its own mark (（一） or 1.); `{name}` is a blank, `{#id}` the number
of another clause or annex; `| field 标题` prints a rows-field as a table, with `= column column` after it the sums
of those columns under it; `[] 120 说明` leaves a frame of 120 mm; `_ field 左 | 右 / 左 | 右` leaves lines to be signed
by hand, if the field is answered.
A folder that does not agree with itself is our own bug and raises ValueError with the place.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from desktop.domain.clause import (
    Blank,
    Block,
    Clause,
    Frame,
    Paragraph,
    Signing,
    Slot,
    TableBlock,
    Template,
    Words,
    ordinal,
    slots,
)
from desktop.domain.field import FIELDS, check

CONTRACTS = Path(__file__).parent / "contracts"

_HEAD = re.compile(r"(##|###) ([a-z_]+) (\S.*)")
_TABLE = re.compile(r"\| ([a-z_]+) (\S.*?)(?: = ([a-z_ ]+))?")
_FRAME = re.compile(r"\[\] (\d+) (\S.*)")
_SIGNING = re.compile(r"_ ([a-z_]+) (\S.*)")
_HOLE = re.compile(r"(\{#?[a-z_]+\})")
_LEVELS = ((re.compile(r"（[一二三四五六七八九十]+）"), 1), (re.compile(r"\d{1,2}\. "), 2))
_NEEDS = ("required", "default", "optional")
_BLANK_KEYS = {"need", "default", "basis", "verified", "empty", "sample"}
_FILE_KEYS = {"title", "notice", "parties", "signature", "blanks"}


def templates() -> Mapping[str, Template]:
    """Every contract text there is, by kind id. ValueError if one of them is not sound."""
    return _templates(CONTRACTS)


@cache
def _templates(folder: Path) -> Mapping[str, Template]:
    kinds = sorted(path.parent for path in folder.glob("*/text.txt"))
    return MappingProxyType({kind.name: load(kind) for kind in kinds})


def load(folder: Path) -> Template:
    """The text in `folder`; its name is the kind's id. ValueError names what does not agree with what."""
    facts = tomllib.loads((folder / "blanks.toml").read_text("utf-8"))
    clauses, annexes = _sections((folder / "text.txt").read_text("utf-8"), folder.name)
    template = Template(
        kind=folder.name, title=facts["title"], notice=facts["notice"], digest=_digest(folder),
        clauses=clauses, annexes=annexes, blanks=_blanks(facts["blanks"], folder.name),
        party_fields=_pairs(facts["parties"]), signature_fields=_pairs(facts["signature"]),
    )
    wrong = [*(f"unknown key {key}" for key in facts.keys() - _FILE_KEYS), *_faults(template)]
    if wrong:
        raise ValueError(f"{folder.name}: " + "; ".join(wrong))
    return template


def _digest(folder: Path) -> str:
    """sha256 over the folder's files, names and bytes, so that any change of the text shows."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.suffix in (".txt", ".toml")):
        content = path.read_bytes()
        total.update(f"{path.name}\n{len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def _pairs(rows: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((left, right) for left, right in rows)


def _blanks(rows: Mapping[str, dict[str, Any]], kind: str) -> Mapping[str, Blank]:
    for name, row in rows.items():
        if row.get("need") not in _NEEDS or row.keys() - _BLANK_KEYS:
            raise ValueError(f"{kind}: blank {name} has no need declared, or a key we do not know")
    return MappingProxyType({name: Blank(name, **row) for name, row in rows.items()})


def _sections(text: str, kind: str) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    """The clauses and the annexes, with the numbers of other clauses put in."""
    heads = [match for line in text.splitlines() if (match := _HEAD.fullmatch(line))]
    numbers = _numbers(heads, kind)
    clauses: list[Clause] = []
    annexes: list[Clause] = []
    for head, lines in _bodies(text):
        mark, name, title = head.groups()
        blocks = tuple(_block(line, numbers, kind) for line in lines)
        (clauses if mark == "##" else annexes).append(Clause(name, title, blocks))
    return tuple(clauses), tuple(annexes)


def _numbers(heads: list[re.Match[str]], kind: str) -> Mapping[str, str]:
    numbers: dict[str, str] = {}
    counts = {"##": 0, "###": 0}
    for mark, name, _ in (head.groups() for head in heads):
        if name in numbers:
            raise ValueError(f"{kind}: two clauses are called {name}")
        counts[mark] += 1
        numbers[name] = f"第{ordinal(counts[mark])}条" if mark == "##" else f"附件{ordinal(counts[mark])}"
    return numbers


def _bodies(text: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    head: re.Match[str] | None = None
    lines: list[str] = []
    for line in (line.rstrip() for line in text.splitlines() if line.strip()):
        match = _HEAD.fullmatch(line)
        if match is None:
            lines.append(line)
            continue
        if head:
            yield head, lines
        head, lines = match, []
    if head:
        yield head, lines


def _block(line: str, numbers: Mapping[str, str], kind: str) -> Block:
    if table := _TABLE.fullmatch(line):
        return TableBlock(table[1], table[2], tuple((table[3] or "").split()))
    if frame := _FRAME.fullmatch(line):
        return Frame(frame[2], int(frame[1]))
    if signing := _SIGNING.fullmatch(line):
        return Signing(signing[1], _pairs([row.split(" | ") for row in signing[2].split(" / ")]))
    level = next((level for mark, level in _LEVELS if mark.match(line)), 0)
    return Paragraph(_runs(line, numbers, kind), level)


def _runs(line: str, numbers: Mapping[str, str], kind: str) -> tuple[Words | Slot, ...]:
    """Words and blanks; the number of another clause becomes words, joined to its neighbours."""
    for name in re.findall(r"\{#([a-z_]+)\}", line):
        if name not in numbers:
            raise ValueError(f"{kind}: the text points at {name}, which is not there")
        line = line.replace(f"{{#{name}}}", numbers[name])
    pieces = (piece for piece in _HOLE.split(line) if piece)
    return tuple(Slot(piece[1:-1]) if _HOLE.fullmatch(piece) else Words(piece) for piece in pieces)


def _faults(template: Template) -> Iterator[str]:
    asked = _asked(template)
    yield from (f"{name} is not in field.py" for name in asked if name not in FIELDS)
    yield from (f"{name} has no need declared" for name in asked if name not in template.blanks)
    yield from (f"blank {name} does not stand in the text" for name in template.blanks if name not in asked)
    for blank in template.blanks.values():
        if blank.name in FIELDS:
            yield from _blank_faults(blank)
    yield from _kind_faults(template)


def _asked(template: Template) -> tuple[str, ...]:
    sections = (*template.clauses, *template.annexes)
    texts = (name for clause in sections for name in slots(clause.blocks))
    parties = (name for pair in template.party_fields for name in pair if name)
    return tuple(dict.fromkeys([*parties, *texts]))


def _blank_faults(blank: Blank) -> Iterator[str]:
    if (blank.need == "default") != bool(blank.default):
        yield f"blank {blank.name}: a default and need=\"default\" belong together"
    if blank.default and not blank.basis:
        yield f"blank {blank.name}: a default needs its basis"
    if blank.default and (wrong := check(blank.name, blank.default)):
        yield f"blank {blank.name}: {wrong}"


def _kind_faults(template: Template) -> Iterator[str]:
    """A list cannot stand inside a sentence, nor a single value as a table."""
    for clause in (*template.clauses, *template.annexes):
        for block in clause.blocks:
            if isinstance(block, Paragraph):
                names = [run.name for run in block.runs if isinstance(run, Slot)]
                yield from (f"{clause.id}: {name} is a list" for name in names if _is_list(name))
            elif isinstance(block, TableBlock):
                yield from _table_faults(clause.id, block)
            elif isinstance(block, Signing) and block.where not in template.blanks:
                yield f"{clause.id}: lines to sign hang on {block.where}, which is not asked"


def _table_faults(clause_id: str, block: TableBlock) -> Iterator[str]:
    if not _is_list(block.field):
        yield f"{clause_id}: {block.field} is no list"
        return
    numbers = {column.name for column in FIELDS[block.field].columns if column.kind in ("integer", "number")}
    yield from (f"{clause_id}: {block.field} has no number {name} to add up"
                for name in block.summed if name not in numbers)


def _is_list(name: str) -> bool:
    return name in FIELDS and FIELDS[name].kind == "rows"
