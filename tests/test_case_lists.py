"""The worklist: its chips, its pages, its counts, and what stands at which stage; each from an index in order."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from desktop.usecases import placing
from desktop.usecases.case_listing import CaseFilter, cases, worklist_counts
from desktop.usecases.desk import ClerkView, Desk
from desktop.usecases.overseeing import board
from tests.case_book import fill_hall
from tests.contract_book import plans, slow_steps

TODAY = date(2026, 11, 23)
ME = ClerkView(2, "1002", "示范甲", "客户经理")
FILTERS = {
    "all": CaseFilter(), "open": CaseFilter(open_only=True), "today": CaseFilter(due="today"),
    "overdue": CaseFilter(due="overdue"), "paused": CaseFilter(due="paused"),
    "mine": CaseFilter(mine=True, open_only=True), "post": CaseFilter(post=True), "stage": CaseFilter(stage="S11"),
    "status": CaseFilter(status="已归档"), "running": CaseFilter(status="在办"), "standing": CaseFilter(status="暂停"),
    "kind": CaseFilter(process="low_voltage_new"), "due stage": CaseFilter(due="overdue", stage="S11"),
    "mine ever": CaseFilter(mine=True), "my stage": CaseFilter(stage="S12", mine=True),
}


@pytest.fixture(scope="module")
def _book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    fill_hall(folder / "hall.db", 900, 2400, TODAY)
    return folder


@pytest.fixture
def book(_book: Path, desk_at: Any, tmp_path: Path) -> Desk:
    """A hall of 2,400 cases, every tenth open, with a 客户经理 at the desk."""
    desk = desk_at(Path(shutil.copytree(_book, tmp_path / "book")))
    return desk.served_by(ME)


def walked(desk: Desk, chosen: CaseFilter, limit: int = 37) -> list[Any]:
    rows: list[Any] = []
    after = None
    while True:
        page = cases(desk, chosen, after, limit)
        rows += page.rows
        if page.next is None:
            return rows
        after = page.next


def slowly(desk: Desk, chosen: CaseFilter) -> set[int]:
    """The same filter by going through every row."""
    with desk.db.read() as session:
        rows = session.execute(text("SELECT * FROM cases")).mappings().all()
    doing = {"S03", "S04", "S11", "S12", "S14"}  # the stages of a 客户经理
    found = set()
    for row in rows:
        is_open, stages = row["closed_on"] is None, set(row["stage"].split(",")) - {""}
        waits = bool(is_open and row["paused"] and not (row["paused_until"] and row["paused_until"] <= str(TODAY)))
        runs, due = is_open and not waits, row["due_on"]
        holds = [
            {"": True, "today": runs and due == str(TODAY), "overdue": bool(runs and due and due < str(TODAY)),
             "paused": waits}[chosen.due],
            not chosen.status or {"在办": runs, "暂停": waits}.get(chosen.status, row["status"] == chosen.status),
            not chosen.stage or chosen.stage in stages, not chosen.mine or row["owner_id"] == ME.id,
            not chosen.open_only or is_open, not chosen.post or (runs and bool(stages & doing)),
        ]
        if all(holds):
            found.add(row["id"])
    return found


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_shows_each_of_its_cases_once(book: Desk, name: str) -> None:
    with book.db.write() as session:
        session.execute(text("UPDATE cases SET paused = 1, paused_until = '2026-11-23' WHERE id = 100"))
        session.execute(text("UPDATE cases SET paused = 1, paused_until = '2026-11-24' WHERE id IN (110, 240)"))
        session.execute(text("UPDATE cases SET due_on = NULL WHERE id IN (300, 310)"))
    rows = [row.id for row in walked(book, FILTERS[name])]
    assert len(rows) == len(set(rows)) and set(rows) == slowly(book, FILTERS[name]) != set()


def test_lists_are_in_the_order_they_promise(book: Desk) -> None:
    latest = [row.accepted_on for row in walked(book, CaseFilter())]
    assert latest == sorted(latest, reverse=True)
    for chosen in (CaseFilter(due="overdue"), CaseFilter(post=True)):
        dues = [row.due_on or date.max for row in walked(book, chosen)]
        assert dues == sorted(dues)


def test_counts_are_what_the_lists_show(book: Desk) -> None:
    counts = worklist_counts(book)
    for name in ("today", "overdue", "paused", "mine", "open", "post"):
        assert counts[name] == len(walked(book, FILTERS[name])) > 0, name


def test_an_overseer_sees_to_all_stages_but_the_customers_and_a_stranger_to_none(book: Desk) -> None:
    ours = {"S04", "S11", "S12", "S13", "S14", "S15"}
    for post, stages in (("班长", ours), ("合同管理", {"S15"}), ("受理员", set())):
        desk = book.served_by(replace(ME, post=post))
        with desk.db.glance() as ask:
            mine = [place for place in placing.places(ask) if placing.is_done_by(desk, place)]
        assert {stage for place in mine for stage in place.stages} == stages


def test_the_board_has_each_open_case_at_its_stages_and_counts_them_all(book: Desk) -> None:
    with book.db.read() as session:
        rows = session.execute(text("SELECT id, stage, due_on, paused FROM cases WHERE closed_on IS NULL")).all()
    for cards in (1000, 3):
        for column in board(book, cards=cards):
            there = [row for row in rows if column.stage in row.stage.split(",")]
            assert column.count == len(there) > 3 and len(column.cards) == min(cards, len(there))
            assert column.overdue == sum(row.due_on is not None and row.due_on < str(TODAY) for row in there)
            dues = [row.due_on or date.max for row in column.cards]
            assert dues == sorted(dues)
    assert {c.stage for c in board(book)} == {stage for row in rows for stage in row.stage.split(",")}
    mine = {row.id for column in board(book, mine=True, cards=1000) for row in column.cards}
    assert mine == slowly(book, FILTERS["mine"])
    post = {row.id for column in board(book, post=True, cards=1000) for row in column.cards}
    assert post == slowly(book, FILTERS["post"])


@pytest.mark.parametrize("analysed", [False, True])
def test_no_list_and_no_count_reads_or_sorts_a_whole_table(book: Desk, analysed: bool) -> None:
    with book.db.write() as session:
        session.connection().exec_driver_sql("ANALYZE" if analysed else "DELETE FROM sqlite_stat1")
    book.db.let_go()
    with plans(book) as steps:
        for chosen in FILTERS.values():
            page = cases(book, chosen, limit=10)
            cases(book, chosen, page.next, limit=10)
        worklist_counts(book)
        board(book, mine=True)
        board(book, post=True)
    assert steps and slow_steps(steps) == []
