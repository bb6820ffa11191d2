"""Whole copies of the database file, and the questions that may be asked of one without writing to it.

A copy of the file while somebody writes is broken more often than not; SQLite's own backup, taken in one step,
never was. Nothing here opens a live file except through SQLite: closing any other handle would drop its locks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as driver

DatabaseError = driver.DatabaseError
MOST_FAULTS = 5
DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@contextmanager
def looking(path: Path, *, settled: bool = False) -> Iterator[Any]:
    """A connection that cannot write. `settled` files have no log beside them and no other users (backups)."""
    options = "mode=ro&immutable=1" if settled else "mode=ro"
    connection = driver.connect(f"{path.absolute().as_uri()}?{options}", uri=True, isolation_level=None, timeout=5)
    try:
        yield connection
    finally:
        connection.close()


def copy_whole(source: Path, target: Path) -> None:
    """Copy the database at `source`, its log included, to the new file `target`, which then stands alone.

    One step: a stepwise copy starts over at each foreign commit and may never end.
    """
    with looking(source) as live:
        copy = driver.connect(str(target), isolation_level=None)
        try:
            live.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()


def faults(path: Path, *, thorough: bool, settled: bool = False) -> tuple[str, ...]:
    """What SQLite finds wrong with the file, none for a sound one; thorough also compares indexes with rows."""
    check = "integrity_check" if thorough else "quick_check"
    try:
        with looking(path, settled=settled) as connection:
            found = [str(text) for (text,) in connection.execute(f"PRAGMA {check}({MOST_FAULTS})")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchmany(MOST_FAULTS) if thorough else []
    except DatabaseError as error:
        if is_busy(error):
            raise
        return (str(error),)
    return tuple(text for text in found if text != "ok") + tuple(f"foreign key: {row[0]}" for row in broken)


def is_busy(error: Exception) -> bool:
    """Whether the file is merely held or out of reach, which is not damage."""
    text = str(error).lower()
    return any(mark in text for mark in ("locked", "busy", "unable to open", "disk i/o", "readonly"))


def revision_of(path: Path, *, settled: bool = False) -> str | None:
    """The schema's revision named in the file; None where the file holds no such table."""
    with looking(path, settled=settled) as connection:
        named = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if named else None
    return row[0] if row else None


def named_among(path: Path, wanted: Set[str], *, settled: bool = False) -> set[str]:
    """Which of these contents (sha256) the file names: of a case, or of a form that is not sent yet. A file of before
    contents were kept names none. DatabaseError where it cannot be asked."""
    with looking(path, settled=settled) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        found = {sha256 for sha256 in wanted if "files" in tables and connection.execute(
            "SELECT 1 FROM files WHERE sha256 = ?", (sha256,)).fetchone()}
        if "drafts" in tables:
            for (draft,) in connection.execute("SELECT content FROM drafts"):
                found |= wanted & set(DIGEST.findall(str(draft)))
    return found


def mark(path: Path, *, settled: bool = False) -> tuple[Any, ...]:
    """What changes with every act and every kept draft: two files with the same mark hold the same work."""
    with looking(path, settled=settled) as connection:
        acts = connection.execute("SELECT max(rowid) FROM requests").fetchone()
        drafts = connection.execute("SELECT count(*), max(saved_at) FROM drafts").fetchone()
    return (*acts, *drafts)


def unfolded(path: Path) -> bool:
    """Whether a log of writes lies beside the file: somebody has it open, or its last user ended uncleanly."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def fold(path: Path) -> None:
    """Bring the log of writes into the file and end it; the file then stands alone."""
    connection = driver.connect(str(path), isolation_level=None, timeout=5)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()
