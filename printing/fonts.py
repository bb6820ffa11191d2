"""The faces that paper is set in: 宋体 for text, 黑体 for heads, prepared once and kept in a cache.

A prepared face is a flat file: a head, one record a character, one piece of deflated outline a character.
To open it is to map it; to embed forty characters is to join forty pieces. What the standard set lacks is
converted when first met, sixteen neighbours at a time, and kept beside it; what no font file has is refused
by name.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import struct
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import platformdirs
import pylopdf_fonts_zh_cn as bundled

from desktop.errors import Refusal
from desktop.progress import Step
from printing.writing import atomic_write

if TYPE_CHECKING:
    from printing.glyph import Glyph
    from printing.outlines import Outlines


SONG, HEI = "song", "hei"
_FORMAT = 2
_MAGIC = b"YKFACE\r\n"
_RECORD = struct.Struct("<IHhHHIIIII")
_FAR = 0xD800
"""Where the CIDs of characters above U+FFFF begin: surrogates and private use are no characters of ours."""
_FAR_ROOM = 0xF900 - _FAR

_SIGNS = "–—‘’“”…‰′″※℃℉№≤≥≈≠≡√∞∑∥⊥∠△▲□■○●◎◇◆☆★→←↑↓✓✗ΩΦΔαβγφθπμ㎡㎥㎜㎝㎞㎏㏕￥¥·×÷±°"


class Record(NamedTuple):
    """What the prepared file says of one character: fields as in glyph.Glyph, place and size of its piece."""

    code: int
    advance: int
    lsb: int
    points: int
    contours: int
    length: int
    adler: int
    checksum: int
    at: int
    size: int


class _Shelf:
    """One prepared file, mapped: records sorted by character, and the pieces that they point into."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._data[:8] != _MAGIC:
            raise ValueError("not a prepared face")
        (length,) = struct.unpack_from("<I", self._data, 8)
        self.head = json.loads(self._data[12:12 + length])
        count = self.head["count"]
        self._records = 12 + length + 4 * count
        self._pieces = self._records + _RECORD.size * count
        if len(self._data) != self.head["bytes"] + self._pieces:
            raise ValueError("a prepared face that was cut short")
        self._codes = struct.unpack_from(f"<{count}I", self._data, 12 + length)

    def record(self, code: int) -> Record | None:
        place = bisect_left(self._codes, code)
        if place == len(self._codes) or self._codes[place] != code:
            return None
        return Record(*_RECORD.unpack_from(self._data, self._records + place * _RECORD.size))

    def piece(self, record: Record) -> bytes:
        start = self._pieces + record.at
        return self._data[start:start + record.size]


