"""A file handed in as pictures on the screen: thumbnails and pages. What cannot be drawn is told, never a crash."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter

from desktop.domain.attachment import PDF
from desktop.errors import Trouble

MOST_PAGES = 30  # of a customer's PDF; more are counted and not drawn
POINTS = 72  # in an inch
TALLEST = 6  # times its width
ADVICE = "文件可能已损坏，请重新扫描后放入；原件仍按放入时的样子留着。"


def thumbnail(content: bytes, kind: str, side: int) -> QImage:
    """The picture, or a PDF's first page, within a square of `side` points. Raises Trouble."""
    drawn = _pdf_pages(content, side, 1)[0] if kind == PDF else _image(content, side)
    return drawn.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


def pages(content: bytes, kind: str, wide: int) -> list[QImage]:
    """The picture, or a PDF's first pages, `wide` points across. Raises Trouble."""
    return _pdf_pages(content, wide, MOST_PAGES) if kind == PDF else [_image(content, wide)]


def more_pages(content: bytes, kind: str) -> int:
    """How many pages a PDF has beyond those that are drawn."""
    from printing.raster import page_count

    return max(0, page_count(content) - MOST_PAGES) if kind == PDF else 0


def _image(content: bytes, wide: int) -> QImage:
    """The picture, never larger than `wide` across: a scan of 600 dpi need not be held whole."""
    data = QByteArray(content)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and size.width() > wide:
        reader.setScaledSize(QSize(wide, max(1, size.height() * wide // size.width())))
    drawn = reader.read()
    if drawn.isNull():
        raise Trouble("这张图片打不开。", ADVICE)
    return drawn


def _pdf_pages(content: bytes, wide: int, most: int) -> list[QImage]:
    """The first pages, each `wide` points across however large its sheet, a long one no taller than TALLEST of it."""
    from pypdfium2 import PdfiumError

    from printing.raster import page, page_sizes

    try:
        drawn = [page(content, number, min(wide * POINTS / across, TALLEST * wide * POINTS / down))
                 for number, (across, down) in enumerate(page_sizes(content)[:most])]
    except PdfiumError as error:
        raise Trouble("这份 PDF 打不开，可能已损坏或设了密码。", ADVICE) from error
    if not drawn:
        raise Trouble("这份 PDF 一页也没有。", ADVICE)
    return [QImage(each.pixels, each.width, each.height, each.stride, QImage.Format.Format_RGB32).copy()
            for each in drawn]


def as_png(picture: QImage) -> bytes:
    """A picture without a file, as from the clipboard, as a file's content."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(data.data())
