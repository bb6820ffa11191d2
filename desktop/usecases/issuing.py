"""The papers of a case, 登记表 to 归档目录: each made from what is kept, and kept as it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.domain.case import Phase
from desktop.domain.caselog import What, standing
from desktop.domain.field import FIELDS, show
from desktop.domain.inspection import PASSED, InspectionBook
from desktop.domain.kind import shown
from desktop.domain.material import HERE
from desktop.domain.money import in_words
from desktop.domain.process import Stage
from desktop.errors import Refusal
from desktop.usecases.acting import act, entry_moment
from desktop.usecases.case_listing import CaseView, case
from desktop.usecases.casework import done_facts
from desktop.usecases.charging import FeeRow, fees
from desktop.usecases.confirming import outage_facts
from desktop.usecases.desk import Desk
from desktop.usecases.enrolling import APPLICATION, Make, around, serving
from desktop.usecases.inspecting import DefectRow, RoundRow, inspection_kinds, rounds
from desktop.usecases.intake_papers import sizes
from desktop.usecases.metering import MeterRow, meters_of
from desktop.usecases.papering import PaperView, keep_paper, same_paper
from desktop.usecases.staffing import hall, is_practice
from printing.fonts import faces
from printing.form_paper import form_digest, form_pdf, forms

Facts = dict[str, Any]
NONE = "／"
RATED = "satisfaction"
TO_PAY = "请在期限前缴清，并索取票据；缴费所用的时间不计入供电企业的办理时限。"
REACHED = (Phase.OPEN, Phase.PAUSED, Phase.BACK, Phase.DONE, Phase.OPTIONAL)
"""Where a stage stands whose own papers may be issued."""
PASSED_NOTE = "结论为合格：可以办理下一环节。"
FAILED_NOTE = "结论为不合格：请按所列缺陷逐项整改，经复核后重新报送；整改的时间不计入供电企业的办理时限。"
PAID_UP = "业务费已全部缴清，请妥善保存票据。"


@dataclass(frozen=True)
class _Case:
    """What the papers of a case are made from."""

    desk: Desk
    view: CaseView
    built: Facts

    @property
    def number(self) -> str:
        return self.view.row.number

    @property
    def inspections(self) -> InspectionBook:
        """The inspections as the case's own release has them."""
        return self.desk.rules_of(self.view.process.release).inspections

    def said(self, name: str) -> str:
        """A fact of the application or the stages as paper shows it; empty where nobody said it."""
        value = self.built.get(name) or self.view.answers.get(name) or ""
        return show(name, value, masked=True) if value and name in FIELDS else ""


def _case(desk: Desk, number: str) -> _Case:
    with desk.db.read() as session:
        view = case(desk, number)
        return _Case(desk, view, done_facts(session, view.row.id))


def issuable(desk: Desk, number: str) -> tuple[tuple[str, str], ...]:
    """The papers that this case can have now, as name and title."""
    return tuple((name, forms()[name].title) for name in _possible(desk, number))


def issue(desk: Desk, number: str, paper: str, *, request_id: str | None = None) -> PaperView:
    """Make and keep a paper of the case, by its name or title; the kept one where nothing in it has changed. One that
    a deed made (受理回执, 补交回执) is the kept one, the newest of its name. Refused for one that the case's kind does
    not have, or that has no ground yet."""
    name = next((each for each in PAPERS if paper in (each, forms()[each].title)), "")
    of = _case(desk, number)
    view = of.view
    if not name:
        return _kept(view, paper)
    _refuse_foreign(of, name)
    whole = {**_around(of), **PAPERS[name](of)}
    facts = {fact: whole[fact] for fact in forms()[name].facts if fact in whole}  # what it says, to be compared later
    content = form_pdf(name, facts, faces(desk.fonts), entry_moment(desk))
    with act(desk, "issue_paper", request_id) as doing:
        if kept := same_paper(doing, name, "case", view.row.id, facts, form_digest(name)):
            return kept
        made = keep_paper(doing, kind=name, subject="case", subject_id=view.row.id,
                          title=_title(name, facts, view.row.number), answers=facts, digest=form_digest(name),
                          content=content)
        doing.note("case", view.row.id, "paper_issued", facts={"paper": made.title})
        return made


def kept_only(desk: Desk, number: str) -> tuple[str, ...]:
    """The titles of the case's papers that a deed made, to be printed again (补打) and not anew."""
    return tuple(dict.fromkeys(each.title for each in case(desk, number).papers if each.kind not in PAPERS))


