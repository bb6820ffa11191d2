"""What papers hold a stage back: those that the stage itself waits for, and promised ones that are still open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.cases import CaseMaterial
from desktop.domain.material import HERE, Demand
from desktop.domain.process import Process
from desktop.errors import Missing


class Held(NamedTuple):
    """What forbids a stage, and what is only told of it."""

    lacks: tuple[Missing, ...]
    told: tuple[Missing, ...]


def held_back(session: Session, process: Process, case_id: int, stage: str) -> Held:
    """The papers that the stage of this case waits for, each as a sentence with its basis and 核验状态."""
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
