"""Lists of contracts: filtered, searched, page by page from an index, and whole."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from desktop.errors import Refusal
from desktop.usecases.contract_keeping import contract
from desktop.usecases.contract_listing import ENDINGS, ContractFilter, all_contracts, contracts
from desktop.usecases.desk import Desk
from tests.contract_book import account, book, ledgered, plans, slow_steps

TODAY = date(2026, 11, 23)


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
                       "state": "已归档", "active": True, "doubts": []}


def test_a_contract_is_known_by_its_number_or_by_the_only_one_of_its_account(hall: Desk) -> None:
    owner = account(hall, "6300000000025")
    ledgered(hall, "6300000000025@2021-12-01", number="", owner=owner)
    assert contract(hall, "6300000000025").row.key == "6300000000025@2021-12-01"
    ledgered(hall, "甲-2", owner=owner)
    with pytest.raises(Refusal, match="不止一份"):
        contract(hall, "6300000000025")
    with pytest.raises(Refusal, match="没有“甲-3”"):
        contract(hall, "甲-3")
