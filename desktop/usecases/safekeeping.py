"""Keeping the hall's data: where it may lie, how it is opened, backed up and restored.

A file that looks damaged is never written to. Every backup is checked before it counts, and a restored file is
checked before it takes the place of the old one, which is kept aside. The contents of files handed in lie beside the
backups once for all of them.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from db import backup as copies
from db.engine import Database, DatabaseError
from db.schema import ensure, known
from desktop.errors import Refusal, Trouble
from desktop.usecases.desk import Desk, trouble_of
from desktop.usecases.dwelling import check_folder
from desktop.usecases.file_keeping import FILES, drop, mirror, unneeded
from desktop.usecases.year_keeping import back_up_years, bring_years
from printing.writing import MARK, replace_with_retry, sweep

HALL = "hall.db"
BACKUPS = "backups"
LOCK = "window.lock"
BACKUP_LOCK = "backup.lock"
PATIENCE = 60.0  # seconds: as long as a large backup takes
GLANCE = 1.0  # seconds: a verb that looks whether a window is open holds the lock for a moment
UNTOUCHED = (None, 0, None)
NEAR = timedelta(days=2)
DAILIES = 12
NAME = re.compile(r"hall-(\d{8}-\d{6})(?:-\d+)?-([a-z]+)\.db")
WHYS = {"start": "启动", "close": "关闭", "lift": "升级前", "restore": "恢复前", "asked": "手动"}


@dataclass(frozen=True)
class BackupView:
    """One backup: its file, when and why it was made, its size in bytes."""

    path: Path
    made_at: datetime
    why: str
    size: int


@dataclass(frozen=True)
class Restored:
    """A finished restore: the hall's new file, and where the old one was put (None where there was none)."""

    path: Path
    kept: Path | None


def open_desk(folder: Path, clock: Callable[[], datetime], *, alone: bool = False) -> Desk:
    """The desk of the hall in `folder`, nobody at it yet; raises Trouble as `open_hall` does."""
    from desktop.usecases.ruling import in_force
    from printing.fonts import default_cache

    database = open_hall(folder, clock(), alone=alone)
    try:
        catalog, shelf = in_force(database, folder, clock())
    except BaseException:
        database.let_go()
        raise
    return Desk(database, catalog, clock, folder, default_cache(), shelf=shelf)


def open_hall(folder: Path, now: datetime, *, alone: bool = False) -> Database:
    """Open the hall's database in `folder`, making or lifting it as needed; `alone` holds `window_lock`.

    Raises Trouble before a byte is written where the folder is no place for a database, or the file is damaged
    or newer than the program.
    """
    check_folder(folder)
    make_private(folder)
    try:
        examine(folder, thorough=alone or _is_free(folder))
        return _opened(folder, now)
    except DatabaseError as error:
        raise _opening_trouble(folder, error) from error


def _opened(folder: Path, now: datetime) -> Database:
    (folder / HALL).touch(mode=0o600)  # the log beside it takes its rights from it
    database = Database(folder / HALL)
    try:
        ensure(database, lambda: _back_up_before_lift(folder, now))
    except BaseException:
        database.let_go()
        raise
    return database


def _back_up_before_lift(folder: Path, now: datetime) -> None:
    _take(folder, "lift", now)


def examine(folder: Path, *, thorough: bool) -> None:
    """Look at the file without writing to it. Raises Trouble where it must not be written.

    `thorough`: after an unclean end indexes are compared with rows too. Not beside an open window, whose log of
    writes is no sign of an unclean end.
    """
    path = folder / HALL
    _set_stale_log_aside(path)
    if not path.exists() or path.stat().st_size == 0:
        return
    if found := copies.faults(path, thorough=thorough and copies.unfolded(path)):
        raise damaged(folder, len(found))
    revision = copies.revision_of(path)
    if revision is not None:
        known(revision)


def damaged(folder: Path, count: int = 1) -> Trouble:
    """The sentence for a damaged file; it names the newest backup that is sound."""
    good = next((kept for kept in backups(folder) if is_sound(kept.path)), None)
    if good is None:
        advice = "程序不会再写入它；没有找到完好的备份，请原样保留数据文件夹并联系技术人员。"
    else:
        advice = (f"程序不会再写入它。最近的完好备份是 {good.made_at:%Y-%m-%d %H:%M} 的 {good.path.name}，"
                  f"请在“系统”里恢复，或运行 yekuo restore {good.path.name}；此后录入的内容需补录。")
    return Trouble(f"数据文件已损坏（查出 {count} 处）。", advice, None)


def _opening_trouble(folder: Path, error: Exception) -> Trouble:
    trouble = trouble_of(error, None)
    if "损坏" in trouble.sentence:
        return damaged(folder)
    return Trouble(trouble.sentence, "数据没有被改动；请处理后重新打开程序。")


def _set_stale_log_aside(path: Path) -> None:
    """A log of writes without its file belongs to a file that is gone: it must never be replayed into another."""
    if not path.exists():
        _set_log_aside(path, path)


