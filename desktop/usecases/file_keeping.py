"""Contents on disk: each once, under its digest, whole or absent; the backups' folder holds each once, too.

They lie beside the database and not in it: a backup of the database is a whole copy, kept many times over, and
pictures would make each of them gigabytes; a content never changes, so that one copy serves all backups. It goes when
the last backup that names it is gone, and nothing in the hall needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from db.backup import DatabaseError, named_among
from desktop.domain.attachment import digest
from desktop.errors import Trouble
from printing.writing import atomic_write

FILES = "files"


def place_of(folder: Path, sha256: str) -> Path:
    """Where in a data (or backups') folder the content of that digest lies."""
    return folder / FILES / sha256[:2] / sha256


def put_content(folder: Path, content: bytes) -> str:
    """Keep the content and return its digest; one that is there and whole already is not written again."""
    sha256 = digest(content)
    path = place_of(folder, sha256)
    if not is_sound(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic_write(path, content, private=True)
    return sha256


def get_content(folder: Path, sha256: str) -> bytes:
    """The kept bytes. Raises Trouble where they are missing, cannot be read or are no longer those that were kept."""
    try:
        content = place_of(folder, sha256).read_bytes()
    except FileNotFoundError as error:
        raise Trouble("这份文件不在数据文件夹里了。", "请重新扫描后放入；有备份的，可以从备份恢复。") from error
    except OSError as error:
        raise Trouble("这份文件读不出来。", "请检查磁盘和数据文件夹的权限后重试。") from error
    if digest(content) != sha256:
        raise Trouble("这份文件已损坏，与放入时不一致。", "请重新扫描后放入；有备份的，可以从备份恢复。")
    return content


def is_sound(path: Path) -> bool:
    """Whether the file is there and its bytes are those that its name says."""
    try:
        return digest(path.read_bytes()) == path.name
    except OSError:
        return False


def kept(folder: Path) -> Iterator[Path]:
    """Every content in a data (or backups') folder, by digest."""
    for shelf in sorted((folder / FILES).glob("??")):
        yield from sorted(path for path in shelf.iterdir() if len(path.name) == 64)


def unneeded(folder: Path, backups: Path) -> frozenset[str]:
    """The backups' contents that neither the hall's own folder holds nor any database in either folder names.

    None of them where one database cannot be asked: what may be needed is kept.
    """
    left = {path.name for path in kept(backups)} - {path.name for path in kept(folder)}
    for path in (*folder.glob("*.db"), *backups.glob("*.db")):
        if not left:
            break
        try:
            left -= named_among(path, left, settled=path.parent == backups)
        except DatabaseError:
            return frozenset()
    return frozenset(left)


def named_aside(folder: Path, wanted: set[str]) -> set[str]:
    """Which of these contents a database in the hall's folder names, the hall's own among them; all of them where one
    cannot be asked."""
    found: set[str] = set()
    for path in folder.glob("*.db"):
        try:
            found |= named_among(path, wanted)
        except DatabaseError:
            return set(wanted)
    return found


def drop(folder: Path, names: Iterable[str]) -> int:
    """Remove these contents from a data (or backups') folder; how many. Killed in between, the rest stays whole."""
    places = [place_of(folder, name) for name in names]
    for place in places:
        place.unlink(missing_ok=True)
    return len(places)


def mirror(source: Path, target: Path, step: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Bring to `target` every sound content of `source` that it lacks; how many. What lies there stays.

    Raises Trouble where the disk says no; what was brought by then is whole.
    """
    there = {path.name for path in kept(target)}
    lacking = [path for path in kept(source) if path.name not in there]
    for done, path in enumerate(lacking):
        step(done, len(lacking))
        if is_sound(path):
            put_content(target, path.read_bytes())
    return len(lacking)
