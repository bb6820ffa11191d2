"""What an application says on the day it is brought: facts that cannot be true together, or not on that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from desktop.domain.choice import LOW_VOLTAGES
from desktop.domain.field import Answers
from desktop.domain.process import Process

Finding = tuple[str, str]


def contradictions(process: Process, known: Answers, day: date) -> dict[str, str]:
    """Field → sentence for everything that keeps the application of `day` from being taken as it stands.

    依据：民法典第一百六十五条（授权委托书载明的期间）；《供电营业规则》低压供电为单相 220 伏、三相 380 伏。
    """
    found: dict[str, str] = {}
    for rule in (_authority, _wish):
        for name, sentence in rule(known, day):
            found.setdefault(name, sentence)
    return found | _voltage(process, known)


def _day(known: Answers, name: str) -> date | None:
    try:
        return date.fromisoformat(str(known.get(name) or ""))
    except ValueError:
        return None


def _authority(known: Answers, day: date) -> Iterator[Finding]:
    """An agent acts within the period of his power of attorney, or not at all."""
    since, until = _day(known, "poa_from"), _day(known, "poa_until")
    if since and until and until < since:
        yield "poa_until", f"委托截止日 {until} 早于委托起始日 {since}，请核对授权委托书"
    elif not known.get("agent_name"):
        return
    elif until and until < day:
        yield "poa_until", f"授权委托已于委托截止日 {until} 到期，申请日期是 {day}：请客户重新出具授权委托书"
    elif since and since > day:
        yield "poa_from", f"委托起始日 {since} 晚于申请日期 {day}，代理人还无权办理：请核对授权委托书"


def _wish(known: Answers, day: date) -> Iterator[Finding]:
    for name, label in (("wanted_on", "希望用电日期"), ("wanted_done_on", "希望办理日期")):
        wanted = _day(known, name)
        if wanted and wanted < day:
            yield name, f"{label} {wanted} 早于申请日期 {day}，请与客户核对"


def _voltage(process: Process, known: Answers) -> dict[str, str]:
    voltage = str(known.get("voltage") or "")
    if not process.customer_class.startswith("低压") or voltage in ("", *LOW_VOLTAGES):
        return {}
    return {"voltage": f"“{process.name}”的供电电压应为{'或'.join(LOW_VOLTAGES)}，{voltage} 请按高压业务办理"}
