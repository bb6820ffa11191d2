"""Releases row by row: every row that has a 依据, and what differs between two releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.catalog.files import Files

# by what a row is called, in its file: the first ones there are
NAMES = ("id", "code", "group", "name", "label", "item", "stage", "act", "needs", "source", "measure", "check", "deed",
         "kind", "field", "date")
Flat = Mapping[tuple[str, str], str]  # (row, key) → value
OF_BASIS = ("basis", "effective", "until", "region", "verified")
# what files and keys are called for those who read the rules and do not edit them
FILES = {
    "release.toml": "目录", "stages.toml": "环节字典", "materials.toml": "资料字典", "fields.toml": "字段组",
    "contracts.toml": "合同种类", "voltages.toml": "供电电压", "reminders.toml": "提醒", "clock.toml": "计时规则",
    "paper_kinds.toml": "认可的证件", "fees.toml": "费用", "schemes.toml": "方案校核", "surveys.toml": "勘查清单",
    "approvals.toml": "审批路线", "inspections.toml": "检查", "ledger.toml": "台账用词",
}
WORDS = {
    "days": "工作日", "hours": "小时", "name": "名称", "label": "名称", "measure": "口径", "source": "来源",
    "stages": "环节", "demand": "要求", "when": "条件", "becomes": "成立后", "act": "动作", "needs": "先办",
    "sentence": "提示", "supplied_by": "由谁提供", "owner": "责任岗位", "required": "必填", "fields": "填写",
    "cap_years": "上限（年）", "check": "检查", "most": "上限", "least": "下限", "unit": "单位", "examples": "举例", "field": "字段",
    "value": "值", "values": "值", "unless": "除外", "stage": "环节", "papers": "文书", "document": "文书",
    "optional": "可不办", "short": "简称", "pad": "选号", "customer_class": "客户类别", "contract_kind": "合同种类",
    "required_fields": "必填", "blocks": "不得办理", "pause_reason": "客户环节", "price": "单价", "item": "项目", "text": "内容", "deed": "对用户",
}


@dataclass(frozen=True)
class RuleRow:
    """A row with its basis; `says` is what it says besides, in short; `title` what the file is about."""

    file: str
    title: str
    row: str
    says: str
    basis: str
    effective: str
    until: str
    region: str
    verified: bool


@dataclass(frozen=True)
class Difference:
    """One value that two releases have not in common; an empty side has no such row or key."""

    file: str
    title: str
    row: str
    key: str
    before: str
    after: str


def rule_rows(files: Files, region: str) -> tuple[RuleRow, ...]:
    """Every row of the release that stands on a basis, file by file."""
    return tuple(rule for name in sorted(files.texts) if not name.startswith("calendars/")
                 for rule in _rules((name, title_of(files, name)), "", files.table(name), region))


def title_of(files: Files, name: str) -> str:
    """What the file is about: a kind's name, or what the book is called."""
    if name.startswith("processes/") and name in files:
        return str(files.table(name).get("name", name))
    return FILES.get(name, name)


def _rules(name: tuple[str, str], where: str, table: Mapping[str, Any], region: str) -> Iterator[RuleRow]:
    if "basis" in table:
        yield RuleRow(*name, where or str(table.get("name", "")), _says(table), str(table["basis"]),
                      str(table.get("effective", "")), str(table.get("until", "")),
                      str(table.get("region", region)), table.get("verified") is True)
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _rules(name, f"{where} {key}".strip(), value, region)
        for place, row in enumerate(value if isinstance(value, list) else (), 1):
            if isinstance(row, dict):
                yield from _rules(name, f"{where} {key} {named(row, place)}".strip(), row, region)


def _says(table: Mapping[str, Any]) -> str:
    told = (f"{WORDS.get(key, key)}：{_short(value)}" for key, value in table.items()
            if key not in OF_BASIS and not (isinstance(value, list) and value and isinstance(value[0], dict)))
    return "；".join(told)


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(_short, value))
    if isinstance(value, dict):
        return "，".join(f"{key} {_short(each)}" for key, each in value.items())
    return str(value)


def named(row: Mapping[str, Any], place: int) -> str:
    """What a row is called within its list."""
    found = [str(row[key]) for key in NAMES if row.get(key) and not isinstance(row[key], dict | list)]
    return " ".join(found[:4]) or f"第 {place} 行"


def differences(before: Files, after: Files) -> tuple[Difference, ...]:
    """What differs, value by value, in the order of the files."""
    names = sorted({*before.texts, *after.texts})
    titles = {name: title_of(after if name in after else before, name) for name in names}
    return tuple(each for name in names
                 for each in _between((name, titles[name]), _flat(before, name), _flat(after, name)))


def _between(name: tuple[str, str], old: Flat, new: Flat) -> Iterator[Difference]:
    for row, key in dict.fromkeys((*old, *new)):
        was, now = old.get((row, key), ""), new.get((row, key), "")
        if was != now:
            yield Difference(*name, row, key, was, now)


def _flat(files: Files, name: str) -> Flat:
    """Row and key → value of one file; empty where the release has no such file."""
    return dict(_values("", files.table(name))) if name in files else {}


def _values(where: str, table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for key, value in table.items():
        if isinstance(value, list) and any(isinstance(row, dict) for row in value):
            for place, row in enumerate(value, 1):
                yield from _values(f"{where} {key} {named(row, place)}".strip(), row)
        else:
            yield (where, key), _short(value)
