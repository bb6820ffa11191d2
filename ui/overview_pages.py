"""The pages that show the work from above, each made when it is first wanted; and where they belong on the rail."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.page import Page
    from ui.services import Services


def _board(services: Services) -> Page:
    from ui.case_board import CaseBoard

    return CaseBoard(services)


def _shift(services: Services) -> Page:
    from ui.shift_page import ShiftPage

    return ShiftPage(services)


def _progress(services: Services) -> Page:
    from ui.progress_page import ProgressPage

    return ProgressPage(services)


def _sheet(services: Services) -> Page:
    from ui.sheet_page import SheetPage

    return SheetPage(services)


def _flow(services: Services) -> Page:
    from ui.flow_page import FlowPage

    return FlowPage(services)


def _account(services: Services) -> Page:
    from ui.account_page import AccountPage

    return AccountPage(services)


OVERVIEW = {"board": _board, "shift": _shift, "progress": _progress, "sheet": _sheet, "flow": _flow,
            "account": _account}
RAIL_OF_OVERVIEW = {"board": "cases", "shift": "cases", "progress": "cases", "sheet": "cases", "flow": "reports",
                    "account": "contracts"}
