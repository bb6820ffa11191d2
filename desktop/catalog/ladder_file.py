"""In which order another system asks for an application's fields, read from ladder.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from desktop.domain.field import FIELDS
from desktop.domain.ladder import Asked

_FILE = Path(__file__).with_name("ladder.toml")
_SAID = ("system", "number_field", "number_label", "basis", "effective", "region", "verified")


@dataclass(frozen=True)
class Ladders:
    """The other system, the field that keeps the number it gives, and what it asks for each kind of application."""

    system: str
    number_field: str
    number_label: str
    basis: str
    verified: bool
    usual: tuple[Asked, ...]
    by_kind: dict[str, tuple[Asked, ...]]

    def of(self, kind: str) -> tuple[Asked, ...]:
        return self.by_kind.get(kind, self.usual)


@cache
def load_ladders(path: Path = _FILE) -> Ladders:
    """The ladders of `path`. ValueError names what is missing, or a field that the dictionary has not."""
    data = tomllib.loads(path.read_text("utf-8"))
    if missing := [name for name in _SAID if name not in data]:
        raise ValueError(f"{path.name}: {missing} missing")
    usual: tuple[Asked, ...] = ()
    by_kind: dict[str, tuple[Asked, ...]] = {}
    for ladder in data["ladder"]:
        steps = tuple(Asked(each["field"], each["label"]) for each in ladder["rungs"])
        if strange := [each.field for each in steps if each.field not in FIELDS]:
            raise ValueError(f"{path.name} [[ladder]]: unknown field {strange}")
        by_kind |= dict.fromkeys(ladder["kinds"], steps)
        usual = usual if ladder["kinds"] else steps
    return Ladders(data["system"], data["number_field"], data["number_label"], data["basis"], bool(data["verified"]),
                   usual, by_kind)
