"""交接班: one clerk tells the next what is open and what to mind; the next confirms it with his name and the time, or
gives it back with why.

What was told is kept as it was told, and printed from there; a case's owner does not change by it. A clerk has one
shift that waits for its answer: told anew to the same receiver, the new list stands in the place of the old.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import aliased

from db.clerks import Clerk
from db.entries import Entry
from db.shifts import Shift
from desktop.errors import Refusal
from desktop.usecases.acting import Act, AlreadyDone, act, entry_moment
from desktop.usecases.case_listing import CaseFilter, CaseRow, cases
from desktop.usecases.desk import ClerkView, Desk
from desktop.usecases.handing_over import LEADERS
from desktop.usecases.staffing import hall, is_practice
from printing.fonts import faces
from printing.hall_paper import Signs, Table, Told, Words, hall_pdf

CHUNK = 200
COLUMNS = ("number", "customer", "kind", "stage", "status", "due", "level")
CONFIRMED, DECLINED, WITHDRAWN = "确认", "退回", "撤回"
ANEW = "已另行交班"
_WHAT = {DECLINED: "shift_declined", WITHDRAWN: "shift_withdrawn"}  # in the log


@dataclass(frozen=True)
class ShiftView:
    """One handing over. `lines` are dicts of text: number, customer, kind, stage, status, due, level, note. `answer` is
    确认, 退回 or 撤回 at `confirmed_at`; empty while it waits."""

    id: int
    giver: str
    giver_id: int
    receiver: str
    receiver_id: int
    note: str
    lines: tuple[Mapping[str, str], ...]
    given_at: datetime
    confirmed_at: datetime | None
    remark: str
    answer: str

    @property
    def told(self) -> str:
        """How it stands, in a few words: 11-23 09:10 已确认; empty while it waits."""
        return f"{self.confirmed_at:%m-%d %H:%M} 已{self.answer}" if self.confirmed_at else ""


def open_lines(desk: Desk) -> tuple[dict[str, str], ...]:
    """What the clerk at the desk has open now, the nearest due first, as it would be told."""
    rows: list[CaseRow] = []
    page = cases(desk, CaseFilter(mine=True, open_only=True), limit=CHUNK)
    rows += page.rows
    while page.next is not None:
        page = cases(desk, CaseFilter(mine=True, open_only=True), page.next, CHUNK)
        rows += page.rows
    ordered = sorted(rows, key=lambda row: (row.due_on is None, str(row.due_on), row.number))
    return tuple(_line(row) for row in ordered)


def _line(row: CaseRow) -> dict[str, str]:
    return {"number": row.number, "customer": row.customer, "kind": row.kind, "stage": row.stage,
            "status": row.status, "due": str(row.due_on or ""), "level": row.level, "note": ""}


def hand_over_shift(desk: Desk, receiver: ClerkView, note: str = "", notes: Mapping[str, str] | None = None, *,
                    request_id: str | None = None) -> ShiftView:
    """Hand the shift to `receiver` with what is open now; `notes` by case number say what to mind of each.

    An earlier list that the same receiver has not answered is withdrawn for this one. Refused to oneself, to one who
    has left, with a note to a case that is not among the open ones, and while another receiver has a list to answer.
    """
    giver = desk.clerk
    if giver is not None and giver.id == receiver.id:
        raise Refusal("不能交接给自己，请选择接班人。", "receiver")
    if not receiver.active:
        raise Refusal(f"{receiver.name}已不在岗，请选择在岗的接班人。", "receiver")
    lines, said = open_lines(desk), {number: text.strip() for number, text in (notes or {}).items()}
    strange = sorted(set(said) - {line["number"] for line in lines})
    if strange:
        raise Refusal(f"工单 {'、'.join(strange)} 不在您的在办清单里，不能写交接事项。", "notes")
    told = [line | {"note": said.get(line["number"], "")} for line in lines]
    try:
        with act(desk, "hand_over_shift", request_id) as doing:
            _replace_waiting(doing, receiver)
            shift_id = doing.session.execute(insert(Shift).values(
                giver_id=doing.clerk_id, receiver_id=receiver.id, note=note.strip(), content=told,
                given_at=doing.now).returning(Shift.id)).scalar_one()
            doing.note("shift", shift_id, "shift_given", facts={"to": receiver.number, "cases": len(told)})
            doing.result = str(shift_id)
    except AlreadyDone as done:
        shift_id = int(done.result)
    return shift(desk, shift_id)


def _replace_waiting(doing: Act, receiver: ClerkView) -> None:
    """Of the giver's lists that nobody has answered the same receiver's makes room, another's must be settled."""
    query = select(Shift.id, Shift.receiver_id, Clerk.name, Shift.given_at).join(Clerk, Clerk.id == Shift.receiver_id)
    waiting = query.where(Shift.giver_id == doing.clerk_id, Shift.confirmed_at.is_(None))
    for shift_id, receiver_id, name, given_at in doing.session.execute(waiting).all():
        if receiver_id != receiver.id:
            told = f"您 {given_at:%m-%d %H:%M} 交给{name}的班还没有确认。请先撤回那一次，再交给别人。"
            raise Refusal(told, "receiver")
        _answer(doing, shift_id, WITHDRAWN, ANEW)


