"""The papers of a change of use: 变更用电申请表 at acceptance; 确认单, 补充协议 or 终止协议 for its contract.

What was before the change stands in the entry of acceptance, so that a paper made later tells the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from desktop.domain.caselog import What, standing
from desktop.domain.field import field, show
from desktop.domain.kind import shown
from desktop.domain.process import ContractAct, Deed, Effect
from desktop.errors import Refusal
from desktop.usecases.acting import AlreadyDone, act, entry_moment
from desktop.usecases.case_listing import CaseView, case
from desktop.usecases.casework import OWN_FACTS
from desktop.usecases.changing import BY_CONTRACT, begins_from_account
from desktop.usecases.desk import Desk
from desktop.usecases.papering import PaperView, keep_paper, same_paper
from desktop.usecases.staffing import hall, is_practice
from printing.fonts import faces
from printing.form_paper import form_digest, form_pdf, forms

APPLICATION = "change_application"
DAYS = ("sealed_on", "unsealed_on", "removed_on", "installed_on", "change_signed_on", "hold_from", "restore_on")
OF_ALL = ("arrears", "arrears_by", "arrears_on", "channel", "note")  # asked in any change, and none of what changes
TOLD = ("customer_name", "customer_id_kind", "customer_id", "identity_check", "customer_phone", "usage_address",
        "voltage", "agent_name", "change_reason")
Row = dict[str, str]


@dataclass(frozen=True)
class _Change:
    """A case's change as its papers tell it: all that was said and found, and how the account stood before."""

    answers: Mapping[str, Any]
    before: Mapping[str, str]

    def text(self, name: str) -> str:
        """The answer as paper shows it, with its unit."""
        value = self.answers.get(name) or ""
        return f"{show(name, value)} {field(name).unit}".strip() if value else ""

    def running(self, sign: int, name: str) -> str:
        """运行容量 once so much more, or less, runs; empty where nobody knows how much ran before."""
        return self._plus("running", sign, name)

    def capacity(self, sign: int, name: str) -> str:
        return self._plus("capacity", sign, name)

    def _plus(self, of: str, sign: int, name: str) -> str:
        number, _blank, unit = self.before.get(of, "").partition(" ")
        try:
            return f"{(Decimal(number) + sign * Decimal(str(self.answers[name]))).normalize():f} {unit}"
        except (InvalidOperation, KeyError):
            return ""


def document_of(view: CaseView) -> str:
    """The form that the change's contract asks for; empty where a signed contract answers it, or nothing does."""
    due = view.process.consequence(view.answers)
    return "" if due is None or due.act in BY_CONTRACT or due.document not in forms() else due.document


def make_change_paper(desk: Desk, case_number: str, *, request_id: str | None = None) -> PaperView:
    """Make and keep the paper that the change's contract asks for; made again after something changed, a newer one
    stands beside the older, else it is the kept one. Refused where this kind of change asks for none."""
    view = case(desk, case_number)
    name = document_of(view)
    if not name:
        due = view.process.consequence(view.answers)
        how = f"：请{due.act}供用电合同" if due is not None and due.act in BY_CONTRACT else ""
        raise Refusal(f"“{view.row.kind}”没有要另外签署的变更文书{how}。", "case")
    return keep_change_paper(desk, view, name, request_id)


def keep_change_paper(desk: Desk, view: CaseView, name: str, request_id: str | None = None) -> PaperView:
    """Make and keep one form of a change."""
    facts = change_facts(desk, view)
    pdf = form_pdf(name, facts, faces(desk.fonts), entry_moment(desk))
    try:
        with act(desk, "make_change_paper", request_id) as doing:
            if kept := same_paper(doing, name, "case", view.row.id, facts, form_digest(name)):
                doing.result = str(kept.id)
                return kept
            paper = keep_paper(doing, kind=name, subject="case", subject_id=view.row.id, digest=form_digest(name),
                               title=f"{forms()[name].title} {view.row.number}", answers=facts, content=pdf)
            doing.note("case", view.row.id, "paper_made", facts={"paper": paper.id, "kind": name})
            doing.result = str(paper.id)
            return paper
    except AlreadyDone as done:
        return next(paper for paper in case(desk, view.row.number).papers if paper.id == int(done.result))


def change_facts(desk: Desk, view: CaseView) -> dict[str, Any]:
    """What the papers of a change say; ID and phone masked."""
    change = _change(view)
    own, before = hall(desk), change.before
    customer = {name: show(name, change.answers[name], masked=True) if change.answers.get(name) else ""
                for name in TOLD}
    return {
        **customer, "hall_name": own.get("hall_name") or own["supplier_name"], "supplier_name": own["supplier_name"],
        "hall_phone": own.get("hall_phone") or own.get("supplier_phone") or "95598",
        "practice": "演练" if is_practice(desk) else "", "case_number": view.row.number,
        "printed_at": entry_moment(desk).strftime("%Y-%m-%d %H:%M"), "kind_name": view.row.kind,
        "accepted_on": shown("date", view.row.accepted_on.isoformat()), "clerk_name": view.acceptor_named,
        "account_number": view.account_number, "contract_number": before.get("contract", ""),
        "contract_capacity": before.get("capacity", ""), "running_capacity": before.get("running", ""),
        "arrears": _checked(change, "arrears", "arrears_by", "arrears_on"), "settlement": _settlement(change),
        "effective_on": _effective(change), "changes": list(_rows(view, change)),
        "sealed": "是" if change.answers.get("hold_kva") else "",
    }


