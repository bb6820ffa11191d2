"""The same picture in other bytes is told: packed again, made smaller, turned; two pages of one form are two."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from test_filing import jpeg
from trade import accepted_case

from desktop.devices.practice_camera import desk_with_page
from desktop.usecases.filing import file_in, files_of
from printing.likeness import small, turned_by


def packed(picture: Image.Image, quality: int = 90, kind: str = "JPEG") -> bytes:
    kept = io.BytesIO()
    picture.save(kept, kind, quality=quality)
    return kept.getvalue()


PAGE = desk_with_page(1, (1600, 1200))
FIRST = packed(PAGE)


@pytest.mark.parametrize(("content", "turn"), [
    (packed(PAGE, 55), 0), (packed(PAGE.resize((800, 600))), 0), (packed(PAGE, kind="PNG"), 0),
    (packed(PAGE.rotate(90, expand=True)), 270), (packed(PAGE.rotate(180), 70), 180)])
def test_a_picture_packed_again_made_smaller_or_turned_is_the_same(content: bytes, turn: int) -> None:
    one, other = small(FIRST), small(content)
    assert one is not None and other is not None and content != FIRST and turned_by(one, other) == turn


@pytest.mark.parametrize("page", [2, 3, 4, 5, 9, 101])
def test_another_page_of_the_same_form_is_another_picture(page: int) -> None:
    one, other = small(FIRST), small(packed(desk_with_page(page, (1600, 1200))))
    assert one is not None and other is not None and turned_by(one, other) is None


def test_what_is_no_picture_is_like_nothing() -> None:
    assert small(b"%PDF-1.7") is None and small(jpeg()) is None and small(b"") is None


def test_the_clerk_is_told_which_picture_it_is_and_both_are_kept(hall: Any) -> None:
    number = accepted_case(hall).case_number
    assert file_in(hall, number, "M03", FIRST, "一.jpg").told == ""
    again = file_in(hall, number, "M01", packed(PAGE.rotate(90, expand=True)), "二.jpg")
    assert again.added and again.told == (
        "看起来与本工单“产权（用地）证明”里的“一.jpg”是同一张，只是转了方向；已放入，多余的请移出。")
    assert file_in(hall, number, "M01", packed(desk_with_page(2, (1600, 1200))), "三.jpg").told == ""
    assert len(files_of(hall, number)) == 3
