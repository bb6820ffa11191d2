"""A file is whole or absent, whatever the disk does."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.errors import Trouble
from printing import writing
from printing.writing import atomic_file, atomic_write, replace_with_retry, sweep


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "合同.pdf"
    atomic_write(target, b"x" * 100_000)
    assert target.read_bytes() == b"x" * 100_000
    assert names(tmp_path) == ["合同.pdf"]


@pytest.mark.skipif(os.name != "posix", reason="rights of this kind are POSIX")
def test_a_private_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    atomic_write(tmp_path / "a", b"1", private=True)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="rights of this kind are POSIX")
def test_a_plain_file_has_the_rights_that_the_user_gives_to_his_files(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    atomic_write(tmp_path / "a", b"1")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.skipif(os.name != "posix", reason="a limit on file size stands for the full disk")
def test_a_disk_that_fills_keeps_the_old_file_and_says_so(tmp_path: Path) -> None:
    target = tmp_path / "old.pdf"
    target.write_bytes(b"good")
    script = (
        "import resource, signal, sys; from pathlib import Path; from printing.writing import atomic_write\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "from desktop.errors import Trouble\n"
        "try: atomic_write(Path(sys.argv[1]), b'y' * 100_000)\n"
        "except Trouble as told: print(told.saved, '磁盘已满' in told.sentence)\n"
    )
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run([sys.executable, "-c", script, str(target)], capture_output=True, text=True,
                         check=True, cwd=Path(__file__).parent.parent, env=env)
    assert ran.stdout.split() == ["False", "True"]
    assert target.read_bytes() == b"good"
    assert names(tmp_path) == ["old.pdf"]


def test_a_folder_that_is_not_there_is_named_as_the_reason(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="文件夹不存在") as told:
        atomic_write(tmp_path / "no" / "a.pdf", b"1")
    assert told.value.saved is False


def test_a_folder_in_place_of_the_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(Trouble):
        atomic_write(tmp_path / "a.pdf", b"1")
    assert names(tmp_path) == ["a.pdf"]


def test_a_job_cancelled_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "清单.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), atomic_file(target) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["清单.xlsx"]


def test_a_scanner_that_lets_go_within_its_time_costs_nothing(tmp_path: Path,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    move = os.replace

    def held(source: Path, target: Path) -> None:
        if len(pauses) < 3:
            error = PermissionError(13, "held")
            error.winerror = 32  # type: ignore[attr-defined]
            raise error
        move(source, target)

    monkeypatch.setattr(writing.os, "replace", held)
    (tmp_path / "new").write_bytes(b"1")
    replace_with_retry(tmp_path / "new", tmp_path / "a", pause=pauses.append)
    assert (tmp_path / "a").read_bytes() == b"1"
    assert pauses == sorted(pauses) and sum(pauses) < 2.5


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / f"{writing.MARK}0123.tmp").write_bytes(b"half")
    (tmp_path / "合同.pdf").write_bytes(b"whole")
    assert sweep(tmp_path) == 1
    assert names(tmp_path) == ["合同.pdf"]
