"""What looks odd is told and never refused; what cannot be true is refused and never merely told."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.catalog.release import load_catalog
from desktop.domain.accord import contradictions
from desktop.domain.notice import notices

RANGES = load_catalog().voltages
LOAD = {"name": "水泵", "count": "1", "unit_kw": "40", "total_kw": "40", "voltage": "380V", "phases": "三相"}


def told(**known: Any) -> list[str]:
    return [name for name, _ in notices(known, RANGES)]


@pytest.mark.parametrize(("known", "field", "word"), [
    ({"capacity_kw": "80", "loads": [LOAD]}, "loads", "小于容量 80 kW"),
    ({"capacity_kw": "30", "loads": [LOAD]}, "loads", "超过申请容量 30 kW"),
    ({"voltage": "220V", "phases": "三相"}, "phases", "单相供电"),
    ({"voltage": "220V", "capacity_kw": "40", "loads": [LOAD]}, "loads", "第 1 行却是三相"),
    ({"voltage": "220V", "capacity_kw": "50"}, "capacity_kw", "上限 12 kW"),
    ({"voltage": "380V", "scheme_capacity_kw": "200"}, "scheme_capacity_kw", "上限 160 kW"),
    ({"voltage": "10kV", "capacity_kva": "30"}, "capacity_kva", "下限 50 kVA"),
    ({"capacity_kw": "80", "scheme_capacity_kw": "60"}, "scheme_capacity_kw", "小于申请容量 80 kW"),
])
def test_what_looks_odd_is_told_at_its_field(known: dict[str, Any], field: str, word: str) -> None:
    assert any(name == field and word in sentence for name, sentence in notices(known, RANGES))


@pytest.mark.parametrize("known", [
    {}, {"voltage": "380V", "phases": "三相", "capacity_kw": "40", "loads": [LOAD]},
    {"voltage": "220V", "phases": "单相", "capacity_kw": "12"}, {"voltage": "20kV", "capacity_kva": "1"},
    {"capacity_kw": "四十", "loads": [LOAD]}, {"capacity_kw": "80", "scheme_capacity_kw": "80", "loads": []},
    {"capacity_kw": "20", "demand_factor": "0.5", "loads": [LOAD]},
])
def test_nothing_is_said_of_what_is_usual_or_unknown(known: dict[str, Any]) -> None:
    assert told(**known) == []


def test_a_limit_that_nobody_verified_says_so() -> None:
    (_, sentence), = notices({"voltage": "380V", "capacity_kw": "200"}, RANGES)
    assert "待核验" in sentence


@pytest.mark.parametrize(("known", "field"), [
    ({"voltage": "220V", "phases": "三相"}, "phases"),
    ({"metering_mode": "低供低计", "pt_ratio": "10000/100"}, "pt_ratio"),
    ({"voltage": "380V", "meters": [{"mode": "高供低计"}]}, "meters"),
    ({"voltage": "380V", "meters": [{"mode": "低供低计", "pt_ratio": "10000/100"}]}, "meters"),
])
def test_metering_and_phases_that_the_voltage_rules_out_are_refused(known: dict[str, Any], field: str) -> None:
    assert field in [name for name, _ in contradictions(known)]


def test_a_high_voltage_supply_may_have_a_meter_on_its_low_side() -> None:
    known = {"voltage": "10kV", "meters": [{"mode": "低供低计", "ct_ratio": "400/5", "multiplier": "80"}]}
    assert contradictions(known) == ()
