"""Acceptance (受理): what is still missing, which dates are promised, and the one act that takes an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from db.cases import Case
from desktop.domain.acceptance import contradictions
from desktop.domain.card import CARD_FACT, vouched
from desktop.domain.caselog import What
from desktop.domain.deadline import Promise, counting, promises, told_label
from desktop.domain.field import check, tidy
from desktop.domain.field import field as described
from desktop.domain.identity import id_faults
from desktop.domain.kind import has_picture, refuse_strange
from desktop.domain.material import Demand, Way, missing, ways
from desktop.domain.notice import notices
from desktop.domain.process import Process
from desktop.domain.rule import Broken
from desktop.errors import Missing, Refusal, Trouble
from desktop.usecases import changing
from desktop.usecases.acting import Act, AlreadyDone, act
from desktop.usecases.desk import Desk
from desktop.usecases.intake_keeping import NewCase, keep_case
from desktop.usecases.intake_materials import MaterialMark as MaterialMark
from desktop.usecases.intake_materials import MaterialView as MaterialView
from desktop.usecases.intake_materials import (
    checklist,
    found_papers,
    keep_files,
    kinds_of,
    material_row,
    odd_promises,
    taken_over_offers,
    with_offers,
    wrong_papers,
)
from desktop.usecases.intake_papers import make_intake_papers
from desktop.usecases.papering import PaperView, papers_of
from desktop.usecases.recognising import Alike, alikes


@dataclass(frozen=True)
class Application:
    """An application as it stands in the form. `applied_on` is the day the customer came, at the latest today;
    `card`: what an identity card said when a device read it, by field."""

    kind: str
    answers: Mapping[str, Any]
    materials: Mapping[str, MaterialMark] = field(default_factory=dict)
    way: str = Way.NORMAL
    applied_on: date | None = None
    customer_id: int | None = None
    card: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PromiseView:
    """A date promised to the customer, counted in working days; `note` says what is not counted."""

    label: str
    days: int
    due: date
    provisional: bool
    note: str
    basis: str
    mark: str = ""  # 已核验 or 待核验; empty for one that was promised before this was kept

    @property
    def told(self) -> str:
        """Its label among promises that leave out the customer's stages."""
        return told_label(self.label, self.note)


@dataclass(frozen=True)
class Assessment:
    """What the form's right side shows while it is being filled; `notices` look odd and forbid nothing."""

    missing: tuple[Missing, ...]
    faults: Mapping[str, str]
    materials: tuple[MaterialView, ...]
    blocking: tuple[Missing, ...]
    promises: tuple[PromiseView, ...]
    similar: tuple[Alike, ...]
    ways: tuple[str, ...]
    notices: tuple[Missing, ...] = ()
    counting: str = ""  # how the promised days are counted, in words; empty where nothing is promised

    @property
    def can_accept(self) -> bool:
        return not (self.missing or self.faults or self.blocking)


@dataclass(frozen=True)
class Accepted:
    """An application that was taken (or refused): its number, its promised dates, its printed papers.

    `paper_trouble`: why a paper could not be made, though the case is kept; `make_intake_papers` makes it later.
    `notices`: what looks odd in what was said, for the clerk to ask about.
    """

    case_number: str
    case_id: int
    promises: tuple[PromiseView, ...]
    papers: tuple[PaperView, ...]
    paper_trouble: str = ""
    notices: tuple[Missing, ...] = ()


def assess(desk: Desk, application: Application) -> Assessment:
    """Everything that the clerk should know of an unfinished application; changes nothing.

    Refused where no calendar covers the promised dates.
    """
    process = process_of(desk, application.kind, application.applied_on)
    marks = {code: mark.state for code, mark in application.materials.items()}
    possible = ways(process.materials, application.answers, marks)
    found = _findings(desk, process, application)
    return replace(found, similar=alikes(desk, application), ways=tuple(str(way) for way in possible),
                   materials=with_offers(desk, process, application, found.materials))


def _findings(desk: Desk, process: Process, application: Application) -> Assessment:
    answers = application.answers
    day = application.applied_on or desk.today
    marks = {code: mark.state for code, mark in application.materials.items()}
    term = process.promise_gate.days if process.promise_gate else 0
    absent = missing(process.materials, answers, marks, Way(application.way), day, desk.catalog.calendar, term)
    rules, strange = _rules(desk, process, answers, day)
    faults = _faults(process, answers) | changing.asked_about(process, rules) | strange
    promised = promises(process, _begins(desk, day), desk.catalog.calendar, answers)
    return Assessment(
        missing=_unfilled(process, answers), faults=contradictions(process, answers, day) | faults,
        materials=checklist(process, application, absent, kinds_of(desk, process)),
        blocking=(*(Missing(paper.sentence, f"material:{paper.material.code}") for paper in absent if paper.blocks),
                  *wrong_papers(desk, process, application), *odd_promises(application, absent, day)),
        promises=tuple(map(_promised, promised)), counting=_counting(desk, day, promised),
        similar=(), ways=(), notices=(*changing.hints(rules), *_notices(desk, answers, faults)),
    )


