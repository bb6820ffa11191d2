"""An application on the day it is brought: what cannot be true on that day is told at its field."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.catalog.release import load_catalog
from desktop.domain.acceptance import contradictions

PROCESS = load_catalog().processes["low_voltage_new"]
DAY = date(2026, 11, 23)
AGENT = {"agent_name": "马海英", "poa_from": "2026-11-01", "poa_until": "2027-10-31"}


def test_an_agent_within_his_period_may_apply() -> None:
    assert contradictions(PROCESS, {**AGENT, "voltage": "380V", "wanted_on": "2026-11-23"}, DAY) == {}


@pytest.mark.parametrize(("said", "field"), [
    ({**AGENT, "poa_until": "2026-10-31"}, "poa_until"), ({**AGENT, "poa_until": "2026-11-22"}, "poa_until"),
    ({**AGENT, "poa_from": "2026-11-24"}, "poa_from"), ({"wanted_on": "2026-11-22"}, "wanted_on"),
    ({"voltage": "10kV"}, "voltage"),
])
def test_what_cannot_be_is_told_at_its_field(said: dict[str, str], field: str) -> None:
    assert list(contradictions(PROCESS, said, DAY)) == [field]


def test_a_period_without_an_agent_is_asked_only_whether_it_can_be() -> None:
    assert contradictions(PROCESS, {"poa_until": "2020-01-01"}, DAY) == {}
    assert "poa_until" in contradictions(PROCESS, {"poa_from": "2020-01-02", "poa_until": "2020-01-01"}, DAY)


@given(st.integers(-400, 400), st.integers(-400, 400))
def test_an_agent_may_apply_exactly_on_the_days_of_his_power(since: int, until: int) -> None:
    period = {"poa_from": str(DAY + timedelta(since)), "poa_until": str(DAY + timedelta(until))}
    held = contradictions(PROCESS, {"agent_name": "马海英", **period}, DAY)
    assert (held == {}) == (since <= 0 <= until)


def test_a_date_that_is_none_is_the_field_s_own_fault() -> None:
    assert contradictions(PROCESS, {**AGENT, "poa_until": "明年", "wanted_on": "尽快"}, DAY) == {}
