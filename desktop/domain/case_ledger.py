"""What an export of cases in hand says, row by row: taken, taken with doubts, or given back.

As with a ledger of contracts no row is lost and nothing is guessed: a case that cannot be placed in its process is
given back with why; a cell that cannot be read is left empty and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from desktop.domain.field import FIELDS as DICTIONARY
from desktop.domain.field import check
from desktop.domain.kind import tidied
from desktop.domain.ledger import DOUBTFUL, RETURNED, TAKEN, Skipped, kind_of
from desktop.domain.ledger_cells import (
    Cell,
    Sheet,
    cell_text,
    is_blank,
    plain_digits,
    read_account,
    read_capacity,
    read_identity,
    read_phone,
    squared,
    tight,
    trimmed,
)
from desktop.domain.ledger_dates import read_date
from desktop.domain.ledger_heads import Head, LedgerWords, fill_merged, find_head, is_column_numbers, is_repeated_head
from desktop.domain.process import Process, Stage, Subject
from desktop.domain.voltage import voltage_named

FIELDS = ("number", "account", "name", "kind", "stage", "accepted", "arrived", "address", "capacity", "voltage",
          "nature", "phone", "id_number", "contact", "handler", "note")
_NEEDED = frozenset({"number", "stage"})  # a table without these columns is no export of cases


@dataclass(frozen=True)
class CaseWords:
    """The words of such exports: columns and kinds as a ledger has them, stages by their codes, and what says that a
    case is in hand no longer."""

    columns: LedgerWords
    stages: Mapping[str, str]
    closed: frozenset[str]


class CaseRow(NamedTuple):
    """One row: its cells as given and what they plainly say. `key` is the other system's number; `answers` are those
    of the application; `reason` says why a row is given back, `doubts` what was left empty."""

    sheet: str
    row: int
    cells: tuple[Cell, ...]
    key: str
    account: str = ""
    name: str = ""
    kind_id: str = ""
    kind_word: str = ""
    stage_id: str = ""
    stage_word: str = ""
    accepted: date | None = None
    arrived: date | None = None
    handler: str = ""
    answers: Mapping[str, str] = {}
    result: str = TAKEN
    doubts: tuple[str, ...] = ()
    reason: str = ""

    @property
    def reasons(self) -> str:
        """Everything that keeps the row from being simply taken."""
        return self.reason or "；".join(self.doubts)

    def given_back(self, reason: str) -> CaseRow:
        return self._replace(result=RETURNED, reason=reason)


@dataclass(frozen=True)
class CaseLedger:
    """A whole export, understood."""

    rows: tuple[CaseRow, ...]
    skipped: tuple[Skipped, ...]
    heads: dict[str, tuple[Cell, ...]]


def read_cases(sheets: tuple[Sheet, ...], words: CaseWords, processes: Mapping[str, Process],
               today: date) -> CaseLedger:
    """Understand every row of every sheet. `processes` are the kinds that can be taken, by id."""
    rows: list[CaseRow] = []
    skipped: list[Skipped] = []
    heads: dict[str, tuple[Cell, ...]] = {}
    for sheet in map(squared, sheets):
        for found in _sheet(sheet, words, heads, processes, today):
            (rows if isinstance(found, CaseRow) else skipped).append(found)  # type: ignore[arg-type]
    return CaseLedger(tuple(rows), tuple(skipped), heads)


def _sheet(sheet: Sheet, words: CaseWords, heads: dict[str, tuple[Cell, ...]], processes: Mapping[str, Process],
           today: date) -> Iterator[CaseRow | Skipped]:
    filled = fill_merged(sheet)
    head: Head | None = None
    under = 0
    for index, given in enumerate(sheet.rows):
        number = sheet.first_row + index
        if under:
            under -= 1
            yield Skipped(sheet.name, number, "表头", _first(given))
        elif found := find_head(filled, index, words.columns):
            head, under = found, found.height - 1
            heads.setdefault(sheet.name, sheet.rows[index + under])
            yield Skipped(sheet.name, number, "表头", _first(given))
        elif why := _no_data(given, head, words):
            yield Skipped(sheet.name, number, why, _first(given))
        else:
            assert head is not None
            place = _Place(sheet.name, number, given, filled[index], head.layouts[0].columns, sheet.is_1904)
            yield _Reader(place, words, processes, today).row()


def _no_data(row: tuple[Cell, ...], head: Head | None, words: CaseWords) -> str:
    """Why a row is none of a case; '' when it is one."""
    if all(map(is_blank, row)):
        return "空行"
    if head is None or not set(head.layouts[0].columns) >= _NEEDED:
        return "标题"
    if is_repeated_head(row, head.layouts[0]):
        return "表头"
    if is_column_numbers(row):
        return "栏号"
    said = [tight(cell_text(cell)) for cell in row if not is_blank(cell)]
    if said[0].startswith(words.columns.totals) and is_blank(row[head.layouts[0].columns["stage"]]):
        return "小计合计"
    return "说明" if all(text.startswith(words.columns.footers) for text in said) else ""


def _first(row: tuple[Cell, ...]) -> str:
    return next((trimmed(cell) for cell in row if not is_blank(cell)), "")


@dataclass
class _Place:
    sheet: str
    number: int
    given: tuple[Cell, ...]
    filled: tuple[Cell, ...]
    columns: Mapping[str, int]
    is_1904: bool

    def cell(self, name: str) -> Cell:
        return self.filled[self.columns[name]] if name in self.columns else None


@dataclass
class _Reader:
    """Reads one row; its doubts gather, its first impossibility gives it back."""

    place: _Place
    words: CaseWords
    processes: Mapping[str, Process]
    today: date
    doubts: list[str] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)

    def row(self) -> CaseRow:
        key, name = self._key(), self._text("name")
        process = self._process()
        accepted = self._accepted()
        stage = self._stage(process)
        account = self._account(process)
        arrived = self._arrived(accepted)
        answers = self._answers(process, key, account, name)
        if not name:
            self.impossible.append("没有户名")
        result = RETURNED if self.impossible else DOUBTFUL if self.doubts else TAKEN
        return CaseRow(
            sheet=self.place.sheet, row=self.place.number, cells=self.place.given, key=key, account=account, name=name,
            kind_id=process.id if process else "", kind_word=self._text("kind"), stage_id=stage.id if stage else "",
            stage_word=self._text("stage"), accepted=accepted, arrived=arrived, handler=self._text("handler"),
            answers=answers, result=result, doubts=tuple(self.doubts),
            reason="；".join(self.impossible))

    def _text(self, name: str) -> str:
        said = trimmed(self.place.cell(name))
        return "" if self.words.columns.says_nothing(said) else said

    def _key(self) -> str:
        key = plain_digits(self._text("number"))
        if not key:
            self.impossible.append("没有申请编号")
        elif wrong := check("yx_application", key):
            self.impossible.append(f"申请编号有误：{wrong}")
        return key

    def _process(self) -> Process | None:
        word = self._text("kind")
        process = self.processes.get(kind_of(word, self.words.columns) or "")
        if process is None:
            said = f"业务类型“{word[:20]}”不在目录里" if word else "没有写业务类型"
            self.impossible.append(f"{said}，请改为目录里的名称")
        return process

    def _accepted(self) -> date | None:
        read = read_date(self.place.cell("accepted"), self.place.is_1904)
        if read.day is None:
            self.impossible.append("没有受理日期，时限无从算起" if read.fault == "blank" else "受理日期不是明确的日期")
        elif read.day > self.today:
            self.impossible.append(f"受理日期 {read.day.isoformat()} 在今天之后")
        return read.day

    def _stage(self, process: Process | None) -> Stage | None:
        word = tight(self._text("stage")).upper()
        if word in self.words.closed:
            self.impossible.append(f"已不是在办工单（{self._text('stage')}）")
            return None
        if process is None:
            return None
        own = {tight(each.name).upper(): each for each in process.stages} | {each.id: each for each in process.stages}
        stage = own.get(word) or process.stage_by_id.get(self.words.stages.get(word, ""))
        if stage is None:
            known = "、".join(each.name for each in process.stages)
            said = f"环节“{self._text('stage')[:20]}”" if word else "没有写当前环节；它"
            self.impossible.append(f"{said}不是“{process.name}”的环节（{known}）")
        return stage

    def _account(self, process: Process | None) -> str:
        account, fault = read_account(self.place.cell("account"))
        if fault == "blank" or self.words.columns.says_nothing(account):
            account, fault = "", "blank"
        if process is not None and process.subject == Subject.ACCOUNT and fault:
            self.impossible.append(f"“{process.name}”要有 10、13 或 16 位户号")
        elif fault not in ("", "blank"):
            self.doubts.append("户号的位数或数字不对，户号留空，请核对")
        return "" if fault else account

    def _arrived(self, accepted: date | None) -> date | None:
        read = read_date(self.place.cell("arrived"), self.place.is_1904)
        if read.day is None:
            said = "没有到达当前环节的日期" if read.fault == "blank" else "到达当前环节的日期不明确"
            self.doubts.append(f"{said}，本环节的时限自受理日起算")
            return accepted
        if accepted is not None and not accepted <= read.day <= self.today:
            self.doubts.append(f"到达当前环节的日期 {read.day.isoformat()} 不在受理日与今天之间，时限自受理日起算")
            return accepted
        return read.day

    def _answers(self, process: Process | None, key: str, account: str, name: str) -> dict[str, str]:
        identity = read_identity(self.place.cell("id_number"))
        if identity.fault:
            self.doubts.append("证件号码的校验位不对或已被 Excel 改动，证件号码留空，请照证件补填")
        number = "" if identity.fault else identity.number
        said = {
            "yx_application": key, "yx_account": account, "customer_name": name, "customer_id": number,
            "customer_id_kind": identity.paper if number else "", "usage_address": self._text("address"),
            "customer_phone": self._phone(), "contact_name": self._text("contact"),
            "usage_nature": self._choice("usage_nature", "nature"),
            "voltage": self._voltage(), "note": self._text("note"), **self._capacity(process),
        }
        if not said["usage_address"]:
            self.doubts.append("没有用电地址，请补填")
        asked = process.fields if process else tuple(said)
        return {field: value for field, value in said.items() if value and field in asked}

    def _phone(self) -> str:
        phone = read_phone(self.place.cell("phone"))
        if not phone or self.words.columns.says_nothing(phone):
            return ""
        if check("customer_phone", phone):
            self.doubts.append("联系电话不是手机号或带区号的固定电话，电话留空")
            return ""
        return phone

    def _choice(self, name: str, column: str) -> str:
        said = self._text(column)
        choices = DICTIONARY[name].choices
        return said if said in choices else next((each for each in choices if said and each in said), "")

    def _voltage(self) -> str:
        said = self._text("voltage")
        voltage = voltage_named(said) or "" if said else ""
        if said and not voltage:
            self.doubts.append(f"供电电压“{said[:12]}”认不出，留空")
        return voltage

    def _capacity(self, process: Process | None) -> dict[str, str]:
        cell = self.place.cell("capacity")
        if is_blank(cell):
            return {}
        figure = read_capacity(cell)
        if figure is None:
            self.doubts.append("申请容量认不出，留空")
            return {}
        unit = "capacity_kva" if process is not None and "capacity_kva" in process.fields else "capacity_kw"
        return {unit: tidied("number", format(figure, "f"))}
