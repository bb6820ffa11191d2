"""A release looked at whole, its books: what stands beside the kinds and is shared by them all.

Each fault is a sentence that begins with file and row, for whoever wrote the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from desktop.catalog.dictionary import DICTIONARIES
from desktop.catalog.files import HEAD, KINDS, Files
from desktop.catalog.release import Catalog
from desktop.domain.basis import Basis
from desktop.domain.field import FIELDS
from desktop.domain.inspection import QUALIFIED
from desktop.domain.kind import Field
from desktop.domain.material import When

BOOKS = ("contracts.toml", "reminders.toml", "clock.toml", "voltages.toml", "paper_kinds.toml", "fees.toml",
         "inspections.toml", "schemes.toml", "surveys.toml", "approvals.toml", "progress.toml", "ladder.toml",
         "ledger.toml", "case_ledger.toml", "corrections.toml", "evidence.toml")
NAME = re.compile(r"[^\s/\\\x00-\x1f]{1,40}")  # of a release: it stands in lists, in cases and in file names
YEAR = re.compile(r"calendars/\d{4}\.json")
KIND_FILE = re.compile(re.escape(KINDS) + r"[A-Za-z][A-Za-z0-9_]*\.toml")


def doubled(names: Iterable[str]) -> list[str]:
    """Those that stand there more than once."""
    return [name for name, times in Counter(names).items() if times > 1]


def head_faults(catalog: Catalog) -> Iterator[str]:
    """Files that nobody reads, a name that cannot stand in a list, kinds that are ordered and not there."""
    if not NAME.fullmatch(catalog.head.id):
        yield f"{HEAD}: id 应为不超过 40 个字、没有空格和斜线的编号"
    for name in catalog.files.texts:
        if name not in (HEAD, *DICTIONARIES, *BOOKS) and not KIND_FILE.fullmatch(name) and not YEAR.fullmatch(name):
            yield f"{name}: 规则目录里没有这个文件，请核对文件名和文件夹（业务种类放在 processes 里）"
    if not catalog.processes:
        yield f"{HEAD}: processes 里一种业务也没有"
    wanted = (*catalog.head.order, *([catalog.head.first] if catalog.head.first else []))
    if strange := [kind for kind in wanted if kind not in catalog.processes]:
        yield f"{HEAD}: order 或 first 里的业务 {'、'.join(strange)} 不在 processes 里"
    if twice := doubled(catalog.head.order):
        yield f"{HEAD}: order 里 {twice[0]} 写了两次"


def dictionary_faults(files: Files) -> Iterator[str]:
    """Rows of the dictionaries that stand there twice, or have no name."""
    for name, rows, key in (("stages.toml", "stage", "id"), ("materials.toml", "material", "code"),
                            ("rules.toml", "rule", "id")):
        told = [row.get(key, "") for row in files.table(name).get(rows, [])] if name in files else []
        if "" in told:
            yield f"{name} {rows} 第 {told.index('') + 1} 行: 缺少 {key}"
        if twice := doubled(told):
            yield f"{name} {rows} {twice[0]}: 写了两次"


def kind_names(catalog: Catalog) -> Iterator[str]:
    """Kinds of application that are called or chosen alike."""
    for key, word in (("name", "名称"), ("short", "简称"), ("pad", "选号")):
        told = {kind.id: getattr(kind, key) for kind in catalog.processes.values() if getattr(kind, key)}
        if twice := doubled(told.values()):
            both = [kind for kind, said in told.items() if said == twice[0]]
            yield f"{both[-1]}.toml: {word}“{twice[0]}”与 {both[0]}.toml 相同"
    for kind in catalog.processes.values():
        if kind.pad and not re.fullmatch(r"\d{2}", kind.pad):
            yield f"{kind.id}.toml: pad 应为两位数字"


def book_faults(catalog: Catalog) -> Iterator[str]:
    """Everything that is wrong in the books, one after another."""
    yield from _twice(catalog)
    yield from _fields(catalog)
    yield from _choices(catalog)
    yield from _stages(catalog)
    yield from _expired(catalog)


def _twice(catalog: Catalog) -> Iterator[str]:
    schemes = catalog.schemes
    for where, names in (
            ("contracts.toml: code", [kind.code for kind in catalog.contract_kinds.values()]),
            ("contracts.toml: name", [kind.name for kind in catalog.contract_kinds.values()]),
            ("paper_kinds.toml kinds", [f"{kind.group} {kind.name}" for kind in catalog.paper_kinds]),
            ("inspections.toml kind", [kind.id for kind in catalog.inspections.kinds]),
            ("inspections.toml licence", _times((each.level, each.basis) for each in catalog.inspections.licences)),
            ("approvals.toml route", _times((each.id, each.basis) for each in catalog.approvals.routes)),
            ("schemes.toml threshold", _times((each.id, each.basis) for each in schemes.thresholds)),
            ("schemes.toml important", _times((each.level, each.basis) for each in schemes.important)),
            ("schemes.toml ground", _times((each.id, each.basis) for each in schemes.grounds)),
            ("corrections.toml item", _times((each.id, each.basis) for each in catalog.corrections)),
            ("schemes.toml validity", _times((each.id, each.basis) for each in schemes.validity))):
        if twice := doubled(names):
            yield f"{where} {twice[0]}: 写了两次"


def _times(rows: Iterable[tuple[str, Basis]]) -> list[str]:
    """Rows of one name may follow one another in time; the same name from the same day on is there twice."""
    return [f"{name}（{basis.effective} 起）" for name, basis in rows]


def _fields(catalog: Catalog) -> Iterator[str]:
    """Fields that nobody knows, in what the books ask of an application."""
    for item in catalog.fees.items:
        named = (*item.quantity_of, *([item.expected_field] if item.expected_field else []))
        if strange := [name for name in named if name not in FIELDS]:
            yield f"fees.toml item {item.id}: 没有这样的字段 {'、'.join(strange)}"
        if other := [name for name in item.quantity_of if name in FIELDS and FIELDS[name].unit != item.unit]:
            told = "、".join(f"{FIELDS[name].label}（{FIELDS[name].unit or '无单位'}）" for name in other)
            yield f"fees.toml item {item.id}: 按{item.unit}计的费用，数量不能取自{told}"
    for where, when in _whens(catalog):
        if when.field not in FIELDS:
            yield f"{where}: 没有这样的字段 {when.field}"
        elif strange := strange_choices(FIELDS[when.field], (*when.values, *when.unless)):
            yield f"{where}: “{FIELDS[when.field].label}”没有 {'、'.join(strange)} 这样的选项"


def _whens(catalog: Catalog) -> Iterator[tuple[str, When]]:
    for route in catalog.approvals.routes:
        if route.when:
            yield f"approvals.toml route {route.id}", route.when
    for item in catalog.surveys:
        if item.when:
            yield f"surveys.toml item {item.id}", item.when
    for fee in catalog.fees.items:
        if fee.expected_field:
            yield f"fees.toml item {fee.id}", When(fee.expected_field, fee.expected_values)


def strange_choices(field: Field, values: Iterable[str]) -> list[str]:
    """Those of the values that the field does not offer."""
    return [value for value in values if field.choices and value not in field.choices]


def _choices(catalog: Catalog) -> Iterator[str]:
    """Voltages, natures and levels that no form offers."""
    schemes = catalog.schemes
    asked: list[tuple[str, str, Iterable[str]]] = [
        ("voltages.toml voltage", "voltage", catalog.voltages),
        *(("schemes.toml series", "voltage", each.voltages) for each in schemes.series),
        *(("schemes.toml metering_class", "voltage", each.voltages) for each in schemes.classes),
        *(("schemes.toml power_factor", "usage_nature", each.natures) for each in schemes.factors),
        *(("schemes.toml important", "important_level", [each.level]) for each in schemes.important),
        *((f"approvals.toml route {each.id}", "voltage", each.voltages) for each in catalog.approvals.routes)]
    for where, name, values in asked:
        if strange := strange_choices(FIELDS[name], values):
            yield f"{where}: “{FIELDS[name].label}”没有 {'、'.join(strange)} 这样的选项"
    for route in catalog.approvals.routes:
        if strange := [kind for kind in route.kinds if kind not in catalog.processes]:
            yield f"approvals.toml route {route.id}: 没有这样的业务 {'、'.join(strange)}"


def _stages(catalog: Catalog) -> Iterator[str]:
    """Proofs and inspections of stages that no kind has, and inspections that nobody is qualified for."""
    known = {stage.id for kind in catalog.processes.values() for stage in kind.stages}
    for proof in catalog.evidence:
        if proof.stage not in known:
            yield f"evidence.toml evidence {proof.code}: 没有一种业务有环节 {proof.stage}，永远不会要它"
    for kind in catalog.inspections.kinds:
        if strange := [stage for stage in (*kind.stages, *kind.customer) if stage not in known]:
            yield f"inspections.toml kind {kind.id}: 没有一种业务有环节 {'、'.join(strange)}"
        if not kind.stages or not set(kind.qualified) <= set(QUALIFIED):
            yield f"inspections.toml kind {kind.id}: 要写明 stages（判哪个环节）"


def _expired(catalog: Catalog) -> Iterator[str]:
    """Rows of the books whose time is over before the release begins: nobody would ever meet them."""
    for name in BOOKS:
        if name in catalog.files:
            for where, until in _untils(name, catalog.files.table(name)):
                if until < str(catalog.effective):
                    yield f"{where}: 失效日 {until} 早于这一版的生效日 {catalog.effective}，没有一天有效"


def _untils(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        if isinstance(value.get("until"), str) and value["until"]:
            yield f"{where}", value["until"]
        for key, each in value.items():
            yield from _untils(f"{where} {key}", each)
    for place, row in enumerate(value if isinstance(value, list) else (), 1):
        name = next((row[key] for key in ("id", "name", "level") if row.get(key)), f"第 {place} 行") if isinstance(
            row, Mapping) else ""
        yield from _untils(f"{where} {name}", row)
