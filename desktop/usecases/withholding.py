"""What papers and proofs hold a stage back: those that the stage itself waits for, and promised ones still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.cases import Case, CaseMaterial
from db.files import Attachment
from desktop.domain.evidence import Evidence, asked
from desktop.domain.material import HERE, Demand
from desktop.domain.process import Process
from desktop.errors import Missing
from desktop.usecases.desk import Desk

SUBJECT = "case"


class Held(NamedTuple):
    """What forbids a stage, and what is only told of it."""

    lacks: tuple[Missing, ...]
    told: tuple[Missing, ...]


def held_back(desk: Desk, session: Session, process: Process, case: Case, stage: str) -> Held:
    """The papers and proofs that the stage of this case waits for, each a sentence with its basis and 核验状态."""
    papers, proofs = _papers(session, process, case.id, stage), unproven(desk, session, process, case, stage)
    return Held((*papers.lacks, *proofs.lacks), (*papers.told, *proofs.told))


def _papers(session: Session, process: Process, case_id: int, stage: str) -> Held:
    rows = session.execute(select(
        CaseMaterial.code, CaseMaterial.name, CaseMaterial.demand, CaseMaterial.state, CaseMaterial.stage,
        CaseMaterial.open, CaseMaterial.supplier).where(CaseMaterial.case_id == case_id)).all()
    own = [row for row in rows if row.stage == stage and row.state not in HERE]
    must = tuple(_lack(process, stage, row) for row in own if row.demand == Demand.REQUIRED)
    may = tuple(_lack(process, stage, row) for row in own if row.demand != Demand.REQUIRED)
    gate = _promises(process, stage, [row.name for row in rows if row.open])
    blocks = bool(process.promise_gate and process.promise_gate.blocks)
    return Held((*must, *(gate if blocks else ())), (*may, *(() if blocks else gate)))


def _lack(process: Process, stage: str, row: object) -> Missing:
    name, code, supplier = (str(getattr(row, column)) for column in ("name", "code", "supplier"))
    basis = next((m.basis for m in process.materials if m.code == code), None)
    why = f"（{basis.text}，{basis.mark}）" if basis else ""
    return Missing(f"{process.stage(stage).name}前须收到{name}，由{supplier}提供{why}", f"material:{code}")


def _promises(process: Process, stage: str, names: Sequence[str]) -> tuple[Missing, ...]:
    gate = process.promise_gate
    if gate is None or gate.stage != stage or not names:
        return ()
    told = f"{gate.sentence}：还缺{'、'.join(names)}（{gate.basis.text}，{gate.basis.mark}）"
    return (Missing(told, "materials"),)


# --- the proofs of our own stages


def proofs_asked(desk: Desk, process: Process, answers: Mapping[str, Any]) -> tuple[Evidence, ...]:
    """What the case's own release asks as proof of a case of this kind with these answers."""
    return asked(desk.rules_of(process.release).evidence, process, answers)


def counts_of(session: Session, case_id: int) -> dict[str, int]:
    """How many files lie at each place of the case."""
    query = select(Attachment.slot, func.count()).where(
        Attachment.subject == SUBJECT, Attachment.subject_id == case_id).group_by(Attachment.slot)
    return {row[0]: row[1] for row in session.execute(query)}


def unproven(desk: Desk, session: Session, process: Process, case: Case, stage: str) -> Held:
    """The proof that a stage of this case should have and has not."""
    wanted = [each for each in proofs_asked(desk, process, case.answers) if each.stage == stage and each.least]
    if not wanted:
        return Held((), ())
    counts, name = counts_of(session, case.id), process.stage(stage).name
    found = [(each.blocks, lack) for each in wanted if (lack := each.lack(name, counts.get(each.code, 0)))]
    return Held(tuple(lack for blocks, lack in found if blocks), tuple(lack for blocks, lack in found if not blocks))
