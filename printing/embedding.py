"""A face inside one PDF: a Type0 font with just the characters that the document uses.

The CID of a character is its Unicode number, so text is encoded without a table and what was encoded for
one document serves for all; each document says by a CIDToGIDMap where in its own small font file a character
lies. Nothing here depends on a clock or on what was printed before: the same text gives the same bytes.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from functools import lru_cache
from itertools import accumulate

from reportlab.pdfbase import pdfdoc, pdfmetrics

from printing.fonts import Face, Record
from printing.glyph import checksum, joined_adler

_PREAMBLE = "yekuo-none"
_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{ranges}endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


class _Bytes(pdfdoc.PDFObject):
    """A PDF object that is written as it stands."""

    __RefOnly__ = 1

    def __init__(self, written: bytes) -> None:
        self.written = written

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        return self.written


class _NoFont:
    """What ReportLab's canvas starts a page with, so that it does not name a Helvetica that nobody uses."""

    fontName = name = _PREAMBLE
    _dynamicFont = 1
    _multiByte = 0

    @property
    def face(self) -> _NoFont:
        return self


class Embedding:
    """One face in one document: collect in `used` what is shown; ReportLab asks for it on saving."""

    def __init__(self, face: Face, resource: str) -> None:
        self.face = face
        self.resource = resource
        self.used: set[str] = set()

    def addObjects(self, doc: pdfdoc.PDFDocument) -> None:
        """Called by ReportLab: lay font, descriptor, widths and file into the document."""
        if self.used:
            doc.idToObject["BasicFonts"].dict[self.resource] = doc.Reference(_Bytes(self._font(doc)))

    def _font(self, doc: pdfdoc.PDFDocument) -> bytes:
        chars = sorted(self.used)
        found = [self.face.piece(char) for char in chars]
        cids = [self.face.cid(char) for char in chars]
        name = _subset_name(chars, str(self.face.head["face"]))
        file = _reference(doc, *_packed_sfnt([record for record, _ in found], [piece for _, piece in found]))
        descriptor = _bytes_reference(doc, _descriptor(self.face, name, file))
        places = _reference(doc, _places(cids))
        told = _reference(doc, _to_unicode(tuple(
            (cid, char) for cid, char in zip(cids, chars, strict=True) if ord(char) > 0xFFFF)))
        widths = _widths(cids, [record.advance for record, _ in found])
        descendant = _bytes_reference(doc, (
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) "
            f"/Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} /DW 1000 /W [{widths}] "
            f"/CIDToGIDMap {places} >>").encode())
        return (f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
                f"/DescendantFonts [{descendant}] /ToUnicode {told} >>").encode()


def without_helvetica() -> str:
    """The name of a font that draws nothing, for the canvas to begin with."""
    pdfmetrics.registerFont(_NoFont())
    return _PREAMBLE


def _bytes_reference(doc: pdfdoc.PDFDocument, written: bytes) -> str:
    return bytes(doc.Reference(_Bytes(written)).format(doc)).decode()


def _reference(doc: pdfdoc.PDFDocument, packed: bytes, length: int = 0) -> str:
    """A deflated stream as an object of the document; `length` when inflated, for font files."""
    told = f" /Length1 {length}" if length else ""
    head = f"<< /Filter /FlateDecode /Length {len(packed)}{told} >>\nstream\n"
    return _bytes_reference(doc, head.encode() + packed + b"\nendstream")


def _subset_name(chars: list[str], face: str) -> str:
    """Six letters that differ with the set of characters, as PDF asks of a subset's name."""
    number = zlib.crc32("".join(chars).encode())
    letters = "".join(chr(65 + number // 26**place % 26) for place in range(6))
    return f"{letters}+{face}"


def _descriptor(face: Face, name: str, file: str) -> bytes:
    head = face.head
    box = " ".join(map(str, head["box"]))
    return (f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 "
            f"/Ascent {head['ascent']} /Descent {head['descent']} /CapHeight {head['ascent']} /StemV 80 "
            f"/FontFile2 {file} >>").encode()


def _places(cids: list[int]) -> bytes:
    """The CIDToGIDMap: two bytes for every CID up to the last one used."""
    places = array("H", bytes(2 * (max(cids) + 1)))
    for gid, cid in enumerate(cids, start=1):
        places[cid] = gid
    if sys.byteorder == "little":
        places.byteswap()
    return zlib.compress(places, 1)


@lru_cache(maxsize=256)
def _to_unicode(far: tuple[tuple[int, str], ...]) -> bytes:
    """The ToUnicode map: every CID is its own character, but for those above U+FFFF, which are told one by one."""
    near = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256) if not 0xD8 <= high <= 0xF8]
    told = [f"<{cid:04X}> <{char.encode('utf-16-be').hex().upper()}>" for cid, char in far]
    return zlib.compress(_CMAP.format(ranges=_blocks(near, "range") + _blocks(told, "char")).encode())


