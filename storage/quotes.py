"""Quotes: which of the messages that were stored somebody quotes."""

from collections.abc import Container, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from bot.events import Group, Identity, Quote
from storage.columns import plain
from storage.statements import among
from storage.tables import identities, memberships, messages
from storage.transaction import Transaction
from storage.values import Heard

_BEGINNING = 200  # characters of a quoted text that are compared
_LOOK_BACK = (20, 300)  # so many messages of an author are looked through for a quoted one
_LOOK_BACK_FOR = timedelta(days=180)  # bounds what is read of a group where nothing fits

_FOUND = select(
    messages.c.id,
    messages.c.platform_id,
    messages.c.author_id,
    messages.c.at,
    messages.c.text,
    messages.c.length,
    messages.c.ours,
).where(messages.c.group_id == bindparam("group"))
_BY_ID = _FOUND.where(messages.c.platform_id == bindparam("id"))
_BY_AUTHORS = (
    _FOUND.where(
        among(messages.c.author_id, "authors"),
        messages.c.at.between(bindparam("after"), bindparam("before")),
    )
    .order_by(messages.c.at.desc())
    .limit(bindparam("limit"))
)
_LATELY = (
    select(messages.c.text)
    .where(
        messages.c.group_id == bindparam("group"),
        messages.c.at.between(bindparam("after"), bindparam("before")),
    )
    .order_by(messages.c.at.desc())
    .limit(bindparam("limit"))
)
_NAMED = (
    select(identities.c.member_id)
    .where(identities.c.account == bindparam("account"), identities.c.name == bindparam("by_name"))
    .union(
        select(memberships.c.member_id).where(
            memberships.c.group_id == bindparam("group"), memberships.c.name == bindparam("by_name")
        )
    )
)
_IDENTITY = (
    select(identities.c.account, identities.c.platform_id, identities.c.name)
    .where(
        identities.c.member_id == bindparam("member"), identities.c.account == bindparam("account")
    )
    .order_by(identities.c.first_seen.desc())
    .limit(1)
)


class Quotes:
    """Finds what earlier works have recorded."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(
        self, where: tuple[Group, int], quote: Quote, before: datetime, but: Container[int]
    ) -> Heard | None:
        """The quoted message of this group (with our own key of it), but none of these keys."""
        group, group_id = where
        for row in self._perhaps(group, group_id, quote, before):
            if row.id not in but and (quote.message_id or fits(quote, row.text, row.length)):
                author = self._identity(row.author_id, group.account)
                return Heard(row.id, row.platform_id, author, row.at, row.ours)
        return None

    def was_said(self, where: tuple[Group, int], quote: Quote, before: datetime) -> bool:
        """Whether somebody said all of what is quoted, or began with it.

        Looked for among what those of this name said, and among the last 300 messages of the
        group, since the platform may call people otherwise than we do. A text of that name that
        was not kept may have been it where it was as long. What still lies in the buffers is the
        caller's to look at.
        """
        group, group_id = where
        if any(
            begins(quote, row.text, row.length)
            for row in self._perhaps(group, group_id, quote, before)
        ):
            return True
        lately = {
            "group": group_id,
            "after": before - _LOOK_BACK_FOR,
            "before": before,
            "limit": _LOOK_BACK[-1],
        }
        rows = self._transaction.stored(_LATELY, lately)
        return any(row.text is not None and begins(quote, row.text, 0) for row in rows)

    def _perhaps(
        self, group: Group, group_id: int, quote: Quote, before: datetime
    ) -> Iterator[Any]:
        """The newest first; most quotes are of one of the last few messages."""
        if quote.message_id:
            by_id = {"group": group_id, "id": quote.message_id}
            yield from self._transaction.stored(_BY_ID, by_id)
            return
        named = {"group": group_id, "account": group.account, "by_name": quote.name}
        authors = [row.member_id for row in self._transaction.stored(_NAMED, named)]
        where = {
            "group": group_id,
            "authors": authors,
            "after": before - _LOOK_BACK_FOR,
            "before": before,
        }
        for limit in _LOOK_BACK if authors else ():
            rows = self._transaction.stored(_BY_AUTHORS, where | {"limit": limit})
            yield from rows
            if len(rows) < limit:
                return

    def _identity(self, member_id: int | None, account: str) -> Identity | None:
        rows = self._transaction.stored(_IDENTITY, {"member": member_id, "account": account})
        return Identity(*rows[0]) if rows else None


def fits(quote: Quote, text: str | None, length: int) -> bool:
    """Whether a message may be what was quoted: WeChat cuts long texts off and joins lines."""
    if text is None:
        return length == len(quote.text)
    beginning = _quoted(quote.text)[:_BEGINNING]
    return _joined(text).startswith(beginning) if beginning else not text.strip()


def begins(quote: Quote, text: str | None, length: int) -> bool:
    """Whether a message begins with all that is quoted: what is added to it was never said."""
    if text is None:
        return length == len(quote.text)
    quoted = _quoted(quote.text)
    return bool(quoted) and _joined(text).startswith(quoted)


@lru_cache(maxsize=32)  # one quotation is held against some hundred messages
def _quoted(text: str) -> str:
    return _joined(text).rstrip(".…")


def _joined(text: str) -> str:
    return " ".join(plain(text).split())
