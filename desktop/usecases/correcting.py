"""Correcting an accepted application: the answers become what the survey or the customer says, and what hangs on them
follows: papers that are asked, promised dates, the account that waits for its supply, the lists."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.cases import Case, CaseMaterial
from db.customers import Account
from desktop.domain.acceptance import contradictions
from desktop.domain.approval import last_round
from desktop.domain.caselog import LogEntry, What, fold
from desktop.domain.correction import Correctable, Correction, closed_fault, corrections, first_said, open_fields
from desktop.domain.field import FIELDS, check, field, tidy, told
from desktop.domain.kind import refuse_strange
from desktop.domain.material import HERE, Demand, Mark, Material, needed, needed_later
from desktop.domain.notice import notices
from desktop.domain.process import Process
from desktop.domain.scheme import scheme_stage
from desktop.errors import Missing, Refusal
from desktop.usecases import changing
from desktop.usecases.acting import Act, AlreadyDone, act
from desktop.usecases.casework import append, case_row, log_of, process_for, refuse_closed
from desktop.usecases.desk import Desk
from desktop.usecases.intake import promised_again

NEVER_ASKED = "不需"


@dataclass(frozen=True)
class Group:
    """Answers that are corrected together, and by whose word."""

    id: str
    name: str
    fields: tuple[str, ...]
    asked_by: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class Correctness:
    """What may be corrected of a case now, and what was corrected already.

    `said`: the answers as they stand, `first`: as they were accepted; `found`: the equipment that the survey listed.
    """

    groups: tuple[Group, ...]
    said: Mapping[str, Any]
    first: Mapping[str, Any]
    found: tuple[dict[str, str], ...]
    made: tuple[Correction, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """All answers that may be corrected now."""
        return tuple(name for group in self.groups for name in group.fields)


@dataclass(frozen=True)
class Corrected:
    """What a correction did: the papers now asked, the dates that became others, and what looks odd now."""

    correction: Correction
    papers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    notices: tuple[Missing, ...] = ()


def correctness(desk: Desk, number: str) -> Correctness:
    """What the clerk can correct of a case, and what was corrected already."""
    with desk.db.read() as session:
        case = case_row(session, number)
        process, log = process_for(desk, case), log_of(session, case.id)
        answers = dict(case.answers)
    held = _open(desk, process, log)
    groups = tuple(Group(row.id, row.name, tuple(name for name in row.fields if held.get(name) is row), row.asked_by,
                         f"{row.basis.text}，{row.basis.mark}") for row in dict.fromkeys(held.values()))
    found: list[dict[str, str]] = next(
        (entry.facts["survey_loads"] for entry in reversed(log) if entry.facts.get("survey_loads")), [])
    return Correctness(groups, answers, first_said(answers, log), tuple(found), corrections(log))


def _open(desk: Desk, process: Process, log: tuple[LogEntry, ...]) -> Mapping[str, Correctable]:
    return open_fields(desk.rules_of(process.release).corrections, process, fold(process, log), desk.today)


def correct(desk: Desk, number: str, change: Mapping[str, Any], *, reason: str, asked_by: str,
            claimed_on: date | None = None, request_id: str | None = None) -> Corrected:
    """Correct answers of an accepted application; an empty one is taken away. What was said before stays in the log.

    Refused where nothing changes, an answer may not be corrected (any more), the application would not have been taken
    so, as when another kind would be needed, or a scheme built on it is under approval.
    """
    made = Corrected(Correction(claimed_on or desk.today, "", asked_by, reason, ()))
    with suppress(AlreadyDone), act(desk, "correct", request_id) as doing:
        case = case_row(doing.session, number)
        process, log = process_for(desk, case), log_of(doing.session, case.id)
        day = claimed_on or doing.today
        _refuse_words(case, reason, day, doing.today)
        after = _wanted(desk, process, log, case, change, asked_by)
        before = {name: case.answers.get(name, "") for name in after}
        answers = {name: value for name, value in {**case.answers, **after}.items() if value not in ("", None, [])}
        _refuse_approval(process, log)
        _refuse_unfit(doing.session, desk, process, case, answers)
        papers, dates = _follow(doing, desk, process, case, answers)
        append(doing, desk, case, process, What.CORRECTED, stage=process.first.id, claimed_on=day, facts={
            "before": before, "after": after, "reason": reason.strip(), "asked_by": asked_by,
            "papers": papers, "dates": dates})
        ranges = desk.rules_of(process.release).voltages
        made = Corrected(corrections(log_of(doing.session, case.id))[-1], tuple(papers), tuple(dates), tuple(
            Missing(sentence, name) for name, sentence in notices(answers, ranges)))
    return made


def _refuse_words(case: Case, reason: str, day: date, today: date) -> None:
    refuse_closed(case, "再更正申请")
    if not reason.strip():
        raise Refusal("请写明更正的原因。", "reason")
    if not case.applied_on <= day <= today:
        raise Refusal("更正日期应在受理之后、今天之前（含今天）。", "claimed_on")


def _wanted(desk: Desk, process: Process, log: tuple[LogEntry, ...], case: Case, change: Mapping[str, Any],
            asked_by: str) -> dict[str, Any]:
    """The answers that really become others, tidied; refused where one may not, or none does."""
    refuse_strange(FIELDS, change)
    said = {name: tidy(name, value) if isinstance(value, str) else value for name, value in change.items()}
    after = {name: value or "" for name, value in said.items() if (value or "") != (case.answers.get(name) or "")}
    if not after:
        raise Refusal("没有要更正的内容：填的与申请里现在的一样。")
    held = _open(desk, process, log)
    closed = tuple(closed_fault(desk.rules_of(process.release).corrections, process, name)
                   for name in after if name not in held)
    if closed:
        raise Refusal("有的内容不能更正：", closed[0].field, closed)
    allowed = tuple(dict.fromkeys(word for name in after for word in held[name].asked_by))
    if any(asked_by not in held[name].asked_by for name in after):
        raise Refusal(f"请写明由谁提出：{'、'.join(allowed)}。", "asked_by")
    return after


def _refuse_approval(process: Process, log: tuple[LogEntry, ...]) -> None:
    """What is under approval, or agreed to, was weighed with the answers as they are."""
    stage = scheme_stage(process)
    last = last_round(process, log, stage.id) if stage else None
    if last is not None and (last.waits or last.joined) and any(each.post for each in last.asked):
        raise Refusal("供电方案正在审批或已审批通过，申请内容变了要重新审批：请先撤回审批，再更正。", "approval")


def _refuse_unfit(session: Session, desk: Desk, process: Process, case: Case, answers: Mapping[str, Any]) -> None:
    """Whether the application would have been taken as it now reads."""
    lacks = [Missing(f"请填写{field(name).label}", name) for name in process.required(answers) if not answers.get(name)]
    lacks += [Missing(told(name, wrong), name) for name in process.fields
              if (value := answers.get(name)) and (wrong := check(name, value))]
    changed = {name: wrong for name, wrong in contradictions(process, answers, case.applied_on).items()
               if answers.get(name) != case.answers.get(name)}
    lacks += [Missing(sentence, name) for name, sentence in changed.items()]
    rules = changing.findings(session, desk, process, answers, case.applied_on, case=case)
    lacks += [Missing(each.sentence, each.field or None) for each in rules if each.blocks]
    if lacks:
        raise Refusal("不能这样更正：", lacks[0].field, tuple(lacks))


def _follow(doing: Act, desk: Desk, process: Process, case: Case,
            answers: dict[str, Any]) -> tuple[list[str], list[str]]:
    """What hangs on the answers: papers newly asked and dates that became others, each in words."""
    papers = _ask_papers(doing, desk, process, case, answers)
    promises = promised_again(desk, process, case.accepted_at, case.applied_on, case.answers, answers)
    dates = [] if promises is None else _told_dates(case.promises, promises)
    if promises is not None:
        case.promises = promises
    case.answers = answers
    if not changing.begins_from_account(process):
        _follow_account(doing, case, answers)
    return papers, dates


def _ask_papers(doing: Act, desk: Desk, process: Process, case: Case, answers: Mapping[str, Any]) -> list[str]:
    """Papers that are asked now are listed as missing, by their term; those no longer asked and not given are not."""
    rows = {row.code: row for row in doing.session.scalars(
        select(CaseMaterial).where(CaseMaterial.case_id == case.id))}
    calendar = desk.rules_of(process.release).calendar
    wanted, before = _asked(process, answers), _asked(process, case.answers)
    new = [material for code, material in wanted.items() if code not in before and not _here(rows.get(code))]
    for material in new:
        due = calendar.add_workdays(doing.today, material.days) if material.days and not material.stage else None
        _list_paper(doing.session, case, rows.get(material.code), material, due)
    for code in before.keys() - wanted.keys():
        if not _here(row := rows.get(code)) and row is not None:
            row.demand, row.state, row.open = str(Demand.NOT_NEEDED), NEVER_ASKED, False
    return [material.name for material in new]


def _asked(process: Process, answers: Mapping[str, Any]) -> dict[str, Material]:
    return {m.code: m for m in (*needed(process.materials, answers), *needed_later(process.materials, answers))}


def _here(row: CaseMaterial | None) -> bool:
    return row is not None and row.state in HERE


def _list_paper(session: Session, case: Case, row: CaseMaterial | None, material: Material, due: date | None) -> None:
    """A paper that the application asks for only now holds the connection back until it comes."""
    values = {"demand": str(material.demand), "state": str(Mark.MISSING), "due_on": due, "stage": material.stage,
              "open": not material.stage}
    if row is None:
        session.execute(insert(CaseMaterial).values(
            case_id=case.id, code=material.code, name=material.name, supplier=material.supplied_by, **values))
        return
    for name, value in values.items():
        setattr(row, name, value)


def _told_dates(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    was = {each["label"]: each["due"] for each in before}
    return [f"{each['label']}：{was.get(each['label'], '原来没有')} → {each['due']}" for each in after
            if was.get(each["label"]) != each["due"]]


def _follow_account(doing: Act, case: Case, answers: Mapping[str, Any]) -> None:
    """The account that waits for its supply is what lists show of the case: capacity, voltage, nature."""
    account = doing.session.get_one(Account, case.account_id)
    unit = "kVA" if answers.get("capacity_kva") else "kW"
    asked = answers.get(f"capacity_{unit.lower()}")
    account.capacity, account.capacity_unit = (Decimal(str(asked)) if asked else None), unit
    account.voltage = str(answers.get("voltage", ""))
    account.usage_nature = str(answers.get("usage_nature", ""))
    doing.touch(account)
