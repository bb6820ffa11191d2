"""A release looked at whole: every file read, every name known; the first thing that is wrong is told by file and row.

A clerk must never meet a slip of the catalogue: a release is held to this before it takes effect, and the one that is
shipped by the tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from desktop.catalog.dictionary import DICTIONARIES
from desktop.catalog.files import KINDS
from desktop.catalog.limit_file import limit_faults
from desktop.catalog.release import Catalog
from desktop.catalog.shape import shaped
from desktop.catalog.whole_books import book_faults, dictionary_faults, doubled, head_faults, kind_names
from desktop.catalog.whole_ways import way_faults
from desktop.domain.caselog import What
from desktop.domain.field import FIELDS, check
from desktop.domain.hold import REDUCED, SUSPENDED
from desktop.domain.material import Demand, When
from desktop.domain.process import Deed, Gate, Process, Subject
from desktop.domain.process_day import standing
from desktop.domain.rule_row import faults_of

DONE_BY = (What.DONE, What.CONTRACT_SIGNED)
SIGNED_ON = "contract_signed_on"  # a stage that asks for it registers a contract that was signed on paper
WHOLE_PERCENT = 100
PROMISE = "promise"  # asked where the way of acceptance asks for it
ROLES = ("", "identity", "authority", PROMISE)
NEEDED_BY = {Deed.HOLD: ("hold_kva",), Deed.RESTORE: ("restore_kva",), Deed.RENAME: ("new_name",)}


def check_whole(catalog: Catalog) -> Catalog:
    """The catalogue itself, every subject of it read. ValueError names the file and the row that is wrong."""
    for name in catalog.files.texts:
        table = catalog.files.table(name)
        if name.startswith(KINDS) or name in DICTIONARIES:
            shaped(table, name.rpartition("/")[2])
    first_of(head_faults(catalog), dictionary_faults(catalog.files))
    subjects = (catalog.contract_kinds, catalog.ladder, catalog.voltages, catalog.paper_kinds,
                catalog.schemes, catalog.surveys, catalog.evidence, catalog.approvals, catalog.clock, catalog.fees,
                catalog.inspections, catalog.corrections, catalog.progress, catalog.ladders, catalog.ledger_words,
                catalog.case_words)
    assert all(subject is not None for subject in subjects)
    first_of(kind_names(catalog), book_faults(catalog))
    for process in catalog.processes.values():
        first_of(f"{process.id}.toml {wrong}" for wrong in chain(
            _strangers(catalog, process), _conditions(process), _ways(process), _bases(catalog, process),
            _limits(catalog, process), _rules(process), _deeds(process), _twice(process),
            way_faults(catalog, process)))
    return catalog


def first_of(*faults: Iterable[str]) -> None:
    """ValueError with the first fault that is found; each is looked for only where none came before it."""
    for wrong in chain.from_iterable(faults):
        raise ValueError(wrong)


def _strangers(catalog: Catalog, process: Process) -> Iterator[str]:
    """Names that nobody knows: fields, contract kinds, groups of papers, deeds."""
    for where, names in _asked(process):
        if strange := [name for name in names if name not in FIELDS]:
            yield f"{where}：没有这样的字段 {'、'.join(strange)}"
    kinds = (process.contract_kind, *(each.kind for each in process.contract_kinds))
    if strange := [kind for kind in kinds if kind and kind not in catalog.contract_kinds]:
        yield f"contract_kind：contracts.toml 里没有合同种类 {'、'.join(strange)}"
    groups = {kind.group for kind in catalog.paper_kinds}
    for material in process.materials:
        if material.role not in ROLES:
            yield f"material {material.code}：role 应为 {'、'.join(filter(None, ROLES))}，或不写"
        if material.demand is Demand.CONDITIONAL and material.when is None and material.role != PROMISE:
            yield f"material {material.code}：条件资料要写明 when（什么情况下要）"
        if strange := [group for group in material.kinds if group not in groups]:
            yield f"material {material.code}：paper_kinds.toml 里没有证件组 {'、'.join(strange)}"
        if material.stage and material.stage not in process.stage_by_id:
            yield f"material {material.code}：没有环节 {material.stage}"
    for name, value in process.presets.items():
        if name not in process.fields or check(name, value):
            yield f"presets：{FIELDS[name].label if name in FIELDS else name} 不能预填“{value}”"
    for gate in process.gates:
        if gate.act not in list(What):
            yield f"gate {gate.stage}：没有这样的动作 {gate.act}"
        yield from _of_gate(process, gate)


def _of_gate(process: Process, gate: Gate) -> Iterator[str]:
    """What a gate waits for beside the stage: a deed of its contract, or a field that is asked where it stands."""
    if gate.deed and gate.deed != What.CONTRACT_FILED:
        yield f"gate {gate.stage}：deed 只能写 {What.CONTRACT_FILED}（合同归档）"
    if gate.unless and gate.unless not in process.stage(gate.stage).fields:
        yield f"gate {gate.stage}：unless 的 {gate.unless} 这个环节不填"


def _asked(process: Process) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "fields", process.fields
    for stage in process.stages:
        yield f"stage {stage.id}", (*stage.fields, *stage.required, *((stage.passes.field,) if stage.passes else ()))
    for where, when in _whens(process):
        yield where, (when.field,)
    for rule in process.required_when:
        yield f"required_when {rule.field}", (rule.field, *rule.fields)


def _whens(process: Process) -> Iterator[tuple[str, When]]:
    for stage in process.stages:
        for when in stage.conditions:
            yield f"stage {stage.id}", when
    for material in process.materials:
        for condition in (*material.whens, material.shared_when):
            if condition:
                yield f"material {material.code}", condition
    for consequence in process.consequences:
        if consequence.when:
            yield f"contract {consequence.act}", consequence.when
    for kind in process.contract_kinds:
        yield f"contract_kind_when {kind.kind}", kind.when


def _conditions(process: Process) -> Iterator[str]:
    """Conditions that can never hold: a value that the form does not offer, a field that nobody asks before."""
    for where, when in _whens(process):
        choices = FIELDS[when.field].choices
        if strange := [value for value in (*when.values, *when.unless) if choices and value not in choices]:
            yield f"{where}：“{FIELDS[when.field].label}”没有 {'、'.join(strange)} 这样的选项"
    for stage in process.stages:
        before = {name for other in process.ancestors(stage.id) for name in process.stage(other).fields}
        for when in stage.conditions:
            if when.field not in before | set(process.fields):
                yield f"stage {stage.id}：“{FIELDS[when.field].label}”在它之前没有问过"


def _ways(process: Process) -> Iterator[str]:
    """Stages that no case comes to, or from which none comes to its end."""
    for stage in process.stages[1:]:
        if process.first.id not in process.ancestors(stage.id):
            yield f"stage {stage.id}：从“{process.first.name}”走不到这个环节"
        if not stage.optional and stage is not process.last and process.last.id not in process.dependents(stage.id):
            yield f"stage {stage.id}：“{process.last.name}”不等这个环节，工单会漏办它"


def _deeds(process: Process) -> Iterator[str]:
    """Stages that no deed completes or that cannot be passed, contracts of no kind, deeds without their figures."""
    for stage in process.stages:
        if stage.done_by not in DONE_BY:
            yield f"stage {stage.id}：done_by 应为 {'、'.join(DONE_BY)} 之一，现为 {stage.done_by}"
        if stage.passes and (stage.passes.field not in stage.fields or check(stage.passes.field, stage.passes.value)):
            yield f"stage {stage.id}：passes 的 {stage.passes.field} 这个环节不填，或填不了“{stage.passes.value}”"
    if not 1 <= process.warn_percent <= WHOLE_PERCENT:
        yield "warn_percent 应在 1 和 100 之间"
    signs = any(stage.done_by == What.CONTRACT_SIGNED or SIGNED_ON in stage.fields for stage in process.stages)
    if signs and not process.contract_kind and process.subject == Subject.NEW:
        yield "contract_kind：新户签合同的业务要写明合同种类"
    asked = {*process.fields, *(name for stage in process.stages for name in stage.fields)}
    for effect in process.effects:
        if lacks := [name for name in NEEDED_BY.get(effect.deed, ()) if name not in asked]:
            yield f"effect {effect.deed}：这种业务没有填 {'、'.join(FIELDS[name].label for name in lacks)}"
        if effect.deed in (Deed.HOLD, Deed.RESTORE) and effect.kind not in (SUSPENDED, REDUCED):
            yield f"effect {effect.deed}：kind 应为 {SUSPENDED} 或 {REDUCED}"


def _twice(process: Process) -> Iterator[str]:
    """What stands twice in one kind, so that nobody can tell which is meant."""
    for where, keys in (
            ("material", [m.code for m in process.materials]),
            ("gate", [f"{gate.stage} {gate.act} {gate.needs} {gate.deed}" for gate in process.gates]),
            ("rule", [f"{rule.check} {rule.sentence}" for rule in process.rules]),
            ("effect", [f"{effect.deed} {effect.stage} {effect.kind} {effect.when}" for effect in process.effects])):
        if twice := doubled(keys):
            yield f"{where} {twice[0]}：写了两次"


def _rules(process: Process) -> Iterator[str]:
    """Rules that no check can be asked with, or that are told beside what nobody asks; effects at no stage."""
    for rule in process.rules:
        asked = (*process.fields, *(name for stage in process.stages for name in stage.fields))
        if wrong := faults_of(rule, asked):
            yield f"rule {rule.check}：{wrong}"
        if rule.stage and rule.stage not in process.stage_by_id:
            yield f"rule {rule.check}：没有环节 {rule.stage}"
    for effect in process.effects:
        if effect.stage and effect.stage not in process.stage_by_id:
            yield f"effect {effect.deed}：没有环节 {effect.stage}"
        elif effect.stage and (effect.stage == process.first.id or process.stage(effect.stage).optional):
            yield (f"effect {effect.deed}：stage {effect.stage} 不能是受理环节，也不能是可不办的，"
                   "否则工单办结了用电户也没有变")


def _limits(catalog: Catalog, process: Process) -> Iterator[str]:
    """Limits that do not fit together on a day on which a case may begin."""
    yield from limit_faults(process, max(process.basis.effective, catalog.effective))


def _bases(catalog: Catalog, process: Process) -> Iterator[str]:
    """A row whose time is over before that of the kind, or of the release, begins: no case would ever meet it."""
    begins = max(process.basis.effective, catalog.effective)
    for_ever = [(f"stage {stage.id}", stage.basis) for stage in process.stages if stage.id in standing(process)]
    for where, basis in for_ever:
        if basis.until is not None:
            yield f"{where}：没有它就不成业务，不能写 until；到期要换的，请出新一版规则目录"
    bases = [stage.basis for stage in process.stages] + [gate.basis for gate in process.gates]
    bases += [clock.basis for clock in process.clocks] + [paper.basis for paper in process.materials]
    bases += [rule.basis for rule in process.rules] + [each.basis for each in process.consequences]
    for basis in bases:
        if basis.until is not None and basis.until < begins:
            yield f"“{basis.text}”：失效日 {basis.until} 早于生效日 {begins}，没有一天有效"
