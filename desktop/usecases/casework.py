"""Work on a case: each stage done, sent back, paused or resumed, and a case ended, all as entries of its log.

The log decides. What the lists need of it (status, stage, due date) is written beside the case by `append`, in the
same transaction as the entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from db.cases import Case, CaseMaterial, Scheme
from db.customers import Account
from desktop.domain.calendar import WorkCalendar
from desktop.domain.case import CaseState, Status, outline, state
from desktop.domain.caselog import LogEntry, What, standing, why_ended
from desktop.domain.deadline import Printed, printed
from desktop.domain.deed import closed_told, may
from desktop.domain.field import FIELDS, check, tidy, told
from desktop.domain.field import field as described
from desktop.domain.kind import refuse_strange
from desktop.domain.material import Mark, Way
from desktop.domain.process import Process, Stage
from desktop.domain.stage_day import out_of_order, work_days, worked_on
from desktop.errors import Missing, Refusal
from desktop.usecases import changing, contract_registering, scheme_keeping, transformer_keeping, undoing
from desktop.usecases.acting import Act, AlreadyDone, act, history
from desktop.usecases.allowing import pause_facts
from desktop.usecases.closing import close_contracts, refuse_signed
from desktop.usecases.desk import Desk
from desktop.usecases.inspection_keeping import judged_by_form
from desktop.usecases.meter_keeping import give_up, mount
from desktop.usecases.settling import drop_unpaid, uncharged, unsettled
from desktop.usecases.withholding import held_back

OUTSIDE = ("yx_application", "yx_account", "yx_contract")
DEEDS = {"done": "完成", "sent_back": "退回", "paused": "暂停", "resumed": "恢复", "ended": "终止"}
TOLD_NAMES = 5  # of a long list of fields that a sentence names
OWN_FACTS = ("reason", "explanation", "evidence", "allowed_by", "to", "until")


def log_of(session: Session, case_id: int) -> tuple[LogEntry, ...]:
    """The case's log, the first entry first."""
    return history(session, "case", case_id)


def append(doing: Act, desk: Desk, case: Case, process: Process, what: str, *, stage: str,
           claimed_on: date | None = None, facts: Mapping[str, Any] | None = None) -> CaseState:
    """Write one entry to the case's log and bring the lists' reading of it up to date."""
    doing.note("case", case.id, what, stage=stage, claimed_on=claimed_on, facts=dict(facts or {}))
    doing.write_log()
    undoing.follow(doing, case, process, what, stage, facts or {})
    log = log_of(doing.session, case.id)
    calendar = desk.rules_of(case.release).calendar
    receipt = receipt_of(case.way, case.promises)
    for name, value in reading(process, log, calendar, doing.today, receipt).items():
        setattr(case, name, value)
    scheme_keeping.follow(doing, case, process, log)
    doing.touch(case)
    return state(process, log, calendar, doing.today, receipt=receipt)


def receipt_of(way: str, promises: Sequence[Mapping[str, Any]]) -> tuple[Printed, ...]:
    """The dates on a case's receipt; none where it was refused, or came over from the other system."""
    return printed(promises) if way in tuple(Way) and way != Way.REFUSED else ()


def reading(process: Process, log: Sequence[LogEntry], calendar: WorkCalendar, today: date,
            receipt: Sequence[Printed] = ()) -> dict[str, Any]:
    """What the lists need of a log, as the columns of a case; a pause that names its end keeps the date after it, where
    the case does not go on waiting for the customer then."""
    now = outline(process, log, calendar, today, receipt)
    until = now.again
    then = now if until is None else outline(process, log, calendar, until, receipt)
    return {
        "status": str(now.status), "stage": ",".join(now.current), "paused": now.status is Status.PAUSED,
        "paused_until": until if then.status is not Status.PAUSED else None, "closed_on": now.closed_on,
        "due_on": then.due, "near_on": then.near,
    }


def case_row(session: Session, number: str) -> Case:
    """The case of that number, for a verb that changes it; refused if there is none."""
    row = session.scalars(select(Case).where(Case.number == number.strip().upper())).one_or_none()
    if row is None:
        raise Refusal(f"没有编号为“{number}”的工单。请核对编号，或在“工单”里按户名查找。", "case")
    return row


def refuse_closed(case: Case, deed: str) -> None:
    """A case that is filed or ended takes no further `deed`, such as 再移交; each verb says which it is."""
    if case.closed_on is not None:
        raise Refusal(f"{closed_told(case.closed_on, case.status == Status.ENDED, deed)}。", "case")


