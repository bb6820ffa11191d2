"""How contracts go on: renewed from the old one's facts and linked, extended, made permanent, or ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from desktop.domain.kind import Value
from desktop.errors import Refusal
from desktop.usecases.contract_amending import set_renewal, supplement_account
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contracting import approve_template, print_contract
from desktop.usecases.desk import Desk
from desktop.usecases.papering import paper_bytes
from desktop.usecases.reminder_listing import reminders
from desktop.usecases.renewing import convert, extend, renew, terminate
from desktop.usecases.signing import sign_customer, sign_ours, void
from printing.raster import page_text
from tests.contract_book import account, file_facts, ledgered
from tests.trade import accepted_case

TODAY = date(2026, 11, 23)
ACCOUNT = "6300000000025"
CUSTOMER = {"signer": "才让多杰", "capacity": "法定代表人"}
OURS = {"signer": "示范甲", "capacity": "负责人"}


def kept(desk: Desk, **said: Any) -> str:
    """A ledger's contract of a named customer, a week before its end."""
    ledgered(desk, "恰电合〔2021〕0004号", owner=account(desk, ACCOUNT, "共和县措温波藏毯加工有限公司"), **said)
    return "恰电合〔2021〕0004号"


def test_a_ledgers_contract_without_a_file_names_every_missing_fact_and_what_to_do(hall: Desk) -> None:
    with pytest.raises(Refusal) as no:
        renew(hall, kept(hall))
    assert {"boundary_point", "customer_id", "metering_point"} <= {lack.field for lack in no.value.missing}
    assert "档案补录" in str(no.value) and "--answers" in str(no.value)


def test_a_contract_is_renewed_from_the_old_ones_facts_and_follows_it(hall: Desk) -> None:
    old = kept(hall)
    supplement_account(hall, ACCOUNT, file_facts("low_voltage"))
    new = renew(hall, old)
    assert (new.row.state, new.predecessor, contract(hall, old).successor) == ("草稿", old, new.row.key)
    assert (new.row.starts_on, new.row.ends_on) == (date(2026, 12, 1), date(2031, 11, 30))
    assert new.answers["customer_name"] == "共和县措温波藏毯加工有限公司"
    assert new.answers["yx_account"] == ACCOUNT and new.answers["scheme_capacity_kw"] == "80"
    paper = print_contract(hall, new.row.key)
    text = "".join("".join(page_text(paper_bytes(hall, paper.id))).split())
    assert ACCOUNT in text and "共和县措温波藏毯加工有限公司" in text


def test_answers_given_with_the_renewal_are_kept_in_the_file(hall: Desk) -> None:
    old = kept(hall)
    first = renew(hall, old, answers=file_facts("low_voltage"))
    void(hall, first.row.key, "客户改期")
    again = renew(hall, old)
    assert again.row.key != first.row.key and again.faults == ()


def test_wrong_answers_are_refused_and_nothing_is_written(hall: Desk) -> None:
    old = kept(hall)
    for wrong in ({"customer_phone": "123"}, {"contract_number": "X"}, {"nonsense": "1"}):
        with pytest.raises(Refusal):
            renew(hall, old, answers={**file_facts("low_voltage"), **wrong})
    assert contract(hall, old).successor is None


def test_a_renewal_asked_twice_draws_up_one_successor(hall: Desk) -> None:
    old = kept(hall)
    keys = {renew(hall, old, answers=file_facts("low_voltage")).row.key for _ in range(2)}
    assert len(keys) == 1
    key = keys.pop()
    print_contract(hall, key)
    assert renew(hall, old).row.key == key and contract(hall, key).row.state == "待签"


def test_a_signed_successor_replaces_the_old_contract_and_its_reminder_goes(hall: Desk) -> None:
    old = kept(hall)
    new = renew(hall, old, answers=file_facts("low_voltage")).row.key
    approve_template(hall, "low_voltage", "示范法务", TODAY)
    print_contract(hall, new)
    assert [view.number for view in reminders(hall)] == [old]  # drawn up is not renewed
    sign_customer(hall, new, CUSTOMER, TODAY)
    sign_ours(hall, new, OURS, TODAY)
    assert not contract(hall, old).row.active and reminders(hall) == ()
    assert [entry.what for entry in contract(hall, old).log] == ["renewed", "replaced"]
    void(hall, new, "客户反悔")
    assert contract(hall, old).row.active and [view.number for view in reminders(hall)] == [old]


