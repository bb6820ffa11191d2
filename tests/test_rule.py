"""The rules of changes of use: spans counted as the trade counts them, and rows held to their checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.catalog.release import load_catalog
from desktop.domain.basis import Basis
from desktop.domain.hold import REDUCED, SUSPENDED, Hold, Length, length, running, summed, year_total
from desktop.domain.process import Rule
from desktop.domain.rule import CHECKS, Situation, broken
from desktop.domain.rule_row import faults_of
from desktop.domain.standing import OpenCase, Standing

BASIS = Basis("《示例规则》", date(2024, 6, 1), verified=True)
DAY = date(2026, 11, 23)
CALENDAR = load_catalog().calendar
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def rule(check: str, sentence: str = "不行", **settings: Any) -> Rule:
    return Rule(check, sentence, BASIS, settings=settings)


def told(one: Rule, answers: Mapping[str, Any], account: Standing | None = None) -> str:
    """The sentence where the rule is broken, else nothing."""
    return "".join(each.sentence for each in broken([one], Situation(answers, DAY, CALENDAR, account)))


def test_a_span_is_counted_with_both_its_days() -> None:
    one = rule("span_length", "{days} 天，{length}", **{"from": "hold_from", "to": "hold_until"}, least_days=15)
    assert told(one, {"hold_from": "2026-12-01", "hold_until": "2026-12-14"}).startswith("14 天，14 天")
    assert told(one, {"hold_from": "2026-12-01", "hold_until": "2026-12-15"}) == ""


@pytest.mark.parametrize(("first", "last", "long"), [
    (date(2026, 3, 1), date(2026, 8, 31), Length(6, 0)), (date(2026, 1, 31), date(2026, 2, 28), Length(1, 0)),
    (date(2024, 2, 29), date(2026, 2, 28), Length(24, 0)), (date(2026, 12, 17), date(2026, 12, 31), Length(0, 15)),
    (date(2026, 11, 16), date(2026, 12, 31), Length(1, 16)),
])
def test_months_go_by_their_corresponding_days_and_the_rest_is_days(first: date, last: date, long: Length) -> None:
    assert length(first, last) == long


@given(days, st.integers(0, 800))
def test_a_length_is_never_shorter_or_longer_than_its_days(first: date, more: int) -> None:
    long = length(first, first + timedelta(days=more))
    assert 28 * long.months + long.days <= more + 1 <= 31 * long.months + long.days
    assert long.days <= 31


@given(st.lists(st.tuples(days, st.integers(0, 200)), max_size=5), st.integers(2024, 2028))
def test_a_years_total_lies_within_the_days_that_rest_in_it(spans: list[tuple[date, int]], year: int) -> None:
    holds = [Hold(SUSPENDED, Decimal(100), first, first + timedelta(days=more)) for first, more in spans]
    resting = {day for hold in holds for n in range((hold.until - hold.since).days + 1)  # type: ignore[operator]
               if (day := hold.since + timedelta(days=n)).year == year}
    total = year_total(holds, SUSPENDED, year, 30)
    assert 28 * total.months + total.days <= len(resting) <= 31 * total.months + total.days
    assert year_total(holds, REDUCED, year, 30) == Length(0, 0)


def test_of_days_left_over_as_many_make_a_month_as_the_rule_says() -> None:
    assert summed([Length(2, 20), Length(0, 25)], 30) == Length(3, 15)
    assert summed([Length(2, 20), Length(0, 11)], 31) == Length(3, 0)


@pytest.mark.parametrize("days", [0, 27, 32])
def test_a_month_of_no_possible_length_is_refused(days: int) -> None:
    rule = next(rule for rule in load_catalog().processes["suspend"].rules if rule.check == "year_sum")
    told = faults_of(replace(rule, settings={**rule.settings, "month_days": days}))
    assert told == f"month_days 应为 28 至 31，现为 {days}"


def test_what_runs_is_what_does_not_rest() -> None:
    holds = (Hold(SUSPENDED, Decimal(400), date(2026, 12, 1), date(2026, 12, 31)),
             Hold(REDUCED, Decimal(100), date(2026, 12, 20), date(2027, 12, 19), date(2027, 2, 1)))
    expected = {date(2026, 11, 30): 800, date(2026, 12, 1): 400, date(2026, 12, 31): 300, date(2027, 1, 1): 700,
                date(2027, 1, 31): 700, date(2027, 2, 1): 800}
    assert {day: int(running(Decimal(800), holds, day)) for day in expected} == expected


def test_a_rule_is_silent_until_it_has_its_facts() -> None:
    for name, check in CHECKS.items():
        settings: dict[str, Any] = dict.fromkeys((*check.needs, *check.may), "hold_kva") | {
            "least": 5, "least_days": 15, "most_months": 6, "most_days": 30, "most": 9, "against": "合同容量",
            "relation": "大于", "values": ["甲"], "on": "hold_from"}
        asked = {key: value for key, value in settings.items() if key in (*check.needs, *check.may)}
        if name != "filled":
            assert told(rule(name, **asked), {}) == "", name


def test_a_condition_decides_whether_a_rule_is_asked() -> None:
    one = rule("filled", field="hold_until", when={"field": "reduction", "value": "非永久性"})
    assert told(one, {"reduction": "非永久性"})
    assert told(one, {"reduction": "永久性"}) == ""


def test_what_nobody_has_verified_says_so() -> None:
    one = replace(rule("filled", field="hold_until"), basis=replace(BASIS, verified=False))
    assert told(one, {}) == "不行（依据：《示例规则》，待核验）"


def test_open_cases_are_named() -> None:
    account = Standing("63", open_cases=(OpenCase("YK1", "暂停"), OpenCase("YK2", "移表")))
    assert told(rule("no_open_case", "还有 {cases}"), {}, account).startswith("还有 YK1（暂停）、YK2（移表）")


def test_the_unit_of_the_account_decides_which_capacity_is_meant() -> None:
    one = rule("capacity", "{asked} {unit}", field=["capacity_kva", "capacity_kw"], against="合同容量", relation="大于")
    account = Standing("63", capacity=Decimal(80), unit="kW")
    assert told(one, {"capacity_kw": "60", "capacity_kva": "900"}, account).startswith("60 kW")
    assert told(one, {"capacity_kw": "100", "capacity_kva": "9"}, account) == ""


@pytest.mark.parametrize(("wrong", "said"), [
    (rule("spell", field="x"), "没有这样的检查 spell"),
    (rule("notice", field="hold_from"), "缺少 least（检查 notice 的项是 field、least）"),
    (rule("notice", field="hold_from", least=5, colour="red"), "不认识的项 colour"),
    (rule("notice", field="hold_from", least="五"), "least 应为数，现为 五"),
    (rule("capacity", field="hold_from", against="变压器容量", relation="大于"), "against 应为 合同容量"),
    (rule("notice", "{moon}", field="hold_from", least=5), "sentence 里的 {moon} 填不出来"),
    (rule("filled", field="wanted_on"), "field：这种业务没有填 wanted_on"),
    (rule("filled", field="hold_from", when={"field": "shift"}), "when：这种业务没有填 shift"),
    (rule("filled", field="hold_from", when={"value": "是"}), "when 应写成"),
    (rule("notice", "{wanted:9999999999}", field="hold_from", least=5), "填不出来"),
])
def test_a_row_that_no_check_can_be_asked_with_is_named(wrong: Rule, said: str) -> None:
    assert said in faults_of(wrong, ("hold_from",))
