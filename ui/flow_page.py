"""环节分析: how long each stage typically takes, its share of the whole, and where work comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.exporting import export_list
from ui.filter_bar import PickBox
from ui.page import Page, head_row, label, page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.services import Services

if TYPE_CHECKING:
    from desktop.domain.flow import StageFlow

MONTHS = 24
ABOUT = "工作日从环节开始的次日起算，不含暂停。占比是这个环节用去的天数占这类业务全部天数的份额。"


def bar(share: float) -> str:
    """A share as a bar of blocks and a figure."""
    return f"{'█' * round(share / 10)} {share:.1f}%".strip()


def days(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def reasons(row: StageFlow) -> str:
    return "；".join(f"{why} {n}" for why, n in row.reasons)


COLUMNS = (
    ColumnSpec("process", "业务", 190, lambda row: row.process),
    ColumnSpec("stage", "环节", 150, lambda row: row.stage),
    ColumnSpec("owner", "责任", 100, lambda row: row.owner),
    ColumnSpec("count", "完成次数", 90, lambda row: f"{row.count:,}", "integer"),
    ColumnSpec("typical", "中位工作日", 100, lambda row: days(row.typical), "number"),
    ColumnSpec("longest", "最长", 70, lambda row: days(row.longest), "integer"),
    ColumnSpec("share", "占全程", 215, lambda row: bar(row.share), tone=lambda _row: "info"),
    ColumnSpec("backs", "退回到此", 90, lambda row: f"{row.backs:,}" if row.backs else "", "integer",
               tone=lambda row: "wrong" if row.backs else "muted"),
    ColumnSpec("reasons", "退回原因（次数）", 175, reasons, stretch=True),
)


IN_A_SHEET = {
    "count": ("integer", lambda row: row.count), "typical": ("number", lambda row: row.typical),
    "longest": ("integer", lambda row: row.longest), "share": ("percent", lambda row: row.share / 100),
    "backs": ("integer", lambda row: row.backs)}
EXPORTED = tuple(replace(column, kind=IN_A_SHEET[column.name][0], cell=IN_A_SHEET[column.name][1])
                 if column.name in IN_A_SHEET else column for column in COLUMNS)


class FlowPage(Page):
    """The table, for a month or for all time."""

    place: ClassVar[str] = "flow"
    watches: ClassVar[frozenset[str]] = frozenset({"cases", "entries"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.month = PickBox("flow_month", [("", "全部月份")])
        self.month.activated.connect(lambda _value: self.refresh())
        self.table = PagedTable("flow", COLUMNS, services)
        self.table.empty_text = "正在统计…"
        self.table.chosen.connect(self._show_reasons)
        self._reasons = label("", "muted", wrap=True)
        self._reasons.hide()
        row = QHBoxLayout()
        row.addWidget(self.month)
        row.addWidget(label(ABOUT, "muted"), 1)
        box = page_box(self)
        box.addLayout(head_row(label("环节分析"), self.deed("flow_export", self.export)))
        box.addLayout(row)
        box.addWidget(self.table, 1)
        box.addWidget(self._reasons)
        self.first = self.table

    def reload(self) -> None:
        desk, month = self.services.desk, self.month.value() or None
        if self.month.count() == 1:
            for back in range(MONTHS):
                year, number = divmod(desk.today.year * 12 + desk.today.month - 1 - back, 12)
                self.month.addItem(f"{year} 年 {number + 1} 月", f"{year}-{number + 1:02d}")

        def read(step: object) -> tuple[StageFlow, ...]:
            from desktop.usecases.overseeing import flow

            return flow(desk, month, step)  # type: ignore[arg-type]

        self.services.jobs.ask(self, "flow", read, self._show)

    def _show(self, lines: tuple[StageFlow, ...]) -> None:
        self.table.empty_text = "这段时间还没有完成的环节。"
        self.table.show_rows(lines)

    def _show_reasons(self, row: StageFlow | None) -> None:
        """Why the chosen stage's work came back, in full; in the table it may not fit."""
        said = f"{row.process}·{row.stage}：{reasons(row)}" if row and row.reasons else ""
        self._reasons.setText(said)
        self._reasons.setVisible(bool(said))

    def export(self) -> None:
        rows = tuple(self.table.pages.items)
        export_list(self.services, "环节分析", EXPORTED, lambda: rows, self)
