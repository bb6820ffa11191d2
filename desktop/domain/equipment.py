"""What the words for the equipment that is to stand still say: which transformers, of which rating; and which figures
are those of whole transformers.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

Units = tuple[tuple[int, Decimal], ...]  # so many transformers of so many kVA each

_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_NUMBERED = re.compile(r"[一二三四五六七八九](?=[#号])")
# a model as it stands on the plate: letters, series, rating / kV (SCB14-400/10); YB-12/0.4 names two voltages instead
_MODEL = re.compile(r"[a-z][a-z0-9·.\-]*-(\d+(?:\.\d+)?)/(?:6|10|20|35|66|110|220)(?![.\d])(?:-0\.4|/0\.4)?")
_KVA = re.compile(r"(\d+(?:\.\d+)?)kva")
_NAMES = re.compile(r"((?:#?\d+[#号]?[、,和及与/]*)+)(?:[主配干箱]?变)")  # 2#主变压器, 1#、2#变
_MANY = re.compile(r"\d[×x*]|[×x*]\d|[\d两二三四五六]台|各|全部|所有")


def form(text: str) -> str:
    """The words without spaces and ways of writing: ２＃ 主变 and 二#主变 are the same."""
    folded = "".join(unicodedata.normalize("NFKC", text).lower().split())
    return _NUMBERED.sub(lambda found: found[0].translate(_DIGITS), folded)


def same(one: str, other: str) -> bool:
    """Whether both name the same transformer, or share one of several of one place: 2#主变压器 is in 1#、2#主变."""
    if not form(one) or not form(other):
        return False
    (place, units), (elsewhere, others) = _named(one), _named(other)
    shared = bool(units & others) and (place == elsewhere or not place or not elsewhere)
    return shared or form(one) == form(other)


def _named(text: str) -> tuple[str, frozenset[str]]:
    """Where it stands, as far as it is said before its number, and the numbers of the transformers."""
    plain = _MODEL.sub("", form(text))
    found = next((each for each in _NAMES.finditer(plain) if set(each[1]) & set("#号")), None)
    return (plain[:found.start()], frozenset(re.findall(r"\d+", found[1]))) if found else ("", frozenset())


def ratings(text: str) -> tuple[Decimal, ...]:
    """The ratings that the words state, in kVA: those of the models, else figures with their unit."""
    folded = form(text)
    return tuple(map(Decimal, _MODEL.findall(folded) or _KVA.findall(folded)))


def contradicts(text: str, kva: Decimal) -> bool:
    """Whether the words state ratings that cannot make up this figure."""
    stated = ratings(text)
    if not stated or not all(stated) or kva == sum(stated):
        return False
    several = bool(_MANY.search(_MODEL.sub("", form(text)))) or len(_named(text)[1]) > len(stated)
    if len(set(stated)) > 1:
        return not several
    lone = len(_named(text)[1]) == 1 and not several
    return kva != stated[0] if lone else kva % stated[0] != 0


def whole(kva: Decimal, units: Units) -> bool:
    """Whether one of these transformers, or some of them together, have exactly this rating."""
    sums = {Decimal(0)}
    for count, each in units:
        most = min(count, int(kva // each)) if each > 0 else 0
        sums |= {total + times * each for total in sums for times in range(1, most + 1) if total + times * each <= kva}
    return kva in sums


def fault(text: str, kva: Decimal, units: Units) -> str:
    """Why this is not the capacity of whole transformers of an account; empty where it is, or where nobody knows."""
    if units and not whole(kva, units):
        return f"档案的变压器是 {_told(units)}，凑不出这个容量"
    return f"与停用设备“{text}”写的容量对不上" if contradicts(text, kva) else ""


def _told(units: Units) -> str:
    """The transformers as a sentence names them: 400 kVA 2 台、630 kVA 1 台."""
    return "、".join(f"{each.normalize():f} kVA {count} 台" for count, each in units)
