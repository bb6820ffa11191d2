"""A scheme weighed: each rule gives 通过, 提示 or 不符 with its reason and its basis, while it is typed and on paper.

A rule that has not been given its facts keeps silent; what cannot both be true is `accord.py`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum

from desktop.domain.accord import (
    load_sum,
    multiplier_faults,
    number_in,
    plain,
    receiving_sum,
    rounded,
    rows_in,
    share,
)
from desktop.domain.basis import Basis
from desktop.domain.field import FIELDS, Answers
from desktop.domain.kind import fault
from desktop.domain.sizing import (
    Load,
    SchemeRules,
    Threshold,
    capacity_of,
    ct_limits,
    current,
    factor_standard,
    level_of,
    load_of,
    metered_volts,
    voltages_of,
)
from desktop.domain.voltage import Ranges


class Result(StrEnum):
    PASSED = "通过"
    HINT = "提示"
    FAILED = "不符"


@dataclass(frozen=True)
class Verdict:
    """What one rule says: `why` names the figures, `basis` the paper, `mark` 已核验 or 待核验, `field` the blank."""

    rule: str
    name: str
    result: Result
    why: str
    basis: str
    mark: str
    field: str = ""

    def kept(self) -> dict[str, str]:
        """As it is kept in a log."""
        return {key: str(value) for key, value in asdict(self).items()}


@dataclass(frozen=True)
class Weighed:
    """What the rules look at: application and scheme together, the figures, the usual capacities by voltage."""

    known: Answers
    rules: SchemeRules
    ranges: Ranges

    @property
    def high(self) -> bool:
        return level_of(self.known.get("voltage")) == "high"

    def text(self, name: str) -> str:
        value = self.known.get(name, "")
        return value if isinstance(value, str) else ""

    def load(self) -> Load | None:
        return load_of(self.known, self.rules)


Rule = Callable[[Weighed], Iterator[Verdict]]


def verdicts(known: Answers, rules: SchemeRules, ranges: Ranges) -> tuple[Verdict, ...]:
    """All that the rules say of this application and scheme, in the order of the sheet. What its own field refuses,
    as a ratio of 0 while it is typed, is told there and weighs nothing here."""
    sound = {name: value for name, value in known.items()
             if name not in FIELDS or fault(FIELDS[name], value) is None}
    weighed = Weighed(sound, rules, ranges)
    return tuple(verdict for rule in _RULES for verdict in rule(weighed))


def worst(found: tuple[Verdict, ...]) -> Result:
    """The gravest result among them; 通过 where there is none."""
    order = (Result.FAILED, Result.HINT)
    return next((result for result in order if any(v.result == result for v in found)), Result.PASSED)


# each rule: its id, what it is about, the field to look at
VOLTAGE = ("voltage", "供电电压", "voltage")
UNITS = ("transformer", "变压器容量", "transformers")
SUM = ("capacity_sum", "受电总容量", "scheme_capacity_kva")
SIZE = ("oversize", "容量与负荷", "")
MODE = ("metering_mode", "计量方式", "metering_mode")
CLASS = ("metering_class", "计量精度", "meter_accuracy")
CT = ("ct", "电流互感器变比", "ct_ratio")
TIMES = ("multiplier", "综合倍率", "multiplier")
FACTOR = ("power_factor", "功率因数标准", "power_factor_standard")
TARIFF = ("tariff", "电价类别", "price_class")
SOURCES = ("sources", "重要用户电源", "sources")
EMERGENCY = ("emergency_load", "保安负荷", "emergency_load_kw")
OWN = ("own_source", "自备应急电源", "emergency_load_kw")
SURVEY = ("survey", "勘查结果", "survey_ready")
ENERGY = ("high_energy", "高耗能附件", "scheme_attachments")


def _says(rule: tuple[str, str, str], result: Result, why: str, basis: Basis, field: str = "") -> Verdict:
    return Verdict(rule[0], rule[1], result, why, basis.text, basis.mark, field or rule[2])


def _kva(number: Decimal) -> str:
    return plain(number.quantize(Decimal("0.1")))


def _survey(w: Weighed) -> Iterator[Verdict]:
    basis = w.rules.ground("survey")
    if basis is not None and w.text("survey_ready").startswith("不"):
        yield _says(SURVEY, Result.FAILED,
                    f"现场勘查结果为{w.text('survey_ready')}：{w.text('survey_result')}", basis)


def _voltage(w: Weighed) -> Iterator[Verdict]:
    voltage = w.text("voltage")
    usual, size = w.ranges.get(voltage), capacity_of(w.known)
    if usual is None or size is None:
        return
    said = f"容量 {plain(size)} {usual.unit}，{voltage}"
    span = f"{usual.least} {f'至 {usual.most}' if usual.most else '以上'}"
    if size < usual.least or (usual.top and size > usual.top):
        yield _says(VOLTAGE, Result.FAILED,
                    f"{said} 供电通常为 {span} {usual.unit}，请核对电压或容量", usual.basis)
        return
    fits, reason = voltages_of(w.known, size, w.rules, w.ranges), w.text("voltage_reason").strip()
    odd = ""
    if usual.most and size > usual.most:
        odd = f"{said} 供电通常为 {span} {usual.unit}，没有上一级电压可用的可到 {usual.stretch} {usual.unit}"
    elif fits and fits[0] != voltage and voltage in fits:
        odd = f"{said} 和 {fits[0]} 都可供电，一般取较低的一级"
    if not odd:
        yield _says(VOLTAGE, Result.PASSED, f"{said} 供电范围为 {span} {usual.unit}", usual.basis)
    elif reason:
        yield _says(VOLTAGE, Result.PASSED, f"{odd}；理由：{reason}", usual.basis)
    else:
        yield _says(VOLTAGE, Result.HINT, f"{odd}；取 {voltage} 的请写明选用理由", usual.basis, "voltage_reason")


def _transformers(w: Weighed) -> Iterator[Verdict]:
    series, rows = w.rules.transformers(w.text("voltage")), rows_in(w.known, "transformers")
    sizes = [size for row in rows if (size := number_in(row, "kva"))]
    if series is None or not sizes:
        return
    odd = [plain(size) for size in sizes if size not in series.values]
    large = list(_too_large(w, rows)) if w.text("voltage") == "10kV" else []
    if odd:
        yield _says(UNITS, Result.FAILED, f"{'、'.join(odd)} kVA 不是标准容量，请按标准系列选取", series.basis)
    elif large:
        yield _says(UNITS, Result.HINT, f"单台{'、'.join(large)}，请核对型号或改用多台",
                    w.rules.threshold("single_unit_kva").basis)
    else:
        yield _says(UNITS, Result.PASSED, f"{'、'.join(map(plain, sizes))} kVA 为标准容量", series.basis)


def _too_large(w: Weighed, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The units that are larger than usual of their kind; the C of a model (SCB…) says that it is a dry one."""
    for row in rows:
        size, dry = number_in(row, "kva"), row.get("model", "").upper().startswith(("SC", "SG"))
        most = w.rules.figure("single_dry_kva" if dry else "single_unit_kva")
        if size and size > most:
            yield f"{'干式' if dry else '油浸'}变压器 {plain(size)} kVA 超过 {plain(most)} kVA"