def _kept(view: CaseView, paper: str) -> PaperView:
    found = [each for each in view.papers if each.kind not in PAPERS
             and paper in (each.title, each.kind, each.title.removesuffix(f" {view.row.number}"))]
    if not found:
        own = dict.fromkeys(each.title for each in view.papers if each.kind not in PAPERS)
        known = "、".join((*(forms()[each].title for each in PAPERS), *own))
        raise Refusal(f"没有“{paper}”这种文书。现有：{known}。", "paper")
    return found[-1]


def _refuse_foreign(of: _Case, name: str) -> None:
    """A paper that another kind of application has."""
    view, process, title = of.view, of.view.process, forms()[name].title
    own = tuple(serving(view))
    if name in APPLICATION and name not in own:
        raise Refusal(f"“{process.name}”不用“{title}”，本业务用：{'、'.join(forms()[each].title for each in own)}。",
                      "paper")
    stages = {stage for kind in of.inspections.kinds if name.startswith(f"{kind.id}_") for stage in kind.stages}
    if stages and not stages & set(process.stage_by_id):
        raise Refusal(f"“{process.name}”没有这项检查，不用“{title}”。", "paper")
    if name == "energising_order" and not _connects(view):
        raise Refusal(f"“{process.name}”不送电，不用“{title}”。", "paper")
    if name in OF_STAGES:
        _refuse_early(view, name)


def _refuse_early(view: CaseView, name: str) -> None:
    """A paper that belongs to stages none of which this case has, or has come to."""
    title, own = forms()[name].title, _stages_of(view, name)
    if not own:
        raise Refusal(f"“{view.process.name}”没有用“{title}”的环节。", "paper")
    if not _has_come_to(view, name):
        raise Refusal(f"还没有办到“{'、'.join(stage.name for stage in own)}”，不能出具“{title}”。", "paper")


def _stages_of(view: CaseView, name: str) -> list[Stage]:
    """The stages of the case's kind whose paper this is, as its release says."""
    return [stage for stage in view.process.stages if name in stage.papers]


def _has_come_to(view: CaseView, name: str) -> bool:
    return any(view.state.stage(stage.id).state in REACHED for stage in _stages_of(view, name))


def _connects(view: CaseView) -> bool:
    return any("energised_on" in stage.fields for stage in view.process.stages)


def _title(name: str, facts: Mapping[str, Any], number: str) -> str:
    round_ = f"（{facts['round']}）".replace(" ", "") if facts.get("round") else ""
    return f"{forms()[name].title}{round_} {number}"


def _possible(desk: Desk, number: str) -> Iterator[str]:
    of = _case(desk, number)
    yield from serving(of.view)
    if fees(desk, number).lines:
        yield "payment_notice"
    found = rounds(desk, number)
    for kind in inspection_kinds(desk, of.view.process):
        own = [each for each in found if each.kind == kind.id]
        if own and own[-1].submission:
            yield f"{kind.id}_submission"
        if any(each.result for each in own):
            yield f"{kind.id}_opinion"
    if any(each.defects for each in found):
        yield "rectification"
    if meters_of(desk, number):
        yield "metering_order"
    if _connects(of.view) and all(good for _, _, good in _conditions(of)):
        yield "energising_order"
    yield from (name for name in OF_STAGES if _has_come_to(of.view, name))
    yield "archive_list"


def _around(of: _Case) -> Facts:
    own, row = hall(of.desk), of.view.row
    clerk = of.desk.clerk
    return {
        "hall_name": own.get("hall_name") or own["supplier_name"],
        "hall_phone": own.get("hall_phone") or own.get("supplier_phone") or "95598",
        "practice": "演练" if is_practice(of.desk) else "", "case_number": row.number,
        "printed_at": entry_moment(of.desk).strftime("%Y-%m-%d %H:%M"), "kind_name": row.kind,
        "customer_name": row.customer,
        "usage_address": row.address, **sizes(of.view), "voltage": of.said("voltage"),
        "clerk_name": clerk.named if clerk else "",
        "account": of.view.account_number or of.view.outside["yx_account"],
        "accepted_on": _day(row.accepted_on), "acceptor": of.view.acceptor,
    }


def _payment_notice(of: _Case) -> Facts:
    view = fees(of.desk, of.number)
    lines = [line for line in view.lines if not line.cancelled]
    if not lines:
        raise Refusal("这张工单没有要缴的业务费，不用打印缴费通知单。")
    dues = [line.due_on for line in lines if line.due_on and not line.paid_on]
    owed = view.sum
    return {"fees": [_fee_line(line) for line in lines], "total": f"{owed.due:,.2f}", "paid": f"{owed.paid:,.2f}",
            "open": f"{owed.open:,.2f}", "open_words": in_words(owed.open), "made_on": _day(of.desk.today),
            "due_on": "已缴清" if not owed.open else _day(min(dues)) if dues else "",
            "ask": TO_PAY if owed.open else PAID_UP}


