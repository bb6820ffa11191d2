"""The catalogue's file of inspections and licences, read into its values when an inspection is first asked for."""

from __future__ import annotations

from desktop.catalog.row import Row
from desktop.domain.inspection import QUALIFIED, InspectionBook, InspectionKind, Licence


def read_inspections(book: Row) -> InspectionBook:
    """The inspections of a release. ValueError names the row that is wrong."""
    made = InspectionBook(tuple(_kind(row) for row in book.rows("kind")),
                          tuple(_licence(row) for row in book.rows("licence")))
    book.close()
    stages = [stage for kind in made.kinds for stage in kind.stages]
    if len(set(stages)) != len(stages):
        raise book.wrong("一个环节只能由一种检查判定")
    return made


def _kind(row: Row) -> InspectionKind:
    kind = InspectionKind(row.text("id"), row.text("name"), row.text("submission"), row.texts("stages"),
                          row.texts("customer", ()),
                          row.texts("qualified", ()), row.texts("papers"), row.basis())
    row.close()
    if not set(kind.qualified) <= set(QUALIFIED):
        raise row.wrong(f"qualified 应为 {'、'.join(QUALIFIED)} 之一")
    return kind


def _licence(row: Row) -> Licence:
    licence = Licence(row.text("level"), row.number("most_kv"), row.basis())
    row.close()
    return licence
