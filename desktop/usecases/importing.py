"""A hall's own ledger of contracts comes in: read, shown, and kept in one transaction.

The file is read and understood before the database is asked to write. The same file twice changes nothing: each
contract's log holds the digest of what the ledger said of it. A row at odds with what is kept changes nothing
either: it waits as 待核 for a person, and the old contract stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from db.imports import ImportBatch, ImportRow
from desktop.domain.ledger import DOUBTFUL, RETURNED, TAKEN, Ledger, LedgerRow, Skipped, read_ledger
from desktop.errors import Refusal
from desktop.progress import Step, no_step
from desktop.usecases.acting import act
from desktop.usecases.desk import Desk
from desktop.usecases.ledger_keeping import NEW, Finding, compare, keep, values_digest
from desktop.usecases.returning import RESULTS, WHOLE, counts_of, refuse_target, share, write_returned
from printing.sheet_reading import read_book

_READ, _KEPT = 50, 90  # per cent of a whole import


@dataclass(frozen=True)
class Preview:
    """What an import would do. `findings` has every data row in its order, `skipped` every other row that is not
    empty; `counts` of 导入, 导入待核, 退回; `unchanged` of them are kept already, just as they are."""

    file_name: str
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    counts: Mapping[str, int]
    unchanged: int


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did: rows `taken` (导入), `doubtful` (导入待核), `returned` (退回), together all data rows;
    `unchanged` of them were kept already. `book` is the returned workbook, if one was asked for.

    `fresh`: what this very run did, as the same file may come twice: contracts newly kept (新导入), rows newly set
    aside for a person (待核) and newly given back (退回)."""

    file_name: str
    taken: int
    doubtful: int
    returned: int
    unchanged: int
    findings: tuple[Finding, ...]
    book: Path | None

    @property
    def counts(self) -> dict[str, int]:
        return dict(zip(RESULTS, (self.taken, self.doubtful, self.returned), strict=True))

    @property
    def fresh(self) -> dict[str, int]:
        new = {f.row.key: f.result for f in reversed(self.findings) if f.state == NEW}
        aside = Counter(f.result for f in self.findings if f.state != NEW and not f.settled)
        doubted = sum(result == DOUBTFUL for result in new.values())
        return {"新导入": len(new) - doubted, "待核": doubted + aside[DOUBTFUL], "退回": aside[RETURNED]}


def preview(desk: Desk, path: Path, step: Step | None = None) -> Preview:
    """What importing `path` would do; nothing is written. Refusal and Trouble as `import_contracts`."""
    ledger = _understood(desk, path, share(step or no_step, 0, _KEPT))
    with desk.db.read() as session:
        findings = compare(session, ledger.rows, _digests(ledger))
    told = tuple(row for row in ledger.skipped if row.text)
    return Preview(path.name, findings, told, counts_of(findings), sum(f.unchanged for f in findings))


def import_contracts(desk: Desk, path: Path, *, returned: Path | None = None, step: Step | None = None,
                     request_id: str | None = None) -> ImportOutcome:
    """Import the ledger `path`; the rows that need a person also go to the workbook `returned`, for his eyes only.

    Refusal: not a workbook, encrypted, too large, no table of contracts in it, no clerk. Trouble: unreadable, the
    database or `returned` cannot be written (then it says whether the import was saved). `step` may raise to
    cancel: then nothing is kept.
    """
    step = step or no_step
    refuse_target(path, returned)
    ledger = _understood(desk, path, share(step, 0, _READ))
    digests = _digests(ledger)
    with desk.db.read() as session:
        findings = compare(session, ledger.rows, digests)
    if any(not finding.settled for finding in findings):
        findings = _kept(desk, path, (ledger.rows, digests), share(step, _READ, _KEPT), request_id)
    if returned is not None:
        write_returned(returned, ledger.heads, findings, "台账", share(step, _KEPT, WHOLE))
    step(WHOLE, WHOLE)
    counts = counts_of(findings)
    return ImportOutcome(path.name, counts[TAKEN], counts[DOUBTFUL], counts[RETURNED],
                         sum(f.unchanged for f in findings), findings, returned)


def _understood(desk: Desk, path: Path, step: Step) -> Ledger:
    sheets = read_book(path, share(step, 0, 60))
    ledger = read_ledger(sheets, desk.catalog.ledger_words)
    step(100, 100)
    if not ledger.heads and not ledger.rows:
        raise Refusal("这个文件里没有认得出的合同台账：要有一行表头，写着户号、户名、合同编号、签订日期、到期日等栏名。"
                      "请核对所选的文件。")
    return ledger


def _digests(ledger: Ledger) -> list[str]:
    return [values_digest(row) for row in ledger.rows]


def _kept(desk: Desk, path: Path, said: tuple[Sequence[LedgerRow], Sequence[str]], step: Step,
          request_id: str | None) -> tuple[Finding, ...]:
    """Compared again under the write lock, as another counter may have imported meanwhile; then kept."""
    digest = sha256(path.read_bytes()).hexdigest()
    with act(desk, "import_contracts", request_id) as doing:
        findings = compare(doing.session, *said)
        keep(desk, doing, findings, file_name=path.name, digest=digest, counts=counts_of(findings), step=step)
    return findings


@dataclass(frozen=True)
class WaitingRow:
    """A row of some import that still waits for a person: where it stood, its cells as text, and why."""

    id: int
    file_name: str
    sheet: str
    row: int
    key: str
    result: str
    reasons: tuple[str, ...]
    cells: tuple[str, ...]


def waiting_rows(desk: Desk, *, after: int = 0, limit: int = 50) -> tuple[WaitingRow, ...]:
    """Rows given back, doubted or at odds with what is kept that nobody has settled, the oldest first."""
    query = select(
        ImportRow.id, ImportBatch.file_name, ImportRow.sheet, ImportRow.row, ImportRow.key, ImportRow.result,
        ImportRow.reasons, ImportRow.cells,
    ).join(ImportBatch, ImportBatch.id == ImportRow.batch_id).where(
        ImportRow.settled.is_(False), ImportRow.id > after).order_by(ImportRow.id).limit(limit)
    with desk.db.read() as session:
        return tuple(_waiting_row(found) for found in session.execute(query))


def _waiting_row(found: Any) -> WaitingRow:
    return WaitingRow(
        found.id, found.file_name, found.sheet, found.row, found.key, found.result, tuple(found.reasons),
        tuple(found.cells))


def settle_row(desk: Desk, row_id: int, note: str) -> None:
    """A person has seen to the row; `note` says how. Refused without a note, or for a row that is no more."""
    if not note.strip():
        raise Refusal("请写明这一行是怎样核定的。", "note")
    with act(desk, "settle_import_row") as doing:
        row = doing.session.get(ImportRow, row_id)
        if row is None or row.settled:
            raise Refusal("这一行已经核定过了，请刷新列表。")
        row.settled = True
        doing.note("import", row.batch_id, "import_row_settled", facts={"row": row_id, "note": note.strip()})
