"""The draft of one application: on the disk soon after the first letter, and gone once the case is accepted.

With it goes the request, which is one however often it is sent: an application that a crash left is sent again as the
same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.errors import Trouble
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.drafting import DraftView

DRAFT_MS = 2000  # from the first letter to the disk: with the write itself under 3 seconds
DRAFT_KIND = "intake"


class IntakeDraft(QObject):
    """One serves a page for one application after the other. `content`: what the form says; None before there is one.

    `said` is what to tell of the draft; `changed` is emitted when that, or whether it is kept, is another.
    """

    changed = Signal()

    def __init__(self, services: Services, content: Callable[[], dict[str, Any] | None], parent: QObject) -> None:
        super().__init__(parent)
        self._services, self._content = services, content
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._timer.timeout.connect(self.keep)
        self.id = self.request = self.said = ""
        self.is_kept = True

    def begin(self) -> None:
        """A new application: its own draft and request."""
        self.id, self.request = uuid4().hex, uuid4().hex
        self._settle("")

    def go_on(self, draft: DraftView) -> None:
        """Go on with an unfinished application, as the one that it was."""
        self.id = draft.id
        self.request = draft.content.get("request_id") or self.request
        self._settle(f"草稿存于 {draft.saved_at:%m-%d %H:%M}")

    def touch(self) -> None:
        """Something was typed: it will be kept in a moment."""
        self.is_kept = False
        if not self._timer.isActive():
            self._timer.start()
        self.changed.emit()

    def keep(self) -> None:
        """Keep the form as it stands; said as 已存 only after the write returned, else told and tried again."""
        content = None if self.is_kept or not self._services.is_open else self._content()
        if content is None:
            return
        from desktop.usecases.drafting import save_draft

        try:
            at = save_draft(self._services.desk, self.id, DRAFT_KIND, content)
        except Trouble as trouble:
            self._services.messages.tell(trouble)
            self._timer.start()
            return
        self._settle(f"草稿已存 {at:%H:%M:%S}")

    def drop(self) -> None:
        """It is accepted, or given up."""
        from desktop.usecases.drafting import drop_draft

        self._settle(self.said)
        drop_draft(self._services.desk, self.id)

    def _settle(self, said: str) -> None:
        self._timer.stop()
        self.is_kept, self.said = True, said
        self.changed.emit()
