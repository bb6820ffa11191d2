"""Every QR code has four modules of white around it, so that the hall's scanners read it at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pypdfium2 as pdfium
import pytest
import segno
from test_contract_paper import NUMBER, long_contract

from printing.contract_paper import contract_pdf
from printing.form_paper import form_pdf, forms
from printing.hall_paper import Signs, Told, Words, hall_pdf
from printing.page import LEFT, MM, TOP, WIDTH
from printing.raster import page_text

MADE = datetime(2026, 11, 23, 9, 5)
SIDE, SCALE = 19 * MM, 4


def band_is_white(pdf: bytes, code: str) -> bool:
    """Whether nothing stands nearer to the code at the first page's top right than four of its modules."""
    quiet = 4 * SIDE / len(tuple(segno.make(code, error="m", boost_error=False, micro=False).matrix))
    picture = pdfium.PdfDocument(pdf)[0].render(scale=SCALE).to_pil().convert("L")
    left, top, right, foot = LEFT + WIDTH - SIDE, TOP, LEFT + WIDTH, TOP + SIDE
    bands = ((left - quiet, top - quiet, left, foot + quiet), (right, top - quiet, right + quiet, foot + quiet),
             (left, top - quiet, right, top), (left, foot, right, foot + quiet))
    return all(picture.crop(_pixels(band)).getextrema()[0] > 250 for band in bands)


def _pixels(band: tuple[float, ...]) -> tuple[int, int, int, int]:
    a, b, c, d = (round(edge * SCALE) for edge in band)
    return a + 2, b + 2, c - 2, d - 2  # not the blurred edge of the code itself


@pytest.mark.parametrize("name", sorted(forms()))
def test_the_code_of_a_form_has_its_quiet_zone(name: str, fonts: Any) -> None:
    said = forms()[name].samples()
    assert band_is_white(form_pdf(name, said, fonts, MADE), str(said["case_number"]))


def test_the_code_of_a_contract_has_its_quiet_zone(fonts: Any) -> None:
    assert band_is_white(contract_pdf(long_contract(), fonts, MADE), NUMBER)


def test_the_paper_of_progress_bears_its_code_and_whoever_signs_is_named_whole(fonts: Any) -> None:
    name = "示例省电力有限公司示例自治州供电公司示例县供电分公司城区供电营业厅"
    told = Told("用电申请进度", "申请编号 YK202611230001", (Words("您好！"), Signs(((f"交班人：{name}", "日期："),))),
                name, code="YK202611230001")
    pdf = hall_pdf(told, fonts, MADE)
    assert band_is_white(pdf, "YK202611230001")
    assert f"交班人：{name}" in page_text(pdf)[0].replace("\r\n", "")
