"""Ledgers that were brought in: each file, and what each of its rows became."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class ImportBatch(Base):
    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    counts: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))


class ImportRow(Base):
    """A row that needs a person: taken with doubts, given back, or at odds with what is already kept."""

    __tablename__ = "import_rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"))
    sheet: Mapped[str]
    row: Mapped[int]
    key: Mapped[str]
    result: Mapped[str]
    reasons: Mapped[list[Any]]
    cells: Mapped[list[Any]]
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"))
    settled: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index("ix_import_rows_batch", "batch_id", "row"), Index("ix_import_rows_key", "key"))