def test_what_has_ended_is_renewed_from_today_and_no_longer_than_its_kind_may_last(hall: Desk) -> None:
    old = kept(hall, ends_on=TODAY - timedelta(days=100), term_months=240)
    new = renew(hall, old, answers=file_facts("low_voltage"))
    assert (new.row.starts_on, new.row.ends_on) == (TODAY, date(2036, 11, 22))
    assert renew(hall, old, years=3).row.ends_on == date(2029, 11, 22)


def test_a_high_voltage_contract_is_renewed_on_its_own_text(hall: Desk) -> None:
    old = kept(hall, kind="high_voltage", kind_word="高压", capacity_unit="kVA", capacity=None)
    metered = {"voltage": "10kV", "metering_mode": "高供高计", "ct_ratio": "50/5", "pt_ratio": "10000/100",
               "multiplier": "1000"}
    new = renew(hall, old, answers={**file_facts("high_voltage"), **metered})
    assert new.faults == () and "-GY-" in new.row.key
    paper = print_contract(hall, new.row.key)
    assert len(page_text(paper_bytes(hall, paper.id))) > 8


def test_a_kind_without_a_text_says_so(hall: Desk) -> None:
    with pytest.raises(Refusal, match="尚未入库"):
        renew(hall, kept(hall, kind="resident", kind_word="居民"))


