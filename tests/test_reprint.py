"""A counter form printed again says so on every page; the kept bytes stay what they were."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from trade import accepted_case

from desktop.usecases.papering import note_print, paper_bytes, print_bytes
from printing.form_paper import form_pdf, forms
from printing.raster import page_count, page_sizes, page_text
from printing.reprint import reprinted

AT = datetime(2026, 11, 24, 10, 30)


def test_every_page_of_a_second_print_says_so(fonts: Any) -> None:
    kept = form_pdf("receipt", forms()["receipt"].samples() | {
        "materials": [{"name": f"资料 {n}", "state": "已收", "due": "", "supplier": "客户"} for n in range(40)]},
        fonts, AT)
    again = reprinted(kept, 2, fonts, AT)
    assert page_count(kept) == page_count(again) == 2 and page_sizes(kept) == page_sizes(again)
    for before, after in zip(page_text(kept), page_text(again), strict=True):
        assert "补打" not in before and "补打" in after and "第 2 次打印" in after
        assert all(line in after for line in before.split("\r\n"))


def test_the_first_print_is_the_kept_paper_and_the_next_ones_are_counted(hall: Any) -> None:
    paper = accepted_case(hall).papers[0]
    kept = paper_bytes(hall, paper.id)
    assert print_bytes(hall, paper.id) == kept
    note_print(hall, paper.id, "大厅一号")
    second = print_bytes(hall, paper.id)
    assert "第 2 次打印" in "".join(page_text(second)) and paper_bytes(hall, paper.id) == kept
    note_print(hall, paper.id, "大厅一号")
    assert "第 3 次打印" in "".join(page_text(print_bytes(hall, paper.id)))
