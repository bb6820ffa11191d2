"""The contract texts: who answers for each, and approving one by name and date so that it may be signed."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.ask_card import AskCard, asked
from ui.page import label, page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.services import Services

ABOUT = "这些是示范文本，须经法务审定。审定以前可以印制，不能签订；文本改动后要重新审定。"
COLUMNS = (
    ColumnSpec("name", "文本", 300, lambda text: text.name, stretch=True),
    ColumnSpec("digest", "指纹", 150, lambda text: text.digest[:12], "identifier"),
    ColumnSpec("state", "审定", 110, lambda text: "✓ 已审定" if text.approved_by else "◆ 未审定",
               tone=lambda text: "good" if text.approved_by else "care"),
    ColumnSpec("by", "审定人", 140, lambda text: text.approved_by),
    ColumnSpec("on", "审定日期", 150, lambda text: text.approved_on, "date"),
)


class TemplatePanel(QWidget):
    """A text that was changed has another digest and must be approved again."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.ask = AskCard()
        self.table = PagedTable("texts", COLUMNS, services)
        self.approve_button = QPushButton("审定选中的文本")
        self.approve_button.clicked.connect(self.ask_approve)
        row = QHBoxLayout()
        row.addWidget(label(ABOUT, "muted", wrap=True), 1)
        row.addWidget(self.approve_button)
        box = page_box(self, 12)
        box.addWidget(self.ask)
        box.addWidget(self.table, 1)
        box.addLayout(row)

    def reload(self) -> None:
        from desktop.usecases.contracting import templates

        found = templates(self._services.desk)
        self.table.show_rows(found)
        self.approve_button.setEnabled(self._services.clerk is not None)

    def ask_approve(self) -> None:
        from desktop.usecases.contracting import approve_template

        text = self.table.current()
        if text is None:
            return

        def do(answers: dict[str, Any]) -> None:
            approve_template(self._services.desk, text.kind, answers["name"], date.fromisoformat(answers["on"]))
            self._services.messages.say("good", f"已保存：{text.name}由{answers['name']}审定。")

        fields = [asked("name", "审定人", "name"), asked("on", "审定日期", "date")]
        self.ask.ask(f"审定《{text.name}》", fields, do, ok="审定", required=["name", "on"],
                     answers={"on": self._services.desk.today.isoformat()},
                     about="审定人对这一版文本的合法有效负责；姓名和日期会留在记录里。")
