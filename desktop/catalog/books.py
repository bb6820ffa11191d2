"""Single books of the catalogue read into their values: contract kinds, voltages, the ladder of reminders."""

from __future__ import annotations

from types import MappingProxyType

from desktop.catalog.material_file import read_when
from desktop.catalog.row import Row
from desktop.domain.contract import ContractKind, Pairing, Renewal, RenewalMode, StandIn
from desktop.domain.field import FIELDS, check
from desktop.domain.reminder import Band, Ladder, Urgency
from desktop.domain.voltage import VoltageRange

UNITS = ("kW", "kVA")


def read_contracts(book: Row) -> tuple[list[ContractKind], tuple[StandIn, ...], tuple[Pairing, ...]]:
    """The kinds of supply contract, what stands in for a blank, and which blanks must fit each other. ValueError names
    the row that is wrong, as in all of these."""
    kinds, stand_ins = [_contract_kind(row) for row in book.rows("kind")], map(_stand_in, book.rows("stand_in"))
    read = kinds, tuple(stand_ins), tuple(map(_pairing, book.rows("pairing")))
    book.close()
    return read


def _pairing(row: Row) -> Pairing:
    when = read_when(row.row("when"))
    if when is None:
        raise row.wrong("缺少 when")
    made = Pairing(row.text("field"), row.texts("values"), when, row.basis())
    row.close()
    if strange := [name for name in (made.field, when.field) if name not in FIELDS]:
        raise row.wrong(f"没有这样的字段 {'、'.join(strange)}")
    if wrong := [value for value in made.values if check(made.field, value)] or not made.values:
        raise row.wrong(f"values 应是能填进 {made.field} 的值{f'，{wrong} 不是' if made.values else '，不能空'}")
    return made


def _stand_in(row: Row) -> StandIn:
    made = StandIn(row.text("field"), row.basis(), row.text("value", ""), row.text("source", ""),
                   read_when(row.row("when")))
    row.close()
    named = (made.field, *([made.source] if made.source else []), *([made.when.field] if made.when else []))
    if strange := [name for name in named if name not in FIELDS]:
        raise row.wrong(f"没有这样的字段 {'、'.join(strange)}")
    if bool(made.value) == bool(made.source) or (made.value and check(made.field, made.value)):
        raise row.wrong("value（能填进 field 的）和 source 写一个")
    return made


def _contract_kind(row: Row) -> ContractKind:
    mode = row.text("renewal")
    if mode not in list(RenewalMode):
        raise row.wrong(f"renewal 应为 {'、'.join(RenewalMode)} 之一，现为 {mode}")
    kind = ContractKind(
        id=row.text("id"),
        name=row.text("name"),
        title=row.text("title"),
        code=row.text("code"),
        unit=row.text("unit"),
        cap_years=row.number("cap_years"),
        template=row.text("template", ""),
        renewal=Renewal(RenewalMode(mode), row.number("objection_days")),
        basis=row.basis(),
    )
    row.close()
    if kind.unit not in UNITS or not kind.cap_years:
        raise row.wrong("unit 应为 kW 或 kVA，cap_years 至少为 1")
    return kind


def read_voltages(book: Row) -> list[VoltageRange]:
    """How much each voltage usually supplies."""
    ranges = [_voltage(row) for row in book.rows("voltage")]
    book.close()
    return ranges


def _voltage(row: Row) -> VoltageRange:
    found = VoltageRange(row.text("id"), row.text("unit"), row.number("least"), row.number("most"), row.basis(),
                         row.number("stretch", 0))
    row.close()
    if found.unit not in UNITS or 0 < found.most < found.least:
        raise row.wrong("unit 应为 kW 或 kVA，most 不能小于 least")
    return found


def read_ladder(row: Row) -> Ladder:
    """When reminders begin, and how urgent each is."""
    bands = [_band(b) for b in row.rows("band")]
    urgencies = {u: _urgency(u, each) for u, each in row.named_rows("urgency").items()}
    actions = row.row("actions")
    levels = {level: row.worded(f"stage_levels {level}", said) for level, said in row.mapping("stage_levels").items()}
    ladder = Ladder(
        bands=tuple(sorted(bands, key=lambda band: -band.days)),
        urgencies=MappingProxyType(urgencies),
        passed=row.text("passed"),
        unknown=row.text("unknown"),
        stage_levels=MappingProxyType(levels),
        paper_days=row.number("paper_days"),
        hold_days=row.number("hold_days", 10),
        scheme_bands=tuple(sorted((_band(b) for b in row.rows("scheme_band")), key=lambda band: -band.days)),
        unreturned_days=row.number("unreturned_days"),
        unreturned_urgency=row.text("unreturned_urgency"),
        actions=MappingProxyType(actions.lists() if actions else {}),
        basis=row.basis(),
    )
    row.close()
    _check_ladder(ladder, row)
    return ladder


def _band(row: Row) -> Band:
    band = Band(row.number("days"), row.text("word"), row.text("urgency"))
    row.close()
    return band


def _urgency(name: str, row: Row) -> Urgency:
    urgency = Urgency(name, row.text("word"), row.text("shape"), row.text("colour"))
    row.close()
    return urgency


def _check_ladder(ladder: Ladder, row: Row) -> None:
    used = {ladder.passed, ladder.unknown, ladder.unreturned_urgency, *ladder.stage_levels.values()}
    strange = (used | {band.urgency for band in (*ladder.bands, *ladder.scheme_bands)}) - set(ladder.urgencies)
    if strange or not ladder.bands:
        raise row.wrong(f"没有这样的紧急程度：{'、'.join(sorted(strange))}" if strange else "没有写 band")
