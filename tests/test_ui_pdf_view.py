"""The pages of a paper on screen."""

from __future__ import annotations

from typing import Any

from shiboken6 import delete
from typing_hands import open_window, wait_idle

from desktop.usecases.briefing import morning_pdf
from ui.pdf_view import PdfView


def test_pages_that_are_drawn_after_their_view_is_closed_trouble_nobody(qtbot: Any, hall: Any) -> None:
    window = open_window(qtbot, hall)
    wait_idle(qtbot, window)
    view = PdfView(window.services)
    view.show_pdf(morning_pdf(hall))
    view._draw()
    delete(view)
    wait_idle(qtbot, window)
