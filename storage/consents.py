"""Consents: what members of a group said yes or no to."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import bindparam, func, insert, select, update

from bot.events import Group, Identity
from storage.groups import Groups
from storage.members import Members
from storage.people import MEMBER, PERSON
from storage.statements import among, portions
from storage.tables import identities
from storage.tables_of_order import links
from storage.tables_of_programmes import consents
from storage.transaction import Transaction
from storage.values_of_programmes import ConsentKind

K = TypeVar("K")

_INSERT = insert(consents)
_CHANGE = (
    update(consents)
    .where(
        consents.c.group_id == bindparam("in_group"),
        consents.c.member_id == bindparam("of_member"),
        consents.c.what == bindparam("of_what"),
    )
    .values(given=bindparam("new_given"), at=bindparam("moment"))
)
_OF_MEMBER = select(consents.c.what, consents.c.given).where(
    consents.c.group_id == bindparam("in_group"), consents.c.member_id.in_(PERSON)
)
_others = links.alias()
_member = func.coalesce(_others.c.member_id, consents.c.member_id)
_OF_GROUP = (
    select(_member.label("member_id"), consents.c.given)
    .select_from(consents)
    .outerjoin(links, links.c.member_id == consents.c.member_id)
    .outerjoin(_others, _others.c.person_id == links.c.person_id)
    .where(consents.c.group_id == bindparam("in_group"), consents.c.what == bindparam("of_what"))
)
_CALLED = (
    select(
        identities.c.member_id, identities.c.account, identities.c.platform_id, identities.c.name
    )
    .where(among(identities.c.member_id, "members"))
    .order_by(identities.c.member_id, identities.c.first_seen)
)


class Consents:
    """What was said about being mentioned and quoted, group by group.

    Who said nothing is in no answer. Where members are one person, the no of one is that of all.
    """

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members

    def set(
        self, group: Group, member: Identity, what: ConsentKind, at: datetime, *, given: bool
    ) -> bool:
        """They said so; False if they were forgotten, then nothing is kept."""
        member_id = self._members.id_of(member, at)
        if member_id is None:
            return False
        group_id = self._groups.key(group, at)
        where = {"in_group": group_id, "of_member": member_id, "of_what": what.value}
        if not self._transaction.write(_CHANGE, where | {"new_given": given, "moment": at}):
            row = {"group_id": group_id, "member_id": member_id, "what": what.value}
            self._transaction.write(_INSERT, row | {"given": given, "at": at})
        return True

    def allows(self, group: Group, member: Identity, what: ConsentKind) -> bool | None:
        """Yes or no; None if they never said."""
        return self.of_member(group, member).get(what)

    def of_member(self, group: Group, member: Identity) -> Mapping[ConsentKind, bool]:
        """All that a member said in this group."""
        member_id, group_id = self._members.id_if_known(member), self._groups.key_if_known(group)
        if member_id is None or group_id is None:
            return {}
        where = {MEMBER.key: member_id, "in_group": group_id}
        rows = self._transaction.read(_OF_MEMBER, where)
        return _a_no_wins((ConsentKind(row.what), row.given) for row in rows)

    def of_group(self, group: Group, what: ConsentKind) -> Mapping[Identity, bool]:
        """Everybody who said yes or no in this group, under each of their identities."""
        said = self.said(group, what)
        return {
            Identity(account, platform_id, name): said[member_id]
            for some in portions(said)
            for member_id, account, platform_id, name in self._transaction.read(
                _CALLED, {"members": some}
            )
            if account == group.account
        }

    def said(self, group: Group, what: ConsentKind) -> Mapping[int, bool]:
        """The same by our own keys of members, those who are one person included."""
        where = {"in_group": self._groups.key_if_known(group), "of_what": what.value}
        rows = self._transaction.read(_OF_GROUP, where)
        return _a_no_wins((row.member_id, row.given) for row in rows)


def _a_no_wins(said: Iterable[tuple[K, bool]]) -> Mapping[K, bool]:
    found: dict[K, bool] = {}
    for key, given in said:
        found[key] = found.get(key, True) and given
    return found
