"""What a scheme's stage must be held to before it is answered, and the lists' reading of its approvals and its term.

Casework calls this within its own act: survey without holes, approval joined, a date until when the scheme stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from db.approvals import Approval, SchemeTerm
from db.cases import Case
from desktop.catalog.release import Catalog
from desktop.domain import accord
from desktop.domain.approval import Asked, Deed, Round, Word, altered, last_round
from desktop.domain.caselog import LogEntry, What, standing
from desktop.domain.correction import corrected_since
from desktop.domain.field import FIELDS
from desktop.domain.kind import Value
from desktop.domain.process import Process, Stage
from desktop.domain.scheme import FREE, later, scheme_stage, term, versions
from desktop.domain.survey import checklist, holes, strange_rows, survey_stage
from desktop.domain.verdict import Verdict, verdicts, worst
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import Act
from desktop.usecases.desk import Desk


def known_of(process: Process, answers: Mapping[str, Any], log: Sequence[LogEntry],
             given: Mapping[str, Any]) -> dict[str, Value]:
    """All that a scheme is weighed by: application, survey, and what is written. Equipment found on site goes before
    what was applied for, until the application is corrected."""
    place = survey_stage(process)
    done = next((entry for entry in reversed(standing(log)) if place is not None
                 and entry.stage == place.id and entry.what == What.DONE), None)
    known = {**answers, **(done.facts if done else {}), **given}
    if known.get("survey_loads") and not (done and corrected_since(log, "loads", done.seq)):
        known["loads"] = known["survey_loads"]
    return known


def answered_of(process: Process, answers: Mapping[str, Any], log: Sequence[LogEntry]) -> dict[str, Value]:
    """The same with the scheme as it was answered last; before that as it was applied for."""
    made = versions(process, log)
    return known_of(process, answers, log, made[-1].facts if made else {})


def weighed(rules: Catalog, known: Mapping[str, Value], day: date) -> tuple[Verdict, ...]:
    """What the case's own rules that are in force on that day say of it."""
    return verdicts(known, rules.schemes.on(day), rules.voltages)


def put_forward(process: Process, stage: Stage, log: Sequence[LogEntry]) -> dict[str, Any]:
    """The scheme of this stage that lies before its posts or that they have agreed to; empty where none does."""
    last = last_round(process, log, stage.id) if scheme_stage(process) is stage else None
    return dict(last.scheme) if last is not None and (last.waits or last.joined) else {}


def awaited(process: Process, stage: Stage, log: Sequence[LogEntry]) -> tuple[Missing, ...]:
    """Whose word the scheme of this stage waits for."""
    last = last_round(process, log, stage.id) if scheme_stage(process) is stage else None
    return (Missing(_standing(last)),) if last is not None and last.waits else ()


def completed(desk: Desk, process: Process, stage: Stage, answers: Mapping[str, Any], log: Sequence[LogEntry],
              given: dict[str, Any], day: date) -> dict[str, Any]:
    """The facts of an answered scheme: those put before its posts, where the clerk says nothing of it again, and the
    date until when it stands, where he left that to the rule."""
    if not set(given) - set(FREE):
        given = {**put_forward(process, stage, log), **given}
    asked = scheme_stage(process) is stage and "scheme_valid_until" in stage.fields
    if not asked or given.get("scheme_valid_until"):
        return given
    voltage = str(given.get("voltage") or answers.get("voltage") or "")
    months = desk.rules_of(process.release).schemes.on(day).term(voltage).months
    return {**given, "scheme_valid_until": later(day, months).isoformat()}


