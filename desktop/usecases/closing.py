"""What becomes of a case's contract when the case ends or goes back before it: what nobody signed goes along, what
somebody signed stays until he is told."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.cases import Case
from db.contracts import Contract
from desktop.domain.caselog import What
from desktop.domain.contract import State
from desktop.domain.process import Process
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import Act
from desktop.usecases.contract_keeping import SUBJECT

UNSIGNED = (State.DRAFT, State.READY)


def alive(session: Session, case: Case) -> list[Contract]:
    """The case's contracts that are neither void nor dissolved, the oldest first."""
    return list(session.scalars(select(Contract).where(
        Contract.case_id == case.id, Contract.active, Contract.state != State.VOID).order_by(Contract.id)))


def close_contracts(doing: Act, case: Case, reason: str) -> list[str]:
    """Make the ended case's unsigned contracts void, with its reason; answers their keys.

    Refused while one is signed by anybody. 依据：民法典第四百九十条、第五百六十二条（签订的合同须经双方解除）。
    """
    found = alive(doing.session, case)
    signed = _signed(found)
    if signed:
        raise Refusal("这张工单的合同还在，不能终止工单：", missing=signed)
    for row in found:
        row.state, row.active, row.void_reason = str(State.VOID), False, f"工单终止：{reason}"
        doing.touch(row)
        doing.note(SUBJECT, row.id, What.CONTRACT_VOID, facts={"reason": row.void_reason})
    return [row.key for row in found]


def refuse_signed(session: Session, case: Case, process: Process, stage: str, deed: str = "退回") -> None:
    """Refused where a stage goes back on which a contract of the case rests that somebody signed: its text would no
    longer be what was found, and the stage of the contract would wait for a signature that is there already. `deed`:
    what is refused, in words."""
    again = {stage, *process.dependents(stage)}
    rests = any(each.done_by == What.CONTRACT_SIGNED for each in process.stages if each.id in again)
    signed = _signed(alive(session, case)) if rests else ()
    if signed:
        raise Refusal(f"这张工单的合同是按“{process.stage(stage).name}”的结果签的，不能直接{deed}：", missing=signed)


def _signed(found: Iterable[Contract]) -> tuple[Missing, ...]:
    return tuple(_refused(row) for row in found if row.state not in UNSIGNED)


def _refused(row: Contract) -> Missing:
    deed = "终止" if row.state == State.FILED else "作废"
    return Missing(f"合同“{row.key}”{row.state}：请先与客户说明，在合同页登记“{deed}”并写明原因"
                   f"（命令行 yekuo {'terminate' if row.state == State.FILED else 'void'} {row.key} --reason 原因）")
