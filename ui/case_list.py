"""工单: the worklist. Chips for what is due, words that narrow it, Enter opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QWidget

from ui.actions import make_action
from ui.exporting import export_list
from ui.filter_bar import Chips, PickBox, WordsBox, filter_row
from ui.page import Page, head_row, label, page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.services import Services
from ui.theme import LEVELS

if TYPE_CHECKING:
    from desktop.usecases.case_listing import CaseFilter, CaseRow

CHIPS = (("", "全部"), ("open", "在办"), ("mine", "我的"), ("post", "本岗位"), ("today", "今天到期"),
         ("overdue", "超期"), ("paused", "等客户"), ("approval", "待我审批"), ("handover", "等我接收"),
         ("promise", "容缺"))
WAITS = ("approval", "handover", "promise")  # offered only while something waits
EMPTY = "这里会列出受理的工单。\n按 Alt+1 受理一件，或换一个筛选。"


def level_text(row: CaseRow) -> str:
    """Shape, word and days: ■ 超期 3 天."""
    if row.status == "暂停":
        return "‖ 暂停"
    shape, _tone = LEVELS.get(row.level, LEVELS["—"])
    if row.days_left is None:
        return "—"
    if row.days_left < 0:
        return f"{shape} 超期 {-row.days_left} 天"
    return f"{shape} {row.level}" if row.days_left == 0 else f"{shape} 剩 {row.days_left} 天"


def capacity_text(row: CaseRow) -> str:
    """合同容量; where less than that runs, both without their unit, the 运行容量 first: 400/800."""
    return "/".join(told.partition(" ")[0] for told in (row.running, row.capacity)) if row.rests else row.capacity


COLUMNS = (
    ColumnSpec("number", "工单号", 126, lambda row: row.number, "identifier"),
    ColumnSpec("customer", "客户", 250, lambda row: row.customer, stretch=True),
    ColumnSpec("kind", "业务", 114, lambda row: row.short),
    ColumnSpec("capacity", "运行/合同容量", 104, lambda row: capacity_text(row),
               tone=lambda row: "care" if row.rests else "plain"),
    ColumnSpec("stage", "环节", 182, lambda row: row.stage),
    ColumnSpec("status", "状态", 64, lambda row: row.status),
    ColumnSpec("due", "到期", 120, lambda row: row.due_on, "date"),
    ColumnSpec("level", "时限", 98, level_text, tone=lambda row: LEVELS.get(row.level, LEVELS["—"])[1]),
    ColumnSpec("owner", "负责", 64, lambda row: row.owner),
    ColumnSpec("accepted", "受理", 98, lambda row: row.accepted_on.isoformat()),  # whose weekday matters to nobody
)
IN_A_SHEET = {
    "capacity": (
        ColumnSpec("capacity", "合同容量", 84, lambda row: row.capacity, "number", cell=lambda row: row.figures[0]),
        ColumnSpec("running", "运行容量", 84, lambda row: row.running, "number", cell=lambda row: row.figures[1]),
        ColumnSpec("unit", "单位", 50, lambda row: row.figures[2])),
    "accepted": (ColumnSpec("accepted", "受理", 88, lambda row: row.accepted_on, "date"),),
}
EXPORTED = tuple(one for column in COLUMNS for one in IN_A_SHEET.get(column.name, (column,)))


class CaseList(Page):
    """The list and its filters."""

    place: ClassVar[str] = "cases"
    watches: ClassVar[frozenset[str]] = frozenset(
        {"cases", "case_materials", "customers", "entries", "approvals", "handovers"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.chips = Chips(CHIPS)
        self.stage = PickBox("stage", [("", "所有环节")])
        self.words = WordsBox("户名、拼音首字母、编号")
        self.table = PagedTable("cases", COLUMNS, services)
        self.table.empty_text = EMPTY
        for changed in (self.chips.chosen, self.stage.activated, self.words.rested):
            changed.connect(lambda _value: self.refresh())
        self.table.typed.connect(self.words.take)
        self.table.opened.connect(lambda row: services.go.emit("case", row.number))
        self.words.returnPressed.connect(self.table.setFocus)
        for value in WAITS:
            self.chips.offer(value, False)
        box = page_box(self)
        box.addLayout(head_row(
            label("工单"), self.deed("cases_board", lambda: services.go.emit("board", {"chip": self._board_chip()})),
            self.deed("cases_morning", self.show_morning),
            self.deed("cases_shift", lambda: services.go.emit("shift", None)), self.deed("cases_export", self.export),
            self.deed("cases_import", lambda: services.go.emit("import_cases", None))))
        box.addLayout(filter_row(self.chips, self.stage, self.words))
        box.addWidget(self.table, 1)
        make_action("cases_filter", self, self.words.setFocus, services.settings)
        self.first = self.table

    def show_for(self, what: Any) -> None:
        self.words.setText(what.get("text", ""))
        self.chips.set_value(what.get("chip", ""))
        self._offer_stages()
        self.stage.set_value(what.get("stage", ""))
        self.refresh()

    def filter(self) -> CaseFilter:
        from desktop.usecases.case_listing import CaseFilter

        chip = self.chips.value()
        due = chip if chip in ("today", "overdue", "paused") else ""
        return CaseFilter(text=self.words.text().strip(), stage=self.stage.value(), due=due, mine=chip == "mine",
                          open_only=chip in ("open", "mine"), post=chip == "post",
                          waits=chip if chip in WAITS else "")

    def reload(self) -> None:
        from desktop.usecases.case_listing import cases, worklist_counts

        self._offer_stages()
        desk, chosen = self.services.desk, self.filter()
        self.table.load(lambda after: cases(desk, chosen, after))
        self.services.jobs.ask(self, "case counts", lambda _step: worklist_counts(desk), self._show_counts)

    def _show_counts(self, counts: dict[str, int]) -> None:
        self.chips.set_counts(counts)
        for value in WAITS:
            self.chips.offer(value, bool(counts[value]) or self.chips.value() == value)

    def _offer_stages(self) -> None:
        if self.stage.count() == 1:
            kinds = self.services.desk.catalog.processes.values()
            names = {stage.id: stage.name for process in kinds for stage in process.stages}
            for stage_id, name in sorted(names.items()):
                self.stage.addItem(name, stage_id)

    def _board_chip(self) -> str:
        return self.chips.value() if self.chips.value() in ("mine", "post") else ""

    def show_morning(self) -> None:
        """晨会单, to look at and to print."""
        from desktop.usecases.briefing import morning_pdf
        from ui.sheet_page import SheetWanted

        desk = self.services.desk
        self.services.go.emit("sheet", SheetWanted(
            f"晨会单 {desk.today}", f"晨会单-{desk.today}.pdf", lambda: morning_pdf(desk)))

    def export(self) -> None:
        export_list(self.services, "工单", EXPORTED, self.table.pages.all_rows, self)
