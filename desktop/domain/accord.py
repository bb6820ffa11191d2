"""Do the answers agree with one another? Each rule names the blank that stands wrong and says why.

Rules that compare two facts live here; what a single value may be is `kind.py`'s business. A rule that has not
been given both of its facts keeps silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from desktop.domain.choice import LOW_VOLTAGES, VOLTAGES
from desktop.domain.contract import Pairing, agrees, over_cap
from desktop.domain.field import Answers, Value, field
from desktop.domain.kind import number_of

VAGUE = ("按有关规定", "有关规定", "另行协商", "另行约定", "等有关", "大约", "左右", "尽快", "适当时候",
         "相应标准", "视情况", "若干", "基本上", "待定", "暂无法确定")

FINEST = Decimal("0.000001")  # of a figure that is told

Finding = tuple[str, str]
Rule = Callable[[Answers], Iterator[Finding]]


def vague_words(name: str, value: Value) -> tuple[str, ...]:
    """Words that leave a duty open, in a text that a clerk wrote; names and addresses are not read."""
    if not isinstance(value, str) or field(name).kind not in ("text", "note") or name.endswith("address"):
        return ()
    return tuple(word for word in VAGUE if word in value and not any(word in o for o in _longer(word, value)))


def _longer(word: str, value: str) -> tuple[str, ...]:
    return tuple(other for other in VAGUE if other != word and word in other and other in value)


def contradictions(known: Answers, *, cap_years: int | None = None,
                   pairings: Iterable[Pairing] = ()) -> tuple[Finding, ...]:
    """(field, sentence) for every pair of facts that cannot both be true.

    cap_years: the kind's longest term in years; pairings: which blanks must fit each other; both from the catalogue.
    依据：供用电合同应条款明确、前后一致（民法典第六百四十九条所列内容）；电能计量以分界处计量装置为准（电力供应与使用条例
    第二十六条）。
    """
    found = [finding for rule in _RULES for finding in rule(known)]
    found += (*_pairs(known, pairings), *_too_long(known, cap_years))
    return tuple(dict.fromkeys(found))


def number_in(known: Answers, name: str) -> Decimal | None:
    """The number in that blank; None where it is empty or no number."""
    return number_of(known.get(name, ""))


def _day(known: Answers, name: str) -> date | None:
    text = known.get(name, "")
    try:
        return date.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None


def rows_in(known: Answers, name: str) -> list[dict[str, str]]:
    """The lines of that list; none where it is empty."""
    rows = known.get(name, "")
    return rows if isinstance(rows, list) else []


def _ratio(text: Value) -> Decimal | None:
    """'150/5' → 30; None for anything else."""
    primary, _, secondary = text.partition("/") if isinstance(text, str) else ("", "", "")
    top, bottom = number_of(primary), number_of(secondary)
    return top / bottom if top and bottom else None


def _multiplier(known: Answers) -> Iterator[Finding]:
    stated = number_in(known, "multiplier")
    if stated is None:
        return
    computed = _computed_multiplier(known)
    if computed != stated:
        yield ("multiplier", f"综合倍率 {stated} 与互感器变比算得的 {plain(computed)} 不一致，请核对变比和倍率")


def multiplier_faults(known: Answers) -> tuple[Finding, ...]:
    """Where a stated 综合倍率 is not CT×PT, of the settling metering point and of the others."""
    others = ((number, {**row, "metering_mode": row.get("mode", "")})
              for number, row in enumerate(rows_in(known, "meters"), start=1))
    return (*_multiplier(known), *(("meters", f"其他计量点第 {number} 行：{sentence}")
                                   for number, facts in others for _, sentence in _multiplier(facts)))


def _computed_multiplier(known: Answers) -> Decimal:
    """CT × PT; a missing transformer counts as one. PT counts only where the metering is on the high side."""
    current = _ratio(known.get("ct_ratio", "")) or Decimal(1)
    high = known.get("metering_mode", "") == "高供高计"
    return current * ((_ratio(known.get("pt_ratio", "")) or Decimal(1)) if high else Decimal(1))


def _meter_rows(known: Answers) -> Iterator[Finding]:
    for number, row in enumerate(rows_in(known, "meters"), start=1):
        facts = {**row, "metering_mode": row.get("mode", ""), "voltage": known.get("voltage", "")}
        for _, sentence in (*_multiplier(facts), *_transformer_of_voltage(facts), *_high_at_low_voltage(facts)):
            yield ("meters", f"其他计量点第 {number} 行：{sentence}")


def _transformer_of_voltage(known: Answers) -> Iterator[Finding]:
    mode, ratio = known.get("metering_mode", ""), known.get("pt_ratio", "")
    if mode == "高供高计" and not ratio:
        yield ("pt_ratio", "高供高计应填写电压互感器变比，如 10000/100")
    if mode in ("高供低计", "低供低计") and ratio:
        yield ("pt_ratio", f"{mode}不装电压互感器，而方案写了变比 {ratio}：请清空电压互感器变比或改计量方式")


def _mode_of_voltage(known: Answers) -> Iterator[Finding]:
    mode, voltage = known.get("metering_mode", ""), known.get("voltage", "")
    if not mode or voltage not in VOLTAGES:
        return
    if (mode == "低供低计") != (voltage in LOW_VOLTAGES):
        yield ("metering_mode", f"供电电压 {voltage} 与计量方式“{mode}”不相配，请核对供电方案")


def _high_at_low_voltage(known: Answers) -> Iterator[Finding]:
    """A further metering point of a low-voltage supply is metered low as well; one of a high-voltage supply may be
    metered on either side."""
    if known.get("voltage") in LOW_VOLTAGES and str(known.get("metering_mode", "")).startswith("高供"):
        yield from _mode_of_voltage(known)


def _phases_of_voltage(known: Answers) -> Iterator[Finding]:
    """依据：220 伏为单相电压（《供电营业规则》低压供电：单相 220 伏、三相 380 伏）。"""
    if known.get("voltage") == "220V" and known.get("phases") == "三相":
        yield ("phases", "供电电压 220V 是单相供电，相数却是三相：请在供电方案里改相数或电压")


def _loss(known: Answers) -> Iterator[Finding]:
    if known.get("metering_mode") == "高供低计" and known.get("transformer_loss", "") in ("", "不计", "无"):
        yield ("transformer_loss", "高供低计应计算变压器损耗，请写明计算办法")


def more_than_applied(known: Answers) -> Iterator[Finding]:
    """A scheme may approve less than was asked for, which its receipt shows as agreed; never more."""
    for unit in ("kw", "kva"):
        applied, approved = number_in(known, f"capacity_{unit}"), number_in(known, f"scheme_capacity_{unit}")
        if applied is not None and approved is not None and approved > applied:
            label = field(f"capacity_{unit}").unit
            yield (f"scheme_capacity_{unit}",
                   f"供电方案核定容量 {plain(approved)} {label} 大于申请容量 {plain(applied)} {label}")


def _applied_capacity(known: Answers) -> Iterator[Finding]:
    """The same when the contract is drawn up: the answered scheme is then changed first."""
    for name, told in more_than_applied(known):
        yield name, (f"{told}：请先变更供电方案（命令行 yekuo change-scheme），把申请的容量更正过来，"
                     "或把核定容量改小，再重新答复")


def _load_rows(known: Answers) -> Iterator[Finding]:
    for number, row in enumerate(rows_in(known, "loads"), start=1):
        count, unit, total = (number_of(row.get(name, "")) for name in ("count", "unit_kw", "total_kw"))
        if count is not None and unit is not None and total is not None and count * unit != total:
            yield ("loads", f"用电设备清单第 {number} 行：{count} 台 × {unit} kW 应为 {plain(count * unit)} kW，"
                            "请核对")


def load_sum(known: Answers) -> Decimal:
    """The listed equipment in kW, before any demand factor; 0 where nothing is listed."""
    return sum((number_of(row.get("total_kw", "")) or Decimal(0) for row in rows_in(known, "loads")), Decimal(0))


def _loads_fit(known: Answers) -> Iterator[Finding]:
    """The listed equipment, times the demand factor, must fit a low-voltage contract's capacity."""
    capacity = number_in(known, "scheme_capacity_kw")
    total = load_sum(known)
    needed = total * (number_in(known, "demand_factor") or Decimal(1))
    if capacity is not None and needed > capacity:
        yield ("scheme_capacity_kw", f"用电设备合计 {plain(total)} kW（计入同时系数为 {plain(needed)} kW）"
                                     f"超过合同容量 {capacity} kW，请核对设备清单、同时系数或容量")


