"""What must not be forgotten, computed from facts and today's date: nothing is lost because nobody was there.

How near is near, and how urgent that is, is the ladder of the catalogue. A contract whose end is not known is asked
about and never alarmed of; one that goes on by itself is reminded of before the 异议期 closes and is not overdue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from desktop.domain.basis import Basis
from desktop.domain.contract import RenewalMode, current_end, renewal_due
from desktop.domain.deadline import Level

LATE = "逾期"  # of a promised paper: its day is over


class Kind(StrEnum):
    CONTRACT_ENDS = "合同到期"
    NOT_RETURNED = "合同未返回"
    STAGE_DUE = "环节到期"
    PAPER_DUE = "容缺到期"
    HOLD_ENDS = "停用到期"
    DEFECT_DUE = "缺陷整改"
    FEE_DUE = "缴费到期"
    OFFERED = "移交待接收"
    APPROVAL = "方案待审批"
    SCHEME_ENDS = "方案到期"


UNKNOWN_END = "期限不明"
PASSED = "过期"
GONE = "已过户或已销户"


@dataclass(frozen=True)
class Urgency:
    """One of the four steps, told by word, shape and colour so that no one of them has to be seen."""

    id: str
    word: str
    shape: str
    colour: str


@dataclass(frozen=True)
class Band:
    """From `days` days before the due date on, until a nearer band begins."""

    days: int
    word: str
    urgency: str


@dataclass(frozen=True)
class Ladder:
    """The catalogue's reminder rules. `bands` are sorted the farthest first; `actions` go by kind of reminder,
    or by kind and contract kind (`合同到期/temporary`)."""

    bands: tuple[Band, ...]
    urgencies: Mapping[str, Urgency]
    passed: str
    unknown: str
    stage_levels: Mapping[str, str]
    paper_days: int
    unreturned_days: int
    unreturned_urgency: str
    actions: Mapping[str, tuple[str, ...]]
    basis: Basis
    hold_days: int = 10
    scheme_bands: tuple[Band, ...] = ()

    def band(self, days_left: int) -> Band | None:
        """The band in which a matter with so many days left lies; None while it is farther than all."""
        if days_left < 0:
            return Band(days_left, PASSED, self.passed)
        return next((band for band in reversed(self.bands) if days_left <= band.days), None)

    def actions_for(self, kind: str, which: str = "") -> tuple[str, ...]:
        """What is offered; `which`: the contract's kind, or LATE of a promised paper."""
        return self.actions.get(f"{kind}/{which}") or self.actions.get(kind, ())

    @property
    def horizon(self) -> int:
        """As many days ahead as the farthest band looks."""
        return self.bands[0].days


class ContractFacts(NamedTuple):
    """What the reminder of a contract's end needs to know. `gone`: its 备注 says 已过户 or 已销户."""

    kind: str
    mode: str
    ends: date | None
    months: int | None = None
    objection_days: int = 0
    gone: bool = False


class Reminder(NamedTuple):
    """One matter. `days_left` is negative once it is overdue, None where no date is known."""

    kind: Kind
    band: str
    urgency: Urgency
    due: date | None
    days_left: int | None
    sentence: str
    actions: tuple[str, ...]


def contract_ends(facts: ContractFacts, ladder: Ladder, today: date) -> Reminder | None:
    """The reminder of a contract's end, or None while there is nothing to do.

    不定期 has none. Gone or without a known end: asked (期限不明), never alarmed. 自动续展: due by the last day to
    object, counted on the term that runs now; once that day has passed, the next term's reminder comes next.
    """
    if facts.mode == RenewalMode.INDEFINITE:
        return None
    if facts.gone:
        return _ask(ladder, facts.kind, GONE, "备注为已过户或已销户，请核实合同是否终止")
    ends = current_end(facts.ends, facts.mode, facts.months, today)
    if ends is None or (facts.mode == RenewalMode.AUTOMATIC and ends < today):
        return _ask(ladder, facts.kind, UNKNOWN_END, "合同期限不明，请查合同原件后补录截止日")
    due = renewal_due(ends, facts.mode, facts.objection_days)
    if facts.mode == RenewalMode.AUTOMATIC and due < today:
        return None
    return _dated(Kind.CONTRACT_ENDS, due, _end_sentence(facts, ends), ladder, today, facts.kind)


def _end_sentence(facts: ContractFacts, ends: date) -> str:
    if facts.mode == RenewalMode.AUTOMATIC:
        return f"合同 {ends.isoformat()} 到期将自动续展，如有异议须在此前 {facts.objection_days} 天提出"
    return f"合同 {ends.isoformat()} 到期，续展方式：{facts.mode}"


def not_returned(printed_on: date, ladder: Ladder, today: date) -> Reminder | None:
    """A contract printed `unreturned_days` ago or longer that has not come back signed."""
    days = (today - printed_on).days
    if days < ladder.unreturned_days:
        return None
    due = printed_on + timedelta(days=ladder.unreturned_days)
    sentence = f"合同已打印 {days} 天尚未签回，请联系客户"
    urgency = ladder.urgencies[ladder.unreturned_urgency]
    actions = ladder.actions_for(Kind.NOT_RETURNED)
    return Reminder(Kind.NOT_RETURNED, f"{days} 天未返回", urgency, due, (due - today).days, sentence, actions)


