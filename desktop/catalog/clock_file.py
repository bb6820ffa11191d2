"""How days are counted, read from clock.toml: the rule of each reading of a day, the hall's hours, who may pause."""

from __future__ import annotations

from datetime import time
from types import MappingProxyType

from desktop.catalog.row import Row
from desktop.domain.calendar import Conventions
from desktop.domain.clock import ClockRules, Reading, Rule


def read_clock(row: Row) -> ClockRules:
    """The customs of counting. ValueError names what is wrong; each reading of a day must have its rule."""
    conventions = Conventions(_time(row, "opening"), _time(row, "closing"), row.flag("late_starts_next_day"))
    rules = dict(_rule(each) for each in row.rows("rule"))
    if missing := [reading for reading in Reading if reading not in rules]:
        raise row.wrong(f"没有写明怎么数：{'、'.join(missing)}")
    if conventions.closing <= conventions.opening:
        raise row.wrong("closing 应晚于 opening")
    made = ClockRules(
        rules=MappingProxyType(rules), conventions=conventions, pause_posts=row.texts("pause_posts"),
        evidence_required=row.flag("evidence_required"), late_entry_days=row.number("late_entry_days"),
        basis=row.basis())
    row.close()
    return made


def _rule(row: Row) -> tuple[Reading, Rule]:
    name = row.text("reading")
    if name not in list(Reading):
        raise row.wrong(f"reading 是 {'、'.join(Reading)} 之一")
    rule = Rule(row.text("text"), row.basis())
    row.close()
    return Reading(name), rule


def _time(row: Row, key: str) -> time:
    try:
        return time.fromisoformat(row.text(key))
    except ValueError:
        raise row.wrong(f"{key} 应写成 08:30 的样子") from None
