"""The desk at which every verb is done: the database, the catalogue, the clock and the clerk.

A verb that writes runs inside `act`: one transaction, one named clerk, one request. Whatever the database says
wrong is turned here, once, into a sentence for the clerk; where the answer to "was it saved?" was lost, it is
looked up by the request before anything is said.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Insert, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db.base import table_of
from db.clerks import Clerk, Request, Sequence
from db.engine import Database, put
from db.entries import Entry
from desktop.catalog.release import Catalog
from desktop.domain.caselog import LogEntry
from desktop.errors import Refusal, Trouble

Step = Callable[[int, int], None]
log = logging.getLogger("yekuo")
_SEQUENCES = table_of(Sequence)
NEXT = update(_SEQUENCES).where(_SEQUENCES.c.name == bindparam("named")).values(
    value=_SEQUENCES.c.value + 1).returning(_SEQUENCES.c.value)
FIRST = insert(_SEQUENCES)
NEW_ENTRIES = insert(table_of(Entry))
NEW_REQUEST = insert(table_of(Request))


def no_step(_done: int, _total: int) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True)
class ClerkView:
    """A clerk as the windows know him: 工号, 姓名, 岗位."""

    id: int
    number: str
    name: str
    post: str
    active: bool = True
    version: int = 1


@dataclass(frozen=True)
class Desk:
    """Where a verb is done. `clock` is the porch's: nothing below it knows the time by itself."""

    db: Database
    catalog: Catalog
    clock: Callable[[], datetime]
    folder: Path
    fonts: Path
    clerk: ClerkView | None = None

    @property
    def now(self) -> datetime:
        return self.clock()

    @property
    def today(self) -> date:
        return self.clock().date()

    def served_by(self, clerk: ClerkView | None) -> Desk:
        """The same desk with another clerk at it."""
        return replace(self, clerk=clerk)


@dataclass
class Act:
    """One act in progress: its session, moment, clerk and request key. `result` is kept for a repeated request."""

    session: Session
    now: datetime
    clerk_id: int | None
    request_id: str
    result: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.now.date()

    def marks(self) -> dict[str, Any]:
        """The creation marks of a new editable row."""
        return {"created_at": self.now, "created_by": self.clerk_id} | self.changes()

    def changes(self) -> dict[str, Any]:
        return {"changed_at": self.now, "changed_by": self.clerk_id}

    def touch(self, row: Any) -> None:
        """Name the clerk and the moment on an editable row that this act changes."""
        row.changed_at, row.changed_by = self.now, self.clerk_id

    def note(self, subject: str, subject_id: int, what: str, *, stage: str = "", claimed_on: date | None = None,
             facts: dict[str, Any] | None = None) -> None:
        """Append to the log: what happened to whom, claimed for which day (default: today)."""
        self.entries.append({
            "subject": subject, "subject_id": subject_id, "what": what, "stage": stage,
            "claimed_on": claimed_on or self.today, "entered_at": self.now, "clerk_id": self.clerk_id,
            "facts": facts or {}, "request_id": self.request_id,
        })

    def write_log(self) -> None:
        """Send the noted entries to the database now, as when the same act reads the log again."""
        if self.entries:
            put(self.session, NEW_ENTRIES, self.entries)
            self.entries = []

    def next_number(self, name: str) -> int:
        """The next running number under `name`, given in this transaction so that none is used twice."""
        value = put(self.session, NEXT, {"named": name}).scalar()
        if value is None:
            put(self.session, FIRST, {"name": name, "value": 1})
        return value or 1

    def insert(self, statement: Insert, values: Mapping[str, Any]) -> int:
        """Insert one row by a table's statement; its id."""
        return int(put(self.session, statement, values).inserted_primary_key[0])  # type: ignore[index]


