"""Tab alone on the screen that is open: it comes to all that can be used and round again, and each stop is seen."""

from __future__ import annotations

from collections.abc import Iterator
from operator import ne
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QTableWidget, QTextBrowser, QWidget
from shiboken6 import isValid

from ui.rail import RailButton

TAB, BACKTAB = Qt.Key.Key_Tab, Qt.Key.Key_Backtab
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
STEPS, LINKS = 200, 150  # more stops than any screen has; more links than any text
SEEN = 20  # pixels that change


def name_of(widget: QWidget) -> str:
    words = widget.text()[:20] if isinstance(widget, QPushButton | QLabel) else ""
    return f"{type(widget).__name__} {widget.objectName()} {words} {widget.mapTo(widget.window(), QPoint()).toTuple()}"


def tab(window: Any, key: Qt.Key = TAB) -> QWidget | None:
    """Where one press of Tab leads; the links of a text count as one stop."""
    before = QApplication.focusWidget()
    for _ in range(LINKS):
        QTest.keyClick(window.windowHandle(), key, SHIFT if key == BACKTAB else NONE)
        window.scanner.let_go()
        if QApplication.focusWidget() is not before or not isinstance(before, QLabel | QTextBrowser):
            break
    return QApplication.focusWidget()


def stops(window: Any, key: Qt.Key = TAB) -> list[QWidget]:
    """Every stop from here until one comes again."""
    walked: list[QWidget] = []
    for _ in range(STEPS):
        held = tab(window, key)
        if (grid := _grid_of(held)) is not None:  # its cells count as one stop
            held = grid
            if walked and walked[-1] is grid:
                continue
        assert held is not None, f"Tab leads nowhere after {name_of(walked[-1]) if walked else 'the beginning'}"
        if held in walked:
            return walked[walked.index(held):]
        walked.append(held)
    raise AssertionError(f"Tab does not come round: {[name_of(each) for each in walked[-6:]]}")


def _grid_of(held: QWidget | None) -> QWidget | None:
    """The table in whose open cell the keyboard is."""
    above = held.parentWidget() if held is not None else None
    return above.parentWidget() if above is not None and isinstance(above.parentWidget(), QTableWidget) else None


def in_sight(window: QWidget) -> list[QWidget]:
    """The window and what is visible in it; into a page that is hidden it does not look."""
    found = [window]
    for widget in found:
        found += [each for each in widget.children() if isinstance(each, QWidget) and each.isVisible()]
    return found


def passed_over(window: Any, walked: list[QWidget]) -> Iterator[str]:
    """What can be used and Tab does not come to, but for the other chips of a row, which the arrows choose."""
    for widget in in_sight(window):
        usable = widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not usable or widget.window() is not window or widget in walked or widget.focusProxy() is not None:
            continue
        group = widget.group() if isinstance(widget, QPushButton) else None
        if group is None and not _arrows_lead_to(widget, walked):
            yield name_of(widget)


def _arrows_lead_to(widget: QWidget, walked: list[QWidget]) -> bool:
    """A rail button, or a part of an editor or grid that is a stop itself."""
    beside = isinstance(widget, RailButton) and any(isinstance(each, RailButton) for each in walked)
    return beside or any(each.isAncestorOf(widget) or widget.isAncestorOf(each) for each in walked)


def tab_faults(window: Any, known: set[tuple[str, Any]]) -> list[str]:
    """What is wrong with Tab on this screen; `known` grows by the kinds whose focus was seen. The keyboard stays."""
    start = QApplication.focusWidget()
    window.setUpdatesEnabled(False)  # where the keyboard goes does not hang on what is painted
    walked = stops(window)
    back = stops(window, BACKTAB)
    window.setUpdatesEnabled(True)
    found = [f"Shift+Tab does not come to {name_of(each)}" for each in walked if each not in back]
    found += [f"Tab passes over {told}" for told in passed_over(window, walked)]
    found += [f"the keyboard is not seen on {told}" for told in unseen(window, walked, known)]
    if start is not None and isValid(start):
        start.setFocus()
    return found


def unseen(window: Any, walked: list[QWidget], known: set[tuple[str, Any]]) -> Iterator[str]:
    """Stops that look the same with the keyboard and without it; one of each kind is enough."""
    for widget in walked:
        kind = (type(widget).__name__, widget.property("role"))
        if kind in known or not isValid(widget) or not widget.isVisible():
            continue
        known.add(kind)
        _bring_into_view(widget)
        place = QRect(widget.mapTo(window, QPoint()), widget.size()).adjusted(-2, -2, 2, 2)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        with_it = window.grab(place).toImage()
        QApplication.focusWidget().clearFocus()
        without = window.grab(place).toImage()
        changed = sum(map(ne, _pixels(with_it), _pixels(without)))
        if changed < SEEN:
            yield f"{name_of(widget)}: {changed} pixels"


def _pixels(image: QImage) -> Any:
    return memoryview(image.constBits()).cast("B").cast("I")


def _bring_into_view(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
