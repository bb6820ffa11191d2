"""Inspections in rounds: 报验 handed in, judged by an 意见单, defects mended and seen; then, if need be, another round.

A round that is not passed stops the clock on the day of its 意见单: the case goes back to the customer's own stage, or
is paused where it has none. The next round's clock begins with the new 报验.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.cases import Case
from db.customers import Account, Customer
from db.inspections import Defect, Inspection
from desktop.domain.caselog import What, fold
from desktop.domain.deed import may
from desktop.domain.field import check, field, told
from desktop.domain.inspection import CONCLUDED, FAILED, PASSED, InspectionBook, InspectionKind, Tally, tally
from desktop.domain.process import Process, Stage
from desktop.domain.slip import refuse_far
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import Act, AlreadyDone, act
from desktop.usecases.casework import append, carry_out, case_row, done_facts, log_of, process_for, refuse_closed
from desktop.usecases.desk import Desk
from desktop.usecases.inspection_keeping import close_round, last_round, open_round
from desktop.usecases.withholding import held_back

AGAIN = "重新报验"


@dataclass(frozen=True)
class DefectRow:
    """A defect of a round; `mended_on` None while nobody saw it mended."""

    id: int
    number: int
    item: str
    remedy: str
    responsible: str
    due_on: date
    mended_on: date | None
    seen_by: str


@dataclass(frozen=True)
class RoundRow:
    """One round; `result` is empty until it is judged."""

    kind: str
    name: str
    round: int
    submitted_on: date
    submission: dict[str, Any]
    result: str
    concluded_on: date | None
    conclusion: dict[str, Any]
    defects: tuple[DefectRow, ...]


@dataclass(frozen=True)
class OverdueDefect:
    """A defect whose time is over, and where."""

    case: str
    customer: str
    address: str
    item: str
    responsible: str
    due_on: date


def submit(desk: Desk, number: str, kind: str, facts: Mapping[str, Any], *, on: date | None = None,
           request_id: str | None = None) -> RoundRow:
    """Take in a 报验: a new round begins, and with it the clock of the stage that judges it.

    `facts`: who designed or built with which licence, who handed it in, which papers. Refused where the last round is
    not judged, the licence is too low or out of date, or the stage has not its turn. 依据：检验目录各行。
    """
    with suppress(AlreadyDone), act(desk, "submit_inspection", request_id) as doing:
        case = case_row(doing.session, number)
        held = _book(desk, case).kind(kind)
        process = process_for(desk, case)
        place, day = _place(process, held), on or doing.today
        given = _checked(held, facts)
        _refuse_unqualified(doing, desk, case, held, given, day)
        before = last_round(doing.session, case.id, held.id)
        if before is not None and not before.result:
            raise Refusal(f"{held.name}第 {before.round} 轮还没有出意见单，不能再次报验。", "kind")
        _refuse_early(before, held, day)
        _start_clock(doing, desk, case, place, held, before, given, day)
        _refuse_day(doing, process, case, place, What.SUBMITTED, day)
        row = open_round(doing, case, held.id, day, given)
        append(doing, desk, case, process, What.SUBMITTED, stage=place.id, claimed_on=day,
               facts={"inspection": held.name, "round": str(row.round)})
    return rounds(desk, number, kind)[-1]


def brought_about(desk: Desk, number: str, made: RoundRow) -> tuple[str, ...]:
    """What a 报验 did besides, and what its stage still waits for before it can be passed: each a sentence.

    The customer's own stages end with it; papers that the stage asks are told while he stands at the counter.
    """
    with desk.db.read() as session:
        case = case_row(session, number)
        held, process, log = _book(desk, case).kind(made.kind), process_for(desk, case), log_of(session, case.id)
        place = _place(process, held)
        last = next(entry for entry in reversed(log) if entry.what == What.SUBMITTED and entry.stage == place.id)
        ended = [process.stage(entry.stage).name for entry in log if entry.what == What.DONE
                 and entry.stage in held.customer and entry.entered_at == last.entered_at]
        waits = held_back(desk, session, process, case, place.id)
    done = (f"客户的“{'”“'.join(ended)}”随报验记为完成（{made.submitted_on}）",) if ended else ()
    return (*done, *(each.sentence for each in (*waits.lacks, *waits.told)))


def conclude(desk: Desk, number: str, kind: str, result: str, facts: Mapping[str, Any],
             defects: Sequence[Mapping[str, str]] = (), *, on: date | None = None,
             request_id: str | None = None) -> RoundRow:
    """The 意见单 of the open round: 合格 finishes the stage, 不合格 stops the clock and lists what must be mended.

    `facts`: inspected_by, reviewed_by, review_opinion. Each defect has item, remedy, responsible, due_on. Refused for a
    failure without defects, a pass over defects that nobody saw mended, or where no 报验 is open.
    """
    with suppress(AlreadyDone), act(desk, "conclude_inspection", request_id) as doing:
        case = case_row(doing.session, number)
        held = _book(desk, case).kind(kind)
        process, day = process_for(desk, case), on or doing.today
        place, row = _place(process, held), last_round(doing.session, case.id, held.id)
        if row is None or row.result:
            raise Refusal(f"没有待判的{held.name}：请先登记{held.submission}。", "kind")
        if day < row.submitted_on:
            raise Refusal(f"意见单日期早于报验日期 {row.submitted_on.isoformat()}，请核对。", "on")
        _refuse_day(doing, process, case, place, "inspection_concluded", day)
        _refuse_result(result, defects, day)
        _refuse_unmended(doing.session, case, held, result, day)
        close_round(doing, row, result, day, dict(facts))
        _list_defects(doing, case, row, defects)
        doing.note("case", case.id, "inspection_concluded", claimed_on=day, facts={
            "inspection": held.name, "round": str(row.round), "result": result, "defects": str(len(defects))})
        doing.session.flush()
        if result == PASSED:
            carry_out(doing, desk, case, place, What.DONE, _stage_facts(place, facts, day), day)
        else:
            _stop_clock(doing, desk, case, process, place, held, row.round, day)
    return rounds(desk, number, kind)[-1]


def mend(desk: Desk, number: str, defects: Sequence[int], seen_by: str, *, on: date | None = None,
         request_id: str | None = None) -> tuple[RoundRow, ...]:
    """Defects (their ids) were seen mended on that day (销号); refused without the name of who saw it, before the
    意见单 that found them, and in a closed case."""
    if not seen_by.strip():
        raise Refusal("请填写复核人。", "seen_by")
    with suppress(AlreadyDone), act(desk, "mend_defects", request_id) as doing:
        case, day = case_row(doing.session, number), on or doing.today
        rows = doing.session.scalars(select(Defect).where(
            Defect.case_id == case.id, Defect.id.in_(list(defects)), Defect.mended_on.is_(None))).all()
        if not rows or len(rows) != len(set(defects)):
            raise Refusal("所选的缺陷不在待整改之列，请刷新后再看。", "defects")
        if day > doing.today:
            raise Refusal("复核日期晚于今天，请改为实际日期。", "on")
        refuse_closed(case, "再销号")
        judged = doing.session.scalar(select(func.max(Inspection.concluded_on)).where(
            Inspection.id.in_([row.inspection_id for row in rows])))
        if judged is not None and day < judged:
            raise Refusal(f"复核日期早于查出缺陷的意见单（{judged}），请改为实际日期。", "on")
        for row in rows:
            row.mended_on, row.seen_by = day, seen_by.strip()
            doing.touch(row)
        doing.note("case", case.id, "defects_mended", claimed_on=day, facts={
            "defects": "、".join(row.item for row in rows), "seen_by": seen_by.strip()})
    return rounds(desk, number)


def rounds(desk: Desk, number: str, kind: str = "") -> tuple[RoundRow, ...]:
    """The rounds of a case, of one kind or of all, the first one first."""
    with desk.db.read() as session:
        case = case_row(session, number)
        book = _book(desk, case)
        return _rounds(session, book, case.id, book.kind(kind).id if kind else "")


def inspection_kinds(desk: Desk, process: Process) -> tuple[InspectionKind, ...]:
    """The inspections that a case of this kind may come to, by its own release."""
    return desk.rules_of(process.release).inspections.kinds


def _book(desk: Desk, case: Case) -> InspectionBook:
    return desk.rules_of(case.release).inspections


def _rounds(session: Session, book: InspectionBook, case_id: int, kind: str) -> tuple[RoundRow, ...]:
    query = select(Inspection).where(Inspection.case_id == case_id).order_by(Inspection.id)
    found = session.scalars(query.where(Inspection.kind == kind) if kind else query).all()
    defects = session.scalars(select(Defect).where(Defect.case_id == case_id).order_by(Defect.id)).all()
    return tuple(RoundRow(
        row.kind, book.kind(row.kind).name, row.round, row.submitted_on, dict(row.submission), row.result,
        row.concluded_on, dict(row.conclusion), tuple(_defect_row(d) for d in defects if d.inspection_id == row.id))
        for row in found)


def overdue_defects(desk: Desk) -> tuple[OverdueDefect, ...]:
    """Every defect of an open case whose time is over, the longest first."""
    query = select(Case.number, Customer.name, Account.address, Defect.item, Defect.responsible, Defect.due_on).join(
        Case, Case.id == Defect.case_id).join(Customer, Customer.id == Case.customer_id).join(
        Account, Account.id == Case.account_id).where(
        Defect.mended_on.is_(None), Defect.due_on < desk.today, Case.closed_on.is_(None))
    with desk.db.read() as session:
        return tuple(OverdueDefect(*row) for row in session.execute(query.order_by(Defect.due_on, Defect.id)))


def first_pass(desk: Desk, first: date, last: date) -> tuple[Tally, ...]:
    """一次通过 of each kind of inspection, of the rounds judged from `first` to `last`."""
    with desk.db.read() as session:
        return tuple(tally(kind.name, [(row.round, row.result) for row in session.execute(
            select(Inspection.round, Inspection.result).where(
                Inspection.kind == kind.id, Inspection.concluded_on.between(first, last)))])
            for kind in desk.catalog.inspections.kinds)


def _defect_row(row: Defect) -> DefectRow:
    return DefectRow(row.id, row.number, row.item, row.remedy, row.responsible, row.due_on, row.mended_on, row.seen_by)


def _place(process: Process, kind: InspectionKind) -> Stage:
    """The stage of this process that the inspection judges; refused where it has none."""
    found = next((stage for stage in process.stages if stage.id in kind.stages), None)
    if found is None:
        raise Refusal(f"“{process.name}”没有{kind.name}。", "kind")
    return found


def _checked(kind: InspectionKind, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What was handed in, as it is kept; refused where a field is malformed or not asked."""
    strange = [name for name in facts if name not in kind.asks]
    if strange:
        raise Refusal(f"{kind.submission}不需要填“{'、'.join(strange)}”，请核对字段名。", strange[0])
    kept = {name: value for name, value in facts.items() if value not in ("", None)}
    faults = [Missing(told(name, wrong), name) for name, value in kept.items() if (wrong := check(name, value))]
    if faults:
        raise Refusal(f"{kind.submission}有填错的内容，请改正：", faults[0].field, tuple(faults))
    return kept


