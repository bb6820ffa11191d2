"""Every change of use from the account to the archive, through the real window.

Each test is one customer's matter as the trade tells it. At its end account, contract list, reminders and the month's
report must say what the case's log says.
"""

from __future__ import annotations

import sys
from datetime import date

import pytest
from counter import Counter
from working_hall import HOME, SHOP, SHOP_NAME, WORKS, WORKS_NAME

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there QPrinter prints, without lp")
FIRM = {"customer_id_kind": "营业执照", "customer_id": "91632521MA00000A9H", "identity_check": "核对原件",
        "customer_phone": "13800001234"}
PAID = {"arrears": "已结清", "arrears_by": "示范丙", "arrears_on": "20261123"}
SIGNER = "示范丁"
LEFT = {"point": "1#配电室", "model": "SCB14-400/10", "count": "1", "kva": "400", "state": "运行"}


def half_of_it_is_sealed(counter: Counter, day: date) -> None:
    counter.clock.move(day)
    counter.does("S18", sealed_on=counter.today, sealed_by="示范己", seal_numbers="F0001")
    is_signed_and_filed(counter, runs="400 kVA")


def all_of_it_runs_again(counter: Counter, day: date) -> None:
    counter.clock.move(day)
    counter.does("S19", unsealed_on=counter.today, unsealed_by="示范己")
    is_signed_and_filed(counter, runs="800 kVA")


def is_signed_and_filed(counter: Counter, runs: str) -> None:
    """The works' contract stays as it is; how much of it runs is another figure."""
    counter.signs_the_change(SIGNER)
    counter.does("S15")
    counter.books_agree(WORKS, customer=WORKS_NAME, capacity="800 kVA")
    assert counter.running_capacity(WORKS) == runs


def test_a_firm_takes_another_name(counter: Counter) -> None:
    counter.takes_in("31", SHOP, **FIRM, **PAID, change_reason="工商变更登记", new_name="示例县湖畔餐饮有限公司",
                     name_proof="变更登记通知书")
    counter.signs_the_change(SIGNER)
    counter.does("S15")
    counter.books_agree(SHOP, customer="示例县湖畔餐饮有限公司", capacity="80 kW")


def test_a_works_is_sold_and_the_buyer_signs_anew(counter: Counter) -> None:
    counter.takes_in("32", "xwjc", **FIRM, **PAID, customer_name="示例县新兴建材厂", legal_person="示范丁",
                     customer_address="共和县恰卜恰镇绿洲南路 16 号", change_reason="厂房转让", industry="建材")
    counter.does("S17", reading_on=counter.today, transfer_reading="8712", settled_on=counter.today,
                 settled_by="示范丙")
    counter.signs_the_contract("示范丁")
    counter.does("S15")
    counter.books_agree(WORKS, customer="示例县新兴建材厂", capacity="800 kVA")


def test_a_shop_closes_its_account(counter: Counter) -> None:
    counter.takes_in("33", SHOP, **FIRM, **PAID, change_reason="停业")
    counter.does("S20", removed_on=counter.today, removed_by="示范甲", final_reading="1234")
    counter.does("S17", settled_on=counter.today, settled_by="示范丙")
    counter.signs_the_change(SIGNER)
    counter.does("S15")
    counter.books_agree(SHOP, customer=SHOP_NAME, capacity="80 kW")
    assert counter.status(SHOP) == "已销户"


def test_a_transformer_rests_over_winter_and_comes_back(counter: Counter) -> None:
    counter.takes_in("34", WORKS, **FIRM, **PAID, change_reason="淡季停产", hold_equipment="2#主变压器",
                     hold_kva="400", hold_from="20261201", hold_until="20261231")
    half_of_it_is_sealed(counter, date(2026, 12, 1))

    counter.clock.move(date(2026, 12, 21))
    counter.takes_in("35", WORKS, **FIRM, **{**PAID, "arrears_on": "20261221"}, change_reason="恢复生产",
                     restore_kva="400", restore_on="20261231")
    all_of_it_runs_again(counter, date(2026, 12, 31))


def test_a_works_gives_capacity_back_for_a_time_and_takes_it_again(counter: Counter) -> None:
    counter.takes_in("36", WORKS, **FIRM, **PAID, change_reason="订单减少", reduction="非永久性",
                     hold_equipment="2#主变压器", hold_kva="400", hold_from="20261201", hold_until="20270531")
    half_of_it_is_sealed(counter, date(2026, 12, 1))

    counter.clock.move(date(2027, 5, 20))
    counter.takes_in("37", WORKS, **FIRM, **{**PAID, "arrears_on": "20270520"}, change_reason="恢复生产",
                     restore_kva="400", restore_on="20270531")
    all_of_it_runs_again(counter, date(2027, 5, 31))


def test_a_works_gives_capacity_back_for_good_and_signs_again(counter: Counter) -> None:
    counter.takes_in("36", WORKS, **FIRM, **PAID, change_reason="设备淘汰", reduction="永久性",
                     customer_address="共和县恰卜恰镇绿洲南路 16 号", hold_equipment="2#主变压器", hold_kva="400",
                     hold_from="20261201", transformers=[LEFT])
    counter.clock.move(date(2026, 12, 1))
    counter.does("S18", sealed_on=counter.today, sealed_by="示范己", seal_numbers="F0001")
    counter.signs_the_contract("示范丁")
    counter.does("S15")
    counter.books_agree(WORKS, customer=WORKS_NAME, capacity="400 kVA")


def test_a_home_becomes_a_shop(counter: Counter) -> None:
    counter.takes_in("38", HOME, customer_id_kind="身份证", customer_id="11010519491231002X",
                     identity_check="核对原件", customer_phone="13997000012", **PAID, change_reason="临街开店",
                     new_nature="工商业", new_price_class="工商业（单一制）")
    counter.surveys()
    counter.signs_the_change("演卓玛")
    counter.does("S23")
    counter.does("S15")
    counter.books_agree(HOME, customer="演卓玛", capacity="5 kW")


def test_a_meter_is_moved_and_its_cost_paid(counter: Counter) -> None:
    counter.has_a_price("移表工料费", "85.50")
    counter.takes_in("39", SHOP, **FIRM, **PAID, change_reason="院墙改建", new_metering_point="东侧院墙计量箱")
    counter.surveys()
    counter.pays("移表工料费", "2")
    counter.does("S22", installed_on=counter.today, installed_by="示范甲")
    counter.signs_the_change(SIGNER)
    counter.does("S15")
    counter.books_agree(SHOP, customer=SHOP_NAME, capacity="80 kW")