def _rules(desk: Desk, process: Process, answers: Mapping[str, Any],
           day: date) -> tuple[tuple[Broken, ...], dict[str, str]]:
    """What the kind's own rules find, and what is wrong with the account that the application is about."""
    if not process.rules and not changing.begins_from_account(process):
        return (), {}
    with desk.db.read() as session:
        return (changing.findings(session, desk, process, answers, day),
                changing.stranger(session, process, answers))


def _begins(desk: Desk, day: date) -> date:
    """From which day the promised dates are counted; what came on an earlier day is taken to have come in good time."""
    calendar = desk.catalog.calendar
    return calendar.begins(desk.now if day == desk.today else datetime.combine(day, calendar.conventions.opening))


def _counting(desk: Desk, day: date, promised: tuple[Promise, ...]) -> str:
    last = max((each.due for each in promised), default=None)
    return counting(day, _begins(desk, day), last, desk.catalog.calendar) if last else ""


def _notices(desk: Desk, answers: Mapping[str, Any], faults: Mapping[str, str]) -> tuple[Missing, ...]:
    """What looks odd, once every value can be read at all."""
    if faults:
        return ()
    return tuple(Missing(sentence, name) for name, sentence in notices(answers, desk.catalog.voltages))


def process_of(desk: Desk, kind: str, on: date | None = None) -> Process:
    """The process of that id, name, short name or pad number (empty: the usual one) as it is for who applies `on` that
    day (None: today); refused where there is none, or it is not taken on that day."""
    day = on or desk.today
    return desk.catalog.kind_taken(kind, day).on(day)


