"""Nothing lost: where data may lie, backups, restores, and the sentence for each fault that is really made here."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import event, func, insert, select, text

from db import backup as copies
from db import schema
from db.clerks import Clerk, Request
from db.engine import Database
from db.tables import Base
from desktop.errors import Refusal, Trouble
from desktop.usecases import safekeeping
from desktop.usecases.dwelling import check_folder, cloud_name, network_name

NOW = datetime(2026, 11, 23, 9)
ROOT = Path(__file__).parents[1]
NOT_ROOT = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")


@pytest.fixture
def folder(tmp_path):
    """A data folder with a hall's file in which three acts were saved."""
    safekeeping.open_hall(tmp_path, NOW).close()
    save(tmp_path, "first", "second", "third")
    return tmp_path


def save(folder, *keys):
    database = Database(folder / "hall.db")
    for key in keys:
        with database.write() as session:
            session.execute(insert(Request).values(id=key, verb="save", result="", at=NOW))
    database.close()


def saved(path):
    with copies.looking(path) as connection:
        return {key for (key,) in connection.execute("SELECT id FROM requests")}


def spoil(path, *, offset=4096 * 3, length=4096 * 6):
    """Damage pages in the middle of a closed file."""
    data = bytearray(path.read_bytes())
    data[offset:offset + length] = b"\xa5" * length
    path.write_bytes(bytes(data))


def told(trouble):
    """The sentence must say what happened and what to do."""
    assert trouble.value.sentence.endswith("。")
    assert trouble.value.advice
    return str(trouble.value)


# ---- where data may live

@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "fuse.sshfs"])
def test_a_folder_on_a_network_drive_is_refused_with_what_to_do(tmp_path, kind):
    mounts = f"/dev/sda1 / ext4 rw 0 0\n//server/share {tmp_path} {kind} rw 0 0\n"
    with pytest.raises(Trouble) as refused:
        check_folder(tmp_path / "hall", mounts)
    assert f"网络盘（{kind}）" in told(refused)
    assert "--data" in refused.value.advice


def test_a_local_folder_inside_a_network_mount_is_told_apart_by_the_nearest_mount(tmp_path):
    mounts = f"server:/x {tmp_path} nfs rw 0 0\n/dev/sdb1 {tmp_path}/local\\040disk ext4 rw 0 0\n"
    assert network_name(tmp_path / "local disk" / "hall", mounts) is None
    assert network_name(tmp_path / "elsewhere", mounts) == "nfs"


@pytest.mark.parametrize(("part", "service"), [
    ("OneDrive - 县公司", "OneDrive"), ("OneDrive", "OneDrive"), ("坚果云", "坚果云"), ("Nutstore", "坚果云"),
    ("BaiduNetdisk", "百度网盘"), ("百度网盘", "百度网盘"), ("Dropbox", "Dropbox"), ("Mobile Documents", "iCloud"),
])
def test_a_synchronised_folder_is_refused_and_its_service_named(tmp_path, part, service):
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(tmp_path / part / "yekuo", NOW)
    assert service in told(refused)
    assert not (tmp_path / part).exists()


@pytest.mark.parametrize("part", ["业扩", "onedriver", "dropboxes", "cloud", "数据"])
def test_an_ordinary_folder_name_is_no_cloud(part):
    assert cloud_name(Path("/srv") / part) is None


def test_this_machine_s_own_temporary_folder_is_accepted(tmp_path):
    check_folder(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(tmp_path / "file" / "hall", NOW)
    assert "不能写入" in told(refused)


@NOT_ROOT
def test_a_read_only_folder_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(Trouble) as refused:
        safekeeping.make_private(tmp_path / "hall")
    tmp_path.chmod(0o700)
    assert "不能写入" in told(refused)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are Unix's")
def test_the_data_is_readable_by_its_owner_alone(folder):
    safekeeping.back_up(folder, "asked", NOW)
    assert folder.stat().st_mode & 0o777 == 0o700
    files = [folder / "hall.db", *(folder / "backups").iterdir()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


# ---- one window

def test_a_second_window_on_the_same_folder_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr(safekeeping, "GLANCE", 0.05)
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path / "window.lock")],
                              stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    holder.stdout.readline()
    with pytest.raises(Trouble) as refused, safekeeping.window_lock(tmp_path):
        pass
    assert "已经在另一个窗口打开" in told(refused)
    holder.kill()
    holder.communicate()
    with safekeeping.window_lock(tmp_path):
        pass


