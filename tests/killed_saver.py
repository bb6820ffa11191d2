"""A counter that is killed while it saves, again and again; prints what was acknowledged and what is on disk.

    python tests/killed_saver.py FOLDER ROUNDS

Each round forks a child that saves as fast as it can and says so on a pipe after each commit returned; the parent
kills it with SIGKILL after a different number of acknowledgements.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select, text

from db.clerks import Request
from db.engine import Database
from db.schema import ensure

MOMENT = datetime(2026, 11, 23, 9)


def save_for_ever(path: Path, round_number: int, told: int) -> None:
    """Save one act after another in one transaction each, telling each only after its commit returned."""
    database = Database(path)
    for n in range(1_000_000):
        key = f"{round_number}-{n}"
        with database.write() as session:
            session.execute(insert(Request).values(id=key, verb="save", result="x" * 500, at=MOMENT))
        os.write(told, f"{key}\n".encode())


def one_round(path: Path, number: int) -> list[str]:
    """The keys that the killed child had told as saved."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        save_for_ever(path, number, writing)
    os.close(writing)
    with os.fdopen(reading, "r") as told:
        keys = [told.readline().strip() for _ in range(1 + number * 7 % 40)]
        os.kill(child, signal.SIGKILL)
        keys += [line.strip() for line in told if line.endswith("\n")]
    os.waitpid(child, 0)
    return keys


def main(folder: Path, rounds: int) -> None:
    database = Database(folder / "hall.db")
    ensure(database)
    database.close()
    told = [key for number in range(rounds) for key in one_round(folder / "hall.db", number)]
    database = Database(folder / "hall.db")
    with database.read() as session:
        kept = set(session.scalars(select(Request.id)))
        sound = session.execute(text("PRAGMA integrity_check")).scalar_one()
    database.close()
    print(json.dumps({"told": len(told), "lost": sorted(set(told) - kept), "integrity": sound}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
