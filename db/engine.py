"""The one door to the hall's database: its engine settings, its sessions, and the news of each commit.

Settings and their reasons: every figure was measured (WAL with synchronous=FULL lost nothing in 300 power cuts).
The driver never begins a transaction by itself; we do, IMMEDIATE for writes, so that a writer waits instead of
failing. Exactly one SQLite library is used in the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as driver
from sqlalchemy import URL, CursorResult, Engine, Insert, Update, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, sessionmaker

LOWEST_SQLITE = (3, 51, 3)  # below it WAL can corrupt a file that two connections write (fixed 2026-03-13)
PRAGMAS = (
    "busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF",
    "cell_size_check=ON", "secure_delete=ON", "temp_store=MEMORY",
)
Listener = Callable[[frozenset[str]], None]


def make_engine(path: Path) -> Engine:
    """An engine for the database file `path`, which is created if absent."""
    if driver.sqlite_version_info < LOWEST_SQLITE:
        raise RuntimeError(f"SQLite {driver.sqlite_version} is older than {LOWEST_SQLITE}")
    engine = create_engine(
        URL.create("sqlite", database=str(path)), module=driver, hide_parameters=True,
        connect_args={"timeout": 5}, pool_size=5, max_overflow=0,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute("PRAGMA " + pragma)


def _begin(connection: Any) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql("BEGIN " + mode)


class Database:
    """The hall's database: `read` and `write` give short sessions, `listen` hears which tables each commit changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = make_engine(path)
        self._reading = sessionmaker(
            self.engine.execution_options(sqlite_begin="DEFERRED"), expire_on_commit=False, autoflush=False)
        self._writing = sessionmaker(self.engine, expire_on_commit=False)
        self._listeners: list[Listener] = []
        for name, heard in (("after_flush", _note_flush), ("do_orm_execute", _note_statement)):
            event.listen(self._writing, name, heard)
        event.listen(self._writing, "after_commit", self._announce)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the database and changes nothing."""
        with self._reading() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that holds the write lock from the first statement; commits at the end, else rolls back."""
        with self._writing.begin() as session:
            yield session

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the names of the tables that a commit changed, after it returned."""
        self._listeners.append(listener)

    def close(self) -> None:
        """Fold the write-ahead log into the file and let it go. What cannot be folded now (full, damaged, held
        by another) stays in the log, where the next start finds it."""
        with suppress(driver.Error, DBAPIError), closing(self.engine.raw_connection()) as raw:
            raw.driver_connection.execute("PRAGMA optimize")  # type: ignore[union-attr]
            raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        self.engine.dispose()

    def _announce(self, session: Session) -> None:
        changed = frozenset(session.info.pop("changed", ()))
        if changed:
            for listener in self._listeners:
                listener(changed)


def put(session: Session, statement: Insert | Update, values: Any) -> CursorResult[Any]:
    """Carry out a plain statement on a table (values: one row's, or a list of them), and note that it changed.

    It goes past the ORM, whose bookkeeping costs more than the statement.
    """
    _changed(session).add(statement.table.name)  # type: ignore[union-attr]
    return session.connection().execute(statement, values)


def _changed(session: Session) -> set[str]:
    names: set[str] = session.info.setdefault("changed", set())
    return names


def _note_flush(session: Session, _context: UOWTransaction) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        _changed(session).add(row.__tablename__)


def _note_statement(state: ORMExecuteState) -> None:
    table = getattr(state.statement, "table", None)
    if table is not None and not state.is_select:
        _changed(state.session).add(table.name)