def _fee_line(line: FeeRow) -> dict[str, str]:
    return {"name": line.name, "unit": line.unit, "quantity": _plain(line.quantity), "price": f"{line.price:,.2f}",
            "amount": f"{line.amount:,.2f}", "basis": line.basis, "state": line.state}


def _submission(kind: str) -> Callable[[_Case], Facts]:
    def facts(of: _Case) -> Facts:
        last = _last(of, kind)
        said = {name: show(name, value) for name, value in last.submission.items()}
        return {**said, "submitted_papers": said.get("submitted_papers", "").rstrip("。"),
                "round": f"第 {last.round} 轮", "submitted_on": _day(last.submitted_on)}
    return facts


def _opinion(kind: str) -> Callable[[_Case], Facts]:
    def facts(of: _Case) -> Facts:
        judged = [each for each in rounds(of.desk, of.number, kind) if each.result]
        if not judged:
            raise Refusal("这一轮还没有结论，不能打印意见单。")
        last = judged[-1]
        told = {name: str(value) for name, value in last.conclusion.items() if isinstance(value, str)}
        return {**told, "review_opinion": told.get("review_opinion", told.get("reason", "")).rstrip("。"),
                "round": f"第 {last.round} 轮", "submitted_on": _day(last.submitted_on),
                "concluded_on": _day(last.concluded_on), "result": last.result,
                "advice": PASSED_NOTE if last.result == PASSED else FAILED_NOTE,
                "defects": [_defect_line(each) for each in last.defects]}
    return facts


def _rectification(of: _Case) -> Facts:
    found = [each for each in rounds(of.desk, of.number) if each.defects]
    if not found:
        raise Refusal("没有登记过缺陷，不用打印整改通知单。")
    last = found[-1]
    return {"inspection": last.name, "round": f"第 {last.round} 轮", "concluded_on": _day(last.concluded_on),
            "defects": [_defect_line(each) for each in last.defects]}


def _last(of: _Case, kind: str) -> RoundRow:
    found = rounds(of.desk, of.number, kind)
    if not found:
        raise Refusal(f"还没有登记{of.inspections.kind(kind).submission}。")
    return found[-1]


def _defect_line(row: DefectRow) -> dict[str, str]:
    state = f"{_day(row.mended_on)} 销号" if row.mended_on else "待整改"
    return {"number": str(row.number), "item": row.item, "remedy": row.remedy, "responsible": row.responsible,
            "due": _day(row.due_on), "state": state}


def _metering_order(of: _Case) -> Facts:
    found = meters_of(of.desk, of.number)
    lines = [line for row in found for line in _meter_lines(row, of.number)]
    if not lines:
        raise Refusal("还没有登记装拆的电能表，不能打印装接单。")
    return {"meters": lines, "metering_mode": of.said("metering_mode"), "metering_point": of.said("metering_point"),
            "installed_on": of.said("installed_on") or _day(max(row.installed_on for row in found)),
            **{name: of.said(name) for name in ("installed_by", "ct_numbers", "pt_numbers")}}


def _meter_lines(row: MeterRow, number: str) -> Iterator[dict[str, str]]:
    """A meter that this case hung, and one that was taken down with it."""
    told = {"serial": row.serial, "spec": "，".join(word for word in (row.point, row.spec) if word),
            "ratios": " ".join(ratio for ratio in (row.ct_ratio, row.pt_ratio) if ratio),
            "multiplier": _plain(row.multiplier), "seal": row.seal}
    if row.end_reading is not None:
        yield {**told, "act": "拆", "reading": _plain(row.end_reading)}
    if row.case == number and row.removed_on is None:
        yield {**told, "act": "装", "reading": _plain(row.start_reading)}


def _energising_order(of: _Case) -> Facts:
    met = list(_conditions(of))
    if lacks := [item for item, _, good in met if not good]:
        raise Refusal(f"还不具备送电条件，不能出具送电单。缺：{'、'.join(lacks)}。", "paper")
    return {"conditions": [{"item": item, "found": found, "state": "具备" if good else "不具备"}
                           for item, found, good in met],
            "approved_capacity": _capacity(of), "scheme_line": _of_sources(of, "scheme_line", "line"),
            "scheme_pole": _of_sources(of, "scheme_pole", "pole"), "contract_number": of.view.contract_number or "",
            "energised_on": of.said("energised_on"), "energised_by": of.said("energised_by")}


def _of_sources(of: _Case, name: str, column: str) -> str:
    """What the scheme says in one field at low voltage, and of each of its sources at high voltage."""
    rows = of.built.get("sources") or []
    return of.said(name) or "、".join(row[column] for row in rows if row.get(column))


