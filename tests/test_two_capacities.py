"""合同容量 and 运行容量 are two figures wherever a case or a contract is listed, shown or handed on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from change_book import ID, asked, done, drawn, open_works, sealed, suspend
from contract_book import file_facts
from openpyxl import load_workbook
from sqlalchemy import select
from test_morning import text_of
from typing_hands import open_window, wait_idle

from db.customers import Account
from desktop.cli_contracts import _case_list
from desktop.domain.field import FIELDS
from desktop.usecases.acting import act
from desktop.usecases.case_listing import CaseFilter, case, cases
from desktop.usecases.contract_amending import set_renewal
from desktop.usecases.contract_keeping import contract
from desktop.usecases.gathering import OF_CUSTOMERS
from desktop.usecases.intake import accept
from desktop.usecases.overseeing import board
from desktop.usecases.papering import paper_bytes
from desktop.usecases.renewing import renew
from desktop.usecases.reporting import report
from ui.case_list import COLUMNS, EXPORTED


@pytest.fixture
def works(hall: Any) -> Any:
    return open_works(hall)


def half_of_it_rests(desk: Any, clock: Any) -> str:
    """Sealed, and not yet filed: the case is on the board."""
    number = suspend(desk, "2026-12-01", "2026-12-31")
    clock.move(date(2026, 12, 1))
    done(desk, number, "S18")
    return number


def lines(path: Path) -> list[dict[str, Any]]:
    """A report's rows by the labels of its head."""
    rows = [[cell.value for cell in row] for row in load_workbook(path).active.iter_rows()]
    head = next(n for n, row in enumerate(rows) if "户号" in row)
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1:] if isinstance(row[0], int)]


def test_list_and_board_show_how_much_runs(works: Any, clock: Any) -> None:
    number = half_of_it_rests(works, clock)
    row, = cases(works, CaseFilter()).rows
    assert (row.number, row.capacity, row.running, row.rests) == (number, "800 kVA", "400 kVA", True)
    card, = board(works)[0].cards
    assert card == row
    clock.move(date(2027, 1, 1))  # its term is over
    row, = cases(works, CaseFilter()).rows
    assert (row.running, row.rests, case(works, number).capacity) == ("800 kVA", False, "800 kVA")


def test_a_supply_that_is_still_to_come_runs_nothing(hall: Any) -> None:
    from trade import accepted_case

    accepted_case(hall)
    row, = cases(hall, CaseFilter()).rows
    assert (row.capacity != "", row.running, row.rests) == (True, "", False)


def test_the_list_shows_both_in_one_cell_and_its_export_in_two_columns(works: Any, clock: Any) -> None:
    half_of_it_rests(works, clock)
    row, = cases(works, CaseFilter()).rows
    assert {column.label: column.show(row) for column in COLUMNS}["运行/合同容量"] == "400/800"
    written = {column.label: column.show(row) for column in EXPORTED}
    assert (written["合同容量"], written["运行容量"]) == ("800 kVA", "400 kVA")
    kept = {column.label: (column.cell or column.show)(row) for column in EXPORTED}
    assert (kept["合同容量"], kept["运行容量"], kept["单位"]) == (800, 400, "kVA")  # to be summed up


def test_the_register_of_cases_has_both_beside_what_was_applied_for(works: Any, clock: Any, tmp_path: Path) -> None:
    half_of_it_rests(works, clock)
    line, = lines(report(works, "register", out=tmp_path / "a.xlsx").path)
    shown = ("申请容量", "单位", "合同容量", "运行容量", "容量单位")
    assert [line[name] for name in shown] == [400, "kVA", 800, 400, "kVA"]


def test_the_command_lines_list_has_both_as_figures(works: Any, clock: Any) -> None:
    half_of_it_rests(works, clock)
    _title, columns, rows = _case_list(works)
    line, = (dict(zip([column.label for column in columns], row, strict=True)) for row in rows)
    assert (line["合同容量"], line["运行容量"], line["单位"]) == (800, 400, "kVA")


