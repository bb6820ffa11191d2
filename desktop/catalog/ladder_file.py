"""In which order another system asks for an application's fields, read from ladder.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from desktop.catalog.row import Row
from desktop.domain.basis import Basis
from desktop.domain.field import FIELDS
from desktop.domain.ladder import Asked

KEPT = ("yx_application", "yx_account", "yx_contract")  # the numbers of the other system that a case keeps


@dataclass(frozen=True)
class Ladders:
    """The other system, the field that keeps the number it gives, and what it asks for each kind of application."""

    system: str
    number_field: str
    number_label: str
    basis: Basis
    usual: tuple[Asked, ...]
    by_kind: Mapping[str, tuple[Asked, ...]]
    by_subject: Mapping[str, tuple[Asked, ...]]

    def of(self, kind: str, subject: str = "") -> tuple[Asked, ...]:
        """The order for a kind; for one that no list names, that of its subject (已有用户), else the usual one."""
        return self.by_kind.get(kind) or self.by_subject.get(subject, self.usual)


def read_ladders(book: Row) -> Ladders:
    """The ladders of the file. ValueError names what is missing, or a field that the dictionary has not."""
    usual: tuple[Asked, ...] = ()
    by_kind: dict[str, tuple[Asked, ...]] = {}
    by_subject: dict[str, tuple[Asked, ...]] = {}
    codes = {name: _codes(name, row) for name, row in book.named_rows("codes").items()}
    for row in book.rows("ladder"):
        kinds, steps = row.texts("kinds"), tuple(_rung(rung, codes) for rung in row.rows("rungs"))
        if subject := row.text("subject", ""):
            by_subject[subject] = steps
        row.close()
        if set(kinds) & set(by_kind):
            raise row.wrong(f"{'、'.join(sorted(set(kinds) & set(by_kind)))} 已有另一张次序")
        by_kind |= dict.fromkeys(kinds, steps)
        usual = usual if kinds else steps
    made = Ladders(book.text("system"), book.text("number_field"), book.text("number_label"), book.basis(), usual,
                   MappingProxyType(by_kind), MappingProxyType(by_subject))
    book.close()
    if made.number_field not in KEPT or not usual:
        raise book.wrong(f"number_field 应为 {'、'.join(KEPT)} 之一，并要有一张 kinds 空着的通用次序")
    return made


def _codes(field: str, row: Row) -> dict[str, str]:
    """How the other system writes the answers of a list; each must be one that the list has."""
    codes = {word: row.worded(word, code) for word, code in row.rest().items()}
    strange = set(codes) - set(FIELDS[field].choices if field in FIELDS else ())
    if strange:
        raise row.wrong(f"{field} 没有这样的选项：{'、'.join(sorted(strange))}")
    return codes


def _rung(row: Row, codes: Mapping[str, Mapping[str, str]]) -> Asked:
    asked = Asked(row.text("field"), row.text("label"))
    asked = replace(asked, codes=codes.get(asked.field, {}))
    row.close()
    if asked.field not in FIELDS:
        raise row.wrong(f"没有这样的字段 {asked.field}")
    return asked
