"""What proves a stage of our own: photos of the site, the sheet that the customer signed, a defect before and after.

No paper that the customer brings, so no mark and no promise: there are so many files of it or there are not. How many a
stage should have is the catalogue's, and whether one without them may be finished.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.domain.basis import Basis
from desktop.domain.material import When
from desktop.domain.process import Process
from desktop.domain.sizing import level_of
from desktop.errors import Missing


@dataclass(frozen=True)
class Evidence:
    """One kind of proof. `stage`: whose it is; `least`: how many files it should have (0: as many as there are).

    `blocks`: without them the stage cannot be finished, else it is told. `levels`: at low or high voltage; `groups` of
    kinds (none: all); `when` must hold, if it is there.
    """

    code: str
    name: str
    stage: str
    least: int
    blocks: bool
    levels: tuple[str, ...]
    basis: Basis
    groups: tuple[str, ...] = ()
    when: When | None = None
    hint: str = ""

    def is_asked(self, process: Process, known: Mapping[str, object]) -> bool:
        fits = self.stage in process.stage_by_id and level_of(known.get("voltage")) in self.levels
        return (fits and (not self.groups or process.group in self.groups)
                and (self.when is None or self.when.holds(known)))

    def lack(self, stage: str, count: int) -> Missing | None:
        """What is said while there are but `count` files; None where they suffice. stage: its name."""
        if count >= self.least:
            return None
        there = f"现有 {count} 份" if count else "还没有"
        return Missing(f"{stage}应有{self.name}不少于 {self.least} 份，{there}（{self.basis.text}，{self.basis.mark}）",
                       f"material:{self.code}")


def asked(proofs: Sequence[Evidence], process: Process, known: Mapping[str, object]) -> tuple[Evidence, ...]:
    """The proofs of a case of this kind with these answers, in the catalogue's order."""
    return tuple(proof for proof in proofs if proof.is_asked(process, known))
