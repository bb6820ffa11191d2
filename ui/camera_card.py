"""The document camera beside the papers: what lies under it, live, and a picture taken by a key.

Each picture is told at once and filed by who listens; one that could not be filed is held and told again at the next
press, so that a full disk loses none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QPixmap
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QVBoxLayout, QWidget

from desktop.errors import Refusal, Trouble
from ui.page import label
from ui.services import Services

if TYPE_CHECKING:
    from desktop.devices.camera import Glance, OpenCamera

LOOK_MS = 160  # between two looks: the hand that lays the page down is followed, and the machine is not kept busy
PREVIEW = (400, 300)
BESIDE, BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class CameraCard(QFrame):
    """Hidden until it is opened. `shot` tells what each picture was aimed at when the key was pressed, and its content.
    """

    shot = Signal(object, object)

    def __init__(self, services: Services, buttons: Sequence[QWidget], parent: QWidget | None = None, *,
                 preview: tuple[int, int] = PREVIEW, words: QBoxLayout.Direction = BESIDE) -> None:
        super().__init__(parent)
        self._services = services
        self._asked = f"camera {id(self)}"
        self._camera: OpenCamera | None = None
        self._leaving: OpenCamera | None = None  # to be let go once it has answered
        self._aims: list[object] = []  # of presses that are not answered yet
        self._held: list[tuple[object, bytes]] = []
        self.setProperty("role", "card")
        self.preview = QLabel("正在打开高拍仪……")
        self.preview.setFixedSize(*preview)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setAccessibleName("高拍仪画面")
        self._target, self._said = label(role="group", wrap=True), label(role="muted", wrap=True)
        self._timer = QTimer(self, interval=LOOK_MS, singleShot=True)
        self._timer.timeout.connect(self._look)
        self._lay_out(buttons, words)
        self.hide()

    def _lay_out(self, buttons: Sequence[QWidget], words: QBoxLayout.Direction) -> None:
        side = QVBoxLayout()
        for widget in (self._target, self._said, *buttons):
            side.addWidget(widget)
        side.addStretch(1)
        box = QBoxLayout(words, self)
        box.setContentsMargins(8, 8, 8, 8)
        box.addWidget(self.preview)
        box.addLayout(side, 1)

    @property
    def running(self) -> bool:
        return self._camera is not None

    def toggle(self) -> None:
        """Open the camera and show what lies under it; once more: close it."""
        if self.running:
            self.stop()
        else:
            self._services.run(self._open)

    def _open(self) -> None:
        from desktop.usecases.picturing import open_camera

        self._camera = open_camera(self._services.desk)
        self._say(f"{self._camera.name}：放好一页就拍，翻页再拍。")
        self.show()
        self._look()

    def stop(self) -> None:
        """Let the camera go; what was taken stays."""
        self._timer.stop()
        camera, self._camera = self._camera, None
        self._leaving = camera or self._leaving
        self._go_on()
        self.setVisible(bool(self._held))
        self.preview.setText("高拍仪已关。")

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more: the device is let go, for another program may want it."""
        super().hideEvent(event)
        if self.running and not event.spontaneous():
            self.stop()

    def name_target(self, target: str) -> None:
        """Say to which paper the next picture goes."""
        self._target.setText(f"拍给：{target}")

    def _say(self, sentence: str) -> None:
        self._said.setText(sentence)

    def _go_on(self) -> None:
        """The device is asked one thing at a time: a picture before a look, and to be let go when it has answered."""
        if self._services.jobs.is_asked(self._asked):
            return
        device = self._camera or self._leaving
        if device is not None and self._aims:
            aim = self._aims.pop(0)
            self._ask(device.shoot, lambda content: self._taken(aim, content))
        elif self._leaving is not None:
            device, self._leaving = self._leaving, None
            self._ask(device.close, lambda _none: self._go_on())
        elif self._camera is not None:
            self._timer.start()

    def _look(self) -> None:
        if self._camera is not None and not self._services.jobs.is_asked(self._asked):
            self._ask(self._camera.look, self._show)

    def _ask(self, do: Callable[[], object], answered: Callable[[Any], None]) -> None:
        self._services.jobs.ask(self, self._asked, lambda _step: _told(do), answered)

    def _show(self, seen: Glance | Trouble) -> None:
        if not self._is_trouble(seen) and self._camera is not None:
            picture = QImage.fromData(seen.content)  # type: ignore[union-attr]
            if not picture.isNull():
                picture = picture.scaled(self.preview.size(), Qt.AspectRatioMode.KeepAspectRatio,
                                         Qt.TransformationMode.SmoothTransformation)
                self.preview.setPixmap(QPixmap.fromImage(picture))
        self._go_on()

    def _taken(self, aim: object, content: bytes | Trouble) -> None:
        if not self._is_trouble(content):
            self.shot.emit(aim, content)
        self._go_on()

    def _is_trouble(self, seen: object) -> bool:
        """A device that is gone is told once, and let go."""
        if isinstance(seen, Trouble):
            self._services.messages.tell(seen)
            self._aims.clear()
            self.stop()
        return isinstance(seen, Trouble)

    def shoot(self, aim: object) -> None:
        """A sharp picture of what lies there, for `aim`; first those that could not be filed."""
        if self._held:
            held, self._held = self._held, []
            for before, content in held:
                self.shot.emit(before, content)
        elif self._camera is None:
            self._services.messages.tell(Refusal("高拍仪还没有打开，请先按“开关高拍仪”。", "camera"))
        else:
            self._timer.stop()
            self._aims.append(aim)
            self._go_on()

    def hold(self, aim: object, content: bytes) -> None:
        """A picture that could not be filed: it waits for the next press."""
        self._held.append((aim, content))
        self._say(f"有 {len(self._held)} 张还没有存上：照提示处理后再按一次“拍一张”，先存它们。")
        self.show()

    def filed(self, count: int) -> None:
        """So many pictures are with the paper now."""
        self._say(f"已拍 {count} 份，翻页再拍。")


def _told(ask: Callable[[], object]) -> object:
    """What the device gives, or its trouble as a value: the preview ends with it."""
    try:
        return ask()
    except Trouble as trouble:
        return trouble
