"""The 供电方案 in versions: what changed and why, how long it stands, its extension, when it is void.

An answered version never changes; a new one follows it. All is read from the case's log.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from desktop.domain.caselog import LogEntry, What, fold, standing
from desktop.domain.field import FIELDS, show, show_cell
from desktop.domain.process import Process, Stage
from desktop.domain.sizing import Validity
from desktop.errors import Missing

Row = Mapping[str, str]
NOTHING = "—"
ASKERS = ("客户", "供电企业", "电网")
OPINIONS = ("同意", "异议")
FREE = ("note", "scheme_valid_until", "scheme_receiver", "scheme_replied_on", "scheme_number")
"""What may still be written when the scheme is answered: it changes nothing of what was approved."""


class Deed(StrEnum):
    """What the log says of a scheme after its answer, each with its facts."""

    OPINION = "scheme_opinion"
    EXTENDED = "scheme_extended"
    WORKS = "works_started"


@dataclass(frozen=True)
class Change:
    """One field that a version says otherwise than the one before it, as shown."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Opinion:
    """What the customer said of a version (同意 or 异议), who signed for it, and when."""

    word: str
    text: str
    signed_by: str
    signed_on: date


@dataclass(frozen=True)
class Version:
    """An answered scheme. `why`, `asked_by`, `cost`, `days` say why it took the place of the one before; empty for the
    first."""

    revision: int
    facts: Mapping[str, Any]
    answered_on: date
    clerk_name: str
    changes: tuple[Change, ...] = ()
    why: str = ""
    asked_by: str = ""
    cost: str = ""
    days: str = ""
    opinion: Opinion | None = None


@dataclass(frozen=True)
class Term:
    """How long the present scheme stands: `first_until` as answered, `until` with its extension; `started_on`: the day
    on which the works began in time."""

    until: date
    first_until: date
    started_on: date | None

    def is_void(self, day: date) -> bool:
        """Expired with nothing begun."""
        return self.started_on is None and day > self.until


def scheme_stage(process: Process) -> Stage | None:
    """The stage at which the scheme is answered; None where this kind has none."""
    return next((s for s in process.stages if any(n.startswith("scheme_") for n in s.fields)), None)


def later(day: date, months: int) -> date:
    """The day so many months later; the month's last where it has no such day. 依据：民法典第二百零二条."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, monthrange(day.year + years, month + 1)[1]))


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Field by field, what `after` says otherwise; of a list row by row. What is `FREE` is left out."""
    found: list[Change] = []
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name) or "", after.get(name) or ""
        if old == new or name not in FIELDS or name in FREE:
            continue
        if FIELDS[name].columns:
            found += _row_changes(name, before.get(name) or [], after.get(name) or [])
        else:
            found.append(Change(name, FIELDS[name].label, _said(name, old), _said(name, new)))
    return tuple(found)


def _said(name: str, value: Any) -> str:
    """The value in words."""
    return f"{show(name, value, masked=True)} {FIELDS[name].unit}".rstrip() if value else NOTHING


def _row_changes(name: str, old: Sequence[Row], new: Sequence[Row]) -> Iterator[Change]:
    """The rows that were changed, each by its first column; those that came, and those that went."""
    label, key = FIELDS[name].label, FIELDS[name].columns[0].name
    for place, (was, now) in enumerate(_matched(key, old, new), 1):
        if was == now:
            continue
        row = was or now or {}
        other = [column.name for column in FIELDS[name].columns
                 if (was or {}).get(column.name, "") != (now or {}).get(column.name, "")]
        told = row.get(key) or f"第 {place} 行"
        yield Change(name, f"{label}：{told}", _cells(name, was, other if now else ()),
                     _cells(name, now, other if was else ()))


def _matched(key: str, old: Sequence[Row], new: Sequence[Row]) -> list[tuple[Row | None, Row | None]]:
    """Rows of the same name beside one another; by their places where names do not tell them apart."""
    before, after = ({row.get(key, ""): row for row in rows} for rows in (old, new))
    if len(before) == len(old) and len(after) == len(new) and "" not in {*before, *after}:
        return [(before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after))]
    return list(zip_longest(old, new))


def _cells(name: str, row: Row | None, wanted: Sequence[str]) -> str:
    """The wanted cells of a row in words, all of them if none is named."""
    if row is None:
        return NOTHING
    cells = [f"{column.label} {show_cell(column, row[column.name])} {column.unit}".rstrip()
             for column in FIELDS[name].columns
             if row.get(column.name) and (not wanted or column.name in wanted)]
    return "，".join(cells) or NOTHING


def versions(process: Process, log: Sequence[LogEntry]) -> tuple[Version, ...]:
    """Every answered version, the first first."""
    stage = scheme_stage(process)
    if stage is None:
        return ()
    made: list[Version] = []
    reason: Mapping[str, Any] = {}
    for entry in standing(log):
        if entry.what == What.DONE and entry.stage == stage.id:
            made.append(_version(entry, made, reason))
            reason = {}
        elif entry.what == What.SENT_BACK and made and _reopens(process, stage, entry):
            reason = entry.facts
        elif entry.what == Deed.OPINION and made:
            made = [_with_opinion(each, entry) for each in made]
    return tuple(made)


