"""Reading back what a group said, in portions, to judge it again."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from bot.events import Identity, Kind
from storage.columns import Key
from storage.statements import among
from storage.tables import identities, interactions, memberships, messages
from storage.transaction import AnyRow, Transaction
from storage.values import InteractionKind
from storage.values_of_order import Said

_WHERE = (
    messages.c.group_id == bindparam("group", type_=Key),
    messages.c.at >= bindparam("since"),
    messages.c.ours.is_(False),
)
_COUNT = select(func.count()).select_from(messages).where(*_WHERE)
_PORTION = (
    select(
        messages.c.id,
        messages.c.platform_id,
        messages.c.author_id,
        messages.c.at,
        messages.c.kind,
        messages.c.text,
        messages.c.length,
    )
    .where(*_WHERE, or_(messages.c.at > bindparam("since"), messages.c.id > bindparam("after")))
    .order_by(messages.c.at, messages.c.id)
    .limit(bindparam("portion"))
)
_AUTHORS = (
    select(identities.c.member_id, identities.c.platform_id, identities.c.name)
    .where(identities.c.account == bindparam("account"), among(identities.c.member_id, "ids"))
    .order_by(identities.c.first_seen.desc())  # of two in one account, the older one
)
_MENTIONS = select(interactions.c.message_id, interactions.c.to_id).where(
    among(interactions.c.message_id, "ids"),
    interactions.c.kind == InteractionKind.MENTION.value,
)
_COMINGS = (
    select(identities.c.platform_id, memberships.c.joined_at)
    .join(identities, identities.c.member_id == memberships.c.member_id)
    .where(
        memberships.c.group_id == bindparam("group", type_=Key),
        memberships.c.joined_at.is_not(None),
        identities.c.account == bindparam("account"),
    )
    .order_by(memberships.c.joined_at)
)


def count(transaction: Transaction, group_id: int | None, since: datetime) -> int:
    """How many messages of others were recorded in the group since then."""
    found: int = transaction.read(_COUNT, {"group": group_id, "since": since})[0][0]
    return found


def replay(
    transaction: Transaction, account: str, group_id: int | None, since: datetime, portion: int
) -> Iterator[Said]:
    """These messages, oldest first; at any time only `portion` of them are in memory."""
    known: dict[int | None, Identity | None] = {None: None}
    after = -1
    while True:
        where = {"group": group_id, "since": since, "after": after, "portion": portion}
        rows = transaction.read(_PORTION, where)
        mentions = _mentions(transaction, rows)
        mentioned = {each for these in mentions.values() for each in these}
        _meet(transaction, account, {row.author_id for row in rows} | mentioned, known)
        for row in rows:
            yield _said(row, known, mentions.get(row.id, ()))
        if len(rows) < portion:
            return
        since, after = rows[-1].at, rows[-1].id


def comings(
    transaction: Transaction, account: str, group_id: int | None
) -> Mapping[Identity, Sequence[datetime]]:
    """When people came into the group, as far as that was seen; oldest first."""
    found: dict[Identity, list[datetime]] = defaultdict(list)
    for row in transaction.read(_COMINGS, {"account": account, "group": group_id}):
        found[Identity(account, row.platform_id)].append(row.joined_at)
    return found


def _mentions(transaction: Transaction, rows: Sequence[AnyRow]) -> Mapping[int, Sequence[int]]:
    """Who is mentioned in these messages."""
    found: dict[int, list[int]] = defaultdict(list)
    if rows:
        for row in transaction.read(_MENTIONS, {"ids": [each.id for each in rows]}):
            found[row.message_id].append(row.to_id)
    return found


def _meet(
    transaction: Transaction, account: str, people: set[int | None], known: dict[Any, Any]
) -> None:
    new = people - known.keys()
    if new:
        known.update(dict.fromkeys(new))
        for row in transaction.read(_AUTHORS, {"account": account, "ids": new}):
            known[row.member_id] = Identity(account, row.platform_id, row.name)


def _said(
    row: AnyRow, known: Mapping[int | None, Identity | None], mentions: Sequence[int]
) -> Said:
    return Said(
        id=row.id,
        platform_id=row.platform_id,
        author=known[row.author_id],
        at=row.at,
        kind=Kind(row.kind),
        text=row.text,
        length=row.length,
        mentions=tuple(who for each in mentions if (who := known[each])),
    )
