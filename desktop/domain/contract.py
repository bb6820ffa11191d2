"""A supply contract's term, states, renewal and number: dates as the law and the trade count them.

依据：民法典第二百零二条（期间的计算）；供用电合同文本与期限的内部规定见目录 contracts.toml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop.domain.basis import Basis
from desktop.domain.identity import is_personal
from desktop.errors import Missing

if TYPE_CHECKING:
    from desktop.domain.kind import Answers, Value
    from desktop.domain.material import When

ONE_DAY = timedelta(days=1)


class State(StrEnum):
    DRAFT = "草稿"
    READY = "待签"
    CUSTOMER_SIGNED = "客户已签"
    SIGNED = "我方已签用印"
    FILED = "已归档"
    VOID = "作废"


def state_told(state: str, in_force: bool, since: date | None = None) -> str:
    """The state in words, also of one that is not void and no longer in force: from which day, if that is known."""
    over = "" if in_force or state == State.VOID else f"，{f'自 {since.isoformat()} 起' if since else ''}不再履行"
    return state + over


class RenewalMode(StrEnum):
    AUTOMATIC = "自动续展"
    RESIGN = "到期重签"
    ENDS = "到期终止"
    INDEFINITE = "不定期"
    UNKNOWN = "未知"


@dataclass(frozen=True)
class Step:
    """One allowed pair of states, the deed that leads over, and the facts that must be recorded with it."""

    before: State
    after: State
    deed: str
    needs: tuple[str, ...] = ()


STEPS = (
    Step(State.DRAFT, State.READY, "打印待签"),
    Step(State.READY, State.CUSTOMER_SIGNED, "客户签署", ("signed_on", "signer", "capacity")),
    Step(State.CUSTOMER_SIGNED, State.SIGNED, "我方签署用印", ("signed_on", "signer", "capacity")),
    Step(State.SIGNED, State.FILED, "归档", ("box",)),
    Step(State.DRAFT, State.VOID, "作废", ("reason",)),
    Step(State.READY, State.VOID, "作废", ("reason",)),
    Step(State.CUSTOMER_SIGNED, State.VOID, "作废", ("reason",)),
    Step(State.SIGNED, State.VOID, "作废", ("reason",)),
)

TERMINATED = "终止："  # how the note of a contract that was ended begins, before its reason
BY_AGENT = "授权代理人"
CAPACITIES = ("法定代表人", "负责人", BY_AGENT, "本人")
POA = ("poa_number", "poa_from", "poa_until")

FACT_LABELS = {
    "reason": "原因",
    "signed_on": "签署日期",
    "signer": "签署人",
    "capacity": "签署身份（法定代表人或授权代理人）",
    "box": "档案盒号",
    "poa_number": "授权委托书编号",
    "poa_from": "授权起始日期",
    "poa_until": "授权截止日期",
}


@dataclass(frozen=True)
class Renewal:
    """How a contract goes on after its end; `objection_days` (异议期) matter only to 自动续展."""

    mode: RenewalMode
    objection_days: int = 0


@dataclass(frozen=True)
class ContractKind:
    """A kind of supply contract, as the catalogue has it. `template` empty: no text is there yet."""

    id: str
    name: str
    title: str
    code: str
    unit: str
    cap_years: int
    template: str
    renewal: Renewal
    basis: Basis


@dataclass(frozen=True)
class StandIn:
    """What a blank of the contract says where nobody said otherwise: `value`, or what the fact `source` is; only
    where `when` holds."""

    field: str
    basis: Basis
    value: str = ""
    source: str = ""
    when: When | None = None

    def answer(self, facts: Answers) -> Value:
        """What it says with these facts; empty where it says nothing."""
        if self.when is not None and not self.when.holds(facts):
            return ""
        return self.value or facts.get(self.source, "")


@dataclass(frozen=True)
class Pairing:
    """What a blank may say where `when` holds: one of `values`."""

    field: str
    values: tuple[str, ...]
    when: When
    basis: Basis

    def broken_by(self, facts: Answers) -> bool:
        said = facts.get(self.field)
        return bool(said) and self.when.holds(facts) and said not in self.values


def step(before: State, after: State) -> Step | None:
    """The step from one state to another, or None where the pair is not allowed."""
    return next((s for s in STEPS if s.before is before and s.after is after), None)


def may_step(before: State, after: State, facts: Mapping[str, object]) -> tuple[Missing, ...]:
    """What stands in the way of moving a contract from `before` to `after`; empty if nothing does."""
    allowed = step(before, after)
    if allowed is None:
        return (Missing(_way_to(before, after)),)
    needs = (*allowed.needs, *(POA if facts.get("capacity") == BY_AGENT else ()))
    blanks = [name for name in needs if not str(facts.get(name) or "").strip()]
    lacks = tuple(Missing(f"{allowed.deed}须填写{FACT_LABELS[name]}", name) for name in blanks)
    return lacks or _poa_covers(facts)


def deeds_between(before: State, after: State) -> tuple[str, ...]:
    """The deeds that lead from one state to another, in their order; none where no way leads there."""
    if before is after:
        return ()
    for one in STEPS:
        if one.before is before and one.after is not State.VOID:
            rest = deeds_between(one.after, after)
            if one.after is after or rest:
                return (one.deed, *rest)
    return ()


def _way_to(before: State, after: State) -> str:
    """What must be done first, or instead, where a step is not allowed."""
    if before is State.VOID:
        return "合同已作废，不能再登记：请从工单重新起草，续签的从原合同重新续签"
    if after is State.VOID:
        return "合同已归档，不能作废：确要不再履行的，请登记“终止”并写明原因"
    first = deeds_between(before, after)[:-1]
    if first and before is State.DRAFT:
        rest = f"，再登记“{'”“'.join(first[1:])}”" if first[1:] else ""
        return ("合同还是草稿，没有印制过：请先检查并印制"
                f"（命令行 yekuo contract 工单编号 --out 合同.pdf，续签的 yekuo renew）{rest}")
    if first:
        return f"合同现为“{before}”，请先登记“{'”“'.join(first)}”"
    done = next((f"“{one.deed}”已经登记过" for one in STEPS if one.after is after), "不能退回草稿")
    return f"合同现为“{before}”，{done}；要改的请作废后重新起草"


def _poa_covers(facts: Mapping[str, object]) -> tuple[Missing, ...]:
    """An agent signs only within his power's period. 依据：民法典第一百六十五条、第一百七十一条."""
    if facts.get("capacity") != BY_AGENT:
        return ()
    signed, since, until = (str(facts[name]) for name in ("signed_on", "poa_from", "poa_until"))
    if since <= signed <= until:  # ISO dates compare as text
        return ()
    return (Missing(f"授权委托书有效期 {since} 至 {until}，不含签署日期 {signed}，请核对", "poa_until"),)