def lacks(desk: Desk, process: Process, stage: Stage, answers: Mapping[str, Any], log: Sequence[LogEntry],
          given: Mapping[str, Any], day: date) -> tuple[Missing, ...]:
    """What a survey still leaves open, or whose approval a scheme still waits for."""
    if survey_stage(process) is stage:
        surveys, known = desk.rules_of(process.release).surveys, {**answers, **given}
        asked = checklist(surveys, process.group, known)
        begun = checklist(surveys, process.group, answers)  # what the form began with
        return (*strange_rows(tuple(dict.fromkeys((*asked, *begun))), given), *holes(asked, known))
    if scheme_stage(process) is stage:
        return (*unsurveyed(desk, process, stage, answers, log), *more_than_applied(answers, given),
                *_term_faults(desk, process, answers, given, day),
                *_unapproved(desk, process, stage, answers, log, given, day))
    return ()


def unsurveyed(desk: Desk, process: Process, stage: Stage, answers: Mapping[str, Any],
               log: Sequence[LogEntry]) -> tuple[Missing, ...]:
    """What a survey that is done does not answer of an application corrected since: the scheme of this stage waits for
    that, as the checklist goes into the file without a hole."""
    place, known = survey_stage(process), known_of(process, answers, log, {})
    if place is None or scheme_stage(process) is not stage or not known.get("survey_items"):
        return ()
    asked = checklist(desk.rules_of(process.release).surveys, process.group, known)
    return tuple(Missing(f"{hole.sentence}：申请更正以后才要查的，请召回或退回“{place.name}”补上", hole.field)
                 for hole in holes(asked, known))


