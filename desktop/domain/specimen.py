"""A complete application of any kind, and what its stages are told: invented people and firms, facts that go together.

Examples on the command line and the tests that walk every kind of the catalogue begin from it.
"""

from __future__ import annotations

from datetime import date, timedelta

from desktop.domain.field import samples
from desktop.domain.kind import Value
from desktop.domain.process import Process, Subject

Said = dict[str, Value]
PERSON = {"customer_name": "才让多杰", "customer_id_kind": "身份证", "customer_id": "11010519491231002X",
          "owner_name": "才让多杰"}
RESIDENT = {"capacity_kw": "8", "scheme_capacity_kw": "8", "voltage": "220V", "phases": "单相",
            "price_class": "居民生活", "meter_spec": "单相 220V 5(60)A", "usage_nature": "居民生活",
            "industry": "城镇居民", "renewal_mode": "不定期", "contract_until": ""}
HIGH = {"voltage": "10kV", "metering_mode": "高供高计", "metering_point": "10kV 高压计量柜",
        "meter_spec": "三相三线 3×100V 3×1.5(6)A", "meter_accuracy": "0.5S", "ct_ratio": "75/5", "ct_accuracy": "0.2S",
        "pt_ratio": "10000/100", "multiplier": "1500", "price_class": "工商业（两部制）",
        "basic_charge": "按变压器容量", "power_factor_standard": "0.90",
        "boundary_point": "10kV 绿洲路线 15 号杆用户分支开关电源侧接线端子"}
SECOND = {"number": "电源二", "nature": "备用", "station": "35kV 倒淌河变", "line": "10kV 湖东路线", "pole": "9 号杆"}
OUTSIDE = ("yx_application", "yx_contract")
# which days from today an application of today can name
DAYS = {"wanted_on": 20, "poa_from": -20, "poa_until": 340, "temporary_until": 300, "hold_from": 10, "hold_until": 70,
        "restore_on": 20, "arrears_on": 0, "scheme_valid_until": 90, "builder_until": 700, "designer_until": 700}


def specimen(process: Process, today: date, **said: Value) -> Said:
    """An application of this kind that is brought today, with what is said otherwise."""
    hidden = (*OUTSIDE, *(("yx_account",) if process.subject is Subject.NEW else ()))
    names = tuple(name for name in process.fields if name not in hidden)
    return {**_suited(process, names, today), **process.presets, **said}


def stage_specimen(process: Process, stage: str, today: date, **said: Value) -> Said:
    """What the stage is told when it is done today."""
    fields = process.stage(stage).fields
    done = {name: str(today) for name in fields if name.endswith("_on") and name not in DAYS}
    return {**_suited(process, fields, today), **done, **said}


def _suited(process: Process, names: tuple[str, ...], today: date) -> Said:
    """The dictionary's samples, of which those that the kind's class rules out are told otherwise."""
    known: Said = {**samples(names), **{name: str(today + timedelta(days=days)) for name, days in DAYS.items()}}
    for suits, facts in ((process.customer_class == "低压居民", PERSON | RESIDENT),
                         (process.customer_class == "高压", HIGH)):
        if suits:
            known |= facts
    if process.presets.get("source_kind", "").startswith("双电源"):
        _add_source(known, process.presets["source_kind"])
    return {name: value for name, value in known.items() if name in names}


def _add_source(known: Said, kind: str) -> None:
    """A second source beside the dictionary's one, from another station."""
    known["source_kind"] = kind
    sources = known.get("sources")
    if isinstance(sources, list):
        known["sources"] = [*sources, {**sources[0], **SECOND}]
