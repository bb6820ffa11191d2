"""A fresh machine: what it lacks is named before Qt is touched; a start loads little; the log is mute."""

from __future__ import annotations

import json
import logging
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import main
from desktop.devices import printer
from desktop.errors import Refusal, Trouble
from desktop.logbook import logging_to, redacted
from desktop.settings import SETTINGS, data_folder
from desktop.usecases.adjusting import adjust, machine

ROOT = Path(__file__).parents[1]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a Linux matter")
HEAVY = ("sqlalchemy", "reportlab", "openpyxl", "pypinyin", "alembic", "fontTools", "python_calamine", "pypdfium2")


def loaded_after(statement):
    """Which modules a fresh interpreter has after the statement."""
    run = subprocess.run(
        [sys.executable, "-c", f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)))"], cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


# ---- what the machine lacks

def test_a_missing_system_library_is_named_with_its_package_and_how_to_install_it():
    lack = main.lacking_libraries({}, loads=lambda library: library != "libEGL.so.1")
    told = main.told_lacking(lack)
    assert "libEGL.so.1" in told
    assert "apt-get install -y libegl1" in told
    assert "\n" not in told


def test_a_real_x11_window_needs_more_libraries_than_an_offscreen_one():
    nothing = dict.fromkeys(("DISPLAY",), ":0")
    on_x11 = {library for library, *_ in main.lacking_libraries(nothing, loads=lambda _: False)}
    offscreen = {library for library, *_ in main.lacking_libraries(
        {**nothing, "QT_QPA_PLATFORM": "offscreen"}, loads=lambda _: False)}
    assert on_x11 - offscreen == {"libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1",
                                  "libxkbcommon-x11.so.0"}


@LINUX
def test_the_libraries_are_looked_for_before_qt_is_imported():
    """On a machine where one is missing Qt's import would end in an error that no clerk can read."""
    statement = ("import os, pathlib, datetime\nfrom desktop import main\n"
                 "main.LIBRARIES = (('libnowhere.so.9', 'libnowhere9', 'nowhere'),)\n"
                 "assert main.open_window(pathlib.Path('nowhere'), datetime.datetime.now, '') == 1")
    assert not {name for name in loaded_after(statement) if name.startswith("PySide6")}


@LINUX
def test_the_ci_installs_exactly_the_libraries_that_the_window_asks_for():
    script = (ROOT / ".ci/run").read_text("utf-8")
    assert all(library in script and package in script for library, package, _ in main.LIBRARIES)
    assert os.access(ROOT / ".ci/run", os.X_OK)


