"""Tasks: numbered cards for what a human has to do, opened, alarmed and settled once."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, update

from bot.events import Group, Identity
from storage.groups import Groups
from storage.members import Members
from storage.people import MEMBER, identity, named
from storage.statements import among, insert_new
from storage.tables import groups
from storage.tables_of_order import tasks
from storage.transaction import AnyRow, Transaction
from storage.values_of_order import Task, TaskKind, TaskState

_UNDONE = (TaskState.OPEN, TaskState.OVERDUE)

_INSERT = insert_new(tasks, "account", "key")
_BY_KEY = select(tasks.c.number).where(
    tasks.c.account == bindparam("account"), tasks.c.key == bindparam("of_key")
)
_ALL: Select[Any] = select(
    tasks,
    groups.c.platform_id.label("group_platform_id"),
    groups.c.name.label("group_name"),
    *named(tasks.c.member_id, tasks.c.account, "member"),
).outerjoin_from(tasks, groups, groups.c.id == tasks.c.group_id)
_ONE = _ALL.where(tasks.c.number == bindparam("number"))
_LIST = (
    _ALL.where(tasks.c.account == bindparam("account"), among(tasks.c.state, "states"))
    .order_by(tasks.c.deadline, tasks.c.number)
    .limit(bindparam("limit"))
)
_FOR = (
    _ALL.where(
        tasks.c.member_id == MEMBER,
        tasks.c.group_id == bindparam("group"),
        tasks.c.kind == bindparam("of_kind"),
        among(tasks.c.state, "states"),
    )
    .order_by(tasks.c.number.desc())
    .limit(1)
)
_LATE = _ALL.where(
    tasks.c.account == bindparam("account"),
    tasks.c.state == TaskState.OPEN.value,
    tasks.c.deadline <= bindparam("now"),
).order_by(tasks.c.deadline, tasks.c.number)
_MOVE = (
    update(tasks)
    .where(tasks.c.number == bindparam("task"), among(tasks.c.state, "was"))
    .values(state=bindparam("new_state"))
)
_SETTLE = _MOVE.values(settled_at=bindparam("at"), settled_why=bindparam("why"))


TaskList = list[Task]  # the store has a method called `list`, which hides the type


def _task(row: AnyRow) -> Task:
    group = None
    if row.group_platform_id is not None:
        group = Group(row.account, row.group_platform_id, row.group_name)
    return Task(
        number=row.number,
        account=row.account,
        kind=TaskKind(row.kind),
        case=row.case_number,
        group=group,
        member=identity(row, "member"),
        text=row.text,
        opened_at=row.opened_at,
        deadline=row.deadline,
        state=TaskState(row.state),
        settled_at=row.settled_at,
        settled_why=row.settled_why,
    )


class Tasks:
    """The task cards of all accounts, numbered in one row."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members

    def open(  # noqa: PLR0917 callers name the rest
        self,
        account: str,
        key: str,
        kind: TaskKind,
        text: str,
        deadline: datetime,
        at: datetime,
        *,
        case: int | None = None,
        group: Group | None = None,
        member: Identity | None = None,
    ) -> int:
        """Open a card; its number. The same account and key again: the number of the first.

        A card about someone who was forgotten keeps no text.
        """
        digest = self._transaction.digest(account, key)
        there = self._number(account, digest)
        if there is not None:
            return there
        member_id = member and self._members.id_of(member, at)
        number = self._transaction.number("tasks")
        row = {
            "number": number,
            "account": account,
            "key": digest,
            "kind": kind.value,
            "case_number": case,
            "group_id": group and self._groups.key(group, at),
            "member_id": member_id,
            "text": "" if member is not None and member_id is None else text,
            "opened_at": at,
            "deadline": deadline,
            "state": TaskState.OPEN.value,
            "settled_at": None,
            "settled_why": "",
        }
        self._transaction.write(_INSERT[self._transaction.dialect], row)
        return self._number(account, digest) or number  # another process may have been quicker

    def get(self, number: int) -> Task | None:
        """One card, None if there is no such number."""
        rows = self._transaction.read(_ONE, {"number": number})
        return _task(rows[0]) if rows else None

    def open_for(self, group: Group, member: Identity, kind: TaskKind) -> Task | None:
        """The newest card of that kind about somebody that is not done, None if there is none."""
        where = {
            "group": self._groups.key_if_known(group),
            "member": self._members.id_if_known(member),
            "of_kind": kind.value,
            "states": _UNDONE,
        }
        rows = self._transaction.read(_FOR, where)
        return _task(rows[0]) if rows else None

    def list(
        self, account: str, states: Collection[TaskState] = _UNDONE, limit: int = 50
    ) -> TaskList:
        """The cards of an account in these states, soonest deadline first."""
        where = {"account": account, "states": states, "limit": limit}
        return [_task(row) for row in self._transaction.read(_LIST, where)]

    def overdue(self, account: str, now: datetime) -> TaskList:
        """Those whose deadline has come, each given out once: they are OVERDUE from now on."""
        late = self._transaction.read(_LATE, {"account": account, "now": now})
        move = {"was": [TaskState.OPEN], "new_state": TaskState.OVERDUE.value}
        moved = [
            row.number
            for row in late
            if self._transaction.write(_MOVE, move | {"task": row.number})
        ]
        return [_task(row) for row in map(self._row, moved)]

    def settle(self, number: int, state: TaskState, at: datetime, why: str) -> bool:
        """It was done, or is no longer needed. True for exactly one caller."""
        row = {"task": number, "was": _UNDONE, "new_state": state.value, "at": at, "why": why}
        return self._transaction.write(_SETTLE, row) == 1

    def _row(self, number: int) -> AnyRow:
        return self._transaction.read(_ONE, {"number": number})[0]

    def _number(self, account: str, digest: str) -> int | None:
        rows = self._transaction.read(_BY_KEY, {"account": account, "of_key": digest})
        return rows[0].number if rows else None
