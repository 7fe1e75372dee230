"""The topic bank as it is stored."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from bot.events import Identity
from bot.texts import Language
from storage.columns import plain
from storage.histories import Histories
from storage.members import Members
from storage.people import doer
from storage.statements import among, portions
from storage.tables import identities
from storage.tables_of_topics import topic_changes, topics
from storage.transaction import AnyRow, Transaction
from storage.values import Topic, TopicKind, TopicStatus
from storage.values_of_order import Doer
from storage.values_of_topics import Bank, TopicChange

Params = dict[str, Any]

_TEXTS = ("title", "text", "link", "picture", "category", "goal", "author", "source")
_LISTS = ("tags", "stages", "season")
_ENUMS = ("kind", "language", "status")
_FIELDS = (*_TEXTS, *_LISTS, *_ENUMS, "weight")

_INSERT = insert(topics)
_UPDATE = (
    update(topics)
    .where(topics.c.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in _FIELDS})
)
_MOVE = (
    update(topics)
    .where(topics.c.id == bindparam("of_id"), topics.c.status == bindparam("was"))
    .values(status=bindparam("new_status"))
)
# Topics are changed with a note, deleted only with somebody who is forgotten.
_VERSION = select(
    select(func.count(topics.c.id)).scalar_subquery().label("topics"),
    select(func.max(topics.c.id)).scalar_subquery().label("newest"),
    select(func.count(topic_changes.c.id)).scalar_subquery().label("changes"),
    select(func.max(topic_changes.c.id)).scalar_subquery().label("last"),
)
_ALL = select(topics).order_by(topics.c.id)
_WITH_STATUS = _ALL.where(topics.c.status == bindparam("of_status"))
_WITH_KEYS = _ALL.where(among(topics.c.key, "keys"))
_NOTE = insert(topic_changes)
_HISTORY = (
    select(topic_changes)
    .join_from(topic_changes, topics, topics.c.id == topic_changes.c.topic_id)
    .where(topics.c.key == bindparam("of_key"))
    .order_by(topic_changes.c.at, topic_changes.c.id)
)
_CALLED = (
    select(
        identities.c.member_id, identities.c.account, identities.c.platform_id, identities.c.name
    )
    .where(among(identities.c.member_id, "members"))
    .order_by(identities.c.first_seen.desc())
)


class Topics:
    """All topics; a topic's key is its name. They are never buffered: few change at a time."""

    def __init__(self, transaction: Transaction, members: Members, histories: Histories) -> None:
        self._transaction = transaction
        self._members = members
        self._histories = histories
        self._changed = False
        self._bank: dict[str, Bank | None] = {}

    def put(self, topic: Topic) -> bool:
        """Keep a topic, in place of the one with the same key; True if it is new.

        Its history says nothing of it: for topics that the house itself brings along.
        """
        new, _ = self._put([topic], None, None)
        return new > 0

    def keep(self, some: Iterable[Topic], by: Doer, at: datetime) -> tuple[int, int]:
        """Keep topics, in place of those with the same keys; how many are new, how many changed.

        Each key stands once. Whose proposal a topic was is settled when it is new, and its author
        is theirs then. A proposal of somebody who was forgotten is kept without them.
        """
        return self._put(some, by, at)

    def move(self, key: str, was: TopicStatus, status: TopicStatus, by: Doer, at: datetime) -> bool:
        """Change the status, if it is still what it was: of several callers one gets True.

        Which changes make sense is for topics/life.py to say.
        """
        rows = self._transaction.read(_WITH_KEYS, {"keys": [plain(key)]})
        if not rows:
            return False
        move = {"of_id": rows[0].id, "was": was.value, "new_status": status.value}
        if not self._transaction.write(_MOVE, move):
            return False
        self._change()
        self._note([(rows[0].id, {"status": (was.value, status.value)})], by, at)
        return True

    def all(self, status: TopicStatus | None = None) -> list[Topic]:
        """The topics of one status or of all, in the order they came."""
        if status is None:
            return self._read(self._transaction.stored(_ALL))
        return self._read(self._transaction.stored(_WITH_STATUS, {"of_status": status.value}))

    def history(self, key: str) -> list[TopicChange]:
        """Who changed the topic, when and what, oldest first."""
        rows = self._transaction.read(_HISTORY, {"of_key": plain(key)})
        people = self._people(row.by_id for row in rows)
        return [
            TopicChange(
                at=row.at,
                by=people.get(row.by_id, row.by),
                changed={name: (was, now) for name, (was, now) in json.loads(row.what).items()},
            )
            for row in rows
        ]

    def get(self, key: str) -> Topic | None:
        """One topic as it is now; None if there is none of this key."""
        found = self._read(self._transaction.read(_WITH_KEYS, {"keys": [plain(key)]}))
        return found[0] if found else None

    def bank(self) -> Bank:
        """All topics and how they went; the same object again while nothing has changed.

        The name of a proposer in it may be one they had before: `get` gives the present one.
        """
        bank = self._bank.get("bank")
        if bank is None:
            bank = self._own() if self._changed else self._shared()
            self._transaction.set(self._bank, "bank", bank)
        return bank

    def _own(self) -> Bank:
        return Bank(tuple(self.all()), self._histories.worths())

    def _shared(self) -> Bank:
        known = self._transaction.bank
        version, worths = self._transaction.stored(_VERSION)[0], self._histories.worths()
        if version != known.version:
            known.bank, known.version = Bank(tuple(self.all()), worths), version
        elif worths is not known.bank.worths:
            known.bank = Bank(known.bank.topics, worths)
        return known.bank

    def _put(self, some: Iterable[Topic], by: Doer | None, at: datetime | None) -> tuple[int, int]:
        wanted = {plain(topic.key): topic for topic in some}
        there = [
            row
            for keys in portions(wanted)
            for row in self._transaction.read(_WITH_KEYS, {"keys": keys})
        ]
        known = {row.key for row in there}
        new = [self._new(key, wanted[key], at) for key in wanted if key not in known]
        changed = [
            (row.id, columns, difference)
            for row in there
            if (
                difference := _difference(
                    row, columns := _columns(wanted[row.key], row.proposer_id)
                )
            )
        ]
        self._transaction.write(_INSERT, new)
        self._transaction.write(_UPDATE, [_update(*each[:2]) for each in changed])
        self._change()
        if by is not None and at is not None:
            self._note([(row["id"], {}) for row in new], by, at)
            self._note([(topic_id, difference) for topic_id, _, difference in changed], by, at)
        return len(new), len(changed)

    def _new(self, key: str, topic: Topic, at: datetime | None) -> Params:
        who = topic.proposer
        proposer_id = self._members.id_of(who, at) if who is not None and at is not None else None
        return _columns(topic, who) | {
            "id": self._transaction.next_id(),
            "key": key,
            "proposer_id": proposer_id,
        }

    def _note(
        self, changes: Iterable[tuple[int, Mapping[str, Any]]], by: Doer, at: datetime
    ) -> None:
        acted = doer(self._members.id_of, by, at, "by")
        rows = [
            {
                "id": self._transaction.next_id(),
                "topic_id": topic_id,
                "at": at,
                "what": json.dumps(what, ensure_ascii=False),
            }
            | acted
            for topic_id, what in changes
        ]
        self._transaction.write(_NOTE, rows)

    def _change(self) -> None:
        """From now on this work has a bank of its own; once it has committed, all look again."""
        if not self._changed:
            self._changed = True
            self._transaction.before_commit(self._let_all_look)
        self._transaction.set(self._bank, "bank", None)

    def _let_all_look(self) -> None:
        self._transaction.bank.version = None

    def _read(self, rows: Iterable[AnyRow]) -> list[Topic]:
        rows = list(rows)
        people = self._people(row.proposer_id for row in rows)
        return [_topic(row, people.get(row.proposer_id)) for row in rows]

    def _people(self, ids: Iterable[int | None]) -> dict[int, Identity]:
        """What they were called first, of a person with several identities."""
        some = {each for each in ids if each is not None}
        if not some:
            return {}
        return {
            row.member_id: Identity(row.account, row.platform_id, row.name)
            for row in self._transaction.read(_CALLED, {"members": list(some)})
        }


