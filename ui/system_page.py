"""系统: backup and restore, the hall, its clerks, the contract texts, printer and keys; one tab each."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtWidgets import QTabWidget, QWidget

from ui.backup_panel import BackupPanel
from ui.calendar_panel import CalendarPanel
from ui.catalog_panel import CatalogPanel
from ui.clerk_panel import ClerkPanel
from ui.desk_panel import DeskPanel
from ui.hall_panel import HallPanel
from ui.page import Page, head_row, label, page_box
from ui.services import Services
from ui.template_panel import TemplatePanel


class SystemPage(Page):
    """The tabs; each reads itself again when it is shown."""

    place: ClassVar[str] = "system"
    watches: ClassVar[frozenset[str]] = frozenset({"clerks", "settings", "template_approvals", "releases"})

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.panels: dict[str, Any] = {
            "backup": BackupPanel(services), "hall": HallPanel(services), "clerks": ClerkPanel(services),
            "texts": TemplatePanel(services), "calendar": CalendarPanel(services),
            "catalog": CatalogPanel(services), "desk": DeskPanel(services),
        }
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for name, text in (("backup", "备份与恢复"), ("hall", "营业厅"), ("clerks", "人员"), ("texts", "合同文本"),
                           ("calendar", "工作日历"), ("catalog", "规则目录"), ("desk", "打印与快捷键")):
            self.tabs.addTab(self.panels[name], text)
        self.tabs.currentChanged.connect(lambda _place: self.refresh())
        box = page_box(self)
        box.addLayout(head_row(label("系统"), self.deed("backup", self.panels["backup"].back_up)))
        box.addWidget(self.tabs, 1)

    def show_for(self, what: Any) -> None:
        self.tabs.setCurrentWidget(self.panels[str(what)])

    def reload(self) -> None:
        self.tabs.currentWidget().reload()  # type: ignore[attr-defined]
