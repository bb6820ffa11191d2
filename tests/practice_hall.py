"""A small practice hall for tests, in a folder of its own."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from db.engine import Database
from desktop.usecases.desk import Desk
from desktop.usecases.practising import make_practice_hall

NOW = datetime(2026, 11, 23, 15, 0)
SMALL = 60


def practice_hall(folder: Path, catalog: Any, fonts: Path, empty: Path, *, now: datetime = NOW, **said: Any) -> Path:
    """Make one in `folder`, of a copy of `empty`; what is `said` goes to `make_practice_hall`."""
    shutil.copytree(empty, folder)
    database = Database(folder / "hall.db")
    make_practice_hall(Desk(database, catalog, lambda: now, folder, fonts), customers=SMALL, **said)
    database.close()
    return folder