def more_than_applied(answers: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[Missing, ...]:
    """A scheme of more than was applied for, which no contract can be drawn up from."""
    return tuple(Missing(f"{told}：请把核定容量改小；确要这么大的，先更正申请的容量（命令行 yekuo correct），再答复",
                         name) for name, told in accord.more_than_applied({**answers, **given}))


def _term_faults(desk: Desk, process: Process, answers: Mapping[str, Any], given: Mapping[str, Any],
                 day: date) -> tuple[Missing, ...]:
    """A written 有效期 that is over before it begins, or longer than the rule's; `day`: when the scheme is answered.

    Counted from today where the answer is entered later, so that a receipt signed since has its whole term.
    """
    until = str(given.get("scheme_valid_until") or "")
    voltage = str(given.get("voltage") or answers.get("voltage") or "")
    rule = desk.rules_of(process.release).schemes.on(day).term(voltage)
    longest = later(max(day, desk.today), rule.months)
    if until and until <= day.isoformat():
        return (Missing(f"方案有效期至 {until}，应晚于答复日期 {day.isoformat()}", "scheme_valid_until"),)
    if until > longest.isoformat():
        return (Missing(f"方案有效期至 {until}，超过 {rule.months} 个月，最晚到 {longest.isoformat()}；要更长的，"
                        f"到期前申请延期（{rule.basis.text}，{rule.basis.mark}）", "scheme_valid_until"),)
    return ()


def _unapproved(desk: Desk, process: Process, stage: Stage, answers: Mapping[str, Any], log: Sequence[LogEntry],
                given: Mapping[str, Any], day: date) -> tuple[Missing, ...]:
    last = last_round(process, log, stage.id)
    if last is None or (last.joined and last.asked[0].word is Word.RULE):
        asked, _ = routed(desk, process, answers, log, given, day)
        waits = "、".join(each.post for each in asked if each.word is Word.WAITS)
        return (Missing(f"供电方案还没有审批：请提交审批（由{waits}会签）", "approval"),) if waits else ()
    if not last.joined:
        return (Missing(_standing(last), "approval"),)
    if day < last.decided_on:
        return (Missing(f"方案 {last.decided_on} 才审批通过，答复日期 {day} 不能更早", "claimed_on"),)
    changed = altered(last.scheme, given, FREE)
    if not changed:
        return ()
    labels = "、".join(FIELDS[name].label for name in changed)
    return (Missing(f"与审批通过的方案不一致：{labels}。请改回，或重新提交审批", changed[0]),)


def _standing(last: Round) -> str:
    if last.refused is not None:
        return f"方案被{last.refused.post}退回：{last.refused.opinion}。请修改后重新提交审批"
    if last.recalled:
        return "方案审批已撤回，请重新提交审批"
    waits = "、".join(each.post for each in last.asked if each.word is Word.WAITS)
    return f"方案审批还没有完成，等{waits}"


def routed(desk: Desk, process: Process, answers: Mapping[str, Any], log: Sequence[LogEntry], given: Mapping[str, Any],
           day: date) -> tuple[tuple[Asked, ...], tuple[Verdict, ...]]:
    """Who is asked for this scheme, or the rule that decides, and how it weighs."""
    known = known_of(process, answers, log, given)
    rules = desk.rules_of(process.release)
    found = weighed(rules, known, day)
    return rules.approvals.asked(known, worst(found), process.id, day), found


def submitted_facts(given: Mapping[str, Any], asked: Sequence[Asked], found: Sequence[Verdict]) -> dict[str, Any]:
    """What the log keeps of a submission."""
    return {"scheme": dict(given), "verdicts": [each.kept() for each in found],
            "asked": [{"post": each.post, "rule": each.rule, "word": str(each.word)} for each in asked]}


def note_rule(doing: Act, desk: Desk, case: Case, process: Process, stage: Stage, log: Sequence[LogEntry],
              given: Mapping[str, Any], day: date) -> None:
    """Where a rule decided and nobody was asked, the log says which, and how the scheme weighed."""
    last = last_round(process, log, stage.id) if scheme_stage(process) is stage else None
    if scheme_stage(process) is not stage or (last is not None and last.asked[0].word is not Word.RULE):
        return
    asked, found = routed(desk, process, case.answers, log, given, day)
    doing.note("case", case.id, Deed.SUBMITTED, stage=stage.id, claimed_on=day,
               facts=submitted_facts(given, asked, found))


def ask_posts(doing: Act, rules: Catalog, case_id: int, number: int, asked: Sequence[Asked]) -> None:
    """Put a submission before the posts that it waits for, each until the catalogue's days are over."""
    rows = [{"case_id": case_id, "round": number, "post": each.post, "rule": each.rule, "asked_at": doing.now,
             "asked_by": doing.clerk_id, "due_on": _due(rules, doing.today), "open": True}
            for each in asked if each.word is Word.WAITS]
    if rows:
        doing.session.execute(insert(Approval), rows)


def _due(rules: Catalog, today: date) -> date:
    try:
        return rules.calendar.add_workdays(today, rules.approvals.days)
    except Refusal:  # a year without calendar: as many days as it says
        return today + timedelta(days=rules.approvals.days)


def follow(doing: Act, case: Case, process: Process, log: Sequence[LogEntry]) -> None:
    """Bring what the lists know of approvals and of the scheme's term up to the log."""
    stage = scheme_stage(process)
    if stage is None:
        return
    _follow_term(doing.session, case, process, log)
    if any(entry.what == Deed.SUBMITTED for entry in log):
        last = last_round(process, log, stage.id)
        waits = {each.post for each in last.asked if each.word is Word.WAITS} if last and last.waits else set()
        _close(doing.session, case, last.number if last else 0, set() if case.closed_on else waits)


def _close(session: Session, case: Case, number: int, waits: set[str]) -> None:
    done = Approval.post.not_in(waits) | (Approval.round != number)
    session.execute(update(Approval).where(Approval.case_id == case.id, Approval.open, done).values(open=False))


def _follow_term(session: Session, case: Case, process: Process, log: Sequence[LogEntry]) -> None:
    now, row = term(process, log), session.get(SchemeTerm, case.id)
    if now is None and row is None:
        return
    if row is None:
        row = SchemeTerm(case_id=case.id)
        session.add(row)
    row.open = now is not None and now.started_on is None and case.closed_on is None
    if now is not None:
        row.until = now.until
        row.voltage = str(answered_of(process, case.answers, log).get("voltage") or "")