HOLDER = """
import sys, filelock
lock = filelock.FileLock(sys.argv[1])
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_verb_may_open_the_hall_beside_an_open_window(folder):
    with safekeeping.window_lock(folder):
        safekeeping.open_hall(folder, NOW).close()


def test_what_a_killed_process_left_half_written_is_swept_by_the_next_window(tmp_path):
    (tmp_path / ".yekuo-dead.tmp").write_bytes(b"half")
    with safekeeping.window_lock(tmp_path):
        assert not (tmp_path / ".yekuo-dead.tmp").exists()


# ---- the schema's versions

def test_the_migrations_make_exactly_the_tables_that_the_program_describes(folder):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    database = Database(folder / "hall.db")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    database.close()
    assert differences == []


def test_the_newest_revision_is_the_last_migration():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert script.get_current_head() == schema.NEWEST
    assert [step.revision for step in script.walk_revisions()] == list(reversed(schema.REVISIONS))


def test_a_file_made_by_a_newer_program_is_refused_and_the_needed_version_named(folder):
    database = Database(folder / "hall.db")
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'v9.3.0'"))
    database.close()
    before = (folder / "hall.db").read_bytes()
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(folder, NOW)
    assert "需要 9.3.0 版或更新的程序" in told(refused)
    assert (folder / "hall.db").read_bytes() == before


def test_another_program_s_database_is_not_taken_for_ours(tmp_path):
    other = copies.driver.connect(str(tmp_path / "hall.db"))
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(tmp_path, NOW)
    assert "不是本程序的数据文件" in told(refused)


STEP = '''
import sqlalchemy as sa
from alembic import op
revision = "v9.9.9"
down_revision = "{before}"
def upgrade():
    with op.batch_alter_table("clerks") as batch:
        batch.add_column(sa.Column("desk", sa.String(), nullable=True))
        batch.drop_column("post")
    {then}
'''


@pytest.fixture
def next_program(tmp_path_factory, monkeypatch):
    """The next version of the program: a function that gives it one more migration."""
    folder = tmp_path_factory.mktemp("migrations")
    (folder / "versions").mkdir()
    for path in (schema.MIGRATIONS / "versions").glob("0*.py"):
        (folder / "versions" / path.name).write_text(path.read_text())

    def install(then="pass"):
        (folder / "versions" / "9999_next.py").write_text(STEP.format(before=schema.NEWEST, then=then))
        monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "v9.9.9"))
        monkeypatch.setattr(schema, "NEWEST", "v9.9.9")
        monkeypatch.setattr(schema, "MIGRATIONS", folder)

    return install


def test_an_older_file_is_backed_up_and_then_lifted_with_its_rows(folder, next_program):
    database = Database(folder / "hall.db")
    with database.write() as session:
        session.add(Clerk(number="1001", name="示范员", post="班长"))
    database.close()
    next_program()
    database = safekeeping.open_hall(folder, NOW)
    with database.read() as session:
        assert session.execute(text("SELECT number, name, desk FROM clerks")).all() == [("1001", "示范员", None)]
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
    database.close()
    (kept,) = safekeeping.backups(folder)
    assert kept.why == "升级前"
    assert copies.revision_of(kept.path, settled=True) == "v0.1.0"


def test_a_migration_that_fails_leaves_the_old_schema_and_the_old_data(folder, next_program):
    next_program(then="raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"):
        safekeeping.open_hall(folder, NOW)
    assert copies.revision_of(folder / "hall.db") == "v0.1.0"
    assert saved(folder / "hall.db") == {"first", "second", "third"}
    assert [kept.why for kept in safekeeping.backups(folder)] == ["升级前"]


def test_a_migration_that_would_orphan_rows_is_undone(folder, next_program):
    next_program(then="op.execute(\"INSERT INTO drafts VALUES ('d', 'intake', 77, '{}', '2026-11-23')\")")
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(folder, NOW)
    assert "对不上的引用" in told(refused)
    assert copies.revision_of(folder / "hall.db") == "v0.1.0"


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


# ---- a save that fails is told, and told whether it was saved

def quickly(desk, *pragmas):
    """Let every connection of the desk's database give up soon, or be short of room."""
    desk.db.engine.dispose()
    for pragma in ("busy_timeout=30", *pragmas):
        event.listen(desk.db.engine, "connect", lambda connection, _, p=pragma: connection.execute(f"PRAGMA {p}"))


