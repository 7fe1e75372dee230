"""People as operators see them: found by a part of a name, on a card or in a list."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import NullType

from bot.events import Group, Identity
from storage.columns import Words, plain
from storage.tables import cases, groups, identities, members, memberships, messages
from storage.transaction import AnyRow, Transaction
from storage.values import MemberCard
from storage.values_of_reports import Listed


class _Like(FunctionElement[Any]):
    """Whether a name is like the one that is given, whatever the case of its letters."""

    # Not Boolean: SQLite would be asked for "… = 1".
    type = NullType()
    inherit_cache = True

    def __init__(self, name: Any) -> None:
        super().__init__(name, bindparam("like", type_=Words()))


# LIKE of SQLite goes by no case as it is; to lower every name first takes twice as long.
@compiles(_Like, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    name, like = (compiler.process(each, **kw) for each in element.clauses)
    return f"{name} LIKE {like} ESCAPE '\\'"


@compiles(_Like, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    name, like = (compiler.process(each, **kw) for each in element.clauses)
    return f"{name} ILIKE {like} ESCAPE '\\'"


_ONE = select(members.c.id, members.c.first_seen).where(members.c.id == bindparam("member"))
_HERE = exists().where(
    identities.c.member_id == members.c.id, identities.c.account == bindparam("of_account")
)
_FIRST = select(members.c.id, members.c.first_seen).order_by(members.c.id).limit(50)
_SEARCH = (
    select(members.c.id, members.c.first_seen)
    .where(
        members.c.id.in_(
            select(identities.c.member_id).where(
                or_(_Like(identities.c.name), identities.c.platform_id == bindparam("text"))
            )
        )
        | members.c.id.in_(select(memberships.c.member_id).where(_Like(memberships.c.name)))
        | (members.c.id == bindparam("number"))
    )
    .order_by(members.c.id)
    .limit(50)
)
_FIRST_HERE, _SEARCH_HERE = _FIRST.where(_HERE), _SEARCH.where(_HERE)
_IDENTITIES = (
    select(identities)
    .where(identities.c.member_id == bindparam("member"))
    .order_by(identities.c.first_seen)
)
_GROUPS = (
    select(groups.c.account, groups.c.platform_id, groups.c.name)
    .where(
        groups.c.id.in_(
            select(memberships.c.group_id).where(
                memberships.c.member_id == bindparam("member"), memberships.c.left_at.is_(None)
            )
        )
    )
    .order_by(groups.c.id)
)
# Group by group, as that is how messages are found; whoever spoke there has a stay.
_SPOKE = select(func.count(), func.max(messages.c.at)).where(
    messages.c.author_id == bindparam("member"),
    messages.c.group_id.in_(
        select(memberships.c.group_id).where(memberships.c.member_id == bindparam("member"))
    ),
)
_CASES = select(func.count()).select_from(cases).where(cases.c.member_id == bindparam("member"))


class Cards:
    """What is known of people, to be looked at."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, text: str) -> list[MemberCard]:
        """Up to 50 people by a part of a name, a platform id, or our own number."""
        return [self._card(row) for row in self._search(text)]

    def listed(self, account: str, text: str) -> list[Listed]:
        """Those whom this account knows, without what has to be counted for each of them."""
        return [
            Listed(row.id, *self._known_as(row.id), first_seen=row.first_seen)
            for row in self._search(text, account)
        ]

    def of(self, account: str, member_id: int) -> MemberCard | None:
        """One person by our own number; None if this account knows no such."""
        rows = self._transaction.read(_ONE, {"member": member_id})
        card = self._card(rows[0]) if rows else None
        return card if card and any(who.account == account for who in card.identities) else None

    def _search(self, text: str, account: str | None = None) -> Sequence[AnyRow]:
        of_account = {} if account is None else {"of_account": plain(account)}
        if not text:
            return self._transaction.read(_FIRST if account is None else _FIRST_HERE, of_account)
        literal = plain(text).lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        number = int(text) if text.isdecimal() and len(text) < 18 else 0  # noqa: PLR2004 63 bits
        where = {"like": f"%{literal}%", "text": text, "number": number, **of_account}
        return self._transaction.read(_SEARCH if account is None else _SEARCH_HERE, where)

    def _card(self, row: AnyRow) -> MemberCard:
        of_member = {"member": row.id}
        spoke = self._transaction.read(_SPOKE, of_member)[0]
        name, known_as, there = self._known_as(row.id)
        return MemberCard(
            member_id=row.id,
            name=name,
            identities=known_as,
            groups=there,
            messages=spoke[0],
            cases=self._transaction.read(_CASES, of_member)[0][0],
            first_seen=row.first_seen,
            last_spoke=spoke[1],
        )

    def _known_as(self, member_id: int) -> tuple[str, tuple[Identity, ...], tuple[Group, ...]]:
        known = self._transaction.read(_IDENTITIES, {"member": member_id})
        return (
            known[-1].name if known else "",
            tuple(Identity(row.account, row.platform_id, row.name) for row in known),
            tuple(
                Group(row.account, row.platform_id, row.name)
                for row in self._transaction.read(_GROUPS, {"member": member_id})
            ),
        )