def process_for(desk: Desk, case: Case) -> Process:
    return desk.process(case.process, case.release, case.applied_on)


def stage_named(process: Process, name: str) -> Stage:
    """The stage of that code or name; refused with the list of those there are."""
    for stage in process.stages:
        if name.strip() in (stage.id, stage.name) or name.strip().upper() == stage.id:
            return stage
    known = "、".join(f"{stage.id} {stage.name}" for stage in process.stages)
    raise Refusal(f"“{process.name}”没有“{name}”这个环节。它的环节有：{known}。", "stage")


def record(desk: Desk, number: str, stage: str, deed: str, facts: Mapping[str, Any] | None = None, *,
           claimed_on: date | None = None, request_id: str | None = None) -> CaseState:
    """Record a deed at a stage: done, sent_back, paused, resumed or ended.

    `claimed_on` is the day it really happened (default today); it is kept beside the day of entry. Refused with all
    that is missing; a repeated `request_id` changes nothing.
    """
    try:
        with act(desk, f"stage-{deed}", request_id) as doing:
            case = case_row(doing.session, number)
            place = stage_named(process_for(desk, case), stage)
            day = claimed_on or doing.today
            now = carry_out(doing, desk, case, place, deed, facts or {}, day)
            judged_by_form(doing, desk.rules_of(case.release).inspections, case, place, deed,
                           stage_facts(place, deed, facts or {}), day)
            doing.result = case.number
            return now
    except AlreadyDone:
        return state_of(desk, number)


def carry_out(doing: Act, desk: Desk, case: Case, place: Stage, deed: str, facts: Mapping[str, Any],
              day: date) -> CaseState:
    """A deed at a stage within an act that does more than this one; refused as `record` refuses it."""
    process, log = process_for(desk, case), log_of(doing.session, case.id)
    given = stage_facts(place, deed, facts)
    given = {**numbers_noted(case, place), **given} if deed == What.DONE else given
    if deed == What.PAUSED and given.get("reason"):  # without one it is refused for that, before who allowed it
        given = pause_facts(desk, desk.rules_of(case.release).clock, given)
    if deed == What.SENT_BACK and given.get("to"):
        given["to"] = stage_named(process, given["to"]).id
    if deed == What.DONE:
        given = scheme_keeping.completed(desk, process, place, case.answers, log, given, day)
    held = _held(doing, desk, case, process, place, log, given, day) if deed == What.DONE else ()
    _refuse(process, log, place, deed, day, doing.today, given, held)
    if deed == What.DONE:
        scheme_keeping.note_rule(doing, desk, case, process, place, log, given, day)
    if deed == What.SENT_BACK:
        refuse_signed(doing.session, case, process, str(given.get("to") or place.id))
    if deed == What.ENDED and (closed := close_contracts(doing, case, why_ended(given))):
        given["void"] = "、".join(closed)
    if deed == What.DONE and contract_registering.registers(place):
        contract_registering.register_signed(doing, desk, case, process, given, day)
    now = append(doing, desk, case, process, deed, stage=place.id, claimed_on=day, facts=given)
    _consequences(doing, case, process, place, deed, given, now)
    return now


def numbers_noted(case: Case, stage: Stage) -> dict[str, str]:
    """What the stage must have and was noted of 营销2.0 before it (登记编号): nobody types it again."""
    return {name: getattr(case, name) for name in OUTSIDE if name in stage.required and getattr(case, name)}


def _held(doing: Act, desk: Desk, case: Case, process: Process, place: Stage, log: tuple[LogEntry, ...],
          given: Mapping[str, Any], day: date) -> tuple[Missing, ...]:
    """What papers, survey, approval, fees and the account still hold back of a stage that is about to be done."""
    rules, session = desk.rules_of(case.release), doing.session
    turn = place.optional or place.id in case.stage.split(",")  # before its turn a stage says what it waits for
    return (*_to_come(place, given, doing.today), *held_back(desk, session, process, case, place.id).lacks,
            *scheme_keeping.lacks(desk, process, place, case.answers, log, given, day),
            *unsettled(rules, session, case.id, process, place, What.DONE),
            *uncharged(rules, session, case, process, place, log, given, day),
            *((changing.lacks(session, desk, case, process, place, given, day)
               or out_of_order(process, log, place, given, day)) if turn else ()))