def _refuse_unqualified(doing: Act, desk: Desk, case: Case, kind: InspectionKind, facts: Mapping[str, Any],
                        day: date) -> None:
    """Where the customer has no works of his own, nobody had to be licensed for them."""
    known = {**case.answers, **done_facts(doing.session, case.id)}
    if known.get("customer_works") == "无":
        return
    lacks = _book(desk, case).unqualified(kind, facts, str(known.get("voltage") or ""), day)
    if lacks:
        named = tuple(Missing(f"{lack.sentence}：{field(str(lack.field)).label}" if lack.sentence.startswith("请填写")
                              else lack.sentence, lack.field) for lack in lacks)
        raise Refusal(f"{kind.submission}的资质不符：", lacks[0].field, named)


def _refuse_early(before: Inspection | None, kind: InspectionKind, day: date) -> None:
    """What failed is handed in again after its 意见单."""
    judged = before.concluded_on if before is not None else None
    if judged is not None and day < judged:
        raise Refusal(f"{kind.submission}日期 {day} 早于上一轮意见单（{judged}），请核对。", "on")


def _start_clock(doing: Act, desk: Desk, case: Case, place: Stage, kind: InspectionKind, before: Inspection | None,
                 given: Mapping[str, Any], day: date) -> None:
    """The customer's part is done with the 报验; after a failure that paused the case its stage begins anew."""
    process = process_for(desk, case)
    track = fold(process, log_of(doing.session, case.id))
    if before is not None and before.result == FAILED and track.runs[place.id].began is not None:
        if track.halted(day):
            carry_out(doing, desk, case, place, What.RESUMED, {}, day)
        carry_out(doing, desk, case, place, What.SENT_BACK, {"to": place.id, "reason": AGAIN}, day)
        return
    for stage in (stage for stage in process.stages if stage.id in kind.customer):
        run = fold(process, log_of(doing.session, case.id)).runs[stage.id]
        if run.began and not run.done_on:
            facts = {name: value for name, value in given.items() if name in stage.fields}
            carry_out(doing, desk, case, stage, What.DONE, facts, day)
    _refuse_not_its_turn(process, fold(process, log_of(doing.session, case.id)), place)


