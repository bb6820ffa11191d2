"""The faces: prepared once, completed when a rare character comes, honest about what no font has."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from desktop.errors import Refusal, Trouble
from printing import fonts
from printing.fonts import Face, default_cache, faces, prepare, qt_font_files, standard_characters
from printing.glyph import joined_adler

FEW = frozenset("供用电合同0123456789，。")


def silent(done: int, total: int) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def _few_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("few")
    prepare(folder, silent, characters=FEW)
    return folder


@pytest.fixture
def few(_few_folder: Path, tmp_path: Path) -> Path:
    """Faces of a few characters, prepared once: each test has a copy to spoil."""
    return Path(shutil.copytree(_few_folder, tmp_path / "few"))


def square_font(path: Path) -> Path:
    """A font of a hall's own: one character, 一, a square on a grid of 2048."""
    pen = TTGlyphPen(None)
    for place, point in enumerate([(0, 0), (0, 2048), (2048, 2048), (2048, 0)]):
        (pen.lineTo if place else pen.moveTo)(point)
    pen.closePath()
    builder = FontBuilder(2048, isTTF=True)
    builder.setupGlyphOrder([".notdef", "one"])
    builder.setupCharacterMap({0x4E00: "one"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "one": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (2048, 0), "one": (2048, 0)})
    builder.setupHorizontalHeader(ascent=1800, descent=-248)
    builder.setupNameTable({"familyName": "Hall", "styleName": "Regular", "psName": "Hall-Regular"})
    builder.setupPost()
    builder.save(path)
    return path


def test_the_standard_set_holds_both_levels_of_the_national_standard_and_ascii() -> None:
    standard = standard_characters()
    assert set("啊龇鼢一供电·（）“”％℃①") | set(map(chr, range(0x20, 0x7F))) <= standard
    assert sum("\u4e00" <= char <= "\u9fff" for char in standard) >= 6763


def test_a_prepared_cache_is_left_alone(font_folder: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in font_folder.glob("*.face")}
    steps: list[tuple[int, int]] = []
    prepare(font_folder, lambda done, total: steps.append((done, total)))
    assert steps == []
    assert before == {file: file.stat().st_mtime_ns for file in font_folder.glob("*.face") if file in before}


def test_preparing_tells_how_far_it_is_and_ends_at_the_whole(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    prepare(tmp_path, lambda done, total: steps.append((done, total)), characters=FEW)
    assert steps == sorted(steps) and steps[-1] == (2 * len(FEW), 2 * len(FEW))


def test_preparing_that_is_cancelled_leaves_nothing_and_can_begin_again(tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(tmp_path, cancel, characters=FEW)
    assert list(tmp_path.glob("*.face")) == []
    prepare(tmp_path, silent, characters=FEW)
    assert len(list(tmp_path.glob("*.face"))) == 2


def test_two_processes_that_prepare_at_once_both_end_with_whole_faces(tmp_path: Path) -> None:
    script = (f"from pathlib import Path; from printing.fonts import prepare, faces\n"
              f"prepare(Path({str(tmp_path)!r}), lambda a, b: None, characters=frozenset('供用电'))\n"
              f"print(faces(Path({str(tmp_path)!r})).song.advances['电'])")
    root = Path(__file__).parent.parent
    running = [subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE)
               for _ in range(2)]
    told = [process.communicate()[0].strip() for process in running]
    assert told == [b"1000", b"1000"] and len(list(tmp_path.glob("*.face"))) == 2


@pytest.mark.parametrize("harm", [lambda d: d[:-1], lambda d: d[:40], lambda d: b"", lambda d: b"?" + d[1:]])
def test_a_damaged_face_is_made_anew(few: Path, harm: object) -> None:
    whole = {file: file.read_bytes() for file in few.glob("*.face")}
    for file, data in whole.items():
        file.write_bytes(harm(data))  # type: ignore[operator]
    prepare(few, silent, characters=FEW)
    assert len(whole) == 2 and whole == {file: file.read_bytes() for file in few.glob("*.face")}


def test_a_rare_character_is_converted_when_first_met_and_kept(few: Path) -> None:
    for char in "𬭼㛃䶮堃喆犇龘·":
        assert faces(few).song.advances[char] > 0
    kept = {file.name for file in few.glob("song-*-*.face")}
    assert len(kept) == 8
    again = Face("song", few, fonts._sources(None)["song"])
    assert again.piece("𬭼") == faces(few).song.piece("𬭼")


@pytest.mark.parametrize(("char", "number"), [("😀", "U+1F600"), ("\ue000", "U+E000"), ("\u200b", "U+200B"),
                                              ("\ud800", "U+D800")])
def test_a_character_that_no_font_has_is_refused_by_name(font_folder: Path, char: str, number: str) -> None:
    with pytest.raises(Refusal) as told:
        faces(font_folder).hei.advances[char]
    assert number in told.value.sentence and "字体" in told.value.sentence


def test_a_hall_may_print_in_its_own_face_and_lacks_nothing_by_it(tmp_path: Path) -> None:
    own = {"song": square_font(tmp_path / "hall.ttf")}
    prepare(tmp_path, silent, own, FEW)
    prepare(tmp_path, silent, None, FEW)
    with_own, ours = faces(tmp_path, own), faces(tmp_path)
    assert with_own.song.piece("一")[1] != ours.song.piece("一")[1]
    assert with_own.song.record("一").advance == 1000
    assert with_own.song.piece("电")[1] == ours.song.piece("电")[1]
    assert with_own.hei is ours.hei


def test_a_file_that_is_no_font_is_told_in_a_sentence(tmp_path: Path) -> None:
    wrong = tmp_path / "a.ttf"
    wrong.write_text("not a font")
    with pytest.raises(Trouble, match="字体文件"):
        prepare(tmp_path, silent, {"hei": wrong}, FEW)


def test_the_cache_lies_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YEKUO_CACHE", str(tmp_path))
    assert default_cache() == tmp_path / "fonts"
    monkeypatch.delenv("YEKUO_CACHE")
    assert default_cache().parts[-2:] == ("yekuo", "fonts") or "yekuo" in str(default_cache())


def test_the_screen_is_given_two_whole_font_files(tmp_path: Path) -> None:
    assert [file.suffix for file in qt_font_files(tmp_path)] == [".otf", ".otf"]
    assert all(file.stat().st_size > 1_000_000 for file in qt_font_files(tmp_path))


def test_sums_of_two_runs_are_joined_without_the_bytes() -> None:
    first, second = b"\xff" * 70_001, bytes(range(256)) * 300
    assert joined_adler(zlib.adler32(first), zlib.adler32(second), len(second)) == zlib.adler32(first + second)