def confirm_shift(desk: Desk, shift_id: int, remark: str = "", *, request_id: str | None = None) -> ShiftView:
    """The receiver takes the shift over; refused to anybody else, and once it was answered or withdrawn."""
    return _answered(desk, _of_receiver(desk, shift_id, CONFIRMED), CONFIRMED, remark, "confirm_shift", request_id)


def decline_shift(desk: Desk, shift_id: int, remark: str, *, request_id: str | None = None) -> ShiftView:
    """The receiver gives the list back with why; refused without a reason, and as `confirm_shift` is."""
    kept = _of_receiver(desk, shift_id, DECLINED)
    if not remark.strip():
        raise Refusal("请写明退回的原因。", "remark")
    return _answered(desk, kept, DECLINED, remark, "decline_shift", request_id)


def withdraw_shift(desk: Desk, shift_id: int, *, request_id: str | None = None) -> ShiftView:
    """The giver (or a leader) takes back what nobody has answered; refused to others, and once it was answered."""
    kept = shift(desk, shift_id)
    if desk.clerk is not None and desk.clerk.id != kept.giver_id and desk.clerk.post not in LEADERS:
        raise Refusal("只有交班人或班长、主管可以撤回交班。", "giver")
    return _answered(desk, kept, WITHDRAWN, "", "withdraw_shift", request_id)


def _of_receiver(desk: Desk, shift_id: int, how: str) -> ShiftView:
    kept = shift(desk, shift_id)
    if desk.clerk is not None and desk.clerk.id != kept.receiver_id:
        raise Refusal(f"这次交接由 {kept.receiver} {how}，请由本人登录后{how}。", "receiver")
    return kept


def _answered(desk: Desk, kept: ShiftView, how: str, remark: str, verb: str, request_id: str | None) -> ShiftView:
    with suppress(AlreadyDone), act(desk, verb, request_id) as doing:
        if not _answer(doing, kept.id, how, remark.strip()):
            now = shift(desk, kept.id)  # another desk may have been faster
            raise Refusal(f"这次交接已于 {now.confirmed_at:%Y-%m-%d %H:%M} {now.answer}过了。")
    return shift(desk, kept.id)


def _answer(doing: Act, shift_id: int, how: str, remark: str) -> bool:
    """Answer what waits; whether it still waited."""
    taken = doing.session.execute(update(Shift).where(
        Shift.id == shift_id, Shift.confirmed_at.is_(None)).values(confirmed_at=doing.now, remark=remark)
        .returning(Shift.id)).scalar_one_or_none()
    if taken is not None:
        doing.note("shift", shift_id, _WHAT.get(how, "shift_confirmed"), facts={"remark": remark})
    return taken is not None


