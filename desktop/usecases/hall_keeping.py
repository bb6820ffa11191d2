"""Keeping the hall: its own answers, and its people as they come, change post and leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from db.clerks import Clerk, Setting
from desktop.errors import Missing, Refusal
from desktop.usecases.acting import Act, act
from desktop.usecases.desk import ClerkView, Desk
from desktop.usecases.staffing import HALL_SETTING, NOT_OF_THE_COUNTER, POSTS, PRACTICE_SETTING, clerks

HALL_REQUIRED = ("supplier_name", "supplier_code", "supplier_address", "supplier_bank", "supplier_account")


def set_hall(desk: Desk, answers: Mapping[str, str], *, practice: bool | None = None) -> None:
    """Keep the hall's answers. Refuses what is missing or malformed, naming each field.

    Needs no clerk: on an empty folder there is none yet.
    """
    if faults := hall_faults(answers):
        raise Refusal("营业厅资料还不完整，合同的供电人一方要用到它。", missing=faults)
    with act(desk, "set_hall", needs_clerk=False) as doing:
        _keep(doing, HALL_SETTING, dict(answers))
        if practice is not None:
            _keep(doing, PRACTICE_SETTING, practice)
        doing.note("hall", 1, "hall_set", facts={"fields": sorted(answers)})


def hall_faults(answers: Mapping[str, str]) -> tuple[Missing, ...]:
    """All that keeps these answers of a hall from being kept: what nobody asks for, what is missing, what is wrong."""
    from desktop.domain.field import FIELDS, check, field
    from desktop.domain.kind import refuse_strange

    strange: tuple[Missing, ...] = ()
    try:
        refuse_strange(FIELDS, answers)
    except Refusal as why:
        strange = (Missing(why.sentence.removesuffix("。"), why.field),)
    known = {name: value for name, value in answers.items() if name in FIELDS and isinstance(value, str)}
    missing = [Missing(f"请填写{field(name).label}", name) for name in HALL_REQUIRED if not answers.get(name)]
    faults = [Missing(fault, name) for name, value in known.items() if (fault := check(name, value))]
    return (*strange, *missing, *faults)


def _keep(doing: Act, name: str, value: Any) -> None:
    row = doing.session.get(Setting, name)
    if row is None:
        doing.session.add(Setting(name=name, value=value))
    else:
        row.value = value


def add_clerk(desk: Desk, number: str, name: str, post: str) -> ClerkView:
    """Add a clerk. The hall's first needs nobody at the desk; every later one names who added him."""
    number, name = number.strip(), name.strip()
    _refuse_clerk(number, name, post)
    first = not clerks(desk, active_only=False)
    with act(desk, "add_clerk", needs_clerk=not first) as doing:
        if doing.session.scalar(select(func.count()).select_from(Clerk).where(Clerk.number == number)):
            raise Refusal(f"工号 {number} 已经有了，请换一个，或修改原来的人员。", "number")
        row = Clerk(number=number, name=name, post=post)
        doing.session.add(row)
        doing.session.flush()
        doing.note("clerk", row.id, "clerk_added", facts={"post": post})
        return _view(row)


def change_clerk(desk: Desk, clerk_id: int, *, name: str, post: str, active: bool, version: int) -> ClerkView:
    """Change a clerk; refused if another counter changed him since `version` was read."""
    _refuse_clerk("-", name, post)
    with act(desk, "change_clerk") as doing:
        row = doing.session.get_one(Clerk, clerk_id)
        if row.version != version:
            raise Refusal("这位人员的资料刚被别的柜台改过，请重新打开后再改。")
        row.name, row.post, row.active = name.strip(), post, active
        doing.note("clerk", row.id, "clerk_changed", facts={"post": post, "active": active})
        doing.session.flush()
        return _view(row)


def _refuse_clerk(number: str, name: str, post: str) -> None:
    if not number:
        raise Refusal("请填写工号。", "number")
    if not name.strip():
        raise Refusal("请填写姓名。", "name")
    if post not in POSTS:
        raise Refusal(f"岗位请从这些里选：{'、'.join(POSTS)}。{NOT_OF_THE_COUNTER}", "post")


def _view(row: Clerk) -> ClerkView:
    return ClerkView(row.id, row.number, row.name, row.post, row.active, row.version)
