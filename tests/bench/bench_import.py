"""The 1,200-row ledger: read and understood by us, against the bare reading of its cells; then kept in a hall."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import python_calamine

from db.engine import Database
from db.schema import ensure
from desktop.catalog.release import load_catalog
from desktop.domain import ledger_cells, ledger_dates
from desktop.domain.ledger import read_ledger
from desktop.usecases.desk import Desk
from desktop.usecases.hall_keeping import add_clerk
from desktop.usecases.importing import import_contracts
from printing.sheet_reading import read_book
from tests.bench.line import Line, interleaved

LEDGER = Path(__file__).parent.parent / "samples" / "合同台账样例.xlsx"
LIMIT = 5.0
WHOLE_LIMIT = 20.0  # with four tables, their indexes and a commit that reaches the disk; our own figure
REMEMBERED = (ledger_dates._date_of_text, ledger_dates._term_of_text, ledger_cells._identity_of_text,
              ledger_cells._capacity_of_text, ledger_cells.tight)


def bare() -> int:
    """What python-calamine needs for the cells alone."""
    book = python_calamine.CalamineWorkbook.from_path(LEDGER)
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def bench() -> Iterator[Line]:
    catalog = load_catalog()
    words = catalog.ledger_words

    def understood() -> None:
        for function in REMEMBERED:  # each round reads as if for the first time
            function.cache_clear()
        assert len(read_ledger(read_book(LEDGER), words).rows) == 1200

    yield interleaved("ledger of 1,200 rows read and understood", understood, bare,
                      peer_name="python-calamine, cells only", limit=LIMIT, rounds=15)
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty"
        empty.mkdir()
        with_schema = Database(empty / "hall.db")
        ensure(with_schema)
        with_schema.close()
        rounds = iter(range(100))

        def kept() -> None:
            here = Path(shutil.copytree(empty, Path(folder) / str(next(rounds))))
            database = Database(here / "hall.db")
            desk = Desk(database, catalog, lambda: datetime(2026, 11, 23, 9), here, here)
            desk = desk.served_by(add_clerk(desk, "1001", "示范员", "管理员"))
            assert import_contracts(desk, LEDGER).taken == 1027
            database.close()

        yield interleaved("the same, kept in an empty hall", kept, bare, peer_name="python-calamine, cells only",
                          limit=WHOLE_LIMIT, rounds=7)
