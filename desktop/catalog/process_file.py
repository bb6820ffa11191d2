"""A process file of the catalogue, read into its values and checked: ids, needs, gates and limits fit together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from desktop.catalog.limit_file import INNER, check_stages, read_limit, read_total
from desktop.catalog.material_file import read_material, read_promise_gate, read_when, read_whens
from desktop.catalog.row import Row
from desktop.domain.deadline import Limit, in_days
from desktop.domain.process import (
    Consequence,
    ContractAct,
    Deed,
    Effect,
    Gate,
    KindWhen,
    Passes,
    Process,
    RequiredWhen,
    Rule,
    Stage,
    Subject,
)


def read_process(row: Row, release: str, since: date = date.min) -> Process:
    """The process of one file. ValueError names the row that is wrong."""
    limits = tuple(read_limit(r) for r in row.rows("limit"))
    stages = tuple(_with_limit(_stage(r), limits) for r in row.rows("stage"))
    basis = row.basis()
    process = Process(
        id=row.text("id"),
        name=row.text("name"),
        code=row.text("code", ""),
        customer_class=row.text("customer_class"),
        contract_kind=row.text("contract_kind", ""),
        release=release,
        since=since,
        stages=stages,
        gates=tuple(_gate(r) for r in row.rows("gate")),
        limits=tuple(limit for limit in in_days(limits) if limit.measure == "环节"),
        total=read_total(row, limits, max(since, basis.effective)),
        clocks=limits,
        materials=tuple(read_material(r) for r in row.rows("material")),
        promise_gate=read_promise_gate(row.row("promise_gate")),
        fields=row.texts("fields"),
        required_fields=row.texts("required_fields"),
        required_when=tuple(_required_when(r) for r in row.rows("required_when")),
        end_reasons=row.texts("end_reasons"),
        pause_reasons=row.texts("pause_reasons"),
        energised_by=row.text("energised_by"),
        warn_percent=row.number("warn_percent", 80),
        subject=_subject(row),
        group=row.text("group", ""),
        short=row.text("short", ""),
        pad=row.text("pad", ""),
        presets=MappingProxyType({name: str(value) for name, value in row.mapping("presets").items()}),
        contract_kinds=tuple(_kind_when(r) for r in row.rows("contract_kind_when")),
        consequences=tuple(_consequence(r) for r in row.rows("contract")),
        rules=tuple(_rule(r) for r in row.rows("rule")),
        effects=tuple(_effect(r) for r in row.rows("effect")),
        basis=basis,
    )
    row.close()
    _check(process, row)
    check_stages(process, row)
    return process


def _stage(row: Row) -> Stage:
    stage = Stage(
        id=row.text("id"),
        name=row.text("name"),
        owner=row.text("owner"),
        basis=row.basis(),
        needs=row.texts("needs", ()),
        optional=row.flag("optional", False),
        afterwards=row.flag("afterwards", False),
        only_if=read_whens(row, "only_if"),
        only_where=read_whens(row, "only_where"),
        passes=_passes(row.row("passes")),
        done_by=row.text("done_by", "done"),
        pause_reason=row.text("pause_reason", ""),
        awaits=row.text("awaits", ""),
        fields=row.texts("fields", ()),
        required=row.texts("required", ()),
        papers=row.texts("papers", ()),
    )
    row.close()
    if stage.afterwards and not stage.optional:
        raise row.wrong("afterwards 只用于 optional 的环节：归档前必须办的，不能留到归档以后")
    return stage


def _subject(row: Row) -> Subject:
    said = row.text("subject", Subject.NEW)
    if said not in list(Subject):
        raise row.wrong(f"subject 应为 {'、'.join(Subject)} 之一")
    return Subject(said)


def _kind_when(row: Row) -> KindWhen:
    kind, when = row.text("kind"), read_when(row.row("when"))
    row.close()
    if when is None:
        raise row.wrong("缺少 when")
    return KindWhen(kind, when)


def _consequence(row: Row) -> Consequence:
    act = row.text("act")
    if act not in list(ContractAct):
        raise row.wrong(f"act 应为 {'、'.join(ContractAct)} 之一")
    made = Consequence(ContractAct(act), row.text("document", ""), row.basis(), read_when(row.row("when")))
    row.close()
    return made


def _rule(row: Row) -> Rule:
    """A rule; what it has besides its own words are the settings of its check."""
    row.text("id", "")
    rule = Rule(row.text("check"), row.text("sentence"), row.basis(), row.text("stage", ""), row.flag("blocks", True))
    return replace(rule, settings=row.rest())


def _effect(row: Row) -> Effect:
    deed = row.text("deed")
    if deed not in list(Deed):
        raise row.wrong(f"deed 应为 {'、'.join(Deed)} 之一")
    made = Effect(Deed(deed), row.text("stage", ""), row.text("kind", ""), read_when(row.row("when")))
    row.close()
    return made


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
    """With the company's limit that is promised, else the inner one."""
    own = [limit for limit in in_days(limits) if stage.id in limit.stages]
    return replace(stage, limit=min(own, key=lambda each: each.measure == INNER, default=None))


def _gate(row: Row) -> Gate:
    gate = Gate(row.text("stage"), row.text("act"), row.text("needs"), row.text("sentence"), row.basis(),
                row.text("deed", ""), row.text("unless", ""))
    row.close()
    return gate


def _check(process: Process, row: Row) -> None:
    """Ids are unique, and a stage waits only for stages that stand before it."""
    ids = [stage.id for stage in process.stages]
    if len(set(ids)) != len(ids) or not ids:
        raise row.wrong("环节编号重复，或没有写环节")
    for place, stage in enumerate(process.stages):
        if not set(stage.needs) <= set(ids[:place]):
            raise row.wrong(f"stage {stage.id} 的 needs 里有不在它前面的环节")
        if not set(stage.required) <= set(stage.fields):
            raise row.wrong(f"stage {stage.id} 的 required 里有 fields 没有的字段")
    for gate in process.gates:
        if not {gate.stage, gate.needs} <= set(ids):
            raise row.wrong(f"gate {gate.stage} {gate.needs}：没有这样的环节")
    later = {material.stage for material in process.materials if material.stage}
    later |= {process.promise_gate.stage} if process.promise_gate else set()
    if not later <= set(ids):
        raise row.wrong("资料或 promise_gate 里写了没有的环节")
    if process.energised_by not in ids or not set(process.required_fields) <= set(process.fields):
        raise row.wrong("energised_by 不是环节，或 required_fields 里有 fields 没有的字段")
