"""`make bench`: every bench_*.py beside this file, one line a measurement.

    python -m tests.bench [WORD ...]        only the benches whose name holds one of the words

Each line: ours, the peer or limit, the ratio ours to peer at its minimum, median and maximum over interleaved pairs,
and whether the median keeps to the figure to reach. A peer that is not installed is named.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench.line import Line

HEAD = ("", "ours", "peer or limit", "", "min", "median", "max", "to reach")
ROW = "{:<52} {:>12}  {:<30} {:>12} {:>7} {:>7} {:>7}  {}"


def names(words: Sequence[str]) -> list[str]:
    """The bench modules here, those of the words if any were given."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    return [name for name in found if not words or any(word in name for word in words)]


def measured(name: str) -> Iterator[Line]:
    """The lines of one bench module."""
    yield from importlib.import_module(f"tests.bench.{name}").bench()


def row(line: Line) -> str:
    """A line of the table."""
    if line.missing:
        return ROW.format(line.name, "", f"{line.peer_name}: {line.missing}", "", "", "", "", "not compared")
    ratios = (f"{ratio:.2f}" for ratio in (min(line.ratios), line.median, max(line.ratios)))
    verdict = f"<= {line.limit:g}  {'ok' if line.holds else 'NOT REACHED'}"
    return ROW.format(line.name, f"{line.ours:.3g} {line.unit}", line.peer_name, f"{line.peer:.3g} {line.unit}",
                      *ratios, verdict)


def main(words: Sequence[str]) -> int:
    """Run and print; 1 if a figure is not reached."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {sys.platform}")
    print(ROW.format(*HEAD), flush=True)
    reached = True
    for name in names(words):
        for line in measured(name):
            print(row(line), flush=True)
            reached = reached and line.holds
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
