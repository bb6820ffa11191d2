"""A supply plan that suits a case: what its customer said, what its load asks for, and a sample for the rest.

`specimen.py` tells what a kind's own sample application is answered with; here the application is one that a customer
brought. What can be reckoned is taken from where schemes are weighed, so that the plan passes its own checks as far as
the application lets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from desktop.domain.accord import number_in, plain, rows_in
from desktop.domain.field import Answers, samples
from desktop.domain.kind import Value
from desktop.domain.process import Process
from desktop.domain.proposal import metering_for, proposal
from desktop.domain.scheme import scheme_stage
from desktop.domain.sizing import (
    ImportantRule,
    Load,
    SchemeRules,
    capacity_of,
    factor_standard,
    level_of,
    load_of,
    voltages_of,
)
from desktop.domain.specimen import AS_AGREED, HIGH, OF_TWO, RESIDENT, SECOND, Said, stage_specimen
from desktop.domain.voltage import Ranges

# what a sample customer has and this one may not: left empty unless the application says it
HIS_OWN = ("backup_source", "backup_capacity_kw", "own_generator", "own_generator_kw", "own_interlock", "ups_kva",
           "emergency_load_kw", "nonelectric_measures", "hv_motor_kw", "meters", "fixed_ratio", "fixed_quantity",
           "special_terms", "contract_demand_kw", "voltage_reason", "scheme_attachments", *AS_AGREED)
OF_RATIOS = ("ct_ratio", "ct_accuracy", "pt_ratio", "pt_accuracy")
MOST_UNITS = 8
EMERGENCY = Decimal("0.1")  # of the load: what a sample of an important customer must not lose
REACTIVE = Decimal("0.3")  # kvar for each kVA, as the sample compensates
FEEDS = {"35kV": "110kV", "66kV": "220kV", "110kV": "330kV", "220kV": "330kV"}  # a substation's step above its line
DIRECT = "三相四线 3×220/380V 5(60)A"
BEHIND = {"metering_point": "变压器低压侧计量柜", "terminal": "计量柜内采集终端",
          "transformer_loss": "按变压器型号和运行容量查表计算"}


def scheme_specimen(process: Process, today: date, known: Answers, rules: SchemeRules, ranges: Ranges) -> Said:
    """A scheme answered today for what is `known` of a case: its application and, where there was one, its survey.

    `rules` are those of the day. A kind without a scheme: KeyError.
    """
    stage = scheme_stage(process)
    if stage is None:
        raise KeyError(process.id)
    usual = stage_specimen(process, stage.id, today)
    said = {name: known[name] for name in stage.fields if known.get(name)}
    asked: Said = {name: usual[name] for name in ("voltage", "source_kind") if name in usual}
    plan = _Plan({**known, **asked, **said}, usual, rules, ranges)
    made = {**usual, **dict.fromkeys(HIS_OWN, ""), **said, **plan.facts()}
    return {name: made[name] for name in stage.fields if made.get(name)}


@dataclass(frozen=True)
class _Plan:
    """What the scheme is reckoned from. `known`: as applied for, with a voltage; `usual`: the kind's own sample."""

    known: Answers
    usual: Answers
    rules: SchemeRules
    ranges: Ranges

    def facts(self) -> Said:
        """All that another application would have otherwise."""
        return {**self._carried, **(self._sources() if self.high else {}), **self._safety(), **self._metered(),
                **self._price(), "phases": "单相" if self.voltage == "220V" else self.known.get("phases") or "三相",
                "voltage_reason": self._reason(), "scheme_receiver": self._receiver()}

    @cached_property
    def voltage(self) -> str:
        return str(self.known["voltage"])

    @property
    def high(self) -> bool:
        return level_of(self.voltage) == "high"

    @cached_property
    def _proposed(self) -> Mapping[str, Value]:
        known = {**self.known, "transformers": []}
        return {each.field: each.value for each in proposal(known, self.rules, self.ranges)}

    @cached_property
    def size(self) -> Decimal:
        """As much as was applied for, in the unit of the voltage; where nothing was, what the load proposes."""
        return (capacity_of(self.known) or capacity_of({**self._proposed, "voltage": self.voltage})
                or capacity_of({**self.usual, "voltage": self.voltage}) or Decimal(1))

    @cached_property
    def _carried(self) -> Said:
        """The capacity and, at high voltage, what receives it."""
        whole = plain(self.size)
        if not self.high:
            return {"scheme_capacity_kw": whole}
        return {"scheme_capacity_kva": whole, "running_capacity_kva": whole, "transformers": self._units(),
                "reactive_kvar": plain((self.size * REACTIVE).quantize(Decimal(1)))}

    def _units(self) -> list[dict[str, str]]:
        """The fewest equal standard transformers that come to the capacity; one of that size where none do."""
        series = self.rules.transformers(self.voltage)
        most = self.rules.figure("single_unit_kva") if self.voltage in ("10kV", "20kV") else self.size
        count = next((n for n in range(1, MOST_UNITS) if series and self.size / n <= most
                      and self.size / n in series.values), 1)
        each, (sample,) = plain(self.size / count), rows_in(samples(("transformers",)), "transformers")
        model = f"SCB14-{each}/{self.voltage.removesuffix('kV')}"
        return [{**sample, "count": str(count), "kva": each, "model": model}]

    @property
    def _important(self) -> ImportantRule | None:
        return next((rule for rule in self.rules.important if rule.level == self.known.get("important_level")), None)

    def _sources(self) -> Said:
        """As many sources as their kind and the customer's importance ask for."""
        kind = str(self.known.get("source_kind", ""))
        alone = not kind or kind == "单电源单回路"
        count = 1 if alone else max(2, self._important.sources if self._important else 2)
        (first,) = rows_in(samples(("sources",)), "sources")
        second = SECOND if kind == "双电源异站" else {**SECOND, "station": first["station"]}
        rows = [first, {**first, **second}, {**first, **second, "number": "电源三", "line": "10kV 沙珠玉路线"}][:count]
        at = [{**row, "voltage": self.voltage, "line": self._level(row["line"]), "kva": plain(self.size),
               "station": self._station(row["station"])} for row in rows]
        return {"source_kind": kind, "sources": at, **(dict.fromkeys(OF_TWO, "") if alone else samples(OF_TWO)),
                "boundary_point": f"{at[0]['line']} {at[0]['pole']}用户分支开关电源侧接线端子"}

    def _level(self, text: str) -> str:
        return text.replace("10kV", self.voltage, 1)

    def _station(self, name: str) -> str:
        return f"{FEEDS[self.voltage]} {name.partition(' ')[2]}" if self.voltage in FEEDS else name

    def _safety(self) -> Said:
        """Own sources with their interlock; an important customer has them, said or not."""
        known, load = self.known, self._load
        generator, needed = known.get("own_generator_kw", ""), known.get("emergency_load_kw", "")
        if self._important and load is not None:
            part = number_in(known, "emergency_load_kw") or (load.kw * EMERGENCY).quantize(Decimal(1))
            needed, generator = needed or plain(part), generator or plain(
                part * self.rules.figure("own_source_percent") / 100)
        has = generator or known.get("own_generator")
        own = samples(("own_generator", "own_interlock")) if has else {}
        return {**own, **{name: known[name] for name in own if known.get(name)},
                "own_generator_kw": generator, "emergency_load_kw": needed}

    @cached_property
    def _load(self) -> Load | None:
        return load_of({**self.known, **self._carried, **self._own_factor}, self.rules)

    @property
    def _own_factor(self) -> Said:
        return {name: self.usual[name] for name in ("power_factor_target",) if name in self.usual}

    def _metered(self) -> Said:
        """Mode, meter and ratios at the voltage of the case."""
        if "metering_mode" not in self.usual or self._load is None:
            return {}
        known = {**self.known, **self._carried, **self._own_factor}
        made = {each.field: each.value for each in metering_for(known, self._load, self.rules)}
        return {**dict.fromkeys(OF_RATIOS, ""), "multiplier": "1", **self._meter(str(made["metering_mode"]), made),
                **made}

    def _meter(self, mode: str, made: Mapping[str, Value]) -> Said:
        """What the meter is and where it hangs."""
        kind = self.rules.metering_class(self.voltage)
        if mode == "高供高计":
            words = ("metering_point", "meter_spec", "terminal", "transformer_loss")
            return {**{name: self._level(HIGH[name]) for name in words}, "pt_accuracy": kind.pt if kind else ""}
        if mode == "高供低计":
            return {**BEHIND, **samples(("meter_spec",))}
        if "ct_ratio" in made:
            return samples(("meter_spec",))
        return {"meter_spec": RESIDENT["meter_spec"] if self.voltage == "220V" else DIRECT}

    def _price(self) -> Said:
        """By what is done with the power and, of business, by capacity."""
        nature, known = self.known.get("usage_nature", ""), {**self.known, **self._carried}
        price = str(nature if nature in ("农业生产", "居民生活") else self._of_business())
        two_part, factor = "两部制" in price, factor_standard(known, self.rules)
        market = samples(("market_mode",))["market_mode"] if price.startswith("工商业") else "执行目录电价"
        charge = HIGH["basic_charge"] if two_part else "不执行"
        return {"price_class": price, "basic_charge": charge, "market_mode": market,
                **({"power_factor_standard": factor.standard} if factor else {})}

    def _of_business(self) -> str:
        if self.size >= self.rules.figure("two_part_kva"):
            return "工商业（两部制）"
        if self.size <= self.rules.figure("one_part_kva"):
            return "工商业（单一制）"
        return str(self.usual.get("price_class", ""))

    def _reason(self) -> Value:
        """Why a higher voltage is taken than one that would do."""
        able = voltages_of({**self.known, **self._carried}, self.size, self.rules, self.ranges)
        return samples(("voltage_reason",))["voltage_reason"] if able[:1] not in ((), (self.voltage,)) else ""

    def _receiver(self) -> Value:
        names = ("agent_name", "contact_name", "customer_name")
        return next((self.known[name] for name in names if self.known.get(name)), "")
