"""Exemptions: whom a rule of a group spares because an operator said so in the chat."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update

from bot.events import Group, Identity
from storage.columns import plain
from storage.groups import Groups
from storage.links import everyone
from storage.members import Members
from storage.people import PERSON, doer, identity, named, shown
from storage.statements import among, portions
from storage.tables import groups
from storage.tables_of_order import exemptions
from storage.transaction import AnyRow, Transaction
from storage.values_of_order import Doer, Exemption

_INSERT = insert(exemptions)
_OPEN = exemptions.c.lifted_at.is_(None)
_EVER: Select[Any] = select(
    exemptions,
    groups.c.account,
    groups.c.platform_id.label("group_platform_id"),
    groups.c.name.label("group_name"),
    *named(exemptions.c.member_id, groups.c.account, "member"),
    *named(exemptions.c.by_id, groups.c.account, "by"),
).join_from(groups, exemptions, exemptions.c.group_id == groups.c.id)
_HISTORY = _EVER.where(groups.c.account == bindparam("of_account")).order_by(exemptions.c.id)
_ALL = _EVER.where(_OPEN)
_OF = _ALL.where(
    exemptions.c.group_id == bindparam("group"), exemptions.c.member_id.in_(PERSON)
).order_by(exemptions.c.id)
# In which of these groups anybody is spared at all: hardly in any.
_ANYTHING = (
    select(exemptions.c.group_id).where(_OPEN, among(exemptions.c.group_id, "groups")).distinct()
)
_LIST = (
    _ALL.where(groups.c.account == bindparam("of_account"))
    .order_by(exemptions.c.id.desc())
    .limit(bindparam("limit"))
)
_LIFT = (
    update(exemptions)
    .where(
        exemptions.c.group_id == bindparam("of_group"),
        exemptions.c.member_id == bindparam("of_member"),
        exemptions.c.rule == bindparam("of_rule"),
        _OPEN,
    )
    .values(lifted_at=bindparam("now"))
)

ExemptionList = list[Exemption]  # the store has a method called `list`, which hides the type


class Exemptions:
    """The exemptions of all groups. What is over by its date stays until it is lifted."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._anything: dict[int, bool] = {}
        self._expected: list[Group] = []

    def prepare(self, wanted: Iterable[Group]) -> None:
        """These will be asked for, if any is: then they are looked up together."""
        self._expected.extend(wanted)

    def grant(  # noqa: PLR0917 in the order of a sentence
        self,
        group: Group,
        member: Identity,
        rule: str,
        reason: str,
        until: date | None,
        by: Doer,
        at: datetime,
    ) -> bool:
        """The rule (empty: every rule) spares the member until the end of that day.

        It takes the place of what was said of the same person and rule before. False for somebody
        who was forgotten.
        """
        member_id = self._members.id_of(member, at)
        if member_id is None:
            return False
        self.lift(group, member, rule, at)
        group_id = self._groups.key(group, at)
        self._transaction.set(self._anything, group_id, True)
        row = {
            "id": self._transaction.next_id(),
            "group_id": group_id,
            "member_id": member_id,
            "rule": rule,
            "reason": reason,
            "until": until.isoformat() if until else None,
            "at": at,
            "lifted_at": None,
        }
        self._transaction.write(_INSERT, row | doer(self._members.id_of, by, at, "by"))
        return True

    def of(self, group: Group, member: Identity) -> ExemptionList:
        """What spares the person in the group, under whatever identity, oldest first.

        Also what is over by its date: ask `holds`.
        """
        group_id = self._groups.key_if_known(group)
        if group_id is None or not self._has_anything(group_id):
            return []
        where = {"member": self._members.id_if_known(member), "group": group_id}
        return [_exemption(row) for row in self._transaction.stored(_OF, where)]

    def list(self, account: str, limit: int = 50) -> ExemptionList:
        """What was said last, newest first."""
        rows = self._transaction.read(_LIST, {"of_account": account, "limit": limit})
        return [_exemption(row) for row in rows]

    def history(self, account: str) -> ExemptionList:
        """All that was ever said, oldest first, also what was taken back or replaced since."""
        return [
            _exemption(row) for row in self._transaction.read(_HISTORY, {"of_account": account})
        ]

    def lift(self, group: Group, member: Identity, rule: str, at: datetime) -> bool:
        """The rule spares the person no more, under whatever identity; False if it did not."""
        member_id = self._members.id_if_known(member)
        if member_id is None:
            return False
        where = {"of_group": self._groups.key_if_known(group), "of_rule": plain(rule), "now": at}
        lifted = [
            self._transaction.write(_LIFT, where | {"of_member": each})
            for each in everyone(self._transaction, member_id)
        ]
        return any(lifted)

    def _has_anything(self, group_id: int) -> bool:
        if group_id not in self._anything:
            wanted = {self._groups.key_if_known(each) or 0 for each in self._expected}
            self._expected.clear()
            for some in portions((wanted - self._anything.keys()) | {group_id}):
                rows = self._transaction.stored(_ANYTHING, {"groups": some})
                there = {row[0]: True for row in rows}
                self._transaction.learn(self._anything, dict.fromkeys(some, False) | there)
        return self._anything[group_id]


def _exemption(row: AnyRow) -> Exemption:
    member = identity(row, "member")
    assert member is not None, "an exemption is deleted with its member"  # noqa: S101
    return Exemption(
        id=row.id,
        group=Group(row.account, row.group_platform_id, row.group_name),
        member=member,
        rule=row.rule,
        reason=row.reason,
        until=date.fromisoformat(row.until) if row.until else None,
        by=shown(row, "by"),
        at=row.at,
        lifted_at=row.lifted_at,
    )
