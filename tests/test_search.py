"""Finding by what a customer says: tails of names and initials, in every reading, and ends of phones and IDs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db import schema
from db.customers import Customer
from db.engine import Database
from db.search_keys import disagreeing, renew
from desktop.domain.pinyin import search_keys
from desktop.usecases.acting import act
from desktop.usecases.case_listing import CaseFilter, cases
from desktop.usecases.contract_listing import ContractFilter, contracts
from desktop.usecases.desk import Desk
from desktop.usecases.finding import find, spoken
from tests.contract_book import account, ledgered, plans, slow_steps
from tests.trade import accepted_case


def found(desk: Desk, said: str) -> list[str]:
    return [hit.title for hit in find(desk, said) if hit.kind == "客户"]


def wrong(desk: Desk) -> tuple[int, ...]:
    with desk.db.read() as session:
        return disagreeing(session.connection())


def test_a_customer_is_found_from_any_character_of_his_name_and_of_its_initials(hall: Desk) -> None:
    account(hall, "6300000000025", "青海湖畔·藏毯有限公司")
    account(hall, "6300000000033", "李建国")
    for said in ("青海", "湖畔藏毯", "藏毯", "ctyx", "ztyx", "qhhp", "司", "·藏"):
        assert found(hall, said) == ["青海湖畔·藏毯有限公司"], said
    assert found(hall, "jg") == ["李建国"]
    assert found(hall, "毯藏") == []


def test_a_character_of_two_readings_is_found_by_either_however_many_there_are() -> None:
    assert {"zq", "cq", "xzcq", "xczq"} <= search_keys("西藏重庆")
    keys = search_keys("曾单仇解行重藏长调传会弹朝查")
    for said in ("chtc", "zktz", "ckdz", "zhdc"):
        assert any(key.startswith(said) for key in keys), said
    assert len(keys) < 250  # and not every reading of all together


def test_names_that_begin_with_what_was_said_come_before_those_that_contain_it(hall: Desk) -> None:
    account(hall, "6300000000025", "拉毛才让")
    account(hall, "6300000000033", "才让卓玛")
    assert found(hall, "才让") == ["才让卓玛", "拉毛才让"]


def test_who_is_called_as_the_numbers_begin_comes_before_them(hall: Desk) -> None:
    number = accepted_case(hall, customer_name="杨凯").case_number
    ledgered(hall, "恰电合〔2021〕0004号", owner=account(hall, "6300000000025", "恰嘎措"))
    assert [hit.title for hit in find(hall, "yk", 1)] == ["杨凯"]
    assert [hit.title for hit in find(hall, "恰", 1)] == ["恰嘎措"]
    assert [hit.number for hit in find(hall, number[:6], 1)] == [number]
    assert [hit.number for hit in find(hall, "恰电合")] == ["恰电合〔2021〕0004号"]


def test_a_customer_is_found_by_the_end_of_his_phone_or_of_his_id(hall: Desk) -> None:
    accepted_case(hall, customer_phone="13800001234", customer_id="91632521MA00000A9H")
    name = found(hall, "1234")
    assert len(name) == 1 and found(hall, "00A9H") == found(hall, "00a9h") == name
    assert found(hall, "91632521MA00000A9H") == name and found(hall, "13800001234") == name


@pytest.mark.parametrize("said", ["0970-8612345", "09708612345", "（0970）8612345", "8612345", "2345"])
def test_a_landline_is_found_however_it_is_written(hall: Desk, said: str) -> None:
    accepted_case(hall, customer_phone="0970 8612345")
    assert len(found(hall, said)) == 1


def test_the_keys_follow_a_name_through_acceptance_import_and_change(hall: Desk) -> None:
    accepted_case(hall, customer_name="示例乙")
    customer, _ = account(hall, "6300000000025", "才让多杰")
    assert wrong(hall) == ()
    with act(hall, "rename") as doing:
        row = doing.session.get_one(Customer, customer)
        row.name, row.id_number = "完玛措", "63252119900101002X"
    assert found(hall, "完玛") == found(hall, "002X") == ["完玛措"] and found(hall, "多杰") == []
    with act(hall, "open") as doing:
        doing.session.add(Customer(name="新开户人", name_form="新开户人", initials="xkhr", facts={}, **doing.marks()))
    assert found(hall, "开户") == ["新开户人"] and wrong(hall) == ()


def test_a_check_names_the_customers_whose_keys_disagree_and_mends_them(hall: Desk) -> None:
    ids = [account(hall, f"63000000000{n}", name)[0] for n, name in enumerate(("张一", "王二", "李三"), 10)]
    with hall.db.write() as session:
        session.execute(text("DELETE FROM search_keys WHERE owner = :owner AND key = '一'"), {"owner": ids[0]})
        session.execute(text("INSERT INTO search_keys VALUES ('无此人', 99)"))
        session.execute(text("UPDATE customers SET name = '王二二' WHERE id = :id"), {"id": ids[1]})
    assert set(wrong(hall)) == {ids[0], ids[1], 99}
    with hall.db.write() as session:
        renew(session.connection())
    assert wrong(hall) == () and found(hall, "二二") == ["王二二"]


def test_cases_and_contracts_are_listed_by_the_middle_of_a_name_too(hall: Desk) -> None:
    accepted_case(hall, customer_name="青海湖畔·藏毯有限公司")
    ledgered(hall, "恰电合〔2021〕0004号", owner=account(hall, "6300000000025", "才让·卓玛"))
    assert [row.customer for row in cases(hall, CaseFilter(text="藏毯")).rows] == ["青海湖畔·藏毯有限公司"]
    assert [row.customer for row in contracts(hall, ContractFilter(text="zm")).rows] == ["才让·卓玛"]


@pytest.mark.parametrize("said", ["才让", "crzm", "1234", "YK2026", "6300", "毯", "91632521MA00000A9H"])
def test_no_search_reads_or_sorts_a_whole_table(hall: Desk, said: Any) -> None:
    accepted_case(hall)
    with plans(hall) as steps:
        find(hall, said)
        cases(hall, CaseFilter(text=said))
    assert steps and slow_steps(steps) == []


def test_a_file_of_the_first_version_is_lifted_with_what_its_customers_are_found_by(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalog: Any, clock: Any) -> None:
    first = Path(shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations"))
    for later in (first / "versions").glob("0*.py"):
        if not later.name.startswith("0001"):
            later.unlink()
    database = Database(tmp_path / "hall.db")
    with monkeypatch.context() as then:
        then.setattr(schema, "MIGRATIONS", first)
        then.setattr(schema, "NEWEST", "v0.1.0")
        schema.ensure(database)
    marks = "1, '2026-01-01', NULL, '2026-01-01', NULL"
    with database.write() as session:
        for number, name in enumerate(("拉毛才让", "重庆小面馆"), 1):
            session.execute(text(
                "INSERT INTO customers (id, name, name_form, initials, id_kind, id_number, phone, phone_tail, address,"
                " facts, version, created_at, created_by, changed_at, changed_by)"
                f" VALUES ({number}, '{name}', '{name}', '', '', '6325210000{number}', '', '', '', '{{}}', {marks})"))
    assert schema.ensure(database) == "lifted"
    desk = Desk(database, catalog, clock, tmp_path, tmp_path)
    assert found(desk, "才让") == ["拉毛才让"] and found(desk, "cqxm") == found(desk, "zqxm") == ["重庆小面馆"]
    assert found(desk, "00002") == ["重庆小面馆"] and wrong(desk) == ()
    database.close()


@pytest.mark.parametrize("said", ["%", "_", "%%%", "'; DROP TABLE customers; --", "*", "?", "😀", "😀😀", "\x00",
                                  "\x01", "\u202e",
                                  "青" * 5000, "1" * 5000, "a" * 20000, "()", "·", "　", "\n\t", "NULL", "ＡＢ％",
                                  "\ud83d", "-1"])
def test_whatever_is_typed_finds_nothing_and_breaks_nothing(hall: Desk, said: str) -> None:
    accepted_case(hall, customer_phone="13800001234", customer_id="91632521MA00000A9H")
    assert find(hall, said) == ()
    assert cases(hall, CaseFilter(text=said)).rows == () or not spoken(said)


def test_nothing_that_identifies_a_person_is_shown_whole(hall: Desk) -> None:
    accepted_case(hall, customer_phone="13800001234", customer_id="91632521MA00000A9H")
    for said in ("1234", "00A9H", "13800001234", "91632521MA00000A9H"):
        hits = find(hall, said)
        assert hits and not any("13800001234" in str(hit) or "91632521MA00000A9H" in str(hit) for hit in hits)


def test_a_name_in_traditional_letters_or_brackets_is_found_as_it_is_typed(hall: Desk) -> None:
    account(hall, "6300000000025", "興業電器（共和）商店")
    for said in ("兴业电器", "興業電器", "xydq", "电器共和", "電器（共和", "共和商店"):
        assert found(hall, said) == ["興業電器（共和）商店"], said
