"""录入时差（防体外流转）: by clerk and kind, how long after the day that they are claimed for things were entered.

An entry made much later than its day may mean that the work went on outside of the system; the limit of working days
is the catalogue's. Each entry of the month counts once, in the month in which it was entered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from desktop.domain.clock import entry_gap
from printing.reports.report import Asked, EntryFact, Made, Report
from printing.sheet import Column, Row, Total

COLUMNS = (
    Column("clerk", "经办人", "text", 12),
    Column("kind", "业务类型", "text", 22),
    Column("entries", "登记笔数", "integer", 10),
    Column("same_day", "当日登记", "integer", 10),
    Column("late", "晚录笔数", "integer", 10),
    Column("share", "晚录占比", "percent", 12),
    Column("most", "最多晚（工作日）", "integer", 14),
)


def make(entries: Iterable[EntryFact], asked: Asked) -> Made:
    """A line for each clerk and kind, then the sum."""
    gaps: dict[tuple[str, str], list[int]] = defaultdict(list)
    for entry in entries:
        gaps[entry.clerk, entry.kind].append(entry_gap(entry.claimed_on, entry.entered_on, asked.calendar))
    days = asked.late_entry_days
    return Made(_rows(gaps, days), lambda: (f"晚录：办理日比录入日早 {days} 个工作日以上。",))


def _rows(gaps: dict[tuple[str, str], list[int]], days: int) -> Iterator[Row | Total]:
    for (clerk, kind), found in sorted(gaps.items()):
        yield clerk, kind, *_figures(found, days)
    yield Total(("合计", "", *_figures([gap for found in gaps.values() for gap in found], days)))


def _figures(gaps: list[int], days: int) -> tuple[int, int, int, Decimal, int]:
    late = sum(gap > days for gap in gaps)
    share = round(Decimal(late) / len(gaps), 4) if gaps else Decimal(0)
    return len(gaps), gaps.count(0), late, share, max(gaps, default=0)


REPORT = Report("gaps", "录入时差", "笔", "entries", COLUMNS, make, needs_month=True)
