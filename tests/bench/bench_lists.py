"""Reminders and the contract list in a book of 100,000 contracts, against the same SELECTs sent by hand.

By hand: the very statements with their parameters, on one open connection of the same driver, every row fetched;
no session, no values made of the rows. What the use-case adds is what the ratio shows.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from db.engine import Database
from db.schema import ensure
from desktop.catalog.release import load_catalog
from desktop.usecases.contract_listing import ContractFilter, contracts
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk, set_hall
from desktop.usecases.reminder_listing import reminders
from tests.bench.line import Line, interleaved
from tests.conftest import synthetic_supplier
from tests.contract_book import book, hearing

MORNING = datetime(2026, 11, 23, 9, 0)
CONTRACTS, CUSTOMERS = 100_000, 400
MODES = (("自动续展", 30, 60), ("自动续展", 30, 120), ("不定期", None, None), ("到期重签", None, 36),
         ("未知", None, 60))
HAND = "the same SELECTs by hand"


def bench() -> list[Line]:
    """The lines marked 1: the reminder scan, the list's first page and one in its middle."""
    with tempfile.TemporaryDirectory() as folder:
        desk = _hall(Path(folder))
        middle = (MORNING.date() + timedelta(days=900), 50_000)
        lines = [
            _line(desk, "reminders of 100,000 contracts", lambda: reminders(desk), 2),
            _line(desk, "reminders, the first 200", lambda: reminders(desk, limit=200), 2),
            _line(desk, "contract list, first page", lambda: contracts(desk), 3),
            _line(desk, "contract list, a page in the middle", lambda: contracts(desk, after=middle), 3),
            _line(desk, "contract list, one kind", lambda: contracts(desk, ContractFilter(kind="high_voltage")), 3),
        ]
        lines.append(interleaved("contract list, middle against first", lambda: contracts(desk, after=middle),
                                 lambda: contracts(desk), peer_name="the first page", limit=1.2))
        desk.db.close()
    return lines


def _line(desk: Desk, name: str, ours: Callable[[], object], limit: float) -> Line:
    sent = _sent(desk, ours)
    raw = desk.db.engine.raw_connection()
    cursor = raw.cursor()

    def by_hand() -> None:
        for statement, parameters in sent:
            cursor.execute(statement, parameters).fetchall()

    line = interleaved(name, ours, by_hand, peer_name=HAND, limit=limit, rounds=15, warm=3)
    raw.close()
    return line


def _sent(desk: Desk, work: Callable[[], object]) -> list[tuple[str, Any]]:
    """The statements that `work` sends, with their parameters."""
    sent: list[tuple[str, Any]] = []
    with hearing(desk, lambda statement, values: sent.append((statement, values))):
        work()
    return [asked for asked in sent if asked[0].lstrip().startswith("SELECT")]


def _hall(folder: Path) -> Desk:
    database = Database(folder / "hall.db")
    ensure(database)
    desk = Desk(database, load_catalog(), lambda: MORNING, folder, folder)
    set_hall(desk, synthetic_supplier())
    desk = desk.served_by(add_clerk(desk, "1001", "示范员", "管理员"))
    chance = random.Random(1)
    book(desk, CONTRACTS, lambda n: _contract(chance, n), CUSTOMERS)
    with database.write() as session:
        session.connection().exec_driver_sql("ANALYZE")
    return desk


def _contract(chance: random.Random, number: int) -> dict[str, Any]:
    """Contracts of every age: most end within the years to come, those that follow themselves may have long ago."""
    mode, objection, months = MODES[number % len(MODES)]
    earliest = -4000 if mode == "自动续展" else -60
    ends = MORNING.date() + timedelta(days=chance.randrange(earliest, 3600))
    return {"renewal": mode, "objection_days": objection, "term_months": months,
            "ends_on": None if mode == "不定期" else ends, "signed_on": date(2020, 1, 1),
            "kind": "high_voltage" if number % 7 == 0 else "low_voltage"}
