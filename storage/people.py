"""Columns that point to people: who is meant, and how they are called in the account at hand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Label, bindparam, select, union

from bot.events import Identity
from storage.columns import Key
from storage.tables import identities
from storage.tables_of_order import links
from storage.values_of_order import Doer

IdOf = Callable[[Identity, datetime], int | None]
"""Our own key of somebody, as `Members.id_of` gives it."""

MEMBER: BindParameter[Any] = bindparam("member", type_=Key)

_others = links.alias()
PERSON = union(
    select(MEMBER),
    select(_others.c.member_id)
    .join_from(links, _others, _others.c.person_id == links.c.person_id)
    .where(links.c.member_id == MEMBER),
)
"""The member under `member` and all that are the same person, for `column.in_(PERSON)`."""


def named(
    member: ColumnElement[Any], account: ColumnElement[Any], label: str
) -> tuple[Label[Any], Label[Any]]:
    """What an account calls a member, as two columns that `identity` reads."""
    # Of a member with two identities in one account, the older one.
    return tuple(  # type: ignore[return-value]  # there are two
        select(column)
        .where(identities.c.member_id == member, identities.c.account == account)
        .order_by(identities.c.first_seen)
        .limit(1)
        .scalar_subquery()
        .label(f"{label}_{column.name}")
        for column in (identities.c.platform_id, identities.c.name)
    )


def identity(row: Any, label: str) -> Identity | None:
    """Whom the columns of `named` name; the row has the account too. None if nobody."""
    platform_id = getattr(row, f"{label}_platform_id")
    if platform_id is None:
        return None
    return Identity(row.account, platform_id, getattr(row, f"{label}_name"))


def shown(row: Any, label: str) -> str:
    """The name of who acted, else the word that stands for them."""
    there = identity(row, label)
    word: str = getattr(row, label)
    return word if there is None else there.name or there.id


def doer(id_of: IdOf, who: Doer, at: datetime, column: str) -> dict[str, Any]:
    """The two columns of who acted; somebody who was forgotten is nobody."""
    if isinstance(who, str):
        return {f"{column}_id": None, column: who}
    return {f"{column}_id": id_of(who, at), column: ""}
