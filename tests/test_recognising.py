"""Nothing asked twice: who is known, what may be a duplicate and why, and a case begun as a copy."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from db import alike
from desktop.devices.id_reader import TAKEN_EARLY, IdReader, PretendedReader, load_reader
from desktop.domain.address import address_form, address_prefix, usual_prefix
from desktop.domain.card import CUSTOMER, Card, answers_of, card_fault, card_of_text, vouched
from desktop.domain.field import samples
from desktop.errors import Refusal, Trouble
from desktop.usecases.adjusting import adjust
from desktop.usecases.case_listing import case
from desktop.usecases.copying import copy_of
from desktop.usecases.desk import Desk
from desktop.usecases.intake import accept, assess
from desktop.usecases.papering import paper_bytes
from desktop.usecases.recognising import agent_before, alikes, duplicates, hall_prefix, premises_answers
from desktop.usecases.vouching import read_card, words_of_card
from printing.raster import page_text
from tests.trade import accepted_case, application

PERSON = "11010519491231002X"
TASHI = Card("扎西·示范", PERSON, "青海省演练州演练县恰措镇团结路 8 号", date(2030, 1, 1))


def whys(desk: Desk, **said: Any) -> list[str]:
    return [each.why for each in alikes(desk, application(desk, **said))]


def test_the_same_person_is_known_and_is_no_duplicate(hall: Desk) -> None:
    accepted_case(hall)
    found = alikes(hall, application(hall, usage_address="演练县雪山乡二社 3 号"))
    customer = next(each for each in found if each.kind == "客户")
    assert (customer.why, customer.duplicate) == ("证件号码和户名都相同", False)


def test_the_same_id_under_another_name_is_asked_about(hall: Desk) -> None:
    accepted_case(hall)
    found = alikes(hall, application(hall, customer_name="另一名称有限公司", usage_address="演练县雪山乡二社 3 号"))
    assert [each.duplicate for each in found if each.kind == "客户"] == [True]


def test_an_open_case_at_the_same_place_is_a_likely_duplicate_however_the_address_is_written(hall: Desk) -> None:
    first = accepted_case(hall, usage_address="青海省演练州演练县恰措镇团结路 8 号").case_number
    twice = duplicates(hall, application(
        hall, usage_address="恰措镇团结路８号", customer_name="房客", customer_id_kind="身份证", customer_id=PERSON,
        customer_phone="13997000001"))
    assert [(each.kind, each.number) for each in twice] == [("工单", first)]
    assert "同一地址在办" in twice[0].why


def test_a_shared_telephone_or_a_namesake_is_no_duplicate(hall: Desk) -> None:
    accepted_case(hall, customer_name="扎西", customer_id_kind="身份证", customer_id=PERSON)
    other = {"usage_address": "演练县雪山乡二社 3 号", "customer_id_kind": "身份证",
             "customer_id": "632521198001010016"}
    namesake = alikes(hall, application(hall, customer_name="扎西", customer_phone="13997000001", **other))
    assert [(each.why, each.duplicate) for each in namesake] == [("同名，但证件号码不同", False)]
    neighbour = alikes(hall, application(hall, customer_name="卓玛", **other))
    assert [(each.why, each.duplicate) for each in neighbour] == [("联系电话相同，但证件号码不同", False)]


def test_a_person_without_id_at_his_own_address_may_be_the_same(hall: Desk) -> None:
    accepted_case(hall, customer_name="扎西", customer_id_kind="身份证", customer_id=PERSON)
    found = [each for each in alikes(hall, application(hall, customer_name="扎西", customer_id="", customer_phone=""))
             if each.kind == "客户"]
    assert [(each.why, each.duplicate) for each in found] == [("户名和地址都相同，可能是同一人，请核对证件", True)]


def test_a_closed_case_is_no_duplicate(hall: Desk) -> None:
    from desktop.usecases.casework import record

    number = accepted_case(hall).case_number
    record(hall, number, "S01", "ended", {"reason": "客户撤销"})
    assert not duplicates(hall, application(hall, customer_name="别家商店", customer_id=""))


def test_the_forms_right_side_shows_them_and_the_chosen_customer_not(hall: Desk) -> None:
    taken = accepted_case(hall)
    own = case(hall, taken.case_number).customer_id
    shown = assess(hall, replace(application(hall), customer_id=own)).similar
    assert [each.kind for each in shown] == ["工单"]


def test_the_command_line_tells_a_likely_duplicate(opened: Any, answers: Any) -> None:
    first = opened("accept", "--answers", answers("accept"), "--json")
    assert first.data["duplicates"] == []
    again = opened("accept", "--answers", answers("accept"))
    assert f"工单 {first.data['case']}：同一客户在办" in again.out and "可能重复" in again.out


def test_the_premises_of_an_account_fill_the_form(hall: Desk) -> None:
    taken = accepted_case(hall)
    view = case(hall, taken.case_number)
    known = premises_answers(hall, view.account_id)
    wanted = samples(("customer_name", "usage_address", "industry", "ownership_number"))
    assert {name: known[name] for name in wanted} == wanted
    assert "capacity_kw" not in known and "yx_account" not in known


@pytest.mark.parametrize(("one", "other"), [
    ("青海省海南藏族自治州共和县恰卜恰镇绿洲南路 16 号", "恰卜恰镇绿洲南路１６＃"),
    ("共和县示范工业园区纵一路3号", "示范工业园区纵一路 3 号"),
    ("西宁市城东区市场路3-1号", "城东区市场路３－１号"),
])
def test_two_spellings_of_a_place_are_one(one: str, other: str) -> None:
    assert address_form(one) == address_form(other)


def test_the_next_house_is_another_place() -> None:
    assert address_form("恰措镇团结路 8 号") != address_form("恰措镇团结路 18 号")


def test_the_beginning_of_most_addresses_is_offered(hall: Desk) -> None:
    assert address_prefix("青海省演练州演练县恰措镇团结路 8 号") == "青海省演练州演练县恰措镇"
    assert usual_prefix(["演练县恰措镇一社", "演练县恰措镇二社", "演练县雪山乡"]) == "演练县恰措镇"
    assert hall_prefix(hall) == "演练县"
    for house in "123":
        accepted_case(hall, usage_address=f"演练县恰措镇团结路 {house} 号")
    assert hall_prefix(hall) == "演练县恰措镇"


def test_the_addresses_of_an_older_file_get_their_form(hall: Desk) -> None:
    from sqlalchemy import text

    from db.customers import fill_forms

    accepted_case(hall, usage_address="演练县恰措镇团结路 8 号")
    with hall.db.write() as session:
        session.execute(text("UPDATE accounts SET address_form = ''"))
        fill_forms(session.connection())
        assert session.execute(text("SELECT address_form FROM accounts")).scalars().all() == ["恰措镇团结路8"]


def test_what_is_held_against_an_application_is_asked_by_index(hall: Desk) -> None:
    values = {"said": "x", "place": "x", "customer": 1, "most": 8}
    with hall.db.glance() as ask:
        for name in ("BY_ID", "BY_NAME", "BY_KEY", "BY_PHONE", "PLACES", "CASES_AT", "CASES_OF", "ACCOUNTS_AT",
                     "ACCOUNTS_OF"):
            sql = getattr(alike, name)
            plan = [row["detail"] for row in ask(f"EXPLAIN QUERY PLAN {sql}", **{
                each: value for each, value in values.items() if f":{each}" in sql})]
            assert not [step for step in plan if step.startswith("SCAN")], (name, plan)


# ---- a copy

def test_a_copy_takes_what_lasts_and_leaves_what_belongs_to_that_day(hall: Desk) -> None:
    number = accepted_case(hall, yx_application="261123000001", note="急").case_number
    copy = copy_of(hall, number)
    assert copy.answers["customer_name"] == samples(("customer_name",))["customer_name"]
    assert copy.answers["loads"] and copy.answers["agent_name"]
    left = {"yx_application", "note", "wanted_on", "channel", "poa_number", "poa_scope", "poa_from", "poa_until"}
    assert not left & set(copy.answers) and not copy.materials and not copy.card and copy.applied_on is None


def test_an_ended_case_is_copied_like_any_other_and_as_another_kind(hall: Desk) -> None:
    from desktop.usecases.casework import record

    number = accepted_case(hall).case_number
    record(hall, number, "S01", "ended", {"reason": "客户撤销"})
    whole, other = copy_of(hall, number), copy_of(hall, number, "高压单电源新装")
    assert whole.kind == "low_voltage_new" and other.kind == "high_voltage_single"
    assert other.answers["usage_address"] == whole.answers["usage_address"] and "capacity_kw" not in other.answers
    assert set(other.answers) <= set(hall.catalog.processes["high_voltage_single"].fields)
    with pytest.raises(Refusal, match="现在能受理的有"):
        copy_of(hall, number, "没有这种")


@pytest.mark.parametrize("kind", ["suspend", "transfer", "close"])
def test_what_was_checked_for_a_change_that_day_is_checked_anew(hall: Desk, kind: str) -> None:
    from sqlalchemy import text

    process = hall.catalog.processes[kind]
    number = accepted_case(hall).case_number
    with hall.db.write() as session:
        session.execute(text("UPDATE cases SET process = :kind, answers = :said"), {
            "kind": kind, "said": json.dumps(dict(samples(process.fields)))})
    copied = set(copy_of(hall, number).answers)
    assert not copied & {"arrears", "arrears_by", "arrears_on", "identity_check", "yx_account", "poa_number"}
    assert {"customer_name", "customer_id"} <= copied


def test_a_copy_is_printed_to_be_accepted_again(opened: Any, answers: Any) -> None:
    number = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    copy = opened("copy", number, "--json").data
    assert copy["customer_id"] and copy["answers"]["customer_name"]


def test_a_copy_hides_numbers_until_a_reason_is_given_and_kept(opened: Any, answers: Any, tmp_path: Any) -> None:
    path = answers("accept")
    given = json.loads(path.read_text("utf-8"))["answers"]
    number = opened("accept", "--answers", path, "--json").data["case"]
    secret = (given["customer_phone"], given["agent_id"], given["agent_phone"], given["legal_person_id"])
    for verb in ("copy", "ladder"):
        hidden = opened(verb, number)
        assert (hidden.code, [word for word in secret if word in hidden.out + hidden.err]) == (0, [])
        assert "--reason 原因（记入办理记录）" in hidden.err + hidden.out
        assert opened(verb, number, "--reason", " ").code == 1
    masked = tmp_path / "masked.json"
    masked.write_text(opened("copy", number).out, "utf-8")
    assert "联系电话”（customer_phone）有误" in opened("accept", "--answers", masked).err
    whole = opened("copy", number, "--reason", "客户另办一处").out + opened("ladder", number, "--reason", "代录").out
    assert all(word in whole for word in secret)
    kept = [(each["what"], each["facts"].get("reason")) for each in opened("case", number, "--json").data["log"]]
    assert kept[-2:] == [("revealed", "客户另办一处"), ("copied_out", "代录")]


def test_the_ladder_is_told_in_the_other_system_s_order_with_what_it_gave(opened: Any, answers: Any) -> None:
    number = opened("accept", "--answers", answers("accept"), "--json").data["case"]
    assert "还没有登记，录好后用 yekuo numbers 登记" in opened("ladder", number).out
    opened("numbers", number, "--application", "261123000007")
    told = opened("ladder", number)
    assert "261123000007" in told.out and "1  " in told.out
    steps = opened("ladder", number, "--json").data["steps"]
    assert len(steps) > 20 and steps[0]["label"] in told.out


# ---- the card

def test_what_the_card_says_is_vouched_for_until_a_hand_changes_it() -> None:
    read = answers_of(TASHI, CUSTOMER)
    assert set(vouched(read, read)) == {"customer_name", "customer_id", "customer_address", "customer_id_kind"}
    moved = {**read, "customer_address": "别处"}
    assert set(vouched(moved, read)) == {"customer_name", "customer_id", "customer_id_kind"}
    assert vouched({**read, "customer_id": "632521198001010016"}, read) == ()


def test_a_card_that_ran_out_is_refused() -> None:
    assert "到期" in (card_fault(TASHI, date(2030, 1, 2)) or "")
    assert card_fault(TASHI, date(2030, 1, 1)) is None
    assert card_fault(replace(TASHI, number="110105194912310021"), date(2026, 1, 1))


@pytest.mark.parametrize("text", [
    "姓名：扎西·示范\n性别：男  民族：藏\n住址：青海省演练州演练县恰措镇团结路 8 号\n公民身份号码：11010519491231002x\n"
    "有效期限：2010.01.01-2030.01.01",
    "姓名 扎西·示范 性别 男 民族 藏 住址 青海省演练州演练县恰措镇团结路 8 号 公民身份号码 11010519491231002X "
    "签发机关 演练县公安局 有效期限 20100101-20300101",
])
def test_words_of_a_readers_program_are_understood(text: str) -> None:
    assert card_of_text(text) == TASHI


def said_by(hall: Desk, taken: Any) -> str:
    return "".join("".join(page_text(paper_bytes(hall, taken.papers[0].id))).split())


def test_the_receipt_says_what_was_read_from_the_card(hall: Desk) -> None:
    read = answers_of(TASHI, CUSTOMER)
    brought = replace(application(hall, **read), card=read)
    taken = accept(hall, brought)
    assert "证件核验：读卡（户名、证件号码、" in said_by(hall, taken)
    by_eye = accept(hall, application(hall, customer_name="别家"))
    assert "证件核验：人工核对" in said_by(hall, by_eye)


def test_a_pretended_reader_serves_only_practice(hall: Desk) -> None:
    with pytest.raises(Refusal, match="没有设定"):
        read_card(hall)
    adjust(hall.folder, "id_reader", "practice")
    with pytest.raises(Refusal, match="演练厅"):
        read_card(hall)
    reader = PretendedReader(())
    with pytest.raises(Trouble, match="没有身份证"):
        read_card(hall, reader=reader)
    reader.lay(TASHI)
    assert read_card(hall, "agent", reader) == {"agent_name": TASHI.name, "agent_id": PERSON}


class OfSomeMaker:
    """A maker's driver, as a hall would install it."""

    name = "示范读卡器"

    def read(self) -> Card:
        return TASHI


