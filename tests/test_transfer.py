"""过户 to its end and back: on which day the old contract ends, and what becomes of it where the new one fails."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from change_book import NAME, NUMBER, asked, done, drawn, open_works, refused, transferred
from contract_book import account as account_row
from contract_book import ledgered
from sqlalchemy import select

from db.contracts import Contract
from desktop.cli_amending import _left_without
from desktop.cli_words import end_told
from desktop.domain.contract import State
from desktop.domain.field import FIELDS
from desktop.errors import Refusal
from desktop.usecases.account_viewing import account_file
from desktop.usecases.acting import act
from desktop.usecases.case_listing import case, case_notices
from desktop.usecases.casework import record
from desktop.usecases.contract_amending import supplement_account
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contract_listing import all_contracts
from desktop.usecases.contracting import draw_up, outdated, print_contract, register_paper
from desktop.usecases.intake import accept
from desktop.usecases.renewing import terminate
from desktop.usecases.signing import archive, sign_customer, sign_ours, void
from desktop.usecases.standing import account

BUYER = "示例县新兴建材厂"
BUYS = {"customer_name": BUYER, "customer_id": "91632521MA00000B7C", "legal_person": "示范丁"}


@pytest.fixture
def works(hall: Any) -> Any:
    return open_works(hall)


@pytest.fixture
def sold(works: Any) -> tuple[Any, str, str]:
    """The works is sold and the buyer's contract signed by both: hall, case, contract."""
    number = accept(works, asked(works, "transfer", **BUYS)).case_number
    done(works, number, "S17")
    return works, number, transferred(works, number)


def is_the_sellers(desk: Any) -> bool:
    stands = account(desk, NUMBER)
    return (stands.customer, stands.contract and stands.contract.key) == (NAME, "GY-1")


@pytest.mark.parametrize("to", ["S12", "S17"])
def test_nothing_goes_back_before_a_signed_contract_until_it_was_voided(sold: Any, to: str) -> None:
    desk, number, key = sold
    with pytest.raises(Refusal, match=f"合同“{key}”我方已签用印：请先与客户说明，在合同页登记“作废”"):
        record(desk, number, "S15", "sent_back", {"to": to, "reason": "结清有误"})
    void(desk, key, "结清有误")
    assert is_the_sellers(desk)
    record(desk, number, "S12", "sent_back", {"to": "S17", "reason": "结清有误"})
    done(desk, number, "S17")
    archive(desk, transferred(desk, number), "A-1", 2)
    done(desk, number, "S15", yx_account=NUMBER)
    assert account(desk, NUMBER).customer == BUYER


def test_a_filed_contract_that_is_ended_gives_the_account_back_and_another_may_be_signed(sold: Any) -> None:
    desk, number, key = sold
    archive(desk, key, "A-1", 2)
    with pytest.raises(Refusal, match=f"合同“{key}”已归档：请先与客户说明，在合同页登记“终止”"):
        record(desk, number, "S15", "sent_back", {"to": "S17", "reason": "结清有误"})
    terminate(desk, key, "买卖解除")
    assert is_the_sellers(desk)
    assert case(desk, number).state.current == ("S12",)
    again = transferred(desk, number)
    assert again != key
    archive(desk, again, "A-1", 2)
    done(desk, number, "S15", yx_account=NUMBER)
    assert (account(desk, NUMBER).customer, contract(desk, again).predecessor) == (BUYER, "GY-1")


def test_a_sale_that_falls_through_ends_with_its_case_and_leaves_all_as_it_was(sold: Any) -> None:
    desk, number, key = sold
    archive(desk, key, "A-1", 2)
    terminate(desk, key, "买卖解除")
    record(desk, number, "S12", "ended", {"reason": "客户撤销"})
    assert is_the_sellers(desk)
    assert contract(desk, "GY-1").settled_note == ""


def test_what_an_older_program_filed_with_its_case_alone_is_ended_and_not_voided(sold: Any) -> None:
    desk, number, key = sold
    archive(desk, key, "A-1", 2)
    done(desk, number, "S15", yx_account=NUMBER)
    with act(desk, "as it was then") as doing:
        doing.session.scalars(select(Contract).where(Contract.key == key)).one().state = State.SIGNED
    with pytest.raises(Refusal, match=r"已归档，合同.*已在履行，不能作废"):
        void(desk, key, "买方反悔")
    assert account(desk, NUMBER).customer == BUYER


