"""The pages one behind the other, each in an area of its own: on a small screen a page scrolls, and the window stays.

A 1366×768 screen that is drawn at 125 % has 1093×560 left for the window. A page that asks for more than that must not
push the window beyond the screen.
"""

from __future__ import annotations

from PySide6 import QtCore  # not its `Qt`: see main_window
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QStackedWidget, QWidget
from shiboken6 import isValid

BELOW = 24  # pixels shown under the field that one comes to


class PageArea(QScrollArea):
    """One page, as large as the room for it and never smaller than the page needs.

    Qt's own way of resizing what scrolls gives a page with wrapped words the height that it would like best: it would
    scroll as a whole where its lists scroll by themselves.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.page = page
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.setWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """The page's size, less the bars that it needs."""
        page, room = self.page, self.maximumViewportSize()
        need = page.minimumSizeHint().expandedTo(page.minimumSize())
        if need.height() > room.height():
            room.setWidth(room.width() - self.verticalScrollBar().sizeHint().width())
            need.setHeight(max(need.height(), self._height_with_words(room.width())))
        if need.width() > room.width():
            room.setHeight(room.height() - self.horizontalScrollBar().sizeHint().height())
        page.resize(room.expandedTo(need))

    def _height_with_words(self, width: int) -> int:
        """What a page that scrolls needs with its words broken to `width`; asked of no other, see above."""
        laid = self.page.layout()
        return laid.minimumHeightForWidth(width) if laid is not None and laid.hasHeightForWidth() else 0


class PageStack(QStackedWidget):
    """Shows one page at a time. Wherever the keyboard goes on it, that comes into view."""

    def __init__(self) -> None:
        super().__init__()
        QApplication.instance().focusChanged.connect(self._follow)  # type: ignore[union-attr]

    def addWidget(self, page: QWidget) -> int:
        return super().addWidget(PageArea(page))

    def currentWidget(self) -> QWidget | None:  # none before the first page
        area = super().currentWidget()
        return area.page if isinstance(area, PageArea) else None

    def setCurrentWidget(self, page: QWidget) -> None:
        areas = (self.widget(place) for place in range(self.count()))
        super().setCurrentWidget(next(area for area in areas if isinstance(area, PageArea) and area.page is page))

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        area = super().currentWidget() if isValid(self) else None
        if isinstance(area, PageArea) and now is not None and area.page.isAncestorOf(now):
            area.ensureWidgetVisible(now, 0, BELOW)
