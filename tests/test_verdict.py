"""A scheme is weighed by dated figures, each verdict with its reason; the load proposes what fits it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.accord import share
from desktop.domain.field import FIELDS
from desktop.domain.kind import fault
from desktop.domain.proposal import proposal
from desktop.domain.sizing import ct_for, current, load_of, transformers_for, voltages_for
from desktop.domain.verdict import Result, verdicts, worst

TODAY = date(2026, 11, 23)
LOW = {"voltage": "380V", "usage_nature": "工商业", "metering_mode": "低供低计", "scheme_capacity_kw": "80",
       "loads": [{"name": "冷库压缩机", "total_kw": "80", "phases": "三相"}],
       "ct_ratio": "150/5", "ct_accuracy": "0.5S"}
HIGH = {"voltage": "10kV", "usage_nature": "工商业", "metering_mode": "高供高计", "scheme_capacity_kva": "800",
        "loads": [{"name": "轧机", "total_kw": "540"}], "transformers": [{"kva": "400"}, {"kva": "400"}],
        "ct_ratio": "40/5", "ct_accuracy": "0.5S", "meter_accuracy": "0.5S", "power_factor_standard": "0.90"}


@pytest.fixture
def said(catalog: Any) -> Any:
    """The verdicts on a scheme by rule."""
    return lambda known: {v.rule: v for v in verdicts(known, catalog.schemes.on(TODAY), catalog.voltages)}


def test_an_ordinary_low_voltage_scheme_passes_every_rule(said: Any) -> None:
    found = said(LOW | {"power_factor_standard": "不考核", "price_class": "工商业（单一制）", "meter_accuracy": "1.0"})
    assert {v.result for v in found.values()} == {Result.PASSED}
    assert {"voltage", "oversize", "metering_mode", "metering_class", "ct", "power_factor", "tariff"} == set(found)
    assert all(v.why and v.basis and v.mark in ("已核验", "待核验") for v in found.values())


def test_an_ordinary_high_voltage_scheme_passes_every_rule(said: Any) -> None:
    found = said(HIGH)
    assert {v.rule for v in found.values() if v.result != Result.PASSED} == set()
    assert found["oversize"].why.startswith("计算负荷 600 kVA，容量 800 kVA，负载率 75 %")


@pytest.mark.parametrize(("change", "rule", "result", "word"), [
    ({"scheme_capacity_kw": "200", "loads": []}, "voltage", "不符", "0 至 160 kW"),
    ({"scheme_capacity_kw": "8", "loads": [], "phases": "单相"}, "voltage", "提示", "220V"),
    ({"scheme_capacity_kw": "70"}, "oversize", "不符", "容量不够"),
    ({"scheme_capacity_kw": "121"}, "oversize", "提示", "超过 1.5 倍"),
    ({"metering_mode": "高供低计"}, "metering_mode", "不符", "380V 供电不能采用高供低计"),
    ({"ct_ratio": ""}, "ct", "不符", "超过直接接入的 60 A"),
    ({"ct_ratio": "100/5"}, "ct", "不符", "负荷超过互感器额定电流"),
    ({"ct_ratio": "300/5"}, "ct", "提示", "不到 60 %"),
    ({"ct_ratio": "750/5"}, "ct", "不符", "低于下限 20 %"),
    ({"ct_ratio": "500/5", "ct_accuracy": "0.5"}, "ct", "不符", "低于下限 30 %"),
    ({"meter_accuracy": "2.0"}, "metering_class", "不符", "应不低于 1 级"),
    ({"power_factor_standard": "0.90"}, "power_factor", "提示", "应为 不考核"),
    ({"price_class": "工商业（两部制）"}, "tariff", "提示", "两部制的容量界限"),
    ({"important_level": "二级"}, "sources", "不符", "需要 2 路电源"),
    ({"important_level": "二级"}, "own_source", "不符", "写明保安负荷"),
    ({"emergency_load_kw": "100", "own_generator_kw": "110", "own_interlock": "机械"}, "own_source", "提示", "110 %"),
    ({"emergency_load_kw": "100", "own_generator_kw": "130"}, "own_source", "不符", "闭锁"),
    ({"industry_code": "C3011"}, "high_energy", "不符", "错峰、节能审查"),
    ({"industry_code": "C3011", "scheme_attachments": "错峰用电方案"}, "high_energy", "不符", "还缺：节能审查"),
    ({"industry_code": "C3011", "scheme_attachments": "错峰用电方案、节能审查意见"}, "high_energy", "通过", "附件齐全"),
    ({"survey_ready": "不具备供电条件", "survey_result": "公变满载"}, "survey", "不符", "公变满载"),
])
def test_what_a_low_voltage_scheme_gets_wrong_is_named_with_its_figures(
        said: Any, change: dict[str, Any], rule: str, result: str, word: str) -> None:
    verdict = said(LOW | change)[rule]
    assert (verdict.result, word in verdict.why) == (result, True), verdict.why


@pytest.mark.parametrize(("change", "rule", "result", "word"), [
    ({"scheme_capacity_kva": "30", "loads": [], "transformers": [{"kva": "30"}]}, "voltage", "不符", "50 至 10000"),
    ({"scheme_capacity_kva": "6000", "voltage": "35kV"}, "voltage", "提示", "10kV"),
    ({"transformers": [{"kva": "750"}]}, "transformer", "不符", "不是标准容量"),
    ({"transformers": [{"kva": "1600"}]}, "transformer", "提示", "油浸变压器 1600 kVA 超过 1250 kVA"),
    ({"scheme_capacity_kva": "630"}, "oversize", "提示", "没有余量"),
    ({"scheme_capacity_kva": "1000"}, "oversize", "提示", "偏大"),
    ({"metering_mode": "高供低计", "ct_ratio": "1000/5"}, "metering_mode", "不符", "超过 315 kVA"),
    ({"ct_ratio": ""}, "ct", "不符", "高压供电的计量应配电流互感器"),
    ({"pt_accuracy": "1"}, "metering_class", "不符", "电压互感器"),
    ({"important_level": "一级", "sources": [{"station": "甲变"}, {"station": "甲变"}]}, "sources", "不符", "1 座"),
    ({"important_level": "一级", "sources": [{"station": "甲变"}, {"station": "乙变"}]}, "sources", "通过", "2 座"),
])
def test_what_a_high_voltage_scheme_gets_wrong_is_named_with_its_figures(
        said: Any, change: dict[str, Any], rule: str, result: str, word: str) -> None:
    verdict = said(HIGH | change)[rule]
    assert (verdict.result, word in verdict.why) == (result, True), verdict.why


TEN = {"voltage": "10kV", "usage_nature": "工商业"}
LIMITS: list[tuple[str, dict[str, Any], str]] = [
    # 供电电压
    ("voltage", {"voltage": "220V", "scheme_capacity_kw": "12", "phases": "单相"}, "通过"),
    ("voltage", {"voltage": "220V", "scheme_capacity_kw": "12.1", "phases": "单相"}, "不符"),
    ("voltage", {"voltage": "380V", "scheme_capacity_kw": "12", "phases": "单相"}, "提示"),
    ("voltage", {"voltage": "380V", "scheme_capacity_kw": "12.1", "phases": "单相"}, "通过"),
    ("voltage", {"voltage": "380V", "scheme_capacity_kw": "160"}, "通过"),
    ("voltage", {"voltage": "380V", "scheme_capacity_kw": "160.1"}, "不符"),
    ("voltage", {**TEN, "scheme_capacity_kva": "49"}, "不符"),
    ("voltage", {**TEN, "scheme_capacity_kva": "50"}, "提示"),  # 380 V would do
    ("voltage", {**TEN, "scheme_capacity_kva": "177"}, "提示"),
    ("voltage", {**TEN, "scheme_capacity_kva": "178"}, "通过"),
    ("voltage", {**TEN, "scheme_capacity_kva": "10000"}, "通过"),
    ("voltage", {**TEN, "scheme_capacity_kva": "10001"}, "提示"),
    ("voltage", {**TEN, "scheme_capacity_kva": "15000", "voltage_reason": "附近没有 35 千伏电源"}, "通过"),
    ("voltage", {**TEN, "scheme_capacity_kva": "15001"}, "不符"),
    ("voltage", {"voltage": "35kV", "scheme_capacity_kva": "4999"}, "不符"),
    ("voltage", {"voltage": "35kV", "scheme_capacity_kva": "10000"}, "提示"),
    ("voltage", {"voltage": "35kV", "scheme_capacity_kva": "10000", "voltage_reason": "客户规划二期"}, "通过"),
    ("voltage", {"voltage": "35kV", "scheme_capacity_kva": "10001"}, "通过"),
    ("voltage", {"voltage": "110kV", "scheme_capacity_kva": "100001"}, "不符"),
    # 变压器
    ("transformer", {**TEN, "transformers": [{"kva": "1250", "model": "S20-1250/10"}]}, "通过"),
    ("transformer", {**TEN, "transformers": [{"kva": "1600", "model": "S20-1600/10"}]}, "提示"),
    ("transformer", {**TEN, "transformers": [{"kva": "2000", "model": "SCB14-2000/10"}]}, "通过"),
    ("transformer", {**TEN, "transformers": [{"kva": "2500", "model": "SCB14-2500/10"}]}, "提示"),
    ("transformer", {**TEN, "transformers": [{"kva": "30"}]}, "通过"),
    ("transformer", {**TEN, "transformers": [{"kva": "31"}]}, "不符"),
    # 容量与负荷
    ("oversize", LOW | {"scheme_capacity_kw": "79.9"}, "不符"),
    ("oversize", LOW | {"scheme_capacity_kw": "80"}, "通过"),
    ("oversize", LOW | {"scheme_capacity_kw": "120"}, "通过"),
    ("oversize", LOW | {"scheme_capacity_kw": "120.1"}, "提示"),
    ("oversize", HIGH | {"scheme_capacity_kva": "539"}, "不符"),  # 600 kVA of load
    ("oversize", HIGH | {"scheme_capacity_kva": "540"}, "提示"),
    ("oversize", HIGH | {"scheme_capacity_kva": "749"}, "提示"),
    ("oversize", HIGH | {"scheme_capacity_kva": "750"}, "通过"),
    ("oversize", HIGH | {"scheme_capacity_kva": "857"}, "通过"),
    ("oversize", HIGH | {"scheme_capacity_kva": "858"}, "提示"),
    # 计量方式、计量精度
    ("metering_mode", {**TEN, "metering_mode": "高供低计", "scheme_capacity_kva": "315"}, "通过"),
    ("metering_mode", {**TEN, "metering_mode": "高供低计", "scheme_capacity_kva": "316"}, "不符"),
    ("metering_mode", {**TEN, "metering_mode": "低供低计", "scheme_capacity_kva": "80"}, "不符"),
    ("metering_class", {**TEN, "metering_mode": "高供高计", "meter_accuracy": "0.5S", "ct_accuracy": "0.5S",
                        "pt_accuracy": "0.5"}, "通过"),
    ("metering_class", {**TEN, "metering_mode": "高供高计", "meter_accuracy": "1"}, "不符"),
    ("metering_class", {**TEN, "metering_mode": "高供高计", "ct_accuracy": "0.5"}, "不符"),
    ("metering_class", {"voltage": "110kV", "ct_accuracy": "0.2"}, "不符"),
    ("metering_class", {"voltage": "220kV", "meter_accuracy": "0.2S"}, "通过"),
    ("metering_class", {"voltage": "220V", "meter_accuracy": "2"}, "通过"),
    # 电流互感器：60 A 直接接入；220 V 到 12 kW 为止
    ("ct", {"voltage": "220V", "metering_mode": "低供低计", "scheme_capacity_kw": "12"}, "通过"),  # 57.4 A
    ("ct", {"voltage": "220V", "metering_mode": "低供低计", "scheme_capacity_kw": "12.6"}, "不符"),  # 60.3 A
    ("ct", LOW | {"ct_ratio": "", "loads": [{"total_kw": "35.5", "phases": "三相"}]}, "通过"),  # 59.9 A
    ("ct", LOW | {"ct_ratio": "", "loads": [{"total_kw": "35.6", "phases": "三相"}]}, "不符"),  # 60.1 A
    ("ct", LOW | {"ct_ratio": "200/5", "loads": [{"total_kw": "71.1"}]}, "通过"),  # 60 % of 200 A
    ("ct", LOW | {"ct_ratio": "200/5", "loads": [{"total_kw": "71"}]}, "提示"),
    ("ct", LOW | {"ct_ratio": "200/5", "loads": [{"total_kw": "23.7"}]}, "提示"),  # 20 % of an S class
    ("ct", LOW | {"ct_ratio": "200/5", "loads": [{"total_kw": "23.6"}]}, "不符"),
    ("ct", LOW | {"ct_ratio": "200/5", "ct_accuracy": "0.5", "loads": [{"total_kw": "35.6"}]}, "提示"),  # 30 %
    ("ct", LOW | {"ct_ratio": "200/5", "ct_accuracy": "0.5", "loads": [{"total_kw": "35.5"}]}, "不符"),
    # 综合倍率
    ("multiplier", HIGH | {"ct_ratio": "40/5", "pt_ratio": "10000/100", "multiplier": "800"}, "通过"),
    ("multiplier", HIGH | {"ct_ratio": "40/5", "pt_ratio": "10000/100", "multiplier": "8"}, "不符"),
    ("multiplier", LOW | {"multiplier": "30"}, "通过"),
    ("multiplier", LOW | {"multiplier": "30", "meters": [{"ct_ratio": "400/5", "multiplier": "8"}]}, "不符"),
    # 功率因数标准
    ("power_factor", {**TEN, "scheme_capacity_kva": "160", "power_factor_standard": "0.85"}, "通过"),
    ("power_factor", {**TEN, "scheme_capacity_kva": "161", "power_factor_standard": "0.85"}, "提示"),
    ("power_factor", {**TEN, "scheme_capacity_kva": "161", "power_factor_standard": "0.90"}, "通过"),
    ("power_factor", LOW | {"scheme_capacity_kw": "99.9", "power_factor_standard": "不考核"}, "通过"),
    ("power_factor", LOW | {"scheme_capacity_kw": "100", "power_factor_standard": "不考核"}, "提示"),
    ("power_factor", LOW | {"scheme_capacity_kw": "100", "power_factor_standard": "0.85"}, "通过"),
    ("power_factor", LOW | {"usage_nature": "农业生产", "scheme_capacity_kw": "100",
                            "power_factor_standard": "0.80"}, "通过"),
    # 两部制
    ("tariff", {**TEN, "scheme_capacity_kva": "314", "price_class": "工商业（单一制）"}, "通过"),
    ("tariff", {**TEN, "scheme_capacity_kva": "315", "price_class": "工商业（单一制）"}, "提示"),
    ("tariff", {**TEN, "scheme_capacity_kva": "100", "price_class": "工商业（两部制）"}, "提示"),
    ("tariff", {**TEN, "scheme_capacity_kva": "101", "price_class": "工商业（两部制）"}, "通过"),
    # 重要用户
    ("sources", {**TEN, "important_level": "特级", "sources": [{"station": "甲"}, {"station": "乙"}]}, "不符"),
    ("sources", {**TEN, "important_level": "特级",
                 "sources": [{"station": "甲"}, {"station": "甲"}, {"station": "乙"}]}, "通过"),
    ("sources", {**TEN, "important_level": "一级", "sources": [{"station": "甲"}, {"station": "甲"}]}, "不符"),
    ("sources", {**TEN, "important_level": "二级", "sources": [{"station": "甲"}, {"station": "甲"}]}, "通过"),
    ("sources", {**TEN, "important_level": "二级", "sources": [{"station": "甲"}]}, "不符"),
    ("own_source", {"important_level": "二级", "emergency_load_kw": "100", "own_generator_kw": "119.99",
                    "own_interlock": "机械"}, "不符"),
    ("own_source", {"important_level": "二级", "emergency_load_kw": "100", "own_generator_kw": "120",
                    "own_interlock": "机械"}, "通过"),
    ("emergency_load", HIGH | {"emergency_load_kw": "540"}, "通过"),
    ("emergency_load", HIGH | {"emergency_load_kw": "540.1"}, "不符"),
    ("emergency_load", {**TEN, "scheme_capacity_kva": "630", "emergency_load_kw": "630"}, "通过"),
    ("emergency_load", {**TEN, "scheme_capacity_kva": "630", "emergency_load_kw": "631"}, "不符"),
    # 高耗能
    *(("high_energy", {"industry_code": f"C{code}11", "scheme_attachments": "错峰用电方案"}, "不符")
      for code in (25, 26, 30, 31, 32)),
    ("high_energy", {"industry_code": "D4411"}, "不符"),
]


BARE = re.compile(r"(?:容量|负荷|电流|额定|电源|合计|[、，])\s*\d+(?:\.\d+)?\s*(?![\d.\skVAW%倍路座台安/×=级])")


@pytest.mark.parametrize(("rule", "known", "result"), LIMITS)
def test_at_its_limit_a_rule_turns_and_says_figures_with_units_basis_and_mark(
        said: Any, rule: str, known: dict[str, Any], result: str) -> None:
    verdict = said(known)[rule]
    assert verdict.result == result, verdict.why
    assert verdict.basis and verdict.mark in ("已核验", "待核验")
    bare = BARE.search(verdict.why)
    assert bare is None, f"a figure without its unit: {verdict.why}"


def test_a_scheme_whose_transformers_do_not_make_up_its_capacity_is_told_before_any_contract(said: Any) -> None:
    units = [{"count": "1", "kva": "400"}, {"count": "2", "kva": "250"}]
    found = said(HIGH | {"transformers": units})["capacity_sum"]
    assert (found.result, found.field) == (Result.FAILED, "scheme_capacity_kva")
    assert "合计 900 kVA，受电总容量 800 kVA" in found.why and found.basis
    assert said(HIGH | {"transformers": units, "scheme_capacity_kva": "900"})["capacity_sum"].result == Result.PASSED
    assert "capacity_sum" not in said(HIGH)  # nobody said how many


def test_an_industry_that_is_not_among_the_six_is_not_asked_for_more(said: Any) -> None:
    assert "high_energy" not in said({"industry_code": "C2711"})
    assert "high_energy" not in said({"industry_code": "C3311"})


def test_a_release_without_a_ground_does_not_make_its_check(catalog: Any) -> None:
    former = replace(catalog.schemes.on(TODAY), grounds=())
    found = verdicts(HIGH | {"emergency_load_kw": "900", "multiplier": "7"}, former, catalog.voltages)
    assert not {"emergency_load", "multiplier"} & {each.rule for each in found}


def test_a_rule_without_its_facts_keeps_silent(said: Any) -> None:
    assert said({}) == {} and worst(()) == Result.PASSED


def test_a_figure_that_is_no_longer_in_force_is_not_used(catalog: Any) -> None:
    rules = catalog.schemes
    ended = [replace(row, basis=replace(row.basis, until=date(2026, 1, 31))) if row.id == "two_part_kva" else row
             for row in rules.thresholds]
    later = replace(rules.threshold("two_part_kva"), value=Decimal(400),
                    basis=replace(rules.threshold("two_part_kva").basis, effective=date(2026, 2, 1)))
    changed = replace(rules, thresholds=(*ended, later))
    assert changed.on(date(2026, 1, 31)).figure("two_part_kva") == 315
    assert changed.on(date(2026, 2, 1)).figure("two_part_kva") == 400
    assert changed.on(date(1990, 1, 1)).figure("two_part_kva") == 315


def proposed(known: dict[str, Any], catalog: Any) -> dict[str, Any]:
    return {p.field: p.value for p in proposal(known, catalog.schemes.on(TODAY), catalog.voltages)}


def test_eighty_kilowatts_are_proposed_at_380_volts_with_150_to_5(catalog: Any) -> None:
    found = proposed({"loads": LOW["loads"], "usage_nature": "工商业"}, catalog)
    assert (found["voltage"], found["metering_mode"], found["ct_ratio"], found["multiplier"]) == (
        "380V", "低供低计", "150/5", "30")
    assert found["power_factor_standard"] == "不考核"


def test_a_small_single_phase_load_needs_220_volts_and_no_current_transformer(catalog: Any) -> None:
    found = proposed({"loads": [{"name": "照明", "total_kw": "6", "phases": "单相"}]}, catalog)
    assert (found["voltage"], found["phases"]) == ("220V", "单相") and "ct_ratio" not in found


def test_fifteen_hundred_kilowatts_are_proposed_two_standard_units_at_10_kv(catalog: Any) -> None:
    found = proposed({"loads": [{"name": "窑炉", "total_kw": "1500"}], "usage_nature": "工商业"}, catalog)
    assert found["voltage"] == "10kV" and found["scheme_capacity_kva"] == "2500"
    assert found["transformers"] == [{"count": "2", "kva": "1250", "state": "运行"}]
    assert (found["metering_mode"], found["ct_ratio"], found["pt_ratio"]) == ("高供高计", "100/5", "10000/100")
    assert found["power_factor_standard"] == "0.90"


def test_an_application_at_ten_kilovolts_keeps_it_though_a_lower_voltage_would_carry_its_load(catalog: Any) -> None:
    known = {"voltage": "10kV", "capacity_kva": "250", "loads": [{"name": "水泵", "total_kw": "120", "phases": "三相"}]}
    found = {p.field: p for p in proposal(known, catalog.schemes.on(TODAY), catalog.voltages)}
    assert found["voltage"].value == "10kV" and found["metering_mode"].value == "高供低计"
    assert "低压 380V 也带得动，客户愿意的另办低压业务" in found["voltage"].why
    low = proposed({"voltage": "380V", "loads": [{"name": "窑炉", "total_kw": "400", "phases": "三相"}]}, catalog)
    assert "voltage" not in low and low["metering_mode"] == "低供低计"  # what it needs is told by the checks


def test_nothing_is_proposed_of_an_unknown_load(catalog: Any) -> None:
    assert proposed({"voltage": "380V"}, catalog) == {}


sizes = st.decimals(Decimal("0.1"), Decimal(3000), places=1)


@given(kva=sizes)
def test_the_chosen_current_transformer_is_the_smallest_that_carries_the_load(catalog: Any, kva: Decimal) -> None:
    amps, series = current(kva, Decimal(380)), catalog.schemes.on(TODAY).ct.values
    chosen = ct_for(amps, series)
    if chosen is None:
        assert amps > series[-1]
        return
    assert amps <= chosen and not [step for step in series if amps <= step < chosen]
    assert amps < 5 or amps / chosen > Decimal("0.49")


@given(kva=sizes)
def test_the_chosen_transformers_carry_the_load_with_the_fewest_standard_units(catalog: Any, kva: Decimal) -> None:
    series = catalog.schemes.on(TODAY).transformers("10kV").values
    count, size = transformers_for(kva, series, Decimal(1250), Decimal("0.8"))
    assert size in series and size <= 1250
    assert count * size * Decimal("0.8") >= kva
    assert count == 1 or (count - 1) * 1250 * Decimal("0.8") < kva
    smaller = [step for step in series if step < size]
    assert not smaller or count * smaller[-1] * Decimal("0.8") < kva


NUMBERS = ("ct_ratio", "pt_ratio", "multiplier", "scheme_capacity_kva", "scheme_capacity_kw", "power_factor_target",
           "demand_factor", "emergency_load_kw", "own_generator_kw")


@given(base=st.sampled_from([LOW, HIGH]), name=st.sampled_from(NUMBERS),
       typed=st.sampled_from(["0", "0/5", "5/0", "/", "-5", "1e309", "NaN", "9" * 26, "0.00001", "１２", "字"]))
def test_a_number_that_its_field_refuses_weighs_nothing_while_it_is_typed(
        catalog: Any, base: dict[str, Any], name: str, typed: str) -> None:
    rules = catalog.schemes.on(TODAY)
    without = verdicts({key: value for key, value in base.items() if key != name}, rules, catalog.voltages)
    found = verdicts(base | {name: typed}, rules, catalog.voltages)
    assert found == without or fault(FIELDS[name], typed) is None


@given(kw=st.decimals(Decimal(1), Decimal(90_000), places=0))
def test_a_proposed_scheme_never_fails_its_own_rules(catalog: Any, kw: Decimal) -> None:
    rules = catalog.schemes.on(TODAY)
    known: dict[str, Any] = {"loads": [{"name": "设备", "total_kw": str(kw)}], "usage_nature": "工商业"}
    known |= {p.field: p.value for p in proposal(known, rules, catalog.voltages)}
    failed = [v.why for v in verdicts(known, rules, catalog.voltages) if v.result == Result.FAILED]
    assert failed == []


@given(kw=sizes, factor=st.sampled_from(["", "0.5", "1"]))
def test_the_computed_load_is_the_listed_equipment_times_its_factor(catalog: Any, kw: Decimal, factor: str) -> None:
    load = load_of({"loads": [{"total_kw": str(kw)}], "demand_factor": factor}, catalog.schemes.on(TODAY))
    assert load is not None and load.kw == kw * Decimal(factor or "1") and load.kva > load.kw


def test_where_two_voltages_fit_the_lower_stands_first(catalog: Any) -> None:
    assert voltages_for(Decimal(5400), Decimal(6000), False, catalog.voltages) == ("10kV", "35kV")


def test_a_share_is_rounded_but_never_over_to_the_other_side_of_its_limit() -> None:
    assert share(Decimal(150), Decimal(90), Decimal(120)) == "166.7"
    assert share(Decimal("119.96"), Decimal(100), Decimal(120)) == "119.9"
    assert share(Decimal("79.96"), Decimal(100)) == "80"


def test_what_exceeds_its_limit_by_a_hair_is_not_told_as_the_limit() -> None:
    assert share(Decimal("80.003"), Decimal(100), Decimal(80)) == "80.003"
    assert share(Decimal(80), Decimal(100), Decimal(80)) == "80"
    assert share(Decimal("79.99"), Decimal(100), Decimal(80)) == "79.9"


@pytest.mark.parametrize("kw", ["61", "67", "73", "79", "83", "89"])
def test_the_proposed_current_transformer_is_told_with_the_figure_that_it_is_weighed_by(
        catalog: Any, said: Any, kw: str) -> None:
    known = LOW | {"loads": [{"name": "冷库压缩机", "total_kw": kw, "phases": "三相"}]}
    (made,) = [p for p in proposal(known, catalog.schemes.on(TODAY), catalog.voltages) if p.field == "ct_ratio"]
    assert made.why.rpartition("占一次额定 ")[2] in said(known | {"ct_ratio": made.value})["ct"].why
