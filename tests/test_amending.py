"""What a person settles about a contract by hand: its renewal, dates, kind, doubts, successor and file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from db.contracts import Contract
from db.customers import Account, Customer
from desktop.errors import Refusal
from desktop.usecases.contract_amending import (
    confirm_successor,
    months_between,
    set_dates,
    set_kind,
    set_renewal,
    settle_doubts,
    supplement_account,
)
from desktop.usecases.contract_keeping import contract
from desktop.usecases.desk import Desk
from desktop.usecases.reminder_listing import reminders
from tests.contract_book import account, ledgered
from tests.trade import signed


def test_renewal_is_set_in_bulk_by_kind_after_a_person_confirms(hall: Desk) -> None:
    for number in range(3):
        ledgered(hall, f"甲-{number}", term_months=None)
    ledgered(hall, "甲-3", renewal="到期重签")
    ledgered(hall, "乙-1", kind="temporary")
    with pytest.raises(Refusal, match="确认"):
        set_renewal(hall, kind="low_voltage", mode="自动续展", confirmed_by="")
    assert set_renewal(hall, kind="low_voltage", mode="自动续展", confirmed_by="示范甲") == 3
    view = contract(hall, "甲-0")
    assert view.row.renewal == "自动续展" and view.version == 2
    assert (view.log[-1].what, view.log[-1].facts["objection_days"]) == ("renewal_set", 30)
    assert [contract(hall, key).row.renewal for key in ("甲-3", "乙-1")] == ["到期重签", "未知"]
    assert reminders(hall)  # the term was measured from its dates, so that it can follow itself
    with hall.db.read() as session:
        assert set(session.scalars(select(Contract.term_months).where(Contract.renewal == "自动续展"))) == {60}


@pytest.mark.parametrize(("said", "field"), [
    ({"mode": "未知"}, "mode"), ({"mode": "随便"}, "mode"),
    ({"mode": "自动续展", "objection_days": 0}, "objection_days"),
    ({"mode": "到期重签", "kind": "other"}, "kind"), ({"mode": "到期重签", "kind": None}, "kind"),
])
def test_a_renewal_that_cannot_be_is_refused(hall: Desk, said: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as no:
        set_renewal(hall, **{"kind": "low_voltage", "confirmed_by": "示范甲", **said})
    assert no.value.field == field


@pytest.mark.parametrize(("starts", "ends", "months"), [
    (date(2021, 12, 1), date(2026, 11, 30), 60), (date(2021, 12, 1), date(2026, 12, 1), 60),
    (date(2024, 2, 29), date(2027, 2, 28), 36), (date(2021, 12, 1), date(2022, 5, 31), 6),
    (date(2021, 12, 1), date(2026, 11, 15), None), (None, date(2026, 11, 15), None),
    (date(2026, 12, 1), date(2026, 11, 15), None),
])
def test_a_terms_length_is_read_from_its_two_days(starts: date | None, ends: date, months: int | None) -> None:
    assert months_between(starts, ends) == months


def test_a_doubtful_end_is_settled_by_a_person_and_both_readings_are_kept(hall: Desk) -> None:
    doubts = [{"code": "bad_date", "sentence": "终止日不是日历上的一天"},
              {"code": "id_check", "sentence": "校验位不对"}]
    ledgered(hall, "甲-1", ends_on=None, doubts=doubts)
    with pytest.raises(Refusal, match="晚于"):
        set_dates(hall, "甲-1", None, date(2021, 12, 1), date(2021, 12, 1), "查原件")
    with pytest.raises(Refusal, match="依据"):
        set_dates(hall, "甲-1", None, None, date(2026, 12, 1), "")
    view = set_dates(hall, "甲-1", date(2021, 12, 1), date(2021, 12, 1), date(2026, 11, 30), "查合同原件")
    assert (view.row.ends_on, view.row.doubts) == (date(2026, 11, 30), ("校验位不对",))
    assert view.log[-1].facts["before"]["ends"] is None and view.log[-1].facts["reason"] == "查合同原件"
    assert settle_doubts(hall, "甲-1", "已核对身份证").row.doubts == ()


def test_a_gone_remark_may_turn_out_to_be_wrong(hall: Desk) -> None:
    ledgered(hall, "甲-1", gone=True, doubts=[{"code": "gone", "sentence": "备注：已过户"}])
    view = settle_doubts(hall, "甲-1", "电话核实，未过户")
    assert not view.row.gone
    assert [one.word for one in reminders(hall)] == ["7 天内"]


def test_an_unknown_kind_is_named_by_a_person(hall: Desk) -> None:
    ledgered(hall, "甲-1", kind="", kind_word="农灌", doubts=[{"code": "kind_unknown", "sentence": "种类不明"}])
    assert contract(hall, "甲-1").row.kind_name == "农灌"
    view = set_kind(hall, "甲-1", "低压非居民", "查合同原件")
    assert (view.row.kind, view.row.doubts) == ("low_voltage", ())


def test_the_dates_of_our_own_contract_are_those_of_its_text(hall: Desk) -> None:
    key = signed(hall)
    with pytest.raises(Refusal, match="合同文本为准"):
        set_dates(hall, key, None, None, date(2040, 1, 1), "改")


def test_a_newer_contract_of_the_same_account_is_offered_as_successor(hall: Desk) -> None:
    owner = account(hall, "6300000000025")
    ledgered(hall, "甲-1", owner=owner, signed_on=date(2016, 12, 1))
    ledgered(hall, "甲-2", owner=owner, signed_on=date(2021, 12, 1), ends_on=date(2030, 1, 1))
    assert contract(hall, "甲-1").successor_offer == "甲-2"
    assert contract(hall, "甲-2").successor_offer is None
    with pytest.raises(Refusal, match="不是“甲-2”的后续合同"):
        confirm_successor(hall, "甲-2", "甲-1")
    view = confirm_successor(hall, "甲-1", "甲-2")
    assert (view.successor, view.row.active, view.successor_offer) == ("甲-2", False, None)
    assert contract(hall, "甲-2").predecessor == "甲-1"
    assert reminders(hall) == ()


def test_a_file_is_supplemented_where_each_fact_belongs(hall: Desk) -> None:
    ledgered(hall, "甲-1", owner=account(hall, "6300000000025"))
    supplement_account(hall, "6300000000025", {
        "customer_id_kind": "营业执照", "customer_phone": "13997000001", "boundary_point": "电表箱出线侧",
        "usage_address": "演练县示范路9号", "scheme_capacity_kw": "80"})
    with hall.db.read() as session:
        customer, at = session.get_one(Customer, 1), session.get_one(Account, 1)
    assert (customer.id_kind, customer.phone, customer.phone_tail) == ("营业执照", "13997000001", "10000079931")
    assert (at.address, at.capacity, at.facts["boundary_point"]) == ("演练县示范路9号", Decimal(80), "电表箱出线侧")
    with pytest.raises(Refusal, match="已有别的内容") as refused:
        supplement_account(hall, "甲-1", {"usage_address": "别处1号", "postcode": "813000"}, fill_only=True)
    assert [lack.field for lack in refused.value.missing] == ["usage_address"]
    supplement_account(hall, "甲-1", {"usage_address": "演练县示范路9号", "postcode": "813000"}, fill_only=True)
    for wrong in ({"supplier_name": "他人"}, {"nonsense": "1"}, {"customer_phone": "123"}):
        with pytest.raises(Refusal):
            supplement_account(hall, "甲-1", wrong)
