"""Releases row by row: every row that has a 依据, and what differs between two releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from desktop.catalog.files import BASE_REGION, OWN, Files
from desktop.domain.field import FIELDS

# by what a row is called, in its file: the first ones there are
NAMES = ("id", "code", "name", "label", "group", "item", "stage", "act", "needs", "source", "measure", "check", "deed",
         "reading", "kind", "field", "date")
NO_WORDS: Mapping[str, str] = MappingProxyType({})
ADDED, REMOVED = "新增", "删去"
CODES = ("id", "code")
OF_MAKING = ("digest", OWN, BASE_REGION)  # how a release was made, and nothing of what it says
OF_BASIS = ("basis", "effective", "until", "region", "verified")
# what files and keys are called for those who read the rules and do not edit them
FILES = {
    "release.toml": "目录", "stages.toml": "环节字典", "materials.toml": "资料字典", "fields.toml": "字段组",
    "contracts.toml": "合同种类", "voltages.toml": "供电电压", "reminders.toml": "提醒", "clock.toml": "计时规则",
    "paper_kinds.toml": "认可的证件", "fees.toml": "费用", "schemes.toml": "方案校核", "surveys.toml": "勘查清单",
    "evidence.toml": "环节凭证", "corrections.toml": "更正申请",
    "approvals.toml": "审批路线", "progress.toml": "给客户看的进度", "ladder.toml": "照录次序",
    "case_ledger.toml": "在办工单用词", "rules.toml": "规则字典", "inspections.toml": "检查",
    "ledger.toml": "台账用词",
}
LISTS = {
    "stage": "环节", "material": "资料", "limit": "时限", "gate": "门槛", "rule": "规则", "contract": "合同",
    "required_when": "连带必填", "effect": "对用户", "promise_gate": "承诺未补齐", "contract_kind_when": "合同种类",
    "route": "路线", "kind": "种类", "voltage": "电压", "band": "提醒档", "threshold": "门槛值", "about": "说明",
    "item": "项目", "series": "系列", "ground": "校核依据", "validity": "有效期", "reading": "读法", "fee": "费用",
    "evidence": "凭证", "pairing": "相配",
}
WORDS = {
    "id": "编号", "code": "代码", "group": "分组", "like": "同于", "effective": "生效日", "until": "失效日",
    "region": "地区", "basis": "依据", "verified": "已核验", "presets": "预填", "also_fields": "另填",
    "also_required_fields": "另必填", "only_if": "条件", "only_where": "条件", "warn_percent": "黄色提醒（%）",
    "days": "工作日", "hours": "小时", "name": "名称", "label": "名称", "measure": "口径", "source": "来源",
    "stages": "环节", "demand": "要求", "when": "条件", "becomes": "成立后", "act": "动作", "needs": "先办",
    "sentence": "提示", "supplied_by": "由谁提供", "owner": "责任岗位", "required": "必填", "fields": "填写",
    "cap_years": "上限（年）", "check": "检查", "most": "上限", "least": "下限", "unit": "单位", "examples": "举例",
    "field": "字段", "value": "值", "values": "值", "unless": "除外", "stage": "环节", "papers": "文书",
    "document": "文书", "optional": "可不办", "afterwards": "归档后可办",
    "short": "简称", "pad": "选号", "customer_class": "客户类别",
    "contract_kind": "合同种类", "required_fields": "必填", "blocks": "不得办理", "pause_reason": "客户环节",
    "price": "单价", "item": "项目", "text": "内容", "deed": "对用户", "levels": "电压等级", "question": "查什么",
    "groups": "业务分组", "or_when": "或者", "awaits": "等客户",
    "clock": "怎样计", "subject": "对象", "energised_by": "以哪一环节为送电", "names": "其他叫法",
    "voltages": "供电电压", "level": "级别", "belongs": "归属", "reading": "读法", "drop": "不沿用",
    "includes": "含环节", "posts": "岗位", "most_kv": "最高（kV）", "kinds": "种类", "expires": "有有效期",
    "from": "自", "to": "至", "meter": "电能表", "ct": "电流互感器", "pt": "电压互感器", "standard": "标准",
    "title": "标题", "renewal": "续展方式", "objection_days": "异议期（日）", "shared_from": "共享来源",
    "kind": "种类", "against": "对照", "relation": "关系", "natures": "用电性质", "sources": "电源数",
    "stations": "变电站数", "submission": "报什么", "qualified": "资质", "most_months": "最长（月）", "of": "取自",
    "month_days": "几日折一月", "base": "底本",
    "passes": "合格的条件", "over": "超过", "template": "合同文本", "customer": "客户办的环节", "role": "用作",
    "least_days": "至少（日）", "months": "月数", "extend_before": "提前（日）", "verdict": "结论",
    "late_starts_next_day": "营业时间外的次日起算", "late_entry_days": "晚录几天要计数",
    "evidence_required": "暂停须有凭据",
    "opening": "开门", "closing": "关门", "pause_posts": "可批准暂停的岗位", "quantity_of": "数量取自",
    "expected": "通常何时收",
    "stand_in": "可代签的岗位", "four_eyes": "提交人不自审", "fallback": "没有路线时由谁审",
    "auto": "自动通过", "order": "次序", "first": "默认业务", "shared_when": "免交的条件",
    "why": "原因", "accepted": "认可", "system": "那边的系统", "number_label": "编号叫什么",
    "later": "还没到时说", "now": "办理中说", "done": "办好后说", "hidden": "不给客户看", "leaves_out": "不计",
    "agreed": "按约定的日期",
    "paper_days": "资料到期前几天", "hold_days": "停用期满前几天", "unreturned_days": "合同打印后几天未回",
    "word": "叫法",
    "on": "哪一天的", "hint": "提示", "words": "别的叫法", "max": "最多", "end_reasons": "终止原因",
    "pause_reasons": "暂停原因", "also_required": "另必填",
    "done_by": "怎样完成", "may_not_apply": "可不适用", "industries": "行业", "attachments": "附件",
    "before": "在此环节办完以前", "asked_by": "由谁提出", "stretch": "没有上一级电压时的上限",
}


VALUES = {
    "low": "低压", "high": "高压", "builder": "施工单位", "designer": "设计单位", "done": "完成",
    "contract_signed": "合同签订",
    "field": "字段", "value": "为", "values": "为", "unless": "除外", "least": "不小于", "most": "不大于",
    "later": "还没到时说",
    "now": "办理中说", "hidden": "不给客户看", "sentence": "提示",
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


def rule_rows(files: Files) -> tuple[RuleRow, ...]:
    """Every row of the release that stands on a basis, file by file."""
    return tuple(rule for name in sorted(files.texts, key=_kinds_first) if not name.startswith("calendars/")
                 for rule in _rules((name, title_of(files, name)), "", files.table(name), files.region(name)))


def _kinds_first(name: str) -> tuple[bool, str]:
    return not name.startswith("processes/"), name


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
            yield from _rules(name, f"{where} {LISTS.get(key, key)}".strip(), value, region)
        for place, row in enumerate(value if isinstance(value, list) else (), 1):
            if isinstance(row, dict):
                yield from _rules(name, _where(where, key, row, place), row, region)


def _where(where: str, key: str, row: Mapping[str, Any], place: int) -> str:
    """How a row of a list is called, after what it stands in."""
    return f"{where} {LISTS.get(key, key)} {named(row, place)}".strip()


def _says(table: Mapping[str, Any], words: Mapping[str, str] = NO_WORDS) -> str:
    told = (f"{WORDS.get(key, key)}：{_short(value, words)}" for key, value in table.items()
            if value not in ("", [], {}) and key not in OF_BASIS and not _is_rows(value))
    return "；".join(told)


def _stands(table: Mapping[str, Any]) -> Iterator[str]:
    """From when until when a row holds, and on what it stands."""
    since, until = table.get("effective"), table.get("until")
    if since:
        yield f"自 {since} 至 {until}" if until else f"自 {since} 起"
    if table.get("basis"):
        yield f"依据：{table['basis']}"


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, dict) for row in value)


def _is_tables(value: Any) -> bool:
    """A table of tables, as the words of each stage."""
    return isinstance(value, dict) and bool(value) and all(isinstance(each, dict) for each in value.values())


def _short(value: Any, words: Mapping[str, str] = NO_WORDS) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_short(each, words) for each in value)
    if isinstance(value, dict):
        return "，".join(f"{_in_words(key, words)} {_short(each, words)}" for key, each in value.items())
    return _in_words(str(value), words)


def _in_words(name: str, words: Mapping[str, str]) -> str:
    """A field by its label, a kind or a paper by its name; what is none of them as it stands."""
    if name.startswith(("@", "-")) and name[1:] in FIELDS:
        return f"去掉 {FIELDS[name[1:]].label}"
    return FIELDS[name].label if name in FIELDS else words.get(name) or VALUES.get(name) or LISTS.get(name, name)


def named(row: Mapping[str, Any], place: int) -> str:
    """What a row is called within its list."""
    found = [str(row[key]) for key in NAMES if row.get(key) and not isinstance(row[key], dict | list)]
    return " ".join(found[:4]) or f"第 {place} 行"


@dataclass(frozen=True)
class _Line:
    """One row of a file: how it is called, its own values, and what it says in short."""

    row: str
    values: Mapping[str, str]
    says: str


def differences(before: Files, after: Files, words: Mapping[str, str] = NO_WORDS) -> tuple[Difference, ...]:
    """What differs, value by value, in the order of the files; a row that only one of them has is one line.

    words: what kinds, contracts and papers are called by those who know them by name.
    """
    names = sorted({*before.texts, *after.texts})
    titles = {name: title_of(after if name in after else before, name) for name in names}
    return tuple(each for name in names for each in _between(
        (name, titles[name]), _lines_of(before, name, words), _lines_of(after, name, words)))


def _between(name: tuple[str, str], old: Mapping[str, _Line], new: Mapping[str, _Line]) -> Iterator[Difference]:
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        if was is None or now is None:
            there = was or now
            assert there is not None
            yield Difference(*name, there.row, REMOVED if was else ADDED, was.says if was else "",
                             now.says if now else "")
            continue
        for word in dict.fromkeys((*was.values, *now.values)):
            first, then = was.values.get(word, ""), now.values.get(word, "")
            if first != then:
                yield Difference(*name, now.row, word, first, then)


def _lines_of(files: Files, name: str, words: Mapping[str, str]) -> dict[str, _Line]:
    """The rows of one file by what they are known by; none where the release has no such file."""
    if name not in files:
        return {}
    table = {key: value for key, value in files.table(name).items() if key not in OF_MAKING}
    return dict(_lines("", "", table, words))


def _lines(known: str, where: str, table: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[tuple[str, _Line]]:
    """The table itself, then its rows: one that was renamed is still the same row."""
    own = {WORDS.get(key, key): _short(value, words) for key, value in table.items()
           if not _is_rows(value) and not _is_tables(value)}
    if own:
        yield known, _Line(where, own, "；".join(filter(None, (_says(table, words), *_stands(table)))))
    for key, value in table.items():
        for name, each in value.items() if _is_tables(value) else ():
            yield from _lines(f"{known} {key} {name}", f"{where} {LISTS.get(key, key)} {name}".strip(), each, words)
        met: dict[str, int] = {}
        for place, row in enumerate(value if _is_rows(value) else (), 1):
            told = _known_by(row, place)
            met[told] = met.get(told, 0) + 1  # the second of one code, as the standard sizes of another voltage
            yield from _lines(f"{known} {key} {told} {met[told]}", _where(where, key, row, place), row, words)


def _known_by(row: Mapping[str, Any], place: int) -> str:
    """By what a row is the same one in another release: its code, else what it is about."""
    code = next((str(row[key]) for key in CODES if isinstance(row.get(key), str)), "")
    return code or named(row, place)
