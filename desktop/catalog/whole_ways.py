"""A kind looked at as a case would go through it: forms that cannot be filled, gates that never open, dead ends.

Each fault is a sentence that names the row; `whole.py` puts the file before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.catalog.release import Catalog
from desktop.catalog.whole_books import doubled
from desktop.domain.caselog import What
from desktop.domain.field import FIELDS
from desktop.domain.material import Demand
from desktop.domain.process import Process

CLASSES = ("低压", "高压", "不限")  # how the name of a class begins: by it forms and checks tell the two voltages
CODE = re.compile(r"[A-Z][A-Z0-9_\-]{0,19}")  # as the QR code of a notice carries it, and a hand types it
MENDING = "整改"  # the pause of a round of inspection that was not passed
WHO = "customer_name"
ALONE = ("identity", "authority", "promise")  # roles that one paper of a checklist has


def way_faults(catalog: Catalog, process: Process) -> Iterator[str]:
    """Everything in which a case of this kind would be stuck or surprised, one after another."""
    yield from _head(process)
    yield from _form(process)
    yield from _gates(process)
    yield from _ends(process)
    yield from _papers(process)
    yield from _reasons(catalog, process)


def _head(process: Process) -> Iterator[str]:
    if not process.customer_class.startswith(CLASSES):
        yield f"customer_class 应以 {'、'.join(CLASSES)} 之一开头，现为“{process.customer_class}”"
    if twice := doubled(stage.name for stage in process.stages):
        yield f"stage：名称“{twice[0]}”写了两次，分不清是哪个环节"
    if twice := doubled(paper.name for paper in process.materials):
        yield f"material：名称“{twice[0]}”写了两次，分不清是哪份资料"


def _form(process: Process) -> Iterator[str]:
    """A form that nobody can finish, or that does not ask whose case it is."""
    if WHO not in process.required_fields:
        yield f"required_fields：要有 {WHO}（{FIELDS[WHO].label}），没有它不知道是谁的申请"
    for rule in process.required_when:
        if strange := [name for name in (rule.field, *rule.fields) if name not in process.fields]:
            yield f"required_when {rule.field}：申请表里没有填 {'、'.join(strange)}，填不齐"
    if process.first.required:
        yield f"stage {process.first.id}：受理时做完的环节不另外填，required 应写到 required_fields"


def _gates(process: Process) -> Iterator[str]:
    """Gates that wait for what comes after them: the case would stand still for ever."""
    for gate in process.gates:
        if gate.needs == gate.stage or gate.needs in process.dependents(gate.stage):
            yield (f"gate {gate.stage}：要等的 {gate.needs} 自己要在 {gate.stage} 之后才能办，工单会永远停在这里")


def _ends(process: Process) -> Iterator[str]:
    """Stages that close a case or carry it out always take place, and a contract is signed at one place."""
    for word, stage in (("最后一个环节", process.last), ("energised_by", process.stage(process.energised_by))):
        if stage.optional or stage.conditions:
            yield f"stage {stage.id}：{word}不能是可不办的，也不能带 only_if、only_where，否则工单办不完"
    if process.energised_by == process.first.id:
        yield f"energised_by：不能是受理环节 {process.first.id}，否则一受理就不能终止"
    signing = [stage.id for stage in process.stages if stage.done_by == What.CONTRACT_SIGNED]
    if len(signing) > 1:
        yield f"stage {signing[1]}：一张工单只签一份合同，{signing[0]} 已随合同签署完成"
    for stage in process.stages:
        if stage.passes and stage.passes.field not in stage.required:
            yield f"stage {stage.id}：passes 的 {stage.passes.field} 要写进 required，否则不填结论也能通过"


def _papers(process: Process) -> Iterator[str]:
    """Papers that cannot be marked, that nothing waits for, or that are promised for no day."""
    term = process.promise_gate.days if process.promise_gate else 0
    for paper in process.materials:
        if not CODE.fullmatch(paper.code):
            yield f"material {paper.code}：编号应为大写字母开头的字母和数字（告知书的二维码要带它）"
        if paper.stage == process.first.id:
            yield f"material {paper.code}：受理时要的资料不写 stage"
        follows = Demand.MAY_FOLLOW in (paper.demand, paper.becomes if paper.demand is Demand.CONDITIONAL else "")
        if follows and not paper.stage and not (paper.days or term):
            yield f"material {paper.code}：容缺的资料要写明 days（几个工作日内补交）"
    later = {name for stage in process.stages for name in stage.fields} - set(process.fields)
    for paper in process.materials:
        for when in (*paper.whens, *([paper.shared_when] if paper.shared_when else [])):
            if when.field in later:
                yield f"material {paper.code}：“{FIELDS[when.field].label}”受理时还没有问，这个条件永远不成立"
    for role in ALONE:
        holders = [paper.code for paper in process.materials if paper.role == role]
        if len(holders) > 1:
            yield f"material {holders[1]}：role = \"{role}\" 只能有一份资料，{holders[0]} 已经是了"


def _reasons(catalog: Catalog, process: Process) -> Iterator[str]:
    """Words without which a case cannot be ended, or a failed round cannot stop the clock."""
    if not process.end_reasons:
        yield "end_reasons：要写明可以因为什么终止，否则撤销的工单终止不了"
    judged = {stage for kind in catalog.inspections.kinds for stage in kind.stages} & set(process.stage_by_id)
    if judged and not any(MENDING in reason for reason in process.pause_reasons):
        yield f"pause_reasons：有检验环节的业务要有带“{MENDING}”的一条，检验不合格时按它暂停"