@LINUX
@pytest.mark.parametrize("environment", [
    {}, {"DISPLAY": ":7341"}, {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"},
])
def test_no_display_is_told_in_one_line_and_qt_is_not_started(environment, tmp_path):
    clean = {name: value for name, value in os.environ.items()
             if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    run = subprocess.run([sys.executable, "-m", "desktop", "--data", str(tmp_path)], cwd=ROOT,
                         env={**clean, **environment}, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "没有显示器" in run.stderr


@LINUX
def test_an_offscreen_window_opens_but_nobody_sees_it():
    assert main.has_display({"QT_QPA_PLATFORM": "offscreen"})
    assert not main.has_viewer({"QT_QPA_PLATFORM": "offscreen"})


# ---- a start loads little

def test_the_command_line_starts_without_anything_heavy():
    loaded = loaded_after("import desktop.cli")
    assert not loaded & {*HEAVY, "PySide6"}


def test_the_window_is_made_without_anything_heavy():
    assert not loaded_after("import ui.application") & set(HEAVY)


def test_opening_a_hall_that_is_up_to_date_needs_no_migration_tool(empty_hall):
    empty_hall.db.close()
    statement = (f"from pathlib import Path\nfrom datetime import datetime\n"
                 f"from desktop.usecases.safekeeping import open_hall\n"
                 f"open_hall(Path({str(empty_hall.folder)!r}), datetime(2026, 11, 23)).close()")
    assert "alembic" not in loaded_after(statement)


# ---- make

@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
@pytest.mark.parametrize(("target", "last"), [
    ("run", "-m desktop --or-demo out/demo"), ("test", "-m pytest --numprocesses auto --dist worksteal"),
    ("bench", "-m tests.bench"),
    ("screens", "-m tests.screens"),
])
def test_each_make_target_sets_everything_up_first(target, last, tmp_path):
    shutil.copytree(ROOT, tmp_path / "clone", ignore=lambda _, names: [n for n in names if n not in (
        "Makefile", "requirements.txt", "requirements-dev.txt", "requirements-bench.txt", "pyproject.toml")])
    alone = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    run = subprocess.run(["make", "-n", target], cwd=tmp_path / "clone", capture_output=True, text=True, timeout=30,
                         check=True, env=alone)
    steps = [step for step in ("-m venv", "-r requirements.txt", "--editable .", "-m compileall", "-m desktop prepare")
             if step in run.stdout]
    assert len(steps) == 5
    assert run.stdout.rstrip().splitlines()[-1].rstrip().endswith(last)


def test_every_bench_can_be_run_by_make_bench():
    files = sorted((ROOT / "tests/bench").glob("bench_*.py"))
    assert files
    assert [path.name for path in files if "\ndef bench(" not in path.read_text("utf-8")] == []


# ---- where the data lives, and this machine's settings

def test_the_data_folder_is_the_one_asked_for_else_the_environment_s_else_the_user_s(tmp_path):
    environment = {"YEKUO_DATA": str(tmp_path / "b")}
    assert data_folder(str(tmp_path / "a"), environment) == tmp_path / "a"
    assert data_folder(None, environment) == tmp_path / "b"
    assert data_folder(None, {}).name == "yekuo"


def test_a_machine_setting_is_kept_and_a_spoilt_file_counts_as_nothing_set(tmp_path):
    unset = {name: setting.default for name, setting in SETTINGS.items()}
    assert machine(tmp_path) == unset
    adjust(tmp_path, "clerk", " 1001 ")
    assert machine(tmp_path)["clerk"] == "1001"
    (tmp_path / "machine.json").write_text("{", "utf-8")
    assert machine(tmp_path) == unset
    with pytest.raises(Refusal, match="没有“colour”这项设置"):
        adjust(tmp_path, "colour", "teal")


# ---- the log

def test_the_log_holds_no_identity_phone_or_account(tmp_path):
    with logging_to(tmp_path):
        log = logging.getLogger("yekuo")
        log.info("case of 632521199001011234, phone 13997001234, account 6301234567890, took 17 ms")
        try:
            raise ValueError("张三 632521199001011234 'Li Si'") from KeyError("13997001234")
        except ValueError as error:
            log.info("bug", exc_info=error)
    text = (tmp_path / "logs/yekuo.log").read_text("utf-8")
    for secret in ("632521199001011234", "13997001234", "6301234567890", "张三", "Li Si"):
        assert secret not in text
    assert "took 17 ms" in text
    assert "ValueError" in text
    assert "test_setup.py" in text


@pytest.mark.skipif(sys.platform == "win32", reason="rights are Unix's")
def test_the_log_is_readable_by_its_owner_alone(tmp_path):
    with logging_to(tmp_path):
        logging.getLogger("yekuo").info("begun")
    assert stat.S_IMODE((tmp_path / "logs/yekuo.log").stat().st_mode) == 0o600


def test_the_log_is_let_go_when_the_program_ends(tmp_path):
    before = (list(logging.getLogger().handlers), sys.excepthook)
    with logging_to(tmp_path):
        assert sys.excepthook is not before[1]
    assert (list(logging.getLogger().handlers), sys.excepthook) == before


@pytest.mark.parametrize("text", ["6325211990010112 34", "1399-700-1234", "632521900101123", "63252119900101123X"])
def test_a_number_is_hidden_however_it_is_written(text):
    assert not any(part in redacted(f"of {text}.") for part in (text[:6], text[-4:-1]))


# ---- the printer, with a spooler that remembers

@pytest.fixture
def spooler(tmp_path, monkeypatch):
    """A folder that holds `lp` and `lpstat` of our own; what was printed is kept in it."""
    for name, script in (("lp", f'echo "$@" > {tmp_path}/told; cat > {tmp_path}/printed; exit ${{LP_EXIT:-0}}'),
                         ("lpstat", "echo Counter_1; echo Counter_2")):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@LINUX
def test_the_spooler_is_given_the_very_bytes_of_the_paper(spooler):
    printer.print_pdf(b"%PDF-1.7 the bytes", title="YK202611230001", printer="Counter_2")
    assert (spooler / "printed").read_bytes() == b"%PDF-1.7 the bytes"
    assert "-d Counter_2" in (spooler / "told").read_text()
    assert printer.printers() == ("Counter_1", "Counter_2")


@LINUX
def test_a_printer_that_takes_nothing_is_told_with_what_to_do(spooler, monkeypatch):
    monkeypatch.setenv("LP_EXIT", "1")
    with pytest.raises(Trouble, match="没有接受这份文书") as told:
        printer.print_pdf(b"%PDF", title="t", printer="Counter_1")
    assert "补打" in told.value.advice


@LINUX
def test_a_machine_without_a_spooler_says_which_package_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert printer.printers() == ()
    with pytest.raises(Trouble, match="没有安装打印服务"):
        printer.print_pdf(b"%PDF", title="t")
