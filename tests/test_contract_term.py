"""A contract's term, its states, how it goes on, and its number."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.contract import (
    STEPS,
    State,
    agrees,
    contract_number,
    current_end,
    effective_on,
    end_after,
    end_of,
    is_contract_number,
    may_step,
    over_cap,
    renewal_due,
    step,
)

ONE_DAY = timedelta(days=1)
STARTS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("start", "years", "end"), [
    ("2026-11-23", 5, "2031-11-22"),
    ("2026-01-01", 1, "2026-12-31"),
    ("2026-03-01", 10, "2036-02-29"),
    ("2026-03-01", 5, "2031-02-28"),
    ("2025-02-28", 5, "2030-02-27"),
])
def test_a_term_ends_the_day_before_the_anniversary(start: str, years: int, end: str) -> None:
    assert end_of(d(start), years) == d(end)


@pytest.mark.parametrize(("years", "end"), [(1, "2025-02-28"), (4, "2028-02-28"), (5, "2029-02-28")])
def test_a_contract_signed_on_leap_day_ends_on_28_february(years: int, end: str) -> None:
    assert end_of(d("2024-02-29"), years) == d(end)


def test_the_day_before_the_anniversary_and_the_anniversary_itself_both_agree() -> None:
    signed = d("2020-06-15")
    assert agrees(signed, 5, d("2025-06-14"))
    assert agrees(signed, 5, d("2025-06-15"))
    assert not agrees(signed, 5, d("2025-06-13"))
    assert not agrees(signed, 5, d("2025-06-16"))
    assert not agrees(signed, 5, d("2026-06-14"))


def test_months_run_to_the_corresponding_day_or_the_months_last() -> None:
    assert end_after(d("2026-01-31"), 1) == d("2026-02-28")
    assert end_after(d("2026-03-31"), 1) == d("2026-04-30")
    assert end_after(d("2026-08-31"), 6) == d("2027-02-28")
    assert end_after(d("2026-11-23"), 6) == d("2027-05-22")


def test_a_term_of_nothing_is_no_term() -> None:
    with pytest.raises(ValueError, match="month"):
        end_of(d("2026-01-01"), 0)


@given(STARTS, st.integers(1, 20))
def test_a_term_is_followed_by_the_next_without_gap_or_overlap(start: date, years: int) -> None:
    end = end_of(start, years)
    assert start < end
    assert end - ONE_DAY < end_of(start + ONE_DAY, years)
    assert abs((end - start).days - (years * 365.25)) < 3
    following = end + ONE_DAY
    assert (following.month, following.day) == (start.month, start.day) or (start.month, start.day) == (2, 29)


@given(STARTS, st.integers(1, 20))
def test_a_computed_end_always_agrees_with_its_term(signed: date, years: int) -> None:
    assert agrees(signed, years, end_of(signed, years))
    assert not over_cap(signed, end_of(signed, years), years)
    assert over_cap(signed, end_of(signed, years) + ONE_DAY, years)


def test_a_kind_without_cap_is_never_too_long() -> None:
    assert not over_cap(d("2026-01-01"), d("2099-01-01"), 0)


def test_a_contract_takes_effect_never_before_the_last_signature() -> None:
    ours, theirs = d("2026-11-25"), d("2026-11-23")
    assert effective_on(theirs, ours) == ours
    assert effective_on(theirs, ours, d("2026-11-24")) == ours
    assert effective_on(theirs, ours, d("2026-12-01")) == d("2026-12-01")


# --- going on


def test_a_contract_that_extends_itself_rolls_over_term_after_term() -> None:
    ends = d("2021-06-30")
    assert current_end(ends, "自动续展", 36, d("2021-06-30")) == ends
    assert current_end(ends, "自动续展", 36, d("2021-07-01")) == d("2024-06-30")
    assert current_end(ends, "自动续展", 36, d("2026-11-23")) == d("2027-06-30")


@pytest.mark.parametrize("mode", ["到期重签", "到期终止", "未知"])
def test_every_other_mode_keeps_its_written_end(mode: str) -> None:
    assert current_end(d("2021-06-30"), mode, 36, d("2026-11-23")) == d("2021-06-30")


def test_a_term_of_unknown_length_cannot_roll_over() -> None:
    assert current_end(d("2021-06-30"), "自动续展", None, d("2026-11-23")) == d("2021-06-30")
    assert current_end(None, "自动续展", 36, d("2026-11-23")) is None


def test_an_extension_is_acted_on_before_objecting_becomes_impossible() -> None:
    assert renewal_due(d("2026-12-31"), "自动续展", 30) == d("2026-12-01")
    assert renewal_due(d("2026-12-31"), "到期重签", 30) == d("2026-12-31")


@given(STARTS, st.integers(1, 120), st.integers(0, 12000))
def test_the_running_term_never_lies_behind_and_began_not_after_today(ends: date, months: int, later: int) -> None:
    today = ends + timedelta(days=later)
    now = current_end(ends, "自动续展", months, today)
    assert now is not None
    assert now >= today
    assert now == ends or end_after(today, months) >= now


# --- states


SIGNED = {"signed_on": "2026-11-25", "signer": "示范丙", "capacity": "法定代表人"}


def test_the_way_of_a_contract_is_one_line_and_void_leaves_it_anywhere_before_the_archive() -> None:
    way = [State.DRAFT, State.READY, State.CUSTOMER_SIGNED, State.SIGNED, State.FILED]
    assert all(step(a, b) for a, b in pairwise(way))
    allowed = {(s.before, s.after) for s in STEPS}
    assert allowed == {*pairwise(way), *((a, State.VOID) for a in way[:-1])}


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_a_step_that_is_not_allowed_says_what_to_do_first_or_instead(before: State, after: State) -> None:
    lacks = may_step(before, after, {})
    allowed = step(before, after)
    if allowed is None:
        (lack,) = lacks
        assert str(before) in lack.sentence and "请" in lack.sentence
    else:
        assert [m.field for m in lacks] == list(allowed.needs)


def test_a_skipped_step_is_named_with_all_that_lies_between() -> None:
    (lack,) = may_step(State.READY, State.FILED, {"box": "H-1"})
    assert lack.sentence == "合同现为“待签”，请先登记“客户签署”“我方签署用印”"
    (lack,) = may_step(State.FILED, State.VOID, {"reason": "写错"})
    assert "终止" in lack.sentence


def test_a_signature_says_who_signed_when_and_in_what_capacity() -> None:
    assert may_step(State.READY, State.CUSTOMER_SIGNED, SIGNED) == ()
    lacks = may_step(State.READY, State.CUSTOMER_SIGNED, {"signer": "示范丙"})
    assert [m.field for m in lacks] == ["signed_on", "capacity"]


def test_an_agent_signs_only_with_a_power_of_attorney_that_covers_the_day() -> None:
    agent = SIGNED | {"capacity": "授权代理人"}
    assert [m.field for m in may_step(State.READY, State.CUSTOMER_SIGNED, agent)] == [
        "poa_number", "poa_from", "poa_until"]
    power = {"poa_number": "WT-1", "poa_from": "2026-11-01", "poa_until": "2026-11-25"}
    assert may_step(State.READY, State.CUSTOMER_SIGNED, agent | power) == ()
    ended = may_step(State.READY, State.CUSTOMER_SIGNED, agent | power | {"poa_until": "2026-11-24"})
    assert "不含签署日期 2026-11-25" in ended[0].sentence


# --- numbers


def test_a_contracts_number_has_four_parts() -> None:
    assert contract_number("QH6301", "DY", 2026, 17) == "QH6301-DY-2026-000017"
    assert is_contract_number("QH6301-DY-2026-000017")
    assert not is_contract_number("DY-2026-00144")


@pytest.mark.parametrize(
    ("unit", "code", "serial"), [("", "DY", 1), ("QH 1", "DY", 1), ("QH", "低压", 1), ("QH", "DY", 10**6)])
def test_a_part_that_does_not_fit_makes_no_number(unit: str, code: str, serial: int) -> None:
    with pytest.raises(ValueError, match="not a contract number"):
        contract_number(unit, code, 2026, serial)
