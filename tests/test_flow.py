"""Where the days go: rounds, shares and sendings back, held against a slow count of days from the log itself."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.caselog import LogEntry
from desktop.domain.flow import flow_of, flows
from desktop.errors import Refusal
from desktop.usecases.casework import record, state_of
from desktop.usecases.desk import Desk
from desktop.usecases.overseeing import flow
from desktop.usecases.reporting import report
from tests.trade import LOW_VOLTAGE, accepted_case, done

CHAIN = ("S04", "S08", "S11")  # one after the other in this kind
BEGIN = date(2026, 3, 2)


def entry(seq: int, what: str, stage: str, on: date, clock: Any, **facts: str) -> LogEntry:
    return LogEntry(seq, what, stage, on, clock.at, "1001", "示范员", facts)


def slow_days(begin: date, until: date, paused: set[date], calendar: Any) -> int:
    """Every day after the first, one by one."""
    return sum(calendar.is_workday(begin + timedelta(days=n)) and begin + timedelta(days=n) not in paused
               for n in range(1, (until - begin).days + 1))


@given(gaps=st.lists(st.integers(0, 12), min_size=3, max_size=3), pause=st.integers(0, 10), redo=st.integers(0, 9))
def test_rounds_are_what_a_slow_count_of_the_log_finds(catalog: Any, gaps: list[int], pause: int, redo: int) -> None:
    from tests.conftest import Clock

    process, calendar, clock = catalog.processes[LOW_VOLTAGE], catalog.calendar, Clock()
    day, log, told = BEGIN, [entry(1, "accepted", "S01", BEGIN, clock)], []
    for stage, gap in zip(CHAIN, gaps, strict=True):
        began, day = day, day + timedelta(days=gap)
        log.append(entry(len(log) + 1, "done", stage, day, clock, customer_works="有"))
        told.append((stage, began, day))
    back = day + timedelta(days=1)
    log.append(entry(len(log) + 1, "sent_back", "S12", back, clock, to="S11", reason="检验有误"))
    log.append(entry(len(log) + 1, "paused", "S11", back, clock, reason="客户整改"))
    log.append(entry(len(log) + 1, "resumed", "S11", back + timedelta(days=pause), clock))
    end = back + timedelta(days=pause + redo)
    log.append(entry(len(log) + 1, "done", "S11", end, clock))
    told.append(("S11", back, end))
    paused = {back + timedelta(days=n) for n in range(pause)}
    found = flow_of(process, log, calendar)
    rounds = [(each.stage, each.began, each.done_on, each.days) for each in found.rounds if each.stage in CHAIN]
    assert rounds == [(s, a, b, slow_days(a, b, paused, calendar)) for s, a, b in told]
    assert [(back.stage, back.to, back.reason) for back in found.backs] == [("S12", "S11", "检验有误")]
    lines = {line.stage: line for line in flows([(process, log)] * 3, calendar)}
    final = lines[process.stage("S11").name]
    both = [days for stage, _a, _b, days in rounds if stage == "S11"]
    assert final.count == 6 and final.typical == median(both * 3) and final.longest == max(both)
    assert final.backs == 3 and final.reasons == (("检验有误", 3),)
    whole = sum(days or 0 for each in found.rounds for days in [each.days])
    assert final.share == pytest.approx(100 * sum(both) / whole if whole else 0)


def test_the_page_tells_of_each_stage_its_typical_days_and_of_a_month_only_what_was_done_in_it(
        hall: Desk, clock: Any) -> None:
    for days in (1, 2, 7):
        clock.move(date(2026, 11, 2))
        number = accepted_case(hall, customer_name=f"示例{days}户", customer_id_kind="护照",
                               customer_id=f"E{days:08d}").case_number
        clock.forward(days=days)
        done(hall, number, "S04")
    record(hall, number, state_of(hall, number).current[0], "sent_back", {"to": "S04", "reason": "方案有误"})
    (line,) = [line for line in flow(hall) if line.stage == "供电方案答复"]
    assert (line.count, line.typical, line.longest, line.backs) == (3, 2, 5, 1)
    assert line.reasons == (("方案有误", 1),)
    assert flow(hall, "2026-11") == flow(hall) and flow(hall, "2026-10") == ()
    with pytest.raises(Refusal):
        flow(hall, "2026-13")


def test_the_workbook_tells_the_same_as_the_page(hall: Desk, clock: Any, tmp_path: Path) -> None:
    import openpyxl

    number = accepted_case(hall).case_number
    clock.forward(days=1)
    done(hall, number, "S04")
    made = report(hall, "stages", out=tmp_path / "stages.xlsx")
    rows = list(openpyxl.load_workbook(made.path).active.iter_rows(values_only=True))
    told = next(row for row in rows if "供电方案答复" in row)
    assert told[3:7] == (1, 1, 1, 1) and made.rows == len(flow(hall))


def test_the_window_may_stop_a_long_count(hall: Desk) -> None:
    accepted_case(hall)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flow(hall, step=stop)
