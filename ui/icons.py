"""The few icons of the frame, as SVG paths: sharp at every scale, and Qt's own plug-in draws them.

Drawn with a QPainter they touch pens and brushes, and with those every enumeration of `Qt`, before the first paint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtGui
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QIcon, QPixmap

from ui.theme import tone_ink

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox

SIZE = 24
ICON_SIZE = QSize(SIZE, SIZE)

DRAWINGS = {
    "intake": "M5.5 3h9a1.5 1.5 0 0 1 1.5 1.5v15a1.5 1.5 0 0 1-1.5 1.5h-9a1.5 1.5 0 0 1-1.5-1.5v-15"
              "a1.5 1.5 0 0 1 1.5-1.5z"
              "M7 8H13M7 12H11M13 18L20 11L21.5 12.5L14.5 19.5L12.5 20L13 18",
    "cases": "M3.4 6a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0M3.4 12a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0"
             "M3.4 18a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0M10 6H21M10 12H21M10 18H21",
    "contracts": "M14 3H5V21H19V8L14 3V8H19M8 12H16M8 17.5C10 14 11 20 16 16.5",
    "reminders": "M5 17C8 14 5 5 12 5C19 5 16 14 19 17zM10 20C11 21.4 13 21.4 14 20M12 5V3",
    "reports": "M4 3V20H21M8 13h2.6v7h-2.6zM12.5 8h2.6v12h-2.6zM17 11h2.6v9h-2.6z",
    "system": "M4 6H13M13 6a2 2 0 1 0 4 0a2 2 0 1 0-4 0M17 6H20M4 12H6M6 12a2 2 0 1 0 4 0a2 2 0 1 0-4 0M10 12H20"
              "M4 18H11M11 18a2 2 0 1 0 4 0a2 2 0 1 0-4 0M15 18H20",
    "search": "M4.5 10.5a6 6 0 1 0 12 0a6 6 0 1 0-12 0M15 15L20 20",
    "calendar": "M5.5 5h13a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5h-13a1.5 1.5 0 0 1-1.5-1.5v-12"
                "a1.5 1.5 0 0 1 1.5-1.5z"
                "M4 10H20M8 3V7M16 3V7",
    "eye": "M3 12C8 5 16 5 21 12C16 19 8 19 3 12M9.4 12a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0",
    "app": "M7 3h10a4 4 0 0 1 4 4v10a4 4 0 0 1-4 4h-10a4 4 0 0 1-4-4v-10a4 4 0 0 1 4-4z"
           "M13 6L8 13H12L11 18L16 11H12L13 6",
}
SVG = ('<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{wide}" viewBox="0 0 24 24"><path d="{path}" '
       'fill="none" stroke="{colour}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/></svg>')


def pixmap(name: str, colour: str, scale: float = 2.0, size: int = SIZE) -> QPixmap:
    """The drawing `name` in one colour, `size` logical pixels square."""
    picture = QPixmap()
    drawn = SVG.format(wide=round(size * scale), path=DRAWINGS[name], colour=colour)
    picture.loadFromData(drawn.encode(), "SVG")
    picture.setDevicePixelRatio(scale)
    return picture


def icon(name: str, colour: str, on: str | None = None) -> QIcon:
    """An icon in one colour, in the colour `on` while it is checked."""
    made = QIcon(pixmap(name, colour))
    if on:
        made.addPixmap(pixmap(name, on), QIcon.Mode.Normal, QIcon.State.On)
    return made


def paint_arrow(box: QComboBox) -> None:
    """The small arrow at the end of a box: a style sheet could take it only from a picture file."""
    painter = QtGui.QPainter(box)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    painter.setPen(QtGui.QPen(tone_ink("muted"), 1.4))
    right, middle = box.width() - 12, box.height() / 2
    painter.drawPolyline([QPointF(right - 4, middle - 2), QPointF(right, middle + 2), QPointF(right + 4, middle - 2)])
