"""A kind of application as it is for one day: without the rows whose time is over or has not come.

A row of a release may end (失效日) or begin (生效日) within the release's own time; who applies on a day is asked,
promised and held to what holds on that day, and so to the end of his case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from desktop.domain.basis import Basis
from desktop.domain.deadline import SUMS, Limit, in_days

if TYPE_CHECKING:
    from desktop.domain.process import Process, Stage


def bases(process: Process) -> tuple[Basis, ...]:
    """The basis of every row that a day may leave out."""
    rows: Sequence[Iterable[object]] = (process.stages, process.clocks, process.gates, process.materials,
                                        process.rules, process.consequences, process.required_when)
    gate = [process.promise_gate.basis] if process.promise_gate else []
    return (*(getattr(row, "basis") for each in rows for row in each), *gate)  # noqa: B009 (each row has its own class)


def of_day(process: Process, day: date) -> Process:
    """The kind with the rows alone that hold on that day.

    The first and the last stage, that of the connection and the limit of the whole stand always: without them it is
    no kind (a release that ends one is refused).
    """
    gone = {stage.id for stage in process.stages if not stage.basis.holds_on(day) and stage.id not in standing(process)}
    total = total_on(process, day)
    clocks = tuple(_limit(limit, gone) for limit in process.clocks if _runs(limit, total, gone, day))
    promised = [_limit(limit, gone) for limit in process.limits]
    company = tuple(limit for limit in clocks if limit in promised)
    stages = tuple(_stage(process, stage, gone, in_days(clocks)) for stage in process.stages if stage.id not in gone)
    gates = tuple(g for g in process.gates if g.basis.holds_on(day) and not {g.stage, g.needs} & gone)
    gate = process.promise_gate
    return replace(
        process, stages=stages, clocks=clocks, limits=company, total=_limit(total, gone),
        gates=gates,
        materials=tuple(m for m in process.materials if m.basis.holds_on(day) and m.stage not in gone),
        rules=tuple(r for r in process.rules if r.basis.holds_on(day) and r.stage not in gone),
        consequences=tuple(c for c in process.consequences if c.basis.holds_on(day)),
        effects=tuple(e for e in process.effects if e.stage not in gone),
        required_when=tuple(r for r in process.required_when if r.basis.holds_on(day)),
        promise_gate=gate if gate and gate.basis.holds_on(day) and gate.stage not in gone else None)


def standing(process: Process) -> set[str]:
    """The stages without which it is no kind."""
    return {process.first.id, process.last.id, process.energised_by}


def total_on(process: Process, day: date) -> Limit:
    """The limit of the whole that holds on the day; where none does, the one that the kind is read with."""
    sums = (limit for limit in in_days(process.clocks) if limit.measure in SUMS)
    return next((limit for limit in sums if limit.basis.holds_on(day)), process.total)


def _runs(limit: Limit, total: Limit, gone: set[str], day: date) -> bool:
    """A limit holds on the day, and over a stage that there is; the whole is always limited."""
    over = not limit.stages or bool(set(limit.stages) - gone)
    return limit == total or (limit.basis.holds_on(day) and over)


def _limit(limit: Limit, gone: set[str]) -> Limit:
    if not gone & {*limit.stages, *limit.includes}:
        return limit
    return replace(limit, stages=tuple(stage for stage in limit.stages if stage not in gone),
                   includes=tuple(stage for stage in limit.includes if stage not in gone))


def _stage(process: Process, stage: Stage, gone: set[str], limits: Iterable[Limit]) -> Stage:
    """The stage waiting for what a stage that is gone waited for, under the limit that still runs."""
    limit = next((each for each in limits if stage.id in each.stages), None)
    needs = _around(process, stage.needs, gone)
    return stage if (limit, needs) == (stage.limit, stage.needs) else replace(stage, needs=needs, limit=limit)


def _around(process: Process, needs: tuple[str, ...], gone: set[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in needs:
        inner = _around(process, process.stage(name).needs, gone) if name in gone else (name,)
        found |= dict.fromkeys(inner)
    return tuple(found)