class _Advances(dict[str, int]):
    """Character → advance, filled as characters are met; to ask for one is to know that it can be printed."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._face = face

    def __missing__(self, char: str) -> int:
        self[char] = advance = self._face.record(char).advance
        return advance


class Face:
    """One prepared face. `advances` in thousandths of an em; asking for a character converts or refuses it."""

    def __init__(self, name: str, folder: Path, sources: tuple[Path, ...]) -> None:
        self.name = name
        self._folder = folder
        self._sources = sources
        self._key = _key(sources)
        self._main = _Shelf(self._file())
        self._found: dict[str, tuple[Record, _Shelf]] = {}
        self._rows: dict[int, _Shelf] = {}
        self.head = self._main.head
        self._far = {code: _FAR + place for place, code in enumerate(self.head["far"])}
        self.advances = _Advances(self)

    def record(self, char: str) -> Record:
        """What is kept of one character. Refusal if no font file has it."""
        return self._look(char)[0]

    def piece(self, char: str) -> tuple[Record, bytes]:
        record, shelf = self._look(char)
        return record, shelf.piece(record)

    def cid(self, char: str) -> int:
        """The number that stands for the character in a PDF: its code, or a place in the private range."""
        code = ord(char)
        return code if code <= 0xFFFF else self._far[code]

    def encoded(self, text: str) -> str:
        """The text in hexadecimal CIDs, four digits a character."""
        data = text.encode("utf-16-be")
        if len(data) == 2 * len(text):
            return data.hex()
        return "".join(f"{self.cid(char):04x}" for char in text)

    def _file(self, row: int | None = None) -> Path:
        return self._folder / (f"{self.name}-{self._key}" + ("" if row is None else f"-{row:x}") + ".face")

    def _look(self, char: str) -> tuple[Record, _Shelf]:
        found = self._found.get(char)
        if found is None:
            self._found[char] = found = self._fetch(char)
        return found

    def _fetch(self, char: str) -> tuple[Record, _Shelf]:
        code = ord(char)
        record, shelf = self._main.record(code), self._main
        if record is None:
            shelf = self._row(code >> 4)
            record = shelf.record(code)
        if record is None or (code > 0xFFFF and code not in self._far):
            raise Refusal(f"「{char if char.isprintable() else '�'}」（U+{code:04X}）字体中没有，不能打印。"
                          "请核对该字，或在设置中指定含有该字的字体文件。")
        return record, shelf

    def _row(self, row: int) -> _Shelf:
        """The sixteen characters around one that the standard set lacks, converted at the first need."""
        if row not in self._rows:
            path = self._file(row)
            shelf = _opened(path)
            if shelf is None:
                _keep(path, _convert(_open_sources(self._sources), range(row << 4, (row + 1) << 4)), {})
                shelf = _Shelf(path)
            self._rows[row] = shelf
        return self._rows[row]


@dataclass(frozen=True)
class Faces:
    """The two faces of the house."""

    song: Face
    hei: Face


def default_cache() -> Path:
    """Where prepared faces are kept: $YEKUO_CACHE, else the user's cache folder."""
    given = os.environ.get("YEKUO_CACHE")
    return Path(given) / "fonts" if given else Path(platformdirs.user_cache_dir("yekuo", False)) / "fonts"


def prepare(cache_dir: Path, step: Step, own: Mapping[str, Path] | None = None,
            characters: frozenset[str] | None = None) -> None:
    """Converts the standard set of both faces into `cache_dir`; nothing to do where it is there already.

    own: "song" or "hei" → a hall's own TrueType or OpenType file; what it lacks is taken from ours.
    characters: another set than the standard one; what is left out is converted when first met. Two processes
    at once: the second waits and finds it done. Raises what `step` raises; nothing half-made stays.
    """
    wanted = {name: sources for name, sources in _sources(own).items()
              if _opened(_path(cache_dir, name, sources)) is None}
    if not wanted:
        return
    from filelock import FileLock  # a prepared cache, which is the rule, does not need it

    cache_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(cache_dir / "fonts.lock"):
        _prepare_missing(cache_dir, wanted, step, sorted(map(ord, characters or standard_characters())))


def faces(cache_dir: Path, own: Mapping[str, Path] | None = None) -> Faces:
    """The prepared faces, prepared now (some ten seconds) if nobody did; the same objects at every call."""
    prepare(cache_dir, _silently, own)
    sources = _sources(own)
    return Faces(_face(SONG, cache_dir, sources[SONG]), _face(HEI, cache_dir, sources[HEI]))


def qt_font_files(cache_dir: Path) -> tuple[Path, ...]:
    """The whole font files of 宋体 and 黑体 for the screen; Qt reads them as they come."""
    return _sources(None)[SONG] + _sources(None)[HEI]


@lru_cache(maxsize=8)
def _face(name: str, folder: Path, sources: tuple[Path, ...]) -> Face:
    return Face(name, folder, sources)


def _silently(done: int, total: int) -> None:
    """Progress that nobody watches."""


def _sources(own: Mapping[str, Path] | None) -> dict[str, tuple[Path, ...]]:
    """Font files by face, the hall's own before ours."""
    ours = {SONG: Path(bundled.serif_path()), HEI: Path(bundled.sans_path())}
    given = own or {}
    return {name: (given[name], path) if name in given else (path,) for name, path in ours.items()}


