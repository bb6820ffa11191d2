"""What customers are found by, looked through: keys that disagree with names and IDs are named, and written anew."""

from __future__ import annotations

from dataclasses import dataclass

from db.search_keys import disagreeing, renew
from desktop.progress import Step, no_step
from desktop.usecases.acting import act
from desktop.usecases.desk import Desk


@dataclass(frozen=True)
class SearchCheck:
    """How many customers cannot be found as they should be, and whether all keys were written anew."""

    wrong: int
    mended: bool


def check_search(desk: Desk, *, mend: bool = False, step: Step = no_step) -> SearchCheck:
    """Compare every customer's keys with his name and ID; with `mend` write all of them anew where any disagree.

    `step` may raise to cancel; then nothing is changed.
    """
    with desk.db.read() as session:
        wrong = len(disagreeing(session.connection(), step))
    if not (wrong and mend):
        return SearchCheck(wrong, mended=False)
    with act(desk, "mend_search") as doing:
        renew(doing.session.connection(), step)
        doing.note("hall", 0, "search_mended", facts={"wrong": wrong})
    return SearchCheck(wrong, mended=True)
