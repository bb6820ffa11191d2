"""The practice hall: made by the real verbs, plainly marked, the same each time, and nobody in it is real."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from practice_hall import NOW, SMALL, practice_hall
from sqlalchemy import select

from db.cases import Case
from db.contracts import Contract, Paper
from db.customers import Account, Customer
from db.engine import Database
from db.entries import Entry
from desktop.domain.case import state
from desktop.domain.identity import check_account, check_phone, id_faults
from desktop.domain.process import Subject
from desktop.errors import Refusal
from desktop.usecases.case_listing import CaseFilter, case, cases
from desktop.usecases.casework import log_of
from desktop.usecases.charging import fees
from desktop.usecases.contract_listing import ContractFilter, contracts
from desktop.usecases.desk import Desk
from desktop.usecases.practice_cases import PLANS, PROCESS
from desktop.usecases.practice_data import Inventor
from desktop.usecases.practice_supplies import FEW
from desktop.usecases.practice_supplies import PLANS as SUPPLIES
from desktop.usecases.practising import demo, make_practice_hall
from desktop.usecases.reminder_listing import reminders
from desktop.usecases.renewing import renew
from desktop.usecases.reporting import REPORTS
from desktop.usecases.staffing import clerks, is_practice
from printing.raster import page_text
from tests.conftest import Clock

LOW = "低压供用电合同（非居民）"


@pytest.fixture
def practice(practice_folder: Path, desk_at: Callable[[Path], Any], clock: Clock, tmp_path: Path) -> Desk:
    clock.at = NOW
    desk = desk_at(Path(shutil.copytree(practice_folder, tmp_path / "practice")))
    return desk.served_by(clerks(desk)[0])


def column(desk: Desk, *columns: Any) -> list[Any]:
    with desk.db.read() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(columns[0]))]


def test_the_practice_hall_says_that_it_is_one(practice: Desk) -> None:
    assert is_practice(practice)
    assert {row[1] for row in column(practice, Contract.id, Contract.practice)} == {True}


def test_it_has_cases_at_every_stage_and_of_every_fate(practice: Desk) -> None:
    rows = cases(practice, CaseFilter(), limit=200).rows
    stages = {stage for row in rows for stage in row.stage.split("、")}
    assert {"供电方案答复", "客户工程施工", "竣工检验", "供用电合同", "装表", "送电", "归档"} <= stages
    assert {row.status for row in rows} == {"在办", "暂停", "已归档", "已终止"}
    assert {row.level for row in rows} >= {"正常", "临期", "超期"}
    assert {row[1] for row in column(practice, Case.id, Case.way)} == {"正常受理", "容缺受理", "一证受理", "不受理"}


def test_a_small_hall_has_the_commonest_other_kinds_on_their_way(practice: Desk) -> None:
    kinds = {row.kind for row in cases(practice, CaseFilter(open_only=True), limit=200).rows}
    assert {practice.catalog.processes[plan.kind].name for plan in SUPPLIES[:FEW]} <= kinds


def test_a_hall_of_the_usual_size_has_every_kind_of_new_supply_up_to_the_archive(
        catalog: Any, font_folder: Path, _empty_folder: Path, tmp_path: Path) -> None:
    folder = practice_hall(tmp_path / "whole", catalog, font_folder, _empty_folder, plans=PLANS[:1], supplies=SUPPLIES)
    desk = Desk(Database(folder / "hall.db"), catalog, lambda: NOW, folder, font_folder)
    rows = cases(desk, CaseFilter(), limit=200).rows
    new = {kind.name for kind in catalog.processes.values() if kind.subject is Subject.NEW}
    assert new == {row.kind for row in rows} & new
    stands = {(row.kind, row.stage or row.status) for row in rows}
    assert stands >= {("高压单电源新装", "已归档"), ("低压居民新装", "已归档"), ("居民充电桩新装", "已归档")}, stands
    assert {stage for row in rows for stage in row.stage.split("、")} >= {
        "受电工程设计", "设计文件审核", "中间检查", "竣工报验", "停电拆表", "换表改类"}
    owed, = (row.number for row in rows if row.kind == "移表" and row.status == "已终止")
    assert fees(desk, owed).to_refund == 150
    assert all(row[1] and re.search("演|示|例", row[1]) for row in column(desk, Customer.id, Customer.name))
    drawn, = (said for _, said, source in column(desk, Contract.id, Contract.answers, Contract.source)
              if source == "drawn")
    assert sum(int(row["count"]) * int(row["kva"]) for row in drawn["transformers"]) == 800
    assert sum(float(row["total_kw"]) for row in drawn["loads"]) == 640
    desk.db.close()


def test_no_meter_and_no_instrument_transformer_of_it_hangs_in_two_places(practice: Desk) -> None:
    told = [facts for _, facts, stage in column(practice, Entry.id, Entry.facts, Entry.stage) if stage == "S13"]
    serials = [serial for facts in told for name in ("meter_number", "ct_numbers", "pt_numbers")
               for serial in str(facts.get(name, "")).split("、") if serial]
    assert len(serials) > len(told) > 3
    assert len(set(serials)) == len(serials)


def test_its_contracts_are_of_every_kind_and_age_and_some_are_doubtful(practice: Desk) -> None:
    rows = contracts(practice, ContractFilter(active=False), limit=500).rows
    assert {row.kind for row in rows} == {"resident", "low_voltage", "high_voltage", "temporary"}
    assert {row.state for row in rows} >= {"草稿", "待签", "客户已签", "我方已签用印", "已归档"}
    assert {row.renewal for row in rows} == {"自动续展", "到期重签", "到期终止", "不定期", "未知"}
    assert sum(bool(row.doubts) for row in rows) >= 9
    left = [row.days_left for row in rows if row.days_left is not None]
    assert min(left) < 0 and max(left) > 1000


def test_the_flaws_of_its_ledger_are_found_by_the_import(practice: Desk) -> None:
    codes = Counter(doubt["code"] for _, doubts in column(practice, Contract.id, Contract.doubts) for doubt in doubts)
    assert codes.keys() >= {"no_term", "bad_date", "two_digit_year", "end_before_start", "end_contradicts"}
    assert codes["no_term"] == 3
    assert sum(gone for _, gone in column(practice, Contract.id, Contract.gone)) == 3


def test_every_case_stands_as_its_log_says(practice: Desk) -> None:
    with practice.db.read() as session:
        for kept in session.scalars(select(Case)):
            process = practice.catalog.processes[kept.process]
            now = state(process, log_of(session, kept.id), practice.catalog.calendar, practice.today)
            assert (kept.closed_on, kept.stage) == (now.closed_on, ",".join(now.current)), kept.number


def test_nothing_in_its_log_lies_ahead_or_on_a_free_day(practice: Desk) -> None:
    entries = column(practice, Entry.id, Entry.entered_at, Entry.claimed_on, Entry.subject, Entry.clerk_id)
    assert all(entered <= NOW and claimed <= NOW.date() for _, entered, claimed, _, _ in entries)
    days = {claimed for _, _, claimed, subject, _ in entries if subject == "case"}
    assert len(days) > 20
    assert all(practice.catalog.calendar.is_workday(day) for day in days)


def test_this_mornings_reminders_have_every_urgency(practice: Desk) -> None:
    waiting = reminders(practice)
    assert {each.urgency.word for each in waiting} == {"提示", "关注", "紧急", "逾期"}
    assert {each.kind for each in waiting} == {"合同到期", "合同未返回", "环节到期", "容缺到期", "停用到期"}


def test_nobody_in_it_is_real(practice: Desk) -> None:
    for _, name, number, kind, phone in column(
            practice, Customer.id, Customer.name, Customer.id_number, Customer.id_kind, Customer.phone):
        assert re.search("演|示|例", name), name
        assert number == "" or id_faults(kind, number) is None
        assert number == "" or number.startswith(("632521", "91632521M"))
        assert phone.startswith("1399700") and check_phone(phone) is None
    for _, number in column(practice, Account.id, Account.number):
        assert number is None or (number.startswith("6399") and check_account(number) is None)


def test_names_with_dots_and_rare_characters_are_among_its_customers() -> None:
    inventor = Inventor(1)
    names = "".join(inventor.person().name for _ in range(300))
    assert set("·•．𬭼㛃䶮堃喆") <= set(names)


def test_a_high_voltage_contract_with_a_complete_file_can_be_renewed(practice: Desk) -> None:
    rows = contracts(practice, ContractFilter(kind="high_voltage"), limit=100).rows
    renewed, refused = [], []
    for row in rows:
        try:
            renewed.append(renew(practice, row.number, early="演练").row)
        except Refusal as refusal:
            refused.append(refusal)
    assert len(renewed) >= 3 and refused
    assert all(row.customer and row.starts_on and row.ends_on for row in renewed)
    assert all("档案补录" in str(refusal) for refusal in refused)


def test_the_same_seed_and_day_make_the_same_hall(
        tmp_path: Path, catalog: Any, font_folder: Path, _empty_folder: Path) -> None:
    folders = [practice_hall(tmp_path / name, catalog, font_folder, _empty_folder, plans=PLANS[4:16:3])
               for name in "ab"]
    halls = [Database(folder / "hall.db") for folder in folders]
    first, second = ([_all_of(database, table) for table in (Customer, Account, Contract, Case, Entry, Paper)]
                     for database in halls)
    for database in halls:
        database.close()
    assert first == second
    assert all(first)


def _all_of(database: Database, table: Any) -> list[tuple[Any, ...]]:
    """Every row of a table but its request, whose key is new each time."""
    columns = [each for each in table.__table__.columns if each.name not in ("request_id", "content")]
    with database.read() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(table.__table__.c.id))]


def test_a_folder_with_anything_in_it_is_refused(hall: Desk, practice: Desk) -> None:
    for desk in (hall, practice):
        with pytest.raises(Refusal, match="只能建在空的数据文件夹里"):
            make_practice_hall(desk, customers=SMALL)


def test_a_demonstration_does_not_touch_a_working_hall(hall: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="这里已有真实业务"):
        demo(hall, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def shown(practice: Desk, tmp_path: Path) -> Iterator[dict[str, Path]]:
    """What one demonstration wrote, by file name."""
    yield {path.name: path for path in demo(practice, tmp_path / "out")}


def test_the_demonstration_writes_every_paper_of_the_main_job(shown: dict[str, Path], practice: Desk) -> None:
    assert len([name for name in shown if name.endswith(".xlsx")]) == len(REPORTS)
    text = {name: "".join(page_text(path.read_bytes())) for name, path in shown.items() if name.endswith(".pdf")}
    assert text.keys() == {
        "受理回执.pdf", f"{LOW}.pdf", "容缺-受理回执.pdf", "容缺-客户承诺书.pdf", "容缺-一次性告知书.pdf",
        "续签-高压供用电合同.pdf"}
    assert all("演练" in words for words in text.values())
    newest = cases(practice, CaseFilter(), limit=2).rows[1]
    assert newest.status == "已归档"
    number = case(practice, newest.number).contract_number
    assert number and number in text[f"{LOW}.pdf"]
    assert not any(newest.customer in name for name in shown)


def test_the_demonstrations_month_counts_its_own_connection(shown: dict[str, Path], practice: Desk) -> None:
    rows = list(openpyxl.load_workbook(shown["业扩报装月报-2026-11.xlsx"]).active.iter_rows(values_only=True))
    assert rows[0][0] == "【演练】业扩报装月报"
    new = [row for row in rows if row[0] == "低压非居民新装"]
    energised = [row for row in column(practice, Entry.id, Entry.stage, Entry.what, Entry.claimed_on)
                 if row[1:3] == ("S14", "done") and row[3] >= date(2026, 11, 1)]
    assert sum(row[9] for row in new) == len(energised)


def test_a_demonstration_can_be_shown_twice_on_the_same_hall(
        shown: dict[str, Path], practice: Desk, tmp_path: Path) -> None:
    again = {path.name for path in demo(practice, tmp_path / "twice")}
    assert again == shown.keys()
    view = case(practice, cases(practice, CaseFilter(), limit=2).rows[1].number)
    assert view.row.status == "已归档" and view.contract_number


def test_the_hall_can_be_made_on_a_rest_day(
        catalog: Any, font_folder: Path, _empty_folder: Path, tmp_path: Path) -> None:
    told: list[int] = []
    folder = practice_hall(tmp_path / "sunday", catalog, font_folder, _empty_folder, now=datetime(2026, 11, 22, 9, 0),
                   step=lambda done, total: told.append(done * 100 // total), plans=PLANS[:2])
    database = Database(folder / "hall.db")
    with database.read() as session:
        days = set(session.scalars(select(Case.applied_on).where(Case.process == PROCESS)))
    database.close()
    assert days == {date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)}
    assert told == sorted(told) and told[-1] == 100


def test_what_a_practice_contract_says_of_supply_and_metering_goes_together(practice: Desk) -> None:
    drawn = [answers for _, answers, source in column(practice, Contract.id, Contract.answers, Contract.source)
             if source == "drawn"]
    assert len(drawn) > 5
    for said in drawn:
        total = sum(float(row["total_kw"]) for row in said["loads"])
        assert total == float(said["scheme_capacity_kw"])
        assert not said.get("emergency_load_kw") and not said.get("special_terms")
        assert said["delivery_address"] == said["customer_address"] and "演练县" in said["customer_address"]
        assert ("(60)" in said["meter_spec"]) is not bool(said.get("ct_ratio"))
        assert said.get("agent_phone") != said["contact_phone"] or said["contact_name"] == said["agent_name"]
        assert (said["usage_nature"] == "工商业") is said["price_class"].startswith("工商业")
