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
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.bench.line import Line

HEAD = ("", "ours", "peer or limit", "", "min", "median", "max", "to reach")
WIDTHS = (46, -12, 40, -12, -7, -7, -7, 0)  # columns of a terminal; negative: set to the right


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
        return set_out(line.name, "", f"{line.peer_name}: {line.missing}", "", "", "", "", "not compared")
    ratios = (f"{ratio:.2f}" for ratio in (min(line.ratios), line.median, max(line.ratios)))
    verdict = f"<= {line.limit:g}  {'ok' if line.holds else 'NOT REACHED'}"
    return set_out(line.name, f"{line.ours:.4g} {line.unit}", line.peer_name, f"{line.peer:.4g} {line.unit}", *ratios,
                   verdict)


def set_out(*cells: str) -> str:
    """The cells in their columns; a Chinese character is two columns wide."""
    return "  ".join(_padded(cell, width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def _padded(text: str, width: int) -> str:
    blanks = " " * max(0, abs(width) - sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text))
    return blanks + text if width < 0 else text + blanks


def main(words: Sequence[str]) -> int:
    """Run and print; 1 if a figure is not reached."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {sys.platform}")
    print(set_out(*HEAD), flush=True)
    reached = True
    for name in names(words):
        for line in measured(name):
            print(row(line), flush=True)
            reached = reached and line.holds
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
