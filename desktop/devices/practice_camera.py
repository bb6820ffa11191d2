"""A document camera without a device, for practice and tests: page after page lies under it, each a little askew.

What it gives are real JPG files with something on them to see, so that preview, shot and filing are the real ones.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

LOOK, SHOOT = (480, 360), (1600, 1200)  # pixels: the desk under the camera
DESK, PAPER, INK, SEAL = "#3b4a47", "#fbfaf5", "#2b2b2b", "#b3261e"
TILTS = (-2.0, 1.2, 0.4, -0.8)  # degrees: nobody lays a page down straight


class PracticeCamera:
    """The page is changed by each shot. `unplugged`: as if somebody had pulled the cable."""

    name = "演练高拍仪"

    def __init__(self) -> None:
        self.page = 1
        self.unplugged = False

    def look(self) -> bytes:
        return self._picture(LOOK)

    def shoot(self) -> bytes:
        taken = self._picture(SHOOT)
        self.page += 1
        return taken

    def close(self) -> None:
        """Nothing is held."""

    def _picture(self, size: tuple[int, int]) -> bytes:
        if self.unplugged:
            raise OSError("no camera")
        kept = io.BytesIO()
        desk_with_page(self.page, size).save(kept, "JPEG", quality=85)
        return kept.getvalue()


def desk_with_page(page: int, size: tuple[int, int]) -> Image:
    """The desk with the page of that number on it, `size` pixels."""
    from PIL import Image

    desk = Image.new("RGB", size, DESK)
    high = int(size[1] * 0.92)
    paper = _paper(page, (int(high / 1.414), high))
    turned = paper.rotate(TILTS[page % len(TILTS)], expand=True, fillcolor=DESK)
    desk.paste(turned, ((size[0] - turned.width) // 2, (size[1] - turned.height) // 2))
    return desk


def _paper(page: int, size: tuple[int, int]) -> Image:
    """One sheet: a head, lines of writing, the page's number, a round seal."""
    from PIL import Image, ImageDraw, ImageFont

    wide, high = size
    paper = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(paper)
    pen.rectangle((wide * 0.3, high * 0.07, wide * 0.7, high * 0.1), fill=INK)
    for line in range(14):
        right = wide * (0.88 if (line * 7 + page * 3) % 5 else 0.5)
        top = high * (0.17 + line * 0.04)
        pen.rectangle((wide * 0.12, top, right, top + high * 0.012), fill="#8d928f")
    seal = (wide * 0.6, high * 0.74, wide * 0.86, high * 0.74 + wide * 0.26)
    pen.ellipse(seal, outline=SEAL, width=max(2, wide // 110))
    pen.text((wide * 0.12, high * 0.86), f"PRACTICE  {page:03d}", fill=INK, font=ImageFont.load_default(high * 0.04))
    return paper
