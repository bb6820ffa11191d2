"""Collecting a case's papers: what was found of each, marked by whom and how; promised anew; taken over; handed in.

Every mark is an act of the case's log; what the lists need of it (state, due day) stands in the paper's row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.cases import Case, CaseMaterial
from db.customers import Account, Customer
from db.files import Attachment
from desktop.domain.address import address_form
from desktop.domain.dossier import (
    ASKED,
    MARKED,
    MOVED,
    SUPPLIED,
    Item,
    another_persons,
    dossier,
    faults,
    notices,
    serves_again,
    taken_over,
)
from desktop.domain.kind import fault, tidied
from desktop.domain.material import HERE, Mark, Material, Way
from desktop.domain.process import Process
from desktop.domain.slip import refuse_far
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import Act, AlreadyDone, act, history
from desktop.usecases.casework import case_row, process_for, refuse_closed
from desktop.usecases.desk import Desk
from desktop.usecases.filing import attach_kept
from desktop.usecases.withholding import SUBJECT

EARLIER = 30  # cases of a customer that are looked through for papers given before


@dataclass(frozen=True)
class Sheet:
    """One paper of a case whole: its row, what the log tells of it, what looks odd."""

    code: str
    name: str
    demand: str
    state: str
    supplier: str
    due_on: date | None
    supplied_on: date | None
    open: bool
    stage: str
    item: Item
    notices: tuple[str, ...]
    kinds: tuple[str, ...]
    examples: str
    shared_from: str
    offer: Offer | None = None
    basis: str = ""


@dataclass(frozen=True)
class Offer:
    """A paper that the customer gave in an earlier case and that is valid today: one key takes it over."""

    code: str
    name: str
    from_case: str
    given_on: date
    kind: str
    valid_until: date | None
    checked_by: str
    files: tuple[tuple[str, str], ...]
    facts: Mapping[str, Any]

    @property
    def told(self) -> str:
        """The offer in a line."""
        valid = f"，有效期至 {self.valid_until.isoformat()}" if self.valid_until else ""
        checked = f"，{self.checked_by}" if self.checked_by else ""
        files = f"，{len(self.files)} 份文件" if self.files else ""
        return f"{self.from_case} 已交过{self.kind or self.name}（{self.given_on.isoformat()}{valid}{checked}{files}）"


def sheets(desk: Desk, number: str) -> tuple[Sheet, ...]:
    """All papers of a case, with what was found of each and what can be taken over from earlier cases."""
    with desk.db.read() as session:
        case = case_row(session, number)
        process = process_for(desk, case)
        items = dossier(history(session, SUBJECT, case.id))
        rows = _rows(session, case.id)
        wanted = [row.code for row in rows if row.state not in HERE]
        given = () if case.closed_on is not None else _offers(
            desk, session, process, _persons(session, case), case.answers, case.id)
        offered = {each.code: each for each in given if each.code in wanted}
    return tuple(_sheet(desk, process, row, items.get(row.code, Item(row.code)), offered.get(row.code),
                        case.answers) for row in rows)


def _rows(session: Session, case_id: int) -> Sequence[CaseMaterial]:
    return session.scalars(
        select(CaseMaterial).where(CaseMaterial.case_id == case_id).order_by(CaseMaterial.id)).all()


def _sheet(desk: Desk, process: Process, row: CaseMaterial, item: Item, offer: Offer | None,
           answers: Mapping[str, Any]) -> Sheet:
    material = paper_of(process, row.code)
    taken = accepted_kinds(desk, process, material)
    odd = (*notices(item, desk.rules_of(process.release).paper_kinds, desk.today),
           *another_persons(item, material.role if material else "", answers)) if row.state in HERE else ()
    return Sheet(row.code, row.name, row.demand, row.state, row.supplier, row.due_on, row.supplied_on, row.open,
                 row.stage, item, odd, taken, material.examples if material else "",
                 material.shared_from if material else "", offer,
                 f"{material.basis.text}（{material.basis.mark}）" if material else "")


def paper_of(process: Process, code: str) -> Material | None:
    """The catalogue's row of a paper; None for one that a later release does not know."""
    return next((m for m in process.materials if m.code == code), None)


