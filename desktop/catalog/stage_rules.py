"""The catalogue's rules of survey, scheme, approval and correction, read into their values: schemes, surveys, evidence,
approvals, corrections.toml."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from desktop.catalog.row import Row
from desktop.domain.approval import Approvals, Route
from desktop.domain.correction import Correctable
from desktop.domain.evidence import Evidence
from desktop.domain.field import FIELDS
from desktop.domain.material import When
from desktop.domain.sizing import (
    FactorRule,
    Ground,
    HighEnergy,
    ImportantRule,
    MeteringClass,
    SchemeRules,
    Series,
    Threshold,
    Validity,
)
from desktop.domain.survey import Item

LEVELS = ("low", "high")
WHO_AND_WHERE = ("customer_name", "customer_id_kind", "customer_id", "usage_address", "yx_account", "yx_application",
                 "yx_contract")
"""What a case is filed under: its customer, its place and its numbers stand in files of their own."""


def read_schemes(book: Row) -> SchemeRules:
    """schemes.toml. ValueError names the row that is wrong."""
    rules = SchemeRules(
        thresholds=tuple(_threshold(row) for row in book.rows("threshold")),
        series=tuple(_series(row) for row in book.rows("series")),
        classes=tuple(_metering_class(row) for row in book.rows("metering_class")),
        factors=tuple(_factor(row) for row in book.rows("power_factor")),
        important=tuple(_important(row) for row in book.rows("important")),
        high_energy=_high_energy(book),
        validity=tuple(_validity(row) for row in book.rows("validity")),
        grounds=tuple(_ground(row) for row in book.rows("ground")),
    )
    book.close()
    _check_schemes(rules, book)
    return rules


def _decimal(row: Row, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise row.wrong(f"{text} 不是数") from None
    if not number.is_finite():
        raise row.wrong(f"{text} 不是数")
    return number


def _threshold(row: Row) -> Threshold:
    value = _decimal(row, row.text("value"))
    made = Threshold(row.text("id"), row.text("name"), value, row.text("unit", ""), row.basis())
    row.close()
    return made


def _ground(row: Row) -> Ground:
    made = Ground(row.text("id"), row.text("name"), row.basis())
    row.close()
    return made


def _series(row: Row) -> Series:
    values = tuple(_decimal(row, text) for text in row.texts("values"))
    made = Series(row.text("id"), row.text("name"), row.texts("voltages", ()), values, row.basis())
    row.close()
    if not values or list(values) != sorted(set(values)) or values[0] <= 0:
        raise row.wrong("values 应为由小到大的数")
    return made


def _metering_class(row: Row) -> MeteringClass:
    made = MeteringClass(row.text("id"), row.texts("voltages"), row.text("meter"), row.text("ct"), row.text("pt", ""),
                         row.basis())
    row.close()
    return made


def _factor(row: Row) -> FactorRule:
    made = FactorRule(row.texts("natures"), row.flag("high", False), row.number("least", 0), row.number("over", 0),
                      row.text("standard"), row.basis())
    row.close()
    return made


def _important(row: Row) -> ImportantRule:
    made = ImportantRule(row.text("level"), row.number("sources"), row.number("stations"), row.basis())
    row.close()
    return made


def _high_energy(book: Row) -> HighEnergy:
    row = book.row("high_energy")
    if row is None:
        raise book.wrong("缺少 high_energy")
    made = HighEnergy(row.texts("industries"), row.texts("attachments"), row.basis())
    row.close()
    return made


def _validity(row: Row) -> Validity:
    made = Validity(row.text("id"), row.number("months"), row.number("extend_before"), row.basis())
    row.close()
    if made.id not in LEVELS or not made.months:
        raise row.wrong("id 应为 low 或 high，months 至少为 1")
    return made


NEEDED = ("computed_cos", "loading_low", "loading_high", "single_unit_kva", "single_dry_kva",
          "high_low_metering_kva", "direct_meter_amp",
          "ct_normal", "ct_least", "ct_least_s", "own_source_percent", "oversize_times",
          "undersize_times", "two_part_kva", "one_part_kva", "warn_changes")


def _check_schemes(rules: SchemeRules, book: Row) -> None:
    missing = [name for name in NEEDED if name not in {row.id for row in rules.thresholds}]
    if missing:
        raise book.wrong(f"缺少 threshold {'、'.join(missing)}")
    if {row.id for row in rules.validity} != set(LEVELS) or not any(row.id == "ct" for row in rules.series):
        raise book.wrong("应有 low、high 两个 validity 和 ct 系列")


def read_surveys(book: Row) -> tuple[Item, ...]:
    """surveys.toml. ValueError names the row that is wrong."""
    items = tuple(_item(row) for row in book.rows("item"))
    book.close()
    if len({item.id for item in items}) != len(items) or not items:
        raise book.wrong("编号重复，或一行也没有")
    return items


def _item(row: Row) -> Item:
    made = Item(row.text("id"), row.text("question"), row.texts("levels"), row.basis(), row.texts("groups", ()),
                _when(row.row("when")), row.flag("may_not_apply", False))
    row.close()
    if not set(made.levels) <= set(LEVELS):
        raise row.wrong("levels 应为 low 或 high")
    return made


def _when(row: Row | None) -> When | None:
    if row is None:
        return None
    when = When(row.text("field"), row.texts("values", ()), row.texts("unless", ()))
    row.close()
    if when.field not in FIELDS:
        raise row.wrong(f"没有这样的字段 {when.field}")
    return when


def read_evidence(book: Row) -> tuple[Evidence, ...]:
    """evidence.toml. ValueError names the row that is wrong."""
    proofs = tuple(_evidence(row) for row in book.rows("evidence"))
    book.close()
    if len({proof.code for proof in proofs}) != len(proofs):
        raise book.wrong("code 重复")
    return proofs


def _evidence(row: Row) -> Evidence:
    made = Evidence(row.text("code"), row.text("name"), row.text("stage"), row.number("least"), row.flag("blocks"),
                    row.texts("levels"), row.basis(), row.texts("groups", ()), _when(row.row("when")),
                    row.text("hint", ""))
    row.close()
    if not set(made.levels) <= set(LEVELS):
        raise row.wrong("levels 应为 low 或 high")
    if not re.fullmatch(r"P\d{2}", made.code):
        raise row.wrong("code 应为 P 和两位数字，如 P01，与资料的 M 编号分开")
    return made


def read_approvals(book: Row) -> Approvals:
    """approvals.toml. ValueError names the row that is wrong."""
    made = Approvals(
        routes=tuple(_route(row) for row in book.rows("route")),
        stand_in=book.texts("stand_in", ()),
        four_eyes=book.flag("four_eyes"),
        days=book.number("days"),
        fallback=book.text("fallback"),
        basis=book.basis(),
    )
    book.close()
    return made


def _route(row: Row) -> Route:
    made = Route(
        id=row.text("id"), name=row.text("name"), basis=row.basis(), posts=row.texts("posts", ()),
        auto=row.flag("auto", False), levels=row.texts("levels", ()), voltages=row.texts("voltages", ()),
        kinds=row.texts("kinds", ()), over=row.number("over", 0), most=row.number("most", 0),
        when=_when(row.row("when")), verdict=row.text("verdict", ""))
    row.close()
    if made.over and made.most and made.most <= made.over:
        raise row.wrong("most 应大于 over")
    if made.auto == bool(made.posts):
        raise row.wrong("posts 和 auto 写一个")
    if made.verdict not in ("", "通过", "提示", "不符") or not set(made.levels) <= set(LEVELS):
        raise row.wrong("verdict 应为 通过、提示 或 不符，levels 应为 low 或 high")
    return made


def read_corrections(book: Row) -> tuple[Correctable, ...]:
    """corrections.toml. ValueError names the row that is wrong."""
    rows = tuple(_correctable(row) for row in book.rows("item"))
    book.close()
    return rows


def _correctable(row: Row) -> Correctable:
    made = Correctable(row.text("id"), row.text("name"), row.texts("fields"), row.texts("before"),
                       row.texts("asked_by"), row.basis())
    row.close()
    if strange := [name for name in made.fields if name not in FIELDS]:
        raise row.wrong(f"没有这样的字段 {'、'.join(strange)}")
    if fixed := [name for name in made.fields if name in WHO_AND_WHERE]:
        raise row.wrong(f"{'、'.join(FIELDS[name].label for name in fixed)} 不能更正：填错的终止后重新受理")
    return made