def _set_log_aside(path: Path, named_after: Path) -> None:
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        os.replace(log, _free(named_after.with_name(named_after.name + ".damaged-wal")))
    log.unlink(missing_ok=True)
    path.with_name(path.name + "-shm").unlink(missing_ok=True)


def make_private(folder: Path) -> None:
    """Make the folder, for this user alone; raises Trouble where it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise Trouble(f"数据文件夹不能写入：{folder}。",
                      "请检查这个文件夹的权限、磁盘是否只读或已满，或用 --data 换一个文件夹。") from error


@contextmanager
def window_lock(folder: Path) -> Iterator[None]:
    """Hold the folder for one window; a second one is told so. The system frees it if the holder is killed. It may
    be taken in one thread and let go in another.

    What a killed process left half-written is removed: nobody else writes there now.
    """
    check_folder(folder)
    make_private(folder)
    lock = FileLock(folder / LOCK, thread_local=False)
    try:
        lock.acquire(timeout=GLANCE)
    except Timeout as error:
        raise Trouble("这个数据文件夹已经在另一个窗口打开。",
                      "请切换到那个窗口；找不到它时，请注销后重新登录再打开。") from error
    try:
        for place in (folder, folder / BACKUPS, *_shelves(folder), *_shelves(folder / BACKUPS)):
            sweep(place)
        yield
    finally:
        lock.release()


def _shelves(folder: Path) -> list[Path]:
    """The folders in which contents lie."""
    return sorted((folder / FILES).glob("??"))


def _is_free(folder: Path) -> bool:
    """Whether no window has the folder open."""
    lock = FileLock(folder / LOCK, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    lock.release()
    return True


def back_up(folder: Path, why: str, now: datetime) -> BackupView:
    """A checked backup now. `why` is a key of WHYS. Raises Trouble (full, damaged, locked); the old ones stay."""
    try:
        return _take(folder, why, now)
    except DatabaseError as error:
        raise _backup_trouble(error) from error


def back_up_changes(folder: Path, why: str, now: datetime) -> BackupView | None:
    """A backup if anything changed since the newest sound one; None if nothing did, or nothing was ever done."""
    if _mark(folder / HALL) == UNTOUCHED:
        return None
    newest = next((kept for kept in backups(folder) if is_sound(kept.path)), None)
    if newest and _mark(folder / HALL) == _mark(newest.path, settled=True):
        return None
    return back_up(folder, why, now)


def _mark(path: Path, *, settled: bool = False) -> object:
    try:
        return copies.mark(path, settled=settled)
    except DatabaseError:
        return None


def _take(folder: Path, why: str, now: datetime) -> BackupView:
    keep = folder / BACKUPS
    make_private(keep)
    with _alone(folder):
        target = _free(keep / f"hall-{now:%Y%m%d-%H%M%S}-{why}.db")
        _copy_checked(folder / HALL, target)
        back_up_years(folder, keep)
        mirror(folder, keep)  # after the database: every content that it names was on the disk before it
        thin(folder, now)
        drop(keep, unneeded(folder, keep))  # after the backups that named them are gone
    return BackupView(target, now.replace(microsecond=0), why, target.stat().st_size)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time: a second program's must not name what this one is about to remove."""
    try:
        with FileLock(folder / BACKUP_LOCK, timeout=PATIENCE):
            yield
    except Timeout as error:
        raise Trouble("另一个程序正在备份，这一次没有备份。", "请稍后再试；数据和原有的备份都还在。", False) from error


def _copy_checked(source: Path, target: Path) -> None:
    """Copy beside, check, sync, move over: what bears the target's name is always whole."""
    beside = target.with_name(f"{MARK}{target.name}.tmp")
    try:
        beside.touch(mode=0o600)
        copies.copy_whole(source, beside)
        if copies.faults(beside, thorough=False, settled=True):
            raise Trouble("备份没有通过检查，未采用。", "请先手动另存一份数据文件夹，再检查磁盘。", False)
        _sync(beside)
        replace_with_retry(beside, target)
        _sync(target.parent)
    except OSError as error:
        raise Trouble("备份没有写成。", "请检查磁盘空间和权限后重试；原有的备份都还在。", False) from error
    finally:
        beside.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _backup_trouble(error: Exception) -> Trouble:
    text = str(error).lower()
    if "full" in text or "disk i/o" in text:
        return Trouble("磁盘已满或读写出错，没有写成。", "请腾出空间后重试；数据和原有的备份都还在。", None)
    if "unable to open" in text:
        return Trouble("数据文件打不开：可能被移动、改名、删除，或没有权限，没有写成。",
                       "请把它放回原处后重试；原有的备份都还在。", None)
    if copies.is_busy(error):
        return Trouble("数据文件正被占用，没有写成。", "请稍后再试；数据和原有的备份都还在。", None)
    return Trouble("数据文件已损坏，不能备份。", "请从最近的完好备份恢复。", None)


