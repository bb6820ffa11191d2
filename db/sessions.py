"""Sessions of SQLAlchemy on the hall's database, and what each changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as driver
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, sessionmaker

from db.engine import PATIENCE, Listener, set_up
from db.search_keys import follow


def make_engine(path: Path) -> Engine:
    """An engine for the database file `path`, which is created if absent."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)), module=driver, hide_parameters=True,
        connect_args={"timeout": PATIENCE}, pool_size=5, max_overflow=0,
    )
    event.listen(engine, "connect", lambda connection, _record: set_up(connection))
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Any) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql("BEGIN " + mode)


class Sessions:
    """The makers of sessions: `reading`, and `writing`, after whose commit `announce` is told the changed tables."""

    def __init__(self, path: Path, announce: Listener) -> None:
        self.engine = make_engine(path)
        self.reading = sessionmaker(
            self.engine.execution_options(sqlite_begin="DEFERRED"), expire_on_commit=False, autoflush=False)
        self.writing = sessionmaker(self.engine, expire_on_commit=False)
        self._announce = announce
        for name, heard in (("after_flush", _note_flush), ("after_flush", follow), ("do_orm_execute", _note_statement)):
            event.listen(self.writing, name, heard)
        event.listen(self.writing, "after_commit", self._tell)

    def _tell(self, session: Session) -> None:
        if changed := frozenset(session.info.pop("changed", ())):
            self._announce(changed)


def changed(session: Session) -> set[str]:
    """The tables that the session has changed so far; whoever writes past it adds to them."""
    names: set[str] = session.info.setdefault("changed", set())
    return names


def _note_flush(session: Session, _context: UOWTransaction) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        changed(session).add(row.__tablename__)


def _note_statement(state: ORMExecuteState) -> None:
    table = getattr(state.statement, "table", None)
    if table is not None and not state.is_select:
        changed(state.session).add(table.name)