def accepted_kinds(desk: Desk, process: Process, material: Material | None) -> tuple[str, ...]:
    """The kinds of paper of which any one will do."""
    groups = material.kinds if material else ()
    kinds = desk.rules_of(process.release).paper_kinds
    return tuple(each.name for each in kinds if each.group in groups and each.accepted)


def tidied_facts(desk: Desk, process: Process, material: Material | None, given: Mapping[str, str],
                 on: date | None = None) -> dict[str, str]:
    """What was found of a paper in the shape it is kept; refused with every fault, each beside its field. Whether it
    was valid is judged by the day `on` that it came (None: today)."""
    strange = [name for name in given if name not in ASKED]
    if strange:
        raise Refusal(f"资料没有“{strange[0]}”这一项，可以填：{'、'.join(ASKED)}。", strange[0])
    kept = {name: tidied(ASKED[name].kind, str(value)) for name, value in given.items()}
    lacks = [Missing(f"{ASKED[name].label}：{why}", name) for name, value in kept.items()
             if value and (why := fault(ASKED[name], value))]
    if not lacks and material is not None:
        lacks = [*faults(material, kept, desk.rules_of(process.release).paper_kinds, on or desk.today)]
    if lacks:
        raise Refusal(lacks[0].sentence, lacks[0].field, tuple(lacks) if len(lacks) > 1 else ())
    return kept


def mark(desk: Desk, number: str, code: str, given: Mapping[str, str], *, state: str = Mark.RECEIVED,
         on: date | None = None, request_id: str | None = None) -> None:
    """Note what was found of a paper: 已收 or 免交, and any of dossier.ASKED; a further mark adds to the earlier ones.

    on: the day it came, from acceptance to today. 免交 needs `source`, where its data come from (default: the
    catalogue's). Refused for an expired paper, a kind that is not accepted, or a closed case.
    """
    if state not in HERE:
        raise Refusal("收件登记为“已收”或“免交”；退还客户或没收到的，请用“改补交日期”。", "state")
    with suppress(AlreadyDone), act(desk, "mark_material", request_id) as doing:
        case, process, row = _awaited(doing, desk, number, code)
        _mark(doing, desk, case, process, row, given, state, on or doing.today)


def _mark(doing: Act, desk: Desk, case: Case, process: Process, row: CaseMaterial, given: Mapping[str, str], state: str,
          on: date) -> None:
    """The mark itself, within an act."""
    if not case.applied_on <= on <= doing.today:
        raise Refusal("收件日期应在受理之日起、今天之前（含今天）。", "on")
    material = paper_of(process, row.code)
    facts: dict[str, Any] = {**tidied_facts(desk, process, material, given, on)}
    if state == Mark.SHARED:
        facts["source"] = _source(facts, material)
    _take(doing, case, row, facts, state, on)


def _take(doing: Act, case: Case, row: CaseMaterial, facts: Mapping[str, Any], state: str, on: date) -> None:
    what = SUPPLIED if row.open else MARKED
    if row.state not in HERE or row.state != state:
        row.supplied_on = on
    row.state, row.open = state, False
    doing.note(SUBJECT, case.id, what, claimed_on=on, facts={
        "code": row.code, "name": row.name, "state": state, **facts})


def _source(facts: Mapping[str, Any], material: Material | None) -> str:
    source = str(facts.get("source") or (material.shared_from if material else ""))
    if not source:
        raise Refusal("请写明免交的数据从哪里取得，如“电子证照库”“不动产登记信息共享”。", "source")
    return source


