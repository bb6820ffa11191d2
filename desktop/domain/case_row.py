"""One row of an export of cases in hand: its words, what it plainly says, and why it is doubted or given back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from desktop.domain.course import Course
from desktop.domain.course_cells import DONE, OWNER, CourseReader, stage_column
from desktop.domain.field import FIELDS as DICTIONARY
from desktop.domain.field import check
from desktop.domain.kind import tidied
from desktop.domain.ledger import DOUBTFUL, RETURNED, TAKEN, kind_of
from desktop.domain.ledger_cells import (
    Cell,
    cell_text,
    is_blank,
    is_cut,
    plain_digits,
    read_account,
    read_capacity,
    read_identity,
    read_phone,
    tight,
    trimmed,
)
from desktop.domain.ledger_dates import read_date
from desktop.domain.ledger_heads import LedgerWords
from desktop.domain.process import Process, Stage, Subject
from desktop.domain.voltage import voltage_named

FIELDS = ("number", "task", "account", "name", "kind", "class", "stage", "state", "accepted", "arrived", "finished",
          "address", "capacity", "total", "original", "added", "voltage", "phases", "source_kind", "important",
          "special", "works", "nature", "phone", "id_number", "id_kind", "contact", "contract", "wanted", "acceptor",
          "handler", "paused", "resumed", "pause_reason", "note")
_SEVERAL = re.compile(r"[、,;+/&|]|和|及")
_CODE = re.compile(r"[(\[]?(\d{2,6})[)\]]?[-_:.、|/]?(?=\D|$)")
_SIGNS = str.maketrans("", "", "()[]【】/-")  # 高压新装/单电源
_TOTAL = "增容"  # the group whose capacity is that of old and new together


@dataclass(frozen=True)
class CaseWords:
    """The words of such exports: columns and kinds as a ledger has them, stages by their codes, and what says that a
    case is in hand no longer (`closed`) or stands still (`halted`).

    `classes` are the words for codes of customer classes; `by_voltage` the kinds (low, high) of words that do not say
    at which voltage; `dual` the kind of two sources for one that is of one source. `instead`: which stages stand for
    one that a kind has not.
    """

    columns: LedgerWords
    stages: Mapping[str, str]
    closed: frozenset[str]
    halted: frozenset[str] = frozenset()
    classes: Mapping[str, str] = field(default_factory=dict)
    by_voltage: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    dual: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class CaseRow(NamedTuple):
    """One row: its cells as given and what they plainly say. `key` is the other system's number; `answers` are those
    of the application, `course` the stages behind it; `reason` says why a row is given back, `doubts` what was left
    empty, `remarks` what is worth knowing of a row that is taken. `extra` is what has no place of its own. `finished`:
    when the row's stage was done, where rows tell one stage each; `joins`: the row of the case that this one tells
    a stage of."""

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
    acceptor: str = ""
    answers: Mapping[str, str] = {}
    course: Course = Course()
    extra: tuple[str, ...] = ()
    result: str = TAKEN
    doubts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    reason: str = ""
    finished: date | None = None
    joins: int = 0

    @property
    def reasons(self) -> str:
        """Everything that keeps the row from being simply taken, and what is worth knowing of it."""
        said = (self.reason,) if self.reason else ()
        return "；".join((*said, *(each for each in (*self.doubts, *self.remarks) if each not in self.reason)))

    @property
    def stage_ids(self) -> tuple[str, ...]:
        """The stages that are open now; several where they run beside each other."""
        return self.course.at

    def given_back(self, reason: str) -> CaseRow:
        return self._replace(result=RETURNED, reason=reason)


@dataclass
class Place:
    """A row where it stands. `history`: rows that tell of other stages of the same case (their stage, the day it was
    done, who did it)."""

    sheet: str
    number: int
    given: tuple[Cell, ...]
    filled: tuple[Cell, ...]
    columns: Mapping[str, int]
    is_1904: bool
    words: LedgerWords
    history: list[Place] = field(default_factory=list)
    told: dict[str, Cell] = field(default_factory=dict)

    def cell(self, name: str) -> Cell:
        if name in self.told:
            return self.told[name]
        return self.filled[self.columns[name]] if name in self.columns else None

    def text(self, name: str) -> str:
        said = trimmed(self.cell(name))
        return "" if self.words.says_nothing(said) else said

    @property
    def key(self) -> str:
        """The column of the application's number, or of the 工单 where there is no other."""
        return "number" if "number" in self.columns else "task"

    def tell(self, name: str, cell: Cell) -> None:
        """A cell that stands in another row of the same case."""
        self.told[name] = cell
        self.columns = {**self.columns, name: -1}


