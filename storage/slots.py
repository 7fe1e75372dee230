"""Slots: each due time of a programme, dealt with once."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, case, insert, literal_column, select, update

from bot.events import Group, SlotDue
from storage.columns import plain
from storage.groups import Groups
from storage.histories import Histories
from storage.statements import among, portions, put_forward
from storage.tables import groups, slots, watches
from storage.transaction import AnyRow, Transaction
from storage.values import Slot, SlotState
from storage.values_of_topics import Used

_INSERT = insert(slots)
_TAKEN = select(slots.c.group_id, slots.c.programme, slots.c.wall).where(
    among(slots.c.group_id, "groups"),
    among(slots.c.programme, "programmes"),
    among(slots.c.wall, "walls"),
)
_topic = bindparam("topic", type_=slots.c.topic_key.type)
_why = bindparam("why", type_=slots.c.why.type)
_BECOMES = update(slots).values(
    state=bindparam("new_state"), reason=bindparam("because"), not_before=bindparam("until")
)
_ALL_BECOME = _BECOMES.where(among(slots.c.id, "slots"))
_topic = bindparam("topic", type_=slots.c.topic_key.type)
_why = bindparam("new_why", type_=slots.c.why.type)
# Never buffered: rows are written statement by statement, and changes of a slot stay in order.
_GETS_TOPIC = _BECOMES.where(slots.c.id == bindparam("slot")).values(
    topic_key=case((_topic == literal_column("''"), slots.c.topic_key), else_=_topic),
    why=case((_why == literal_column("''"), slots.c.why), else_=_why),
)
_DUE = update(slots).where(slots.c.id == bindparam("slot")).values(due_at=bindparam("to"))
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
_ONE = _LIST.where(slots.c.id == bindparam("slot"))
_HELD = (
    select(slots, groups.c.account, groups.c.platform_id, groups.c.name)
    .join_from(slots, groups, groups.c.id == slots.c.group_id)
    .where(
        slots.c.state == literal_column(f"'{SlotState.HELD.value}'"),  # as the index is told
        groups.c.account == bindparam("account"),
        slots.c.not_before <= bindparam("now"),
    )
    .order_by(slots.c.due_at, slots.c.id)
)

_PLANNED = SlotState.PLANNED.value

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
        why=row.why or "",
        not_before=row.not_before,
    )


class Slots:
    """The due times of all programmes and what became of them."""

    def __init__(self, transaction: Transaction, groups: Groups, histories: Histories) -> None:
        self._transaction = transaction
        self._groups = groups
        self._histories = histories
        self._new = transaction.buffer(_INSERT)
        self._become = transaction.buffer(_ALL_BECOME)
        self._watch = transaction.buffer(_WATCH[transaction.dialect])
        self._taken: dict[_Key, bool] = {}
        self._opened: dict[int, dict[str, Any] | None] = {}
        """The rows of what was taken up in this work and has no topic yet.

        Whatever is taken back takes the row or its topic along, so that this need not be: at worst
        a history is read again.
        """

    def open(self, event: SlotDue) -> int | None:
        """Take up a due time; None if that was done before.

        One that lies ahead (an operator moves it) says nothing of those before it. If another
        process does it at this moment, one of the two cannot commit.
        """
        group_id, programme = self._groups.key(event.group, event.at), event.programme
        if event.due_at <= event.at:
            self._watch({"group_id": group_id, "programme": programme, "until": event.due_at})
        key = (group_id, plain(programme), event.wall)
        if key not in self._taken:
            self._look([key])
        if self._taken[key]:
            return None
        slot_id = self._transaction.next_id()
        row = {
            "id": slot_id,
            "group_id": group_id,
            "programme": programme,
            "wall": event.wall,
            "due_at": event.due_at,
            "state": _PLANNED,
            "reason": "",
            "topic_key": "",
            "why": None,
            "not_before": None,
        }
        self._new(row)
        self._transaction.set(self._taken, key, True)
        self._opened[slot_id] = row
        return slot_id

    def settle(  # noqa: PLR0917 callers name them
        self,
        slot_id: int,
        state: SlotState,
        reason: str = "",
        topic_key: str = "",
        why: str = "",
        until: datetime | None = None,
    ) -> None:
        """Write down what became of it; an empty topic key or why leaves the one that is there."""
        opened = self._opened.get(slot_id)
        if opened is not None and self._transaction.is_latest(opened):
            became = {"state": state.value, "reason": reason, "not_before": until}
            became |= {"topic_key": topic_key} if topic_key else {}
            became |= {"why": why} if why else {}
            for column, value in became.items():
                if value != opened[column]:  # what is planned has only its topic to add
                    opened[column] = value
        else:
            change = {"new_state": state.value, "because": reason, "until": until}
            if topic_key or why:
                topic = {"slot": slot_id, "topic": topic_key, "new_why": why}
                self._transaction.write(_GETS_TOPIC, {**change, **topic})
            else:
                self._become({**change, "slots": [slot_id]})
        if opened is None:
            self._histories.look_again()
        elif topic_key:
            self._opened[slot_id] = None
            if state is not SlotState.SKIPPED:
                used = Used(plain(topic_key), opened["programme"], opened["due_at"])
                self._histories.add(opened["group_id"], used)

    def become(self, slot_ids: Sequence[int], state: SlotState, reason: str) -> None:
        """Write down what became of those that have a topic, all the same."""
        self._become(
            {"new_state": state.value, "because": reason, "until": None, "slots": slot_ids}
        )
        self._histories.look_again()

    def hold(self, slot_id: int, until: datetime, why: str) -> None:
        """It waits until then, for this reason; `held` gives it back when its time has come."""
        self.settle(slot_id, SlotState.HELD, reason=why, until=until)

    def held(self, account: str, now: datetime) -> SlotList:
        """What waited until now, the first due first. Whoever takes one up settles or holds it."""
        where = {"account": account, "now": now}
        rows = self._transaction.read(_HELD, where)
        for row in rows:
            self._opened[row.id] = None if row.topic_key else row._asdict()
        self._histories.prepare(row.group_id for row in rows)
        return [_slot(row) for row in rows]

    def move(self, slot_id: int, to: datetime, why: str) -> None:
        """It is due at another moment and waits for it; its wall stays its name."""
        self.hold(slot_id, to, why)
        self.due(slot_id, to)

    def due(self, slot_id: int, at: datetime) -> None:
        """From this moment on it counts whether the post is late."""
        self._transaction.write(_DUE, {"slot": slot_id, "to": at})

    def get(self, slot_id: int) -> Slot | None:
        """One slot; None if there is none of that number."""
        rows = self._transaction.read(_ONE, {"slot": slot_id, "limit": 1})
        return _slot(rows[0]) if rows else None

    def prepare(self, wanted: Iterable[SlotDue]) -> None:
        """Look these up together, with the topics used in their groups; groups come before."""
        keys = set()
        for event in wanted:
            group_id = self._groups.key_if_known(event.group)
            if group_id is not None:
                keys.add((group_id, plain(event.programme), event.wall))
        for some in portions(keys - self._taken.keys()):
            self._look(some)
        self._histories.prepare(group_id for group_id, _, _ in keys)

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
        self._transaction.learn(self._taken, {key: key in there for key in keys})
