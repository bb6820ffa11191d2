"""The papers of survey and scheme: 勘查工作单, 方案答复单, 延期申请单, 校核审批单; each kept as it was printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop.domain.approval import Round, Word
from desktop.domain.field import FIELDS, show
from desktop.domain.kind import shown
from desktop.domain.scheme import Deed, Version, later
from desktop.domain.sizing import level_of
from desktop.domain.survey import blank, checklist, survey_stage
from desktop.errors import Refusal
from desktop.usecases.acting import act, entry_moment
from desktop.usecases.answering import SchemeStory, story_of
from desktop.usecases.case_listing import CaseView, case
from desktop.usecases.charging import fees
from desktop.usecases.desk import Desk
from desktop.usecases.intake_papers import paper_facts
from desktop.usecases.papering import PaperView, keep_paper, same_paper
from desktop.usecases.scheme_keeping import answered_of, known_of
from desktop.usecases.surveying import appointment
from printing.fonts import faces
from printing.form_paper import form_digest, form_pdf, forms

Row = dict[str, str]
FIXED = (("fixed_ratio", "定比"), ("fixed_quantity", "定量"))
NUMBERS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def make_survey_sheet(desk: Desk, number: str) -> PaperView:
    """The survey's work sheet: to be filled on site, or as it was filled there."""
    view = case(desk, number)
    if survey_stage(view.process) is None:
        raise Refusal(f"{view.row.kind}没有现场勘查。", "stage")
    known = known_of(view.process, view.answers, view.log, {})
    asked = checklist(desk.rules_of(view.process.release).surveys, view.process.group, known)
    told = {row["item"]: row for row in known.get("survey_items") or blank(asked) if isinstance(row, dict)}
    facts = {
        **_said(known, ("voltage", "usage_nature", "important_level", "survey_on", "survey_by", "survey_ready",
                        "survey_result")),
        "appointed": _appointed(view),
        "items": [_item(item.id, item.question, told.get(item.id, {})) for item in asked],
        "loads": _loads(view.answers.get("loads") or [], known.get("survey_loads") or [], "survey_items" in known),
    }
    return _keep(desk, view, "survey_sheet", facts)


def _appointed(view: CaseView) -> str:
    agreed = appointment(view.log)
    return f"{shown('date', agreed['on'])} {agreed['by']}" if agreed else ""


def _item(item: str, question: str, row: Mapping[str, str]) -> Row:
    """One line; without an answer it has boxes to be ticked by hand."""
    if not row.get("answer"):
        return {"item": item, "question": question, "answer": "□符合 □不符合 □不涉及", "note": "　"}
    return {"item": item, "question": question, "answer": row["answer"], "note": row.get("note") or "　"}


def _loads(applied: Any, found: Any, agrees: bool) -> list[Row]:
    """What was applied for, and on the same line what is on site: told as 无 where only one of them has it, as 相符
    where the survey found nothing else."""
    on_site = {row.get("name", ""): row.get("total_kw", "") for row in found}
    names = {row.get("name", "") for row in applied}
    missing = "无" if found else "相符" if agrees else "　"
    rows = [{**{key: row.get(key, "") for key in ("name", "count", "unit_kw", "total_kw")},
             "found": on_site.get(row.get("name", ""), missing)} for row in applied]
    more = [row for row in found if row.get("name", "") not in names]
    return rows + [{"name": row.get("name", ""), "count": row.get("count", ""), "unit_kw": row.get("unit_kw", ""),
                    "total_kw": "无", "found": row.get("total_kw", "")} for row in more]


def make_reply(desk: Desk, number: str) -> PaperView:
    """The answered scheme for the customer to sign for, with what changed against the version before."""
    view, told = _told(desk, number)
    if not told.versions or told.term is None:
        raise Refusal("供电方案还没有答复，不能打印答复单。", "stage")
    version, known = told.versions[-1], answered_of(view.process, view.answers, view.log)
    high = level_of(known.get("voltage")) == "high"
    form = "scheme_reply_high" if high else "scheme_reply_low"
    facts = {
        **_said(known, tuple(forms()[form].facts)), **_rule(told), "validity": _whole_term(told, version),
        "revision": f"第 {version.revision} 版", "answered_on": shown("date", version.answered_on.isoformat()),
        "valid_until": shown("date", told.term.until.isoformat()), "sources": _sources(known, high),
        "meters": _meters(known), "changes": _changes(version), "why": _why(version), "fees": _fees(desk, number),
        "transformers": [dict(row) for row in known.get("transformers") or [] if isinstance(row, dict)],
    }
    return _keep(desk, view, form, facts, version.clerk_name)


