"""PDF pages as pictures and as text, by pdfium: for the preview, for the print queue of Windows, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2 as pdfium


@dataclass(frozen=True)
class PageImage:
    """One page: `pixels` holds `height` lines of `stride` bytes, four a pixel: blue, green, red, unused."""

    width: int
    height: int
    stride: int
    pixels: bytes


def pages(pdf: bytes, dpi: float) -> Iterator[PageImage]:
    """Every page at `dpi` dots an inch, one after the other; only one is held at a time."""
    with _opened(pdf) as document:
        for number in range(len(document)):
            yield _drawn(document, number, dpi)


def page(pdf: bytes, number: int, dpi: float) -> PageImage:
    """One page, counted from 0."""
    with _opened(pdf) as document:
        return _drawn(document, number, dpi)


def page_count(pdf: bytes) -> int:
    with _opened(pdf) as document:
        return len(document)


def page_sizes(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Width and height of every page in points."""
    with _opened(pdf) as document:
        return tuple(document.get_page_size(number) for number in range(len(document)))


def page_text(pdf: bytes) -> tuple[str, ...]:
    """What can be selected and searched on each page."""
    with _opened(pdf) as document:
        return tuple(_text(document, number) for number in range(len(document)))


@contextmanager
def _opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    document = pdfium.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def _drawn(document: pdfium.PdfDocument, number: int, dpi: float) -> PageImage:
    leaf = document[number]
    bitmap = leaf.render(scale=dpi / 72, prefer_bgrx=True, rev_byteorder=False)
    try:
        return PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    finally:
        bitmap.close()
        leaf.close()


def _text(document: pdfium.PdfDocument, number: int) -> str:
    leaf = document[number]
    words = leaf.get_textpage()
    try:
        return str(words.get_text_range())
    finally:
        words.close()
        leaf.close()
