"""A window in a process of its own, for the tests of its start, its lock and its sudden death, and for the bench.

    python -m tests.window_child empty|frame|rows|serve|refused|type FOLDER [CLERK]

It prints one word a line when it has come so far: painted, opened, rows, typed; or what it said to the clerk.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import sys
from datetime import datetime
from pathlib import Path

HEAVY = ("sqlalchemy", "alembic", "reportlab", "openpyxl", "pypinyin", "fontTools", "pypdfium2", "python_calamine")


def say(word: str) -> None:
    print(word, flush=True)


def empty() -> None:
    """The peer: an empty main window, painted."""
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.resize(1366, 768)
    window.show()
    app.processEvents()
    say("painted")


def frame(folder: Path) -> None:
    """Our first real window, painted; then what was imported for it, and whether Qt's enumerations were built."""
    from PySide6 import QtCore, QtWidgets

    from ui.application import make_application
    from ui.main_window import MainWindow
    from ui.services import Services

    app = make_application()
    window = MainWindow(Services(folder))
    window.show()
    app.processEvents()
    say("painted")
    say(" ".join(name for name in HEAVY if name in sys.modules))
    say("enumerations" if "Qt" in vars(QtCore) or "QStyle" in vars(QtWidgets) else "")


def serve(folder: Path, mode: str, clerk: str) -> int:
    """The whole program as `ui.application.run` does it, closed as soon as it has come to `mode`."""
    from PySide6.QtCore import QTimer

    from ui import application
    from ui.main_window import MainWindow
    from ui.messages import Messages

    made: list[MainWindow] = []

    class Watched(MainWindow):
        def __init__(self, *given: object) -> None:
            super().__init__(*given)  # type: ignore[arg-type]
            made.append(self)

        def start(self) -> None:
            first = not self.pages
            super().start()
            if first and mode == "rows":
                self.page("reminders").table.pages.modelReset.connect(lambda: _await_paint(self))

    application.MainWindow = Watched  # type: ignore[misc]
    Messages.say = _aloud(Messages.say)  # type: ignore[method-assign]
    timer = QTimer()
    timer.timeout.connect(lambda: _look(made[0], mode) if made else None)
    application.make_application()
    if mode != "rows":  # asking all the time would slow what is measured
        timer.start(20)
    return application.run(folder, lambda: datetime(2026, 11, 23, 9, 0), clerk)


def _aloud(before: object) -> object:
    def say_aloud(self: object, kind: str, sentence: str, step: object = None) -> None:
        say(sentence)
        before(self, kind, sentence, step)  # type: ignore[operator]

    return say_aloud


def _await_paint(window: object) -> None:
    """Say so once the first 50 rows are not only there but painted."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    table = window.page("reminders").table  # type: ignore[attr-defined]

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                QTimer.singleShot(0, _end)
            return False

    if len(table.pages.items) >= 50:
        table.viewport().installEventFilter(Painted(table))


def _end() -> None:
    say("rows")
    os._exit(0)


def _look(window: object, mode: str) -> None:
    services = window.services  # type: ignore[attr-defined]
    if mode == "refused" and window.message_bar.text():  # type: ignore[attr-defined]
        window.close()  # type: ignore[attr-defined]
    if services.is_open and not services.jobs.busy and mode == "serve":
        say("opened")
        window.close()  # type: ignore[attr-defined]
    if services.is_open and mode == "type" and services.clerk is None:
        _type(window)


def _type(window: object) -> None:
    """A clerk types a name, and the process waits to be killed."""
    from desktop.usecases.staffing import clerks

    services = window.services  # type: ignore[attr-defined]
    services.seat(clerks(services.desk)[0])
    window.show_pages()  # type: ignore[attr-defined]
    window.go("intake")  # type: ignore[attr-defined]
    form = window.page("intake").form  # type: ignore[attr-defined]
    form.editor("customer_name").insert("青海湖畔藏毯有限公司")
    form.editor("customer_name").edited.emit()
    say("typed")


if __name__ == "__main__":
    wanted, place = sys.argv[1], Path(sys.argv[2])
    if wanted == "empty":
        empty()
    elif wanted == "frame":
        frame(place)
    else:
        sys.exit(serve(place, wanted, (sys.argv[3:] or [""])[0]))
