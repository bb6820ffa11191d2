"""Cases in hand brought in from another system's export: where each arrives, what is doubted, what is given back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from case_export import GOOD, HEAD, changed, export, number_of, whole_export
from openpyxl import load_workbook
from sqlalchemy import func, select

from db.cases import Case
from db.customers import Account, Customer
from desktop.domain.case_ledger import read_cases
from desktop.domain.ledger_cells import Sheet
from desktop.errors import Refusal
from desktop.usecases.case_importing import OUTSIDE_IMPORT, import_cases, preview_cases
from desktop.usecases.case_listing import case, case_notices
from desktop.usecases.casework import record
from desktop.usecases.collecting import mark
from desktop.usecases.desk import Desk
from tests.trade import accepted_case


@pytest.fixture
def many(tmp_path: Path) -> Path:
    return whole_export(tmp_path / "在办.xlsx")


def count(hall: Desk, table: type) -> int:
    with hall.db.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_every_row_ends_as_one_of_three(hall: Desk, many: Path) -> None:
    found = preview_cases(hall, many)
    assert [f.result for f in found.findings] == [*["导入"] * 4, "导入待核", *["退回"] * 7]
    reasons = [f.reasons for f in found.findings[4:]]
    wanted = (("时限自受理日起算", "证件号码留空", "电话留空", "容量认不出"), ("没有申请编号",), ("光伏并网",),
              ("不是“低压非居民新装”的环节",), ("在今天之后",), ("没有户名", "没有受理日期"), ("不是在办",), ("户号",))
    for reason, words in zip(reasons, wanted, strict=True):
        assert all(word in reason for word in words), reason
    assert {skipped.why for skipped in found.skipped} == {"标题", "表头", "小计合计"}
    assert count(hall, Case) == 0


def test_what_a_head_says_in_parentheses_tells_a_day_that_was_from_one_that_was_planned(hall: Desk,
                                                                                       tmp_path: Path) -> None:
    head = (*HEAD, "现场勘查（完成时间）", "供电方案答复\n(实际)", "竣工检验时间(要求)", "（计划）装表接电")
    row = (*changed(GOOD, stage="竣工检验", arrived=""), "2026-11-19", "2026.11.20", "2026-11-25", "2026-11-27")
    file = export(tmp_path / "在办.xlsx", row, head=head)
    assert preview_cases(hall, file).findings[0].row.course.planned == {
        "S11": date(2026, 11, 25), "S13": date(2026, 11, 27), "S14": date(2026, 11, 27)}
    state = case(hall, import_cases(hall, file).numbers["632611220000000001"]).state
    assert [state.stage(stage).done_on for stage in ("S03", "S04", "S11")] == [
        date(2026, 11, 19), date(2026, 11, 20), None]


def test_two_names_in_one_head_are_read_and_a_line_that_counts_is_no_case(hall: Desk, tmp_path: Path) -> None:
    head = tuple({"业务类型": "业务类型/子类", "当前环节": "当前活动环节"}.get(word, word) for word in HEAD)
    high = changed(GOOD, number=number_of(3), name="示范厂", id="", kind="高压新装/单电源", voltage="10kV",
                   capacity="630", address="演练县河湾村 5 号")
    done = import_cases(hall, export(tmp_path / "在办.xlsx", GOOD, high, ("共2条",), head=head))
    assert done.counts["导入"] == 2 and not done.counts.get("退回")


def test_a_case_arrives_at_its_stage_and_its_clock_runs_from_the_claimed_day(hall: Desk, many: Path) -> None:
    done = import_cases(hall, many)
    assert done.counts == {"导入": 4, "导入待核": 1, "退回": 7} and len(done.numbers) == 5
    first = case(hall, done.numbers["632611220000000001"])
    assert (first.state.current, first.row.accepted_on, first.way) == (("S04",), date(2026, 11, 18), OUTSIDE_IMPORT)
    metering = case(hall, done.numbers[number_of(2)])
    assert "S13" in metering.state.current
    assert metering.state.stage("S13").began == date(2026, 11, 19)
    filing = case(hall, done.numbers[number_of(4)])
    assert filing.state.current == ("S15",)
    assert {entry.facts.get("source") for entry in filing.log} == {OUTSIDE_IMPORT}
    assert {entry.claimed_on for entry in filing.log} == {date(2026, 11, 18), date(2026, 11, 19)}
    assert {entry.entered_at.date() for entry in filing.log} == {hall.today}


def test_what_the_export_says_is_the_application(hall: Desk, many: Path) -> None:
    done = import_cases(hall, many)
    answers = case(hall, done.numbers["632611220000000001"]).answers
    assert {name: answers[name] for name in ("customer_name", "customer_id", "customer_id_kind", "customer_phone",
                                             "usage_address", "capacity_kw", "voltage", "yx_application")} == {
        "customer_name": "演练商贸有限公司", "customer_id": "91632521MA00000A9H", "customer_id_kind": "营业执照",
        "customer_phone": "13997000001", "usage_address": "演练县恰措镇团结路 8 号", "capacity_kw": "80",
        "voltage": "380V", "yx_application": "632611220000000001"}
    doubtful = case(hall, done.numbers[number_of(5)]).answers
    assert not {"customer_id", "customer_phone", "capacity_kw"} & set(doubtful)


def test_the_day_that_a_customer_wants_is_kept_as_his_kind_asks_it(hall: Desk, tmp_path: Path) -> None:
    closing = changed(GOOD, number=number_of(2), account="6300000000018", kind="销户", stage="停电拆表")
    file = export(tmp_path / "在办.xlsx", (*GOOD, "2026-12-10"), (*closing, "2026-12-11"), head=(*HEAD, "要求送电日期"))
    numbers = import_cases(hall, file).numbers
    assert case(hall, numbers[GOOD[1]]).answers["wanted_on"] == "2026-12-10"
    assert case(hall, numbers[number_of(2)]).answers["wanted_done_on"] == "2026-12-11"


def test_the_same_file_twice_changes_nothing(hall: Desk, many: Path) -> None:
    import_cases(hall, many)
    before = {table: count(hall, table) for table in (Case, Customer, Account)}
    again = import_cases(hall, many)
    assert again.unchanged == 5 and not again.numbers
    assert {table: count(hall, table) for table in before} == before


def test_a_case_that_is_here_already_stays_as_it_is(hall: Desk, tmp_path: Path) -> None:
    own = accepted_case(hall, yx_application="632611220000000001").case_number
    done = import_cases(hall, export(tmp_path / "a.xlsx", GOOD))
    assert done.counts["导入待核"] == 1 and own in done.findings[0].reasons
    assert count(hall, Case) == 1


def test_the_same_number_with_another_tale_waits_for_a_person(hall: Desk, tmp_path: Path) -> None:
    done = import_cases(hall, export(tmp_path / "a.xlsx", GOOD, changed(GOOD, stage="装表"), GOOD))
    assert [f.state for f in done.findings] == ["new", "conflict", "unchanged"]
    assert count(hall, Case) == 1


def test_an_account_that_is_known_is_used_again(hall: Desk, tmp_path: Path) -> None:
    number = "6300000000017"
    one = changed(GOOD, account=number)
    two = changed(GOOD, number=number_of(2), account=number, kind="改类", stage="业务受理")
    import_cases(hall, export(tmp_path / "a.xlsx", one, two))
    assert (count(hall, Case), count(hall, Account), count(hall, Customer)) == (2, 1, 1)


def test_work_goes_on_from_the_stage_where_the_case_arrived(hall: Desk, tmp_path: Path) -> None:
    from tests.trade import stage_facts

    done = import_cases(hall, export(tmp_path / "a.xlsx", changed(GOOD, stage="竣工检验")))
    number = done.numbers["632611220000000001"]
    record(hall, number, "S11", "done", stage_facts(hall, "S11"))
    assert case(hall, number).state.stage("S11").state == "完成"


def test_a_stage_that_only_some_cases_have_is_reached(hall: Desk, tmp_path: Path) -> None:
    done = import_cases(hall, export(tmp_path / "a.xlsx", changed(GOOD, stage="客户工程施工")))
    assert "S08" in case(hall, done.numbers["632611220000000001"]).state.current


def test_cancelled_halfway_keeps_nothing(hall: Desk, many: Path) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise Stop

    with pytest.raises(Stop):
        import_cases(hall, many, step=stop)
    assert count(hall, Case) == count(hall, Customer) == 0


def test_the_rows_for_a_person_come_back_as_a_workbook(hall: Desk, many: Path, tmp_path: Path) -> None:
    out = tmp_path / "退回.xlsx"
    import_cases(hall, many, returned=out)
    page = load_workbook(out).active
    rows = list(page.iter_rows(values_only=True))
    assert rows[0][-2:] == ("结果", "原因") and len(rows) == 9
    assert rows[1][1] == number_of(5) and rows[1][-2] == "导入待核"


def test_a_contract_ledger_is_no_export_of_cases(hall: Desk, tmp_path: Path) -> None:
    head = ("序号", "合同编号", "户名", "到期日")
    path = export(tmp_path / "合同.xlsx", (1, "A-1", "演练商店", "2026-01-01"), head=head)
    with pytest.raises(Refusal, match="在办工单"):
        preview_cases(hall, path)


def test_without_a_clerk_nothing_is_imported(hall: Desk, many: Path) -> None:
    with pytest.raises(Refusal, match="经办人"):
        import_cases(hall.served_by(None), many)


def test_the_command_line_imports_and_counts(opened: Any, tmp_path: Path) -> None:
    path = export(tmp_path / "a.xlsx", changed(GOOD, accepted=date(2026, 11, 18), arrived=date(2026, 11, 19)),
                  changed(GOOD, number=""))
    told = opened("import-cases", path, "--returned", tmp_path / "b.xlsx", "--today", "2026-11-23", "--json")
    assert told.code == 0, told.err
    assert {word: told.data[word] for word in ("导入", "导入待核", "退回", "未变")} == {
        "导入": 1, "导入待核": 0, "退回": 1, "未变": 0}
    assert list(told.data["cases"]) == ["632611220000000001"]
    assert (tmp_path / "b.xlsx").exists()


def test_every_kind_and_stage_of_the_catalogue_is_known_by_its_own_name(catalog: Any) -> None:
    words = catalog.case_words
    head = tuple(HEAD)
    for process in catalog.processes.values():
        for stage in process.stages:
            row = changed(GOOD, kind=process.name, stage=stage.name, account="6300000000017")
            (found,) = read_cases((Sheet("在办", (head, row)),), words, catalog.processes, date(2026, 11, 23)).rows
            assert (found.kind_id, found.stage_id) == (process.id, stage.id), found.reasons


# ---- in the window

def test_the_window_shows_every_row_before_it_imports(qtbot: Any, hall: Desk, many: Path, font_folder: Path) -> None:
    from PySide6.QtWidgets import QPushButton
    from typing_hands import open_window, wait_idle

    window = open_window(qtbot, hall)
    wait_idle(qtbot, window)
    window.go("cases")
    window.page("cases").findChild(QPushButton, "cases_import").click()
    page = window.page("import_cases")
    assert window.stack.currentWidget() is page
    page.look(many)
    wait_idle(qtbot, window)
    assert "导入 4 行，导入待核 1 行，退回 7 行" in page._counts.text() and count(hall, Case) == 0
    page.import_button.click()
    wait_idle(qtbot, window)
    assert count(hall, Case) == 5 and "已保存" in page._counts.text()


# --- what the other system should have had


def test_a_case_in_hand_asks_for_the_papers_of_its_kind_and_says_that_nobody_here_has_seen_them(
        hall: Desk, many: Path) -> None:
    view = case(hall, import_cases(hall, many).numbers["632611220000000001"])
    asked = {m.code for m in view.process.materials if m.demand == "必备" and not m.stage}
    assert asked and asked <= {paper.code for paper in view.materials}
    assert {paper.state for paper in view.materials if not paper.stage} == {"待核"}
    assert not any(paper.open or paper.supplied_on for paper in view.materials)
    told, = (each.sentence for each in case_notices(hall, view) if "这里没有见过" in each.sentence)
    assert all(paper.name in told for paper in view.materials if paper.state == "待核")


def test_an_unsure_paper_is_settled_by_a_mark_and_lies_in_no_archive_before(hall: Desk, tmp_path: Path) -> None:
    number = import_cases(hall, export(tmp_path / "a.xlsx", GOOD)).numbers["632611220000000001"]
    assert not any(line["form"] == "客户资料" for line in _archived(hall, number))
    for paper in case(hall, number).materials:
        if paper.state == "待核":
            mark(hall, number, paper.code, {}, on=date(2026, 11, 20))
    assert {paper.state for paper in case(hall, number).materials if not paper.stage} == {"已收"}
    assert not any("这里没有见过" in each.sentence for each in case_notices(hall, case(hall, number)))


def _archived(hall: Desk, number: str) -> list[dict[str, str]]:
    from desktop.usecases.issuing import _archived_materials

    return list(_archived_materials(case(hall, number)))


def test_what_a_stage_to_come_waits_for_is_missing_and_holds_it_back(hall: Desk, tmp_path: Path) -> None:
    row = changed(GOOD, kind="高压新装", voltage="10kV", capacity="630kVA", stage="供电方案答复")
    number = import_cases(hall, export(tmp_path / "a.xlsx", row)).numbers["632611220000000001"]
    view = case(hall, number)
    to_come = [paper for paper in view.materials if paper.stage]
    assert to_come and {paper.state for paper in to_come} == {"未收"}


def test_a_change_of_use_that_came_after_its_seal_says_that_the_account_was_not_touched(
        hall: Desk, tmp_path: Path) -> None:
    row = changed(GOOD, account="6300000000017", kind="更名", stage="信息归档")
    number = import_cases(hall, export(tmp_path / "a.xlsx", row)).numbers["632611220000000001"]
    view = case(hall, number)
    told, = (each.sentence for each in case_notices(hall, view) if "用电户档案没有随之" in each.sentence)
    assert "更名" in told and "退回" in told
    before = changed(GOOD, number=number_of(2), account="6300000000025", kind="更名", stage="业务受理")
    other = import_cases(hall, export(tmp_path / "b.xlsx", before)).numbers[number_of(2)]
    assert not any("用电户档案没有随之" in each.sentence for each in case_notices(hall, case(hall, other)))


# --- tables that are not understood, rows that are here already, lines of sums

STRANGE = ("序号", "办件码", "用户名称", "业务类别", "环节名称", "受理时间")
STRANGE_ROW = (1, "632611220000000001", "演练商贸有限公司", "低压非居民新装", "现场勘查", datetime(2026, 11, 18, 9, 5))


def test_a_head_without_the_cases_number_is_refused_with_what_it_lacks_has_and_may_be_called(
        opened: Any, tmp_path: Path) -> None:
    told = opened("import-cases", export(tmp_path / "a.xlsx", STRANGE_ROW, head=STRANGE))
    assert told.code == 1
    assert "表头缺“申请编号”，写着：" + "、".join(STRANGE) in told.err
    assert all(name in told.err for name in ("申请单号", "流程实例号", "工作单编号")) and "当前环节" in told.err


def test_words_that_are_too_few_for_a_head_are_told_too(hall: Desk, tmp_path: Path) -> None:
    path = export(tmp_path / "a.xlsx", (1, "x", "演练商店"), head=("序号", "办件码", "用户名称", "节点"))
    with pytest.raises(Refusal, match="没有认得出的在办工单") as refused:
        preview_cases(hall, path)
    assert "缺“申请编号”、“当前环节”，写着：序号、办件码、用户名称、节点。" in str(refused.value)


def test_of_many_sheets_that_lack_a_column_the_first_are_told_and_the_names_once(hall: Desk, tmp_path: Path) -> None:
    book = load_workbook(export(tmp_path / "a.xlsx", STRANGE_ROW, head=STRANGE))
    for n in range(4):
        book.create_sheet(f"所{n}").append(STRANGE)
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(Refusal) as refused:
        preview_cases(hall, tmp_path / "b.xlsx")
    said = str(refused.value)
    assert "工作表“所1”" in said and "工作表“所2”" not in said and "另有 2 处表头也缺" in said
    assert said.count("一栏可以叫") == 1


def test_a_ledger_of_contracts_is_pointed_to_its_own_import(opened: Any) -> None:
    told = opened("import-cases", Path(__file__).parent / "samples" / "合同台账样例.xlsx")
    assert told.code == 1 and "看样子是合同台账，请改用“导入合同台账”" in told.err


def test_the_number_of_the_flow_stands_for_the_case(hall: Desk, tmp_path: Path) -> None:
    head = ("序号", "流程实例号", *STRANGE[2:])
    done = import_cases(hall, export(tmp_path / "a.xlsx", STRANGE_ROW, head=head))
    assert list(done.numbers) == ["632611220000000001"]


def test_a_sheet_that_cannot_be_read_beside_one_that_can_is_told(opened: Any, tmp_path: Path) -> None:
    path = export(tmp_path / "a.xlsx", GOOD)
    book = load_workbook(path)
    other = book.create_sheet("补充")
    other.append(STRANGE)
    other.append(STRANGE_ROW)
    book.save(path)
    told = opened("import-cases", path)
    assert told.code == 0 and "另有 1 行在缺“申请编号”或“当前环节”栏的表里，没有读：补充 第 2 行。" in told.out


def test_what_is_here_already_is_not_counted_as_imported(opened: Any, tmp_path: Path) -> None:
    path = export(tmp_path / "a.xlsx", GOOD, changed(GOOD, number=""))
    opened("import-cases", path)
    again = opened("import-cases", path, "--json")
    assert {word: again.data[word] for word in ("导入", "导入待核", "退回", "未变", "cases")} == {
        "导入": 0, "导入待核": 0, "退回": 1, "未变": 1, "cases": {}}
    assert "在办工单共 2 行：导入 0，导入待核 0，退回 1，已有不变 1。" in opened("import-cases", path).out


@pytest.mark.parametrize("line", [
    ("", "合计", "", "2 户", "", "2 件"), (3, "合计", "", "", "", 2), ("合计", 2, "", "", "", "2"),
    ("", "", "", "总计：2户", "", "/")])
def test_a_line_of_sums_is_no_case_wherever_it_says_so(opened: Any, tmp_path: Path, line: tuple[Any, ...]) -> None:
    path = export(tmp_path / "a.xlsx", GOOD, line)
    told = opened("import-cases", path)
    assert "在办工单共 1 行：导入 1，导入待核 0，退回 0" in told.out
    assert "另有 2 行是合计，不是工单，没有导入：在办工单 第 4 行、在办工单 第 5 行。" in told.out


def test_a_case_whose_row_speaks_of_a_sum_is_still_a_case(hall: Desk, tmp_path: Path) -> None:
    found = preview_cases(hall, export(tmp_path / "a.xlsx", changed(GOOD, name="合计"), changed(GOOD, number="合计")))
    assert [f.result for f in found.findings] == ["导入", "退回"]


def test_the_window_says_why_a_file_cannot_be_read_and_counts_what_is_here_apart(
        qtbot: Any, hall: Desk, tmp_path: Path, font_folder: Path) -> None:
    from typing_hands import open_window, wait_idle

    known = export(tmp_path / "a.xlsx", GOOD)
    import_cases(hall, known)
    window = open_window(qtbot, hall)
    window.go("import_cases")
    page = window.page("import_cases")
    page.look(known)
    wait_idle(qtbot, window)
    assert "导入 0 行，导入待核 0 行，退回 0 行，已有不变 1 行" in page._counts.text()
    assert page.table.pages.items[0].result == "已有不变"
    page.import_button.click()
    wait_idle(qtbot, window)
    assert "退回 0 行，已有不变 1 行。已保存。" in page._counts.text()
    page.look(export(tmp_path / "b.xlsx", STRANGE_ROW, head=STRANGE))
    wait_idle(qtbot, window)
    assert "缺“申请编号”，写着：序号、办件码" in page._counts.text()
    assert "没有认得出的" in window.message_bar.text() and not page.table.pages.items
    assert not page.import_button.isEnabled()