def receiving_sum(known: Answers) -> Decimal | None:
    """What transformers and high-voltage motors come to, in kVA; None where a row does not say how many of how much."""
    rows = rows_in(known, "transformers")
    each = [(number_of(row.get("count", "")), number_of(row.get("kva", ""))) for row in rows]
    if not each or any(count is None or kva is None for count, kva in each):
        return None
    units = sum(((count or Decimal(0)) * (kva or Decimal(0)) for count, kva in each), Decimal(0))
    return units + (number_in(known, "hv_motor_kw") or Decimal(0))


def _transformer_sum(known: Answers) -> Iterator[Finding]:
    capacity, total = number_in(known, "scheme_capacity_kva"), receiving_sum(known)
    if capacity is not None and total is not None and total != capacity:
        yield ("scheme_capacity_kva", f"受电总容量 {capacity} kVA 与变压器及高压电动机合计 {plain(total)} 不一致，"
                                      "请核对")


def _running(known: Answers) -> Iterator[Finding]:
    running, whole = number_in(known, "running_capacity_kva"), number_in(known, "scheme_capacity_kva")
    if running is not None and whole is not None and running > whole:
        yield ("running_capacity_kva", f"运行容量 {running} kVA 大于受电总容量 {whole} kVA，请核对")


def _term(known: Answers) -> Iterator[Finding]:
    starts, ends = _day(known, "contract_from"), _day(known, "contract_until")
    years = number_in(known, "contract_years")
    if starts is None or ends is None:
        return
    if ends <= starts:
        yield ("contract_until", "合同截止日早于或等于生效日，请核对两个日期")
    elif years and not agrees(starts, int(years), ends):
        yield ("contract_until", f"合同截止日与生效日加 {years} 年不一致，请核对日期和年数")


