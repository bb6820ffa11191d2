"""One contract: found by what a clerk says of it, shown whole, and changed by one act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from db.cases import Case
from db.clerks import Clerk
from db.contracts import Contract, TemplateApproval
from db.customers import Account
from desktop.domain.accord import Finding
from desktop.domain.caselog import LogEntry, What
from desktop.domain.clause import Fault, Template
from desktop.domain.clause import faults as faults_of
from desktop.domain.contract import ContractKind, State
from desktop.domain.field import FIELDS
from desktop.domain.notice import notices
from desktop.errors import Refusal
from desktop.usecases.acting import Act, AlreadyDone, act, history
from desktop.usecases.contract_listing import ContractRow, row_query, rows_of, with_running
from desktop.usecases.desk import Desk
from desktop.usecases.papering import PaperView, papers_of
from printing.template import templates as texts

SUBJECT = "contract"
ENDS = ("terminated", "replaced", "converted")
ASSUMED = "assumed"  # of a drawn contract's entry: the blanks that a row of the catalogue answered
LOADS_CHECKED = "loads_checked"  # of a printed contract's entry: the new customer was asked about the equipment
APPROVED = "approved"  # of a printed contract's entry: whether somebody answered for its text by then
DEFAULTED = "目录默认"  # whence a renewal's way was taken where nobody knew the old one's


@dataclass(frozen=True)
class ContractView:
    """One contract whole. `signing`: what was recorded of the signatures, under customer, ours and filed.

    `ended_on`: from which day a contract is no longer in force that was ended, converted or replaced by another.
    `faults`: what keeps a draft from being printed; `notices`: what looks odd before it is signed. `predecessor`,
    `successor`: keys of the linked contracts; `successor_offer`: key of a newer contract of the
    same account that nobody has linked yet. `unchecked`: what a person must have looked at before it is printed, empty
    where nothing. `case_open`: its case is still on its way; ended now, it goes back there.
    """

    row: ContractRow
    version: int
    answers: dict[str, Any]
    faults: tuple[Fault, ...]
    notices: tuple[Finding, ...]
    unchecked: str
    log: tuple[LogEntry, ...]
    papers: tuple[PaperView, ...]
    predecessor: str | None
    successor: str | None
    successor_offer: str | None
    case_number: str | None
    case_open: bool
    signing: dict[str, Any]
    printed_on: date | None
    effective_on: date | None
    ended_on: date | None
    box: str
    void_reason: str
    note: str
    snoozed_until: date | None
    handler: str
    settled_note: str
    template_approved: bool
    practice: bool


def contract_row(session: Session, number: str) -> Contract:
    """The contract of that 合同编号 or key, or the only one in force of that 户号; refused if there is not one."""
    said = number.strip()
    for query in _ways(said):
        found = session.scalars(query.limit(2)).all()
        if len(found) > 1:
            keys = "、".join(row.key for row in found)
            raise Refusal(f"“{said}”对应不止一份合同，请指明是哪一份：{keys}。", "number")
        if found:
            return found[0]
    raise Refusal(f"没有“{said}”这份合同。请核对合同编号或户号，或在“合同”里按户名查找。", "number")


def _ways(said: str) -> Sequence[Select[Contract]]:
    by_account = select(Contract).join(Account, Account.id == Contract.account_id)
    return (
        select(Contract).where(Contract.key == said),
        select(Contract).where(Contract.number == said, Contract.number != ""),
        by_account.where(Account.number == said, Contract.active),
    )


def change_contract(desk: Desk, number: str, verb: str, change: Callable[[Act, Contract], object],
                    request_id: str | None) -> ContractView:
    """Do one change to one contract in one act, and log what `change` notes; the contract as it then is.

    A repeated `request_id` changes nothing. Refused where `number` names no contract, or `change` refuses.
    """
    try:
        with act(desk, verb, request_id) as doing:
            row = contract_row(doing.session, number)
            change(doing, row)
            doing.touch(row)
            doing.result = row.key
    except AlreadyDone as done:
        return contract(desk, done.result)
    return contract(desk, doing.result)


def kind_of(desk: Desk, row: Contract) -> ContractKind:
    """The kind's facts under which the contract was made; refused where the ledger's word is none of the kinds."""
    return _known(row, desk.contract_kind(row.kind, row.release))


def kind_today(desk: Desk, row: Contract) -> ContractKind:
    """The same as today's rules have it, for the contract that follows; refused as `kind_of`."""
    return _known(row, desk.contract_kind(row.kind, desk.catalog.release))


