"""Releases under which cases began and that are no longer in effect: a case is read with its own to its end."""

from __future__ import annotations

from collections.abc import Callable

from desktop.catalog.files import HEAD, Files
from desktop.catalog.release import Kinds, read_head


def _nothing(_release: str) -> Files | None:
    return None


class Shelf:
    """Kept releases by id, each read when a case of it is first met; `read` gives the files, None for a stranger."""

    def __init__(self, read: Callable[[str], Files | None] = _nothing) -> None:
        self._read = read
        self._kinds: dict[str, Kinds | None] = {}

    def kinds(self, release: str) -> Kinds | None:
        """The kinds of that release; None where it was never kept."""
        if release not in self._kinds:
            files = self._read(release)
            self._kinds[release] = Kinds(files, read_head(files.row(HEAD))) if files else None
        return self._kinds[release]
