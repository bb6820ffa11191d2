"""Search as one types and the case list in a hall of 1,000,000 customers and 200,000 cases, beside bare SQL.

The halls are built once into the temporary folder, named after their schema and what builds them (a minute and a half
for the large one); a later run opens them again.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as driver

from db import seeking
from db.engine import Database
from db.schema import MIGRATIONS
from desktop.catalog.release import load_catalog
from desktop.usecases.case_listing import CaseFilter, cases, worklist_counts
from desktop.usecases.desk import ClerkView, Desk
from desktop.usecases.finding import find
from tests import case_book
from tests.bench.line import Line, interleaved, timed
from tests.contract_book import hearing

MORNING = datetime(2026, 11, 23, 9, 0)
BIG, SMALL = (1_000_000, 200_000), (10_000, 10_000)
TYPED = ("才", "才让", "卓玛多", "王建", "李文华", "ccdj", "zs", "crzm", "镇伟", "合作社", "藏毯", "nz", "1234",
         "6300000")
ROUNDS = 15


def bench() -> Iterator[Line]:
    """The lines marked 2 that ask the database."""
    big, small = (hall_desk(hall_file(*size)) for size in (BIG, SMALL))
    yield _search(big)
    yield interleaved("search, 1,000,000 customers against 10,000", lambda: _type(big), lambda: _type(small),
                      peer_name="the same in the small hall", limit=6, rounds=ROUNDS, warm=3)
    middle = (MORNING - timedelta(days=700), 0)
    pages: tuple[tuple[str, Callable[[], object]], ...] = (
        ("case list, first page", lambda: cases(big, CaseFilter())),
        ("case list, a page in the middle", lambda: cases(big, CaseFilter(), middle)),
        ("case list, overdue", lambda: cases(big, CaseFilter(due="overdue"))),
        ("case list, mine", lambda: cases(big, CaseFilter(mine=True, open_only=True))),
        ("case list, of my post", lambda: cases(big, CaseFilter(post=True))),
        ("case list, by a name", lambda: cases(big, CaseFilter(text="李文华"))),
    )
    for name, work in pages:
        yield by_hand(big, name, work, 3)
    yield interleaved("case list, middle against first", pages[1][1], pages[0][1], peer_name="the first page",
                      limit=1.2, rounds=ROUNDS, warm=3)
    yield interleaved("case list, 200,000 cases against 10,000", pages[0][1], lambda: cases(small, CaseFilter()),
                      peer_name="the first page of the small hall", limit=6, rounds=ROUNDS, warm=3)
    yield by_hand(big, "worklist counts", lambda: worklist_counts(big), 2)
    for desk in (big, small):
        desk.db.close()


def _type(desk: Desk) -> None:
    for said in TYPED:
        find(desk, said)


def _search(desk: Desk) -> Line:
    """Against the one range by hand that finds the most of it: each typed text's own tail, with its customers."""
    connection = driver.connect(str(desk.db.path))
    keys = [seeking.begins(said) | {"most": 20} for said in TYPED]

    def raw() -> None:
        for said in keys:
            connection.execute(seeking.BY_KEY, said).fetchall()

    line = interleaved(f"search as you type ({len(TYPED)} texts)", lambda: _type(desk), raw,
                       peer_name="one range of the suffix table by hand", limit=8, rounds=ROUNDS, warm=3)
    connection.close()
    return line


def by_hand(desk: Desk, name: str, ours: Callable[[], object], limit: float) -> Line:
    """Against the very statements that `ours` sends, by hand on one connection, every row fetched."""
    sent: list[tuple[str, Any]] = []
    with hearing(desk, lambda statement, values: sent.append((statement, values))):
        ours()
    asked = [each for each in sent if each[0].lstrip().startswith("SELECT")]
    connection = driver.connect(str(desk.db.path))

    def raw() -> None:
        for statement, parameters in asked:
            connection.execute(statement, parameters).fetchall()

    line = interleaved(name, ours, raw, peer_name="the same SELECTs by hand", limit=limit, rounds=ROUNDS, warm=3)
    connection.close()
    return line


def hall_desk(path: Path) -> Desk:
    """A desk in the hall of that file, with its second clerk at it."""
    return Desk(Database(path), load_catalog(), lambda: MORNING, path.parent, path.parent,
                ClerkView(2, "1002", "示范甲", "客户经理"))


def hall_file(customers: int, cases: int) -> Path:
    """The file of a hall of that size: the kept one, else built now."""
    made_from = [*sorted((MIGRATIONS / "versions").glob("0*.py")), Path(case_book.__file__)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in made_from)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"yekuo-bench-{digest}" / f"{customers}-{cases}"
    path = folder / "hall.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        took = timed(lambda: case_book.fill_hall(part, customers, cases, date(2026, 11, 23))) / 1000
        part.rename(path)
        print(f"(built the hall of {customers:,} customers in {took:.0f} s: {path})", flush=True)
    return path
