"""The few icons of the frame, painted from paths so that they are sharp at every scale and need no package."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QComboBox

from ui.theme import tone_ink

SIZE = 24


def _lines(path: QPainterPath, *points: tuple[float, float]) -> None:
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)


def _intake(path: QPainterPath) -> None:
    path.addRoundedRect(QRectF(4, 3, 12, 18), 1.5, 1.5)
    _lines(path, (7, 8), (13, 8))
    _lines(path, (7, 12), (11, 12))
    _lines(path, (13, 18), (20, 11), (21.5, 12.5), (14.5, 19.5), (12.5, 20), (13, 18))


def _cases(path: QPainterPath) -> None:
    for y in (6, 12, 18):
        path.addEllipse(QPointF(5, y), 1.6, 1.6)
        _lines(path, (10, y), (21, y))


def _contracts(path: QPainterPath) -> None:
    _lines(path, (14, 3), (5, 3), (5, 21), (19, 21), (19, 8), (14, 3), (14, 8), (19, 8))
    _lines(path, (8, 12), (16, 12))
    path.moveTo(8, 17.5)
    path.cubicTo(10, 14, 11, 20, 16, 16.5)


def _reminders(path: QPainterPath) -> None:
    path.moveTo(5, 17)
    path.cubicTo(8, 14, 5, 5, 12, 5)
    path.cubicTo(19, 5, 16, 14, 19, 17)
    path.closeSubpath()
    path.moveTo(10, 20)
    path.cubicTo(11, 21.4, 13, 21.4, 14, 20)
    _lines(path, (12, 5), (12, 3))


def _reports(path: QPainterPath) -> None:
    _lines(path, (4, 3), (4, 20), (21, 20))
    for x, top in ((8, 13), (12.5, 8), (17, 11)):
        path.addRect(QRectF(x, top, 2.6, 20 - top))


def _system(path: QPainterPath) -> None:
    for y, knob in ((6, 15), (12, 8), (18, 13)):
        _lines(path, (4, y), (knob - 2, y))
        path.addEllipse(QPointF(knob, y), 2, 2)
        _lines(path, (knob + 2, y), (20, y))


def _search(path: QPainterPath) -> None:
    path.addEllipse(QPointF(10.5, 10.5), 6, 6)
    _lines(path, (15, 15), (20, 20))


def _calendar(path: QPainterPath) -> None:
    path.addRoundedRect(QRectF(4, 5, 16, 15), 1.5, 1.5)
    _lines(path, (4, 10), (20, 10))
    _lines(path, (8, 3), (8, 7))
    _lines(path, (16, 3), (16, 7))


def _eye(path: QPainterPath) -> None:
    path.moveTo(3, 12)
    path.cubicTo(8, 5, 16, 5, 21, 12)
    path.cubicTo(16, 19, 8, 19, 3, 12)
    path.addEllipse(QPointF(12, 12), 2.6, 2.6)


def _app(path: QPainterPath) -> None:
    path.addRoundedRect(QRectF(3, 3, 18, 18), 4, 4)
    _lines(path, (13, 6), (8, 13), (12, 13), (11, 18), (16, 11), (12, 11), (13, 6))


DRAWINGS: dict[str, Callable[[QPainterPath], None]] = {
    "intake": _intake, "cases": _cases, "contracts": _contracts, "reminders": _reminders, "reports": _reports,
    "system": _system, "search": _search, "calendar": _calendar, "eye": _eye, "app": _app,
}


def pixmap(name: str, colour: str, scale: float = 2.0, size: int = SIZE) -> QPixmap:
    """The drawing `name` in one colour, `size` logical pixels square."""
    picture = QPixmap(round(size * scale), round(size * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    DRAWINGS[name](path)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / SIZE, size / SIZE)
    painter.setPen(QPen(QColor(colour), 1.7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(path)
    painter.end()
    return picture


def icon(name: str, colour: str, on: str | None = None) -> QIcon:
    """An icon in one colour, in the colour `on` while it is checked."""
    made = QIcon(pixmap(name, colour))
    if on:
        made.addPixmap(pixmap(name, on), QIcon.Mode.Normal, QIcon.State.On)
    return made


ICON_SIZE = QSize(SIZE, SIZE)


def paint_arrow(box: QComboBox) -> None:
    """The small arrow at the end of a box: a style sheet could take it only from a picture file."""
    painter = QPainter(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(tone_ink("muted"), 1.4))
    right, middle = box.width() - 12, box.height() / 2
    painter.drawPolyline([QPointF(right - 4, middle - 2), QPointF(right, middle + 2), QPointF(right + 4, middle - 2)])
