"""Halls' own ledgers, row by row: the samples to the letter of their truth, and ledgers from other hands."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from desktop.catalog.release import load_catalog
from desktop.domain.contract import end_of
from desktop.domain.ledger import DOUBTFUL, RETURNED, TAKEN, Ledger, LedgerRow, read_ledger
from desktop.domain.ledger_cells import Cell, Sheet, cell_text, read_capacity, read_identity
from desktop.domain.ledger_dates import agrees_with_term, end_of_term, read_date, read_term
from printing.sheet_reading import read_book

SAMPLES = Path(__file__).parent / "samples"
KINDS = {"居民": "resident", "低压非居民": "low_voltage", "高压": "high_voltage", "临时": "temporary"}
UNITS = {"resident": "kW", "low_voltage": "kW", "high_voltage": "kVA", "temporary": "kW"}
WORDS = load_catalog().ledger_words
FLAW_TO_DOUBT = {"no_end": "no_term"} | {code: code for code in (
    "id_check", "id_precision", "no_term", "bad_date", "two_digit_year", "end_before_start", "end_contradicts")}
HEAD = ("户号", "户名", "证件号码", "合同类型", "容量", "合同编号", "签订日期", "有效期（年）", "到期日", "备注")
GOOD: dict[str, Cell] = {
    "户号": "6308633139480", "户名": "扎西·顿珠", "合同类型": "低压非居民", "容量": "80kW", "合同编号": "DY-2026-00001",
    "签订日期": "2026-05-24", "有效期（年）": "10", "到期日": "2036-05-23",
}
BODY = "63252219820610254"
ID = BODY + ric.calc_check_digit(BODY + "0")


def one(head: tuple[str, ...] = HEAD, /, **cells: Cell) -> LedgerRow:
    """The one data row of a small ledger: a good row with some cells written otherwise."""
    said = GOOD | cells
    (row,) = read(head, tuple(said.get(name) for name in head)).rows
    return row


def read(*rows: tuple[Cell, ...], merged: Any = (), is_1904: bool = False) -> Ledger:
    return read_ledger((Sheet("表", tuple(rows), merged=merged, is_1904=is_1904),), WORDS)


def codes(row: LedgerRow) -> set[str]:
    return {doubt.code for doubt in row.doubts}


def truth(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((SAMPLES / f"{name}.truth.json").read_text("utf-8"))["rows"]
    return rows


def expected(said: dict[str, Any], indefinite: bool) -> tuple[str, set[str]]:
    """What a row of the truth must become, and with which doubts."""
    doubts = {FLAW_TO_DOUBT[said["flaw"]]} if said["flaw"] in FLAW_TO_DOUBT else set()
    if indefinite and said["kind"] == "居民":
        doubts.discard("no_term")
    if said.get("gone"):
        doubts.add("gone")
    if said["flaw"] in ("no_account", "bad_account"):
        return RETURNED, doubts
    return (DOUBTFUL if doubts else TAKEN), doubts


@pytest.mark.parametrize(("file", "truth_name"), [
    ("合同台账样例.xlsx", "合同台账样例"), ("各供电所合同台账.xlsx", "各供电所合同台账"),
    ("各供电所合同台账.xls", "各供电所合同台账"), ("各供电所合同台账.csv", "各供电所合同台账"),
])
def test_every_row_of_the_samples_becomes_what_its_truth_says(file: str, truth_name: str) -> None:
    ledger = read_ledger(read_book(SAMPLES / file), WORDS)
    said = truth(truth_name)
    found = {row.number: row for row in ledger.rows}
    assert len(ledger.rows) == len(found) == len(said)
    for want in said:
        row = found[want["number"]]
        result, doubts = expected(want, row.indefinite)
        assert (row.result, codes(row)) == (result, doubts), want
        assert (row.account or None, row.name, row.kind_id) == (want["account"], want["name"], KINDS[want["kind"]])
        assert (row.ends and row.ends.isoformat()) == want["end"], want
        assert "signed" not in want or str(row.signed) == want["signed"]
        assert "row" not in want or row.row == want["row"]


def test_residents_with_no_end_on_purpose_are_indefinite_and_others_are_asked() -> None:
    ledger = read_ledger(read_book(SAMPLES / "合同台账样例.xlsx"), WORDS)
    open_ended = [row for row in ledger.rows if "长期" in map(cell_text, row.cells)]
    assert {row.indefinite for row in open_ended if row.kind_id == "resident"} == {True}
    assert {row.indefinite for row in open_ended if row.kind_id != "resident"} == {False}
    assert len(open_ended) == 47


def test_titles_subtotals_and_empty_rows_are_counted_as_skipped() -> None:
    ledger = read_ledger(read_book(SAMPLES / "合同台账样例.xlsx"), WORDS)
    whys = [skipped.why for skipped in ledger.skipped]
    assert {why: whys.count(why) for why in set(whys)} == {"空行": 11, "小计合计": 6, "标题": 3, "表头": 1}


@pytest.mark.parametrize(("written", "said"), [
    (date(2036, 5, 23), "2036-05-23"), (datetime(2036, 5, 23, 13, 5), "2036-05-23"), (49818.0, "2036-05-23"),
    ("49818", "2036-05-23"), (20360523.0, "2036-05-23"), ("20360523", "2036-05-23"), ("2036年5月23日", "2036-05-23"),
    ("2036.5.23", "2036-05-23"), ("2036/5/23 0:00:00", "2036-05-23"), ("２０３６／０５／２３", "2036-05-23"),
    (" 2036-5-23 ", "2036-05-23"), ("至2036年5月23日止", "2036-05-23"), ("二〇三六年五月二十三日", "2036-05-23"),
    ("2036-05-23T00:00:00", "2036-05-23"), ("5/23/2036", "2036-05-23"), ("2036年5月23号", "2036-05-23"),
    ("2036-5-23 周五", "2036-05-23"), ("2036、5、23", "2036-05-23"),
])
def test_dates_are_read_in_every_shape(written: Cell, said: str) -> None:
    assert str(read_date(written).day) == said
    assert one(到期日=written).result == TAKEN


@pytest.mark.parametrize("written", [
    "2026-02-30", "2026年13月1日", "2026-00-10", "2026年11月", 2026.11, 0.0, time(0, 0), "3/4/2026", "待定", "#N/A",
    "=EDATE(A1,12)", True, float("nan"), 3e6, "见合同", "2026", "20260230", date(1900, 1, 5),
])
def test_an_end_that_no_calendar_has_is_a_doubt_and_left_empty(written: Cell) -> None:
    row = one(到期日=written)
    assert (row.result, codes(row), row.ends) == (DOUBTFUL, {"bad_date"}, None)
    assert (row.signed, row.term_months) == (date(2026, 5, 24), 120)


@pytest.mark.parametrize("written", ["36年5月23日", "36.5.23", "36-05-23", "5/23/36", "360523", "26.5.24-36.5.23"])
def test_a_two_digit_year_is_a_doubt_and_never_guessed(written: str) -> None:
    row = one(到期日=written)
    assert (row.result, codes(row), row.ends) == (DOUBTFUL, {"two_digit_year"}, None)


def test_a_doubtful_signing_date_leaves_a_plain_end_alone() -> None:
    row = one(签订日期="26年5月24日")
    assert (codes(row), row.signed, row.ends) == ({"two_digit_year"}, None, date(2036, 5, 23))


def test_a_blank_end_follows_from_signing_and_term() -> None:
    row = one(到期日="")
    assert (row.result, row.ends) == (TAKEN, date(2036, 5, 23))
    assert one(到期日="/").ends == date(2036, 5, 23)


def test_a_blank_end_is_not_computed_from_a_doubtful_signing_date() -> None:
    row = one(到期日="", 签订日期="2026-02-30")
    assert (codes(row), row.ends) == ({"bad_date"}, None)


def test_a_contract_signed_on_leap_day_ends_on_28_february() -> None:
    row = one(签订日期="2024-02-29", 到期日="", **{"有效期（年）": "5"})
    assert row.ends == date(2029, 2, 28)


@pytest.mark.parametrize("end", ["2036-05-23", "2036-05-24"])
def test_the_anniversary_and_the_day_before_it_both_agree(end: str) -> None:
    row = one(到期日=end)
    assert (row.result, str(row.ends)) == (TAKEN, end)


@pytest.mark.parametrize("end", ["2036-05-22", "2036-05-25", "2037-05-23", "2031-05-23"])
def test_any_other_end_contradicts_signing_and_term(end: str) -> None:
    row = one(到期日=end)
    assert (row.result, codes(row), row.ends) == (DOUBTFUL, {"end_contradicts"}, None)


def test_an_end_before_the_beginning_is_a_doubt_of_its_own() -> None:
    row = one(到期日="2025-12-23")
    assert (codes(row), row.ends, row.term_months) == ({"end_before_start"}, None, 120)


@pytest.mark.parametrize(("kind", "written", "doubts", "indefinite"), [
    ("居民", "长期", set(), True), ("居民", "长期有效", set(), True), ("居民", "至拆除", {"no_term"}, False),
    ("高压", "长期", {"no_term"}, False), ("临时", "至拆除", {"no_term"}, False), ("居民", "", {"no_term"}, False),
    ("低压", "无固定期限", {"no_term"}, False), ("临时", "至工程竣工", {"no_term"}, False),
])
def test_no_term_is_a_doubt_but_for_a_residents_long_term(
        kind: str, written: str, doubts: set[str], indefinite: bool) -> None:
    row = one(合同类型=kind, 到期日=written, **{"有效期（年）": ""})
    assert (codes(row), row.indefinite, row.ends) == (doubts, indefinite, None)
    assert row.result == (DOUBTFUL if doubts else TAKEN)


@pytest.mark.parametrize(("written", "months"), [
    ("3", 36), (3.0, 36), ("3年", 36), ("三年", 36), ("叁年", 36), ("36个月", 36), ("１０", 120), ("10.0", 120),
    ("半年", 6), ("三年半", 42), ("1年6个月", 18), ("五（5）年", 60), ("3-5年", None), ("90天", None),
    ("0", None), (True, None),
])
def test_terms_are_read_in_every_shape(written: Cell, months: int | None) -> None:
    assert read_term(written) == months


def test_a_bare_term_is_of_the_unit_that_its_head_says() -> None:
    head = tuple("期限（月）" if name == "有效期（年）" else name for name in HEAD)
    row = one(head, 到期日="", **{"期限（月）": "36"})
    assert (row.term_months, row.ends) == (36, date(2029, 5, 23))
    assert read_term(36.0) is None  # years or months? not guessed


def test_one_column_may_hold_the_whole_period() -> None:
    head = ("户号", "户名", "合同类型", "合同编号", "合同期限")
    row = one(head, 合同期限="2021年3月1日至2026年2月28日")
    assert (row.result, row.starts, row.ends) == (TAKEN, date(2021, 3, 1), date(2026, 2, 28))
    assert codes(one(head, 合同期限="2021.3.1-2026.2.30")) == {"bad_date"}


@pytest.mark.parametrize("written", [
    "6308633139480", 6308633139480.0, "６３０８６３３１３９４８０", " 6308633139480 ", "'6308633139480",
    "6308 633139480", "6308633139480.0", '="6308633139480"', "\t6308633139480",
])
def test_an_account_is_the_same_however_it_is_stored(written: Cell) -> None:
    assert (one(户号=written).account, one(户号=written).result) == ("6308633139480", TAKEN)


@pytest.mark.parametrize(("written", "words"), [
    ("", "没有户号"), (None, "没有户号"), ("无", "没有户号"), ("82625898", "8 位"), ("63083477180", "11 位"),
    ("630863313948O", "数字以外"), (1234567890123450.0, "末几位已丢失"), ("6.30863E+12", "末几位已丢失"),
    ("5699252753、5699252754", "数字以外"), ("5699252753\n5699252754", "数字以外"),
])
def test_a_row_without_a_proper_account_is_given_back_with_the_reason(written: Cell, words: str) -> None:
    row = one(户号=written)
    assert row.result == RETURNED and words in row.reason


def test_sixteen_digits_stored_as_a_number_are_taken_only_when_excel_cannot_have_cut_them() -> None:
    assert one(户号=1234567890123456.0).result == TAKEN
    assert one(户号=1234567890123450.0).result == RETURNED


@pytest.mark.parametrize(("written", "kept", "doubts"), [
    (ID, ID, set()), (ID.lower(), ID, set()), (BODY + "0", BODY + "0", {"id_check"}),
    (6.325221982061025e17, "", {"id_precision"}), ("6.32522E+17", "", {"id_precision"}),
    ("632522198206102000", "", {"id_precision"}), ("E12345678", "E12345678", set()), ("/", "", set()),
    ("63252219820610254", "63252219820610254", {"id_check"}), ("632522820610254", "632522820610254", set()),
])
def test_identity_numbers_are_checked_and_destroyed_ones_left_empty(
        written: Cell, kept: str, doubts: set[str]) -> None:
    row = one(证件号码=written)
    assert (row.id_number, codes(row)) == (kept, doubts)


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.sampled_from("0123456789ABCDEFGH"))
def test_our_reading_of_credit_codes_is_that_of_python_stdnum(body: str, last: str) -> None:
    code = body + last
    agreed = uscc.calc_check_digit(code) == last or (body.isdigit() and ric.calc_check_digit(code) == last)
    assert (read_identity(code).fault == "") == agreed
    assert read_identity(body + uscc.calc_check_digit(body)).fault == ""


@pytest.mark.parametrize(("written", "capacity"), [
    ("2×400", 800), ("2*400kVA", 800), ("2x400", 800), ("2X400", 800), ("2台400kVA", 800), ("400kVA×2", 800),
    ("2×400+630", 1430), ("1,250kVA", 1250), ("５０", 50), (80.0, 80), ("80 千瓦", 80), ("1.25MVA", 1250), (0.5, "0.5"),
    ("两台", None), ("", None), ("2×400（一备）", None), ("十几", None),
])
def test_capacities_are_plain_numbers_in_the_kinds_unit(written: Cell, capacity: object) -> None:
    assert read_capacity(written) == (None if capacity is None else Decimal(str(capacity)))
    assert one(容量=written, 合同类型="高压").capacity_unit == "kVA"


@pytest.mark.parametrize(("word", "kind"), [
    ("高 压", "high_voltage"), ("GY", "high_voltage"), ("高压供用电合同", "high_voltage"), ("低压", "low_voltage"),
    ("低压非居", "low_voltage"), ("低压供用电合同", "low_voltage"), ("城镇居民", "resident"),
    ("居民生活用电", "resident"), ("低压居民用户", "resident"), ("临时施工用电", "temporary"), ("ＧＹ", "high_voltage"),
    ("低压供用电合同（居民）", "resident"), ("低压供用电合同（非居民）", "low_voltage"),
    ("高压供用电合同（10kV）", "high_voltage"), ("临时供用电合同（施工）", "temporary"),
    ("02 低压非居民", "low_voltage"),
])
def test_kinds_are_known_by_the_words_of_halls(word: str, kind: str) -> None:
    assert one(合同类型=word).kind_id == kind


def test_an_unknown_kind_is_asked_and_not_guessed_from_the_voltage() -> None:
    row = one(合同类型="趸售")
    assert (row.kind_id, row.kind_word, codes(row)) == (None, "趸售", {"kind_unknown"})


@pytest.mark.parametrize(("sheet", "kind"), [("高压合同台账", "high_voltage"), ("Sheet1", None)])
def test_without_a_column_the_sheets_own_name_tells_the_kind(sheet: str, kind: str | None) -> None:
    rows = (("户号", "户名", "合同编号", "到期日"), ("6308633139480", "甲", "GY-1", "2030-01-01"))
    (row,) = read_ledger((Sheet(sheet, rows),), WORDS).rows
    assert (row.kind_id, codes(row)) == (kind, set() if kind else {"kind_unknown"})


@pytest.mark.parametrize(("note", "gone"), [
    ("已过户，待重签", True), (" 已销户", True), ("客户称已过户", False), ("电话已核实", False)])
def test_a_note_that_begins_with_gone_asks(note: str, gone: bool) -> None:
    row = one(备注=note)
    assert (row.gone, codes(row)) == (gone, {"gone"} if gone else set())
    assert row.ends == date(2036, 5, 23)


@pytest.mark.parametrize("name", ["班玛．卓玛措", "=cmd|'/C calc'!A0", "贵南堃犇䶮  合作社", "𬭼㛃", "Ａ公司"])
def test_names_are_kept_letter_for_letter(name: str) -> None:
    assert one(户名=f"\u3000{name} \n").name == name


def test_the_key_is_the_number_else_account_and_signing_date() -> None:
    assert one().key == "DY-2026-00001"
    assert one(合同编号="ＤＹ－2026－00001").key == "DY-2026-00001"
    assert one(合同编号="/").key == one(合同编号=None).key == "6308633139480@2026-05-24"


def test_a_head_of_two_rows_with_groups_is_read_together() -> None:
    ledger = read(
        ("某所合同台账", "", "", "", "", "", ""),
        ("序号", "客户", "", "合同", "", "合同期限", ""),
        ("", "编号", "名称", "编号", "类别", "起", "止"),
        (1.0, "6308633139480", "甲", "DY-1", "低压", "2021-03-01", "2026-02-28"))
    (row,) = ledger.rows
    assert (row.account, row.name, row.number, row.starts, row.ends) == (
        "6308633139480", "甲", "DY-1", date(2021, 3, 1), date(2026, 2, 28))


def test_a_head_whose_second_row_only_parts_a_column_is_read_together() -> None:
    ledger = read(
        ("户号", "户名", "合同编号", "合同类型", "有效期", "", "备注"),
        ("", "", "", "", "起始日期", "终止日期", ""),
        ("6308633139480", "甲", "DY-1", "低压", "2021-03-01", "2026-02-28", ""))
    (row,) = ledger.rows
    assert (row.starts, row.ends, row.result) == (date(2021, 3, 1), date(2026, 2, 28), TAKEN)


def test_columns_may_stand_in_any_order_and_begin_anywhere() -> None:
    ledger = read(
        (None, None, "到期日期", "用电\n户名", "联系 电话", "电力户号", "供用电合同编号", "供用电合同类别"),
        (None, None, "2036-05-23", "甲", "139-9700-0001", "6308633139480", "DY-1", "低压"))
    (row,) = ledger.rows
    assert (row.account, row.name, row.phone, row.ends) == (
        "6308633139480", "甲", "13997000001", date(2036, 5, 23))


def test_an_old_account_beside_the_account_is_not_taken_for_it() -> None:
    row = one(("原户号", *HEAD), 原户号="1234567890")
    assert row.account == "6308633139480"


def test_heads_column_numbers_and_totals_in_the_middle_are_skipped() -> None:
    cells = tuple(GOOD.get(name) for name in HEAD)
    ledger = read(
        HEAD, tuple(map(str, range(1, 11))), cells, ("本页小计", "1户", *[None] * 8), HEAD, cells,
        ("合计：2户", *[None] * 9), ("填报人：示范甲", None, "审核：示范乙", *[None] * 7),
        ("注：本表一式两份", *[None] * 9))
    assert len(ledger.rows) == 2
    assert [skipped.why for skipped in ledger.skipped] == [
        "表头", "栏号", "小计合计", "表头", "小计合计", "说明", "说明"]


def test_a_title_printed_on_every_page_is_skipped_each_time() -> None:
    title, groups = ("某所合同台账", *[None] * 9), ("客户", None, None, "合同", *[None] * 6)
    cells = tuple(GOOD.get(name) for name in HEAD)
    ledger = read(title, groups, HEAD, cells, title, groups, HEAD, cells)
    assert [row.row for row in ledger.rows] == [4, 8]


def test_a_section_merged_over_the_table_is_skipped_and_a_lone_name_is_not() -> None:
    head = ("户号", "户名", "合同编号", "到期日")
    ledger = read(head, ("某供电所", None, None, None), (None, "示范合作社", None, None), merged=((1, 0, 1, 3),))
    assert [skipped.why for skipped in ledger.skipped] == ["表头", "标题"]
    assert [(row.row, row.result) for row in ledger.rows] == [(3, RETURNED)]


def test_a_row_of_words_above_a_head_come_again_is_not_lost() -> None:
    unnumbered = (None, "示范合作社", None, "低压", None, None, "未签", None, "长期", "待补")
    ledger = read(HEAD, unnumbered, HEAD)
    assert [(row.row, row.result) for row in ledger.rows] == [(2, RETURNED)]


def test_a_name_that_begins_like_a_total_is_a_customer() -> None:
    assert one(户名="合计电器经营部", 户号="").result == RETURNED


def test_a_second_table_in_other_order_takes_over_from_its_head() -> None:
    ledger = read(
        ("户号", "户名", "合同编号", "到期日", "合同类型"), ("6308633139480", "甲", "DY-1", "2030-01-01", "低压"),
        ("二、高压用户", None, None, None, None),
        ("合同类型", "合同编号", "到期日", "户名", "户号"), ("高压", "GY-1", "2031-01-01", "乙", "5699252753"))
    assert [(row.account, row.name, row.number) for row in ledger.rows] == [
        ("6308633139480", "甲", "DY-1"), ("5699252753", "乙", "GY-1")]


def test_two_tables_side_by_side_lose_no_row() -> None:
    head = ("户号", "户名", "合同编号", "到期日", "合同类型")
    ledger = read(
        (*head, None, *head),
        ("6308633139480", "甲", "DY-1", "2030-01-01", "低压", None, "5699252753", "乙", "DY-2", "2030-01-01", "低压"),
        ("6308633139481", "丙", "DY-3", "2030-01-01", "低压", *[None] * 6))
    assert [row.number for row in ledger.rows] == ["DY-1", "DY-2", "DY-3"]


def test_cells_merged_downwards_hold_for_each_of_their_rows() -> None:
    head = ("户号", "户名", "合同编号", "到期日", "合同类型")
    ledger = read(
        head, ("6308633139480", "甲", "DY-1", "2030-01-01", "低压"), (None, None, "DY-2", "2031-01-01", "低压"),
        merged=((1, 0, 2, 0), (1, 1, 2, 1)))
    assert [(row.account, row.name, row.number, row.result) for row in ledger.rows] == [
        ("6308633139480", "甲", "DY-1", TAKEN), ("6308633139480", "甲", "DY-2", TAKEN)]
    assert ledger.rows[1].cells[:2] == (None, None)


def test_rows_under_no_head_are_given_back_and_not_lost() -> None:
    ledger = read(("6308633139480", "甲", "DY-1", "2030-01-01"), ("一页说明", None, None, None))
    assert [(row.result, row.account) for row in ledger.rows] == [(RETURNED, "6308633139480")]
    assert [skipped.why for skipped in ledger.skipped] == ["标题"]


def test_a_list_of_customers_is_not_taken_for_contracts() -> None:
    ledger = read(("户号", "户名", "联系电话"), ("6308633139480", "甲", "13997000001"))
    assert [row.result for row in ledger.rows] == [RETURNED]
    assert "认不出是合同台账" in ledger.rows[0].reason


def test_serials_count_from_1904_where_the_workbook_does() -> None:
    said = GOOD | {"签订日期": 44704.0, "到期日": 48356.0}
    (row,) = read(HEAD, tuple(said.get(name) for name in HEAD), is_1904=True).rows
    assert (row.signed, row.ends) == (date(2026, 5, 24), date(2036, 5, 23))


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 30))
def test_a_computed_end_always_agrees_and_is_that_of_the_contracts(start: date, years: int) -> None:
    end = end_of_term(start, years * 12)
    assert end == end_of(start, years)
    assert agrees_with_term(start, years * 12, end)


ANY_CELL = st.one_of(
    st.none(), st.text(max_size=12), st.floats(allow_nan=True), st.integers(-10**18, 10**18), st.booleans(), st.dates(),
    st.sampled_from(["6308633139480", "合计", "长期", "2026-02-30", "DY-1", "户号", "户名", "到期日", "=1+1",
                     "26年1月1日"]))


@given(st.lists(st.tuples(*[ANY_CELL] * len(HEAD)), max_size=12), st.booleans())
def test_no_row_of_any_sheet_is_lost(rows: list[tuple[Cell, ...]], with_head: bool) -> None:
    given_rows = ([HEAD] if with_head else []) + rows
    ledger = read(*given_rows)
    assert sorted([row.row for row in ledger.rows] + [row.row for row in ledger.skipped]) == list(
        range(1, len(given_rows) + 1))
    for row in ledger.rows:
        assert row.result in (TAKEN, DOUBTFUL, RETURNED)
        assert (row.result == TAKEN) == (not row.reasons)
        assert row.cells == given_rows[row.row - 1] or any(cell != cell for cell in row.cells)


@given(st.lists(ANY_CELL, min_size=4, max_size=4))
def test_a_row_with_a_proper_account_is_always_taken(cells: list[Cell]) -> None:
    names = ("证件号码", "签订日期", "有效期（年）", "到期日")
    row = one(**dict(zip(names, cells, strict=True)))
    assert row.result in (TAKEN, DOUBTFUL) and row.account == "6308633139480"
    assert row.result == TAKEN or row.doubts
    assert row.ends is None or row.signed is None or row.ends >= row.signed


def test_a_row_given_back_for_its_account_tells_all_else_that_is_doubtful_of_it() -> None:
    row = one(户号="12345", 到期日="2031-02-30", 合同类型="甲类")
    assert row.result == RETURNED
    for words in ("户号是 5 位", "甲类", "到期日"):
        assert words in row.reasons
