"""The limits of a kind's file: each read strictly, and all held together on every day on which they change.

A limit may end and another of its label begin on the day after; who applies on a day is promised what holds on it.
So no stage has two limits of the company on one day, but an inner one (内部) beside what is promised; and on every day
there is one total, the sum of its parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from desktop.catalog.row import Row
from desktop.domain.basis import Basis
from desktop.domain.calendar import ONE_DAY
from desktop.domain.deadline import CUSTOMER_STAGES, PAUSES, SUMS, WHOLE, Limit, Source, in_days
from desktop.domain.process import Process

INNER = "内部"
MEASURES = ("环节", "环节合计", "全过程", INNER)


def read_limit(row: Row) -> Limit:
    """One limit. ValueError names the row that is wrong."""
    limit = Limit(
        stages=row.texts("stages"),
        label=row.text("label"),
        days=row.number("days", 0),
        hours=row.number("hours", 0),
        basis=row.basis(),
        measure=row.text("measure"),
        includes=row.texts("includes", ()),
        source=row.text("source", Source.COMPANY),
        leaves_out=_leaves_out(row),
        agreed=row.text("agreed", ""),
    )
    row.close()
    if limit.measure not in MEASURES:
        raise row.wrong(f"measure 应为 {'、'.join(MEASURES)} 之一，现为 {limit.measure}")
    if limit.source not in (Source.STATUTORY, Source.COMPANY) or (limit.days > 0) == (limit.hours > 0):
        raise row.wrong("source 应为 法定 或 公司，days 和 hours 写一个")
    return limit


def _leaves_out(row: Row) -> tuple[str, ...] | None:
    """What stops this clock, where it is not the custom of its measure; a dash says that nothing does."""
    given = row.texts("leaves_out", ())
    if not set(given) <= {PAUSES, CUSTOMER_STAGES, "—"}:
        raise row.wrong(f"leaves_out 应为 {PAUSES}、{CUSTOMER_STAGES} 或 —")
    return tuple(name for name in given if name != "—") if given else None


def read_total(row: Row, limits: Sequence[Limit], day: date) -> Limit:
    """The limit of the whole as it is on that day; of one that begins later, the first. ValueError without any."""
    totals = [limit for limit in in_days(limits) if limit.measure in SUMS]
    if not totals:
        raise row.wrong(f"limit 里没有公司的总时限：请写一行 measure 为 {' 或 '.join(SUMS)} 的")
    return next((limit for limit in totals if limit.basis.holds_on(day)), totals[0])


def check_stages(process: Process, row: Row) -> None:
    """Every limit belongs to stages that there are. ValueError names the row and the stage."""
    for clock in process.clocks:
        named = f"limit {told(clock)}"
        if strange := [name for name in (*clock.stages, *clock.includes) if name not in process.stage_by_id]:
            raise row.wrong(f"{named}：stages 或 includes 里写了没有的环节 {'、'.join(dict.fromkeys(strange))}")
        if twice := [name for name, times in Counter(clock.stages).items() if times > 1]:
            raise row.wrong(f"{named}：stages 里 {_stages(process, twice)} 写了两次")
        if clock.agreed and (clock.agreed not in process.fields or clock.measure != WHOLE):
            raise row.wrong(f"{named}：agreed 应为申请里填的日期，只用于全过程")
        if clock.measure in ("环节", "内部") and not clock.stages:
            raise row.wrong(f"{named}：{clock.measure}时限要写明是哪个环节的")


def limit_faults(process: Process, begins: date) -> Iterator[str]:
    """What does not fit together on some day from `begins` on, with the rows, their days and the figures."""
    for one, other in combinations(sorted(process.clocks, key=lambda clock: clock.basis.effective), 2):
        if (what := _both(process, one, other)) and (since := _shared(one.basis, other.basis)):
            yield (f"limit {told(one)}与 limit {told(other)}：{what}{since}有两个时限；"
                   "同一天只能有一个，到期换的，前一行的 until 写后一行 effective 的前一天")
    for day in _turns(process, begins):
        yield from _sum_faults(process, day, begins)


def told(limit: Limit) -> str:
    """How a row of a limit is named: its label, and its days where it has not always been nor stands for ever."""
    length = f"{limit.hours} 小时" if limit.hours else f"{limit.days} 天"
    until = f"至 {limit.basis.until}" if limit.basis.until else "起"
    return f"{limit.label}（{limit.source}，{limit.basis.effective} {until}，{length}）"


def _stages(process: Process, names: Sequence[str]) -> str:
    return "、".join(f"{name} {process.stage(name).name}" for name in names)


def _both(process: Process, one: Limit, other: Limit) -> str:
    """What both rows limit though only one may; empty where each stands for itself, as the law's beside a province's.
    """
    if len(in_days((one, other))) == 2:
        if one.measure in SUMS and other.measure in SUMS:
            return "总时限"
        if (one.measure == INNER) != (other.measure == INNER):
            return ""
        return _stages(process, [stage for stage in one.stages if stage in other.stages])
    same = [(each.label, each.source, each.measure, each.basis.text) for each in (one, other)]
    return f"“{one.label}”" if same[0] == same[1] else ""


def _shared(one: Basis, other: Basis) -> str:
    """The days that both hold, in words; empty where the second begins after the first has ended."""
    first = max(one.effective, other.effective)
    last = min((basis.until for basis in (one, other) if basis.until), default=None)
    if last is None:
        return f"自 {first} 起"
    return f"在 {first} 至 {last} " if first <= last else ""


def _turns(process: Process, begins: date) -> list[date]:
    """The first day, and each on which a limit of the company begins or no longer holds."""
    bases = [limit.basis for limit in in_days(process.clocks)]
    days = {basis.effective for basis in bases}
    days |= {basis.until + ONE_DAY for basis in bases if basis.until and basis.until < date.max}
    last = process.basis.until or date.max
    return [begins, *sorted(day for day in days if begins < day <= last)]


def _sum_faults(process: Process, day: date, begins: date) -> Iterator[str]:
    limits = in_days(process.clocks)
    totals = [limit for limit in limits if limit.measure in SUMS]
    total = next((each for each in totals if each.basis.holds_on(day)), None)
    since = "" if day == begins else f"自 {day} 起"
    if total is None and (len(totals) > 1 or totals[0].basis.effective <= day):
        yield (f"limit {told(totals[0])}：没有它就不成业务，不能写 until 而没有接着的一行：{day} 没有总时限；"
               f"请写一行从这天起的，或出新一版规则目录")
        return
    parts = [each for each in limits if each.measure == "环节" and each.basis.holds_on(day)]
    total, made = total or totals[0], sum(each.days for each in parts)
    if total.measure != WHOLE and made != total.days:
        yield (f"limit {told(total)}：{since}各环节时限之和与总时限不等："
               f"{'＋'.join(f'{each.label} {each.days}' for each in parts) or '没有环节时限'} ＝ {made} 天，"
               f"总时限写的是 {total.days} 天")
