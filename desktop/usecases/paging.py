"""One page of a long list: what is shown, and from where the next page goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")
Cursor = tuple[Any, ...]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`next` is handed back to get the following page; None: this was the last."""

    rows: tuple[Row, ...]
    next: Cursor | None = None
