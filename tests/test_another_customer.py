"""An application that was begun for a known customer and turns out to be another's: the first's record stays his."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from clerk_hands import choose_kind, visit
from typing_hands import open_window, type_into, wait_idle

from desktop.domain.likeness import is_another
from desktop.usecases.case_listing import case
from desktop.usecases.copying import copy_of
from desktop.usecases.desk import Desk
from desktop.usecases.finding import find
from desktop.usecases.intake import accept
from tests.contract_book import account
from tests.trade import accepted_case, application

WANG = {"customer_name": "王伟", "customer_id_kind": "护照", "customer_id": "E12345678",
        "customer_phone": "13997000001", "usage_address": "演练县恰措镇草原路 1 号"}


def from_copy(desk: Desk, number: str, **said: Any) -> str:
    """A case that was begun as a copy of that one."""
    copy = copy_of(desk, number)
    brought = application(desk, **{**copy.answers, **said})
    return accept(desk, replace(brought, customer_id=copy.customer_id)).case_number


def test_a_neighbours_case_begun_as_a_copy_leaves_the_first_customer_who_he_was(hall: Desk) -> None:
    first = accepted_case(hall, **WANG).case_number
    second = from_copy(hall, first, customer_name="李娜", customer_id="E87654321", usage_address="草原路 2 号")
    assert [case(hall, number).row.customer for number in (first, second)] == ["王伟", "李娜"]
    assert case(hall, first).customer_id != case(hall, second).customer_id
    assert [hit.title for hit in find(hall, "王伟") if hit.kind == "客户"] == ["王伟"]
    assert [hit.title for hit in find(hall, "E12345678") if hit.kind == "客户"] == ["王伟"]


def test_a_known_neighbour_in_a_copy_is_found_by_his_own_paper(hall: Desk) -> None:
    first = accepted_case(hall, **WANG).case_number
    theirs = case(hall, accepted_case(hall, customer_name="李娜", customer_id_kind="护照", customer_id="E87654321",
                                      usage_address="草原路 2 号").case_number).customer_id
    third = from_copy(hall, first, customer_name="李娜", customer_id="E87654321", usage_address="草原路 3 号")
    assert case(hall, third).customer_id == theirs


@pytest.mark.parametrize("said", [{"customer_id": "E99999999"}, {"customer_name": "王炜"}])
def test_a_new_paper_or_a_name_set_right_is_still_the_same_customer(hall: Desk, said: dict[str, str]) -> None:
    first = accepted_case(hall, **WANG).case_number
    second = from_copy(hall, first, **said, usage_address="草原路 2 号")
    assert case(hall, first).customer_id == case(hall, second).customer_id


@pytest.mark.parametrize(("name", "number", "another"), [
    ("", "", False), ("王伟", "", False), ("王 伟", "E1", False), ("李娜", "E12345678", False), ("李娜", "E1", True),
    ("李娜", "", True), ("王伟明", "", False)])
def test_who_has_neither_his_name_nor_his_number_is_another(name: str, number: str, another: bool) -> None:
    assert is_another(name, number, "王伟", "E12345678") == another


@pytest.mark.parametrize(("name", "another"), [("青海湖畔藏毯有限公司", False), ("别的有限公司", True)])
def test_of_a_customer_without_a_number_the_name_tells(name: str, another: bool) -> None:
    assert is_another(name, "91632521MA00000A9H", "青海湖畔藏毯", "") == another


# ---- at the window

PERSON, OTHER = "11010519491231002X", "440524188001010014"


@pytest.fixture
def page(qtbot: Any, hall: Desk, font_folder: Any) -> Any:
    """The intake page in a hall that knows 王伟, his bank and another customer."""
    accepted_case(hall, **WANG, customer_address="演练县恰措镇草原路 1 号", bank_name="演练银行",
                  bank_account="6300000000000000019")
    accepted_case(hall, customer_name="完玛加", customer_id_kind="身份证", customer_id=OTHER,
                  usage_address="演练县恰措镇南路 5 号", bank_name="", bank_account="", contact_name="")
    window = open_window(qtbot, hall)
    made = visit(window, qtbot, "intake")
    yield made
    wait_idle(qtbot, window)


def known(desk: Desk, name: str) -> int:
    return next(hit.id for hit in find(desk, name) if hit.kind == "客户")


def bar(page: Any) -> str:
    return str(page.window().message_bar.text())


def test_nothing_of_one_customer_stays_when_another_is_chosen(page: Any, hall: Desk) -> None:
    page.assistant.take_customer(known(hall, "王伟"))
    assert page.form.answers()["bank_account"] == "6300000000000000019"
    page.assistant.take_customer(known(hall, "完玛加"))
    said = page.form.answers()
    assert said["customer_name"] == "完玛加"
    assert not {"bank_name", "bank_account", "contact_name"} & set(said)


def test_the_premises_of_another_customer_do_not_keep_the_paper_of_the_one_chosen_before(page: Any, hall: Desk) -> None:
    _owner, at = account(hall, "6300000000025", "完玛措")  # nobody knows his paper
    page.assistant.take_customer(known(hall, "王伟"))
    page.assistant.take_premises(at, new_supply=True)
    said = page.form.answers()
    assert said["customer_name"] == "完玛措" and page.application().customer_id is None
    assert not {"customer_id", "customer_phone", "bank_account"} & set(said)


def test_another_persons_card_takes_back_what_the_known_customer_brought(page: Any, hall: Desk) -> None:
    page.assistant.take_customer(known(hall, "王伟"))
    page.assistant._take_card({"customer_name": "才让多杰", "customer_id": PERSON, "customer_id_kind": "身份证",
                               "customer_address": "演练县恰措镇团结路18号"})
    said = page.form.answers()
    assert (said["customer_name"], said["customer_address"]) == ("才让多杰", "演练县恰措镇团结路18号")
    assert not {"customer_phone", "bank_account"} & set(said)
    assert page.application().customer_id is None


def test_another_name_and_number_typed_by_hand_part_from_the_copied_customer(page: Any, hall: Desk) -> None:
    page.begin_copy(hall_case(hall, "王伟"))
    page.form.fill({"customer_phone": "13997000077"})
    type_into(page.form.editor("customer_name"), "李娜")
    type_into(page.form.editor("customer_id"), "E87654321")
    page.form.go_to("usage_address")
    said = page.form.answers()
    assert "都不是王伟的了" in bar(page) and "bank_account" not in said
    assert (said["customer_phone"], said["customer_name"]) == ("13997000077", "李娜")  # a hand's word stays
    assert page.application().customer_id is None


def hall_case(desk: Desk, name: str) -> str:
    from desktop.usecases.telling import asked_cases

    return asked_cases(desk, name)[0].number


def test_a_card_read_in_the_middle_of_typing_keeps_the_address_and_says_whom_it_replaced(page: Any) -> None:
    said = {"customer_name": "卓玛", "customer_id": OTHER, "customer_address": "草原路77号"}  # after its usual start
    for name, text in said.items():
        type_into(page.form.editor(name), text)
    card = {"customer_name": "才让多杰", "customer_id": PERSON, "customer_address": "演练县恰措镇团结路18号"}
    page.assistant._take_card(card)
    now = page.form.answers()
    assert (now["customer_name"], now["customer_id"]) == ("才让多杰", PERSON)
    assert now["customer_address"] == "演练县恰措镇草原路77号"
    assert "请核对是不是这一位" in bar(page) and "没有改动" in bar(page)
    assert "读卡" not in page.form._cells["customer_address"]._label.text()
    assert "读卡" in page.form._cells["customer_id"]._label.text()


def test_an_agents_card_says_whose_name_it_replaced(page: Any) -> None:
    choose_kind(page)
    type_into(page.form.editor("agent_name"), "马海英")
    page.assistant._take_card({"agent_name": "才让多杰", "agent_id": PERSON})
    assert page.form.answers()["agent_name"] == "才让多杰"
    assert "已换成证件上的，请核对是不是这一位" in bar(page)


def test_the_next_persons_card_replaces_all_of_the_first_cards_words(page: Any) -> None:
    page.assistant._take_card({"customer_name": "卓玛", "customer_id": OTHER, "customer_address": "草原路1号"})
    page.assistant._take_card({"customer_name": "才让多杰", "customer_id": PERSON, "customer_address": "团结路18号"})
    assert page.form.answers()["customer_address"] == "团结路18号" and "没有改动" not in bar(page)


def test_the_beginning_of_a_name_gives_way_to_the_cards_without_a_word(page: Any) -> None:
    type_into(page.form.editor("customer_name"), "才让")
    page.assistant._take_card({"customer_name": "才让多杰", "customer_id": PERSON})
    assert page.form.answers()["customer_name"] == "才让多杰" and "请核对" not in bar(page)
