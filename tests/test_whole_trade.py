"""The whole trade, from an empty hall to a renewed contract, by one clerk's hands in the window.

Everything is typed and pressed in the real widgets: the hall's first start, an application, its scheme, the
inspection, the contract and its signatures, the meter and the power, the archive; then the years go by until thirty
days before the end, and reminder, renewal and the month's report must agree with the log.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from clerk_hands import accept, draw_up, visit
from conftest import synthetic_supplier
from PySide6.QtCore import Qt
from typing_hands import enter, open_window, type_into, wait_idle

from desktop.domain.caselog import What
from desktop.usecases.case_listing import case
from desktop.usecases.contract_keeping import contract

CTRL = Qt.KeyboardModifier.ControlModifier
HALL = ("supplier_name", "supplier_code", "supplier_legal_person", "supplier_address", "supplier_bank",
        "supplier_account", "hall_name")
STAGES = {
    "S04": {"scheme_line": "10kV 恰城线", "scheme_pole": "15 号杆", "scheme_transformer": "绿洲南路 3 号公变",
            "scheme_capacity_kw": "80", "customer_works": "2", "boundary_point": "计量箱内用户侧出线开关下桩头",
            "metering_mode": "3", "metering_point": "用户围墙外计量箱", "meter_spec": "三相四线 3×1.5(6)A",
            "ct_ratio": "150/5", "multiplier": "30", "price_class": "1"},
    "S11": {"inspection_result": "1"},
    "S13": {"meter_number": "6300000000000000000001", "meter_reading": "0"},
    "S14": {"energised_by": "示范丙"},
    "S15": {"yx_account": "6300000000017", "left_undone": "答复方案时已到现场核对"},
}


class Clerk:
    """Hands on the window: each deed is one visit to one page."""

    def __init__(self, window: Any, qtbot: Any) -> None:
        self.window, self.qtbot = window, qtbot

    def sets_up_the_hall(self) -> None:
        form = self.window.shell.currentWidget()
        for name in HALL:
            type_into(form.form.editor(name), synthetic_supplier()[name])
        first = form.clerks[0]
        type_into(first.number, "1001")
        type_into(first.name, "示范员")
        form.save_button.click()
        wait_idle(self.qtbot, self.window)

    def answers_for_the_text(self) -> None:
        self.window.go("system", "texts")
        panel = self.window.page("system").panels["texts"]
        row = next(n for n, text in enumerate(panel.table.pages.items) if text.kind == "low_voltage")
        panel.table.selectRow(row)
        panel.approve_button.click()
        type_into(panel.ask.form.editor("name"), "示范法务")
        panel.ask.ok.click()

    def finishes(self, number: str, stage: str) -> None:
        self.window.go("case", number)
        page = self.window.page("case")
        page.line.show_stages(page.view.state.stages, stage)
        page.choose_stage(stage)
        for name, text in STAGES[stage].items():
            type_into(page.stage_form.form.editor(name), text)
        enter(page.stage_form.form.editor(next(iter(STAGES[stage]))), CTRL)
        assert page.view.state.stage(stage).state == "完成", self.window.message_bar.text()

    def draws_up(self, number: str) -> str:
        return str(draw_up(self.window, self.qtbot, number).key)

    def takes_signature(self, signer: str, state: str) -> None:
        page = self.window.page("contract")
        page.next_button.click()
        type_into(page.ask.form.editor("signer"), signer)
        type_into(page.ask.form.editor("capacity"), "2")  # 负责人
        page.ask.ok.click()
        assert page.view.row.state == state, page.ask._fault.text()

    def files_the_contract(self) -> None:
        page = self.window.page("contract")
        page.next_button.click()
        type_into(page.ask.form.editor("box"), "H-012")
        page.ask.ok.click()
        assert page.view.row.state == "已归档", page.ask._fault.text()

    def makes_the_months_report(self, out: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
        """The totals that the workbook shows; none in a month in which the log holds nothing."""
        monkeypatch.setattr("ui.report_page.ask_where", lambda *_asked: out)  # the system's own file dialog
        self.window.go("reports")
        self.window.page("reports").buttons["monthly"].click()
        wait_idle(self.qtbot, self.window)
        rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(out).active.iter_rows()]
        assert f"统计期：{self.window.services.desk.today:%Y-%m}" in rows[1][0]
        heads = next(row for row in rows if row[0] == "业务类型")
        totals = [row for row in rows if row[0] == "合计"]
        return {head: total[place] for total in totals for place, head in enumerate(heads) if head}

    def renews(self, key: str) -> Any:
        panel = visit(self.window, self.qtbot, "reminders")
        line = next(view for view in panel.table.pages.items if view.number == key)
        panel.do("续签", line)
        wait_idle(self.qtbot, self.window)
        return line


def test_from_an_empty_hall_to_a_renewed_contract(empty_hall: Any, qtbot: Any, clock: Any, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(qtbot, empty_hall)
    clerk = Clerk(window, qtbot)

    clerk.sets_up_the_hall()
    number = accept(window, qtbot)
    clerk.finishes(number, "S04")
    clerk.finishes(number, "S11")
    clerk.answers_for_the_text()
    key = clerk.draws_up(number)
    clerk.takes_signature("才让多杰", "客户已签")
    clerk.takes_signature("示范甲", "我方已签用印")
    clerk.files_the_contract()
    for stage in ("S13", "S14", "S15"):
        clerk.finishes(number, stage)

    desk = window.services.desk
    kept = case(desk, number)
    told = Counter(entry.what for entry in kept.log)
    assert (kept.row.status, kept.account_number) == ("已归档", "6300000000017")
    assert told[What.DONE] == len(STAGES) and told[What.CONTRACT_SIGNED] == 1
    assert {entry.clerk for entry in kept.log} == {"1001"}
    counted = clerk.makes_the_months_report(tmp_path / "受理当月.xlsx", monkeypatch)
    assert (counted["上期结存"], counted["本期受理"], counted["本期方案答复"]) == (0, 1, 1)
    assert (counted["本期完成（送电）"], counted["本期终止"], counted["期末结存"]) == (1, 0, 0)

    ends = contract(desk, key).row.ends_on
    clock.move(ends - timedelta(days=30))
    line = clerk.renews(key)
    assert (line.kind, line.due_on) == ("合同到期", clock.today)  # 自动续展：the last day to object
    renewed = window.page("contract").view
    assert (renewed.predecessor, contract(desk, key).successor) == (key, renewed.row.key)
    assert renewed.row.starts_on == ends + timedelta(days=1)
    assert "contract_drawn" in [entry.what for entry in renewed.log]
    counted = clerk.makes_the_months_report(tmp_path / "续签当月.xlsx", monkeypatch)
    figures = [figure for label, figure in counted.items() if label.startswith(("上期", "本期", "期末"))]
    assert counted["业务类型"] == "合计" and set(figures) == {0}  # no application came or went
    assert case(desk, number).log == kept.log  # renewing is told of the contract, and the case stays as it was closed
