"""What was promised for later (容缺): how its own clock stands, and what may be done when it has run out.

Its days are working days from the day after acceptance to the day on the promise that the customer signed; a pause of
our stages does not move that day, only a new promise with its reason does. 依据：materials.toml 的 promise_gate 一行。
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from db.cases import CaseMaterial
from desktop.domain.caselog import What
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import AlreadyDone, act
from desktop.usecases.casework import carry_out, case_row, process_for, state_of
from desktop.usecases.desk import Desk

if TYPE_CHECKING:
    from desktop.usecases.case_listing import CaseView, MaterialRow

BY_CUSTOMER = "客户补资料"  # the reason of a pause that waits for papers


@dataclass(frozen=True)
class Promised:
    """The open promises of a case: their papers, the first day of them, and the working days to it (past it: as
    many below nothing; None where its year has no calendar)."""

    papers: tuple[str, ...]
    due_on: date
    late: tuple[str, ...]
    days_left: int | None

    @property
    def told(self) -> str:
        """In short, for a case's head."""
        count = f"容缺 {len(self.papers)} 份"
        if self.late:
            return f"{count}，{len(self.late)} 份逾期{self._days(-(self.days_left or 0))}"
        return f"{count}，{self.due_on.isoformat()} 前补{self._days(self.days_left or 0)}"

    def _days(self, days: int) -> str:
        return f"（{days} 个工作日）" if self.days_left is not None else ""


def promised(desk: Desk, materials: Sequence[MaterialRow]) -> Promised | None:
    """How the open promises stand today; None where there is none."""
    papers = sorted((row for row in materials if row.open and row.due_on), key=lambda row: str(row.due_on))
    if not papers:
        return None
    first = papers[0].due_on
    assert first is not None
    late = tuple(row.name for row in papers if row.due_on is not None and row.due_on < desk.today)
    return Promised(tuple(row.name for row in papers), first, late, _working_days(desk, first))


def _working_days(desk: Desk, due: date) -> int | None:
    calendar, today = desk.catalog.calendar, desk.today
    try:
        return calendar.workdays_between(today, due) if due >= today else -calendar.workdays_between(due, today)
    except Refusal:
        return None


def promise_notices(desk: Desk, view: CaseView) -> tuple[Missing, ...]:
    """What a clerk should do about a promise that has run out, or about a pause for papers that have come."""
    stands = promised(desk, view.materials)
    paused = view.state.pause is not None and view.state.pause.reason == BY_CUSTOMER
    if stands is None:
        done = Missing("承诺补交的资料已经齐了，工单还因“客户补资料”暂停：请恢复计时", "materials")
        return (done,) if paused else ()
    if not stands.late or paused:
        return ()
    code = next(row.code for row in view.materials if row.open and row.name == stands.late[0])
    told = (f"承诺补交的{'、'.join(stands.late)}已逾期：请催补或改约补交日期（写明原因）；一直不补的，"
            f"可按承诺书以“{BY_CUSTOMER}”暂停，补齐前不能送电")
    return (Missing(told, f"material:{code}"),)


def pause_answers(desk: Desk, view: CaseView) -> dict[str, str]:
    """What a pause is begun with where a promise has run out: the reason, and the promise as its evidence."""
    stands = promised(desk, view.materials)
    if stands is None or not stands.late or BY_CUSTOMER not in view.process.pause_reasons:
        return {}
    return {"reason": BY_CUSTOMER,
            "evidence": f"客户承诺书：{'、'.join(stands.late)}应于 {stands.due_on.isoformat()} 前补交，逾期未补"}


def words_to_customer(desk: Desk, view: CaseView) -> str:
    """What the customer is told when his case stands still for papers that he promised; empty where none is late."""
    stands = promised(desk, view.materials)
    if stands is None or not stands.late:
        return ""
    return (f"已告知客户：{'、'.join(stands.late)}未按承诺补交，自 {desk.today.isoformat()} 起暂停计时；"
            "交齐之日起接着办，交齐前不能送电。")


def pause_for_papers(desk: Desk, number: str, facts: Mapping[str, str], told: str, *,
                     request_id: str | None = None) -> None:
    """The case stands still for papers promised and not brought, and the customer was told so: both in one act.

    facts: reason, evidence, allowed_by, as a pause takes them; `told`: how and what the customer was told. Refused
    where no promise has run out, without words to the customer, or as a pause is.
    """
    if not told.strip():
        raise Refusal("请写明怎样通知客户的：何时、何人、说了什么。", "told")
    with suppress(AlreadyDone), act(desk, "pause_for_papers", request_id) as doing:
        case = case_row(doing.session, number)
        process, now = process_for(desk, case), state_of(desk, number)
        late = doing.session.scalar(select(CaseMaterial.id).where(
            CaseMaterial.case_id == case.id, CaseMaterial.open, CaseMaterial.due_on < doing.today).limit(1))
        if late is None or not now.current:
            raise Refusal("这件工单没有逾期未补的资料，不必为它暂停；别的原因请在工单页暂停。", "case")
        carry_out(doing, desk, case, process.stage(now.current[0]), What.PAUSED, facts, doing.today)
        doing.note("case", case.id, "contacted", facts={"note": told.strip()})
        doing.result = case.number