def _too_long(known: Answers, cap_years: int | None) -> list[Finding]:
    starts, ends = _day(known, "contract_from"), _day(known, "contract_until")
    if cap_years is None or starts is None or ends is None or not over_cap(starts, ends, cap_years):
        return []
    return [("contract_until", f"合同有效期超过本类合同的上限 {cap_years} 年，请缩短")]


def _agent(known: Answers) -> Iterator[Finding]:
    """依据：民法典第一百六十五条，授权委托书应载明代理人、事项、权限和期限。"""
    if not known.get("agent_name"):
        return
    for name in ("poa_number", "poa_scope", "poa_from", "poa_until"):
        if not known.get(name):
            yield (name, f"已填写授权代理人，请补填“{field(name).label}”（民法典第一百六十五条）")
    starts, ends = _day(known, "poa_from"), _day(known, "poa_until")
    if starts and ends and ends < starts:
        yield ("poa_until", "委托截止日早于委托起始日，请核对授权委托书")


def _dispute(known: Answers) -> Iterator[Finding]:
    if known.get("dispute_way") == "申请仲裁" and not known.get("arbitration_body"):
        yield ("arbitration_body", "选择仲裁的，请写明仲裁机构的全称，否则仲裁约定无法执行")
    if known.get("dispute_way") == "提起诉讼" and known.get("arbitration_body"):
        yield ("arbitration_body", "争议解决方式为诉讼，请清空仲裁机构或改选仲裁")