def test_the_list_of_ending_contracts_tells_how_much_runs(works: Any, clock: Any, tmp_path: Path) -> None:
    sealed(works, clock, "2026-12-01", "2027-05-31")
    ending(works, date(2027, 1, 31))
    line, = lines(report(works, "expiring", out=tmp_path / "a.xlsx").path)
    assert [line[name] for name in ("合同容量", "运行容量", "单位", "待核事项")] == [800, 400, "kVA", None]


def test_a_contract_that_says_another_capacity_than_the_file_is_to_be_checked(
        works: Any, clock: Any, tmp_path: Path) -> None:
    with act(works, "grown") as doing:
        doing.session.scalars(select(Account)).one().capacity = Decimal(1200)
    sealed(works, clock, "2026-12-01", "2027-05-31")
    ending(works, date(2027, 1, 31))
    line, = lines(report(works, "expiring", out=tmp_path / "a.xlsx").path)
    assert [line[name] for name in ("合同容量", "运行容量")] == [800, 800]
    assert "合同写的容量是 800 kVA，档案的合同容量是 1200 kVA" in line["待核事项"]


def test_the_contract_of_who_takes_over_says_how_much_runs_while_a_part_rests(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-12-01", "2027-05-31")
    buys = {"customer_name": "示例县新兴建材厂", "customer_id": "91632521MA00000B7C", "legal_person": "示范丁"}
    number = accept(works, asked(works, "transfer", **buys)).case_number
    done(works, number, "S17")
    key = drawn(works, number)
    paper = contract(works, key).papers[-1]
    _pages, text = text_of(paper_bytes(works, paper.id))
    assert "受电总容量为800千伏安" in text and "运行容量为400千伏安" in text


def test_a_contract_after_a_permanent_reduction_says_what_is_left_and_what_of_it_runs(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-12-01", "2027-05-31")
    left = [{"point": "1#配电室", "model": "SCB14-500/10", "count": "1", "kva": "500", "state": "运行"}]
    number = accept(works, asked(works, "reduce", reduction="永久性", hold_kva="300", hold_from="2026-12-10",
                                 hold_until="", hold_equipment="3#主变压器", transformers=left)).case_number
    said = contract(works, drawn(works, number)).answers
    assert (said["scheme_capacity_kva"], said["running_capacity_kva"]) == ("500", "100")


@pytest.mark.parametrize(("last", "running"), [("2027-05-31", "400"), ("2026-12-31", "800")])
def test_a_renewal_says_how_much_runs_when_it_begins(works: Any, clock: Any, last: str, running: str) -> None:
    sealed(works, clock, "2026-12-01", last)
    ending(works, date(2027, 1, 31))
    own = {name: value for name, value in file_facts("high_voltage").items() if FIELDS[name].group not in OF_CUSTOMERS}
    key = renew(works, "GY-1", answers={**own, "customer_id_kind": "营业执照", "customer_id": ID}).row.key
    assert contract(works, key).answers["running_capacity_kva"] == running


def ending(desk: Any, on: date) -> None:
    from db.contracts import Contract

    with act(desk, "ending") as doing:
        doing.session.scalars(select(Contract)).one().ends_on = on
    set_renewal(desk, mode="到期重签", confirmed_by="示范丙", numbers=["GY-1"])


def test_the_card_of_what_rests_has_a_line_more(works: Any, clock: Any, qtbot: Any, font_folder: Path) -> None:
    half_of_it_rests(works, clock)
    window = open_window(qtbot, works)
    window.go("board", {})
    page = window.page("board")
    qtbot.waitUntil(lambda: bool(page.columns))
    cards = page.columns[0]
    high = cards.sizeHintForRow(0)
    assert "合同容量 800 kVA，运行容量 400 kVA" in cards.item(0).toolTip()
    clock.move(date(2027, 1, 1))
    page.reload()
    qtbot.waitUntil(lambda: page.columns[0] is not cards)
    assert page.columns[0].sizeHintForRow(0) < high
    wait_idle(qtbot, window)
