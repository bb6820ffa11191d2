"""Who may allow what not everybody may, as to let a clock stand or give money back: it names the clerk who did, and his
post must be one of the catalogue's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop.domain.clock import ClockRules
from desktop.errors import Refusal
from desktop.usecases.desk import ClerkView, Desk
from desktop.usecases.staffing import clerks


def pause_facts(desk: Desk, rules: ClockRules, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a pause with who allowed it (姓名 and 工号).

    `allowed_by` is a 工号 or 姓名; left empty it is the clerk at the desk. Refused where his post may not allow it, or
    where the rules of the case ask for evidence and none is named. 依据: clock.toml, pause_posts 和 evidence_required.
    """
    if rules.evidence_required and not str(facts.get("evidence") or "").strip():
        raise Refusal("暂停须写明凭据，如“客户 11 月 23 日书面说明”。", "evidence")
    return {**facts, "allowed_by": allowed(desk, rules.pause_posts, str(facts.get("allowed_by") or ""), "暂停")}


def allowed(desk: Desk, posts: Sequence[str] | None, said: str, deed: str) -> str:
    """Who allowed the deed, as 姓名（工号）, empty for nobody; refused where one of the `posts` must and it was none.
    None: no post is asked for."""
    who = clerk_named(desk, said.strip())
    if posts is not None and (who is None or who.post not in posts):
        told = f"{who.name}的岗位是{who.post}，不能批准{deed}" if who else f"{deed}要有人批准"
        raise Refusal(f"{told}。请填写批准人的工号，岗位须是：{'、'.join(posts)}。", "allowed_by")
    return who.named if who else ""


def may_allow(desk: Desk, rules: ClockRules) -> tuple[ClerkView, ...]:
    """The clerks whose post may allow a pause, the one at the desk first."""
    found = [clerk for clerk in clerks(desk) if clerk.post in rules.pause_posts]
    return tuple(sorted(found, key=lambda clerk: clerk.id != (desk.clerk.id if desk.clerk else None)))


def clerk_named(desk: Desk, said: str) -> ClerkView | None:
    """The clerk of that number or name, as `name（number）` too; the one at the desk where nothing is said."""
    if not said:
        return desk.clerk
    number = said.rpartition("（")[2].removesuffix("）")
    found = [clerk for clerk in clerks(desk) if clerk.number in (said, number)]
    found = found or [clerk for clerk in clerks(desk) if clerk.name == said]
    if len(found) != 1:
        raise Refusal(f"没有工号或姓名为“{said}”的在岗人员，请核对批准人。", "allowed_by")
    return found[0]
