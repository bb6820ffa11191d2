"""Each fault of the world is really made, and its sentence read: what happened, was it saved, what to do."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from filelock import FileLock
from hall_file import NOW, saved, spoil, told
from sqlalchemy import event, func, insert, select, text

from db.clerks import Request
from db.engine import Database
from db.tables import Base
from desktop.errors import Refusal, Trouble
from desktop.usecases import safekeeping


def quickly(desk, *pragmas):
    """Let every connection of the desk's database give up soon, or be short of room."""
    desk.db.engine.dispose()
    for pragma in ("busy_timeout=30", *pragmas):
        event.listen(desk.db.engine, "connect", lambda connection, _, p=pragma: connection.execute(f"PRAGMA {p}"))


def test_a_full_disk_is_told_the_save_did_not_happen_and_it_works_again_after_making_room(hall, expect_log):
    from desktop.usecases.hall_keeping import set_hall
    from desktop.usecases.staffing import clerks
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
    from desktop.usecases.hall_keeping import add_clerk

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
    from desktop.usecases.hall_keeping import add_clerk

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


def test_a_database_moved_away_while_open_is_told_nothing_is_written_elsewhere_and_it_works_again_when_put_back(hall):
    from desktop.usecases.hall_keeping import add_clerk
    from desktop.usecases.staffing import clerks

    away = hall.folder / "away.db"
    with hall.db.read():
        pass
    hall.db.path.rename(away)
    before = away.read_bytes()
    for deed in (lambda: add_clerk(hall, "1002", "示范乙", "受理员"), lambda: clerks(hall)):
        with pytest.raises(Trouble, match="不在原来的位置") as refused:
            deed()
        assert "放回原处" in str(refused.value)
    assert away.read_bytes() == before and not hall.db.path.exists()
    with pytest.raises(Trouble, match="数据文件打不开"):
        safekeeping.back_up(hall.folder, "asked", NOW)
    away.rename(hall.db.path)
    assert add_clerk(hall, "1002", "示范乙", "受理员").number == "1002"


def test_another_file_in_the_place_of_the_open_one_is_not_written_to(hall, tmp_path):
    from desktop.usecases.hall_keeping import add_clerk

    with hall.db.read():
        pass
    hall.db.path.rename(hall.folder / "away.db")
    hall.db.path.write_bytes(b"")
    with pytest.raises(Trouble, match="换掉；本次没有写入任何内容"):
        add_clerk(hall, "1002", "示范乙", "受理员")
    hall.db.close()
    assert hall.db.path.read_bytes() == b""


def test_a_day_beyond_the_calendars_is_refused_in_words(catalog):
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
