"""An application as it is written in an answers file: every key known, every shape right, every paper one of its kind.

What nobody would read is refused by its name, with what there is: a misspelt key must not look like an answer given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.cli_answer import day, texts, word_of
from desktop.cli_changing import with_what_is_known
from desktop.cli_words import named
from desktop.errors import Missing, Refusal

if TYPE_CHECKING:
    from desktop.domain.process import Process
    from desktop.usecases.desk import Desk
    from desktop.usecases.intake import Application, MaterialMark

OWN = ("process", "kind", "way", "applied_on", "customer_id", "materials", "answers", "reason")
BESIDE = ("kind", "way", "applied_on", "customer_id", "materials", "answers", "reason")  # as they are told
SEE = "样例见 yekuo example accept"


def application(desk: Desk, given: Mapping[str, Any]) -> Application:
    """An application from an answers file: `kind`, `way`, `applied_on`, `materials` and `answers`, or the answers
    themselves beside the others. Refused for a key, a shape or a paper's code that is none."""
    from desktop.domain.material import Way
    from desktop.usecases.intake import Application, process_of

    answers, way = _answers(given), way_named(word_of(given, "way"))
    if word_of(given, "reason") and way != Way.REFUSED:
        raise Refusal(f"原因（reason）只在不予受理时写（way 为“{Way.REFUSED}”），请去掉或改正 way。", "reason")
    kind = word_of(given, "process") or word_of(given, "kind") or desk.catalog.usual_kind(desk.today)
    said = word_of(given, "applied_on")
    came = day(said, "applied_on") if said else None
    papers = _papers(process_of(desk, kind, came), given)
    told = with_what_is_known(desk, kind, texts(answers), came)
    known = given.get("customer_id") if "answers" in given else None
    return Application(kind, told, papers, way, came, _customer(known))


def _answers(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers, from their own braces or beside the application's own keys; beside those nothing else may stand."""
    if "answers" not in given:
        return {name: value for name, value in given.items() if name not in OWN or name == "customer_id"}
    answers = given["answers"]
    if not isinstance(answers, Mapping):
        raise Refusal(f"“answers”应把要填的各项写在花括号里，如 {{\"customer_name\": \"户名\"}}；{SEE}。", "answers")
    _refuse_beside(name for name in given if name not in OWN)
    return answers


def _refuse_beside(strange: Iterable[str]) -> None:
    """A field of the form beside `answers` belongs into them; any other key is none at all."""
    from desktop.domain.field import FIELDS

    for name in strange:
        if name in FIELDS:
            raise Refusal(named(f"{FIELDS[name].label}应写在 answers 的花括号里面；{SEE}。", name), name)
        raise Refusal(f"最外层没有“{name}”这一项，可以写：{'、'.join(BESIDE)}；{SEE}。", name)


def _papers(process: Process, given: Mapping[str, Any]) -> dict[str, MaterialMark]:
    """What is said of each paper, by code. Refused with every code that the kind does not have, and those it has."""
    from desktop.usecases.intake import MaterialMark

    marks = given.get("materials")
    if marks is None:
        return {}
    if not isinstance(marks, Mapping):
        raise Refusal(f"“materials”应逐项写在花括号里，如 {{\"M01\": \"已收\"}}；{SEE}。", "materials")
    codes = {code: code.strip().upper() for code in marks}
    known = {paper.code: paper.name for paper in process.materials}
    strange = [code for code, meant in codes.items() if meant not in known]
    if strange:
        there = (Missing(f"{code} {name}") for code, name in known.items())
        raise Refusal(f"“{process.name}”的资料（materials）里没有“{'、'.join(strange)}”。它的资料有：", "materials",
                      tuple(there))
    twice = next((code for code in known if list(codes.values()).count(code) > 1), None)
    if twice is not None:
        raise Refusal(f"材料 {twice} 写了两次，请只留一处。", f"material:{twice}")
    return {codes[code]: MaterialMark(*_mark(codes[code], value)) for code, value in marks.items()}


def _mark(code: str, value: Any) -> tuple[str, date | None, dict[str, str]]:
    """State, promised day and what was found of the paper: `{"state": "已收", "paper_kind": …, "true": …}`."""
    from desktop.domain.dossier import ASKED
    from desktop.domain.material import Demand, Mark

    given = value if isinstance(value, Mapping) else {"state": value}
    state, due = word_of({"materials": given.get("state")}, "materials"), word_of(given, "due_on")
    if state == Demand.MAY_FOLLOW:
        raise Refusal(f"材料 {code} 的状态请写“{Mark.MISSING}”；容缺是受理方式，另写 \"way\": \"容缺受理\"，"
                      "样例见 yekuo example accept 容缺受理。", f"material:{code}")
    found_so = (Mark.RECEIVED, Mark.MISSING, Mark.SHARED)
    if state not in found_so:
        raise Refusal(f"材料 {code} 的状态“{state}”不认识。请从这些里选：{'、'.join(found_so)}。", f"material:{code}")
    found = {name: word_of(given, name) for name in given if name not in ("state", "due_on")}
    strange = next((name for name in found if name not in ASKED), None)
    if strange is not None:
        raise Refusal(f"材料 {code} 没有“{strange}”这一项，可以写：{'、'.join(('state', 'due_on', *ASKED))}。",
                      f"material:{code}")
    return state, day(due, "due_on") if due else None, found


def with_ways(desk: Desk, brought: Application, why: Refusal) -> Refusal:
    """A refusal for papers that are not there, with how the application can be taken without them."""
    from desktop.domain.material import PROMISED, Way, promise_paper
    from desktop.usecases.intake import assess, process_of

    if not any((each.field or "").startswith("material:") for each in why.missing):
        return why
    paper = promise_paper(process_of(desk, brought.kind, brought.applied_on).materials)
    ways = assess(desk, brought).ways
    told = [f"资料不齐也能办理{way}：way 写“{way}”，没有的资料写“未收”，客户签了 {paper.code} {paper.name}的写“已收”；"
            f"样例见 yekuo example accept {way}" for way in PROMISED if paper and way in ways and way != brought.way]
    told += [f"客户不补的，不予受理：way 写“{Way.REFUSED}”，reason 写明原因；样例见 yekuo example accept {Way.REFUSED}"]
    return Refusal(why.sentence, why.field, (*why.missing, *map(Missing, told)))


def unread(desk: Desk, brought: Application) -> tuple[str, ...]:
    """The papers that were said to be there, though this application asks for none: nothing was kept of them."""
    from desktop.domain.material import HERE
    from desktop.usecases.intake import process_of
    from desktop.usecases.intake_materials import asked_codes

    process = process_of(desk, brought.kind, brought.applied_on)
    asked = asked_codes(process, brought)
    return tuple(f"{paper.code} {paper.name}" for paper in process.materials
                 if paper.code not in asked and paper.code in brought.materials
                 and brought.materials[paper.code].state in HERE)


def way_named(said: str) -> str:
    """The way of acceptance that is meant, by its name or its beginning; refused with those there are."""
    from desktop.domain.material import Way

    meant = next((way for way in Way if way.startswith(said)), None)
    if meant is None:
        raise Refusal(f"没有“{said}”这种受理方式。现有：{'、'.join(Way)}。", "way")
    return str(meant)


def _customer(said: Any) -> int | None:
    """The known customer whom the clerk chose by his id; refused for anything that is no id."""
    if said in (None, ""):
        return None
    if not re.fullmatch(r"[0-9]{1,18}", str(said)):
        raise Refusal("客户（customer_id）在 answers 之外时是已有客户的序号，应为数字；没有的请去掉。", "customer_id")
    return int(said)
