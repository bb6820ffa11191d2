"""A case from hand to hand: handed over with a reason and taken over by who accepts it, recalled, sent back.

谁受理谁负责: the first acceptor stays named on the case whoever owns it now; it has an owner at every moment, for until
the receiver accepts it stays the giver's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from db.cases import Case
from db.clerks import Clerk
from db.customers import Customer
from db.entries import Entry
from db.handovers import Handover
from db.meters import Meter
from desktop.domain.caselog import LogEntry, What
from desktop.domain.undoing import Undone, recallable, told, undone
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import Act, AlreadyDone, act
from desktop.usecases.casework import append, case_row, log_of, process_for, refuse_closed, stage_named
from desktop.usecases.closing import alive
from desktop.usecases.desk import Desk
from desktop.usecases.inspection_keeping import reopen_round
from desktop.usecases.undoing import carried_by

LEADERS = ("班长", "主管", "管理员")  # may recall what another clerk submitted
ACCEPTED, DECLINED, WITHDRAWN = "接收", "退回", "撤回"


@dataclass(frozen=True)
class Offer:
    """A case that waits to be taken over. `by`: who handed it over for the giver; empty if he did it himself."""

    id: int
    case: str
    customer: str
    giver: str
    receiver: str
    reason: str
    offered_at: datetime
    by: str = ""

    @property
    def from_whom(self) -> str:
        """The giver, and who handed over in his stead."""
        return f"{self.giver}（{self.by}代移交）" if self.by else self.giver


@dataclass(frozen=True)
class Undoing:
    """What sending a case back would undo: its stages, and in words what else must then be seen to."""

    stages: tuple[Undone, ...]
    beside: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return told(self.stages) + "".join(self.beside)


@dataclass(frozen=True)
class Load:
    """A clerk's open cases: all of them, due today, overdue, and those offered to him that he has not answered."""

    number: str
    name: str
    post: str
    open: int
    today: int
    overdue: int
    offered: int


def offer(desk: Desk, number: str, to_clerk: str, reason: str, *, request_id: str | None = None) -> None:
    """Hand a case over to the clerk with 工号 `to_clerk`: it becomes his when he accepts it."""
    with suppress(AlreadyDone), act(desk, "offer_case", request_id) as doing:
        offer_case(doing, case_row(doing.session, number), to_clerk, reason)


def offer_case(doing: Act, case: Case, to_clerk: str, reason: str) -> None:
    """The offer within an act; refused without a reason, to its owner, or while another offer waits."""
    if not reason.strip():
        raise Refusal("请写明移交的原因。", "reason")
    refuse_closed(case, "再移交")
    receiver = doing.session.scalar(select(Clerk.id).where(Clerk.number == to_clerk.strip(), Clerk.active))
    if receiver is None:
        raise Refusal(f"没有工号为“{to_clerk}”的在岗人员，不能移交。请核对工号。", "to_clerk")
    if receiver == case.owner_id:
        raise Refusal("这张工单本来就由这位同事负责，无须移交。", "to_clerk")
    if _open_offer(doing.session, case.id) is not None:
        raise Refusal("这张工单已有一次移交在等对方接收，请先撤回那一次。", "to_clerk")
    doing.session.add(Handover(case_id=case.id, giver_id=case.owner_id, receiver_id=receiver, reason=reason.strip(),
                               offered_at=doing.now))
    doing.note("case", case.id, "handover_offered", facts={"to": to_clerk.strip(), "note": reason.strip()})


def answer(desk: Desk, number: str, accept: bool, remark: str = "", *, request_id: str | None = None) -> None:
    """The receiver takes the case over, or gives it back with a reason; refused for anybody else."""
    with suppress(AlreadyDone), act(desk, "answer_handover", request_id) as doing:
        case = case_row(doing.session, number)
        waiting = _open_offer(doing.session, case.id)
        if waiting is None or waiting.receiver_id != doing.clerk_id:
            raise Refusal("这张工单没有等您接收的移交。")
        refuse_closed(case, "再移交")
        if not accept and not remark.strip():
            raise Refusal("请写明退回的原因。", "remark")
        _answered(doing, waiting, ACCEPTED if accept else DECLINED, remark)
        if accept:
            case.owner_id = waiting.receiver_id
            doing.touch(case)
        giver = doing.session.get_one(Clerk, waiting.giver_id)
        doing.note("case", case.id, "handed_over" if accept else "handover_declined",
                   facts={"from": giver.number, "note": remark.strip() or waiting.reason})


def withdraw(desk: Desk, number: str, *, request_id: str | None = None) -> None:
    """The giver (or a leader) takes an unanswered offer back."""
    with suppress(AlreadyDone), act(desk, "withdraw_handover", request_id) as doing:
        case = case_row(doing.session, number)
        waiting = _open_offer(doing.session, case.id)
        if waiting is None:
            raise Refusal("这张工单没有等待接收的移交，无须撤回。")
        if doing.clerk_id != waiting.giver_id and not _leads(desk):
            raise Refusal("只有移交人或班长、主管可以撤回移交。")
        _answered(doing, waiting, WITHDRAWN, "")
        doing.note("case", case.id, "handover_withdrawn")


def offers(desk: Desk) -> tuple[Offer, ...]:
    """The cases that wait for the clerk at the desk to take them over, the longest first."""
    return _offers(desk, Handover.receiver_id == (desk.clerk.id if desk.clerk else -1))


def offer_of(desk: Desk, number: str) -> Offer | None:
    """The unanswered offer of a case, or None."""
    return next(iter(_offers(desk, Case.number == number)), None)