def _known(row: Contract, kind: ContractKind | None) -> ContractKind:
    if kind is None:
        word = row.kind_word or "（空）"
        raise Refusal(f"合同“{row.key}”的种类“{word}”不在目录中，请先核定它的种类。", "kind")
    return kind


def template_of(kind: ContractKind) -> Template:
    """The kind's text; refused where none is there yet."""
    template = texts().get(kind.template) if kind.template else None
    if template is None:
        raise Refusal(f"“{kind.name}”合同的文本尚未入库，本程序只登记和提醒，请用单位现行文本办理。", "kind")
    return template


def contract(desk: Desk, number: str) -> ContractView:
    """The contract whole, as of today; refused if there is none of that number."""
    with desk.db.read() as session:
        row = contract_row(session, number)
        listed = session.execute(row_query().where(Contract.id == row.id)).one()
        predecessor, successor, offer = _neighbours(session, row)
        faults, log = _faults(desk, row), history(session, SUBJECT, row.id)
        return ContractView(
            row=with_running(session, rows_of(desk, [listed]), [listed], desk.today)[0], version=row.version,
            answers=dict(row.answers), faults=faults,
            notices=_notices(desk, session, row, faults, log), unchecked=unchecked(session, row), log=log,
            papers=papers_of(session, SUBJECT, row.id),
            predecessor=predecessor, successor=successor, successor_offer=offer,
            case_number=_case_number(session, row), case_open=_is_case_open(session, row),
            signing=dict(row.signing), printed_on=row.printed_on,
            effective_on=row.starts_on if row.our_signed_on else None, ended_on=ended_on(row, log),
            box=row.box, void_reason=row.void_reason,
            note=row.note, snoozed_until=row.snooze_until, handler=_clerk_name(session, row.handler_id),
            settled_note=row.settled_note, template_approved=is_approved(session, row.template_digest),
            practice=row.practice)


def ended_on(row: Contract, log: Sequence[LogEntry]) -> date | None:
    """From which day the contract is no longer in force, by its log; None while it is, or never was."""
    if row.active or row.state == State.VOID:
        return None
    return next((entry.claimed_on for entry in reversed(log) if entry.what in ENDS), None)


def _faults(desk: Desk, row: Contract) -> tuple[Fault, ...]:
    kind = desk.contract_kind(row.kind, row.release)
    if row.state != State.DRAFT or kind is None or not kind.template:
        return ()
    return faults_of(template_of(kind), row.answers, cap_years=kind.cap_years,
                     pairings=desk.rules_of(row.release).pairings)


def _notices(desk: Desk, session: Session, row: Contract, faults: Sequence[Fault],
             log: Sequence[LogEntry]) -> tuple[Finding, ...]:
    """What whoever signs should be asked about; a fault at the same field says it better."""
    if row.state not in (State.DRAFT, State.READY) or not row.answers:
        return ()
    wrong = {fault.field for fault in faults}
    found = tuple(each for each in notices(row.answers, desk.rules_of(row.release).voltages) if each[0] not in wrong)
    found = (*found, *(each for each in _assumed(desk, row, log) if each[0] not in wrong),
             *_taken_over(session, row, log))
    if row.state == State.READY and (why := unsigned_text(session, row, log)):
        found = (("contract_number", why), *found)
    if not row.renewal_confirmed.startswith(DEFAULTED):
        return found
    said = f"续展方式“{row.renewal}”是目录默认，原合同没有写明：请与客户约定，要改的在续签时写明 renewal_mode"
    return (*found, ("renewal_mode", said))


def _taken_over(session: Session, row: Contract, log: Sequence[LogEntry]) -> Iterator[Finding]:
    told = unchecked(session, row)
    if told and not any(entry.facts.get(LOADS_CHECKED) for entry in log):
        yield "loads", told