def _path(folder: Path, name: str, sources: tuple[Path, ...]) -> Path:
    return folder / f"{name}-{_key(sources)}.face"


def _key(sources: tuple[Path, ...]) -> str:
    """Changes whenever the outlines could: our format, the package, a hall's own file."""
    parts = [str(_FORMAT), bundled.__version__]
    parts += [f"{path.name}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in sources[:-1]]
    return hashlib.sha256("|".join([*parts, sources[-1].name]).encode()).hexdigest()[:12]


def _opened(path: Path) -> _Shelf | None:
    """The prepared file, or None where it is missing or damaged and must be made."""
    try:
        return _Shelf(path)
    except (OSError, ValueError, struct.error, KeyError):
        return None


def _prepare_missing(folder: Path, wanted: Mapping[str, tuple[Path, ...]], step: Step,
                     codes: list[int]) -> None:
    total = len(codes) * len(wanted)
    for place, (name, sources) in enumerate(wanted.items()):
        path = _path(folder, name, sources)
        if _opened(path) is None:
            opened = _open_sources(sources)
            done = place * len(codes)
            glyphs = _convert(opened, _counted(codes, lambda n, done=done: step(done + n, total)))  # type: ignore[misc]
            _keep(path, glyphs, {**opened[0].metrics(), "far": _far(opened)})
    step(total, total)


def _counted(codes: list[int], tell: Callable[[int], None]) -> Iterator[int]:
    for place, code in enumerate(codes):
        if place % 64 == 0:
            tell(place)
        yield code


def _open_sources(sources: tuple[Path, ...]) -> list[Outlines]:
    from printing.outlines import Outlines

    return [Outlines(path) for path in sources]


def _convert(sources: list[Outlines], codes: Iterator[int] | range) -> list[Glyph]:
    """The glyphs of those of the characters that one of the sources has, the first that has it."""
    return [next(source for source in sources if code in source).cut(code)
            for code in codes if any(code in source for source in sources)]


def _far(sources: list[Outlines]) -> list[int]:
    """The characters above U+FFFF that the face has, in the order of their private CIDs."""
    codes = {code for source in sources for code in source.codes if code > 0xFFFF}
    return sorted(codes)[:_FAR_ROOM]


def _keep(path: Path, glyphs: list[Glyph], head: Mapping[str, object]) -> None:
    records, at = bytearray(), 0
    for glyph in glyphs:
        records += _RECORD.pack(glyph.code, glyph.advance, glyph.lsb, glyph.points, glyph.contours,
                                glyph.length, glyph.adler, glyph.checksum, at, len(glyph.deflated))
        at += len(glyph.deflated)
    told = json.dumps({**head, "count": len(glyphs), "bytes": at}).encode()
    codes = struct.pack(f"<{len(glyphs)}I", *(glyph.code for glyph in glyphs))
    body = b"".join(glyph.deflated for glyph in glyphs)
    atomic_write(path, _MAGIC + struct.pack("<I", len(told)) + told + codes + bytes(records) + body)


def standard_characters() -> frozenset[str]:
    """What is converted ahead: GB 2312 without foreign letters, Latin-1, signs, and all our texts hold."""
    rows = [0xA1, 0xA2, 0xA3, 0xA6, *range(0xB0, 0xF8)]
    national = (bytes((high, low)).decode("gb2312", "ignore") for high in rows for low in range(0xA1, 0xFF))
    western = map(chr, (*range(0x20, 0x7F), *range(0xA1, 0x100)))
    chars = {*filter(None, national), *western, *_SIGNS, *_our_characters()}
    printable = {char for char in chars if char.isprintable()}
    return frozenset(printable | {"\u00a0", "\u3000"})


def _our_characters() -> set[str]:
    texts = (file for kind in ("*.txt", "*.toml") for file in Path(__file__).parent.rglob(kind))
    return {char for file in texts for char in file.read_text("utf-8")}
