"""Recognising who and what stands at the counter: known customers, premises and cases, and what is likely twice.

Nothing that the hall knows already is asked again; nothing is taken for the same without a person's eye.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from db import alike, seeking
from desktop.domain.address import address_form, address_prefix, usual_prefix
from desktop.domain.field import FIELDS, tidy
from desktop.domain.identity import mask_phone
from desktop.domain.likeness import FEWEST_LETTERS, Known, Said, Why, of_account, of_case, of_customer
from desktop.domain.name import name_core
from desktop.domain.pinyin import typed_form
from desktop.usecases.desk import Desk
from desktop.usecases.finding import TAIL, ways

if TYPE_CHECKING:

    from db.engine import Ask
    from desktop.usecases.intake import Application

MOST = 8  # as many look-alikes as a clerk can read while the customer waits
RECENT = 60  # accounts whose addresses tell where the hall's customers live; cases among which the clerk's last is
AGENT = ("agent_name", "agent_id", "agent_phone")  # who he is; his authority is each customer's to give
# what is known of premises, asked of the newest application for them
PREMISES = ("usage_address", "usage_nature", "industry", "industry_code", "voltage", "phases", "ownership_kind",
            "ownership_number", "owner_name")


@dataclass(frozen=True)
class Alike:
    """Something known that looks like the application. `number` opens a case; the ids fill a form; `duplicate`: it
    may be the same matter twice."""

    kind: str
    id: int
    number: str
    title: str
    detail: str
    why: str
    duplicate: bool
    customer_id: int
    account_id: int | None = None


def alikes(desk: Desk, application: Application) -> tuple[Alike, ...]:
    """What looks like the application, the likely duplicates first; the chosen customer himself is not told of."""
    answers = {name: tidy(name, value) for name, value in application.answers.items()
               if isinstance(value, str) and name in FIELDS}
    said = Said.of(answers, _kind_id(desk, application.kind))
    found: dict[tuple[str, int], Alike] = {}
    with desk.db.glance() as ask:
        persons = {application.customer_id} if application.customer_id else set()
        for each in (*_customers(ask, said, persons), *_spoken(ask, said.name)):
            if each.customer_id != application.customer_id:
                found.setdefault((each.kind, each.id), each)
        for each in (*_cases(desk, ask, said, persons), *_accounts(ask, said, persons)):
            found.setdefault((each.kind, each.id), each)
        own = {(row["id"], row["customer_id"]) for row in ask(alike.ACCOUNT_OF, number=answers.get("yx_account", ""))}
    others = [each for each in found.values() if not _is_own(each, own)]
    return tuple(sorted(others, key=lambda each: not each.duplicate))[:MOST]


def _is_own(found: Alike, own: set[tuple[int, int]]) -> bool:
    """The very account that the application is about, or its customer."""
    if found.kind == "户号":
        return any(found.account_id == account for account, _customer in own)
    return found.kind == "客户" and any(found.customer_id == customer for _account, customer in own)


def duplicates(desk: Desk, application: Application) -> tuple[Alike, ...]:
    """Only what may be the same matter twice."""
    return tuple(each for each in alikes(desk, application) if each.duplicate)


def _kind_id(desk: Desk, kind: str) -> str:
    return next((each.id for each in desk.catalog.processes.values() if kind in (each.id, each.name)), kind)


def _customers(ask: Ask, said: Said, persons: set[int]) -> Iterator[Alike]:
    """Customers that share something; those who are the very person are added to `persons`."""
    name = name_core(said.name) if len(said.name) >= FEWEST_LETTERS else ""
    letters = typed_form(name) if len(name) > FEWEST_LETTERS else ""
    questions = ((alike.BY_ID, said.id_number), (alike.BY_NAME, name), (alike.BY_KEY, letters),
                 (alike.BY_PHONE, "".join(filter(str.isdigit, said.phone))[::-1]))
    for question, value in questions:
        for row in ask(question, said=value, most=MOST) if value else ():
            places = tuple(each["address"] for each in ask(alike.PLACES, customer=row["id"], most=MOST))
            why = of_customer(said, Known(row["name"], row["id_number"], row["phone"], row["address"], places))
            if why is not None:
                if said.id_number == row["id_number"] != "" or why.duplicate:
                    persons.add(row["id"])
                yield Alike("客户", row["id"], row["name"], row["name"], _line(row), why.sentence, why.duplicate,
                            row["id"])


def _cases(desk: Desk, ask: Ask, said: Said, persons: set[int]) -> Iterator[Alike]:
    place = address_form(said.address)
    at = list(ask(alike.CASES_AT, place=place, most=MOST)) if place else []
    theirs = [row for person in sorted(persons) for row in ask(alike.CASES_OF, customer=person, most=MOST)]
    for row in (*at, *theirs):
        process = desk.catalog.processes.get(row["process"])
        name = process.name if process else row["process"]
        why = of_case(said, row["process"], name, address_form(row["address"]) == place != "",
                      row["customer_id"] in persons)
        if why is not None:
            yield _found("工单", row, f"{row['address']} · {row['applied_on']} 受理", why, row["account_id"])


def _accounts(ask: Ask, said: Said, persons: set[int]) -> Iterator[Alike]:
    """Accounts at the place, then the others of the persons: whoever has two premises says which he means."""
    place = address_form(said.address)
    for row in ask(alike.ACCOUNTS_AT, place=place, most=MOST) if place else ():
        why = of_account(row["number"], row["customer_id"] in persons)
        yield _found("户号", row, row["address"], why, row["id"])
    for person in sorted(persons):
        for row in ask(alike.ACCOUNTS_OF, customer=person, most=MOST):
            yield _found("户号", row, row["address"], Why("此客户的用电户"), row["id"])


def _spoken(ask: Ask, text: str) -> Iterator[Alike]:
    """Who is meant by initials, the end of a phone or an ID, or a 户号 that stands where the name should."""
    if not text.isascii() or len(text) < FEWEST_LETTERS:
        return
    if text.isdigit():
        for row in ask(seeking.ACCOUNTS, **seeking.begins(text), most=MOST):
            yield _found("户号", row, row["address"], Why(f"户号以 {text} 开头"), row["id"])
    for question, low in ways(text):
        for row in ask(question, **seeking.begins(low), most=MOST):
            why = Why(f"按“{mask_phone(text) if text.isdigit() and len(text) > TAIL else text}”找到")
            yield Alike("客户", row["id"], row["name"], row["name"], _line(row), why.sentence, why.duplicate, row["id"])


def _found(kind: str, row: Any, detail: str, why: Why, account_id: int) -> Alike:
    return Alike(kind, row["id"], row["number"], row["name"], detail, why.sentence, why.duplicate,
                 row["customer_id"], account_id)


def _line(row: Any) -> str:
    return " · ".join(part for part in (mask_phone(row["phone"]) if row["phone"] else "", row["address"]) if part)


def premises_answers(desk: Desk, account_id: int) -> dict[str, str]:
    """What is known of premises and of their customer, as the answers of a form; blanks are left out."""
    from sqlalchemy import select

    from db.cases import Case
    from db.customers import Account
    from desktop.usecases.registering import known_answers

    with desk.db.read() as session:
        row = session.get(Account, account_id)
        if row is None:
            return {}
        before = session.scalars(select(Case.answers).where(Case.account_id == account_id).order_by(
            Case.id.desc()).limit(1)).first() or {}
    known = {name: str(before[name]) for name in PREMISES if before.get(name)}
    known |= {"usage_address": row.address, "voltage": row.voltage, "usage_nature": row.usage_nature,
              "yx_account": row.number or ""}
    said = known_answers(desk, row.customer_id) | known
    return {name: value for name, value in said.items() if value}


def hall_prefix(desk: Desk) -> str:
    """How most of the hall's latest addresses begin, else the hall's own county; '' where neither is known."""
    from desktop.usecases.staffing import hall

    with desk.db.glance() as ask:
        recent = [row["address"] for row in ask(alike.LATEST_PLACES, most=RECENT)]
    own = hall(desk)
    return usual_prefix(recent) or address_prefix(own.get("hall_address") or own.get("supplier_address", ""))


# ---- whoever comes for several customers


@dataclass(frozen=True)
class AgentBefore:
    """The agent of the case that this clerk accepted last today: whose case it was, and what the form asks of him."""

    number: str
    customer: str
    answers: Mapping[str, str]

    @property
    def told(self) -> str:
        """The offer in a sentence; which authority he has from this customer is asked anew."""
        return (f"上一件（{self.customer}）的代理人是{self.answers['agent_name']}，还是他的按“沿用”；"
                "授权委托书仍按这位客户另收。")


def agent_before(desk: Desk) -> AgentBefore | None:
    """The agent of the case just accepted at this counter; None where there is no such case today, or it had none."""
    from sqlalchemy import select

    from db.cases import Case

    if desk.clerk is None:
        return None
    query = select(Case.number, Case.answers, Case.acceptor_id).where(
        Case.accepted_at >= datetime.combine(desk.today, time())).order_by(Case.accepted_at.desc(), Case.id.desc())
    with desk.db.read() as session:
        found = next((row for row in session.execute(query.limit(RECENT)) if row.acceptor_id == desk.clerk.id), None)
    answers = {name: str(found.answers[name]) for name in AGENT if found.answers.get(name)} if found else {}
    if found is None or "agent_name" not in answers:
        return None
    return AgentBefore(found.number, str(found.answers.get("customer_name", "")), answers)
