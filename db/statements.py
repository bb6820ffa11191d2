"""Plain statements: put into the driver's words once, then carried out by the driver itself.

What every acceptance asks and writes goes this way. From a statement to the driver SQLAlchemy needs several times
what SQLite needs for the row, and does the same each time; so it is asked once: for the SQL, and for how each value
is handed over. The session's transaction, its kinds of error and the news of its commit stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pysqlite3 import dbapi2 as driver
from sqlalchemy import Column, Insert, Select, Table, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql import FromClause
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from db.sessions import changed

Values = Mapping[str, Any]
Hand = Callable[[Any], Any] | None
Statement = Insert | Update | Select[Any]


@dataclass(frozen=True)
class Wording:
    """A statement as one kind of database takes it. `places`: the name of the value in each place, and what makes
    of it what the driver takes. `defaults`: the values that need not be given."""

    sql: str
    places: tuple[tuple[str, Hand], ...]
    defaults: Values
    names: frozenset[str]

    def row(self, values: Values) -> list[Any]:
        """The values in their places. KeyError names those that are lacking, or that have no place."""
        given = {**self.defaults, **values}
        if given.keys() != self.names:
            raise KeyError(*sorted(given.keys() ^ self.names))
        return [given[name] if hand is None else hand(given[name]) for name, hand in self.places]


class Plain:
    """A statement on one table, its values by name: an INSERT (of every column but a key that the database counts),
    an UPDATE or a SELECT, this one on any."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._wordings: dict[str, Wording] = {}

    def wording(self, dialect: Dialect) -> Wording:
        """Made when first asked, and kept: statements are as many as the program has, not as its rows."""
        if dialect.name not in self._wordings:
            self._wordings[dialect.name] = _worded(self.statement, dialect)
        return self._wordings[dialect.name]


def put(session: Session, plain: Plain, values: Values) -> int:
    """Insert one row; its id, where the database counts it."""
    return int(_carry_out(session, plain, values).lastrowid or 0)


def put_all(session: Session, plain: Plain, rows: Sequence[Values]) -> None:
    """Insert several rows at once."""
    _carry_out(session, plain, rows)


def ask(session: Session, plain: Plain, values: Values) -> Any:
    """The first value that a SELECT, or an UPDATE with RETURNING, gives; None where it finds no row."""
    rows = _carry_out(session, plain, values).fetchall()
    return rows[0][0] if rows else None


def ask_rows(session: Session, plain: Plain, values: Values) -> list[tuple[Any, ...]]:
    """Every row that a SELECT gives, as the driver has it: days as ISO text."""
    return list(_carry_out(session, plain, values).fetchall())


def _carry_out(session: Session, plain: Plain, values: Values | Sequence[Values]) -> Any:
    """The driver's cursor after the statement. Raises the same DBAPIError that the session would."""
    connection = session.connection()
    wording = plain.wording(connection.dialect)
    if isinstance(plain.statement, Insert | Update):
        changed(session).add(plain.statement.table.name)  # type: ignore[union-attr]
    cursor: Any = connection.connection.cursor()
    try:
        if isinstance(values, Mapping):
            return cursor.execute(wording.sql, wording.row(values))
        return cursor.executemany(wording.sql, [wording.row(row) for row in values])
    except driver.Error as error:
        raise DBAPIError.instance(wording.sql, None, error, driver.Error, hide_parameters=True) from error


def _worded(statement: Statement, dialect: Dialect) -> Wording:
    columns = _written(statement.table) if isinstance(statement, Insert) else []
    compiled = statement.compile(dialect=dialect, column_keys=[column.name for column in columns] or None)
    assert isinstance(compiled, SQLCompiler) and compiled.positiontup is not None
    binds = [compiled.binds[name] for name in compiled.positiontup]
    defaults = {bind.key: bind.value for bind in binds if not bind.required}
    defaults |= {column.name: _default(column) for column in columns if column.nullable or column.default is not None}
    places = tuple((bind.key, bind.type.dialect_impl(dialect).bind_processor(dialect)) for bind in binds)
    return Wording(str(compiled), places, defaults, frozenset(name for name, _ in places))


def _written(table: FromClause) -> list[Column[Any]]:
    assert isinstance(table, Table)
    return [column for column in table.columns if column is not table.autoincrement_column]


def _default(column: Column[Any]) -> Any:
    if column.default is None:
        return None
    assert isinstance(column.default, ScalarElementColumnDefault), f"{column.name}: only a plain value may be a default"
    return column.default.arg
