"""What is typed for a part of a case, a stage or a paper: in memory at once, on the disk a moment later, until it is
recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

from desktop.errors import Trouble
from ui.services import Services

KEPT_MS = 2000  # from the first letter to the disk
Place = tuple[str, str]  # a case's number and its stage, or its paper's code


class PartDrafts(QObject):
    """One of them serves a page; `kind` is what its parts are, `stage` or `paper`. A form that a closed or killed
    window left is found again with its case."""

    def __init__(self, services: Services, parent: QObject, kind: str) -> None:
        super().__init__(parent)
        self._services, self._kind = services, kind
        self._typed: dict[Place, dict[str, Any]] = {}
        self._looked_for: set[Place] = set()
        self._unsaved: set[Place] = set()
        self._timer = QTimer(self, singleShot=True, interval=KEPT_MS)
        self._timer.timeout.connect(self.keep)
        services.opened.connect(self._forget)

    def _forget(self) -> None:
        """Another hall, or the same from a backup."""
        self._typed, self._looked_for, self._unsaved = {}, set(), set()

    def typed(self, number: str, part: str) -> Mapping[str, Any] | None:
        """What was typed for that part and not yet recorded, before the window was last opened, too."""
        place = (number, part)
        if place not in self._typed and place not in self._looked_for:
            from desktop.usecases.drafting import draft

            self._looked_for.add(place)
            if left := draft(self._services.desk, self._id(place)):
                self._typed[place] = left.content.get("answers", {})
                self._services.messages.say("info", f"{left.saved_at:%m-%d %H:%M} 填到一半的内容还在，请核对后接着填。")
        return self._typed.get(place)

    def take(self, number: str, part: str, answers: dict[str, Any]) -> None:
        self._typed[number, part] = answers
        self._unsaved.add((number, part))
        if not self._timer.isActive():
            self._timer.start()

    @property
    def is_kept(self) -> bool:
        return not self._unsaved

    def keep(self) -> None:
        """Write what is new to the disk; what cannot be written now is told and tried again."""
        from desktop.usecases.drafting import save_draft

        for place in sorted(self._unsaved) if self._services.is_open else ():
            number, part = place
            try:
                save_draft(self._services.desk, self._id(place), self._kind,
                           {"number": number, self._kind: part, "answers": self._typed[place]})
            except Trouble as trouble:
                self._services.messages.tell(trouble)
                self._timer.start()
                return
            self._unsaved.discard(place)

    def drop(self, number: str, part: str) -> None:
        """It is recorded: what was typed stands in the log."""
        from desktop.usecases.drafting import drop_draft

        place = (number, part)
        if self._typed.pop(place, None) is not None:
            self._unsaved.discard(place)
            drop_draft(self._services.desk, self._id(place))

    def _id(self, place: Place) -> str:
        return f"{self._kind} {' '.join(place)}"
