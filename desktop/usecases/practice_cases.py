"""The practice hall's cases: each a plan of what happened on which working day, carried out by the real use-cases.

All plans run side by side, day after day, with a clock that moves: the log of the practice hall looks as that of a
hall that was open all the time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from desktop.domain.calendar import WorkCalendar
from desktop.domain.field import samples
from desktop.domain.material import Mark, Way, needed, promise_paper
from desktop.domain.process import Process
from desktop.domain.survey import READY, all_fits, checklist
from desktop.progress import Step
from desktop.usecases.allowing import may_allow
from desktop.usecases.case_listing import CaseView, case
from desktop.usecases.casework import record, supply_material
from desktop.usecases.contracting import draw_up, print_contract
from desktop.usecases.desk import ClerkView, Desk
from desktop.usecases.intake import Application, MaterialMark, accept, decline, process_of
from desktop.usecases.practice_data import SIZES, Customer, Inventor, grid_of, instruments, loads
from desktop.usecases.signing import archive, sign_customer, sign_ours
from desktop.usecases.staffing import hall

PROCESS = "low_voltage_new"
SIGNED = "S04+2 S11+2 draw+0 print+0 customer+1 ours+0"
CONNECTED = f"{SIGNED} S13+1 S14+0"
WHOLE = f"{CONNECTED} file+1 S15+1"
# what a sample says and an ordinary customer has not: left out of the application and of the scheme
UNUSUAL = ("yx_application", "yx_account", "yx_contract", "note", "customer_email", "backup_source",
           "backup_capacity_kw", "own_generator", "own_generator_kw", "own_interlock", "emergency_load_kw", "meters",
           "fixed_ratio", "fixed_quantity", "special_terms", "boundary_drawing")
SURVEYOR = "例勘查"
AGENT_FIELDS = ("agent_name", "agent_id", "agent_phone", "poa_number", "poa_matter", "poa_scope", "poa_from",
                "poa_until", "poa_signed")
OPENING = time(9, 0)
NOT_OURS = "未提供用电人身份证明，且用电地址不在本厅供电范围"


@dataclass(frozen=True)
class Plan:
    """`began`: working days ago it was accepted. `deeds`: what followed, each with the working days since the one
    before. `times`: as many such cases, each begun a working day earlier than the last."""

    began: int
    deeds: str = ""
    way: Way = Way.NORMAL
    lacking: tuple[str, ...] = ()
    works: str = "无"
    times: int = 1


PLANS = (
    Plan(0, times=2), Plan(1, times=2), Plan(3, times=3), Plan(7, times=2),
    Plan(0, way=Way.MAY_FOLLOW, lacking=("M03",)), Plan(1, way=Way.ONE_PAPER, lacking=("M02", "M03")),
    Plan(9, "S04+3", way=Way.MAY_FOLLOW, lacking=("M03",), times=2),
    Plan(6, "S04+2 paper+1", way=Way.MAY_FOLLOW, lacking=("M03",)),
    Plan(5, "S04+2", times=3), Plan(6, "S03+1 S04+1"), Plan(8, "S04+3", works="有", times=2),
    Plan(18, "S04+2 S08+9", works="有"), Plan(6, "S04+2 S11+2", times=2),
    Plan(12, "S04+2 rework+1 S04+2"), Plan(9, "S04+2 failed+2"),
    Plan(12, "S04+2 pause+1", times=2), Plan(20, "S04+2 pause+1 resume+6 S11+1"),
    Plan(6, "S04+2 draw+1"), Plan(20, "S04+2 draw+1 print+0", times=2), Plan(7, "S04+2 draw+1 print+0 customer+1"),
    Plan(8, SIGNED, times=2), Plan(9, f"{SIGNED} S13+1"), Plan(9, CONNECTED, times=2),
    Plan(14, f"{CONNECTED} file+1", times=2), Plan(18, WHOLE, times=12), Plan(45, WHOLE, times=6),
    Plan(7, "end+2", times=2), Plan(30, "S04+2 end+4"), Plan(4, "declined", lacking=("M01",)),
)


class MovingClock:
    """Tells the moment of the deed that is being carried out."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Walk:
    """One case on its way through its plan."""

    desk: Desk
    plan: Plan
    customer: Customer
    capacity: str
    address: str
    account: str
    number: str = ""
    contract: str = ""

    def deeds(self) -> Iterator[tuple[int, str]]:
        """What follows its acceptance: (working days to wait, deed)."""
        for deed in self.plan.deeds.split():
            name, _, wait = deed.partition("+")
            yield int(wait or 0), name

    def do(self, deed: str) -> None:
        if deed.startswith("S"):
            self._finish(deed)
        else:
            _DEEDS[deed](self)

    def _finish(self, stage: str) -> None:
        asked = process_of(self.desk, PROCESS).stage(stage).fields
        surveyed = nothing_amiss(self.desk, case(self.desk, self.number)) if "survey_items" in asked else {}
        said = {**samples(asked), **self._own_facts(), **surveyed}
        record(self.desk, self.number, stage, "done", {name: said[name] for name in asked if said.get(name)})

    def _own_facts(self) -> dict[str, Any]:
        today, people = self.desk.today, ("survey_by", "inspected_by", "installed_by", "energised_by")
        days = ("survey_on", "inspected_on", "installed_on", "energised_on")
        return dict.fromkeys(UNUSUAL, "") | self._scheme() | {
            "meter_number": f"63{self.account}", "ct_numbers": f"CT{self.account}1、CT{self.account}2",
            "pt_numbers": "", "archive_number": f"DA-{self.number}", "yx_account": self.account,
            "yx_contract": f"YX-{self.account}",
        } | instruments(SIZES[self.capacity], self.account) | dict.fromkeys(days, today.isoformat()) | dict.fromkeys(
            people, SURVEYOR)

    def _scheme(self) -> dict[str, str]:
        """A scheme that fits the place, the capacity and the trade."""
        metering, trade, (line, transformer) = SIZES[self.capacity], self.customer.trade, grid_of(self.address)
        valid_until = self.desk.today + timedelta(days=80)
        return {
            "scheme_capacity_kw": self.capacity, "ct_ratio": metering.ct_ratio, "multiplier": metering.multiplier,
            "ct_accuracy": "0.5S" if metering.ct_ratio else "", "meter_spec": metering.meter,
            "customer_works": self.plan.works, "scheme_receiver": self.customer.agent or self.customer.head,
            "scheme_number": f"FA-{self.number}", "scheme_valid_until": valid_until.isoformat(),
            "scheme_source": "110kV 演练变电站", "scheme_line": line, "scheme_transformer": transformer,
            "price_class": trade.price, "time_of_use": trade.time_of_use, "power_factor_standard": "不考核",
        }

    def accept(self) -> None:
        process = process_of(self.desk, PROCESS)
        application = _application(process, self, self.desk.today)
        if self.plan.deeds == "declined":
            self.number = decline(self.desk, application, NOT_OURS).case_number
        else:
            self.number = accept(self.desk, application).case_number


