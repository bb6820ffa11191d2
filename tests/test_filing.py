"""Files handed in: kept once by their content, told by their bytes, whole or absent, in every backup."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trade import accepted_case, application

from desktop.domain.attachment import (
    JPEG,
    MOST_BYTES,
    PDF,
    PNG,
    digest,
    kind_of,
    meant_by,
    refuse_unfit,
    shown_name,
)
from desktop.errors import Refusal, Trouble
from desktop.usecases.casework import record
from desktop.usecases.drafting import save_draft
from desktop.usecases.file_keeping import get_content, kept, mirror, place_of, put_content
from desktop.usecases.filing import (
    check_files,
    drop_orphans,
    file_from,
    file_in,
    files_of,
    keep_file,
    look_in,
    read_file,
    take_off,
)
from desktop.usecases.intake import MaterialMark, accept
from desktop.usecases.safekeeping import BACKUPS, back_up, restore
from desktop.usecases.timing import slot_of


def jpeg(words: str = "one") -> bytes:
    """What begins and ends as a picture does."""
    return b"\xff\xd8\xff\xe0" + words.encode().ljust(200, b".") + b"\xff\xd9"


contents = st.binary(min_size=1, max_size=2000)


@given(st.lists(contents, max_size=8))
def test_each_content_is_kept_once_and_comes_back_as_it_was(
        tmp_path_factory: pytest.TempPathFactory, given_contents: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("store")
    names = [put_content(folder, content) for content in given_contents]
    assert names == [digest(content) for content in given_contents]
    assert sorted(path.name for path in kept(folder)) == sorted({*names})
    assert [get_content(folder, name) for name in names] == given_contents


@given(contents, st.integers(0, 10**6), st.integers(1, 255))
def test_a_single_changed_byte_is_noticed_and_a_second_keeping_heals_it(
        tmp_path_factory: pytest.TempPathFactory, content: bytes, where: int, flip: int) -> None:
    folder = tmp_path_factory.mktemp("store")
    name = put_content(folder, content)
    spoilt = bytearray(content)
    spoilt[where % len(content)] ^= flip
    place_of(folder, name).write_bytes(bytes(spoilt))
    with pytest.raises(Trouble, match="损坏"):
        get_content(folder, name)
    assert put_content(folder, content) == name and get_content(folder, name) == content


@given(st.lists(contents, max_size=6), st.lists(contents, max_size=6))
def test_mirroring_brings_what_is_lacking_and_takes_nothing_away(
        tmp_path_factory: pytest.TempPathFactory, here: list[bytes], there: list[bytes]) -> None:
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("target")
    ours, theirs = {put_content(source, each) for each in here}, {put_content(target, each) for each in there}
    assert mirror(source, target) == len(ours - theirs)
    assert {path.name for path in kept(target)} == ours | theirs
    assert mirror(source, target) == 0


@given(st.text(max_size=300))
def test_any_name_is_kept_as_one_short_line(name: str) -> None:
    shown = shown_name(name)
    assert 0 < len(shown) <= 120 and shown.isprintable() and "/" not in shown


@pytest.mark.parametrize(("name", "meant"), [
    ("YK202611230001-M03.jpg", ("YK202611230001", "M03")), ("yk202611230001_m03(2).JPG", ("YK202611230001", "M03")),
    ("扫描 YK202611230001 M12.pdf", ("YK202611230001", "M12")), ("IMG_0001.jpg", None),
    ("YK202611230001.jpg", None), ("YK202611230001-M0345.jpg", None)])
def test_a_name_may_say_case_and_paper(name: str, meant: Any) -> None:
    assert meant_by(name) == meant


@pytest.mark.parametrize(("content", "word"), [
    (b"", "没有传完"), (b"PK\x03\x04" + bytes(100), "另存为 PDF"), (b"II*\x00" + bytes(100), "TIFF"),
    (b"\x00\x00\x00\x18ftypheic" + bytes(100), "HEIC"), (b"hello" * 50, "不是图片"),
    (jpeg()[:-2], "不完整"), (b"%PDF-1.7" + bytes(100), "不完整"), (jpeg() + bytes(MOST_BYTES), "超过 20 MB"),
])
def test_what_is_not_taken_in_says_what_to_do(content: bytes, word: str) -> None:
    with pytest.raises(Refusal, match=word):
        refuse_unfit(content, "甲.jpg")


def test_a_file_is_told_by_its_bytes_not_by_its_name() -> None:
    assert kind_of(jpeg()) == JPEG and kind_of(b"\x89PNG\r\n\x1a\n") == PNG and kind_of(b"%PDF-1.4") == PDF
    assert kind_of(b"MZ\x90") is None


# --- in a hall


def test_the_same_picture_in_another_case_is_told_and_kept_once(hall: Any) -> None:
    first = accepted_case(hall).case_number
    second = accepted_case(hall, usage_address="共和县恰卜恰镇城北新区 3 号").case_number
    third = accepted_case(hall, customer_name="演练丁", customer_id_kind="身份证",
                          customer_id="11010519491231002X").case_number
    assert file_in(hall, first, "M03", jpeg(), "一.jpg").told == ""
    assert file_in(hall, second, "M03", jpeg(), "二.jpg").told.endswith("是同一份。")
    assert "另一位客户" in file_in(hall, third, "M03", jpeg(), "三.jpg").told
    assert len(list(kept(hall.folder))) == 1


def test_a_refused_file_leaves_nothing_behind(hall: Any) -> None:
    number = accepted_case(hall).case_number
    with pytest.raises(Refusal):
        file_in(hall, number, "M03", b"hello" * 50, "甲.txt")
    with pytest.raises(Refusal, match="没有编号"):
        file_in(hall, "YK209901010001", "M03", jpeg(), "甲.jpg")
    assert files_of(hall, number) == ()


def test_an_ended_case_takes_no_file_but_the_proof_of_a_pause(hall: Any) -> None:
    number = accepted_case(hall).case_number
    record(hall, number, "S04", "ended", {"reason": "客户撤销"})
    with pytest.raises(Refusal, match="终止，不能再放入文件：客户再来办的，请用“用作新件”"):
        file_in(hall, number, "M03", jpeg(), "一.jpg")
    assert files_of(hall, number) == () and list(kept(hall.folder)) == []
    assert file_in(hall, number, slot_of(3), jpeg(), "暂停申请.jpg").added


def test_the_scanners_folder_is_read_by_name_and_by_age(hall: Any, tmp_path: Path) -> None:
    number = accepted_case(hall).case_number
    for name, age in ((f"{number}-M03.jpg", 10), ("IMG_1.jpg", 5), ("notes.txt", 1)):
        (tmp_path / name).write_bytes(jpeg(name))
        os.utime(tmp_path / name, (10**9 - age, 10**9 - age))
    found = look_in(tmp_path)
    assert [(each.path.name, bool(each.meant)) for each in found] == [(f"{number}-M03.jpg", True), ("IMG_1.jpg", False)]
    assert [each.path.name for each in look_in(tmp_path, 10**9 - 7)] == ["IMG_1.jpg"]
    assert file_from(hall, found[0]).added and files_of(hall, number)[0].slot == "M03"
    with pytest.raises(Refusal, match="文件名没有写明"):
        file_from(hall, found[1])
    with pytest.raises(Trouble, match="打不开"):
        look_in(tmp_path / "gone")
    with pytest.raises(Trouble, match="读不出来"):
        read_file(tmp_path / "gone.jpg")


def test_files_of_a_form_come_with_its_case_and_are_no_orphans_before(hall: Any) -> None:
    sha, name = keep_file(hall, jpeg("draft"), "产权证.jpg")
    save_draft(hall, "d1", "intake", {"files": {"M03": [[sha, name]]}})
    assert check_files(hall).orphans == ()
    form = application(hall)
    marks = dict(form.materials) | {"M03": MaterialMark("已收", files=((sha, name), (sha, name)))}
    number = accept(hall, type(form)(form.kind, form.answers, marks)).case_number
    assert [(file.slot, file.name) for file in files_of(hall, number)] == [("M03", "产权证.jpg")]


def test_the_check_names_what_is_missing_damaged_or_nobodys(hall: Any, clock: Any) -> None:
    number = accepted_case(hall).case_number
    for words, slot in (("one", "M03"), ("two", "M01"), ("three", "M02")):
        file_in(hall, number, slot, jpeg(words), f"{words}.jpg")
    lone = put_content(hall.folder, jpeg("lone"))
    place_of(hall.folder, digest(jpeg("one"))).unlink()
    place_of(hall.folder, digest(jpeg("two"))).write_bytes(b"spoilt")
    found = check_files(hall)
    assert found.missing == (f"工单 {number} 的“产权（用地）证明”",)
    assert len(found.damaged) == 1 and found.orphans == (lone,) and not found.is_well
    os.utime(place_of(hall.folder, lone), (hall.now.timestamp(),) * 2)
    assert drop_orphans(hall) == 0  # somebody may be filling the form that it belongs to
    clock.at = datetime(2026, 11, 23, 9) + timedelta(days=3)
    assert drop_orphans(hall) == 1 and check_files(hall).orphans == ()


def test_a_file_taken_off_stays_in_the_log_and_on_the_disk(hall: Any) -> None:
    number = accepted_case(hall).case_number
    file_in(hall, number, "M03", jpeg(), "一.jpg")
    (file,) = files_of(hall, number)
    with pytest.raises(Refusal, match="原因"):
        take_off(hall, number, file.id, " ")
    take_off(hall, number, file.id, "扫描不清，重扫")
    assert files_of(hall, number) == () and get_content(hall.folder, file.sha256) == jpeg()


def test_a_backup_holds_the_files_and_going_back_brings_them(hall: Any) -> None:
    number = accepted_case(hall).case_number
    file_in(hall, number, "M03", jpeg(), "一.jpg")
    made = back_up(hall.folder, "asked", hall.now)
    back_up(hall.folder, "asked", hall.now)
    assert len(list(kept(hall.folder / BACKUPS))) == 1
    place_of(hall.folder, digest(jpeg())).unlink()
    hall.db.close()
    restore(made.path, hall.folder, hall.now)
    assert get_content(hall.folder, digest(jpeg())) == jpeg()


def test_a_backup_never_takes_a_damaged_content_for_a_good_one(hall: Any) -> None:
    number = accepted_case(hall).case_number
    file_in(hall, number, "M03", jpeg(), "一.jpg")
    place_of(hall.folder, digest(jpeg())).write_bytes(b"spoilt")
    back_up(hall.folder, "asked", hall.now)
    assert list(kept(hall.folder / BACKUPS)) == []