@dataclass
class RowReader:
    """Reads one row; its doubts gather, its impossibilities give it back."""

    place: Place
    words: CaseWords
    processes: Mapping[str, Process]
    today: date
    doubts: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)
    is_strange: bool = False  # the kind was given back with a sentence of its own

    def row(self) -> CaseRow:
        key, name = self._key(), self._text("name")
        process = self._process()
        accepted = self._accepted()
        stages = self._stages(process)
        account = self._account(process)
        answers = self._answers(process, key, account, name)
        course = self._course(process, stages, accepted, answers)
        if not name:
            self.impossible.append("没有户名")
        result = RETURNED if self.impossible else DOUBTFUL if self.doubts else TAKEN
        return CaseRow(
            sheet=self.place.sheet, row=self.place.number, cells=self.place.given, key=key, account=account, name=name,
            kind_id=process.id if process else "", kind_word=self._text("kind"),
            stage_id=stages[0].id if stages else "", stage_word=self._text("stage"), accepted=accepted,
            arrived=course.arrived, handler=self._text("handler"), acceptor=self._text("acceptor"), answers=answers,
            course=course, extra=self._extra(process, course), result=result, doubts=tuple(self.doubts),
            remarks=tuple(self.remarks), reason="；".join(self.impossible))

    def _text(self, name: str) -> str:
        return self.place.text(name)

    def _key(self) -> str:
        key = plain_digits(self._text(self.place.key))
        if is_cut(self.place.cell(self.place.key)):
            self.impossible.append("申请编号已被 Excel 改成数字，末几位不可靠，请按文本重新导出")
        elif not key:
            self.impossible.append("没有申请编号")
        elif wrong := check("yx_application", key):
            self.impossible.append(f"申请编号有误：{wrong}")
        return key

    # ---- which kind

    def _process(self) -> Process | None:
        word = self._text("kind")
        meant = self._kind(word)
        process = self.processes.get(meant)
        if process is None and not self.is_strange:
            said = f"业务类型“{word[:20]}”不在目录里" if word else "没有写业务类型"
            self.impossible.append(f"{said}，请改为目录里的名称")
        return process

    def _kind(self, word: str) -> str:
        """The kind that is meant: by its word or code, with the customer's class, by the voltage, by two sources."""
        said = tight(plain_digits(word)).upper()
        if not said or (kind := self._known(said)):
            return self._by_sources(kind if said else "")
        bare, code = self._without_code(said)
        spoken = {kind for each in (bare, code) if each and (kind := self._known(each))}
        if len(spoken) > 1:
            self._give_back(f"业务类型“{word[:20]}”里的代码和名称不是同一种业务")
            return ""
        return self._by_sources(spoken.pop() if spoken else "")

    def _give_back(self, sentence: str) -> None:
        self.is_strange = True
        self.impossible.append(sentence)

    def _without_code(self, said: str) -> tuple[str, str]:
        found = _CODE.match(said)
        if found is None:
            return said, ""
        code = found[1] if found[1] in self.words.columns.kinds else found[1].zfill(6)
        return said[found.end():].strip("()[]"), code

    def _known(self, word: str) -> str:
        """A word or code as a kind; one that does not say the voltage or the class is asked with these."""
        if pair := self.words.by_voltage.get(word):
            return self._by_voltage(word, pair)
        group = tight(self._text("class"))
        group = self.words.classes.get(group.zfill(2), group)
        words = (word.translate(_SIGNS), word, *((f"{group}{word}", f"{word}{group}") if group else ()))
        return next((kind for each in words if (kind := kind_of(each, self.words.columns))), None) or ""

    def _by_voltage(self, word: str, pair: tuple[str, str]) -> str:
        voltage = voltage_named(self._text("voltage")) if self._text("voltage") else None
        if voltage is None:
            self._give_back(f"“{word}”要看供电电压才知道是低压还是高压，表里没有写明，请补电压或写全业务类型")
            return ""
        return pair[voltage.endswith("kV")]

    def _by_sources(self, kind: str) -> str:
        said = self._text("source_kind")
        dual = any(piece in said for piece in ("双电源", "多电源", "双路", "两路")) or said in ("2", "二", "双")
        return self.words.dual.get(kind, kind) if dual else kind

    # ---- where it stands

    def _accepted(self) -> date | None:
        read = read_date(self.place.cell("accepted"), self.place.is_1904)
        if read.day is None:
            self.impossible.append("没有受理日期，时限无从算起" if read.fault == "blank" else "受理日期不是明确的日期")
        elif read.day > self.today:
            self.impossible.append(f"受理日期 {read.day.isoformat()} 在今天之后")
        return read.day

    def _stages(self, process: Process | None) -> tuple[Stage, ...]:
        """The stages that are open now: one, or several beside each other (竣工检验、合同签订)."""
        word = tight(self._text("stage")).upper()
        ended = next((said for name in ("stage", "state")
                      if tight(said := self._text(name)).upper() in self.words.closed and said), "")
        if ended:
            self.impossible.append(f"已不是在办工单（{ended}）")
        if ended or process is None:
            return ()
        if tight(self._text("state")) in self.words.halted and not self._text("paused"):
            self.doubts.append("原系统里是暂停（挂起）状态而没有起始日期，请在工单里补登记暂停")
        stages = [self._stage(process, each) for each in self._several(process, word)]
        if not stages or None in stages:
            known = "、".join(each.name for each in process.stages)
            said = f"环节“{self._text('stage')[:20]}”" if word else "没有写当前环节；它"
            self.impossible.append(f"{said}不是“{process.name}”的环节（{known}）")
            return ()
        return tuple(dict.fromkeys(each for each in stages if each is not None))

    def _several(self, process: Process, word: str) -> list[str]:
        """The word itself where it names a stage, else its parts."""
        if not word or self._stage(process, word):
            return [word] if word else []
        return [each for each in _SEVERAL.split(word) if each]

    def _stage(self, process: Process, word: str) -> Stage | None:
        own = {tight(each.name).upper(): each for each in process.stages} | {each.id: each for each in process.stages}
        for said in dict.fromkeys((word, *_barer(word))):
            meant = self.words.stages.get(said, "")
            ids = (meant, *self.words.instead.get(meant, ()))
            if found := own.get(said) or next((own[each] for each in ids if each in own), None):
                return found
        return None

    def _course(self, process: Process | None, stages: Sequence[Stage], accepted: date | None,
                answers: Mapping[str, str]) -> Course:
        if process is None or not stages or accepted is None or accepted > self.today:
            return Course(tuple(stage.id for stage in stages))
        self._learn(process)
        reader = CourseReader(self.place, process, self.words.instead, self.today, self.doubts, self.remarks)
        course = reader.course(tuple(stage.id for stage in stages), accepted, answers)
        works = self._works()
        return replace(course, settled={**course.settled, "customer_works": works}) if works else course

    def _learn(self, process: Process) -> None:
        """What other rows tell of the same case's stages, as if it stood in columns of this one."""
        if not self.place.history and not is_blank(self.place.cell("finished")):
            self.doubts.append("当前环节已有完成时间，请核对是否已到下一环节")
        for each in self.place.history:
            stage = self._stage(process, tight(each.text("stage")).upper())
            if stage is None:
                self.doubts.append(f"第 {each.number} 行的“{each.text('stage')[:20]}”不是这种业务的环节，没有采用")
                continue
            self.place.tell(stage_column(DONE, stage.id), each.cell("finished"))
            self.place.tell(stage_column(OWNER, stage.id), each.cell("handler"))

    def _works(self) -> str:
        """Whether the customer builds something of his own: 有受电工程, 无工程."""
        said = tight(self._text("works"))
        if said in ("有", "是", "Y", "1") or ("有受电" in said) or said == "两者有":
            return "有"
        return "无" if said in ("无", "否", "N", "0", "无工程") or "无受电" in said else ""

    def _account(self, process: Process | None) -> str:
        account, fault = read_account(self.place.cell("account"))
        if fault == "blank" or self.words.columns.says_nothing(account):
            account, fault = "", "blank"
        if process is not None and process.subject == Subject.ACCOUNT and fault:
            self.impossible.append(f"“{process.name}”要有 10、13 或 16 位户号")
        elif fault not in ("", "blank"):
            self.doubts.append("户号的位数或数字不对，户号留空，请核对")
        return "" if fault else account

    # ---- the application

    def _answers(self, process: Process | None, key: str, account: str, name: str) -> dict[str, str]:
        identity = read_identity(self.place.cell("id_number"))
        if identity.fault:
            self.doubts.append("证件号码的校验位不对或已被 Excel 改动，证件号码留空，请照证件补填")
        number = "" if identity.fault else identity.number
        said = {
            "yx_application": key, "yx_account": account, "yx_contract": self._text("contract"),
            "customer_name": name, "customer_id": number,
            "customer_id_kind": (identity.paper or self._choice("customer_id_kind", "id_kind")) if number else "",
            "usage_address": self._text("address"), "customer_phone": self._phone(),
            "contact_name": self._text("contact"), "usage_nature": self._choice("usage_nature", "nature"),
            "voltage": self._voltage(), "phases": self._choice("phases", "phases"),
            "important_level": self._important(), "special_load": self._choice("special_load", "special"),
            "source_kind": self._choice("source_kind", "source_kind"),
            **dict.fromkeys(("wanted_on", "wanted_done_on"), self._wanted()),  # the kind asks one of them
            "note": self._text("note"), **self._capacity(process),
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

    def _important(self) -> str:
        said = self._text("important")
        if said in ("否", "普通", "一般", "普通用户", "非重要用户", "非重要"):
            return "非重要"
        return self._choice("important_level", "important")

    def _wanted(self) -> str:
        day = read_date(self.place.cell("wanted"), self.place.is_1904).day
        return day.isoformat() if day else ""

    def _voltage(self) -> str:
        said = self._text("voltage")
        voltage = voltage_named(said) or "" if said else ""
        if said and not voltage:
            self.doubts.append(f"供电电压“{said[:12]}”认不出，留空")
        return voltage

    def _capacity(self, process: Process | None) -> dict[str, str]:
        """The capacity applied for; of more capacity that of old and new together, as the form asks it."""
        unit = "capacity_kva" if process is not None and "capacity_kva" in process.fields else "capacity_kw"
        if process is not None and process.group == _TOTAL:
            cell, added = self.place.cell("total"), self._sum()
            if is_blank(cell) and not added and not is_blank(self.place.cell("capacity")):
                self.doubts.append("增容要填原有和新增的合计容量，表里没有写明合计，容量留空")
            figure = added if is_blank(cell) else self._figure("total", unit)
        else:
            figure = self._figure("capacity", unit) or self._figure("total", unit)
        return {unit: figure} if figure else {}

    def _sum(self) -> str:
        old, new = (read_capacity(self.place.cell(name)) for name in ("original", "added"))
        return "" if old is None or new is None else tidied("number", format(old + new, "f"))

    def _figure(self, column: str, unit: str) -> str:
        cell = self.place.cell(column)
        if is_blank(cell) or not self._text(column):
            return ""
        figure = read_capacity(cell)
        if figure is None:
            self.doubts.append("申请容量认不出，留空")
        elif not _in_unit(cell_text(cell), unit):
            self.doubts.append(f"申请容量“{cell_text(cell)[:12]}”的单位与这种业务的不同，留空")
        else:
            return tidied("number", format(figure, "f"))
        return ""

    def _extra(self, process: Process | None, course: Course) -> tuple[str, ...]:
        """What the case's log should say in words: planned days, who did what, numbers without a field of their own."""
        if process is None:
            return ()
        planned = [f"{process.stage(stage).name} {day}" for stage, day in course.planned.items()]
        owners = [f"{process.stage(stage).name} {name}" for stage, name in course.owners.items()]
        contract = "" if "yx_contract" in process.fields else self._text("contract")
        task = plain_digits(self._text("task")) if self.place.key == "number" else ""
        told = (("原系统计划", "、".join(planned)), ("原办理人", "、".join(owners)),
                ("原受理人", self._text("acceptor")), ("当前处理人", self._text("handler")),
                ("工单号", task), ("合同编号", contract))
        return tuple(f"{word}：{said}" for word, said in told if said)


def _barer(word: str) -> tuple[str, ...]:
    """A stage's word without what stands in brackets, and without a number or code before it."""
    plain = re.sub(r"[(\[【].*?[)\]】]", "", word) or word.strip("()[]【】")
    return plain, re.sub(r"^[\dA-Z]{1,4}[-_.、:]?(?=[^\dA-Z])", "", plain)


def _in_unit(said: str, unit: str) -> bool:
    """Whether a cell that names its unit names this one; one that names none is taken as the form asks."""
    folded = tight(said).upper()
    apparent = "KVA" in folded or "千伏安" in folded or "MVA" in folded
    real = not apparent and ("KW" in folded or "千瓦" in folded or "MW" in folded)
    return not (real if unit.endswith("kva") else apparent)
