"""Cases in hand come in from another system's export (外部导入): read, shown, and kept in one transaction.

Each arrives at the stage that the export names; its clocks run from the claimed dates. The same file twice changes
nothing: the log of each case holds the digest of what the export said of it. A row at odds with a kept case changes
nothing either: it waits as 待核, and the case stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from db.base import table_of
from db.cases import Case
from db.clerks import Clerk
from db.customers import Account, Customer
from db.entries import Entry
from db.imports import ImportBatch, ImportRow
from desktop.catalog.release import not_taken
from desktop.domain.address import address_form
from desktop.domain.case import outline
from desktop.domain.case_ledger import LACKING, TOTAL, CaseLedger, CaseRow, LackingHead, read_cases
from desktop.domain.case_row import CaseWords
from desktop.domain.caselog import LogEntry, What
from desktop.domain.course import SOURCE_FACT, course_log
from desktop.domain.ledger import DOUBTFUL, RETURNED, TAKEN, Skipped
from desktop.domain.ledger_cells import cell_text
from desktop.domain.material import Mark, needed, needed_later
from desktop.domain.pinyin import search_form
from desktop.domain.process import Process, Subject
from desktop.errors import Missing, Refusal
from desktop.progress import Step, no_step
from desktop.usecases.acting import Act, act
from desktop.usecases.desk import Desk
from desktop.usecases.intake import told_promises
from desktop.usecases.intake_keeping import NewCase, keep_logged
from desktop.usecases.registering import known_customer, open_account, register_customer
from desktop.usecases.returning import WHOLE, counts_of, refuse_target, share, write_returned
from printing.sheet_reading import read_book

OUTSIDE_IMPORT = "外部导入"
KEPT = "已有不变"  # the result of a row that is here already, just so
NEW, UNCHANGED, CONFLICT, GIVEN_BACK, JOINED = "new", "unchanged", "conflict", "given_back", "joined"
STRETCH = 500
_FIRST_HEADS = 3  # of a book with many sheets, told one by one
_READ, _KEPT = 40, 90  # per cent of a whole import


@dataclass(frozen=True)
class CaseFinding:
    """A row and what becomes of it. `state`: new · unchanged · conflict · given_back · joined (it tells a finished
    stage of the case of another row); `number`: the kept case."""

    row: CaseRow
    state: str
    result: str
    reasons: str
    digest: str
    number: str = ""

    @property
    def unchanged(self) -> bool:
        return self.state == UNCHANGED


@dataclass(frozen=True)
class CasePreview:
    """What an import would do: every row in its order, what is no row, and the counts of each result."""

    file_name: str
    findings: tuple[CaseFinding, ...]
    skipped: tuple[Skipped, ...]
    counts: Mapping[str, int]
    unchanged: int


@dataclass(frozen=True)
class CaseImport:
    """What an import did. `numbers`: the cases that it began, by the other system's number."""

    file_name: str
    counts: Mapping[str, int]
    unchanged: int
    findings: tuple[CaseFinding, ...]
    numbers: Mapping[str, str]
    book: Path | None
    skipped: tuple[Skipped, ...] = ()


def preview_cases(desk: Desk, path: Path, step: Step | None = None) -> CasePreview:
    """What importing `path` would do; nothing is written. Refusal and Trouble as `import_cases`."""
    ledger = _understood(desk, path, share(step or no_step, 0, _KEPT))
    with desk.db.read() as session:
        findings = _compare(desk, session, ledger.rows)
    return CasePreview(path.name, findings, _told(ledger), _counts(findings), sum(f.unchanged for f in findings))