def _sum(w: Weighed) -> Iterator[Verdict]:
    """The receiving capacity is what stands there: without that no contract can be drawn up."""
    basis, size, total = (w.rules.ground("capacity_sum"), number_in(w.known, "scheme_capacity_kva"),
                          receiving_sum(w.known))
    if basis is None or size is None or total is None:
        return
    said = f"变压器及高压电动机合计 {plain(total)} kVA，受电总容量 {plain(size)} kVA"
    if total == size:
        yield _says(SUM, Result.PASSED, said, basis)
    else:
        advice = "两者不一致，合同不能起草：请改受电总容量，或核对变压器的台数和容量"
        yield _says(SUM, Result.FAILED, f"{said}，{advice}", basis)


def _oversize(w: Weighed) -> Iterator[Verdict]:
    """The load on the capacity: too small a capacity does not carry it, too large a one is paid for in vain."""
    load, size = w.load(), capacity_of(w.known)
    if load is None or size is None or not load.listed:
        return
    drawn, unit = (load.kva, "kVA") if w.high else (load.kw, "kW")
    figure = w.rules.figure
    bounds = (figure("loading_high"), figure("loading_low"), Decimal(100)) if w.high else (Decimal(100),)
    times = rounded(size / drawn, "0.01", figure("oversize_times"), figure("undersize_times"), Decimal(1))
    said = (f"计算负荷 {_kva(drawn)} {unit}，容量 {plain(size)} {unit}，负载率 {share(drawn, size, *bounds)} %，"
            f"容量为负荷的 {times} 倍")
    result, word, of = _fits_load(w, drawn, size)
    yield _says(SIZE, result, f"{said}{word}", w.rules.threshold(of).basis,
                "scheme_capacity_kva" if w.high else "scheme_capacity_kw")