def _rule(told: SchemeStory) -> Row:
    assert told.validity is not None  # an answered scheme has its rule
    return {"extend_before": str(told.validity.extend_before), "months": str(told.validity.months)}


def _whole_term(told: SchemeStory, version: Version) -> str:
    """How long the scheme stands by its rule; empty where it was answered for less, or extended since."""
    assert told.validity is not None and told.term is not None
    months = told.validity.months
    if told.term.until != later(version.answered_on, months):
        return ""
    return f"自答复之日起{'一年' if months == 12 else f'{NUMBERS[months - 1]}个月'}，"


def _said(known: Mapping[str, Any], names: Sequence[str]) -> Row:
    """Fields as shown on paper, with their units; lists are set by their own lines."""
    return {name: f"{show(name, known[name], masked=True)} {FIELDS[name].unit}".rstrip() for name in names
            if name in FIELDS and isinstance(known.get(name), str) and known[name]}


def _sources(known: Mapping[str, Any], high: bool) -> list[Row]:
    if listed := [dict(row) for row in known.get("sources") or []]:
        return [_source(place, row) for place, row in enumerate(listed, start=1)]
    point = _joined(known, "scheme_source", "scheme_line", "scheme_pole", "scheme_transformer")
    voltage, spare = str(known.get("voltage", "")), str(known.get("backup_source") or "")
    first = {"number": "1", "nature": "主供", "voltage": voltage, "point": point,
             "capacity": _size(known, "scheme_capacity_kva" if high else "scheme_capacity_kw")}
    back = {"number": "2", "nature": "备用", "voltage": voltage, "point": spare,
            "capacity": _size(known, "backup_capacity_kw")}
    return [first, back] if spare else [first]


def _source(place: int, row: Mapping[str, str]) -> Row:
    return {"number": row.get("number") or str(place), "nature": row.get("nature", ""),
            "voltage": row.get("voltage", ""), "capacity": f"{row['kva']} kVA" if row.get("kva") else "",
            "point": _joined(row, "station", "line", "pole"),
            "way": "，".join(row[name] for name in ("line_kind", "laying") if row.get(name))}


def _size(known: Mapping[str, Any], name: str) -> str:
    return _said(known, (name,)).get(name, "")


def _joined(known: Mapping[str, Any], *names: str) -> str:
    return " ".join(str(known[name]) for name in names if known.get(name))


def _meters(known: Mapping[str, Any]) -> list[Row]:
    """The metering points: the settling one, then the others."""
    ratios = [f"{known.get(f'{kind}_accuracy') or '—'} 级 {known[f'{kind}_ratio']}"
              for kind in ("ct", "pt") if known.get(f"{kind}_ratio")]
    ratios += [f"倍率 {known['multiplier']}"] if known.get("multiplier") else []
    accuracy = f"{known['meter_accuracy']} 级 " if known.get("meter_accuracy") else ""
    mode = f"{known['metering_mode']}，" if known.get("metering_mode") else ""
    first = {"number": "1", "price": str(known.get("price_class", "")),
             "fixed": "；".join(f"{word}：{known[name]}" for name, word in FIXED if known.get(name)),
             "meter": f"{mode}{accuracy}{known.get('meter_spec') or ''}", "ct": "，".join(ratios),
             "place": str(known.get("metering_point", ""))}
    return [first, *(_meter(place, row) for place, row in enumerate(known.get("meters") or [], start=2))]


def _meter(place: int, row: Mapping[str, str]) -> Row:
    accuracy = f"{row['accuracy']} 级 " if row.get("accuracy") else ""
    mode = f"{row['mode']}，" if row.get("mode") else ""
    ratios = [row[name] for name in ("ct_ratio", "pt_ratio") if row.get(name)]
    ratios += [f"倍率 {row['multiplier']}"] if row.get("multiplier") else []
    return {"number": str(place), "price": row.get("purpose", ""), "meter": f"{mode}{accuracy}{row.get('spec', '')}",
            "ct": "，".join(ratios), "place": row.get("point", "")}