def _columns(topic: Topic, proposer: object) -> Params:
    """What is stored of a topic; the name of a proposer never is."""
    lists = {name: _list(getattr(topic, name)) for name in _LISTS}
    enums = {name: getattr(topic, name).value for name in _ENUMS}
    texts = {name: plain(getattr(topic, name)) for name in _TEXTS}
    author = {"author": ""} if proposer else {}
    return texts | author | lists | enums | {"weight": topic.weight}


def _list(texts: Iterable[str]) -> str:
    return json.dumps([plain(text) for text in texts], ensure_ascii=False)


def _update(topic_id: int, columns: Params) -> Params:
    return {"of_id": topic_id} | {f"new_{name}": value for name, value in columns.items()}


def _difference(row: AnyRow, columns: Params) -> dict[str, tuple[Any, Any]]:
    before = row._asdict()
    return {name: (before[name], value) for name, value in columns.items() if before[name] != value}


def _topic(row: AnyRow, proposer: Identity | None) -> Topic:
    return Topic(
        key=row.key,
        title=row.title,
        text=row.text,
        link=row.link,
        picture=row.picture,
        kind=TopicKind(row.kind),
        category=row.category,
        tags=tuple(json.loads(row.tags)),
        stages=tuple(json.loads(row.stages)),
        goal=row.goal,
        season=tuple(json.loads(row.season)),
        language=Language(row.language),
        author=row.author if proposer is None else proposer.name,
        proposer=proposer,
        source=row.source,
        weight=row.weight,
        status=TopicStatus(row.status),
    )
