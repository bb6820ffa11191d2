"""How much of an account's capacity runs, for lists: asked in plain SQL, and only where something rests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from db import worklists as w
from desktop.domain.hold import Hold, running
from desktop.domain.standing import IN_USE
from desktop.usecases.desk import Desk

Holds = dict[int, tuple[Hold, ...]]


def holds_at(desk: Desk, found: Iterable[Any]) -> Holds:
    """What rests at the accounts of these rows of the case list and nobody restored, by account; most have nothing."""
    ids = sorted({row.account_id for row in found if row.rests})
    if not ids:
        return {}
    held: Holds = {}
    with desk.db.glance() as ask:
        for row in ask(w.holds_of(ids)):
            until = date.fromisoformat(row["until"]) if row["until"] else None
            hold = Hold(row["kind"], Decimal(row["kva"]), date.fromisoformat(row["since"]), until)
            held[row["account_id"]] = (*held.get(row["account_id"], ()), hold)
    return held


def is_supplied(row: Any) -> bool:
    """Whether the row's account has power: not before it is connected, and no more after 销户."""
    return bool(row.account) and row.in_use == IN_USE


def runs(row: Any, held: Holds, day: date) -> Decimal | None:
    """运行容量 of the row's account on that day; None where it has no supply (not yet, or no more), or nobody knows
    how much it is."""
    if row.capacity is None or not is_supplied(row):
        return None
    return running(Decimal(row.capacity), held.get(row.account_id, ()), day)
