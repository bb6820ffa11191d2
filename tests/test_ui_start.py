"""The window's life as a process: painted before anything heavy, locked against a second one, killed and come back."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PATIENCE = 30


def child(mode: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.window_child", mode, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def run(font_folder: Path) -> Callable[[str, Path], subprocess.CompletedProcess[str]]:
    def once(mode: str, folder: Path) -> subprocess.CompletedProcess[str]:
        process = child(mode, folder)
        out, errors = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, out, errors)

    return once


def test_the_first_window_is_painted_before_anything_heavy_or_any_enumeration(run: Any, tmp_path: Path) -> None:
    assert run("frame", tmp_path).stdout.splitlines() == ["painted", "", ""]


def test_the_program_opens_a_new_folder_and_closes(run: Any, tmp_path: Path) -> None:
    done = run("serve", tmp_path / "data")
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["opened"]), done.stderr
    assert (tmp_path / "data" / "hall.db").exists()


def test_a_hall_with_something_new_in_it_is_backed_up(run: Any, hall: Any) -> None:
    from desktop.usecases.safekeeping import backups

    assert run("serve", hall.folder).returncode == 0
    assert [backup.why for backup in backups(hall.folder)] == ["启动"]


def test_a_second_window_on_the_same_folder_is_told_so(run: Any, hall: Any) -> None:
    from desktop.usecases.safekeeping import window_lock

    with window_lock(hall.folder):
        done = run("refused", hall.folder)
    assert done.returncode == 0
    assert "已经在另一个窗口打开" in done.stdout


def test_what_was_typed_outlives_kill_9_but_for_five_seconds(hall: Any, font_folder: Path) -> None:
    from desktop.usecases.drafting import drafts

    process = child("type", hall.folder)
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    assert any(line.strip() == "typed" for line in lines)
    begun = time.monotonic()
    while not drafts(hall, "intake") and time.monotonic() - begun < 5:
        assert process.poll() is None
    process.kill()
    process.communicate()
    assert [draft.content["answers"] for draft in drafts(hall, "intake")] == [{"customer_name": "青海湖畔藏毯有限公司"}]


def test_the_clerk_chooser_and_the_actions_are_made_behind_the_first_paint(qtbot: Any, hall: Any) -> None:
    from PySide6.QtGui import QAction

    from ui.application import make_application
    from ui.main_window import MainWindow
    from ui.services import Services

    make_application()
    window = MainWindow(Services(hall.folder))
    qtbot.addWidget(window)
    window.show()
    assert window.shell.count() == 1
    assert window.findChildren(QAction, "keys") == []
    window.services.open(hall.served_by(None))
    assert window.shell.currentWidget() is window.chooser
    assert len(window.findChildren(QAction, "keys")) == 1
    qtbot.waitUntil(lambda: not window.services.jobs.busy)