def objected(process: Process, log: Sequence[LogEntry]) -> str:
    """That the customer objects to the version that stands, in a sentence; '' where he does not, or a new version is
    already being made. 依据：合理诉求重新论证并调整方案。"""
    last, stage = next(iter(reversed(versions(process, log))), None), scheme_stage(process)
    if last is None or stage is None or last.opinion is None or last.opinion.word != "异议":
        return ""
    if fold(process, log).runs[stage.id].done_on is None:
        return ""
    told = f"客户 {last.opinion.signed_on.isoformat()} 对第 {last.revision} 版供电方案提出异议（{last.opinion.text}）"
    return (f"{told}：请重新论证，需要调整的用“变更方案”；谈妥不改的，补登客户同意，再往下办")


def _reopens(process: Process, stage: Stage, entry: LogEntry) -> bool:
    return str(entry.facts.get("to") or entry.stage) in (stage.id, *process.ancestors(stage.id))


def _version(entry: LogEntry, before: Sequence[Version], reason: Mapping[str, Any]) -> Version:
    why, asked_by, cost, days = (str(reason.get(name, "")) for name in ("reason", "asked_by", "cost", "days"))
    changed = changes(before[-1].facts, entry.facts) if before else ()
    return Version(len(before) + 1, entry.facts, entry.claimed_on, entry.clerk_name, changed, why, asked_by, cost, days)


def _with_opinion(this: Version, entry: LogEntry) -> Version:
    if entry.facts["revision"] != this.revision:
        return this
    told = Opinion(entry.facts["opinion"], entry.facts.get("text", ""), entry.facts["signed_by"], entry.claimed_on)
    return replace(this, opinion=told)


def term(process: Process, log: Sequence[LogEntry]) -> Term | None:
    """How long the present scheme stands; None before it was answered, or where no date was written."""
    stage = scheme_stage(process)
    if stage is None:
        return None
    until = first = started = None
    begun = set(process.dependents(stage.id))
    for entry in standing(log):
        if entry.stage == stage.id and entry.what == What.DONE:
            until = first = _day(entry.facts.get("scheme_valid_until"))
            started = None
        elif entry.what == What.SENT_BACK and _reopens(process, stage, entry):
            until = first = started = None
        elif entry.what == Deed.EXTENDED and until:
            until = date.fromisoformat(entry.facts["until"])
        elif until and _begins(entry, begun) and entry.claimed_on <= until:
            started = started or entry.claimed_on
    return Term(until, first, started) if until and first else None


def _begins(entry: LogEntry, stages: set[str]) -> bool:
    """Works noted as begun, or a later stage done, or the contract signed: the scheme is being carried out."""
    return entry.what == Deed.WORKS or (entry.stage in stages and entry.what in (What.DONE, What.CONTRACT_SIGNED))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def void_scheme(process: Process, log: Sequence[LogEntry], stage: str, on: date) -> tuple[Missing, ...]:
    """What stands in the way of going on at `stage` on a scheme that ran out before anything was begun.

    依据：《供电营业规则》：供电方案在有效期内未开工的作废，须重新答复。
    """
    place, now = scheme_stage(process), term(process, log)
    if place is None or now is None or stage not in process.dependents(place.id) or not now.is_void(on):
        return ()
    return (Missing(f"供电方案有效期到 {now.until.isoformat()} 为止，期内没有开工，方案已作废：请变更方案后重新答复；"
                    "期内其实已开工的，请先登记开工日期"),)


def extension_faults(now: Term | None, rule: Validity, asked_on: date, until: date, today: date) -> tuple[Missing, ...]:
    """Why the scheme cannot be extended to `until` as asked for on `asked_on`; empty if it can.

    依据：方案延期在到期 10 日前申请，延长不超过原期限（数值见规则目录）。
    """
    if now is None:
        return (Missing("供电方案还没有答复，或没有写有效期，不能延期"),)
    if now.started_on:
        return (Missing(f"已于 {now.started_on.isoformat()} 开工，方案继续有效，无须延期"),)
    last_day, longest = now.until - timedelta(days=rule.extend_before), later(now.first_until, rule.months)
    found = []
    if asked_on > today:
        found.append(Missing("申请日期晚于今天，请核对", "asked_on"))
    if asked_on > last_day:
        found.append(Missing(f"方案 {now.until.isoformat()} 到期，延期须在到期 {rule.extend_before} 日前（"
                             f"{last_day.isoformat()} 及以前）申请", "asked_on"))
    if until <= now.until:
        found.append(Missing(f"延期后的有效期应晚于 {now.until.isoformat()}", "until"))
    if until > longest:
        found.append(Missing(f"延长不超过原期限 {rule.months} 个月，最晚到 {longest.isoformat()}", "until"))
    return tuple(found)
