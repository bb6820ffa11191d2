"""A hall's book of contracts for tests: rows as a ledger's import leaves them, and the plans of what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import event, insert, select

from db.engine import Ask
from db.tables import Account, Contract, Customer
from desktop.domain.contract import RenewalMode, State
from desktop.domain.field import FIELDS, samples
from desktop.domain.kind import Value
from desktop.usecases.acting import act
from desktop.usecases.desk import Desk
from desktop.usecases.registering import keep_keys, name_columns
from printing.template import templates

NEVER_OF_A_FILE = ("供电人", "营销系统")
BIG = ("contracts", "customers", "accounts", "cases", "case_materials", "entries")


def account(desk: Desk, number: str, name: str = "示例县兴旺建材有限公司", **facts: Any) -> tuple[int, int]:
    """A customer with an account of that 户号: their ids."""
    with act(desk, "test_account") as doing:
        customer = doing.session.execute(insert(Customer).values(
            **name_columns(name), facts={}, **doing.marks()).returning(Customer.id)).scalar_one()
        keep_keys(doing.session, [(customer, (name, ""))])
        row = {"number": number, "customer_id": customer, "facts": {}} | facts | doing.marks()
        return customer, doing.session.execute(insert(Account).values(row).returning(Account.id)).scalar_one()


def ledgered(desk: Desk, key: str, *, owner: tuple[int, int] | None = None, **said: Any) -> int:
    """A contract as an import leaves it: filed, 未知 how it goes on. `said` overrides any column."""
    customer, at = owner or account(desk, f"63{abs(hash(key)) % 10**11:011d}")
    with act(desk, "test_contract") as doing:
        row = {
            "key": key, "number": key, "kind": "low_voltage", "kind_word": "低压非居民", "source": "ledger",
            "state": str(State.FILED), "active": True, "practice": False, "customer_id": customer, "account_id": at,
            "capacity": Decimal(80), "capacity_unit": "kW", "signed_on": date(2021, 12, 1),
            "starts_on": date(2021, 12, 1), "ends_on": date(2026, 11, 30), "term_months": 60,
            "renewal": str(RenewalMode.UNKNOWN), "doubts": [], "answers": {}, "signing": {},
        } | said | doing.marks()
        return doing.session.execute(insert(Contract).values(row).returning(Contract.id)).scalar_one()


@contextmanager
def hearing(desk: Desk, hear: Callable[[str, Any], None]) -> Iterator[None]:
    """Every statement that is sent meanwhile, by a session or at a glance, is heard with its values."""
    glance = desk.db.glance

    @contextmanager
    def heard(*given: Any) -> Iterator[Ask]:
        with glance(*given) as ask:
            yield lambda statement, **values: hear(statement, values) or ask(statement, **values)

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        hear(statement, parameters)

    desk.db.glance = heard  # type: ignore[method-assign]
    event.listen(desk.db.engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(desk.db.engine, "before_cursor_execute", note)
        del desk.db.glance  # type: ignore[misc]  # the class's own again


def file_facts(kind: str) -> dict[str, Value]:
    """All that the kind's text requires of a customer and his account, as samples."""
    blanks = templates()[kind].blanks.values()
    names = tuple(blank.name for blank in blanks if blank.need == "required"
                  and FIELDS[blank.name].group not in NEVER_OF_A_FILE and not blank.name.startswith("contract_"))
    return samples((*names, "legal_person", "ct_ratio"))


@contextmanager
def plans(desk: Desk) -> Iterator[list[str]]:
    """The query plan of every SELECT that is sent meanwhile, one line for each step."""
    told: list[str] = []
    raw = desk.db.engine.raw_connection()

    def explain(statement: str, parameters: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            told.extend(step[3] for step in raw.cursor().execute("EXPLAIN QUERY PLAN " + statement, parameters))

    with hearing(desk, explain):
        yield told
    raw.close()


def slow_steps(steps: list[str]) -> list[str]:
    """Steps that read a whole big table or sort in a temporary tree."""
    return [step for step in steps
            if "TEMP B-TREE" in step or any(step.startswith(f"SCAN {table}") for table in BIG)]


def owners(desk: Desk, count: int) -> list[tuple[int, int]]:
    """So many customers with an account each; those that are there already are taken first."""
    with desk.db.read() as session:
        found = [(row[0], row[1]) for row in session.execute(select(Account.customer_id, Account.id))]
    made = range(len(found), count)
    return found + [account(desk, f"63{number:011d}", f"示例县第{number}养殖合作社") for number in made]


def book(desk: Desk, count: int, make: Callable[[int], dict[str, Any]], customers: int = 1) -> None:
    """`count` contracts of so many customers, each with what `make` says of it."""
    owned = owners(desk, customers)
    with act(desk, "test_book") as doing:
        base = {
            "kind": "low_voltage", "kind_word": "低压非居民", "source": "ledger", "state": str(State.FILED),
            "active": True, "practice": False, "capacity": None, "signed_on": None, "starts_on": None,
            "term_months": 60, "objection_days": None, "gone": False, "renewal": str(RenewalMode.UNKNOWN),
            "doubts": [], "answers": {}, "signing": {}, **doing.marks(),
        }
        rows = [{**base, "key": f"K{n:06d}", "number": f"K{n:06d}", "customer_id": owned[n % customers][0],
                 "account_id": owned[n % customers][1], **make(n)} for n in range(count)]
        if rows:
            doing.session.execute(insert(Contract), rows)
