"""The hall's clerks, its settings, unfinished forms and running numbers."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class Clerk(Base):
    __tablename__ = "clerks"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    post: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name is SQLAlchemy's


class Setting(Base):
    """One of the hall's settings; the table of what may be set is desktop/settings.py."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class Draft(Base):
    """A form being typed: kept every few seconds, so that a crash costs seconds."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class Sequence(Base):
    """The last number given under a name, such as one day's cases or one year's contracts."""

    __tablename__ = "sequences"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class Request(Base):
    """One act of a clerk. Its key makes a repeated act harmless and an interrupted one answerable."""

    __tablename__ = "requests"

    id: Mapped[str] = mapped_column(primary_key=True)
    verb: Mapped[str]
    result: Mapped[str]
    at: Mapped[datetime]
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