def _application(process: Process, walk: Walk, day: date) -> Application:
    answers = application_answers(process, walk.customer, walk.capacity, walk.address, day)
    codes = [paper.code for paper in needed(process.materials, answers)]
    promise = promise_paper(process.materials)
    if walk.plan.way != Way.NORMAL and promise is not None:
        codes.append(promise.code)
    marks = {code: MaterialMark(Mark.MISSING if code in walk.plan.lacking else Mark.RECEIVED) for code in codes}
    return Application(PROCESS, answers, marks, walk.plan.way, day)


def application_answers(process: Process, customer: Customer, capacity: str, address: str, day: date) -> dict[str, Any]:
    """What the customer says at the counter: the sample application, with himself and his need in it."""
    left_out = (*UNUSUAL, *(() if customer.agent else AGENT_FIELDS))
    said = {**samples(process.fields), **customer_answers(customer, capacity, address, day)}
    return {name: value for name, value in said.items() if name not in left_out}


def customer_answers(customer: Customer, capacity: str, address: str, day: date) -> dict[str, Any]:
    """Himself and his need, in the words of any kind's form; an agent's fields are empty where he comes himself."""
    trade = customer.trade
    return {
        "customer_name": customer.name, "customer_id_kind": customer.id_kind, "customer_id": customer.id_number,
        "customer_phone": customer.phone, "customer_address": customer.address, "industry": trade.industry,
        "delivery_address": customer.address, "legal_person": customer.head, "legal_person_id": customer.head_id,
        "contact_name": customer.head, "contact_phone": customer.phone, "owner_name": customer.name,
        "usage_address": address, "usage_nature": trade.nature, "bank_name": "演练银行演练县支行",
        "bank_account": f"6299{customer.phone}001", "tax_number": "" if customer.personal else customer.id_number,
        "ownership_number": f"青({day.year})演练县不动产权第{customer.phone[-7:]}号", "capacity_kw": capacity,
        "small_business": "否" if customer.personal else "是", "wanted_on": (day + timedelta(days=30)).isoformat(),
        "monthly_kwh": str(int(capacity) * 120), "loads": loads(capacity, trade.machine),
        **(_agent(customer, day) if customer.agent else dict.fromkeys(AGENT_FIELDS, "")),
    }


