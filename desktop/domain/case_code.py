"""What the QR code of a paper says, so that a scan opens the case just where the paper speaks of: yekuo:case/NO#M03."""

from __future__ import annotations

import re
from typing import NamedTuple

_TEXT = re.compile(
    r"\s*yekuo[:：;；]case[/／](?P<number>[0-9a-z\-]{4,40})(?:[#＃](?P<part>[0-9a-z_\-]{1,20}))?\s*", re.IGNORECASE)

_NUMBER = re.compile(r"\s*YK\d{8,}\s*", re.IGNORECASE)


class CaseCode(NamedTuple):
    """A case's number, and the paper (or another part of the case) that is meant; empty: the case itself."""

    number: str
    part: str = ""

    @property
    def target(self) -> str:
        """How the window names it: the number, with the part behind a #."""
        return f"{self.number}#{self.part}" if self.part else self.number


def case_code(number: str, part: str = "") -> str:
    """The text of the QR code."""
    return f"yekuo:case/{CaseCode(number, part).target}"


def read_case_code(text: str) -> CaseCode | None:
    """What a scanned text means, or None. Scanners may change the case of letters or send full-width signs."""
    found = _TEXT.fullmatch(text)
    return CaseCode(found["number"].upper(), (found["part"] or "").upper()) if found else None


def names_case(text: str) -> bool:
    """Whether a scanned text is a paper's code or a case's own number, wherever it was scanned."""
    return read_case_code(text) is not None or _NUMBER.fullmatch(text) is not None


def split_target(target: str) -> CaseCode:
    """The other way of `CaseCode.target`."""
    number, _, part = target.partition("#")
    return CaseCode(number, part)
