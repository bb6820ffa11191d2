"""Every table in one place, for whoever needs the whole schema."""

from __future__ import annotations

from db.approvals import Approval, SchemeTerm
from db.base import Base
from db.cases import Case, CaseMaterial, Scheme
from db.clerks import Clerk, Draft, Request, Sequence, Setting
from db.contracts import Contract, Paper, TemplateApproval
from db.customers import Account, Customer, Holding
from db.entries import Entry
from db.fees import Fee, Tariff
from db.files import Attachment, StoredFile
from db.handovers import Handover
from db.imports import ImportBatch, ImportRow
from db.inspections import Defect, Inspection
from db.meters import Meter
from db.releases import Release
from db.search_keys import SearchKey
from db.shifts import Shift

__all__ = [
    "Account", "Approval", "Attachment", "Base", "Case", "CaseMaterial", "Clerk", "Contract", "Customer", "Defect",
    "Draft", "Entry", "Fee", "Handover", "Holding", "ImportBatch", "ImportRow", "Inspection", "Meter", "Paper",
    "Release", "Request", "Scheme", "SchemeTerm", "SearchKey", "Sequence", "Setting", "Shift", "StoredFile", "Tariff",
    "TemplateApproval",
]
