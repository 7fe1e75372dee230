"""Reminders: when members were last reminded of a rule, as the cases tell."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select

from bot.events import Group, Identity, Message
from storage.columns import plain
from storage.groups import Groups
from storage.members import Members
from storage.people import MEMBER
from storage.statements import among, portions
from storage.tables import cases
from storage.transaction import Transaction

_REMINDED = select(func.max(cases.c.at)).where(
    cases.c.group_id == bindparam("group"),
    cases.c.rule == bindparam("of_rule"),
    cases.c.reminded.is_(True),
)
_OF_SOMEBODY = _REMINDED.where(cases.c.member_id == MEMBER)
_OF_FORGOTTEN = _REMINDED.where(cases.c.member_id.is_(None))
# Found by the members alone: by both lists together, every group would be tried with every member.
_OF_MANY = (
    select(cases.c.group_id, cases.c.member_id, cases.c.rule, func.max(cases.c.at).label("at"))
    .where(
        among(cases.c.member_id, "members"),
        among(cases.c.group_id + literal_column("0", cases.c.group_id.type), "groups"),
        cases.c.reminded.is_(True),
    )
    .group_by(cases.c.group_id, cases.c.member_id, cases.c.rule)
)
_FEW = 1
"""After so many look-ups, those of whoever else speaks in the batch are one."""
_Pair = tuple[int, int]
"""The keys of a group and of a member."""


class Reminders:
    """Of all groups. What is buffered in this work counts."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._now: dict[tuple[int, int | None, str], datetime] = {}
        self._expected: list[Message] = []
        self._asked = 0
        self._looked: dict[_Pair, dict[str, datetime]] = {}
        """Of which rules members were reminded in a group before this work, and when last."""

    def note(self, group_id: int, member_id: int | None, rule: str, at: datetime) -> None:
        """The member is reminded."""
        self._transaction.set(self._now, (group_id, member_id, rule), at)

    def prepare(self, said: Iterable[Message]) -> None:
        """Their authors will be asked for, if many are: then they are looked up together.

        Only where each look-up is a way to a server and back: in a file, whoever is found something
        in is looked up as quickly as all others together.
        """
        if self._transaction.dialect == "postgresql":
            self._expected.extend(said)

    def last(self, group: Group, member: Identity, rule: str) -> datetime | None:
        """When the member was last reminded of the rule there; the forgotten share one answer."""
        group_id = self._groups.key_if_known(group) or 0
        member_id = self._members.id_if_known(member)
        if (now := self._now.get((group_id, member_id, rule))) is not None:
            return now
        where: dict[str, Any] = {"group": group_id, "of_rule": rule}
        if member_id is not None:
            if (known := self._looked_for((group_id, member_id))) is not None:
                return known.get(plain(rule))
            rows = self._transaction.stored(_OF_SOMEBODY, where | {"member": member_id})
        elif self._members.is_forgotten(member):
            rows = self._transaction.stored(_OF_FORGOTTEN, where)
        else:
            return None
        moment: datetime | None = rows[0][0]
        return moment

    def _looked_for(self, pair: _Pair) -> dict[str, datetime] | None:
        """Of what they were reminded, if that was looked up or is better looked up by now."""
        self._asked += 1
        if self._asked > _FEW and self._expected:
            self._look({pair})
        return self._looked.get(pair)

    def _look(self, pairs: set[_Pair]) -> None:
        for message in self._expected:
            group_id = message.group and self._groups.key_if_known(message.group)
            member_id = self._members.id_if_known(message.author)
            if group_id and member_id:
                pairs.add((group_id, member_id))
        self._expected.clear()
        for some in portions(pairs):
            groups_, members_ = ({*each} for each in zip(*some, strict=True))
            found: dict[_Pair, dict[str, datetime]] = {each: {} for each in some}
            where = {"groups": groups_, "members": members_}
            for row in self._transaction.stored(_OF_MANY, where):
                found.setdefault((row.group_id, row.member_id), {})[row.rule] = row.at
            self._transaction.learn(self._looked, found)