def _fees(desk: Desk, number: str) -> list[Row]:
    """What the case is to pay; what such a case usually pays and was not charged yet is told without its price."""
    bill = fees(desk, number)
    lines = [{"name": line.name, "price": f"{line.price:,.2f}",
              "quantity": f"{line.quantity.normalize():f} {line.unit}", "amount": f"{line.amount:,.2f}",
              "basis": line.basis} for line in bill.lines if not line.cancelled]
    return lines + [{"name": item.name, "price": "按本省核定", "quantity": "", "amount": "另行通知",
                     "basis": item.basis.text} for item in bill.expected]


def _changes(version: Version) -> list[Row]:
    return [{"label": each.label, "before": each.before, "after": each.after} for each in version.changes]


def _why(version: Version) -> str:
    if version.revision == 1:
        return ""
    by = f"；由{version.asked_by}提出" if version.asked_by else ""
    effect = f"；费用：{version.cost}；工期：{version.days}" if version.cost else ""
    return f"{version.why}{by}{effect}"


def make_extension(desk: Desk, number: str) -> PaperView:
    """The extension as it was granted, for the customer to sign."""
    view, told = _told(desk, number)
    entry = next((e for e in reversed(view.log) if e.what == Deed.EXTENDED), None)
    if entry is None or told.term is None or told.term.until.isoformat() != entry.facts["until"]:
        raise Refusal("这份方案没有登记延期，不能打印延期申请单。", "until")
    facts = {
        **_said(told.versions[-1].facts, ("scheme_number",)), **_rule(told),
        "answered_on": shown("date", told.versions[-1].answered_on.isoformat()),
        "first_until": shown("date", told.term.first_until.isoformat()), "until": shown("date", entry.facts["until"]),
        "asked_on": shown("date", entry.claimed_on.isoformat()), "reason": entry.facts["reason"].rstrip("。；，"),
    }
    return _keep(desk, view, "scheme_extension", facts, entry.clerk_name)


def make_review(desk: Desk, number: str) -> PaperView:
    """The internal sheet: how the last submission weighed, with reason and basis, and what each post said."""
    view, told = _told(desk, number)
    if not told.rounds:
        raise Refusal("方案还没有提交审批，不能打印校核审批单。", "approval")
    last = told.rounds[-1]
    facts = {
        **_said(last.scheme, ("voltage",)), "round": f"第 {last.number} 次提交", "state": _state(last),
        "capacity": _size(last.scheme, "scheme_capacity_kw") or _size(last.scheme, "scheme_capacity_kva"),
        "submitted": f"{last.by} {shown('date', last.on.isoformat())}",
        "verdicts": [{key: v[key] for key in ("name", "result", "why")} | {"basis": f"{v['basis']}（{v['mark']}）"}
                     for v in last.verdicts],
        "approvals": [{"post": each.post or "规则", "word": str(each.word), "by": _by(each.by, each.stands_in),
                       "on": shown("date", each.on.isoformat()) if each.on else "", "opinion": each.opinion,
                       "rule": each.rule} for each in last.asked],
    }
    return _keep(desk, view, "scheme_review", facts)


def _state(last: Round) -> str:
    by_rule = last.joined and last.asked[0].word is Word.RULE
    return f"{last.word}（按规则自动）" if by_rule else last.word


def _by(name: str, stands_in: bool) -> str:
    return f"{name}（代）" if stands_in else name


def _told(desk: Desk, number: str) -> tuple[CaseView, SchemeStory]:
    view = case(desk, number)
    voltage = str(answered_of(view.process, view.answers, view.log).get("voltage", ""))
    told = story_of(desk, view.process, view.log, voltage)
    if told is None:
        raise Refusal(f"{view.row.kind}没有供电方案。", "stage")
    return view, told


def _keep(desk: Desk, view: CaseView, form: str, facts: Mapping[str, Any], clerk: str = "") -> PaperView:
    own = {"clerk_name": clerk or (desk.clerk.named if desk.clerk else "")}
    whole = {**paper_facts(desk, view), **own, **facts}
    told = {name: whole[name] for name in forms()[form].facts if name in whole}
    pdf = form_pdf(form, told, faces(desk.fonts), entry_moment(desk))
    with act(desk, f"make_{form}") as doing:
        if kept := same_paper(doing, form, "case", view.row.id, told, form_digest(form)):
            return kept
        return keep_paper(doing, kind=form, subject="case", subject_id=view.row.id,
                          title=f"{forms()[form].title} {view.row.number}", answers=told, digest=form_digest(form),
                          content=pdf)