@pytest.mark.parametrize("said", [{"state": "待签"}, {"active": False}, {"kind": "", "kind_word": "农灌"}])
def test_what_is_not_in_force_or_of_no_known_kind_is_not_renewed(hall: Desk, said: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        renew(hall, kept(hall, **said), answers=file_facts("low_voltage"))


def temporary(desk: Desk, **said: Any) -> str:
    return kept(desk, **{"kind": "temporary", "kind_word": "临时", "renewal": "到期终止",
                         "signed_on": date(2024, 12, 1), "starts_on": date(2024, 12, 1), "term_months": 24, **said})


def test_temporary_supply_is_extended_before_its_end_and_within_its_cap(hall: Desk) -> None:
    key = temporary(hall)
    with pytest.raises(Refusal, match="不续签"):
        renew(hall, key)
    for until in (date(2026, 11, 30), date(2027, 12, 1)):
        with pytest.raises(Refusal) as no:
            extend(hall, key, until, "工程未完")
        assert no.value.field == "until"
    view = extend(hall, key, date(2027, 11, 30), "工程未完")
    assert view.row.ends_on == date(2027, 11, 30) and reminders(hall) == ()
    assert view.log[-1].facts["before"] == "2026-11-30"


def test_temporary_supply_that_has_ended_is_not_extended(hall: Desk) -> None:
    with pytest.raises(Refusal, match="转正式"):
        extend(hall, temporary(hall, ends_on=TODAY - timedelta(days=1)), date(2027, 1, 1), "工程未完")


def test_only_temporary_supply_is_extended_or_made_permanent(hall: Desk) -> None:
    key = kept(hall)
    with pytest.raises(Refusal, match="续签"):
        extend(hall, key, date(2027, 1, 1), "工程未完")
    with pytest.raises(Refusal, match="临时"):
        convert(hall, key, "客户要求")


def test_temporary_supply_is_made_permanent_with_its_case(hall: Desk) -> None:
    key = temporary(hall)
    with pytest.raises(Refusal, match="没有编号"):
        convert(hall, key, "客户要求", case_number="YK209901010001")
    number = accepted_case(hall).case_number
    view = convert(hall, key, "客户要求", case_number=number)
    assert not view.row.active and number in view.settled_note
    assert not [one for one in reminders(hall) if one.number == key]
    with pytest.raises(Refusal, match="不在履行中"):
        convert(hall, key, "再来一次")


def test_temporary_supply_ends_with_the_meter_taken_down(hall: Desk) -> None:
    key = temporary(hall)
    with pytest.raises(Refusal, match="拆表日期"):
        terminate(hall, key, "工程完工")
    with pytest.raises(Refusal, match="晚于今天"):
        terminate(hall, key, "工程完工", removed_on=TODAY + timedelta(days=1))
    view = terminate(hall, key, "工程完工", removed_on=TODAY)
    assert not view.row.active and reminders(hall) == ()
    assert (view.log[-1].what, view.log[-1].facts["removed_on"]) == ("terminated", "2026-11-23")


def test_any_contract_may_be_ended_with_a_reason(hall: Desk) -> None:
    key = kept(hall)
    with pytest.raises(Refusal, match="原因"):
        terminate(hall, key, " ")
    assert terminate(hall, key, "客户销户").row.active is False


def test_a_contract_that_goes_on_by_itself_is_renewed_after_its_running_term(hall: Desk) -> None:
    old = kept(hall, ends_on=date(2023, 11, 30), term_months=36)
    set_renewal(hall, numbers=[old], mode="自动续展", confirmed_by="示范甲")
    new = renew(hall, old, answers=file_facts("low_voltage"))
    assert (new.row.starts_on, new.row.ends_on) == (date(2026, 12, 1), date(2029, 11, 30))


def test_a_contract_to_be_signed_anew_stays_one(hall: Desk) -> None:
    old = kept(hall, renewal="到期重签")
    new = renew(hall, old, answers=file_facts("low_voltage"))
    assert (new.row.renewal, new.answers["renewal_mode"]) == ("到期重签", "到期重签")
    assert "objection_days" not in new.answers and not any(name == "renewal_mode" for name, _ in new.notices)


def test_the_objection_days_of_the_old_contract_are_kept(hall: Desk) -> None:
    old = kept(hall)
    set_renewal(hall, numbers=[old], mode="自动续展", objection_days=45, confirmed_by="示范甲")
    assert renew(hall, old, answers=file_facts("low_voltage")).answers["objection_days"] == "45"


def test_where_nobody_knows_how_the_old_one_goes_on_the_kinds_way_is_proposed_and_said(hall: Desk) -> None:
    old = kept(hall)
    new = renew(hall, old, answers=file_facts("low_voltage"))
    assert new.row.renewal == "自动续展"
    assert any("目录默认" in sentence for name, sentence in new.notices if name == "renewal_mode")
    told = renew(hall, old, answers={"renewal_mode": "到期终止"})
    assert told.row.renewal == "到期终止" and not any(name == "renewal_mode" for name, _ in told.notices)
    again = renew(hall, old)  # its draft remembers what was said
    assert again.row.renewal == "到期终止"


@pytest.mark.parametrize("mode", ["未知", "不定期", "随便"])
def test_a_way_that_the_text_does_not_offer_is_refused(hall: Desk, mode: str) -> None:
    with pytest.raises(Refusal) as no:
        renew(hall, kept(hall), answers={**file_facts("low_voltage"), "renewal_mode": mode})
    assert no.value.field == "renewal_mode"


def test_a_renewal_long_before_the_end_asks_why_and_keeps_the_answer(hall: Desk) -> None:
    old = kept(hall, ends_on=TODAY + timedelta(days=91))
    with pytest.raises(Refusal) as no:
        renew(hall, old, answers=file_facts("low_voltage"))
    assert no.value.field == "early" and "91 天" in str(no.value) and "90 天" in str(no.value)
    new = renew(hall, old, answers=file_facts("low_voltage"), early="客户增容，提前换签")
    assert contract(hall, old).log[-1].facts["reason"] == "客户增容，提前换签"
    assert renew(hall, old).row.key == new.row.key  # it was said once


def test_a_renewal_within_the_first_reminder_asks_nothing_more(hall: Desk) -> None:
    old = kept(hall, ends_on=TODAY + timedelta(days=90))
    assert renew(hall, old, answers=file_facts("low_voltage")).row.starts_on == TODAY + timedelta(days=91)


def without_voltage() -> dict[str, Value]:
    return {name: value for name, value in file_facts("low_voltage").items() if name != "voltage"}


@pytest.mark.parametrize("written", ["交流380V", "380/220V", "0.4KV", "380V"])
def test_a_ledgers_voltage_is_read_as_the_one_it_means(hall: Desk, written: str) -> None:
    assert renew(hall, kept(hall, voltage=written), answers=without_voltage()).answers["voltage"] == "380V"


def test_a_ledgers_voltage_that_is_not_certain_is_asked_for_with_what_is_held(hall: Desk) -> None:
    with pytest.raises(Refusal) as no:
        renew(hall, kept(hall, voltage="低压三相"), answers=without_voltage())
    assert [lack.field for lack in no.value.missing] == ["voltage"] and "低压三相" in str(no.value)


def test_a_voltage_is_supplemented_in_whatever_way_it_is_written(hall: Desk) -> None:
    old = kept(hall, voltage="低压三相")
    supplement_account(hall, ACCOUNT, {**file_facts("low_voltage"), "voltage": "AC 380V"})
    assert renew(hall, old).answers["voltage"] == "380V"


def test_a_refused_renewal_takes_no_number(hall: Desk) -> None:
    old = kept(hall)
    for _ in range(3):
        with pytest.raises(Refusal):
            renew(hall, old)
    assert renew(hall, old, answers=file_facts("low_voltage")).row.key.endswith("-000001")


def test_what_is_not_signed_yet_is_told_what_to_do_first(hall: Desk) -> None:
    with pytest.raises(Refusal, match="客户签署”“我方签署用印"):
        renew(hall, kept(hall, state="待签"))
