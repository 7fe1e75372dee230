"""Arrangements: what operators want of single due times."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, insert, select

from bot.events import Group, SlotDue
from storage.columns import plain
from storage.groups import Groups
from storage.members import Members
from storage.people import doer, named, shown
from storage.statements import among, portions
from storage.tables import groups, slots
from storage.tables_of_programmes import arrangements
from storage.transaction import AnyRow, Transaction
from storage.values import SlotState
from storage.values_of_order import Doer
from storage.values_of_programmes import Arranged, Arrangement

_INSERT = insert(arrangements)
_ALL: Select[Any] = select(
    arrangements,
    groups.c.account,
    groups.c.platform_id.label("group_platform_id"),
    groups.c.name.label("group_name"),
    *named(arrangements.c.by_id, groups.c.account, "by"),
).join_from(groups, arrangements, arrangements.c.group_id == groups.c.id)
_FOR_SLOTS = _ALL.where(
    among(arrangements.c.group_id, "groups"),
    among(arrangements.c.programme, "programmes"),
    among(arrangements.c.wall, "walls"),
).order_by(arrangements.c.id)
_DEALT_WITH = exists().where(
    slots.c.group_id == arrangements.c.group_id,
    slots.c.programme == arrangements.c.programme,
    slots.c.wall == arrangements.c.wall,
    slots.c.state != SlotState.HELD.value,
)
_UPCOMING = _ALL.where(arrangements.c.group_id == bindparam("group"), ~_DEALT_WITH).order_by(
    arrangements.c.wall, arrangements.c.id
)
_REMOVE = delete(arrangements).where(
    arrangements.c.group_id == bindparam("of_group"),
    arrangements.c.programme == bindparam("of_programme"),
    arrangements.c.wall == bindparam("of_wall"),
    arrangements.c.what == bindparam("of_what"),
)

_Key = tuple[int, str, str]
"""A group, a programme and a time on the wall."""


class Arrangements:
    """The arrangements of all groups: of each due time at most one of a kind."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._known: dict[_Key, tuple[Arrangement, ...] | None] = {}

    def put(  # noqa: PLR0917 in the order of a sentence
        self,
        group: Group,
        programme: str,
        wall: str,
        what: Arranged,
        by: Doer,
        at: datetime,
        topic_key: str = "",
        to: datetime | None = None,
    ) -> None:
        """Somebody wants this of a due time, in place of what was wanted of the same kind."""
        self.remove(group, programme, wall, what)
        row = {
            "id": self._transaction.next_id(),
            "group_id": self._groups.key(group, at),
            "programme": programme,
            "wall": wall,
            "what": what.value,
            "topic_key": topic_key,
            "to": to,
            "at": at,
        }
        self._transaction.write(_INSERT, row | doer(self._members.id_of, by, at, "by"))

    def remove(self, group: Group, programme: str, wall: str, what: Arranged) -> bool:
        """It is wanted no more; False if it was not."""
        where = {
            "of_group": self._groups.key_if_known(group),
            "of_programme": plain(programme),
            "of_wall": wall,
            "of_what": what.value,
        }
        for key in tuple(self._known):
            self._transaction.set(self._known, key, None)
        return self._transaction.write(_REMOVE, where) > 0

    def for_slot(self, group: Group, programme: str, wall: str) -> tuple[Arrangement, ...]:
        """What is wanted of one due time, in the order it was said."""
        group_id = self._groups.key_if_known(group)
        if group_id is None:
            return ()
        key = (group_id, plain(programme), wall)
        if self._known.get(key) is None:
            self._look([key])
        return self._known[key] or ()

    def of_group(self, group: Group) -> tuple[Arrangement, ...]:
        """What is wanted of due times ahead and of what is held, in the order of their walls."""
        where = {"group": self._groups.key_if_known(group)}
        return tuple(_arrangement(row) for row in self._transaction.read(_UPCOMING, where))

    def prepare(self, wanted: Iterable[SlotDue]) -> None:
        """Look these up together; groups come before."""
        keys = set()
        for event in wanted:
            group_id = self._groups.key_if_known(event.group)
            if group_id is not None:
                keys.add((group_id, plain(event.programme), event.wall))
        for some in portions(key for key in keys if self._known.get(key) is None):
            self._look(some)

    def _look(self, keys: Collection[_Key]) -> None:
        of_groups, programmes, walls = ({*each} for each in zip(*keys, strict=True))
        wanted = {"groups": of_groups, "programmes": programmes, "walls": walls}
        found: dict[_Key, list[Arrangement]] = {}
        for row in self._transaction.read(_FOR_SLOTS, wanted):
            key = (row.group_id, row.programme, row.wall)
            found.setdefault(key, []).append(_arrangement(row))
        for key in keys:
            self._transaction.set(self._known, key, tuple(found.get(key, ())))


def _arrangement(row: AnyRow) -> Arrangement:
    return Arrangement(
        id=row.id,
        group=Group(row.account, row.group_platform_id, row.group_name),
        programme=row.programme,
        wall=row.wall,
        what=Arranged(row.what),
        topic_key=row.topic_key,
        to=row.to,
        by=shown(row, "by"),
        at=row.at,
    )