def history(session: Session, subject: str, subject_id: int) -> tuple[LogEntry, ...]:
    """The log of a case, a contract or another subject, the first entry first."""
    query = select(
        Entry.id, Entry.what, Entry.stage, Entry.claimed_on, Entry.entered_at, Clerk.number, Clerk.name, Entry.facts,
    ).outerjoin(Clerk, Clerk.id == Entry.clerk_id).where(
        Entry.subject == subject, Entry.subject_id == subject_id).order_by(Entry.id)
    return tuple(LogEntry(*row) for row in session.execute(query))


class AlreadyDone(Exception):
    """This very request was carried out before; `result` is what it gave then."""

    def __init__(self, result: str) -> None:
        super().__init__("request already carried out")
        self.result = result


@contextmanager
def act(desk: Desk, verb: str, request_id: str | None = None, *, needs_clerk: bool = True) -> Iterator[Act]:
    """One act in one transaction.

    Raises Refusal without a clerk, AlreadyDone for a repeated `request_id`, Trouble when the database fails,
    telling whether the act was saved.
    """
    if needs_clerk and desk.clerk is None:
        raise Refusal("还没有选择经办人，不能登记。请按 F12 选择；命令行用 --clerk 工号，新的营业厅先用 yekuo setup。")
    key = request_id or uuid4().hex
    try:
        with desk.db.write() as session:
            if request_id is not None:
                _refuse_again(session, request_id)
            yield (doing := Act(session, desk.now, desk.clerk.id if desk.clerk else None, key))
            doing.write_log()
            put(session, NEW_REQUEST, {
                "id": key, "verb": verb, "result": doing.result, "at": doing.now, "clerk_id": doing.clerk_id})
    except StaleDataError as error:
        raise Refusal("这一条刚被别的柜台改过，请重新打开后再改；您填写的内容仍在。") from error
    except DBAPIError as error:
        raise _told(desk, error, key) from error


def _refuse_again(session: Session, key: str) -> None:
    before = session.execute(select(Request.result).where(Request.id == key)).scalar_one_or_none()
    if before is not None:
        raise AlreadyDone(before)


def _told(desk: Desk, error: DBAPIError, key: str) -> Exception:
    if isinstance(error, IntegrityError):
        return error
    saved = was_saved(desk, key)
    log.warning("database trouble: %s, saved=%s", trouble_name(error), saved)
    return trouble_of(error, saved)


def was_saved(desk: Desk, request_id: str) -> bool | None:
    """Whether a request reached the disk, asked on a new connection; None where that cannot be told now."""
    try:
        with desk.db.read() as session:
            return session.get(Request, request_id) is not None
    except DBAPIError:
        return None


TROUBLES = (
    ("full", "磁盘已满", "请腾出空间后再按一次保存，填写的内容仍在表单中。"),
    ("locked", "数据库正被另一个程序占用", "请稍候再按一次保存，填写的内容仍在表单中。"),
    ("readonly", "数据文件是只读的", "请检查数据文件夹的权限，填写的内容仍在表单中。"),
    ("malformed", "数据文件已损坏", "请停止录入，在“系统”里从最近的备份恢复到新文件。"),
    ("not a database", "数据文件已损坏", "请停止录入，在“系统”里从最近的备份恢复到新文件。"),
    ("disk i/o", "读写磁盘出错（可能已满或已拔出）", "请检查磁盘空间后重试，填写的内容仍在表单中。"),
    ("unable to open", "打不开数据文件", "请检查数据文件夹是否存在、是否有权限。"),
)


def trouble_name(error: DBAPIError) -> str:
    """The kind of a database failure, without a word of the data in it."""
    text = str(error.orig).lower()
    return next((mark for mark, *_ in TROUBLES if mark in text), type(error.orig).__name__)


def trouble_of(error: DBAPIError, saved: bool | None) -> Trouble:
    """The sentence for a database failure: what happened, whether it was saved, what to do."""
    text = str(error.orig).lower()
    for mark, sentence, advice in TROUBLES:
        if mark in text:
            return Trouble(f"{sentence}。", advice, saved)
    return Trouble("数据库出错。", "请再试一次；仍不行时请重新启动程序，填写的内容会保留为草稿。", saved)
