"""A contract's way: drawn up from the case, checked, printed once for all, signed by who may, filed or made void."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from db.contracts import Contract
from db.customers import Account, Customer
from desktop.errors import Refusal
from desktop.usecases.case_listing import case
from desktop.usecases.casework import log_of as case_log
from desktop.usecases.casework import record
from desktop.usecases.contract_amending import (
    confirm_successor,
    months_between,
    set_dates,
    set_kind,
    set_renewal,
    settle_doubts,
    supplement_account,
)
from desktop.usecases.contract_keeping import ContractView, contract
from desktop.usecases.contract_listing import ENDINGS, ContractFilter, all_contracts, contracts
from desktop.usecases.contracting import approve_template, draw_up, preview, print_contract, templates
from desktop.usecases.desk import Desk
from desktop.usecases.papering import paper_bytes
from desktop.usecases.reminder_listing import reminders
from desktop.usecases.signing import archive, sign_customer, sign_ours, void
from desktop.usecases.staffing import add_clerk, set_hall
from desktop.usecases.staffing import hall as hall_answers
from printing.raster import page_text
from tests.contract_book import account, book, ledgered, plans, slow_steps
from tests.trade import accepted_case, done

TODAY = date(2026, 11, 23)
CUSTOMER = {"signer": "才让多杰", "capacity": "法定代表人", "copies": "2"}
OURS = {"signer": "示范甲", "capacity": "负责人"}
AGENT = {"signer": "马海英", "capacity": "授权代理人", "poa_number": "SQ-2026-001", "poa_from": "2026-11-01",
         "poa_until": "2027-10-31"}


def answered_case(desk: Desk, **said: Any) -> str:
    number = accepted_case(desk, **said).case_number
    done(desk, number, "S04")
    return number


def printed(desk: Desk, **said: Any) -> str:
    key = draw_up(desk, answered_case(desk, **said)).row.key
    print_contract(desk, key)
    return key


def approved(desk: Desk) -> None:
    approve_template(desk, "low_voltage", "示范法务", TODAY)


def signed(desk: Desk) -> str:
    approved(desk)
    key = printed(desk)
    sign_customer(desk, key, CUSTOMER, desk.today)
    sign_ours(desk, key, OURS, desk.today)
    return key


# --- drawing up and printing


def test_no_contract_before_the_scheme_was_answered(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    with pytest.raises(Refusal) as no:
        draw_up(hall, number)
    assert "供电方案尚未答复" in str(no.value)
    assert contracts(hall).rows == ()


def test_a_contract_takes_its_blanks_from_case_scheme_and_hall(hall: Desk) -> None:
    view = draw_up(hall, answered_case(hall, customer_name="示例县𬭼堃藏毯有限公司"))
    assert view.faults == () and view.row.state == "草稿"
    said = {name: view.answers[name] for name in ("customer_name", "scheme_line", "supplier_name", "boundary_point")}
    assert said == {"customer_name": "示例县𬭼堃藏毯有限公司", "scheme_line": "10kV 绿洲路线",
                    "supplier_name": "演练县供电公司", "boundary_point": "计量箱内用户侧出线开关下桩头"}
    assert (view.row.capacity, view.answers["contract_from"]) == ("80 kW", "2026-11-23")
    assert view.row.key == "630000-DY-2026-000001" and view.case_number is not None


def test_drawn_up_again_a_draft_takes_the_newest_facts_and_keeps_its_number(hall: Desk) -> None:
    number = answered_case(hall)
    first = draw_up(hall, number)
    record(hall, number, "S11", "sent_back", {"reason": "客户改线路", "to": "S04"})
    done(hall, number, "S04", facts={"scheme_line": "10kV 城东线"})
    again = draw_up(hall, number)
    assert again.row.key == first.row.key and again.answers["scheme_line"] == "10kV 城东线"
    assert len(contracts(hall).rows) == 1


def test_a_repeated_request_draws_up_one_contract(hall: Desk) -> None:
    number = answered_case(hall)
    keys = {draw_up(hall, number, request_id="once").row.key for _ in range(2)}
    assert len(keys) == 1 and len(contract(hall, keys.pop()).log) == 1


def test_a_hall_without_its_own_half_draws_up_nothing(empty_hall: Desk) -> None:
    desk = empty_hall.served_by(add_clerk(empty_hall, "1001", "示范员", "管理员"))
    with pytest.raises(Refusal, match="营业厅资料"):
        draw_up(desk, "YK202611230001")


def test_a_contract_with_a_hole_is_neither_shown_nor_printed(hall: Desk) -> None:
    key = draw_up(hall, answered_case(hall)).row.key
    _lose(hall, key, "metering_point")
    assert [fault.field for fault in contract(hall, key).faults] == ["metering_point"]
    for verb in (preview, print_contract):
        with pytest.raises(Refusal) as no:
            verb(hall, key)
        assert [lack.field for lack in no.value.missing] == ["metering_point"]
    assert contract(hall, key).papers == ()


def _lose(desk: Desk, key: str, *names: str) -> None:
    kept = {name: value for name, value in contract(desk, key).answers.items() if name not in names}
    with desk.db.write() as session:
        session.execute(update(Contract).where(Contract.key == key).values(answers=kept))


def test_what_is_printed_is_what_was_answered(hall: Desk) -> None:
    key = printed(hall)
    view = contract(hall, key)
    text = "".join("".join(page_text(paper_bytes(hall, view.papers[0].id))).split())
    for name in ("customer_name", "supplier_name", "usage_address", "boundary_point", "scheme_line", "meter_spec"):
        assert "".join(str(view.answers[name]).split()) in text
    assert view.answers["late_fee"] == "2" and key in text  # a default that was printed is kept as an answer


def test_printing_again_sends_the_same_bytes_and_is_noted_as_such(hall: Desk) -> None:
    number = answered_case(hall)
    key = draw_up(hall, number).row.key
    first = print_contract(hall, key)
    kept = paper_bytes(hall, first.id)
    half = hall_answers(hall)
    set_hall(hall, half | {"supplier_name": "改名后的供电公司"})
    assert print_contract(hall, key) == first and paper_bytes(hall, first.id) == kept == preview(hall, key)
    assert hashlib.sha256(kept).hexdigest() == first.sha256
    assert [entry.what for entry in contract(hall, key).log] == ["contract_drawn", "contract_printed", "reprinted"]


def test_a_printed_contract_waits_to_be_signed_and_is_told_to_its_case(hall: Desk) -> None:
    key = printed(hall)
    view = contract(hall, key)
    assert (view.row.state, view.printed_on) == ("待签", TODAY)
    with hall.db.read() as session:
        told = [entry.what for entry in case_log(session, 1)]
    assert told[-2:] == ["contract_drawn", "contract_printed"]


def test_a_printed_contract_stays_as_it_is_and_a_changed_one_is_drawn_up_anew(hall: Desk) -> None:
    number = answered_case(hall)
    key = draw_up(hall, number).row.key
    print_contract(hall, key)
    record(hall, number, "S11", "sent_back", {"reason": "客户改期限", "to": "S04"})
    done(hall, number, "S04", facts={"contract_years": "5"})
    assert draw_up(hall, number).row.ends_on == date(2029, 11, 22)
    void(hall, key, "客户改期限")
    again = draw_up(hall, number)
    assert (again.row.key == key, again.row.ends_on) == (False, date(2031, 11, 22))
    assert len(contract(hall, key).papers) == 1


def test_a_term_beyond_the_cap_of_its_kind_is_not_printed(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04", facts={"contract_years": "11"})
    key = draw_up(hall, number).row.key
    with pytest.raises(Refusal) as no:
        print_contract(hall, key)
    assert "10 年" in str(no.value)


def test_a_contract_changed_at_another_counter_is_not_printed_over(hall: Desk, monkeypatch: Any) -> None:
    key = draw_up(hall, answered_case(hall)).row.key
    from desktop.usecases import contracting

    real = contracting.contract_pdf

    def meanwhile(*args: Any) -> bytes:
        void(hall, key, "另一柜台作废")
        return real(*args)

    monkeypatch.setattr(contracting, "contract_pdf", meanwhile)
    with pytest.raises(Refusal, match="别的柜台"):
        print_contract(hall, key)
    assert contract(hall, key).papers == ()


def test_a_ledgers_contract_has_no_paper_of_ours(hall: Desk) -> None:
    ledgered(hall, "甲-1")
    with pytest.raises(Refusal, match="台账导入"):
        print_contract(hall, "甲-1")


# --- signing


def test_nobody_signs_before_the_text_is_approved(hall: Desk) -> None:
    key = printed(hall)
    with pytest.raises(Refusal, match="审定"):
        sign_customer(hall, key, CUSTOMER, TODAY)
    approved(hall)
    assert sign_customer(hall, key, CUSTOMER, TODAY).row.state == "客户已签"


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


def test_an_agent_signs_within_the_days_of_his_power(hall: Desk) -> None:
    approved(hall)
    key = printed(hall)
    view = sign_customer(hall, key, AGENT, TODAY)
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
    for box, returned in (("", 2), ("H-012", 0)):
        with pytest.raises(Refusal):
            archive(hall, key, box, returned)
    view = archive(hall, key, "H-012", 2)
    assert (view.row.state, view.box, view.signing["filed"]["returned"]) == ("已归档", "H-012", 2)
    with pytest.raises(Refusal):
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


# --- lists


def keys(desk: Desk, **wanted: Any) -> list[str]:
    return [row.key for row in contracts(desk, ContractFilter(**wanted)).rows]


def test_a_list_goes_on_where_its_page_ended_and_shows_each_once(hall: Desk) -> None:
    book(hall, 137, lambda n: {"ends_on": None if n % 10 == 0 else TODAY + timedelta(days=(n * 37) % 50)})
    seen: list[Any] = []
    after = None
    while True:
        page = contracts(hall, after=after, limit=20)
        seen += page.rows
        if page.next is None:
            break
        after = page.next
    assert len(seen) == len({row.key for row in seen}) == 137
    dated = [row.ends_on for row in seen if row.ends_on]
    assert dated == sorted(dated) and all(row.ends_on is None for row in seen[len(dated):])


def test_a_list_is_filtered_by_kind_state_ending_renewal_doubt_and_force(hall: Desk) -> None:
    ledgered(hall, "甲-1", kind="temporary", ends_on=TODAY + timedelta(days=10))
    ledgered(hall, "甲-2", ends_on=TODAY - timedelta(days=10))
    ledgered(hall, "甲-3", ends_on=None, doubts=[{"code": "no_term", "sentence": "没有期限"}])
    ledgered(hall, "甲-4", ends_on=TODAY - timedelta(days=10), renewal="自动续展", objection_days=30)
    ledgered(hall, "甲-5", ends_on=TODAY, active=False, state="作废")
    assert keys(hall) == ["甲-2", "甲-4", "甲-1", "甲-3"]
    assert keys(hall, kind="temporary") == ["甲-1"]
    assert keys(hall, ending="15") == ["甲-1"] and keys(hall, ending="7") == []
    assert keys(hall, ending="overdue") == ["甲-2"]
    assert keys(hall, ending="unknown") == keys(hall, doubtful=True) == ["甲-3"]
    assert keys(hall, renewal="自动续展") == ["甲-4"]
    assert keys(hall, state="作废", active=False) == ["甲-5"] and keys(hall, state="作废") == []
    with pytest.raises(Refusal):
        keys(hall, ending="soon")


def test_a_list_is_searched_by_number_name_initials_and_account(hall: Desk) -> None:
    ledgered(hall, "恰电合〔2021〕0004号", owner=account(hall, "6300000000025", "才让·卓玛"))
    ledgered(hall, "河电合〔2020〕0002号", owner=account(hall, "6300000000033", "王桂兰"))
    for said in ("恰电合", "才让•卓", "crzm", "630000000002"):
        assert keys(hall, text=said) == ["恰电合〔2021〕0004号"]
    assert keys(hall, text="查无此人") == []


def test_the_running_term_of_a_contract_that_follows_itself_is_shown_beside_its_written_end(hall: Desk) -> None:
    ledgered(hall, "甲-1", ends_on=date(2021, 11, 30), renewal="自动续展", objection_days=30, term_months=36)
    (row,) = contracts(hall).rows
    assert (row.ends_on, row.term_end, row.days_left) == (date(2021, 11, 30), date(2027, 11, 30), 372)


@pytest.mark.parametrize("analysed", [False, True])
def test_no_list_reads_or_sorts_a_whole_table(hall: Desk, analysed: bool) -> None:
    modes = ("未知", "自动续展", "到期重签", "不定期")
    kinds = ("low_voltage", "high_voltage", "resident", "temporary")
    states = ("已归档", "我方已签用印", "待签", "草稿", "作废")
    book(hall, 600, lambda n: {
        "state": states[min(n % 40, 4)],
        "ends_on": None if n % 9 == 0 else TODAY + timedelta(days=n), "renewal": modes[n % 4], "kind": kinds[n % 4],
        "objection_days": 30, "doubts": [{"code": "x", "sentence": "y"}] if n % 11 == 0 else []}, customers=60)
    if analysed:
        with hall.db.write() as session:
            session.connection().exec_driver_sql("ANALYZE")
    wanted = [ContractFilter(ending=ending) for ending in ENDINGS]
    wanted += [ContractFilter(kind="temporary"), ContractFilter(state="已归档"), ContractFilter(renewal="未知"),
               ContractFilter(doubtful=True), ContractFilter(active=False), ContractFilter(doubtful=True, active=False),
               ContractFilter(kind="temporary", state="已归档", renewal="未知", ending="90", doubtful=True)]
    with plans(hall) as steps:
        for each in wanted:
            page = contracts(hall, each, limit=20)
            if page.next:
                contracts(hall, each, page.next, limit=20)
    assert steps and slow_steps(steps) == []


def test_all_contracts_are_told_one_after_another_in_plain_values(hall: Desk) -> None:
    book(hall, 1203, lambda n: {"ends_on": TODAY})
    told = list(all_contracts(hall))
    assert len(told) == 1203 and len({one["number"] for one in told}) == 1203
    assert told[0] == {"number": "K000000", "account": "6300000000000", "name": "示例县第0养殖合作社",
                       "kind": "低压非居民", "signed": None, "starts": None, "ends": "2026-11-23", "renewal": "未知",
                       "state": "已归档", "doubts": []}


def test_a_contract_is_known_by_its_number_or_by_the_only_one_of_its_account(hall: Desk) -> None:
    owner = account(hall, "6300000000025")
    ledgered(hall, "6300000000025@2021-12-01", number="", owner=owner)
    assert contract(hall, "6300000000025").row.key == "6300000000025@2021-12-01"
    ledgered(hall, "甲-2", owner=owner)
    with pytest.raises(Refusal, match="不止一份"):
        contract(hall, "6300000000025")
    with pytest.raises(Refusal, match="没有“甲-3”"):
        contract(hall, "甲-3")


# --- what a person settles


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
    for wrong in ({"supplier_name": "他人"}, {"nonsense": "1"}, {"customer_phone": "123"}):
        with pytest.raises(Refusal):
            supplement_account(hall, "甲-1", wrong)


def test_nobody_at_the_desk_writes_nothing(hall: Desk) -> None:
    number = answered_case(hall)
    alone = hall.served_by(None)
    for verb in (lambda: draw_up(alone, number), lambda: set_renewal(
            alone, kind="low_voltage", mode="到期重签", confirmed_by="示范甲")):
        with pytest.raises(Refusal, match="经办人"):
            verb()
    assert contracts(hall).rows == ()


def test_a_view_names_all_that_hangs_together(hall: Desk) -> None:
    view: ContractView = contract(hall, signed(hall))
    assert view.template_approved and view.row.has_template and view.papers[0].kind == "供用电合同"
    assert view.predecessor is view.successor is view.successor_offer is None


def test_an_approved_text_is_printed_without_the_notice_that_it_must_be_approved(hall: Desk) -> None:
    number = answered_case(hall)
    approve_template(hall, "low_voltage", "示范法务", hall.today)
    paper = print_contract(hall, draw_up(hall, number).row.key)
    assert "须经法务审定" not in "".join(page_text(paper_bytes(hall, paper.id)))
