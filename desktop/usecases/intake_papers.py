"""The papers of acceptance: 受理回执, 一次性告知书 and 承诺书, made from what was just kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from desktop.domain.field import show
from desktop.domain.kind import shown
from desktop.domain.material import Way
from desktop.usecases.case_listing import CaseView, MaterialRow, case
from desktop.usecases.desk import Desk, act
from desktop.usecases.papering import PaperView, keep_paper
from desktop.usecases.staffing import hall, is_practice
from printing.fonts import faces
from printing.form_paper import form_digest, form_pdf

PROMISED = (Way.MAY_FOLLOW, Way.ONE_PAPER)


def make_intake_papers(desk: Desk, case_number: str) -> tuple[PaperView, ...]:
    """Make and keep the papers of an accepted or declined case: the receipt of what was taken, the promise where
    papers may follow, the notice where anything is missing. The customer gets them there and then."""
    view = case(desk, case_number)
    facts = paper_facts(desk, view)
    made = [(form, form_pdf(form, facts, faces(desk.fonts))) for form in _forms(view)]
    with act(desk, "make_intake_papers") as doing:
        return tuple(keep_paper(
            doing, kind=form, subject="case", subject_id=view.row.id, title=f"{TITLES[form]} {case_number}",
            answers=facts, digest=form_digest(form), content=pdf) for form, pdf in made)


TITLES = {"receipt": "受理回执", "notice": "一次性告知书", "promise": "客户承诺书"}


def _forms(view: CaseView) -> tuple[str, ...]:
    way = view.way
    forms = [] if way == Way.REFUSED else ["receipt"]
    if way in PROMISED:
        forms.append("promise")
    if _awaited(view):
        forms.append("notice")
    return tuple(forms)


def _awaited(view: CaseView) -> list[MaterialRow]:
    """The papers that are not there yet; the promise itself is signed at the counter."""
    return [paper for paper in view.materials if paper.state == "未收"]


def paper_facts(desk: Desk, view: CaseView) -> dict[str, Any]:
    """What the counter's papers of a case say: text, and lists of lines; ID and phone masked."""
    own = hall(desk)
    return {
        "hall_name": own.get("hall_name", ""), "hall_phone": own.get("hall_phone", own.get("supplier_phone", "")),
        "supplier_name": own.get("supplier_name", ""), "practice": "演练" if is_practice(desk) else "",
        "case_number": view.row.number, "kind": view.row.kind, "way": view.way,
        "clerk": view.acceptor, "accepted_on": shown("date", view.row.accepted_on.isoformat()),
        "printed_at": _minute(desk.now), **_customer_facts(view.answers), **_reason(view),
        "promises": [_promise_line(promise) for promise in view.promises],
        "materials": [_material_line(paper) for paper in view.materials],
        "missing": [_material_line(paper) for paper in _awaited(view)],
    }


def _customer_facts(answers: Mapping[str, Any]) -> dict[str, str]:
    names = ("customer_name", "customer_id_kind", "customer_id", "customer_phone", "usage_address", "usage_nature",
             "capacity_kw", "voltage", "agent_name", "agent_id", "agent_phone", "yx_application")
    return {name: show(name, answers[name], masked=True) if answers.get(name) else "" for name in names}


def _reason(view: CaseView) -> dict[str, str]:
    ended = next((entry.facts for entry in view.log if entry.what == "ended"), {})
    return {"reason": str(ended.get("explanation", ""))}


def _promise_line(promise: Mapping[str, Any]) -> dict[str, str]:
    provisional = "（日历暂定）" if promise["provisional"] else ""
    return {"stage": promise["label"], "days": str(promise["days"]),
            "due": shown("date", promise["due"]) + provisional, "note": promise["note"]}


def _material_line(paper: MaterialRow) -> dict[str, str]:
    state = "待补" if paper.open else paper.state
    return {"name": paper.name, "demand": paper.demand, "state": state, "supplier": paper.supplier,
            "due": shown("date", paper.due_on.isoformat()) if paper.due_on else ""}


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
