"""Backups that were checked, restores that keep the old file, damage that is never written over."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hall_file import NOW, save, saved, spoil, told
from sqlalchemy import insert

from db import backup as copies
from db.clerks import Request
from db.engine import Database
from desktop.errors import Refusal, Trouble
from desktop.usecases import safekeeping

ROOT = Path(__file__).parents[1]



# ---- damage

def test_a_damaged_file_is_not_written_and_the_newest_sound_backup_is_named(folder):
    good = safekeeping.back_up(folder, "asked", NOW)
    newer = safekeeping.back_up(folder, "asked", NOW + timedelta(hours=1))
    spoil(newer.path)
    spoil(folder / "hall.db")
    before = (folder / "hall.db").read_bytes()
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(folder, NOW)
    assert "已损坏" in told(refused)
    assert good.path.name in refused.value.advice
    assert (folder / "hall.db").read_bytes() == before


def test_a_file_whose_head_is_gone_is_damaged_too_and_without_backup_says_so(folder):
    spoil(folder / "hall.db", offset=0, length=200)
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(folder, NOW)
    assert "已损坏" in told(refused)
    assert "没有找到完好的备份" in refused.value.advice


def test_after_an_unclean_end_indexes_are_compared_with_rows_before_anything_is_written(folder):
    """An index that lacks a row passes the quick check; only the thorough one sees it."""
    raw = copies.driver.connect(str(folder / "hall.db"), isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA writable_schema=ON")
    raw.execute("UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master"
                " WHERE name = 'ix_customers_initials') WHERE name = 'ix_entries_what'")
    raw.execute("INSERT INTO requests (id, verb, result, at) VALUES ('x', 'v', '', '2026-11-23 09:00:00')")
    log, shm = (folder / f"hall.db{end}" for end in ("-wal", "-shm"))
    kept = log.read_bytes(), shm.read_bytes()
    main = (folder / "hall.db").read_bytes()
    raw.close()
    (folder / "hall.db").write_bytes(main)
    log.write_bytes(kept[0])
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(folder, NOW)
    assert "已损坏" in told(refused)
    assert log.read_bytes() == kept[0]


def test_after_an_unclean_end_a_sound_file_opens_with_all_that_was_saved(folder):
    database = Database(folder / "hall.db")
    with database.write() as session:
        session.execute(insert(Request).values(id="late", verb="save", result="", at=NOW))
    whole = {end: (folder / f"hall.db{end}").read_bytes() for end in ("", "-wal")}
    database.close()
    for end, content in whole.items():
        (folder / f"hall.db{end}").write_bytes(content)
    assert copies.unfolded(folder / "hall.db")
    database = safekeeping.open_hall(folder, NOW, alone=True)
    database.close()
    assert "late" in saved(folder / "hall.db")


def test_a_log_without_its_file_is_never_replayed_into_a_new_one(folder):
    (folder / "hall.db").unlink()
    (folder / "hall.db-wal").write_bytes(b"the log of a file that is gone")
    safekeeping.open_hall(folder, NOW).close()
    assert [path.read_bytes() for path in folder.glob("*.damaged-wal")] == [b"the log of a file that is gone"]


# ---- backups

def test_a_backup_holds_all_that_was_saved_while_the_hall_is_open(folder):
    database = safekeeping.open_hall(folder, NOW)
    with database.write() as session:
        session.execute(insert(Request).values(id="just now", verb="save", result="", at=NOW))
    kept = safekeeping.back_up(folder, "asked", NOW)
    database.close()
    assert kept.path.name == "hall-20261123-090000-asked.db"
    assert saved(kept.path) == {"first", "second", "third", "just now"}
    assert [path.name for path in kept.path.parent.iterdir()] == [kept.path.name]


def test_nothing_is_backed_up_twice(folder):
    assert safekeeping.back_up_changes(folder, "start", NOW) is not None
    assert safekeeping.back_up_changes(folder, "close", NOW) is None
    save(folder, "fourth")
    assert safekeeping.back_up_changes(folder, "close", NOW) is not None
    assert [kept.why for kept in safekeeping.backups(folder)] == ["关闭", "启动"]


def test_a_hall_in_which_nothing_was_done_yet_needs_no_backup(tmp_path):
    safekeeping.open_hall(tmp_path, NOW).close()
    assert safekeeping.back_up_changes(tmp_path, "start", NOW) is None


def test_closing_the_hall_backs_up_what_changed_since_the_start(folder):
    database = safekeeping.open_hall(folder, NOW)
    with database.write() as session:
        session.execute(insert(Request).values(id="today", verb="save", result="", at=NOW))
    kept = safekeeping.close_hall(database, folder, NOW)
    assert "today" in saved(kept.path)
    assert not copies.unfolded(folder / "hall.db")


def test_a_damaged_newest_backup_does_not_count_as_one(folder):
    spoil(safekeeping.back_up(folder, "asked", NOW).path)
    assert safekeeping.back_up_changes(folder, "close", NOW) is not None


def test_two_backups_of_one_second_are_both_kept(folder):
    first, second = (safekeeping.back_up(folder, "asked", NOW) for _ in range(2))
    assert first.path != second.path
    assert len(safekeeping.backups(folder)) == 2


def test_two_days_and_twelve_dailies_are_kept(folder):
    keep = folder / "backups"
    keep.mkdir()
    for hours in range(0, 24 * 20, 4):
        made = NOW - timedelta(hours=hours)
        (keep / f"hall-{made:%Y%m%d-%H%M%S}-asked.db").write_bytes(b"")
    (keep / "a clerk's own file.db").write_bytes(b"")
    safekeeping.thin(folder, NOW)
    kept = safekeeping.backups(folder)
    near = [view for view in kept if view.made_at >= NOW - timedelta(days=2)]
    old = [view for view in kept if view.made_at < NOW - timedelta(days=2)]
    assert len(near) == 13
    assert len(old) == 12
    assert len({view.made_at.date() for view in old}) == 12
    assert all(view.made_at.hour >= 17 or view.made_at.date() == old[0].made_at.date() for view in old)
    assert (keep / "a clerk's own file.db").exists()


def test_a_backup_that_does_not_fit_on_the_disk_is_told_and_the_old_one_stays(folder):
    safekeeping.back_up(folder, "asked", NOW)
    run = subprocess.run([sys.executable, "-c", TOO_SMALL, str(folder)], cwd=ROOT, capture_output=True, text=True,
                         env={"PYTHONPATH": str(ROOT), "PATH": ""}, timeout=60)
    assert "磁盘已满或读写出错，没有写成。" in run.stdout, run.stderr
    assert [view.made_at for view in safekeeping.backups(folder)] == [NOW]
    assert sorted(path.suffix for path in (folder / "backups").iterdir()) == [".db"]


TOO_SMALL = """
import resource, signal, sys
from datetime import datetime
from pathlib import Path
from desktop.errors import Trouble
from desktop.usecases import safekeeping
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
try:
    safekeeping.back_up(Path(sys.argv[1]), "asked", datetime(2026, 11, 24, 9))
