"""The schema's version: made on an empty file, lifted on an older one, refused on a newer one.

A revision is named after the first program that has it, so that an older program can say which one is needed.
Alembic is imported only when a migration is due: a start compares one row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from db.engine import Database
from desktop.errors import Trouble

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).with_name("migrations")
REVISIONS = ("v0.1.0", "v0.2.0")
NEWEST = REVISIONS[-1]
Outcome = Literal["made", "lifted", "current"]
ADVICE = "数据没有被改动。"


def _no_backup() -> None:
    """For callers whose file holds nothing yet."""


def ensure(database: Database, before_lift: Callable[[], None] = _no_backup) -> Outcome:
    """Bring the file to this program's schema; `before_lift` makes the backup before an older file is touched

    Raises Trouble for a file made by a newer program, and for one that is not ours; else the driver's error.
    """
    found = revision(database)
    if found == NEWEST:
        return "current"
    if found is not None:
        before_lift()
    _lift(database)
    return "lifted" if found else "made"


def revision(database: Database) -> str | None:
    """The file's revision, None for an empty file. Raises Trouble where this program must not write."""
    with database.glance() as ask:
        tables = {row["name"] for row in ask(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")}
        if not tables:
            return None
        if "alembic_version" not in tables:
            raise Trouble(f"“{database.path.name}”不是本程序的数据文件。", f"请换一个数据文件夹。{ADVICE}")
        return known(next((row["version_num"] for row in ask("SELECT version_num FROM alembic_version")), None))


def known(found: str | None) -> str:
    """The revision itself if this program knows it; Trouble names the program that is needed."""
    if found not in REVISIONS:
        needed = (found or "").removeprefix("v")
        raise Trouble(
            f"这份数据由较新的程序建立，需要 {needed} 版或更新的程序，现在是 {NEWEST.removeprefix('v')} 版。",
            f"请安装新版程序，或从较早的备份恢复。{ADVICE}")
    return found


def _lift(database: Database) -> None:
    from sqlalchemy.exc import DBAPIError

    try:
        with _unbound(database) as connection, connection.begin():
            _migrate(connection)
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if orphans:
                raise Trouble(f"升级数据文件时发现 {len(orphans)} 处对不上的引用，升级已撤销。", ADVICE)
    except DBAPIError as error:  # told as the driver's own, like all that goes wrong in opening
        raise error.orig or error from error


@contextmanager
def _unbound(database: Database) -> Iterator[Connection]:
    """A connection with foreign keys off, as copying a table needs; not to be said in a transaction."""
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    steps = partial(_steps, script)
    with EnvironmentContext(config, script, fn=steps) as env:
        env.configure(connection=connection, transactional_ddl=True, render_as_batch=True)
        env.run_migrations()


def _steps(script: ScriptDirectory, revision: str, _context: object) -> Any:
    return script._upgrade_revs("head", revision)
