"""Common goals: how far the groups are, and what their members want once one is over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update

from bot.events import Group, Identity
from storage.groups import Groups
from storage.members import Members
from storage.people import doer, identity, named
from storage.tables import groups
from storage.tables_of_programmes import goal_choices, goal_progress
from storage.transaction import Transaction
from storage.values_of_order import Doer
from storage.values_of_programmes import Choice

_REACHED = (
    select(goal_progress.c.reached)
    .where(
        goal_progress.c.group_id == bindparam("in_group"),
        goal_progress.c.goal == bindparam("of_goal"),
    )
    .order_by(goal_progress.c.at.desc(), goal_progress.c.id.desc())
    .limit(1)
)
_TELL = insert(goal_progress)
_CHOSEN = (
    goal_choices.c.group_id == bindparam("in_group"),
    goal_choices.c.goal == bindparam("of_goal"),
)
_CHOOSE = insert(goal_choices)
_CHANGE = (
    update(goal_choices)
    .where(*_CHOSEN, goal_choices.c.member_id == bindparam("of_member"))
    .values(choice=bindparam("new_choice"), at=bindparam("moment"))
)
_CHOICES: Select[Any] = (
    select(
        goal_choices.c.choice,
        groups.c.account,
        *named(goal_choices.c.member_id, groups.c.account, "member"),
    )
    .join_from(goal_choices, groups, groups.c.id == goal_choices.c.group_id)
    .where(*_CHOSEN)
    .order_by(goal_choices.c.at, goal_choices.c.member_id)
)


class Goals:
    """The goals of all groups, by their keys (topics/goal.Goal.key)."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members

    def reached(self, group: Group, goal: str) -> int | None:
        """What was told last; None if nobody has told anything."""
        where = {"in_group": self._groups.key_if_known(group), "of_goal": goal}
        rows = self._transaction.read(_REACHED, where)
        return rows[0].reached if rows else None

    def tell(self, group: Group, goal: str, reached: int, by: Doer, at: datetime) -> None:
        """So much is reached by now; what was told before is kept."""
        row = {
            "id": self._transaction.next_id(),
            "group_id": self._groups.key(group, at),
            "goal": goal,
            "reached": reached,
            "at": at,
        }
        self._transaction.write(_TELL, row | doer(self._members.id_of, by, at, "by"))

    def choose(
        self, group: Group, goal: str, member: Identity, choice: Choice, at: datetime
    ) -> bool:
        """They want this, whatever they wanted before; False if they were forgotten."""
        member_id = self._members.id_of(member, at)
        if member_id is None:
            return False
        group_id = self._groups.key(group, at)
        where = {"in_group": group_id, "of_goal": goal, "of_member": member_id}
        new = {"new_choice": choice.value, "moment": at}
        if not self._transaction.write(_CHANGE, where | new):
            row = {"group_id": group_id, "goal": goal, "member_id": member_id}
            self._transaction.write(_CHOOSE, row | {"choice": choice.value, "at": at})
        return True

    def choices(self, group: Group, goal: str) -> Mapping[Identity, Choice]:
        """What each member who answered wants, in the order in which they made up their minds."""
        where = {"in_group": self._groups.key_if_known(group), "of_goal": goal}
        rows = self._transaction.read(_CHOICES, where)
        found = ((identity(row, "member"), Choice(row.choice)) for row in rows)
        return {who: choice for who, choice in found if who is not None}
