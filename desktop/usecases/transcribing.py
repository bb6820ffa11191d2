"""Copying a case into another system by hand (照录), field by field in that system's order, and noting the number
that it gives.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.ladder import Rung, completed, rungs
from desktop.errors import Refusal
from desktop.usecases.acting import act
from desktop.usecases.casework import OUTSIDE, case_row, process_for, set_outside_numbers
from desktop.usecases.desk import Desk

HERE_ONLY = OUTSIDE  # what that system gives is not copied into it


@dataclass(frozen=True)
class Ladder:
    """A case's steps. `number_label` is what the other system calls the number it gives, `noted` what is kept of it;
    `verified`: somebody has compared the order with that system."""

    case_number: str
    customer: str
    system: str
    steps: tuple[Rung, ...]
    number_label: str
    noted: str
    verified: bool


def ladder_of(desk: Desk, case_number: str) -> Ladder:
    """The steps of a case; refused if there is none of that number."""
    told = desk.catalog.ladders
    with desk.db.read() as session:
        kept = case_row(session, case_number)
        answers = {**kept.answers, "yx_account": kept.yx_account or kept.answers.get("yx_account", "")}
        process = process_for(desk, kept)
        asked = completed(told.of(process.id, process.subject), process.fields, HERE_ONLY)
        steps = rungs(asked, answers)
        return Ladder(kept.number, str(answers.get("customer_name", "")), told.system, steps, told.number_label,
                      getattr(kept, told.number_field), told.basis.verified)


def note_copying(desk: Desk, case_number: str, reason: str = "") -> None:
    """Keep in the case's log that its data were copied whole, as they are for whoever pastes them; `reason`: why they
    were written out, where nobody saw them field by field."""
    with act(desk, "copy_out") as doing:
        case = case_row(doing.session, case_number)
        why = {"reason": reason} if reason else {}
        doing.note("case", case.id, "copied_out", facts={"system": desk.catalog.ladders.system, **why})


def note_reveal(desk: Desk, case_number: str, reason: str) -> None:
    """Keep in the case's log that its numbers of papers and phones were written out whole, and why; refused without
    a reason."""
    if not reason.strip():
        raise Refusal("请写明为什么要写全证件号码和电话，如“客户另办一处新装”。", "reason")
    with act(desk, "reveal") as doing:
        case = case_row(doing.session, case_number)
        doing.note("case", case.id, "revealed", facts={"reason": reason.strip()})


def note_number(desk: Desk, case_number: str, number: str) -> str:
    """Keep the number that the other system gave; refused as any number of it."""
    field = desk.catalog.ladders.number_field
    return set_outside_numbers(desk, case_number, {field: number.strip()})[field]
