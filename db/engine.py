"""The one door to the hall's database: its driver's settings, its sessions, and the news of each commit.

Settings and their reasons: every figure was measured (WAL with synchronous=FULL lost nothing in 300 power cuts).
The driver never begins a transaction by itself; we do, IMMEDIATE for writes, so that a writer waits instead of
failing. Exactly one SQLite library is used in the process.

SQLAlchemy is imported with the first session and not before: the first page of the morning asks by `glance`, in
plain SQL, and would have to wait a third of a second for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pysqlite3 import dbapi2 as driver

from desktop.errors import Trouble
from desktop.progress import Step

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from db.sessions import Sessions

LOWEST_SQLITE = (3, 51, 3)  # below it WAL can corrupt a file that two connections write (fixed 2026-03-13)
PATIENCE = 5  # seconds that a connection waits for another's lock
PRAGMAS = (
    f"busy_timeout={PATIENCE * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
    "trusted_schema=OFF", "cell_size_check=ON", "secure_delete=ON", "temp_store=MEMORY",
    "cache_size=-16000",  # 16 MB of pages a connection, as it needs them: what one types hits the same ones again
)
GONE = "数据文件 {name} 不在原来的位置了，可能被移动、改名、删除或换掉；本次没有写入任何内容。"
PUT_BACK = "请把它放回原处再试；找不到时到“系统 → 备份与恢复”恢复到最近的备份。填写的内容仍在。"
DatabaseError = driver.DatabaseError
Listener = Callable[[frozenset[str]], None]
Ask = Callable[..., list[Any]]  # (SQL, its :named values) -> rows, whose columns have names and places
STEP_EVERY = 120  # instructions of SQLite between two steps: some nine rows


def set_up(connection: Any) -> None:
    """Give a new connection of the driver the settings that all have."""
    if driver.sqlite_version_info < LOWEST_SQLITE:
        connection.close()
        raise RuntimeError(f"SQLite {driver.sqlite_version} is older than {LOWEST_SQLITE}")
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute("PRAGMA " + pragma)


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands there; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class Database:
    """The hall's database: `glance` asks, `read` and `write` give short sessions, `listen` hears which tables each
    commit changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[Any] = []
        self._made: list[Sessions] = []
        self._listeners: list[Listener] = []
        self._file: tuple[int, int] | None = None  # the file that was opened, by device and number

    @contextmanager
    def glance(self) -> Iterator[Ask]:
        """Questions in plain SQL that all see one moment of the database; values come as the driver keeps them. Raises
        Trouble where the file is gone."""
        self._look()
        connection = self._connected()
        connection.execute("BEGIN")
        try:
            yield lambda statement, **values: connection.execute(statement, values).fetchall()
        finally:
            connection.rollback()
            self._idle.append(connection)

    @contextmanager
    def peek(self, step: Step) -> Iterator[Ask]:
        """As `glance`, for one who still types: each question sees its own moment, and nobody looks whether the file
        is gone, as whatever follows from an answer does; that care would be a tenth of what a key costs. `step` is
        called while they are answered and may end them by raising, which is raised from here."""
        if not self._idle:
            self._look()  # a new connection would begin an empty file where there is none
        connection = self._connected()
        connection.set_progress_handler(lambda: step(0, 0), STEP_EVERY)
        try:
            yield lambda statement, **values: connection.execute(statement, values).fetchall()
        except driver.OperationalError:
            step(0, 0)  # the driver tells nobody what its handler raised: the step raises it again
            raise
        finally:
            connection.set_progress_handler(None, 0)
            self._idle.append(connection)

    def _look(self) -> None:
        """The path still leads to the file that was opened. A connection would go on writing into one that was moved
        or deleted, which no start finds again, and a new one would begin an empty file in its place."""
        found = _identity(self.path)
        if self._file is None:
            self._file = found
        elif found != self._file:
            raise Trouble(GONE.format(name=self.path.name), PUT_BACK)

    @contextmanager
    def _connecting(self) -> Iterator[Any]:
        """A connection for once, to the file that was opened and to no other."""
        self._look()
        with closing(self._connected()) as connection:
            yield connection

    def _connected(self) -> Any:
        """A connection that nobody uses, else a new one."""
        if self._idle:
            return self._idle.pop()
        connection = driver.connect(str(self.path), timeout=PATIENCE, check_same_thread=False)
        connection.row_factory = driver.Row
        try:
            set_up(connection)
        except driver.Error:
            connection.close()
            raise
        return connection

    @property
    def _sessions(self) -> Sessions:
        if not self._made:
            from db.sessions import Sessions

            self._made.append(Sessions(self.path, self._announce))
        return self._made[0]  # should two threads have made one at once, both use the first

    @property
    def engine(self) -> Engine:
        return self._sessions.engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the database and changes nothing. Raises Trouble where the file is gone."""
        self._look()
        with self._sessions.reading() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that holds the write lock from the first statement; commits at the end, else rolls back. Raises
        Trouble where the file is gone."""
        self._look()
        with self._sessions.writing.begin() as session:
            yield session

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the names of the tables that a commit changed, after it returned."""
        self._listeners.append(listener)

    def close(self) -> None:
        """Fold the write-ahead log into the file and let it go. What cannot be folded now (full, damaged, held
        by another) stays in the log, where the next start finds it."""
        with suppress(driver.Error, Trouble), self._connecting() as connection:
            connection.execute("PRAGMA optimize")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.let_go()

    def let_go(self) -> None:
        """Close every connection, as before the file is replaced; the next question opens a new one."""
        self._file = None
        while self._idle:
            self._idle.pop().close()
        for made in self._made:
            made.engine.dispose()

    def _announce(self, changed: frozenset[str]) -> None:
        for listener in self._listeners:
            listener(changed)
