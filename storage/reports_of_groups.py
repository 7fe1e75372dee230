"""What the console asks about groups: who is there, who talks when, who turns to whom.

Few queries, each led by an index, whatever the size of the house; nothing is changed.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from bot.events import Group, Identity
from storage.groups import Groups
from storage.members import Members
from storage.statements import among, portions
from storage.tables import groups, identities, interactions, memberships, messages
from storage.transaction import Transaction
from storage.values_of_reports import Came, Heard, Spoke, Turned

_GROUP: BindParameter[Any] = bindparam("group")
_SINCE: BindParameter[Any] = bindparam("since")
_UNTIL: BindParameter[Any] = bindparam("until")


class _Piece(FunctionElement[int]):
    """The how-manieth piece of so many seconds since 1970 a moment is in."""

    type = BigInteger()
    inherit_cache = True

    def __init__(self, moment: ColumnElement[datetime]) -> None:
        super().__init__(moment, bindparam("seconds", type_=BigInteger()))


@compiles(_Piece, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    moment, seconds = (compiler.process(each, **kw) for each in element.clauses)
    return f"({moment} / ({seconds} * 1000000))"


@compiles(_Piece, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    moment, seconds = (compiler.process(each, **kw) for each in element.clauses)
    return f"CAST(floor(extract(epoch FROM {moment}) / {seconds}) AS BIGINT)"


_KEYED = (
    select(groups.c.id, groups.c.platform_id)
    .where(groups.c.account == bindparam("account"), among(groups.c.platform_id, "ids"))
    .order_by(groups.c.id)
)
_ONE = select(groups).where(groups.c.id == _GROUP)
_PRESENT = (
    select(memberships.c.group_id, func.count().label("members"))
    .where(
        among(memberships.c.group_id, "groups"),
        memberships.c.left_at.is_(None),
        memberships.c.member_id != bindparam("besides"),
    )
    .group_by(memberships.c.group_id)
)
_last = (
    select(messages.c.at)
    .where(messages.c.group_id == groups.c.id, messages.c.ours.is_(False))
    .order_by(messages.c.at.desc())
    .limit(1)
    .scalar_subquery()
)
_LAST = select(groups.c.id, _last.label("last")).where(among(groups.c.id, "groups"))
_FIRST = select(func.min(messages.c.at).label("first")).where(messages.c.group_id == _GROUP)
# Each reads the index alone, and gives few rows: of those, every one waits for the interpreter.
_said = (
    (messages.c.group_id == _GROUP)
    & (messages.c.at >= _SINCE)
    & (messages.c.at < _UNTIL)
    & messages.c.ours.is_(False)
)
_piece = _Piece(messages.c.at).label("piece")
# By its name: PostgreSQL takes the same expression with another parameter for another one.
_HEARD = (
    select(_piece, func.count().label("messages")).where(_said).group_by(literal_column("piece"))
)
_SPEAKERS = (
    select(messages.c.author_id, func.count().label("messages"))
    .where(_said)
    .group_by(messages.c.author_id)
)
_SPOKE = (
    select(messages.c.author_id, _piece)
    .where(_said, among(messages.c.author_id, "members"))
    .group_by(messages.c.author_id, literal_column("piece"))
)
_answered = (
    select(func.min(interactions.c.at))
    .where(
        interactions.c.to_id == memberships.c.member_id,
        interactions.c.group_id == _GROUP,
        interactions.c.from_id != bindparam("besides"),
        interactions.c.at >= memberships.c.joined_at,
    )
    .scalar_subquery()
)
_CAME = (
    select(
        memberships.c.member_id,
        memberships.c.joined_at,
        memberships.c.left_at,
        _answered.label("answered_at"),
    )
    .where(
        memberships.c.group_id == _GROUP,
        memberships.c.joined_at >= _SINCE,
        memberships.c.member_id != bindparam("besides"),
    )
    .order_by(memberships.c.joined_at.desc(), memberships.c.id.desc())
)
_LEFT = select(func.count()).where(
    memberships.c.group_id == _GROUP,
    memberships.c.left_at >= _SINCE,
    memberships.c.left_at < _UNTIL,
)
_TURNED = (
    select(
        interactions.c.from_id,
        interactions.c.to_id,
        # One message that mentions and replies turns to somebody once.
        func.count(interactions.c.message_id.distinct()).label("count"),
    )
    .where(
        interactions.c.group_id == _GROUP, interactions.c.at >= _SINCE, interactions.c.at < _UNTIL
    )
    .group_by(interactions.c.from_id, interactions.c.to_id)
    .order_by(
        func.count(interactions.c.message_id.distinct()).desc(),
        interactions.c.from_id,
        interactions.c.to_id,
    )
)
_NAMES_HERE = (
    select(memberships.c.member_id, memberships.c.name)
    .where(memberships.c.group_id == _GROUP, among(memberships.c.member_id, "members"))
    .order_by(memberships.c.id)
)
_NAMES = (
    select(identities.c.member_id, identities.c.name)
    .where(among(identities.c.member_id, "members"))
    .order_by(identities.c.first_seen.desc())
)


class GroupReports:
    """What is known of groups, to be looked at. `keys` are our own numbers of groups."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members

    def keys(self, account: str, wanted: Iterable[Group]) -> dict[int, Group]:
        """Our numbers of these groups; those that were never seen are left out."""
        by_id = {group.id: group for group in wanted}
        return {
            row.id: by_id[row.platform_id]
            for some in portions(by_id)
            for row in self._transaction.read(_KEYED, {"account": account, "ids": some})
            if row.platform_id in by_id
        }

    def group(self, key: int) -> Group | None:
        """The group of this number."""
        rows = self._transaction.read(_ONE, {"group": key})
        return Group(rows[0].account, rows[0].platform_id, rows[0].name) if rows else None

    def present(self, keys: Collection[int], me: Identity | None) -> dict[int, int]:
        """How many people are in each group now, the account itself not counted."""
        where = {"besides": self._besides(me)}
        return {
            row.group_id: row.members
            for some in portions(keys)
            for row in self._transaction.read(_PRESENT, where | {"groups": some})
        }

    def last_said(self, keys: Collection[int]) -> dict[int, datetime | None]:
        """When somebody other than the account last said something in each group."""
        return {
            row.id: row.last
            for some in portions(keys)
            for row in self._transaction.read(_LAST, {"groups": some})
        }

    def first_said(self, key: int) -> datetime | None:
        """Since when the group is listened to: its first message."""
        first: datetime | None = self._transaction.read(_FIRST, {"group": key})[0].first
        return first

    def heard(self, key: int, since: datetime, until: datetime, seconds: int) -> list[Heard]:
        """How much others than the account said, by pieces of so many seconds."""
        where = {"group": key, "since": since, "until": until, "seconds": seconds}
        return [Heard(*row) for row in self._transaction.read(_HEARD, where)]

    def speakers(self, key: int, since: datetime, until: datetime) -> dict[int, int]:
        """How much each said; nobody who was forgotten is there."""
        where = {"group": key, "since": since, "until": until}
        rows = self._transaction.read(_SPEAKERS, where)
        return {row.author_id: row.messages for row in rows if row.author_id is not None}

    def spoke(
        self, key: int, members: Collection[int], since: datetime, until: datetime, seconds: int
    ) -> list[Spoke]:
        """In which pieces of so many seconds these have said anything."""
        where = {"group": key, "since": since, "until": until, "seconds": seconds}
        return [
            Spoke(*row)
            for some in portions(members)
            for row in self._transaction.read(_SPOKE, where | {"members": some})
        ]

    def came(self, key: int, since: datetime, me: Identity | None) -> list[Came]:
        """Who came since then, the newest first, and when a member first turned to them.

        To turn to somebody is to mention or to quote them; what the account says does not count.
        """
        where = {"group": key, "since": since, "besides": self._besides(me)}
        return [Came(*row) for row in self._transaction.read(_CAME, where)]

    def left(self, key: int, since: datetime, until: datetime) -> int:
        """How many left, or were put out."""
        where = {"group": key, "since": since, "until": until}
        count: int = self._transaction.read(_LEFT, where)[0][0]
        return count

    def turned(self, key: int, since: datetime, until: datetime) -> list[Turned]:
        """Who turned to whom, and with how many messages, the most first."""
        where = {"group": key, "since": since, "until": until}
        return [Turned(*row) for row in self._transaction.read(_TURNED, where)]

    def names(self, key: int, members: Iterable[int]) -> dict[int, str]:
        """What these go by in the group, else in general; nobody who was forgotten is there."""
        found: dict[int, str] = {}
        for some in portions(members):
            where = {"members": some, "group": key}
            found |= {
                row.member_id: row.name for row in self._transaction.read(_NAMES, {"members": some})
            }
            here = self._transaction.read(_NAMES_HERE, where)
            found |= {row.member_id: row.name for row in here if row.name}
        return found

    def _besides(self, me: Identity | None) -> int:
        return (self._members.id_if_known(me) if me else None) or 0