@pytest.mark.parametrize("card", [
    Card("示范·家明", "830000199003070027", "演练县团结路 9 号", date(2035, 12, 31), "港澳台居民居住证"),
    Card("SHIFAN EXAMPLE", "911124198808030033", "", date(2033, 6, 30), "外国人永久居留证"),
    Card("SHIFAN EXAMPLE", "CAN110180010110", "", date(2027, 6, 30), "外国人永久居留证")])
def test_the_card_itself_says_what_kind_it_is(hall: Desk, card: Card) -> None:
    read = read_card(hall, reader=PretendedReader([card]))
    assert (read["customer_id_kind"], read["customer_id"]) == (card.kind, card.number)
    taken = accept(hall, replace(application(hall, **read), card=read))
    assert case(hall, taken.case_number).log[0].facts["card_fields"][:2] == ["customer_name", "customer_id"]
    late = replace(card, valid_until=date(2026, 11, 1))
    with pytest.raises(Refusal, match=f"这张{card.kind}已于 2026-11-01 到期"):
        read_card(hall, reader=PretendedReader([late]))


class FromAnotherWorld:
    name = "1"


@pytest.mark.parametrize(("comes", "told"), [
    (TAKEN_EARLY, "没有读完就拿开了"), (Card("卓玛", ""), "没有读完就拿开了"),
    (Card(" \0", PERSON), "没有读完就拿开了"),
    (Card("", "\0\0"), "读卡器上没有身份证"), (OSError(19, "No such device"), "读卡器没有应答，可能松了线或被拔掉了"),
    (TimeoutError(), "读卡器没有应答"), (RuntimeError(f"read {PERSON} failed"), "驱动出了差错（RuntimeError）"),
    (None, "给出的不是证件内容"), ({"name": "卓玛"}, "给出的不是证件内容"), (FromAnotherWorld(), "给出的不是证件内容"),
    (Card(b"\xd7\xbf", PERSON), "给出的不是证件内容"), (Card("卓\ufffd", PERSON), "给出的不是证件内容"),
    (Card("卓玛", PERSON, "路" * 5000), "给出的不是证件内容"), (Card("卓玛", PERSON, "", "长期"), "给出的不是证件内容"),
    (Card("卓\x1b玛", PERSON), "给出的不是证件内容")])
