"""The practice hall's other supplies: homes, small firms, charging piles, works at 10 kV from one or two sources, sites
for a time, and bigger supplies of accounts that there are; each at another stage, by the use-cases of a working day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from desktop.domain.material import Mark, needed, needed_later
from desktop.domain.process import Process, Subject
from desktop.domain.sample_account import SampleAccount, shop, works
from desktop.domain.specimen import specimen, stage_specimen
from desktop.usecases.approving import agree, submit_scheme
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.collecting import mark
from desktop.usecases.contracting import draw_up, print_contract
from desktop.usecases.desk import ClerkView, Desk
from desktop.usecases.intake import Application, MaterialMark, accept, process_of
from desktop.usecases.practice_cases import (
    SURVEYOR,
    UNUSUAL,
    customer_answers,
    nothing_amiss,
    sign_both,
)
from desktop.usecases.practice_data import (
    HIGH_SIZES,
    HOME,
    LARGE_TRADES,
    SIZES,
    Customer,
    Inventor,
    grid_of,
    high_scheme,
    instruments,
    loads,
)
from desktop.usecases.signing import archive

COMPANY_SIZE, HOME_SIZE = "50", "8"
METERED_DAYS = ("survey_on", "inspected_on", "installed_on", "energised_on")
PEOPLE = ("survey_by", "inspected_by", "reviewed_by", "installed_by", "energised_by")
HIGH = "高压"
DUAL_SOURCE = {"number": "电源二", "nature": "备用", "station": "35kV 例示变", "line": "10kV 例示线", "pole": "9 号杆"}
ANSWERED = "S03+2 S04+4"
REVIEWED = f"{ANSWERED} S06+6 S07+2"
BUILT = f"{ANSWERED} S06+6 S08+12"
INSPECTED = f"{BUILT} S10+6 S11+2"
FINISHED = f"{INSPECTED} contract+2 S13+2 S14+1 file+1 S15+1"


@dataclass(frozen=True)
class SupplyPlan:
    """`began`: working days ago it was accepted; `deeds`: what followed, as in `practice_cases.Plan`. `capacity` in the
    kind's unit; `account`: which one grows, where it is no new supply; `special_load`: for which the design is reviewed
    and hidden works are looked at."""

    kind: str
    began: int
    deeds: str = ""
    capacity: str = HOME_SIZE
    account: SampleAccount | None = None
    special_load: str = "无"


PLANS = (
    SupplyPlan("resident_new", 2),
    SupplyPlan("high_voltage_single", 26, f"{ANSWERED} S06+18", "630", special_load="冲击"),
    SupplyPlan("high_voltage_dual", 6, "S03+3", "2×1000"),
    SupplyPlan("charging_pile", 4, "S03+1 S04+1"),
    SupplyPlan("temporary_low", 3, "S04+2", COMPANY_SIZE),
    SupplyPlan("low_voltage_more", 2, "S04+1", account=shop(61, "尕海冷饮店", "50", "零售业")),
    # what only a hall of the usual size has besides
    SupplyPlan("resident_new", 9, "S04+1 S12+1 S13+1 S14+0 S15+1"),
    SupplyPlan("resident_new", 5, "S04+1 S12+1"),
    SupplyPlan("small_business_new", 1, capacity="30"),
    SupplyPlan("small_business_new", 8, "S04+1", capacity="15"),
    SupplyPlan("charging_pile", 12, "S03+1 S04+1 S12+1 S13+1 S14+1 S15+1"),
    SupplyPlan("high_voltage_single", 70, FINISHED, "800"),
    SupplyPlan("high_voltage_single", 5, "S03+2 submit+2", "315"),
    SupplyPlan("high_voltage_dual", 48, f"{REVIEWED} S08+12", "2000", special_load="谐波"),
    SupplyPlan("temporary_high", 16, ANSWERED, "315"),
    SupplyPlan("high_voltage_more", 36, BUILT, account=works(62, "茶卡水泥制品有限公司", "630", "水泥制品制造")),
)
FEW = 6  # of a small hall


@dataclass
class SupplyWalk:
    """One application on its way through its plan; `superior` agrees to schemes that no rule lets through, for
    whatever post is asked."""

    desk: Desk
    plan: SupplyPlan
    customer: Customer
    new_number: str
    superior: ClerkView
    number: str = ""

    @property
    def _high(self) -> bool:
        return process_of(self.desk, self.plan.kind).customer_class == HIGH

    @property
    def _address(self) -> str:
        return self.plan.account.address if self.plan.account else self.customer.address

    def accept(self) -> None:
        process, day = process_of(self.desk, self.plan.kind), self.desk.today
        answers = self._answers(process, day)
        marks = {paper.code: MaterialMark(Mark.RECEIVED) for paper in needed(process.materials, answers)}
        self.number = accept(self.desk, Application(process.id, answers, marks, applied_on=day)).case_number

    def _answers(self, process: Process, day: date) -> dict[str, Any]:
        """The kind's own sample, with the customer and his need in it."""
        said: dict[str, Any] = {**specimen(process, day, self.plan.account)}
        if process.subject is Subject.NEW:
            whole = _whole(self.plan.capacity)
            said |= customer_answers(self.customer, whole, self._address, day) | {"capacity_kva": whole}
            said |= {"special_load": self.plan.special_load, "loads": loads(
                str(int(whole) * 4 // 5), self.customer.trade.machine)} if self._high else {}
        left_out = set(UNUSUAL) - {"yx_account", *process.required_fields}
        return {name: value for name, value in said.items()
                if value and name in process.fields and name not in left_out}

    def deeds(self) -> Iterator[tuple[int, str]]:
        """What follows its acceptance: (working days to wait, deed)."""
        for deed in self.plan.deeds.split():
            name, _, wait = deed.partition("+")
            yield int(wait or 0), name

    def do(self, deed: str) -> None:
        if deed == "contract":
            key = draw_up(self.desk, self.number).row.key
            print_contract(self.desk, key, loads_checked=True)
            sign_both(self.desk, key, self.customer)
        elif deed == "file":
            archive(self.desk, str(case(self.desk, self.number).contract_number), "演练-02", 1)
        elif deed == "submit":
            submit_scheme(self.desk, self.number, self._facts("S04"))
        else:
            self._finish(deed)

    def _finish(self, stage: str) -> None:
        view, facts = case(self.desk, self.number), self._facts(stage)
        for paper in needed_later(view.process.materials, view.answers):
            if paper.stage == stage:
                mark(self.desk, self.number, paper.code, {"complete": "是", "true": "是", "true_how": "人工"})
        if stage == "S04" and self._high:
            self._have_agreed(facts)
        record(self.desk, self.number, stage, "done", facts)

    def _have_agreed(self, facts: dict[str, Any]) -> None:
        for asked in submit_scheme(self.desk, self.number, facts).asked:
            if asked.post:
                agree(self.desk.served_by(self.superior), self.number, post=asked.post)

    def _facts(self, stage: str) -> dict[str, Any]:
        view = case(self.desk, self.number)
        asked = view.process.stage(stage).fields
        said: dict[str, Any] = {**stage_specimen(view.process, stage, self.desk.today), **self._own()}
        if "survey_items" in asked:
            said |= nothing_amiss(self.desk, view)
        return {name: said[name] for name in asked if said.get(name)}

    def _own(self) -> dict[str, Any]:
        """What is so here, whatever the samples say: the scheme, the meter, who did it, and when."""
        today, account = self.desk.today, self.plan.account.number if self.plan.account else self.new_number
        return dict.fromkeys(UNUSUAL, "") | (self._high_facts() if self._high else self._low_facts()) | {
            "scheme_number": f"FA-{self.number}", "scheme_valid_until": str(today + timedelta(days=80)),
            "scheme_receiver": self.customer.agent or self.customer.head,
            "customer_works": "有" if self._high else "无", "meter_number": f"63{self.number[2:]}",
            "ct_numbers": f"CT{self.number[2:]}1、CT{self.number[2:]}2",
            "pt_numbers": f"PT{self.number[2:]}" if self._high else "",
            "archive_number": f"DA-{self.number}", "yx_account": account,
            "contract_number": f"YL-{self.number[2:]}", "mountings": "",
        } | dict.fromkeys(METERED_DAYS, str(today)) | dict.fromkeys(PEOPLE, SURVEYOR)

    def _high_facts(self) -> dict[str, Any]:
        capacity = self.plan.capacity if self.plan.account is None else "2×630"
        facts = high_scheme(capacity, self._address)
        facts |= instruments(HIGH_SIZES[facts["scheme_capacity_kva"]], self.number[2:])
        special = self.plan.special_load
        facts |= {"special_load": special, "concealed_works": "无" if special == "无" else "有"}
        if self.plan.kind.endswith("_dual"):
            facts["sources"] = [*facts["sources"], {**facts["sources"][0], **DUAL_SOURCE}]
        return facts

    def _low_facts(self) -> dict[str, Any]:
        line, transformer = grid_of(self._address)
        facts: dict[str, Any] = {"scheme_source": "110kV 演练变电站", "scheme_line": line,
                                 "scheme_transformer": transformer}
        capacity = "80" if self.plan.account else self.plan.capacity
        facts |= {"scheme_capacity_kw": capacity, "ct_numbers": "", "pt_numbers": ""}
        if (metering := SIZES.get(capacity)) is not None:  # a home's is the sample's
            facts |= {"ct_ratio": metering.ct_ratio, "multiplier": metering.multiplier, "meter_spec": metering.meter,
                      "ct_accuracy": "0.5S" if metering.ct_ratio else "", **instruments(metering, self.number[2:])}
        return facts


def _whole(capacity: str) -> str:
    count, _, each = capacity.rpartition("×")
    return str(int(count or 1) * int(each))


def supply_walks(desk: Desk, inventor: Inventor, superior: ClerkView,
                 plans: tuple[SupplyPlan, ...]) -> Iterator[tuple[int, SupplyWalk]]:
    """The supplies as they are to be carried out, each with the working days ago that it began."""
    for plan in plans:
        yield plan.began, SupplyWalk(desk, plan, _customer(plan, inventor), inventor.account(), superior)


def _customer(plan: SupplyPlan, inventor: Inventor) -> Customer:
    if plan.account is not None:
        return replace(inventor.company(), name=plan.account.customer, head=plan.account.head, agent="")
    if plan.kind in ("resident_new", "charging_pile"):
        person = inventor.person()
        return replace(person, trade=replace(person.trade, industry="城镇居民", nature=HOME[0], price=HOME[1]))
    if plan.kind.startswith("temporary"):
        return inventor.works()
    return inventor.company(LARGE_TRADES) if plan.kind.startswith("high") else inventor.company()