def test_an_account_without_a_contract_is_given_back_as_well(sold: Any) -> None:
    desk, number, key = sold
    void(desk, key, "签署人写错")
    terminate(desk, "GY-1", "原合同早已期满")
    again = transferred(desk, number)
    assert contract(desk, again).predecessor is None
    void(desk, again, "签署人写错")
    assert (account(desk, NUMBER).customer, account(desk, NUMBER).contract) == (NAME, None)


def test_the_old_contract_ends_on_the_day_on_which_the_last_one_signed(works: Any, clock: Any) -> None:
    number = accept(works, asked(works, "transfer", **BUYS)).case_number
    done(works, number, "S17")
    key = drawn(works, number)
    clock.move(date(2026, 12, 10))  # on which both signatures are entered
    sign_customer(works, key, {"signer": "示范丁", "capacity": "法定代表人", "copies": "2"}, date(2026, 12, 1))
    assert is_the_sellers(works)
    sign_ours(works, key, {"signer": "示范甲", "capacity": "负责人"}, date(2026, 12, 2))
    told = {entry.what: entry.claimed_on for entry in contract(works, "GY-1").log}
    assert told["replaced"] == told["terminated"] == date(2026, 12, 2)
    assert contract(works, key).effective_on == contract(works, "GY-1").ended_on == date(2026, 12, 2)
    assert [(line.key, line.state) for line in account_file(works, NUMBER).contracts] == [
        (key, "我方已签用印"), ("GY-1", "已归档，自 2026-12-02 起不再履行")]


def test_the_meter_is_read_and_the_bill_settled_by_it_before_the_buyer_signs(works: Any, clock: Any) -> None:
    number = accept(works, asked(works, "transfer", **BUYS)).case_number
    with pytest.raises(Refusal, match="过户表计示数"):
        done(works, number, "S17", transfer_reading="")
    with pytest.raises(Refusal, match="过户抄表日期 2026-11-24 晚于今天"):
        done(works, number, "S17", reading_on="2026-11-24", settled_on="2026-11-24")
    clock.move(date(2026, 11, 25))
    with pytest.raises(Refusal, match="电费结清日期 2026-11-24 早于过户抄表日期 2026-11-25"):
        done(works, number, "S17", settled_on="2026-11-24")
    done(works, number, "S17", transfer_reading="8712.5", settled_by="示范丙")
    transferred(works, number)
    ended = next(entry for entry in contract(works, "GY-1").log if entry.what == "terminated")
    settled = {name: ended.facts["settlement"][name] for name in ("reading_on", "transfer_reading", "settled_by")}
    assert settled == {"reading_on": "2026-11-25", "transfer_reading": "8712.5", "settled_by": "示范丙"}


def test_seller_and_buyer_may_have_read_the_meter_before_they_came(works: Any, clock: Any) -> None:
    number = accept(works, asked(works, "transfer", **BUYS)).case_number
    done(works, number, "S17", reading_on="2026-11-20", settled_on="2026-11-21", transfer_reading="8712.5")
    assert case(works, number).state.stage("S17").state == "完成"


@pytest.mark.parametrize("kind", ["rename", "transfer", "close", "suspend", "reclassify", "move_meter"])
def test_a_change_leaves_the_voltage_as_it_is(works: Any, kind: str) -> None:
    said = refused(works, asked(works, kind, voltage="35kV"))
    assert "供电电压填的是“35kV”，档案是“10kV”：这项业务不改电压" in said


def test_a_contract_on_paper_that_was_registered_wrongly_is_ended_and_registered_again(hall: Any) -> None:
    owner = account_row(hall, NUMBER, NAME, address="共和县绿洲南路 16 号", capacity=Decimal(8), capacity_unit="kW",
                        voltage="220V", usage_nature="居民生活", status="在用")
    ledgered(hall, "JM-1", owner=owner, kind="resident", kind_word="居民", capacity=Decimal(8))
    new = {"customer_name": "示范戊", "customer_id_kind": "身份证", "customer_id": "11010519491231002X",
           "usage_nature": "居民生活", "voltage": "220V"}
    number = accept(hall, asked(hall, "transfer", **new)).case_number
    done(hall, number, "S17")
    paper = {"contract_signed_on": str(hall.today), "contract_number": "JM-2"}
    register_paper(hall, number, paper)
    with pytest.raises(Refusal, match="合同“JM-2”已归档"):
        record(hall, number, "S15", "sent_back", {"to": "S17", "reason": "结清有误"})
    terminate(hall, "JM-2", "登记有误")
    assert account(hall, NUMBER).customer == NAME
    record(hall, number, "S12", "sent_back", {"to": "S17", "reason": "结清有误"})
    done(hall, number, "S17")
    again = register_paper(hall, number, paper)
    assert (again.row.active, again.settled_note, again.predecessor) == (True, "", "JM-1")
    assert (account(hall, NUMBER).customer, contract(hall, "JM-1").row.active) == ("示范戊", False)


