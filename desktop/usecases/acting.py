"""An act: one transaction, one named clerk, one request.

A verb that writes runs inside `act`. Where the answer to "was it saved?" was lost, it is looked up by the request
before anything is said.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db.base import table_of
from db.clerks import Clerk, Request, Sequence
from db.entries import Entry
from db.statements import Plain, ask, put, put_all
from desktop.domain.caselog import LogEntry
from desktop.errors import Refusal, Trouble
from desktop.usecases.desk import Desk, trouble_name, trouble_of
from desktop.usecases.staffing import hall, is_practice

log = logging.getLogger("yekuo")
_SEQUENCES, _ENTRIES, _CLERKS = table_of(Sequence), table_of(Entry), table_of(Clerk)
NEXT = Plain(update(_SEQUENCES).where(_SEQUENCES.c.name == bindparam("named")).values(
    value=_SEQUENCES.c.value + 1).returning(_SEQUENCES.c.value))
FIRST = Plain(insert(_SEQUENCES))
NEW_ENTRIES = Plain(insert(_ENTRIES))
NEW_REQUEST = Plain(insert(table_of(Request)))
STILL_HERE = Plain(select(_CLERKS.c.active).where(_CLERKS.c.id == bindparam("who")))
HISTORY = select(
    _ENTRIES.c.id, _ENTRIES.c.what, _ENTRIES.c.stage, _ENTRIES.c.claimed_on, _ENTRIES.c.entered_at, _CLERKS.c.number,
    _CLERKS.c.name, _ENTRIES.c.facts,
).select_from(_ENTRIES.outerjoin(_CLERKS, _CLERKS.c.id == _ENTRIES.c.clerk_id)).where(
    _ENTRIES.c.subject == bindparam("named"), _ENTRIES.c.subject_id == bindparam("of")).order_by(_ENTRIES.c.id)


@dataclass
class Act:
    """One act in progress: its session, the moment of its entry, the day that it is entered for, clerk and request key.
    `result` is kept for a repeated request."""

    session: Session
    now: datetime
    today: date
    clerk_id: int | None
    request_id: str
    result: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)

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
            put_all(self.session, NEW_ENTRIES, self.entries)
            self.entries = []

    def next_number(self, name: str) -> int:
        """The next running number under `name`, given in this transaction so that none is used twice."""
        value = ask(self.session, NEXT, {"named": name})
        if value is None:
            put(self.session, FIRST, {"name": name, "value": 1})
        return int(value or 1)


def history(session: Session, subject: str, subject_id: int) -> tuple[LogEntry, ...]:
    """The log of a case, a contract or another subject, the first entry first."""
    return tuple(LogEntry(*row) for row in session.execute(HISTORY, {"named": subject, "of": subject_id}))


class AlreadyDone(Exception):
    """This very request was carried out before; `result` is what it gave then."""

    def __init__(self, result: str) -> None:
        super().__init__("request already carried out")
        self.result = result


@contextmanager
def act(desk: Desk, verb: str, request_id: str | None = None, *, needs_clerk: bool = True) -> Iterator[Act]:
    """One act in one transaction.

    Raises Refusal without a clerk or on a day that has not come, AlreadyDone for a repeated `request_id`, Trouble when
    the database fails, telling whether the act was saved.
    """
    if needs_clerk and desk.clerk is None:
        raise Refusal("还没有选择经办人，不能登记。请按 F12 选择；命令行用 --clerk 工号，新的营业厅先用 yekuo setup。")
    if is_only_looked_at(desk):
        raise Refusal(f"{desk.today} 还没有到，正式营业厅不能提前登记，只能查看。"
                      "请去掉 --today；要练习请用演练营业厅（yekuo demo）。")
    key = request_id or uuid4().hex
    try:
        with desk.db.write() as session:
            if request_id is not None:
                _refuse_again(session, request_id)
            _refuse_left(session, desk)
            yield (doing := Act(session, entry_moment(desk), desk.today, desk.clerk.id if desk.clerk else None, key))
            doing.write_log()
            put(session, NEW_REQUEST, {
                "id": key, "verb": verb, "result": doing.result, "at": doing.now, "clerk_id": doing.clerk_id})
    except StaleDataError as error:
        raise Refusal("这一条刚被别的柜台改过，请重新打开后再改；您填写的内容仍在。") from error
    except DBAPIError as error:
        raise _told(desk, error, key) from error


def _refuse_left(session: Session, desk: Desk) -> None:
    """Whoever was struck off at another counter enters nothing more at the one that he still has open."""
    if desk.clerk is not None and not ask(session, STILL_HERE, {"who": desk.clerk.id}):
        raise Refusal(f"{desk.clerk.named}已不在岗，不能登记。请换在岗的经办人再登记；"
                      "填写的内容仍在。", "clerk")


def is_only_looked_at(desk: Desk) -> bool:
    """Whether this is a real hall seen from a day that has not come: nothing is entered there."""
    return desk.looks_ahead and _is_real(desk)


def entry_moment(desk: Desk) -> datetime:
    """The moment of what is entered or printed now: in a real hall the machine's, whatever day the clock was set to, so
    that what is entered late is seen to be late (防体外流转)."""
    return desk.machine_now if desk.looks_elsewhere and _is_real(desk) else desk.now


def _is_real(desk: Desk) -> bool:
    return bool(hall(desk)) and not is_practice(desk)


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
    except (DBAPIError, Trouble):
        return None
