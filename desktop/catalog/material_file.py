"""The papers of the catalogue: a checklist's rows, the kinds of paper that are accepted, the gate of open promises."""

from __future__ import annotations

from desktop.catalog.row import Row
from desktop.domain.material import Belongs, Demand, Material, PaperKind, PromiseGate, When


def read_material(row: Row) -> Material:
    """One paper of a checklist. ValueError names the row that is wrong."""
    demand, becomes = row.text("demand"), row.text("becomes", Demand.REQUIRED)
    if demand not in list(Demand) or becomes not in list(Demand):
        raise row.wrong(f"demand and becomes are one of {', '.join(Demand)}")
    belongs = row.text("belongs", Belongs.CASE)
    if belongs not in list(Belongs):
        raise row.wrong(f"belongs is one of {', '.join(Belongs)}")
    material = Material(
        code=row.text("code"),
        name=row.text("name"),
        demand=Demand(demand),
        supplied_by=row.text("supplied_by"),
        basis=row.basis(),
        role=row.text("role", ""),
        when=read_when(row.row("when")),
        becomes=Demand(becomes),
        days=row.number("days", 0),
        examples=row.text("examples", ""),
        stage=row.text("stage", ""),
        shared_from=row.text("shared_from", ""),
        shared_when=read_when(row.row("shared_when")),
        kinds=row.texts("kinds", ()),
        belongs=Belongs(belongs),
    )
    row.close()
    if (material.shared_when or Demand.SHARED in (material.demand, material.becomes)) and not material.shared_from:
        raise row.wrong("a paper that is 免交 names shared_from, where its data come from")
    return material


def read_when(row: Row | None) -> When | None:
    """The condition of a row, if it has one: `value` one, `values` several, `unless`, or `least` and `most`."""
    if row is None:
        return None
    one = row.text("value", "")
    values = row.texts("values", (one,) if one else ())
    when = When(row.text("field"), values, row.texts("unless", ()), row.text("least", ""), row.text("most", ""))
    row.close()
    return when


def read_whens(row: Row, key: str) -> tuple[When, ...]:
    """The conditions under `key`: one table, or a list of them."""
    return tuple(when for each in row.some(key) if (when := read_when(each)))


def read_paper_kinds(book: Row) -> tuple[PaperKind, ...]:
    """The accepted (and the expressly not accepted) kinds of paper."""
    kinds = tuple(_paper_kind(row) for row in book.rows("kind"))
    book.close()
    return kinds


def _paper_kind(row: Row) -> PaperKind:
    kind = PaperKind(
        name=row.text("name"), group=row.text("group"), accepted=row.flag("accepted", True),
        expires=row.flag("expires", False), why=row.text("why", ""), basis=row.basis())
    row.close()
    if not kind.accepted and not kind.why:
        raise row.wrong("a kind that is not accepted says why")
    return kind


def read_promise_gate(row: Row | None) -> PromiseGate | None:
    """The gate of open promises, if the process has one."""
    if row is None:
        return None
    gate = PromiseGate(row.text("stage"), row.flag("blocks"), row.text("sentence"), row.basis())
    row.close()
    return gate