def stage_due(stage: str, due: date, level: Level, ladder: Ladder, today: date) -> Reminder | None:
    """A stage that is near its limit, due or overdue; `level` is what `deadline.level` gave."""
    urgency = ladder.stage_levels.get(level)
    if urgency is None:
        return None
    sentence = f"{stage}须在 {due.isoformat()} 前完成"
    actions = ladder.actions_for(Kind.STAGE_DUE)
    left = (due - today).days
    return Reminder(Kind.STAGE_DUE, str(level), ladder.urgencies[urgency], due, left, sentence, actions)


def paper_due(paper: str, due: date, ladder: Ladder, today: date, supplier: str = "") -> Reminder | None:
    """A promised paper (容缺) that is due within the ladder's days, or overdue; `supplier`: who can supply it."""
    if (due - today).days > ladder.paper_days:
        return None
    who = f"，由{supplier}提供" if supplier else ""
    return _dated(Kind.PAPER_DUE, due, f"{paper}承诺于 {due.isoformat()} 前补交{who}", ladder, today,
                  LATE if due < today else "")


def hold_ends(what: str, kva: str, until: date, year: str, ladder: Ladder, today: date) -> Reminder | None:
    """Capacity whose time at rest (暂停, 减容) ends within the ladder's days, or has ended without 恢复. `year`: how
    long it rested in the year together with the rest, beside what may be; empty where nothing limits it."""
    if (until - today).days > ladder.hold_days:
        return None
    ended = "已期满，还没有办理恢复" if until < today else "期满，请联系客户办理恢复或延长"
    told = f"{what} {kva} kVA 于 {until.isoformat()} {ended}{f'；{year}' if year else ''}"
    return _dated(Kind.HOLD_ENDS, until, told, ladder, today)


def defect_due(item: str, responsible: str, due: date, ladder: Ladder, today: date) -> Reminder | None:
    """A defect that is to be mended within as many days as a promised paper is reminded of, or should have been."""
    if (due - today).days > ladder.paper_days:
        return None
    late = "，已逾期未销号" if due < today else ""
    return _dated(Kind.DEFECT_DUE, due, f"缺陷“{item}”由{responsible}于 {due.isoformat()} 前整改{late}", ladder, today)


def approval_waits(post: str, rule: str, due: date, ladder: Ladder, today: date) -> Reminder:
    """A scheme that a post has to agree to; told from the day on which it was asked."""
    left = (due - today).days
    urgency = ladder.passed if left < 0 else "urgent" if left == 0 else "watch"
    told = f"供电方案待{post}审批（{rule}），应在 {due.isoformat()} 前答复"
    return Reminder(Kind.APPROVAL, f"待{post}审批", ladder.urgencies[urgency], due, left, told,
                    ladder.actions_for(Kind.APPROVAL))


def scheme_ends(until: date, ladder: Ladder, today: date) -> Reminder | None:
    """A scheme on which nothing is begun and whose term ends soon (30, 15, 10 days by the ladder), or has ended."""
    left = (until - today).days
    band = next((band for band in reversed(ladder.scheme_bands) if left <= band.days), None)
    if band is None:
        return None
    if left < 0:
        band = Band(left, "已作废", ladder.passed)
    told = (f"供电方案有效期到 {until.isoformat()} 为止，期内没有开工，已作废，须重新答复" if left < 0
            else f"供电方案有效期到 {until.isoformat()} 为止，尚未开工：请提醒客户开工或申请延期")
    return Reminder(Kind.SCHEME_ENDS, band.word, ladder.urgencies[band.urgency], until, left, told,
                    ladder.actions_for(Kind.SCHEME_ENDS))


def fee_due(item: str, amount: str, due: date, ladder: Ladder, today: date) -> Reminder | None:
    """A business fee whose day of payment is near, or over."""
    if (due - today).days > ladder.paper_days:
        return None
    return _dated(Kind.FEE_DUE, due, f"{item} {amount} 元应于 {due.isoformat()} 前缴清", ladder, today)


def offered(giver: str, receiver: str, reason: str, on: date, ladder: Ladder, today: date) -> Reminder | None:
    """A case that was handed over on that day and that its receiver has not answered."""
    told = f"{giver}于 {on.isoformat()} 移交给{receiver}（{reason}），等对方接收"
    return _dated(Kind.OFFERED, on, told, ladder, today)


def _dated(
    kind: Kind, due: date, sentence: str, ladder: Ladder, today: date, which: str = ""
) -> Reminder | None:
    left = (due - today).days
    band = ladder.band(left)
    if band is None:
        return None
    urgency, actions = ladder.urgencies[band.urgency], ladder.actions_for(kind, which)
    return Reminder(kind, band.word, urgency, due, left, sentence, actions)


def _ask(ladder: Ladder, contract_kind: str, band: str, sentence: str) -> Reminder:
    actions = ladder.actions_for(Kind.CONTRACT_ENDS, contract_kind)
    urgency = ladder.urgencies[ladder.unknown]
    return Reminder(Kind.CONTRACT_ENDS, band, urgency, None, None, sentence, actions)
