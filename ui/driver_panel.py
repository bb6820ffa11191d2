"""A device of this machine that a driver reaches: which driver, kept by Enter or a button, and a try."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.settings import SETTINGS
from ui.page import label
from ui.services import Services


class DriverPanel(QWidget):
    """The machine setting `name`. `load` raises where a driver of that name cannot be used; `try_out` tries it."""

    def __init__(self, services: Services, name: str, *, none: str, word: str, load: Callable[[str], object],
                 try_out: Callable[[], None], shown: QWidget | None = None) -> None:
        super().__init__()
        self._services, self._name, self._load = services, name, load
        setting = SETTINGS[name]
        self.driver = QLineEdit()
        self.driver.setObjectName(name)
        self.driver.setAccessibleName(setting.label)
        self.driver.setPlaceholderText(none)
        self.keep_button, self.try_button = QPushButton("保存"), QPushButton(word)
        self.driver.returnPressed.connect(self.keep)
        self.keep_button.clicked.connect(self.keep)
        self.try_button.clicked.connect(try_out)
        row = QHBoxLayout()
        for widget in (self.driver, self.keep_button, self.try_button):
            row.addWidget(widget)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(row)
        box.addWidget(label(setting.hint, "muted", wrap=True))
        self.shown = shown
        if shown is not None:
            box.addWidget(shown)

    def reload(self) -> None:
        from desktop.usecases.adjusting import machine

        self.driver.setText(machine(self._services.folder)[self._name])

    def keep(self) -> None:
        """Keep the driver's name; one that cannot be loaded is told at once and kept all the same."""
        self._services.run(self._keep)

    def _keep(self) -> None:
        from desktop.usecases.adjusting import adjust

        adjust(self._services.folder, self._name, self.driver.text())
        self._services.messages.say("good", f"已保存：{SETTINGS[self._name].label}。")
        self._load(self.driver.text().strip())


def reader_panel(services: Services) -> DriverPanel:
    """This machine's identity card reader; 试读 reads a card and shows nothing of it."""
    def load(driver: str) -> object:
        from desktop.devices.id_reader import load_reader

        return load_reader(driver)

    def try_out() -> None:
        from desktop.usecases.vouching import read_card

        desk = services.desk
        services.jobs.run(lambda _step: read_card(desk), lambda _read: services.messages.say("good", TRIED_READER),
                          title="正在试读身份证")

    return DriverPanel(services, "id_reader", none="没有读卡器", word="试读", load=load, try_out=try_out)


def camera_panel(services: Services) -> DriverPanel:
    """This machine's document camera; 试看 shows what lies under it."""
    from ui.camera_card import CameraCard

    def load(driver: str) -> object:
        from desktop.devices.camera import load_camera

        return load_camera(driver)

    seen = CameraCard(services, ())
    seen.name_target("试看，不存图片")
    return DriverPanel(services, "camera", none="没有高拍仪", word="试看", load=load, try_out=seen.toggle, shown=seen)


TRIED_READER = "读卡器好用：读到一张有效的身份证。"
