"""The day that the command line is told: looked at from there by anybody, entered ahead of time only for practice."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop import cli
from desktop.usecases.acting import is_only_looked_at
from desktop.usecases.desk import SetClock
from desktop.usecases.hall_keeping import set_hall
from desktop.usecases.recounting import recount_if_changed
from desktop.usecases.safekeeping import open_desk
from desktop.usecases.staffing import hall
from printing.raster import page_text

MACHINE = datetime(2026, 11, 23, 10, 0)
TOMORROW = str(MACHINE.date() + timedelta(days=1))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """The program in a folder, on a machine whose clock shows the 23rd, with --today as it is given."""

    def run(folder: Path, *arguments: Any) -> Any:
        monkeypatch.setattr(cli, "_the_time_now", lambda: MACHINE)
        code = cli.run(["--data", str(folder), *map(str, arguments)])
        caught = capsys.readouterr()
        return code, caught.out, caught.err

    return run


def test_a_real_hall_is_looked_at_from_a_day_that_has_not_come_and_nothing_is_entered(
        opened: Any, at: Any, answers: Any, tmp_path: Path) -> None:
    paper = answers("accept")
    code, _, err = at(tmp_path / "hall", "accept", "--answers", paper, "--today", TOMORROW)
    assert (code, f"{TOMORROW} 还没有到，正式营业厅不能提前登记" in err, "yekuo demo" in err) == (1, True, True)
    assert at(tmp_path / "hall", "reminders", "--today", TOMORROW)[0] == 0
    assert at(tmp_path / "hall", "cases", "--json")[1] == ""
    code, out, err = at(tmp_path / "hall", "accept", "--answers", paper)
    assert (code, "YK20261123" in out) == (0, True), err


def test_what_a_real_hall_enters_for_a_day_gone_by_says_when_it_was_truly_entered(
        opened: Any, at: Any, answers: Any, tmp_path: Path) -> None:
    code, out, err = at(tmp_path / "hall", "accept", "--answers", answers("accept"), "--today", "2026-11-19",
                        "--out", tmp_path / "papers", "--json")
    assert code == 0, err
    number = json.loads(out)["case"]
    view = json.loads(at(tmp_path / "hall", "case", number, "--json")[1])
    assert [(entry["claimed_on"], entry["entered_at"][:10]) for entry in view["log"]] == [("2026-11-19", "2026-11-23")]
    receipt = next((tmp_path / "papers").glob("受理回执*.pdf"))
    assert "2026-11-23 10:00" in "".join(page_text(receipt.read_bytes()))


def test_a_practice_hall_may_go_on_to_the_next_day(opened: Any, at: Any, answers: Any, tmp_path: Path) -> None:
    desk = open_desk(tmp_path / "hall", lambda: MACHINE)
    set_hall(desk, hall(desk), practice=True)
    desk.db.close()
    code, out, err = at(tmp_path / "hall", "accept", "--answers", answers("accept"), "--today", TOMORROW)
    assert (code, "YK20261124" in out) == (0, True), err


def test_the_help_says_what_a_day_ahead_is_for(yekuo: Any) -> None:
    said = "".join(yekuo("accept", "--help").out.split())
    assert "还没有到的日期，正式营业厅只能查看，演练营业厅可以登记" in said


def test_a_clock_that_is_set_keeps_the_machine_s_hours() -> None:
    assert SetClock(lambda: MACHINE, date(2031, 1, 2))() == datetime(2031, 1, 2, 10, 0)


def test_a_real_hall_that_is_only_looked_at_is_not_counted_anew(opened: Any, answers: Any, tmp_path: Path) -> None:
    opened("accept", "--answers", answers("accept"))
    ahead = open_desk(tmp_path / "hall", SetClock(lambda: MACHINE, date(2031, 1, 2)))
    try:
        assert is_only_looked_at(ahead)
        assert recount_if_changed(ahead) == 0
    finally:
        ahead.db.close()


def test_an_application_of_an_earlier_day_is_entered_with_its_day_as_an_argument(
        opened: Any, answers: Any, tmp_path: Path) -> None:
    said = opened("--today", "2026-11-25", "accept", "--answers", answers("accept", "--today", "2026-11-23"),
                  "--on", "2026-11-23", "--json")
    assert said.code == 0, said.err
    kept = opened("--today", "2026-11-25", "case", said.data["case"], "--json").data["case"]
    assert kept["accepted_on"] == "2026-11-23" or kept["applied_on"] == "2026-11-23"
