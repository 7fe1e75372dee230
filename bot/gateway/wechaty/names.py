"""What groups and people are called: loaded when first needed, cached, never worth a message."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.events import Group, Identity
from bot.gateway.wechaty.client import Client

log = logging.getLogger(__name__)

_LONGEST_SECONDS = 2.0
"""A message waits this long for a name at most, then goes on without it."""
_KEPT = timedelta(hours=1)
"""Most puppets do not tell when somebody changes the name."""
_FAILURE_KEPT = timedelta(minutes=1)
_NO_ROOM = ""
"""Where people are known by their nicknames."""
_NOBODY = ""
"""Who bears the room's own name."""
_DIRTY_CONTACT, _DIRTY_ROOM, _DIRTY_MEMBER = 2, 3, 4

Load = Callable[[Client], Awaitable[str]]


class Names:
    """Names by room and person; a lookup that fails is an empty name, and not repeated at once."""

    def __init__(self, account: str, client: Callable[[], Client | None], clock: Clock) -> None:
        self._account = account
        self._client = client
        self._clock = clock
        self._known: defaultdict[str, dict[str, tuple[str, datetime]]] = defaultdict(dict)
        self._loading: dict[tuple[str, str, int], asyncio.Task[str]] = {}
        self._changes = 0
        """How often names were said to have changed: one being loaded then may be the old one."""

    async def group(self, room: str) -> Group:
        """The group, by its name."""
        name = await self._name(room, _NOBODY, lambda client: client.room_name(room))
        return Group(self._account, room, name)

    async def member(self, room: str, id_: str) -> Identity:
        """A member by what the group shows; by the nickname where it shows nothing."""

        async def load(client: Client) -> str:
            return await client.member_name(room, id_) or await client.contact_name(id_)

        return Identity(self._account, id_, await self._name(room, id_, load))

    async def contact(self, id_: str) -> Identity:
        """A person by the nickname."""
        name = await self._name(_NO_ROOM, id_, lambda client: client.contact_name(id_))
        return Identity(self._account, id_, name)

    def known_member(self, room: str, id_: str) -> Identity:
        """A member with the name that is cached, without asking anybody."""
        return Identity(self._account, id_, self._before(room, id_))

    def at_hand(self, room: str, id_: str) -> tuple[Group, Identity] | None:
        """The group and this member, if neither name need be asked for."""
        people, now = self._known[room], self._clock.now()
        group, member = people.get(_NOBODY), people.get(id_)
        if group is None or member is None or group[1] <= now or member[1] <= now:
            return None
        return Group(self._account, room, group[0]), Identity(self._account, id_, member[0])

    def bearer(self, room: str, name: str) -> Identity | None:
        """The one member of the group who is known by this name; None if nobody or several."""
        people = self._known[room].items()
        ids = [id_ for id_, (known, _) in people if known == name and id_ != _NOBODY]
        return Identity(self._account, ids[0], name) if len(ids) == 1 else None

    def renamed(self, room: str, name: str) -> None:
        """The group has a new name."""
        self._known[room][_NOBODY] = (name, self._clock.now() + _KEPT)

    def forget(self, kind: int, id_: str) -> None:
        """The gateway says that what it told of a group or a person is no longer true."""
        if kind == _DIRTY_ROOM:
            self._doubt([(id_, _NOBODY)])
        elif kind in {_DIRTY_CONTACT, _DIRTY_MEMBER}:
            # For a member some gateways name the room, others the person.
            self._doubt(
                (room, person)
                for room, people in self._known.items()
                for person in people
                if person and id_ in {room, person}
            )

    def forget_all(self) -> None:
        """Who changed the name while nobody listened has another one now."""
        self._doubt((room, person) for room, people in self._known.items() for person in people)

    def _doubt(self, which: Iterable[tuple[str, str]]) -> None:
        """Load these anew when they are next asked for; if that fails, they stay as they are."""
        self._changes += 1
        now = self._clock.now()
        for room, person in which:
            if person in self._known[room]:
                self._known[room][person] = (self._known[room][person][0], now)

    async def _name(self, room: str, id_: str, load: Load) -> str:
        known = self._known[room].get(id_)
        if known is not None and self._clock.now() < known[1]:
            return known[0]
        key = (room, id_, self._changes)
        task = self._loading.get(key)
        if task is None:
            task = self._loading[key] = asyncio.create_task(self._load(room, id_, load))
            task.add_done_callback(lambda _: self._loading.pop(key, None))
        return await asyncio.shield(task)

    async def _load(self, room: str, id_: str, load: Load) -> str:
        client, changes = self._client(), self._changes
        name = ""
        if client is not None:
            try:
                name = await asyncio.wait_for(load(client), _LONGEST_SECONDS)
            except Exception as error:  # noqa: BLE001  whatever it is, a name is not worth a message
                log.debug("名字没取到 no name for %s in %s: %s", id_, room, error)
        kept = _KEPT if name else _FAILURE_KEPT
        name = name or self._before(room, id_)
        if client is not None and changes == self._changes:
            self._known[room][id_] = (name, self._clock.now() + kept)
        return name

    def _before(self, room: str, id_: str) -> str:
        """The name that was known, however long ago."""
        known = self._known[room].get(id_)
        return known[0] if known else ""
