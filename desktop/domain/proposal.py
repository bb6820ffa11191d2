"""What the load itself proposes for a scheme: voltage, phases, metering, CT ratio, transformers, power factor.

A proposal is for the clerk to look at; it fills blanks when he says so, and each line says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.accord import number_in, plain, rows_in, share
from desktop.domain.field import Answers, Value
from desktop.domain.sizing import (
    Load,
    SchemeRules,
    ct_for,
    ct_limits,
    current,
    factor_standard,
    level_of,
    load_of,
    metered_volts,
    single_phase,
    transformers_for,
    voltages_for,
)
from desktop.domain.voltage import Ranges


@dataclass(frozen=True)
class Proposed:
    """One value that is proposed for a field, and why."""

    field: str
    value: Value
    why: str


def proposal(known: Answers, rules: SchemeRules, ranges: Ranges) -> tuple[Proposed, ...]:
    """What follows from the load; empty where no load and no capacity is known."""
    load = load_of({**known, "scheme_capacity_kw": "", "scheme_capacity_kva": ""}, rules)
    if load is None:
        return ()
    voltage = _voltage(known, load, rules, ranges)
    units = _units(known, load, rules, voltage)
    known = {**known, **{each.field: each.value for each in (*voltage, *units)}}
    return (*voltage, *units, *metering_for(known, load, rules), *_factor(known, rules))


def _voltage(known: Answers, load: Load, rules: SchemeRules, ranges: Ranges) -> tuple[Proposed, ...]:
    alone = single_phase(known)
    size = load.kva / (rules.figure("loading_high") / 100)  # a transformer is chosen for more than it carries
    asked = number_in(known, "capacity_kva") or size
    able = voltages_for(max(load.kw, number_in(known, "capacity_kw") or Decimal(0)), asked, alone, ranges)
    fits = tuple(each for each in able if not known.get("voltage") or level_of(each) == level_of(known["voltage"]))
    if not fits:  # what only the other level carries is another kind of application: the checks say so
        return ()
    phases = "单相" if fits[0] == "220V" else "三相"
    also = f"，{'、'.join(fits[1:])} 也可，取较低的一级" if len(fits) > 1 else ""
    also += f"；低压 {able[0]} 也带得动，客户愿意的另办低压业务" if able[0] != fits[0] else ""
    why = f"计算负荷 {plain(load.kw.quantize(Decimal('0.1')))} kW{also}"
    return Proposed("voltage", fits[0], why), Proposed("phases", phases, f"{fits[0]} 供电")


def _units(known: Answers, load: Load, rules: SchemeRules, voltage: tuple[Proposed, ...]) -> tuple[Proposed, ...]:
    """The capacity, and at high voltage the transformers that carry it; those that are listed already stay."""
    level = str(voltage[0].value) if voltage else str(known.get("voltage", ""))
    series = rules.transformers(level)
    if level_of(level) == "low":
        capacity = max(load.kw, number_in(known, "capacity_kw") or Decimal(0))
        return (Proposed("scheme_capacity_kw", plain(capacity), "取申请容量与计算负荷的较大者"),)
    if series is None or rows_in(known, "transformers"):
        return ()
    most = rules.figure("single_unit_kva") if level in ("10kV", "20kV") else series.values[-1]
    count, size = transformers_for(load.kva, series.values, most, rules.figure("loading_high") / 100)
    loading, drawn = rules.figure("loading_high"), load.kva.quantize(Decimal("0.1"))
    why = f"计算负荷 {plain(drawn)} kVA，负载率不超过 {plain(loading)} %"
    row = {"count": str(count), "kva": plain(size), "state": "运行"}
    return (Proposed("transformers", [row], why), Proposed("scheme_capacity_kva", plain(size * count), why))


def metering_for(known: Answers, load: Load, rules: SchemeRules) -> tuple[Proposed, ...]:
    """Mode, accuracy and ratios for this load at the voltage and capacity that are known."""
    voltage = str(known.get("voltage", ""))
    mode, why = _mode(known, load, rules, voltage)
    volts, kind = metered_volts(voltage, mode), rules.metering_class(voltage)
    made = [Proposed("metering_mode", mode, why)]
    if kind is not None:
        made.append(Proposed("meter_accuracy", kind.meter, f"{kind.id} 类计量装置"))
    amps = current(load.kva, volts) if volts else None
    if amps is None or (mode == "低供低计" and amps <= rules.figure("direct_meter_amp")):
        return tuple(made)
    return (*made, *_ratios(amps, mode, voltage, rules))


def _mode(known: Answers, load: Load, rules: SchemeRules, voltage: str) -> tuple[str, str]:
    if level_of(voltage) == "low":
        return "低供低计", f"{voltage} 供电"
    size = number_in(known, "scheme_capacity_kva") or number_in(known, "capacity_kva") or load.kva
    limit = rules.figure("high_low_metering_kva")
    if voltage == "10kV" and size <= limit:
        return "高供低计", f"受电容量 {plain(size)} kVA，不超过 {plain(limit)} kVA"
    return "高供高计", f"受电容量 {plain(size)} kVA"


def _ratios(amps: Decimal, mode: str, voltage: str, rules: SchemeRules) -> tuple[Proposed, ...]:
    """CT, PT and what the readings are multiplied with."""
    primary, kind = ct_for(amps, rules.ct.values), rules.metering_class(voltage)
    if primary is None:
        return ()
    why = f"负荷电流 {plain(amps.quantize(Decimal('0.1')))} A，占一次额定 {share(amps, primary, *ct_limits(rules))} %"
    made = [Proposed("ct_ratio", f"{plain(primary)}/5", why)]
    volts = metered_volts(voltage, mode)
    times = primary / 5
    if mode == "高供高计" and volts is not None:
        made.append(Proposed("pt_ratio", f"{plain(volts)}/100", f"{voltage} 高压计量"))
        times *= volts / 100
    made.append(Proposed("multiplier", plain(times), "变比相乘"))
    return (*made, Proposed("ct_accuracy", kind.ct, f"{kind.id} 类计量装置")) if kind else tuple(made)


def _factor(known: Answers, rules: SchemeRules) -> tuple[Proposed, ...]:
    rule = factor_standard(known, rules)
    return (Proposed("power_factor_standard", rule.standard, rule.basis.text),) if rule else ()
