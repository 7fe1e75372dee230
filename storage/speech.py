"""Who said what lately, as the rules' view of the past needs it. Writes nothing."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from bot.events import Group, Identity, Kind
from storage.groups import Groups
from storage.members import Members
from storage.tables import groups, identities, messages
from storage.transaction import Transaction
from storage.values_of_order import Said

_SINCE = (
    select(
        groups.c.platform_id.label("group_id"),
        groups.c.name.label("group_name"),
        identities.c.platform_id.label("author_id"),
        identities.c.name,
        messages.c.at,
        messages.c.platform_id,
    )
    .select_from(messages)
    .join(groups, groups.c.id == messages.c.group_id)
    .join(
        identities,
        (identities.c.member_id == messages.c.author_id)
        & (identities.c.account == groups.c.account),
    )
    .where(
        groups.c.account == bindparam("account"),
        messages.c.at >= bindparam("moment"),
        messages.c.ours.is_(False),
    )
    .order_by(messages.c.at, messages.c.id)
)
_SINCE_WITH_TEXTS = _SINCE.add_columns(messages.c.kind, messages.c.text)
_SAID = select(
    messages.c.id,
    messages.c.platform_id,
    messages.c.at,
    messages.c.kind,
    messages.c.text,
    messages.c.length,
).where(messages.c.group_id == bindparam("group"))
_ONE = _SAID.where(messages.c.platform_id == bindparam("platform_id"))
_LAST = (
    _SAID.where(
        messages.c.author_id == bindparam("member"),
        messages.c.at.between(bindparam("since"), bindparam("before")),
    )
    .order_by(messages.c.at.desc(), messages.c.id.desc())
    .limit(1)
)
_OF_MEMBER = (
    select(messages.c.platform_id)
    .where(
        messages.c.group_id == bindparam("group"),
        messages.c.author_id == bindparam("member"),
        messages.c.at >= bindparam("moment"),
    )
    .limit(bindparam("most"))
)


class Speech:
    """What was said in managed groups, by others than this account."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members

    def since(
        self, account: str, moment: datetime, *, texts: bool = False
    ) -> Iterator[tuple[Group, Identity, datetime, str, str | None]]:
        """Group, author, time, platform id and text of what was said since, oldest first.

        The text is None where it was not kept, where the message was no text, and throughout unless
        `texts` are asked for.
        """
        statement = _SINCE_WITH_TEXTS if texts else _SINCE
        for row in self._transaction.read(statement, {"account": account, "moment": moment}):
            yield (
                Group(account, row.group_id, row.group_name),
                Identity(account, row.author_id, row.name),
                row.at,
                row.platform_id,
                row.text if texts and row.kind == Kind.TEXT else None,
            )

    def ids_since(self, group: Group, author: Identity, moment: datetime, most: int) -> set[str]:
        """Platform ids of what somebody said in a group since, at most so many of them.

        Looks through the group's messages from that moment on until there are as many: for
        newcomers, not for old hands.
        """
        rows = self._transaction.read(
            _OF_MEMBER,
            {
                "group": self._groups.key_if_known(group),
                "member": self._members.id_if_known(author),
                "moment": moment,
                "most": most,
            },
        )
        return {row.platform_id for row in rows}

    def one(self, group: Group, platform_id: str, author: Identity) -> Said | None:
        """The message of that id, which this author wrote; None if it was not heard."""
        where = {"group": self._groups.key_if_known(group), "platform_id": platform_id}
        return self._said(_ONE, where, author)

    def last_of(
        self, group: Group, author: Identity, since: datetime, before: datetime
    ) -> Said | None:
        """The newest message of somebody in a group within these moments, None if there is none."""
        where = {
            "group": self._groups.key_if_known(group),
            "member": self._members.id_if_known(author),
            "since": since,
            "before": before,
        }
        return self._said(_LAST, where, author)

    def _said(
        self, statement: Select[Any], where: Mapping[str, Any], author: Identity
    ) -> Said | None:
        for row in self._transaction.read(statement, where):
            return Said(
                id=row.id,
                platform_id=row.platform_id,
                author=author,
                at=row.at,
                kind=Kind(row.kind),
                text=row.text,
                length=row.length,
            )
        return None
