"""The release of the catalogue: its files as frozen values, each subject read when it is first asked.

Light to import and to load, since the first window waits for it: only the standard library, and of the kinds only
those that are met. `check_whole` reads everything; a release is checked so before it takes effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from desktop.catalog.books import read_contracts, read_ladder, read_voltages
from desktop.catalog.calendar_file import calendar_of, load_calendar, read_calendar
from desktop.catalog.clock_file import read_clock
from desktop.catalog.dictionary import called, whole
from desktop.catalog.files import BASE_REGION, HEAD, KINDS, OWN, Files
from desktop.catalog.material_file import read_paper_kinds
from desktop.catalog.process_file import read_process
from desktop.catalog.row import Row
from desktop.domain.calendar import Conventions, WorkCalendar
from desktop.domain.clock import ClockRules
from desktop.domain.contract import ContractKind, Pairing, StandIn
from desktop.domain.material import PaperKind
from desktop.domain.process import Process
from desktop.domain.reminder import Ladder
from desktop.domain.voltage import VoltageRange
from desktop.errors import Refusal

if TYPE_CHECKING:
    from desktop.catalog.ladder_file import Ladders
    from desktop.catalog.progress_words import ProgressWords
    from desktop.domain.approval import Approvals
    from desktop.domain.case_ledger import CaseWords
    from desktop.domain.correction import Correctable
    from desktop.domain.evidence import Evidence
    from desktop.domain.fee import FeeBook
    from desktop.domain.inspection import InspectionBook
    from desktop.domain.ledger_heads import LedgerWords
    from desktop.domain.sizing import SchemeRules
    from desktop.domain.survey import Item

__all__ = ["FOLDER", "Catalog", "Head", "Kinds", "catalog_of", "load_calendar", "load_catalog", "read_calendar",
           "read_head"]

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Head:
    """Who a release is: its id, since when it is in effect and where. `order`: the kinds as the clerk sees them,
    `first` the one that is meant where nothing is said.

    `base`: the release over which its files are laid, where it brings only what is its own.
    """

    id: str
    name: str
    region: str
    effective: date
    order: tuple[str, ...] = ()
    base: str = ""
    first: str = ""


def read_head(row: Row) -> Head:
    """The head of a release, from its release.toml. ValueError names what is wrong."""
    effective = row.day("effective")
    assert effective is not None  # it has no default
    head = Head(row.text("id"), row.text("name"), row.text("region"), effective, row.texts("order", ()),
                row.text("base", ""), row.text("first", ""))
    row.text("digest", "")
    row.texts(OWN, ())
    row.text(BASE_REGION, "")
    row.close()
    return head


class Kinds(Mapping[str, Process]):
    """The kinds of application by id, each read from its file when it is first asked for."""

    def __init__(self, files: Files, head: Head) -> None:
        names = {name.removeprefix(KINDS).removesuffix(".toml"): name for name in files.names(KINDS)}
        ordered = [kind for kind in head.order if kind in names]
        self._names = {kind: names[kind] for kind in (*ordered, *(kind for kind in names if kind not in ordered))}
        self._files, self._head = files, head
        self._read: dict[str, Process] = {}

    def __getitem__(self, kind: str) -> Process:
        if kind not in self._read:
            name = self._names[kind]
            row = Row(whole(self._files, name), f"{kind}.toml", self._files.region(name))
            process = read_process(row, self._head.id, self._head.effective)
            if process.id != kind:
                raise ValueError(f"{kind}.toml: 种类的 id 应与文件名相同，现为 {process.id}")
            self._read[kind] = process
        return self._read[kind]

    def meant(self, word: str) -> Process | None:
        """The kind of that id, name, short name or pad number; None where there is none."""
        if word in self._names:
            return self[word]
        found = next((kind for kind, name in self._names.items() if word in called(self._files, name)), None)
        return None if found is None else self[found]

    def taken_on(self, day: date) -> tuple[Process, ...]:
        """The kinds that are offered to who applies on that day; all, each with its reason, where none is taken."""
        return tuple(kind for kind in self.values() if kind.taken_on(day)) or tuple(self.values())

    def __contains__(self, kind: object) -> bool:
        return kind in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Catalog:
    """All dated rules of one release. `calendar` covers the years whose files are there; `as_of` is the day of which
    its books are asked, None for all rows whenever they hold."""

    release: str
    name: str
    region: str
    effective: date
    calendar: WorkCalendar
    files: Files
    head: Head
    as_of: date | None = None

    @cached_property
    def processes(self) -> Kinds:
        return Kinds(self.files, self.head)

    @cached_property
    def contract_kinds(self) -> Mapping[str, ContractKind]:
        return _by_id("contracts.toml", self._contracts[0])

    @property
    def stand_ins(self) -> tuple[StandIn, ...]:
        """What a contract's blanks say where nobody said otherwise."""
        return self._held(self._contracts[1])

    @property
    def pairings(self) -> tuple[Pairing, ...]:
        """Which blanks of a contract must fit each other."""
        return self._held(self._contracts[2])

    @cached_property
    def _contracts(self) -> tuple[list[ContractKind], tuple[StandIn, ...], tuple[Pairing, ...]]:
        return read_contracts(self._row("contracts.toml"))

    @cached_property
    def ladder(self) -> Ladder:
        return read_ladder(self._row("reminders.toml"))

    @cached_property
    def clock(self) -> ClockRules:
        return read_clock(self._row("clock.toml"))

    @cached_property
    def voltages(self) -> Mapping[str, VoltageRange]:
        return _by_id("voltages.toml", self._held(read_voltages(self._row("voltages.toml"))))

    @cached_property
    def paper_kinds(self) -> tuple[PaperKind, ...]:
        name = "paper_kinds.toml"
        return self._held(read_paper_kinds(self._row(name))) if name in self.files else ()

    @cached_property
    def fees(self) -> FeeBook:
        from desktop.catalog.fee_file import read_fees

        return read_fees(self._row("fees.toml"))

    @cached_property
    def inspections(self) -> InspectionBook:
        from desktop.catalog.inspection_file import read_inspections

        return read_inspections(self._row("inspections.toml"))

    @cached_property
    def schemes(self) -> SchemeRules:
        from desktop.catalog.stage_rules import read_schemes

        return read_schemes(self._row("schemes.toml"))

    @cached_property
    def surveys(self) -> tuple[Item, ...]:
        from desktop.catalog.stage_rules import read_surveys

        return self._held(read_surveys(self._row("surveys.toml")))

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        from desktop.catalog.stage_rules import read_evidence

        name = "evidence.toml"
        return read_evidence(self._row(name)) if name in self.files else ()

    @cached_property
    def approvals(self) -> Approvals:
        from desktop.catalog.stage_rules import read_approvals

        return read_approvals(self._row("approvals.toml"))

    @cached_property
    def corrections(self) -> tuple[Correctable, ...]:
        from desktop.catalog.stage_rules import read_corrections

        name = "corrections.toml"
        return read_corrections(self._row(name)) if name in self.files else ()

    @cached_property
    def progress(self) -> ProgressWords:
        from desktop.catalog.progress_words import read_progress

        return read_progress(self._row("progress.toml"))

    @cached_property
    def ladders(self) -> Ladders:
        from desktop.catalog.ladder_file import read_ladders

        return read_ladders(self._row("ladder.toml"))

    @cached_property
    def ledger_words(self) -> LedgerWords:
        from desktop.catalog.ledger_words import read_ledger_words

        return read_ledger_words(self._row("ledger.toml"), {k.id: k.unit for k in self.contract_kinds.values()})

    @cached_property
    def case_words(self) -> CaseWords:
        from desktop.catalog.case_words import read_case_words

        return read_case_words(self._row("case_ledger.toml"), self.processes)

    def _held(self, rows: Iterable[Any]) -> tuple[Any, ...]:
        """Those of a book's rows that hold today; before its own day a release is read as of then."""
        if self.as_of is None:
            return tuple(rows)
        day = max(self.as_of, self.effective)
        return tuple(row for row in rows if row.basis.holds_on(day))

    @property
    def first_kind(self) -> str:
        """The kind of application that is meant where nothing is said."""
        return self.head.first if self.head.first in self.processes else next(iter(self.processes))

    def usual_kind(self, day: date) -> str:
        """The kind that is meant on that day where nothing is said: the first, or where it is over the next."""
        if self.processes[self.first_kind].taken_on(day):
            return self.first_kind  # the others are not even read
        offered = [kind.id for kind in self.processes.taken_on(day)]
        return self.first_kind if self.first_kind in offered else offered[0]

    def kind_taken(self, word: str, day: date) -> Process:
        """The kind of that id, name, short name or pad number (empty: the usual one) for who applies on that day.

        Refused with those that are taken where there is none, or it is over or has not begun.
        """
        found = self.processes.meant(word or self.usual_kind(day))
        if found is not None and found.taken_on(day):
            return found
        known = "、".join(f"{each.pad} {each.name}".strip() for each in self.processes.taken_on(day))
        told = f"没有“{word}”这种业务。" if found is None else not_taken(found, day)
        raise Refusal(f"{told}现在能受理的有：{known}。", "kind")

    def kind_named(self, word: str) -> ContractKind | None:
        """The contract kind of that id or name, or None."""
        return next((k for k in self.contract_kinds.values() if word in (k.id, k.name)), None)

    def _row(self, name: str) -> Row:
        return self.files.row(name, self.files.region(name))


