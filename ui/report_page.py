"""报表: each report with its month, written to the workbook that the clerk names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.actions import make_action
from ui.filter_bar import PickBox
from ui.messages import Step
from ui.page import Page, card, head_row, label, page_box
from ui.printing import ask_where, show_file
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.reporting import ReportOutcome

MONTHS = 24
ABOUT = {
    "expiring": "90 天内到期和已过期、期限不明的合同，按到期先后，供逐户联系。",
    "register": "每件受理一行：客户、容量、各环节日期和时限，供核对和归档。",
    "stages": "每类业务各环节的中位工作日、占全程的份额，退回到哪一环节、为什么；可按月。",
    "monthly": "按业务类型和电压：上期结存、本期受理、方案答复、送电、变更用电办完、终止、期末结存；只数登记过的事实。",
    "gaps": "按人、按业务：登记的办理日期到录入隔了几个工作日，晚录多少笔，供防体外流转核对。",
}


class ReportPage(Page):
    """One card a report."""

    place: ClassVar[str] = "reports"

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.buttons: dict[str, QPushButton] = {}
        self.months: dict[str, PickBox] = {}
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        box = page_box(self)
        box.addLayout(head_row(label("报表"), self.deed("reports_flow", lambda: services.go.emit("flow", None))))
        box.addLayout(self._cards)
        box.addStretch(1)
        make_action("reports_make", self, self._make_focused, services.settings)

    def reload(self) -> None:
        if self.buttons:
            self._offer_new_month()
            return
        from desktop.usecases.reporting import REPORTS

        for each in REPORTS:
            made = self._card(each)
            self._cards.addWidget(made)
            made.show()  # now, not with the next event: only what is seen can have the keyboard
        self.first = next(iter(self.buttons.values()))
        self.first.setFocus()

    def _card(self, each: Any) -> QWidget:
        words = QVBoxLayout()
        words.addWidget(label(each.title, "head"))
        words.addWidget(label(ABOUT.get(each.name, ""), "muted", wrap=True))
        month = PickBox(f"month_{each.name}", self._months(each.needs_month))
        make = QPushButton("生成 Excel")
        make.setObjectName(f"make_{each.name}")
        make.clicked.connect(lambda: self.make(each.name))
        self.buttons[each.name], self.months[each.name] = make, month
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(4, 2, 4, 2)
        row.setSpacing(12)
        row.addLayout(words, 1)
        if each.name != "expiring":
            row.addWidget(month)
        row.addWidget(make)
        return card(inner)

    def _months(self, needs_month: bool) -> list[tuple[str, str]]:
        """The latest months first; a report that needs none may be asked for all."""
        day, months = self.services.desk.today.replace(day=1), []
        for _ in range(MONTHS):
            months.append((f"{day:%Y-%m}", f"{day.year} 年 {day.month} 月"))
            day = (day - timedelta(days=1)).replace(day=1)
        return months if needs_month else [("", "全部"), *months]

    def _offer_new_month(self) -> None:
        """A window may stay open over the end of a month: then the new one is offered and chosen."""
        for box in self.months.values():
            rows = self._months(bool(box.itemData(0)))
            if [value for value, _text in rows] != [box.itemData(place) for place in range(box.count())]:
                box.offer(rows)

    def _make_focused(self) -> None:
        focused = (name for name in self.buttons if self.buttons[name].hasFocus() or self.months[name].hasFocus())
        name = next(focused, next(iter(self.buttons), ""))
        if name:
            self.make(name)

    def make(self, name: str) -> None:
        """Ask for the file, then write it in the worker, with progress and cancel."""
        from desktop.usecases.reporting import report, suggested_name

        desk, month = self.services.desk, self.months[name].value() or None
        path = ask_where(self, suggested_name(name, month, desk.today), "Excel 工作簿 (*.xlsx)")
        if path is None:
            return
        target = path if path.suffix.lower() == ".xlsx" else path.with_name(path.name + ".xlsx")
        self.services.jobs.run(
            lambda step: report(desk, name, month=month, out=target, step=step),
            self._on_made, title="正在写报表")

    def _on_made(self, made: ReportOutcome) -> None:
        self.services.messages.say("good", f"{made.title}已写好：{made.rows:,} 行，{made.path}",
                                   Step("打开", lambda: show_file(made.path)))


