"""What every page is given: the desk (once the hall is open), jobs, messages, the bridge, the window's own settings.

The window is painted before the hall is open: until `opened` is told, `desk` is None and pages show that they wait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal

from ui.bridge import Bridge
from ui.jobs import Jobs
from ui.messages import Messages, ProgressBar

if TYPE_CHECKING:
    from desktop.usecases.desk import ClerkView, Desk


class Services(QObject):
    """One hall's window: its desk and the means to speak and to work."""

    opened = Signal()
    clerk_changed = Signal()
    day_changed = Signal()
    go = Signal(str, object)  # page name, what to show on it

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat, self)
        self.messages = Messages(self)
        self.progress = ProgressBar()
        self.jobs = Jobs(self.messages, self.progress, self)
        self.bridge = Bridge(self)
        self._desk: Desk | None = None
        self._day: date | None = None

    @property
    def is_open(self) -> bool:
        return self._desk is not None

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            raise RuntimeError("the hall is not open yet")
        return self._desk

    @property
    def clerk(self) -> ClerkView | None:
        return self._desk.clerk if self._desk else None

    def open(self, desk: Desk) -> None:
        """The hall is open: tell the pages, and listen to its commits."""
        self._desk, self._day = desk, desk.today
        self.bridge.attach(desk.db)
        self.opened.emit()
        self.clerk_changed.emit()

    def shut(self) -> Desk:
        """Until `open` or `resume` nothing here reads or writes, as while the file under the desk is replaced."""
        desk, self._desk = self.desk, None
        return desk

    def resume(self, desk: Desk) -> None:
        """Go on with the desk that `shut` gave, as nothing was replaced."""
        self._desk = desk
        self.clerk_changed.emit()

    def look_at_the_day(self) -> None:
        """A window may stay open over night: what was computed for yesterday is computed anew."""
        if self._desk is not None and self._desk.today != self._day:
            from desktop.usecases.ruling import with_rules_of_today

            desk, self._day = self._desk, self._desk.today
            self.jobs.ask(self, "day", lambda _step: with_rules_of_today(desk), self._begin_day)

    def _begin_day(self, desk: Desk) -> None:
        """A release of the catalogue may be in force from today."""
        if self._desk is not None:
            self._desk = replace(self._desk, catalog=desk.catalog, shelf=desk.shelf)
            self.day_changed.emit()

    def seat(self, clerk: ClerkView | None) -> None:
        """Another clerk (or nobody) serves at this window."""
        self._desk = self.desk.served_by(clerk)
        self.clerk_changed.emit()

    def replace_desk(self, desk: Desk) -> None:
        """The same window over another moment or set-up of the hall, as after the hall was set up."""
        self._desk = desk
        self.clerk_changed.emit()

    def run(self, verb: Callable[[], object]) -> None:
        """Do a short local verb now; what it refuses is told."""
        with self.messages.told():
            verb()
