"""The desk at which every verb is done: the database, the catalogue, the clock and the clerk.

What the database says wrong is turned here, once, into a sentence for the clerk. Nothing here waits for SQLAlchemy:
a desk is opened, and the first page of the morning read, without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.catalog.shelf import Shelf
from desktop.errors import Trouble

if TYPE_CHECKING:
    from db.engine import Database
    from desktop.catalog.release import Catalog
    from desktop.domain.contract import ContractKind
    from desktop.domain.process import Process


@dataclass(frozen=True)
class SetClock:
    """The clock of the `machine`, set to another `day`, as --today asks."""

    machine: Callable[[], datetime]
    day: date

    def __call__(self) -> datetime:
        return datetime.combine(self.day, self.machine().time())

    @property
    def is_ahead(self) -> bool:
        """Whether that day has not come."""
        return self.day > self.machine().date()


@dataclass(frozen=True)
class ClerkView:
    """A clerk as the windows know him: 工号, 姓名, 岗位."""

    id: int
    number: str
    name: str
    post: str
    active: bool = True
    version: int = 1

    @property
    def named(self) -> str:
        """As papers name a clerk: 示范员（1001）."""
        return f"{self.name}（{self.number}）"


@dataclass(frozen=True)
class Desk:
    """Where a verb is done. `clock` is the porch's: nothing below it knows the time by itself."""

    db: Database
    catalog: Catalog
    clock: Callable[[], datetime]
    folder: Path
    fonts: Path
    clerk: ClerkView | None = None
    shelf: Shelf = field(default_factory=Shelf)

    @property
    def now(self) -> datetime:
        return self.clock()

    @property
    def today(self) -> date:
        return self.clock().date()

    @property
    def looks_ahead(self) -> bool:
        """Whether the clock was set to a day that has not come: work is looked at from there, and not entered."""
        return isinstance(self.clock, SetClock) and self.clock.is_ahead

    @property
    def looks_elsewhere(self) -> bool:
        """Whether the clock was set to a day that is not the machine's."""
        return isinstance(self.clock, SetClock) and self.clock.day != self.clock.machine().date()

    @property
    def machine_now(self) -> datetime:
        """The machine's moment, whatever day the clock was set to."""
        return self.clock.machine() if isinstance(self.clock, SetClock) else self.now

    def rules_of(self, release: str) -> Catalog:
        """The rules of the release under which a case or a contract was made: the one door to all that judges, limits
        or words it, from acceptance to filing. Today's where that release was never kept.

        Its own: kind, stages, papers, limits, gates and rules; survey, scheme, voltages, approval; inspections,
        licences; fee items; contract kinds; how days are counted and who may pause; the words for its customer.
        Today's, by `catalog`, whatever the case: the years of the calendar (a fact of the state, not a rule of the
        case) and which kinds are offered; the ladder of reminders and a list's colours (they order today's work);
        fees that are abolished (what the law forbids today may not be charged) and the hall's own prices; the words
        of ledgers and the other system's order of fields (both as that system is today).
        """
        if release == self.catalog.release:
            return self.catalog
        return self.shelf.rules(release, self.catalog) or self.catalog

    def process(self, kind: str, release: str, on: date | None = None) -> Process:
        """The kind of a case as its own release has it; as today's has it where that release was never kept.

        on: the day of its application, with the rows alone that hold on it; None where only its names are wanted.

        Raises Trouble where neither knows it.
        """
        for rules in (self.rules_of(release), self.catalog):
            if kind in rules.processes:
                found = rules.processes[kind]
                return found if on is None else found.on(on)
        raise Trouble(f"规则目录 {release} 不在这里，工单的业务种类“{kind}”读不出来。",
                      "请在“系统 → 规则目录”里导入这一版目录；工单没有丢失。")

    def kind_ever(self, kind: str) -> tuple[Process, ...]:
        """The kind as today's release has it and every one before it, for what is told of many cases at once."""
        rules = (self.catalog, *self.shelf.all_before(self.catalog))
        return tuple(each.processes[kind] for each in rules if kind in each.processes)

    def contract_kind(self, kind: str, release: str) -> ContractKind | None:
        """The kind of a contract as its own release has it; as today's has it where that does not know it."""
        return self.rules_of(release).contract_kinds.get(kind) or self.catalog.contract_kinds.get(kind)

    def served_by(self, clerk: ClerkView | None) -> Desk:
        """The same desk with another clerk at it."""
        return replace(self, clerk=clerk)


TROUBLES = (
    ("full", "磁盘已满", "请腾出空间后再按一次保存，填写的内容仍在表单中。"),
    ("locked", "数据库正被另一个程序占用", "请稍候再按一次保存，填写的内容仍在表单中。"),
    ("readonly", "数据文件是只读的", "请检查数据文件夹的权限，填写的内容仍在表单中。"),
    ("malformed", "数据文件已损坏", "请停止录入，在“系统”里从最近的备份恢复到新文件。"),
    ("not a database", "数据文件已损坏", "请停止录入，在“系统”里从最近的备份恢复到新文件。"),
    ("disk i/o", "读写磁盘出错（可能已满或已拔出）", "请检查磁盘空间后重试，填写的内容仍在表单中。"),
    ("unable to open", "打不开数据文件", "请检查数据文件夹是否存在、是否有权限。"),
)


def trouble_name(error: Exception) -> str:
    """The kind of a database failure, the driver's own or wrapped, without a word of the data in it."""
    of_driver = getattr(error, "orig", error)
    return next((mark for mark, *_ in TROUBLES if mark in str(of_driver).lower()), type(of_driver).__name__)


def trouble_of(error: Exception, saved: bool | None) -> Trouble:
    """The sentence for a database failure: what happened, whether it was saved, what to do."""
    text = str(getattr(error, "orig", error)).lower()
    for mark, sentence, advice in TROUBLES:
        if mark in text:
            return Trouble(f"{sentence}。", advice, saved)
    return Trouble("数据库出错。", "请再试一次；仍不行时请重新启动程序，填写的内容会保留为草稿。", saved)
