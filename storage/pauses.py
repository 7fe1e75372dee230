"""Pauses: when a group wants no topics."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update

from bot.events import Group
from storage.columns import plain
from storage.groups import Groups
from storage.members import Members
from storage.people import doer, named, shown
from storage.statements import among, portions
from storage.tables import groups
from storage.tables_of_programmes import pauses
from storage.transaction import AnyRow, Transaction
from storage.values_of_order import Doer
from storage.values_of_programmes import Pause

_INSERT = insert(pauses)
_OPEN = pauses.c.until.is_(None)
_OF_GROUPS: Select[Any] = (
    select(
        pauses,
        groups.c.account,
        groups.c.platform_id.label("group_platform_id"),
        groups.c.name.label("group_name"),
        *named(pauses.c.by_id, groups.c.account, "by"),
    )
    .join_from(groups, pauses, pauses.c.group_id == groups.c.id)
    .where(among(pauses.c.group_id, "groups"), _OPEN)
    .order_by(pauses.c.programme)
)
_END = (
    update(pauses)
    .where(
        pauses.c.group_id == bindparam("of_group"),
        pauses.c.programme == bindparam("of_programme"),
        _OPEN,
    )
    .values(
        until=bindparam("now"),
        ended_by_id=bindparam("over_by_id"),
        ended_by=bindparam("over_by"),
    )
)


class Pauses:
    """The pauses of all groups. A programme rests with its group, and by itself."""

    def __init__(self, transaction: Transaction, groups: Groups, members: Members) -> None:
        self._transaction = transaction
        self._groups = groups
        self._members = members
        self._known: dict[int, tuple[Pause, ...] | None] = {}

    def paused(self, group: Group, programme: str) -> Pause | None:
        """Why a programme rests now: a pause of all of the group's, else one of its own."""
        for each in self.of(group):
            if each.programme in ("", plain(programme)):
                return each
        return None

    def of(self, group: Group) -> tuple[Pause, ...]:
        """What rests in a group now, a pause of everything first."""
        group_id = self._groups.key_if_known(group)
        if group_id is None:
            return ()
        if self._known.get(group_id) is None:
            self._look([group_id])
        return self._known[group_id] or ()

    def pause(self, group: Group, programme: str, by: Doer, at: datetime) -> bool:
        """Rest from now on (`programme` empty: all of them); False if that was so already.

        If another process does it at this moment, one of the two cannot commit.
        """
        if any(each.programme == plain(programme) for each in self.of(group)):
            return False
        group_id = self._groups.key(group, at)
        row = {
            "id": self._transaction.next_id(),
            "group_id": group_id,
            "programme": programme,
            "since": at,
            "until": None,
            "ended_by_id": None,
            "ended_by": "",
        }
        self._transaction.write(_INSERT, row | doer(self._members.id_of, by, at, "by"))
        self._transaction.set(self._known, group_id, None)
        return True

    def resume(self, group: Group, programme: str, by: Doer, at: datetime) -> bool:
        """Go on from now on; False if there was no such pause."""
        group_id = self._groups.key_if_known(group)
        if group_id is None:
            return False
        where = {"of_group": group_id, "of_programme": plain(programme), "now": at}
        ended = doer(self._members.id_of, by, at, "over_by")
        self._transaction.set(self._known, group_id, None)
        return self._transaction.write(_END, where | ended) > 0

    def prepare(self, wanted: Iterable[Group]) -> None:
        """Look these up together; groups come before."""
        ids = {self._groups.key_if_known(group) for group in wanted} - {None}
        for some in portions(each for each in ids if each is not None and each not in self._known):
            self._look(some)

    def _look(self, group_ids: Collection[int]) -> None:
        found: dict[int, list[Pause]] = {group_id: [] for group_id in group_ids}
        for row in self._transaction.read(_OF_GROUPS, {"groups": group_ids}):
            found[row.group_id].append(_pause(row))
        for group_id, there in found.items():
            self._transaction.set(self._known, group_id, tuple(there))


def _pause(row: AnyRow) -> Pause:
    return Pause(
        id=row.id,
        group=Group(row.account, row.group_platform_id, row.group_name),
        programme=row.programme,
        since=row.since,
        by=shown(row, "by"),
    )
