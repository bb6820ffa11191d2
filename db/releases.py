"""Releases of the catalogue that this hall has had: in the hall's own file, so that no backup is without them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class Release(Base):
    """One release, never changed. `texts` are its files as they came, `tables` the same read once, which is quicker;
    `shipped`: it came with the program and gives way to one that was imported."""

    __tablename__ = "releases"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    region: Mapped[str]
    effective: Mapped[date]
    digest: Mapped[str]
    shipped: Mapped[bool]
    kept_at: Mapped[datetime]
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    texts: Mapped[dict[str, Any]]
    tables: Mapped[dict[str, Any]]