def test_whatever_goes_wrong_with_a_reader_is_a_sentence_and_the_hands_way_stays(
        hall: Desk, comes: Any, told: str) -> None:
    reader = PretendedReader([TASHI])
    reader.next_comes(comes)
    with pytest.raises(Trouble) as trouble:
        read_card(hall, reader=reader)
    assert told in str(trouble.value) and "手工填写" in str(trouble.value)
    assert PERSON not in repr(trouble.value.__cause__)
    assert read_card(hall, reader=reader)["customer_name"] == TASHI.name  # the next reading is one like any other


def test_a_chips_padding_and_a_moment_for_a_day_are_no_rubbish(hall: Desk) -> None:
    reader = PretendedReader([Card(" 卓玛\0\0", f"{PERSON} ", "团结路 8 号  ", datetime(2030, 1, 1, 8))])
    assert read_card(hall, reader=reader) == {
        "customer_name": "卓玛", "customer_id": PERSON, "customer_address": "团结路 8 号", "customer_id_kind": "身份证"}


def test_a_paper_without_a_chip_is_not_read(hall: Desk) -> None:
    with pytest.raises(Refusal, match="能读的有：身份证、港澳台居民居住证、外国人永久居留证"):
        read_card(hall, reader=PretendedReader([Card("卓玛", "E12345678", kind="护照")]))


