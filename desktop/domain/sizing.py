"""How much a customer draws, and what carries it: computed load, current, transformer, current transformer, voltage.

Pure arithmetic in Decimal; every figure of the trade is a row of the catalogue, chosen by the day it holds on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Protocol, TypeVar

from desktop.domain.accord import load_sum, number_in, rows_in
from desktop.domain.basis import Basis
from desktop.domain.choice import LOW_VOLTAGES
from desktop.domain.field import Answers
from desktop.domain.voltage import Ranges

ROOT3 = Decimal("1.7320508")
VOLTS = {"220V": Decimal(220), "380V": Decimal(380), "10kV": Decimal(10_000), "20kV": Decimal(20_000),
         "35kV": Decimal(35_000), "66kV": Decimal(66_000), "110kV": Decimal(110_000), "220kV": Decimal(220_000)}
COS_220 = "computed_cos_220"  # a threshold that a release may have
BEHIND_TRANSFORMER = Decimal(400)  # V, where a high-voltage customer is metered on the low side


class _Dated(Protocol):
    @property
    def basis(self) -> Basis: ...


Dated = TypeVar("Dated", bound=_Dated)


def _held(rows: tuple[Dated, ...], day: date) -> tuple[Dated, ...]:
    """The rows in force on that day; before its time the first row of its kind stands in, for what was earlier."""
    def first(row: Dated) -> bool:
        return all(row.basis.effective <= other.basis.effective for other in rows if _key(other) == _key(row))

    return tuple(row for row in rows if row.basis.holds_on(day) or (day < row.basis.effective and first(row)))


def _key(row: _Dated) -> tuple[object, ...]:
    """What makes two rows say the same thing at different times."""
    names = ("id", "level", "natures", "voltages", "high", "least", "over")
    return tuple(getattr(row, name, None) for name in names)


@dataclass(frozen=True)
class Threshold:
    """One figure of the trade: `value` in `unit`."""

    id: str
    name: str
    value: Decimal
    unit: str
    basis: Basis


@dataclass(frozen=True)
class Ground:
    """Why a check without a figure of its own is made."""

    id: str
    name: str
    basis: Basis


@dataclass(frozen=True)
class Series:
    """Standard sizes in rising order; of transformers (kVA) they hold for `voltages`, of CTs (A) for all."""

    id: str
    name: str
    voltages: tuple[str, ...]
    values: tuple[Decimal, ...]
    basis: Basis


@dataclass(frozen=True)
class MeteringClass:
    """The least accuracy of meter, CT and PT at the voltages of a class."""

    id: str
    voltages: tuple[str, ...]
    meter: str
    ct: str
    pt: str
    basis: Basis


@dataclass(frozen=True)
class FactorRule:
    """Which power factor is required: by nature, voltage and capacity (kVA; kW at low voltage)."""

    natures: tuple[str, ...]
    high: bool
    least: int
    over: int
    standard: str
    basis: Basis


@dataclass(frozen=True)
class ImportantRule:
    """How many sources an important customer needs, and from how many different substations."""

    level: str
    sources: int
    stations: int
    basis: Basis


@dataclass(frozen=True)
class HighEnergy:
    """Industries (two digits) that need further papers with the scheme, each found by a word in its name."""

    industries: tuple[str, ...]
    attachments: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True)
class Validity:
    """How long a scheme stands (`id` low or high): months, and when an extension must be asked for."""

    id: str
    months: int
    extend_before: int
    basis: Basis


@dataclass(frozen=True)
class SchemeRules:
    """All figures by which a scheme is weighed and proposed."""

    thresholds: tuple[Threshold, ...]
    series: tuple[Series, ...]
    classes: tuple[MeteringClass, ...]
    factors: tuple[FactorRule, ...]
    important: tuple[ImportantRule, ...]
    high_energy: HighEnergy
    validity: tuple[Validity, ...]
    grounds: tuple[Ground, ...] = ()

    def on(self, day: date) -> SchemeRules:
        """Only the rows that hold on that day. A province's later row of the same id goes before the earlier."""
        return replace(
            self, thresholds=_held(self.thresholds, day), series=_held(self.series, day),
            classes=_held(self.classes, day), factors=_held(self.factors, day),
            important=_held(self.important, day), validity=_held(self.validity, day),
            grounds=_held(self.grounds, day))

    @cached_property
    def _by_id(self) -> Mapping[str, Threshold]:
        rows = sorted(self.thresholds, key=lambda row: row.basis.effective)
        return MappingProxyType({row.id: row for row in rows})

    def threshold(self, name: str) -> Threshold:
        return self._by_id[name]

    def ground(self, name: str) -> Basis | None:
        """Whence the check of that name comes; None where this release does not make it."""
        return next((row.basis for row in self.grounds if row.id == name), None)

    def figure(self, name: str) -> Decimal:
        return self._by_id[name].value

    def cos(self, voltage: object) -> Decimal:
        """The power factor by which kVA and A are estimated where none is told; a release may set one for 220 V."""
        return self.figure(COS_220 if voltage == "220V" and COS_220 in self._by_id else "computed_cos")

    def transformers(self, voltage: str) -> Series | None:
        return next((s for s in self.series if s.id == "transformer" and voltage in s.voltages), None)

    @property
    def ct(self) -> Series:
        return next(s for s in self.series if s.id == "ct")

    def metering_class(self, voltage: str) -> MeteringClass | None:
        return next((c for c in self.classes if voltage in c.voltages), None)

    def term(self, voltage: str) -> Validity:
        """How long a scheme at this voltage stands."""
        level = level_of(voltage)
        return next(v for v in self.validity if v.id == level)


