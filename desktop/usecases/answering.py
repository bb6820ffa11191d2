"""Answering with a 供电方案 and living with it: its versions, a change and its reason, the customer's opinion, its
extension, the beginning of works, and the papers of all these."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from desktop.domain.approval import Round, rounds
from desktop.domain.caselog import LogEntry, What, fold
from desktop.domain.deed import may
from desktop.domain.process import Process, Stage
from desktop.domain.scheme import (
    ASKERS,
    OPINIONS,
    Deed,
    Term,
    Version,
    extension_faults,
    scheme_stage,
    term,
    versions,
)
from desktop.domain.sizing import Validity
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import AlreadyDone, act
from desktop.usecases.casework import append, case_row, log_of, process_for, refuse_closed
from desktop.usecases.closing import refuse_signed
from desktop.usecases.desk import Desk
from desktop.usecases.scheme_keeping import answered_of


@dataclass(frozen=True)
class SchemeStory:
    """A case's scheme from its first draft on. `stage` is where it is answered, `validity` the rule of its term;
    `warning` is not empty where the next change would be one too many."""

    stage: str
    versions: tuple[Version, ...]
    rounds: tuple[Round, ...]
    term: Term | None
    validity: Validity | None
    is_void: bool
    warning: str


def story(desk: Desk, number: str) -> SchemeStory | None:
    """The scheme of a case whole; None for a kind that has none."""
    with desk.db.read() as session:
        case = case_row(session, number)
        process, log = process_for(desk, case), log_of(session, case.id)
        known = answered_of(process, case.answers, log)
    return story_of(desk, process, log, str(known.get("voltage", "")))


def story_of(desk: Desk, process: Process, log: tuple[LogEntry, ...], voltage: str) -> SchemeStory | None:
    """The same of a case that is read already."""
    stage = scheme_stage(process)
    if stage is None:
        return None
    made, now = versions(process, log), term(process, log)
    rules = desk.rules_of(process.release).schemes.on(desk.today)
    return SchemeStory(stage.id, made, rounds(process, log, stage.id), now,
                       rules.term(voltage), bool(now and now.is_void(desk.today)),
                       _warning(desk, process, len(made)))


def _warning(desk: Desk, process: Process, answered: int) -> str:
    """Said before a change: the first is the customer's good right, the second is asked about."""
    limit = desk.rules_of(process.release).schemes.on(desk.today).threshold("warn_changes")
    if answered < limit.value:
        return ""
    return (f"这将是第 {answered} 次变更供电方案，请先由班长核实原因，防止方案反复变更"
            f"（{limit.basis.text}，{limit.basis.mark}）")


def change_scheme(desk: Desk, number: str, *, reason: str, asked_by: str, cost: str, days: str,
                  claimed_on: date | None = None, request_id: str | None = None) -> str:
    """Open the scheme again for a new version: why, who asked (客户, 供电企业 or 电网), its effect on cost and days.

    What was built on the answered version is done again; the version itself stays. The warning of a repeated change, or
    ''. Refused where nothing was answered, the case is connected, or somebody signed a contract by that version.
    """
    lacks = _change_lacks(reason, asked_by, cost, days)
    if lacks:
        raise Refusal("变更方案还要写明：", lacks[0].field, lacks)
    with suppress(AlreadyDone), act(desk, "change_scheme", request_id) as doing:
        case = case_row(doing.session, number)
        process = process_for(desk, case)
        stage, log, day = _stage(process), log_of(doing.session, case.id), claimed_on or doing.today
        place = _from_where(desk, process, log, stage, day, reason)
        refuse_signed(doing.session, case, process, stage.id, "变更方案")
        warning = _warning(desk, process, len(versions(process, log)))
        facts = {"reason": reason.strip(), "to": stage.id, "asked_by": asked_by, "cost": cost.strip(),
                 "days": days.strip(), "warned": "是" if warning else ""}
        append(doing, desk, case, process, What.SENT_BACK, stage=place, claimed_on=day, facts=facts)
        doing.result = warning
        return warning
    found = story(desk, number)
    return found.warning if found else ""


def _change_lacks(reason: str, asked_by: str, cost: str, days: str) -> tuple[Missing, ...]:
    lacks = [] if reason.strip() else [Missing("变更原因", "reason")]
    lacks += [] if asked_by in ASKERS else [Missing(f"由谁提出：{'、'.join(ASKERS)}", "asked_by")]
    lacks += [] if cost.strip() else [Missing("对费用的影响，没有影响的写“无”", "cost")]
    lacks += [] if days.strip() else [Missing("对工期的影响，没有影响的写“无”", "days")]
    return tuple(lacks)