def _refuse_day(doing: Act, process: Process, case: Case, place: Stage, what: str, day: date) -> None:
    """A day to come, or one before the stage had begun, is refused in words."""
    log = log_of(doing.session, case.id)
    if lacks := may(process, log, place.id, what, on=day, today=doing.today):
        raise Refusal("日期不对：", "on", lacks)


def _refuse_not_its_turn(process: Process, track: Any, place: Stage) -> None:
    run = track.runs[place.id]
    if run.done_on is not None:
        raise Refusal(f"{place.name}已于 {run.done_on.isoformat()} 完成，无须再报验。", "kind")
    if run.began is None and track.unmet(place):
        waits = "、".join(stage.name for stage in track.unmet(place))
        raise Refusal(f"{place.name}还没有轮到：{waits}尚未完成。", "kind")
    if run.began is None and not track.applies(place):
        raise Refusal(f"本工单按已登记的情况不需要{place.name}。", "kind")


def _refuse_result(result: str, defects: Sequence[Mapping[str, str]], day: date) -> None:
    if result not in (PASSED, FAILED):
        raise Refusal(f"结论应为{PASSED}或{FAILED}。", "result")
    if result == PASSED and defects:
        raise Refusal("有缺陷的应判不合格，逐项整改复核后再判合格。", "defects")
    if result == FAILED and not defects:
        raise Refusal("判不合格应逐项写明缺陷、责任单位和整改期限。", "defects")
    for place, row in enumerate(defects, 1):
        lacks = [word for name, word in (("item", "缺陷"), ("responsible", "责任单位（人）"), ("due_on", "整改期限"))
                 if not row.get(name)]
        if lacks:
            raise Refusal(f"缺陷第 {place} 行缺少{'、'.join(lacks)}。", "defects")
    if wrong := check("defects", [dict(row) for row in defects]):
        raise Refusal(f"{wrong}。", "defects")
    if any(date.fromisoformat(row["due_on"]) < day for row in defects):
        raise Refusal("整改期限早于意见单日期，请核对。", "defects")
    for row in defects:
        refuse_far(date.fromisoformat(row["due_on"]), day, "整改期限", "defects")


