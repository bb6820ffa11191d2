"""The menu of unfinished application forms: when each was saved, whose it is, and which clerk's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from desktop.usecases.desk import Desk
    from desktop.usecases.drafting import DraftView


def offer_drafts(desk: Desk, kind: str, under: QWidget, take: Callable[[DraftView], None]) -> None:
    """Show the drafts of that kind under the button; `take` is told which one was chosen."""
    from desktop.usecases.drafting import drafts

    menu = QMenu(under)
    for draft in drafts(desk, kind):
        name = draft.content.get("answers", {}).get("customer_name") or "未填户名"
        action = menu.addAction(f"{draft.saved_at:%m-%d %H:%M}  {name}  {draft.clerk}")
        action.triggered.connect(lambda _checked=False, draft=draft: take(draft))
    menu.exec(under.mapToGlobal(under.rect().bottomLeft()))