def _blocks(entries: list[str], kind: str) -> str:
    """A CMap takes at most a hundred entries at a time."""
    cut = (entries[start:start + 100] for start in range(0, len(entries), 100))
    return "".join(f"{len(block)} beginbf{kind}\n" + "\n".join(block) + f"\nendbf{kind}\n" for block in cut)


def _widths(cids: list[int], advances: list[int]) -> str:
    pairs = zip(cids, advances, strict=True)
    return " ".join(f"{cid} [{advance}]" for cid, advance in pairs if advance != 1000)


def _packed_sfnt(records: list[Record], pieces: list[bytes]) -> tuple[bytes, int]:
    """A TrueType file of these glyphs after an empty first one, deflated, and its inflated length.

    The outlines lie at the end as they were deflated long ago; only the small tables before them are new.
    """
    glyf = (sum(record.checksum for record in records) & 0xFFFFFFFF, sum(record.length for record in records))
    front = _front(_small_tables(records), glyf)
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(front) + packer.flush(zlib.Z_SYNC_FLUSH)
    adler = zlib.adler32(front)
    for record in records:
        adler = joined_adler(adler, record.adler, record.length)
    stream = (b"\x78\x9c", packed, *pieces, b"\x03\x00", adler.to_bytes(4, "big"))
    return b"".join(stream), len(front) + glyf[1]


def _small_tables(records: list[Record]) -> dict[bytes, bytes]:
    """Every table but the outlines, each padded to four bytes."""
    count = len(records) + 1
    ends = list(accumulate((record.length for record in records), initial=0))
    widest = max(record.advance for record in records)
    tables = {
        b"head": struct.pack(">IIIIHHQQhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0x0B, 1000, 0, 0,
                             -1000, -1000, 3000, 2000, 0, 3, 2, 1, 0),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, 880, -120, 0, widest, 0, 0, 0, 1, 0, 0,
                             0, 0, 0, 0, 0, count),
        b"hmtx": struct.pack(">Hh", 1000, 0) + b"".join(
            struct.pack(">Hh", r.advance, r.lsb) for r in records),
        b"loca": struct.pack(f">{count + 1}I", 0, *ends),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, count, max(r.points for r in records),
                             max(r.contours for r in records), 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    return {tag: data + bytes(-len(data) % 4) for tag, data in tables.items()}


def _front(tables: dict[bytes, bytes], glyf: tuple[int, int]) -> bytes:
    """The directory and the small tables; `glyf`: checksum and length of the outlines that follow."""
    at = {tag: 12 + 16 * 6 + start for tag, start in
          zip([*tables, b"glyf"], accumulate(map(len, tables.values()), initial=0), strict=True)}
    sums = {tag: checksum(data) for tag, data in tables.items()} | {b"glyf": glyf[0]}
    sizes = {tag: len(data) for tag, data in tables.items()} | {b"glyf": glyf[1]}
    directory = struct.pack(">IHHHH", 0x10000, 6, 64, 2, 32) + b"".join(
        struct.pack(">4sIII", tag, sums[tag], at[tag], sizes[tag]) for tag in sorted(at))
    adjustment = (0xB1B0AFBA - checksum(directory) - sum(sums.values())) & 0xFFFFFFFF
    head = tables[b"head"]
    whole = {**tables, b"head": head[:8] + struct.pack(">I", adjustment) + head[12:]}
    return directory + b"".join(whole.values())
