"""A hall's file as tests treat it: three saved acts, what it holds, and damage done to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from db import backup as copies
from db.clerks import Request
from db.engine import Database

NOW = datetime(2026, 11, 23, 9)


def save(folder, *keys):
    """Save one act for each key."""
    database = Database(folder / "hall.db")
    for key in keys:
        with database.write() as session:
            session.execute(insert(Request).values(id=key, verb="save", result="", at=NOW))
    database.close()


def saved(path):
    """The keys of the acts in the file."""
    with copies.looking(path) as connection:
        return {key for (key,) in connection.execute("SELECT id FROM requests")}


def spoil(path, *, offset=4096 * 3, length=4096 * 6):
    """Damage pages in the middle of a closed file."""
    data = bytearray(path.read_bytes())
    data[offset:offset + length] = b"\xa5" * length
    path.write_bytes(bytes(data))


def told(trouble):
    """The sentence must say what happened and what to do."""
    assert trouble.value.sentence.endswith("。")
    assert trouble.value.advice
    return str(trouble.value)
