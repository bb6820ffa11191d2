"""A document camera (高拍仪) as a device: one picture at a time.

Most of them come with a program of their own that writes pictures into a folder: that folder is watched, which is the
plain way and needs no driver. One that is driven by a maker's library is a class with `shoot`; Qt's own camera is not
among the parts of Qt that we ship.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from desktop.errors import Trouble


@dataclass(frozen=True)
class Shot:
    """One picture: its content as a file's, and a name for it."""

    content: bytes
    name: str


class Camera(Protocol):
    """What a camera can do. `shoot` raises OSError where the device does not answer."""

    def shoot(self) -> Shot: ...


class FakeCamera:
    """A twin without a device: gives the prepared pictures one after the other, then fails as an unplugged one."""

    def __init__(self, prepared: Sequence[bytes]) -> None:
        self._left = list(prepared)
        self._taken = 0

    def shoot(self) -> Shot:
        if not self._left:
            raise OSError("no camera")
        self._taken += 1
        return Shot(self._left.pop(0), f"高拍仪{self._taken:03d}.jpg")


def snap(camera: Camera) -> Shot:
    """One picture from the camera. Raises Trouble with the way by hand."""
    try:
        return camera.shoot()
    except OSError as error:
        raise Trouble("高拍仪拍不出图片。",
                      "请检查连线和电源；也可以用它自带的程序拍到文件夹，再“盯住高拍仪文件夹”。") from error
