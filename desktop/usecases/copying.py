"""An accepted case as the beginning of a new application (用作新件): what lasts is taken over, what belongs to that one
day and matter is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.domain.field import FIELDS
from desktop.domain.process import Process
from desktop.errors import Refusal
from desktop.usecases.casework import OUTSIDE, case_row
from desktop.usecases.desk import Desk
from desktop.usecases.intake import Application, process_of

# numbers that another system gave, what was said of that one visit, the power of attorney for that one matter, and what
# was checked for it that day
NOT_COPIED = (*OUTSIDE, "note", "visits", "channel", "poa_number", "poa_scope", "poa_signed",
              "identity_check", "arrears", "arrears_by", "name_proof")


def copy_of(desk: Desk, case_number: str, kind: str = "") -> Application:
    """A new application of the same customer with the case's lasting answers, of the same kind or of `kind` (id, name,
    short name or pad number), as far as that asks for them. The case may be open, filed or ended.

    Not copied: the papers' marks, dates, the power of attorney, numbers of 营销2.0, remarks, what was checked that day,
    and what a card vouched for. Refused if there is no such case, or the kind is no longer taken.
    """
    with desk.db.read() as session:
        kept = case_row(session, case_number)
        answers, own, customer_id = dict(kept.answers), kept.process, kept.customer_id
    if not kind and own not in desk.catalog.processes:
        raise Refusal(f"工单 {case_number} 的业务种类（{own}）现在的规则目录里没有了，请指定按哪种业务起新件。", "kind")
    process = process_of(desk, kind or own)
    return Application(process.id, _lasting(answers, process), customer_id=customer_id)


def _lasting(answers: Mapping[str, Any], process: Process) -> dict[str, Any]:
    return {name: value for name, value in answers.items()
            if name in process.fields and FIELDS[name].kind != "date" and name not in NOT_COPIED}