def test_a_reading_that_is_older_than_the_signature_is_told_before_it_is_given(works: Any, clock: Any) -> None:
    number = accept(works, asked(works, "transfer", **BUYS)).case_number
    done(works, number, "S17")
    assert not reading_told(works, number)
    clock.move(date(2026, 11, 25))
    assert "过户抄表是 2026-11-23" in reading_told(works, number)
    record(works, number, "S12", "sent_back", {"to": "S17", "reason": "签约那天补抄"})
    done(works, number, "S17")
    assert not reading_told(works, number)
    transferred(works, number)
    clock.move(date(2026, 11, 27))
    assert not reading_told(works, number)


def test_a_reading_of_another_day_than_the_signature_is_told_until_the_case_is_filed(works: Any, clock: Any) -> None:
    number = accept(works, asked(works, "transfer", **BUYS)).case_number
    done(works, number, "S17")
    clock.move(date(2026, 11, 24))
    transferred(works, number)
    assert "过户抄表是 2026-11-23，新合同是 2026-11-24 签齐生效的" in reading_told(works, number)


def reading_told(desk: Any, number: str) -> str:
    return "；".join(each.sentence for each in case_notices(desk, case(desk, number)) if "过户抄表" in each.sentence)


def test_the_sellers_equipment_is_asked_about_before_the_buyers_contract_is_printed(works: Any) -> None:
    number = accept(works, asked(works, "transfer", **BUYS)).case_number
    done(works, number, "S17")
    own, other = ([{"name": name, "type": "动力", "count": "2", "unit_kw": "7.5", "total_kw": "15"}]
                  for name in ("窑炉", "车床"))
    with act(works, "listed") as doing:
        doing.session.scalars(select(Contract).where(Contract.key == "GY-1")).one().answers = {"loads": own}
    key = draw_up(works, number).row.key
    assert "用电设备清单是原用电人的，请与新用电人核对" in told_of(works, key, "loads")
    with pytest.raises(Refusal, match=r"是原用电人的，请与新用电人核对.*--loads-checked"):
        print_contract(works, key)
    supplement_account(works, key, {"loads": other}, fill_only=False)
    assert told_of(works, draw_up(works, number).row.key, "loads") == ""


def test_a_printed_contract_says_what_became_another_since_and_asks_nothing_twice(works: Any) -> None:
    number = accept(works, asked(works, "transfer", **BUYS)).case_number
    done(works, number, "S17")
    key = drawn(works, number)  # the buyer looked at the list
    assert told_of(works, key, "loads") == "" and outdated(works, number) == ()
    other = [{"name": "车床", "type": "动力", "count": "2", "unit_kw": "7.5", "total_kw": "15"}]
    supplement_account(works, key, {"loads": other}, fill_only=False)
    assert outdated(works, number) == (FIELDS["loads"].label,)


def told_of(desk: Any, key: str, field: str) -> str:
    return "；".join(sentence for name, sentence in contract(desk, key).notices if name == field)


def test_what_is_no_longer_in_force_is_listed_so_and_what_is_void_is_not_voided_again(sold: Any) -> None:
    desk, _number, key = sold
    listed = {row["number"]: row["state"] for row in all_contracts(desk)}
    assert (listed["GY-1"], listed[key]) == ("已归档，不再履行", "我方已签用印")
    void(desk, key, "登错")
    with pytest.raises(Refusal, match=f"合同“{key}”已作废，不能再登记签署"):
        sign_customer(desk, key, {}, desk.today)


def test_who_ends_the_only_contract_of_a_live_account_is_told_what_that_means(works: Any) -> None:
    assert list(_left_without(works, NUMBER)) == []
    terminate(works, "GY-1", "登错")
    told, = _left_without(works, NUMBER)
    assert f"户号 {NUMBER} 还在用电，现在没有履行中的合同" in told


def test_a_contract_without_end_is_told_so_wherever_an_end_is_told() -> None:
    assert [end_told(None, "不定期"), end_told(None, "未知"), end_told(date(2030, 1, 1), "到期重签")] == [
        "不定期", "期限不明", "2030-01-01"]
