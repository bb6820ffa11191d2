"""Weighing a scheme while it is typed: what the rules say of it, what the load proposes, what the site differs in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.catalog.release import Catalog
from desktop.domain.field import FIELDS, check, tidy, told
from desktop.domain.kind import refuse_strange
from desktop.domain.proposal import Proposed, proposal
from desktop.domain.survey import Difference, checklist, differences, holes
from desktop.domain.verdict import Verdict
from desktop.errors import Missing, Refusal
from desktop.usecases.casework import case_row, log_of, process_for
from desktop.usecases.desk import Desk
from desktop.usecases.scheme_keeping import known_of, more_than_applied, weighed


def weigh(desk: Desk, number: str, facts: Mapping[str, Any]) -> tuple[Verdict, ...]:
    """Every rule's word on the scheme as it would be with `facts` written over application and survey."""
    rules, known = weighed_by(desk, number, facts)
    return weighed(rules, known, desk.today)


def stated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be weighed, in the shape it is kept; refused where a value could not be answered at all, as the
    scheme's stage refuses it."""
    refuse_strange(FIELDS, facts)
    given = {name: tidy(name, value) if isinstance(value, str) else value for name, value in facts.items()}
    wrong = tuple(Missing(told(name, fault), name) for name, value in given.items()
                  if value not in ("", None, []) and (fault := check(name, value)))
    if wrong:
        raise Refusal("方案有填错的内容，请改正：", wrong[0].field, wrong)
    return given


def unanswerable(desk: Desk, number: str, facts: Mapping[str, Any]) -> tuple[Missing, ...]:
    """What keeps the scheme from being answered whatever the posts say: more than was applied for."""
    with desk.db.read() as session:
        return more_than_applied(case_row(session, number).answers, facts)


def propose(desk: Desk, number: str, facts: Mapping[str, Any]) -> tuple[Proposed, ...]:
    """Voltage, capacity, metering, CT ratio and power factor as they follow from the load, each with its reason."""
    rules, known = weighed_by(desk, number, facts)
    return proposal(known, rules.schemes.on(desk.today), rules.voltages)


def survey_found(desk: Desk, number: str,
                 facts: Mapping[str, Any]) -> tuple[tuple[Difference, ...], tuple[Missing, ...]]:
    """In what the equipment on site differs from the application, and what the survey still leaves open."""
    with desk.db.read() as session:
        case = case_row(session, number)
        process, answers = process_for(desk, case), dict(case.answers)
    known = {**answers, **facts}
    asked = checklist(desk.rules_of(process.release).surveys, process.group, known)
    return differences(answers.get("loads") or [], facts.get("survey_loads") or []), holes(asked, known)


def weighed_by(desk: Desk, number: str, facts: Mapping[str, Any]) -> tuple[Catalog, dict[str, Any]]:
    """The case's own rules, and all that its scheme is weighed by: application, survey, and `facts` over them."""
    with desk.db.read() as session:
        case = case_row(session, number)
        known = known_of(process_for(desk, case), case.answers, log_of(session, case.id), facts)
        return desk.rules_of(case.release), known
