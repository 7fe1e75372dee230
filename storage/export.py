"""Everything that is held about one person, ready for JSON."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Table, bindparam, select

from bot.events import Identity
from storage.actions import dump, people, read
from storage.columns import plain
from storage.links import everyone
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
from storage.tables_of_order import (
    acceptances,
    appeals,
    audit,
    complaints,
    exemptions,
    links,
    operators,
    sanctions,
    tasks,
)
from storage.tables_of_programmes import (
    arrangements,
    casts,
    consents,
    goal_choices,
    goal_progress,
    member_tags,
    pauses,
)
from storage.tables_of_topics import topic_changes, topics
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


def _without(statement: Select[Any], *columns: str) -> Select[Any]:
    """Leaves out what is another person's: who reported, who decided."""
    return statement.with_only_columns(
        *(each for each in statement.selected_columns if each.name not in columns)
    )


_OTHERS = ("raiser_id", "decided_by_id", "decided_by")
_IDENTITIES = select(identities).where(identities.c.member_id == _MEMBER)
_PARTS: dict[str, Select[Any]] = {
    "identities": _IDENTITIES,
    "memberships": _in_groups(memberships, memberships.c.member_id == _MEMBER),
    "messages": _in_groups(messages, messages.c.author_id == _MEMBER),
    "turned_to_others": _in_groups(interactions, interactions.c.from_id == _MEMBER),
    "was_turned_to": _in_groups(interactions, interactions.c.to_id == _MEMBER),
    "cases": _without(_in_groups(cases, cases.c.member_id == _MEMBER), *_OTHERS),
    "answers": select(answers).where(answers.c.member_id == _MEMBER),
    "sanctions": _in_groups(sanctions, sanctions.c.member_id == _MEMBER),
    "exemptions": _without(
        _in_groups(exemptions, exemptions.c.member_id == _MEMBER), "by_id", "by"
    ),
    "tasks": select(tasks).where(tasks.c.member_id == _MEMBER),
    "appeals": _without(_in_groups(appeals, appeals.c.member_id == _MEMBER), *_OTHERS),
    "complaints_made": _without(
        _in_groups(complaints, complaints.c.by_id == _MEMBER), "about_id", "by_id"
    ),
    "complaints_received": _without(
        _in_groups(complaints, complaints.c.about_id == _MEMBER), "by_id", "words"
    ),
    "acceptances": _in_groups(acceptances, acceptances.c.member_id == _MEMBER),
    "links": _without(select(links).where(links.c.member_id == _MEMBER), "by_id", "by"),
    "operator": _without(
        select(operators).where(operators.c.member_id == _MEMBER), "revoked_by_id", "revoked_by"
    ),
    "cases_raised": select(cases.c.number, cases.c.at).where(cases.c.raiser_id == _MEMBER),
    "cases_decided": select(cases.c.number, cases.c.decided_at, cases.c.decided_why).where(
        cases.c.decided_by_id == _MEMBER
    ),
    "exemptions_made": select(exemptions.c.rule, exemptions.c.at, exemptions.c.reason).where(
        exemptions.c.by_id == _MEMBER
    ),
    "appeals_decided": select(appeals.c.id, appeals.c.decided_at, appeals.c.why).where(
        appeals.c.decided_by_id == _MEMBER
    ),
    "topics_proposed": select(topics).where(topics.c.proposer_id == _MEMBER),
    "topics_changed": select(topics.c.key, topic_changes.c.at, topic_changes.c.what)
    .join_from(topic_changes, topics, topics.c.id == topic_changes.c.topic_id)
    .where(topic_changes.c.by_id == _MEMBER),
    "arrangements_made": _without(
        _in_groups(arrangements, arrangements.c.by_id == _MEMBER), "by_id"
    ),
    "pauses_made": _without(
        _in_groups(pauses, pauses.c.by_id == _MEMBER), "by_id", "ended_by_id", "ended_by"
    ),
    "pauses_ended": select(pauses.c.id, pauses.c.until).where(pauses.c.ended_by_id == _MEMBER),
    "casts": select(casts).where(casts.c.member_id == _MEMBER),
    "consents": _in_groups(consents, consents.c.member_id == _MEMBER),
    "tags": _without(_in_groups(member_tags, member_tags.c.member_id == _MEMBER), "by_id", "by"),
    "tags_given": select(member_tags.c.tag, member_tags.c.at).where(member_tags.c.by_id == _MEMBER),
    "goal_progress_told": _without(
        _in_groups(goal_progress, goal_progress.c.by_id == _MEMBER), "by_id"
    ),
    "goal_choices": _in_groups(goal_choices, goal_choices.c.member_id == _MEMBER),
    "acts": _without(select(audit).where(audit.c.by_id == _MEMBER), "about_id"),
    "acts_about": _without(select(audit).where(audit.c.about_id == _MEMBER), "by_id", "by"),
}
_MEMBERS = select(members).where(members.c.id == _MEMBER)
_REQUESTS = select(requests).where(
    requests.c.account == bindparam("account"), requests.c.person_id == bindparam("id")
)
_ABOUT = select(outbox).where(
    outbox.c.account == bindparam("account"), outbox.c.action.like(bindparam("like"), escape="\\")
)


def export(transaction: Transaction, member_id: int) -> dict[str, object]:
    """What is held about the person, by kind; KeyError if there is no such person.

    Of all members that are linked to be one person.
    """
    person = everyone(transaction, member_id)
    if not person:
        raise KeyError(member_id)
    seen = [row.first_seen for each in person for row in _rows(transaction, _MEMBERS, each)]
    known = [each for one in person for each in identities_of(transaction, one)]
    parts: dict[str, object] = {
        name: [_readable(row) for each in person for row in _rows(transaction, statement, each)]
        for name, statement in _PARTS.items()
    }
    asked = [
        row
        for each in known
        for row in transaction.read(_REQUESTS, {"account": each.account, "id": each.id})
    ]
    return {
        "member": member_id,
        "first_seen": min(seen).isoformat(),
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


def _rows(transaction: Transaction, statement: Select[Any], member_id: int) -> Sequence[AnyRow]:
    return transaction.read(statement, {"member": member_id})


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
    named = row._asdict()
    return {
        str(name): value.isoformat() if isinstance(value, datetime) else value
        for name, value in named.items()
    }
