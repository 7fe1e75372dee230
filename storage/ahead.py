"""What is already known of due times to come, of many groups at once: taken, waiting, left out."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import literal_column, select

from storage.statements import among, portions
from storage.tables import slots
from storage.tables_of_programmes import arrangements
from storage.transaction import Transaction
from storage.values import SlotState
from storage.values_of_programmes import Arranged, Waiting

Wall = tuple[int, str, str]
"""The key of a group, a programme and a time on the wall."""

_TAKEN = select(slots.c.group_id, slots.c.programme, slots.c.wall).where(
    among(slots.c.group_id, "groups"),
    among(slots.c.programme, "programmes"),
    among(slots.c.wall, "walls"),
)
_SKIPPED = select(arrangements.c.group_id, arrangements.c.programme, arrangements.c.wall).where(
    among(arrangements.c.group_id, "groups"),
    among(arrangements.c.programme, "programmes"),
    among(arrangements.c.wall, "walls"),
    arrangements.c.what == Arranged.SKIP.value,
)
_WAITING: Any = select(
    slots.c.group_id, slots.c.programme, slots.c.due_at, slots.c.not_before, slots.c.reason
).where(
    slots.c.state == literal_column(f"'{SlotState.HELD.value}'")  # as the index is told
)


class Ahead:
    """Due times that lie ahead."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def gone(self, walls: Collection[Wall]) -> set[Wall]:
        """Those of these that are dealt with already, or are to be left out."""
        found: set[Wall] = set()
        for some in portions(walls):
            groups, programmes, times = ({*each} for each in zip(*some, strict=True))
            where = {"groups": groups, "programmes": programmes, "walls": times}
            for statement in (_TAKEN, _SKIPPED):
                found |= {tuple(row) for row in self._transaction.read(statement, where)}
        return found & {*walls}

    def waiting(self, keys: Collection[int]) -> dict[int, Waiting]:
        """The post of each group that waits for its moment, the first due."""
        found: dict[int, Waiting] = {}
        for row in self._transaction.read(_WAITING):
            waits = Waiting(row.programme, row.not_before or row.due_at, row.reason)
            known = found.get(row.group_id)
            if row.group_id in keys and (known is None or waits.until < known.until):
                found[row.group_id] = waits
        return found