def outage_facts(desk: Desk, view: CaseView) -> dict[str, Any]:
    """What 停（复）电通知书 says of a change that seals, unseals or takes the meter down: before it is done the day
    agreed on, afterwards what was done, and by whom."""
    change = _change(view)
    asked = {name for stage in view.process.stages for name in stage.fields}
    told = next((tell for name, tell in _OUTAGES.items() if name in asked), None)
    said = {name: value for name, value in change_facts(desk, view).items() if name != "clerk_name"}  # who hands it out
    return {**said, **(told(change) if told else {})}


def _sealing(change: _Change) -> dict[str, str]:
    return {"stop_on": _on_day(change, "sealed_on", "hold_from"), "stop_until": _last_day(change),
            "running": _from_to(change.before.get("running", ""), change.running(-1, "hold_kva")),
            **_texts(change, "hold_equipment", "hold_kva", "sealed_by", "seal_numbers")}


def _last_day(change: _Change) -> str:
    return _span(change).partition("至")[2] if change.answers.get("hold_until") else ""


def _unsealing(change: _Change) -> dict[str, str]:
    return {"restore_on": _on_day(change, "unsealed_on", "restore_on"),
            "running": _from_to(change.before.get("running", ""), change.running(1, "restore_kva")),
            "hold_equipment": _again(change), **_texts(change, "restore_kva", "unsealed_by", "seal_numbers")}


def _removal(change: _Change) -> dict[str, str]:
    wanted = next((name for name in ("wanted_done_on", "wanted_on") if change.text(name)), "")  # or of a release before
    return {"close_on": _on_day(change, "removed_on", wanted) or "以现场办理之日为准，办理前电话约定",
            **_texts(change, "removed_by", "final_reading")}


def _on_day(change: _Change, done: str, agreed: str) -> str:
    """The day on which it was done; until then the one agreed on, marked so."""
    return change.text(done) or (f"{change.text(agreed)}（约定）" if change.text(agreed) else "")


def _from_to(before: str, after: str) -> str:
    return f"由 {before} 变为 {after}" if before and after else ""


def _texts(change: _Change, *names: str) -> dict[str, str]:
    return {name: change.text(name) for name in names}


_OUTAGES: Mapping[str, Callable[[_Change], dict[str, str]]] = {
    "sealed_on": _sealing, "unsealed_on": _unsealing, "removed_on": _removal}


def _change(view: CaseView) -> _Change:
    found: dict[str, Any] = dict(view.answers)
    for entry in standing(view.log):
        if entry.what == What.DONE:
            found |= {name: value for name, value in entry.facts.items() if name not in OWN_FACTS}
    return _Change(found, view.log[0].facts.get("before") or {})


def _checked(change: _Change, what: str, by: str, on: str) -> str:
    said = change.text(what)
    who = "，".join(part for part in (f"{change.text(by)}核查" if change.text(by) else "", change.text(on)) if part)
    return f"{said}（{who}）" if said and who else said


def _settlement(change: _Change) -> str:
    """When the bill was settled, who looked, how much it was, by which receipt; else what was found at acceptance."""
    if not change.text("settled_on"):
        return _checked(change, "arrears", "arrears_by", "arrears_on")
    amount, proof = change.text("settled_amount"), change.text("settled_proof")
    parts = (f"{change.text('settled_on')}结清", f"{change.text('settled_by')}核对", amount and f"金额 {amount}",
             proof and f"凭证 {proof}")
    return "，".join(part for part in parts if part)


def _effective(change: _Change) -> str:
    return next((change.text(name) for name in DAYS if change.text(name)), "")


def _rows(view: CaseView, change: _Change) -> Iterator[Row]:
    """What changes, line by line: the item, before, after."""
    due, process = view.process.consequence(view.answers), view.process
    effects = [effect for stage in process.stages for effect in process.effects_at(stage.id, view.answers)]
    for effect in effects:
        yield from _TELLERS[effect.deed](change, effect)
    if due is not None and due.act is ContractAct.RENEW and not effects:
        said = change.text("capacity_kva") or change.text("capacity_kw")
        yield _line("合同容量", change.before.get("capacity", ""), said)
    elif not effects:
        yield from _own_words(view, change)


