"""This machine's printer, card reader and document camera, and the keys of every action, which a clerk may change."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QKeySequenceEdit, QPushButton, QVBoxLayout, QWidget

from desktop.settings import SETTINGS
from ui.actions import BY_NAME, DEEDS, clash, key_of
from ui.driver_panel import camera_panel, reader_panel
from ui.filter_bar import PickBox
from ui.page import card, label, page_box, scrolled
from ui.services import Services

KEY_EVENTS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride)
PLACES = {"": "到处", "intake": "受理", "cases": "工单", "board": "看板", "case": "工单页", "works": "业务费检验",
          "materials": "资料页", "file": "看文件", "contracts": "合同", "contract": "合同页",
          "reminders": "提醒", "reports": "报表", "system": "系统",
          "shift": "交接班", "progress": "查进度", "sheet": "看单据", "paper": "看文书", "import": "导入",
          "flow": "环节分析", "account": "用电户"}


class KeyEdit(QKeySequenceEdit):
    """Takes any key but Shift+Tab, which goes back a field as everywhere."""

    def event(self, event: QEvent) -> bool:
        if event.type() in KEY_EVENTS and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Backtab:
            return event.type() == QEvent.Type.KeyPress and self.focusNextPrevChild(False)
        return super().event(event)


class DeskPanel(QWidget):
    """A key is taken at once, unless another action on the same page has it."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        from ui.setup_form import printer_box

        self.printer = printer_box(services)
        self.printer.activated.connect(lambda _place: self._choose_printer())
        self.edits: dict[str, QKeySequenceEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        for number, deed in enumerate(DEEDS):
            self._add(grid, number, deed.name)
        keys = QWidget()
        keys.setLayout(grid)
        self.reset_button = QPushButton("恢复原来的快捷键")
        self.reset_button.clicked.connect(self.reset)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.reset_button)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.addWidget(card(label("打印机", "group"), self.printer))
        self.look = PickBox("look", [(choice, choice) for choice in SETTINGS["look"].choices])
        self.look.activated.connect(lambda _place: services.run(self._choose_look))
        inner.addWidget(card(label("外观", "group"), self.look, label(SETTINGS["look"].hint, "muted", wrap=True)))
        self.reader, self.camera = reader_panel(services), camera_panel(services)
        inner.addWidget(card(label("身份证阅读器", "group"), self.reader))
        inner.addWidget(card(label("高拍仪", "group"), self.camera))
        inner.addWidget(card(label("快捷键", "group"), keys))
        inner.addLayout(foot)
        inner.addStretch(1)
        page_box(self, 4).addWidget(scrolled(body))

    def _add(self, grid: QGridLayout, number: int, name: str) -> None:
        deed = BY_NAME[name]
        edit = KeyEdit()
        edit.setObjectName(f"key_{name}")
        edit.setMaximumSequenceLength(1)
        edit.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        edit.setFixedWidth(150)
        edit.editingFinished.connect(lambda: self.change(name))
        self.edits[name] = edit
        row, column = number // 2, number % 2 * 3
        grid.addWidget(label(PLACES[deed.place], "muted"), row, column)
        grid.addWidget(label(deed.label), row, column + 1)
        grid.addWidget(edit, row, column + 2)
        grid.setColumnStretch(column + 1, 1)

    def reload(self) -> None:
        from desktop.usecases.adjusting import machine

        self.look.set_value(machine(self._services.folder)["look"])
        self.reader.reload()
        self.camera.reload()
        for name, edit in self.edits.items():
            edit.setKeySequence(QKeySequence(key_of(name, self._services.settings)))

    def change(self, name: str) -> None:
        """Take the new key, or say which action has it."""
        settings, key = self._services.settings, self.edits[name].keySequence().toString()
        if not key or key == key_of(name, settings):
            self.reload()
            return
        if other := clash(name, key, settings):
            self._services.messages.say("care", f"{key} 已用于“{other.label}”，请换一个键。")
            self.reload()
            return
        settings.setValue(f"keys/{name}", key)
        self._apply(name, key)

    def reset(self) -> None:
        self._services.settings.remove("keys")
        for deed in DEEDS:
            self._apply(deed.name, deed.key)
        self.reload()

    def _apply(self, name: str, key: str) -> None:
        for action in self.window().findChildren(QAction, name):
            action.setShortcut(QKeySequence(key))

    def _choose_look(self) -> None:
        from desktop.usecases.adjusting import adjust

        adjust(self._services.folder, "look", self.look.value())
        self._services.messages.say("good", f"已保存：外观用{self.look.value()}，重新打开窗口后生效。")

    def _choose_printer(self) -> None:
        from ui.printing import choose_printer

        choose_printer(self._services.settings, self.printer.value())
        self._services.messages.say("good", "已记下这台电脑的打印机。")
