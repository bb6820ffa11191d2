"""暂停 and its return at odd days: New Year, a leap year, the exact bounds, several pieces with corrections."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from change_book import NUMBER, asked, done, filed, open_works, refused, sealed, suspend
from test_undoing import back

from desktop.errors import Refusal
from desktop.usecases.account_viewing import account_file
from desktop.usecases.casework import record
from desktop.usecases.handing_over import recall
from desktop.usecases.intake import accept, assess
from desktop.usecases.standing import account

OTHER = {"hold_equipment": "1#主变压器 SCB14-400/10"}


@pytest.fixture
def works(hall: Any, clock: Any) -> Any:
    """A works of 800 kVA on the first working day of 2026, years for which the calendar is known ahead of it."""
    clock.move(date(2026, 1, 4))
    return open_works(hall)


def told(desk: Any, first: str, last: str) -> str:
    """What refuses a suspension of these days; empty where it is taken."""
    return "；".join(assess(desk, asked(desk, "suspend", hold_from=first, hold_until=last, hold_kva="400")).faults
                    .values())


@pytest.mark.parametrize(("first", "last", "why"), [
    ("2026-12-25", "2027-01-08", ""),  # fifteen days over New Year: seven of the one year, eight of the other
    ("2026-12-25", "2027-01-07", "共 14 天"),
    ("2028-02-15", "2028-02-29", ""),  # fifteen days to the leap day
    ("2028-02-16", "2028-02-29", "共 14 天"),
    ("2027-02-15", "2027-02-28", "共 14 天"),
    ("2026-02-01", "2026-07-31", ""),  # exactly six months
    ("2026-02-01", "2026-08-01", "累计 6 个月 1 天，超过 6 个月"),
    ("2026-03-31", "2026-09-30", ""),  # September has no 31st: its last day is the sixth month's
    ("2026-03-31", "2026-10-01", "累计 6 个月 1 天"),
    ("2028-02-29", "2028-08-28", ""),  # from the leap day on
    ("2028-02-29", "2028-08-29", "累计 6 个月 1 天"),
    ("2026-07-01", "2027-06-30", ""),  # six months of each year
    ("2026-07-01", "2027-07-01", "2027 年已暂停 0 天，加本次 6 个月 1 天"),
    ("2026-06-30", "2027-06-30", "2026 年已暂停 0 天，加本次 6 个月 2 天"),  # to the 29th of December it is six
    ("2027-09-01", "2028-02-29", "")])
def test_the_bounds_are_held_to_the_day(works: Any, first: str, last: str, why: str) -> None:
    found = told(works, first, last)
    assert why in found and bool(why) == bool(found)


def test_pieces_of_a_year_add_up_as_they_really_were(works: Any, clock: Any) -> None:
    """Sealed a day late, run again early, recalled and sealed anew: only the days on which it rested count."""
    number = suspend(works, "2026-02-02", "2026-04-30")
    clock.move(date(2026, 2, 3))
    done(works, number, "S18", sealed_on="2026-02-02", day_reason="")
    recall(works, number, "S18", "加封日期登记错了")
    done(works, number, "S18", sealed_on="2026-02-03", day_reason="客户推迟一天停产")
    filed(works, number)
    again = accept(works, asked(works, "resume", restore_kva="400", restore_on="2026-03-20")).case_number
    clock.move(date(2026, 3, 20))
    done(works, again, "S19")
    filed(works, again)
    assert years(works) == ["2026 暂停 1 个月 17 天"]  # the third of February to the nineteenth of March
    assert not told(works, "2026-04-01", "2026-08-13")  # four months and thirteen days: exactly six months in all
    assert "累计 6 个月 1 天" in told(works, "2026-04-01", "2026-08-14")


def years(desk: Any) -> list[str]:
    return [f"{each.year} {each.kind} {each.total}" for each in account_file(desk, NUMBER).years]


def test_a_suspension_that_came_to_nothing_leaves_nothing(works: Any, clock: Any) -> None:
    number = suspend(works, "2026-02-02", "2026-04-30")
    clock.move(date(2026, 2, 2))
    done(works, number, "S18")
    with pytest.raises(Refusal, match="不能终止"):
        record(works, number, "S21", "ended", {"reason": "客户撤销"})
    back(works, number, "S21", "S18")
    record(works, number, "S18", "ended", {"reason": "客户撤销"})
    assert (account(works, NUMBER).standing.holds, years(works)) == ((), [])
    assert not told(works, "2026-02-02", "2026-07-31")


def test_while_one_runs_the_other_transformer_may_rest_and_the_days_of_both_count_once(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-02-02", "2026-05-31")
    assert "已在暂停" in refused(works, asked(works, "suspend", hold_from="2026-03-02", hold_until="2026-04-30"))
    clock.move(date(2026, 3, 2))
    number = suspend(works, "2026-03-02", "2026-07-31", **OTHER)
    assert number in refused(works, asked(works, "resume", restore_kva="400", restore_on="2026-03-20"))
    done(works, number, "S18")
    filed(works, number)
    assert account(works, NUMBER).running_capacity == "0 kVA"
    assert years(works) == ["2026 暂停 6 个月"]  # five months and thirty days


def test_what_is_restored_on_the_day_of_its_sealing_never_rested(works: Any, clock: Any) -> None:
    sealed(works, clock, "2026-02-02", "2026-04-30")
    hint = assess(works, asked(works, "resume", restore_kva="400", restore_on="2026-02-02")).notices
    assert any("只停了 0 天，不足 15 天" in each.sentence for each in hint)
    number = accept(works, asked(works, "resume", restore_kva="400", restore_on="2026-02-02")).case_number
    done(works, number, "S19")
    assert (account(works, NUMBER).running_capacity, years(works)) == ("800 kVA", [])
