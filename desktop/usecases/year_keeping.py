"""The files of the years that a hall took: in its folder's `calendars`, those before them in `earlier`, all beside the
backups too."""

from __future__ import annotations

from pathlib import Path

from desktop.errors import Trouble
from printing.writing import atomic_write, replace_with_retry

FOLDER, EARLIER = "calendars", "earlier"


def set_aside(place: Path) -> None:
    """The file of a year that another takes the place of: kept as calendars/earlier/2027-1.json, -2 …"""
    kept = place.parent / EARLIER
    kept.mkdir(exist_ok=True)
    atomic_write(kept / f"{place.stem}-{len(earlier(place)) + 1}.json", place.read_bytes())


def earlier(place: Path) -> list[Path]:
    """The files that stood in this one's place before, the last one last."""
    found = (place.parent / EARLIER).glob(f"{place.stem}-*.json")
    return sorted(found, key=lambda path: (len(path.name), path.name))


def back_up_years(folder: Path, keep: Path) -> None:
    """The years that the hall took, beside its backups, just as they lie in its folder now."""
    for place in (keep / FOLDER).glob("*.json"):
        if not (folder / FOLDER / place.name).exists():
            place.unlink(missing_ok=True)
    _copy_years(folder, keep, over=True)


def bring_years(keep: Path, folder: Path) -> None:
    """After a restore: the years beside the backup that the folder lacks; one that lies there stays."""
    _copy_years(keep, folder, over=False)


def _copy_years(source: Path, target: Path, *, over: bool) -> None:
    for path in (source / FOLDER).glob("*.json"):
        place = target / FOLDER / path.name
        alike = place.exists() and (not over or place.read_bytes() == path.read_bytes())
        if not alike:
            place.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(place, path.read_bytes())


def put_back(place: Path) -> None:
    """The file before in its place again, or none; raises Trouble where the disk says no."""
    kept = earlier(place)
    try:
        if kept:
            replace_with_retry(kept[-1], place)
        else:
            place.unlink(missing_ok=True)
    except OSError as error:
        raise Trouble(f"换不回 {place.name}。", "请检查数据文件夹的权限后重试；日历没有变。") from error
