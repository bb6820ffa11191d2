"""The practice hall (演练): a hall that never was, made by the verbs that a real one uses, and the main job on it.

Its old contracts come in through the import of a ledger, its files through 档案补录, its cases through acceptance and
casework with a moving clock. Everything in it is marked 演练, on screen and on paper.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select
from stdnum.cn import uscc

from db.cases import Case
from db.contracts import Contract
from db.customers import Customer
from db.entries import Entry
from desktop.domain.clause import sample_answers
from desktop.domain.contract import RenewalMode
from desktop.domain.field import field
from desktop.domain.kind import Value
from desktop.domain.material import Way
from desktop.errors import Refusal
from desktop.progress import Step, no_step
from desktop.usecases.case_listing import case
from desktop.usecases.contract_amending import set_renewal, supplement_account
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contract_listing import ContractFilter, contracts
from desktop.usecases.contracting import print_contract
from desktop.usecases.desk import ClerkView, Desk
from desktop.usecases.hall_keeping import add_clerk, set_hall
from desktop.usecases.importing import import_contracts
from desktop.usecases.papering import PaperView, paper_bytes
from desktop.usecases.practice_cases import (
    PLANS,
    WHOLE,
    Journey,
    MovingClock,
    Plan,
    carry_out,
    new_walk,
    once,
    side_by_side,
)
from desktop.usecases.practice_changes import IMPORTED_DAYS_AGO as CHANGES_DAYS_AGO
from desktop.usecases.practice_changes import change_lines, change_walks
from desktop.usecases.practice_data import (
    LEDGER_WORDS,
    SIZES,
    VOLTAGES,
    Inventor,
    LedgerLine,
    grid_of,
    high_scheme,
    ledger,
    loads,
)
from desktop.usecases.practice_supplies import FEW, SupplyPlan, supply_walks
from desktop.usecases.practice_supplies import PLANS as SUPPLIES
from desktop.usecases.renewing import renew
from desktop.usecases.reporting import REPORTS, report, suggested_name
from desktop.usecases.staffing import clerks, is_practice
from printing.fonts import prepare
from printing.template import templates
from printing.workbook import Column, SheetSpec, write_workbook
from printing.writing import atomic_write

SEED = 20261123
CLERKS = (
    ("1001", "演受理", "受理员"), ("1002", "示班长", "班长"), ("1003", "例勘查", "客户经理"),
    ("1004", "演合同", "合同管理"), ("1005", "示主管", "主管"), ("1006", "例管理", "管理员"),
)
HALL: Mapping[str, str] = {
    "supplier_name": "演练县供电公司（演练）", "supplier_address": "青海省演练州演练县恰措镇示范路1号",
    "supplier_legal_person": "示范明", "supplier_bank": "演练银行演练县支行",
    "supplier_account": "6300000000000000001", "supplier_phone": "0974-8600001", "supplier_postcode": "813000",
    "hall_name": "演练县供电营业厅", "supplier_contact": "演合同",
}
AT_COUNTER = 4  # as many of them take cases
IMPORTED_DAYS_AGO = 60
ALL_PLANS_FROM = 200  # a smaller hall has one case of each plan
DEMO_NUMBERS = 100_000  # where the running numbers of what a demonstration invents begin
LEDGER = (
    Column("number", "合同编号", "identifier"), Column("account", "户号", "identifier"), Column("name", "户名"),
    Column("id", "证件号码", "identifier"), Column("phone", "联系电话", "identifier"), Column("address", "用电地址"),
    Column("kind", "合同类型"), Column("voltage", "供电电压"), Column("capacity", "合同容量"),
    Column("signed", "签订日期", "date"), Column("starts", "起始日", "date"), Column("term", "有效期"),
    Column("ends", "到期日", "date"), Column("note", "备注"),
)
NOT_SUPPLEMENTED = ("供电人", "营销系统", "合同", "经办人")
# how the contracts of a kind go on, in shares of ten; the rest stays 未知 until somebody looks
RENEWALS = {
    "low_voltage": (RenewalMode.AUTOMATIC,) * 6 + (RenewalMode.RESIGN,) * 2,
    "high_voltage": (RenewalMode.RESIGN,) * 7,
    "temporary": (RenewalMode.ENDS,) * 10,
}


@dataclass(frozen=True)
class PracticeCounts:
    """What the practice hall holds."""

    customers: int
    contracts: int
    cases: int
    entries: int


def make_practice_hall(desk: Desk, step: Step = no_step, *, customers: int = 300, seed: int = SEED,
                       plans: tuple[Plan, ...] | None = None,
                       supplies: tuple[SupplyPlan, ...] | None = None) -> PracticeCounts:
    """Fill an empty data folder with a hall of about so many customers; the same for the same seed and day.

    `plans`: its new supplies at low voltage, by default all there are (in a small hall one of each); `supplies`: those
    of the other kinds, none beside plans of one's own. Refused where anything is kept
    already: practice and work never share a folder.
    """
    _refuse_unless_empty(desk)
    prepare(desk.fonts, _share(step, 0, 10))
    people = _open_hall(desk)
    inventor, large = Inventor(seed), customers >= ALL_PLANS_FROM
    if supplies is None:
        supplies = () if plans else SUPPLIES if large else SUPPLIES[:FEW]
    plans = plans or (PLANS if large else once(PLANS))
    cases = sum(plan.times for plan in plans) + len(supplies)
    lines = ledger(inventor, desk.today, max(customers - cases, 40))
    _open_accounts(desk, people)
    _bring_in(_at(desk, people[3], IMPORTED_DAYS_AGO), lines, _share(step, 10, 25))
    _settle(_at(desk, people[4], IMPORTED_DAYS_AGO - 2), lines, Random(seed), _share(step, 25, 40))

    def beside(moving: Desk) -> Iterator[tuple[int, Journey]]:
        yield from change_walks(moving, old=False)
        yield from supply_walks(moving, inventor, people[-1], supplies)

    carry_out(desk, people[:AT_COUNTER], inventor, plans, beside, _share(step, 40, 100))
    step(100, 100)
    return _counts(desk)


def _refuse_unless_empty(desk: Desk) -> None:
    with desk.db.read() as session:
        kept = session.scalar(select(func.count()).select_from(Customer))
    if kept or clerks(desk, active_only=False):
        raise Refusal("演练营业厅只能建在空的数据文件夹里，以免和真实业务混在一起。"
                      "请另选一个文件夹（命令行用 --data）。")


def _open_hall(desk: Desk) -> tuple[ClerkView, ...]:
    """The hall's answers and its clerks; each clerk after the first is added by the first."""
    body = "91632521MA7500000"
    set_hall(desk, {**HALL, "supplier_code": body + str(uscc.calc_check_digit(body))}, practice=True)
    first = add_clerk(desk.served_by(None), *CLERKS[0])
    opened = desk.served_by(first)
    return (first, *(add_clerk(opened, *clerk) for clerk in CLERKS[1:]))


