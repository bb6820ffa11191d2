"""The right side of the intake page while a clerk types: days in words, hits folded, nothing that jumps or scolds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typing_hands import enter, open_window, type_into, wait_idle

from tests.trade import accepted_case

PHONE = "13997000012"


@pytest.fixture
def page(qtbot: Any, hall: Any, font_folder: Path) -> Any:
    window = open_window(qtbot, hall)
    wait_idle(qtbot, window)
    window.go("intake")
    wait_idle(qtbot, window)
    yield window.page("intake")
    wait_idle(qtbot, window)


def typed(page: Any, qtbot: Any, name: str, text: str) -> None:
    """A field is typed in, the cursor stays in it, and what follows is shown."""
    type_into(page.form.editor(name), text)
    page.assess()
    wait_idle(qtbot, page.window())


def neighbours(hall: Any, count: int) -> None:
    for number in range(count):
        accepted_case(hall, customer_name=f"扎西·示范{number}", customer_phone=PHONE,
                      usage_address=f"演练县恰措镇团结路 {number + 1} 号")


def test_how_the_promised_days_are_counted_is_said_beneath_them(page: Any) -> None:
    told = page.summary.promises.text()
    assert "11-23 当日不计，自 11-24 起只数工作日" in told and "周末 2 天不计" in told


def test_hits_beyond_four_are_folded_and_open_at_a_click(page: Any, qtbot: Any, hall: Any) -> None:
    neighbours(hall, 6)
    typed(page, qtbot, "customer_name", "扎西")
    shown = page.summary.similar
    assert shown.text().count("客户 <b>") == 4 and "还有 2 条" in shown.text()
    shown.linkActivated.emit("unfold:")
    assert shown.text().count("客户 <b>") == 6 and "还有" not in shown.text()
    page.clear()
    typed(page, qtbot, "customer_name", "扎西")
    assert "还有 2 条" in shown.text()


def test_a_field_is_not_called_wrong_before_it_is_left(page: Any, qtbot: Any) -> None:
    typed(page, qtbot, "customer_phone", "1399")
    assert "电话" not in page.summary.missing.text() and not page.form.fault("customer_phone")
    enter(page.form.editor("customer_phone"))
    qtbot.waitUntil(lambda: "field:customer_phone" in page.summary.missing.text())
    assert page.form.fault("customer_phone")


def test_the_last_field_half_typed_is_neither_wrong_nor_ready(page: Any, qtbot: Any, hall: Any) -> None:
    from desktop.domain.specimen import specimen

    page.form.set_answers({**specimen(page._process, hall.today), "customer_phone": ""})
    for _name, state in page.summary.materials._lines.values():
        state.set_value("已收")
    typed(page, qtbot, "customer_phone", "1399")
    assert page.summary._missing_head.text() == "正在填写"
    typed(page, qtbot, "customer_phone", "7000012")
    assert page.summary._missing_head.text() == "可以受理"


def test_nothing_on_the_right_moves_up_while_one_types(page: Any, qtbot: Any) -> None:
    def places() -> list[int]:
        return [widget.mapTo(page, widget.rect().topLeft()).y()
                for widget in (page.summary.promises, page.summary.similar, page.summary.materials)]

    stood = places()
    for name, text in (("customer_name", "才让·卓玛"), ("customer_phone", PHONE), ("usage_address", "团结路 9 号")):
        typed(page, qtbot, name, text)
        assert places() == stood, name


def test_mending_a_wrong_field_moves_nothing_beneath_it(page: Any, qtbot: Any) -> None:
    type_into(page.form.editor("customer_phone"), "1399")
    enter(page.form.editor("customer_phone"))
    qtbot.waitUntil(lambda: bool(page.form.fault("customer_phone")))
    wait_idle(qtbot, page.window())
    stood = page.form.editor("customer_phone").parentWidget().height()
    type_into(page.form.editor("customer_phone"), "13997")
    wait_idle(qtbot, page.window())
    assert not page.form.fault("customer_phone")
    assert page.form.editor("customer_phone").parentWidget().sizeHint().height() == stood