def _agent(customer: Customer, day: date) -> dict[str, Any]:
    """Whom a company sends, with a power of attorney that lasts a year."""
    return {
        "agent_name": customer.agent, "agent_id": customer.agent_id, "agent_phone": customer.agent_phone,
        "poa_number": f"演委-{customer.phone[-4:]}", "poa_from": day.isoformat(),
        "poa_until": (day + timedelta(days=364)).isoformat(),
    }


# ---- deeds

def nothing_amiss(desk: Desk, view: CaseView) -> dict[str, Any]:
    """A visit on which everything was as applied for."""
    asked = checklist(desk.rules_of(view.process.release).surveys, view.process.group, view.answers)
    return {"survey_ready": READY, "survey_loads": [], "survey_items": all_fits(asked)}


def sign_both(desk: Desk, contract: str, customer: Customer) -> None:
    """The printed contract is signed by the customer, then by us, today."""
    sign_customer(desk, contract, _signing(customer), desk.today)
    _sign_ours(desk, contract)


def _signing(customer: Customer) -> dict[str, str]:
    capacity = "本人" if customer.personal else "法定代表人"
    return {"signer": customer.head, "capacity": capacity, "copies": "1"}


def _draw(walk: Walk) -> None:
    walk.contract = draw_up(walk.desk, walk.number).row.key


def _sign_ours(desk: Desk, contract: str) -> None:
    signing = {"signer": hall(desk)["supplier_legal_person"], "capacity": "法定代表人", "copies": "1"}
    sign_ours(desk, contract, signing, desk.today)


def _rework(walk: Walk) -> None:
    facts = {"reason": "客户要求变更用电地址", "to": "S04"}
    record(walk.desk, walk.number, "S11", "sent_back", facts)


def _failed(walk: Walk) -> None:
    facts = {"reason": "进线断路器额定电流与容量不符，请更换后报验", "to": "S11"}
    record(walk.desk, walk.number, "S11", "sent_back", facts)


_DEEDS: dict[str, Callable[[Walk], object]] = {
    "draw": _draw,
    "print": lambda walk: print_contract(walk.desk, walk.contract),
    "customer": lambda walk: sign_customer(walk.desk, walk.contract, _signing(walk.customer), walk.desk.today),
    "ours": lambda walk: _sign_ours(walk.desk, walk.contract),
    "file": lambda walk: archive(walk.desk, walk.contract, "演练-01", 1),
    "paper": lambda walk: supply_material(walk.desk, walk.number, "M03", walk.desk.today),
    "pause": lambda walk: record(walk.desk, walk.number, "S11", "paused", {
        "reason": "客户要求暂缓", "evidence": "客户书面说明", "allowed_by": may_allow(
            walk.desk, walk.desk.catalog.clock)[0].number}),
    "resume": lambda walk: record(walk.desk, walk.number, "S11", "resumed", {}),
    "rework": _rework,
    "failed": _failed,
    "end": lambda walk: record(walk.desk, walk.number, "S01", "ended", {"reason": "客户撤销"}),
    "declined": lambda walk: None,
}


