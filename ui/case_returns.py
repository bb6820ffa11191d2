"""Going back on a case's page: a stage is sent back, what that undoes being told first, or recalled by its clerk."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from ui.ask_card import asked

if TYPE_CHECKING:
    from desktop.usecases.case_listing import CaseView
    from desktop.usecases.desk import Desk
    from ui.case_page import CasePage


def go_back(page: CasePage, stage_id: str) -> None:
    """Recall the chosen stage where it is finished, else send the case back from it."""
    view = page.seen()
    if can_recall(view, stage_id):
        ask_recall(page, stage_id)
    elif stage_id in view.state.current:
        ask_back(page, stage_id)
    else:
        page.services.messages.say("care", "这一环节还没有轮到，不能退回。请先选一个进行中的环节。")


def can_recall(view: CaseView, stage_id: str) -> bool:
    open_still = view.state.closed_on is None or view.process.stage(stage_id).afterwards
    return open_still and view.state.stage(stage_id).state == "完成"


def ask_back(page: CasePage, stage_id: str) -> None:
    """Send back from an open stage to it or an earlier one; what is undone changes with the choice."""
    from desktop.usecases.handing_over import would_undo

    view, desk = page.seen(), page.services.desk
    stage = view.process.stage(stage_id)
    places = (*view.process.ancestors(stage.id), stage.id)
    names = {view.process.stage(place).name: place for place in places}

    def do(answers: dict[str, Any]) -> None:
        on = date.fromisoformat(answers.pop("claimed_on"))
        page.record(stage.id, "sent_back", {"to": names[answers["to"]], "reason": answers["reason"]}, on)

    def told(name: str) -> str:
        return f"退回到“{name}”：{would_undo(desk, page.number, names[name]).sentence}" if name in names else ""

    def tell(_field: str) -> None:
        if page.ask.form is not None:
            page.ask.tell_about(told(str(page.ask.form.answers().get("to") or "")))

    fields = [asked("to", "退回到", "choice", tuple(names)), asked("reason", "原因", "text"),
              asked("claimed_on", "办理日期", "date")]
    page.ask.ask("退回", fields, do, ok="退回", required=["to", "reason", "claimed_on"], about=told(stage.name),
                 answers={"claimed_on": desk.today.isoformat(), "to": stage.name})
    if page.ask.form is not None:
        page.ask.form.changed.connect(tell)


def ask_recall(page: CasePage, stage_id: str) -> None:
    """Take back a finished stage that nothing was built on yet."""
    from desktop.usecases.handing_over import recall

    name = page.seen().process.stage(stage_id).name

    def do(answers: dict[str, Any]) -> None:
        recall(page.services.desk, page.number, stage_id, answers["reason"])
        page.services.messages.say("good", f"已保存：{name}已召回，时限照原来的起点计算。")
        page.refresh()

    page.ask.ask(f"召回{name}", [asked("reason", "原因", "text")], do, ok="召回", required=["reason"],
                 about="后一环节还没有办理时，提交人可以召回，当作没有提交过；已办理的请改用退回。")


def works_html(desk: Desk, view: CaseView) -> str:
    """Fees, rounds and the hand-over of a case in a few lines."""
    from desktop.usecases.charging import fees
    from desktop.usecases.handing_over import offer_of
    from desktop.usecases.inspecting import rounds

    bill, found, offer = fees(desk, view.row.number), rounds(desk, view.row.number), offer_of(desk, view.row.number)
    lines = [f"受理：{escape(view.acceptor)}　负责：{escape(view.row.owner)}"]
    if offer is not None:
        lines.append(f"移交给 {escape(offer.receiver)}，等对方接收")
    if bill.to_refund:
        lines.append(f"工单已终止，业务费应退还 {bill.to_refund:,.2f} 元")
    elif bill.sum.due:
        owed, paid = f"业务费待缴 {bill.sum.open:,.2f} 元", f"业务费 {bill.sum.paid:,.2f} 元已缴清"
        lines.append(owed if bill.sum.open else paid)
    lines += [f"通常还收{escape(item.name)}（{item.basis.mark}）" for item in bill.expected]
    if found:
        last = found[-1]
        lines.append(f"{last.name}第 {last.round} 轮{last.result or '待判'}")
    waiting = sum(each.mended_on is None for row in found for each in row.defects)
    return "<br>".join([*lines, *([f"{waiting} 项缺陷待整改"] if waiting else [])])
