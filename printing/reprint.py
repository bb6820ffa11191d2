"""A kept paper printed again: the kept pages as they are, each with a framed word over its head that says so."""

from __future__ import annotations

import io
from datetime import datetime

import pypdfium2 as pdfium

from printing.fonts import Faces
from printing.page import Paper


def reprinted(pdf: bytes, count: int, faces: Faces, at: datetime) -> bytes:
    """The kept pages marked 补打 with the number of this print (2 and up) and its moment; `pdf` itself stays."""
    paper = Paper(faces, "补打", at)
    paper.stamp(f"补打　第 {count} 次打印　{at:%Y-%m-%d %H:%M}")
    document, mark = pdfium.PdfDocument(pdf), pdfium.PdfDocument(paper.finished())
    try:
        laid = mark.page_as_xobject(0, document)
        for number in range(len(document)):
            page = document[number]
            page.insert_obj(laid.as_pageobject())
            page.gen_content()
            page.close()
        made = io.BytesIO()
        document.save(made)
        return made.getvalue()
    finally:
        mark.close()
        document.close()
