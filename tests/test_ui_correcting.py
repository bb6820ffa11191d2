"""An application is corrected on its case's page, with real widgets and keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clerk_hands import CTRL, visit
from PySide6.QtCore import Qt
from trade import accepted_case, done, full_survey
from typing_hands import open_window, wait_idle

from desktop.usecases.case_listing import case
from desktop.usecases.casework import record

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    made = open_window(qtbot, hall)
    yield made
    wait_idle(qtbot, made)


def test_the_capacity_is_corrected_with_its_reason_and_both_figures_stand_beside_it(
        window: Any, qtbot: Any, hall: Any) -> None:
    number = accepted_case(hall).case_number
    page = visit(window, qtbot, "case", number)
    qtbot.keyClick(page, Qt.Key.Key_G, CTRL | SHIFT)
    assert page.ask.isVisibleTo(page) and page.ask.form.answers()["capacity_kw"] == "80"
    page.ask.form.set_answers({**page.ask.form.answers(), "capacity_kw": "100", "loads": []})
    page.ask.ok.click()
    assert page.ask.isVisibleTo(page) and page.ask.form.fault("reason") and page.ask.form.fault("asked_by")
    page.ask.form.set_answers({**page.ask.form.answers(), "reason": "客户增加一台冷库", "asked_by": "客户"})
    page.ask.ok.click()
    assert not page.ask.isVisibleTo(page), page.ask._fault.text()
    wait_idle(qtbot, window)
    assert "100 kW" in page._about.text()
    assert "申请容量 80 kW → 100 kW" in page.side.application.text()
    assert "申请更正" in page.side._log.text()


def test_equipment_found_on_site_is_taken_over_into_the_application(window: Any, qtbot: Any, hall: Any) -> None:
    number = accepted_case(hall).case_number
    found = [{"name": "冷库压缩机", "count": "3", "unit_kw": "40", "total_kw": "120"}]
    facts = full_survey(hall, number, survey_loads=found)
    record(hall, number, "S03", "done", facts)
    page = visit(window, qtbot, "case", number)
    page.side.application.linkActivated.emit("correct:capacity")
    asked = page.ask.form.answers()
    assert asked["loads"][0]["total_kw"] == "120" and asked["asked_by"] == "现场勘查"
    assert "现场勘查的清单" in page.ask._about.text()
    page.ask.form.set_answers({**asked, "capacity_kw": "120", "reason": "现场多一台"})
    page.ask.ok.click()
    wait_idle(qtbot, window)
    assert case(hall, number).answers["loads"][0]["count"] == "3"


def test_after_the_scheme_only_what_is_still_open_is_offered(window: Any, qtbot: Any, hall: Any) -> None:
    number = accepted_case(hall).case_number
    done(hall, number, "S04")
    page = visit(window, qtbot, "case", number)
    text = page.side.application.text()
    assert "联系方式" in text and "容量和设备" not in text
