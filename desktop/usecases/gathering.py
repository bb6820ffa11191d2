"""What a contract's blanks are filled from: hall, customer, account, case and scheme. Nothing is typed into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from db.cases import Case
from db.contracts import Contract
from db.customers import Account, Customer
from desktop.domain.contract import ContractKind, Renewal, RenewalMode, StandIn, end_of
from desktop.domain.field import FIELDS
from desktop.domain.hold import running
from desktop.domain.kind import Value
from desktop.domain.voltage import voltage_named
from desktop.usecases.casework import done_facts, scheme_of
from desktop.usecases.standing import holds_of

Facts = dict[str, Value]
# what one contract says of itself, and its successor must not take over
OWN = (
    "contract_number", "customer_contract_number", "contract_from", "contract_until", "contract_years",
    "agent_name", "agent_id", "agent_phone", "poa_number", "poa_matter", "poa_scope", "poa_from", "poa_until",
    "poa_signed",
)
# blanks that another fact answers where nobody said otherwise
STAND_INS = (
    ("delivery_address", ("customer_address", "usage_address")),
    ("sign_place", ("hall_name",)),
)
# a contact and whose name or telephone it may be, when nobody named one
CONTACTS = {
    "contact_name": ("agent_name", "legal_person", "customer_name"),
    "contact_phone": ("agent_phone", "customer_phone"),
}
OF_CUSTOMERS = ("客户", "经办人")  # groups of fields that are one customer's and not the account's
BECOMES = {"customer_name": "new_name", "usage_nature": "new_nature", "price_class": "new_price_class",
           "metering_point": "new_metering_point"}  # what a change asks for, by what the contract calls it


@dataclass(frozen=True)
class Term:
    """A contract's term in whole years, its end the day before the anniversary."""

    starts: date
    years: int

    @property
    def ends(self) -> date:
        return end_of(self.starts, self.years)


def of_case(session: Session, case: Case) -> Facts:
    """All that the case's customer, account, application, stages and newest scheme say."""
    facts = {**_customer(session, case.customer_id), **_account(session, case.account_id)}
    said = {name: value for name, value in case.answers.items() if name not in ("note", "materials")}
    return _met(facts, said, done_facts(session, case.id), scheme_of(session, case.id))


def of_account(session: Session, customer_id: int, account_id: int, before: Mapping[str, Any]) -> Facts:
    """What the old contract said, and over it what customer and account say today."""
    kept = {name: value for name, value in before.items() if name not in (*OWN, *_stood_in_before(before))}
    return _met(kept, _customer(session, customer_id), _account(session, account_id))


def runs(session: Session, account_id: int, day: date, whole: str = "") -> Facts:
    """运行容量 of that day: of an account that had something at rest, or whose 合同容量 becomes `whole` (kVA); of
    another its own papers say it."""
    row, holds = session.get_one(Account, account_id), holds_of(session, account_id)
    capacity = Decimal(whole) if whole else row.capacity if holds and row.capacity_unit == "kVA" else None
    return {} if capacity is None else {"running_capacity_kva": f"{running(capacity, holds, day).normalize():f}"}


def of_change(session: Session, case: Case, old: Contract | None, day: date, *, transfers: bool) -> Facts:
    """What the contract after a change of use says, drawn up on `day`: the old one's facts, under what account,
    customer, application, stages and scheme say then. `transfers`: another customer takes over, and of the old one's
    own nothing is left."""
    before = {**columns_of(old), **old.answers} if old is not None else {}
    if transfers:
        before = {name: value for name, value in before.items()
                  if name not in FIELDS or FIELDS[name].group not in OF_CUSTOMERS}
    kept = of_account(session, case.customer_id, case.account_id, before)
    said = {name: value for name, value in case.answers.items() if name not in ("note", "materials")}
    asked = {name: said.get(new) for name, new in BECOMES.items()}
    now = runs(session, case.account_id, day)
    return _met(kept, now, said, asked, done_facts(session, case.id), scheme_of(session, case.id))


