"""Printing from the window, with a spooler that remembers: the kept bytes, nothing personal, and no false word."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from clerk_hands import TYPED, accept, draw_up, finish
from typing_hands import open_window, told, wait_idle

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there QPrinter prints, without lp")
PERSONAL = (TYPED["customer_name"], "青海湖畔", "13800001234", TYPED["customer_id"], TYPED["usage_address"])
PRINTER = "大厅一号"


@pytest.fixture
def spooler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `lp` and `lpstat` of our own, first on PATH; what was sent is kept in it."""
    place = tmp_path / "spooler"
    place.mkdir()
    script(place / "lp", f'printf "%s\\n" "$@" > "{place}/told"; cat > "{place}/sent"; test ! -e "{place}/jammed"')
    script(place / "lpstat", f'echo asked > "{place}/listed"; cat "{place}/gate"; echo {PRINTER}; echo Counter_2')
    (place / "gate").touch()
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    return place


def script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


@pytest.fixture
def window(spooler: Path, qtbot: Any, hall: Any, font_folder: Path) -> Any:
    from ui.printing import choose_printer

    made = open_window(qtbot, hall)
    choose_printer(made.services.settings, PRINTER)
    yield made
    wait_idle(qtbot, made)


def printed_contract(window: Any, qtbot: Any) -> Any:
    """The page of a contract that waits for its signatures."""
    number = accept(window, qtbot)
    finish(window, number, "S04", customer_works="无")
    return draw_up(window, qtbot, number)


def prints(desk: Any, paper: Any) -> list[dict[str, Any]]:
    """What the log holds of a paper's printing."""
    from desktop.usecases.acting import history

    with desk.db.read() as session:
        return [entry.facts for entry in history(session, "paper", paper.id) if entry.what == "printed"]


def test_the_printer_gets_the_kept_bytes_each_time_and_nothing_personal(window: Any, qtbot: Any,
                                                                        spooler: Path) -> None:
    from desktop.usecases.papering import paper_bytes

    page = printed_contract(window, qtbot)
    kept = paper_bytes(window.services.desk, page.paper().id)
    heard = told(window)
    for turn in (1, 2):
        page.print_button.click()
        wait_idle(qtbot, window)
        assert (spooler / "sent").read_bytes() == kept
        assert f"已送打印机 {PRINTER}" in heard[-1].sentence
        assert ("第 2 次，补打" in heard[-1].sentence) is (turn == 2)
    asked = (spooler / "told").read_text()
    assert f"-d\n{PRINTER}\n" in asked
    assert page.view.row.number in asked
    assert not [word for word in PERSONAL if word in asked]
    assert prints(window.services.desk, page.paper()) == [{"printer": PRINTER, "count": n} for n in (1, 2)]


def test_a_receipt_is_printed_without_anything_personal_in_the_spoolers_list(window: Any, qtbot: Any,
                                                                             spooler: Path) -> None:
    from PySide6.QtWidgets import QPushButton

    number = accept(window, qtbot)
    card = window.page("intake").accepted
    next(button for button in card.findChildren(QPushButton) if button.text() == "打印").click()
    wait_idle(qtbot, window)
    asked = (spooler / "told").read_text()
    assert number in asked
    assert not [word for word in PERSONAL if word in asked]
    assert (spooler / "sent").read_bytes().startswith(b"%PDF")


def test_a_printer_that_refuses_is_told_and_the_paper_does_not_count_as_printed(window: Any, qtbot: Any,
                                                                                spooler: Path) -> None:
    page = printed_contract(window, qtbot)
    (spooler / "jammed").touch()
    heard = told(window)
    page.print_button.click()
    wait_idle(qtbot, window)
    assert heard[-1].sentence.startswith(f"打印机“{PRINTER}”没有接受这份文书。")
    assert "补打" in heard[-1].sentence
    assert not [message for message in heard if message.kind == "good"]
    assert prints(window.services.desk, page.paper()) == []
    (spooler / "jammed").unlink()
    page.print_button.click()
    wait_idle(qtbot, window)
    assert prints(window.services.desk, page.paper()) == [{"printer": PRINTER, "count": 1}]


def test_the_window_goes_on_while_the_spooler_thinks_about_its_printers(window: Any, qtbot: Any,
                                                                        spooler: Path) -> None:
    gate = spooler / "gate"
    gate.unlink()
    os.mkfifo(gate)  # lpstat waits here until somebody writes
    window.go("system", "desk")
    panel = window.page("system").panels["desk"]
    qtbot.waitUntil((spooler / "listed").exists)
    window.go("cases")
    assert window.page("cases").isVisible()
    assert panel.printer.value() == PRINTER
    gate.write_text("")
    wait_idle(qtbot, window)
    assert [panel.printer.itemData(place) for place in range(panel.printer.count())] == ["", PRINTER, "Counter_2"]
    assert panel.printer.value() == PRINTER
