"""Correcting the application on a case's page: one group of answers at a time, with why and at whose word."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from ui.ask_card import asked
from ui.intake_summary import link
from ui.theme import MUTED

if TYPE_CHECKING:
    from desktop.usecases.correcting import Correctness
    from ui.case_page import CasePage

LISTED = "loads"


def corrections_html(found: Correctness, may: bool) -> str:
    """What was corrected, the newest first, each with what it was before; and what may be corrected now."""
    lines = [_made_html(each) for each in reversed(found.made)]
    groups = "　".join(link(f"correct:{group.id}", group.name) for group in found.groups) if may else ""
    return "<br>".join([*lines, *([f"更正：{groups}"] if groups else [])])


def _made_html(made: Any) -> str:
    changed = "；".join(f"{escape(each.label)} {escape(each.before)} → {escape(each.after)}" for each in made.changes)
    return (f"{made.on.isoformat()} {escape(made.asked_by)}：{escape(made.reason)}"
            f" <span style='color:{MUTED}'>{changed}　{escape(made.clerk)}</span>")


def ask_correction(page: CasePage, group_id: str = "") -> None:
    """Ask for the answers of one group as they should read; without one named, of the first that may be corrected."""
    from desktop.usecases.correcting import correct, correctness

    found = correctness(page.services.desk, page.number)
    group = next((each for each in found.groups if group_id in ("", each.id)), None)
    if group is None or page.services.clerk is None:
        page.services.messages.say("care", "申请里现在没有可以更正的内容：需求有变的请变更供电方案。")
        return
    on_site = LISTED in group.fields and found.found and list(found.found) != found.said.get(LISTED)

    def do(said: dict[str, Any]) -> None:
        on, reason, by = date.fromisoformat(said.pop("claimed_on")), said.pop("reason"), said.pop("asked_by")
        change = {name: said.get(name) or "" for name in group.fields}
        made = correct(page.services.desk, page.number, change, reason=reason, asked_by=by, claimed_on=on)
        page.refresh()
        page.services.messages.say("care" if made.notices else "good", _told(made))

    answers = {name: found.said.get(name, "") for name in group.fields}
    if on_site:
        answers[LISTED] = list(found.found)
    page.make_room()
    told = "设备清单已填入现场勘查的清单，请核对容量。" if on_site else ""
    page.ask.ask(
        f"更正申请：{group.name}",
        [*group.fields, asked("reason", "更正原因", "text", max_length=300),
         asked("asked_by", "由谁提出", "choice", group.asked_by), asked("claimed_on", "办理日期", "date")],
        do, ok="更正", required=["reason", "asked_by", "claimed_on"], columns=3,
        answers={**answers, "claimed_on": page.services.desk.today.isoformat(),
                 **({"asked_by": "现场勘查"} if on_site else {})},
        about=f"{told}原来填的留在办理记录里。依据：{group.basis}。")


def _told(made: Any) -> str:
    """What a correction brought about, in one sentence for the message bar."""
    changed = "；".join(f"{each.label} {each.before} → {each.after}" for each in made.correction.changes
                       if each.field != LISTED)
    parts = [f"已保存：申请已更正（{changed or '设备清单'}）",
             f"另须资料：{'、'.join(made.papers)}" if made.papers else "",
             f"承诺日期：{'；'.join(made.dates)}" if made.dates else "", *(each.sentence for each in made.notices)]
    return "。".join(part for part in parts if part) + "。"
