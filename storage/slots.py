"""Slots: each due time of a programme, dealt with once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, update

from bot.events import Group, SlotDue
from storage.groups import Groups
from storage.statements import insert_new
from storage.tables import groups, slots, watches
from storage.transaction import AnyRow, Transaction
from storage.values import Slot, SlotState

_OPEN = insert_new(slots, "group_id", "programme", "wall")
_SETTLE = (
    update(slots)
    .where(slots.c.id == bindparam("slot"))
    .values(state=bindparam("new_state"), reason=bindparam("why"))
)
_SETTLE_WITH_TOPIC = _SETTLE.values(topic_key=bindparam("topic"))
_WATCH = insert_new(watches, "group_id", "programme")
_WATCH_ON = (
    update(watches)
    .where(
        watches.c.group_id == bindparam("group"),
        watches.c.programme == bindparam("of_programme"),
        watches.c.until < bindparam("now_until"),
    )
    .values(until=bindparam("now_until"))
)
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

    def open(self, event: SlotDue) -> int | None:
        """Take up a due time; None if that was done before, by this process or another."""
        slot_id = self._transaction.next_id()
        group_id = self._groups.key(event.group, event.at)
        new = self._transaction.write(
            _OPEN[self._transaction.dialect],
            {
                "id": slot_id,
                "group_id": group_id,
                "programme": event.programme,
                "wall": event.wall,
                "due_at": event.due_at,
                "state": SlotState.PLANNED.value,
                "reason": "",
                "topic_key": "",
            },
        )
        self.watch(event.group, event.programme, event.due_at)
        return slot_id if new == 1 else None

    def settle(self, slot_id: int, state: SlotState, reason: str = "", topic_key: str = "") -> None:
        """Write down what became of it; an empty topic key leaves the one that is there."""
        row = {"slot": slot_id, "new_state": state.value, "why": reason}
        if topic_key:
            self._transaction.write(_SETTLE_WITH_TOPIC, row | {"topic": topic_key})
        else:
            self._transaction.write(_SETTLE, row)

    def watched(self, account: str) -> dict[tuple[str, str], datetime]:
        """By programme and group platform id: until when due times have been dealt with."""
        rows = self._transaction.read(_WATCHED, {"account": account})
        return {(row.programme, row.platform_id): row.until for row in rows}

    def watch(self, group: Group, programme: str, until: datetime) -> None:
        """Due times up to this moment have been dealt with; never moves backwards."""
        group_id = self._groups.key(group, until)
        self._transaction.write(
            _WATCH[self._transaction.dialect],
            {"group_id": group_id, "programme": programme, "until": until},
        )
        self._transaction.write(
            _WATCH_ON, {"group": group_id, "of_programme": programme, "now_until": until}
        )

    def list(self, group: Group | None = None, limit: int = 50) -> SlotList:
        """The newest slots, of one group or of all."""
        if group is None:
            return [_slot(row) for row in self._transaction.read(_LIST, {"limit": limit})]
        where = {"group": self._groups.key_if_known(group), "limit": limit}
        return [_slot(row) for row in self._transaction.read(_LIST_OF_GROUP, where)]
