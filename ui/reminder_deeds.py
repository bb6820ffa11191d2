"""What a reminder offers, by the word that the catalogue gives: each asks what it needs and does one verb."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ui.ask_card import asked

if TYPE_CHECKING:
    from desktop.usecases.reminder_listing import ReminderView
    from ui.reminder_panel import ReminderPanel

A_WEEK = timedelta(days=7)
Answers = dict[str, Any]
Deed = Callable[["ReminderPanel", "ReminderView"], None]


def go(panel: ReminderPanel, view: ReminderView) -> None:
    """To the case or contract itself."""
    panel.services.go.emit("contract" if view.subject == "合同" else "case", view.number)


def go_papers(panel: ReminderPanel, view: ReminderView) -> None:
    """To the case's papers, at the first that is missing."""
    panel.services.go.emit("materials", view.number)


def _on_contract(deed: str) -> Deed:
    def act(panel: ReminderPanel, view: ReminderView) -> None:
        panel.services.go.emit("contract", {"key": view.number, "deed": deed})

    return act


def _told(panel: ReminderPanel, view: ReminderView, word: str) -> None:
    panel.services.messages.say("good", f"已保存：{view.title}，{word}。")


def contact(panel: ReminderPanel, view: ReminderView) -> None:
    from desktop.usecases.reminding import contacted

    def do(answers: Answers) -> None:
        contacted(panel.services.desk, view.subject, view.number, answers["note"])
        _told(panel, view, "已记下联系情况")

    note = asked("note", "何时、何人、说了什么", "note", max_length=500)
    panel.ask.ask(f"联系客户：{view.title}", [note], do, ok="记下", required=["note"])


def snooze(panel: ReminderPanel, view: ReminderView) -> None:
    from desktop.usecases.reminding import snooze as put_off

    def do(answers: Answers) -> None:
        put_off(panel.services.desk, view.subject, view.number, date.fromisoformat(answers["until"]),
                answers.get("note", ""))
        _told(panel, view, f"{answers['until']} 再提醒")

    later = panel.services.desk.today + A_WEEK
    fields = [asked("until", "到哪天再提醒", "date"), asked("note", "说明", "text")]
    panel.ask.ask(f"稍后提醒：{view.title}", fields, do, ok="稍后提醒", required=["until"],
                  answers={"until": later.isoformat()})


def hand_over(panel: ReminderPanel, view: ReminderView) -> None:
    from desktop.usecases.reminding import hand_over as give
    from desktop.usecases.staffing import clerks

    names = {f"{clerk.number} {clerk.name}": clerk.number for clerk in clerks(panel.services.desk)}

    def do(answers: Answers) -> None:
        give(panel.services.desk, view.subject, view.number, names[answers["to"]], answers["note"])
        _told(panel, view, f"已移交 {answers['to']}")

    fields = [asked("to", "移交给", "choice", tuple(names)), asked("note", "原因", "text")]
    panel.ask.ask(f"移交：{view.title}", fields, do, ok="移交", required=["to", "note"])


def settle(panel: ReminderPanel, view: ReminderView) -> None:
    from desktop.usecases.reminding import settle as close

    def do(answers: Answers) -> None:
        close(panel.services.desk, view.subject, view.number, answers["note"])
        _told(panel, view, "提醒已关闭")

    panel.ask.ask(f"关闭并说明：{view.title}", [asked("note", "理由", "text")], do, ok="关闭这条提醒",
                  required=["note"], about="理由会留在记录里；自动续展的合同，下一期还会提醒。")


def pause_for_papers(panel: ReminderPanel, view: ReminderView) -> None:
    """The case stands still for what was promised and not brought: all is filled in but for what the clerk changes."""
    from desktop.usecases.case_listing import case
    from desktop.usecases.promising import pause_answers, words_to_customer
    from desktop.usecases.promising import pause_for_papers as pause

    of = case(panel.services.desk, view.number)

    def do(answers: Answers) -> None:
        given = {name: str(value) for name, value in answers.items() if name != "told"}
        pause(panel.services.desk, view.number, given, str(answers["told"]))
        _told(panel, view, "已暂停计时，并记下通知客户的情况")

    known = pause_answers(panel.services.desk, of)
    fields = [asked("reason", "原因", "choice", of.process.pause_reasons),
              asked("evidence", "凭据", "text", sample=str(known.get("evidence", ""))),
              asked("told", "怎样通知客户的", "note", max_length=500), asked("allowed_by", "批准人工号", "text")]
    panel.ask.ask(f"暂停并通知客户：{view.title}", fields, do, ok="暂停并记下", required=["reason", "told"],
                  answers={**known, "told": words_to_customer(panel.services.desk, of)},
                  about="批准人不填就是您自己；岗位不能批准的，填批准人的工号。")


DEEDS: dict[str, Deed] = {
    "续签": _on_contract("renew"), "延期": _on_contract("extend"), "转正式": _on_contract("convert"),
    "终止拆表": _on_contract("terminate"), "核定日期": _on_contract("dates"), "联系客户": contact, "稍后提醒": snooze,
    "移交": hand_over, "关闭并说明": settle, "办理": go, "登记补交": go_papers,
    "暂停并通知客户": pause_for_papers,
}
