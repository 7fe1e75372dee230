"""Tags: what operators know members of a group for, in a word."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.events import Group, Identity
from storage.columns import plain
from storage.groups import Groups
from storage.members import Members
from storage.people import MEMBER, PERSON, doer
from storage.statements import among, insert_new
from storage.tables_of_programmes import member_tags
from storage.transaction import Transaction
from storage.values_of_order import Doer

_INSERT = insert_new(member_tags, "group_id", "member_id", "tag")
_THEIRS = (member_tags.c.group_id == bindparam("in_group"), member_tags.c.member_id.in_(PERSON))
_OF_MEMBER = (
    select(member_tags.c.tag)
    .where(*_THEIRS)
    .order_by(member_tags.c.at, member_tags.c.member_id, member_tags.c.tag)
)
_DELETE = delete(member_tags).where(*_THEIRS, among(member_tags.c.tag, "tags"))


class Tags:
    """The tags of all members, group by group. Those of linked members are one person's."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members

    def add(
        self, group: Group, member: Identity, tags: Iterable[str], by: Doer, at: datetime
    ) -> bool:
        """They are known for these as well; False if they were forgotten, then nothing is kept."""
        member_id = self._members.id_of(member, at)
        if member_id is None:
            return False
        row = {"group_id": self._groups.key(group, at), "member_id": member_id, "at": at}
        row |= doer(self._members.id_of, by, at, "by")
        rows = [row | {"tag": tag} for tag in dict.fromkeys(map(plain, tags))]
        self._transaction.write(_INSERT[self._transaction.dialect], rows)
        return True

    def remove(self, group: Group, member: Identity, tags: Iterable[str]) -> int:
        """They are known for these no more; how many tags that took off."""
        return self._transaction.write(
            _DELETE, self._whose(group, member) | {"tags": [*map(plain, tags)]}
        )

    def of_member(self, group: Group, member: Identity) -> tuple[str, ...]:
        """The tags of the person in the group, in the order they were given."""
        rows = self._transaction.read(_OF_MEMBER, self._whose(group, member))
        return tuple(dict.fromkeys(row.tag for row in rows))

    def _whose(self, group: Group, member: Identity) -> dict[str, int | None]:
        return {
            "in_group": self._groups.key_if_known(group),
            MEMBER.key: self._members.id_if_known(member),
        }
