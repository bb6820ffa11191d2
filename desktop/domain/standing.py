"""What a supply account stands at on a day: its two capacities, what rests, who holds it, what is open on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from desktop.domain.choice import LOW_VOLTAGES
from desktop.domain.equipment import Units, same
from desktop.domain.hold import Hold, resting, running

IN_USE, CLOSED = "在用", "已销户"
HIGH, LOW = "高压", "低压"  # of an account whose voltage nobody wrote down, but whose contract's kind tells it


@dataclass(frozen=True)
class OpenCase:
    """A case of the account that is not closed yet."""

    number: str
    kind: str


@dataclass(frozen=True)
class Standing:
    """An account as the rules of a change ask for it.

    `capacity`: 合同容量 in `unit` (kW or kVA), None where the file has none. `known`: what account and customer
    answer, by the names of the field dictionary. `units`: its transformers where they make up the capacity, so many of
    so many kVA each; empty where nobody told. `temporary`: it is supplied by a contract of 临时用电.
    """

    number: str
    status: str = IN_USE
    capacity: Decimal | None = None
    unit: str = ""
    voltage: str = ""
    temporary: bool = False
    holds: tuple[Hold, ...] = ()
    open_cases: tuple[OpenCase, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    units: Units = ()

    @property
    def is_low(self) -> bool:
        return self.voltage in (*LOW_VOLTAGES, LOW)

    def running(self, day: date) -> Decimal | None:
        """运行容量 on that day; None where the contract's capacity is not known."""
        return None if self.capacity is None else running(self.capacity, self.holds, day)

    def resting(self, day: date, kind: str = "") -> Decimal:
        """What rests on that day, of one kind or of all."""
        return resting((hold for hold in self.holds if kind in ("", hold.kind)), day)

    def changes(self, first: date, last: date | None) -> tuple[date, ...]:
        """The days after `first`, until `last`, on which something comes to rest; None: without an end."""
        return tuple(sorted(h.since for h in self.holds if first < h.since and (last is None or h.since <= last)))

    def hold_of(self, equipment: str, first: date, last: date | None) -> Hold | None:
        """The hold of this equipment that meets these days. Of one of which a part runs again, nobody told which part:
        what is left of it is not compared by its words."""
        parted = {hold.case for hold in self.holds if hold.restored_on}
        return next((h for h in self.holds if h.meets(first, last) and same(equipment, h.equipment)
                     and (h.restored_on or h.case not in parted)), None)

    def unrestored(self, kind: str, day: date) -> tuple[Hold, ...]:
        """The holds of that kind that have begun by that day and that nobody has restored, the oldest first."""
        begun = (h for h in self.holds if h.kind == kind and h.restored_on is None and h.since <= day)
        return tuple(sorted(begun, key=lambda hold: hold.since))
