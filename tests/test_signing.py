"""A printed contract's way: signed by who may and on what paper, filed, or made void."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.entries import Entry
from desktop.errors import Refusal
from desktop.usecases.acting import act
from desktop.usecases.case_listing import case
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contracting import approve_template, draw_up, print_contract, templates
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk, set_hall
from desktop.usecases.renewing import terminate
from desktop.usecases.signing import archive, sign_customer, sign_ours, void
from desktop.usecases.staffing import hall as hall_answers
from tests.trade import AGENT, CUSTOMER, OURS, answered_case, approved, printed, signed

TODAY = date(2026, 11, 23)
POWER = ("poa_number", "poa_from", "poa_until")


def agreed(desk: Desk, key: str) -> dict[str, str]:
    """The signature of the agent whom the contract names, on the power that it names."""
    said = contract(desk, key).answers
    return {"signer": said["agent_name"], "capacity": "授权代理人", **{name: said[name] for name in POWER}}


def test_nobody_signs_before_the_text_is_approved(hall: Desk) -> None:
    key = printed(hall)
    with pytest.raises(Refusal, match="审定"):
        sign_customer(hall, key, CUSTOMER, TODAY)
    assert "尚未审定" in contract(hall, key).notices[0][1]


def test_a_paper_that_says_it_is_not_approved_is_not_signed_when_its_text_is(hall: Desk) -> None:
    key = printed(hall)
    number = contract(hall, key).case_number
    assert number is not None
    approved(hall)
    with pytest.raises(Refusal, match=r"审定之前打印.*请作废.*重新起草"):
        sign_customer(hall, key, CUSTOMER, TODAY)
    assert "审定之前打印" in contract(hall, key).notices[0][1]
    void(hall, key, "文本审定前打印")
    again = draw_up(hall, number).row.key
    print_contract(hall, again)
    assert sign_customer(hall, again, CUSTOMER, TODAY).row.state == "客户已签"


def test_a_paper_of_an_older_program_is_judged_by_the_moment_of_its_printing(hall: Desk, clock: Any) -> None:
    key = printed(hall)
    clock.move(TODAY + timedelta(days=1))
    approved(hall)
    with act(hall, "older") as doing:  # which did not say in the log whether the text was approved
        row = doing.session.scalars(select(Entry).where(Entry.what == "contract_printed")).first()
        assert row is not None
        row.facts = {name: value for name, value in row.facts.items() if name != "approved"}
    with pytest.raises(Refusal, match="审定之前打印"):
        sign_customer(hall, key, CUSTOMER, TODAY)


def test_a_practice_hall_may_sign_an_unapproved_text(hall: Desk) -> None:
    set_hall(hall, hall_answers(hall), practice=True)
    key = printed(hall)
    assert contract(hall, key).practice
    assert sign_customer(hall, key, CUSTOMER, TODAY).row.state == "客户已签"


def test_only_an_administrator_approves_a_text(hall: Desk) -> None:
    counter = hall.served_by(add_clerk(hall, "1002", "示范乙", "受理员"))
    with pytest.raises(Refusal, match="受理员"):
        approve_template(counter, "low_voltage", "示范乙", TODAY)
    with pytest.raises(Refusal, match="今天"):
        approve_template(hall, "low_voltage", "示范法务", TODAY + timedelta(days=1))
    approved(hall)
    seen = {view.kind: (view.approved_by, view.approved_on) for view in templates(hall)}
    assert seen["low_voltage"] == ("示范法务", TODAY) and seen["high_voltage"] == ("", None)


def test_a_contract_signed_by_both_takes_effect_and_finishes_the_cases_stage(hall: Desk, clock: Any) -> None:
    approved(hall)
    number = answered_case(hall)
    key = draw_up(hall, number).row.key
    print_contract(hall, key)
    clock.move(date(2026, 11, 25))
    sign_customer(hall, key, CUSTOMER, date(2026, 11, 24))
    clock.move(date(2026, 11, 26))
    view = sign_ours(hall, key, OURS, date(2026, 11, 26))
    assert (view.row.state, view.row.signed_on, view.effective_on) == (
        "我方已签用印", date(2026, 11, 26), date(2026, 11, 26))
    assert view.row.ends_on == date(2029, 11, 22)  # the end as printed
    stage = case(hall, number).state.stage("S12")
    assert (stage.state, stage.done_on) == ("完成", date(2026, 11, 26))
    assert view.signing["customer"]["copies"] == "2" and view.signing["ours"]["signer"] == "示范甲"


@pytest.mark.parametrize(("signing", "on", "field"), [
    ({"capacity": "法定代表人"}, TODAY, "signer"),
    ({"signer": "才让多杰", "capacity": "朋友"}, TODAY, "capacity"),
    ({"signer": "才让多杰", "capacity": "本人"}, TODAY, "capacity"),
    ({"signer": "李四", "capacity": "法定代表人"}, TODAY, "signer"),
    ({"signer": "马海英", "capacity": "授权代理人"}, TODAY, "poa_number"),
    (AGENT | {"poa_until": "2026-11-22"}, TODAY, "poa_until"),
    (AGENT | {"poa_from": "2026-11-24"}, TODAY, "poa_until"),
    (AGENT | {"poa_from": "2026-02-30"}, TODAY, "poa_from"),
    (CUSTOMER | {"copies": "两"}, TODAY, "copies"),
    (CUSTOMER, TODAY + timedelta(days=1), "on"),
    (CUSTOMER, TODAY - timedelta(days=1), "on"),
])
def test_a_signature_that_cannot_stand_is_refused_at_its_field(hall: Desk, signing: dict[str, str], on: date,
                                                               field: str) -> None:
    approved(hall)
    key = printed(hall)
    with pytest.raises(Refusal) as no:
        sign_customer(hall, key, signing, on)
    assert no.value.field == field and contract(hall, key).row.state == "待签"


@pytest.mark.parametrize(("said", "field", "both"), [
    ({"signer": "李四"}, "signer", ("李四", "马海英")),
    ({"poa_number": "SQ-2026-002"}, "poa_number", ("SQ-2026-002", "SQ-2026-001")),
    ({"poa_until": "2029-12-31"}, "poa_until", ("2029-12-31",)),
])
def test_another_agent_or_power_than_the_contract_names_is_refused_with_both(
        hall: Desk, said: dict[str, str], field: str, both: tuple[str, str]) -> None:
    approved(hall)
    key = printed(hall)
    with pytest.raises(Refusal) as no:
        sign_customer(hall, key, agreed(hall, key) | said, TODAY)
    assert no.value.field == field and all(value in str(no.value) for value in (*both, "作废"))


def test_an_agent_whom_the_contract_does_not_name_signs_with_a_doubt_kept(hall: Desk) -> None:
    approved(hall)
    key = printed(hall, agent_name="", poa_number="", poa_from="", poa_until="")
    view = sign_customer(hall, key, AGENT, TODAY)
    assert "授权委托书原件" in view.signing["customer"]["doubt"] == view.log[-1].facts["doubt"]


def test_a_fact_that_a_signature_does_not_ask_is_named_with_the_one_that_was_meant(hall: Desk) -> None:
    approved(hall)
    key = printed(hall)
    with pytest.raises(Refusal, match=r"signr.*signer"):
        sign_customer(hall, key, CUSTOMER | {"signr": "才让多杰"}, TODAY)


def test_an_agent_signs_within_the_days_of_his_power(hall: Desk) -> None:
    approved(hall)
    key = printed(hall)
    view = sign_customer(hall, key, agreed(hall, key), TODAY)
    assert view.signing["customer"]["poa_number"] == "SQ-2026-001"


def test_a_person_signs_for_himself(hall: Desk) -> None:
    approved(hall)
    key = printed(hall, customer_name="才让·卓玛", customer_id_kind="身份证", customer_id="11010519491231002X",
                  legal_person="", legal_person_id="")
    with pytest.raises(Refusal, match="不是同一人"):
        sign_customer(hall, key, {"signer": "卓玛", "capacity": "本人"}, TODAY)
    assert sign_customer(hall, key, {"signer": "才让·卓玛", "capacity": "本人"}, TODAY).row.state == "客户已签"


def test_we_do_not_seal_before_the_customer_signed(hall: Desk) -> None:
    approved(hall)
    key = printed(hall)
    with pytest.raises(Refusal, match="还不能这样登记"):
        sign_ours(hall, key, OURS, TODAY)


def test_a_draft_is_not_signed(hall: Desk) -> None:
    key = draw_up(hall, answered_case(hall)).row.key
    with pytest.raises(Refusal) as no:
        sign_customer(hall, key, CUSTOMER, TODAY)
    assert "草稿" in str(no.value)


def test_a_signed_contract_is_filed_with_its_box_and_copies(hall: Desk) -> None:
    key = signed(hall)
    for box, returned in (("", 2), ("H-012", 0), ("H-012", 3)):
        with pytest.raises(Refusal):
            archive(hall, key, box, returned)
    view = archive(hall, key, "H-012", 2)
    assert (view.row.state, view.box, view.signing["filed"]["returned"]) == ("已归档", "H-012", 2)
    with pytest.raises(Refusal):
        void(hall, key, "错了")


def test_what_is_over_is_not_made_void_nor_told_to_be_ended_again(hall: Desk) -> None:
    key = signed(hall)
    archive(hall, key, "H-012", 2)
    terminate(hall, key, "客户销户")
    with pytest.raises(Refusal, match="已不在履行（终止：客户销户），不用作废，也不用再终止"):
        void(hall, key, "错了")


def test_a_void_contract_opens_the_cases_stage_again_and_a_new_one_gets_a_new_number(hall: Desk) -> None:
    key = signed(hall)
    number = contract(hall, key).case_number
    assert number is not None
    with pytest.raises(Refusal):
        void(hall, key, " ")
    view = void(hall, key, "客户更名")
    assert (view.row.state, view.void_reason, view.row.active) == ("作废", "客户更名", False)
    assert "S12" in case(hall, number).state.current
    with pytest.raises(Refusal, match="作废"):
        print_contract(hall, key)
    assert draw_up(hall, number).row.key == "630000-DY-2026-000002"


def test_every_deed_names_its_clerk(hall: Desk) -> None:
    key = signed(hall)
    archive(hall, key, "H-012", 2)
    log = contract(hall, key).log
    assert {entry.clerk for entry in log} == {"1001"}
    assert [entry.what for entry in log] == [
        "contract_drawn", "contract_printed", "contract_customer_signed", "contract_signed", "contract_filed"]
