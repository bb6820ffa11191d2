"""The house keeps its floors: read from the sources, so that the picture in the guide is the program."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("desktop", "ui", "db", "printing")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
DOMAIN_MAY = {"desktop", "stdnum"}
LONGEST_FUNCTION, LONGEST_FILE = 45, 500
VAGUE_NAMES = {"utils", "helpers", "common", "misc", "util", "helper", "manager"}
MACHINE_PATHS = re.compile(r"/work/|/root/|/tmp/|/home/\w")
NOTES_TO_SELF = re.compile(r"(?m)(?:^|\s)#\s*(?:TODO|FIXME|XXX|HACK)\b")


@cache
def tree(path):
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def nodes(path):
    return tuple(ast.walk(tree(path)))


def functions(path):
    return [node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def imported(path):
    """The modules that a file names in its imports, whole."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def name_of(path):
    return str(path.relative_to(ROOT))


def test_every_module_imports_only_from_floors_below_its_own():
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_module_of_the_program_stands_on_a_floor():
    """A module that the contract of the floors does not name is held to nothing."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    named = {name for layer in contract["layers"] for name in re.split(r" [:|] ", layer)}
    rooms = {f"desktop.{path.stem}" for path in (ROOT / "desktop").iterdir()
             if path.suffix == ".py" or (path / "__init__.py").exists()} - {"desktop.__init__"}
    assert rooms | {"ui", "db", "printing"} == named


@pytest.mark.parametrize("path", sorted((ROOT / "desktop/domain").glob("*.py")), ids=lambda p: p.name)
def test_the_rules_know_no_files_no_database_no_window_and_no_clock(path):
    standard = set(sys.stdlib_module_names) - {"os", "pathlib", "sqlite3", "threading", "time", "socket", "subprocess"}
    strange = {name for name in imported(path) if name.split(".")[0] not in standard | DOMAIN_MAY}
    assert not strange
    inside = {name for name in imported(path) if name.startswith("desktop")}
    assert all(name.startswith("desktop.domain") or name == "desktop.errors" for name in inside), inside


def test_only_the_windows_know_qt():
    qt = ("PySide6", "shiboken6")
    knowing = {name_of(path) for path in SOURCES for name in imported(path) if name.startswith(qt)}
    assert all(name.startswith("ui/") for name in knowing), knowing


def test_threads_live_only_where_jobs_are_run():
    threads = ("threading", "concurrent.futures", "multiprocessing")
    using = {name_of(path) for path in SOURCES for name in imported(path) if name.startswith(threads)}
    assert using <= {"ui/jobs.py", "desktop/logbook.py"}  # the log only hears of a thread's uncaught error


def test_nothing_below_the_porch_asks_the_clock():
    asked = re.compile(r"\b(?:date\.today|datetime\.(?:now|today|utcnow)|time\.time|time\.localtime)\b")
    asking = {name_of(path) for path in SOURCES if asked.search(path.read_text("utf-8"))}
    assert asking <= {"desktop/cli.py"}


def test_every_exception_is_caught_only_at_the_porch_in_jobs_and_around_foreign_parsers_and_drivers():
    catching = set()
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.ExceptHandler) and (
                    node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception")):
                catching.add(name_of(path))
        if path.name != "camera.py" and re.search(r"suppress\((?:Base)?Exception\)", path.read_text("utf-8")):
            catching.add(f"{name_of(path)}, without a word")  # a camera that is let go has nobody to tell it to
    assert catching <= {"desktop/cli.py", "ui/jobs.py", "printing/sheet_reading.py", "printing/sheet_guard.py",
                        "desktop/devices/driver.py"}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_says_what_it_is_for_and_stays_readable(path):
    assert ast.get_docstring(tree(path)), "a module begins by saying what it is for"
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE
    assert path.stem not in VAGUE_NAMES
    long = {f"{each.name}: {each.end_lineno - each.lineno + 1}" for each in functions(path)
            if each.end_lineno - each.lineno + 1 > LONGEST_FUNCTION}
    assert not long


def test_almost_all_functions_are_short():
    lengths = sorted(each.end_lineno - each.lineno + 1 for path in SOURCES for each in functions(path))
    assert lengths[len(lengths) // 2] <= 8
    assert sum(length <= 30 for length in lengths) / len(lengths) >= 0.95


def test_no_source_holds_a_note_to_self_or_a_path_of_the_machine_it_was_written_on():
    texts = {name_of(path): path.read_text("utf-8") for path in (*SOURCES, *(ROOT / "tests").rglob("*.py"))
             if path.name != Path(__file__).name}
    assert not [name for name, text in texts.items() if NOTES_TO_SELF.search(text)]
    assert not [name for name, text in texts.items() if MACHINE_PATHS.search(text)]


USED_FROM_OUTSIDE = {"qt_font_files", "page_text", "is_well"}  # the bench and the tests read by them
OF_A_FRAMEWORK = re.compile(
    r"__\w+__|[a-z]+[A-Z]\w*|process_(?:bind_param|result_value)|load_dialect_impl|next_comes|_fill_text")


def test_nothing_is_defined_that_nobody_uses():
    """A name that stands once in all the product is dead, unless a framework calls it."""
    texts = [path.read_text("utf-8") for path in SOURCES]
    times = Counter(word for text in texts for word in re.findall(r"\w+", text))
    dead = {f"{name_of(path)}: {name}" for path in SOURCES if "migrations" not in path.parts for name in defined(path)
            if times[name] == 1 and not OF_A_FRAMEWORK.fullmatch(name)}
    assert {each.rpartition(" ")[2] for each in dead} <= USED_FROM_OUTSIDE, dead


def defined(path):
    """The functions, classes and constants of a module; not what a decorator has taken."""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not any(
                ast.unparse(each).startswith("validates") for each in node.decorator_list):
            yield node.name
    for node in tree(path).body:
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def test_a_rule_of_the_linter_is_broken_only_with_a_reason():
    lines = {f"{name_of(path)}: {line.strip()}" for path in SOURCES for line in path.read_text("utf-8").splitlines()
             if re.search(r"#\s*noqa", line) and not re.search(r"noqa: [A-Z]+\d+(?: - | \()\w", line)}
    assert not lines


def test_what_a_module_keeps_to_itself_no_other_reaches_for():
    """A private name belongs to its module; of foreign ones only a named tuple's own deeds and two libraries' parts."""
    foreign = {"_make", "_replace", "_asdict", "_upgrade_revs", "_doc"}
    reached = set()
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom):
                reached |= {f"{name_of(path)}: {each.name}" for each in node.names if each.name.startswith("_")}
            elif (isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr) and node.attr not in foreign
                    and not ast.unparse(node.value).startswith(("self", "cls", "super()"))):
                reached.add(f"{name_of(path)}: {ast.unparse(node)}")
    assert not reached


def test_the_pinned_versions_lie_inside_the_declared_ranges():
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = {}
    for file in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / file).read_text("utf-8").splitlines()
        pinned |= {Requirement(line).name.lower().replace("_", "-"): line.split("==")[1]
                   for line in lines if "==" in line}
    for declared in (*project["dependencies"], *project["optional-dependencies"]["dev"]):
        wanted = Requirement(declared)
        assert pinned[wanted.name.lower().replace("_", "-")] in wanted.specifier, declared
