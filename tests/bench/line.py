"""One line of `make bench`: two things measured in turn in one run, and their ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Line:
    """`ratios` are ours divided by the peer's, pair by pair; the line holds where their median is at most `limit`.

    `missing` names a peer that is not installed; such a line has no ratios.
    """

    name: str
    ours: float
    peer_name: str
    peer: float
    ratios: tuple[float, ...]
    limit: float
    unit: str = "ms"
    missing: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.ratios)

    @property
    def holds(self) -> bool:
        return bool(self.missing) or self.median <= self.limit


def timed(work: Work) -> float:
    """Milliseconds that `work` took."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def interleaved(name: str, ours: Work, peer: Work, *, peer_name: str, limit: float, rounds: int = 9,
                warm: int = 1) -> Line:
    """Measure ours and the peer in turn, after `warm` rounds that do not count."""
    pairs = [(timed(ours), timed(peer)) for _ in range(warm + rounds)][warm:]
    return Line(name, statistics.median(a for a, _ in pairs), peer_name, statistics.median(b for _, b in pairs),
                tuple(a / b for a, b in pairs), limit)
