"""A file handed in as proof: what it is by its own bytes, how large it may be, which case and paper its name means.

A file is told by its first bytes, never by its name: what a phone calls .jpg may be anything.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from desktop.errors import Refusal

MOST_BYTES = 20 * 1024 * 1024
LEAST_BYTES = 64  # shorter is no picture, but what a failed copy leaves
LONGEST_NAME = 120
JPEG, PNG, BMP, PDF = "image/jpeg", "image/png", "image/bmp", "application/pdf"
_STARTS = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF), (b"BM", BMP))
_FOREIGN = (
    (b"PK\x03\x04", "是 Word、Excel 或压缩文件，请另存为 PDF 后再放进来"),
    (b"\xd0\xcf\x11\xe0", "是旧版 Word 或 Excel 文件，请另存为 PDF 后再放进来"),
    (b"II*\x00", "是 TIFF 图片，请在高拍仪里改存为 JPG 或 PDF"),
    (b"MM\x00*", "是 TIFF 图片，请在高拍仪里改存为 JPG 或 PDF"),
    (b"GIF8", "是 GIF 动图，请改存为 JPG 或 PDF"), (b"RIFF", "是 WebP 图片或音视频，请改存为 JPG 或 PDF"),
)
_NAMED = re.compile(r"(?P<case>YK\d{12})[-_ #]+(?P<code>[A-Za-z]\d{2,3})(?![0-9A-Za-z])", re.IGNORECASE)
SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".pdf")


class Named(NamedTuple):
    """The case and the paper that a file's name means."""

    case_number: str
    code: str


def digest(content: bytes) -> str:
    """The name of a content: its sha256 in lower-case hexadecimal, 64 letters."""
    return hashlib.sha256(content).hexdigest()


def kind_of(content: bytes) -> str | None:
    """The media type that the content's own first bytes tell; None for what is not taken in."""
    return next((kind for start, kind in _STARTS if content.startswith(start)), None)


def is_whole(content: bytes, kind: str) -> bool:
    """Whether the content ends as its kind does: a copy that was cut off does not."""
    tail = content[-2048:]
    if kind == JPEG:
        return b"\xff\xd9" in tail
    if kind == PNG:
        return b"IEND" in tail
    if kind == BMP:
        return int.from_bytes(content[2:6], "little") <= len(content)
    return b"%%EOF" in tail


def refuse_unfit(content: bytes, name: str) -> str:
    """The media type of a content that may be kept; Refusal says what is wrong with it and what to do."""
    if len(content) > MOST_BYTES:
        raise Refusal(f"“{name}”有 {len(content) / 1024 / 1024:.1f} MB，超过 {MOST_BYTES // 1024 // 1024} MB。"
                      "请降低扫描分辨率（200 至 300 dpi 即可）后重新扫描。", "file")
    if len(content) < LEAST_BYTES:
        raise Refusal(f"“{name}”是空文件或没有传完，请重新扫描。", "file")
    kind = kind_of(content)
    if kind is None:
        raise Refusal(f"“{name}”{_foreign(content)}。收 JPG、PNG、BMP 图片和 PDF。", "file")
    if not is_whole(content, kind):
        raise Refusal(f"“{name}”不完整，可能还没有传完或已损坏。请稍候再放一次，或重新扫描。", "file")
    return kind


def _foreign(content: bytes) -> str:
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"msf1"):
        return "是苹果手机的 HEIC 图片，请在手机“相机 → 格式”里选“兼容性最佳”，或改存为 JPG"
    return next((why for start, why in _FOREIGN if content.startswith(start)), "不是图片，也不是 PDF")


def meant_by(name: str) -> Named | None:
    """The case and paper of a name such as YK202611230001-M03.jpg or YK202611230001_m03(2).jpg, or None."""
    found = _NAMED.search(name)
    return Named(found["case"].upper(), found["code"].upper()) if found else None


def shown_name(name: str) -> str:
    """A file's name as it is kept: one line, without path or control characters, not too long."""
    plain = "".join(ch for ch in name.replace("\\", "/").rsplit("/", 1)[-1] if ch.isprintable()).strip()
    stem, dot, suffix = plain.rpartition(".")
    if len(plain) > LONGEST_NAME and dot and len(suffix) <= 5:
        return f"{stem[:LONGEST_NAME - len(suffix) - 2]}….{suffix}"
    return plain[:LONGEST_NAME] or "未命名"