def _conditions(of: _Case) -> Iterator[tuple[str, str, bool]]:
    """What must be there before the connection, each with what was found. 依据：条例第二十四条、第三十二条。"""
    stages = {stage.id: of.view.state.stage(stage.id) for stage in of.view.process.stages}
    for stage in of.view.process.stages:
        now = stages[stage.id]
        if stage.done_by == "contract_signed":
            signed = (of.view.contract_number or "", _day(now.told_on)) if now.done_on else ()
            yield "供用电合同已签订", "，".join(filter(None, signed)), now.done_on is not None
        elif of.inspections.of_stage(stage.id) and now.state not in ("不适用", "待定"):
            yield f"{stage.name}{PASSED}", _day(now.told_on), now.done_on is not None
    bill = fees(of.desk, of.number)
    told = f"{bill.sum.due:,.2f} 元，{'已缴清' if not bill.sum.open else f'尚欠 {bill.sum.open:,.2f} 元'}"
    yield "业务费结清", told if bill.lines else "没有应缴的业务费", not bill.sum.open
    hung = [row.serial for row in meters_of(of.desk, of.number) if row.removed_on is None]
    yield "计量装置已装", "、".join(hung), bool(hung)


def _capacity(of: _Case) -> str:
    for name in ("scheme_capacity_kva", "scheme_capacity_kw"):
        if of.said(name):
            return f"{of.said(name)} {FIELDS[name].unit}"
    return ""


def _revisit(of: _Case) -> Facts:
    """回访单: before the visit a questionnaire, afterwards with what the customer said; his phone is masked."""
    visits = [entry.facts for entry in standing(of.view.log) if entry.what == What.DONE and entry.facts.get(RATED)]
    said = {name: show(name, value) for name, value in (visits[-1] if visits else {}).items() if value}
    person = next((name for name in ("contact", "customer") if of.said(f"{name}_phone")), "customer")
    return {"contact": of.said("contact_name") or of.view.row.customer, "phone": of.said(f"{person}_phone"),
            "energised_on": of.said("energised_on"), "opinion": said.get("note", ""),
            **{name: said.get(name, "") for name in ("visited_on", "visited_by", RATED)}}


def _archive_list(of: _Case) -> Facts:
    lines = [*_archived_materials(of.view), *_archived_papers(of.view)]
    if of.view.contract_number:
        signed = next((s.told_on for s in of.view.state.stages if s.name == "供用电合同"), None)
        lines.append({"name": "供用电合同", "form": "合同", "day": _day(signed), "note": of.view.contract_number})
    if not lines:
        raise Refusal("这张工单还没有可以归档的资料。")
    return {"files": [{"number": str(place), **line} for place, line in enumerate(lines, 1)],
            "energised_on": of.said("energised_on"), "archive_number": of.said("archive_number"),
            "archive_box": of.said("archive_box")}


def _archived_materials(view: CaseView) -> Iterator[dict[str, str]]:
    for paper in view.materials:
        if paper.state in HERE:
            came = paper.supplied_on or view.row.accepted_on
            yield {"name": paper.name, "form": "客户资料", "day": _day(came), "note": paper.state}


def _archived_papers(view: CaseView) -> Iterator[dict[str, str]]:
    """Each paper by its name, with the day of its last edition, and how many there are of them."""
    editions: dict[str, list[PaperView]] = {}
    for paper in view.papers:
        if paper.kind != "archive_list":
            editions.setdefault(paper.title.removesuffix(view.row.number).strip(), []).append(paper)
    for name, made in editions.items():
        yield {"name": name, "form": "文书", "day": _day(made[-1].made_at.date()),
               "note": f"前后 {len(made)} 份" if len(made) > 1 else ""}


def _day(day: date | None) -> str:
    return shown("date", day.isoformat()) if day else ""


def _plain(figure: Decimal) -> str:
    return f"{figure.normalize():f}"


def _of_application(make: Make) -> Callable[[_Case], Facts]:
    return lambda of: {**around(of.view), **make(of.desk, of.view)}


PAPERS: Mapping[str, Callable[[_Case], Facts]] = {
    **{name: _of_application(make) for name, make in APPLICATION.items()},
    "payment_notice": _payment_notice,
    **{f"{kind}_submission": _submission(kind) for kind in ("design", "mid", "final")},
    **{f"{kind}_opinion": _opinion(kind) for kind in ("design", "mid", "final")},
    "rectification": _rectification, "metering_order": _metering_order, "energising_order": _energising_order,
    "archive_list": _archive_list, "revisit": _revisit,
    "outage_notice": lambda of: outage_facts(of.desk, of.view),
}
OF_STAGES = ("outage_notice", "revisit")
"""The papers that the catalogue gives to stages (`papers`): issued once the case has come to one of them."""
