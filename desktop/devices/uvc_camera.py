"""A document camera that the system drives by itself (UVC, 免驱), through OpenCV: Windows and Linux alike.

OpenCV (Apache 2.0) is the one well-kept library with small wheels for every system that counters have, domestic ones
on aarch64 among them; it is an optional part (`yekuo[camera]`), since a hall with a watched folder does without.
"""

from __future__ import annotations

from typing import Any

import cv2  # type: ignore[import-not-found, unused-ignore]

SHARPEST = (4208, 3120)  # 13 million pixels; a device takes the largest that it has below
LOOK_WIDE = 640
WARM_UP = 4  # pictures until the exposure has settled
QUALITY = 88


class UvcCamera:
    """The camera at that place among the system's; it is taken at the first look and kept until `close`."""

    def __init__(self, place: int = 0) -> None:
        self.name = "高拍仪" if place == 0 else f"第 {place + 1} 台高拍仪"
        self._place = place
        self._device: Any = None

    def look(self) -> bytes:
        picture = self._picture()
        high, wide = picture.shape[:2]
        return _jpeg(cv2.resize(picture, (LOOK_WIDE, max(1, high * LOOK_WIDE // wide)), interpolation=cv2.INTER_AREA))

    def shoot(self) -> bytes:
        return _jpeg(self._picture())

    def close(self) -> None:
        if self._device is not None:
            self._device.release()
            self._device = None

    def _picture(self) -> Any:
        """The newest picture; a device that gives none is let go, so that it is looked for anew next time."""
        if self._device is None:
            self._device = _taken(self._place)
        whole, picture = self._device.read()
        if not whole:
            self.close()
            raise OSError("the camera gives no picture")
        return picture


def _taken(place: int) -> Any:
    device = cv2.VideoCapture(place)
    if not device.isOpened():
        device.release()
        raise OSError("no camera there")
    device.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))  # uncompressed, large pictures come too slowly
    for what, value in zip((cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT), SHARPEST, strict=True):
        device.set(what, value)
    device.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # what lies there now, not what lay there a second ago
    for _ in range(WARM_UP):
        device.read()
    return device


def _jpeg(picture: Any) -> bytes:
    made, content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not made:
        raise OSError("the picture cannot be written as JPG")
    return bytes(content)
