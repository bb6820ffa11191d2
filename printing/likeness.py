"""Whether two pictures show the same though their bytes differ: packed again, made smaller, turned.

Each is brought down to a small square of greys. A picture that was only packed again differs nowhere by more than a
shade there; two pages of one form differ at least where their writing does.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

SIDE = 48
SHADE = 6  # of 255; packing again moves one by 1 or 2, a changed number on the page by 15
TURNS = (0, 90, 180, 270)


def small(content: bytes) -> bytes | None:
    """The picture as SIDE×SIDE greys, upright as its own note says; None for what is no picture that can be read."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.draft("L", (SIDE * 16, SIDE * 16))  # a JPG is unpacked no larger than needed
            upright = ImageOps.exif_transpose(picture)
            return upright.convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR).tobytes()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def turned_by(one: bytes, other: bytes) -> int | None:
    """By how many degrees `other` is turned against `one` where both show the same, else None. Both as `small`."""
    return next((turn for turn, each in zip(TURNS, _turns(other), strict=True) if _is_same(one, each)), None)


def _turns(greys: bytes) -> Iterator[bytes]:
    from PIL import Image

    picture = Image.frombytes("L", (SIDE, SIDE), greys)
    return (picture.rotate(turn).tobytes() for turn in TURNS)


def _is_same(one: bytes, other: bytes) -> bool:
    return all(abs(a - b) <= SHADE for a, b in zip(one, other, strict=True))
