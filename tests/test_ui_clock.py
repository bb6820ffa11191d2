"""The clock in a case's head, its days, a pause corrected, a day promised, and a year's calendar taken."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import visit
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from trade import accepted_case
from typing_hands import open_window, wait_idle

from desktop.usecases.case_listing import case
from desktop.usecases.casework import record
from desktop.usecases.desk import Desk
from desktop.usecases.timing import pauses_of


@pytest.fixture
def window(qtbot: Any, hall: Desk, font_folder: Path) -> Any:
    made = open_window(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


def shown(page: Any, column: int) -> list[str]:
    """A column of the days as it is read."""
    model = page.clocks.days.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_a_click_on_the_clock_lists_each_day_and_a_key_puts_it_away(window: Any, qtbot: Any, hall: Desk) -> None:
    page = visit(window, qtbot, "case", accepted_case(hall).case_number)
    qtbot.mouseClick(page._clock, Qt.MouseButton.LeftButton)
    assert page.clocks.isVisible()
    assert not page.stage_form.isVisible()
    assert shown(page, 0)[0] == "2026-11-23 周一"
    assert shown(page, 1) == ["不计", "第 1 日", "第 2 日", "第 3 日", "第 4 日"]
    assert "到期" in shown(page, 2)[-1]
    assert "民法典第二百零一条" in page.clocks.rule.text()
    qtbot.keyClick(page.clocks.clocks, Qt.Key.Key_Escape)
    assert not page.clocks.isVisible()
    assert page.stage_form.isVisible()


def test_the_clock_is_reached_by_keys_alone(window: Any, qtbot: Any, hall: Desk) -> None:
    page = visit(window, qtbot, "case", accepted_case(hall).case_number)
    action = next(each for each in page.actions() if each.objectName() == "case_clock")
    assert action.shortcut().toString() == "Ctrl+J"
    action.trigger()
    assert page.clocks.clocks.hasFocus()
    qtbot.keyClick(page.clocks.clocks, Qt.Key.Key_Down)
    assert page.clocks.clocks.currentIndex().row() == 1
    action.trigger()
    assert not page.clocks.isVisible()
    page._clock.setFocus()
    qtbot.keyClick(page._clock, Qt.Key.Key_Return)
    assert page.clocks.isVisible()


def test_the_three_sources_stand_side_by_side(window: Any, qtbot: Any, hall: Desk) -> None:
    page = visit(window, qtbot, "case", accepted_case(hall).case_number)
    page.toggle_clocks()
    page.clocks.promise_button.click()
    page.ask.form.fill({"stage": "供电方案答复", "to": "2026-11-25", "reason": "客户急用"})
    page.ask.ok.click()
    qtbot.waitUntil(lambda: page.clocks.clocks.pages.items[0].source == "承诺")
    sources = [each.source for each in page.clocks.clocks.pages.items]
    assert set(sources) == {"承诺", "法定", "公司"}
    assert page.clocks.clocks.pages.items[0].tightest
    assert page.view.row.due_on == date(2026, 11, 25)


def test_a_pause_is_corrected_from_its_line(window: Any, qtbot: Any, hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    clock.forward(days=1)
    record(hall, number, "S04", "paused", {"reason": "客户补资料", "until": "2026-12-01"})
    page = visit(window, qtbot, "case", number)
    page.toggle_clocks()
    assert "凭据 未写" in page.clocks.pauses.text()
    page.clocks.pauses.linkActivated.emit(str(pauses_of(hall, number)[0].seq))
    page.ask.form.fill({"until": "2026-11-26", "why": "客户已补齐"})
    page.ask.ok.click()
    qtbot.waitUntil(lambda: "已更正" in page.clocks.pauses.text())
    assert not page.ask.isVisible()
    assert pauses_of(hall, number)[0].end == date(2026, 11, 26)
    assert "暂停更正" in page.side._log.text()


def test_a_file_proves_a_pause(window: Any, qtbot: Any, hall: Desk, tmp_path: Path) -> None:
    number = accepted_case(hall).case_number
    record(hall, number, "S04", "paused", {"reason": "客户补资料"})
    page = visit(window, qtbot, "case", number)
    assert "没有写明凭据" in page.side.notices.text()
    page.toggle_clocks()
    proof = tmp_path / "proof.png"
    QImage(40, 40, QImage.Format.Format_RGB32).save(str(proof))
    page.clocks.prove(pauses_of(hall, number)[0].seq, proof)
    wait_idle(qtbot, window)
    qtbot.waitUntil(lambda: "1 个文件" in page.clocks.pauses.text())
    assert "没有写明凭据" not in page.side.notices.text()


def test_a_pause_asks_who_allows_it(window: Any, qtbot: Any, hall: Desk) -> None:
    page = visit(window, qtbot, "case", accepted_case(hall).case_number)
    page.pause_button.click()
    page.ask.form.fill({"reason": "客户缴费", "allowed_by": "9999"})
    page.ask.ok.click()
    assert "9999" in page.ask.form.fault("allowed_by")
    page.ask.form.fill({"allowed_by": "1001"})
    page.ask.ok.click()
    wait_idle(qtbot, window)
    assert pauses_of(hall, page.number)[0].allowed_by == "示范员（1001）"


def test_a_clock_is_printed_and_kept_with_the_case(
        window: Any, qtbot: Any, hall: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.printing.ask_where", lambda *_: tmp_path / "clock.pdf")
    page = visit(window, qtbot, "case", accepted_case(hall).case_number)
    page.toggle_clocks()
    page.clocks.print_button.click()
    wait_idle(qtbot, window)
    qtbot.waitUntil(lambda: len(page.view.papers) > 1)
    assert (tmp_path / "clock.pdf").read_bytes().startswith(b"%PDF")
    assert "办理时限说明（供电方案答复）" in [paper.title for paper in page.view.papers]


def test_a_late_entry_stands_out_in_the_log(window: Any, qtbot: Any, hall: Desk, clock: Any) -> None:
    number = accepted_case(hall).case_number
    clock.forward(days=8)
    record(hall, number, "S04", "paused", {"reason": "客户缴费"}, claimed_on=date(2026, 11, 24))
    page = visit(window, qtbot, "case", number)
    assert "晚录 5 个工作日" in page.side._log.text()


def test_a_year_is_looked_at_and_taken_in_the_window(
        window: Any, qtbot: Any, hall: Desk, clock: Any, tmp_path: Path) -> None:
    clock.move(datetime(2026, 12, 30, 9))
    number = accepted_case(hall).case_number
    known = json.loads((Path(__file__).parents[1] / "desktop/catalog/calendars/2027.json").read_text("utf-8"))
    file = tmp_path / "2027.json"

    def announce(*more: dict[str, Any]) -> None:
        told = {"year": 2027, "papers": ["通知"], "days": [*known["days"], *more]}
        file.write_text(json.dumps(told, ensure_ascii=False), "utf-8")

    announce()
    panel = visit(window, qtbot, "system", "calendar").panels["calendar"]
    assert not panel.take_button.isEnabled()
    panel.look_at(file)
    wait_idle(qtbot, window)
    assert "没有一天调休上班" in panel.told.text()
    announce({"name": "元旦", "date": "2027-01-02", "isOffDay": False})
    panel.look_at(file)
    wait_idle(qtbot, window)
    assert [row.number for row in panel.moves.pages.items] == [number]
    panel.take_button.click()
    wait_idle(qtbot, window)
    assert "重算了 1 张" in window.message_bar.text()
    window.go("reminders")
    assert visit(window, qtbot, "case", number).view.row.due_on == date(2027, 1, 5)
    assert window.services.clerk is not None
    assert case(window.services.desk, number).state.due == date(2027, 1, 5)
    panel = visit(window, qtbot, "system", "calendar").panels["calendar"]
    panel.years.selectRow([each.year for each in panel.years.pages.items].index(2027))
    panel.undo_button.click()
    wait_idle(qtbot, window)
    assert [str(row.after) for row in panel.moves.pages.items] == ["2027-01-06"]
    panel.take_button.click()
    wait_idle(qtbot, window)
    assert "已撤回 2027 年的导入，重算了 1 张" in window.message_bar.text()
    assert case(window.services.desk, number).state.due == date(2027, 1, 6)
    assert not panel.undo_button.isEnabled()
