"""Slots: each due time of a programme, dealt with once."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, case, insert, literal_column, select, update
from sqlalchemy import Text as Plain

from bot.events import Group, SlotDue
from storage.columns import plain
from storage.groups import Groups
from storage.statements import among, portions, put_forward
from storage.tables import groups, slots, watches
from storage.transaction import AnyRow, Transaction
from storage.values import Slot, SlotState

_INSERT = insert(slots)
_TAKEN = select(slots.c.group_id, slots.c.programme, slots.c.wall).where(
    among(slots.c.group_id, "groups"),
    among(slots.c.programme, "programmes"),
    among(slots.c.wall, "walls"),
)
_topic = bindparam("topic", type_=Plain)
_SETTLE = (
    update(slots)
    .where(slots.c.id == bindparam("slot"))
    .values(
        state=bindparam("new_state"),
        reason=bindparam("why"),
        topic_key=case((_topic == literal_column("''"), slots.c.topic_key), else_=_topic),
    )
)
_USED = select(slots.c.group_id, slots.c.topic_key).where(
    among(slots.c.group_id, "groups"),
    slots.c.topic_key != literal_column("''"),
    slots.c.state != SlotState.SKIPPED.value,
)
_WATCH = put_forward(watches, "until", "group_id", "programme")
_WATCHED = (
    select(watches.c.programme, groups.c.platform_id, watches.c.until)
    .join_from(watches, groups, groups.c.id == watches.c.group_id)
    .where(groups.c.account == bindparam("account"))
)
_LIST: Select[Any] = (
    select(slots, groups.c.account, groups.c.platform_id, groups.c.name)
    .join_from(slots, groups, groups.c.id == slots.c.group_id)
    .order_by(slots.c.due_at.desc(), slots.c.id.desc())
    .limit(bindparam("limit"))
)
_LIST_OF_GROUP = _LIST.where(slots.c.group_id == bindparam("group"))


_Key = tuple[int, str, str]
"""A group, a programme and a time on the wall."""

SlotList = list[Slot]  # the store has a method called `list`, which hides the type


def _slot(row: AnyRow) -> Slot:
    return Slot(
        id=row.id,
        group=Group(row.account, row.platform_id, row.name),
        programme=row.programme,
        wall=row.wall,
        due_at=row.due_at,
        state=SlotState(row.state),
        reason=row.reason,
        topic_key=row.topic_key,
    )


class Slots:
    """The due times of all programmes and what became of them."""

    def __init__(self, transaction: Transaction, groups: Groups) -> None:
        self._transaction = transaction
        self._groups = groups
        self._new = transaction.buffer(_INSERT)
        self._settled = transaction.buffer(_SETTLE)
        self._watch = transaction.buffer(_WATCH[transaction.dialect])
        self._taken: dict[_Key, bool] = {}
        self._opened: dict[int, int | None] = {}
        """The groups of what was opened in this work and has no topic yet."""
        self._used: dict[int, dict[str, bool] | None] = {}

    def open(self, event: SlotDue) -> int | None:
        """Take up a due time; None if that was done before.

        If another process does it at this moment, one of the two cannot commit.
        """
        self.watch(event.group, event.programme, event.due_at)
        group_id = self._groups.key(event.group, event.at)
        key = (group_id, plain(event.programme), event.wall)
        if key not in self._taken:
            self._look([key])
        if self._taken[key]:
            return None
        slot_id = self._transaction.next_id()
        self._new(
            {
                "id": slot_id,
                "group_id": group_id,
                "programme": event.programme,
                "wall": event.wall,
                "due_at": event.due_at,
                "state": SlotState.PLANNED.value,
                "reason": "",
                "topic_key": "",
            }
        )
        self._transaction.set(self._taken, key, True)
        self._transaction.set(self._opened, slot_id, group_id)
        return slot_id

    def settle(self, slot_id: int, state: SlotState, reason: str = "", topic_key: str = "") -> None:
        """Write down what became of it; an empty topic key leaves the one that is there."""
        self._settled(
            {"slot": slot_id, "new_state": state.value, "why": reason, "topic": plain(topic_key)}
        )
        group_id = self._opened.get(slot_id)
        if group_id is None:
            self._look_again()
        elif topic_key:
            self._transaction.set(self._opened, slot_id, None)
            used = self._used.get(group_id)
            if used is not None and state is not SlotState.SKIPPED:
                self._transaction.set(used, plain(topic_key), True)

    def used(self, group: Group) -> Collection[str]:
        """The keys of the topics that were posted in this group or are about to be."""
        group_id = self._groups.key_if_known(group)
        if group_id is None:
            return ()
        used = self._used.get(group_id)
        if used is None:
            self._look_for_topics([group_id])
            used = self._used[group_id]
        return used or ()

    def prepare(self, wanted: Iterable[SlotDue]) -> None:
        """Look these up together, with the topics used in their groups; groups come before."""
        keys = set()
        for event in wanted:
            group_id = self._groups.key_if_known(event.group)
            if group_id is not None:
                keys.add((group_id, plain(event.programme), event.wall))
        for some in portions(keys - self._taken.keys()):
            self._look(some)
        of_groups = {group_id for group_id, _, _ in keys}
        for some_groups in portions(each for each in of_groups if self._used.get(each) is None):
            self._look_for_topics(some_groups)

    def watched(self, account: str) -> dict[tuple[str, str], datetime]:
        """By programme and group platform id: until when due times have been dealt with."""
        rows = self._transaction.read(_WATCHED, {"account": account})
        return {(row.programme, row.platform_id): row.until for row in rows}

    def watch(self, group: Group, programme: str, until: datetime) -> None:
        """Due times up to this moment have been dealt with; never moves backwards."""
        group_id = self._groups.key(group, until)
        self._watch({"group_id": group_id, "programme": programme, "until": until})

    def list(self, group: Group | None = None, limit: int = 50) -> SlotList:
        """The newest slots, of one group or of all."""
        if group is None:
            return [_slot(row) for row in self._transaction.read(_LIST, {"limit": limit})]
        where = {"group": self._groups.key_if_known(group), "limit": limit}
        return [_slot(row) for row in self._transaction.read(_LIST_OF_GROUP, where)]

    def _look(self, keys: Collection[_Key]) -> None:
        of_groups, programmes, walls = ({*each} for each in zip(*keys, strict=True))
        wanted = {"groups": of_groups, "programmes": programmes, "walls": walls}
        rows = self._transaction.stored(_TAKEN, wanted)
        there = {(row.group_id, row.programme, row.wall) for row in rows}
        for key in keys:
            self._transaction.set(self._taken, key, key in there)

    def _look_again(self) -> None:
        """A topic may be in use now that was not, or the other way round."""
        for group_id in tuple(self._used):
            self._transaction.set(self._used, group_id, None)

    def _look_for_topics(self, group_ids: Collection[int]) -> None:
        used: dict[int, dict[str, bool]] = {group_id: {} for group_id in group_ids}
        for group_id, topic_key in self._transaction.read(_USED, {"groups": group_ids}):
            used[group_id][topic_key] = True
        for group_id, keys in used.items():
            self._transaction.set(self._used, group_id, keys)
