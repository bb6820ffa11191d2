"""The case list's questions, in plain SQL through `Database.glance`; each is answered by one index, in its order.

Where a page goes on is always said, also for the first one: so every question is a range. The conditions are in the
words of the partial indexes in cases.py. What a case names is joined LEFT: then it is looked up, whatever SQLite's
figures of a young hall say (of one clerk and no case it would think that walking over the clerks is the way).
"""

from __future__ import annotations

from typing import NamedTuple


class Listed(NamedTuple):
    """One row of the list, its columns in the order of `ROWS`: looked for by name along all of them it would cost a
    page a tenth of its time."""

    id: int
    number: str
    customer: str
    process: str
    release: str
    address: str
    capacity: str | None
    capacity_unit: str
    stage: str
    status: str
    due_on: str | None
    near_on: str | None
    paused: int
    paused_until: str | None
    closed_on: str | None
    owner: str
    applied_on: str
    accepted_at: str
    account_id: int
    account: str | None
    in_use: str
    rests: int


ROWS = """
    SELECT cases.id, cases.number, customers.name AS customer, cases.process, cases.release, accounts.address,
        accounts.capacity, accounts.capacity_unit, cases.stage, cases.status, cases.due_on, cases.near_on,
        cases.paused, cases.paused_until, cases.closed_on, clerks.name AS owner, cases.applied_on, cases.accepted_at,
        cases.account_id, accounts.number AS account, accounts.status AS in_use,
        EXISTS (SELECT 1 FROM holdings WHERE holdings.account_id = cases.account_id
            AND holdings.restored_on IS NULL) AS rests
    FROM cases
    LEFT JOIN customers ON customers.id = cases.customer_id
    LEFT JOIN accounts ON accounts.id = cases.account_id
    LEFT JOIN clerks ON clerks.id = cases.owner_id
    WHERE """
COUNT = "SELECT count(*) FROM cases WHERE "
LATEST = "(cases.accepted_at, cases.id) < (:at, :id)"
BY_LATEST = " ORDER BY cases.accepted_at DESC, cases.id DESC LIMIT :most"
NEAREST = "(cases.due_on, cases.id) > (:at, :id)"
BY_NEAREST = " ORDER BY cases.due_on, cases.id LIMIT :most"

OPEN = "cases.closed_on IS NULL"
RUNNING = "(cases.paused = FALSE OR cases.paused_until <= :today)"  # a pause that names its end is over on that day
WAITING = f"{OPEN} AND cases.paused AND (cases.paused_until IS NULL OR cases.paused_until > :today)"
OWNED = "cases.owner_id = :owner"
OF_KIND = "cases.process = :process"
AT_STAGE = "',' || cases.stage || ',' LIKE :stage"
OF_STATUS = "cases.status = :status"
DUE_TODAY = f"{OPEN} AND cases.due_on = :today AND {RUNNING}"
OVERDUE = f"{OPEN} AND cases.due_on < :today AND {RUNNING}"
UNTIL_THEN = "cases.accepted_at <= :at"  # every case; said so that a count, too, is a range


def these(ids: list[int]) -> str:
    """The rows of these cases."""
    return f"{ROWS} cases.id IN ({', '.join(map(str, ids))})"


def holds_of(account_ids: list[int]) -> str:
    """What rests at these accounts and nobody restored."""
    return ("SELECT account_id, kind, kva, since, until FROM holdings WHERE restored_on IS NULL"
            f" AND account_id IN ({', '.join(map(str, account_ids))})")
