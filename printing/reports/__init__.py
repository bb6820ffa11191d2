"""The hall's reports: each a module that turns facts into rows. To add one, write a module and name it here."""

from __future__ import annotations

from printing.reports import entry_gap, expiring, monthly, register, stages
from printing.reports.report import Report

REPORTS: tuple[Report, ...] = (expiring.REPORT, register.REPORT, monthly.REPORT, entry_gap.REPORT, stages.REPORT)
