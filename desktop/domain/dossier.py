"""What was handed in of a case's papers, as its log tells it: kind, number, validity, the two marks, the files' count.

Every finding is an act of the log, so that who checked, how and when is never overwritten: a later entry adds to an
earlier one. 完整 and 真实 are two marks: a paper may be all there and yet not looked up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from desktop.domain.caselog import LogEntry, What
from desktop.domain.identity import RESIDENT, id_faults
from desktop.domain.kind import Field
from desktop.domain.material import Belongs, Mark, Material, PaperKind
from desktop.errors import Missing

MARKED, SUPPLIED, MOVED = "material_marked", "material_supplied", "material_due_moved"
FILED, UNFILED = "file_added", "file_removed"
PAPERS = "papers"  # in the facts of the acceptance: what was found of each paper then
YES, NO = "是", "否"
SEEN = ("原件", "复印件", "电子证照")
HOW_TRUE = ("人工", "联网", "读卡")
CHECKED = (*RESIDENT, "营业执照")  # kinds whose numbers have a check digit
SOON = timedelta(days=30)  # a paper that expires so soon is told of
ASKED: Mapping[str, Field] = {each.name: each for each in (
    Field("paper_kind", "证件种类", "text", max_length=60),
    Field("paper_number", "证件号码", "code", masked=True, max_length=60, sample="青(2024)示范县不动产权第0000001号"),
    Field("valid_until", "有效期至", "date", sample="2030-12-31", hint="证件上没有有效期的不填"),
    Field("seen", "原件或复印件", "choice", choices=SEEN, sample="原件"),
    Field("complete", "完整", "choice", choices=(YES, NO), sample=YES),
    Field("true", "真实", "choice", choices=(YES, NO), sample=YES),
    Field("true_how", "核验方式", "choice", choices=HOW_TRUE, sample="人工"),
    Field("source", "数据来源（免交）", "text", max_length=100, sample="电子证照库"),
    Field("note", "说明", "text", max_length=200),
)}


@dataclass(frozen=True)
class Check:
    """A mark as it was last made: its answer, how, by whom and when; `case_number` where it was made in another."""

    answer: str
    how: str
    clerk: str
    on: date
    case_number: str = ""


@dataclass(frozen=True)
class Item:
    """One paper as the log tells it. `files` counts what is attached; `from_case`: where it was given first."""

    code: str
    kind: str = ""
    number: str = ""
    valid_until: date | None = None
    seen: str = ""
    complete: Check | None = None
    true: Check | None = None
    source: str = ""
    note: str = ""
    supplied_on: date | None = None
    from_case: str = ""
    files: int = 0
    moved: tuple[str, ...] = field(default=())

    def is_valid(self, today: date) -> bool:
        return self.valid_until is None or self.valid_until >= today


def dossier(log: Sequence[LogEntry]) -> Mapping[str, Item]:
    """The papers of a case by code, from its log."""
    items: dict[str, Item] = {}
    for entry in (told for each in log for told in _single(each)):
        code = str(entry.facts.get("code", ""))
        if code and entry.what in (MARKED, SUPPLIED, MOVED, FILED, UNFILED):
            items[code] = _told(items.get(code, Item(code)), entry)
    return items


def _single(entry: LogEntry) -> tuple[LogEntry, ...]:
    """The entry itself; that of the acceptance as one for each paper that was marked with it."""
    papers = entry.facts.get(PAPERS)
    if entry.what != What.ACCEPTED or not isinstance(papers, Mapping):
        return (entry,)
    return tuple(replace(entry, what=MARKED, facts={**facts, "code": code}) for code, facts in papers.items())


def _told(item: Item, entry: LogEntry) -> Item:
    """The paper after one more entry."""
    facts = entry.facts
    if entry.what in (FILED, UNFILED):
        return replace(item, files=item.files + (1 if entry.what == FILED else -1))
    if entry.what == MOVED:
        return replace(item, moved=(*item.moved, str(facts.get("due_on", ""))))
    changed: dict[str, Any] = {}
    for name, place in (("paper_kind", "kind"), ("paper_number", "number"), ("seen", "seen"), ("source", "source"),
                        ("note", "note"), ("from_case", "from_case")):
        if name in facts:
            changed[place] = str(facts[name])
    if "valid_until" in facts:
        changed["valid_until"] = date.fromisoformat(facts["valid_until"]) if facts["valid_until"] else None
    if entry.what == SUPPLIED or facts.get("state") in (Mark.RECEIVED, Mark.SHARED):
        changed["supplied_on"] = entry.claimed_on
    elif facts.get("state") == Mark.MISSING:
        changed["supplied_on"] = None
    return replace(item, **changed, complete=_check(item.complete, entry, "complete"),
                   true=_check(item.true, entry, "true"))


def _check(before: Check | None, entry: LogEntry, name: str) -> Check | None:
    if name not in entry.facts:
        return before
    answer, how = str(entry.facts[name]), str(entry.facts.get(f"{name}_how", "") or "人工")
    made = entry.facts.get(f"{name}_made")
    if isinstance(made, Mapping):  # taken over with the paper: the mark stays whose it was
        return Check(answer, how, str(made["clerk"]), date.fromisoformat(made["on"]), str(made["case"]))
    return Check(answer, how, entry.clerk_name, entry.claimed_on) if answer else None


def faults(material: Material, given: Mapping[str, str], kinds: Sequence[PaperKind],
           today: date) -> tuple[Missing, ...]:
    """What forbids to take a paper in as described: not accepted, a number that its kind cannot have, expired on the
    day it came, a mark without its how."""
    return (*_kind_faults(material, given.get("paper_kind", ""), kinds), *_number_faults(given),
            *_validity(material, given, today), *_marks(given))


def _kind_faults(material: Material, kind: str, kinds: Sequence[PaperKind]) -> tuple[Missing, ...]:
    if not kind or not material.kinds:
        return ()
    groups = [each for each in kinds if each.group in material.kinds]
    found = next((each for each in groups if each.name == kind), None)
    if found is not None and found.accepted:
        return ()
    taken = "、".join(each.name for each in groups if each.accepted)
    why = found.why if found is not None else f"不在“{material.name}”认可的种类里"
    return (Missing(f"{kind}{why}。认可的有：{taken}。", "paper_kind"),)


def _number_faults(given: Mapping[str, str]) -> tuple[Missing, ...]:
    kind, number = given.get("paper_kind", ""), given.get("paper_number", "")
    wrong = id_faults(kind, number) if kind in CHECKED else None
    return (Missing(f"{kind}的号码有误：{wrong}", "paper_number"),) if wrong else ()


def another_persons(item: Item, role: str, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """That the identity paper taken in bears another number than the applicant's, where both are of one kind."""
    own, kind = str(answers.get("customer_id") or ""), str(answers.get("customer_id_kind") or "")
    if role != "identity" or not item.number or not own or item.kind not in ("", kind) or item.number == own:
        return ()
    return ("证件号码与用电人的不一致，请核对是不是用电人自己的证件",)


