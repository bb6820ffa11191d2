"""The samples of every kind: in a practice hall each is taken as it stands, and what it tells goes together; and the
changes of use that such a hall has on their way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from practice_hall import NOW

from desktop.catalog.release import load_catalog
from desktop.domain.material import Mark, needed
from desktop.domain.process import Process, Subject
from desktop.domain.sample_account import ACCOUNTS
from desktop.domain.specimen import specimen
from desktop.usecases.case_listing import CaseFilter, cases
from desktop.usecases.contract_keeping import contract
from desktop.usecases.desk import Desk
from desktop.usecases.intake import Application, MaterialMark, assess
from desktop.usecases.reminder_listing import reminders
from desktop.usecases.staffing import clerks
from desktop.usecases.standing import account

KINDS = list(load_catalog().processes.values())
CHANGES = [kind for kind in KINDS if kind.subject is Subject.ACCOUNT]
MONDAY = NOW.date()


@pytest.fixture
def practice(practice_folder: Path, desk_at: Callable[[Path], Any], clock: Any, tmp_path: Path) -> Desk:
    clock.at = NOW
    desk = desk_at(Path(shutil.copytree(practice_folder, tmp_path / "practice")))
    return desk.served_by(clerks(desk)[0])


def test_every_kinds_sample_is_taken_as_it_stands_where_one_practises(
        yekuo: Callable[..., Any], practice_folder: Path, tmp_path: Path) -> None:
    place = shutil.copytree(practice_folder, tmp_path / "practice")
    asked, given = ("--today", str(MONDAY)), tmp_path / "sample.json"
    for kind in KINDS:
        given.write_text(yekuo("example", "accept", "--kind", kind.name, *asked).out, encoding="utf-8")
        taken = yekuo("accept", "--answers", given, "--clerk", "1001", *asked, data=place)
        assert taken.code == 0, (kind.name, taken.err)


@pytest.mark.parametrize("kind", CHANGES, ids=lambda kind: kind.id)
def test_a_change_of_use_has_a_sample_that_nothing_is_asked_about(practice: Desk, kind: Process) -> None:
    said = specimen(kind, MONDAY)
    marks = {paper.code: MaterialMark(Mark.RECEIVED) for paper in needed(kind.materials, said)}
    found = assess(practice, Application(kind.id, said, marks))
    assert (found.missing, found.faults, found.blocking, found.notices) == ((), {}, (), ())


@pytest.mark.parametrize("day", [date(2026, 9, 24), date(2027, 1, 29), date(2026, 11, 22)], ids=str)
def test_a_sample_keeps_the_notice_of_five_working_days_also_before_long_holidays(day: date) -> None:
    calendar, kinds = load_catalog().calendar, load_catalog().processes
    for kind, name in (("suspend", "hold_from"), ("reduce", "hold_from"), ("resume", "restore_on")):
        asked = date.fromisoformat(str(specimen(kinds[kind], day)[name]))
        assert calendar.add_workdays(day, 5) <= asked, kind


def test_who_takes_over_is_another_than_whom_he_follows_and_owns_what_he_takes() -> None:
    said = specimen(load_catalog().processes["transfer"], MONDAY)
    assert said["customer_name"] != said["old_name"]
    assert said["owner_name"] == said["customer_name"]
    assert said["customer_id"] != ACCOUNTS["transfer"].customer_id


def test_nobody_sends_himself_with_his_own_power_of_attorney() -> None:
    for kind in KINDS:
        said = specimen(kind, MONDAY)
        if said.get("agent_id"):
            assert said["agent_id"] not in (said.get("legal_person_id"), said["customer_id"]), kind.name


# ---- what the practice hall has on its way


def test_the_practice_hall_has_changes_of_use_open_and_filed(practice: Desk) -> None:
    rows = cases(practice, CaseFilter(), limit=200).rows
    stand = {(row.kind, row.stage or row.status) for row in rows}
    assert stand >= {("过户", "电费结清核查"), ("暂停", "现场封停"), ("销户", "电费结清核查"), ("更名", "已归档"),
                     ("改类", "已归档"), ("减容", "已归档")}, stand


def test_a_suspension_of_it_runs_out_within_ten_days_and_is_reminded_of(practice: Desk) -> None:
    due = [each for each in reminders(practice) if each.kind == "停用到期"]
    assert [each.due_on for each in due] == [MONDAY + timedelta(days=8)]


def test_a_reduction_of_it_is_a_year_and_a_half_old_and_can_be_restored(practice: Desk) -> None:
    hold, = account(practice, ACCOUNTS["restore"].number).standing.holds
    assert 520 <= (MONDAY - hold.since).days <= 580
    assert account(practice, ACCOUNTS["restore"].number).running_capacity == "400 kVA"


def test_a_renamed_customer_of_it_has_his_supplement(practice: Desk) -> None:
    row = next(row for row in cases(practice, CaseFilter(), limit=200).rows if row.kind == "更名")
    kept = account(practice, "6399900000054").contract
    assert kept is not None
    assert "supplemented" in [entry.what for entry in contract(practice, kept.key).log]
    assert row.customer == "演练县青海南山商贸（集团）有限公司"
