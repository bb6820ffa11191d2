"""Where the open cases stand: by kind and stage, by the post that does the stage, by nearness of their due date.

A case names its open stages beside it, several where they run side by side. Which combinations occur is read by
stepping through the index from one to the next; what stands at each is then a range of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from db import waiting
from db.engine import Ask
from desktop.usecases.desk import Desk
from desktop.usecases.paging import Cursor

OVERSEERS = ("班长", "主管", "管理员")  # see to every stage that is not the customer's own
DOES_TOO = {"合同管理": ("档案员",)}  # owners of stages whose work a post does beside its own
CUSTOMER = "客户"


@dataclass(frozen=True)
class Place:
    """A kind of application and the stages that are open together in it."""

    process: str
    stages: Sequence[str]


@dataclass(frozen=True)
class Asked:
    """Which of the open cases: at a stage, at the stages of the clerk's post and not waiting, of the clerk."""

    stage: str = ""
    post: bool = False
    mine: bool = False


def places(ask: Ask) -> Iterator[Place]:
    """Every combination of kind and stages at which an open case stands."""
    at = {"process": "", "stage": ""}
    while rows := ask(waiting.NEXT_PLACE, **at):
        at = {"process": rows[0]["process"], "stage": rows[0]["stage"]}
        yield Place(at["process"], tuple(at["stage"].split(",")))


def nearest(desk: Desk, asked: Asked, after: Cursor | None, most: int) -> list[tuple[date | None, int]]:
    """Due date and id of up to `most` cases after the cursor: the nearest due first, then those without a date."""
    with desk.db.glance() as ask:
        found = [row for place in asked_places(desk, ask, asked)
                 for row in next_at(desk, ask, place, asked, after, most)]
    return sorted(found, key=by_due)[:most]


def by_due(row: tuple[date | None, int]) -> tuple[bool, date, int]:
    """In what order cases are told: the nearest due first, those without a date last."""
    return row[0] is None, row[0] or date.max, row[1]


def count(desk: Desk, asked: Asked) -> int:
    """How many there are."""
    with desk.db.glance() as ask:
        return sum(ask(waiting.COUNT_PLACE + which(asked), **at(desk, place))[0][0]
                   for place in asked_places(desk, ask, asked))


def asked_places(desk: Desk, ask: Ask, asked: Asked) -> list[Place]:
    """The combinations of kind and stages that are asked for."""
    return [place for place in places(ask) if (not asked.stage or asked.stage in place.stages)
            and (not asked.post or is_done_by(desk, place))]


def is_done_by(desk: Desk, place: Place) -> bool:
    """Whether the post of the clerk at the desk has something to do at one of the stages."""
    post = desk.clerk.post if desk.clerk else ""
    kinds = desk.kind_ever(place.process)
    owners = {kind.stage_by_id[stage].owner for kind in kinds for stage in place.stages if stage in kind.stage_by_id}
    return bool(owners - {CUSTOMER}) if post in OVERSEERS else bool(owners & {post, *DOES_TOO.get(post, ())})


def next_at(desk: Desk, ask: Ask, place: Place, asked: Asked, after: Cursor | None,
            most: int) -> Iterator[tuple[date | None, int]]:
    """Due date and id of up to `most` cases at one place after the cursor, in order."""
    due, last_id = after or (date.min, 0)
    said = at(desk, place) | {"id": last_id, "most": most}
    found = 0
    if due is not None:
        for row in ask(waiting.DATED + which(asked) + waiting.BY_DUE, **said, due=due.isoformat()):
            found += 1
            yield date.fromisoformat(row["due_on"]), row["id"]
    if found < most:
        said["id"] = last_id if due is None else 0
        for row in ask(waiting.UNDATED + which(asked) + waiting.BY_ID, **said):
            yield None, row["id"]


def at(desk: Desk, place: Place) -> dict[str, object]:
    """The values of the questions about a place."""
    return {"process": place.process, "stage": ",".join(place.stages), "today": desk.today.isoformat(),
            "owner": desk.clerk.id if desk.clerk else 0}


def which(asked: Asked) -> str:
    """The words that narrow a question about a place."""
    return waiting.RUNS * asked.post + waiting.OWNED * asked.mine
