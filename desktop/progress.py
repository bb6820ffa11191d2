"""How long work tells how far it is, and hears that nobody wants it any more: by one call, on every floor."""

from __future__ import annotations

from collections.abc import Callable

Step = Callable[[int, int], None]  # (done, total); it ends the work by raising


def no_step(_done: int, _total: int) -> None:
    """For callers that show no progress."""