def _own_words(view: CaseView, change: _Change) -> Iterator[Row]:
    """Of a kind that brings about nothing that the program knows: what its application asks beside what every change
    does, as the catalogue added it (暂拆 …)."""
    own = [name for name in view.process.fields if change.answers.get(name) and name not in (*TOLD, *OF_ALL)
           and field(name).group not in ("客户", "经办人", "营销系统") and field(name).kind != "rows"]
    yield _line("业务", "", view.row.kind)
    for name in own:
        said = f"{show(name, change.answers[name], masked=True)} {field(name).unit}".strip()
        yield _line(field(name).label, change.before.get(name, ""), said)


def _line(item: str, before: str, after: str) -> Row:
    return {"item": item, "before": before, "after": after}


def _hold(change: _Change, effect: Effect) -> Iterator[Row]:
    yield _line("运行容量", change.before.get("running", ""), change.running(-1, "hold_kva"))
    yield _line("停用设备", "", change.text("hold_equipment"))
    yield _line(f"{effect.kind}容量", "", change.text("hold_kva"))
    yield _line(f"{effect.kind}期间", "", _span(change))
    yield from _other_day(change, "加封日期", "hold_from", "sealed_on")


def _span(change: _Change) -> str:
    """The days on which it really rests: from the sealing on, where that is done."""
    begins = "sealed_on" if change.answers.get("sealed_on") else "hold_from"
    first, last = change.answers.get(begins), change.answers.get("hold_until")
    if not (first and last):
        return f"自{change.text(begins)}起"
    days = (date.fromisoformat(str(last)) - date.fromisoformat(str(first))).days + 1
    return f"{change.text(begins)}至{change.text('hold_until')}，共{days}天"


def _other_day(change: _Change, item: str, agreed: str, done: str) -> Iterator[Row]:
    """A day that was kept otherwise than applied for, with its reason."""
    if change.answers.get(done) and change.answers[done] != change.answers.get(agreed):
        yield _line(item, f"申请{change.text(agreed)}", f"实际{change.text(done)}：{change.text('day_reason')}")


def _restore(change: _Change, effect: Effect) -> Iterator[Row]:
    yield _line("运行容量", change.before.get("running", ""), change.running(1, "restore_kva"))
    if equipment := _again(change):
        yield _line("恢复的设备", "", equipment)
    yield _line(f"恢复的{effect.kind}容量", "", change.text("restore_kva"))
    yield _line("恢复用电日期", "", change.text("unsealed_on") or change.text("restore_on"))
    yield from _other_day(change, "启封日期", "restore_on", "unsealed_on")


def _again(change: _Change) -> str:
    """The equipment that runs again: as the application names it, else as it was named when it was sealed."""
    return change.text("hold_equipment") or change.before.get("resting", "")


def _capacity(change: _Change, _effect: Effect) -> Iterator[Row]:
    yield _line("合同容量", change.before.get("capacity", ""), change.capacity(-1, "hold_kva"))
    yield _line("停用设备", "", change.text("hold_equipment"))
    yield from _other_day(change, "加封日期", "hold_from", "sealed_on")


def _rename(change: _Change, _effect: Effect) -> Iterator[Row]:
    yield _line("户名", change.before.get("customer_name", ""), change.text("new_name"))
    yield _line("名称变更证明", "", change.text("name_proof"))


def _transfer(change: _Change, _effect: Effect) -> Iterator[Row]:
    yield _line("用电人", change.before.get("customer_name", ""), change.text("customer_name"))


def _reclass(change: _Change, _effect: Effect) -> Iterator[Row]:
    yield _line("用电性质", change.before.get("usage_nature", ""), change.text("new_nature"))
    yield _line("电价类别", change.before.get("price_class", ""), change.text("new_price_class"))


def _move_meter(change: _Change, _effect: Effect) -> Iterator[Row]:
    yield _line("计量装置位置", change.before.get("metering_point", ""), change.text("new_metering_point"))


def _close(change: _Change, _effect: Effect) -> Iterator[Row]:
    yield _line("用电容量", change.before.get("capacity", ""), "全部停止")
    reading = change.text("final_reading")
    yield _line("计量装置", change.before.get("metering_point", ""), f"拆除，止度 {reading}" if reading else "拆除")


_TELLERS: Mapping[Deed, Callable[[_Change, Effect], Iterator[Row]]] = {
    Deed.HOLD: _hold, Deed.RESTORE: _restore, Deed.CAPACITY: _capacity, Deed.RENAME: _rename,
    Deed.TRANSFER: _transfer, Deed.RECLASS: _reclass, Deed.METER: _move_meter, Deed.CLOSE: _close,
}


def application_papers(desk: Desk, view: CaseView) -> tuple[PaperView, ...]:
    """变更用电申请表 of a change that was taken; nothing for a new supply."""
    if not begins_from_account(view.process) or view.state.ended_reason:
        return ()
    return (keep_change_paper(desk, view, APPLICATION),)