def import_cases(desk: Desk, path: Path, *, returned: Path | None = None, step: Step | None = None,
                 request_id: str | None = None) -> CaseImport:
    """Import the export `path`; the rows that need a person also go to the workbook `returned`, for his eyes only.

    Refusal: not a workbook, no table of cases in it, no clerk. Trouble: unreadable, the database or `returned` cannot
    be written. `step` may raise to cancel: then nothing is kept.
    """
    step = step or no_step
    refuse_target(path, returned)
    ledger = _understood(desk, path, share(step, 0, _READ))
    digest = sha256(path.read_bytes()).hexdigest()
    with act(desk, "import_cases", request_id) as doing:
        findings = _compare(desk, doing.session, ledger.rows)
        numbers = _keep(desk, doing, path.name, digest, findings, share(step, _READ, _KEPT))
    if returned is not None:
        write_returned(returned, ledger.heads, findings, "工单", share(step, _KEPT, WHOLE))
    step(WHOLE, WHOLE)
    return CaseImport(path.name, _counts(findings), sum(f.unchanged for f in findings), findings, numbers, returned,
                      _told(ledger))


def _told(ledger: CaseLedger) -> tuple[Skipped, ...]:
    return tuple(row for row in ledger.skipped if row.text)


def skipped_lines(skipped: Sequence[Skipped]) -> Iterator[str]:
    """The rows that were left out though they say something of cases: sums, and tables without a needed column."""
    for why, said in ((TOTAL, "是合计，不是工单，没有导入"), (LACKING, "在缺“申请编号”或“当前环节”栏的表里，没有读")):
        if rows := [row for row in skipped if row.why == why]:
            first = "、".join(f"{row.sheet} 第 {row.row} 行" for row in rows[:3])
            yield f"另有 {len(rows)} 行{said}：{first}{' 等' if len(rows) > 3 else ''}。"


def _counts(findings: Sequence[CaseFinding]) -> dict[str, int]:
    """What the import does: rows that are here already are none of them."""
    return counts_of(finding for finding in findings if not finding.unchanged)


def _understood(desk: Desk, path: Path, step: Step) -> CaseLedger:
    processes = desk.catalog.processes
    sheets = read_book(path, share(step, 0, 60))
    ledger = read_cases(sheets, desk.catalog.case_words, processes, desk.today)
    step(100, 100)
    heads = sum(skipped.why == "表头" for skipped in ledger.skipped)
    unread = any(skipped.why == LACKING for skipped in ledger.skipped)
    if not ledger.rows and (unread or heads <= len(ledger.lacking)):
        raise Refusal("这个文件里没有认得出的在办工单：要有一行表头，写着申请编号、户名、业务类型、当前环节、受理日期等"
                      "栏名。请核对所选的文件，或改好栏名再导入。", "file",
                      tuple(_wanting(ledger.lacking, desk.catalog.case_words)))
    return ledger


def _wanting(heads: Sequence[LackingHead], words: CaseWords) -> Iterator[Missing]:
    """What the heads lack and have, and the names that would be understood."""
    known = words.columns.heads
    names = {"number": (*known["number"], *known["task"]), "stage": known["stage"]}
    for head in heads[:_FIRST_HEADS]:
        lacking = "、".join(f"“{names[field][0]}”" for field in head.lacking)
        yield Missing(f"工作表“{head.sheet}”第 {head.row} 行的表头缺{lacking}，写着：{'、'.join(head.words)}。")
    if len(heads) > _FIRST_HEADS:
        yield Missing(f"另有 {len(heads) - _FIRST_HEADS} 处表头也缺。")
    for field in dict.fromkeys(field for head in heads for field in head.lacking):
        yield Missing(f"“{names[field][0]}”一栏可以叫{'、'.join(names[field])}。")
    if any("contract" in head.fields for head in heads):
        yield Missing("看样子是合同台账，请改用“导入合同台账”（命令行 yekuo import-contracts）。")


# ---- against what is kept

def values_digest(row: CaseRow) -> str:
    """The same for two rows that say the same of a case, however they write it."""
    course = row.course
    told = (course.done, course.planned, course.pledged, course.owners, course.submitted)
    said = (row.key, row.kind_id, course.at, row.accepted, row.arrived, sorted(row.answers.items()),
            [sorted(each.items()) for each in told], course.paused, course.resumed, course.pause_reason,
            *((course.paused_until,) if course.paused_until else ()))
    return blake2b(repr(said).encode(), digest_size=16).hexdigest()


