"""系统 → 工作日历: the years there are, and a new year's file looked at by day and by case before it counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.page import label, page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.printing import ask_file
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.calendaring import Preview, Taken

TAKE = "采用"
YEAR_COLUMNS = (
    ColumnSpec("year", "年", 70, lambda each: str(each.year)),
    ColumnSpec("off", "放假", 70, lambda each: f"{each.off_days} 天", "number"),
    ColumnSpec("extra", "调休上班", 90, lambda each: f"{each.extra_days} 天", "number"),
    ColumnSpec("state", "安排", 80, lambda each: "暂定" if each.provisional else "已公布",
               tone=lambda each: "care" if each.provisional else "plain"),
    ColumnSpec("own", "来处", 90, lambda each: "本厅导入" if each.own else "随程序"),
    ColumnSpec("papers", "依据", 400, lambda each: "；".join(each.papers) or each.note, stretch=True),
)
DAY_COLUMNS = (
    ColumnSpec("date", "日期", 130, lambda each: each.date, "date"),
    ColumnSpec("before", "现在", 140, lambda each: each.before),
    ColumnSpec("after", "改为", 140, lambda each: each.after,
               tone=lambda each: "plain" if each.is_workday else "care", stretch=True),
)
MOVE_COLUMNS = (
    ColumnSpec("number", "工单", 140, lambda each: each.number, "identifier"),
    ColumnSpec("customer", "客户", 160, lambda each: each.customer, stretch=True),
    ColumnSpec("before", "现在到期", 130, lambda each: each.before, "date"),
    ColumnSpec("after", "改为", 130, lambda each: each.after, "date"),
)


class CalendarPanel(QWidget):
    """The chosen file is shown with what it changes; only then it can be taken."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._file: Path | None = None
        self._returned = 0  # the year whose taking would be undone
        self.years = PagedTable("calendar_years", YEAR_COLUMNS, services)
        self.days = PagedTable("calendar_days", DAY_COLUMNS, services)
        self.moves = PagedTable("calendar_moves", MOVE_COLUMNS, services)
        self.days.empty_text = "导入一个年度文件时，这里逐日列出会改动的日子。"
        self.moves.empty_text = "这里列出到期日会随之变动的在办工单。"
        self.told = label("", "muted", wrap=True)
        self.choose_button, self.take_button = QPushButton("选年度文件…"), QPushButton(TAKE)
        self.undo_button = QPushButton("撤回所选年的导入")
        self.take_button.setProperty("role", "main")
        self.undo_button.clicked.connect(self.look_at_return)
        self.years.chosen.connect(lambda each: self.undo_button.setEnabled(bool(each and each.own)))
        self.choose_button.clicked.connect(self._choose)
        self.take_button.clicked.connect(self.take)
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.told, 1)
        buttons.addWidget(self.undo_button)
        buttons.addWidget(self.choose_button)
        buttons.addWidget(self.take_button)
        changes = QHBoxLayout()
        changes.addWidget(self.days, 2)
        changes.addWidget(self.moves, 3)
        box = page_box(self, 12)
        box.addWidget(self.years, 2)
        box.addLayout(buttons)
        box.addLayout(changes, 3)

    def reload(self) -> None:
        from desktop.usecases.calendaring import years

        self.years.show_rows(years(self._services.desk))
        each = self.years.current()
        self.undo_button.setEnabled(bool(each and each.own))
        if self._file is None and not self._returned:
            self.take_button.setEnabled(False)
            self.told.setText("国务院办公厅公布下一年放假安排后，在这里导入公开的年度文件。"
                              "先列出改动的日子和工单，核对后再采用。")

    def _choose(self) -> None:
        if path := ask_file(self, "年度放假安排 (*.json)"):
            self.look_at(path)

    def look_at(self, path: Path) -> None:
        """Show what the file would change; every open case is counted for it."""
        from desktop.usecases.calendaring import preview

        desk = self._services.desk
        self._services.jobs.run(lambda step: preview(desk, path, step), lambda seen: self._show(path, seen),
                                title=f"正在核对 {path.name}")

    def look_at_return(self) -> None:
        """Show what undoing the taking of the chosen year would change."""
        from desktop.usecases.calendaring import preview_return

        desk, chosen = self._services.desk, self.years.current()
        if chosen is not None:
            self._services.jobs.run(lambda step: preview_return(desk, chosen.year, step),
                                    lambda seen: self._show(None, seen), title=f"正在核对 {chosen.year} 年")

    def _show(self, path: Path | None, seen: Preview) -> None:
        """`path`: the file that would be taken; None where the year's taking would be undone."""
        self._file, self._returned = path, 0 if path else seen.year
        self.take_button.setText(TAKE if path else "撤回")
        self.days.show_rows(seen.days)
        self.moves.show_rows(seen.moves)
        named = f"{path.name}：{seen.year} 年" if path else f"撤回 {seen.year} 年的导入以后"
        lines = [f"{named}，放假 {seen.off_days} 天，调休上班 {seen.extra_days} 天；"
                 f"现在用的是{seen.instead_of}；"
                 f"改动 {len(seen.days)} 天，{len(seen.moves)} 张在办工单的到期日随之变动。",
                 *(f"依据：{paper}" for paper in seen.papers),
                 *(f"■ 不能采用：{fault}" for fault in seen.faults), *(f"◇ 请核对：{each}" for each in seen.remarks)]
        self.told.setText("\n".join(lines))
        self.take_button.setEnabled(not seen.faults and self._services.clerk is not None)
        self.take_button.setFocus()

    def take(self) -> None:
        """Take the year that was looked at, or undo its taking; all clocks follow."""
        from desktop.usecases.calendaring import give_back, take

        path, desk, year = self._file, self._services.desk, self._returned
        if year:
            self._services.jobs.run(lambda step: give_back(desk, year, step=step), self._on_taken,
                                    title="正在重算在办工单", can_stop=False)
        if path is not None:
            self._services.jobs.run(lambda step: take(desk, path, step=step), self._on_taken,
                                    title="正在重算在办工单", can_stop=False)

    def _on_taken(self, taken: Taken) -> None:
        told = f"已撤回 {taken.year} 年的导入" if self._returned else f"已采用 {taken.year} 年的工作日历"
        self._file, self._returned = None, 0
        self.take_button.setText(TAKE)
        self.days.show_rows(())
        self.moves.show_rows(())
        self._services.replace_desk(taken.desk.served_by(self._services.clerk))
        self._services.messages.say("good", f"{told}，重算了 {taken.moved} 张在办工单的到期日。")
        self.reload()

