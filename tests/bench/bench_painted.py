"""From a key to the painted list in the hall of 1,000,000 customers, beside the same key and list from memory.

The pause that waits for the next key is left out of both: what is measured is the last key (for Chinese, what the
input method hands over), asking, showing and painting. In both the key reaches the box as the clerk's does.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from desktop.usecases.case_listing import CaseFilter, cases
from desktop.usecases.finding import find
from tests.bench.bench_search import BIG, TYPED, hall_desk, hall_file
from tests.bench.line import Line, interleaved
from tests.typing_hands import type_into_unfocused
from ui.application import make_application
from ui.case_list import COLUMNS
from ui.paged_table import PagedTable
from ui.search_box import FIRST, SearchBox
from ui.services import Services

ROUNDS = 21


class _Seen(QObject):
    """Hears that a widget was painted with what was wanted on it. It waits in Qt's own loop, as the window does: a
    loop of ours would keep the interpreter from the worker."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._shown: Callable[[], bool] = bool
        self._loop = QEventLoop()
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._loop.isRunning() and self._shown():
            QTimer.singleShot(0, self._loop.quit)  # once it has been painted
        return False

    def after(self, work: Callable[[], Any], shown: Callable[[], bool]) -> None:
        """Do `work`, then wait until what it wants is there and painted."""
        self._shown = shown
        work()
        self._loop.exec()


def bench() -> Iterator[Line]:
    """Both lists of the window that ask as one types."""
    app = make_application()
    with tempfile.TemporaryDirectory() as temp:
        services = Services(Path(temp))
        window = QWidget()
        window.resize(1200, 700)
        desk = hall_desk(hall_file(*BIG))
        services.open(desk)
        gc.collect()
        yield _hits(app, services, window)
        yield _list(app, services, window)
        desk.db.close()


def _hits(app: QApplication, services: Services, window: QWidget) -> Line:
    box, desk = SearchBox(services, window), services.desk
    box.resize(500, 36)
    window.show()
    known = {said: find(desk, said, FIRST) for said in TYPED if find(desk, said)}
    box._show("", next(iter(known.values())))
    hits = box._list()
    seen = _Seen(hits.viewport())

    def last_key(said: str) -> None:
        box.setText(said[:-1])
        type_into_unfocused(box, said[-1])

    def ask(said: str) -> None:
        last_key(said)
        box.look()

    def remember(said: str) -> None:
        last_key(said)
        box._rest.stop()
        box._show(said, known[said])

    def all_of(work: Callable[[str], object]) -> Callable[[], None]:
        def do() -> None:
            for said in known:
                box._found = ""
                seen.after(lambda said=said: work(said), lambda said=said: box._found == said)  # type: ignore[misc]
        return do

    return interleaved(f"key to painted hits ({len(known)} texts)", all_of(ask),
                       all_of(remember), peer_name="the same hits from memory", limit=1.3, rounds=ROUNDS, warm=3)


def _list(app: QApplication, services: Services, window: QWidget) -> Line:
    table, desk = PagedTable("cases", COLUMNS, services, window), services.desk
    table.resize(1200, 600)
    table.show()
    app.processEvents()
    chosen = CaseFilter(text="才让")
    rows = cases(desk, chosen).rows
    seen = _Seen(table.viewport())
    fresh: list[bool] = []
    table.pages.modelReset.connect(lambda: fresh.append(True))

    def shown(work: Callable[[], object]) -> Callable[[], None]:
        def do() -> None:
            fresh.clear()
            seen.after(work, lambda: bool(fresh))
        return do

    def load() -> None:
        table.load(lambda after: cases(desk, chosen, after))

    return interleaved("words to painted case list", shown(load), shown(lambda: table.show_rows(rows)),
                       peer_name="the same rows from memory", limit=1.3, rounds=ROUNDS, warm=3)
