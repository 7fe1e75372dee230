"""Runs: what is said in one place right after another, claimed together in one commit."""

from collections.abc import Iterator, Sequence

from bot.actions import Say, place
from bot.queues import Queues, Read
from bot.turns import Place
from storage.values import OutboxRow

RUN = 8
"""So many rows of one place are claimed together: what a crash may leave in doubt there."""
CLAIMED = 64
"""So many rows are claimed at a time, over all places: what a crash may leave in doubt in all."""


def behind(
    chosen: Sequence[OutboxRow], queues: Queues, rows: int, read: Read
) -> Iterator[list[OutboxRow]]:
    """What waits behind each of the chosen words, in its place and its order; `rows` in all.

    Where most wait comes first: the longest line is what everybody's last answer waits for.
    """
    places = [row.action.to for row in chosen if isinstance(row.action, Say)]
    for where in sorted(places, key=queues.waiting, reverse=True):
        heads = queues.behind(where, min(RUN - 1, rows))
        for found in queues.values(heads, read):
            rows -= len(found)
            yield found
        if rows <= 0:
            return


def by_place(rows: Sequence[OutboxRow]) -> list[list[OutboxRow]]:
    """The runs among these rows, each in its order."""
    runs: dict[Place, list[OutboxRow]] = {}
    for row in rows:
        runs.setdefault(place(row.action), []).append(row)
    return [*runs.values()]
