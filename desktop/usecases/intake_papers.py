"""The papers of acceptance: 受理回执, 一次性告知书 and 承诺书, made from what was just kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from desktop.domain.card import MARK
from desktop.domain.deadline import told_label
from desktop.domain.field import field, show
from desktop.domain.kind import shown
from desktop.domain.material import HERE, PROMISED, Way
from desktop.usecases.acting import act, entry_moment
from desktop.usecases.case_listing import CaseView, MaterialRow, case
from desktop.usecases.confirming import application_papers
from desktop.usecases.desk import Desk
from desktop.usecases.notifying import notice_facts
from desktop.usecases.papering import PaperView, keep_paper
from desktop.usecases.staffing import hall, is_practice
from desktop.usecases.vouching import card_fields
from printing.fonts import faces
from printing.form_paper import form_digest, form_pdf


def make_intake_papers(desk: Desk, case_number: str) -> tuple[PaperView, ...]:
    """Make and keep the papers of an accepted or declined case: the receipt of what was taken, the promise where
    papers may follow, the notice where anything is missing. The customer gets them there and then."""
    view = case(desk, case_number)
    own, absent = paper_facts(desk, view), notice_facts(desk, view)
    facts = {form: own | (absent if form == "notice" else {"qr": absent["qr"]}) for form in _forms(view)}
    made = [(form, form_pdf(form, facts[form], faces(desk.fonts), entry_moment(desk))) for form in facts]
    with act(desk, "make_intake_papers") as doing:
        kept = tuple(keep_paper(
            doing, kind=form, subject="case", subject_id=view.row.id, title=f"{TITLES[form]} {case_number}",
            answers=facts[form], digest=form_digest(form), content=pdf) for form, pdf in made)
    return (*kept, *application_papers(desk, view))


CHANGES, CHANGED, APPLIED = "变更用电", ("hold_kva", "restore_kva"), ("capacity_kva", "capacity_kw")
TITLES = {"receipt": "受理回执", "notice": "一次性告知书", "promise": "客户承诺书"}


def _forms(view: CaseView) -> tuple[str, ...]:
    way = view.way
    forms = [] if way == Way.REFUSED else ["receipt"]
    if way in PROMISED:
        forms.append("promise")
    if way == Way.REFUSED or _awaited(view):
        forms.append("notice")
    return tuple(forms)


def _awaited(view: CaseView) -> list[MaterialRow]:
    """The papers that are not there yet; the promise itself is signed at the counter."""
    return [paper for paper in view.materials if paper.state == "未收" and not paper.stage]


def paper_facts(desk: Desk, view: CaseView) -> dict[str, Any]:
    """What the counter's papers of a case say: text, and lists of lines; ID and phone masked."""
    day = shown("date", view.row.accepted_on.isoformat())
    return {
        **_hall_facts(desk), **_customer_facts(view.answers), "case_number": view.row.number,
        "kind_name": view.row.kind, "way": view.way, **sizes(view), "accepted_on": day,
        "applied_on": day, "clerk_name": view.acceptor_named, "printed_at": _minute(entry_moment(desk)),
        "result": _result(view),
        "identity_check": _identity_check(view),
        "promises": _promised(view), "promise_note": _unchecked(view),
        "materials": [_material_line(view, paper) for paper in view.materials],
        "missing": [_material_line(view, paper) for paper in _awaited(view)],
    }


def sizes(view: CaseView) -> dict[str, str]:
    """申请容量: what is applied for, or what a change stops or runs again; 合同容量: of an account that is changed."""
    change = view.process.group == CHANGES
    said = _asked(view, CHANGED if change else APPLIED)
    if change:
        return {"capacity": said, "contract_capacity": view.capacity or "／"}
    return {"capacity": said or view.row.capacity or "／", "contract_capacity": ""}


def _asked(view: CaseView, names: tuple[str, ...]) -> str:
    name = next((name for name in names if view.answers.get(name)), "")
    return f"{view.answers[name]} {field(name).unit}" if name else ""


def _hall_facts(desk: Desk) -> dict[str, str]:
    own = hall(desk)
    return {
        "hall_name": own.get("hall_name") or own["supplier_name"],
        "hall_phone": own.get("hall_phone") or own.get("supplier_phone") or "95598",
        "hall_address": own.get("hall_address") or own["supplier_address"],
        "practice": "演练" if is_practice(desk) else "",
    }


def _customer_facts(answers: Mapping[str, Any]) -> dict[str, str]:
    names = ("customer_name", "customer_id_kind", "customer_id", "customer_phone", "usage_address", "agent_name",
             "agent_id", "yx_application")
    return {name: show(name, answers[name], masked=True) if answers.get(name) else "" for name in names}


def _result(view: CaseView) -> str:
    """What became of the application, as the notice tells it."""
    ended = next((entry.facts for entry in view.log if entry.what == "ended"), None)
    if ended is not None:
        why = ended.get("explanation", "")
        return f"本次申请暂不受理。原因：{why}。补齐后可随时再来办理，已提供的资料不必重复提供。"
    return (f"本次申请已按{view.way}方式受理，办理时限自受理之日起计算。请在上列期限前补齐资料；逾期未补的，"
            "受影响的环节暂停，补齐之日起恢复。")


def _identity_check(view: CaseView) -> str:
    """What an identity card vouches for, read by a device; empty where papers were compared by eye."""
    read = "、".join(field(name).label for name in card_fields(view.log))
    return f"{MARK}（{read}）" if read else ""


def _promise_line(promise: Mapping[str, Any]) -> dict[str, str]:
    provisional = "（日历暂定）" if promise["provisional"] else ""
    stage = told_label(promise["label"], promise["note"])
    return {"stage": stage, "days": str(promise["days"]), "due": shown("date", promise["due"]) + provisional}


UNVERIFIED = "待核验"


def _unchecked(view: CaseView) -> str:
    """Of which promised limits nobody has yet checked the basis."""
    told = [each["label"] for each in view.promises if each.get("mark") == UNVERIFIED]
    told += [] if view.process.total.basis.verified else [view.process.total.label]
    return f"所列时限中，{'、'.join(dict.fromkeys(told))}的依据{UNVERIFIED}。" if told else ""


def _promised(view: CaseView) -> list[dict[str, str]]:
    """The promised limits and their sum; a sum that is promised as a limit itself is not said twice."""
    lines = [*map(_promise_line, view.promises)]
    label = told_label(view.process.total.label, view.process.total.note)
    return lines if label in [line["stage"] for line in lines] else [*lines, _sum_line(view, label, lines[-1]["due"])]


def _sum_line(view: CaseView, label: str, last: str) -> dict[str, str]:
    """All that is promised together: it ends with the last stage; where more stages may come, it is a most without a
    date."""
    total = view.process.total
    if sum(promise["days"] for promise in view.promises) != total.days:
        return {"stage": f"{label}最多", "days": str(total.days), "due": "按实际经过的环节"}
    return {"stage": label, "days": str(total.days), "due": last}


def _material_line(view: CaseView, paper: MaterialRow) -> dict[str, str]:
    asked = next((m.examples for m in view.process.materials if m.code == paper.code), "")
    due = shown("date", paper.due_on.isoformat()) if paper.due_on else ""
    if paper.stage and paper.state not in HERE and not due:  # not lacking: it is asked for when its stage comes
        due = f"{view.process.stage(paper.stage).name}前"
    return {"name": paper.name, "asked": asked, "state": "待补" if paper.open else paper.state, "due": due,
            "supplier": paper.supplier}


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
