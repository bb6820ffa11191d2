"""A clerk's visits to the pages of the window: an application, its stages, its contract and the signatures."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from trade import own_meter
from typing_hands import enter, type_into, wait_idle

from desktop.domain.field import samples

CTRL = Qt.KeyboardModifier.ControlModifier
TYPED = {
    "customer_name": "青海湖畔·藏毯有限公司", "customer_id_kind": "1", "customer_id": "91632521MA00000A9H",
    "customer_phone": "１３８００００１２３４", "customer_address": "共和县恰卜恰镇团结北路 88 号",
    "usage_address": "共和县恰卜恰镇绿洲南路 16 号", "usage_nature": "1", "industry": "地毯制造", "capacity_kw": "80",
    "voltage": "2",
}
LOAD = ("织机", "动力", "2", "40")


def visit(window: Any, qtbot: Any, name: str, what: Any = None) -> Any:
    """Open a page and wait until it shows what it read; the page."""
    window.go(name, what)
    wait_idle(qtbot, window)
    return window.page(name)


def choose_kind(page: Any, kind: str = "low_voltage_new") -> None:
    """Another kind of application."""
    page.kind.set_value(kind)
    page.kind.activated.emit(page.kind.currentIndex())
    QApplication.processEvents()  # the form of that kind is shown


def fill_intake(window: Any, qtbot: Any) -> Any:
    """Open 受理 and type what every application needs."""
    page = visit(window, qtbot, "intake")
    choose_kind(page)
    for name, text in TYPED.items():
        type_into(page.form.editor(name), text)
    page.form.go_to("loads")
    for text in LOAD:
        cell = QApplication.focusWidget()
        type_into(cell, text)
        enter(cell)
    return page


def receive_all(page: Any) -> None:
    """All papers are on the counter."""
    for code in page.summary.materials.marks():
        page.summary.materials._lines[code][1].set_value("已收")
    page.summary.changed.emit()


def accept(window: Any, qtbot: Any) -> str:
    """An application accepted by Ctrl+Enter; its number."""
    window.go("intake")
    if window.page("intake").stack.currentIndex() == 1:
        window.page("intake").accepted.next.click()
    page = fill_intake(window, qtbot)
    receive_all(page)
    qtbot.waitUntil(lambda: "可以受理" in page.summary._missing_head.text())
    page.form.go_to("customer_name")
    enter(page.form.editor("customer_name"), CTRL)
    wait_idle(qtbot, window)
    assert page.stack.currentIndex() == 1, window.message_bar.text()
    return page.accepted.number.text()


def finish(window: Any, number: str, stage: str, **more: str) -> None:
    """Record a stage as done with the dictionary's samples, through its form."""
    window.go("case", number)
    page = window.page("case")
    page.line.show_stages(page.view.state.stages, stage)
    page.choose_stage(stage)
    wanted = samples(page.view.process.stage(stage).fields)
    wanted.update(own_meter(wanted, number))
    days = {name for name in wanted if name.endswith("_on")}
    page.stage_form.form.set_answers({n: v for n, v in wanted.items() if n not in days} | more)
    page.done_button.click()
    assert page.view.state.stage(stage).state == "完成", window.message_bar.text()


def draw_up(window: Any, qtbot: Any, number: str) -> Any:
    """起草合同 and 生成合同 of a case whose scheme is answered; the contract's page, waiting for signatures."""
    window.go("case", number)
    window.page("case").contract_button.click()
    wait_idle(qtbot, window)
    page = window.page("contract")
    page.next_button.click()
    wait_idle(qtbot, window)
    assert page.view.row.state == "待签", (window.message_bar.text(), page.view.faults)
    return page


def sign(page: Any, state: str, **said: str) -> None:
    """The next party signs; the contract is then in `state`."""
    page.next_button.click()
    page.ask.form.fill({"signer": "示范甲", "capacity": "负责人", **said})
    page.ask.ok.click()
    assert page.view.row.state == state, page.ask._fault.text()


def file_contract(page: Any) -> None:
    """The signed contract goes into its box."""
    page.next_button.click()
    page.ask.form.fill({"box": "H-012"})
    page.ask.ok.click()
    assert page.view.row.state == "已归档", page.ask._fault.text()