def columns_of(old: Contract) -> Facts:
    """What a ledger told of the contract itself: its capacity, in the unit of its kind, and its voltage."""
    told: Facts = {"voltage": voltage_of(old.voltage)} if old.voltage else {}
    if old.capacity is not None and old.capacity_unit in ("kW", "kVA"):
        told[f"scheme_capacity_{old.capacity_unit.lower()}"] = f"{old.capacity.normalize():f}"
    return told


def _stood_in_before(before: Mapping[str, Any]) -> tuple[str, ...]:
    """The old contract's contact, so far as another fact only stood in for it: that fact may be another today."""
    return tuple(name for name, others in CONTACTS.items()
                 if before.get(name) in [before[other] for other in others if before.get(other)])


def whole(facts: Mapping[str, Any], hall: Mapping[str, str], kind: ContractKind, term: Term,
          renewal: Renewal | None = None, rules: Iterable[StandIn] = ()) -> Facts:
    """The facts with the hall's half, the term, and how it goes on after: `renewal`, else as the kind usually does.

    rules: the catalogue's rows of what a blank says where nobody said otherwise.
    """
    way = renewal or kind.renewal
    own: Facts = {
        "contract_from": term.starts.isoformat(), "contract_until": term.ends.isoformat(),
        "contract_years": str(term.years), "renewal_mode": str(way.mode),
        "objection_days": str(way.objection_days or ""),
    }
    joined = _met(facts, dict(hall), own)
    if way.mode != RenewalMode.AUTOMATIC:
        joined.pop("objection_days", None)
    return {**_stood_in(joined, rules), **joined}


def assumed(said: Mapping[str, Any], rules: Iterable[StandIn], *known: Mapping[str, Any]) -> list[str]:
    """The fields that a row of the catalogue answered, because none of what was `known` did."""
    return [rule.field for rule in rules
            if said.get(rule.field) and not any(facts.get(rule.field) for facts in known)]


def _met(*layers: Mapping[str, Any]) -> Facts:
    """The layers joined, the later over the earlier; an empty answer hides nothing."""
    return {name: value for layer in layers for name, value in layer.items() if value not in ("", None, [])}


def _stood_in(facts: Facts, rules: Iterable[StandIn]) -> Facts:
    found: Facts = {}
    for name, others in (*STAND_INS, *_contact(facts)):
        answer = next((facts[other] for other in others if facts.get(other)), "")
        if answer:
            found[name] = answer
    for rule in rules:
        if answer := rule.answer(facts):
            found[rule.field] = answer
    return found


def _contact(facts: Facts) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Who is called, and on whose telephone: never one person's name beside another's number."""
    agent = facts.get("agent_name") if facts.get("agent_phone") else None
    if agent and facts.get("contact_name", agent) == agent and not facts.get("contact_phone"):
        return ("contact_name", ("agent_name",)), ("contact_phone", ("agent_phone",))
    return ("contact_name", ("legal_person", "customer_name")), ("contact_phone", ("customer_phone",))


def _customer(session: Session, customer_id: int) -> Facts:
    row = session.get_one(Customer, customer_id)
    return _met(row.facts, {
        "customer_name": row.name, "customer_id_kind": row.id_kind, "customer_id": row.id_number,
        "customer_phone": row.phone, "customer_address": row.address,
    })


def _account(session: Session, account_id: int) -> Facts:
    row = session.get_one(Account, account_id)
    return _met(_capacity(row.capacity, row.capacity_unit), row.facts, {
        "yx_account": row.number or "", "usage_address": row.address, "voltage": voltage_of(row.voltage),
        "usage_nature": row.usage_nature,
    })


def voltage_of(text: str) -> str:
    """The choice that a ledger's words mean; what is not certain stays as written, and is asked."""
    return voltage_named(text) or text


def _capacity(capacity: Decimal | None, unit: str) -> Facts:
    """The capacity under the names of its unit, as applied for and as approved."""
    if capacity is None or unit not in ("kW", "kVA"):
        return {}
    number = f"{capacity.normalize():f}"
    return {f"{name}_{unit.lower()}": number for name in ("capacity", "scheme_capacity")}
