"""Corrections of an accepted application: what may be corrected until when, and what was said before.

The survey finds other equipment, the customer asks for another capacity: the answers follow, each with what it was, why
and at whose word. All of it stands in the case's log, so that the application reads as it was accepted, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.domain.basis import Basis
from desktop.domain.caselog import LogEntry, Track, What, standing
from desktop.domain.field import FIELDS
from desktop.domain.process import Process
from desktop.domain.scheme import Change, changes
from desktop.errors import Missing


@dataclass(frozen=True)
class Correctable:
    """Answers that may be corrected as long as none of the stages `before` is done, and by whose word."""

    id: str
    name: str
    fields: tuple[str, ...]
    before: tuple[str, ...]
    asked_by: tuple[str, ...]
    basis: Basis

    def ends_with(self, process: Process) -> str:
        """The stage with which it is too late: the first of `before` that this kind has, else the connection."""
        return next((stage for stage in self.before if stage in process.stage_by_id), process.energised_by)


@dataclass(frozen=True)
class Correction:
    """One correction as the log has it."""

    on: date
    clerk: str
    asked_by: str
    reason: str
    changes: tuple[Change, ...]


def open_fields(rows: Sequence[Correctable], process: Process, track: Track, day: date) -> dict[str, Correctable]:
    """Every answer of this kind that may be corrected now, with the row that says so."""
    return {name: row for row in rows if row.basis.holds_on(day) and _is_open(row, process, track)
            for name in row.fields if name in process.fields}


def _is_open(row: Correctable, process: Process, track: Track) -> bool:
    return track.closed_on is None and track.runs[row.ends_with(process)].done_on is None


def closed_fault(rows: Sequence[Correctable], process: Process, name: str) -> Missing:
    """Why this answer cannot be corrected."""
    label = FIELDS[name].label if name in FIELDS else name
    row = next((each for each in rows if name in each.fields), None)
    if name not in process.fields:
        return Missing(f"“{process.name}”的申请里没有“{label}”", name)
    if row is None:
        return Missing(f"“{label}”受理以后不能更正：填错的请终止这张工单，用作新件重新受理", name)
    stage = process.stage(row.ends_with(process)).name
    return Missing(f"{stage}已经完成，“{label}”不能再更正：需求有变的请先变更供电方案，变更后即可更正", name)


def corrections(log: Sequence[LogEntry]) -> tuple[Correction, ...]:
    """All corrections of an application, the first first."""
    return tuple(Correction(entry.claimed_on, entry.clerk_name, str(entry.facts.get("asked_by", "")),
                            str(entry.facts.get("reason", "")), changes(entry.facts["before"], entry.facts["after"]))
                 for entry in standing(log) if entry.what == What.CORRECTED)


def first_said(answers: Mapping[str, Any], log: Sequence[LogEntry]) -> dict[str, Any]:
    """The application as it was accepted, from what it says now and what was corrected since."""
    said = dict(answers)
    for entry in reversed(standing(log)):
        if entry.what == What.CORRECTED:
            said.update(entry.facts["before"])
    return {name: value for name, value in said.items() if value not in ("", None, [])}


def corrected_since(log: Sequence[LogEntry], name: str, seq: int) -> bool:
    """Whether this answer was corrected after the entry of that number."""
    return any(entry.what == What.CORRECTED and entry.seq > seq and name in entry.facts["after"] for entry in log)
