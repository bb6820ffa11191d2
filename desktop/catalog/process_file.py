"""A process file of the catalogue, read into its values and checked: ids, needs, gates and limits fit together."""

from __future__ import annotations

from dataclasses import replace

from desktop.catalog.row import Row
from desktop.domain.deadline import CUSTOMER_STAGES, PAUSES, Limit, Source
from desktop.domain.material import Demand, Material, When
from desktop.domain.process import Gate, OnlyIf, Passes, Process, RequiredWhen, Stage

MEASURES = ("环节", "环节合计", "全过程", "内部")


def read_process(row: Row, release: str) -> Process:
    """The process of one file. ValueError names the row that is wrong."""
    limits = tuple(_limit(r) for r in row.rows("limit"))
    stages = tuple(_with_limit(_stage(r), limits) for r in row.rows("stage"))
    process = Process(
        id=row.text("id"),
        name=row.text("name"),
        code=row.text("code", ""),
        customer_class=row.text("customer_class"),
        contract_kind=row.text("contract_kind"),
        release=release,
        stages=stages,
        gates=tuple(_gate(r) for r in row.rows("gate")),
        limits=tuple(limit for limit in _chain(limits) if limit.measure == "环节"),
        total=_total(row, _chain(limits)),
        clocks=limits,
        materials=tuple(_material(r) for r in row.rows("material")),
        fields=row.texts("fields"),
        required_fields=row.texts("required_fields"),
        required_when=tuple(_required_when(r) for r in row.rows("required_when")),
        end_reasons=row.texts("end_reasons"),
        pause_reasons=row.texts("pause_reasons"),
        energised_by=row.text("energised_by"),
        warn_percent=row.number("warn_percent", 80),
        basis=row.basis(),
    )
    row.close()
    _check(process, row)
    _check_limits(process, _chain(limits), row)
    return process


def _chain(limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """The company's own limits in working days: what is promised in turn, and their sum. The law's stand beside."""
    return tuple(limit for limit in limits if limit.source == Source.COMPANY and not limit.hours)


def _stage(row: Row) -> Stage:
    stage = Stage(
        id=row.text("id"),
        name=row.text("name"),
        owner=row.text("owner"),
        basis=row.basis(),
        needs=row.texts("needs", ()),
        optional=row.flag("optional", False),
        only_if=_only_if(row.row("only_if")),
        passes=_passes(row.row("passes")),
        done_by=row.text("done_by", "done"),
        pause_reason=row.text("pause_reason", ""),
        fields=row.texts("fields", ()),
        required=row.texts("required", ()),
        papers=row.texts("papers", ()),
    )
    row.close()
    return stage


def _only_if(row: Row | None) -> OnlyIf | None:
    if row is None:
        return None
    only_if = OnlyIf(row.text("field"), row.text("value"))
    row.close()
    return only_if


def _passes(row: Row | None) -> Passes | None:
    if row is None:
        return None
    passes = Passes(row.text("field"), row.text("value"), row.text("sentence"))
    row.close()
    return passes


def _required_when(row: Row) -> RequiredWhen:
    rule = RequiredWhen(row.text("field"), row.texts("fields"), row.basis())
    row.close()
    return rule


def _with_limit(stage: Stage, limits: tuple[Limit, ...]) -> Stage:
    return replace(stage, limit=next((limit for limit in _chain(limits) if stage.id in limit.stages), None))


def _gate(row: Row) -> Gate:
    gate = Gate(row.text("stage"), row.text("act"), row.text("needs"), row.text("sentence"), row.basis())
    row.close()
    return gate


def _limit(row: Row) -> Limit:
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
    )
    row.close()
    if limit.measure not in MEASURES:
        raise row.wrong(f"measure {limit.measure} is none of {', '.join(MEASURES)}")
    if limit.source not in (Source.STATUTORY, Source.COMPANY) or (limit.days > 0) == (limit.hours > 0):
        raise row.wrong("source is 法定 or 公司, and either days or hours are given")
    return limit


def _leaves_out(row: Row) -> tuple[str, ...] | None:
    """What stops this clock, where it is not the custom of its measure; a dash says that nothing does."""
    given = row.texts("leaves_out", ())
    if not set(given) <= {PAUSES, CUSTOMER_STAGES, "—"}:
        raise row.wrong(f"leaves_out is of {PAUSES}, {CUSTOMER_STAGES} or —")
    return tuple(name for name in given if name != "—") if given else None


def _total(row: Row, limits: tuple[Limit, ...]) -> Limit:
    totals = [limit for limit in limits if limit.measure in ("环节合计", "全过程")]
    if len(totals) != 1:
        raise row.wrong("exactly one limit is the sum (环节合计 or 全过程)")
    return totals[0]


def _material(row: Row) -> Material:
    demand, becomes = row.text("demand"), row.text("becomes", Demand.REQUIRED)
    if demand not in list(Demand) or becomes not in list(Demand):
        raise row.wrong(f"demand and becomes are one of {', '.join(Demand)}")
    material = Material(
        code=row.text("code"),
        name=row.text("name"),
        demand=Demand(demand),
        supplied_by=row.text("supplied_by"),
        basis=row.basis(),
        role=row.text("role", ""),
        when=_when(row.row("when")),
        becomes=Demand(becomes),
        days=row.number("days", 0),
        examples=row.text("examples", ""),
    )
    row.close()
    return material


def _when(row: Row | None) -> When | None:
    if row is None:
        return None
    when = When(row.text("field"), row.texts("values", ()), row.texts("unless", ()))
    row.close()
    return when


def _check(process: Process, row: Row) -> None:
    """Ids are unique, and a stage waits only for stages that stand before it."""
    ids = [stage.id for stage in process.stages]
    if len(set(ids)) != len(ids) or not ids:
        raise row.wrong("a stage's id stands twice, or there is no stage")
    for place, stage in enumerate(process.stages):
        if not set(stage.needs) <= set(ids[:place]):
            raise row.wrong(f"stage {stage.id} needs a stage that does not stand before it")
        if not set(stage.required) <= set(stage.fields):
            raise row.wrong(f"stage {stage.id} requires a field that it does not ask")
    for gate in process.gates:
        if not {gate.stage, gate.needs} <= set(ids):
            raise row.wrong(f"gate {gate.stage} {gate.needs} names an unknown stage")
    if process.energised_by not in ids or not set(process.required_fields) <= set(process.fields):
        raise row.wrong("energised_by is no stage, or a required field is not asked")


def _check_limits(process: Process, limits: tuple[Limit, ...], row: Row) -> None:
    """Every limit belongs to known stages, no stage has two, and the promised ones make up the sum."""
    timed = [stage for limit in limits for stage in limit.stages]
    if len(set(timed)) != len(timed) or not set(timed) <= {stage.id for stage in process.stages}:
        raise row.wrong("a limit names an unknown stage, or a stage has two limits")
    if process.total.measure == "环节合计" and sum(limit.days for limit in process.limits) != process.total.days:
        raise row.wrong("the limits do not make up the sum")
