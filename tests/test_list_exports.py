"""Ctrl+E on a list, as Excel reads the workbook: figures are figures, days are days, and no text is a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from trade import accepted_case, answered_case

from desktop.usecases.case_listing import CaseFilter, cases
from desktop.usecases.overseeing import flow
from desktop.usecases.reporting import report
from ui import case_list, exporting, flow_page


class Jobs:
    """The worker, done at once."""

    def run(self, work: Any, done: Any, title: str) -> None:
        done(work(lambda _done, _total: None))


def exported(desk: Any, title: str, columns: Sequence[Any], rows: Iterable[Any], out: Path,
             monkeypatch: pytest.MonkeyPatch) -> Worksheet:
    import ui.printing

    monkeypatch.setattr(ui.printing, "ask_where", lambda *_: out)
    services: Any = SimpleNamespace(desk=desk, jobs=Jobs(), messages=SimpleNamespace(say=lambda *_: None))
    exporting.export_list(services, title, columns, lambda: rows, None)  # type: ignore[arg-type]
    page = load_workbook(out).active
    assert isinstance(page, Worksheet)
    return page


def line(page: Worksheet, row: int) -> dict[str, Any]:
    return {str(head.value): cell for head, cell in zip(page[3], page[row], strict=True)}


def test_the_list_of_cases_has_figures_days_and_no_formula(hall: Any, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    accepted_case(hall, customer_name='=HYPERLINK("x")')
    rows = cases(hall, CaseFilter()).rows
    page = exported(hall, "工单", case_list.EXPORTED, rows, tmp_path / "工单.xlsx", monkeypatch)
    told = line(page, 4)
    assert (told["合同容量"].value, told["单位"].value) == (80, "kW")
    assert isinstance(told["受理"].value, datetime) and told["到期"].number_format == "yyyy-mm-dd"
    assert told["客户"].value == '=HYPERLINK("x")' and told["客户"].data_type == "s" and told["客户"].quotePrefix
    widths = {str(head.value): page.column_dimensions[head.column_letter].width for head in page[3]}
    assert widths["客户"] > 30 and widths["受理"] >= 12 and all(width >= 6 for width in widths.values())


def test_where_the_days_go_is_exported_as_figures_and_percents(hall: Any, tmp_path: Path,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    answered_case(hall)
    rows = flow(hall, None, lambda _done, _total: None)
    page = exported(hall, "环节分析", flow_page.EXPORTED, rows, tmp_path / "环节.xlsx", monkeypatch)
    told = line(page, 4)
    assert told["完成次数"].value == 1 and told["退回到此"].value == 0
    assert told["占全程"].number_format == "0.00%" and isinstance(told["占全程"].value, int | float)


@pytest.mark.parametrize(("name", "share"), [("gaps", "晚录占比"), ("stages", "占全程")])
def test_a_share_in_a_report_is_a_percent(hall: Any, tmp_path: Path, name: str, share: str) -> None:
    answered_case(hall)
    page = load_workbook(report(hall, name, month="2026-11", out=tmp_path / "a.xlsx").path).active
    assert isinstance(page, Worksheet)
    cell = line(page, 4)[share]
    assert cell.number_format == "0.00%" and isinstance(cell.value, int | float) and 0 <= cell.value <= 1
