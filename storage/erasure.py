"""Deleting one person: what goes, what stays without them, and how they do not come back."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Table,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.actions import Action, Announce, Invite, Mute, Remove, Say
from bot.events import Identity
from storage import erasure_of_order, erasure_of_programmes
from storage.actions import ERASED, read, written
from storage.erasure_of_order import Step
from storage.export import about, identities_of
from storage.links import everyone
from storage.statements import insert_new
from storage.tables import (
    answers,
    cases,
    forgotten,
    identities,
    interactions,
    members,
    memberships,
    messages,
    outbox,
    posts,
    requests,
    slots,
)
from storage.tables_of_topics import topic_changes, topics
from storage.transaction import Transaction
from storage.values import OutboxState, SlotState

_MEMBER: BindParameter[Any] = bindparam("member")
_NOBODY = Identity("", "")
_ERASED = "应本人要求已删除 erased on request"

_FORGOTTEN = insert_new(forgotten, "digest")
_STAYS = select(memberships.c.group_id, memberships.c.name).where(
    memberships.c.member_id == _MEMBER
)
_IS_THEIRS = topics.c.proposer_id == _MEMBER
_PROPOSED = select(topics.c.key).where(_IS_THEIRS)
# In the order of the foreign keys: whatever points to the person goes first.
_STEPS: tuple[Step, ...] = (
    *erasure_of_order.STEPS,
    *erasure_of_programmes.STEPS,
    (
        interactions,
        delete(interactions).where(
            or_(interactions.c.from_id == _MEMBER, interactions.c.to_id == _MEMBER)
        ),
    ),
    (posts, update(posts).where(posts.c.topic_key.in_(_PROPOSED)).values(text="")),
    (
        topic_changes,
        delete(topic_changes).where(
            topic_changes.c.topic_id.in_(select(topics.c.id).where(_IS_THEIRS))
        ),
    ),
    (topics, delete(topics).where(_IS_THEIRS)),
    (
        topic_changes,
        update(topic_changes).where(topic_changes.c.by_id == _MEMBER).values(by_id=None),
    ),
    (answers, update(answers).where(answers.c.member_id == _MEMBER).values(member_id=None)),
    (
        cases,
        update(cases)
        .where(cases.c.member_id == _MEMBER)
        .values(member_id=None, excerpt="", detail="", decided_why=""),
    ),
    (
        messages,
        update(messages).where(messages.c.author_id == _MEMBER).values(author_id=None, text=None),
    ),
    (memberships, delete(memberships).where(memberships.c.member_id == _MEMBER)),
    (
        memberships,
        update(memberships).where(memberships.c.inviter_id == _MEMBER).values(inviter_id=None),
    ),
    (
        memberships,
        update(memberships).where(memberships.c.remover_id == _MEMBER).values(remover_id=None),
    ),
    (identities, delete(identities).where(identities.c.member_id == _MEMBER)),
    (members, delete(members).where(members.c.id == _MEMBER)),
)
_ASKED = (requests.c.account == bindparam("of_account")) & (
    requests.c.person_id == bindparam("person")
)
_FRIENDSHIPS = delete(requests).where(_ASKED, requests.c.kind == "friendship")
_INVITATIONS = update(requests).where(_ASKED).values(person_id=None, person_name="")
_OUTBOX = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        action=bindparam("new_action"),
        text_digest="",
        detail=bindparam("why"),
        state=bindparam("new_state"),
    )
)


_UNPOSTED = (
    update(slots)
    .where(
        slots.c.id.in_(select(posts.c.slot_id).where(posts.c.outbox_key == bindparam("of_key"))),
        slots.c.state.in_([SlotState.PLANNED.value, SlotState.HELD.value]),
    )
    .values(state=SlotState.SKIPPED.value, reason=_ERASED)
)


def _name_in(column: ColumnElement[Any], table: Table) -> Any:
    """Takes an @name out of what others wrote in a group."""
    return (
        update(table)
        .where(
            table.c.group_id == bindparam("group"),
            column.like(bindparam("like"), escape="\\"),
        )
        .values({column: func.replace(column, bindparam("called"), bindparam("instead"))})
    )


_CALLED: tuple[Step, ...] = (
    (messages, _name_in(messages.c.text, messages)),
    (cases, _name_in(cases.c.excerpt, cases)),
    (cases, _name_in(cases.c.detail, cases)),
)


class Erasure:
    """The deletion of one person, with all members that are linked to them, within one work."""

    def __init__(self, transaction: Transaction, member_id: int) -> None:
        self._transaction = transaction
        self._members = everyone(transaction, member_id)
        self._touched: dict[str, int] = {}
        if not self._members:
            raise KeyError(member_id)

    def run(self, at: datetime) -> dict[str, int]:
        """Delete the person; rows touched, by table."""
        for member_id in self._members:
            self._change(*erasure_of_order.UNLINK, {"member": member_id})
        for member_id in self._members:
            self._delete(member_id, at)
        return {table: rows for table, rows in self._touched.items() if rows}

    def _delete(self, member_id: int, at: datetime) -> None:
        known = identities_of(self._transaction, member_id)
        self._take_names_out(member_id, known)
        for each in known:
            self._clear_outbox(each)
            self._clear_requests(each)
        for table, statement in _STEPS:
            self._change(table, statement, {"member": member_id, "moment": at})
        for each in known:
            row = {"digest": self._transaction.forget(each), "at": at}
            self._change(forgotten, _FORGOTTEN[self._transaction.dialect], row)

    def _take_names_out(self, member_id: int, known: list[Identity]) -> None:
        stays = self._transaction.read(_STAYS, {"member": member_id})
        names = {each.name for each in known} | {row.name for row in stays}
        words = names | {each.id for each in known}
        for group in sorted({row.group_id for row in stays}):
            for name in _longest_first(names):
                self._take_out(_CALLED, f"@{name}", "@…", {"group": group})
            for word in _longest_first(words):
                self._take_out(erasure_of_order.CALLED, *_telling(word), {"group": group})
        for account in sorted({each.account for each in known}):
            for word in _longest_first(words):
                self._take_out(erasure_of_order.NOTED, *_telling(word), {"of_account": account})

    def _take_out(
        self, steps: tuple[Step, ...], called: str, instead: str, where: dict[str, Any]
    ) -> None:
        literal = called
        for sign in ("\\", "%", "_"):
            literal = literal.replace(sign, f"\\{sign}")
        row = where | {"like": f"%{literal}%", "called": called, "instead": instead}
        for table, statement in steps:
            self._change(table, statement, row)

    def _clear_outbox(self, identity: Identity) -> None:
        for row in list(about(self._transaction, identity)):
            waits = row.state == OutboxState.PENDING.value
            action = _without(read(row.action), identity, row.id)
            self._change(
                outbox,
                _OUTBOX,
                {
                    "row": row.id,
                    "new_action": written(action),
                    "why": _ERASED,
                    "new_state": OutboxState.CANCELLED.value if waits else row.state,
                },
            )
            if waits:
                self._change(slots, _UNPOSTED, {"of_key": row.key})

    def _clear_requests(self, identity: Identity) -> None:
        where = {"of_account": identity.account, "person": identity.id}
        for statement in (_FRIENDSHIPS, _INVITATIONS):
            self._change(requests, statement, where)

    def _change(self, table: Table, statement: Any, params: dict[str, Any]) -> None:
        rows = self._transaction.write(statement, params)
        self._touched[table.name] = self._touched.get(table.name, 0) + rows


def _longest_first(names: set[str]) -> list[str]:
    return sorted(names - {""}, key=len, reverse=True)


def _telling(word: str) -> tuple[str, str]:
    """How a name stands in what operators and reporters wrote, and what stands there afterwards.

    A single character says nothing by itself: it is a name only after an @.
    """
    return (word, "…") if len(word) > 1 else (f"@{word}", "@…")


def _without(action: Action, identity: Identity, row_id: int) -> Action:
    """The action with nothing of the person in it, and nothing said about them."""
    nobody = replace(_NOBODY, account=identity.account)
    bare = replace(
        action,
        key=f"{ERASED}{row_id}",  # the column holds a digest of the true one, which still counts
        why=_ERASED,
        about=tuple(each for each in action.about if each != identity),
    )
    match bare:
        case Say():
            return replace(
                bare,
                to=nobody if bare.to == identity else bare.to,
                text="",
                mentions=tuple(each for each in bare.mentions if each != identity),
            )
        case Remove() | Invite() | Mute():
            return replace(bare, member=nobody if bare.member == identity else bare.member)
        case Announce():
            return replace(bare, text="")
    return bare