def _validity(material: Material, given: Mapping[str, str], today: date) -> tuple[Missing, ...]:
    until = given.get("valid_until", "")
    if not until or date.fromisoformat(until) >= today:
        return ()
    return (Missing(f"{given.get('paper_kind') or material.name}已于 {until} 过期，不能作为有效资料。"
                    "请客户提供在有效期内的；一时拿不出的，改记“未收”并约定补交日期。", "valid_until"),)


def _marks(given: Mapping[str, str]) -> tuple[Missing, ...]:
    if given.get("true") == YES and not given.get("true_how"):
        return (Missing("请写明怎样核验为真实：人工、联网或读卡", "true_how"),)
    return ()


def notices(item: Item, kinds: Sequence[PaperKind], today: date) -> tuple[str, ...]:
    """What a careful clerk would look at on a paper that is there."""
    expires = any(each.expires for each in kinds if each.name == item.kind)
    blank = item.supplied_on and expires and item.valid_until is None
    return (*((f"{item.kind}通常有有效期，请核对后补记",) if blank else ()), *warnings(item, today))


def warnings(item: Item, today: date) -> tuple[str, ...]:
    """What has to be asked about a paper that is there: it has expired, will soon, or did not pass."""
    told = []
    if item.valid_until and not item.is_valid(today):
        told.append(f"已于 {item.valid_until.isoformat()} 过期")
    elif item.valid_until and item.valid_until - today <= SOON:
        told.append(f"{item.valid_until.isoformat()} 到期，请提醒客户更换")
    marks = ((item.complete, "不完整"), (item.true, "核验不属实"))
    told += [word for check, word in marks if _answer(check) == NO]
    return tuple(told)


def serves_again(material: Material, item: Item, same_premises: bool, today: date) -> bool:
    """Whether a paper given in an earlier case may be offered in this one: it is valid, and speaks of the same."""
    if item.supplied_on is None or not item.is_valid(today) or NO in (_answer(item.complete), _answer(item.true)):
        return False
    return material.belongs == Belongs.CUSTOMER or (material.belongs == Belongs.PREMISES and same_premises)


def _answer(check: Check | None) -> str:
    return check.answer if check else ""


def taken_over(item: Item, case_number: str) -> dict[str, Any]:
    """The facts of an entry that takes a paper over from an earlier case, its marks with who made them."""
    facts: dict[str, Any] = {"state": str(Mark.RECEIVED), "from_case": item.from_case or case_number}
    for name, value in (("paper_kind", item.kind), ("paper_number", item.number), ("seen", item.seen),
                        ("valid_until", item.valid_until.isoformat() if item.valid_until else "")):
        if value:
            facts[name] = value
    for name, check in (("complete", item.complete), ("true", item.true)):
        if check is not None:
            made = {"clerk": check.clerk, "on": check.on.isoformat(), "case": check.case_number or case_number}
            facts |= {name: check.answer, f"{name}_how": check.how, f"{name}_made": made}
    return facts