def _free(path: Path) -> Path:
    """`path`, or with a number before its last part where that name is taken."""
    if not path.exists():
        return path
    stem, _, why = path.stem.rpartition("-")
    tries = (path.with_name(f"{stem or why}-{n}{'-' + why if stem else ''}{path.suffix}") for n in range(2, 1000))
    return next(free for free in tries if not free.exists())


def backups(folder: Path) -> tuple[BackupView, ...]:
    """The backups in the folder, the newest first."""
    found = [view for path in (folder / BACKUPS).glob("hall-*.db") if (view := _view(path))]
    return tuple(sorted(found, key=lambda view: (view.made_at, view.path.stat().st_mtime_ns), reverse=True))


def _view(path: Path) -> BackupView | None:
    named = NAME.fullmatch(path.name)
    if named is None:
        return None
    made_at = datetime.strptime(named[1], "%Y%m%d-%H%M%S")
    return BackupView(path, made_at, WHYS.get(named[2], named[2]), path.stat().st_size)


def is_sound(path: Path) -> bool:
    """Whether a backup can be restored: whole, ours, and not newer than the program."""
    try:
        if copies.faults(path, thorough=False, settled=True):
            return False
        return bool(known(copies.revision_of(path, settled=True)))
    except (DatabaseError, Trouble):
        return False


def thin(folder: Path, now: datetime) -> int:
    """Drop old backups; how many went. All of the last two days stay, and the last of each of twelve days."""
    views = backups(folder)
    keep = {view.path for view in views if view.made_at >= now - NEAR}
    dailies: dict[object, Path] = {}
    for view in views:
        if view.path not in keep:
            dailies.setdefault(view.made_at.date(), view.path)
    keep |= set(list(dailies.values())[:DAILIES])
    old = [view.path for view in views if view.path not in keep]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def restore(backup_file: Path, folder: Path, now: datetime) -> Restored:
    """Put a checked copy of `backup_file` in the hall's place; the old file is kept as hall-<time>.db.

    The caller holds `window_lock`. Raises Refusal for a file that is no sound backup, Trouble where the disk
    says no; the old file stays then.
    """
    source = _named(backup_file, folder)
    refuse_unsound(source)
    check_folder(folder)
    make_private(folder)
    fresh = _free(folder / f"restoring-{now:%Y%m%d-%H%M%S}.db")
    try:
        _copy_settled(source, fresh)
        kept = _set_aside(folder, now)
        replace_with_retry(fresh, folder / HALL)
        _sync(folder)
        mirror(source.parent, folder)
        bring_years(source.parent, folder)
        return Restored(folder / HALL, kept)
    except DatabaseError as error:
        raise _backup_trouble(error) from error
    finally:
        fresh.unlink(missing_ok=True)


def _named(backup_file: Path, folder: Path) -> Path:
    """The file as given, else the backup of that name in the hall's own folder."""
    ours = folder / BACKUPS / backup_file.name
    return ours if not backup_file.exists() and ours.exists() else backup_file


def refuse_unsound(source: Path) -> None:
    """Raises Refusal, with what to do, unless `source` is a whole backup that this program can read."""
    if not source.is_file():
        raise Refusal(f"没有找到备份文件“{source.name}”。请核对路径，或从“系统 → 备份”里选择。", "file")
    try:
        whole = not copies.faults(source, thorough=True)
        revision = copies.revision_of(source) if whole else None
    except DatabaseError:
        whole, revision = False, None
    if not whole:
        raise Refusal(f"“{source.name}”已损坏或不是数据文件，不能恢复。请换一份备份；现有数据没有动。", "file")
    if revision is None:
        raise Refusal(f"“{source.name}”不是本程序的备份。请换一份；现有数据没有动。", "file")
    known(revision)


def _copy_settled(source: Path, fresh: Path) -> None:
    """The checked copy that will be the hall's file."""
    _copy_checked(source, fresh)
    if copies.faults(fresh, thorough=True, settled=True):
        raise Trouble("复制出来的数据没有通过检查。", "没有恢复，现有数据没有动；请换一份备份或检查磁盘。", False)


def _set_aside(folder: Path, now: datetime) -> Path | None:
    """Move the present file out of the way, whole if it is sound; a log not to be trusted goes beside it."""
    path = folder / HALL
    if not path.exists():
        _set_log_aside(path, path)
        return None
    kept = _free(folder / f"hall-{now:%Y%m%d-%H%M%S}.db")
    if not copies.faults(path, thorough=False):
        copies.fold(path)
    os.replace(path, kept)
    _set_log_aside(path, kept)
    return kept


def close_hall(database: Database, folder: Path, now: datetime) -> BackupView | None:
    """Back up what changed, fold the log into the file and let it go."""
    try:
        return back_up_changes(folder, "close", now)
    finally:
        database.close()
