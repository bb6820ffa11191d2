"""The hall's clerks: add one, change one, let one leave. A clerk who left stays in the log."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.ask_card import AskCard, asked
from ui.page import page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.services import Services

COLUMNS = (
    ColumnSpec("number", "工号", 140, lambda clerk: clerk.number, "identifier"),
    ColumnSpec("name", "姓名", 200, lambda clerk: clerk.name),
    ColumnSpec("post", "岗位", 160, lambda clerk: clerk.post),
    ColumnSpec("active", "在岗", 120, lambda clerk: "在岗" if clerk.active else "已离岗", stretch=True),
)


class ClerkPanel(QWidget):
    """Enter changes the chosen one."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.ask = AskCard()
        self.table = PagedTable("clerks", COLUMNS, services)
        self.table.opened.connect(self.ask_change)
        self.add_button, change = QPushButton("添加"), QPushButton("修改")
        self.add_button.clicked.connect(self.ask_add)
        change.clicked.connect(lambda: self.ask_change(self.table.current()))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(change)
        row.addWidget(self.add_button)
        box = page_box(self, 12)
        box.addWidget(self.ask)
        box.addWidget(self.table, 1)
        box.addLayout(row)

    def reload(self) -> None:
        from desktop.usecases.staffing import clerks

        found = clerks(self._services.desk, active_only=False)
        self.table.show_rows(found)

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
