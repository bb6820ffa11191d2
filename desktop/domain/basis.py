"""Whence a rule comes: its paper, from when to when it holds, where, and whether a person checked it.

Every row of the catalogue carries one; what is not yet checked is shown as 待核验, never hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NATION = "全国"


@dataclass(frozen=True)
class Basis:
    """依据: `text` names the paper and article; `until` None means still in force."""

    text: str
    effective: date
    until: date | None = None
    region: str = NATION
    verified: bool = False

    def holds_on(self, day: date) -> bool:
        return self.effective <= day and (self.until is None or day <= self.until)

    @property
    def told(self) -> str:
        """The text as a sentence names it, with the mark that it is not verified."""
        return self.text if self.verified else f"{self.text}，待核验"

    @property
    def mark(self) -> str:
        return "已核验" if self.verified else "待核验"