def _awaited(doing: Act, desk: Desk, number: str, code: str) -> tuple[Case, Process, CaseMaterial]:
    """The case, its process and the paper's row; refused for a closed case and a paper that it does not ask."""
    case = case_row(doing.session, number)
    refuse_closed(case, "再登记资料")
    row = doing.session.scalars(select(CaseMaterial).where(
        CaseMaterial.case_id == case.id, CaseMaterial.code == code.strip().upper())).one_or_none()
    if row is None:
        rows = "、".join(f"{each.code} {each.name}" for each in _rows(doing.session, case.id))
        raise Refusal(f"这件工单不需要“{code}”这份资料。它的资料有：{rows}。", "material")
    return case, process_for(desk, case), row


def promise_anew(desk: Desk, number: str, code: str, due_on: date, reason: str, *,
                 request_id: str | None = None) -> None:
    """A paper is not there (or is given back) and is promised for another day, with the reason.

    due_on: after today and within the paper's own term from today on, in working days. Refused for the identity, which
    nothing is done without. 依据：资料目录各行的 days，没有的取 promise_gate 的。
    """
    if not reason.strip():
        raise Refusal("请写明原因，如“客户外出”“证件过期，换证中”。", "reason")
    with suppress(AlreadyDone), act(desk, "promise_anew", request_id) as doing:
        if due_on <= doing.today:
            raise Refusal("补交日期应在今天之后。", "due_on")
        case, process, row = _awaited(doing, desk, number, code)
        material = paper_of(process, row.code)
        if material is not None and material.role == "identity":
            raise Refusal(f"{row.name}是受理的依据，不能后补。", "material")
        _refuse_beyond_term(desk, process, material, row.name, due_on, doing.today)
        row.state, row.due_on, row.open, row.supplied_on = str(Mark.MISSING), due_on, True, None
        facts = {"code": row.code, "name": row.name, "due_on": due_on.isoformat(), "reason": reason.strip()}
        doing.note(SUBJECT, case.id, MOVED, facts=facts)
        doing.note(SUBJECT, case.id, MARKED, facts={"code": row.code, "name": row.name, "state": str(Mark.MISSING)})


def _refuse_beyond_term(desk: Desk, process: Process, material: Material | None, name: str, due_on: date,
                        today: date) -> None:
    """A paper is promised anew for no longer than it was at acceptance."""
    refuse_far(due_on, today, "补交日期", "due_on")
    term = next((each for each in (material, process.promise_gate) if each is not None and each.days), None)
    if term is None:
        return
    latest = desk.rules_of(process.release).calendar.add_workdays(today, term.days)
    if due_on > latest:
        basis = f"{term.basis.text}，{term.basis.mark}"
        raise Refusal(f"{name}最晚改约到 {latest} 补交：一次最多 {term.days} 个工作日（{basis}），现写的是 {due_on}。"
                      "请改到期限以内，到期仍拿不出的，届时再改约。", "due_on")


def hand_in(desk: Desk, number: str, codes: Sequence[str], *, on: date | None = None,
            request_id: str | None = None) -> tuple[str, ...]:
    """The customer hands several papers in at once (补交); the names of those taken. All of them or none."""
    if not codes:
        raise Refusal("请勾选这次交来的资料。", "material")
    names: list[str] = []
    with suppress(AlreadyDone), act(desk, "hand_in", request_id) as doing:
        for code in dict.fromkeys(codes):
            case, process, row = _awaited(doing, desk, number, code)
            if row.state in HERE:
                raise Refusal(f"{row.name}已于 {row.supplied_on} 收到，无须再交。", "material")
            _mark(doing, desk, case, process, row, {}, Mark.RECEIVED, on or doing.today)
            names.append(row.name)
    return tuple(names)


# --- given before


def offers(desk: Desk, process: Process, answers: Mapping[str, Any],
           customer_id: int | None = None) -> tuple[Offer, ...]:
    """What the customer of this form gave in earlier cases and can be taken over: by his chosen record and by his ID,
    however his name was spelt then."""
    with desk.db.read() as session:
        persons = _of_number(session, str(answers.get("customer_id", "")), customer_id)
        return _offers(desk, session, process, persons, answers, None) if persons else ()


