"""The database keeps what it said it kept."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import OperationalError

from db import engine as engine_module
from db.clerks import Draft, Request, Setting
from db.engine import Database
from db.schema import ensure
from db.sessions import make_engine
from desktop.errors import Trouble

MOMENT = datetime(2026, 11, 23, 9)
ROOT = Path(__file__).parents[1]


@pytest.fixture
def database(tmp_path):
    made = Database(tmp_path / "hall.db")
    ensure(made)
    yield made
    made.close()


def test_every_pooled_connection_writes_ahead_and_syncs_fully(database):
    connections = [database.engine.connect() for _ in range(5)]
    for connection in connections:
        asked = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                 for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")}
        assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}
        connection.close()


def test_a_write_takes_the_lock_at_its_first_statement(database):
    other = make_engine(database.path)
    event.listen(other, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=20"))
    with database.write() as session:
        session.execute(select(Request.id)).all()
        with pytest.raises(OperationalError, match="locked"), other.begin():
            pass
    other.dispose()


def test_a_reader_is_not_held_up_by_a_writer_and_sees_one_moment(database):
    with database.write() as writing, database.read() as reading:
        writing.execute(insert(Request).values(id="a", verb="v", result="", at=MOMENT))
        assert reading.scalars(select(Request.id)).all() == []


def test_a_failed_write_leaves_nothing_behind(database):
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.execute(insert(Request).values(id="a", verb="v", result="", at=MOMENT))
        session.execute(text("CREATE TABLE stray (x)"))
        raise ZeroDivisionError
    with database.read() as session:
        assert session.scalars(select(Request.id)).all() == []
        assert not session.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'stray'")).all()


def test_a_commit_announces_the_tables_it_changed(database):
    heard = []
    database.listen(heard.append)
    with database.write() as session:
        session.add(Setting(name="hall", value={}))
        session.execute(insert(Request).values(id="a", verb="v", result="", at=MOMENT))
    with database.write() as session:
        session.execute(update(Setting).values(value={"a": 1}))
    with database.read() as session:
        session.execute(select(Request.id)).all()
    assert heard == [frozenset({"settings", "requests"}), frozenset({"settings"})]


def test_a_write_that_was_undone_announces_nothing(database):
    heard = []
    database.listen(heard.append)
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.add(Setting(name="hall", value={}))
        session.flush()
        raise ZeroDivisionError
    with database.write() as session:
        session.add(Draft(id="d", kind="intake", content={}, saved_at=MOMENT))
    assert heard == [frozenset({"drafts"})]


def test_the_error_of_a_statement_never_shows_its_values(database):
    with database.write() as session:
        session.execute(insert(Request).values(id="a", verb="v", result="", at=MOMENT))
    with pytest.raises(Exception, match="UNIQUE") as caught, database.write() as session:
        session.execute(insert(Request).values(id="a", verb="632521199001011234", result="", at=MOMENT))
    assert "632521199001011234" not in str(caught.value)


def test_closing_folds_the_log_into_the_file(tmp_path):
    database = Database(tmp_path / "hall.db")
    ensure(database)
    database.close()
    log = tmp_path / "hall.db-wal"
    assert not log.exists() or log.stat().st_size == 0


def test_a_question_that_is_ended_by_its_step_says_why_and_leaves_the_connection_whole(tmp_path, monkeypatch):
    database = Database(tmp_path / "hall.db")
    ensure(database)
    monkeypatch.setattr(engine_module, "STEP_EVERY", 1)

    def stop(_done, _total):
        raise TimeoutError("long enough")

    with pytest.raises(TimeoutError, match="long enough"), database.peek(stop) as ask:
        ask("SELECT count(*) AS n FROM cases")
    with database.glance() as ask:
        assert ask("SELECT count(*) AS n FROM cases")[0]["n"] == 0


def test_what_one_types_begins_no_empty_file_where_the_halls_was_moved_away(tmp_path):
    def go_on(_done, _total):
        pass

    database = Database(tmp_path / "hall.db")
    ensure(database)
    with database.glance() as ask:
        assert not database._idle
        (tmp_path / "hall.db").rename(tmp_path / "moved.db")
        with pytest.raises(Trouble, match=r"hall\.db"), database.peek(go_on):  # the one connection there was is in use
            pass
        assert ask("SELECT count(*) AS n FROM cases")[0]["n"] == 0
    assert not (tmp_path / "hall.db").exists()


def test_a_sqlite_that_can_corrupt_a_shared_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_module, "LOWEST_SQLITE", (99, 0, 0))
    with pytest.raises(RuntimeError, match="older than"), Database(tmp_path / "hall.db").glance():
        pass
    with pytest.raises(RuntimeError, match="older than"):
        make_engine(tmp_path / "hall.db").connect()


@pytest.mark.parametrize("name", ["营业厅 数据", "100%满", "a?b#c"])
def test_a_data_folder_may_have_any_name(tmp_path, name):
    if sys.platform == "win32" and "?" in name:
        pytest.skip("no such names there")
    folder = tmp_path / name
    folder.mkdir()
    database = Database(folder / "hall.db")
    assert ensure(database) == "made"
    database.close()
    assert [path.name for path in folder.iterdir() if path.suffix == ".db"] == ["hall.db"]


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_nothing_that_was_told_as_saved_is_lost_when_the_program_is_killed(tmp_path):
    run = subprocess.run([sys.executable, str(ROOT / "tests/killed_saver.py"), str(tmp_path), "30"], cwd=ROOT,
                         env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True, timeout=60)
    told = json.loads(run.stdout)
    assert told["told"] > 300
    assert (told["lost"], told["integrity"]) == ([], "ok")
