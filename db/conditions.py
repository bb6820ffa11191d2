"""The conditions of partial indexes.

A query must say them in these very words to be answered by the index. Where a condition could tempt the planner to
another index, it is written so that only its own can answer it.
"""

DUE = "active AND renewal <> '自动续展' AND renewal <> '不定期'"  # those whose written end is what counts
ROLLING = "active AND coalesce(renewal, '') = '自动续展'"  # those whose term follows itself
GONE = "active AND gone"
UNRETURNED = "active AND customer_signed_on IS NULL"
ENDLESS = "CAST(ends_on AS VARCHAR(10)) IS NULL"
UNKNOWN_END = f"{DUE} AND {ENDLESS}"
DOUBTFUL = "CAST(doubts AS TEXT) <> '[]'"
OPEN = "closed_on IS NULL"  # cases
WAITING = "closed_on IS NULL AND paused"  # cases that stand still, or stood still until their `paused_until`
NEARING = f"{OPEN} AND near_on IS NOT NULL"  # amber by the share of days used before the due day is near
