"""What waits, asked in plain SQL: contracts by their end, papers out for signing, stages and promised papers due.

The first page of the morning asks these through `Database.glance`, before SQLAlchemy is imported. Every question is
answered by an index; its `:named` values are plain, dates as YYYY-MM-DD.
"""

from __future__ import annotations

from db.conditions import DUE, GONE, ROLLING, UNKNOWN_END, UNRETURNED
from desktop.domain.contract import State


def _listed(states: tuple[State, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


# said by what they are not, so that no index of states tempts the planner
_SIGNED = f"contracts.state NOT IN ({_listed((State.DRAFT, State.READY, State.CUSTOMER_SIGNED, State.VOID))})"
_OUT = f"contracts.state NOT IN ({_listed(tuple(state for state in State if state is not State.READY))})"
_STANDS = f"contracts.gone = FALSE AND {_SIGNED}"
_AWAKE = "(contracts.snooze_until IS NULL OR contracts.snooze_until <= :today) AND contracts.settled_note = ''"
_CONTRACTS = f"""
    SELECT contracts.key, contracts.kind, contracts.renewal, contracts.ends_on, contracts.term_months,
        contracts.objection_days, contracts.gone, contracts.kind_word,
        customers.name, accounts.number, contracts.snooze_until, contracts.handler_id, contracts.printed_on
    FROM contracts
    JOIN accounts ON accounts.id = contracts.account_id
    JOIN customers ON customers.id = contracts.customer_id
    WHERE {_AWAKE} AND"""

ENDING = f"{_CONTRACTS} {DUE} AND {_STANDS} AND contracts.ends_on <= :until ORDER BY contracts.ends_on, contracts.id"
NO_END = f"{_CONTRACTS} {UNKNOWN_END} AND {_STANDS} AND contracts.id > 0 ORDER BY contracts.id"
NO_TERM = f"{_CONTRACTS} {ROLLING} AND {_STANDS} AND contracts.term_months IS NULL"
NAMED_GONE = (f"{_CONTRACTS} {GONE} AND contracts.gone = TRUE AND {_SIGNED} "
              "ORDER BY contracts.ends_on, contracts.id")
IN_WINDOW = (f"{_CONTRACTS} {ROLLING} AND {_STANDS} AND contracts.term_months = :months "
             "AND contracts.objection_days = :objection AND contracts.ends_on BETWEEN :first AND :last")
NOT_RETURNED = (f"{_CONTRACTS} {UNRETURNED} AND contracts.printed_on <= :since AND {_OUT} "
                "ORDER BY contracts.printed_on, contracts.id")

# the lengths of term and of 异议期 in the book, hopped through the index: two plain questions a hop, for a comparison
# of pairs would walk over all that are alike
_TERM = f"SELECT term_months, objection_days, ends_on FROM contracts WHERE {ROLLING} AND ends_on IS NOT NULL AND"
NEXT_OBJECTION = (f"{_TERM} term_months = :months AND objection_days > :objection "
                  "ORDER BY objection_days, ends_on LIMIT 1")
NEXT_MONTHS = f"{_TERM} term_months > :months ORDER BY term_months, objection_days, ends_on LIMIT 1"

# LEFT: what a case names is looked up, never walked over (see worklists.py)
_OF_CASE = """
    LEFT JOIN customers ON customers.id = cases.customer_id
    LEFT JOIN accounts ON accounts.id = cases.account_id
    LEFT JOIN clerks ON clerks.id = cases.owner_id"""
_STAGES = f"""
    SELECT cases.number, cases.process, cases.release, cases.stage, cases.due_on, customers.name,
        accounts.address AS place, clerks.name AS owner
    FROM cases {_OF_CASE}
    WHERE cases.closed_on IS NULL AND (cases.paused = FALSE OR cases.paused_until <= :today)"""
STAGES = f"{_STAGES} AND cases.due_on <= :until ORDER BY cases.due_on, cases.id"
# near by the share of days used, though the due day is not: their own question, so that each is answered by its index
EARLY = f"{_STAGES} AND near_on IS NOT NULL AND near_on <= :today AND +cases.due_on > :until ORDER BY near_on, cases.id"
PAPERS = f"""
    SELECT cases.number, case_materials.name AS paper, case_materials.due_on, case_materials.supplier, customers.name,
        accounts.address AS place, clerks.name AS owner,
        (SELECT entries.facts FROM entries WHERE entries.id = (SELECT max(past.id) FROM entries AS past
            WHERE past.subject = 'case' AND past.subject_id = cases.id AND coalesce(past.what, '') = 'snoozed')
        ) AS put_off
    FROM case_materials
    JOIN cases ON cases.id = case_materials.case_id {_OF_CASE}
    WHERE open AND case_materials.due_on <= :until
    ORDER BY case_materials.due_on, case_materials.id"""
HOLDS = f"""
    SELECT cases.number, cases.process, cases.release, holdings.account_id, holdings.kind, holdings.kva,
        holdings.until, customers.name, accounts.address AS place, clerks.name AS owner,
        (SELECT entries.facts FROM entries WHERE entries.id = (SELECT max(past.id) FROM entries AS past
            WHERE past.subject = 'case' AND past.subject_id = cases.id AND coalesce(past.what, '') = 'snoozed')
        ) AS put_off
    FROM holdings
    JOIN cases ON cases.id = holdings.case_id {_OF_CASE}
    WHERE restored_on IS NULL AND until <= :until
    ORDER BY holdings.until, holdings.id"""
HELD = "SELECT kind, kva, since, until, restored_on FROM holdings WHERE account_id = :account"
# whether a case is open is said so that no index of cases tempts the planner away from what is due
_SNOOZED = """
        (SELECT entries.facts FROM entries WHERE entries.id = (SELECT max(past.id) FROM entries AS past
            WHERE past.subject = 'case' AND past.subject_id = cases.id AND coalesce(past.what, '') = 'snoozed')
        ) AS put_off"""
DEFECTS = f"""
    SELECT cases.number, defects.item, defects.responsible, defects.due_on, customers.name,
        accounts.address AS place, clerks.name AS owner, {_SNOOZED}
    FROM defects
    JOIN cases ON cases.id = defects.case_id {_OF_CASE}
    WHERE mended_on IS NULL AND defects.due_on <= :until AND coalesce(CAST(cases.closed_on AS VARCHAR(10)), '') = ''
    ORDER BY defects.due_on, defects.id"""
FEES = f"""
    SELECT cases.number, fees.name AS item, fees.amount, fees.due_on, customers.name, accounts.address AS place,
        clerks.name AS owner, {_SNOOZED}
    FROM fees
    JOIN cases ON cases.id = fees.case_id {_OF_CASE}
    WHERE paid_on IS NULL AND coalesce(cancelled, '') = '' AND fees.due_on <= :until
        AND coalesce(CAST(cases.closed_on AS VARCHAR(10)), '') = ''
    ORDER BY fees.due_on, fees.id"""
APPROVALS = f"""
    SELECT cases.number, approvals.post, approvals.rule, approvals.due_on, customers.name, accounts.address AS place,
        approvals.post AS owner, NULL AS put_off
    FROM approvals
    JOIN cases ON cases.id = approvals.case_id {_OF_CASE}
    WHERE open AND approvals.due_on <= :until
    ORDER BY approvals.due_on, approvals.id"""
TERMS = f"""
    SELECT cases.number, scheme_terms.until, customers.name, accounts.address AS place, clerks.name AS owner, {_SNOOZED}
    FROM scheme_terms
    JOIN cases ON cases.id = scheme_terms.case_id {_OF_CASE}
    WHERE open AND scheme_terms.until <= :until
    ORDER BY scheme_terms.until, scheme_terms.case_id"""
OFFERED = """
    SELECT cases.number, handovers.reason, substr(handovers.offered_at, 1, 10) AS due_on, givers.name AS giver,
        customers.name, accounts.address AS place, takers.name AS owner, takers.id AS taker
    FROM handovers
    LEFT JOIN clerks AS givers ON givers.id = handovers.giver_id
    LEFT JOIN clerks AS takers ON takers.id = handovers.receiver_id
    LEFT JOIN cases ON cases.id = handovers.case_id
    LEFT JOIN customers ON customers.id = cases.customer_id
    LEFT JOIN accounts ON accounts.id = cases.account_id
    WHERE answered_at IS NULL AND handovers.receiver_id > 0
    ORDER BY handovers.receiver_id, handovers.id"""
SHIFTS_FOR = ("SELECT clerks.name AS giver, shifts.given_at, json_array_length(shifts.content) AS cases FROM shifts "
              "JOIN clerks ON clerks.id = shifts.giver_id "
              "WHERE shifts.confirmed_at IS NULL AND shifts.receiver_id = :clerk ORDER BY shifts.id")
CLERKS = "SELECT id, number, name, post, active, version FROM clerks ORDER BY number"
SETTING = "SELECT value FROM settings WHERE name = :name"
RELEASES = "SELECT id, effective, digest, shipped FROM releases ORDER BY effective, kept_at, id"
RELEASE_TABLES = "SELECT tables FROM releases WHERE id = :id"


# What waits for one clerk's own word, in order: schemes put before his post (a post that stands in for any sees each
# case once), cases that are handed to him.
TO_APPROVE = "FROM approvals WHERE open AND (due_on, id) > (:at, :id)"
OF_POST = " AND post = :post"
FIRST_OF_CASE = """ AND NOT EXISTS (SELECT 1 FROM approvals AS other WHERE other.case_id = approvals.case_id
    AND other.round = approvals.round AND other.open AND other.id < approvals.id)"""
NOT_ASKED_BY = " AND coalesce(asked_by, 0) <> :owner"
IN_TURN = " ORDER BY due_on, id LIMIT :most"
PROMISED = """FROM case_materials WHERE open AND due_on IS NOT NULL AND (due_on, id) > (:at, :id)
    AND NOT EXISTS (SELECT 1 FROM case_materials AS other WHERE other.case_id = case_materials.case_id
    AND other.open AND (other.due_on, other.id) < (case_materials.due_on, case_materials.id))"""
TO_RECEIVE = "FROM handovers WHERE answered_at IS NULL AND receiver_id = :owner AND id > :id"


def first(question: str, limit: int | None) -> str:
    """The question for its first rows only, where a limit is given."""
    return question if limit is None else f"{question} LIMIT {limit:d}"

# Where open cases stand, by the index of kind, stages and due date.
NEXT_PLACE = """
    SELECT process, stage FROM cases WHERE closed_on IS NULL AND (process, stage) > (:process, :stage)
    ORDER BY process, stage LIMIT 1"""
_AT_PLACE = "FROM cases WHERE closed_on IS NULL AND process = :process AND stage = :stage"
COUNT_PLACE = f"SELECT count(*) {_AT_PLACE}"
DATED = f"SELECT id, due_on {_AT_PLACE} AND (due_on, id) > (:due, :id)"
UNDATED = f"SELECT id {_AT_PLACE} AND due_on IS NULL AND id > :id"
RUNS = " AND (paused = FALSE OR paused_until <= :today)"
OWNED = " AND owner_id = :owner"
PASSED = " AND due_on < :today AND (paused = FALSE OR paused_until <= :today)"
BY_DUE = " ORDER BY due_on, id LIMIT :most"
BY_ID = " ORDER BY id LIMIT :most"
