"""Everything that is held about one person, ready for JSON."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Table, bindparam, select

from bot.events import Identity
from storage.actions import dump, people, read
from storage.columns import plain
from storage.tables import (
    answers,
    cases,
    groups,
    identities,
    interactions,
    members,
    memberships,
    messages,
    outbox,
    requests,
)
from storage.transaction import AnyRow, Transaction

_MEMBER: BindParameter[Any] = bindparam("member")


def _in_groups(table: Table, whose: ColumnElement[bool]) -> Select[Any]:
    """Rows with the group's account, id and name beside them."""
    where = (
        groups.c.account,
        groups.c.platform_id.label("group"),
        groups.c.name.label("group_name"),
    )
    joined = select(table, *where).join_from(table, groups, groups.c.id == table.c.group_id)
    return joined.where(whose)


_IDENTITIES = select(identities).where(identities.c.member_id == _MEMBER)
_PARTS: dict[str, Select[Any]] = {
    "identities": _IDENTITIES,
    "memberships": _in_groups(memberships, memberships.c.member_id == _MEMBER),
    "messages": _in_groups(messages, messages.c.author_id == _MEMBER),
    "turned_to_others": _in_groups(interactions, interactions.c.from_id == _MEMBER),
    "was_turned_to": _in_groups(interactions, interactions.c.to_id == _MEMBER),
    "cases": _in_groups(cases, cases.c.member_id == _MEMBER),
    "answers": select(answers).where(answers.c.member_id == _MEMBER),
}
_MEMBERS = select(members).where(members.c.id == _MEMBER)
_REQUESTS = select(requests).where(
    requests.c.account == bindparam("account"), requests.c.person_id == bindparam("id")
)
_ABOUT = select(outbox).where(
    outbox.c.account == bindparam("account"), outbox.c.action.like(bindparam("like"), escape="\\")
)


def export(transaction: Transaction, member_id: int) -> dict[str, object]:
    """What is held about the person, by kind; KeyError if there is no such person."""
    of_member = {"member": member_id}
    seen = transaction.read(_MEMBERS, of_member)
    if not seen:
        raise KeyError(member_id)
    known = identities_of(transaction, member_id)
    parts: dict[str, object] = {
        name: [_readable(row) for row in transaction.read(statement, of_member)]
        for name, statement in _PARTS.items()
    }
    asked = [
        row
        for each in known
        for row in transaction.read(_REQUESTS, {"account": each.account, "id": each.id})
    ]
    return {
        "member": member_id,
        "first_seen": seen[0].first_seen.isoformat(),
        **parts,
        "requests": [_readable(row) for row in asked],
        "actions": [
            {
                "state": row.state,
                "created_at": row.created_at.isoformat(),
                **dump(read(row.action)),
            }
            for each in known
            for row in about(transaction, each)
        ],
    }


def identities_of(transaction: Transaction, member_id: int) -> list[Identity]:
    """What the accounts call the person."""
    rows = transaction.read(_IDENTITIES, {"member": member_id})
    return [Identity(row.account, row.platform_id, row.name) for row in rows]


def about(transaction: Transaction, identity: Identity) -> Iterator[AnyRow]:
    """The outbox rows whose action holds this person's data."""
    literal = json.dumps(plain(identity.id), ensure_ascii=False)
    for sign in ("\\", "%", "_"):
        literal = literal.replace(sign, f"\\{sign}")
    where = {"account": identity.account, "like": f"%{literal}%"}
    for row in transaction.read(_ABOUT, where):
        if identity in people(read(row.action)):
            yield row


def _readable(row: AnyRow) -> dict[str, Any]:
    named = row._mapping  # noqa: SLF001 public, in spite of its name
    return {
        str(name): value.isoformat() if isinstance(value, datetime) else value
        for name, value in named.items()
    }
