"""The work from above through real widgets: chips, board, morning's sheet, change of shift, progress, where days go."""

from __future__ import annotations

from typing import Any

import pytest
from clerk_hands import visit
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from typing_hands import open_window, press, type_into, wait_idle

from desktop.usecases.casework import record
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.relieving import hand_over_shift, shifts
from tests.trade import accepted_case, done
from ui.case_board import name_lines
from ui.paged_table import PagedTable


def taken(desk: Desk, number: int, name: str = "") -> str:
    said = {"customer_name": name or f"示例{number}户", "customer_id_kind": "护照", "customer_id": f"E{number:08d}"}
    return accepted_case(desk, **said).case_number


@pytest.fixture
def busy(hall: Desk, clock: Any) -> dict[str, str]:
    """Four cases: one late, one waiting for its customer, one with its scheme answered, one new and another's."""
    late = taken(hall, 1)
    clock.forward(days=7)
    waiting, answered = taken(hall, 2), taken(hall, 3)
    record(hall, waiting, "S04", "paused", {"reason": "客户补资料", "evidence": "电话记录"})
    done(hall, answered, "S04")
    others = taken(hall.served_by(add_clerk(hall, "1002", "示范乙", "客户经理")), 4)
    return {"late": late, "waiting": waiting, "answered": answered, "others": others}


def chip(page: Any, value: str) -> QPushButton:
    return page.chips._buttons[value]


def test_a_chip_counts_its_cases_and_shows_them(qtbot: Any, hall: Desk, busy: dict[str, str]) -> None:
    window = open_window(qtbot, hall)
    page = visit(window, qtbot, "cases")
    texts = {value: button.text() for value, button in page.chips._buttons.items()}
    assert texts["open"] == "在办 4" and texts["mine"] == "我的 3" and texts["overdue"] == "超期 1"
    assert texts["paused"] == "等客户 1" and texts["post"] == "本岗位 3"
    for value, numbers in (("mine", {"late", "waiting", "answered"}), ("paused", {"waiting"}), ("overdue", {"late"}),
                           ("post", {"late", "answered", "others"})):
        chip(page, value).click()
        wait_idle(qtbot, window)
        assert {row.number for row in page.table.pages.items} == {busy[name] for name in numbers}, value


def test_the_board_is_walked_by_arrows_and_enter_opens_a_case(qtbot: Any, hall: Desk, busy: dict[str, str]) -> None:
    window = open_window(qtbot, hall)
    visit(window, qtbot, "cases")
    visit(window, qtbot, "board", {})
    board = window.page("board")
    heads = [(each.column.name, each.column.count, each.column.overdue) for each in board.columns]
    assert heads[0] == ("供电方案答复", 3, 1)
    board.go_to(0)
    press(board.columns[0], Qt.Key.Key_Right)
    assert board.columns[1].hasFocus()
    press(board.columns[1], Qt.Key.Key_Left)
    assert board.columns[0].hasFocus() and board.columns[0].currentItem() is not None
    press(board.columns[0], Qt.Key.Key_Return, "\r")
    wait_idle(qtbot, window)
    assert window.page("case").view.row.number == busy["late"]
    window.back()
    chip(board, "post").click()
    wait_idle(qtbot, window)
    assert board.columns[0].column.count == 2


def test_a_card_shows_a_long_name_whole_and_the_longest_when_the_mouse_rests_on_it(qtbot: Any, hall: Desk) -> None:
    long, endless = "演练县红柳旺建设公司安置点建设项目部（集团）有限责任公司", "很" * 99 + "长"
    taken(hall, 1, name="短")
    taken(hall, 2, name=long)
    taken(hall, 3, name=endless)
    window = open_window(qtbot, hall)
    column = visit(window, qtbot, "board", {}).columns[0]
    lines = {name: name_lines(column.fontMetrics(), name) for name in ("短", long, endless)}
    assert [len(each) for each in lines.values()] == [1, 2, 3]
    assert "".join(lines[long]) == long and lines[endless][-1].endswith("…")
    highs = [column.visualItemRect(column.item(n)).height() for n in range(3)]
    assert highs[0] < highs[1] < highs[2]
    assert endless in column.item(2).toolTip()


def test_the_rest_of_a_long_column_opens_the_list_at_its_stage(qtbot: Any, hall: Desk, monkeypatch: Any) -> None:
    from desktop.usecases import overseeing

    monkeypatch.setattr(overseeing.board, "__kwdefaults__", overseeing.board.__kwdefaults__ | {"cards": 2})
    for number in range(4):
        taken(hall, number)
    window = open_window(qtbot, hall)
    board = visit(window, qtbot, "board", {})
    assert board.columns[0].item(2).text() == "另有 2 件，回车看清单"
    board.go_to(0, 2)
    press(board.columns[0], Qt.Key.Key_Return, "\r")
    wait_idle(qtbot, window)
    page = window.page("cases")
    assert page.stage.currentText() == "供电方案答复" and len(page.table.pages.items) == 4


