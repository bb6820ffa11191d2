"""Which release of the catalogue is in force today, and those under which older cases began.

An imported release goes before the shipped one from its day on, the latest day first; a province's rules are not
undone by a new program. Read in plain SQL before the first page, from tables that were parsed when they were kept.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db import waiting
from desktop.catalog.files import PAST, Files
from desktop.catalog.release import FOLDER, Catalog, catalog_of
from desktop.catalog.shelf import Shelf
from desktop.errors import Trouble

if TYPE_CHECKING:
    from db.engine import Database
    from desktop.usecases.desk import Desk


def in_force(database: Database, folder: Path, now: datetime) -> tuple[Catalog, Shelf]:
    """The catalogue of today, with the hall's own years of the calendar, and the shelf of those before it.

    Raises Trouble where the rules that came with the program were changed into something that cannot be read.
    """
    with database.glance() as ask:
        heads = [dict(row) for row in ask(waiting.RELEASES)]
    past = tuple(head["id"] for head in heads if date.fromisoformat(head["effective"]) <= now.date())
    shelf = Shelf(lambda release: kept_files(database, release), past)
    chosen = _imported(heads, now.date())
    if chosen is None:
        catalog = _shipped(database, heads, folder / "calendars", now)
    else:
        files = kept_files(database, chosen)
        assert files is not None
        catalog = catalog_of(files, folder / "calendars")
    return replace(catalog, as_of=now.date()), shelf


def with_rules_of_today(desk: Desk) -> Desk:
    """The same desk under the rules that are in force now, as after an import or over midnight."""
    catalog, shelf = in_force(desk.db, desk.folder, desk.now)
    return replace(desk, catalog=catalog, shelf=shelf)


def _imported(heads: list[dict[str, Any]], today: date) -> str | None:
    """The imported release that is in force, if there is one."""
    here = [head for head in heads if not head["shipped"] and date.fromisoformat(head["effective"]) <= today]
    return str(here[-1]["id"]) if here else None


def kept_files(database: Database, release: str) -> Files | None:
    """The files of a kept release, parsed already; None where there is none of that id."""
    with database.glance() as ask:
        rows = ask(waiting.RELEASE_TABLES, id=release)
    if not rows:
        return _past_files(release)
    tables = json.loads(rows[0]["tables"])
    return Files(dict.fromkeys(tables, ""), tables)


def _past_files(release: str) -> Files | None:
    """The files of a release that a former program brought, before releases were kept with the hall."""
    folder = FOLDER / PAST / release.replace(".", "_")  # a folder with a dot would not be packed
    return Files.of_folder(folder) if folder.parent == FOLDER / PAST and folder.is_dir() else None


def _shipped(database: Database, heads: list[dict[str, Any]], calendars: Path, now: datetime) -> Catalog:
    """The rules that came with the program: as kept, or kept now, when it is their first day in this hall."""
    files = Files.of_folder(FOLDER)
    known = next((head["id"] for head in heads if head["digest"] == files.digest and head["shipped"]), None)
    if known is not None:
        kept = kept_files(database, known)
        assert kept is not None
        return _named(catalog_of(kept, calendars), known)
    from desktop.usecases.cataloguing import keep_shipped

    try:
        release = keep_shipped(database, files, {head["id"] for head in heads}, now)
    except ValueError as error:
        advice = "请恢复原来的文件，或重新安装程序；数据没有被改动。"
        raise Trouble(f"程序所带的规则目录读不懂（{error}）。", advice) from error
    return _named(catalog_of(files, calendars), release)


def _named(catalog: Catalog, release: str) -> Catalog:
    """The catalogue under the id by which it was kept."""
    return catalog if catalog.release == release else replace(
        catalog, release=release, head=replace(catalog.head, id=release))


