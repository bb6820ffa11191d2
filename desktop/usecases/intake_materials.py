"""The papers of an application at acceptance: the checklist as it stands, its rows, and what the log keeps of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.domain.card import MARK as BY_CARD
from desktop.domain.card import vouched
from desktop.domain.dossier import PAPERS
from desktop.domain.material import (
    HERE,
    PROMISED,
    Demand,
    Mark,
    Material,
    MissingPaper,
    concerned,
    shared,
)
from desktop.domain.process import Process
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import Act
from desktop.usecases.collecting import Offer, accepted_kinds, offers, paper_of, tidied_facts
from desktop.usecases.desk import Desk
from desktop.usecases.filing import attach_kept

if TYPE_CHECKING:
    from desktop.usecases.intake import Application


@dataclass(frozen=True)
class MaterialMark:
    """What the clerk found of one paper: 已收, 未收 or 免交, and by when a missing one is promised.

    `facts`: what was found of it (dossier.ASKED); `files`: (digest, name) of what was kept while the form was filled;
    `from_case`: it is taken over from that earlier case.
    """

    state: str = Mark.MISSING
    due_on: date | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()
    from_case: str = ""


@dataclass(frozen=True)
class MaterialView:
    """One line of the checklist; `why` is what is missing, who supplies it and by when.

    `stage`: the later stage that it is for; `kinds`: the accepted kinds; `shared_from`: where its data may be had
    instead (免交); `offer`: it was given in an earlier case and is valid.
    """

    code: str
    name: str
    demand: str
    state: str
    supplier: str
    due_on: date | None
    why: str
    stage: str = ""
    kinds: tuple[str, ...] = ()
    shared_from: str = ""
    offer: Offer | None = None


def checklist(process: Process, application: Application, absent: Sequence[MissingPaper],
              kinds: Mapping[str, tuple[str, ...]]) -> tuple[MaterialView, ...]:
    """Every paper of the kind in the catalogue's order, with what is asked of it now. kinds: by code."""
    answers, marks = application.answers, application.materials
    missed = {paper.material.code: paper for paper in absent}
    wanted = {m.code: m for m in concerned(process.materials, answers)}
    asked = asked_codes(process, application)
    lines = [wanted.get(m.code, m) for m in process.materials]
    return tuple(_line(process, m, marks.get(m.code), missed.get(m.code), m.code in asked, kinds.get(m.code, ()))
                 for m in lines)


def asked_codes(process: Process, application: Application) -> frozenset[str]:
    """The papers that this application has to do with: needed now or later, spared, or the promise of its way."""
    return frozenset({*(m.code for m in concerned(process.materials, application.answers)),
                      *(m.code for m in process.materials if _is_promised(m, application.way))})


def _is_promised(material: Material, way: str) -> bool:
    return material.role == "promise" and way in PROMISED


def _line(process: Process, material: Material, mark: MaterialMark | None, absent: MissingPaper | None, asked: bool,
          kinds: tuple[str, ...]) -> MaterialView:
    mark = mark or MaterialMark()
    due = (mark.due_on or absent.due) if absent and not absent.blocks else None
    demand = material.demand if asked else Demand.NOT_NEEDED
    state = Mark.SHARED if asked and material.demand is Demand.SHARED else mark.state
    later = process.stage(material.stage).name if material.stage and state == Mark.MISSING else ""
    why = f"“{later}”前由{material.supplied_by}提供" if later else _why(material, absent, due)
    return MaterialView(material.code, material.name, str(demand), str(state), material.supplied_by, due, why,
                        material.stage, kinds, material.shared_from)


def _why(material: Material, absent: MissingPaper | None, due: date | None) -> str:
    if absent is None or absent.due in (None, due) or due is None:
        return absent.sentence if absent else ""
    return f"待补{material.name}：由{material.supplied_by}于 {due.isoformat()} 前补交"


def kinds_of(desk: Desk, process: Process) -> dict[str, tuple[str, ...]]:
    """The accepted kinds of each paper of the process."""
    return {m.code: accepted_kinds(desk, process, m) for m in process.materials if m.kinds}


def wrong_papers(desk: Desk, process: Process, application: Application) -> tuple[Missing, ...]:
    """What is wrong with what was found of the papers: expired, not accepted, no source for 免交."""
    found: list[Missing] = []
    asked = asked_codes(process, application)
    for code, mark in application.materials.items():
        if code not in asked:
            continue
        try:
            _facts(desk, process, application, code, mark)
        except Refusal as why:
            lacks = why.missing or (Missing(str(why), why.field),)
            found += [Missing(each.sentence, f"material:{code}") for each in lacks
                      if each.field != "paper_number" or "paper_number" in mark.facts]  # else the form's field tells it
    return tuple(found)