# ---- all plans side by side

class Journey(Protocol):
    """A case that goes its way by a plan."""

    def accept(self) -> None: ...
    def deeds(self) -> Iterator[tuple[int, str]]: ...
    def do(self, deed: str) -> None: ...


def carry_out(desk: Desk, people: tuple[ClerkView, ...], inventor: Inventor, plans: tuple[Plan, ...],
              beside: Callable[[Desk], Iterable[tuple[int, Journey]]], step: Step) -> int:
    """Carry out the plans up to now, in the order of their days, with other journeys `beside` them, each with the
    working days ago that it began; answers how many cases there are."""
    clock = MovingClock(desk.now)
    moving = replace(desk, clock=clock)
    walks: list[tuple[int, Journey]] = [
        (plan.began, new_walk(moving.served_by(people[n % len(people)]), plan, inventor))
        for n, plan in enumerate(_each(plans))]
    walks += beside(moving.served_by(people[0]))
    return side_by_side(desk, clock, walks, step)


def side_by_side(desk: Desk, clock: MovingClock, walks: Sequence[tuple[int, Journey]], step: Step) -> int:
    """All journeys up to now, day after day, by a clock that each of their desks is told the time by."""
    calendar, now = desk.catalog.calendar, desk.now
    waiting: list[tuple[date, int, Journey, Iterator[tuple[int, str]] | None, str]] = []
    for n, (began, walk) in enumerate(walks):
        heapq.heappush(waiting, (workday_before(calendar, now.date(), began), n, walk, None, ""))
    done, total = 0, sum(1 + len(tuple(walk.deeds())) for _, walk in walks)
    while waiting:
        day, n, walk, deeds, deed = heapq.heappop(waiting)
        clock.at = min(now, datetime.combine(day, OPENING) + timedelta(minutes=7 * n))
        deeds = _one_deed(walk, deeds, deed)
        done += 1
        step(done, total)
        wait, deed = next(deeds, (0, ""))
        after = day if wait == 0 else calendar.add_workdays(day, wait)
        if deed and after <= now.date():
            heapq.heappush(waiting, (after, n, walk, deeds, deed))
    return len(walks)


def _one_deed(walk: Journey, deeds: Iterator[tuple[int, str]] | None, deed: str) -> Iterator[tuple[int, str]]:
    """The acceptance, where the case is not there yet, else the deed; answers what follows."""
    if deeds is None:
        walk.accept()
        return walk.deeds()
    walk.do(deed)
    return deeds


def new_walk(desk: Desk, plan: Plan, inventor: Inventor) -> Walk:
    customer = inventor.person() if inventor.chance.random() < 0.25 else inventor.company()
    return Walk(desk, plan, customer, inventor.pick(tuple(SIZES)), customer.address, inventor.account())


def once(plans: tuple[Plan, ...]) -> tuple[Plan, ...]:
    """One case of each plan."""
    return tuple(replace(plan, times=1) for plan in plans)


def _each(plans: tuple[Plan, ...]) -> Iterator[Plan]:
    for plan in plans:
        for n in range(plan.times):
            yield replace(plan, began=plan.began + n)


def workday_before(calendar: WorkCalendar, day: date, count: int) -> date:
    """The working day so many working days before `day`; `day` itself, or the last before it, for none."""
    while count > 0 or not calendar.is_workday(day):
        count -= calendar.is_workday(day)
        day -= timedelta(days=1)
    return day
