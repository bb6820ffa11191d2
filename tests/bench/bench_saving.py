"""One acceptance (customer, account, case, papers, log) against the same rows written by hand at synchronous=FULL."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pysqlite3 import dbapi2 as driver

from db.engine import PRAGMAS, Database
from db.schema import ensure
from db.tables import Base
from desktop.catalog.release import load_catalog
from desktop.usecases import intake
from desktop.usecases.desk import Desk
from desktop.usecases.staffing import add_clerk, set_hall
from tests.bench.line import Line, interleaved
from tests.conftest import synthetic_supplier
from tests.trade import application

MORNING = datetime(2026, 11, 23, 9, 0)


def _desk(folder: Path) -> Desk:
    database = Database(folder / "hall.db")
    ensure(database)
    desk = Desk(database, load_catalog(), lambda: MORNING, folder, folder)
    set_hall(desk, synthetic_supplier())
    return desk.served_by(add_clerk(desk, "1001", "示范员", "管理员"))


class Copy:
    """The rows that one acceptance wrote, to be written again by hand into a file of the same schema."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        database = Database(folder / "copy.db")
        ensure(database)
        database.close()
        self.connection = driver.connect(folder / "copy.db", isolation_level=None)
        for pragma in PRAGMAS:
            self.connection.execute("PRAGMA " + pragma)
        self.connection.execute("PRAGMA foreign_keys=OFF")
        self.rows = self._rows(desk)
        self.turn = itertools.count(1)

    def _rows(self, desk: Desk) -> list[tuple[str, list[object]]]:
        raw = desk.db.engine.raw_connection()
        made: list[tuple[str, list[object]]] = []
        for table in ("customers", "accounts", "cases", "case_materials", "entries", "requests"):
            names = [column.name for column in Base.metadata.tables[table].columns if column.name != "id"]
            if table == "requests":
                names = ["id", *names]
            statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            kept = raw.cursor().execute(f"SELECT {', '.join(names)} FROM {table} WHERE rowid > "
                                        f"(SELECT max(rowid) FROM {table}) - {_last(raw, table)}").fetchall()
            made += [(statement, list(row)) for row in kept]
        raw.close()
        return made

    def write(self) -> None:
        key = str(next(self.turn))
        self.connection.execute("BEGIN IMMEDIATE")
        for statement, row in self.rows:
            if statement.startswith("INSERT INTO cases "):
                row[0] = key
            if statement.startswith("INSERT INTO requests"):
                row[0] = key
            self.connection.execute(statement, row)
        self.connection.execute("COMMIT")


def _last(raw: object, table: str) -> int:
    """How many rows of a table one acceptance writes."""
    if table != "case_materials":
        return 1
    return raw.cursor().execute(  # type: ignore[attr-defined]
        "SELECT count(*) FROM case_materials WHERE case_id = (SELECT max(case_id) FROM case_materials)").fetchone()[0]


def bench() -> Iterable[Line]:
    """Acceptance without its printing: the commit is what the customer's date hangs on."""
    intake.make_intake_papers = lambda *_: None  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as temp:
        desk = _desk(Path(temp))
        taken = application(desk)
        turn = itertools.count()

        def accept() -> None:
            number = next(turn)
            said = {"customer_name": f"第{number}户", "customer_id_kind": "护照", "customer_id": f"E{number:08d}"}
            intake.accept(desk, intake.Application(taken.kind, taken.answers | said, taken.materials))

        intake.accept(desk, taken)
        copy = Copy(desk, Path(temp))
        yield interleaved("受理一件（不含打印）", accept, copy.write, peer_name="同样的行，手写 SQL，FULL",
                          limit=4.0, rounds=60, warm=10)
        desk.db.close()
