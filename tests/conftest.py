"""What every test stands on: a real hall in a file, a clock that tests move, prepared fonts, quiet logs."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import contextlib
import gc
import importlib.util
import io
import json
import logging
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The suite says the same of the same code every time; `pytest --hypothesis-profile=search` looks where it has not yet.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("house")

MORNING = datetime(2026, 11, 23, 9, 0)
SUPPLIER = {
    "supplier_name": "演练县供电公司",
    "supplier_address": "演练县示范路1号",
    "supplier_legal_person": "示范甲",
    "supplier_bank": "演练银行示范支行",
    "supplier_account": "6300000000000000001",
    "supplier_phone": "0970-8600001",
    "supplier_postcode": "810000",
    "hall_name": "演练县城区供电营业厅",
}


LONG = ("test_ui_layout.py", "test_ui_new_supply.py", "test_ui_every_form.py", "test_ui_changes_of_use.py",
        "test_practising.py", "test_walk.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest walks come first, so that at the end no process waits for another's."""
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish() -> None:
    """What is collected stays to the end: the search for garbage leaves it alone, and looks at the rest less often.
    It took a tenth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@dataclass
class Clock:
    """The tests' clock: it stands still until a test moves it."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.at

    @property
    def today(self) -> date:
        return self.at.date()

    def move(self, to: date | datetime) -> None:
        """Set the clock to that moment; a bare date means nine in the morning."""
        self.at = to if isinstance(to, datetime) else datetime.combine(to, time(9))

    def forward(self, *, days: int = 0, minutes: int = 0) -> None:
        self.at += timedelta(days=days, minutes=minutes)


@dataclass
class ExpectedLog:
    """The warnings that a test says it will cause; each must really appear."""

    patterns: list[str] = field(default_factory=list)

    def __call__(self, pattern: str) -> None:
        self.patterns.append(pattern)


def synthetic_supplier() -> dict[str, str]:
    """The supplier's half of a contract, invented, with a credit code whose check digit is right."""
    from stdnum.cn import uscc

    body = "91630000MA7500000"
    return SUPPLIER | {"supplier_code": body + uscc.calc_check_digit(body)}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session", autouse=True)
def _nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test, and no program that a test starts, may reach the data of whoever runs the tests."""
    os.environ["YEKUO_DATA"] = str(tmp_path_factory.mktemp("nobody") / "data")


@pytest.fixture(scope="session", autouse=True)
def _worded_once() -> Iterator[None]:
    """Statements are put into SQL once for all halls of a run, not anew in each test's: that is a third of the time."""
    from db import sessions

    make: Callable[[Path], Any] = sessions.make_engine
    first: list[Any] = []

    def borrowing(path: Path) -> Any:
        engine = make(path)
        first.extend([] if first else [engine])
        engine.dialect, engine._compiled_cache = first[0].dialect, first[0]._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sessions, "make_engine", borrowing)
        yield


@pytest.fixture(scope="session")
def font_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of prepared faces, shared by all tests and runs."""
    if importlib.util.find_spec("printing.fonts") is None:
        return tmp_path_factory.mktemp("fonts")
    from desktop.progress import no_step
    from printing.fonts import default_cache, prepare

    folder = default_cache()
    prepare(folder, no_step)
    return folder


@pytest.fixture(scope="session")
def fonts(font_folder: Path) -> Any:
    """The prepared faces themselves."""
    from printing.fonts import faces

    return faces(font_folder)


@pytest.fixture(scope="session")
def catalog() -> Any:
    from desktop.catalog.release import load_catalog

    return load_catalog()


@pytest.fixture(scope="session")
def _empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the schema and nothing in it, made once and copied for each test."""
    from db.engine import Database
    from db.schema import ensure

    folder = tmp_path_factory.mktemp("empty_hall")
    database = Database(folder / "hall.db")
    ensure(database)
    database.close()
    return folder


@pytest.fixture
def desk_at(catalog: Any, clock: Clock, font_folder: Path) -> Iterator[Callable[[Path], Any]]:
    """A function that opens a desk on a data folder; all are closed at the test's end."""
    from db.engine import Database
    from desktop.usecases.desk import Desk

    opened: list[Database] = []

    def open_desk(folder: Path) -> Desk:
        opened.append(Database(folder / "hall.db"))
        return Desk(opened[-1], catalog, clock, folder, font_folder)

    yield open_desk
    for database in opened:
        database.close()


@pytest.fixture
def empty_hall(desk_at: Callable[[Path], Any], _empty_folder: Path, tmp_path: Path) -> Any:
    """A desk on an empty data folder: the schema is there, no hall, no clerk."""
    return desk_at(Path(shutil.copytree(_empty_folder, tmp_path / "hall")))


