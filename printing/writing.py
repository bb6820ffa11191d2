"""Files that are whole or absent: written beside, synced, then moved over.

Qt's own safe writers report success on a full disk, so every file that the program writes outside its
database goes through `atomic_write`, or through `atomic_file` where it is too long to hold in memory.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from desktop.errors import Trouble

MARK = ".yekuo-"
"""Begins the name of every half-written file, so that `sweep` knows its own."""

_HELD = frozenset({5, 32, 33})
"""Windows: access denied, sharing violation, lock violation; a virus scanner lets go by itself."""

_FULL = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name))

_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.75, 1.0)
"""Seconds between tries, 2.5 in all: longer than a scanner holds a small file, shorter than patience."""

_pause = time.sleep  # noqa: TID251 - whoever holds the file gives no signal that could be waited for


def atomic_write(path: Path, data: bytes | bytearray | memoryview, *, private: bool = False) -> None:
    """Puts `data` at `path`, whole: on any failure the old file stands as it was.

    private: readable by this user alone (0600), else as the user's umask says. Raises Trouble.
    """
    with atomic_file(path, private=private) as file:
        file.write(data)


@contextmanager
def atomic_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file to write into; it takes the name `path` when the block ends well, and is gone when it does not.

    Errors of the disk come as Trouble; any other exception (a cancelled job's) goes through as it is.
    """
    folder = path.absolute().parent
    beside = folder / f"{MARK}{secrets.token_hex(8)}.tmp"
    try:
        with _opened(beside, 0o600 if private else 0o666) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        replace_with_retry(beside, path)
        _sync_folder(folder)
    except OSError as error:
        raise _told(error) from error
    finally:
        if beside.exists():
            beside.unlink()


def replace_with_retry(beside: Path, path: Path, *, pause: Callable[[float], None] = _pause) -> None:
    """Moves `beside` over `path`, waiting up to 2.5 s for a scanner that holds it; then raises OSError."""
    for wait in _PAUSES:
        try:
            os.replace(beside, path)
            return
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
            pause(wait)
    os.replace(beside, path)


def sweep(folder: Path) -> int:
    """Removes what a killed process left half-written in `folder`; how many. Only where we alone write."""
    left = [file for file in folder.glob(f"{MARK}*.tmp") if file.is_file()]
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def _opened(path: Path, rights: int) -> BinaryIO:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), rights)
    return os.fdopen(handle, "wb")


def _sync_folder(folder: Path) -> None:
    """The new name itself must survive a power cut; Windows keeps names without being asked."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _told(error: OSError) -> Trouble:
    if error.errno in _FULL:
        return Trouble("磁盘已满，文件没有写成，原有文件未动。", "请腾出空间或换一个位置后重试。", False)
    if getattr(error, "winerror", None) in _HELD:
        return Trouble("文件正被其他程序打开，没有写成。", "请关闭后重试，或换一个文件名。", False)
    if isinstance(error, (PermissionError, IsADirectoryError)) or error.errno == errno.EROFS:
        return Trouble("所选位置不能写入，文件没有写成。", "请换一个文件夹或文件名后重试。", False)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return Trouble("所选文件夹不存在，文件没有写成。", "请先建立文件夹，或换一个位置后重试。", False)
    code = errno.errorcode.get(error.errno or 0, "未知")
    return Trouble(f"磁盘读写出错（{code}），文件没有写成。", "请换一个位置重试；再次出现请检查磁盘。", False)
