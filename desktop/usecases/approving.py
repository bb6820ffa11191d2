"""Approval of a 供电方案: put before the posts that its rules name, answered by each, taken back, listed for a post.

What was submitted is in the log with how it weighed; who still has to answer is computed from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from db.approvals import Approval
from db.cases import Case
from db.clerks import Clerk
from db.customers import Customer
from desktop.domain.approval import Approvals, Asked, Deed, Round, Word, last_round
from desktop.domain.caselog import What
from desktop.domain.deed import may
from desktop.domain.process import Process, Stage
from desktop.domain.scheme import scheme_stage
from desktop.errors import Missing, Refusal
from desktop.usecases import scheme_keeping
from desktop.usecases.acting import AlreadyDone, act
from desktop.usecases.casework import append, case_row, log_of, process_for, refuse_closed, stage_facts
from desktop.usecases.desk import Desk
from desktop.usecases.staffing import clerks


@dataclass(frozen=True)
class Waiting:
    """One scheme that waits for a post. `days_left` counts calendar days."""

    number: str
    customer: str
    kind: str
    post: str
    rule: str
    asked_at: datetime
    asked_by: str
    due_on: date
    days_left: int


def submit_scheme(desk: Desk, number: str, facts: Mapping[str, Any], *, on: date | None = None,
                  request_id: str | None = None) -> Round:
    """Put a scheme before those who must agree to it; where a rule decides, it is agreed at once and the rule logged.

    `on`: the day it was submitted (default today). Refused where it could not be answered as it stands on that day, or
    while a submission still waits.
    """
    try:
        with act(desk, "submit_scheme", request_id) as doing:
            case = case_row(doing.session, number)
            process = process_for(desk, case)
            stage = _stage(process)
            log = log_of(doing.session, case.id)
            given, day = stage_facts(stage, What.DONE, facts), on or doing.today
            _refuse_unready(desk, process, stage, log, given, day,
                            (*scheme_keeping.unsurveyed(desk, process, stage, case.answers, log),
                             *scheme_keeping.more_than_applied(case.answers, given)))
            asked, found = scheme_keeping.routed(desk, process, case.answers, log, given, day)
            append(doing, desk, case, process, Deed.SUBMITTED, stage=stage.id, claimed_on=day,
                   facts=scheme_keeping.submitted_facts(given, asked, found))
            now = _last(process, log_of(doing.session, case.id), stage)
            scheme_keeping.ask_posts(doing, desk.rules_of(case.release), case.id, now.number, asked)
            return now
    except AlreadyDone:
        return _required(round_of(desk, number))


def _refuse_unready(desk: Desk, process: Process, stage: Stage, log: Any, given: Mapping[str, Any], day: date,
                    faults: tuple[Missing, ...]) -> None:
    before = last_round(process, log, stage.id)
    if before is not None and before.waits:
        raise Refusal("这份方案正在审批，不能再次提交；要改的请先撤回。", "approval")
    lacks = (*may(process, log, stage.id, What.DONE, on=day, today=desk.today, facts=given), *faults)
    if lacks:
        raise Refusal("方案还不能提交审批：", lacks[0].field, lacks)


def agree(desk: Desk, number: str, opinion: str = "", *, post: str = "", on: date | None = None,
          request_id: str | None = None) -> Round:
    """The clerk at the desk agrees for his post, or stands in for `post` where he may; `on`: the day he did (default
    today)."""
    return _answer(desk, number, Deed.AGREED, opinion, post, on, request_id)


def disagree(desk: Desk, number: str, reason: str, *, post: str = "", on: date | None = None,
             request_id: str | None = None) -> Round:
    """The scheme goes back with the reason; nobody else is asked any more."""
    if not reason.strip():
        raise Refusal("请写明不同意的原因，方案将退回修改。", "reason")
    return _answer(desk, number, Deed.REFUSED, reason.strip(), post, on, request_id)


def _answer(desk: Desk, number: str, deed: Deed, opinion: str, post: str, on: date | None,
            request_id: str | None) -> Round:
    try:
        with act(desk, deed, request_id) as doing:
            case = case_row(doing.session, number)
            process = process_for(desk, case)
            stage = _stage(process)
            log = log_of(doing.session, case.id)
            refuse_closed(case, "再审批")
            last = last_round(process, log, stage.id)
            asked, day = _mine(desk, desk.rules_of(case.release).approvals, last, post), on or doing.today
            _refuse_day(last, day, doing.today)
            own = desk.clerk.post if desk.clerk else ""
            facts = {"post": asked.post, "opinion": opinion, "stands_in": own != asked.post}
            append(doing, desk, case, process, deed, stage=stage.id, claimed_on=day, facts=facts)
            return _last(process, log_of(doing.session, case.id), stage)
    except AlreadyDone:
        return _required(round_of(desk, number))


def _refuse_day(last: Round | None, day: date, today: date) -> None:
    """Nobody answers on a day to come, nor before he was asked."""
    if day > today:
        raise Refusal(f"审批日期 {day} 晚于今天，请改为实际日期。", "on")
    if last is not None and day < last.on:
        raise Refusal(f"审批日期 {day} 早于提交审批的日期 {last.on}，请核对。", "on")


def _mine(desk: Desk, rules: Approvals, last: Round | None, post: str) -> Asked:
    """The post that the clerk at the desk may answer for; refused with why there is none."""
    if last is not None and last.refused is not None:
        told = f"{last.refused.post}（{last.refused.by}）退回：{last.refused.opinion}"
        raise Refusal(f"方案已被{told}，不用再审批。", "approval")
    if last is None or not last.waits:
        raise Refusal("这份方案没有待审批的事项：已经审完、撤回或还没有提交。", "approval")
    assert desk.clerk is not None  # `act` refuses without a clerk
    if rules.four_eyes and last.clerk == desk.clerk.number:
        raise Refusal("提交人不能审批自己提交的方案，请由别的人员审批。", "approval")
    waits = [each for each in last.asked if each.word is Word.WAITS and post in ("", each.post)]
    own = [each for each in waits if each.post == desk.clerk.post]
    able = own or [each for each in waits if rules.may_answer(desk.clerk.post, each.post)]
    if not able:
        named = "、".join(each.post for each in last.asked if each.word is Word.WAITS)
        raise Refusal(f"这份方案等{named}审批，您的岗位是{desk.clerk.post}。", "approval")
    return able[0]


def recall_scheme(desk: Desk, number: str, reason: str, *, request_id: str | None = None) -> Round:
    """Take a submission back while it waits, or after it was agreed to and before it is answered; with a reason."""
    if not reason.strip():
        raise Refusal("请写明撤回的原因。", "reason")
    try:
        with act(desk, "recall_scheme", request_id) as doing:
            case = case_row(doing.session, number)
            process = process_for(desk, case)
            stage = _stage(process)
            log = log_of(doing.session, case.id)
            refuse_closed(case, "再撤回审批")
            last = last_round(process, log, stage.id)
            _refuse_recall(last, stage.id in case.stage.split(","))
            append(doing, desk, case, process, Deed.RECALLED, stage=stage.id, facts={"reason": reason.strip()})
            return _last(process, log_of(doing.session, case.id), stage)
    except AlreadyDone:
        return _required(round_of(desk, number))


def _refuse_recall(last: Round | None, is_open: bool) -> None:
    if last is None or last.recalled or last.refused or not is_open:
        raise Refusal("没有可以撤回的审批；已答复的方案请用“变更方案”。", "approval")


def _stage(process: Process) -> Stage:
    stage = scheme_stage(process)
    if stage is None:
        raise Refusal(f"{process.name}没有供电方案，无须审批。", "stage")
    return stage


def _last(process: Process, log: Any, stage: Stage) -> Round:
    return _required(last_round(process, log, stage.id))


def _required(found: Round | None) -> Round:
    assert found is not None  # it was just written
    return found


def round_of(desk: Desk, number: str) -> Round | None:
    """How far the approval of a case's scheme is; None where none was asked for."""
    with desk.db.read() as session:
        case = case_row(session, number)
        process = process_for(desk, case)
        stage = scheme_stage(process)
        return last_round(process, log_of(session, case.id), stage.id) if stage else None


