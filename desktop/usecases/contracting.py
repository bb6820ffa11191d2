"""Drawing up a supply contract, looking at it before it is printed, and printing it once for all.

The text decides what is asked; the answers are gathered from hall, customer, account, case and scheme. What was
printed is kept with its answers and bytes: printing again sends the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.cases import Case
from db.contracts import Contract, TemplateApproval
from desktop.domain.caselog import What
from desktop.domain.choice import LOW_VOLTAGES
from desktop.domain.clause import FilledContract, effective, fill
from desktop.domain.contract import TERMINATED, ContractKind, Renewal, RenewalMode, State, contract_number
from desktop.domain.field import FIELDS, check, tidy, told
from desktop.domain.kind import refuse_strange
from desktop.domain.process import ContractAct
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import Act, AlreadyDone, act, entry_moment
from desktop.usecases.casework import case_row, contract_deed, process_for, record, refuse_contract_deed
from desktop.usecases.changing import begins_from_account, permanent_capacity
from desktop.usecases.contract_keeping import (
    APPROVED,
    ASSUMED,
    LOADS_CHECKED,
    SUBJECT,
    ContractView,
    contract,
    contract_row,
    is_approved,
    kind_of,
    template_of,
)
from desktop.usecases.contract_registering import keep_signed, registers
from desktop.usecases.desk import Desk
from desktop.usecases.gathering import Facts, Term, assumed, of_case, of_change, runs, whole
from desktop.usecases.papering import PaperView, keep_paper, paper_bytes, papers_of
from desktop.usecases.staffing import APPROVING_POSTS, hall, is_practice
from desktop.usecases.standing import contract_of
from printing.contract_paper import contract_pdf
from printing.fonts import faces
from printing.template import templates as texts

PAPER = "供用电合同"
OF_THIS_PAPER = ("合同", "供电人", "履约约定")  # groups of fields that the contract says of itself, not of the customer
PAPER_FACTS = ("contract_signed_on", "contract_number", "contract_from", "contract_until", "renewal_mode")


@dataclass(frozen=True)
class TemplateView:
    """A contract text: `digest` names this very wording; `approved_by` is empty until somebody answers for it."""

    kind: str
    name: str
    digest: str
    approved_by: str
    approved_on: date | None


def draw_up(desk: Desk, case_number: str, *, request_id: str | None = None) -> ContractView:
    """Draw up the contract of a case whose 供电方案 was answered, as a draft with a number.

    Drawn up again, a draft takes the newest facts; a printed contract stays as it is. Refused before the scheme.
    """
    half, practice = _hall(desk), is_practice(desk)
    try:
        with act(desk, "draw_up", request_id) as doing:
            case = case_row(doing.session, case_number)
            plan = _planned(desk, doing.session, case)
            template_of(plan.kind)
            row = _drawn_before(doing.session, case.id)
            if row is None or row.state == State.DRAFT:
                contract_deed(doing, desk, case.id, What.CONTRACT_DRAWN, doing.today)
                term = Term(doing.today, int(str(plan.facts.get("contract_years") or plan.years)))
                owner = (case.customer_id, case.account_id, case.id)
                rules = desk.rules_of(case.release).stand_ins
                said = whole(plan.facts, half, plan.kind, term, plan.renewal, rules)
                row = write_draft(doing, case.release, row, plan.kind, owner, said, practice)
                note_drawn(doing, row, assumed(said, rules, plan.facts, half))
                row.predecessor_id = plan.old.id if plan.old else row.predecessor_id
            doing.result = row.key
    except AlreadyDone as done:
        return contract(desk, done.result)
    return contract(desk, doing.result)


def register_paper(desk: Desk, case_number: str, facts: Mapping[str, str], *,
                   request_id: str | None = None) -> ContractView:
    """登记: the case's contract was signed on the company's own paper, as this program has no text of its kind.

    facts: contract_signed_on, and if written there contract_number, contract_from, contract_until, renewal_mode. The
    contract that the account had before is replaced. Refused for a kind whose text is here, and for dates and a way of
    renewal that contradict one another.
    """
    refuse_strange(PAPER_FACTS, facts)
    try:
        if stage := _registering_stage(desk, case_number):
            return _register_with(desk, case_number, stage, facts, request_id)
        with act(desk, "register_paper", request_id) as doing:
            case = case_row(doing.session, case_number)
            kind = _planned(desk, doing.session, case).kind
            if kind.template:
                raise Refusal(f"“{kind.name}”合同的文本在本程序里，请起草、打印后登记签署。", "kind")
            refuse_contract_deed(doing, desk, case, What.CONTRACT_SIGNED, doing.today)
            given = _paper_facts(facts)
            signed = date.fromisoformat(given[PAPER_FACTS[0]])
            doing.result = keep_signed(doing, case, kind, given, signed).key
            contract_deed(doing, desk, case.id, What.CONTRACT_SIGNED, signed)
            contract_deed(doing, desk, case.id, What.CONTRACT_FILED, doing.today)  # kept on paper, as it is registered
    except AlreadyDone as done:
        return contract(desk, done.result)
    return contract(desk, doing.result)


def _registering_stage(desk: Desk, case_number: str) -> str:
    """The stage that registers the contract by being done, of a kind of application that has one; else empty."""
    with desk.db.read() as session:
        process = process_for(desk, case_row(session, case_number))
    return next((stage.id for stage in process.stages if registers(stage)), "")


def _register_with(desk: Desk, case_number: str, stage: str, facts: Mapping[str, str],
                   request_id: str | None) -> ContractView:
    given = _paper_facts(facts)
    signed = date.fromisoformat(given[PAPER_FACTS[0]])
    record(desk, case_number, stage, What.DONE, given, claimed_on=min(signed, desk.today), request_id=request_id)
    with desk.db.read() as session:
        row = _drawn_before(session, case_row(session, case_number).id)
    assert row is not None  # the stage registered it
    return contract(desk, row.key)


def _paper_facts(facts: Mapping[str, str]) -> dict[str, str]:
    given = {name: tidy(name, str(value)) for name, value in facts.items() if value}
    wrong = tuple(Missing(told(name, fault), name) for name, value in given.items() if (fault := check(name, value)))
    if wrong or not given.get(PAPER_FACTS[0]):
        lacks = wrong or (Missing("请填写合同签订日期", PAPER_FACTS[0]),)
        raise Refusal("合同登记还不完整：", lacks[0].field, lacks)
    return given


def has_text(desk: Desk, case_number: str) -> bool:
    """Whether the case's contract can be drawn up here; else it is signed on the company's paper and registered."""
    with desk.db.read() as session:
        return bool(_planned(desk, session, case_row(session, case_number)).kind.template)


@dataclass(frozen=True)
class _Plan:
    """What the contract of a case will be: its kind, what it says, its usual length, and which one it follows."""

    kind: ContractKind
    facts: Facts
    years: int
    renewal: Renewal | None = None
    old: Contract | None = None


def _planned(desk: Desk, session: Session, case: Case) -> _Plan:
    """A new supply's contract, or the one that a change of use asks for: of the old one's kind, from its facts.

    Refused for a kind of application that leaves the contract as it is.
    """
    process = process_for(desk, case)
    if any(registers(stage) for stage in process.stages):
        raise Refusal(f"“{process.name}”的合同文本尚未入库，请用单位现行文本签订，再在“供用电合同”环节登记"
                      f"（命令行 yekuo register-contract {case.number} --answers 合同.json）。", "kind")
    if all(stage.done_by != What.CONTRACT_SIGNED for stage in process.stages):
        due = process.consequence(case.answers)
        raise Refusal(f"“{process.name}”不起草新的供用电合同{f'，办理{due.act}' if due else ''}。", "kind")
    said, kinds = process.contract_kind_for(case.answers), desk.rules_of(case.release).contract_kinds
    if not begins_from_account(process):
        kind = kinds[said]
        return _Plan(kind, of_case(session, case), kind.cap_years)
    old = contract_of(session, case.account_id)
    due = process.consequence(case.answers)
    facts = of_change(session, case, old, desk.today, transfers=due is not None and due.act is ContractAct.TRANSFER)
    kind = _as_before(desk, old, case) if old and not said else kinds[said or _by_voltage(facts)]
    left = permanent_capacity(session, case, process)
    running = runs(session, case.account_id, desk.today, left.get("scheme_capacity_kva", "")) if left else {}
    return _followed(kind, {**facts, **left, **running}, old)


def _as_before(desk: Desk, old: Contract, case: Case) -> ContractKind:
    """The kind of the old contract, as the case's rules have it."""
    return desk.contract_kind(old.kind, case.release) or kind_of(desk, old)


