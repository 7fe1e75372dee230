"""The topic bank as it is stored."""

import json
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bot.events import Group
from storage.columns import plain
from storage.groups import Groups
from storage.tables import slots, topics
from storage.transaction import AnyRow, Transaction
from storage.values import SlotState, Topic, TopicKind, TopicStatus

_INSERT = insert(topics)
_CHANGING = ("title", "text", "kind", "category", "tags", "author", "source", "weight", "status")
_UPDATE = (
    update(topics)
    .where(topics.c.key == bindparam("of_key"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_THERE = select(topics.c.id).where(topics.c.key == bindparam("of_key"))
_ALL = select(topics).order_by(topics.c.id)
_WITH_STATUS = _ALL.where(topics.c.status == bindparam("of_status"))
_UNUSED = _WITH_STATUS.where(
    topics.c.key.not_in(
        select(slots.c.topic_key).where(
            slots.c.group_id == bindparam("group"),
            slots.c.topic_key != "",
            slots.c.state != SlotState.SKIPPED.value,
        )
    )
)


def _row(topic: Topic) -> dict[str, Any]:
    return {
        "title": topic.title,
        "text": topic.text,
        "kind": topic.kind.value,
        "category": topic.category,
        "tags": json.dumps([plain(tag) for tag in topic.tags], ensure_ascii=False),
        "author": topic.author,
        "source": topic.source,
        "weight": topic.weight,
        "status": topic.status.value,
    }


def _topic(row: AnyRow) -> Topic:
    return Topic(
        key=row.key,
        title=row.title,
        text=row.text,
        kind=TopicKind(row.kind),
        category=row.category,
        tags=tuple(json.loads(row.tags)),
        author=row.author,
        source=row.source,
        weight=row.weight,
        status=TopicStatus(row.status),
    )


class Topics:
    """All topics; a topic's key is its name."""

    def __init__(self, transaction: Transaction, groups: Groups) -> None:
        self._transaction = transaction
        self._groups = groups

    def put(self, topic: Topic) -> bool:
        """Keep a topic, in place of the one with the same key; True if it is new."""
        row = _row(topic)
        if self._transaction.read(_THERE, {"of_key": topic.key}):
            changed = {f"new_{name}": value for name, value in row.items()}
            self._transaction.write(_UPDATE, changed | {"of_key": topic.key})
            return False
        self._transaction.write(
            _INSERT, row | {"id": self._transaction.next_id(), "key": topic.key}
        )
        return True

    def all(self, status: TopicStatus | None = None) -> list[Topic]:
        """The topics of one status or of all, in the order they came."""
        rows = (
            self._transaction.read(_ALL)
            if status is None
            else self._transaction.read(_WITH_STATUS, {"of_status": status.value})
        )
        return [_topic(row) for row in rows]

    def unused(self, group: Group) -> list[Topic]:
        """Approved and never posted or planned in this group, in the order they came."""
        where = {
            "of_status": TopicStatus.APPROVED.value,
            "group": self._groups.key_if_known(group),
        }
        return [_topic(row) for row in self._transaction.read(_UNUSED, where)]
