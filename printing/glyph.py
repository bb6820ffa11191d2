"""One character's outline as it is kept and embedded, and the sums by which neighbours are joined to it."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_ADLER = 65521


@dataclass(frozen=True)
class Glyph:
    """One character's outline, ready to be laid into a font file.

    advance and lsb in thousandths of an em; `deflated` is a piece of a deflate stream that stands by itself
    (no reference back, ends on a byte), of `length` bytes when inflated; adler and checksum are those of the
    inflated bytes, so that the sums of a whole file can be put together without inflating.
    """

    code: int
    advance: int
    lsb: int
    points: int
    contours: int
    length: int
    adler: int
    checksum: int
    deflated: bytes


def checksum(data: bytes) -> int:
    """The sfnt checksum of a table, or of a part of one, whose length is a multiple of four."""
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}I", data)
    return sum(words) & 0xFFFFFFFF


def joined_adler(first: int, second: int, length: int) -> int:
    """The Adler-32 of two runs of bytes laid end to end; `length` is the second's (RFC 1950, 8.2)."""
    low = (first & 0xFFFF) + (second & 0xFFFF) - 1
    high = (first >> 16) + (second >> 16) + length * ((first & 0xFFFF) - 1)
    return (high % _ADLER) << 16 | low % _ADLER
