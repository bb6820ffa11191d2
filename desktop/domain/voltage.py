"""供电电压: the dictionary's choice behind what somebody wrote, and how much each voltage usually carries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from desktop.domain.basis import Basis
from desktop.domain.choice import LOW_VOLTAGES, VOLTAGES


@dataclass(frozen=True)
class VoltageRange:
    """The capacity that is usually supplied at a voltage, in `unit` (kW or kVA); `most` 0 means no upper limit.
    `stretch`: how far beyond `most` it may go where the next voltage is not to be had; 0: not at all."""

    id: str
    unit: str
    least: int
    most: int
    basis: Basis
    stretch: int = 0

    @property
    def top(self) -> int:
        """The utmost; 0 means no limit."""
        return max(self.most, self.stretch) if self.most else 0


Ranges = Mapping[str, VoltageRange]

# nominal, and what the same supply is called at the transformer's terminals
_VOLTS = {"220": "220V", "380": "380V", "400": "380V"} | {
    f"{choice.removesuffix('kV')}000": choice for choice in VOLTAGES if choice not in LOW_VOLTAGES}
# phase and line voltage of the same four wires
_FOUR_WIRES = frozenset({("380", "220"), ("220", "380"), ("400", "230")})
_WORDS = ("交流", "ac", "~", "三相四线", "三相", "单相", "高压", "低压", "供电", "电压")
_THOUSANDS = ("kv", "千伏")
_NUMBER = re.compile(r"(?P<number>\d{1,6}(\.\d{1,3})?)(?P<unit>kv|千伏|v|伏)")


def voltage_named(text: str) -> str | None:
    """'10KV', 'AC10kV', '交流10千伏', '0.4kV', '380/220V' → the choice that is meant, one of VOLTAGES; None where it
    is not certain: no unit, two voltages, a voltage that is no choice, or words that contradict the number."""
    folded = "".join(unicodedata.normalize("NFKC", text).replace("～", "~").lower().split())
    words = tuple(word for word in _WORDS if word in folded)
    for word in words:
        folded = folded.replace(word, "", 1)
    found = _pair(folded) or _single(folded)
    return found if found and _agrees(found, words) else None


def _single(text: str) -> str | None:
    match = _NUMBER.fullmatch(text)
    return _VOLTS.get(_volts(match["number"], match["unit"])) if match else None


def _volts(number: str, unit: str) -> str:
    """The number in volts without needless zeros: ('0.4', 'kv') → '400'."""
    whole, _, part = number.partition(".")
    if unit in _THOUSANDS:
        whole, part = whole + part[:3].ljust(3, "0"), part[3:]
    return (whole.lstrip("0") or "0") + (f".{part.rstrip('0')}" if part.strip("0") else "")


def _pair(text: str) -> str | None:
    first, slash, second = text.partition("/")
    last = _NUMBER.fullmatch(second)
    if not slash or last is None:
        return None
    ahead = _NUMBER.fullmatch(first) or _NUMBER.fullmatch(first + last["unit"])
    volts = tuple(_volts(each["number"], each["unit"]) for each in (ahead, last) if each)
    return "380V" if volts in _FOUR_WIRES else None


def _agrees(choice: str, words: tuple[str, ...]) -> bool:
    low = choice in LOW_VOLTAGES
    if ("高压" in words and low) or ("低压" in words and not low):
        return False
    if "单相" in words:
        return choice == "220V"
    return choice != "220V" or not ("三相" in words or "三相四线" in words)
