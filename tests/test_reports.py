"""The reports: what they count is what the log holds, and nothing personal goes out unmasked."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from change_book import asked, open_works, sealed
from sqlalchemy import insert, select

from db.cases import Case
from db.contracts import Contract
from db.customers import Account, Customer
from db.engine import Database
from db.entries import Entry
from desktop.domain.contract import RenewalMode, State
from desktop.errors import Refusal, Trouble
from desktop.usecases.acting import act
from desktop.usecases.case_listing import case
from desktop.usecases.casework import contract_deed, record
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk, set_hall
from desktop.usecases.intake import accept, decline
from desktop.usecases.registering import name_columns
from desktop.usecases.reminder_listing import reminders
from desktop.usecases.reporting import REPORTS, Column, export_rows, report, report_named, suggested_name
from printing.reports import monthly
from printing.reports.report import Month
from tests.conftest import Clock, synthetic_supplier
from tests.contract_book import ledgered
from tests.trade import application, done

TODAY = date(2026, 11, 23)
MONTHS = ("2026-09", "2026-10", "2026-11")


def cells(path: Path) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))


def table(path: Path) -> list[dict[str, Any]]:
    """The rows under the heads, by the label of their column; a grouped label is 组/标签."""
    rows = cells(path)
    top = next(i for i, row in enumerate(rows) if row[0] in ("序号", "业务类型"))
    grouped = any(value is None for value in rows[top])
    heads = _labels(rows[top], rows[top + 1]) if grouped else list(rows[top])
    body = rows[top + 1 + grouped:]
    return [dict(zip(heads, row, strict=True)) for row in body
            if row[1] is not None or row[0] == "合计" or str(row[0]).startswith("小计：")]


def _labels(groups: Iterable[Any], labels: Iterable[Any]) -> list[str]:
    made, group = [], ""
    for above, below in zip(groups, labels, strict=True):
        group = above or group
        made.append(f"{group}/{below}" if below else group)
    return made


def sign(desk: Desk, number: str, on: date) -> None:
    """The case's contract, kept as signed by both, and its deed in the case's log."""
    with act(desk, "sign") as doing:
        case = doing.session.execute(select(Case).where(Case.number == number)).scalar_one()
        for deed in ("contract_signed", "contract_filed"):
            contract_deed(doing, desk, case.id, deed, on)
        owner = (case.customer_id, case.account_id)
    ledgered(desk, number, owner=owner, case_id=case.id, source="case", signed_on=on, starts_on=on,
             ends_on=on.replace(year=on.year + 5) - timedelta(days=1), state=str(State.FILED))


def finish(desk: Desk, number: str, on: date, upto: str = "S15") -> None:
    """Take a case from its acceptance to the stage `upto`, all claimed for one day."""
    for stage in ("S04", "S11", "S12", "S13", "S14", "S15"):
        if stage == "S12":
            sign(desk, number, on)
        else:
            facts = {"yx_account": "63" + number[-8:]} if stage == "S15" else {
                "customer_works": "无", "scheme_capacity_kw": str(case(desk, number).answers["capacity_kw"])}
            done(desk, number, stage, on=on, facts=facts if stage in ("S04", "S15") else None)
        if stage == upto:
            return


@pytest.fixture(scope="module")
def three_months_kept(
        tmp_path_factory: pytest.TempPathFactory, catalog: Any, font_folder: Path, _empty_folder: Path) -> Path:
    """Cases of three months, at random as a hall has them: finished, ended, taken back, still open."""
    folder = Path(shutil.copytree(_empty_folder, tmp_path_factory.mktemp("months") / "hall"))
    clock, chance, numbers = Clock(), random.Random(20261123), []
    database = Database(folder / "hall.db")
    desk = Desk(database, catalog, clock, folder, font_folder)
    set_hall(desk, synthetic_supplier())
    desk = desk.served_by(add_clerk(desk, "1001", "示范员", "管理员"))
    for day in _days(date(2026, 9, 1), TODAY):
        clock.at = datetime.combine(day, time(10))
        if chance.random() < 0.3:
            size = str(chance.choice([10, 50, 80, Decimal("0.5")]))
            taken = application(desk, capacity_kw=size, customer_name=f"演练户{day:%m%d}")
            numbers.append(accept(desk, taken).case_number)
        if numbers and chance.random() < 0.5:
            _something(desk, numbers, chance, day)
    database.close()
    return folder


@pytest.fixture
def three_months(three_months_kept: Path, desk_at: Callable[[Path], Desk], tmp_path: Path) -> Desk:
    return desk_at(Path(shutil.copytree(three_months_kept, tmp_path / "months")))


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def _something(hall: Desk, numbers: list[str], chance: random.Random, day: date) -> None:
    number = numbers.pop(chance.randrange(len(numbers)))
    deed = chance.choice(["end", "finish", "finish", "take back", "answer"])
    if deed == "end":
        record(hall, number, "S01", "ended", {"reason": "客户撤销"}, claimed_on=day)
    elif deed == "finish":
        finish(hall, number, day)
    elif deed == "answer":
        finish(hall, number, day, "S04")
    else:
        finish(hall, number, day, "S14")
        record(hall, number, "S15", "sent_back", {"reason": "表计装错", "to": "S13"}, claimed_on=day)


def slow_recount(desk: Desk, month: Month) -> dict[str, tuple[int, Decimal]]:
    """The month's figures counted one day after another, straight from the entries, by nobody's leave."""
    with desk.db.read() as session:
        entries = session.execute(select(
            Entry.subject_id, Entry.what, Entry.stage, Entry.claimed_on, Entry.facts, Case.answers,
        ).join(Case, Case.id == Entry.subject_id).where(Entry.subject == "case").order_by(Entry.id)).all()
    open_cases: dict[int, Decimal] = {}
    figures: dict[str, list[Decimal]] = {name: [] for name, _ in monthly.FIGURES}
    answered: set[int] = set()
    taken_back: list[Decimal] = []
    for day in _days(min(entry.claimed_on for entry in entries), month.last):
        if day == month.first:
            figures["left_before"] = list(open_cases.values())
            figures.update(accepted=[], done=[], archived=[], ended=[])
            answered.clear()
            taken_back.clear()
        for entry in (each for each in entries if each.claimed_on == day):
            size = Decimal(entry.answers["capacity_kw"])
            if entry.what == "accepted":
                open_cases[entry.subject_id] = size
                figures["accepted"].append(size)
            elif entry.what == "ended":
                figures["ended"].append(open_cases.pop(entry.subject_id))
            elif (entry.what, entry.stage) == ("done", "S14"):
                figures["done"].append(open_cases.pop(entry.subject_id))
            elif entry.what == "sent_back" and entry.facts["to"] == "S13" and entry.subject_id not in open_cases:
                open_cases[entry.subject_id] = size
                taken_back.append(size)
            elif (entry.what, entry.stage) == ("done", "S15"):
                figures["archived"].append(size)
            elif (entry.what, entry.stage) == ("done", "S04") and entry.subject_id not in answered:
                answered.add(entry.subject_id)
                figures["answered"].append(size) if month.first <= day else None
    figures["left"] = list(open_cases.values())
    counted = {name: (len(sizes), sum(sizes, Decimal())) for name, sizes in figures.items()}
    back = (len(taken_back), sum(taken_back, Decimal()))
    counted["done"] = (counted["done"][0] - back[0], counted["done"][1] - back[1])
    return counted


def test_the_monthly_report_is_what_a_slow_recount_of_the_log_gives(three_months: Desk, tmp_path: Path) -> None:
    out = tmp_path / "月报.xlsx"
    for month in MONTHS:
        report(three_months, "业扩报装月报", month=month, out=out)
        total = table(out)[-1]
        counted = slow_recount(three_months, Month.of(date.fromisoformat(month + "-01")))
        for name, label in monthly.FIGURES:
            told = (total[f"{label}/户数"], Decimal(str(total[f"{label}/容量"])))
            assert told == counted[name], (month, label)
        assert counted["accepted"][0] > 3


def test_what_was_left_and_came_in_less_what_went_out_is_what_is_left(three_months: Desk, tmp_path: Path) -> None:
    before = None
    for month in MONTHS:
        report(three_months, "monthly", month=month, out=tmp_path / "月报.xlsx")
        for line in table(tmp_path / "月报.xlsx"):
            for unit in ("户数", "容量"):
                figures = [line[f"{label}/{unit}"] for label in (
                    "上期结存", "本期受理", "本期完成（送电）", "本期办完（变更用电）", "本期终止", "期末结存")]
                assert figures[0] + figures[1] - sum(figures[2:5]) == pytest.approx(figures[5])
        left = (line["上期结存/户数"], line["期末结存/户数"])
        assert before is None or left[0] == before
        before = left[1]
    rows = [report(three_months, "register", month=month, out=tmp_path / "台账.xlsx").rows for month in MONTHS]
    assert sum(rows) == report(three_months, "register", out=tmp_path / "台账.xlsx").rows > 20


def test_a_connection_taken_back_in_a_later_month_counts_there_and_changes_no_earlier_report(
        hall: Desk, clock: Clock, tmp_path: Path) -> None:
    clock.move(date(2026, 10, 9))
    number = accept(hall, application(hall, capacity_kw="50")).case_number
    finish(hall, number, date(2026, 10, 9), "S14")
    clock.move(TODAY)
    record(hall, number, "S15", "sent_back", {"reason": "表计装错", "to": "S13"})
    report(hall, "monthly", month="2026-10", out=tmp_path / "十月.xlsx")
    report(hall, "monthly", month="2026-11", out=tmp_path / "十一月.xlsx")
    october, november = table(tmp_path / "十月.xlsx")[-1], table(tmp_path / "十一月.xlsx")[-1]
    assert (october["本期完成（送电）/户数"], october["期末结存/户数"]) == (1, 0)
    assert (november["本期完成（送电）/户数"], november["期末结存/户数"]) == (-1, 1)


def test_a_change_of_use_connects_nothing_and_is_summed_apart(hall: Desk, clock: Clock, tmp_path: Path) -> None:
    works, path = open_works(hall), tmp_path / "月报.xlsx"
    supply = accept(works, application(works, capacity_kw="50")).case_number
    finish(works, supply, TODAY, "S14")
    sealed(works, clock, "2026-11-25", "2027-01-31")
    report(works, "monthly", month="2026-11", out=path)
    lines = {(line["业务类型"], line["容量单位"]): line for line in table(path)}
    new, change = lines["小计：新装、增容", "kW"], lines["小计：变更用电", "kVA"]
    finished = "本期完成（送电）/户数", "本期办完（变更用电）/户数", "本期办完（变更用电）/容量"
    assert [new[name] for name in finished] == [1, 0, 0]
    assert [change[name] for name in finished] == [0, 1, 400]
    assert (lines["合计", "kW"]["本期完成（送电）/容量"], lines["合计", "kVA"]["期末结存/户数"]) == (50, 0)
    assert [line["业务类型"] for line in table(path)][:4] == [
        "低压非居民新装", "小计：新装、增容", "暂停", "小计：变更用电"]


def test_the_month_is_that_of_the_claimed_day_not_of_the_entry(hall: Desk, clock: Clock, tmp_path: Path) -> None:
    clock.move(date(2026, 10, 29))
    number = accept(hall, application(hall)).case_number
    clock.move(date(2026, 11, 3))
    done(hall, number, "S04", on=date(2026, 10, 30))
    for month, answered in (("2026-10", 1), ("2026-11", 0)):
        report(hall, "monthly", month=month, out=tmp_path / "月报.xlsx")
        assert table(tmp_path / "月报.xlsx")[-1]["本期方案答复/户数"] == answered


def test_a_refused_application_is_counted_in_and_out(hall: Desk, tmp_path: Path) -> None:
    decline(hall, application(hall), "用电地址不在本营业区")
    report(hall, "monthly", month="2026-11", out=tmp_path / "月报.xlsx")
    line = table(tmp_path / "月报.xlsx")[-1]
    assert [line[f"{label}/户数"] for label in ("本期受理", "本期终止", "期末结存")] == [1, 1, 0]


def test_an_empty_month_has_a_sum_of_nought_and_no_lines(hall: Desk, tmp_path: Path) -> None:
    path = tmp_path / "月报.xlsx"
    assert report(hall, "monthly", month="2026-11", out=path).rows == 0
    (total,) = [row for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True) if row[0] == "合计"]
    assert total[3:] == (0,) * 16


def test_the_register_shows_each_stage_on_its_day(hall: Desk, clock: Clock, tmp_path: Path) -> None:
    clock.move(date(2026, 11, 2))
    number = accept(hall, application(hall, agent_phone="13997001234")).case_number
    finish(hall, number, date(2026, 11, 2), "S04")
    clock.move(date(2026, 11, 4))
    done(hall, number, "S11")
    assert report(hall, "业扩受理台账", month="2026-11", out=tmp_path / "台账.xlsx").rows == 1
    row = table(tmp_path / "台账.xlsx")[0]
    assert row["工单编号"] == number
    assert row["受理日期"] == row["各环节完成日期/方案答复"] == datetime(2026, 11, 2)
    assert row["各环节完成日期/竣工检验"] == datetime(2026, 11, 4)
    assert row["各环节完成日期/送电"] is None
    assert (row["状态"], row["当前环节"], row["承诺完成"]) == ("在办", "供用电合同", datetime(2026, 11, 10))


def test_a_change_that_asks_for_no_capacity_has_none_in_the_register(hall: Desk, tmp_path: Path) -> None:
    works = open_works(hall)
    accept(works, asked(works, "rename", new_name="示例县绿洲藏毯有限公司"))
    assert report(works, "业扩受理台账", out=tmp_path / "台账.xlsx").rows == 1
    (row,) = table(tmp_path / "台账.xlsx")
    assert (row["申请容量"], row["单位"], row["合同容量"], row["容量单位"]) == (None, None, 800, "kVA")


def test_ids_and_phones_in_the_register_are_masked_and_names_are_not(hall: Desk, tmp_path: Path) -> None:
    said = {"customer_name": "扎西·才让", "customer_id_kind": "身份证", "customer_id": "632521199003071210",
            "agent_phone": "13997001234", "note": "另一电话13997005678"}
    with pytest.raises(Refusal):
        accept(hall, application(hall, **said))  # the check digit is wrong, and the practice hall is no exception
    accept(hall, application(hall, **said | {"customer_id": "63252119900307123" + _check("63252119900307123")}))
    report(hall, "register", out=tmp_path / "台账.xlsx")
    row = table(tmp_path / "台账.xlsx")[0]
    assert row["户名"] == "扎西·才让"
    assert row["证件号码"].startswith("632521********")
    assert (row["联系电话"], row["备注"]) == ("139****1234", "另一电话139****5678")


def _check(body: str) -> str:
    from stdnum.cn import ric

    return ric.calc_check_digit(body + "0")


def contract(desk: Desk, number: str, ends: date | None, *, name: str = "演练粮站", **said: Any) -> None:
    """A contract as a ledger brings it in."""
    with act(desk, "import") as doing:
        marks = doing.marks() | {"version": 1}
        customer = doing.session.execute(insert(Customer).values(
            **name_columns(name), phone="13997001234", facts={}, **marks).returning(Customer.id)).scalar_one()
        account = doing.session.execute(insert(Account).values(
            number="63252100" + number[-5:], customer_id=customer, facts={}, **marks,
        ).returning(Account.id)).scalar_one()
        values = {"kind": "low_voltage", "kind_word": "低压非居民", "source": "ledger", "state": "已归档",
                  "renewal": RenewalMode.RESIGN, "signed_on": date(2016, 11, 1), "starts_on": date(2016, 11, 1),
                  "term_months": 120, "doubts": [], "answers": {}, "signing": {}, "capacity": Decimal(80),
                  "capacity_unit": "kW", **said}
        doing.session.execute(insert(Contract).values(
            key=number, number=number, customer_id=customer, account_id=account, ends_on=ends, **values, **marks))


@pytest.fixture
def contracts_of_every_age(hall: Desk) -> Desk:
    contract(hall, "QH-00001", date(2026, 10, 31), name="已过期的演练户")
    contract(hall, "QH-00002", TODAY)
    contract(hall, "QH-00003", date(2026, 12, 1))
    contract(hall, "QH-00004", date(2027, 2, 21))
    contract(hall, "QH-00005", date(2027, 2, 22))
    contract(hall, "QH-00006", None, doubts=[{"code": "no_term", "sentence": "没有期限"}])
    contract(hall, "QH-00007", None, kind="resident", kind_word="居民", renewal=RenewalMode.INDEFINITE)
    contract(hall, "QH-00008", date(2026, 12, 30), renewal=RenewalMode.AUTOMATIC, objection_days=30)
    contract(hall, "QH-00009", date(2026, 9, 1), gone=True, note="已过户 13997009999")
    contract(hall, "QH-00010", date(2026, 12, 1), active=False)
    return hall


def test_the_list_of_ending_contracts_is_the_reminders_list(contracts_of_every_age: Desk, tmp_path: Path) -> None:
    report(contracts_of_every_age, "到期合同清单", out=tmp_path / "到期.xlsx")
    listed = [(row["合同编号"], row["到期档"]) for row in table(tmp_path / "到期.xlsx")]
    assert listed == [
        ("QH-00001", "过期"), ("QH-00002", "今天到期"), ("QH-00008", "7 天内"),
        ("QH-00003", "15 天内"), ("QH-00004", "90 天内"), ("QH-00006", "期限不明"), ("QH-00009", "已过户或已销户")]
    reminded = {each.number for each in reminders(contracts_of_every_age) if each.kind == "合同到期"}
    assert {number for number, _ in listed} == reminded


def test_days_dates_and_remarks_of_ending_contracts(contracts_of_every_age: Desk, tmp_path: Path) -> None:
    report(contracts_of_every_age, "expiring", out=tmp_path / "到期.xlsx")
    rows = {row["合同编号"]: row for row in table(tmp_path / "到期.xlsx")}
    assert rows["QH-00001"]["剩余天数"] == -23
    assert rows["QH-00001"]["户名"] == "已过期的演练户"
    assert (rows["QH-00008"]["最迟办理日"], rows["QH-00008"]["终止日期"]) == (
        datetime(2026, 11, 30), datetime(2026, 12, 30))
    assert (rows["QH-00006"]["终止日期"], rows["QH-00006"]["待核事项"]) == (None, "没有期限")
    assert (rows["QH-00009"]["备注"], rows["QH-00009"]["联系电话"]) == ("已过户 139****9999", "139****1234")


def test_under_the_list_stands_how_many_of_each_kind_and_step(contracts_of_every_age: Desk, tmp_path: Path) -> None:
    report(contracts_of_every_age, "expiring", out=tmp_path / "到期.xlsx")
    lines = [row[0] for row in cells(tmp_path / "到期.xlsx") if isinstance(row[0], str)]
    assert ("低压非居民：过期 1 份，今天到期 1 份，7 天内 1 份，15 天内 1 份，90 天内 1 份，"
            "已过户或已销户 1 份，期限不明 1 份") in lines
    assert any(line.startswith("合计 7 份。") for line in lines)
    assert lines[-1].startswith("单位：演练县城区供电营业厅    制表人：示范员    审核人：    日期：2026-11-23")


def test_a_month_leaves_the_contracts_that_end_in_it(contracts_of_every_age: Desk, tmp_path: Path) -> None:
    report(contracts_of_every_age, "expiring", month="2026-12", out=tmp_path / "到期.xlsx")
    assert [row["合同编号"] for row in table(tmp_path / "到期.xlsx")] == ["QH-00003"]


def test_a_running_month_says_to_which_day_it_counts(hall: Desk, tmp_path: Path) -> None:
    report(hall, "register", month="2026-11", out=tmp_path / "台账.xlsx")
    assert cells(tmp_path / "台账.xlsx")[1][0] == "统计期：2026-11（截至 11-23）    计量单位：户、kW（kVA）"


@pytest.mark.parametrize(("name", "month", "sentence"), [
    ("月报", "2026-11", "没有“月报”这张报表。现有：到期合同清单"),
    ("monthly", None, "要指定月份，例如 2026-11"),
    ("monthly", "2026-13", "月份“2026-13”看不懂"),
    ("monthly", "11月", "请写成 2026-11 的样子"),
    ("monthly", "2026-12", "2026-12 还没有到"),
])
def test_what_cannot_be_reported_is_refused_in_words(
        hall: Desk, tmp_path: Path, name: str, month: str | None, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        report(hall, name, month=month, out=tmp_path / "表.xlsx")
    assert list(tmp_path.glob("*.xlsx")) == []


def test_a_file_that_is_no_workbook_by_name_is_refused(hall: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"请以 \.xlsx 结尾"):
        report(hall, "register", out=tmp_path / "台账.csv")


def test_a_report_open_in_another_program_is_trouble_with_what_to_do(hall: Desk, tmp_path: Path) -> None:
    (tmp_path / "~$台账.xlsx").write_bytes(b"")
    with pytest.raises(Trouble, match="请先关闭它"):
        report(hall, "register", out=tmp_path / "台账.xlsx")


def test_a_cancelled_report_leaves_no_file(contracts_of_every_age: Desk, tmp_path: Path) -> None:
    def cancel(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report(contracts_of_every_age, "expiring", out=tmp_path / "到期.xlsx", step=cancel)
    assert not (tmp_path / "到期.xlsx").exists()


def test_any_list_is_exported_as_it_is_shown(hall: Desk, tmp_path: Path) -> None:
    columns = (Column("name", "户名"), Column("phone", "电话", "identifier", masked=True))
    made = export_rows(hall, "工单", columns, [("尕藏•卓玛", "13997001234")], tmp_path / "工单.xlsx", period="今天到期")
    assert made.rows == 1
    rows = cells(tmp_path / "工单.xlsx")
    assert rows[0][0] == "工单"
    assert rows[1][0] == "统计期：今天到期"
    assert rows[3] == ("尕藏•卓玛", "139****1234")


def test_every_report_has_a_name_of_its_own_and_a_file_name_without_persons() -> None:
    assert len({each.name for each in REPORTS} | {each.title for each in REPORTS}) == 2 * len(REPORTS)
    assert suggested_name("monthly", "2026-11", TODAY) == "业扩报装月报-2026-11.xlsx"
    for each in REPORTS:
        assert report_named(each.title) is each
        assert len({column.name for column in each.columns}) == len(each.columns)
        masked = {column.label for column in each.columns if column.masked}
        assert {column.label for column in each.columns if column.label in ("证件号码", "联系电话")} <= masked
