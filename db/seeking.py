"""What the search box asks, in plain SQL through `Database.glance`: each question is one range of an index.

`low` and `high` bound the range of what begins with the typed text. A name is sought among its tails (see
search_keys.py), a phone or an ID among digits written backwards.
"""

from __future__ import annotations

# among a customer's facts: what he was called before, and the 户号 that were his and passed to another
FORMER_NAMES, FORMER_ACCOUNTS = "former_names", "former_accounts"
LAST = "\U0010ffff"  # after every letter

_CASE = """
    SELECT cases.id, cases.number, cases.status, cases.customer_id, cases.account_id, customers.name
    FROM cases JOIN customers ON customers.id = cases.customer_id"""
CASE_COLUMNS = ("number", "yx_application", "yx_account", "yx_contract")
CASES = {column: f"{_CASE} WHERE cases.{column} BETWEEN :low AND :high LIMIT :most" for column in CASE_COLUMNS}
CONTRACTS = """
    SELECT contracts.id, contracts.key, contracts.state, contracts.customer_id, contracts.account_id, customers.name
    FROM contracts JOIN customers ON customers.id = contracts.customer_id
    WHERE contracts.key BETWEEN :low AND :high LIMIT :most"""
ACCOUNTS = """
    SELECT accounts.id, accounts.number, accounts.address, accounts.customer_id, customers.name
    FROM accounts JOIN customers ON customers.id = accounts.customer_id
    WHERE accounts.number BETWEEN :low AND :high LIMIT :most"""
_CUSTOMER = "SELECT customers.id, customers.name, customers.phone, customers.address FROM"
BY_PHONE = f"{_CUSTOMER} customers WHERE phone_tail BETWEEN :low AND :high LIMIT :most"
BY_NAME = f"{_CUSTOMER} customers WHERE name_form BETWEEN :low AND :high LIMIT :most"
BY_INITIALS = f"{_CUSTOMER} customers WHERE initials BETWEEN :low AND :high LIMIT :most"
BY_KEY = f"""{_CUSTOMER} search_keys CROSS JOIN customers ON customers.id = search_keys.owner
    WHERE search_keys.key BETWEEN :low AND :high LIMIT :most"""
_OWNERS = {
    BY_PHONE: "SELECT id AS owner FROM customers WHERE phone_tail BETWEEN :low AND :high LIMIT :most",
    BY_NAME: "SELECT id AS owner FROM customers WHERE name_form BETWEEN :low AND :high LIMIT :most",
    BY_INITIALS: "SELECT id AS owner FROM customers WHERE initials BETWEEN :low AND :high LIMIT :most",
    BY_KEY: "SELECT owner FROM search_keys WHERE key BETWEEN :low AND :high LIMIT :most",
}
FACTS = "SELECT facts FROM customers WHERE id = :customer"
ACCOUNT = """
    SELECT accounts.id, accounts.number, accounts.address, accounts.customer_id, customers.name
    FROM accounts JOIN customers ON customers.id = accounts.customer_id WHERE accounts.number = :number"""
CASES_OF = {
    way: f"SELECT cases.id FROM ({owners}) AS found CROSS JOIN cases ON cases.customer_id = found.owner LIMIT :most"
    for way, owners in _OWNERS.items()}  # the cases of those whom a question knows


def begins(text: str) -> dict[str, str]:
    """The bounds of all that begins with `text`."""
    return {"low": text, "high": text + LAST}
