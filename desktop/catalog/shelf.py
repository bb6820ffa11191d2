"""Releases under which cases began and that are no longer in effect: a case is judged by its own to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from desktop.catalog.dictionary import DICTIONARIES
from desktop.catalog.files import HEAD, Files
from desktop.catalog.release import Catalog, conventions_of, read_head
from desktop.domain.calendar import WorkCalendar


def _nothing(_release: str) -> Files | None:
    return None


class Shelf:
    """Kept releases by id, each read when a case of it is first met; `read` gives the files, None for a stranger."""

    def __init__(self, read: Callable[[str], Files | None] = _nothing, before: tuple[str, ...] = ()) -> None:
        """before: the releases that were in effect in this hall before today's."""
        self._read, self._before = read, before
        self._kept: dict[str, Catalog | None] = {}
        self._counted_by: dict[str, WorkCalendar] = {}  # the calendar of the day that the kept one was made from

    def rules(self, release: str, today: Catalog) -> Catalog | None:
        """All rules of that release, counting by the years that are known today; None where it was never kept.

        A book that no release had yet in its time is today's.
        """
        if release not in self._kept:
            self._kept[release] = self._taken(release, today)
            self._counted_by[release] = today.calendar
        kept = self._kept[release]
        if kept is not None and self._counted_by[release] is not today.calendar:  # a year was imported meanwhile
            kept = replace(kept, calendar=_calendar(today, kept.files))
            self._kept[release], self._counted_by[release] = kept, today.calendar
        return kept

    def all_before(self, today: Catalog) -> tuple[Catalog, ...]:
        """All rules that were in effect before today's."""
        found = (self.rules(release, today) for release in self._before if release != today.release)
        return tuple(rules for rules in found if rules is not None)

    def _taken(self, release: str, today: Catalog) -> Catalog | None:
        own = self._read(release)
        if own is None:
            return None
        files = own.completed(today.files, _books(today.files))
        head = replace(read_head(files.row(HEAD)), id=release)  # by which it was kept
        return Catalog(release, head.name, head.region, head.effective, _calendar(today, files), files, head,
                       today.as_of)


def _books(files: Files) -> tuple[str, ...]:
    """The files that stand for themselves: no kind, no dictionary of the kinds, no year, no head."""
    return tuple(name for name in files.texts if "/" not in name and name not in (HEAD, *DICTIONARIES))


def _calendar(today: Catalog, files: Files) -> WorkCalendar:
    return today.calendar.under(lambda: conventions_of(files))