def _compare(desk: Desk, session: Session, rows: Sequence[CaseRow]) -> tuple[CaseFinding, ...]:
    """Each row held against the cases that are kept and against the rows above it; nothing is written."""
    known = _Known(session, [row for row in rows if row.result != RETURNED])
    above: dict[str, str] = {}
    found = {(row.sheet, row.row): _finding(desk, row, known, above) for row in rows if not row.joins}
    return tuple(_following(row, found[row.sheet, row.joins]) if row.joins else found[row.sheet, row.row]
                 for row in rows)


def _following(row: CaseRow, main: CaseFinding) -> CaseFinding:
    """A row that tells a finished stage has the fate of its case's own row."""
    back = main.result == RETURNED and row.result != RETURNED
    row = row.given_back(f"{row.reasons}，那一行退回") if back else row
    return CaseFinding(row, UNCHANGED if main.unchanged else JOINED, main.result, row.reasons, main.digest, main.number)


class _Known:
    """What the hall has of these rows: cases by the other system's number, what was said of them, account owners."""

    def __init__(self, session: Session, rows: Sequence[CaseRow]) -> None:
        self.cases = _kept_cases(session, [row.key for row in rows])
        self.digests = _known_digests(session, [case.id for case in self.cases.values()])
        self.owners: dict[str, str] = {}
        numbers = sorted({row.account for row in rows if row.account})
        for at in range(0, len(numbers), STRETCH):
            query = select(Account.number, Customer.name).join(Customer, Customer.id == Account.customer_id).where(
                Account.number.in_(numbers[at:at + STRETCH]))
            self.owners |= {str(number): name for number, name in session.execute(query)}


def _finding(desk: Desk, row: CaseRow, known: _Known, above: dict[str, str]) -> CaseFinding:
    digest = values_digest(row)
    if row.result != RETURNED and (why := _unreachable(desk, row)):
        row = row.given_back(why)
    if row.result == RETURNED:
        return CaseFinding(row, GIVEN_BACK, RETURNED, row.reasons, digest)
    old = known.cases.get(row.key)
    if old is not None and digest in known.digests.get(old.id, ()):
        return CaseFinding(row, UNCHANGED, KEPT, row.reasons, digest, old.number)
    if old is not None:
        said = f"申请编号已有工单 {old.number}（{_there(desk, old)}），原工单不变，请在工单里登记进展"
        return CaseFinding(row, CONFLICT, DOUBTFUL, _joined(said, row.reasons), digest, old.number)
    if row.key not in above:
        above[row.key] = digest
        doubt = _strange_owner(row, known.owners.get(row.account, row.name))
        return CaseFinding(row, NEW, DOUBTFUL if doubt else row.result, _joined(doubt, row.reasons), digest)
    if above[row.key] == digest:
        return CaseFinding(row, UNCHANGED, KEPT, _joined("与上面的一行相同", row.reasons), digest)
    said = _joined("申请编号在这份表里出现过，内容不同，以前一行为准", row.reasons)
    return CaseFinding(row, CONFLICT, DOUBTFUL, said, digest)


def _strange_owner(row: CaseRow, owner: str) -> str:
    """A known account under another name, where the name is not what the case changes."""
    if search_form(owner) == search_form(row.name) or row.kind_id in ("rename", "transfer"):
        return ""
    return f"户号 {row.account} 在本厅档案里的户名与表里的不同，请核对是不是这一户"


def _joined(*sentences: str) -> str:
    return "；".join(filter(None, sentences))


def _there(desk: Desk, case: Any) -> str:
    process = desk.catalog.processes.get(case.process)
    names = [process.stage_by_id[stage].name for stage in case.stage.split(",") if process and stage]
    return "、".join(names) or str(case.status)


