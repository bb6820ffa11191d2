"""The hall and its people: the supplier's half of every contract, and who may stand at the counter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from db.base import table_of
from db.clerks import Clerk, Setting
from desktop.errors import Missing, Refusal
from desktop.usecases.desk import Act, ClerkView, Desk, act

POSTS = ("受理员", "班长", "客户经理", "合同管理", "主管", "管理员")
APPROVING_POSTS = ("主管", "管理员")
HALL_REQUIRED = ("supplier_name", "supplier_code", "supplier_address", "supplier_bank", "supplier_account")
HALL_SETTING = "hall"
PRACTICE_SETTING = "practice"
_K, _S = table_of(Clerk).c, table_of(Setting).c  # asked at every start, which shall not wait for the ORM to be set up
CLERKS = select(_K.id, _K.number, _K.name, _K.post, _K.active, _K.version).order_by(_K.number)


def hall(desk: Desk) -> dict[str, str]:
    """The hall's own answers (supplier_*, hall_*); empty before the first set-up."""
    return dict(_setting(desk, HALL_SETTING) or {})


def is_set_up(desk: Desk) -> bool:
    """True once the hall is named and has a clerk."""
    return bool(hall(desk)) and bool(clerks(desk))


def is_practice(desk: Desk) -> bool:
    """True in a practice hall (演练): its papers are marked, and its texts may be signed unapproved."""
    return bool(_setting(desk, PRACTICE_SETTING))


def set_hall(desk: Desk, answers: Mapping[str, str], *, practice: bool | None = None) -> None:
    """Keep the hall's answers. Refuses what is missing or malformed, naming each field.

    Needs no clerk: on an empty folder there is none yet.
    """
    _refuse_faults(answers)
    with act(desk, "set_hall", needs_clerk=False) as doing:
        _keep(doing, HALL_SETTING, dict(answers))
        if practice is not None:
            _keep(doing, PRACTICE_SETTING, practice)
        doing.note("hall", 1, "hall_set", facts={"fields": sorted(answers)})


def _refuse_faults(answers: Mapping[str, str]) -> None:
    from desktop.domain.field import FIELDS, check, field
    from desktop.domain.kind import refuse_strange

    refuse_strange(FIELDS, answers)
    missing = [Missing(f"请填写{field(name).label}", name) for name in HALL_REQUIRED if not answers.get(name)]
    faults = [Missing(fault, name) for name, value in answers.items() if (fault := check(name, value))]
    if missing or faults:
        raise Refusal("营业厅资料还不完整，合同的供电人一方要用到它。", missing=(*missing, *faults))


def _keep(doing: Act, name: str, value: Any) -> None:
    row = doing.session.get(Setting, name)
    if row is None:
        doing.session.add(Setting(name=name, value=value))
    else:
        row.value = value


def _setting(desk: Desk, name: str) -> Any:
    with desk.db.read() as session:
        return session.execute(select(_S.value).where(_S.name == name)).scalar_one_or_none()


def clerks(desk: Desk, *, active_only: bool = True) -> tuple[ClerkView, ...]:
    """The hall's clerks in the order of their numbers."""
    query = CLERKS.where(_K.active) if active_only else CLERKS
    with desk.db.read() as session:
        return tuple(ClerkView(*row) for row in session.execute(query))


def clerk_by_number(desk: Desk, number: str) -> ClerkView:
    """The clerk with this 工号; refuses an unknown one, or one who has left."""
    found = next((clerk for clerk in clerks(desk) if clerk.number == number.strip()), None)
    if found is None:
        raise Refusal(f"没有工号为“{number}”的在岗人员。请在“系统 → 人员”里添加，或核对工号。", "clerk")
    return found


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
        raise Refusal(f"岗位请从这些里选：{'、'.join(POSTS)}。", "post")


def _view(row: Clerk) -> ClerkView:
    return ClerkView(row.id, row.number, row.name, row.post, row.active, row.version)