_GIVER, _RECEIVER = aliased(Clerk), aliased(Clerk)
_VIEWS = select(
    Shift.id, _GIVER.name, Shift.giver_id, _RECEIVER.name, Shift.receiver_id, Shift.note, Shift.content, Shift.given_at,
    Shift.confirmed_at, Shift.remark, Entry.what,
).join(_GIVER, _GIVER.id == Shift.giver_id).join(_RECEIVER, _RECEIVER.id == Shift.receiver_id).outerjoin(
    Entry, (Entry.subject == "shift") & (Entry.subject_id == Shift.id) & Entry.what.in_(_WHAT.values()))


def shift(desk: Desk, shift_id: int) -> ShiftView:
    """One handing over; refused if there is none of that number."""
    with desk.db.read() as session:
        row = session.execute(_VIEWS.where(Shift.id == shift_id)).one_or_none()
    if row is None:
        raise Refusal(f"没有编号为 {shift_id} 的交接班记录，请刷新后再选。", "record")
    return _view(row)


def shifts(desk: Desk, limit: int = 20) -> tuple[ShiftView, ...]:
    """The latest, the newest first."""
    with desk.db.read() as session:
        query = _VIEWS.order_by(Shift.given_at.desc(), Shift.id.desc()).limit(limit)
        return tuple(_view(row) for row in session.execute(query))


def awaiting(desk: Desk) -> tuple[ShiftView, ...]:
    """What the clerk at the desk has still to confirm, the oldest first."""
    whose = desk.clerk.id if desk.clerk else 0
    with desk.db.read() as session:
        query = _VIEWS.where(Shift.confirmed_at.is_(None), Shift.receiver_id == whose).order_by(Shift.id)
        return tuple(_view(row) for row in session.execute(query))


def given(desk: Desk) -> tuple[ShiftView, ...]:
    """What the clerk at the desk gave and nobody has answered."""
    whose = desk.clerk.id if desk.clerk else 0
    with desk.db.read() as session:
        query = _VIEWS.where(Shift.confirmed_at.is_(None), Shift.giver_id == whose).order_by(Shift.id)
        return tuple(_view(row) for row in session.execute(query))


def _view(row: Sequence[Any]) -> ShiftView:
    number, giver, giver_id, receiver, receiver_id, note, lines, given_at, answered_at, remark, what = row
    answer = next((how for how, word in _WHAT.items() if word == what), CONFIRMED if answered_at else "")
    return ShiftView(number, giver, giver_id, receiver, receiver_id, note, tuple(lines), given_at, answered_at, remark,
                     answer)


def shift_pdf(desk: Desk, shift_id: int) -> bytes:
    """The sheet of a handing over, printable, as it was told."""
    kept = shift(desk, shift_id)
    own = hall(desk)
    heads = (("工单号", "left"), ("客户", "left"), ("环节", "left"), ("状态", "left"), ("到期", "left"),
             ("交接事项", "left"))
    rows = [[line[name] for name in ("number", "customer", "stage", "status", "due", "note")] for line in kept.lines]
    who = "本次交班" if kept.answer == WITHDRAWN else kept.receiver
    confirmed = (f"{who} 已于 {kept.confirmed_at:%Y-%m-%d %H:%M} {kept.answer}" if kept.confirmed_at
                 else f"{kept.receiver} 尚未确认")
    about = f"交班 {kept.giver}    接班 {kept.receiver}    {kept.given_at:%Y-%m-%d %H:%M}"
    parts = (
        Table(f"在办工单 {len(rows):,} 件", heads, rows, "没有在办的工单"),  # type: ignore[arg-type]
        Words(f"其他事项：{kept.note or '无'}"), Words(confirmed + (f"：{kept.remark}" if kept.remark else ""), True),
        Signs(((f"交班人（签名）：{kept.giver}", f"接班人（签名）：{kept.receiver}"),)))
    told = Told("交接班单", about, parts, own.get("hall_name") or own.get("supplier_name", ""), is_practice(desk))
    return hall_pdf(told, faces(desk.fonts), entry_moment(desk))