def tidied(process: Process, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers in the shape they are kept: half-width codes, ISO dates, names letter for letter; blanks left out."""
    refuse_strange(process.fields, answers)
    given = ((name, answers.get(name, process.presets.get(name))) for name in process.fields)
    return {name: tidy(name, value) if isinstance(value, str) else value for name, value in given if value}


def _unfilled(process: Process, answers: Mapping[str, Any]) -> tuple[Missing, ...]:
    empty = [name for name in process.required(answers) if not answers.get(name)]
    return tuple(Missing(f"请填写{described(name).label}", name) for name in empty)


def _faults(process: Process, answers: Mapping[str, Any]) -> dict[str, str]:
    """What is malformed. The customer's number is checked as what its paper is said to be."""
    kinds = [name for name in process.fields if name != "customer_id"]
    found = {name: fault for name in kinds if (value := answers.get(name)) and (fault := check(name, value))}
    wrong = id_faults(str(answers.get("customer_id_kind", "")), str(answers.get("customer_id", "")))
    return found | ({"customer_id": f"用电人“{described('customer_id').label}”有误：{wrong}"} if wrong else {})


def accept(desk: Desk, application: Application, *, request_id: str | None = None) -> Accepted:
    """Take the application: customer, account, case, papers and log in one transaction; then print its papers.

    Refuses what is missing or malformed, naming each field; a repeated `request_id` gives the first one's case.
    """
    process = process_of(desk, application.kind, application.applied_on)
    if application.way == Way.REFUSED:
        raise Refusal("不受理的申请不能按受理登记，请按“不予受理”办理并写明原因。", "way")
    application, found = _ready(desk, process, application)
    try:
        with act(desk, "accept", request_id) as doing:
            kept = _keep(desk, doing, process, application, found, {What.ACCEPTED: _proof(application)})
    except AlreadyDone as done:
        return accepted(desk, done.result)
    return _with_papers(desk, kept)


def decline(desk: Desk, application: Application, reason: str, *, request_id: str | None = None) -> Accepted:
    """Refuse the application (不受理), with reason: kept as an ended case, and the 一次性告知书 is made."""
    process = process_of(desk, application.kind, application.applied_on)
    if not reason.strip():
        raise Refusal("请写明不受理的原因，它会印在一次性告知书上。", "reason")
    if has_picture(reason):
        raise Refusal("不受理的原因里有表情符号，一次性告知书上印不出来，请删去。", "reason")
    application = replace(_tidied(desk, process, application), way=Way.REFUSED)
    if not application.answers.get("customer_name"):
        raise Refusal("请填写户名，一次性告知书要写明给谁。", "customer_name")
    try:
        with act(desk, "decline", request_id) as doing:
            refused = {"reason": "不予受理", "explanation": reason.strip()}
            deeds = {What.ACCEPTED: _proof(application), What.ENDED: refused}
            kept = _keep(desk, doing, process, application, _findings(desk, process, application), deeds)
    except AlreadyDone as done:
        return accepted(desk, done.result)
    return _with_papers(desk, kept)


def _proof(application: Application) -> dict[str, Any]:
    """Which answers an identity card vouches for, as it was read by a device and changed by nobody since."""
    fields = vouched(application.answers, application.card)
    return {CARD_FACT: list(fields)} if fields else {}


def _keep(desk: Desk, doing: Act, process: Process, application: Application, found: Assessment,
          deeds: Mapping[What, dict[str, Any]]) -> Accepted:
    """Write it all; what is kept of the promises and the papers is what was just assessed."""
    day = application.applied_on or doing.today
    if What.ENDED not in deeds:
        changing.refuse_broken(doing.session, desk, process, application.answers, day)
    deeds[What.ACCEPTED].update({name: said for name in process.deciding if (said := application.answers.get(name))})
    deeds[What.ACCEPTED].update(changing.snapshot(doing.session, desk, process, application.answers))
    deeds[What.ACCEPTED].update(found_papers(desk, process, application))
    taken = taken_over_offers(desk, process, application)
    case_id, number = keep_case(doing, NewCase(
        process, desk.catalog.release, desk.catalog.calendar, application.answers, str(application.way), day,
        application.customer_id, [_kept(promise) for promise in found.promises],
        [material_row(line, day) for line in found.materials if line.demand != Demand.NOT_NEEDED]), deeds)
    keep_files(desk, doing, case_id, application, taken)
    doing.result = number
    return Accepted(number, case_id, found.promises, (), notices=found.notices)


def _with_papers(desk: Desk, kept: Accepted) -> Accepted:
    """The case is kept by now: a paper that cannot be made is told of, and never undoes it."""
    try:
        return replace(kept, papers=make_intake_papers(desk, kept.case_number))
    except (Refusal, Trouble) as why:
        return replace(kept, paper_trouble=str(why))


def _tidied(desk: Desk, process: Process, application: Application) -> Application:
    day = application.applied_on or desk.today
    if day > desk.today:
        raise Refusal(f"申请日期 {day.isoformat()} 在今天之后，请改为客户来办理的那一天。", "applied_on")
    return replace(application, answers=tidied(process, application.answers), applied_on=day)


def _ready(desk: Desk, process: Process, application: Application) -> tuple[Application, Assessment]:
    ready = _tidied(desk, process, application)
    found = _findings(desk, process, ready)
    if not found.can_accept:
        faults = tuple(Missing(sentence, name) for name, sentence in found.faults.items())
        head = "还不能受理：" if faults else "还不能受理，请先补齐："  # what a rule forbids cannot be filled up
        raise Refusal(head, missing=(*found.missing, *faults, *found.blocking))
    return ready, found


def told_promises(desk: Desk, process: Process, day: date, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is promised of an application of that day, as a case keeps it. Refused where no calendar reaches."""
    return [_kept(_promised(each)) for each in promises(process, day, desk.catalog.calendar, answers)]


def promised_again(desk: Desk, process: Process, accepted_at: datetime, applied_on: date, before: Mapping[str, Any],
                   after: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """What is promised of an accepted application whose answers become `after`; None where that changes no date."""
    calendar = desk.rules_of(process.release).calendar
    same_day = accepted_at.date() == applied_on
    begins = calendar.begins(
        accepted_at if same_day else datetime.combine(applied_on, calendar.conventions.opening))
    was, now = (promises(process, begins, calendar, answers) for answers in (before, after))
    return None if was == now else [_kept(_promised(each)) for each in now]


def _promised(promise: Promise) -> PromiseView:
    return PromiseView(promise.label, promise.days, promise.due, promise.provisional, promise.note, promise.basis.text,
                       promise.basis.mark)


def _kept(promise: PromiseView) -> dict[str, Any]:
    return {**vars(promise), "due": promise.due.isoformat()}


def kept_promises(kept: Sequence[Mapping[str, Any]]) -> tuple[PromiseView, ...]:
    """The promises of a case as they were made, read back."""
    return tuple(PromiseView(
        p["label"], p["days"], date.fromisoformat(p["due"]), p["provisional"], p["note"], p["basis"],
        p.get("mark", "")) for p in kept)


def accepted(desk: Desk, case_number: str) -> Accepted:
    """What an accepted case promised and printed, read back from what is kept."""
    with desk.db.read() as session:
        row = session.execute(select(Case.id, Case.promises).where(Case.number == case_number)).one()
        papers = papers_of(session, "case", row.id)
    return Accepted(case_number, row.id, kept_promises(row.promises), papers)
