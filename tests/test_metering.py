"""Meters: the multiplier that transformers make, and one serial in one place only."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trade import CUSTOMER, OURS, accepted_case, approved, done, stage_facts

from desktop.domain.metering import multiplier, multiplier_fault, works
from desktop.errors import Refusal
from desktop.usecases.casework import case_row, record
from desktop.usecases.closing import alive
from desktop.usecases.contracting import draw_up, print_contract
from desktop.usecases.desk import Desk
from desktop.usecases.metering import meter_history, meters_of
from desktop.usecases.signing import sign_customer, sign_ours, void


def ready(hall: Desk, name: str, **scheme: str) -> str:
    """A case that waits for its meters."""
    number = accepted_case(hall, customer_name=name).case_number
    done(hall, number, "S04", facts={"customer_works": "无", **scheme})
    key = draw_up(hall, number).row.key
    print_contract(hall, key)
    sign_customer(hall, key, CUSTOMER, hall.today)
    sign_ours(hall, key, OURS, hall.today)
    done(hall, number, "S11")
    return number


@pytest.fixture
def open_hall(hall: Desk) -> Desk:
    approved(hall)
    return hall


def hang(hall: Desk, number: str, serial: str, **said: object) -> None:
    facts = {**stage_facts(hall, "S13"), "meter_number": serial, "meter_reading": "12.5", **said}
    record(hall, number, "S13", "done", facts)


@given(st.integers(1, 2000), st.integers(1, 10), st.integers(1, 400))
def test_the_multiplier_is_what_both_transformers_make(times: int, second: int, volts: int) -> None:
    assert multiplier(f"{times * second}/{second}", f"{volts * 100}/100") == times * volts
    assert multiplier("", "") == 1


@pytest.mark.parametrize("wrong", ["150", "150:5", "0/5", "150/0", "五/5", "-150/5"])
def test_a_ratio_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(Refusal, match="一次/二次"):
        multiplier(wrong, "")


def test_a_stated_multiplier_that_the_ratios_do_not_make_is_told_with_both_figures() -> None:
    assert multiplier_fault("30", "150/5", "") is None and multiplier_fault("", "150/5", "") is None
    told = multiplier_fault("40", "150/5", "10000/100")
    assert told and "40" in told and "3000" in told


def test_a_meter_hangs_with_the_ratios_of_its_scheme_and_the_reading_it_began_with(open_hall: Desk) -> None:
    number = ready(open_hall, "甲户", ct_ratio="200/5", multiplier="40")
    hang(open_hall, number, "6300000000000000000101", meter_seal="FY1、FY2")
    (meter,) = meters_of(open_hall, number)
    assert (meter.ct_ratio, meter.multiplier, meter.start_reading) == ("200/5", Decimal(40), Decimal("12.5"))
    assert (meter.seal, meter.case, meter.removed_on) == ("FY1、FY2", number, None)


def test_a_serial_that_hangs_elsewhere_is_refused_naming_where(open_hall: Desk) -> None:
    first, second = ready(open_hall, "甲户"), ready(open_hall, "乙户")
    hang(open_hall, first, "6300000000000000000102")
    with pytest.raises(Refusal, match=f"“甲户”（工单 {first}.*一只表只能挂在一处"):
        hang(open_hall, second, " 63000000000000 00000102 ".replace(" ", ""))
    assert meters_of(open_hall, second) == ()
    hang(open_hall, second, "6300000000000000000103")


def test_a_meter_that_was_taken_down_may_hang_elsewhere_and_both_places_stay_known(open_hall: Desk) -> None:
    first, second = ready(open_hall, "甲户"), ready(open_hall, "乙户")
    hang(open_hall, first, "OLD1")
    record(open_hall, first, "S14", "sent_back", {"to": "S13", "reason": "表计故障，换表"})
    hang(open_hall, first, "NEW1", mountings=[{"act": "拆", "number": "old1", "reading": "20.5"}])
    hang(open_hall, second, "OLD1")
    places = meter_history(open_hall, "old1")
    assert [(each.case, each.end_reading) for each in places] == [(first, Decimal("20.5")), (second, None)]
    assert places[0].used == Decimal("8.0") * places[0].multiplier


def test_a_meter_that_does_not_hang_here_is_not_taken_down(open_hall: Desk) -> None:
    number = ready(open_hall, "甲户")
    with pytest.raises(Refusal, match="没有登记挂在这一户"):
        hang(open_hall, number, "NEW2", mountings=[{"act": "拆", "number": "NEVER", "reading": "1"}])
    assert meters_of(open_hall, number) == ()


def test_a_reading_below_the_first_one_is_asked_about(open_hall: Desk) -> None:
    number = ready(open_hall, "甲户")
    hang(open_hall, number, "OLD2")
    record(open_hall, number, "S14", "sent_back", {"to": "S13", "reason": "换表"})
    with pytest.raises(Refusal, match=r"拆表示数 3 小于装表示数 12\.5"):
        hang(open_hall, number, "NEW3", mountings=[{"act": "拆", "number": "OLD2", "reading": "3"}])


def test_a_case_that_is_ended_leaves_no_meter_hanging(open_hall: Desk) -> None:
    number = ready(open_hall, "甲户")
    hang(open_hall, number, "OLD3")
    with open_hall.db.read() as session:
        key = alive(session, case_row(session, number))[0].key
    void(open_hall, key, "客户不办了")
    record(open_hall, number, "S12", "ended", {"reason": "客户撤销"})
    assert [meter.removal_reason for meter in meters_of(open_hall, number)] == ["工单终止"]


def test_rows_of_meters_are_checked_line_by_line() -> None:
    rows = [{"act": "装", "number": "A1"}, {"act": "挂", "number": "A2", "reading": "1"},
            {"act": "装", "number": "A3", "reading": "0", "ct_ratio": "100/5", "multiplier": "30"}]
    with pytest.raises(Refusal) as no:
        works({"mountings": rows}, {})
    told = [lack.sentence for lack in no.value.missing]
    assert ["第 1 行" in told[0], "第 2 行" in told[1], "第 3 行" in told[2]] == [True, True, True]
    with pytest.raises(Refusal, match="有填错"):
        works({"meter_number": "A1", "meter_reading": "0", "mountings": [
            {"act": "装", "number": "a1", "reading": "0"}]}, {})


def test_a_serial_that_nobody_hung_is_unknown(open_hall: Desk) -> None:
    with pytest.raises(Refusal, match="没有登记过"):
        meter_history(open_hall, "NEVER")