def odd_promises(application: Application, absent: Sequence[MissingPaper], day: date) -> tuple[Missing, ...]:
    """What is wrong with the days for which papers are promised: before tomorrow of the application's `day`, or beyond
    the term that the catalogue gives. 依据：资料目录各行的 days。"""
    found: list[Missing] = []
    for paper in absent:
        code, name = paper.material.code, paper.material.name
        due = application.materials[code].due_on if code in application.materials else None
        if due is None or paper.due is None:
            continue
        if due <= day:
            found.append(Missing(f"{name}的补交日期 {due} 应在申请之日（{day}）之后，请核对", f"material:{code}"))
        elif due > paper.due:
            found.append(Missing(f"{name}最晚约定到 {paper.due} 补交（{paper.material.basis.text}，"
                                 f"{paper.material.basis.mark}），现写的是 {due}。请改到期限以内；到期仍拿不出的，"
                                 "届时改约并写明原因", f"material:{code}"))
    return tuple(found)


def found_papers(desk: Desk, process: Process, application: Application) -> dict[str, Any]:
    """What the log of the acceptance keeps of each paper that is there: its state and what was found of it."""
    asked = asked_codes(process, application)
    papers = {code: {"state": str(mark.state), **_facts(desk, process, application, code, mark)}
              for code, mark in application.materials.items()
              if code in asked and mark.state in HERE and not mark.from_case}
    spared = {m.code: {"state": str(Mark.SHARED), "source": m.shared_from}
              for m in shared(process.materials, application.answers)}
    return {PAPERS: papers | spared} if papers or spared else {}


def _facts(desk: Desk, process: Process, application: Application, code: str, mark: MaterialMark) -> dict[str, str]:
    """What was found of one paper in the shape it is kept; what the form says of it is not typed again."""
    material = paper_of(process, code)
    if material is None or mark.state not in HERE or mark.from_case:
        return {}
    known = _told_by_form(desk, process, application, material)
    if mark.state == Mark.SHARED:
        known["source"] = mark.facts.get("source") or material.shared_from
        if not known["source"]:
            raise Refusal(f"{material.name}不能免交：目录里没有它的数据共享来源。请收取原件，或写明数据从哪里取得。",
                          "source")
    return tidied_facts(desk, process, material, {**known, **mark.facts}, application.applied_on)


def _told_by_form(desk: Desk, process: Process, application: Application, material: Material) -> dict[str, str]:
    """What the form says of a paper already: the identity, and the agent's power of attorney with its last day."""
    if material.role == "identity":
        return _identity(desk, process, application, material)
    if material.role != "authority":
        return {}
    said = {"paper_number": application.answers.get("poa_number"), "valid_until": application.answers.get("poa_until")}
    return {name: str(value) for name, value in said.items() if value}


def _identity(desk: Desk, process: Process, application: Application, material: Material) -> dict[str, str]:
    """The identity as the form says it, looked through by a device where one has read the card."""
    answers = application.answers
    kind, number = str(answers.get("customer_id_kind", "")), str(answers.get("customer_id", ""))
    known = {"paper_kind": kind} if kind in accepted_kinds(desk, process, material) else {}
    known |= {"paper_number": number} if number else {}
    if "customer_id" in vouched(answers, application.card):
        known |= {"true": "是", "true_how": BY_CARD}
    return known


def material_row(line: MaterialView, day: date) -> dict[str, Any]:
    """The paper's row as it is kept; `day`: when the application was made."""
    return {"code": line.code, "name": line.name, "demand": line.demand, "state": line.state,
            "supplier": line.supplier, "due_on": line.due_on, "open": line.due_on is not None, "stage": line.stage,
            "supplied_on": None if line.state == Mark.MISSING else day}


def with_offers(desk: Desk, process: Process, application: Application,
                lines: Sequence[MaterialView]) -> tuple[MaterialView, ...]:
    """The checklist with what the customer gave before and can be taken over."""
    given = {each.code: each for each in offers(desk, process, application.answers, application.customer_id)}
    return tuple(replace(line, offer=given[line.code]) if line.code in given and line.demand != Demand.NOT_NEEDED
                 else line for line in lines)


def taken_over_offers(desk: Desk, process: Process, application: Application) -> tuple[Offer, ...]:
    """The offers that the form's marks take over; refused where one is not there any more."""
    asked = asked_codes(process, application)
    wanted = [code for code, mark in application.materials.items() if mark.from_case and code in asked]
    if not wanted:
        return ()
    given = {each.code: each for each in offers(desk, process, application.answers, application.customer_id)}
    gone = [code for code in wanted if code not in given]
    if gone:
        material = paper_of(process, gone[0])
        raise Refusal(f"{material.name if material else gone[0]}没有可以沿用的：以前没有交过或已过有效期，请重新收取。",
                      f"material:{gone[0]}")
    return tuple(given[code] for code in wanted)


def keep_files(desk: Desk, doing: Act, case_id: int, application: Application, taken: Sequence[Offer]) -> None:
    """Attach what was kept while the form was filled and what comes with the papers taken over; log those."""
    for code, mark in application.materials.items():  # of whatever paper: a file is never thrown away
        attach_kept(desk, doing, case_id, code, mark.files)
    for offer in taken:
        doing.note("case", case_id, "material_marked", facts={"code": offer.code, "name": offer.name, **offer.facts})
        attach_kept(desk, doing, case_id, offer.code, offer.files)
