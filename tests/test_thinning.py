"""The backups' contents: one goes when the last that names it is gone, not a moment earlier, kill or no kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_filing import jpeg
from trade import accepted_case

from desktop.domain.attachment import digest
from desktop.usecases.drafting import drop_draft, save_draft
from desktop.usecases.file_keeping import get_content, kept, place_of, put_content, unneeded
from desktop.usecases.filing import check_files, drop_orphans, file_in, files_of, keep_file
from desktop.usecases.safekeeping import BACKUPS, back_up, backups, restore, window_lock


def held(folder: Path) -> set[str]:
    return {path.name for path in kept(folder)}


def backup(hall: Any) -> Any:
    return back_up(hall.folder, "asked", hall.now)


def let_go(hall: Any, clock: Any) -> None:
    """The form was thrown away days ago, and the hall's own folder swept."""
    drop_draft(hall, "d1")
    for path in kept(hall.folder):
        os.utime(path, (hall.now.timestamp(),) * 2)
    clock.forward(days=3)
    drop_orphans(hall)


def test_what_only_a_kept_backup_names_stays_until_that_backup_is_gone(hall: Any, clock: Any) -> None:
    number = accepted_case(hall).case_number
    file_in(hall, number, "M03", jpeg("deed"), "产权证.jpg")
    sha, name = keep_file(hall, jpeg("draft"), "草稿.jpg")
    save_draft(hall, "d1", "intake", {"files": {"M03": [[sha, name]]}})
    first = backup(hall)
    let_go(hall, clock)
    assert held(hall.folder) == {digest(jpeg("deed"))}
    backup(hall)
    assert held(hall.folder / BACKUPS) == {digest(jpeg("deed")), sha}  # a return to the first finds its draft whole
    first.path.unlink()
    backup(hall)
    assert held(hall.folder / BACKUPS) == {digest(jpeg("deed"))}


def test_a_file_taken_off_its_paper_stays_for_the_log_names_it(hall: Any, clock: Any) -> None:
    from desktop.usecases.filing import take_off

    number = accepted_case(hall).case_number
    file_in(hall, number, "M03", jpeg("deed"), "产权证.jpg")
    take_off(hall, number, files_of(hall, number)[0].id, "放错")
    place_of(hall.folder, digest(jpeg("deed"))).unlink()  # even where it is gone behind our back
    put_content(hall.folder / BACKUPS, jpeg("deed"))
    clock.forward(days=30)
    backup(hall)
    assert held(hall.folder / BACKUPS) == {digest(jpeg("deed"))}


def test_nothing_goes_while_one_database_cannot_be_asked(hall: Any) -> None:
    lone = put_content(hall.folder / BACKUPS, jpeg("lone"))
    assert unneeded(hall.folder, hall.folder / BACKUPS) == {lone}
    (hall.folder / BACKUPS / "hall-20250101-080000-asked.db").write_bytes(b"damaged, and perhaps the one that names it")
    assert unneeded(hall.folder, hall.folder / BACKUPS) == frozenset()


def test_what_a_database_names_that_was_set_aside_at_a_restore_stays(hall: Any, clock: Any, desk_at: Any) -> None:
    first = backup(hall)
    number = accepted_case(hall).case_number
    file_in(hall, number, "M03", jpeg("deed"), "产权证.jpg")
    backup(hall)
    hall.db.close()
    aside = restore(first.path, hall.folder, hall.now).kept
    again = desk_at(hall.folder)
    os.utime(place_of(hall.folder, digest(jpeg("deed"))), (hall.now.timestamp(),) * 2)
    for old in backups(hall.folder):
        old.path.unlink()
    clock.forward(days=3)
    assert check_files(again).orphans == (digest(jpeg("deed")),) and drop_orphans(again) == 0
    back_up(again.folder, "asked", again.now)
    assert held(again.folder / BACKUPS) == {digest(jpeg("deed"))}
    aside.unlink()
    assert drop_orphans(again) == 1
    for old in backups(again.folder):
        old.path.unlink()
    back_up(again.folder, "asked", again.now)
    assert held(again.folder / BACKUPS) == set()


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from desktop.usecases import safekeeping

left = [int(sys.argv[2])]
unlink = Path.unlink

def until_killed(path, missing_ok=False):
    if len(path.name) == 64:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    unlink(path, missing_ok=missing_ok)

Path.unlink = until_killed
safekeeping.back_up(Path(sys.argv[1]), "asked", datetime(2026, 11, 23, 9, 5))
"""


@pytest.mark.parametrize("after", [0, 1, 3])
def test_killed_in_the_middle_nothing_that_is_needed_is_gone_and_the_next_goes_on(hall: Any, after: int) -> None:
    number = accepted_case(hall).case_number
    needed = {file_in(hall, number, "M03", jpeg(f"page {page}"), "页.jpg").sha256 for page in range(4)}
    lone = {put_content(hall.folder / BACKUPS, jpeg(f"lone {page}")) for page in range(5)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(hall.folder), str(after)], check=False,
                          cwd=Path(__file__).parents[1])
    assert done.returncode == -signal.SIGKILL
    there = held(hall.folder / BACKUPS)
    assert needed <= there and len(there & lone) == 5 - after
    backup(hall)
    assert held(hall.folder / BACKUPS) == needed
    assert all(get_content(hall.folder / BACKUPS, sha256) for sha256 in needed)


CUT = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from desktop.catalog.release import load_catalog
from desktop.usecases import filing
from desktop.usecases.safekeeping import open_desk
from desktop.usecases.staffing import clerks

where, folder, number, scan = sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
desk = open_desk(folder, lambda: datetime(2026, 11, 23, 9, 5))
desk = desk.served_by(clerks(desk)[0])

def killed(*_given, **_said):
    os.kill(os.getpid(), signal.SIGKILL)

if where == "file":
    os.replace = killed
else:
    filing.attach = killed
filing.file_in(desk, number, "M03", scan.read_bytes(), scan.name)
"""


@pytest.mark.parametrize(("where", "left"), [("file", 0), ("row", 1)])
def test_killed_between_the_file_and_its_row_nothing_is_half_there(
        hall: Any, tmp_path: Path, where: str, left: int) -> None:
    number = accepted_case(hall).case_number
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(jpeg("page"))
    done = subprocess.run([sys.executable, "-c", CUT, where, str(hall.folder), number, str(scan)], check=False,
                          cwd=Path(__file__).parents[1])
    assert done.returncode == -signal.SIGKILL
    assert files_of(hall, number) == () and len(check_files(hall).orphans) == left
    with window_lock(hall.folder):  # the next start sweeps what was half written
        assert [path for path in (hall.folder / "files").rglob(".yekuo-*") if path.is_file()] == []
    assert file_in(hall, number, "M03", scan.read_bytes(), scan.name).told == ""
    assert len(files_of(hall, number)) == 1 and check_files(hall).is_well