def test_a_full_disk_is_told_the_save_did_not_happen_and_it_works_again_after_making_room(hall, expect_log):
    from desktop.usecases.staffing import clerks, set_hall
    from desktop.usecases.staffing import hall as hall_answers

    expect_log("database trouble: full, saved=False")
    with hall.db.read() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar()
    quickly(hall, f"max_page_count={pages}")
    answers = dict(hall_answers(hall), supplier_address="演练县示范路" + "长" * 60)
    with pytest.raises(Trouble) as refused:
        for _ in range(300):
            set_hall(hall, answers)
    assert "磁盘已满" in told(refused)
    assert "本次未保存" in str(refused.value)
    assert [clerk.number for clerk in clerks(hall)] == ["1001"]
    quickly(hall, "max_page_count=1000000")
    set_hall(hall, answers)


def test_a_locked_database_is_told_and_the_save_did_not_happen(hall, expect_log):
    from desktop.usecases.staffing import add_clerk

    expect_log("database trouble: locked, saved=False")
    quickly(hall)
    holder = subprocess.Popen([sys.executable, "-c", WRITER, str(hall.db.path)], stdout=subprocess.PIPE,
                              stdin=subprocess.PIPE)
    holder.stdout.readline()
    with pytest.raises(Trouble) as refused:
        add_clerk(hall, "1002", "示范乙", "受理员")
    holder.communicate(b"\n")
    assert "正被另一个程序占用" in told(refused)
    assert "本次未保存" in str(refused.value)
    assert add_clerk(hall, "1002", "示范乙", "受理员").number == "1002"


WRITER = """
import sys
from pysqlite3 import dbapi2
connection = dbapi2.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
connection.close()
"""


def test_a_read_only_database_is_told(hall, expect_log):
    from desktop.usecases.staffing import add_clerk

    expect_log("database trouble: readonly, saved=False")
    quickly(hall, "query_only=ON")
    with pytest.raises(Trouble) as refused:
        add_clerk(hall, "1002", "示范乙", "受理员")
    assert "只读" in told(refused)


def test_a_database_damaged_while_open_is_told_and_names_the_way_back(hall, expect_log):
    from desktop.usecases.staffing import clerks

    hall.db.close()
    spoil(hall.db.path, offset=4096, length=4096 * 20)
    with pytest.raises(Exception, match=r"malformed|not a database"):
        clerks(hall)
    hall.db.engine.dispose()
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(hall.folder, NOW)
    assert "已损坏" in told(refused)
    hall.db.path.unlink()


def test_a_day_beyond_the_calendars_is_refused_in_words(catalog):
    from datetime import date

    with pytest.raises(Refusal, match="2041"):
        catalog.calendar.add_workdays(date(2041, 5, 6), 3)


def test_closing_a_hall_on_a_full_disk_raises_nothing_and_loses_nothing(folder):
    database = safekeeping.open_hall(folder, NOW)
    with database.write() as session:
        session.execute(insert(Request).values(id="last", verb="save", result="", at=NOW))
    with database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA query_only=ON")
    database.close()
    assert "last" in saved(folder / "hall.db")


def test_the_lock_is_free_again_when_its_window_has_closed(tmp_path):
    with safekeeping.window_lock(tmp_path):
        pass
    lock = FileLock(tmp_path / "window.lock")
    lock.acquire(timeout=0)
    lock.release()


def test_a_backup_of_an_open_hall_counts_every_row_of_it(hall):
    kept = safekeeping.back_up(hall.folder, "asked", NOW)
    copy = Database(kept.path)
    with hall.db.read() as live, copy.read() as backup:
        for table in Base.metadata.sorted_tables:
            count = select(func.count()).select_from(table)
            assert live.execute(count).scalar() == backup.execute(count).scalar()
    copy.close()
