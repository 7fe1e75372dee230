"""Who waits: the pending rows of one account in memory, place by place, in their order."""

import heapq
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from bot.actions import Priority, place
from bot.turns import Place
from storage.statements import portions
from storage.values import OutboxRow

MOST = 2000
"""So many rows are kept as values besides the first of each place; of others only the number."""
_AT_ONCE = 32

Head = tuple[Priority, int, Place]
"""The first row of a place: how urgent it is, its number, and where."""
Read = Callable[[Iterable[int]], Iterable[OutboxRow]]
"""Reads those of these rows that still wait."""

_SOMETIME = datetime(1970, 1, 1, tzinfo=UTC)


class Queues:
    """What is known of the rows that wait, so that they need not be read again and again.

    The database decides: what this remembers is compared with it now and then (`compare`), and a
    row is claimed only if it still waits there. A row that is due in line stands in its place's
    queue; one that is not yet due, or not yet read, is put off until a moment.
    """

    def __init__(self) -> None:
        self._queues: dict[Place, list[tuple[Priority, int]]] = {}
        self._line: list[Head] = []
        """The first of every place, in order; beside them some that no longer are."""
        self._rows: dict[int, OutboxRow] = {}
        self._known: dict[int, datetime | None] = {}
        """Until when a row is put off, None if it stands in line."""
        self._put_off: list[tuple[datetime, int]] = []

    def __contains__(self, row_id: int) -> bool:
        return row_id in self._known

    def __len__(self) -> int:
        return len(self._known)

    def put(self, row: OutboxRow, now: datetime) -> None:
        """A row that waits, as it is now in the database."""
        if row.not_before > now:
            self.put_off(row.id, row.not_before)
            return
        where = place(row.action)
        queue = self._queues.setdefault(where, [])
        if self._known.get(row.id, _SOMETIME) is not None:
            heapq.heappush(queue, (row.action.priority, row.id))
            self._known[row.id] = None
            if queue[0][1] == row.id:  # else the first of its place stands in line already
                self._line_up(where)
        if row.id in self._rows or len(self._rows) < MOST or queue[0][1] == row.id:
            self._rows[row.id] = row

    def put_off(self, row_id: int, until: datetime) -> None:
        """Out of the way until then; it is read again at that time."""
        self._rows.pop(row_id, None)
        self._known[row_id] = until
        heapq.heappush(self._put_off, (until, row_id))

    def drop(self, row_ids: Iterable[int]) -> None:
        """They no longer wait."""
        for row_id in row_ids:
            self._rows.pop(row_id, None)
            self._known.pop(row_id, None)

    def note(self, row: OutboxRow, detail: str) -> None:
        """This stands beside a row now."""
        if row.id in self._rows:
            self._rows[row.id] = replace(row, detail=detail)

    def compare(self, pending: Iterable[tuple[int, datetime]]) -> None:
        """Everything that waits by the database: forget what is gone, notice what is new."""
        gone = set(self._known)
        for row_id, not_before in pending:
            gone.discard(row_id)
            until = self._known.get(row_id, _SOMETIME)
            if until is not None and until != not_before:
                self.put_off(row_id, not_before)
        self.drop(gone)

    def read_due(self, now: datetime, read: Read) -> None:
        """Put in line what was put off until now or earlier."""
        due = []
        while self._put_off and self._put_off[0][0] <= now:
            until, row_id = heapq.heappop(self._put_off)
            if self._known.get(row_id) == until:
                del self._known[row_id]
                due.append(row_id)
        for row in read(due) if due else ():
            self.put(row, now)

    def next_due(self) -> datetime | None:
        """When the next one that is put off is due."""
        while self._put_off and self._known.get(self._put_off[0][1]) != self._put_off[0][0]:
            heapq.heappop(self._put_off)
        return self._put_off[0][0] if self._put_off else None

    def heads(self, busy: Collection[Place]) -> Iterator[Head]:
        """The first of each place that is not busy, the most urgent first, then the oldest.

        However many wait, it looks only at those that are asked for.
        """
        at = 0
        while at < len(self._line):
            priority, row_id, where = head = self._line[at]
            if not self._stands(row_id):
                self._leave(at)
                continue
            at += 1
            if where not in busy and self._queues[where][0] == (priority, row_id):
                yield head

    def behind(self, where: Place, most: int) -> list[Head]:
        """Those behind the first of a place, in their order, while they are as urgent as it is."""
        queue = self._queues.get(where, [])
        taken: list[tuple[Priority, int]] = []
        while queue and len(taken) <= most and queue[0][0] == (taken or queue)[0][0]:
            entry = heapq.heappop(queue)
            if self._stands(entry[1]) and entry not in taken:
                taken.append(entry)
        for entry in taken:
            heapq.heappush(queue, entry)
        return [(*entry, where) for entry in taken[1:]]

    def waiting(self, where: Place) -> int:
        """About how many stand in line in a place."""
        return len(self._queues.get(where, ()))

    def _stands(self, row_id: int) -> bool:
        return self._known.get(row_id, _SOMETIME) is None

    def _leave(self, at: int) -> None:
        """Take those out of the line from there on that are in it no more.

        All at once: what lies behind them is moved, and that may be thousands.
        """
        end = at
        while end < len(self._line) and not self._stands(self._line[end][1]):
            end += 1
        gone, self._line[at:end] = self._line[at:end], ()
        for _, _, where in gone:
            self._line_up(where)

    def _line_up(self, where: Place) -> None:
        """See to it that the first of a place stands in line with those of the others."""
        queue = self._queues.get(where, [])
        while queue and not self._stands(queue[0][1]):
            heapq.heappop(queue)
        if not queue:
            self._queues.pop(where, None)
            return
        head = (*queue[0], where)
        if not self._line or self._line[-1][:2] < queue[0]:
            self._line.append(head)
            return
        at = bisect_left(self._line, head)
        if at == len(self._line) or self._line[at] != head:
            self._line.insert(at, head)

    def values(self, heads: Iterable[Head], read: Read) -> Iterator[list[OutboxRow]]:
        """The rows of these heads in their order, some at once, read where they are not kept."""
        for portion in portions(heads, _AT_ONCE):
            some = [row_id for _, row_id, _ in portion]
            missing = [row_id for row_id in some if row_id not in self._rows]
            if missing:
                self._rows |= {row.id: row for row in read(missing)}
                self.drop(row_id for row_id in missing if row_id not in self._rows)
            yield [self._rows[row_id] for row_id in some if row_id in self._rows]
