"""Eight counters that accept at a steady pace, each a process, beside one counter alone: p50, p99, failures.

Each takes two applications a second, sixteen in all. The rounds alternate: one alone, eight together.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from db.engine import Database
from db.schema import ensure
from desktop.catalog.release import load_catalog
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk, set_hall
from tests.bench.line import Line
from tests.conftest import synthetic_supplier

ROOT = Path(__file__).parents[2]
COUNTERS, PACE, ROUNDS, COUNT = 8, 500, 5, 16  # PACE in ms between the acceptances of one counter
ALONE = 64  # acceptances of the one counter: its p99 needs more than one counter's share


def bench() -> Iterable[Line]:
    """p50 and p99 of eight against one; a failure makes a line that does not hold."""
    clerks = [str(1001 + n) for n in range(COUNTERS)]
    pairs = [(_together(clerks[:1], ALONE, PACE / COUNTERS), _together(clerks, COUNT, PACE)) for _ in range(ROUNDS)]
    failed = [told for one, eight in pairs for told in (*one[1], *eight[1])]
    for name, at, limit in (("p50", 50, 1.3), ("p99", 99, 3.0)):
        told = [(_percentile(one[0], at), _percentile(eight[0], at)) for one, eight in pairs]
        yield Line(f"eight counters, {name} of an acceptance", statistics.median(b for _, b in told),
                   "one counter at the pace of all", statistics.median(a for a, _ in told),
                   tuple(b / a for a, b in told), limit)
    yield Line("acceptances that failed", len(failed), "none may", 0, (float(len(failed)),), 0, "")


def _percentile(took: Sequence[float], at: int) -> float:
    return statistics.quantiles(took, n=100, method="inclusive")[at - 1]


def _together(clerks: Sequence[str], count: int, pace: float) -> tuple[list[float], list[str]]:
    """Milliseconds of all acceptances of these counters, and what failed, in a new hall."""
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        _hall(folder)
        children = [subprocess.Popen(
            [sys.executable, "-m", "tests.paced_counter", temp, clerk, str(count), str(pace)], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE) for clerk in clerks]
        for child in children:
            assert child.stdout is not None and child.stdout.readline().strip() == "ready"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        told = [json.loads(child.communicate()[0]) for child in children]
    return [ms for each in told for ms in each["took"]], [error for each in told for error in each["failed"]]


def _hall(folder: Path) -> None:
    database = Database(folder / "hall.db")
    ensure(database)
    desk = Desk(database, load_catalog(), lambda: datetime(2026, 11, 23, 9), folder, folder)
    set_hall(desk, synthetic_supplier())
    first = desk.served_by(add_clerk(desk, "1001", "示范员", "管理员"))
    for n in range(1, COUNTERS):
        add_clerk(first, str(1001 + n), f"示范{n}", "受理员")
    database.close()