@dataclass(frozen=True)
class Load:
    """What is drawn in ordinary use: kW, kVA and the power factor between them; `listed`: from the equipment list,
    else from the capacity that was applied for."""

    kw: Decimal
    kva: Decimal
    cos: Decimal
    listed: bool


def level_of(voltage: object) -> str:
    """'low' or 'high', as the catalogue's rows say it; what is not told counts as low."""
    return "high" if voltage in VOLTS and voltage not in LOW_VOLTAGES else "low"


def load_of(known: Answers, rules: SchemeRules) -> Load | None:
    """The computed load: listed equipment × 同时系数; without a list the capacity applied for. None: no fact at all."""
    cos = number_in(known, "power_factor_target") or rules.cos(known.get("voltage"))
    listed = load_sum(known) * (number_in(known, "demand_factor") or Decimal(1))
    kw = listed or number_in(known, "scheme_capacity_kw") or number_in(known, "capacity_kw")
    if kw:
        return Load(kw, kw / cos, cos, bool(listed))
    kva = number_in(known, "scheme_capacity_kva") or number_in(known, "capacity_kva")
    return Load(kva * cos, kva, cos, False) if kva else None


def current(kva: Decimal, volts: Decimal) -> Decimal:
    """The current in A of an apparent power at line voltage `volts`; 220 V is single-phase."""
    return kva * 1000 / (volts if volts == VOLTS["220V"] else volts * ROOT3)


def metered_volts(voltage: str, mode: str) -> Decimal | None:
    """The voltage at which the meter sits; None where the voltage is not known."""
    return BEHIND_TRANSFORMER if mode == "高供低计" else VOLTS.get(voltage)


def ct_for(amps: Decimal, series: Sequence[Decimal]) -> Decimal | None:
    """The smallest standard primary current that is not below `amps`; None where none is so large."""
    return next((step for step in series if step >= amps), None)


def ct_limits(rules: SchemeRules) -> tuple[Decimal, ...]:
    """The percentages of a CT's primary current that tell a good ratio from a bad one."""
    return (*(rules.figure(name) for name in ("ct_normal", "ct_least", "ct_least_s")), Decimal(100))


def transformers_for(kva: Decimal, series: Sequence[Decimal], most: Decimal,
                     loading: Decimal) -> tuple[int, Decimal]:
    """(how many, of how many kVA): the fewest equal standard units that carry `kva` at no more than `loading` (0.8),
    each of them no larger than `most` where the series goes so low."""
    needed = kva / loading
    allowed = [step for step in series if step <= most] or list(series)
    count = max(1, int((needed / allowed[-1]).to_integral_value(ROUND_CEILING)))
    return count, next(step for step in allowed if step * count >= needed)


def voltages_for(kw: Decimal, kva: Decimal, single_phase: bool, ranges: Ranges) -> tuple[str, ...]:
    """The voltages whose usual range holds this capacity, the lower first; 220 V only for single-phase equipment."""
    found = []
    for each in ranges.values():
        size = kw if each.unit == "kW" else kva
        fits = each.least <= size and (not each.most or size <= each.most)
        if fits and (each.id != "220V" or single_phase):
            found.append(each.id)
    return tuple(sorted(found, key=lambda voltage: VOLTS[voltage]))


def voltages_of(known: Answers, size: Decimal, rules: SchemeRules, ranges: Ranges) -> tuple[str, ...]:
    """The voltages that usually supply this capacity (kVA at high voltage, kW at low), the lower first."""
    load, high = load_of(known, rules), level_of(known.get("voltage")) == "high"
    kva = size if high else size / (load.cos if load else rules.cos(known.get("voltage")))
    kw = size * (load.cos if load else Decimal(1)) if high else size
    return voltages_for(kw, kva, single_phase(known), ranges)


def single_phase(known: Answers) -> bool:
    """Whether all listed equipment is single-phase; without a list, whether the application says so."""
    phases = {row.get("phases", "") for row in rows_in(known, "loads") if row.get("phases")}
    return phases == {"单相"} if phases else known.get("phases") == "单相"


def factor_standard(known: Answers, rules: SchemeRules) -> FactorRule | None:
    """The row of the power factor's table for this customer, or None where the nature or capacity is not told."""
    size, high = capacity_of(known), level_of(known.get("voltage")) == "high"
    nature = known.get("usage_nature", "")
    if size is None or not nature:
        return None
    return next((rule for rule in rules.factors if (not rule.natures or nature in rule.natures)
                 and (high or not rule.high) and size >= rule.least and (not rule.over or size > rule.over)), None)


def capacity_of(known: Answers) -> Decimal | None:
    """The capacity in the unit of its voltage: approved, else applied for; kVA at high voltage, kW at low."""
    unit = "kva" if level_of(known.get("voltage")) == "high" else "kw"
    return number_in(known, f"scheme_capacity_{unit}") or number_in(known, f"capacity_{unit}")