except Trouble as trouble:
    print(trouble)
"""


# ---- restore

def test_a_restore_brings_back_the_backup_and_keeps_the_old_file_aside(folder):
    kept = safekeeping.back_up(folder, "asked", NOW)
    save(folder, "after the backup")
    done = safekeeping.restore(kept.path, folder, NOW)
    assert saved(folder / "hall.db") == {"first", "second", "third"}
    assert done.kept.name == "hall-20261123-090000.db"
    assert "after the backup" in saved(done.kept)


def test_a_restore_keeps_what_the_old_file_had_only_in_its_log(folder):
    kept = safekeeping.back_up(folder, "asked", NOW)
    database = Database(folder / "hall.db")
    with database.write() as session:
        session.execute(insert(Request).values(id="in the log", verb="save", result="", at=NOW))
    whole = {end: (folder / f"hall.db{end}").read_bytes() for end in ("", "-wal")}
    database.close()
    for end, content in whole.items():
        (folder / f"hall.db{end}").write_bytes(content)
    done = safekeeping.restore(kept.path, folder, NOW)
    assert "in the log" in saved(done.kept)
    assert "in the log" not in saved(folder / "hall.db")


def test_a_restore_over_a_damaged_file_moves_its_log_away_and_never_replays_it(folder):
    kept = safekeeping.back_up(folder, "asked", NOW)
    spoil(folder / "hall.db", offset=0, length=4096)
    (folder / "hall.db-wal").write_bytes(b"a log that belongs to the damaged file")
    safekeeping.restore(kept.path, folder, NOW)
    assert not (folder / "hall.db-wal").exists()
    assert [path.name for path in folder.glob("*.damaged-wal")] == ["hall-20261123-090000.db.damaged-wal"]
    safekeeping.open_hall(folder, NOW).close()
    assert saved(folder / "hall.db") == {"first", "second", "third"}


def test_a_backup_may_be_named_without_its_folder(folder):
    kept = safekeeping.back_up(folder, "asked", NOW)
    safekeeping.restore(Path(kept.path.name), folder, NOW)
    assert saved(folder / "hall.db") == {"first", "second", "third"}


def test_a_restore_into_an_empty_folder_starts_a_hall_there(folder, tmp_path_factory):
    kept = safekeeping.back_up(folder, "asked", NOW)
    new = tmp_path_factory.mktemp("new") / "hall"
    assert safekeeping.restore(kept.path, new, NOW).kept is None
    assert saved(new / "hall.db") == {"first", "second", "third"}


@pytest.mark.parametrize(("make", "words"), [
    (lambda path: None, "没有找到"),
    (lambda path: path.write_bytes(b"not a database at all" * 500), "已损坏或不是数据文件"),
    (lambda path: path.write_bytes(b""), "不是本程序的备份"),
])
def test_what_is_no_sound_backup_is_refused_and_nothing_is_touched(folder, tmp_path_factory, make, words):
    file = tmp_path_factory.mktemp("given") / "given.db"
    make(file)
    before = (folder / "hall.db").read_bytes()
    with pytest.raises(Refusal, match=words):
        safekeeping.restore(file, folder, NOW)
    assert (folder / "hall.db").read_bytes() == before


def test_a_cut_backup_is_refused(folder):
    kept = safekeeping.back_up(folder, "asked", NOW)
    kept.path.write_bytes(kept.path.read_bytes()[:20_000])
    with pytest.raises(Refusal, match="已损坏"):
        safekeeping.restore(kept.path, folder, NOW)


def test_a_backup_of_a_newer_program_is_refused_by_its_version(folder):
    kept = safekeeping.back_up(folder, "asked", NOW)
    raw = copies.driver.connect(str(kept.path), isolation_level=None)
    raw.execute("UPDATE alembic_version SET version_num = 'v9.3.0'")
    raw.close()
    with pytest.raises(Trouble, match=r"9\.3\.0"):
        safekeeping.restore(kept.path, folder, NOW)