def not_taken(kind: Process, day: date) -> str:
    """Why who applies on that day may not apply for this kind, as a sentence."""
    until = kind.basis.until
    if until is not None and day > until:
        return (f"“{kind.name}”的失效日是 {until.isoformat()}，{day.isoformat()} 的申请不再受理，请改办别的业务"
                f"（依据：{kind.basis.text}）；此前受理的工单照办到底。")
    return f"“{kind.name}”自 {kind.basis.effective.isoformat()} 起才受理，{day.isoformat()} 的申请还不能办。"


def load_catalog(folder: Path | None = None, calendars: Path | None = None) -> Catalog:
    """The catalogue in `folder` (default: the one shipped). ValueError names the file and row that is wrong.

    `calendars` is the hall's own folder of year files, which need not exist; they go before those shipped. One that
    is wrong is the hall's Trouble, named with its place.
    """
    return catalog_of(Files.of_folder(folder or FOLDER), calendars)


def catalog_of(files: Files, calendars: Path | None = None) -> Catalog:
    """The catalogue of these files, as `load_catalog` tells it."""
    head = read_head(files.row(HEAD))
    years = (files.row(name) for name in files.names("calendars/"))
    calendar = calendar_of(years, calendars, lambda: conventions_of(files))
    return Catalog(head.id, head.name, head.region, head.effective, calendar, files, head)


def conventions_of(files: Files) -> Conventions:
    """How a day is read under these rules."""
    return read_clock(files.row("clock.toml", files.region("clock.toml"))).conventions


def _by_id(name: str, values: Sequence[Any]) -> Mapping[str, Any]:
    found = {value.id: value for value in values}
    if len(found) != len(values):
        twice = sorted({value.id for value in values if sum(each.id == value.id for each in values) > 1})
        raise ValueError(f"{name}: 编号重复 {'、'.join(twice)}")
    return MappingProxyType(found)