class FallsAtOnce:
    """A driver whose library is not there."""

    def __init__(self) -> None:
        raise RuntimeError("no library")


def test_a_makers_reader_is_loaded_by_its_name(hall: Desk) -> None:
    made = load_reader(f"{__name__}:OfSomeMaker")
    assert isinstance(made, IdReader) and made.read() == TASHI
    adjust(hall.folder, "id_reader", f"{__name__}:OfSomeMaker")
    assert read_card(hall)["customer_name"] == TASHI.name
    for wrong in ("no.such.module:Reader", "math:pi", "math:Missing", f"{__name__}:FallsAtOnce"):
        with pytest.raises(Trouble):
            load_reader(wrong)
    with pytest.raises(Refusal):
        load_reader("nonsense")


@pytest.mark.parametrize(("text", "kind"), [
    ("姓名：示范·家明 住址：团结路 9 号 公民身份号码：830000199003070027", "港澳台居民居住证"),
    ("台湾居民居住证 姓名：示范 证件号码：830000199003070027", "港澳台居民居住证"),
    ("外国人永久居留身份证 姓名：SHIFAN EXAMPLE 证件号码：CAN110180010110", "外国人永久居留证"),
    ("姓名：SHIFAN EXAMPLE 证件号码：911124198808030033", "外国人永久居留证")])
