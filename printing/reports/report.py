"""What a report is: its name and columns, the facts it reads, and how they become rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from desktop.domain.calendar import WorkCalendar
from desktop.domain.caselog import LogEntry
from desktop.domain.process import Process
from desktop.domain.reminder import ContractFacts, Ladder
from printing.sheet import Column, Row, Total

ONE_DAY = timedelta(days=1)
Source = Literal["contracts", "cases", "entries"]


@dataclass(frozen=True)
class Month:
    """A calendar month, from its first to its last day."""

    first: date
    last: date

    @classmethod
    def of(cls, day: date) -> Month:
        """The month in which `day` lies."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=31)).replace(day=1) - ONE_DAY)

    @property
    def word(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> date:
        """The day before its first: what was left then is what it begins with."""
        return self.first - ONE_DAY

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True)
class Asked:
    """What a report was asked: today, the month (None: as things stand), and by which rules."""

    today: date
    month: Month | None
    ladder: Ladder
    calendar: WorkCalendar
    late_entry_days: int = 0

    @property
    def period(self) -> str:
        """The words for the sheet's head; a month that still runs says to which day it counts."""
        if self.month is None:
            return f"截至 {self.today:%Y-%m-%d}"
        running = self.month.holds(self.today) and self.today < self.month.last
        return self.month.word + (f"（截至 {self.today:%m-%d}）" if running else "")


@dataclass(frozen=True)
class ContractFact:
    """A contract in force, or on its way there, as a report may show it. `ends` holds what its end depends on;
    `capacity` is what it says (合同容量), `running` how much of its account's runs today, both in `unit`."""

    number: str
    account: str
    customer: str
    phone: str
    kind: str
    kind_name: str
    capacity: Decimal | None
    unit: str
    state: str
    signed_on: date | None
    starts_on: date | None
    ends: ContractFacts
    handler: str
    doubts: tuple[str, ...]
    note: str
    running: Decimal | None


@dataclass(frozen=True)
class CaseFact:
    """A case with its whole log. `answers` are those of the application, `promised_on` its last promised date;
    `capacity` in `unit` is what it applies for, `contract` and `running` what its account has today in
    `supplied_unit` (None: it is not supplied, or nobody knows)."""

    number: str
    outside_number: str
    account: str
    customer: str
    process: Process
    answers: Mapping[str, Any]
    way: str
    capacity: Decimal
    unit: str
    voltage: str
    promised_on: date | None
    acceptor: str
    owner: str
    log: Sequence[LogEntry]
    contract: Decimal | None
    running: Decimal | None
    supplied_unit: str


@dataclass(frozen=True)
class EntryFact:
    """One entry of a case's log: who entered it, of what kind of case, claimed for which day, entered on which."""

    clerk: str
    kind: str
    claimed_on: date
    entered_on: date


@dataclass(frozen=True)
class Made:
    """The rows as they are asked for, and the lines under them, which are known when the last row is out."""

    rows: Iterator[Row | Total]
    closing: Callable[[], Iterable[str]] = tuple


@dataclass(frozen=True)
class Report:
    """A report. `source` says which facts `make` is given; one that `needs_month` cannot be asked without.
    `keys`: its columns at the left that tell which row it is."""

    name: str
    title: str
    unit: str
    source: Source
    columns: tuple[Column, ...]
    make: Callable[[Iterable[Any], Asked], Made]
    needs_month: bool = False
    keys: int = 0