def end_of(start: date, years: int) -> date:
    """The last day of a term of `years` whole years that begins on `start`: the day before the anniversary.

    A term that begins on 29 February ends on 28 February. ValueError for years < 1 or beyond year 9999.
    依据：民法典第二百零二条.
    """
    return end_after(start, years * 12)


def end_after(start: date, months: int) -> date:
    """The last day of a term of `months` whole months that begins on `start`. ValueError for months < 1.

    Where the month of the end has no such day, the month's last day is the term's last (民法典第二百零二条).
    """
    if months < 1:
        raise ValueError("a term lasts at least one month")
    years, month = divmod(start.month - 1 + months, 12)
    try:
        return date(start.year + years, month + 1, start.day) - ONE_DAY
    except ValueError:
        return _month_end(start.year + years, month + 1)


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - ONE_DAY


def agrees(signed: date, years: int, end: date) -> bool:
    """Whether `end` fits `years` from `signed`: the day before the anniversary and the day itself do."""
    last = end_of(signed, years)
    return end in (last, last + ONE_DAY)


def over_cap(starts: date, ends: date, cap_years: int) -> bool:
    """Whether a term is longer than its kind may last. `cap_years` 0 means no cap."""
    return cap_years > 0 and ends > end_of(starts, cap_years)


def effective_on(customer_signed: date, our_signed: date, wanted: date | None = None) -> date:
    """The day a contract takes effect: the day wanted, but never before the last signature.

    依据：民法典第四百九十条（签名、盖章或者按指印时合同成立）.
    """
    return max(day for day in (customer_signed, our_signed, wanted) if day)


def current_end(ends: date | None, mode: str, months: int | None, today: date) -> date | None:
    """The end of the term that runs on `today`: 自动续展 adds the same term again, as often as needed.

    Every other mode, and a term of unknown length, keeps the written end. None where no end is known.
    """
    while ends is not None and mode == RenewalMode.AUTOMATIC and months and today > ends:
        ends = end_after(ends + ONE_DAY, months)
    return ends


def renewal_due(end: date, mode: str, objection_days: int = 0) -> date:
    """The last day to act on a contract that ends on `end`; for 自动续展 the last day on which to object."""
    return end - timedelta(days=objection_days) if mode == RenewalMode.AUTOMATIC else end


NUMBER = re.compile(r"^(?P<unit>[A-Z0-9]{2,12})-(?P<code>[A-Z]{2})-(?P<year>\d{4})-(?P<serial>\d{6})$")


def contract_number(unit: str, code: str, year: int, serial: int) -> str:
    """Our own number `{单位代码}-{类型}-{年}-{6 位流水}`. ValueError where a part does not fit the form."""
    number = f"{unit}-{code}-{year:04d}-{serial:06d}"
    if not is_contract_number(number):
        raise ValueError(f"not a contract number: {number}")
    return number


def is_contract_number(text: str) -> bool:
    return NUMBER.match(text) is not None


def change_signer_faults(answers: Mapping[str, object], facts: Mapping[str, object]) -> tuple[Missing, ...]:
    """A paper that changes a contract is signed as the contract is: by him whom it binds, or by an agent within his
    power. Nothing where the application names nobody. 依据：民法典第一百六十五条、第一百七十一条."""
    own = is_personal(str(answers.get("customer_id_kind") or ""))
    names = ("customer_name", "new_name") if own else ("legal_person",)
    mine = [str(answers[name]) for name in names if answers.get(name)]
    signer = str(facts.get("change_signer") or "").strip()
    if not signer or not mine or signer in mine:
        return ()
    known = answers if signer == answers.get("agent_name") else {}
    power = {name: str(facts.get(name) or known.get(name) or "") for name in POA}
    who = f"签署人“{signer}”不是{'用电人' if own else '法定代表人（负责人）'}“{mine[-1]}”：由他人代签的"
    blanks = tuple(Missing(f"{who}，请填写{FACT_LABELS[name]}", name) for name in POA if not power[name])
    return blanks or _poa_covers({**power, "capacity": BY_AGENT, "signed_on": facts.get("change_signed_on") or ""})
