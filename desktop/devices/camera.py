"""The counter's document camera (高拍仪): what a device must offer, one that only pretends, and how one is loaded.

The machine's setting `camera` names it: `uvc` for one that the system itself drives (UVC, `uvc_camera.py`), or a
maker's own library reached through a class of the hall's, `module:Class`. The class takes no argument and has `name`,
`look`, `shoot` and `close`, as `Camera` says. A camera with a program of its own that writes pictures into a folder
needs no driver: that folder is watched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, cast, runtime_checkable

from desktop.devices.driver import Device, asked, driver_named
from desktop.errors import Trouble

PRETENDED = "practice"
BY_HAND = "也可以用它自带的程序拍到文件夹，再“盯住高拍仪文件夹”；或放入文件。"
CAMERA = Device("高拍仪", "camera", f"免驱的写 uvc（第二台写 uvc1），厂家的驱动写成“模块:类名”，演练写 {PRETENDED}，"
                                    "没有高拍仪时留空", ("name", "look", "shoot", "close"), BY_HAND)
_UVC = re.compile(r"uvc(?P<place>\d?)", re.IGNORECASE)


@runtime_checkable
class Camera(Protocol):
    """A camera. Pictures are the content of a JPG file; OSError where the device does not answer.

    `look` gives what lies under it now, small and at once; `shoot` the same as sharp as the device can; `close` lets
    the device go, and the next `look` takes it again.
    """

    name: str

    def look(self) -> bytes: ...

    def shoot(self) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Glance:
    """What lies under the camera now, as a JPG file's content."""

    content: bytes


class OpenCamera:
    """A camera in use, whose failures are sentences. Whoever holds it asks one thing at a time, from any thread."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera

    @property
    def name(self) -> str:
        return self._camera.name

    def look(self) -> Glance:
        """What lies under it. Raises Trouble where the device does not answer."""
        return Glance(self._asked(self._camera.look))

    def shoot(self) -> bytes:
        """A sharp picture. Raises Trouble where the device does not answer."""
        return self._asked(self._camera.shoot)

    def close(self) -> None:
        """Let the device go; one that is gone already is no trouble."""
        with suppress(Exception):  # a maker's driver may raise anything
            self._camera.close()

    def _asked(self, ask: Callable[[], bytes]) -> bytes:
        return asked(
            lambda: bytes(ask()),
            Trouble(f"{self.name}没有应答，拍不出图片；已经放入的都在。", f"请检查连线和电源后再开。{BY_HAND}"),
            lambda kind: Trouble(f"{self.name}的驱动出了差错（{kind}），拍不出图片；已经放入的都在。",
                                 f"请关掉再开；总是这样的，请找驱动的提供者。{BY_HAND}"))


def load_camera(setting: str) -> OpenCamera | None:
    """The camera that the machine's setting names, None where none is set.

    Refusal for a setting that names no driver; Trouble where the driver or its library cannot be loaded.
    """
    if not setting:
        return None
    if setting == PRETENDED:
        from desktop.devices.practice_camera import PracticeCamera

        return OpenCamera(PracticeCamera())
    if uvc := _UVC.fullmatch(setting):
        return OpenCamera(_system_camera(int(uvc["place"] or 0)))
    return OpenCamera(cast(Camera, driver_named(CAMERA, setting)))


def _system_camera(place: int) -> Camera:
    try:
        from desktop.devices.uvc_camera import UvcCamera

        return UvcCamera(place)
    except ImportError as error:
        raise Trouble("这台电脑没有装摄像头组件。",
                      f"请让管理员安装 yekuo[camera]（opencv-python-headless）。{BY_HAND}") from error
