"""This machine's identity card reader: which driver, and a try."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.settings import SETTINGS
from ui.page import label
from ui.services import Services

NAME = "id_reader"
TRIED = "读卡器好用：读到一张有效的身份证。"


class ReaderPanel(QWidget):
    """The setting is kept once it is left by Enter or 保存; 试读 reads a card and shows nothing of it."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        setting = SETTINGS[NAME]
        self.driver = QLineEdit()
        self.driver.setObjectName(NAME)
        self.driver.setAccessibleName(setting.label)
        self.driver.setPlaceholderText("没有读卡器")
        self.keep_button, self.try_button = QPushButton("保存"), QPushButton("试读")
        self.driver.returnPressed.connect(self.keep)
        self.keep_button.clicked.connect(self.keep)
        self.try_button.clicked.connect(self.try_out)
        row = QHBoxLayout()
        for widget in (self.driver, self.keep_button, self.try_button):
            row.addWidget(widget)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(row)
        box.addWidget(label(setting.hint, "muted", wrap=True))

    def reload(self) -> None:
        from desktop.usecases.adjusting import machine

        self.driver.setText(machine(self._services.folder)[NAME])

    def keep(self) -> None:
        """Keep the driver's name; one that cannot be loaded is told at once and kept all the same."""
        self._services.run(self._keep)

    def _keep(self) -> None:
        from desktop.devices.id_reader import load_reader
        from desktop.usecases.adjusting import adjust

        adjust(self._services.folder, NAME, self.driver.text())
        self._services.messages.say("good", "已保存：身份证阅读器。")
        load_reader(self.driver.text().strip())

    def try_out(self) -> None:
        from desktop.usecases.vouching import read_card

        desk = self._services.desk
        self._services.jobs.run(lambda _step: read_card(desk), lambda _read: self._services.messages.say("good", TRIED),
                                title="正在试读身份证")
