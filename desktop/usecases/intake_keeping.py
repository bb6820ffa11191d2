"""An accepted application as rows: customer, account, case, papers and log, one statement a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert

from db.base import table_of
from db.cases import Case, CaseMaterial
from db.statements import Plain, put, put_all
from desktop.domain.calendar import WorkCalendar
from desktop.domain.caselog import LogEntry, What
from desktop.domain.process import Process
from desktop.usecases import changing
from desktop.usecases.acting import Act
from desktop.usecases.casework import OUTSIDE, reading, receipt_of, refuse_used
from desktop.usecases.registering import open_account, register_customer

NEW_CASE = Plain(insert(table_of(Case)))
NEW_MATERIALS = Plain(insert(table_of(CaseMaterial)))


@dataclass(frozen=True)
class NewCase:
    """All that is kept of an application; `promises` and `materials` as they were told to the customer."""

    process: Process
    release: str
    calendar: WorkCalendar
    answers: Mapping[str, Any]
    way: str
    applied_on: date
    customer_id: int | None
    promises: Sequence[dict[str, Any]]
    materials: Sequence[dict[str, Any]]


def keep_case(doing: Act, new: NewCase, deeds: Mapping[What, dict[str, Any]]) -> tuple[int, str]:
    """Write the case with its first entries, and return its id and number. Its status is read from those entries
    before it is written, so that no second statement has to bring it up to date."""
    log = [LogEntry(turn, what, new.process.first.id, new.applied_on, doing.now, "", "", facts)
           for turn, (what, facts) in enumerate(deeds.items())]
    return keep_logged(doing, new, log, *_whose(doing, new))


def keep_logged(doing: Act, new: NewCase, log: Sequence[LogEntry], customer_id: int,
                account_id: int) -> tuple[int, str]:
    """Write a case of this customer and account with its log as it is told; its id and number."""
    columns = {**_columns(doing, new), **_reading(doing, new, log),
               "customer_id": customer_id, "account_id": account_id}
    case_id = put(doing.session, NEW_CASE, columns)
    for entry in log:
        doing.note("case", case_id, entry.what, stage=entry.stage, claimed_on=entry.claimed_on,
                   facts=dict(entry.facts))
    put_all(doing.session, NEW_MATERIALS, [{**row, "case_id": case_id} for row in new.materials])
    return case_id, str(columns["number"])


def _reading(doing: Act, new: NewCase, log: Sequence[LogEntry]) -> dict[str, Any]:
    return reading(new.process, log, new.calendar, doing.today, receipt_of(new.way, new.promises))


def _whose(doing: Act, new: NewCase) -> tuple[int, int]:
    """The customer and the account: those of the 户号 for a change of use, else the customer's new account."""
    if changing.begins_from_account(new.process):
        return changing.whose(doing, new.process, new.answers, new.customer_id)
    customer_id = register_customer(doing, new.answers, new.customer_id)
    return customer_id, open_account(doing, customer_id, new.answers)


def _columns(doing: Act, new: NewCase) -> dict[str, Any]:
    outside = {name: new.answers.get(name, "") for name in OUTSIDE}
    refuse_used(doing.session, outside["yx_application"])
    return {
        "number": _number(doing), "process": new.process.id, "release": new.release, "answers": dict(new.answers),
        "way": new.way, "applied_on": new.applied_on, "accepted_at": doing.now, "promises": list(new.promises),
        "acceptor_id": doing.clerk_id, "owner_id": doing.clerk_id, **outside, **doing.marks(),
    }


def _number(doing: Act) -> str:
    """YK, the day, and the day's running number: a case's number tells when it came in."""
    day = doing.today.strftime("%Y%m%d")
    return f"YK{day}{doing.next_number('case-' + day):04d}"
