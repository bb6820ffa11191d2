"""What a counter does every day, in a few words: applications as customers bring them, and stages as they go by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from desktop.domain.field import samples
from desktop.domain.material import Mark, Way, needed, promise_paper
from desktop.domain.survey import blank, checklist
from desktop.usecases.approving import agree, submit_scheme
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.contracting import approve_template, draw_up, print_contract
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.intake import Accepted, Application, MaterialMark, accept, process_of
from desktop.usecases.signing import sign_customer, sign_ours
from desktop.usecases.staffing import clerks
from desktop.usecases.weighing import weigh

LOW_VOLTAGE, HIGH = "low_voltage_new", "high_voltage_single"
CUSTOMER = {"signer": "才让多杰", "capacity": "法定代表人", "copies": "2"}
OURS = {"signer": "示范甲", "capacity": "负责人"}
AGENT = {"signer": "马海英", "capacity": "授权代理人", "poa_number": "SQ-2026-001", "poa_from": "2026-11-01",
         "poa_until": "2027-10-31"}


def answers(desk: Desk, **said: Any) -> dict[str, Any]:
    """A complete application of the sample customer, with what this one says otherwise."""
    process = process_of(desk, LOW_VOLTAGE)
    known = dict(samples(process.fields))
    for name in ("yx_application", "yx_account", "yx_contract"):
        known.pop(name, None)
    dates = {name: day for name, day in of_today(desk.today).items() if name in process.fields}
    return {**known, **dates, **said}


def of_today(today: date) -> dict[str, str]:
    """The dates that an application brought today can have."""
    return {"wanted_on": str(today + timedelta(days=20)), "poa_from": str(today - timedelta(days=20)),
            "poa_until": str(today + timedelta(days=340))}


def application(desk: Desk, *, lacking: tuple[str, ...] = (), way: str = Way.NORMAL, applied_on: date | None = None,
                **said: Any) -> Application:
    """An application with all its papers but those `lacking`."""
    process = process_of(desk, LOW_VOLTAGE)
    given = answers(desk, **said)
    codes = [paper.code for paper in needed(process.materials, given)]
    promise = promise_paper(process.materials)
    if way != Way.NORMAL and promise is not None:
        codes.append(promise.code)
    marks = {code: MaterialMark(Mark.MISSING if code in lacking else Mark.RECEIVED) for code in codes}
    return Application(LOW_VOLTAGE, given, marks, way, applied_on)


def accepted_case(desk: Desk, **said: Any) -> Accepted:
    return accept(desk, application(desk, **said))


def stage_facts(desk: Desk, stage: str, **said: Any) -> dict[str, Any]:
    """What a stage asks, answered with samples; what was done was done today, and how long a scheme stands is left to
    the rule."""
    place = process_of(desk, LOW_VOLTAGE).stage(stage)
    was_done = {name: str(desk.today) for name in place.fields if name.endswith("_on")}
    asked = [name for name in place.fields if name != "scheme_valid_until"]
    return {**samples(asked), **was_done, **said}


def done(desk: Desk, number: str, *stages: str, on: date | None = None, facts: Mapping[str, Any] | None = None) -> None:
    """Finish the stages one after another."""
    for stage in stages:
        said = stage_facts(desk, stage)
        given = {**said, **own_meter(said, number), **(facts or {})}
        if stage == "S04":
            agreed(desk, number, given)
        record(desk, number, stage, "done", given, claimed_on=on)


def colleague(desk: Desk, post: str) -> Desk:
    """The same hall served by somebody of that post, who is taken on if there is none."""
    found = next((clerk for clerk in clerks(desk) if clerk.post == post and clerk != desk.clerk), None)
    return desk.served_by(found or add_clerk(desk, f"9{len(clerks(desk)):03}", f"示范{post[0]}", post))


def agreed(desk: Desk, number: str, facts: Mapping[str, Any]) -> None:
    """A scheme that no rule lets through is put before those who must agree, and they do."""
    failed = any(verdict.result == "不符" for verdict in weigh(desk, number, facts))
    if not failed and not _is_high(desk, number, facts):
        return
    for asked in submit_scheme(desk, number, facts).asked:
        if asked.post:
            agree(colleague(desk, asked.post), number)


def _is_high(desk: Desk, number: str, facts: Mapping[str, Any]) -> bool:
    voltage = facts.get("voltage") or case(desk, number).answers.get("voltage", "")
    return str(voltage).endswith("kV")


def full_survey(desk: Desk, number: str, **said: Any) -> dict[str, Any]:
    """A survey at which everything was as applied for."""
    view = case(desk, number)
    rows = blank(checklist(desk.rules_of(view.process.release).surveys, view.process.group, view.answers))
    return {"survey_on": str(desk.today), "survey_by": "李建军", "survey_ready": "具备供电条件",
            "survey_result": "可以供电", "survey_items": [{**row, "answer": "符合"} for row in rows], **said}


def own_meter(said: Mapping[str, Any], number: str) -> dict[str, str]:
    """Serials that no other case has: a meter and its transformers hang in one place only."""
    own = number[2:].replace("-", "")
    serials = {"meter_number": f"63{own}", "ct_numbers": f"CT{own}1、CT{own}2", "pt_numbers": f"PT{own}"}
    return {name: serial for name, serial in serials.items() if name in said}


def answered_case(desk: Desk, **said: Any) -> str:
    """A case whose 供电方案 was answered: its number."""
    number = accepted_case(desk, **said).case_number
    done(desk, number, "S04")
    return number


def printed(desk: Desk, **said: Any) -> str:
    """A contract that waits to be signed: its key."""
    key = draw_up(desk, answered_case(desk, **said)).row.key
    print_contract(desk, key)
    return key


def approved(desk: Desk) -> None:
    """Somebody answers for the low-voltage text."""
    approve_template(desk, "low_voltage", "示范法务", desk.today)


def signed(desk: Desk) -> str:
    """A contract that both have signed today: its key."""
    approved(desk)
    key = printed(desk)
    sign_customer(desk, key, CUSTOMER, desk.today)
    sign_ours(desk, key, OURS, desk.today)
    return key


def high_case(desk: Desk, kind: str = HIGH, **said: Any) -> str:
    """A high-voltage application, surveyed: its number."""
    process = desk.catalog.processes[kind]
    sample = samples(process.fields)
    given = {name: value for name, value in sample.items() if not name.startswith(("yx_", "poa", "agent"))}
    given |= {"voltage": "10kV", "wanted_on": "2026-12-20", **said}
    marks = {paper.code: MaterialMark(Mark.RECEIVED) for paper in needed(process.materials, given)}
    number = accept(desk, Application(kind, given, marks)).case_number
    record(desk, number, "S03", "done", full_survey(desk, number))
    return number


def high_scheme(desk: Desk, **said: Any) -> dict[str, Any]:
    return {**samples(desk.catalog.processes[HIGH].stage("S04").fields), "voltage": "10kV", "metering_mode": "高供高计",
            "scheme_valid_until": "", **said}
