"""What is wrong with a row `[[rule]]` of the catalogue, told to whoever wrote it: asked when a release is checked as a
whole, long before any application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from string import Formatter
from typing import TYPE_CHECKING

from desktop.domain.hold import REDUCED, SUSPENDED
from desktop.domain.rule import CHECKS, FIGURES, RELATIONS, Settings, listed

if TYPE_CHECKING:
    from desktop.domain.process import Rule

COUNTS = ("least_days", "most_months", "most_days", "month_days")
MOST_COUNT = 3660  # days of ten years; more is a slip of the hand that no calendar could count
BOUNDS = ("least", "most")
MONTH_DAYS = range(28, 32)  # as long as a month may be
DAYS_OR_FIELDS = ("field", "from", "to", "on", "taken")


def faults_of(rule: Rule, known: Sequence[str] = ()) -> str:
    """What is wrong with a row of the catalogue, for whoever wrote it; empty where nothing is.

    `known`: the fields that its kind asks, where they are to be looked at, too.
    """
    check = CHECKS.get(rule.check)
    if check is None:
        return f"没有这样的检查 {rule.check}，现有 {'、'.join(CHECKS)}"
    strange = set(rule.settings) - {*check.needs, *check.may, "field", "when"}
    lacks = set(check.needs) - set(rule.settings)
    if strange or lacks:
        told = f"缺少 {'、'.join(sorted(lacks))}" if lacks else f"不认识的项 {'、'.join(sorted(strange))}"
        return f"{told}（检查 {rule.check} 的项是 {'、'.join((*check.needs, *check.may)) or '无'}）"
    return (_setting_fault(rule.settings, known) or _condition_fault(rule.settings.get("when"), known)
            or _sentence_fault(rule, {*rule.settings, *check.tells}))


def _setting_fault(settings: Settings, known: Sequence[str]) -> str:
    """What is wrong with a threshold, a figure, a relation or a field; empty where nothing is."""
    for name in (*COUNTS, *BOUNDS):
        said = settings.get(name, 0)
        if isinstance(said, bool) or not isinstance(said, int | float | str) or not _is_count(said, name in COUNTS):
            return f"{name} 应为数，现为 {said}"
        if name in COUNTS and Decimal(str(said)) > MOST_COUNT:
            return f"{name} 现为 {said}，最大 {MOST_COUNT}，请核对"
    if "month_days" in settings and int(settings["month_days"]) not in MONTH_DAYS:
        return f"month_days 应为 {MONTH_DAYS[0]} 至 {MONTH_DAYS[-1]}，现为 {settings['month_days']}"
    for name, offered in (("against", FIGURES), ("relation", RELATIONS), ("kind", (SUSPENDED, REDUCED))):
        if name in settings and settings[name] not in tuple(offered):
            return f"{name} 应为 {'、'.join(offered)} 之一，现为 {settings[name]}"
    if "values" in settings and not all(isinstance(each, str) for each in listed(settings["values"])):
        return "values 应为文字的列表"
    return _field_fault(settings, known)


def _field_fault(settings: Settings, known: Sequence[str]) -> str:
    """A rule may be told beside one of several fields, as far as the kind asks them; of `known` one must be."""
    for name in DAYS_OR_FIELDS:
        said = listed(settings[name]) if name in settings else []
        if not all(isinstance(each, str) and each for each in said):
            return f"{name} 应为字段名"
        if said and known and not set(map(str, said)) & set(known):
            return f"{name}：这种业务没有填 {'、'.join(map(str, said))}"
    return ""


def _is_count(said: float | str, whole: bool) -> bool:
    try:
        number = Decimal(str(said))
    except InvalidOperation:
        return False
    return number.is_finite() and number >= 0 and (not whole or number == int(number))


def _condition_fault(said: object, known: Sequence[str]) -> str:
    if said is None:
        return ""
    row = said if isinstance(said, Mapping) else {}
    lists = all(isinstance(each, str) for name in ("values", "unless") for each in listed(row.get(name, [])))
    texts = all(isinstance(row.get(name, ""), str) for name in ("field", "value", "least", "most"))
    if not row.get("field") or set(row) - {"field", "value", "values", "unless", "least", "most"} or not (
            lists and texts) or not all(_is_count(row[name], False) for name in BOUNDS if row.get(name)):
        return "when 应写成 { field = \"字段\", values = [\"值\"] } 的样子"
    return f"when：这种业务没有填 {row['field']}" if known and row["field"] not in known else ""


def _sentence_fault(rule: Rule, told: Iterable[str]) -> str:
    """The sentence names, in plain braces, only what its check tells or its row sets."""
    try:
        parts = list(Formatter().parse(rule.sentence))
    except ValueError:
        return "sentence 里的花括号不成对"
    for _text, name, spec, conversion in parts:
        if name is not None and (name not in told or spec or conversion):
            return f"sentence 里的 {{{name}}} 填不出来，检查 {rule.check} 给出 {'、'.join(sorted(told)) or '无'}"
    return ""
