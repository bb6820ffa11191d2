"""Start-up as whole processes: to the first real window, and to the first 50 rows, beside an empty QMainWindow."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.line import Line

ROOT = Path(__file__).parents[2]
ROUNDS = 7


def until(mode: str, folder: Path, word: str, clerk: str = "") -> float:
    """Milliseconds from starting the process until it says `word`."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "tests.window_child", mode, str(folder), clerk]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == word:
            break
    took = (time.perf_counter() - begin) * 1000
    process.kill()
    process.wait()
    return took


def compared(name: str, mode: str, folder: Path, word: str, limit: float, clerk: str = "") -> Line:
    """Our start and the empty window's in turn, after one round that fills the disk's cache."""
    pairs = [(until(mode, folder, word, clerk), until("empty", folder, "painted")) for _ in range(ROUNDS + 1)][1:]
    return Line(name, statistics.median(ours for ours, _ in pairs), "an empty QMainWindow, painted",
                statistics.median(peer for _, peer in pairs), tuple(ours / peer for ours, peer in pairs), limit)


def bench() -> Iterator[Line]:
    """The two lines of start-up."""
    from tests.screens import open_practice

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        desk = open_practice(folder, 300)
        desk.db.close()
        yield compared("start: to the first real window", "frame", folder, "painted", 1.5)
        yield compared("start: to the first 50 rows", "rows", folder, "rows", 4.5, desk.clerk.number)


if __name__ == "__main__":
    for line in bench():
        print(f"{line.name}: {line.ours:.0f} ms, {line.median:.2f} of {line.peer:.0f} ms (<= {line.limit})")
