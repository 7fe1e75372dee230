"""The outbox as tests look at it: what waits, and one row taken as a process does it."""

from datetime import datetime

from storage.values import OutboxRow
from storage.work import Work


def waiting(work: Work, account: str, now: datetime, limit: int = 500) -> list[OutboxRow]:
    """What may be done now, the most urgent first, then in the order it was decided."""
    due = [row for row, not_before in work.outbox.pending(account) if not_before <= now]
    rows = {row.id: row for row in work.outbox.rows(account, due)}
    return [rows[row] for row in due if row in rows][:limit]


def claim(work: Work, row: int, by: str, now: datetime) -> bool:
    """Take one row for a process; False if it no longer waits."""
    return row in work.outbox.claim_all([row], by, now)