def unchecked(session: Session, row: Contract) -> str:
    """After a 过户 the seller's list of equipment is not the buyer's until he was asked; empty where it is his own."""
    before = session.get(Contract, row.predecessor_id) if row.predecessor_id else None
    said = row.answers.get("loads") if row.state in (State.DRAFT, State.READY) else None
    if before is None or before.customer_id == row.customer_id or not said:
        return ""
    if said != before.answers.get("loads", said):
        return ""
    return ("用电设备清单是原用电人的，请与新用电人核对：不同的先补录用电户档案"
            f"（命令行 yekuo supplement {row.key} --replace --answers 资料.json），再重新起草")


def _assumed(desk: Desk, row: Contract, log: Sequence[LogEntry]) -> Iterator[Finding]:
    """Blanks that nobody answered and that say what an unverified row of the catalogue says."""
    stood_in = next((entry.facts[ASSUMED] for entry in reversed(log) if ASSUMED in entry.facts), ())
    for rule in desk.rules_of(row.release).stand_ins:
        if rule.field in stood_in and row.answers.get(rule.field) and not rule.basis.verified:
            yield rule.field, f"“{FIELDS[rule.field].label}”按目录填写：{rule.basis.text}，{rule.basis.mark}"


def is_approved(session: Session, digest: str) -> bool:
    """Whether an administrator gave his word for this very text."""
    query = select(TemplateApproval.id).where(TemplateApproval.digest == digest).limit(1)
    return bool(digest) and session.scalar(query) is not None


def unsigned_text(session: Session, row: Contract, log: Sequence[LogEntry]) -> str:
    """Why this contract's text may not be signed, and what to do; empty where it may.

    Nobody answered for it, or somebody did only after this paper was printed, which says so of itself.
    依据：示范文本须经法务审定；演练数据除外。
    """
    if not row.template_digest or row.practice:
        return ""
    if not is_approved(session, row.template_digest):
        return "这份合同的文本尚未审定，不能签订：请管理员或主管先在“系统 → 合同文本”里审定（姓名和日期）"
    printed = next((entry for entry in reversed(log) if entry.what == What.CONTRACT_PRINTED), None)
    if printed is None or printed.facts.get(APPROVED, _approved_by(session, row.template_digest, printed.entered_at)):
        return ""
    return ("这份合同是文本审定之前打印的，纸面上写着“示范文本，须经法务审定”，不能签订："
            "请作废（原因写“文本审定前打印”），从工单重新起草（续签的重新续签），打印后再签")


def _approved_by(session: Session, digest: str, moment: datetime) -> bool:
    """Whether somebody had answered for the text by then."""
    query = select(TemplateApproval.id).where(
        TemplateApproval.digest == digest, TemplateApproval.entered_at <= moment).limit(1)
    return session.scalar(query) is not None


def _neighbours(session: Session, row: Contract) -> tuple[str | None, str | None, str | None]:
    before = session.scalar(select(Contract.key).where(Contract.id == row.predecessor_id))
    after = session.scalar(select(Contract.key).where(
        Contract.predecessor_id == row.id, Contract.state != State.VOID).limit(1))
    return before, after, None if after or not row.active else successor_candidate(session, row)


def successor_candidate(session: Session, row: Contract) -> str | None:
    """The newest contract in force of the same account that was signed later and follows no other."""
    if row.signed_on is None:
        return None
    newer = aliased(Contract)
    return session.scalar(select(newer.key).where(
        newer.account_id == row.account_id, newer.id != row.id, newer.active, newer.signed_on > row.signed_on,
        newer.predecessor_id.is_(None)).order_by(newer.signed_on.desc(), newer.id.desc()).limit(1))


def _case_number(session: Session, row: Contract) -> str | None:
    return session.scalar(select(Case.number).where(Case.id == row.case_id))


def _is_case_open(session: Session, row: Contract) -> bool:
    query = select(Case.id).where(Case.id == row.case_id, Case.closed_on.is_(None))
    return session.scalar(query) is not None


def _clerk_name(session: Session, clerk_id: int | None) -> str:
    return session.scalar(select(Clerk.name).where(Clerk.id == clerk_id)) or ""