def _fits_load(w: Weighed, drawn: Decimal, size: Decimal) -> tuple[Result, str, str]:
    """How the capacity stands to the load: the result, what is wrong with it, and by which threshold."""
    figure = w.rules.figure
    over, under = figure("oversize_times"), figure("undersize_times")
    if size < drawn * under or (size < drawn and not w.high):
        return Result.FAILED, "：容量不够，带不动这些设备", "undersize_times"
    if size < drawn:
        return Result.HINT, f"：负荷大于容量，在 {plain(under)} 倍以内，请核对需要系数", "undersize_times"
    if size > drawn * over:
        return Result.HINT, f"，超过 {plain(over)} 倍：容量偏大，请与客户核实", "oversize_times"
    if w.high and drawn * 100 > size * figure("loading_high"):
        return Result.HINT, f"，高于 {plain(figure('loading_high'))} %：没有余量", "loading_high"
    if w.high and drawn * 100 < size * figure("loading_low"):
        return Result.HINT, f"，低于 {plain(figure('loading_low'))} %：容量略大，请与客户核实", "loading_low"
    return Result.PASSED, "", "loading_low" if w.high else "oversize_times"


def _metering_mode(w: Weighed) -> Iterator[Verdict]:
    mode, limit = w.text("metering_mode"), w.rules.threshold("high_low_metering_kva")
    if not mode or not w.text("voltage"):
        return
    size = capacity_of(w.known)
    if (mode == "低供低计") == w.high:
        yield _says(MODE, Result.FAILED, f"{w.text('voltage')} 供电不能采用{mode}", limit.basis)
    elif mode == "高供低计" and size is not None and size > limit.value:
        yield _says(MODE, Result.FAILED,
                    f"受电容量 {plain(size)} kVA 超过 {plain(limit.value)} kVA，应采用高供高计", limit.basis)
    else:
        yield _says(MODE, Result.PASSED, f"{w.text('voltage')} 供电采用{mode}", limit.basis)


_FINENESS = {"0.2S": 0, "0.2": 1, "0.5S": 2, "0.5": 3, "1": 4, "1.0": 4, "2": 5, "2.0": 5, "A": 5, "B": 4, "C": 2,
             "D": 0}
"""The finer the smaller; B, C, D are the classes of meters in the newer standard."""


def _metering_class(w: Weighed) -> Iterator[Verdict]:
    needed = w.rules.metering_class(w.text("voltage"))
    if needed is None:
        return
    asked = (("meter_accuracy", "电能表", needed.meter), ("ct_accuracy", "电流互感器", needed.ct),
             ("pt_accuracy", "电压互感器", needed.pt))
    given = [(field, word, w.text(field), least) for field, word, least in asked if w.text(field) and least]
    if w.text("metering_mode") != "高供高计":
        given = [each for each in given if each[0] != "pt_accuracy"]
    coarse = [each for each in given if _FINENESS.get(each[2].upper(), -1) > _FINENESS[each[3]]]
    for field, word, value, least in coarse:
        yield _says(CLASS, Result.FAILED,
                    f"{needed.id} 类计量装置的{word}应不低于 {least} 级，方案为 {value} 级", needed.basis, field)
    if given and not coarse:
        told = "、".join(f"{word} {value} 级" for _, word, value, _ in given)
        yield _says(CLASS, Result.PASSED, f"{needed.id} 类计量装置，{told}", needed.basis, given[0][0])