def _unreachable(desk: Desk, row: CaseRow) -> str:
    """Why the case cannot stand where the export says; '' when it can."""
    day = row.accepted or desk.today
    process = desk.catalog.processes[row.kind_id].on(day)
    if not process.taken_on(day):
        return f"{not_taken(process, day)}请核对业务类型和受理日期"
    try:
        if not _reaches(desk, process, row):
            return f"按“{process.name}”的流程到不了“{process.stage(row.stage_id).name}”，请核对业务类型和环节"
        told_promises(desk, process, day, row.answers)
    except Refusal as refusal:
        return f"受理日期过早或没有工作日历：{refusal.sentence}"
    return ""


def _reaches(desk: Desk, process: Process, row: CaseRow) -> bool:
    """Whether the way to the stages leaves them open. One that may be recorded at any time needs no way, and
    acceptance is behind every case."""
    waited = [stage for stage in row.stage_ids if stage != process.first.id and not process.stage(stage).optional]
    now = outline(process, list(_log(process, row, desk.now, {})), desk.catalog.calendar, desk.today)
    return set(waited) <= set(now.current)


def _kept_cases(session: Session, keys: Sequence[str]) -> dict[str, Any]:
    query = select(Case.id, Case.number, Case.yx_application, Case.process, Case.stage, Case.status)
    found = (session.execute(query.where(Case.yx_application.in_(keys[at:at + STRETCH])))
             for at in range(0, len(keys), STRETCH))
    return {row.yx_application: row for rows in found for row in rows}


