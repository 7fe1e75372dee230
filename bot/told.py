"""Which groups were told which text lately: asked of the database once a text, then remembered."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from bot.actions import place
from bot.events import Group
from bot.turns import text_for_groups
from storage.values import OutboxRow

MOST = 1000
"""So many texts are remembered; beyond that they are asked for again."""

Answer = Mapping[str, Mapping[Group, datetime]]
"""Of each text the groups that were told it, and when they last were."""
Ask = Callable[[list[str]], Answer]
"""Asks the database for texts."""


class _Groups:
    """The groups that were told one text; counting them does not look at each of them."""

    def __init__(self, told: Mapping[Group, datetime]) -> None:
        self._last = dict(told)
        self._times = sorted(told.values())

    def tell(self, group: Group, at: datetime) -> None:
        if (before := self._last.get(group)) is not None:
            del self._times[bisect_left(self._times, before)]
        self._last[group] = at
        insort(self._times, at)

    def count(self, since: datetime) -> int:
        return len(self._times) - bisect_left(self._times, since)


class Told:
    """Counts the groups a text was told to.

    True as long as one process acts for an account, which is what the outbox is for anyway.
    """

    def __init__(self) -> None:
        self._groups: dict[str, _Groups] = {}
        self._within = timedelta(0)

    def learn(self, rows: Iterable[OutboxRow], within: timedelta, ask: Ask) -> None:
        """Make sure of the texts of these rows, before they are counted."""
        if within > self._within or len(self._groups) > MOST:
            self._groups.clear()  # what was dropped as too long ago may count again
        self._within = within
        texts = {text_for_groups(row) for row in rows} - self._groups.keys() - {""}
        if texts:
            self._groups |= {text: _Groups(told) for text, told in ask(sorted(texts)).items()}

    def count(self, text: str, since: datetime) -> int:
        """How many groups were told a text since."""
        told = self._groups.get(text)
        return told.count(since) if told is not None else 0

    def tell(self, row: OutboxRow, at: datetime) -> None:
        """It is being told to a group."""
        told, where = self._groups.get(text_for_groups(row)), place(row.action)
        if told is not None and isinstance(where, Group):
            told.tell(where, at)

    def unsure(self, row: OutboxRow) -> None:
        """It was not told after all, or nobody knows: the database is asked again."""
        self._groups.pop(text_for_groups(row), None)
