"""Cases: numbered findings with their evidence."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select

from bot.events import Group, Identity
from rules.base import Finding
from storage.groups import Groups
from storage.members import Members
from storage.messages import Messages
from storage.tables import cases, groups, identities
from storage.transaction import AnyRow, Transaction
from storage.values import Case

_INSERT = insert(cases)
_REMINDED = select(func.max(cases.c.at)).where(
    cases.c.group_id == bindparam("group"),
    cases.c.rule == bindparam("of_rule"),
    cases.c.reminded.is_(True),
)
_OF_SOMEBODY = _REMINDED.where(cases.c.member_id == bindparam("member"))
_OF_FORGOTTEN = _REMINDED.where(cases.c.member_id.is_(None))

# Of a person with two identities in one account, the older one.
_platform_id = (
    select(identities.c.platform_id)
    .where(identities.c.member_id == cases.c.member_id, identities.c.account == groups.c.account)
    .order_by(identities.c.first_seen)
    .limit(1)
    .scalar_subquery()
)
_name = (
    select(identities.c.name)
    .where(identities.c.member_id == cases.c.member_id, identities.c.account == groups.c.account)
    .order_by(identities.c.first_seen)
    .limit(1)
    .scalar_subquery()
)
CASES: Select[Any] = (
    select(
        cases,
        groups.c.account,
        groups.c.platform_id.label("group_platform_id"),
        groups.c.name.label("group_name"),
        _platform_id.label("member_platform_id"),
        _name.label("member_name"),
    )
    .join_from(cases, groups, groups.c.id == cases.c.group_id)
    .order_by(cases.c.number)
)
"""Cases with the names of their group and member, in the order of their numbers."""
_OF_MEMBER = CASES.where(
    cases.c.group_id == bindparam("group"), cases.c.member_id == bindparam("member")
)


def case(row: AnyRow) -> Case:
    """The case of a row of CASES."""
    member = None
    if row.member_platform_id is not None:
        member = Identity(row.account, row.member_platform_id, row.member_name)
    return Case(
        number=row.number,
        group=Group(row.account, row.group_platform_id, row.group_name),
        member=member,
        rule=row.rule,
        reason=row.reason,
        detail=row.detail,
        span=(row.span_start, row.span_end),
        excerpt=row.excerpt,
        consequence=row.consequence,
        at=row.at,
        platform_message_id=row.platform_message_id,
        reminded=row.reminded,
    )


class Cases:
    """The cases of all groups, numbered in one row."""

    def __init__(
        self, transaction: Transaction, groups: Groups, members: Members, messages: Messages
    ) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._messages = messages
        self._new = transaction.buffer(_INSERT)
        self._reminded: dict[tuple[int, int | None, str], datetime] = {}

    def open(  # noqa: PLR0917 callers name them
        self,
        group: Group,
        member: Identity,
        finding: Finding,
        reason: str,
        excerpt: str,
        consequence: str,
        at: datetime,
        message_id: int | None,
        platform_message_id: str,
        reminded: bool,  # noqa: FBT001
    ) -> int:
        """Open a case; its number. Of someone forgotten only the rule and the time are kept."""
        number = self._transaction.number("cases")
        group_id = self._groups.key(group, at)
        member_id = self._members.id_of(member, at)
        known = member_id is not None
        self._new(
            {
                "number": number,
                "group_id": group_id,
                "member_id": member_id,
                "message_id": message_id,
                "platform_message_id": platform_message_id,
                "rule": finding.rule,
                "reason": reason,
                "detail": self._messages.bare(message_id, finding.detail) if known else "",
                "span_start": finding.span[0],
                "span_end": finding.span[1],
                "excerpt": self._messages.bare(message_id, excerpt) if known else "",
                "consequence": consequence,
                "at": at,
                "reminded": reminded,
            }
        )
        if reminded:
            self._transaction.set(self._reminded, (group_id, member_id, finding.rule), at)
        return number

    def last_reminded(self, group: Group, member: Identity, rule: str) -> datetime | None:
        """When the member was last reminded of the rule there; the forgotten share one answer."""
        group_id = self._groups.key_if_known(group)
        member_id = self._members.id_if_known(member)
        if (now := self._reminded.get((group_id or 0, member_id, rule))) is not None:
            return now
        where = {"group": group_id, "of_rule": rule}
        if member_id is not None:
            rows = self._transaction.stored(_OF_SOMEBODY, where | {"member": member_id})
        elif self._members.is_forgotten(member):
            rows = self._transaction.stored(_OF_FORGOTTEN, where)
        else:
            return None
        moment: datetime | None = rows[0][0]
        return moment

    def of_member(self, group: Group, member: Identity) -> list[Case]:
        """The member's cases in the group, oldest first."""
        where = {
            "group": self._groups.key_if_known(group),
            "member": self._members.id_if_known(member),
        }
        return [case(row) for row in self._transaction.read(_OF_MEMBER, where)]