def recall(desk: Desk, number: str, stage: str, reason: str, *, request_id: str | None = None) -> None:
    """Take back a finished stage as if it had not been submitted; its clock goes on from where it began.

    Refused once the next stage was worked on, for another clerk's work (but by a leader), and after the connection.
    """
    if not reason.strip():
        raise Refusal("请写明召回的原因。", "reason")
    with suppress(AlreadyDone), act(desk, "recall", request_id) as doing:
        case = case_row(doing.session, number)
        process = process_for(desk, case)
        place = stage_named(process, stage)
        log = log_of(doing.session, case.id)
        entry = _recallable(desk, recallable(process, log, place.id))
        append(doing, desk, case, process, What.RECALLED, stage=place.id,
               facts={"of": str(entry.seq), "reason": reason.strip()})
        reopen_round(doing, desk.rules_of(case.release).inspections, case, place, log)


def would_undo(desk: Desk, number: str, to: str) -> Undoing:
    """What sending the case back to that stage would undo, told before it is done."""
    with desk.db.read() as session:
        case = case_row(session, number)
        process = process_for(desk, case)
        found = undone(process, log_of(session, case.id), stage_named(process, to).id)
        deeds = carried_by(session, case, [each.stage for each in found])
        gone = (f"已登记的{'、'.join(deeds)}一并撤销，重做时再登记。",) if deeds else ()
        return Undoing(found, (*gone, *_beside(session, case)))


def loads(desk: Desk) -> tuple[Load, ...]:
    """How many open cases each clerk owns, in the order of their numbers."""
    running = Case.paused.is_(False) | (Case.paused_until <= desk.today)
    with desk.db.read() as session:
        counted = {name: _counts(session, *conditions) for name, conditions in {
            "open": (), "today": (Case.due_on == desk.today, running),
            "overdue": (Case.due_on < desk.today, running)}.items()}
        waiting = _pairs(session.execute(select(Handover.receiver_id, func.count()).join(
            Case, Case.id == Handover.case_id).where(
            Handover.answered_at.is_(None), Case.closed_on.is_(None)).group_by(Handover.receiver_id)).all())
        clerks = session.execute(select(Clerk.id, Clerk.number, Clerk.name, Clerk.post).where(
            Clerk.active).order_by(Clerk.number)).all()
    return tuple(Load(row.number, row.name, row.post, counted["open"].get(row.id, 0), counted["today"].get(row.id, 0),
                      counted["overdue"].get(row.id, 0), waiting.get(row.id, 0)) for row in clerks)


def _pairs(rows: Iterable[Row[*tuple[int, Any]]]) -> dict[int, Any]:
    return {row[0]: row[1] for row in rows}


def _counts(session: Session, *conditions: object) -> Mapping[int, int]:
    query = select(Case.owner_id, func.count()).where(Case.closed_on.is_(None), *conditions)  # type: ignore[arg-type]
    return _pairs(session.execute(query.group_by(Case.owner_id)).all())


def _open_offer(session: Session, case_id: int) -> Handover | None:
    return session.scalars(select(Handover).where(
        Handover.case_id == case_id, Handover.answered_at.is_(None))).one_or_none()


def _answered(doing: Act, waiting: Handover, how: str, remark: str) -> None:
    waiting.answered_at, waiting.answer, waiting.remark = doing.now, how, remark.strip()


_OFFERED_BY = select(Entry.clerk_id).where(
    Entry.subject == "case", Entry.subject_id == Handover.case_id, Entry.what == "handover_offered").order_by(
    Entry.id.desc()).limit(1).correlate(Handover).scalar_subquery()


def _offers(desk: Desk, *conditions: object) -> tuple[Offer, ...]:
    with desk.db.read() as session:
        names = _pairs(session.execute(select(Clerk.id, Clerk.name)).all())
        found = session.execute(select(
            Handover.id, Case.number, Customer.name, Handover.giver_id, Handover.receiver_id, Handover.reason,
            Handover.offered_at, _OFFERED_BY).join(Case, Case.id == Handover.case_id).join(
            Customer, Customer.id == Case.customer_id).where(
            Handover.answered_at.is_(None), Case.closed_on.is_(None), *conditions).order_by(Handover.id)).all()  # type: ignore[arg-type]
    return tuple(Offer(row[0], row[1], row[2], names[row[3]], names[row[4]], row[5], row[6],
                       "" if row[7] in (None, row[3]) else names[row[7]]) for row in found)


def _recallable(desk: Desk, found: LogEntry | Missing) -> LogEntry:
    if isinstance(found, Missing):
        raise Refusal(f"{found.sentence}。", "stage")
    if desk.clerk is not None and found.clerk != desk.clerk.number and not _leads(desk):
        raise Refusal(f"这一环节由{found.clerk_name}提交，只有本人或班长、主管可以召回。", "stage")
    return found


def _leads(desk: Desk) -> bool:
    return desk.clerk is not None and desk.clerk.post in LEADERS


def _beside(session: Session, case: Case) -> list[str]:
    """What does not go back with the stages: contracts that stand, meters that hang."""
    said = [f"合同 {row.key}（{row.state}）不随退回变动，内容有变的要作废重签或补充。" for row in alive(session, case)]
    hung = session.execute(select(Meter.serial, Meter.installed_on).where(
        Meter.case_id == case.id, Meter.removed_on.is_(None))).all()
    return said + [f"表号 {serial}（{day.isoformat()} 装）仍登记在本户，重新登记装表时核对。" for serial, day in hung]
