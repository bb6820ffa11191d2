"""An accepted case as the beginning of a new application (用作新件): what lasts is taken over, what belongs to that one
day and matter is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from desktop.domain.field import FIELDS
from desktop.usecases.casework import OUTSIDE, case_row, process_for
from desktop.usecases.desk import Desk
from desktop.usecases.intake import Application

# numbers that another system gave, what was said of that one visit, and that day's power of attorney
OF_POWER = ("poa_number", "poa_from", "poa_until", "poa_signed")  # as long as the power lasts
NOT_COPIED = (*OUTSIDE, "note", "visits", "channel", "poa_number", "poa_signed")


def copy_of(desk: Desk, case_number: str) -> Application:
    """A new application of the same kind and customer, with the case's lasting answers.

    Not copied: the papers' marks, dates (but a power of attorney's term that still runs), numbers of 营销2.0, remarks,
    and what a card vouched for. Refused if there is no such case.
    """
    with desk.db.read() as session:
        kept = case_row(session, case_number)
        answers = _lasting(dict(kept.answers), desk.today)
        return Application(process_for(desk, kept).id, answers, customer_id=kept.customer_id)


def _lasting(answers: Mapping[str, Any], today: date) -> dict[str, Any]:
    runs = str(answers.get("poa_until", "")) >= today.isoformat()
    kept = {name: value for name, value in answers.items()
            if name in FIELDS and FIELDS[name].kind != "date" and name not in NOT_COPIED}
    if runs:
        kept |= {name: answers[name] for name in OF_POWER if name in answers}
    return kept
