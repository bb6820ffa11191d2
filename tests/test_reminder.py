"""What must not be forgotten: how near, how urgent, and what can be done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.catalog.release import load_catalog
from desktop.domain.contract import RenewalMode
from desktop.domain.deadline import Level
from desktop.domain.reminder import (
    GONE,
    UNKNOWN_END,
    ContractFacts,
    Reminder,
    contract_ends,
    not_returned,
    paper_due,
    stage_due,
)

LADDER = load_catalog().ladder
TODAY = date(2026, 11, 23)


def ending(days: int | None, mode: str = "到期重签", *, kind: str = "low_voltage", **facts: object) -> Reminder | None:
    ends = None if days is None else TODAY + timedelta(days=days)
    return contract_ends(ContractFacts(kind, mode, ends, **facts), LADDER, TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "band", "word"), [
    (90, "90 天内", "提示"), (61, "90 天内", "提示"), (60, "60 天内", "提示"), (31, "60 天内", "提示"),
    (30, "30 天内", "关注"), (16, "30 天内", "关注"), (15, "15 天内", "关注"), (8, "15 天内", "关注"),
    (7, "7 天内", "紧急"), (1, "7 天内", "紧急"), (0, "今天到期", "紧急"), (-1, "过期", "逾期"), (-900, "过期", "逾期"),
])
def test_a_contract_climbs_the_ladder_as_its_end_comes_near(days: int, band: str, word: str) -> None:
    reminder = ending(days)
    assert reminder is not None
    assert (reminder.band, reminder.urgency.word, reminder.days_left) == (band, word, days)


def test_a_contract_that_ends_far_away_is_silent() -> None:
    assert ending(91) is None


def test_a_contract_without_end_is_asked_about_and_never_alarmed_of() -> None:
    reminder = ending(None)
    assert reminder is not None
    assert (reminder.band, reminder.urgency.word, reminder.due) == (UNKNOWN_END, "提示", None)


def test_one_without_fixed_term_has_no_reminder() -> None:
    assert ending(None, "不定期", kind="resident") is None
    assert ending(-5, "不定期", kind="resident") is None


@pytest.mark.parametrize("days", [None, -400, -1, 5])
def test_a_customer_who_is_gone_is_asked_about_without_alarm(days: int | None) -> None:
    reminder = ending(days, gone=True)
    assert reminder is not None
    assert (reminder.band, reminder.urgency.word, reminder.due) == (GONE, "提示", None)


def test_a_contract_that_extends_itself_is_due_before_objecting_ends() -> None:
    reminder = ending(45, "自动续展", months=60, objection_days=30)
    assert reminder is not None
    assert (reminder.days_left, reminder.due) == (15, TODAY + timedelta(days=15))
    assert "自动续展" in reminder.sentence


@pytest.mark.parametrize("days", [29, 10, 0, -1, -200])
def test_a_contract_that_extends_itself_is_never_overdue(days: int) -> None:
    assert ending(days, "自动续展", months=60, objection_days=30) is None


def test_one_that_should_have_extended_but_has_no_term_is_asked_about() -> None:
    reminder = ending(-1, "自动续展", objection_days=30)
    assert reminder is not None
    assert reminder.band == UNKNOWN_END


def test_a_temporary_supply_offers_its_own_ways_out() -> None:
    temporary, other = ending(10, "到期终止", kind="temporary"), ending(10)
    assert temporary is not None
    assert other is not None
    assert temporary.actions[:3] == ("延期", "转正式", "终止拆表")
    assert other.actions[:2] == ("续签", "联系客户")


def test_a_printed_contract_is_asked_for_after_ten_days() -> None:
    assert not_returned(TODAY - timedelta(days=9), LADDER, TODAY) is None
    reminder = not_returned(TODAY - timedelta(days=10), LADDER, TODAY)
    assert reminder is not None
    assert (reminder.due, reminder.days_left) == (TODAY, 0)


@pytest.mark.parametrize(("level", "word"), [(Level.NEAR, "关注"), (Level.TODAY, "紧急"), (Level.OVERDUE, "逾期")])
def test_a_stage_is_as_urgent_as_its_clock(level: Level, word: str) -> None:
    reminder = stage_due("供电方案答复", TODAY, level, LADDER, TODAY)
    assert reminder is not None
    assert reminder.urgency.word == word


def test_a_stage_with_time_left_is_silent() -> None:
    assert stage_due("供电方案答复", TODAY, Level.NORMAL, LADDER, TODAY) is None


def test_a_promised_paper_is_asked_for_three_days_before() -> None:
    assert paper_due("产权证明", TODAY + timedelta(days=4), LADDER, TODAY) is None
    near, late = paper_due("产权证明", TODAY + timedelta(days=3), LADDER, TODAY), paper_due(
        "产权证明", TODAY - timedelta(days=1), LADDER, TODAY)
    assert near is not None
    assert late is not None
    assert late.urgency.word == "逾期"


def test_the_four_steps_differ_in_word_shape_and_colour() -> None:
    steps = LADDER.urgencies.values()
    assert [len({getattr(s, part) for s in steps}) for part in ("word", "shape", "colour")] == [4, 4, 4]


modes = st.sampled_from(list(RenewalMode))
facts = st.builds(ContractFacts, st.sampled_from(["low_voltage", "temporary", "resident"]), modes,
                  st.none() | st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.none() | st.integers(1, 240),
                  st.integers(0, 60), st.booleans())


@given(facts, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_a_reminder_of_a_day_is_still_there_the_next_day_unless_it_extends_itself(
    contract: ContractFacts, today: date
) -> None:
    before, after = contract_ends(contract, LADDER, today), contract_ends(contract, LADDER, today + timedelta(days=1))
    if contract.mode == RenewalMode.AUTOMATIC:
        assert before is None or before.urgency.id != "overdue"
    elif before is not None:
        assert after is not None
        assert before.days_left is None or after.days_left == before.days_left - 1
