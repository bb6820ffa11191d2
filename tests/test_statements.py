"""A plain statement keeps what SQLAlchemy would keep, refuses what it would refuse, and announces its table."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from db.base import table_of
from db.clerks import Request, Sequence
from db.customers import Account, Customer
from db.entries import Entry
from db.statements import Plain, ask, put, put_all

MOMENT = datetime(2026, 11, 23, 9, 30, 15, 250)
MARKS = {"created_at": MOMENT, "created_by": None, "changed_at": MOMENT, "changed_by": None}
CUSTOMER = {"name": "索南·才让", "name_form": "索南才让", "initials": "sncr", "facts": {"postcode": "813000"}, **MARKS}
ENTRY = {"subject": "case", "subject_id": 1, "what": "accepted", "stage": "S01", "claimed_on": date(2028, 2, 29),
         "entered_at": MOMENT, "clerk_id": None, "facts": {"理由": ["甲", 1, None]}, "request_id": None}
REQUESTS, SEQUENCES = table_of(Request), table_of(Sequence)
REQUEST = {"id": "a", "verb": "accept", "result": "", "at": MOMENT, "clerk_id": None}


def kept(desk: Any, table: Any) -> list[dict[str, Any]]:
    with desk.db.read() as session:
        return [dict(row._mapping) for row in session.execute(select(table).order_by(table.c.id))]


@pytest.mark.parametrize(("row", "values"), [
    (Customer, CUSTOMER),
    (Account, {"customer_id": 1, "capacity": Decimal("0.50"), "facts": {}, **MARKS}),
    (Account, {"customer_id": 1, "capacity": None, "facts": {}, "number": "6300000000017", **MARKS}),
    (Entry, ENTRY),
])
def test_a_row_put_plainly_is_the_row_that_sqlalchemy_keeps(
    empty_hall: Any, row: type[Any], values: dict[str, Any],
) -> None:
    table = table_of(row)
    with empty_hall.db.write() as session:
        put(session, Plain(insert(table_of(Customer))), CUSTOMER)
    with empty_hall.db.write() as session:
        plainly = put(session, Plain(insert(table)), values)
        session.execute(insert(table).values(**{k: v for k, v in values.items() if k != "number"}))
    ours, theirs = kept(empty_hall, table)[-2:]
    assert ours["id"] == plainly
    assert {**ours, "id": 0, "number": ""} == {**theirs, "id": 0, "number": ""}


def test_several_rows_are_put_at_once_in_their_order(empty_hall: Any) -> None:
    with empty_hall.db.write() as session:
        put_all(session, Plain(insert(table_of(Entry))), [{**ENTRY, "subject_id": number} for number in (3, 1, 2)])
    assert [row["subject_id"] for row in kept(empty_hall, table_of(Entry))] == [3, 1, 2]


def test_a_question_gives_its_first_value_and_nothing_where_there_is_no_row(empty_hall: Any) -> None:
    name = SEQUENCES.c.name == bindparam("named")
    next_one = Plain(update(SEQUENCES).where(name).values(value=SEQUENCES.c.value + 1).returning(SEQUENCES.c.value))
    with empty_hall.db.write() as session:
        assert ask(session, next_one, {"named": "case"}) is None
        put(session, Plain(insert(SEQUENCES)), {"name": "case", "value": 6})
        assert ask(session, next_one, {"named": "case"}) == 7
        assert ask(session, Plain(select(SEQUENCES.c.value).where(name).limit(1)), {"named": "case"}) == 7


@pytest.mark.parametrize(("values", "named"), [
    ({name: value for name, value in REQUEST.items() if name != "verb"}, "verb"),
    ({**REQUEST, "phone": "13900001234"}, "phone"),
])
def test_a_value_that_is_lacking_or_has_no_place_is_named_and_nothing_is_written(
    empty_hall: Any, values: dict[str, Any], named: str,
) -> None:
    with pytest.raises(KeyError) as told, empty_hall.db.write() as session:
        put(session, Plain(insert(REQUESTS)), values)
    assert told.value.args == (named,)
    assert kept(empty_hall, REQUESTS) == []


def test_what_the_database_refuses_is_told_as_the_session_tells_it_without_the_values(empty_hall: Any) -> None:
    secret = {**REQUEST, "verb": "632521199001011234"}
    with pytest.raises(IntegrityError, match="UNIQUE") as told, empty_hall.db.write() as session:
        put_all(session, Plain(insert(REQUESTS)), [secret, secret])
    assert "632521199001011234" not in str(told.value)
    assert kept(empty_hall, REQUESTS) == []


def test_the_commit_announces_what_was_written_and_not_what_was_asked(empty_hall: Any) -> None:
    heard: list[frozenset[str]] = []
    empty_hall.db.listen(heard.append)
    with empty_hall.db.write() as session:
        ask(session, Plain(select(SEQUENCES.c.value)), {})
        put(session, Plain(insert(REQUESTS)), REQUEST)
    assert heard == [frozenset({"requests"})]
