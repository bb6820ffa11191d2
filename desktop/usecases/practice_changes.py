"""The practice hall's changes of use: accounts for each kind's sample, and changes on their way or filed.

The accounts come in by a ledger of their own, long ago, so that a 减容 can be a year and a half old; the changes go
through the use-cases of a working day, as those of the new supplies do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from desktop.domain.contract import end_of
from desktop.domain.material import Mark, needed
from desktop.domain.sample_account import ACCOUNTS, SampleAccount, shop, works
from desktop.domain.specimen import specimen, stage_specimen
from desktop.domain.survey import blank, checklist
from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.charging import charge, pay, set_tariff
from desktop.usecases.confirming import make_change_paper
from desktop.usecases.desk import Desk
from desktop.usecases.intake import Application, MaterialMark, accept, process_of
from desktop.usecases.placing import OVERSEERS
from desktop.usecases.practice_data import CODES, HOME, SINGLE, Customer, LedgerLine, Trade
from desktop.usecases.practice_supplies import PLANS as SUPPLIES
from desktop.usecases.staffing import clerks

IMPORTED_DAYS_AGO = 640  # their ledger came in before the oldest change
MOVING_FEE = "move_meter"
NOTICE = 6  # working days between application and sealing
FILED = f"S18+{NOTICE} paper+1 S21+0 S15+1"
YEARS = {"resident": 10, "low_voltage": 10, "high_voltage": 5}
LEFT = {"resident": 2000, "low_voltage": 2400, "high_voltage": 950}  # days that their contracts still run
WORKERS = {"sealed_by": "例勘查", "unsealed_by": "例勘查", "removed_by": "例勘查", "installed_by": "例勘查",
           "survey_by": "例勘查", "settled_by": "演受理"}


@dataclass(frozen=True)
class ChangePlan:
    """`began`: working days ago it was accepted; `deeds`: what followed, as in `practice_cases.Plan`. `until`: the last
    day of a hold, in days from today; None: two years after it began."""

    kind: str
    account: SampleAccount
    began: int
    deeds: str = ""
    until: int | None = 90


PLANS = (
    ChangePlan("reduce", ACCOUNTS["restore"], 378, FILED, None),
    ChangePlan("suspend", works(51, "雪莲砂石料厂", "2×400", "建筑用石加工"), 80, FILED, 8),
    ChangePlan("suspend", ACCOUNTS["resume"], 30, FILED, 60),
    ChangePlan("suspend", works(52, "红景天乳业有限公司", "2×400", "乳制品制造"), 2),
    ChangePlan("transfer", shop(53, "倒淌河旅馆", "50", "住宿业"), 2),
    ChangePlan("rename", shop(54, "青海南山商贸有限公司", "80", "零售业"), 9, "paper+1 S21+0 S15+2"),
    ChangePlan("close", shop(55, "切吉修理店", "30", "汽车修理"), 6, "S20+2"),
    ChangePlan("close", shop(58, "黑马河招待所", "30", "住宿业"), 1),
    ChangePlan("move_meter", shop(60, "环湖东路洗车行", "30", "汽车修理"), 7, "S03+1 fee+1 end+2"),
    ChangePlan("move_meter", shop(56, "沙珠玉磨坊", "50", "谷物磨制"), 4, "S03+1"),
    ChangePlan("reclassify", shop(59, "石乃亥蔬菜种植专业合作社", "50", "蔬菜种植"), 3, "S03+1"),
    ChangePlan("reclassify", shop(57, "铁盖温室种植专业合作社", "80", "蔬菜种植"), 12,
               "S03+1 paper+1 S21+0 S23+1 S15+1"),
)
OLD = tuple(plan for plan in PLANS if plan.began > 60)  # from before the hall's own ledger came in


@dataclass
class ChangeWalk:
    """One change of use on its way through its plan."""

    desk: Desk
    plan: ChangePlan
    ends: date
    number: str = ""

    def accept(self) -> None:
        process, day = process_of(self.desk, self.plan.kind), self.desk.today
        answers = specimen(process, day, self.plan.account, **self._hold(day))
        answers = {name: value for name, value in answers.items() if name in process.fields}
        marks = {paper.code: MaterialMark(Mark.RECEIVED) for paper in needed(process.materials, answers)}
        self.number = accept(self.desk, Application(process.id, answers, marks, applied_on=day)).case_number

    def _hold(self, day: date) -> dict[str, str]:
        first = self.desk.catalog.calendar.add_workdays(day, NOTICE)
        last = self.ends if self.plan.until is not None else end_of(first, 2)
        return {"hold_from": first.isoformat(), "hold_until": last.isoformat()}

    def deeds(self) -> Iterator[tuple[int, str]]:
        """What follows its acceptance: (working days to wait, deed)."""
        for deed in self.plan.deeds.split():
            name, _, wait = deed.partition("+")
            yield int(wait or 0), name

    def do(self, deed: str) -> None:
        if deed in _DEEDS:
            _DEEDS[deed](self)
        else:
            self._finish(deed)

    def _finish(self, deed: str) -> None:
        view = case(self.desk, self.number)
        asked = view.process.stage(deed).fields
        said: dict[str, Any] = {**stage_specimen(view.process, deed, self.desk.today), **self._own(deed)}
        if "survey_items" in asked:
            rows = blank(checklist(self.desk.catalog.surveys, view.process.group, view.answers))
            said |= {"survey_ready": "具备供电条件", "survey_items": [{**row, "answer": "符合"} for row in rows],
                     "survey_loads": []}
        record(self.desk, self.number, deed, "done", {name: said[name] for name in asked if said.get(name)})

    def _own(self, deed: str) -> dict[str, str]:
        tail = self.plan.account.number[-4:]
        return {**WORKERS, "yx_account": self.plan.account.number, "change_signer": self.plan.account.head,
                "meter_number": f"63{self.plan.account.number}" if deed == "S22" else "", "meter_reading": "0",
                "ct_numbers": "", "pt_numbers": "",
                "seal_numbers": f"YL{tail}", "archive_number": f"DA-{self.number}", "mountings": "", "note": ""}


def _charge(walk: ChangeWalk) -> None:
    """What moving a meter costs is charged by a price of the practice hall's own, and paid."""
    desk = walk.desk
    head = next(each.number for each in clerks(desk) if each.post in OVERSEERS)
    set_tariff(desk, MOVING_FEE, "150.00", "演练文件〔2026〕第 1 号（演练）", desk.today, allowed_by=head)
    lines = [line.id for line in charge(desk, walk.number, MOVING_FEE, "1").lines]
    pay(desk, walk.number, lines, desk.today, "现金", f"演收-{walk.number[-8:]}")