def _known_digests(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    known: dict[int, set[str]] = {}
    for at in range(0, len(ids), STRETCH):
        query = select(Entry.subject_id, Entry.facts).where(
            Entry.subject == "case", Entry.what == What.ACCEPTED, Entry.subject_id.in_(ids[at:at + STRETCH]))
        for case_id, facts in session.execute(query):
            known.setdefault(case_id, set()).add(str(facts.get("values", "")))
    return known


# ---- keeping

def _log(process: Process, row: CaseRow, now: datetime, source: Mapping[str, Any]) -> Iterator[LogEntry]:
    """The case's way to its stages, and in words what has no place of its own."""
    mark = {SOURCE_FACT: OUTSIDE_IMPORT}
    way = tuple(course_log(process, row.course, row.answers, now, source, mark))
    yield from way
    if row.extra:
        accepted = row.accepted or now.date()
        yield LogEntry(len(way), What.NOTE, process.first.id, accepted, now, "", "",
                       {"note": "；".join(row.extra), **mark})


def _keep(desk: Desk, doing: Act, file_name: str, digest: str, findings: Sequence[CaseFinding],
          step: Step) -> dict[str, str]:
    """Write the new cases and set the others aside; the numbers of the new cases by the other system's."""
    fresh = [finding for finding in findings if finding.state == NEW]
    aside = [finding for finding in findings
             if finding.result not in (TAKEN, KEPT) and finding.state != JOINED]
    if not fresh and not aside:
        return {}
    batch = doing.session.execute(insert(ImportBatch).values(
        file_name=file_name, sha256=digest, counts=_counts(findings), at=doing.now,
        clerk_id=doing.clerk_id).returning(ImportBatch.id)).scalar_one()
    numbers: dict[str, str] = {}
    for done, finding in enumerate(fresh):
        step(done, len(fresh))
        numbers[finding.row.key] = _keep_case(desk, doing, finding, batch)
    _set_aside(doing, batch, aside)
    doing.note("import", batch, "cases_imported", facts={"counts": _counts(findings), "new": len(fresh)})
    doing.result = str(batch)
    return numbers


def _keep_case(desk: Desk, doing: Act, finding: CaseFinding, batch: int) -> str:
    row = finding.row
    process = desk.catalog.processes[row.kind_id].on(row.accepted or doing.today)
    source = {SOURCE_FACT: OUTSIDE_IMPORT, "values": finding.digest, "batch": batch, "sheet": row.sheet,
              "row": row.row, "handler": row.handler, "doubts": list(row.doubts)}
    day = row.accepted or doing.today
    new = NewCase(process, desk.catalog.release, desk.catalog.calendar, row.answers, OUTSIDE_IMPORT, day, None,
                  told_promises(desk, process, day, row.answers), [*_papers(process, row)])
    log = list(_log(process, row, doing.now, source))
    case_id, number = keep_logged(doing, new, log, *_whose(doing, row, process))
    _name_clerks(doing, case_id, row)
    return number


def _papers(process: Process, row: CaseRow) -> Iterator[dict[str, Any]]:
    """The papers of the kind. Whether those came that the other system should have had by now nobody here knows; those
    of stages to come are asked when their turn comes."""
    behind = {before for stage in row.stage_ids for before in process.ancestors(stage)}
    for material in (*needed(process.materials, row.answers), *needed_later(process.materials, row.answers)):
        state = Mark.UNSURE if not material.stage or material.stage in behind else Mark.MISSING
        yield {"code": material.code, "name": material.name, "demand": str(material.demand), "state": str(state),
               "supplier": material.supplied_by, "due_on": None, "open": False, "stage": material.stage,
               "supplied_on": None}


def _name_clerks(doing: Act, case_id: int, row: CaseRow) -> None:
    """Who accepted and who handles it there does so here, where one clerk of the hall bears the name."""
    named = {"acceptor_id": _clerk(doing, row.acceptor), "owner_id": _clerk(doing, row.handler)}
    if known := {column: clerk for column, clerk in named.items() if clerk}:
        doing.session.execute(update(table_of(Case)).where(table_of(Case).c.id == case_id).values(known))


def _clerk(doing: Act, name: str) -> int | None:
    """The one clerk in service of that name; None for nobody or several."""
    if not name:
        return None
    found = doing.session.scalars(select(Clerk.id).where(Clerk.name == name, Clerk.active.is_(True)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def _whose(doing: Act, row: CaseRow, process: Process) -> tuple[int, int]:
    """The customer and account of a row: those of its 户号 where it is known, else the known person, else new ones."""
    account = None
    if row.account:
        account = doing.session.scalars(select(Account).where(Account.number == row.account)).first()
    if account is not None:
        owner = doing.session.get_one(Customer, account.customer_id)
        same = owner.id if owner.name == row.name else known_customer(doing.session, row.answers, None)
        return same or register_customer(doing, row.answers, None), account.id
    customer_id = known_customer(doing.session, row.answers, None) or register_customer(doing, row.answers, None)
    opened = open_account(doing, customer_id, row.answers)
    if row.account:
        kept = doing.session.get_one(Account, opened)
        kept.number, kept.address_form = row.account, address_form(kept.address)
        if process.subject == Subject.ACCOUNT:  # a new supply's number is given before it has any supply
            kept.status = "在用"
    return customer_id, opened


def _set_aside(doing: Act, batch: int, findings: Sequence[CaseFinding]) -> None:
    """Rows for a person, not twice where an earlier import set the very same aside."""
    rows: list[dict[str, Any]] = [{
        "batch_id": batch, "sheet": f.row.sheet, "row": f.row.row, "key": f.row.key, "result": f.result,
        "reasons": f.reasons.split("；"), "cells": [cell_text(cell) for cell in f.row.cells], "settled": False,
        "contract_id": None} for f in findings]
    query = select(ImportRow.key, ImportRow.cells).where(
        ImportRow.settled.is_(False), ImportRow.key.in_([row["key"] for row in rows]))
    waiting = {(key, tuple(cells)) for key, cells in doing.session.execute(query)}
    if fresh := [row for row in rows if (row["key"], tuple(row["cells"])) not in waiting]:
        doing.session.execute(insert(ImportRow), fresh)
