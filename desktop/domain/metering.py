"""Metering: the multiplier that instrument transformers make (综合倍率 = CT×PT), and meters as a case hangs them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from desktop.domain.kind import tidied
from desktop.errors import Missing, Refusal

LONGEST = 24  # digits of a serial: the bar code of a meter has 22
_RATIO = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,3})")
HANG, TAKE_DOWN = "装", "拆"


@dataclass(frozen=True)
class Hanging:
    """A meter that is hung up. `multiplier` is what its ratios make; readings in kWh as the meter shows them."""

    serial: str
    point: str
    spec: str
    accuracy: str
    ct_ratio: str
    pt_ratio: str
    multiplier: Decimal
    reading: Decimal
    seal: str


@dataclass(frozen=True)
class TakingDown:
    """A meter that is taken down with its last reading, in kWh as the meter shows it."""

    serial: str
    reading: Decimal


def ratio(text: str) -> Decimal:
    """'150/5' → 30; 1 where there is no transformer. Refused for anything else."""
    if not text:
        return Decimal(1)
    found = _RATIO.fullmatch(tidied("code", text))
    if found is None:
        raise Refusal(f"变比“{text}”应按“一次/二次”填写，如 150/5。", "ct_ratio")
    return Decimal(int(found[1])) / Decimal(int(found[2]))


def multiplier(ct_ratio: str, pt_ratio: str) -> Decimal:
    """综合倍率: CT×PT, 1 for a direct meter; at most four decimals. Refused for a ratio that is none.

    依据：综合倍率等于电流互感器变比与电压互感器变比的乘积。
    """
    return (ratio(ct_ratio) * ratio(pt_ratio)).quantize(Decimal("0.0001")).normalize()


def multiplier_fault(stated: str, ct_ratio: str, pt_ratio: str) -> str | None:
    """One sentence if a stated multiplier is not what the ratios make; an empty one is nobody's fault."""
    computed = multiplier(ct_ratio, pt_ratio)
    if not stated or Decimal(stated) == computed:
        return None
    return f"综合倍率 {stated} 与 CT×PT 算得的 {computed:f} 不一致，请核对变比和倍率"


def works(facts: Mapping[str, Any], scheme: Mapping[str, Any]) -> tuple[tuple[Hanging, ...], tuple[TakingDown, ...]]:
    """What the 装表 stage's facts hang up and take down; the first meter takes ratios and spec from the scheme where
    the stage says nothing. Refused with every row that is wrong."""
    first = _first(facts, scheme)
    rows: Sequence[Mapping[str, str]] = facts.get("mountings") or ()
    faults: list[Missing] = []
    hung, down = ([first] if first else []), []
    for place, row in enumerate(rows, 1):
        wrong = _row_fault(row)
        if wrong:
            faults.append(Missing(f"装拆清单第 {place} 行：{wrong}", "mountings"))
        elif row.get("act") == TAKE_DOWN:
            down.append(TakingDown(serial_of(row["number"]), Decimal(row["reading"])))
        else:
            hung.append(_hanging(row, row["number"], row["reading"]))
    plates = [plate(each.serial) for each in hung]
    twice = {each.serial for each in hung if plates.count(plate(each.serial)) > 1}
    faults += [Missing(f"表号 {serial} 在这次装表里写了两次，请核对", "mountings") for serial in sorted(twice)]
    if faults:
        raise Refusal("装拆的计量装置有填错的内容，请改正：", faults[0].field, tuple(faults))
    return tuple(hung), tuple(down)


def _first(facts: Mapping[str, Any], scheme: Mapping[str, Any]) -> Hanging | None:
    if not facts.get("meter_number"):
        return None
    names = ("ct_ratio", "pt_ratio", "meter_spec", "meter_accuracy", "metering_point", "multiplier")
    known = {name: str(facts.get(name) or scheme.get(name) or "") for name in names}
    if wrong := multiplier_fault(known["multiplier"], known["ct_ratio"], known["pt_ratio"]):
        raise Refusal(f"{wrong}。", "multiplier")
    row = {"point": known["metering_point"], "spec": known["meter_spec"], "accuracy": known["meter_accuracy"],
           "ct_ratio": known["ct_ratio"], "pt_ratio": known["pt_ratio"], "seal": str(facts.get("meter_seal") or "")}
    return _hanging(row, str(facts["meter_number"]), str(facts.get("meter_reading") or "0"))


def _row_fault(row: Mapping[str, str]) -> str | None:
    """What one row of 装拆 lacks."""
    if row.get("act") not in (HANG, TAKE_DOWN):
        return f"请写明是{HANG}还是{TAKE_DOWN}"
    lacks = [word for name, word in (("number", "表号"), ("reading", "示数")) if not row.get(name)]
    if lacks:
        return f"缺少{'、'.join(lacks)}"
    try:
        return multiplier_fault(row.get("multiplier", ""), row.get("ct_ratio", ""), row.get("pt_ratio", ""))
    except Refusal as refusal:
        return refusal.sentence


def _hanging(row: Mapping[str, str], number: str, reading: str) -> Hanging:
    ct, pt = row.get("ct_ratio", ""), row.get("pt_ratio", "")
    return Hanging(serial_of(number), row.get("point", ""), row.get("spec", ""), row.get("accuracy", ""), ct, pt,
                   multiplier(ct, pt), Decimal(reading), row.get("seal", ""))


def serial_of(number: str) -> str:
    """A serial as it is kept: half-width capitals without blanks and dashes, its zeros as they stand on the meter."""
    return "".join(each for each in unicodedata.normalize("NFKC", number).upper() if each.isalnum())


def plate(serial: str) -> str:
    """What tells one meter from another: a sheet that lost the leading zeros means the same one."""
    return serial_of(serial).lstrip("0") or "0"


def spellings(serial: str) -> tuple[str, ...]:
    """Every way in which the register may have kept the meter of that serial."""
    bare = plate(serial)
    return tuple("0" * zeros + bare for zeros in range(max(LONGEST - len(bare), 0) + 1))