_DEEDS: dict[str, Callable[[ChangeWalk], object]] = {
    "paper": lambda walk: make_change_paper(walk.desk, walk.number),
    "fee": _charge,
    "end": lambda walk: record(walk.desk, walk.number, "S01", "ended", {"reason": "客户撤销"}),
}


def change_walks(desk: Desk, *, old: bool) -> Iterator[tuple[int, ChangeWalk]]:
    """The changes as they are to be carried out, each with the working days ago that it began."""
    for plan in PLANS:
        if (plan in OLD) is old:
            yield plan.began, ChangeWalk(desk, plan, desk.today + timedelta(days=plan.until or 0))


def change_lines(today: date) -> tuple[LedgerLine, ...]:
    """The ledger of the accounts that samples and changes speak of."""
    growing = (plan.account for plan in SUPPLIES if plan.account is not None)
    accounts = (*ACCOUNTS.values(), *(plan.account for plan in PLANS), *growing)
    return tuple(_line(account, today) for account in dict.fromkeys(accounts))


def _line(account: SampleAccount, today: date) -> LedgerLine:
    kind = account.contract
    ends, years = today + timedelta(days=LEFT[kind]), YEARS[kind]
    signed = date(ends.year - years, ends.month, min(ends.day, 28))
    nature = HOME if account.personal else SINGLE
    trade = Trade("", account.industry, nature[0], account.price, "生产设备")
    who = Customer(account.customer, "身份证" if account.personal else "营业执照", account.customer_id, account.phone,
                   account.address, trade, account.head, account.customer_id if account.personal else "")
    number = f"YL-{CODES[kind]}-{signed.year}-9{account.number[-4:]}"
    return LedgerLine(who, kind, number, account.number, account.capacity, signed, signed, f"{years}年",
                      end_of(signed, years))
