"""A ladder of fields: what another system asks one after the other, with what this case answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from desktop.domain.field import FIELDS, show
from desktop.domain.kind import Rows


@dataclass(frozen=True)
class Asked:
    """One thing that the other system asks: our field, and what it is called there. `codes`: how it writes the
    answers of a list, where it takes codes."""

    field: str
    label: str
    codes: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Rung:
    """One step: what to copy, and how it may be shown on a screen that others see; `code` may be copied instead."""

    field: str
    label: str
    value: str
    shown: str
    code: str = ""

    @property
    def masked(self) -> bool:
        """Whether the screen shows less than what is copied."""
        return FIELDS[self.field].masked


def completed(asked: tuple[Asked, ...], fields: Sequence[str], left_out: Collection[str]) -> tuple[Asked, ...]:
    """The steps of a list, and after them what else a kind's form asks, in its order: a kind that nobody has written a
    list for can be copied, too."""
    listed = {each.field for each in asked}
    more = (name for name in fields if name not in listed and name not in left_out)
    return (*asked, *(Asked(name, FIELDS[name].label) for name in more))


def rungs(asked: tuple[Asked, ...], answers: Mapping[str, object]) -> tuple[Rung, ...]:
    """The steps that this case has an answer for, in the other system's order; a list becomes lines with tabs, as a
    table takes them."""
    return tuple(_rung(each, answers[each.field]) for each in asked if answers.get(each.field))


def _rung(asked: Asked, answer: object) -> Rung:
    if isinstance(answer, list):
        return Rung(asked.field, asked.label, _table(asked.field, answer), f"{len(answer)} 行")
    value = str(answer)
    shown = show(asked.field, value, masked=True) if FIELDS[asked.field].masked else value
    code = asked.codes.get(value, "")
    return Rung(asked.field, asked.label, value, f"{shown}（代码 {code}）" if code else shown, code)


def _table(field: str, rows: Rows) -> str:
    columns = FIELDS[field].columns
    return "\n".join("\t".join(row.get(column.name, "") for column in columns) for row in rows)
