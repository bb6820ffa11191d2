"""What an application is held against, in plain SQL through `Database.glance`: each question by an index."""

from __future__ import annotations

_CUSTOMER = "SELECT id, name, id_number, phone, address FROM customers"
BY_ID = f"{_CUSTOMER} WHERE id_number = :said LIMIT :most"
# the very name first, then those that begin with it
BY_NAME = f"{_CUSTOMER} WHERE name_form BETWEEN :said AND :said || char(1114111) LIMIT :most"
# the very name without its dots, and longer ones, whatever stands before
BY_KEY = """SELECT customers.id, customers.name, customers.id_number, customers.phone, customers.address
    FROM search_keys CROSS JOIN customers ON customers.id = search_keys.owner
    WHERE search_keys.key BETWEEN :said AND :said || char(1114111) LIMIT :most"""
BY_PHONE = f"{_CUSTOMER} WHERE phone_tail = :said LIMIT :most"
PLACES = "SELECT address FROM accounts WHERE customer_id = :customer LIMIT :most"
_CASE = """
    SELECT cases.id, cases.number, cases.process, cases.stage, cases.customer_id, cases.account_id,
        cases.applied_on, customers.name, accounts.address
    FROM cases JOIN accounts ON accounts.id = cases.account_id JOIN customers ON customers.id = cases.customer_id"""
CASES_AT = f"""{_CASE}
    WHERE cases.account_id IN (SELECT id FROM accounts WHERE address_form = :place) AND cases.closed_on IS NULL
    ORDER BY cases.id DESC LIMIT :most"""
CASES_OF = f"{_CASE} WHERE cases.customer_id = :customer AND cases.closed_on IS NULL ORDER BY cases.id DESC LIMIT :most"
ACCOUNTS_AT = """
    SELECT accounts.id, accounts.number, accounts.address, accounts.customer_id, customers.name
    FROM accounts JOIN customers ON customers.id = accounts.customer_id
    WHERE accounts.address_form = :place AND accounts.number IS NOT NULL LIMIT :most"""
ACCOUNTS_OF = """
    SELECT accounts.id, accounts.number, accounts.address, accounts.customer_id, customers.name
    FROM accounts JOIN customers ON customers.id = accounts.customer_id
    WHERE accounts.customer_id = :customer AND accounts.number IS NOT NULL ORDER BY accounts.id DESC LIMIT :most"""
LATEST_PLACES = "SELECT address FROM accounts ORDER BY id DESC LIMIT :most"

# The account that an application itself names.
ACCOUNT_OF = "SELECT id, customer_id FROM accounts WHERE number = :number"
