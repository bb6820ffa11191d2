"""One acceptance (customer, account, case, papers, log) against the same rows written by hand at synchronous=FULL."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from pysqlite3 import dbapi2 as driver
from sqlalchemy import func, select

from db.engine import PRAGMAS, Database
from db.schema import ensure
from db.tables import Base
from desktop.catalog.release import load_catalog
from desktop.usecases import intake
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk, set_hall
from tests.bench.line import Line, interleaved
from tests.conftest import synthetic_supplier
from tests.trade import application

KNOWN = "SELECT id FROM customers WHERE id_number = ? AND name = ? LIMIT 1"
BESIDE = """SELECT c.number, c.applied_on, json_extract(c.answers, '$.capacity_kw') FROM cases c
    JOIN accounts a ON a.id = c.account_id WHERE c.closed_on IS NULL AND a.address_form = ? UNION
    SELECT c.number, c.applied_on, json_extract(c.answers, '$.capacity_kw') FROM cases c
    JOIN customers u ON u.id = c.customer_id WHERE c.closed_on IS NULL AND u.id_number = ? LIMIT 20"""
NEXT = "UPDATE sequences SET value = value + 1 WHERE name = ? RETURNING value"
MORNING = datetime(2026, 11, 23, 9, 0)


def _desk(folder: Path) -> Desk:
    database = Database(folder / "hall.db")
    ensure(database)
    desk = Desk(database, load_catalog(), lambda: MORNING, folder, folder)
    set_hall(desk, synthetic_supplier())
    return desk.served_by(add_clerk(desk, "1001", "示范员", "管理员"))


class ByHand:
    """One acceptance written by hand on the bare driver: the same look-ups and the same rows as ours, from values."""

    TABLES = ("customers", "search_keys", "accounts", "cases", "case_materials", "entries", "requests")
    # of these several rows, all that are of the last such
    OF_LAST: ClassVar[dict[str, str]] = {"case_materials": "case_id", "search_keys": "owner"}

    def __init__(self, desk: Desk, folder: Path) -> None:
        database = Database(folder / "copy.db")
        ensure(database)
        database.close()
        self.connection = driver.connect(folder / "copy.db", isolation_level=None)
        for pragma in PRAGMAS:
            self.connection.execute("PRAGMA " + pragma)
        self.connection.execute("PRAGMA foreign_keys=OFF")
        self.rows = {name: self._rows(desk, name) for name in self.TABLES}
        self.turn = itertools.count(1)

    def _rows(self, desk: Desk, name: str) -> tuple[str, list[list[Any]]]:
        """The statement, and the values of the last acceptance as a program has them: dates, dicts and lists."""
        table = Base.metadata.tables[name]
        columns = [column for column in table.columns if column.name != "id" or name == "requests"]
        query = select(*columns)
        if name in self.OF_LAST:
            of = table.c[self.OF_LAST[name]]
            query = query.where(of == select(func.max(of)).scalar_subquery())
        else:
            query = query.order_by((table.c.at if name == "requests" else table.c.id).desc()).limit(1)
        with desk.db.read() as session:
            found = session.execute(query).all()
        names = ", ".join(column.name for column in columns)
        return f"INSERT INTO {name} ({names}) VALUES ({', '.join('?' * len(columns))})", [[*row] for row in found]

    def write(self) -> None:
        key = str(next(self.turn))
        self.connection.execute(BESIDE, (key, key)).fetchall()
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute(KNOWN, (key, key)).fetchone()
        self.connection.execute(NEXT, ("a",)).fetchone()
        for name, (statement, rows) in self.rows.items():
            written = [[plain(value) for value in row] for row in rows]
            if name == "search_keys":
                written = [[f"{value}{key}", owner] for value, owner in written]
            if name in ("cases", "requests"):
                written[0][0] = key
            self.connection.executemany(statement, written)
        self.connection.execute("COMMIT")


def plain(value: Any) -> Any:
    """A value as the bare driver takes it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value) if isinstance(value, dict | list) else value


def bench() -> Iterable[Line]:
    """Acceptance without its printing: the commit is what the customer's date hangs on."""
    intake.make_intake_papers = lambda *_: None  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as temp:
        desk = _desk(Path(temp))
        taken = application(desk)
        turn = itertools.count()

        def accept() -> None:
            number = next(turn)
            said = {"customer_name": f"第{number}户", "customer_id_kind": "护照", "customer_id": f"E{number:08d}",
                    "usage_address": f"演练县示范路{number}号"}
            intake.accept(desk, intake.Application(taken.kind, taken.answers | said, taken.materials))

        intake.accept(desk, taken)
        by_hand = ByHand(desk, Path(temp))
        yield interleaved("受理一件（不含打印）", accept, by_hand.write, peer_name="同样的查和写，手写 SQL，FULL",
                          limit=4.0, rounds=60, warm=10)
        desk.db.close()