def _ct(w: Weighed) -> Iterator[Verdict]:
    volts, load = metered_volts(w.text("voltage"), w.text("metering_mode")), w.load()
    if volts is None or load is None or not w.text("metering_mode"):
        return
    amps, primary = current(load.kva, volts), _primary(w.text("ct_ratio"))
    if primary is None:
        yield from _without_ct(w, amps)
        return
    percent = amps / primary * 100
    normal = w.rules.threshold("ct_normal")
    least = w.rules.threshold("ct_least_s" if w.text("ct_accuracy").upper().endswith("S") else "ct_least")
    said = f"负荷电流 {_kva(amps)} A，一次额定 {plain(primary)} A，占 {share(amps, primary, *ct_limits(w.rules))} %"
    yield _ratio_verdict(said, percent, normal, least)


def _ratio_verdict(said: str, percent: Decimal, normal: Threshold, least: Threshold) -> Verdict:
    if percent > 100:
        return _says(CT, Result.FAILED, f"{said}：负荷超过互感器额定电流", normal.basis)
    if percent < least.value:
        return _says(CT, Result.FAILED, f"{said}，低于下限 {plain(least.value)} %：变比过大，计量不准", least.basis)
    if percent < normal.value:
        return _says(CT, Result.HINT, f"{said}，不到 {plain(normal.value)} %：变比偏大", normal.basis)
    return _says(CT, Result.PASSED, said, normal.basis)


def _without_ct(w: Weighed, amps: Decimal) -> Iterator[Verdict]:
    direct = w.rules.threshold("direct_meter_amp")
    said, most = f"负荷电流 {_kva(amps)} A", plain(direct.value)
    if w.high:
        result, why = Result.FAILED, "高压供电的计量应配电流互感器，请填写变比"
    elif amps > direct.value:
        result, why = Result.FAILED, f"{said}，超过直接接入的 {most} A，应配电流互感器，请填写变比"
    else:
        result, why = Result.PASSED, f"{said}，不超过 {most} A，直接接入"
    yield _says(CT, result, why, direct.basis)


def _primary(ratio: str) -> Decimal | None:
    return number_in({"primary": ratio.partition("/")[0]}, "primary")


def _multiplier(w: Weighed) -> Iterator[Verdict]:
    """综合倍率 = CT×PT, of the settling metering point and of the others."""
    basis, stated = w.rules.ground("multiplier"), number_in(w.known, "multiplier")
    if basis is None or stated is None:
        return
    faults = multiplier_faults(w.known)
    for field, sentence in faults:
        yield _says(TIMES, Result.FAILED, sentence, basis, field)
    if not faults:
        made = " × ".join(ratio for name in ("ct_ratio", "pt_ratio") if (ratio := w.text(name)))
        told = f"{made} = {plain(stated)} 倍" if made else f"直接接入，{plain(stated)} 倍"
        yield _says(TIMES, Result.PASSED, told, basis)


def _unit(w: Weighed) -> str:
    return "kVA" if w.high else "kW"


def _capacity(w: Weighed) -> str:
    """The capacity with its unit."""
    return f"{plain(capacity_of(w.known) or Decimal(0))} {_unit(w)}"


def _power_factor(w: Weighed) -> Iterator[Verdict]:
    rule, given = factor_standard(w.known, w.rules), w.text("power_factor_standard")
    if rule is None or not given:
        return
    said = f"{w.text('usage_nature')}、{w.text('voltage')}、{_capacity(w)}，考核标准应为 {rule.standard}"
    same = given == rule.standard
    yield _says(FACTOR, Result.PASSED if same else Result.HINT,
                said if same else f"{said}，方案为 {given}：请核对", rule.basis)


def _tariff(w: Weighed) -> Iterator[Verdict]:
    size, given = capacity_of(w.known), w.text("price_class")
    if size is None or not given.startswith("工商业"):
        return
    two, one = w.rules.threshold("two_part_kva"), w.rules.threshold("one_part_kva")
    two_part = "两部制" in given
    wrong = (two_part and size <= one.value) or (not two_part and size >= two.value)
    unit = _unit(w)
    limits = f"{plain(one.value)} {unit} 及以下单一制，{plain(two.value)} {unit} 及以上两部制，之间可选"
    said = f"容量 {plain(size)} {unit}，{given}"
    yield _says(TARIFF, Result.HINT if wrong else Result.PASSED,
                f"{said}：与两部制的容量界限（{limits}）不一致，请核对" if wrong else said, two.basis)


