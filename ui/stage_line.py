"""The stages of a case as a vertical line: what is done, what is open and how near it is, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.days import day_text
from ui.theme import ACCENT, ACCENT_SOFT, LEVELS, LINE_DARK, ON_ACCENT, PAPER, tone_ink

ROW = 52
AXIS = 20
Index: TypeAlias = "QModelIndex | QPersistentModelIndex"  # as a string: Qt's types are slow to join
OPEN_PHASES = ("进行", "退回", "暂停")


def stage_detail(stage: Any) -> tuple[str, str]:
    """What stands under a stage's name, and its tone."""
    if stage.state == "完成":
        return f"{'至迟 ' if stage.undated else ''}{day_text(stage.done_on)} 完成", "muted"
    if stage.state in OPEN_PHASES and stage.due is not None:
        shape, tone = LEVELS.get(stage.level, LEVELS["—"])
        return f"{shape} {day_text(stage.due)} 前", tone
    if stage.state in OPEN_PHASES:
        return f"{stage.state} · {stage.owner}", "info"
    return f"{stage.state} · {stage.owner}", "muted"


class _StageDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        stage = index.data(Qt.ItemDataRole.UserRole)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(ACCENT_SOFT))
        self._draw_axis(painter, rect, index, stage)
        words = rect.adjusted(AXIS * 2, 6, -8, -6)
        painter.setPen(tone_ink("plain" if stage.state not in ("未到", "未办", "不适用", "待定") else "muted"))
        font = painter.font()
        font.setBold(stage.state in OPEN_PHASES)
        painter.setFont(font)
        rounds = f"（第 {stage.rounds} 次）" if stage.rounds > 1 else ""
        painter.drawText(words, Qt.AlignmentFlag.AlignTop, stage.name + rounds)
        font.setBold(False)
        painter.setFont(font)
        detail, tone = stage_detail(stage)
        painter.setPen(tone_ink(tone))
        painter.drawText(words, Qt.AlignmentFlag.AlignBottom, detail)
        painter.restore()

    def _draw_axis(self, painter: QPainter, rect: QRect, index: Index, stage: Any) -> None:
        """The line with its knot: filled done, ring open, small dot waiting."""
        x, middle = rect.left() + AXIS, rect.center().y()
        painter.setPen(QPen(QColor(LINE_DARK), 2))
        top = middle if index.row() == 0 else rect.top()
        last = index.row() == index.model().rowCount() - 1
        painter.drawLine(x, top, x, middle if last else rect.bottom() + 1)
        done, now = stage.state == "完成", stage.state in OPEN_PHASES
        painter.setPen(QPen(QColor(ACCENT if done or now else LINE_DARK), 2))
        painter.setBrush(QColor(ACCENT if done else PAPER))
        radius = 6 if done or now else 4
        painter.drawEllipse(QPointF(x, middle), radius, radius)
        if done:
            painter.setPen(QPen(QColor(ON_ACCENT), 1.6))
            painter.drawPolyline([QPointF(x - 3, middle), QPointF(x - 1, middle + 2.5), QPointF(x + 3, middle - 2.5)])


class StageLine(QListWidget):
    """Arrow keys or a click choose a stage."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_StageDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(self._on_current)

    def show_stages(self, stages: Sequence[Any], wanted: str) -> None:
        """Show the stages with `wanted` chosen; tells nothing."""
        self.blockSignals(True)
        self.clear()
        for stage in stages:
            item = QListWidgetItem(self)
            item.setData(Qt.ItemDataRole.UserRole, stage)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{stage.name} {stage.state}")
            if stage.id == wanted:
                self.setCurrentItem(item)
        self.blockSignals(False)

    def show_chosen(self, wanted: str) -> None:
        """The line's mark goes to the stage that is shown beside it; tells nothing."""
        self.blockSignals(True)
        for place in range(self.count()):
            if self.item(place).data(Qt.ItemDataRole.UserRole).id == wanted:
                self.setCurrentRow(place)
        self.blockSignals(False)

    def _on_current(self, item: QListWidgetItem | None, _before: object) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole).id)