def _open_accounts(desk: Desk, people: tuple[ClerkView, ...]) -> None:
    """The accounts of which the samples speak, with complete files, and what was changed of them long ago."""
    lines = change_lines(desk.today)
    _bring_in(_at(desk, people[3], CHANGES_DAYS_AGO), lines, no_step)
    filing = _at(desk, people[4], CHANGES_DAYS_AGO - 2)
    set_renewal(filing, mode=RenewalMode.RESIGN, numbers=[line.number for line in lines], confirmed_by="示主管")
    for line in lines:
        supplement_account(filing, line.number, file_answers(line))
    clock = MovingClock(desk.now)
    walks = tuple(change_walks(replace(desk, clock=clock).served_by(people[0]), old=True))
    side_by_side(desk, clock, walks, no_step)


def _at(desk: Desk, clerk: ClerkView, days_ago: int) -> Desk:
    """The desk as it was some days ago, with that clerk at it."""
    return replace(desk, clerk=clerk, clock=MovingClock(desk.now - timedelta(days=days_ago)))


def _share(step: Step, first: int, last: int) -> Step:
    """A part of the work told as its share of the whole, in per cent."""
    def tell(done: int, total: int) -> None:
        step(first + (last - first) * done // max(total, 1), 100)
    return tell


# ---- old contracts

def _bring_in(desk: Desk, lines: tuple[LedgerLine, ...], step: Step) -> None:
    """As a hall begins: its own ledger, flaws and all, through the import."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "演练合同台账.xlsx"
        write_workbook(book, SheetSpec("供用电合同台账", LEDGER), [_cells(line) for line in lines])
        import_contracts(desk, book, step=step)


def _cells(line: LedgerLine) -> tuple[object, ...]:
    who = line.customer
    return (line.number, line.account, who.name, who.id_number, who.phone, who.address, LEDGER_WORDS[line.kind],
            VOLTAGES[line.kind], line.capacity, line.signed, line.starts, line.term, line.ends, line.note)


def _settle(desk: Desk, lines: tuple[LedgerLine, ...], chance: Random, step: Step) -> None:
    """What a hall does with its ledger next: how contracts go on, and the files of those to be renewed."""
    sound = [line for line in lines if len(line.account) == 13 and not line.note]
    for (_, mode), numbers in _by_mode(sound, chance).items():
        set_renewal(desk, mode=mode, numbers=numbers, confirmed_by="示主管")
    wanted = [line for line in sound if line.kind in templates() and chance.random() < 0.6]
    for done, line in enumerate(wanted, 1):
        supplement_account(desk, line.number, file_answers(line))
        step(done, len(wanted))


def _by_mode(lines: list[LedgerLine], chance: Random) -> dict[tuple[str, str], list[str]]:
    groups: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        modes = RENEWALS.get(line.kind, ())
        at = chance.randrange(10)
        if at < len(modes):
            groups.setdefault((line.kind, str(modes[at])), []).append(line.number)
    return groups


def file_answers(line: LedgerLine) -> dict[str, Value]:
    """A complete file for the line's account: what its contract's text must know, agreeing with its capacity."""
    if line.kind not in templates():
        return {**_customer_facts(line), "scheme_capacity_kw": line.capacity, "meter_spec": "单相 220V 5(60)A",
                "metering_point": "楼道集中表箱"}
    template = templates()[line.kind]
    known = sample_answers(template)
    names = [name for name, blank in template.blanks.items()
             if blank.need == "required" and field(name).group not in NOT_SUPPLEMENTED]
    facts = {name: known[name] for name in (*names, "ct_ratio", "pt_ratio") if name in known}
    own = _high_facts(line) if line.kind == "high_voltage" else _low_facts(line)
    return {**facts, **_customer_facts(line), **own}


def _customer_facts(line: LedgerLine) -> dict[str, Value]:
    who = line.customer
    return {
        "customer_name": who.name, "customer_id_kind": who.id_kind, "customer_id": who.id_number,
        "customer_phone": who.phone, "customer_address": who.address, "usage_address": who.address,
        "legal_person": who.head, "industry": who.trade.industry, "usage_nature": who.trade.nature,
        "price_class": who.trade.price, "time_of_use": who.trade.time_of_use,
        "voltage": VOLTAGES[line.kind], "postcode": "813000",
        "contact_name": who.head, "contact_phone": who.phone, "bank_name": HALL["supplier_bank"],
        "bank_account": f"62{line.account}001", "tax_number": "" if who.personal else who.id_number,
    }


def _high_facts(line: LedgerLine) -> dict[str, Value]:
    facts = high_scheme(line.capacity, line.customer.address)
    whole = int(facts["scheme_capacity_kva"])
    return {**facts, "loads": loads(str(whole * 4 // 5), line.customer.trade.machine)}


def _low_facts(line: LedgerLine) -> dict[str, Value]:
    metering, (feeder, transformer) = SIZES[line.capacity], grid_of(line.customer.address)
    return {
        "scheme_capacity_kw": line.capacity, "ct_ratio": metering.ct_ratio, "multiplier": metering.multiplier,
        "meter_spec": metering.meter, "scheme_line": feeder, "scheme_transformer": transformer,
        "power_factor_standard": "不考核", "loads": loads(line.capacity, line.customer.trade.machine),
    }


def _counts(desk: Desk) -> PracticeCounts:
    with desk.db.read() as session:
        counted = [session.scalar(select(func.count()).select_from(table)) or 0
                   for table in (Customer, Contract, Case, Entry)]
    return PracticeCounts(*counted)


# ---- the main job

def demo(desk: Desk, out: Path, step: Step = no_step) -> tuple[Path, ...]:
    """The main job on the practice hall, which is made first where the folder is empty: two acceptances, one of them
    to its contract and connection, a renewal, the reports. Writes every paper to `out`; answers the files."""
    if not clerks(desk):
        make_practice_hall(desk, _share(step, 0, 70))
    if not is_practice(desk):
        raise Refusal("演示只在演练营业厅里做，这里已有真实业务。请另选一个空文件夹（命令行用 --data）。")
    out.mkdir(parents=True, exist_ok=True)
    hall = desk.served_by(desk.clerk or clerks(desk)[0])
    inventor = Inventor(SEED, DEMO_NUMBERS + 10 * _counts(hall).cases)
    made = [*_new_customer(hall, inventor, out), *_with_missing_paper(hall, inventor, out), *_renewal(hall, out)]
    step(90, 100)
    made += _reports(hall, out)
    step(100, 100)
    return tuple(made)


def _new_customer(desk: Desk, inventor: Inventor, out: Path) -> list[Path]:
    """From the application to the connection and the filed contract, all today."""
    walk = new_walk(desk, Plan(0, WHOLE), inventor)
    walk.accept()
    for _, deed in walk.deeds():
        walk.do(deed)
    return [*_write_papers(desk, case(desk, walk.number).papers, out, ""),
            *_write_papers(desk, contract(desk, walk.contract).papers, out, "")]


def _with_missing_paper(desk: Desk, inventor: Inventor, out: Path) -> list[Path]:
    """An application that lacks a paper: taken all the same, with a promise and a notice of what is missing."""
    walk = new_walk(desk, Plan(0, way=Way.MAY_FOLLOW, lacking=("M03",)), inventor)
    walk.accept()
    return _write_papers(desk, case(desk, walk.number).papers, out, "容缺-")


def _renewal(desk: Desk, out: Path) -> list[Path]:
    """The next high-voltage contract to end whose file is complete, renewed and printed."""
    page = contracts(desk, ContractFilter(kind="high_voltage"), limit=200)
    for row in page.rows:
        try:
            new = renew(desk, row.number)
        except Refusal:
            continue  # its file is incomplete, as some are in any hall; the refusal names what is missing
        return _write_papers(desk, (print_contract(desk, new.row.key),), out, "续签-")
    raise Refusal("演练营业厅里没有档案齐全、可以续签的高压合同。请换一个空文件夹重新演示。")


def _write_papers(desk: Desk, papers: Iterable[PaperView], out: Path, word: str) -> list[Path]:
    """Each paper under its title without the number; nobody's name is in a file's name."""
    made = []
    for paper in papers:
        made.append(out / f"{word}{paper.title.rpartition(' ')[0]}.pdf")
        atomic_write(made[-1], paper_bytes(desk, paper.id))
    return made


def _reports(desk: Desk, out: Path) -> Iterator[Path]:
    month = f"{desk.today:%Y-%m}"
    for each in REPORTS:
        asked = month if each.needs_month else None
        yield report(desk, each.name, month=asked, out=out / suggested_name(each.name, asked, desk.today)).path
