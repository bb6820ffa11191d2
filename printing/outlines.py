"""Drawing a glyph anew: from whatever a font file holds (CFF, composites, any grid) to a TrueType outline.

Only TrueType outlines go into every PDF viewer and printer alike, and the free Chinese faces come as CFF.
This is the one place that knows fontTools; it is imported when a character is converted, never to print.
"""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, TTLibError

from desktop.errors import Trouble
from printing.glyph import Glyph, checksum

GRID = 1000
"""Units of one em in everything that we keep and embed."""

_NEAR = 1.0
"""How far, in units of the grid, a quadratic curve may leave the cubic one: a thousandth of a character."""


class Outlines:
    """One font file, opened to convert from."""

    def __init__(self, path: Path) -> None:
        try:
            self._font = TTFont(io.BytesIO(path.read_bytes()), lazy=True, fontNumber=0)
            self.codes: dict[int, str] = self._font.getBestCmap() or {}
            self._glyphs = self._font.getGlyphSet()
        except (TTLibError, OSError) as error:
            raise Trouble("字体文件打不开或不是字体。", "请在设置中另选字体文件，或恢复自带字体。") from error
        head: Any = self._font["head"]
        self._scale = GRID / head.unitsPerEm

    def __contains__(self, code: int) -> bool:
        return code in self.codes

    def metrics(self) -> dict[str, int | list[int] | str]:
        """What a PDF says about the face as a whole, on our grid."""
        head: Any = self._font["head"]
        hhea: Any = self._font["hhea"]
        name: Any = self._font["name"]
        box = [round(v * self._scale) for v in (head.xMin, head.yMin, head.xMax, head.yMax)]
        return {
            "face": name.getDebugName(6) or "Face",
            "ascent": round(hhea.ascent * self._scale),
            "descent": round(hhea.descent * self._scale),
            "box": box,
        }

    def cut(self, code: int) -> Glyph:
        """The glyph of one character, which must be in `codes`."""
        source = self._glyphs[self.codes[code]]
        pen: Any = TTGlyphPen(None)
        curves: Any = Cu2QuPen(pen, _NEAR, reverse_direction=True)
        scaled = curves if self._scale == 1 else TransformPen(curves, (self._scale, 0, 0, self._scale, 0, 0))
        source.draw(DecomposingFilterPen(scaled, self._glyphs))
        outline = pen.glyph()
        data = bytes(outline.compile(None))
        data += bytes(-len(data) % 4)
        return Glyph(
            code, round(source.width * self._scale), outline.xMin if data else 0,
            len(outline.coordinates) if data else 0, outline.numberOfContours,
            len(data), zlib.adler32(data), checksum(data), _deflated(data),
        )


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)
