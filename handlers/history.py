"""What the groups said, read back oldest first for a replay."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from operator import itemgetter

from bot.events import Group
from bot.frozen import frozen
from handlers.rehearsing import reaches_back
from handlers.replaying import Replay
from handlers.settings import GroupSettings
from storage.reports import Reports
from storage.values_of_order import Said

PORTION = 2000
"""So many messages of a group are in memory at a time."""
_TOGETHER = 500
"""So many are judged as a batch, as they are live."""
_Heard = tuple[tuple[datetime, int], Group, Said]

InForce = Callable[[Group], GroupSettings | None]


@frozen
class History:
    """What `groups` said from `first` on: where the past begins that rules look back at."""

    reports: Reports
    groups: tuple[Group, ...]
    first: datetime

    def total(self) -> int:
        """How many messages that is."""
        return sum(self.reports.replay_count(each, self.first) for each in self.groups)

    def tell(self, run: Replay, tick: Callable[[], None]) -> None:
        """Let a replay hear all of it; `tick` is called after each message, and may raise."""
        for each in self.groups:
            run.enter(each, self.reports.comings(each))
        everything = heapq.merge(*map(self._said, self.groups), key=itemgetter(0))
        while coming := [(group, said) for _, group, said in islice(everything, _TOGETHER)]:
            run.hear_all(coming, tick)

    def _said(self, group: Group) -> Iterator[_Heard]:
        for said in self.reports.replay(group, self.first, PORTION):
            yield (said.at, said.id), group, said


def history(reports: Reports, meant: Iterable[Group], since: datetime, *sides: InForce) -> History:
    """Of the groups that are meant and that one of the sides looks after; there may be none."""
    groups = tuple(each for each in meant if any(side(each) for side in sides))
    rules = [
        rule
        for side in sides
        for each in groups
        if (settings := side(each))
        for rule in settings.rules
    ]
    return History(reports, groups, since - reaches_back(rules))