def may_answer(desk: Desk, process: Process, last: Round | None) -> tuple[Missing, ...]:
    """Why the clerk at the desk cannot answer this round; empty if he can."""
    if desk.clerk is None:
        return (Missing("还没有选择经办人"),)
    try:
        _mine(desk, desk.rules_of(process.release).approvals, last, "")
    except Refusal as refusal:
        return (Missing(refusal.sentence),)
    return ()


def unmanned(desk: Desk, release: str, last: Round | None) -> str:
    """Which posts of a waiting round nobody can answer for today, and what to do; '' where each has somebody."""
    if last is None or not last.waits:
        return ""
    rules = desk.rules_of(release).approvals
    able = [clerk for clerk in clerks(desk) if not (rules.four_eyes and clerk.number == last.clerk)]
    empty = [each.post for each in last.asked
             if each.word is Word.WAITS and not any(clerk.post == each.post for clerk in able)]
    if not empty:
        return ""
    stand_in = [clerk.name for clerk in able if clerk.post in rules.stand_in]
    how = f"由{'、'.join(stand_in)}代签，或" if stand_in else ""
    return f"{'、'.join(empty)}没有能审批的在岗人员：请{how}先在“系统 → 人员”里添加"


def waiting_for(desk: Desk, *, limit: int | None = None) -> tuple[Waiting, ...]:
    """待我审批: what waits for the post of the clerk at the desk, the nearest date first. A post that may stand in for
    any sees all."""
    query = select(
        Case.number, Customer.name, Case.process, Case.release, Approval.post, Approval.rule, Approval.asked_at,
        Clerk.name, Approval.due_on,
    ).join(Case, Case.id == Approval.case_id).join(Customer, Customer.id == Case.customer_id).outerjoin(
        Clerk, Clerk.id == Approval.asked_by).where(Approval.open, *_for_post(desk)).order_by(
        Approval.due_on, Approval.id).limit(limit)
    with desk.db.read() as session:
        return tuple(_waiting(desk, tuple(row)) for row in session.execute(query))


def _for_post(desk: Desk) -> list[Any]:
    post = desk.clerk.post if desk.clerk else ""
    return [] if post in desk.catalog.approvals.stand_in else [Approval.post == post]


def _waiting(desk: Desk, row: tuple[Any, ...]) -> Waiting:
    number, customer, process, release, post, rule, asked_at, by, due = row
    return Waiting(number, customer, desk.process(process, release).name, post, rule, asked_at, by or "", due,
                   (due - desk.today).days)
