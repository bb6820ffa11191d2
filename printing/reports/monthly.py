"""业扩报装月报: by kind of application and voltage, what was left, came in, was answered, finished, ended, is left.

It counts only what the log holds, by claimed date. For each case the log is read as it stood at the end of the day
before the month and at the month's last day; each flow is the difference of the two, so that
上期结存 + 本期受理 − 本期完成 − 本期办完 − 本期终止 = 期末结存 holds for every line, also where one was taken back.
A new or bigger supply is 完成 by 送电 (the connection); a change of use (变更用电) is 办完 by what it asks for (加封,
启封, the new contract), connects nothing and is summed apart. 归档 is told beside them and is no part of the sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from desktop.domain.caselog import What, fold
from printing.reports.report import Asked, CaseFact, Made, Month, Report
from printing.sheet import Column, Row, Total

ANSWERED, ARCHIVED = "S04", "S15"
FIGURES = (("left_before", "上期结存"), ("accepted", "本期受理"), ("answered", "本期方案答复"),
           ("done", "本期完成（送电）"), ("changed", "本期办完（变更用电）"), ("archived", "其中：已归档"),
           ("ended", "本期终止"), ("left", "期末结存"))
SUPPLY, CHANGE = "新装、增容", "变更用电"
COLUMNS = (
    Column("process", "业务类型", "text", 20),
    Column("voltage", "电压等级", "text", 11),
    Column("unit", "容量单位", "text", 7),
    *(column for name, label in FIGURES for column in (
        Column(f"{name}_count", "户数", "integer", 8, group=label),
        Column(f"{name}_capacity", "容量", "number", 11, group=label))),
)


class Standing(Enum):
    """Where a case stands at the end of a day, as the log claims it."""

    NOT_YET = 0
    OPEN = 1
    DONE = 2
    ENDED = 3


@dataclass
class Figures:
    """One line of the report: how many cases and how much capacity, by figure."""

    count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    capacity: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, name: str, times: int, capacity: Decimal) -> None:
        self.count[name] += times
        self.capacity[name] += times * capacity

    def merge(self, other: Figures) -> None:
        for name, _ in FIGURES:
            self.count[name] += other.count[name]
            self.capacity[name] += other.capacity[name]

    def cells(self) -> Row:
        return [cell for name, _ in FIGURES for cell in (self.count[name], self.capacity[name])]


Line = tuple[bool, str, str, str]  # whether it is a change of use, kind, voltage, unit


def make(cases: Iterable[CaseFact], asked: Asked) -> Made:
    """The lines by kind and voltage, supplies before changes of use, each summed where there are both; then a sum for
    each unit of capacity."""
    if asked.month is None:
        raise ValueError("the monthly report needs its month")
    return Made(_rows(tally(cases, asked.month)))


def tally(cases: Iterable[CaseFact], month: Month) -> dict[Line, Figures]:
    """The figures of each line that has any."""
    lines: dict[Line, Figures] = defaultdict(Figures)
    for case in cases:
        flows = flows_of(case, month)
        if any(flows.values()):
            line = lines[case.process.changes_use, case.process.name, case.voltage or "未填", case.unit]
            for name, times in flows.items():
                line.add(name, times, case.capacity)
    return lines


def flows_of(case: CaseFact, month: Month) -> dict[str, int]:
    """What one case adds to each figure; a connection that was taken back in the month counts −1."""
    before, after = standing(case, month.before), standing(case, month.last)
    finished, change = (after is Standing.DONE) - (before is Standing.DONE), case.process.changes_use
    return {
        "left_before": int(before is Standing.OPEN),
        "accepted": int(before is Standing.NOT_YET and after is not Standing.NOT_YET),
        "answered": _finished(case, ANSWERED, month),
        "done": 0 if change else finished,
        "changed": finished if change else 0,
        "archived": _finished(case, ARCHIVED, month),
        "ended": (after is Standing.ENDED) - (before is Standing.ENDED),
        "left": int(after is Standing.OPEN),
    }


def standing(case: CaseFact, day: date) -> Standing:
    """Where the case stood at the end of `day`, by what is claimed to have happened until then."""
    told = [entry for entry in case.log if entry.claimed_on <= day]
    if not any(entry.what == What.ACCEPTED for entry in told):
        return Standing.NOT_YET
    track = fold(case.process, told)
    if track.ended:
        return Standing.ENDED
    connected = track.runs[case.process.energised_by].done_on is not None
    return Standing.DONE if connected else Standing.OPEN


def _finished(case: CaseFact, stage: str, month: Month) -> int:
    """1 if the stage was finished in the month, however often."""
    return int(any(
        entry.what == What.DONE and entry.stage == stage and month.holds(entry.claimed_on) for entry in case.log))


def _rows(lines: dict[Line, Figures]) -> Iterator[Row | Total]:
    both = len({change for change, *_ in lines}) > 1
    for change in (False, True):
        own = {line: figures for line, figures in sorted(lines.items()) if line[0] is change}
        for (_, *heads), figures in own.items():
            yield *heads, *figures.cells()
        if both:
            yield from _sums(f"小计：{CHANGE if change else SUPPLY}", own)
    if not lines:
        yield Total(("合计", "", "", *Figures().cells()))  # a month without a case says so
    yield from _sums("合计", lines)


def _sums(word: str, lines: dict[Line, Figures]) -> Iterator[Total]:
    """One sum for each unit: kW and kVA are never added up."""
    sums: dict[str, Figures] = defaultdict(Figures)
    for (*_, unit), figures in lines.items():
        sums[unit].merge(figures)
    for unit, figures in sorted(sums.items()):
        yield Total((word, "", unit, *figures.cells()))


REPORT = Report("monthly", "业扩报装月报", "户、kW（kVA）", "cases", COLUMNS, make, needs_month=True)