def test_the_morning_sheet_is_shown_as_its_page(qtbot: Any, hall: Desk, busy: dict[str, str]) -> None:
    window = open_window(qtbot, hall)
    visit(window, qtbot, "cases").show_morning()
    qtbot.waitUntil(lambda: window.page("sheet").view.pages == 1)
    assert window.page("sheet")._title.text() == "晨会单 2026-11-30" and busy["late"] not in window.windowTitle()


def test_a_shift_is_given_and_confirmed_at_the_window(qtbot: Any, hall: Desk, busy: dict[str, str]) -> None:
    window = open_window(qtbot, hall)
    page = visit(window, qtbot, "shift")
    page._ask_note(page.lines.pages.items[0])
    page.ask.form.fill({"note": "客户下午来"})
    page.ask.ok.click()
    wait_idle(qtbot, window)
    page.ask_give()
    page.ask.form.fill({"receiver": "示范乙（1002）", "note": "钥匙在抽屉"})
    page.ask.ok.click()
    wait_idle(qtbot, window)
    (given,) = shifts(hall)
    assert given.note == "钥匙在抽屉" and given.lines[0]["note"] == "客户下午来" and len(given.lines) == 3
    qtbot.waitUntil(lambda: page.waiting.isHidden() and "交班给 示范乙" in page.mine._told.text())
    page.mine.buttons[-1].click()
    qtbot.waitUntil(page.mine.isHidden)
    assert shifts(hall)[0].answer == "撤回"
    window.services.seat(add_clerk(hall, "1003", "示范丙", "班长"))
    hand_over_shift(hall, window.services.clerk, "第二次")
    qtbot.waitUntil(lambda: page.waiting.isVisible() and "第二次" in page.waiting._told.text())
    page.waiting.buttons[-1].click()
    page.ask.form.fill({"remark": "已核对"})
    page.ask.ok.click()
    qtbot.waitUntil(page.waiting.isHidden)
    assert (shifts(hall)[0].answer, shifts(hall)[0].remark) == ("确认", "已核对")


def test_who_is_given_a_shift_is_told_when_he_sits_down_and_may_give_it_back_with_why(
        qtbot: Any, hall: Desk, busy: dict[str, str]) -> None:
    window = open_window(qtbot, hall)
    third = add_clerk(hall, "1003", "示范丙", "受理员")
    hand_over_shift(hall, third)
    window.services.seat(third)
    qtbot.waitUntil(lambda: "示范员 11-30 09:00 交班给您，在办 3 件" in window.message_bar.text())
    window.message_bar._button.click()
    wait_idle(qtbot, window)
    page = window.page("shift")
    assert window._here[0] == "shift" and page.waiting.isVisible()
    page.waiting.buttons[1].click()
    page.ask.ok.click()
    assert page.ask.isVisible() and shifts(hall)[0].answer == ""
    page.ask.form.fill({"remark": "不是我的班"})
    page.ask.ok.click()
    qtbot.waitUntil(page.waiting.isHidden)
    assert (shifts(hall)[0].answer, shifts(hall)[0].remark) == ("退回", "不是我的班")


def test_a_customer_is_told_his_progress_and_gets_his_page(qtbot: Any, hall: Desk, busy: dict[str, str]) -> None:
    window = open_window(qtbot, hall)
    page = visit(window, qtbot, "progress")
    type_into(page.words, busy["waiting"])
    qtbot.waitUntil(lambda: page.card.isVisible() and "等您补齐资料" in page._summary.text())
    press(page.table, Qt.Key.Key_Return, "\r")
    qtbot.waitUntil(lambda: window.page("sheet").view.pages == 1)
    assert busy["waiting"] in window.page("sheet")._title.text()
    page = visit(window, qtbot, "progress", "查无此人")
    qtbot.waitUntil(lambda: page.card.isHidden())
    assert not page.print_button.isEnabled()


def test_in_an_empty_hall_each_page_keeps_its_head_at_the_top_and_says_what_would_be_here(
        qtbot: Any, hall: Desk) -> None:
    window = open_window(qtbot, hall)
    for name in ("progress", "account", "board", "shift", "flow", "cases", "contracts", "reminders"):
        page = visit(window, qtbot, name)
        qtbot.waitUntil(lambda page=page: page.layout().isEnabled() and page.isVisible())
        page.layout().activate()
        assert page.layout().itemAt(0).geometry().bottom() < 80, name
        said = [each.text() for each in page.findChildren(QLabel) if each.isVisible()]
        said += [table.empty_text for table in page.findChildren(PagedTable) if table.isVisible()]
        assert any(word in " ".join(said) for word in ("没有", "会列出", "先找到", "请按")), name


def test_the_flow_page_shows_where_the_days_go(qtbot: Any, hall: Desk, busy: dict[str, str]) -> None:
    window = open_window(qtbot, hall)
    visit(window, qtbot, "reports")
    page = visit(window, qtbot, "flow")
    rows = {row.stage: row for row in page.table.pages.items}
    assert rows["供电方案答复"].count == 1 and rows["业务受理"].count == 4
    page.month.set_value("2026-10")
    page.refresh()
    wait_idle(qtbot, window)
    assert page.table.pages.items == []
