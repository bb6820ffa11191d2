"""Until when a change of use is to be done: by the day agreed with the customer, then by the hall's own limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from change_book import asked, done, open_works, suspend

from desktop.catalog.release import load_catalog
from desktop.domain.case import LogEntry, Status, What, state
from desktop.domain.deadline import Level
from desktop.domain.process import Process, Subject
from desktop.errors import Refusal
from desktop.usecases.case_listing import CaseFilter, case, cases
from desktop.usecases.confirming import make_change_paper
from desktop.usecases.intake import accept
from desktop.usecases.timing import clock_views

CATALOG = load_catalog()
CHANGES = [kind for kind in CATALOG.processes.values() if kind.group == "变更用电"]
MONDAY = date(2026, 11, 23)


@pytest.fixture
def works(hall: Any) -> Any:
    return open_works(hall)


@pytest.mark.parametrize(("first", "due"), [
    ("2026-12-17", date(2026, 12, 17)),  # a Thursday three weeks ahead: it is sealed on that day, not before
    ("2026-12-19", date(2026, 12, 21)),  # a Saturday: the next working day
    ("2026-11-27", date(2026, 11, 30)),  # within the hall's own five days
])
def test_a_suspension_is_due_on_the_day_agreed_and_the_receipt_says_the_same(works: Any, first: str, due: date) -> None:
    taken = accept(works, asked(works, "suspend", hold_from=first, hold_until="2027-02-28", hold_kva="400"))
    (promised,) = [each.due for each in taken.promises if each.label == "现场封停"]
    assert promised == case(works, taken.case_number).row.due_on == due
    (clock,) = [each for each in clock_views(case(works, taken.case_number)) if each.label == "现场封停"]
    assert ("约定的那一天" in clock.basis) == (clock.allowed > 5)


def test_nothing_is_late_before_the_day_agreed_and_all_is_after_it(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-17", "2027-02-28")
    clock.move(date(2026, 12, 8))
    assert case(works, number).row.level == Level.NORMAL
    assert not cases(works, CaseFilter(due="overdue")).rows
    clock.move(date(2026, 12, 18))
    assert [row.number for row in cases(works, CaseFilter(due="overdue")).rows] == [number]


def test_a_sealed_case_is_due_by_the_halls_own_limits_and_no_longer_by_what_it_kept(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-12-01", "2027-02-28")
    clock.move(date(2026, 12, 1))
    done(works, number, "S18")
    assert case(works, number).row.due_on == date(2026, 12, 4)  # three working days for the customer's signature
    make_change_paper(works, number)
    clock.move(date(2026, 12, 3))
    done(works, number, "S21")
    view = case(works, number)
    assert view.row.due_on == date(2026, 12, 8)
    (filing,) = [each for each in clock_views(view) if each.label == "归档"]
    assert (filing.measure, filing.mark) == ("内部", "待核验")
    clock.move(date(2026, 12, 9))
    assert case(works, number).row.level == Level.OVERDUE


def entries(*told: tuple[str, str, date]) -> list[LogEntry]:
    return [LogEntry(n, what, stage, day, datetime.combine(day, time(9)), "1001", "示范甲")
            for n, (what, stage, day) in enumerate(told, 1)]


def test_where_a_kind_has_no_limit_for_what_is_left_no_date_that_was_kept_turns_red() -> None:
    suspend = CATALOG.processes["suspend"]
    bare = replace(suspend, clocks=tuple(each for each in suspend.clocks if each.measure != "内部"))
    log = entries((What.ACCEPTED, "S01", MONDAY), (What.DONE, "S18", date(2026, 11, 27)))
    now = state(bare, log, CATALOG.calendar, date(2027, 1, 20))
    assert (now.status, now.due, now.level) == (Status.OPEN, None, Level.NONE)
    assert state(bare, log[:1], CATALOG.calendar, date(2027, 1, 20)).level == Level.OVERDUE


@pytest.mark.parametrize("process", CHANGES, ids=lambda kind: kind.id)
def test_every_stage_that_is_left_after_a_change_was_carried_out_has_a_limit(process: Process) -> None:
    assert process.subject is Subject.ACCOUNT
    timed = {stage for limit in process.clocks for stage in limit.stages}
    after = process.dependents(process.energised_by)
    assert set(after) <= timed
    inside = [limit for limit in process.clocks if limit.measure == "内部"]
    assert inside and all(not limit.basis.verified and limit.basis.text for limit in inside)


@pytest.mark.parametrize("kind", ["suspend", "reduce", "resume", "restore"])
def test_the_day_agreed_is_a_row_of_the_kind(kind: str) -> None:
    process = CATALOG.processes[kind]
    assert process.total.agreed in process.fields
    day = MONDAY + timedelta(days=30)
    log = [replace(entries((What.ACCEPTED, "S01", MONDAY))[0], facts={process.total.agreed: str(day)})]
    assert state(process, log, CATALOG.calendar, MONDAY).due == day


def test_the_contract_of_a_reduction_for_good_is_due_also_after_the_sealing(works: Any, clock: Any) -> None:
    left = [{"point": "1#配电室", "model": "SCB14-400/10", "count": "1", "kva": "400", "state": "运行"}]
    number = accept(works, asked(works, "reduce", reduction="永久性", hold_kva="400", hold_from="2026-12-01",
                                 hold_until="", transformers=left)).case_number
    clock.move(date(2026, 12, 1))
    done(works, number, "S18")
    view = case(works, number)
    assert (view.state.current, view.row.due_on) == (("S12",), date(2026, 12, 7))
    clock.move(date(2026, 12, 8))
    assert case(works, number).row.level == Level.OVERDUE


def test_a_transformer_of_no_capacity_is_none(works: Any) -> None:
    rows = [{"count": "1", "kva": "400"}, {"count": "1", "kva": "0"}]
    with pytest.raises(Refusal, match="单台容量"):
        accept(works, asked(works, "reduce", reduction="永久性", hold_kva="400", hold_until="", transformers=rows))
