"""Watching the folder of a document camera while the clerk asks for it: what is new and written to its end is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QWidget

from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.filing import Found

KEY = "machine/scanner_folder"
LOOK_MS = 700


class ScannerWatch(QLabel):
    """`found` tells the new files once they have stopped growing. What lay there before is nobody's."""

    found = Signal(object)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.setProperty("role", "muted")
        self.setWordWrap(True)
        self.number = self._target = ""
        self._sizes: dict[Path, int] = {}
        self._seen: set[Path] = set()
        self._first = True
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.hide()

    @property
    def folder(self) -> str:
        """The folder that was chosen on this machine; empty: none yet."""
        return str(self._services.settings.value(KEY) or "")

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def start(self, folder: str) -> None:
        self._services.settings.setValue(KEY, folder)
        self._sizes, self._seen, self._first = {}, set(), True
        self._timer.start()
        self.show()
        self.name_target(self._target)
        self.look()

    def stop(self) -> None:
        self._timer.stop()
        self.hide()

    def name_target(self, target: str) -> None:
        """Say to which paper a new picture goes."""
        self._target = target
        self.setText(f"正在盯着 {self.folder}：文件名写明申请编号和资料代码的自动归位，其余的新图片放入“{target}”。")

    def look(self) -> None:
        """Look into the folder in the worker."""
        folder = Path(self.folder)

        def sizes(_step: object) -> tuple[tuple[Found, int], ...]:
            from desktop.usecases.filing import look_in

            return tuple((each, each.path.stat().st_size) for each in look_in(folder) if each.path.exists())

        if not self._services.jobs.is_asked("scanner"):
            self._services.jobs.ask(self, "scanner", sizes, self._compare)

    def _compare(self, there: tuple[tuple[Found, int], ...]) -> None:
        """New is what was not there at the beginning; whole is what has the size that it had at the last look."""
        if self._first:
            self._first = False
            self._seen = {each.path for each, _size in there}
            return
        fresh = [(each, size) for each, size in there if each.path not in self._seen]
        done = [each for each, size in fresh if size and self._sizes.get(each.path) == size]
        self._sizes = {each.path: size for each, size in fresh}
        self._seen |= {each.path for each in done}
        if done and self.running:
            self.found.emit(done)
