"""Casts: who was mentioned in which post, and why."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Select,
    bindparam,
    cast,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy import Text as Plain

from bot.actions import Say
from bot.events import Group, Identity
from storage.actions import read, written
from storage.groups import Groups
from storage.members import Members
from storage.outbox_rows import AGAIN
from storage.people import MEMBER, PERSON
from storage.statements import among
from storage.tables import outbox, posts, slots
from storage.tables_of_programmes import casts
from storage.transaction import Transaction
from storage.values import SlotState

_INSERT = insert(casts)
# Looked up only for what is not out: nearly everything is.
_waits = exists().where(
    slots.c.id == posts.c.slot_id,
    slots.c.state != literal_column(f"'{SlotState.SKIPPED.value}'"),
)
_happens = or_(posts.c.posted_at.is_not(None), _waits)
_OF_MEMBERS = (
    select(casts.c.member_id, casts.c.at)
    .join_from(casts, posts, posts.c.id == casts.c.post_id)
    .where(among(casts.c.member_id, "members"), casts.c.at >= bindparam("since"), _happens)
)
_BETWEEN: Any = literal_column("','")  # a part of the statement, so that it can be prepared
_TOGETHER: Select[Any] = (
    select(func.aggregate_strings(cast(casts.c.member_id, Plain), _BETWEEN).label("members"))
    .join_from(posts, casts, casts.c.post_id == posts.c.id)
    .where(posts.c.group_id == bindparam("group"), _happens)
    .group_by(casts.c.post_id)
)
_OF_MEMBER = (
    select(casts.c.at, casts.c.why)
    .select_from(casts)
    .join(posts, posts.c.id == casts.c.post_id)
    .where(
        casts.c.member_id.in_(PERSON),
        posts.c.group_id == bindparam("group"),
        posts.c.posted_at.is_not(None),
        casts.c.at >= bindparam("since"),
    )
    .order_by(casts.c.at)
)
_WAITING = (
    select(outbox.c.id, outbox.c.action)
    .select_from(casts)
    .join(posts, posts.c.id == casts.c.post_id)
    .join(outbox, outbox.c.key == posts.c.outbox_key)
    .where(
        casts.c.member_id.in_(PERSON),
        posts.c.group_id == bindparam("group"),
        posts.c.posted_at.is_(None),
        outbox.c.account == bindparam("account"),
        outbox.c.state.in_([literal_column(f"'{state}'") for state in AGAIN]),
    )
    .distinct()
)
_CHANGE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(action=bindparam("new_action"), text_digest=bindparam("digest"))
)
_NOT_OUT = select(posts.c.id).where(
    posts.c.group_id == bindparam("group"), posts.c.posted_at.is_(None)
)
_TAKE_OUT = delete(casts).where(casts.c.member_id.in_(PERSON), casts.c.post_id.in_(_NOT_OUT))


class Casts:
    """Everybody who was ever mentioned in a post, group by group. Skipped posts count nothing."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._insert = transaction.buffer(_INSERT)

    def add(self, post_id: int, called: Iterable[tuple[int, str]], at: datetime) -> None:
        """A post that is planned mentions these members, each for a reason in our own words."""
        for member_id, why in called:
            self._insert({"post_id": post_id, "member_id": member_id, "why": why, "at": at})

    def of_people(
        self, persons: Mapping[int, int], since: datetime
    ) -> dict[int, tuple[datetime, ...]]:
        """When these members were mentioned since then, in any group, by their persons."""
        found: dict[int, tuple[datetime, ...]] = {}
        where = {"members": persons.keys(), "since": since}
        for member, at in self._transaction.read(_OF_MEMBERS, where):
            found[persons[member]] = (*found.get(persons[member], ()), at)
        return found

    def together(self, group: Group, persons: Mapping[int, int]) -> frozenset[frozenset[int]]:
        """Whom each post of the group mentioned, as persons where these tell the person."""
        where = {"group": self._groups.key_if_known(group)}
        told = {row.members for row in self._transaction.read(_TOGETHER, where)}
        return frozenset(
            frozenset([persons.get(each, each) for each in map(int, members.split(","))])
            for members in told
        )

    def of_member(
        self, group: Group, member: Identity, since: datetime
    ) -> list[tuple[datetime, str]]:
        """When and why posts of the group mentioned the person since then, oldest first."""
        where = {
            MEMBER.key: self._members.id_if_known(member),
            "group": self._groups.key_if_known(group),
            "since": since,
        }
        return [(row.at, row.why) for row in self._transaction.read(_OF_MEMBER, where)]

    def take_out(self, group: Group, member: Identity, without: Callable[[Say], Say]) -> None:
        """The person is mentioned no more in posts of the group that are not out yet.

        `without` makes of each what is said instead. What is being sent at this moment stays.
        """
        where = {
            MEMBER.key: self._members.id_if_known(member),
            "group": self._groups.key_if_known(group),
        }
        rows = [
            (row.id, without(action))
            for row in self._transaction.read(_WAITING, where | {"account": group.account})
            if isinstance(action := read(row.action), Say)
        ]
        for row_id, action in rows:
            digest = self._transaction.digest(action.text)
            change = {"row": row_id, "new_action": written(action), "digest": digest}
            self._transaction.write(_CHANGE, change)
        if rows:
            self._transaction.write(_TAKE_OUT, where)