@pytest.fixture(scope="session")
def _new_hall(_empty_folder: Path, catalog: Any, font_folder: Path,
              tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A hall that is set up, and its clerk 1001, made once and copied for each test."""
    from db.engine import Database
    from desktop.usecases.desk import Desk
    from desktop.usecases.hall_keeping import add_clerk, set_hall

    folder = Path(shutil.copytree(_empty_folder, tmp_path_factory.mktemp("new") / "hall"))
    database = Database(folder / "hall.db")
    desk = Desk(database, catalog, Clock(), folder, font_folder)
    set_hall(desk, synthetic_supplier())
    clerk = add_clerk(desk, "1001", "示范员", "管理员")
    database.close()
    return folder, clerk


@pytest.fixture
def hall(desk_at: Callable[[Path], Any], _new_hall: tuple[Path, Any], tmp_path: Path) -> Any:
    """A desk in a hall that is set up, with clerk 1001 (管理员) at it."""
    folder, clerk = _new_hall
    return desk_at(Path(shutil.copytree(folder, tmp_path / "hall"))).served_by(clerk)


@pytest.fixture(scope="session")
def _ruled_hall(tmp_path_factory: pytest.TempPathFactory, font_folder: Path) -> Path:
    """A hall that the program itself opened, set up and keeping the rules that came with it; made once and copied."""
    from desktop.usecases.contracting import approve_template
    from desktop.usecases.hall_keeping import add_clerk, set_hall
    from desktop.usecases.safekeeping import open_desk

    desk = open_desk(tmp_path_factory.mktemp("ruled") / "hall", Clock())
    set_hall(desk, synthetic_supplier())
    desk = desk.served_by(add_clerk(desk, "1001", "示范员", "管理员"))
    approve_template(desk, "low_voltage", "示范法务", desk.today)
    desk.db.close()
    return desk.folder


@pytest.fixture
def folder(_empty_folder: Path, tmp_path: Path) -> Path:
    """A data folder with a hall's file in which three acts were saved, closed."""
    from hall_file import save

    place = Path(shutil.copytree(_empty_folder, tmp_path / "folder"))
    save(place, "first", "second", "third")
    return place


@pytest.fixture(scope="session")
def practice_folder(tmp_path_factory: pytest.TempPathFactory, catalog: Any, font_folder: Path,
                    _empty_folder: Path) -> Path:
    """A small practice hall, made by the first process of the run that asks; tests work on copies of it."""
    from practice_hall import practice_hall

    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "practice_hall"
    if not place.exists():
        made = practice_hall(tmp_path_factory.mktemp("practice") / "hall", catalog, font_folder, _empty_folder)
        with contextlib.suppress(OSError):  # another process was faster
            made.rename(place)
    return place


@pytest.fixture
def expect_log() -> ExpectedLog:
    """Call it with a regular expression for each warning that the test will cause."""
    return ExpectedLog()


@pytest.fixture(autouse=True)
def _quiet_log(caplog: pytest.LogCaptureFixture, expect_log: ExpectedLog) -> Iterator[None]:
    """An unexpected warning in the log fails the test, and so does an expected one that never came."""
    caplog.set_level(logging.WARNING)
    yield
    lines = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    surprising = [line for line in lines if not any(re.search(p, line) for p in expect_log.patterns)]
    missing = [p for p in expect_log.patterns if not any(re.search(p, line) for line in lines)]
    assert not surprising, f"unexpected in the log: {surprising}"
    assert not missing, f"expected in the log but never came: {missing}"


# ---- the counter: a real window and hands on its keyboard (tests/counter.py)

@pytest.fixture(scope="session")
def _working_hall(_empty_folder: Path, catalog: Any, font_folder: Path,
                  tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hall as it stands on a working day, made once and copied for each counter."""
    from working_hall import working_hall

    folder = Path(shutil.copytree(_empty_folder, tmp_path_factory.mktemp("working") / "hall"))
    working_hall(folder, catalog, Clock(), font_folder)
    return folder


@pytest.fixture
def counter(_working_hall: Path, desk_at: Callable[[Path], Any], qtbot: Any, clock: Clock, tmp_path: Path,
            monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A counter in a working hall, clerk 1001 at it, a printer beside it; reports go to one known file."""
    from counter import Counter, open_counter

    desk = desk_at(Path(shutil.copytree(_working_hall, tmp_path / "hall")))
    made: Counter = open_counter(desk, qtbot, clock, tmp_path, monkeypatch)
    yield made
    made.wait()


# ---- the command line

@dataclass
class Said:
    """What the program answered."""

    code: int
    out: str
    err: str

    @property
    def data(self):
        return json.loads(self.out)

    @property
    def each(self):
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def yekuo(tmp_path, capsys):
    """The program over one data folder, as a function of its arguments. The machine's own clock goes along with
    --today: what is done on a day is done when it has come."""

    from desktop import cli

    def said(*arguments, data=tmp_path / "hall"):
        place = ["--data", str(data)] if data else []
        with pytest.MonkeyPatch.context() as patch:
            if day := _day_said(arguments):
                patch.setattr(cli, "_the_time_now", lambda: datetime.combine(day, time(10)))
            try:
                code = cli.run([*place, *map(str, arguments)])
            except SystemExit as stop:
                code = stop.code
        caught = capsys.readouterr()
        return Said(code, caught.out, caught.err)

    return said


def _day_said(arguments):
    """The day of --today; None where none is said, or none that there is."""
    said = list(map(str, arguments))
    with contextlib.suppress(ValueError, IndexError):
        return date.fromisoformat(said[said.index("--today") + 1])
    return None


@pytest.fixture
def answers(yekuo, tmp_path):
    """A file of the program's own example answers, with what a test says otherwise."""

    def write(of, *stage, **other):
        path = tmp_path / f"{of}.json"
        given = yekuo("example", of, *stage).data
        path.write_text(json.dumps({**given, **other}, ensure_ascii=False), "utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def _set_up(tmp_path_factory):
    """The data folder of a hall that was set up from the example, made once and copied for each test."""
    from desktop import cli

    folder = tmp_path_factory.mktemp("set_up")
    with (folder / "setup.json").open("w", encoding="utf-8") as example, contextlib.redirect_stdout(example):
        cli.run(["example", "setup"])
    with contextlib.redirect_stdout(io.StringIO()):
        assert cli.run(["--data", str(folder / "hall"), "setup", "--answers", str(folder / "setup.json")]) == 0
    return folder / "hall"


@pytest.fixture
def opened(yekuo, _set_up, tmp_path):
    """The program in a hall that was set up from the example."""
    shutil.copytree(_set_up, tmp_path / "hall")
    return yekuo