def _followed(kind: ContractKind, facts: Facts, old: Contract | None) -> _Plan:
    """As long again as the old one, and going on after its end as that does, where it is known how."""
    if old is None:
        return _Plan(kind, facts, kind.cap_years)
    years = min((old.term_months or 0) // 12 or kind.cap_years, kind.cap_years)
    known = old.renewal in (RenewalMode.AUTOMATIC, RenewalMode.RESIGN, RenewalMode.ENDS)
    return _Plan(kind, facts, years, Renewal(RenewalMode(old.renewal), old.objection_days or 0) if known else None, old)


def _by_voltage(facts: Facts) -> str:
    """The kind of an account's contract where it has had none yet."""
    if facts.get("usage_nature") == "居民生活":
        return "resident"
    return "low_voltage" if facts.get("voltage", LOW_VOLTAGES[0]) in LOW_VOLTAGES else "high_voltage"


def _hall(desk: Desk) -> dict[str, str]:
    half = hall(desk)
    if not half:
        raise Refusal("还没有填写营业厅资料，合同的供电人一方要用到它。请在“系统 → 营业厅”里填写。", "supplier_name")
    return half


def _drawn_before(session: Session, case_id: int) -> Contract | None:
    """The case's contract, unless it was made void or ended: then another is drawn up."""
    return session.scalars(select(Contract).where(
        Contract.case_id == case_id, Contract.state != State.VOID, ~Contract.settled_note.startswith(TERMINATED)
    ).order_by(Contract.id.desc()).limit(1)).first()


def write_draft(doing: Act, release: str, row: Contract | None, kind: ContractKind,
                owner: tuple[int, int, int | None], answers: Facts, practice: bool) -> Contract:
    """Write a new draft, or the newest facts into the one there is, under the rules of `release`; `owner`: customer,
    account and case."""
    if row is None:
        row = _new(doing, kind, owner, _number(doing, kind, answers), practice)
        doing.session.add(row)
    row.answers = {**answers, "contract_number": row.key}
    row.release, row.capacity_unit, row.voltage = release, kind.unit, str(answers.get("voltage", ""))
    row.capacity = _capacity(answers, kind.unit)
    row.starts_on = date.fromisoformat(str(answers["contract_from"]))
    row.ends_on = date.fromisoformat(str(answers["contract_until"]))
    row.term_months = int(str(answers["contract_years"])) * 12
    row.renewal = str(answers["renewal_mode"])
    row.objection_days = int(str(answers.get("objection_days") or 0)) or None
    doing.touch(row)
    doing.session.flush()
    return row


def note_drawn(doing: Act, row: Contract, stood_in: list[str]) -> None:
    """Log the draft with its rules' release and the blanks that they answered."""
    doing.note(SUBJECT, row.id, What.CONTRACT_DRAWN, facts={"release": row.release, ASSUMED: stood_in})


def _new(doing: Act, kind: ContractKind, owner: tuple[int, int, int | None], number: str, practice: bool) -> Contract:
    customer_id, account_id, case_id = owner
    return Contract(
        key=number, number=number, kind=kind.id, kind_word=kind.name, source="drawn", state=str(State.DRAFT),
        customer_id=customer_id, account_id=account_id, case_id=case_id, practice=practice, doubts=[], signing={},
        renewal_confirmed=f"目录：{kind.basis.text}", **doing.marks())


def _number(doing: Act, kind: ContractKind, answers: Mapping[str, Any]) -> str:
    """Our own number; 单位代码 is the division code (digits 3 to 8) of the supplier's credit code."""
    unit = str(answers.get("supplier_code", ""))[2:8]
    serial = doing.next_number(f"contract:{unit}-{kind.code}-{doing.today.year}")
    return contract_number(unit, kind.code, doing.today.year, serial)


def _capacity(answers: Mapping[str, Any], unit: str) -> Decimal | None:
    name = unit.lower()
    said = answers.get(f"scheme_capacity_{name}") or answers.get(f"capacity_{name}")
    return Decimal(str(said)) if said else None


def preview(desk: Desk, number: str) -> bytes:
    """The PDF as it would be printed, or as it was. Refused with every hole: a document with one is never made."""
    view = contract(desk, number)
    if view.papers and view.row.state != State.DRAFT:
        return paper_bytes(desk, view.papers[-1].id)
    return contract_pdf(_filled(desk, view), faces(desk.fonts), entry_moment(desk))


def print_contract(desk: Desk, number: str, *, loads_checked: bool = False,
                   request_id: str | None = None) -> PaperView:
    """Print a draft: checked, made, kept with answers and bytes, then 待签. Printed again (补打): the kept paper.

    Refused with every hole, for a kind without text, for what was made void or came from a ledger, and after a 过户
    while nobody says that the seller's equipment was looked at with the buyer (`loads_checked`).
    """
    view = contract(desk, number)
    if view.row.state != State.DRAFT:
        return _again(desk, view, request_id)
    if view.unchecked and not loads_checked:
        raise Refusal(f"{view.unchecked}；核对过的，再印制时注明（命令行加 --loads-checked）。", "loads")
    filled = _filled(desk, view)
    pdf = contract_pdf(filled, faces(desk.fonts), entry_moment(desk))  # made before the lock is taken
    try:
        with act(desk, "print_contract", request_id) as doing:
            row = contract_row(doing.session, view.row.key)
            if row.version != view.version:
                raise Refusal("这份合同刚被别的柜台改过，请重新打开后再打印。")
            said = {LOADS_CHECKED: True} if view.unchecked else {}
            paper = _keep(doing, desk, row, pdf, {APPROVED: not filled.notice, **said})
            doing.result = str(paper.id)
            return paper
    except AlreadyDone as done:
        return _kept(desk, view.row.id, int(done.result))


def _filled(desk: Desk, view: ContractView) -> FilledContract:
    with desk.db.read() as session:
        row = contract_row(session, view.row.key)
        kind, rules = kind_of(desk, row), desk.rules_of(row.release)
        approved = is_approved(session, template_of(kind).digest)
    filled = fill(template_of(kind), view.answers, number=view.row.key, practice=view.practice,
                  cap_years=kind.cap_years, pairings=rules.pairings)
    return replace(filled, notice="") if approved else filled  # somebody answers for this text by now


def _keep(doing: Act, desk: Desk, row: Contract, pdf: bytes, said: Mapping[str, bool]) -> PaperView:
    template = template_of(kind_of(desk, row))
    row.answers = effective(template, row.answers)
    row.template_digest, row.printed_on, row.state = template.digest, doing.today, str(State.READY)
    doing.touch(row)
    paper = keep_paper(doing, kind=PAPER, subject=SUBJECT, subject_id=row.id, title=f"{template.title} {row.key}",
                       answers=row.answers, digest=template.digest, content=pdf)
    doing.note(SUBJECT, row.id, What.CONTRACT_PRINTED, facts={
        "paper": paper.id, "sha256": paper.sha256, **said})
    if row.case_id is not None:
        contract_deed(doing, desk, row.case_id, What.CONTRACT_PRINTED, doing.today)
    return paper


def outdated(desk: Desk, case_number: str) -> tuple[str, ...]:
    """Labels of what the case's printed and unsigned contract says otherwise than it would, drawn up now."""
    with desk.db.read() as session:
        case = case_row(session, case_number)
        row = _drawn_before(session, case.id)
        if row is None or row.state != State.READY:
            return ()
        now = {name: value for name, value in _planned(desk, session, case).facts.items()
               if name in FIELDS and FIELDS[name].group not in OF_THIS_PAPER}
        text = template_of(kind_of(desk, row))
        again = effective(text, {**row.answers, **now})
    return tuple(FIELDS[name].label for name in text.blanks if row.answers.get(name) != again.get(name))


def _again(desk: Desk, view: ContractView, request_id: str | None) -> PaperView:
    """The paper that was kept, and a note that it was printed again."""
    if view.row.state == State.VOID:
        raise Refusal(f"合同“{view.row.key}”已作废，不能再打印。")
    if not view.papers:
        raise Refusal(f"合同“{view.row.key}”由台账导入，本程序没有它的文本。需要新文本时请办理续签。")
    paper = view.papers[-1]
    try:
        with act(desk, "reprint_contract", request_id) as doing:
            doing.note(SUBJECT, view.row.id, "reprinted", facts={"paper": paper.id, "word": "补打"})
    except AlreadyDone:
        pass
    return paper


def _kept(desk: Desk, contract_id: int, paper_id: int) -> PaperView:
    with desk.db.read() as session:
        return next(paper for paper in papers_of(session, SUBJECT, contract_id) if paper.id == paper_id)


def templates(desk: Desk) -> tuple[TemplateView, ...]:
    """The contract texts there are, and who answers for each."""
    with desk.db.read() as session:
        return tuple(_template_view(session, kind, text.title, text.digest) for kind, text in texts().items())


def _template_view(session: Session, kind: str, name: str, digest: str) -> TemplateView:
    query = select(TemplateApproval.approved_by, TemplateApproval.approved_on).where(
        TemplateApproval.kind == kind, TemplateApproval.digest == digest).order_by(TemplateApproval.id.desc())
    found = session.execute(query.limit(1)).one_or_none()
    return TemplateView(kind, name, digest, found[0] if found else "", found[1] if found else None)


def approve_template(desk: Desk, kind: str, name: str, on: date) -> TemplateView:
    """Answer for a contract text by name and date, so that it may be signed; only 主管 or 管理员 may."""
    text = texts().get(kind)
    if text is None:
        raise Refusal(f"没有“{kind}”这种合同文本，现有：{'、'.join(texts())}。", "kind")
    if desk.clerk is not None and desk.clerk.post not in APPROVING_POSTS:
        raise Refusal(f"合同文本只能由{'或'.join(APPROVING_POSTS)}审定，您的岗位是{desk.clerk.post}。", "clerk")
    if not name.strip():
        raise Refusal("请填写审定人姓名。", "name")
    if on > desk.today:
        raise Refusal("审定日期不能晚于今天。", "on")
    with act(desk, "approve_template") as doing:
        approval = doing.session.execute(insert(TemplateApproval).values(
            kind=kind, digest=text.digest, approved_by=name.strip(), approved_on=on, entered_at=doing.now,
            clerk_id=doing.clerk_id).returning(TemplateApproval.id)).scalar_one()
        doing.note("template", approval, "template_approved", facts={"kind": kind, "digest": text.digest})
    return TemplateView(kind, text.title, text.digest, name.strip(), on)