def _persons(session: Session, case: Case) -> Set[int]:
    """The records of the case's customer: its own, and every other with the same ID."""
    number = session.scalar(select(Customer.id_number).where(Customer.id == case.customer_id)) or ""
    return _of_number(session, number, case.customer_id)


def _of_number(session: Session, number: str, customer_id: int | None) -> Set[int]:
    same = session.scalars(select(Customer.id).where(Customer.id_number == number)) if number else ()
    return {*same, *(() if customer_id is None else (customer_id,))}


def _offers(desk: Desk, session: Session, process: Process, persons: Set[int], answers: Mapping[str, Any],
            case_id: int | None) -> tuple[Offer, ...]:
    found: dict[str, Offer] = {}
    place = _place(answers)
    ours = place != "" and _is_still_his(session, place, persons)
    for other in _earlier(session, persons, case_id):
        items = dossier(history(session, SUBJECT, other.id))
        same = ours and _place(other.answers) == place
        for material in process.materials:
            item = items.get(material.code)
            if item and material.code not in found and serves_again(material, item, same, desk.today):
                found[material.code] = _offer(session, other, material, item)
    return tuple(found.values())


def _is_still_his(session: Session, place: str, persons: Set[int]) -> bool:
    """Whether the supply at that place is his or nobody's: after a 过户 his paper of the premises serves no more."""
    owners = set(session.scalars(select(Account.customer_id).where(Account.address_form == place)))
    return not owners or bool(owners & persons)


def _earlier(session: Session, persons: Set[int], case_id: int | None) -> Sequence[Case]:
    query = select(Case).where(Case.customer_id.in_(sorted(persons)), Case.id != (case_id or 0),
                               Case.way != Way.REFUSED)  # whose papers went back with the customer
    return session.scalars(query.order_by(Case.id.desc()).limit(EARLIER)).all()


def _place(answers: Mapping[str, Any]) -> str:
    return address_form(str(answers.get("usage_address", "")))


def _offer(session: Session, case: Case, material: Material, item: Item) -> Offer:
    files = session.execute(select(Attachment.sha256, Attachment.name).where(
        Attachment.subject == SUBJECT, Attachment.subject_id == case.id, Attachment.slot == item.code).order_by(
        Attachment.id)).all()
    assert item.supplied_on is not None
    check = item.true or item.complete
    checked = f"{check.clerk} {check.on.isoformat()} 核验" if check else ""
    return Offer(item.code, material.name, item.from_case or case.number, item.supplied_on, item.kind,
                 item.valid_until, checked, tuple((sha, name) for sha, name in files), taken_over(item, case.number))


def take_over(desk: Desk, number: str, code: str, *, request_id: str | None = None) -> Offer:
    """Take a paper over from the customer's earlier case: its facts, its marks with who made them, its files."""
    with act(desk, "take_over", request_id) as doing:
        case, process, row = _awaited(doing, desk, number, code)
        found = _offers(desk, doing.session, process, _persons(doing.session, case), case.answers, case.id)
        offer = next((each for each in found if each.code == row.code), None)
        if offer is None or row.state in HERE:
            raise Refusal(f"{row.name}没有可以沿用的：以前没有交过、已过有效期，或这次已经收到。", "material")
        carry_over(desk, doing, case, row, offer)
        return offer


def carry_over(desk: Desk, doing: Act, case: Case, row: CaseMaterial, offer: Offer) -> None:
    """Write an offer to a paper of the case, within an act."""
    facts = {name: value for name, value in offer.facts.items() if name != "state"}
    _take(doing, case, row, facts, str(Mark.RECEIVED), doing.today)
    attach_kept(desk, doing, case.id, row.code, offer.files)
