"""The backups that there are; one more at once; and going back to one of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.ask_card import AskCard
from ui.page import label, page_box
from ui.paged_table import ColumnSpec, PagedTable
from ui.printing import ask_file
from ui.services import Services

if TYPE_CHECKING:
    from desktop.usecases.desk import Desk
    from desktop.usecases.filing import FileCheck
    from desktop.usecases.safekeeping import BackupView, Restored


COLUMNS = (
    ColumnSpec("at", "时间", 190, lambda view: f"{view.made_at:%Y-%m-%d %H:%M:%S}"),
    ColumnSpec("why", "起因", 120, lambda view: view.why),
    ColumnSpec("size", "大小", 110, lambda view: f"{view.size / 1024 / 1024:,.1f} MB", "number"),
    ColumnSpec("file", "文件", 400, lambda view: view.path.name, stretch=True),
)


class BackupPanel(QWidget):
    """Every backup listed here was checked when it was made."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.ask = AskCard()
        self.table = PagedTable("backups", COLUMNS, services)
        self.table.empty_text = "还没有备份。按右上角“立即备份”做一份。"
        self._where = label("", "muted", wrap=True)
        self.restore_button, other = QPushButton("恢复到选中的备份"), QPushButton("从别处的备份恢复")
        self.check_button = QPushButton("检查扫描件")
        self.check_button.clicked.connect(self.check_files)
        self.restore_button.clicked.connect(self._restore_chosen)
        other.clicked.connect(self._restore_other)
        row = QHBoxLayout()
        row.addWidget(self._where, 1)
        row.addWidget(self.check_button)
        row.addWidget(other)
        row.addWidget(self.restore_button)
        box = page_box(self, 12)
        box.addWidget(self.ask)
        box.addWidget(self.table, 1)
        box.addLayout(row)

    def reload(self) -> None:
        from desktop.usecases.safekeeping import backups

        found = backups(self._services.folder)
        self.table.show_rows(found)
        self._where.setText(f"数据和备份都在 {self._services.folder}。请定期把备份文件夹复制到移动硬盘。")
        self.restore_button.setEnabled(bool(found))

    def back_up(self) -> None:
        """A checked backup now."""
        from desktop.usecases.safekeeping import back_up

        services = self._services
        desk, folder = services.desk, services.folder
        services.jobs.run(lambda _step: back_up(folder, "asked", desk.now), self._on_backed_up, title="正在备份")

    def _on_backed_up(self, made: BackupView) -> None:
        self._services.messages.say("good", f"已备份并检查无误：{made.path.name}。")
        self.reload()

    def check_files(self) -> None:
        """Read every file that was handed in: what is missing or damaged is named with its case and paper."""
        from desktop.usecases.filing import check_files

        services = self._services
        desk = services.desk
        services.jobs.run(lambda step: check_files(desk, step), self._on_checked, title="正在检查扫描件")

    def _on_checked(self, found: FileCheck) -> None:
        wrong = [*(f"缺 {each}" for each in found.missing), *(f"损坏 {each}" for each in found.damaged)]
        if wrong:
            advice = "请从备份恢复，或重新扫描后放入。"
            self._services.messages.say("wrong", f"{len(wrong)} 份扫描件有问题：{'；'.join(wrong[:3])}。{advice}")
        else:
            spare = f"，另有 {len(found.orphans)} 份没有工单要" if found.orphans else ""
            self._services.messages.say("good", f"{found.checked} 份扫描件都在、都完好{spare}。")

    def _restore_chosen(self) -> None:
        if (view := self.table.current()) is not None:
            self._ask(view.path, f"{view.made_at:%Y-%m-%d %H:%M}")

    def _restore_other(self) -> None:
        if path := ask_file(self, "业扩一窗备份 (*.db)"):
            self._ask(path, path.name)

    def _ask(self, path: Path, name: str) -> None:
        self.ask.ask(f"恢复到 {name} 的备份？", [], lambda _answers: self.restore(path), ok="恢复",
                     about="那以后登记的内容不会在恢复后的数据里。现在的数据不删，另存为一个文件。")

    def restore(self, path: Path) -> None:
        """Close the hall, put the checked copy in its place, open it again; the same clerk goes on."""
        from desktop.usecases.safekeeping import open_desk, restore

        services, folder = self._services, self._services.folder
        before = services.shut()
        self.window().setEnabled(False)

        def work(_step: object) -> tuple[Restored, Any]:
            before.db.close()
            done = restore(path, folder, before.now)
            return done, open_desk(folder, before.clock, alone=True)

        services.jobs.run(work, self._on_restored, title="正在恢复", can_stop=False,
                          failed=lambda error: self._on_not_restored(before, error))

    def _on_not_restored(self, before: Desk, error: Exception) -> None:
        self.window().setEnabled(True)
        self._services.resume(before)
        self._services.jobs.tell(error)

    def _on_restored(self, done: tuple[Restored, Any]) -> None:
        self.window().setEnabled(True)
        restored, desk = done
        self._services.open(desk)
        kept = f"原来的数据另存为 {restored.kept.name}。" if restored.kept else ""
        self._services.messages.say("good", f"已恢复并检查无误。{kept}请重新选择经办人。")
        self.reload()
