"""Meters: the multiplier that transformers make, and one serial in one place only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_kinds import begun, finish
from trade import CUSTOMER, OURS, accepted_case, approved, done, full_survey, own_meter, stage_facts

from desktop.domain.metering import multiplier, multiplier_fault, works
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import case_row, record
from desktop.usecases.closing import alive
from desktop.usecases.contracting import draw_up, print_contract
from desktop.usecases.desk import Desk
from desktop.usecases.handing_over import recall
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
    asked = stage_facts(hall, "S13")
    facts = {**asked, **own_meter(asked, number), "meter_number": serial, "meter_reading": "12.5", **said}
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
    serial = "6300000000000000000102"
    hang(open_hall, first, serial)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in serial)
    for spelt in (f" {serial[:9]} {serial[9:]} ", wide, f"{serial[:4]}-{serial[4:]}", f"00{serial}"):
        with pytest.raises(Refusal, match=f"“甲户”（工单 {first}.*一只表只能挂在一处"):
            hang(open_hall, second, spelt)
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


def test_a_serial_keeps_the_zeros_of_its_meter_and_is_known_without_them(open_hall: Desk) -> None:
    first, second = ready(open_hall, "甲户"), ready(open_hall, "乙户")
    hang(open_hall, first, "00ab12")
    assert meters_of(open_hall, first)[0].serial == "00AB12"
    for spelt in ("AB12", "ａｂ１２", "0ab12", "00 AB-12"):
        assert [each.serial for each in meter_history(open_hall, spelt)] == ["00AB12"]
        with pytest.raises(Refusal, match="表号 00AB12 已挂在"):
            hang(open_hall, second, spelt)


def test_in_one_works_the_same_meter_is_not_hung_at_two_points(open_hall: Desk) -> None:
    number = ready(open_hall, "甲户")
    with pytest.raises(Refusal, match="有填错") as no:
        hang(open_hall, number, "0077", mountings=[{"act": "装", "number": "77", "reading": "0", "point": "2#计量点"}])
    assert "写了两次" in no.value.missing[0].sentence


def test_several_metering_points_hang_each_its_own_meter_with_its_own_multiplier(open_hall: Desk) -> None:
    number = ready(open_hall, "甲户", ct_ratio="200/5", multiplier="40")
    hang(open_hall, number, "M1", mountings=[
        {"act": "装", "number": "M2", "reading": "3", "point": "2#计量点", "ct_ratio": "100/5", "multiplier": "20"},
        {"act": "装", "number": "M3", "reading": "0", "point": "照明"}])
    assert [(each.serial, each.multiplier) for each in meters_of(open_hall, number)] == [
        ("M1", Decimal(40)), ("M2", Decimal(20)), ("M3", Decimal(1))]


def test_of_two_counters_at_once_only_the_first_hangs_the_meter(open_hall: Desk) -> None:
    first, second = ready(open_hall, "甲户"), ready(open_hall, "乙户")

    def at(number: str) -> str:
        try:
            hang(open_hall, number, "RACE1" if number == first else "0race1")
        except Refusal as refusal:
            return refusal.sentence
        return ""

    with ThreadPoolExecutor(2) as counters:
        told = list(counters.map(at, (first, second)))
    assert sorted(bool(each) for each in told) == [False, True]
    assert "一只表只能挂在一处" in "".join(told)
    assert len([each for number in (first, second) for each in meters_of(open_hall, number)]) == 1


def test_a_meter_swapped_and_hung_again_at_its_old_place_has_a_row_for_each_time(open_hall: Desk) -> None:
    number = ready(open_hall, "甲户")
    hang(open_hall, number, "OLD9")
    record(open_hall, number, "S14", "sent_back", {"to": "S13", "reason": "校验，换表"})
    hang(open_hall, number, "NEW9", mountings=[{"act": "拆", "number": "OLD9", "reading": "20"}])
    record(open_hall, number, "S14", "sent_back", {"to": "S13", "reason": "校验合格，装回"})
    hang(open_hall, number, "old9", meter_reading="20", mountings=[{"act": "拆", "number": "NEW9", "reading": "15"}])
    assert [(each.serial, each.start_reading, each.end_reading) for each in meters_of(open_hall, number)] == [
        ("OLD9", Decimal("12.5"), Decimal(20)), ("NEW9", Decimal("12.5"), Decimal(15)), ("OLD9", Decimal(20), None)]


# --- instrument transformers


def test_a_transformer_that_is_at_another_account_is_refused_naming_where(open_hall: Desk) -> None:
    first, second = ready(open_hall, "甲户"), ready(open_hall, "乙户")
    hang(open_hall, first, "A1", ct_numbers="CT0001、CT0002、CT0003", pt_numbers="PT0001")
    for name, said in (("ct_numbers", "CT0009, ct-0002"), ("pt_numbers", "ＰＴ０００１"), ("pt_numbers", "CT0003")):
        with pytest.raises(Refusal, match=f"已装在“甲户”（工单 {first}.*一只互感器只能装在一处") as refused:
            hang(open_hall, second, "A2", **{"ct_numbers": "", "pt_numbers": "", name: said})
        assert refused.value.field == name
    hang(open_hall, second, "A2", ct_numbers="CT0009", pt_numbers="")
    assert case(open_hall, second).state.stage("S13").state == "完成"


@pytest.mark.parametrize(("ct", "pt", "why"), [
    ("CT1、CT2 CT1", "", "写了两次"), ("CT1", "CT2；ct1", "既写成电流互感器又写成电压互感器")])
def test_in_one_works_a_transformer_is_written_once(open_hall: Desk, ct: str, pt: str, why: str) -> None:
    number = ready(open_hall, "甲户")
    with pytest.raises(Refusal, match=why):
        hang(open_hall, number, "A1", ct_numbers=ct, pt_numbers=pt)
    assert meters_of(open_hall, number) == ()  # nothing of it was kept


def test_a_transformer_is_free_once_its_case_came_to_nothing_or_the_works_name_others(open_hall: Desk) -> None:
    first, second, third = (ready(open_hall, name) for name in ("甲户", "乙户", "丙户"))
    hang(open_hall, first, "A1", ct_numbers="CT1、CT2", pt_numbers="")
    record(open_hall, first, "S14", "sent_back", {"to": "S13", "reason": "补正"})
    hang(open_hall, first, "A1", ct_numbers="CT1、CT3", pt_numbers="")
    hang(open_hall, second, "A2", ct_numbers="CT2", pt_numbers="")
    with open_hall.db.read() as session:
        keys = [row.key for row in alive(session, case_row(session, second))]
    for key in keys:
        void(open_hall, key, "客户撤销")
    record(open_hall, second, "S14", "ended", {"reason": "客户撤销"})
    hang(open_hall, third, "A3", ct_numbers="CT2", pt_numbers="")
    with pytest.raises(Refusal, match="已装在“甲户”"):
        fourth = ready(open_hall, "丁户")
        hang(open_hall, fourth, "A4", ct_numbers="CT3", pt_numbers="")


def test_a_recalled_hanging_never_was(open_hall: Desk, clock: Any) -> None:
    first, second = ready(open_hall, "甲户"), ready(open_hall, "乙户")
    clock.forward(minutes=1)
    hang(open_hall, first, "A1", ct_numbers="CT1", pt_numbers="")
    recall(open_hall, first, "S13", "错录")
    hang(open_hall, second, "A2", ct_numbers="CT1", pt_numbers="")
    with pytest.raises(Refusal, match="已装在“乙户”"):
        hang(open_hall, first, "A1", ct_numbers="CT1", pt_numbers="")


def test_the_days_of_a_meter_at_two_places_share_none(open_hall: Desk, clock: Any) -> None:
    first, second = ready(open_hall, "甲户"), ready(open_hall, "乙户")
    clock.forward(days=2)
    hang(open_hall, first, "OLD1")
    clock.forward(days=3)
    record(open_hall, first, "S14", "sent_back", {"to": "S13", "reason": "表计故障，换表"})
    hang(open_hall, first, "NEW1", mountings=[{"act": "拆", "number": "old1", "reading": "20.5"}])
    facts = {**stage_facts(open_hall, "S13"), **own_meter(stage_facts(open_hall, "S13"), second),
             "meter_number": "OLD1", "meter_reading": "20.5"}
    before = open_hall.today - timedelta(days=1)
    with pytest.raises(Refusal, match=r"2026-11-28 才从“甲户”.*拆下"):
        record(open_hall, second, "S13", "done", {**facts, "installed_on": str(before)}, claimed_on=before)
    record(open_hall, second, "S13", "done", facts)
    assert [(str(each.installed_on), str(each.removed_on)) for each in meter_history(open_hall, "OLD1")] == [
        ("2026-11-25", "2026-11-28"), ("2026-11-28", "None")]


def test_a_meter_hangs_since_the_day_of_its_works_whenever_that_is_entered(open_hall: Desk, clock: Any) -> None:
    first, second = ready(open_hall, "甲户"), ready(open_hall, "乙户")
    days = [str(open_hall.today + timedelta(days=ahead)) for ahead in range(1, 5)]
    clock.forward(days=10)
    hang(open_hall, first, "OLD1", installed_on=days[1])
    record(open_hall, first, "S14", "sent_back", {"to": "S13", "reason": "装表日期记错"})
    hang(open_hall, first, "OLD1", installed_on=days[0])
    record(open_hall, first, "S14", "sent_back", {"to": "S13", "reason": "表计故障，换表"})
    down = [{"act": "拆", "number": "OLD1", "reading": "20.5"}]
    hang(open_hall, first, "NEW1", mountings=down, installed_on=days[2])
    hang(open_hall, second, "OLD1", meter_reading="20.5", installed_on=days[3])
    assert [(str(each.installed_on), str(each.removed_on)) for each in meter_history(open_hall, "OLD1")] == [
        (days[1], days[1]), (days[0], days[2]), (days[3], "None")]


def test_a_moved_meter_hangs_at_its_new_point_and_ends_at_the_old_one_with_its_reading(
        open_hall: Desk, clock: Any) -> None:
    supplied = begun(open_hall, open_hall.catalog.processes["low_voltage_new"])
    finish(open_hall, clock, supplied)
    view, (meter,) = case(open_hall, supplied), meters_of(open_hall, supplied)
    of_account = {name: view.answers[name] for name in ("customer_name", "customer_id", "customer_id_kind",
                                                        "usage_address", "voltage")}
    moving = begun(open_hall, open_hall.catalog.processes["move_meter"], **of_account, yx_account=view.account_number,
                   new_metering_point="东墙外表箱")
    record(open_hall, moving, "S03", "done", full_survey(open_hall, moving))
    moved = {"installed_on": str(open_hall.today), "installed_by": "示范己", "meter_number": meter.serial}
    record(open_hall, moving, "S22", "done", {**moved, "meter_reading": str(meter.start_reading + 120)})
    before, now = meters_of(open_hall, supplied)
    assert (before.point, before.used, now.point) == (meter.point, 120 * meter.multiplier, "东墙外表箱")
    assert now.start_reading == before.end_reading == meter.start_reading + 120
