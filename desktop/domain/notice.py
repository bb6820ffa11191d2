"""What looks odd in an application, a scheme or a contract though it may be true: told to the clerk, never refused.

What cannot be true is `accord.py`'s business. A rule that has not been given both of its facts keeps silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from desktop.domain.accord import Finding, load_sum, number_in, plain, rows_in
from desktop.domain.field import Answers
from desktop.domain.voltage import Ranges

CAPACITIES = {"kW": ("scheme_capacity_kw", "capacity_kw"), "kVA": ("scheme_capacity_kva", "capacity_kva")}


def notices(known: Answers, ranges: Ranges) -> tuple[Finding, ...]:
    """(field, sentence) for everything that a careful clerk would ask about before going on.

    ranges: what each voltage usually carries, from the catalogue.
    """
    found = (*_loads(known), *_phases(known), *_over_range(known, ranges), *_below_application(known))
    return tuple(dict.fromkeys(found))


def _capacity(known: Answers, unit: str) -> tuple[str, Decimal] | None:
    """The approved capacity, or that applied for while none is approved, with its field."""
    given = ((name, number_in(known, name)) for name in CAPACITIES[unit])
    return next(((name, number) for name, number in given if number is not None), None)


def _loads(known: Answers) -> Iterator[Finding]:
    """A list longer than the approved capacity is refused by `accord`; at acceptance nothing is approved yet."""
    total, capacity = load_sum(known), _capacity(known, "kW")
    if not total or capacity is None:
        return
    name, limit = capacity
    needed = total * (number_in(known, "demand_factor") or Decimal(1))
    if needed < limit:
        yield ("loads", f"用电设备合计 {plain(needed)} kW，小于容量 {plain(limit)} kW：请核对设备清单是否列全、"
                        "容量是否报大")
    elif needed > limit and name == "capacity_kw":
        yield ("loads", f"用电设备合计 {plain(needed)} kW，超过申请容量 {plain(limit)} kW：请核对容量，"
                        "或在方案里写明同时系数")


def _phases(known: Answers) -> Iterator[Finding]:
    if known.get("voltage") != "220V":
        return
    if known.get("phases") == "三相":
        yield ("phases", "供电电压 220V 是单相供电，相数却写三相：请改为单相，或改为 380V")
    three = [number for number, row in enumerate(rows_in(known, "loads"), start=1) if row.get("phases") == "三相"]
    if three:
        yield ("loads", f"供电电压 220V，用电设备清单第 {'、'.join(map(str, three))} 行却是三相设备：请核对供电电压")


def _over_range(known: Answers, ranges: Ranges) -> Iterator[Finding]:
    usual = ranges.get(str(known.get("voltage", "")))
    capacity = _capacity(known, usual.unit) if usual else None
    if usual is None or capacity is None:
        return
    name, limit = capacity
    if usual.top and limit > usual.top:
        yield (name, f"容量 {plain(limit)} {usual.unit} 超过 {usual.id} 供电通常的上限 {usual.top} {usual.unit}"
                     f"（{usual.basis.text}，{usual.basis.mark}）：请核对供电电压")
    elif limit < usual.least:
        yield (name, f"容量 {plain(limit)} {usual.unit} 低于 {usual.id} 供电通常的下限 {usual.least} {usual.unit}"
                     f"（{usual.basis.text}，{usual.basis.mark}）：请核对供电电压")


def _below_application(known: Answers) -> Iterator[Finding]:
    for unit, (approved, applied) in CAPACITIES.items():
        given, asked = number_in(known, approved), number_in(known, applied)
        if given is not None and asked is not None and given < asked:
            yield (approved, f"核定容量 {plain(given)} {unit} 小于申请容量 {plain(asked)} {unit}："
                             "请确认客户已知情并签收")
