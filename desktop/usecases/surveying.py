"""The survey on site: when and by whom it is appointed, and the checklist that the form begins with."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from desktop.domain.caselog import LogEntry
from desktop.domain.kind import Rows
from desktop.domain.process import Process
from desktop.domain.survey import blank, checklist, survey_stage
from desktop.errors import Refusal
from desktop.usecases.acting import AlreadyDone, act
from desktop.usecases.casework import append, case_row, log_of, process_for, refuse_closed
from desktop.usecases.desk import Desk

APPOINTED = "survey_appointed"


def appoint_survey(desk: Desk, number: str, on: date, by: str, *, note: str = "",
                   request_id: str | None = None) -> None:
    """Agree with the customer on the day of the survey and name the surveyors; a later appointment replaces it.

    Refused for a day that is past, without a surveyor, or where the case has no survey or is closed.
    """
    with suppress(AlreadyDone), act(desk, "appoint_survey", request_id) as doing:
        case = case_row(doing.session, number)
        process = process_for(desk, case)
        place = survey_stage(process)
        if place is None:
            raise Refusal(f"{process.name}没有现场勘查。", "stage")
        refuse_closed(case, "再预约勘查")
        if on < doing.today:
            raise Refusal("预约日期已经过去，请改为今天或以后。", "on")
        if not by.strip():
            raise Refusal("请写明勘查人。", "by")
        append(doing, desk, case, process, APPOINTED, stage=place.id,
               facts={"on": on.isoformat(), "by": by.strip(), "note": note.strip()})


def appointment(log: tuple[LogEntry, ...]) -> Mapping[str, str] | None:
    """The appointment that stands: on, by, note; None where there is none."""
    return next((entry.facts for entry in reversed(log) if entry.what == APPOINTED), None)


def blank_checklist(desk: Desk, process: Process, answers: Mapping[str, Any]) -> Rows:
    """The questions of this case, without answers."""
    return blank(checklist(desk.rules_of(process.release).surveys, process.group, answers))


def checklist_of(desk: Desk, number: str) -> Rows:
    """The questions of this case as it stands, with what an earlier survey found of them: what its form begins with."""
    with desk.db.read() as session:
        case = case_row(session, number)
        found = next((entry.facts["survey_items"] for entry in reversed(log_of(session, case.id))
                      if entry.facts.get("survey_items")), ())
        told = {row["item"]: row for row in found}
        return [told.get(row["item"], row) for row in blank_checklist(desk, process_for(desk, case), case.answers)]
