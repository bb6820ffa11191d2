"""The proof of a case's own stages (照片、签收件): what there is of each kind, and what a stage should have of it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.evidence import Evidence
from desktop.domain.process import Process
from desktop.usecases.casework import case_row, process_for
from desktop.usecases.desk import Desk
from desktop.usecases.withholding import counts_of, proofs_asked


@dataclass(frozen=True)
class Proof:
    """One kind of proof of a case: how many files it has and should have; `told` is what that stage lacks of it."""

    code: str
    name: str
    stage_id: str
    stage: str
    least: int
    count: int
    hint: str
    told: str
    basis: str


def proofs(desk: Desk, number: str) -> tuple[Proof, ...]:
    """Every kind of proof of a case, stage by stage."""
    with desk.db.read() as session:
        case = case_row(session, number)
        process = process_for(desk, case)
        counts = counts_of(session, case.id)
        wanted = proofs_asked(desk, process, case.answers)
    return tuple(_proof(process, each, counts.get(each.code, 0)) for each in wanted)


def _proof(process: Process, each: Evidence, count: int) -> Proof:
    stage = process.stage(each.stage).name
    lack = each.lack(stage, count)
    return Proof(each.code, each.name, each.stage, stage, each.least, count, each.hint, lack.sentence if lack else "",
                 f"{each.basis.text}（{each.basis.mark}）")
