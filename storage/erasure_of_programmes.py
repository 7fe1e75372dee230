"""What the tables of programmes lose when a person is deleted; storage/erasure.py runs these."""

from typing import Any

from sqlalchemy import BindParameter, Column, Table, bindparam, delete, update

from storage.tables_of_programmes import (
    arrangements,
    casts,
    consents,
    goal_choices,
    goal_progress,
    member_tags,
    pauses,
)

_MEMBER: BindParameter[Any] = bindparam("member")
_DID = (
    arrangements.c.by_id,
    pauses.c.by_id,
    pauses.c.ended_by_id,
    member_tags.c.by_id,
    goal_progress.c.by_id,
)
_THEIRS = (casts, consents, member_tags, goal_choices)


def _nobody(column: Column[Any]) -> tuple[Table, Any]:
    return column.table, (update(column.table).where(column == _MEMBER).values({column.name: None}))


STEPS: tuple[tuple[Table, Any], ...] = (
    *((table, delete(table).where(table.c.member_id == _MEMBER)) for table in _THEIRS),
    *map(_nobody, _DID),
)
"""Their consents, tags, choices and mentions go; what they arranged stays, by nobody."""