def _charges(known: Answers) -> Iterator[Finding]:
    price, charge = known.get("price_class", ""), known.get("basic_charge", "")
    if not price or not charge:
        return
    if (price == "工商业（两部制）") == (charge == "不执行"):
        yield ("basic_charge", f"电价类别“{price}”与容（需）量电费计收方式“{charge}”不相配，请核对")
    if charge == "按合同最大需量" and not known.get("contract_demand_kw"):
        yield ("contract_demand_kw", "按合同最大需量计收的，请填写合同最大需量")


def _pairs(known: Answers, pairings: Iterable[Pairing]) -> Iterator[Finding]:
    """The catalogue's rows of blanks that must fit each other, such as price and way of buying."""
    for pair in pairings:
        if pair.broken_by(known):
            one, other = field(pair.when.field), field(pair.field)
            yield (pair.field, f"{one.label}“{known[one.name]}”与{other.label}“{known[other.name]}”不相配，请核对"
                               f"（依据：{pair.basis.told}）")


def _settlement(known: Answers) -> Iterator[Finding]:
    mode = known.get("settlement_mode", "")
    if mode == "预付电费" and not known.get("prepaid_amount"):
        yield ("prepaid_amount", "选择预付电费的，请填写预付电费金额")
    if mode == "分次结算" and not known.get("settlement_dates"):
        yield ("settlement_dates", "选择分次结算的，请填写各次结算的日期和比例")


def _own_source(known: Answers) -> Iterator[Finding]:
    """依据：电力供应与使用条例第三十条（六），自备电源不得擅自并网，应有闭锁防止反送电。"""
    if (number_in(known, "own_generator_kw") or known.get("own_generator")) and not known.get("own_interlock"):
        yield ("own_interlock", "有自备电源的，请填写闭锁方式，防止向电网反送电")


def _many_sources(known: Answers) -> Iterator[Finding]:
    kind, rows = known.get("source_kind", ""), rows_in(known, "sources")
    if not kind or not rows:
        return
    if (kind == "单电源单回路") != (len(rows) == 1):
        yield ("sources", f"电源类型为“{kind}”，而供电电源列了 {len(rows)} 路，请核对")
    if len(rows) > 1 and not known.get("source_interlock"):
        yield ("source_interlock", "有两路以上电源的，请填写闭锁方式")


def _dispatch(known: Answers) -> Iterator[Finding]:
    if known.get("dispatch_use") != "适用":
        return
    for name in ("dispatch_unit", "dispatch_number", "dispatch_contact", "dispatch_phone", "dispatch_equipment"):
        if not known.get(name):
            yield (name, f"调度协议适用时，请填写“{field(name).label}”")


def share(part: Decimal, whole: Decimal, *limits: Decimal) -> str:
    """`part` of `whole` in percent, with one decimal, as `rounded` tells it by these `limits`."""
    return rounded(part / whole * 100, "0.1", *limits)


def rounded(exact: Decimal, step: str, *limits: Decimal) -> str:
    """The figure rounded at that step; cut off there, or told at finer ones, where it would else be shown on the other
    side of a limit, or on the limit itself, than where it is."""
    places = Decimal(step)
    while True:
        for way in (ROUND_HALF_UP, ROUND_DOWN):
            shown = exact.quantize(places, way)
            if places <= FINEST or not any(exact < limit <= shown or shown <= limit < exact for limit in limits):
                return plain(shown)
        places /= 10


def plain(number: Decimal) -> str:
    """30.00 → 30; never in exponents."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_RULES: tuple[Rule, ...] = (
    _multiplier, _meter_rows, _transformer_of_voltage, _mode_of_voltage, _loss, _applied_capacity, _load_rows,
    _loads_fit, _transformer_sum, _running, _term, _agent, _dispute, _charges, _settlement, _own_source,
    _many_sources, _dispatch, _phases_of_voltage,
)