def _to_come(place: Stage, given: Mapping[str, Any], today: date) -> tuple[Missing, ...]:
    """The days on which something is said to have been done (…_on) that have not come yet."""
    return tuple(Missing(f"{described(name).label} {said} 晚于今天，请改为实际日期", name)
                 for name in work_days(place) if (said := str(given.get(name) or "")) > today.isoformat())


def stage_facts(stage: Stage, deed: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of the deed in the shape they are kept; refused if one is malformed or not asked here."""
    asked = {*stage.fields, *OWN_FACTS} if deed == "done" else set(OWN_FACTS)
    strange = [name for name, value in facts.items() if name not in asked and (value or name not in FIELDS)]
    if strange:
        raise Refusal(f"“{stage.name}”不需要填“{_told_names(strange)}”，请核对环节和字段名。{_asks(stage, deed)}",
                      strange[0])
    _refuse_shapes(facts)
    kept = {name: _tidy(name, value) for name, value in facts.items() if name in asked and value not in ("", None, [])}
    faults = [Missing(told(name, fault), name)
              for name, value in kept.items() if name not in OWN_FACTS and (fault := check(name, value))]
    if faults:
        raise Refusal(f"“{stage.name}”有填错的内容，请改正：", faults[0].field, tuple(faults))
    return kept


def _told_names(names: Sequence[str]) -> str:
    """The first few, with their labels, and how many there are in all."""
    told = "、".join(f"{described(name).label}（{name}）" if name in FIELDS else name for name in names[:TOLD_NAMES])
    return told if len(names) <= TOLD_NAMES else f"{told}等 {len(names)} 项"


def _asks(stage: Stage, deed: str) -> str:
    if deed != "done":
        return ""
    return f"它要填的：{_told_names(stage.fields)}。" if stage.fields else "它不用填什么。"


def _refuse_shapes(facts: Mapping[str, Any], words: Iterable[str] = OWN_FACTS) -> None:
    """Refused where a value is neither text nor rows of text, or is a list where `words` are asked."""
    refuse_strange(facts, facts)
    for name in words:
        if not isinstance(facts.get(name, ""), str | None):
            raise Refusal(f"“{name}”应填文字，请对照样例。", name)


def _tidy(name: str, value: Any) -> Any:
    return tidy(name, value) if isinstance(value, str) and name not in OWN_FACTS else value


def _refuse(process: Process, log: tuple[LogEntry, ...], stage: Stage, deed: str, day: date, today: date,
            facts: Mapping[str, Any], held: tuple[Missing, ...] = ()) -> None:
    """With all that is lacking at once. held: what papers, fees, survey, approval and the account hold back."""
    lacks = may(process, log, stage.id, deed, on=day, today=today, facts=facts)
    named = tuple(dict.fromkeys((*(_named(lack) for lack in lacks), *held)))
    if named:
        raise Refusal(f"现在还不能登记“{stage.name}”{DEEDS.get(deed, deed)}：", named[0].field, named)


def _named(lack: Missing) -> Missing:
    """A missing field of the dictionary is told by its label, where its sentence does not name it already."""
    if lack.field is None or lack.field in (*OWN_FACTS, "claimed_on"):
        return lack
    label = described(lack.field).label
    return lack if label in lack.sentence else Missing(f"{lack.sentence}：{label}", lack.field)


def _consequences(doing: Act, case: Case, process: Process, stage: Stage, deed: str, facts: dict[str, Any],
                  now: CaseState) -> None:
    if deed == What.ENDED:
        _close_materials(doing, case)
        drop_unpaid(doing, case)
        give_up(doing, case, now.closed_on or doing.today, "工单终止")
        transformer_keeping.give_up(doing, case, now.closed_on or doing.today)
    if deed != What.DONE:
        return
    done_on = now.stage(stage.id).done_on or doing.today
    worked = worked_on(stage, facts) or done_on  # a meter hangs since its own day, whenever that is recorded
    mount(doing, case, stage, facts, _metering_of(doing.session, case), worked)
    transformer_keeping.hang(doing, case, stage, facts, worked)
    if _asks_scheme(stage):
        _keep_scheme(doing, case, facts, done_on)
    if changing.begins_from_account(process):
        _change_account(doing, case, process, stage, facts, worked)
    elif stage is process.last:
        _name_account(doing, case, facts)
    if stage.id == process.energised_by and any(map(_asks_scheme, process.stages)):
        _equip_account(doing, case, stage)


def _metering_of(session: Session, case: Case) -> dict[str, Any]:
    """What is known of the metering before the meters hang: the account's, over it the scheme's, and where a 移表 puts
    them."""
    moved = {"metering_point": case.answers["new_metering_point"]} if case.answers.get("new_metering_point") else {}
    return {**session.get_one(Account, case.account_id).facts, **scheme_of(session, case.id), **moved}


def _asks_scheme(stage: Stage) -> bool:
    return any(name.startswith("scheme_") for name in stage.fields)


def _change_account(doing: Act, case: Case, process: Process, stage: Stage, facts: Mapping[str, Any],
                    day: date) -> None:
    """A change of use does to its account what the stage brings about, from all that was said and found so far."""
    accepted = log_of(doing.session, case.id)[0].facts
    answers = {**case.answers, **done_facts(doing.session, case.id), **facts}
    changing.carry_out(doing, case, process, stage, answers, accepted.get("before") or {}, day)


def _close_materials(doing: Act, case: Case) -> None:
    doing.session.execute(update(CaseMaterial).where(CaseMaterial.case_id == case.id).values(open=False))


def _keep_scheme(doing: Act, case: Case, facts: dict[str, Any], answered_on: date) -> None:
    before = doing.session.scalar(select(func.max(Scheme.revision)).where(Scheme.case_id == case.id)) or 0
    doing.session.execute(insert(Scheme).values(
        case_id=case.id, revision=before + 1, facts=facts, answered_on=answered_on, entered_at=doing.now,
        clerk_id=doing.clerk_id))


def scheme_of(session: Session, case_id: int) -> dict[str, Any]:
    """The facts of the case's last 供电方案; empty before it was answered."""
    query = select(Scheme.facts).where(Scheme.case_id == case_id).order_by(Scheme.revision.desc()).limit(1)
    return dict(session.execute(query).scalar_one_or_none() or {})


def done_facts(session: Session, case_id: int) -> dict[str, Any]:
    """All facts recorded with finished stages, of each stage those of its last round; later stages over earlier."""
    rounds: dict[str, Mapping[str, Any]] = {}
    for entry in standing(log_of(session, case_id)):
        if entry.what == What.DONE:
            rounds.pop(entry.stage, None)
            rounds[entry.stage] = entry.facts
    return {name: value for facts in rounds.values() for name, value in facts.items() if name not in OWN_FACTS}


def _equip_account(doing: Act, case: Case, stage: Stage) -> None:
    """With the connection the account takes over what was built: scheme and metering."""
    account = doing.session.get_one(Account, case.account_id)
    before, built = undoing.picture(account), done_facts(doing.session, case.id)
    account.facts, account.voltage = {**account.facts, **built}, str(built.get("voltage") or account.voltage)
    for unit, name in (("kW", "scheme_capacity_kw"), ("kVA", "scheme_capacity_kva")):
        if built.get(name):
            account.capacity, account.capacity_unit = Decimal(str(built[name])), unit
    doing.touch(account)
    doing.note("account", account.id, "equipped", stage=stage.id,
               facts={"case": case.number, "undo": undoing.difference(before, account)})


def _name_account(doing: Act, case: Case, facts: Mapping[str, Any]) -> None:
    """A new account gets its 户号 when its case is archived."""
    number = str(facts.get("yx_account", "")) or case.yx_account
    account = doing.session.get_one(Account, case.account_id)
    _refuse_account(doing, case, {"yx_account": number} if number else {})
    account.number, account.status = number or account.number, "在用"
    case.yx_account = number
    doing.touch(account)


def state_of(desk: Desk, number: str) -> CaseState:
    """The case's present state, computed from its log."""
    with desk.db.read() as session:
        case = case_row(session, number)
        log = log_of(session, case.id)
    return state(process_for(desk, case), log, desk.rules_of(case.release).calendar, desk.today,
                 receipt=receipt_of(case.way, case.promises))


def contract_deed(doing: Act, desk: Desk, case_id: int, what: str, on: date) -> None:
    """A deed of the contract, told to the case's log; refused by the process's gates, each naming what is missing."""
    case = doing.session.get_one(Case, case_id)
    process, place = refuse_contract_deed(doing, desk, case, what, on)
    append(doing, desk, case, process, what, stage=place.id, claimed_on=on)
    if what == place.done_by and changing.begins_from_account(process):
        _change_account(doing, case, process, place, {}, on)
    elif what == What.CONTRACT_VOID:
        changing.take_back(doing, case, process, place)


def refuse_contract_deed(doing: Act, desk: Desk, case: Case, what: str, on: date) -> tuple[Process, Stage]:
    """Refused where the case is not ready for that deed of its contract; its process and the contract's stage."""
    process = process_for(desk, case)
    place = next(stage for stage in process.stages
                 if stage.done_by == What.CONTRACT_SIGNED or contract_registering.registers(stage))
    lacks = may(process, log_of(doing.session, case.id), place.id, what, on=on, today=doing.today)
    if what == place.done_by:
        lacks = (*lacks, *held_back(desk, doing.session, process, case, place.id).lacks)
    if lacks:
        raise Refusal("这份合同现在还不能办这一步：", missing=lacks)
    return process, place


def supply_material(desk: Desk, number: str, code: str, on: date, *, request_id: str | None = None) -> None:
    """A promised paper (容缺) has come: note the day; refused if it was not awaited or the day lies ahead."""
    try:
        with act(desk, "supply_material", request_id) as doing:
            case = case_row(doing.session, number)
            row = doing.session.scalars(select(CaseMaterial).where(
                CaseMaterial.case_id == case.id, CaseMaterial.code == code)).one_or_none()
            if row is None or not row.open:
                raise Refusal("这份资料没有待补的登记，无须再补。", "material")
            if not case.applied_on <= on <= doing.today:
                raise Refusal("补交日期应在受理之后、今天之前（含今天）。", "on")
            row.state, row.supplied_on, row.open = Mark.RECEIVED, on, False
            doing.note("case", case.id, "material_supplied", claimed_on=on, facts={"code": code, "name": row.name})
    except AlreadyDone:
        return


def set_outside_numbers(desk: Desk, number: str, change: Mapping[str, str], *,
                        request_id: str | None = None) -> dict[str, str]:
    """Note the numbers that 营销2.0 gave after acceptance; all three as they stand then.

    change: yx_application, yx_account, yx_contract; one that is not named stays, an empty one is taken away. Refused
    where one is malformed, an application's number is another case's, or a 户号 is another account's or contradicts
    that of an archived case.
    """
    refuse_strange(OUTSIDE, change)
    if not change:
        raise Refusal("请写明要登记的编号：营销2.0 申请编号、户号或合同编号。", OUTSIDE[0])
    _refuse_shapes(change, OUTSIDE)
    given = {name: tidy(name, value) for name, value in change.items()}
    faults = [Missing(told(name, fault), name) for name, value in given.items()
              if value and (fault := check(name, value))]
    if faults:
        raise Refusal("营销2.0 编号有误：", faults[0].field, tuple(faults))
    with suppress(AlreadyDone), act(desk, "set_outside_numbers", request_id) as doing:
        case = case_row(doing.session, number)
        _refuse_account(doing, case, given)
        refuse_used(doing.session, given.get("yx_application", ""), case.id)
        for name, value in given.items():
            setattr(case, name, value)
        doing.touch(case)
        doing.note("case", case.id, "numbers_set", facts=given)
    with desk.db.read() as session:
        case = case_row(session, number)
        return {name: getattr(case, name) for name in OUTSIDE}


def refuse_used(session: Session, application: str, but: int = 0) -> None:
    """Refuse an application's number of the other system that a case here has already; one that was ended gives it
    free, as where it was begun anew. `but`: the case itself."""
    if not application:
        return
    other = session.scalar(select(Case.number).where(
        Case.yx_application == application, Case.id != but, Case.status != Status.ENDED))
    if other is not None:
        raise Refusal(f"营销2.0 申请编号 {application} 已登记在工单 {other}，一个编号只能登记在一张工单上。"
                      "请到营销2.0 里核对这一件的编号。", "yx_application")


def _refuse_account(doing: Act, case: Case, given: Mapping[str, str]) -> None:
    account = doing.session.get_one(Account, case.account_id)
    wanted = given.get("yx_account", case.yx_account)
    if account.number and wanted != account.number and "yx_account" in given:
        raise Refusal(f"这一户的户号已是 {account.number}，与“{wanted or '空'}”不一致。请核对营销2.0 里的户号。",
                      "yx_account")
    _refuse_taken(doing, wanted, account.id)


def _refuse_taken(doing: Act, number: str, account_id: int) -> None:
    other = doing.session.scalar(select(Account.id).where(Account.number == number, Account.id != account_id))
    if number and other is not None:
        raise Refusal(f"户号 {number} 已属于另一个用电户，请核对营销2.0 里的户号。", "yx_account")
