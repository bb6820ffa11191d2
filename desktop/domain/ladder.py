"""A ladder of fields: what another system asks one after the other, with what this case answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.domain.field import FIELDS, show
from desktop.domain.kind import Rows


@dataclass(frozen=True)
class Asked:
    """One thing that the other system asks: our field, and what it is called there."""

    field: str
    label: str


@dataclass(frozen=True)
class Rung:
    """One step: what to copy, and how it may be shown on a screen that others see."""

    field: str
    label: str
    value: str
    shown: str


def rungs(asked: tuple[Asked, ...], answers: Mapping[str, object]) -> tuple[Rung, ...]:
    """The steps that this case has an answer for, in the other system's order; a list becomes lines with tabs, as a
    table takes them."""
    return tuple(_rung(each, answers[each.field]) for each in asked if answers.get(each.field))


def _rung(asked: Asked, answer: object) -> Rung:
    if isinstance(answer, list):
        return Rung(asked.field, asked.label, _table(asked.field, answer), f"{len(answer)} 行")
    value = str(answer)
    shown = show(asked.field, value, masked=True) if FIELDS[asked.field].masked else value
    return Rung(asked.field, asked.label, value, shown)


def _table(field: str, rows: Rows) -> str:
    columns = FIELDS[field].columns
    return "\n".join("\t".join(row.get(column.name, "") for column in columns) for row in rows)
