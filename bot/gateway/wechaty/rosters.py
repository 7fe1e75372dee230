"""Who is in the groups cared for, read in the background after each login."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable

from bot.clock import Clock
from bot.events import Event, Group, RosterRead
from bot.gateway.base import CaresFor
from bot.gateway.wechaty.names import Names
from bot.gateway.wechaty.patience import Patience

log = logging.getLogger(__name__)

_AT_ONCE = 8
_MOST_READINGS = 3


class Rosters:
    """Reads rosters, a few groups at a time, and gives each to `emit` when it is there."""

    def __init__(
        self,
        names: Names,
        patience: Patience,
        cares_for: CaresFor,
        clock: Clock,
        emit: Callable[[Event], None],
    ) -> None:
        self._names = names
        self._patience = patience
        self._cares_for = cares_for
        self._clock = clock
        self._emit = emit
        self._moves: Counter[str] = Counter()
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def moved(self, room: str) -> None:
        """Somebody came or went: a roster being read at this moment may already be wrong."""
        self._moves[room] += 1

    async def read_all(self) -> int:
        """Read every group cared for; how many groups the account is in at all."""
        try:
            rooms = await self._patience.ask(lambda client: client.rooms())
        except Exception as error:  # noqa: BLE001  an answer may be of any bytes
            log.warning("群列表没取到 the list of groups could not be read: %r", error)
            return 0
        await asyncio.gather(*(self.read(room) for room in rooms))
        return len(rooms)

    async def read(self, room: str) -> None:
        """Read one group, if it is cared for; an empty answer is no roster."""
        async with self._slots:
            group = await self._names.group(room)
            if not self._cares_for(group):
                return
            try:
                roster = await self._read(group)
            except Exception as error:  # noqa: BLE001  one bad answer spoils only its own group
                log.warning("群成员没取到 the roster of %s could not be read: %r", group.id, error)
                return
        if roster.members:
            self._emit(roster)

    async def _read(self, group: Group) -> RosterRead:
        """The roster of a moment in which nobody moved, tried a few times."""
        for _ in range(_MOST_READINGS):
            moves = self._moves[group.id]
            ids = await self._patience.ask(lambda client: client.member_ids(group.id))
            if moves == self._moves[group.id]:
                break
        members = tuple(self._names.known_member(group.id, id_) for id_ in dict.fromkeys(ids))
        return RosterRead(group=group, members=members, at=self._clock.now())
