"""The hall and its people as they are: the supplier's half of every contract, and who may stand at the counter.

They are asked at every start, so in plain SQL, before SQLAlchemy is imported.
"""

from __future__ import annotations

import json
from typing import Any

from db import waiting
from desktop.errors import Refusal
from desktop.usecases.desk import ClerkView, Desk

POSTS = ("受理员", "班长", "客户经理", "合同管理", "运检专责", "调控专责", "发展专责", "主管", "管理员")
NOT_OF_THE_COUNTER = "装表接电班、收费员、档案员、回访员等是环节的责任人，不在这里设岗：他们办好的由柜台人员登记"
APPROVING_POSTS = ("主管", "管理员")
HALL_SETTING = "hall"
PRACTICE_SETTING = "practice"


def hall(desk: Desk) -> dict[str, str]:
    """The hall's own answers (supplier_*, hall_*); empty before the first set-up."""
    return dict(_setting(desk, HALL_SETTING) or {})


def is_set_up(desk: Desk) -> bool:
    """True once the hall is named and has a clerk."""
    return bool(hall(desk)) and bool(clerks(desk))


def is_practice(desk: Desk) -> bool:
    """True in a practice hall (演练): its papers are marked, and its texts may be signed unapproved."""
    return bool(_setting(desk, PRACTICE_SETTING))


def _setting(desk: Desk, name: str) -> Any:
    with desk.db.glance() as ask:
        return next((json.loads(row["value"]) for row in ask(waiting.SETTING, name=name)), None)


def clerks(desk: Desk, *, active_only: bool = True) -> tuple[ClerkView, ...]:
    """The hall's clerks in the order of their numbers."""
    with desk.db.glance() as ask:
        found = [ClerkView(row["id"], row["number"], row["name"], row["post"], bool(row["active"]), row["version"])
                 for row in ask(waiting.CLERKS)]
    return tuple(clerk for clerk in found if clerk.active or not active_only)


def clerk_by_number(desk: Desk, number: str) -> ClerkView:
    """The clerk with this 工号; refuses an unknown one, or one who has left."""
    found = next((clerk for clerk in clerks(desk) if clerk.number == number.strip()), None)
    if found is None:
        raise Refusal(f"没有工号为“{number}”的在岗人员。请在“系统 → 人员”里添加，或核对工号。", "clerk")
    return found
