"""A counter that accepts at a steady pace, as a process of its own; several of them are a busy hall.

    python -m tests.paced_counter FOLDER CLERK COUNT PACE_MS

It says `ready` when it has accepted a few, begins at a line on its input, and prints as JSON how long each acceptance
took in milliseconds, and what failed.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import datetime
from pathlib import Path

from db.engine import Database
from desktop.catalog.release import load_catalog
from desktop.errors import Refusal, Trouble
from desktop.usecases import intake
from desktop.usecases.desk import Desk
from desktop.usecases.staffing import clerk_by_number
from tests.trade import application

WARM = 5


def main(folder: Path, clerk: str, count: int, pace: float) -> None:
    """Accept `count` applications, one every `pace` milliseconds or, if that is late, at once."""
    intake.make_intake_papers = lambda *_: None  # type: ignore[assignment]
    desk = Desk(Database(folder / "hall.db"), load_catalog(), lambda: datetime(2026, 11, 23, 9), folder, folder)
    desk = desk.served_by(clerk_by_number(desk, clerk))
    brought = application(desk)
    for number in range(WARM):
        accept(desk, brought, clerk, number)
    print("ready", flush=True)
    sys.stdin.readline()
    chance, took, failed = random.Random(int(clerk)), [], []
    due = time.perf_counter() + chance.random() * pace / 1000
    for number in range(WARM, WARM + count):
        time.sleep(max(0.0, due - time.perf_counter()))  # noqa: TID251 - its pace is what is measured
        begin = time.perf_counter()
        try:
            accept(desk, brought, clerk, number)
        except (Refusal, Trouble) as error:
            failed.append(str(error))
        took.append((time.perf_counter() - begin) * 1000)
        due += pace / 1000 * (0.5 + chance.random())
    print(json.dumps({"took": took, "failed": failed}), flush=True)
    desk.db.close()


def accept(desk: Desk, brought: intake.Application, clerk: str, number: int) -> None:
    """One more customer with the same application."""
    said = {"customer_name": f"第{clerk}柜{number}户", "customer_id_kind": "护照",
            "customer_id": f"E{int(clerk) % 100:02d}{number:06d}"}
    intake.accept(desk, intake.Application(brought.kind, brought.answers | said, brought.materials))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
