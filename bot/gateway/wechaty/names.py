"""What groups and people are called: loaded when first needed, cached, never worth a message."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta

import grpc.aio

from bot.clock import Clock
from bot.events import Group, Identity
from bot.gateway.wechaty.client import Client

log = logging.getLogger(__name__)

_LONGEST_SECONDS = 2.0
"""A message waits this long for a name at most, then goes on without it."""
_KEPT = timedelta(hours=1)
"""Most puppets do not tell when somebody changes the name."""
_FAILURE_KEPT = timedelta(minutes=1)
_DIRTY_CONTACT, _DIRTY_ROOM, _DIRTY_MEMBER = 2, 3, 4

Load = Callable[[Client], Awaitable[str]]


class Names:
    """Names by room and person; a lookup that fails is an empty name, and not repeated at once."""

    def __init__(self, account: str, client: Callable[[], Client | None], clock: Clock) -> None:
        self._account = account
        self._client = client
        self._clock = clock
        self._known: dict[Hashable, tuple[str, datetime]] = {}
        self._loading: dict[Hashable, asyncio.Task[str]] = {}

    async def group(self, room: str) -> Group:
        """The group, by its name."""
        name = await self._name(room, lambda client: client.room_name(room))
        return Group(self._account, room, name)

    async def member(self, room: str, id_: str) -> Identity:
        """A member by what the group shows; by the nickname where it shows nothing."""

        async def load(client: Client) -> str:
            return await client.member_name(room, id_) or await client.contact_name(id_)

        return Identity(self._account, id_, await self._name((room, id_), load))

    async def contact(self, id_: str) -> Identity:
        """A person by the nickname."""
        name = await self._name(("", id_), lambda client: client.contact_name(id_))
        return Identity(self._account, id_, name)

    def known_member(self, room: str, id_: str) -> Identity:
        """A member with the name that is cached, without asking anybody."""
        return Identity(self._account, id_, self._known.get((room, id_), ("",))[0])

    def bearer(self, room: str, name: str) -> Identity | None:
        """The one member of the group who is known by this name; None if nobody or several."""
        ids = [
            key[1]
            for key, (known, _) in self._known.items()
            if known == name and isinstance(key, tuple) and key[0] == room
        ]
        return Identity(self._account, ids[0], name) if len(ids) == 1 else None

    def renamed(self, room: str, name: str) -> None:
        """The group has a new name."""
        self._known[room] = (name, self._clock.now() + _KEPT)

    def forget(self, kind: int, id_: str) -> None:
        """The gateway says that what it told of a group or a person is no longer true."""
        if kind == _DIRTY_ROOM:
            self._known.pop(id_, None)
        elif kind in {_DIRTY_CONTACT, _DIRTY_MEMBER}:
            # For a member some gateways name the room, others the person.
            for key in [k for k in self._known if isinstance(k, tuple) and id_ in k]:
                del self._known[key]

    async def _name(self, key: Hashable, load: Load) -> str:
        name, until = self._known.get(key, ("", None))
        if until is not None and self._clock.now() < until:
            return name
        task = self._loading.get(key)
        if task is None:
            task = self._loading[key] = asyncio.create_task(self._load(key, load))
            task.add_done_callback(lambda _: self._loading.pop(key, None))
        return await asyncio.shield(task)

    async def _load(self, key: Hashable, load: Load) -> str:
        client = self._client()
        name = ""
        if client is not None:
            try:
                name = await asyncio.wait_for(load(client), _LONGEST_SECONDS)
            except (grpc.aio.AioRpcError, TimeoutError, ValueError) as error:
                log.debug("名字没取到 no name for %s: %s", key, error)
        kept = _KEPT if name else _FAILURE_KEPT
        name = name or self._known.get(key, ("",))[0]
        if client is not None:
            self._known[key] = (name, self._clock.now() + kept)
        return name
