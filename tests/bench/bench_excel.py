"""100,000 rows of 25 columns to Excel: ours against openpyxl's own write-only mode, each in a process of its own."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from printing.workbook import Column, SheetSpec, write_workbook
from tests.bench.line import Line

ROWS = 100_000
ROUNDS = 3
PEAK_LIMIT = 60.0  # MB
KINDS = ("identifier", "identifier", "text", "text", "text", "date", "date", "number", "text", "integer", "identifier",
         "text", "text", "date", "datetime", "money", "text", "identifier", "text", "text", "number", "percent", "date",
         "text", "text")
COLUMNS = tuple(Column(f"c{i}", f"第{i + 1}列", kind) for i, kind in enumerate(KINDS))  # type: ignore[arg-type]
WORDS = ("低压非居民", "高压", "在办", "10kV 恰城线 12# 杆", "大武镇团结路", "示范畜产品专业合作社", "到期重签", "")


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    """Rows as a contract list has them; each value is made anew, as it is when it comes from a database."""
    makers = [_maker(kind, i) for i, kind in enumerate(KINDS)]
    for n in range(count):
        yield tuple([make(n) for make in makers])


def _maker(kind: str, i: int) -> Any:
    start = date(2020, 1, 1)
    return {
        "text": lambda n: f"{WORDS[(n + i) % 8]}{n % 997}", "identifier": lambda n: f"6325{i:02d}{n:07d}",
        "date": lambda n: start + timedelta(days=(n + i) % 3000), "number": lambda n: Decimal(n % 800) / 4,
        "datetime": lambda n: datetime(2026, 1, 1, n % 24, n % 60), "integer": lambda n: n,
        "money": lambda n: Decimal(n) / 100, "percent": lambda n: n % 100 / 100,
    }[kind]


def ours(path: Path, count: int) -> None:
    write_workbook(path, SheetSpec("台账", COLUMNS, "户", "2026-11"), rows(count), total=count)


def openpyxls(path: Path, count: int) -> None:
    """The usual way: write-only mode with lxml, plain values, no styles at all."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet("台账")
    page.append([column.label for column in COLUMNS])
    for row in rows(count):
        page.append(row)
    book.save(path)


def peak_mb() -> float:
    """The most memory that this process held. ru_maxrss would not do: a child starts with its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(which: str, count: int) -> tuple[float, float]:
    """Milliseconds and peak MB of one whole process."""
    code = (
        "import sys, time; from pathlib import Path; from tests.bench import bench_excel as b\n"
        "begin = time.perf_counter(); getattr(b, sys.argv[1])(Path(sys.argv[2]), int(sys.argv[3]))\n"
        "print((time.perf_counter() - begin) * 1000, b.peak_mb())")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, "-c", code, which, f"{folder}/out.xlsx", str(count)],
                              cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    milliseconds, peak = done.stdout.split()
    return float(milliseconds), float(peak)


def bench(count: int = ROWS, rounds: int = ROUNDS) -> list[Line]:
    """The time of ours against a third of openpyxl's, and our peak against the limit; measured in turn."""
    pairs = [(child("ours", count), child("openpyxls", count)) for _ in range(rounds)]
    ratios = tuple(mine[0] / peer[0] for mine, peer in pairs)
    peaks = tuple(mine[1] for mine, _ in pairs)
    return [
        Line(f"Excel：{count:,} 行 × {len(COLUMNS)} 列", statistics.median(mine[0] for mine, _ in pairs),
             _peer(), statistics.median(peer[0] for _, peer in pairs), ratios, 1 / 3),
        Line("Excel：内存峰值", statistics.median(peaks), "上限", PEAK_LIMIT,
             tuple(peak / PEAK_LIMIT for peak in peaks), 1.0, "MB"),
    ]


def _peer() -> str:
    import openpyxl.xml

    return "openpyxl write-only（lxml）" if openpyxl.xml.LXML else "openpyxl write-only（未装 lxml）"


if __name__ == "__main__":
    for each in bench():
        print(f"{each.name}: {each.ours:,.0f} {each.unit}, {each.peer_name} {each.peer:,.0f}, "
              f"ratio {min(each.ratios):.3f}/{each.median:.3f}/{max(each.ratios):.3f} ≤ {each.limit:.3f}")
