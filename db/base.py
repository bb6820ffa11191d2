"""What all tables share: the metadata, the column types and the marks of an editable row.

The modules with tables do without `from __future__ import annotations`: SQLAlchemy would compile the text of every
column's annotation again, which every start waits for.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, DateTime, ForeignKey, Index, MetaData, Numeric, String, Table, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Exact(TypeDecorator[Decimal]):
    """A decimal kept letter for letter: SQLite has no decimal, and a float would change what was written."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Numeric(18, 4) if dialect.name == "postgresql" else String(24))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - the name and shape are SQLAlchemy's
        dict[str, Any]: JSON,
        list[Any]: JSON,
        date: Date,
        datetime: DateTime,
        Decimal: Exact,
    }


def table_of(row: type[Base]) -> Table:
    """The table behind a mapped class: a statement on it is plain SQL, without the ORM's bookkeeping."""
    return row.metadata.tables[row.__tablename__]


def partial_index(name: str, condition: str, *columns: str) -> Index:
    """An index of the rows that meet the condition, which a query must say in these very words.

    For PostgreSQL it stands in the migration alone: to name it here would import that dialect at every start.
    """
    return Index(name, *columns, sqlite_where=text(condition))


class Editable:
    """A row that two counters may edit: every write names its clerk, and a stale write is refused."""

    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}
