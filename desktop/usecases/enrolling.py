"""The papers that the customer fills in or signs when he applies: 登记表, 设备清单, 告知书, 授权委托书.

Made from what the application says, for him to look through; what he signs shows his numbers whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from desktop.domain.accord import load_sum, plain
from desktop.domain.case import Phase
from desktop.domain.field import FIELDS, show, show_cell
from desktop.domain.kind import shown
from desktop.domain.process import Stage
from desktop.usecases.case_listing import CaseView
from desktop.usecases.desk import Desk
from desktop.usecases.intake_papers import CHANGES
from printing.form_paper import forms

Facts = dict[str, Any]
Make = Callable[[Desk, CaseView], Facts]
HOURS, DAYS = "小时", "个工作日"


def serving(view: CaseView) -> Iterator[str]:
    """Which of these papers an application of this kind uses, by name."""
    process = view.process
    own = [name for name in APPLICATION if forms()[name].kinds and process.id in forms()[name].kinds]
    for name in APPLICATION:
        form = forms()[name]
        if name in own or (name.startswith(REGISTER) and own):
            if name in own:
                yield name
        elif form.serves(process.group, process.customer_class, process.id):
            yield name


def application_facts(form: str) -> Make:
    """What the application says under the names of the form's facts."""
    def facts(_desk: Desk, view: CaseView) -> Facts:
        said = {name: _told(name, view.answers[name]) for name in forms()[form].facts
                if name in FIELDS and isinstance(view.answers.get(name), str) and view.answers[name]}
        total = load_sum(view.answers)
        return {**said, "loads": _loads(view.answers.get("loads") or []),
                "load_total": f"{plain(total)} kW" if total else ""}
    return facts


def _told(name: str, value: str) -> str:
    return f"{show(name, value)} {FIELDS[name].unit}".rstrip()


def _loads(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    columns = {column.name: column for column in FIELDS["loads"].columns}
    return [{"number": str(place), **{name: show_cell(columns[name], cell) for name, cell in row.items()
                                      if name in columns and cell}} for place, row in enumerate(rows, 1)]


def guide_facts(desk: Desk, view: CaseView) -> Facts:
    """How the application goes on: its stages as a customer reads them, by whom and how long, and its papers."""
    rules = desk.rules_of(view.process.release)
    stages = [stage for stage in view.process.stages if _is_told(view, stage) and not _words(rules, stage).hidden]
    return {"steps": [_step(rules, view, place, stage) for place, stage in enumerate(stages, 1)],
            "conditions": _beforehand(view) if view.process.group == CHANGES else [],
            "papers": [{"name": row.name, "demand": row.demand, "supplier": row.supplier}
                       for row in view.materials if not row.stage and row.demand != "不需"]}


def _beforehand(view: CaseView) -> list[dict[str, str]]:
    """What a change of use is bound by, as the rules' own basis says it, so that the customer reads it before."""
    told = [rule.basis for rule in view.process.rules if rule.check in BINDING and not rule.stage]
    return [{"told": said or source, "basis": (source if said else "") + ("" if basis.verified else "（待核验）")}
            for basis in dict.fromkeys(told) for source, _, said in [basis.text.partition("：")]]


def _words(rules: Any, stage: Stage) -> Any:
    return rules.progress.of(stage.id, stage.name)


def _is_told(view: CaseView, stage: Stage) -> bool:
    """What may take place of this application, as far as it tells yet."""
    return (view.process.expects(stage.id, view.answers) and not stage.optional) or (
        view.state.stage(stage.id).state == Phase.DONE)


def _step(rules: Any, view: CaseView, place: int, stage: Stage) -> dict[str, str]:
    asked = "、".join(row.name for row in view.materials if row.stage == stage.id)
    return {"number": str(place), "stage": stage.name, "told": _words(rules, stage).later,
            "who": "客户" if stage.timed_by_customer else "供电企业", "days": _limit(stage), "ask": asked}


def _limit(stage: Stage) -> str:
    if stage.limit is None:
        return ""
    told = f"{stage.limit.hours} {HOURS}" if stage.limit.hours else f"{stage.limit.days} {DAYS}"
    return f"{told}（合计）" if len(stage.limit.stages) > 1 else told


def around(view: CaseView) -> Facts:
    """What these papers say of the application itself."""
    return {"accepted_on": shown("date", view.row.accepted_on.isoformat()), "kind_name": view.row.kind}


BINDING = ("high_voltage", "span_length", "year_sum", "notice", "whole_units", "restored_within", "rested_least")
REGISTER = "register_"
APPLICATION: Mapping[str, Make] = {
    **{name: application_facts(name) for name in (
        "register_resident", "register_low", "register_high", "register_charging", "load_list")},
    "guide": guide_facts, "poa": application_facts("poa"),
}