def _from_where(desk: Desk, process: Process, log: tuple[LogEntry, ...], stage: Stage, day: date, reason: str) -> str:
    """The open stage from which the case goes back to its scheme."""
    if not versions(process, log):
        raise Refusal("供电方案还没有答复，直接修改即可，无须变更。", "stage")
    facts = {"reason": reason, "to": stage.id}
    faults: tuple[Missing, ...] = ()
    for place in process.dependents(stage.id):
        found = may(process, log, place, What.SENT_BACK, on=day, today=desk.today, facts=facts)
        if not found:
            return place
        faults = faults or found
    raise Refusal("现在不能变更供电方案：", missing=faults)


def note_opinion(desk: Desk, number: str, opinion: str, *, signed_by: str, text: str = "",
                 signed_on: date | None = None, request_id: str | None = None) -> None:
    """What the customer says of the answered scheme (同意 or 异议, then with his words), who signed for it and when."""
    lacks = [] if opinion in OPINIONS else [Missing("客户意见：同意或异议", "opinion")]
    lacks += [] if signed_by.strip() else [Missing("签收人", "signed_by")]
    lacks += [Missing("客户的异议", "text")] if opinion == "异议" and not text.strip() else []
    if lacks:
        raise Refusal("客户意见还要写明：", lacks[0].field, tuple(lacks))
    with suppress(AlreadyDone), act(desk, "scheme_opinion", request_id) as doing:
        case = case_row(doing.session, number)
        process = process_for(desk, case)
        log, day = log_of(doing.session, case.id), signed_on or doing.today
        made = versions(process, log)
        refuse_closed(case, "再登记客户意见")
        _refuse_day(made, day, doing.today)
        if opinion == "同意" and fold(process, log).runs[_stage(process).id].done_on is None:
            raise Refusal(f"第 {made[-1].revision} 版方案正在变更，客户同意的应是新的一版：请在新方案答复后再登记。",
                          "opinion")
        append(doing, desk, case, process, Deed.OPINION, stage=_stage(process).id, claimed_on=day,
               facts={"revision": made[-1].revision, "opinion": opinion, "text": text.strip(),
                      "signed_by": signed_by.strip()})


def _refuse_day(made: tuple[Version, ...], day: date, today: date) -> None:
    if not made:
        raise Refusal("供电方案还没有答复，不能登记客户意见。", "opinion")
    if not made[-1].answered_on <= day <= today:
        raise Refusal(f"签收日期应在 {made[-1].answered_on.isoformat()}（答复）到今天之间。", "signed_on")


def extend_scheme(desk: Desk, number: str, until: date, *, reason: str, asked_on: date | None = None,
                  request_id: str | None = None) -> Term:
    """Let the present scheme stand until a later day; refused unless asked for in time and no longer than before."""
    if not reason.strip():
        raise Refusal("请写明延期的原因。", "reason")
    with suppress(AlreadyDone), act(desk, "extend_scheme", request_id) as doing:
        case = case_row(doing.session, number)
        process = process_for(desk, case)
        log, day = log_of(doing.session, case.id), asked_on or doing.today
        refuse_closed(case, "再延期供电方案")
        voltage = str(answered_of(process, case.answers, log).get("voltage", ""))
        rule = desk.rules_of(case.release).schemes.on(day).term(voltage)
        made = versions(process, log)
        if made and day < made[-1].answered_on:
            raise Refusal(f"申请延期的日期 {day} 早于方案答复的日期 {made[-1].answered_on}，请核对。", "asked_on")
        faults = extension_faults(term(process, log), rule, day, until, doing.today)
        if faults:
            raise Refusal("方案不能这样延期：", faults[0].field, faults)
        append(doing, desk, case, process, Deed.EXTENDED, stage=_stage(process).id, claimed_on=day,
               facts={"until": until.isoformat(), "reason": reason.strip()})
    return _term(desk, number)


def note_works(desk: Desk, number: str, on: date, *, request_id: str | None = None) -> Term:
    """The customer's works began on that day, within the scheme's term: it stands from now on."""
    with suppress(AlreadyDone), act(desk, "works_started", request_id) as doing:
        case = case_row(doing.session, number)
        process = process_for(desk, case)
        log = log_of(doing.session, case.id)
        refuse_closed(case, "再登记开工")
        now, made = term(process, log), versions(process, log)
        if now is None:
            raise Refusal("供电方案还没有答复，不能登记开工。", "on")
        if not made[-1].answered_on <= on <= min(now.until, doing.today):
            raise Refusal(f"开工日期应在答复（{made[-1].answered_on.isoformat()}）之后、方案有效期（"
                          f"{now.until.isoformat()}）之内，且不晚于今天。", "on")
        append(doing, desk, case, process, Deed.WORKS, stage=_stage(process).id, claimed_on=on, facts={})
    return _term(desk, number)


def _term(desk: Desk, number: str) -> Term:
    found = story(desk, number)
    assert found is not None and found.term is not None  # it was just written
    return found.term


def _stage(process: Process) -> Stage:
    stage = scheme_stage(process)
    if stage is None:
        raise Refusal(f"{process.name}没有供电方案。", "stage")
    return stage