def _sources(w: Weighed) -> Iterator[Verdict]:
    rule = next((r for r in w.rules.important if r.level == w.text("important_level")), None)
    if rule is None:
        return
    rows = rows_in(w.known, "sources")
    count = len(rows) if rows else 1 + bool(w.text("backup_source"))
    stations = len({row.get("station") for row in rows if row.get("station")}) if rows else 1
    said = (f"{rule.level}重要用户需要 {rule.sources} 路电源、来自 {rule.stations} 座变电站，"
            f"方案为 {count} 路、{stations} 座")
    enough = count >= rule.sources and stations >= rule.stations
    yield _says(SOURCES, Result.PASSED if enough else Result.FAILED, said, rule.basis)


def _emergency(w: Weighed) -> Iterator[Verdict]:
    """The part of the load that must not fail is a part of it."""
    basis, size = w.rules.ground("emergency_load"), capacity_of(w.known)
    needed = number_in(w.known, "emergency_load_kw")
    if basis is None or not needed or size is None:
        return
    drawn, unit = load_sum(w.known), _unit(w)
    if needed > size:
        yield _says(EMERGENCY, Result.FAILED,
                    f"保安负荷 {plain(needed)} kW 大于用电容量 {plain(size)} {unit}，请核对", basis)
    elif drawn and needed > drawn:
        yield _says(EMERGENCY, Result.FAILED,
                    f"保安负荷 {plain(needed)} kW 大于设备清单合计 {plain(drawn)} kW，请核对", basis)
    else:
        yield _says(EMERGENCY, Result.PASSED,
                    f"保安负荷 {plain(needed)} kW，用电容量 {plain(size)} {unit}，"
                    f"占 {share(needed, size, Decimal(100))} %", basis)


def _own_source(w: Weighed) -> Iterator[Verdict]:
    limit, needed = w.rules.threshold("own_source_percent"), number_in(w.known, "emergency_load_kw")
    important = any(r.level == w.text("important_level") for r in w.rules.important)
    if not needed:
        if important:
            yield _says(OWN, Result.FAILED, "重要用户应写明保安负荷和自备应急电源", limit.basis)
        return
    own = number_in(w.known, "own_generator_kw") or Decimal(0)
    said = f"保安负荷 {plain(needed)} kW，自备电源 {plain(own)} kW，为 {share(own, needed, limit.value)} %"
    if own * 100 < needed * limit.value:
        yield _says(OWN, Result.FAILED if important else Result.HINT,
                    f"{said}，应达到 {plain(limit.value)} %", limit.basis, "own_generator_kw")
    elif not w.text("own_interlock"):
        yield _says(OWN, Result.FAILED, f"{said}，但没有写明闭锁方式：须防止向电网倒送电", limit.basis, "own_interlock")
    else:
        yield _says(OWN, Result.PASSED, f"{said}，{w.text('own_interlock')}闭锁", limit.basis, "own_generator_kw")


def _high_energy(w: Weighed) -> Iterator[Verdict]:
    rule = w.rules.high_energy
    digits = "".join(letter for letter in w.text("industry_code") if letter.isdigit())[:2]
    if digits not in rule.industries and w.text("high_energy") != "是":
        return
    lacking = [word for word in rule.attachments if word not in w.text("scheme_attachments")]
    said = f"行业大类 {digits} 属高耗能" if digits in rule.industries else "申请写明是两高项目"
    yield _says(ENERGY, Result.FAILED if lacking else Result.PASSED,
                f"{said}，方案附件还缺：{'、'.join(lacking)}" if lacking else f"{said}，附件齐全", rule.basis)


_RULES: tuple[Rule, ...] = (
    _survey, _voltage, _transformers, _sum, _oversize, _metering_mode, _metering_class, _ct, _multiplier, _power_factor,
    _tariff, _sources, _emergency, _own_source, _high_energy,
)


def told(kept: Mapping[str, str]) -> Verdict:
    """A verdict as a log holds it."""
    return Verdict(**{**kept, "result": Result(kept["result"])})  # type: ignore[arg-type]
