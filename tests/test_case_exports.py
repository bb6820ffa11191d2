"""Exports of cases in hand as other systems and other halls really write them: each row accounted for, each told day
claimed as it stands, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from case_export import GOOD, HEAD, changed, export, number_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from desktop.domain.case_ledger import CaseLedger, CaseRow, read_cases
from desktop.domain.caselog import UNDATED
from desktop.domain.ledger_cells import Cell, Sheet
from desktop.errors import Refusal
from desktop.usecases.case_importing import CaseImport, import_cases, preview_cases
from desktop.usecases.case_listing import CaseView, case
from desktop.usecases.casework import record
from desktop.usecases.desk import Desk
from desktop.usecases.reporting import report
from desktop.usecases.telling import progress
from tests.contract_book import account
from ui.stage_line import stage_detail

TODAY = date(2026, 11, 23)
NUMBER = "632611220000000001"


@pytest.fixture
def read(catalog: Any) -> Any:
    """Reads rows under a head as one sheet."""
    words = catalog.case_words

    def reading(*sheets: Sequence[Sequence[Cell]], merged: tuple[tuple[int, int, int, int], ...] = ()) -> CaseLedger:
        made = tuple(Sheet(f"表{n}", tuple(map(tuple, rows)), merged=merged) for n, rows in enumerate(sheets, 1))
        return read_cases(made, words, catalog.processes, TODAY)

    return reading


def one(read: Any, head: Sequence[str], *cells: Cell) -> CaseRow:
    (row,) = read([head, cells]).rows
    return row


BASE = ("申请编号", "户名", "业务类型", "当前环节", "受理时间", "用电地址")
SAID = (NUMBER, "演练商贸有限公司", "低压非居民新装", "竣工检验", date(2026, 11, 5), "演练县恰措镇团结路 8 号")


def told(read: Any, head: Sequence[str], *cells: Cell, **said: Cell) -> CaseRow:
    """A good row with further columns; `said` changes the usual ones."""
    places = {"number": 0, "name": 1, "kind": 2, "stage": 3, "accepted": 4}
    base: list[Cell] = list(SAID)
    for name, cell in said.items():
        base[places[name]] = cell
    return one(read, (*BASE, *head), *base, *cells)


def written(path: Path, head: Sequence[str], *rows: Sequence[Any]) -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(head))
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def taken(hall: Desk, path: Path) -> tuple[CaseImport, CaseView]:
    done = import_cases(hall, path)
    return done, case(hall, done.numbers[NUMBER])


# ---- the days of earlier stages

def test_the_days_of_earlier_stages_are_the_cases_own_and_its_clocks_run_by_them(hall: Desk, tmp_path: Path) -> None:
    head = (*BASE, "现场勘查时间", "供电方案答复时间", "合同签订日期", "勘查人员", "竣工报验日期", "到达时间")
    done, view = taken(hall, written(
        tmp_path / "a.xlsx", head,
        (*SAID, "2026-11-06", datetime(2026, 11, 9, 17, 2), "2026年11月12日", "示范丙", "2026-11-18", "2026-11-18")))
    assert done.counts == {"导入": 1, "导入待核": 0, "退回": 0}
    days = {(entry.what, entry.stage): entry.claimed_on for entry in view.log}
    assert days == {("accepted", "S01"): date(2026, 11, 5), ("done", "S03"): date(2026, 11, 6),
                    ("done", "S04"): date(2026, 11, 9), ("done", "S08"): date(2026, 11, 18),
                    ("done", "S12"): date(2026, 11, 12), ("inspection_submitted", "S11"): date(2026, 11, 18),
                    ("note", "S01"): date(2026, 11, 5)}
    assert {entry.entered_at.date() for entry in view.log} == {hall.today}
    survey = next(entry for entry in view.log if entry.stage == "S03")
    assert (survey.facts["survey_on"], survey.facts["survey_by"]) == ("2026-11-06", "示范丙")
    total = next(each for each in view.state.clocks if each.clock.limit.measure == "环节合计")
    # 11-06、11-09 to the reply, then the customer's own time until the 18th, then 19, 20, 23
    assert total.used == 5
    inspection = next(each for each in view.state.clocks if "S11" in each.clock.limit.stages)
    assert (inspection.clock.began, inspection.used) == (date(2026, 11, 18), 3)


def test_what_no_one_told_is_marked_and_counts_nowhere(hall: Desk, tmp_path: Path) -> None:
    from desktop.domain.flow import flow_of

    done, view = taken(hall, written(tmp_path / "a.xlsx", (*BASE, "到达时间"), (*SAID, "2026-11-18")))
    assert "“供电方案答复”（至迟 2026-11-18）" in done.findings[0].reasons and done.findings[0].result == "导入"
    reply = next(entry for entry in view.log if entry.stage == "S04")
    assert reply.facts[UNDATED] and reply.claimed_on == date(2026, 11, 18)
    rounds = {each.stage: each.days for each in flow_of(view.process, view.log, hall.catalog.calendar).rounds}
    assert rounds["S04"] is None and rounds["S01"] == 0
    answered = view.state.stage("S04")
    assert stage_detail(answered)[0].startswith("至迟 2026-11-18")
    lines = {line.word: line.done_on for line in progress(hall, view.row.number).lines if line.state == "已完成"}
    assert lines["供电方案已答复您"] is None and lines["申请已受理"] == view.row.accepted_on
    ended = [each for each in view.state.clocks if "S04" in each.clock.limit.stages]
    late = [each.level for each in ended if each.due < answered.done_on]
    assert late and set(late) == {"—"} == {answered.level}
    report(hall, "register", out=tmp_path / "台账.xlsx")
    cells = [cell.value for row in load_workbook(tmp_path / "台账.xlsx").active.iter_rows() for cell in row]
    assert datetime(2026, 11, 5) in cells and datetime(2026, 11, 18) not in cells


def test_a_day_that_no_one_told_is_no_bound_for_what_follows_it(hall: Desk, tmp_path: Path) -> None:
    _done, view = taken(hall, written(tmp_path / "a.xlsx", (*BASE, "到达时间"), (
        *SAID[:3], "装表", *SAID[4:], "2026-11-18")))
    said = {"meter_number": "6300000000000000000001", "meter_reading": "0"}
    with pytest.raises(Refusal, match="装表日期 2026-11-04 早于受理日期 2026-11-05"):
        record(hall, view.row.number, "S13", "done", {**said, "installed_on": "2026-11-04"})
    record(hall, view.row.number, "S13", "done", {**said, "installed_on": "2026-11-17"})


def test_planned_and_promised_days_and_owners_are_kept_apart_from_what_happened(hall: Desk, tmp_path: Path) -> None:
    head = (*BASE, "供电方案答复计划完成时间", "承诺送电日期", "当前处理人", "受理人", "工单号", "合同编号")
    _done, view = taken(hall, written(
        tmp_path / "a.xlsx", head, (*SAID[:3], "供电方案答复", *SAID[4:], "2026-11-10", "2026-12-01", "示范员",
                                    "外厅某",
                                    "GD-77", "HT-1")))
    note = next(entry for entry in view.log if entry.what == "note").facts["note"]
    for words in ("原系统计划：供电方案答复 2026-11-10", "原受理人：外厅某", "当前处理人：示范员", "工单号：GD-77"):
        assert words in note
    assert view.answers["yx_contract"] == "HT-1"
    assert {entry.what for entry in view.log} == {"accepted", "promised", "note"}
    assert next(entry for entry in view.log if entry.what == "promised").facts["to"] == "2026-12-01"


def test_a_pause_with_its_days_is_taken_and_one_without_is_asked_about(read: Any, hall: Desk, tmp_path: Path) -> None:
    head = (*BASE, "状态", "暂停时间", "暂停原因")
    _done, view = taken(hall, written(tmp_path / "a.xlsx", head, (
        *SAID[:3], "供电方案答复", *SAID[4:], "挂起", "2026-11-10", "客户补资料")))
    assert view.state.pause is not None
    assert (view.state.pause.since, view.state.pause.reason) == (date(2026, 11, 10), "客户补资料")
    assert "没有起始日期" in told(read, ("状态",), "挂起", stage="供电方案答复").reasons
    only_end = told(read, ("恢复时间",), "2026-11-12", stage="供电方案答复")
    assert only_end.result == "导入待核" and "暂停没有明确的起始日期" in only_end.reasons


def test_a_pause_that_ends_on_a_day_ahead_stands_and_runs_again_by_itself_then(
        read: Any, hall: Desk, tmp_path: Path, clock: Any) -> None:
    columns = ("暂停时间", "恢复日期", "暂停原因", "到达时间")
    found = told(read, columns, "2026-11-18", "2026-11-30", "客户补资料", "2026-11-17", stage="供电方案答复",
                 accepted="2026-11-17")
    assert found.result == "导入" and found.course.paused_until == date(2026, 11, 30)
    _done, view = taken(hall, written(tmp_path / "a.xlsx", (*BASE, *columns), (
        *SAID[:3], "供电方案答复", "2026-11-17", SAID[5], "2026-11-18", "2026-11-30", "客户补资料", "2026-11-17")))
    assert view.state.status == "暂停"
    clock.move(date(2026, 12, 1))
    now = case(hall, view.row.number).state
    assert (now.status, now.stage("S04").days_used) == ("在办", 2)  # 11-30 and 12-01: from 11-18 on it stood still
    for end, why in (("2062-11-30", "请核对年份"), ("月底", "恢复日期不明确")):
        assert why in told(read, columns[:3], "2026-11-18", end, "客户补资料", stage="供电方案答复").reasons


@pytest.mark.parametrize(("columns", "cells", "stage", "why"), [
    (("供电方案答复时间",), ("2026-11-01",), "竣工检验", "早于受理日期"),
    (("供电方案答复时间",), ("2026-12-01",), "竣工检验", "在今天之后"),
    (("供电方案答复时间",), ("下周",), "竣工检验", "不是明确的日期"),
    (("竣工检验时间",), ("2026-11-20",), "竣工检验", "当前环节正是它"),
    (("送电时间",), ("2026-11-20",), "供电方案答复", "还没有到那一步"),
    (("现场勘查时间", "供电方案答复时间"), ("2026-11-12", "2026-11-10"), "竣工检验", ""),
    (("中间检查时间",), ("2026-11-10",), "竣工检验", "没有“S09 完成日期”所说的环节"),
    (("供电方案答复时间", "到达时间"), ("2026-11-18", "2026-11-10"), "竣工检验", "晚于到达当前环节的日期"),
    (("到达时间",), ("2026-11-01",), "供电方案答复", "不在受理日与今天之间"),
])
def test_a_day_that_cannot_be_is_left_out_and_told(
        read: Any, columns: tuple[str, ...], cells: tuple[str, ...], stage: str, why: str) -> None:
    row = told(read, columns, *cells, stage=stage)
    if why:
        assert row.result == "导入待核" and why in row.reasons, row.reasons
        assert not set(row.course.done) & {"S04", "S11", "S14", "S09"}
    else:  # of stages that do not wait for each other either may come first
        assert row.course.done == {"S03": date(2026, 11, 12), "S04": date(2026, 11, 10)}


def test_stages_out_of_their_order_are_asked_about(read: Any) -> None:
    row = told(read, ("现场勘查时间", "供电方案答复时间"), "2026-11-12", "2026-11-10", kind="高压新装")
    assert row.result == "导入待核" and "早于它前面的“现场勘查”" in row.reasons
    assert row.course.done == {"S03": date(2026, 11, 12)}


# ---- heads

def test_a_head_of_two_rows_tells_planned_and_done_apart(read: Any) -> None:
    title = ("在办业扩工单全过程跟踪表", *[None] * 12)
    upper = ("申请编号", "户名", "业务类型", "当前环节", "受理时间", "用电地址", "现场勘查", None, None,
             "供电方案答复", None, "到达时间", None)
    lower = (None, None, None, None, None, None, "计划完成", "实际完成", "责任人", "计划完成", "实际完成", None, None)
    row = (*SAID[:2], "高压新装", "客户工程设计", *SAID[4:], "2026-11-07", "2026-11-09", "示范丙", "2026-11-16",
           "2026-11-17",
           "2026-11-17", None)
    merged = ((0, 0, 0, 12), *((1, column, 2, column) for column in range(6)), (1, 6, 1, 8), (1, 9, 1, 10))
    for areas in (merged, ()):  # a format that tells of no merged cells says the same
        ledger = read([title, upper, lower, row], merged=areas)
        (found,) = ledger.rows
        assert found.course.done == {"S03": date(2026, 11, 9), "S04": date(2026, 11, 17)}, found.reasons
        assert found.course.planned == {"S03": date(2026, 11, 7), "S04": date(2026, 11, 16)}
        assert found.course.owners == {"S03": "示范丙"} and found.course.at == ("S06",)


def test_several_sheets_with_other_columns_subtotals_and_heads_that_come_again(read: Any) -> None:
    numbers = tuple(map(str, range(1, 7)))
    first = [("一、高压", *[None] * 5), BASE, numbers, ("", *[None] * 5), (*SAID[:2], "高压新装", "供电方案答复",
                                                                                 *SAID[4:]),
             ("小计", 1, *[None] * 4), BASE, (number_of(2), *SAID[1:]), ("制表：示范员", *[None] * 5)]
    other = ("受理日期", "流程名称", "用户名称", "工作单编号", "活动名称", "装表地址")
    second = [other, ("2026-11-05", "010102高压增容", "示范砂石料厂", number_of(3), "竣工验收", "河湾村 5 号")]
    ledger = read(first, second, [("说明",), ("本表数据截至昨日",)])
    assert [(row.key, row.kind_id) for row in ledger.rows] == [
        (NUMBER, "high_voltage_single"), (number_of(2), "low_voltage_new"), (number_of(3), "high_voltage_more")]
    assert len(ledger.rows) + len(ledger.skipped) == len(first) + len(second) + 2


def test_rows_that_tell_one_stage_each_are_one_case(hall: Desk, tmp_path: Path) -> None:
    head = (*BASE, "环节开始时间", "环节完成时间", "处理人")

    def line(stage: str, began: str, done: str, who: str) -> tuple[Any, ...]:
        return (*SAID[:3], stage, *SAID[4:], began, done, who)

    path = written(tmp_path / "a.xlsx", head, line("业务受理", "2026-11-05", "2026-11-05", "示范员"),
                   line("供电方案答复", "2026-11-05", "2026-11-09", "示范丙"), line("竣工检验", "2026-11-16", "",
                                                                                    "示范丁"),
                   line("合同签订", "2026-11-09", "2026-11-12", "示范丙"))
    done, view = taken(hall, path)
    assert [f.state for f in done.findings] == ["joined", "joined", "new", "joined"]
    assert done.counts == {"导入": 4, "导入待核": 0, "退回": 0} and len(done.numbers) == 1
    assert {entry.stage: entry.claimed_on for entry in view.log if entry.what == "done"} == {
        "S04": date(2026, 11, 9), "S12": date(2026, 11, 12)}
    assert import_cases(hall, path).unchanged == 4
    everything = written(tmp_path / "b.xlsx", head, line("供电方案答复", "2026-11-05", "2026-11-09", "示范丙"))
    assert "请核对是否已到下一环节" in preview_cases(hall, everything).findings[0].reasons


# ---- words and codes

@pytest.mark.parametrize(("said", "kind"), [
    ("101", "resident_new"), (102, "low_voltage_new"), (104.0, "high_voltage_single"), ("109", "resident_more"),
    ("110", "low_voltage_more"), ("111 高压增容", "high_voltage_more"), ("010101", "high_voltage_single"),
    (10101, "high_voltage_single"), ("[102]低压非居民新装", "low_voltage_new"), ("102-低压非居民新装",
    "low_voltage_new"),
    ("低压非居民新装（三零）", "small_business_new"), ("低压非居民新装流程", "low_voltage_new"), (" 高压 新装 ",
    "high_voltage_single"),
    ("高压双电源新装", "high_voltage_dual"), ("用户更名", "rename"), ("光伏并网", ""), ("101 高压新装", ""), ("999",
    ""), ("", ""),
    ("临时用电", ""),
])
def test_a_kind_is_known_by_word_and_code_or_not_at_all(read: Any, said: Cell, kind: str) -> None:
    row = told(read, ("户号",), "6300000000017", kind=said, stage="业务受理")
    assert row.kind_id == kind and (row.result == "退回") == (not kind), row.reasons


def test_a_kind_in_two_columns_by_its_voltage_or_its_sources(read: Any) -> None:
    assert told(read, ("用户分类",), "低压居民", kind="新装", stage="业务受理").kind_id == "resident_new"
    assert told(read, ("用户分类",), "02", kind="增容", stage="业务受理").kind_id == "low_voltage_more"
    for voltage, kind in (("380V", "temporary_low"), ("交流10kV", "temporary_high")):
        assert told(read, ("供电电压",), voltage, kind="装表临时用电", stage="业务受理").kind_id == kind
    assert told(read, ("电源数量",), "双电源", kind="010101", stage="业务受理").kind_id == "high_voltage_dual"


@pytest.mark.parametrize(("said", "stages"), [
    ("竣工验收", ("S11",)), ("S04", ("S04",)), ("04-供电方案审批", ("S04",)), ("【答复供电方案】", ("S04",)),
    ("竣工检验（低压）", ("S11",)), ("竣工检验、签订合同", ("S11", "S12")), ("勘查派工", ("S03",)), ("并网验收", ()),
    ("", ()),
    ("竣工检验/并网", ()),
])
def test_a_stage_is_known_by_its_names_and_several_at_once(read: Any, said: str, stages: tuple[str, ...]) -> None:
    row = told(read, ("到达时间",), "2026-11-18", stage=said)
    assert row.stage_ids == stages and (row.result == "退回") == (not stages), row.reasons


def test_two_stages_beside_each_other_are_both_open(hall: Desk, tmp_path: Path) -> None:
    _done, view = taken(hall, written(tmp_path / "a.xlsx", (*BASE, "供电方案答复时间"),
                                      (*SAID[:3], "竣工检验，合同签订", *SAID[4:], "2026-11-09")))
    assert view.state.current == ("S11", "S12") and view.state.stage("S11").began == date(2026, 11, 9)


@pytest.mark.parametrize("state", ["已归档", "办结", "已撤销", "终止"])
def test_a_case_that_is_over_is_given_back(read: Any, state: str) -> None:
    assert "不是在办" in told(read, ("工单状态",), state).reasons
    assert told(read, ("工单状态",), "在途").result != "退回"


@pytest.mark.parametrize(("cell", "day"), [
    (datetime(2026, 11, 5, 9, 30), 5), (46331, 5), (46331.4, 5), ("46331", 5), ("2026/11/05", 5), ("2026.11.5", 5),
    ("20261105", 5),
    (20261105, 5), ("20261105093000", 5), ("202611050930", 5), ("2026年11月5日", 5), ("二〇二六年十一月五日", 5),
    ("2026-11-05 09:30:00", 5),
    ("2026-11-05T09:30:00+08:00", 5), ("2026-11-05 周四", 5), ("２０２６－１１－０５", 5), ("'2026-11-05", 5),
    ("2026年11月5日 9时30分", 5),
    ("2026/11/5 上午 9:30", 5), ("26-11-05", None), ("11月5日", None), ("5/11/2026", None), ("2026-02-30", None),
    ("昨天", None), ("", None),
    ("2026-12-05", None),
])
def test_the_acceptance_is_read_in_every_shape_or_the_row_comes_back(read: Any, cell: Cell, day: int | None) -> None:
    row = told(read, ("到达时间",), "2026-11-18", accepted=cell)
    assert (row.result == "退回") == (day is None), (row.reasons, row.accepted)
    assert day is None or row.accepted == date(2026, 11, day)


@pytest.mark.parametrize(("cell", "wrong"), [
    (632611220000, ""), ("632611220000.0", ""), ('="632611220000000001"', ""), ("６３２６１１２２００００", ""),
    (6.32611220000000e17, "Excel"), ("6.32611E+17", "Excel"), (632611220000000001, "Excel"), ("甲-1", "有误"), ("",
    "没有申请编号"),
])
def test_a_number_that_excel_has_cut_is_never_taken(read: Any, cell: Cell, wrong: str) -> None:
    row = told(read, ("到达时间",), "2026-11-18", number=cell)
    assert (wrong in row.reasons) if wrong else row.result != "退回", row.reasons


def test_more_capacity_is_that_of_old_and_new_together(read: Any) -> None:
    head = ("户号", "申请容量", "原有容量", "增容容量", "合计容量")
    base = {"kind": "高压增容", "stage": "业务受理"}
    assert told(read, head, "6300000000017", 315, 500, 315, 815, **base).answers["capacity_kva"] == "815"
    assert told(read, head, "6300000000017", 315, 500, 315, "", **base).answers["capacity_kva"] == "815"
    unclear = told(read, head, "6300000000017", 315, "", "", "", **base)
    assert "capacity_kva" not in unclear.answers and "合计容量" in unclear.reasons
    other = told(read, ("申请容量",), "80kVA")
    assert "capacity_kw" not in other.answers and "单位" in other.reasons


def test_an_account_under_another_name_is_asked_about(hall: Desk, tmp_path: Path) -> None:
    account(hall, "6300000000025", "才让多杰")
    rows = [changed(GOOD, account="6300000000025"), changed(GOOD, number=number_of(2), account="6300000000025",
                                                                                   kind="过户",
                                                            stage="业务受理")]
    found = preview_cases(hall, export(tmp_path / "a.xlsx", *rows)).findings
    assert [each.result for each in found] == ["导入待核", "导入"] and "户名与表里的不同" in found[0].reasons


def test_a_clerk_of_the_hall_keeps_the_cases_that_were_his(hall: Desk, tmp_path: Path) -> None:
    from tests.trade import colleague

    other = colleague(hall, "受理员").clerk
    assert other is not None
    _done, view = taken(hall, export(tmp_path / "a.xlsx", (*GOOD[:-1], other.name)))
    assert view.row.owner == other.name


def test_a_new_supply_that_has_its_number_already_is_not_yet_in_use(hall: Desk, tmp_path: Path) -> None:
    from sqlalchemy import select

    from db.customers import Account

    import_cases(hall, export(tmp_path / "a.xlsx", changed(GOOD, account="6300000000017")))
    with hall.db.read() as session:
        assert session.scalars(select(Account.status)).all() == ["待归档"]


# ---- whatever comes

WORD = st.sampled_from(["低压非居民新装", "101", "高压新装", "暂停", "光伏", "竣工检验", "业务受理", "供电方案答复",
                        "合计", "申请编号", "户名", "",
                        "2026-11-05", "20261118", "/", "已归档", NUMBER, number_of(2), number_of(3), "6300000000017",
                        "演练商店", "80kW"])
CELL = st.one_of(WORD, st.none(), st.integers(0, 10**19), st.dates(date(2020, 1, 1), date(2027, 12, 31)),
                                                                                          st.text(max_size=8),
                 st.floats(allow_nan=True, allow_infinity=True), st.booleans())
HEADS = st.lists(st.sampled_from([*HEAD, "供电方案答复时间", "环节完成时间", "现场勘查计划完成时间", "承诺送电日期",
                                  "合计容量", "状态", "暂停时间"]),
                 min_size=4, max_size=14)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(HEADS, st.lists(st.lists(CELL, max_size=14), max_size=8)), min_size=1, max_size=2))
def test_every_row_of_every_sheet_is_accounted_for(read: Any, sheets: list[tuple[list[str], list[list[Cell]]]]) -> None:
    made = [[tuple(head), *map(tuple, rows)] for head, rows in sheets]
    ledger = read(*made)
    places = [(each.sheet, each.row) for each in (*ledger.rows, *ledger.skipped)]
    assert sorted(places) == [(f"表{n}", row + 1) for n, rows in enumerate(made, 1) for row in range(len(rows))]
    for row in ledger.rows:
        assert row.result in ("导入", "导入待核", "退回") and (row.result == "导入" or row.reasons)
        days = row.course.done.values()
        assert row.result == "退回" or all(row.accepted and row.accepted <= day <= TODAY for day in days)


GOOD_CELLS: Mapping[str, Iterable[Cell]] = {
    "到达时间": ("2026-11-10", "", "2026-11-30", "不明"), "供电方案答复时间": ("2026-11-09", "", "2026-11-01", "/"),
    "合同签订日期": ("2026-11-12", ""), "竣工报验日期": ("2026-11-16", ""), "现场勘查时间": ("2026-11-06",
                                                                                             "2026-11-13", "")}


@dataclass(frozen=True)
class _Case:
    kind: str
    stage: str
    cells: tuple[Cell, ...]


@st.composite
def _cases(draw: Any, catalog: Any) -> _Case:
    process = draw(st.sampled_from(sorted(catalog.processes.values(), key=lambda each: each.id)))
    stage = draw(st.sampled_from(process.stages))
    return _Case(process.name, stage.name, tuple(draw(st.sampled_from(tuple(each))) for each in GOOD_CELLS.values()))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_case_of_any_kind_that_is_taken_stands_where_the_export_says(hall: Desk, catalog: Any, data: Any,
                                                                       read: Any) -> None:
    from desktop.domain.case import outline
    from desktop.usecases.case_importing import _log

    drawn = data.draw(_cases(catalog))
    row = told(read, ("户号", *GOOD_CELLS), "6300000000017", *drawn.cells, kind=drawn.kind, stage=drawn.stage)
    process = catalog.processes[row.kind_id]
    log = list(_log(process, row, hall.now, {}))
    now = outline(process, log, catalog.calendar, hall.today)
    waited = {each for each in row.stage_ids if each != "S01" and not process.stage(each).optional}
    only_some = {"S07", "S09"}  # the export does not say that the customer is an important one
    assert waited <= {*now.current, *only_some}, (drawn, row.course)
    assert all(entry.claimed_on >= date(2026, 11, 5) for entry in log)
