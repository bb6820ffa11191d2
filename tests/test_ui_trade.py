"""The main job through the window's own widgets, as one clerk does it, and its smaller turns."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import TYPED, accept, draw_up, file_contract, fill_intake, finish, receive_all, sign, visit
from contract_book import ledgered
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from typing_hands import enter, open_window, press, told, type_into, wait_idle


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    made = open_window(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


def test_from_an_application_to_a_renewed_contract(window: Any, qtbot: Any, clock: Any) -> None:
    from desktop.usecases.contracting import approve_template

    number = accept(window, qtbot)
    finish(window, number, "S04", customer_works="无")
    finish(window, number, "S11")
    approve_template(window.services.desk, "low_voltage", "示范法务", clock.today)
    contract = draw_up(window, qtbot, number)
    sign(contract, "客户已签")
    sign(contract, "我方已签用印")
    key = contract.key
    for stage in ("S13", "S14"):
        finish(window, number, stage)
    sent = window.page("case")
    assert any("合同页登记“归档”" in lack.sentence for lack in sent.view.missing_next)
    window.go("contract", key)
    file_contract(contract)
    finish(window, number, "S15")
    case_page = window.page("case")
    assert case_page.view.row.status == "已归档"

    ends = contract.view.row.ends_on
    clock.move(date.fromordinal(ends.toordinal() - 30))
    panel = visit(window, qtbot, "reminders")
    line = next(view for view in panel.table.pages.items if view.number == key)
    assert line.kind == "合同到期"
    panel.do("续签", line)
    wait_idle(qtbot, window)
    assert contract.view.predecessor == key, window.message_bar.text()
    assert contract.view.row.starts_on == date.fromordinal(ends.toordinal() + 1)



def test_the_months_report_made_on_its_page_agrees_with_the_log(
        window: Any, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import openpyxl

    accept(window, qtbot)
    number = accept(window, qtbot)
    finish(window, number, "S04", customer_works="无")
    out = tmp_path / "月报.xlsx"
    monkeypatch.setattr("ui.report_page.ask_where", lambda *_asked: out)  # the system's own file dialog
    window.go("reports")
    window.page("reports").buttons["monthly"].click()
    wait_idle(qtbot, window)
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(out).active.iter_rows()]
    heads = next(row for row in rows if row[0] == "业务类型")
    total = next(row for row in rows if row[0] == "合计")
    counted = {head: total[place] for place, head in enumerate(heads) if head}
    assert counted["本期受理"] == 2
    assert counted["本期方案答复"] == 1
    assert counted["期末结存"] == 2


def test_saved_is_said_only_with_a_number(window: Any, qtbot: Any) -> None:
    heard = told(window)
    number = accept(window, qtbot)
    assert [m.sentence for m in heard if m.kind == "good"] == [f"已保存：工单 {number}。"]


def test_what_is_missing_is_listed_and_each_is_a_link_to_its_field(window: Any, qtbot: Any) -> None:
    page = visit(window, qtbot, "intake")
    assert "请填写户名" in page.summary.missing.text()
    page.summary.wanted.emit("field:customer_phone")
    qtbot.waitUntil(lambda: page.form.editor("customer_phone").hasFocus())


def test_a_refused_acceptance_says_why_beside_the_field_and_loses_nothing(window: Any, qtbot: Any) -> None:
    page = fill_intake(window, qtbot)
    page.form.editor("customer_phone").set_value("123")
    page.accept()
    wait_idle(qtbot, window)
    assert page.stack.currentIndex() == 0
    assert page.form.fault("customer_phone")
    assert page.form.answers()["customer_name"] == TYPED["customer_name"]


def test_a_missing_paper_that_may_follow_leads_to_another_way_of_acceptance(window: Any, qtbot: Any) -> None:
    page = fill_intake(window, qtbot)
    receive_all(page)
    views = page.summary.materials._lines
    code = next(code for code, (name, _box) in views.items() if "容缺" in name.text())
    views[code][1].set_value("未收")
    page.summary.changed.emit()
    qtbot.waitUntil(lambda: page.summary.way.value() == "容缺受理")


def test_a_declined_application_is_an_ended_case_with_a_notice(window: Any, qtbot: Any) -> None:
    page = fill_intake(window, qtbot)
    page.decline_button.click()
    page.ask.form.fill({"reason": "用电地址不在供电范围内"})
    page.ask.ok.click()
    wait_idle(qtbot, window)
    assert page.stack.currentIndex() == 1, window.message_bar.text()
    window.go("case", page.accepted.number.text())
    case = window.page("case")
    assert case.view.row.status == "已终止"
    assert any("告知" in paper.title for paper in case.view.papers)
    assert case.end_button.isHidden()


def test_why_it_was_declined_is_not_asked_again_where_the_name_was_still_missing(window: Any, qtbot: Any) -> None:
    page = fill_intake(window, qtbot)
    page.form.empty(["customer_name"])
    page.decline_button.click()
    page.ask.form.fill({"reason": "用电地址不在供电范围内"})
    page.ask.ok.click()
    wait_idle(qtbot, window)
    assert page.stack.currentIndex() == 0 and page.form.fault("customer_name")
    page.decline_button.click()
    assert page.ask.form.answers() == {"reason": "用电地址不在供电范围内"}


def test_the_form_is_a_draft_on_disk_within_three_seconds_of_a_key(window: Any, qtbot: Any) -> None:
    from desktop.usecases.drafting import drafts

    page = visit(window, qtbot, "intake")
    type_into(page.form.editor("customer_name"), "青海湖畔藏毯有限公司")
    qtbot.waitUntil(lambda: bool(drafts(window.services.desk, "intake")), timeout=3000)
    kept = drafts(window.services.desk, "intake")[0]
    assert kept.content["answers"] == {"customer_name": "青海湖畔藏毯有限公司"}
    assert "草稿已存" in page.kept.text()


def test_a_draft_is_offered_by_the_next_window_and_goes_on_as_it_was(qtbot: Any, hall: Any, font_folder: Path) -> None:
    first = open_window(qtbot, hall)
    page = fill_intake(first, qtbot)
    receive_all(page)
    said = page.form.answers()
    first.go("cases")
    second = open_window(qtbot, hall)
    heard = told(second)
    again = visit(second, qtbot, "intake")
    assert "没有填完" in heard[-1].sentence
    heard[-1].step.do()
    assert again.form.answers() == said
    assert set(again.summary.materials.marks().values()) == {"已收"}
    wait_idle(qtbot, second)
    assert set(again.summary.materials.marks().values()) == {"已收"}


def test_an_accepted_form_leaves_no_draft(window: Any, qtbot: Any) -> None:
    from desktop.usecases.drafting import drafts

    accept(window, qtbot)
    assert drafts(window.services.desk, "intake") == ()


def test_a_known_customer_is_offered_and_fills_what_is_known(window: Any, qtbot: Any) -> None:
    accept(window, qtbot)
    page = window.page("intake")
    page.accepted.next.click()
    type_into(page.form.editor("customer_name"), "青海湖畔")
    qtbot.waitUntil(lambda: "用此客户" in page.summary.similar.text())
    page.summary.wanted.emit("customer:1")
    assert page.form.answers()["customer_id"] == TYPED["customer_id"]
    assert page.form.answers()["customer_name"] == TYPED["customer_name"]


def test_the_scheme_refuses_with_every_blank_named_and_keeps_what_was_typed(window: Any, qtbot: Any) -> None:
    window.go("case", accept(window, qtbot))
    page = window.page("case")
    page.choose_stage("S04")
    type_into(page.stage_form.form.editor("scheme_line"), "10kV 绿洲路线")
    page.done_button.click()
    assert page.stage_form.form.fault("scheme_pole") == "请填写接入杆号（出口）"
    window.go("cases")
    window.go("case", page.number)
    page.choose_stage("S04")
    assert page.stage_form.answers()["scheme_line"] == "10kV 绿洲路线"


def test_a_case_is_paused_with_its_reason_and_resumed(window: Any, qtbot: Any) -> None:
    window.go("case", accept(window, qtbot))
    page = window.page("case")
    page.pause_button.click()
    page.ask.form.fill({"reason": "客户缴费"})
    page.ask.ok.click()
    assert page.view.row.status == "暂停", page.ask._fault.text()
    assert page.pause_button.text() == "恢复"
    assert page.done_button.isHidden()
    page.pause_button.click()
    page.ask.ok.click()
    assert page.view.row.status == "在办", page.ask._fault.text()


def test_the_search_box_finds_a_case_by_initials_and_opens_it(window: Any, qtbot: Any) -> None:
    number = accept(window, qtbot)
    type_into(window.search, "qhhp")
    qtbot.waitUntil(lambda: window.search.hits is not None and window.search.hits.isVisible())
    window.search.setText(number)
    enter(window.search)
    wait_idle(qtbot, window)
    assert window.page("case").number == number


def test_a_contract_is_not_signed_before_its_text_is_approved(window: Any, qtbot: Any) -> None:
    number = accept(window, qtbot)
    finish(window, number, "S04", customer_works="无")
    page = draw_up(window, qtbot, number)
    page.next_button.click()
    page.ask.ok.click()
    assert "尚未审定" in page.ask._fault.text()
    assert page.view.row.state == "待签"


def test_the_real_pages_stand_beside_the_blanks(window: Any, qtbot: Any) -> None:
    number = accept(window, qtbot)
    finish(window, number, "S04", customer_works="无")
    window.page("case").contract_button.click()
    wait_idle(qtbot, window)
    page = window.page("contract")
    qtbot.waitUntil(lambda: page.pdf.pages >= 4)
    assert "产权分界点" in page.text.toPlainText()


def test_ledger_rows_are_shown_before_anything_is_written(window: Any, qtbot: Any) -> None:
    from desktop.usecases.contract_listing import contracts

    window.go("import")
    page = window.page("import")
    page.look(Path(__file__).parent / "samples" / "合同台账样例.xlsx")
    wait_idle(qtbot, window)
    shown = len(page.table.pages.items)
    assert shown == sum(page.preview.counts.values()) > 0
    assert contracts(window.services.desk).rows == ()
    page.import_button.click()
    wait_idle(qtbot, window)
    assert visit(window, qtbot, "contracts").table.pages.items


def test_a_ledger_looked_at_again_counts_what_is_here_apart_from_what_would_be_imported(
        window: Any, qtbot: Any) -> None:
    from desktop.usecases.importing import import_contracts

    ledger = Path(__file__).parent / "samples" / "合同台账样例.xlsx"
    kept = import_contracts(window.services.desk, ledger)
    window.go("import")
    page = window.page("import")
    page.look(ledger)
    wait_idle(qtbot, window)
    here = kept.taken + kept.doubtful
    assert f"：导入 0 行，导入待核 0 行，退回 {kept.returned:,} 行，已有不变 {here:,} 行" in page._counts.text()
    page.findChild(QPushButton, "chip_已有不变").click()
    assert len(page.table.pages.items) == here


def test_renewal_modes_are_set_in_bulk_by_kind_after_a_person_confirms(window: Any, qtbot: Any) -> None:
    window.go("import")
    page = window.page("import")
    page.look(Path(__file__).parent / "samples" / "合同台账样例.xlsx")
    wait_idle(qtbot, window)
    page.take(None)
    wait_idle(qtbot, window)
    listed = visit(window, qtbot, "contracts")
    listed.ask_renewal()
    listed.ask.form.fill({"scope": "所有高压中未知的", "mode": "到期重签"})
    listed.ask.ok.click()
    assert listed.ask.form.fault("confirmed_by")
    listed.ask.form.fill({"confirmed_by": "示范员"})
    listed.ask.ok.click()
    shown = listed.table.pages
    qtbot.waitUntil(lambda: {row.renewal for row in shown.items if row.kind_name == "高压"} == {"到期重签"})


def test_a_list_opens_with_enter_and_typing_filters_it(window: Any, qtbot: Any) -> None:
    number = accept(window, qtbot)
    page = visit(window, qtbot, "cases")
    type_into(page.table, "Z")
    assert page.words.text() == "Z"
    page.words.clear()
    qtbot.waitUntil(lambda: len(page.table.pages.items) == 1)
    press(page.table, Qt.Key.Key_Return)
    assert window.page("case").number == number


def test_a_backup_on_demand_is_listed(window: Any, qtbot: Any) -> None:
    window.go("system", "backup")
    page = window.page("system")
    page.findChild(QPushButton, "backup").click()
    wait_idle(qtbot, window)
    assert [row.why for row in page.panels["backup"].table.pages.items] == ["手动"]


def test_typing_outlives_a_data_file_that_is_moved_away_and_a_backup_brings_the_hall_back(
        window: Any, qtbot: Any) -> None:
    from desktop.usecases.safekeeping import backups

    window.go("system", "backup")
    window.page("system").findChild(QPushButton, "backup").click()
    wait_idle(qtbot, window)
    page = fill_intake(window, qtbot)
    receive_all(page)
    typed, said, path = page.form.answers(), told(window), window.services.desk.db.path
    path.rename(path.with_name("away.db"))
    window.services.run(page.accept)
    wait_idle(qtbot, window)
    assert "不在原来的位置" in said[-1].sentence and page.stack.currentIndex() == 0
    assert page.form.answers() == typed
    window.go("system", "backup")
    window.page("system").panels["backup"].restore(backups(window.services.folder)[0].path)
    wait_idle(qtbot, window)
    assert path.exists() and any("已恢复并检查无误" in message.sentence for message in said)


def test_typing_that_cannot_be_kept_as_a_draft_holds_the_window_open_once(window: Any, qtbot: Any) -> None:
    from desktop.usecases.drafting import drafts

    page = visit(window, qtbot, "intake")
    path = window.services.desk.db.path
    path.rename(path.with_name("away.db"))
    type_into(page.form.editor("customer_name"), "示例县兴旺建材有限公司")
    said = told(window)
    assert not window.close() and window.isVisible()
    assert "窗口没有关" in said[-1].sentence
    path.with_name("away.db").rename(path)
    assert window.close()
    (kept,) = drafts(window.services.desk, "intake")
    assert kept.content["answers"]["customer_name"] == "示例县兴旺建材有限公司"


def test_what_the_next_step_lacks_grows_shorter_as_the_form_is_filled(window: Any, qtbot: Any) -> None:
    window.go("case", accept(window, qtbot))
    page = window.page("case")
    page.choose_stage("S04")
    assert "供电线路" in page.side.missing.text()
    type_into(page.stage_form.form.editor("scheme_line"), "10kV 绿洲路线")
    assert "供电线路" not in page.side.missing.text()
    assert "接入杆号" in page.side.missing.text()


def test_a_contract_that_followed_itself_tells_its_running_end_beside_the_written_one(window: Any, qtbot: Any) -> None:
    desk = window.services.desk
    ledgered(desk, "ROLLED", ends_on=date(2025, 11, 30), renewal="自动续展", term_months=36, objection_days=30)
    table = visit(window, qtbot, "contracts").table.pages
    shown = {column.name: column.text(table.items[0]) for column in table.columns}
    assert (shown["ends"], shown["left"]) == ("2025-11-30 周日", "↻ 续至 2028-11-30")


def test_going_back_to_a_backup_finds_the_old_state_and_keeps_the_newer_file(window: Any, qtbot: Any) -> None:
    before = accept(window, qtbot)
    window.go("system", "backup")
    system = window.page("system")
    system.findChild(QPushButton, "backup").click()
    wait_idle(qtbot, window)
    later = accept(window, qtbot)

    window.go("system", "backup")
    panel = system.panels["backup"]
    panel.restore_button.click()
    panel.ask.ok.click()
    wait_idle(qtbot, window)
    assert window.message_bar.text() or window.is_gated
    type_into(window.chooser.number, "1001")
    enter(window.chooser.number)
    window.go("cases")
    shown = window.page("cases").table.pages
    qtbot.waitUntil(lambda: [row.number for row in shown.items] == [before])
    kept, = window.services.folder.glob("hall-*.db")
    assert later.encode() in kept.read_bytes()
    assert accept(window, qtbot) == later  # the hall goes on from where it was
    window.services.desk.db.close()


def test_a_damaged_backup_is_refused_and_the_hall_goes_on(window: Any, qtbot: Any) -> None:
    window.go("system", "backup")
    system = window.page("system")
    system.findChild(QPushButton, "backup").click()
    wait_idle(qtbot, window)
    panel = system.panels["backup"]
    panel.table.pages.items[0].path.write_bytes(b"no database at all" * 1000)
    panel.restore_button.click()
    panel.ask.ok.click()
    wait_idle(qtbot, window)
    assert "不能恢复" in window.message_bar.text()
    assert accept(window, qtbot)
