"""The papers of the catalogue: a checklist's rows, the kinds of paper that are accepted, the gate of open promises."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from desktop.catalog.row import Row
from desktop.domain.material import Belongs, Demand, Material, PaperKind, PromiseGate, When


def read_material(row: Row) -> Material:
    """One paper of a checklist. ValueError names the row that is wrong."""
    demand, becomes = row.text("demand"), row.text("becomes", Demand.REQUIRED)
    if demand not in list(Demand) or becomes not in list(Demand):
        raise row.wrong(f"demand 和 becomes 应为 {'、'.join(Demand)} 之一")
    belongs = row.text("belongs", Belongs.CASE)
    if belongs not in list(Belongs):
        raise row.wrong(f"belongs 应为 {'、'.join(Belongs)} 之一")
    material = Material(
        code=row.text("code"),
        name=row.text("name"),
        demand=Demand(demand),
        supplied_by=row.text("supplied_by"),
        basis=row.basis(),
        role=row.text("role", ""),
        when=read_when(row.row("when")),
        or_when=read_whens(row, "or_when"),
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
        raise row.wrong("免交的资料应写明 shared_from（数据从哪里来）")
    return material


def read_when(row: Row | None) -> When | None:
    """The condition of a row, if it has one: `value` one, `values` several, `unless`, or `least` and `most`."""
    if row is None:
        return None
    one = row.text("value", "")
    values = row.texts("values", (one,) if one else ())
    when = When(row.text("field"), values, row.texts("unless", ()), row.text("least", ""), row.text("most", ""))
    row.close()
    for bound in (when.least, when.most):
        if bound and not is_number(bound):
            raise row.wrong(f"least 和 most 应为写成文字的数，现为 {bound}")
    return when


def is_number(text: str) -> bool:
    """Whether the text is a plain number."""
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def read_whens(row: Row, key: str) -> tuple[When, ...]:
    """The conditions under `key`: one table, or a list of them."""
    return tuple(when for each in row.some(key) if (when := read_when(each)))


def read_paper_kinds(book: Row) -> tuple[PaperKind, ...]:
    """The accepted (and the expressly not accepted) kinds of paper."""
    kinds = tuple(kind for row in book.rows("kinds") for kind in _paper_kinds(row))
    book.close()
    return kinds


def _paper_kinds(row: Row) -> tuple[PaperKind, ...]:
    names, group, basis = row.texts("names"), row.text("group"), row.basis()
    accepted, expires, why = row.flag("accepted", True), row.flag("expires", False), row.text("why", "")
    row.close()
    if not accepted and not why:
        raise row.wrong("不认可的证件应写明 why（原因）")
    return tuple(PaperKind(name, group, basis, accepted, expires, why) for name in names)


def read_promise_gate(row: Row | None) -> PromiseGate | None:
    """The gate of open promises, if the process has one."""
    if row is None:
        return None
    gate = PromiseGate(row.text("stage"), row.flag("blocks"), row.text("sentence"), row.basis(), row.number("days", 0),
                       row.text("clock", ""))
    row.close()
    return gate
