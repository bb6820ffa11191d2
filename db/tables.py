"""Every table in one place, for whoever needs the whole schema."""

from __future__ import annotations

from db.base import Base
from db.cases import Case, CaseMaterial, Scheme
from db.clerks import Clerk, Draft, Request, Sequence, Setting
from db.contracts import Contract, Paper, TemplateApproval
from db.customers import Account, Customer
from db.entries import Entry
from db.imports import ImportBatch, ImportRow

__all__ = [
    "Account", "Base", "Case", "CaseMaterial", "Clerk", "Contract", "Customer", "Draft", "Entry",
    "ImportBatch", "ImportRow", "Paper", "Request", "Scheme", "Sequence", "Setting", "TemplateApproval",
]
