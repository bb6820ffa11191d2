"""The hall's clerks: add one, change one, let one leave. A clerk who left stays in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.ask_card import AskCard, asked
from ui.page import page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.desk import ClerkView
    from desktop.usecases.handing_over import Load

COLUMNS = (
    ColumnSpec("number", "工号", 120, lambda row: row.clerk.number, "identifier"),
    ColumnSpec("name", "姓名", 160, lambda row: row.clerk.name),
    ColumnSpec("post", "岗位", 120, lambda row: row.clerk.post),
    ColumnSpec("open", "在办工单", 90, lambda row: row.figure("open"), "integer"),
    ColumnSpec("today", "今天到期", 90, lambda row: row.figure("today"), "integer"),
    ColumnSpec("overdue", "超期", 70, lambda row: row.figure("overdue"), "integer",
               tone=lambda row: "wrong" if row.load and row.load.overdue else "plain"),
    ColumnSpec("offered", "待接收", 80, lambda row: row.figure("offered"), "integer"),
    ColumnSpec("active", "在岗", 100, lambda row: "在岗" if row.clerk.active else "已离岗", stretch=True),
)


@dataclass(frozen=True)
class ClerkRow:
    """A clerk with the open cases that he owns; nobody who left owns one."""

    clerk: ClerkView
    load: Load | None

    def figure(self, name: str) -> str:
        return str(getattr(self.load, name)) if self.load else "—"


class ClerkPanel(QWidget):
    """Enter changes the chosen one."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.ask = AskCard()
        self.table = PagedTable("clerks", COLUMNS, services)
        self.table.opened.connect(lambda row: self.ask_change(row.clerk))
        self.add_button, change = QPushButton("添加"), QPushButton("修改")
        self.add_button.clicked.connect(self.ask_add)
        change.clicked.connect(self._change_chosen)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(change)
        row.addWidget(self.add_button)
        box = page_box(self, 12)
        box.addWidget(self.ask)
        box.addWidget(self.table, 1)
        box.addLayout(row)

    def reload(self) -> None:
        from desktop.usecases.handing_over import loads
        from desktop.usecases.staffing import clerks

        held = {load.number: load for load in loads(self._services.desk)}
        found = clerks(self._services.desk, active_only=False)
        self.table.show_rows([ClerkRow(clerk, held.get(clerk.number)) for clerk in found])

    def _change_chosen(self) -> None:
        if (row := self.table.current()) is not None:
            self.ask_change(row.clerk)

    def ask_add(self) -> None:
        from desktop.usecases.hall_keeping import add_clerk
        from desktop.usecases.staffing import POSTS

        def do(answers: dict[str, Any]) -> None:
            clerk = add_clerk(self._services.desk, answers["number"], answers["name"], answers["post"])
            self._services.messages.say("good", f"已保存：添加 {clerk.number} {clerk.name}。")

        fields = [asked("number", "工号", "code"), asked("name", "姓名", "name"),
                  asked("post", "岗位", "choice", POSTS)]
        self.ask.ask("添加人员", fields, do, ok="添加", required=["number", "name", "post"])

    def ask_change(self, clerk: Any) -> None:
        from desktop.usecases.hall_keeping import change_clerk
        from desktop.usecases.staffing import POSTS

        if clerk is None:
            return

        def do(answers: dict[str, Any]) -> None:
            change_clerk(self._services.desk, clerk.id, name=answers["name"], post=answers["post"],
                         active=answers["active"] == "在岗", version=clerk.version)
            self._services.messages.say("good", f"已保存：{clerk.number}。")

        fields = [asked("name", "姓名", "name"), asked("post", "岗位", "choice", POSTS),
                  asked("active", "在岗", "choice", ("在岗", "已离岗"))]
        self.ask.ask(f"修改 {clerk.number}", fields, do, ok="保存", required=["name", "post", "active"],
                     answers={"name": clerk.name, "post": clerk.post, "active": "在岗" if clerk.active else "已离岗"})
