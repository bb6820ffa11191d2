"""The release of the catalogue: all files of this folder read, checked whole, and given as frozen values.

Light to import and to load, since the first window waits for it: only the standard library, small files.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from desktop.catalog.material_file import read_paper_kinds
from desktop.catalog.process_file import read_process
from desktop.catalog.row import Row
from desktop.domain.calendar import CalendarYear, Mark, WorkCalendar
from desktop.domain.contract import ContractKind, Renewal, RenewalMode
from desktop.domain.material import PaperKind
from desktop.domain.process import Process
from desktop.domain.reminder import Band, Ladder, Urgency
from desktop.domain.voltage import VoltageRange
from desktop.errors import Trouble

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Catalog:
    """All dated rules of one release. `calendar` covers the years whose files are there."""

    release: str
    name: str
    region: str
    effective: date
    processes: Mapping[str, Process]
    contract_kinds: Mapping[str, ContractKind]
    calendar: WorkCalendar
    ladder: Ladder
    voltages: Mapping[str, VoltageRange]
    paper_kinds: tuple[PaperKind, ...] = ()

    def kind_named(self, word: str) -> ContractKind | None:
        """The contract kind of that id or name, or None."""
        return next((k for k in self.contract_kinds.values() if word in (k.id, k.name)), None)


def load_catalog(folder: Path | None = None, calendars: Path | None = None) -> Catalog:
    """The catalogue in `folder` (default: the one shipped). ValueError names the file and row that is wrong.

    `calendars` is the hall's own folder of year files, which need not exist; they go before those shipped. One that
    is wrong is the hall's Trouble, named with its place.
    """
    folder = folder or FOLDER
    head = _toml(folder / "release.toml")
    release, region = head.text("id"), head.text("region")
    name, effective = head.text("name"), head.day("effective")
    head.close()
    assert effective is not None
    catalog = Catalog(
        release=release,
        name=name,
        region=region,
        effective=effective,
        processes=_by_id(_processes(folder, release, region)),
        contract_kinds=_by_id(_contract_kinds(folder, region)),
        calendar=load_calendar(folder / "calendars", calendars),
        ladder=_ladder(folder, region),
        voltages=_by_id(_voltages(folder, region)),
        paper_kinds=_paper_kinds(folder, region),
    )
    _check_whole(catalog)
    return catalog


def load_calendar(folder: Path, extra: Path | None = None) -> WorkCalendar:
    """The calendar of all year files in `folder`; those of `extra` (a hall's own) replace them by year."""
    years = [read_calendar(path) for path in sorted(folder.glob("*.json"))]
    own = [_own_calendar(path) for path in sorted(extra.glob("*.json"))] if extra else []
    return WorkCalendar({year.year: year for year in (*years, *own)})


def _own_calendar(path: Path) -> CalendarYear:
    try:
        return read_calendar(path)
    except ValueError as error:
        advice = "请更正这个文件，或把它移出 calendars 文件夹。"
        raise Trouble(f"工作日历文件 {path.name} 读不懂（{error}）。", advice) from error


def read_calendar(path: Path) -> CalendarYear:
    """One year in the public form (`year`, `papers`, `days` with name, date, isOffDay) and our own `provisional`.

    ValueError names the file and day that is wrong.
    """
    row = _json(path)
    year = row.number("year")
    papers, provisional, note = row.texts("papers", ()), row.flag("provisional", False), row.text("note", "")
    row.text("$schema", ""), row.text("$id", "")
    days = dict(_calendar_day(day, year) for day in row.rows("days"))
    row.close()
    if not days:
        raise row.wrong("days is empty: this year has not been announced")
    return CalendarYear(year, MappingProxyType(days), papers, provisional, note)


def _calendar_day(row: Row, year: int) -> tuple[date, Mark]:
    day = row.day("date")
    mark = Mark(row.text("name"), row.flag("isOffDay"))
    row.close()
    if day is None or not date(year - 1, 12, 1) <= day <= date(year, 12, 31):
        raise row.wrong(f"date lies outside of {year} and of the December before it")
    return day, mark


def _processes(folder: Path, release: str, region: str) -> list[Process]:
    files = sorted((folder / "processes").glob("*.toml"))
    return [read_process(_toml(path, region), release) for path in files]


def _contract_kinds(folder: Path, region: str) -> list[ContractKind]:
    book = _toml(folder / "contracts.toml", region)
    kinds = [_contract_kind(row) for row in book.rows("kind")]
    book.close()
    return kinds


def _contract_kind(row: Row) -> ContractKind:
    mode = row.text("renewal")
    if mode not in list(RenewalMode):
        raise row.wrong(f"renewal {mode} is none of {', '.join(RenewalMode)}")
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
    return kind


def _voltages(folder: Path, region: str) -> list[VoltageRange]:
    book = _toml(folder / "voltages.toml", region)
    ranges = [_voltage(row) for row in book.rows("voltage")]
    book.close()
    return ranges


def _voltage(row: Row) -> VoltageRange:
    found = VoltageRange(row.text("id"), row.text("unit"), row.number("least"), row.number("most"), row.basis())
    row.close()
    if found.unit not in ("kW", "kVA") or 0 < found.most < found.least:
        raise row.wrong("unit is kW or kVA, and most is not below least")
    return found


def _ladder(folder: Path, region: str) -> Ladder:
    row = _toml(folder / "reminders.toml", region)
    bands = [_band(b) for b in row.rows("band")]
    urgencies = {u: _urgency(row, u, v) for u, v in row.mapping("urgency").items()}
    ladder = Ladder(
        bands=tuple(sorted(bands, key=lambda band: -band.days)),
        urgencies=MappingProxyType(urgencies),
        passed=row.text("passed"),
        unknown=row.text("unknown"),
        stage_levels=MappingProxyType(row.mapping("stage_levels")),
        paper_days=row.number("paper_days"),
        unreturned_days=row.number("unreturned_days"),
        unreturned_urgency=row.text("unreturned_urgency"),
        actions=MappingProxyType({k: tuple(v) for k, v in row.mapping("actions").items()}),
        basis=row.basis(),
    )
    row.close()
    _check_ladder(ladder, row)
    return ladder


def _band(row: Row) -> Band:
    band = Band(row.number("days"), row.text("word"), row.text("urgency"))
    row.close()
    return band


def _urgency(book: Row, name: str, data: Any) -> Urgency:
    row = Row(data, f"{book.where} urgency {name}")
    urgency = Urgency(name, row.text("word"), row.text("shape"), row.text("colour"))
    row.close()
    return urgency


def _check_ladder(ladder: Ladder, row: Row) -> None:
    used = {ladder.passed, ladder.unknown, ladder.unreturned_urgency, *ladder.stage_levels.values()}
    strange = (used | {band.urgency for band in ladder.bands}) - set(ladder.urgencies)
    if strange or not ladder.bands:
        raise row.wrong(f"no such urgency: {', '.join(sorted(strange))}" if strange else "no bands")


def _paper_kinds(folder: Path, region: str) -> tuple[PaperKind, ...]:
    file = folder / "paper_kinds.toml"
    return read_paper_kinds(_toml(file, region)) if file.exists() else ()


def _check_whole(catalog: Catalog) -> None:
    groups = {kind.group for kind in catalog.paper_kinds}
    for process in catalog.processes.values():
        strange = {group for material in process.materials for group in material.kinds} - groups
        if strange:
            raise ValueError(f"process {process.id}: no kinds of paper in group {', '.join(sorted(strange))}")
        if process.contract_kind not in catalog.contract_kinds:
            raise ValueError(f"process {process.id}: no contract kind {process.contract_kind}")


def _by_id(values: list[Any]) -> Mapping[str, Any]:
    found = {value.id: value for value in values}
    if len(found) != len(values):
        raise ValueError(f"an id stands twice among {', '.join(value.id for value in values)}")
    return MappingProxyType(found)


def _toml(path: Path, region: str = "全国") -> Row:
    try:
        return Row(tomllib.loads(path.read_text("utf-8")), path.name, region)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _json(path: Path) -> Row:
    try:
        data = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    if not isinstance(data, dict):
        raise ValueError(f"{path.name}: a calendar year is one object")
    return Row(data, path.name)
