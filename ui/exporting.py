"""导出 on a list: what the list shows, all of it, to a workbook that the clerk names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.messages import Step
from ui.paged_table import ColumnSpec
from ui.services import Services

PIXELS = 7.5
"""Of a figure on screen: what is a column there in pixels is one in a sheet in so many characters."""


def export_list(services: Services, title: str, columns: Sequence[ColumnSpec], rows: Callable[[], Iterable[Any]],
                parent: QWidget) -> None:
    """Ask for the file, then write every row in the worker, with progress and cancel."""
    from ui.printing import ask_where, show_file

    path = ask_where(parent, f"{title}-{services.desk.today.isoformat()}.xlsx", "Excel 工作簿 (*.xlsx)")
    if path is None:
        return
    desk = services.desk
    target = path if path.suffix.lower() == ".xlsx" else path.with_name(path.name + ".xlsx")

    def work(step: Callable[[int, int], None]) -> Any:
        from desktop.usecases.reporting import Column, export_rows

        heads = [Column(column.name, column.label, column.kind, _wide(column))  # type: ignore[arg-type]
                 for column in columns]
        cells = ([(column.cell or column.show)(row) for column in columns] for row in rows())
        return export_rows(desk, title, heads, cells, target, step=step)

    services.jobs.run(work, lambda outcome: services.messages.say(
        "good", f"已导出 {outcome.rows:,} 行到 {outcome.path}", Step("打开", lambda: show_file(outcome.path))),
        title=f"正在导出{title}")


def _wide(column: ColumnSpec) -> int:
    """The column's width in a sheet, in characters; a date needs twelve."""
    return max(round(column.width / PIXELS), 12 if column.kind == "date" else 2 * len(column.label) + 2)
