"""What holds a deed back that the log alone does not tell: fees not paid, a round not judged, defects not mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.cases import Case
from db.fees import Fee
from db.inspections import Defect, Inspection
from desktop.catalog.release import Catalog
from desktop.domain.basis import Basis
from desktop.domain.caselog import LogEntry, What, fold
from desktop.domain.fee import FeeItem
from desktop.domain.process import Process, Stage
from desktop.errors import Missing
from desktop.usecases.acting import Act

FEES_STAGE = "S05"
LEFT_UNDONE = "left_undone"
ENDED = "工单终止"


def unsettled(catalog: Catalog, session: Session, case_id: int, process: Process, stage: Stage,
              deed: str) -> tuple[Missing, ...]:
    """What fees and inspections leave to be settled before `deed` at `stage`; empty where nothing is."""
    if deed != What.DONE:
        return ()
    return (*_unpaid(catalog, session, case_id, process, stage),
            *_unmended(catalog, session, case_id, process, stage))


def uncharged(catalog: Catalog, session: Session, case: Case, process: Process, stage: Stage, log: Sequence[LogEntry],
              facts: Mapping[str, Any], day: date) -> tuple[Missing, ...]:
    """What keeps a case from being filed whose fees' stage is left undone: lines on its bill, and what such a case
    usually pays; `left_undone` among the facts says why that is right.

    依据：收费目录 held_back 一行；通常收取的项目，依据为该项目的一行。
    """
    if stage is not process.last or FEES_STAGE not in process.stage_by_id or facts.get(LEFT_UNDONE):
        return ()
    track = fold(process, log)
    if track.runs[FEES_STAGE].done_on is not None:
        return ()
    billed = {row.item: row.name for row in session.execute(select(Fee.item, Fee.name).where(
        Fee.case_id == case.id, Fee.cancelled == "").order_by(Fee.id))}
    book, name = catalog.fees, process.stage(FEES_STAGE).name
    wanted = [item for item in book.items if item.basis.holds_on(day) and item.id not in billed
              and item.expected({**case.answers, **track.facts})]
    return (*_unfinished(name, list(billed.values()), book.held_back.basis), *(_unasked(item) for item in wanted))


def _unfinished(stage: str, billed: Sequence[str], basis: Basis) -> Iterator[Missing]:
    if billed:
        yield Missing(f"账上有{'、'.join(billed)}，“{stage}”却没有办，不能归档：请先登记完成，或在"
                      f"“未办环节的说明”里写明为什么。依据：{basis.text}（{basis.mark}）", LEFT_UNDONE)


def _unasked(item: FeeItem) -> Missing:
    return Missing(f"这类工单通常收取{item.name}，账上没有，不能归档：请先登记收费，免收的在“未办环节的说明”里"
                   f"写明依据。依据：{item.basis.text}（{item.basis.mark}）", LEFT_UNDONE)


def _unpaid(catalog: Catalog, session: Session, case_id: int, process: Process, stage: Stage) -> Iterator[Missing]:
    """依据：收费目录 held_back 一行。"""
    if stage.id not in (process.energised_by, FEES_STAGE) and stage is not process.last:
        return
    held = catalog.fees.held_back
    said = held.sentence if stage.id == process.energised_by else "业务费尚未缴清"
    for name, owed in session.execute(select(Fee.name, Fee.amount).where(
            Fee.case_id == case_id, Fee.paid_on.is_(None), Fee.cancelled == "").order_by(Fee.id)):
        yield Missing(f"{said}：{name} {owed:.2f} 元。依据：{held.basis.text}（{held.basis.mark}）")


def drop_unpaid(doing: Act, case: Case) -> None:
    """An ended case owes nothing more; what it paid stays in the book until it is given back."""
    for row in doing.session.scalars(select(Fee).where(
            Fee.case_id == case.id, Fee.paid_on.is_(None), Fee.cancelled == "")):
        row.cancelled = ENDED
        doing.touch(row)
        doing.note("case", case.id, "fee_cancelled", facts={
            "fee": row.name, "amount": f"{row.amount:.2f}", "reason": ENDED})


def _unmended(catalog: Catalog, session: Session, case_id: int, process: Process, stage: Stage) -> Iterator[Missing]:
    """An inspection is not passed, and nothing connected, over a defect that nobody saw mended."""
    kind = catalog.inspections.of_stage(stage.id)
    if kind is None and stage.id != process.energised_by:
        return
    query = select(Defect.number, Defect.item, Defect.due_on).join(
        Inspection, Inspection.id == Defect.inspection_id).where(
        Defect.case_id == case_id, Defect.mended_on.is_(None)).order_by(Defect.id)
    for number, item, due in session.execute(query.where(Inspection.kind == kind.id) if kind else query):
        yield Missing(f"缺陷 {number} 尚未销号：{item}（整改期限 {due.isoformat()}）")