def _refuse_unmended(session: Session, case: Case, kind: InspectionKind, result: str, day: date) -> None:
    """Nothing passes before its defects were seen mended."""
    mended = session.scalar(select(func.max(Defect.mended_on)).join(Inspection, Inspection.id == Defect.inspection_id)
                            .where(Defect.case_id == case.id, Inspection.kind == kind.id))
    if result == PASSED and mended is not None and day < mended:
        raise Refusal(f"缺陷 {mended} 才销号，合格的意见单不能早于这一天，请核对。", "on")


def _list_defects(doing: Act, case: Case, row: Inspection, defects: Sequence[Mapping[str, str]]) -> None:
    for place, each in enumerate(defects, 1):
        doing.session.add(Defect(
            inspection_id=row.id, case_id=case.id, number=place, item=each["item"], remedy=each.get("remedy", ""),
            responsible=each["responsible"], due_on=date.fromisoformat(each["due_on"]), **doing.marks()))


def _stage_facts(place: Stage, facts: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What the stage asks, from what the 意见单 says: its own names for day, inspector and result."""
    said: dict[str, Any] = {name: facts[name] for name in CONCLUDED if name in place.fields and facts.get(name)}
    for name in place.fields:
        if name.endswith("_on"):
            said[name] = day.isoformat()
        elif name.endswith("_by") and facts.get("inspected_by") and name not in said:
            said[name] = facts["inspected_by"]
    return {**said, place.passes.field: place.passes.value} if place.passes else said


def _stop_clock(doing: Act, desk: Desk, case: Case, process: Process, place: Stage, kind: InspectionKind, round_: int,
                day: date) -> None:
    """From the 意见单 on the time is the customer's."""
    reason = f"{kind.name}第 {round_} 轮不合格"
    track = fold(process, log_of(doing.session, case.id))
    theirs = [stage for stage in kind.customer if stage in track.runs and track.runs[stage].began]
    if theirs:
        carry_out(doing, desk, case, place, What.SENT_BACK, {"to": theirs[0], "reason": reason}, day)
        return
    word = next(each for each in process.pause_reasons if "整改" in each)
    # past the posts that may allow a pause: the 意见单 itself stops the clock
    append(doing, desk, case, process, What.PAUSED, stage=place.id, claimed_on=day,
           facts={"reason": word, "evidence": f"{reason}的意见单"})
