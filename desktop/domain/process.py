"""A kind of application as values: its stages, their owners, what each asks, what goes before what.

The values are read from the catalogue; a province changes a file. Nothing here knows a particular process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from desktop.domain.basis import Basis
from desktop.domain.deadline import Limit
from desktop.domain.material import Material, PromiseGate, When
from desktop.domain.process_day import bases, of_day


class Subject(StrEnum):
    """What an application begins from: nothing that there is yet, or an account that has its supply."""

    NEW = "新户"
    ACCOUNT = "已有用户"


class ContractAct(StrEnum):
    """What becomes of the supply contract once the application is carried out (domain: 重签还是补充)."""

    NEW = "新签"
    RENEW = "重签"
    TRANSFER = "终止并新签"
    SUPPLEMENT = "补充协议"
    CONFIRM = "确认单"
    END = "终止"


@dataclass(frozen=True)
class Consequence:
    """What becomes of the contract, with the form (`document`) that is printed for it; `when` None: always."""

    act: ContractAct
    document: str
    basis: Basis
    when: When | None = None


@dataclass(frozen=True)
class KindWhen:
    """The contract kind of an application of which `when` holds, as at another voltage."""

    kind: str
    when: When


class Deed(StrEnum):
    """What a change of use does to the account when it is carried out."""

    HOLD = "停用"
    RESTORE = "恢复"
    CAPACITY = "改容量"
    RENAME = "更名"
    TRANSFER = "过户"
    RECLASS = "改类"
    METER = "移表"
    CLOSE = "销户"


@dataclass(frozen=True)
class Effect:
    """What the done `stage` (empty: the one by which the case is carried out, `energised_by`) does to the account;
    `kind`: of what rests or is restored (暂停, 减容)."""

    deed: Deed
    stage: str = ""
    kind: str = ""
    when: When | None = None


@dataclass(frozen=True)
class Rule:
    """A rule that this kind is held to: a check by name, its settings, the sentence for the clerk.

    `stage` is where it is asked, `blocks` whether it refuses or only warns.
    """

    check: str
    sentence: str
    basis: Basis
    stage: str = ""
    blocks: bool = True
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Passes:
    """A stage that is done only by a good result; a bad one is sent back, and `sentence` says so."""

    field: str
    value: str
    sentence: str


@dataclass(frozen=True)
class RequiredWhen:
    """Fields that must be filled once another one is."""

    field: str
    fields: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True)
class Stage:
    """One stage (环节).

    `needs`: stages that must be done before it opens. `optional`: may be recorded, never waited for; `afterwards`: also
    once the case is filed, as a call-back. It takes place only where one of `only_if` holds and all of `only_where`, of
    the application and what was found since.
    `done_by`: the deed that completes it (one done by another deed is never ticked by hand). `pause_reason`: not empty
    where the time is the customer's. `awaits`: what of the customer its clock waits for, as 客户报验; empty where it
    begins with the stage. `limit` may be shared with other stages. `fields` are asked when it is done,
    `required` of them must be filled.
    """

    id: str
    name: str
    owner: str
    basis: Basis
    needs: tuple[str, ...] = ()
    optional: bool = False
    afterwards: bool = False
    only_if: tuple[When, ...] = ()
    only_where: tuple[When, ...] = ()
    passes: Passes | None = None
    done_by: str = "done"
    pause_reason: str = ""
    awaits: str = ""
    limit: Limit | None = None
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()

    @property
    def timed_by_customer(self) -> bool:
        return bool(self.pause_reason)

    @property
    def conditions(self) -> tuple[When, ...]:
        return (*self.only_if, *self.only_where)

    def applies(self, answers: Mapping[str, object]) -> bool:
        wanted = not self.only_if or any(when.holds(answers) for when in self.only_if)
        return wanted and all(when.holds(answers) for when in self.only_where)


@dataclass(frozen=True)
class Gate:
    """A rule that holds a deed back until a stage is done; `sentence` tells the clerk what is missing.

    `deed`: what must have followed at that stage once its contract was signed here, as its filing. `unless`: a field
    of the deed that is held back; where it is filled, it says why the stage is left undone.
    """

    stage: str
    act: str
    needs: str
    sentence: str
    basis: Basis
    deed: str = ""
    unless: str = ""


@dataclass(frozen=True)
class Process:
    """A kind of application (业务流程), as the catalogue has it.

    `limits` are the promised limits in their order, `total` their sum; `clocks` are all limits of every source
    (法定, 公司) and measure, in days or hours. `required_fields` must be filled at
    acceptance, `fields` are all that the form asks. `energised_by` names the stage after which a case can no
    longer be ended. `subject`: a new supply or an account that there is; `group`, `short` and `pad` (two digits) are
    how the clerk chooses it; `presets` are answers that stand in its form unless told otherwise. `contract_kind` is
    that of the contract unless one of `contract_kinds` holds; empty: the kind of the account's own contract.
    `consequences`: what becomes of the contract, the first that holds counts.
    `since`: from when its release is in force; an application of an earlier day is read as of then.
    `rules`: what an application of this kind is held to. `effects`: what its stages do to the account.
    """

    id: str
    name: str
    customer_class: str
    contract_kind: str
    release: str
    basis: Basis
    stages: tuple[Stage, ...]
    gates: tuple[Gate, ...]
    limits: tuple[Limit, ...]
    total: Limit
    materials: tuple[Material, ...]
    fields: tuple[str, ...]
    required_fields: tuple[str, ...]
    end_reasons: tuple[str, ...]
    pause_reasons: tuple[str, ...]
    energised_by: str
    required_when: tuple[RequiredWhen, ...] = ()
    code: str = ""
    warn_percent: int = 80
    promise_gate: PromiseGate | None = None
    clocks: tuple[Limit, ...] = ()
    subject: Subject = Subject.NEW
    group: str = ""
    short: str = ""
    pad: str = ""
    presets: Mapping[str, str] = field(default_factory=dict)
    contract_kinds: tuple[KindWhen, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    rules: tuple[Rule, ...] = ()
    effects: tuple[Effect, ...] = ()
    since: date = date.min

    def on(self, day: date) -> Process:
        """The kind as it is for who applies on that day: without rows that have ended or not yet begun."""
        asked = max(day, self.since)
        missing = tuple(n for n, basis in enumerate(self._dated) if not basis.holds_on(asked))
        if not missing:
            return self
        if missing not in self._of_days:  # one and the same for every day on which the same rows hold
            self._of_days[missing] = of_day(self, asked)
        return self._of_days[missing]

    def taken_on(self, day: date) -> bool:
        """Whether who applies on that day may apply for this kind: it has begun, its last day (失效日) is not over."""
        begun = self.basis.effective <= max(day, self.since)
        return begun and (self.basis.until is None or day <= self.basis.until)

    @cached_property
    def _dated(self) -> tuple[Basis, ...]:
        return tuple(basis for basis in bases(self) if basis.until is not None or basis.effective > self.since)

    @cached_property
    def _of_days(self) -> dict[tuple[int, ...], Process]:
        return {}

    def stage(self, stage_id: str) -> Stage:
        """The stage of that id. KeyError names one that this process does not have."""
        if stage_id not in self.stage_by_id:
            raise KeyError(f"{self.id} has no stage {stage_id}")
        return self.stage_by_id[stage_id]

    @cached_property
    def stage_by_id(self) -> Mapping[str, Stage]:
        return MappingProxyType({stage.id: stage for stage in self.stages})

    def required(self, answers: Mapping[str, object]) -> tuple[str, ...]:
        """The fields that must be filled at acceptance, with these answers."""
        more = [name for rule in self.required_when if answers.get(rule.field) for name in rule.fields]
        return (*self.required_fields, *(name for name in more if name not in self.required_fields))

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """The fields of the application that decide which stages take place and by when."""
        named = {when.field for stage in self.stages for when in stage.conditions}
        named |= {limit.agreed for limit in (*self.clocks, self.total)}
        return tuple(name for name in self.fields if name in named)

    def expects(self, stage_id: str, answers: Mapping[str, object]) -> bool:
        """Whether the stage may take place, as far as these answers of the application tell already."""
        stage = self.stage(stage_id)
        may = [when.holds(answers) or when.field not in self.fields for when in stage.only_if]
        must = [when.holds(answers) or when.field not in self.fields for when in stage.only_where]
        return all(must) and (any(may) or not may)

    def contract_kind_for(self, answers: Mapping[str, object]) -> str:
        """The contract kind with these answers; empty: that of the account's own contract."""
        return next((each.kind for each in self.contract_kinds if each.when.holds(answers)), self.contract_kind)

    def effects_at(self, stage_id: str, answers: Mapping[str, object]) -> tuple[Effect, ...]:
        """What the account has to expect once the stage is done, with these answers."""
        here = (e for e in self.effects if (e.stage or self.energised_by) == stage_id)
        return tuple(e for e in here if e.when is None or e.when.holds(answers))

    def consequence(self, answers: Mapping[str, object]) -> Consequence | None:
        """What becomes of the contract with these answers; None where nothing does."""
        return next((c for c in self.consequences if c.when is None or c.when.holds(answers)), None)

    @property
    def changes_use(self) -> bool:
        """Whether it changes an account that has its supply (变更用电); a new or a bigger supply is connected."""
        return bool(self.effects)

    @property
    def first(self) -> Stage:
        return self.stages[0]

    @property
    def last(self) -> Stage:
        return self.stages[-1]

    def dependents(self, stage_id: str) -> tuple[str, ...]:
        """All stages that wait for this one, directly or through others, in the process's order."""
        waiting = {stage_id}
        for stage in self.stages:
            if waiting & set(stage.needs):
                waiting.add(stage.id)
        return tuple(s.id for s in self.stages if s.id in waiting and s.id != stage_id)

    def ancestors(self, stage_id: str) -> tuple[str, ...]:
        """All stages that this one waits for, directly or through others, in the process's order."""
        needed = {stage_id}
        for stage in reversed(self.stages):
            if stage.id in needed:
                needed.update(stage.needs)
        return tuple(s.id for s in self.stages if s.id in needed and s.id != stage_id)
