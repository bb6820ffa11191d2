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


# --- what waits for the clerk's own word


ASKED = text("INSERT INTO approvals (case_id, round, post, rule, asked_at, asked_by, due_on, open) VALUES "
             "(:case, 1, :post, 'r', '2026-11-20 09:00', :by, :due, :open)")
HANDED = text("INSERT INTO handovers (case_id, giver_id, receiver_id, reason, offered_at, answered_at, answer, remark) "
              "VALUES (:case, 1, :to, '休假', '2026-11-20 09:00', :answered, '', '')")


@pytest.fixture
def asked(book: Desk) -> Desk:
    """Forty schemes wait for two posts each, so that a 客户经理 is asked for every other one; some were submitted by
    himself. Thirty cases are offered, to him and to another. All that was answered before is in the same tables."""
    with book.db.write() as session:
        ids = list(session.execute(text("SELECT id FROM cases WHERE closed_on IS NULL ORDER BY id")).scalars())
        for n in range(1000):
            case_id = ids[n % len(ids)]
            session.execute(ASKED, {"case": case_id, "post": "主管", "by": 1, "due": "2026-01-05", "open": False})
            session.execute(HANDED, {"case": case_id, "to": 2, "answered": "2026-01-05 09:00"})
        for n, case_id in enumerate(ids[:40]):
            for post in (("客户经理", "运检专责") if n % 2 else ("运检专责", "主管")):
                session.execute(ASKED, {"case": case_id, "post": post, "by": 2 if n % 5 == 0 else 1,
                                        "due": f"2026-11-{24 - n % 4:02d}", "open": n % 7 != 0})
        for n, case_id in enumerate(ids[50:80]):
            session.execute(HANDED, {"case": case_id, "to": 2 if n % 3 else 3,
                                     "answered": "2026-11-21 09:00" if n == 1 else None})
    return book


def waits_slowly(desk: Desk, question: str) -> list[int]:
    with desk.db.read() as session:
        return list(session.execute(text(question)).scalars())


def test_what_waits_for_my_approval_is_listed_by_its_day_once_each_and_counted(asked: Desk) -> None:
    expected = waits_slowly(asked, "SELECT case_id FROM approvals WHERE open AND post = '客户经理' AND asked_by <> 2 "
                                   "ORDER BY due_on, id")
    listed = [row.id for row in walked(asked, CaseFilter(waits="approval"), 5)]
    assert listed == expected != []
    assert worklist_counts(asked)["approval"] == len(expected)


def test_a_post_that_may_stand_in_for_any_sees_each_case_once(asked: Desk) -> None:
    admin = asked.served_by(replace(ME, id=4, post="管理员"))
    expected = set(waits_slowly(asked, "SELECT case_id FROM approvals WHERE open"))
    listed = [row.id for row in walked(admin, CaseFilter(waits="approval"), 5)]
    assert len(listed) == len(set(listed)) == worklist_counts(admin)["approval"]
    assert set(listed) == expected


def test_what_is_handed_to_me_waits_in_the_order_it_was_offered(asked: Desk) -> None:
    expected = waits_slowly(asked, "SELECT case_id FROM handovers WHERE receiver_id = 2 AND answered_at IS NULL "
                                   "ORDER BY id")
    assert [row.id for row in walked(asked, CaseFilter(waits="handover"), 5)] == expected
    assert worklist_counts(asked)["handover"] == len(expected) == 19


def test_what_waits_is_narrowed_by_words_and_stage_like_every_list(asked: Desk) -> None:
    every = walked(asked, CaseFilter(waits="handover"))
    stage = [row for row in every if "竣工检验" in row.stage]
    assert [row.id for row in walked(asked, CaseFilter(waits="handover", stage="S11"), 3)] == [row.id for row in stage]
    said = every[3].number
    assert [row.number for row in walked(asked, CaseFilter(waits="handover", text=said))] == [said]


@pytest.mark.parametrize("analysed", [False, True])
def test_what_waits_is_found_by_its_own_index(asked: Desk, analysed: bool) -> None:
    with asked.db.write() as session:
        session.connection().exec_driver_sql("ANALYZE" if analysed else "DELETE FROM sqlite_stat1")
    asked.db.let_go()
    with plans(asked) as steps:
        for waits in ("approval", "handover", "promise"):
            page = cases(asked, CaseFilter(waits=waits), limit=3)
            cases(asked, CaseFilter(waits=waits), page.next, limit=3)
        worklist_counts(asked)
        worklist_counts(asked.served_by(replace(ME, post="管理员")))
    assert slow_steps(steps) == []
    whole = ("SCAN approvals", "SCAN handovers", "SCAN case_materials")
    assert not [step for step in steps if step.startswith(whole)], steps