def test_pasted_words_tell_the_kind_of_card(hall: Desk, text: str, kind: str) -> None:
    assert words_of_card(hall, text)["customer_id_kind"] == kind


def test_pasted_words_fill_and_vouch_for_nothing(hall: Desk) -> None:
    assert words_of_card(hall, f"姓名：扎西 公民身份号码：{PERSON}")["customer_name"] == "扎西"
    with pytest.raises(Refusal):
        words_of_card(hall, "姓名：扎西")


# ---- an agent with several customers


def test_the_agent_of_the_case_just_accepted_is_offered_on_the_next_and_his_authority_is_asked_anew(
        hall: Desk) -> None:
    assert agent_before(hall) is None
    number = accepted_case(hall).case_number
    before = agent_before(hall)
    assert before is not None and before.number == number
    assert set(before.answers) == {"agent_name", "agent_id", "agent_phone"}
    assert before.answers["agent_name"] in before.told and before.answers["agent_id"] not in before.told
    other = application(hall, customer_name="另一户")
    bare = {name: value for name, value in other.answers.items() if not name.startswith(("agent_", "poa_"))}
    found = assess(hall, replace(other, answers={**bare, **before.answers}))
    asked = {each.field for each in found.missing}
    assert {"poa_number", "poa_scope"} <= asked and not asked & set(before.answers)


def test_no_agent_is_offered_of_another_clerk_another_day_or_after_a_customer_who_came_himself(
        hall: Desk, clock: Any) -> None:
    from desktop.usecases.hall_keeping import add_clerk

    accepted_case(hall)
    assert agent_before(hall.served_by(add_clerk(hall, "1002", "示范柜员", "受理员"))) is None
    assert agent_before(hall.served_by(None)) is None
    himself = application(hall, customer_name="自来户", usage_address="演练县河湾村 7 号")
    own = {name: value for name, value in himself.answers.items() if not name.startswith(("agent_", "poa_"))}
    clock.forward(minutes=5)
    accept(hall, replace(himself, answers=own))
    assert agent_before(hall) is None
    accepted_case(hall, customer_name="第三户", usage_address="演练县河湾村 8 号")
    clock.forward(days=1)
    assert agent_before(hall) is None
