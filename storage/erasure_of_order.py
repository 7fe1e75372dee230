"""What the tables of order lose when a person is deleted; storage/erasure.py runs these steps."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Table,
    bindparam,
    case,
    delete,
    func,
    or_,
    update,
)

from storage.columns import Moment
from storage.tables import cases
from storage.tables_of_order import (
    acceptances,
    appeals,
    audit,
    complaints,
    exemptions,
    links,
    operator_codes,
    operators,
    sanctions,
    tasks,
)
from storage.values_of_order import AppealState, TaskState

Step = tuple[Table, Any]
"""A table and the statement that is run on it, for the person under `member` at `moment`."""

_MEMBER: BindParameter[Any] = bindparam("member")
_MOMENT: BindParameter[Any] = bindparam("moment", type_=Moment)


def _of(column: Column[Any], **values: Any) -> Step:
    """Where this column names the person, it becomes NULL and the others what is given."""
    return column.table, (
        update(column.table).where(column == _MEMBER).values({column.name: None, **values})
    )


def _if(column: ColumnElement[Any], states: Sequence[str], then: str) -> ColumnElement[Any]:
    return case((or_(*(column == each for each in states)), then), else_=column)


UNLINK: Step = (links, delete(links).where(links.c.member_id == _MEMBER))
"""Comes first, for all members of the person: their links point to each other."""

STEPS: tuple[Step, ...] = (
    _of(cases.c.raiser_id),
    _of(cases.c.decided_by_id),
    _of(
        sanctions.c.member_id,
        lifted_why="",
        closed_why="",
        closed_at=func.coalesce(sanctions.c.closed_at, _MOMENT),
    ),
    _of(
        tasks.c.member_id,
        text="",
        settled_why="",
        state=_if(
            tasks.c.state,
            (TaskState.OPEN.value, TaskState.OVERDUE.value),
            TaskState.CANCELLED.value,
        ),
    ),
    _of(
        appeals.c.member_id,
        text="",
        why="",
        state=_if(appeals.c.state, (AppealState.OPEN.value,), AppealState.WITHDRAWN.value),
    ),
    _of(appeals.c.decided_by_id),
    _of(complaints.c.by_id, words=""),
    _of(complaints.c.about_id, words=""),
    (exemptions, delete(exemptions).where(exemptions.c.member_id == _MEMBER)),
    _of(exemptions.c.by_id),
    (operators, delete(operators).where(operators.c.member_id == _MEMBER)),
    _of(operators.c.revoked_by_id),
    _of(operator_codes.c.by_id),
    _of(operator_codes.c.used_by_id),
    _of(audit.c.by_id),
    _of(audit.c.about_id, why=""),
    (acceptances, delete(acceptances).where(acceptances.c.member_id == _MEMBER)),
    _of(links.c.by_id),
)


def _without(column: Column[Any], scope: ColumnElement[bool]) -> Step:
    """Takes a name out of what others wrote."""
    return column.table, (
        update(column.table)
        .where(scope, column.like(bindparam("like"), escape="\\"))
        .values({column.name: func.replace(column, bindparam("called"), bindparam("instead"))})
    )


CALLED: tuple[Step, ...] = tuple(
    _without(column, column.table.c.group_id == bindparam("group"))
    for column in (
        cases.c.decided_why,
        sanctions.c.lifted_why,
        sanctions.c.closed_why,
        exemptions.c.reason,
        tasks.c.text,
        tasks.c.settled_why,
        appeals.c.text,
        appeals.c.why,
        complaints.c.words,
    )
)
"""For one group, and a name in it."""

NOTED: tuple[Step, ...] = tuple(
    _without(column, audit.c.account == bindparam("of_account"))
    for column in (audit.c.about, audit.c.why, audit.c.what)
)
"""For one account, and what it calls the person."""
