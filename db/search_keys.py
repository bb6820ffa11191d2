"""What customers are found by as one types: every tail of a name and of its initials, and IDs backwards.

A table of its own, without row numbers: a range of it is one walk down a tree, and its rows are nothing else. It
holds nothing that is not told by `customers`; a customer and his keys are written in one transaction.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import reduce
from operator import xor
from typing import Any

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from db.base import Base, table_of
from db.customers import Customer
from db.seeking import FORMER_NAMES
from desktop.domain.pinyin import search_keys
from desktop.progress import Step, no_step

CHUNK = 5000
_TELLING = ("name", "id_number", "facts")
INSERT = "INSERT INTO search_keys (key, owner) VALUES (:key, :owner) ON CONFLICT DO NOTHING"
DELETE = "DELETE FROM search_keys WHERE key = :key AND owner = :owner"


class SearchKey(Base):
    """One key of the customer `owner`."""

    __tablename__ = "search_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    # no reference to customers: it would be looked up for each of a name's many keys, and `disagreeing` finds more
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - the name is SQLAlchemy's


def keys_of(name: str, number: str | None, facts: Mapping[str, Any] | None) -> frozenset[str]:
    """All that a customer is found by: his name and ID, and the names that he had before."""
    before = (facts or {}).get(FORMER_NAMES, ())
    return search_keys(name, number or "").union(*(search_keys(each) for each in before))


def rewrite(connection: Connection, owner: int, before: frozenset[str], now: frozenset[str]) -> None:
    """The keys of a customer who is renamed, or whose ID changed; of a new one `before` is empty."""
    for statement, keys in ((DELETE, before - now), (INSERT, now - before)):
        if keys:
            connection.execute(text(statement), [{"key": key, "owner": owner} for key in sorted(keys)])


def follow(session: Session, _context: UOWTransaction) -> None:
    """Heard at every flush: customers that a verb opened or changed get the keys of their present names and IDs."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, Customer):
            said = inspect(row).attrs
            was = [next(iter(said[name].history.deleted or ()), getattr(row, name)) for name in _TELLING]
            before = frozenset() if row in session.new else keys_of(*was)
            rewrite(session.connection(), row.id, before, keys_of(row.name, row.id_number, row.facts))


def fill(connection: Connection, step: Step = no_step) -> int:
    """Write every key that is lacking, customer by customer; how many customers there are."""
    customers = table_of(Customer)
    total = connection.scalar(select(func.count()).select_from(customers)) or 0
    done = 0
    for chunk in _chunks(connection):
        connection.execute(text(INSERT), [
            {"key": key, "owner": owner} for owner, keys in chunk for key in sorted(keys)])
        done += len(chunk)
        step(done, total)
    return done


def disagreeing(connection: Connection, step: Step = no_step) -> tuple[int, ...]:
    """The customers whose keys are not what their names and IDs tell, and those of whom only keys are left."""
    keys = table_of(SearchKey)
    kept: dict[int, int] = defaultdict(int)  # of each customer one figure over all his keys
    for key, owner in connection.execution_options(stream_results=True).execute(select(keys.c.key, keys.c.owner)):
        kept[owner] ^= hash(key)
    total, done, wrong = len(kept), 0, []
    for chunk in _chunks(connection):
        wrong += [owner for owner, told in chunk if kept.pop(owner, 0) != reduce(xor, map(hash, told), 0)]
        done += len(chunk)
        step(done, max(total, done))
    return (*wrong, *kept)


def renew(connection: Connection, step: Step = no_step) -> None:
    """Take all keys away and write them anew."""
    connection.execute(table_of(SearchKey).delete())
    fill(connection, step)


def _chunks(connection: Connection) -> Iterator[list[tuple[int, frozenset[str]]]]:
    """Every customer with the keys that name and ID tell, some thousand at a time."""
    customers = table_of(Customer)
    after = 0
    while rows := connection.execute(
            select(customers.c.id, *(customers.c[name] for name in _TELLING)).where(customers.c.id > after).order_by(
                customers.c.id).limit(CHUNK)).all():
        yield [(owner, keys_of(name, number, facts)) for owner, name, number, facts in rows]
        after = rows[-1][0]
