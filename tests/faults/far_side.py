"""The platform behind the gateway, in the parent process: it outlives every kill, and it counts."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from faults.line import put, take

from bot.actions import Action, Invite, Remove, Say, place
from bot.clock import Clock
from bot.events import (
    Event,
    GatewayChanged,
    GatewayState,
    Group,
    Identity,
    MemberJoined,
    MemberLeft,
    Message,
    RosterRead,
)
from bot.gateway.base import Outcome, Status

Hook = Callable[[str], Awaitable[bool]]
"""Called at each point where a process may be killed; True: it is dead, say nothing more to it."""


async def _go_on(_: str) -> bool:
    return False


@dataclass
class FarSide:
    """Groups with members, what was done in them, and what the bot said it had committed.

    Like a real gateway it replays nothing: what happens while nobody listens is lost on the line.
    It answers some words with an id and some without, seeded; every word comes back as an echo.
    """

    account: str
    clock: Clock
    rooms: dict[Group, set[str]]
    random: Random
    at_point: Hook = _go_on
    done: list[Action] = field(default_factory=list)
    committed: set[str] = field(default_factory=set)
    so_already: set[str] = field(default_factory=set)
    """Keys of what was asked for and found to be so; who was out anyhow is as good as removed."""
    delivered: set[str] = field(default_factory=set)
    in_this_life: set[str] = field(default_factory=set)
    listening: asyncio.Event = field(default_factory=asyncio.Event)
    _writer: asyncio.StreamWriter | None = None
    _server: asyncio.Server | None = None
    _numbers: Any = field(default_factory=lambda: count(1))

    @property
    def me(self) -> Identity:
        """The bot."""
        return Identity(self.account, "bot", "围炉")

    async def open(self, folder: Path) -> str:
        """Listen; where."""
        socket = str(folder / "far")
        self._server = await asyncio.start_unix_server(self._serve, socket, limit=2**24)
        return socket

    async def close(self) -> None:
        """Listen no more."""
        assert self._server is not None
        self._server.close()
        self.hang_up()
        await self._server.wait_closed()

    def hang_up(self) -> None:
        """The process that listened is gone."""
        self.listening.clear()
        self.in_this_life.clear()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    async def happens(self, event: Event) -> None:
        """Tell of it, if anybody listens."""
        if self._writer is None:
            return
        put(self._writer, "event", event)
        if isinstance(event, Message):
            self.delivered.add(event.id)
            self.in_this_life.add(event.id)
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    def places(self) -> set[Group | Identity]:
        """Where anything was done."""
        return {place(action) for action in self.done}

    def times_done(self) -> Counter[str]:
        """How often each action was done, by its key."""
        return Counter(action.key for action in self.done)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        await self._log_in()
        self.listening.set()
        while (frame := await take(reader)) is not None:
            match frame:
                case "committed", ids:
                    self.committed.update(ids)
                    await self.at_point("committed")
                case "confirm", number, action:
                    self._reply(writer, number, self._happened(action))
                case "perform", number, action:
                    await self._perform(writer, number, action)
        if self._writer is writer:
            self.hang_up()

    async def _log_in(self) -> None:
        now = self.clock.now()
        state = GatewayState.LOGGED_IN
        await self.happens(GatewayChanged(account=self.account, state=state, at=now, me=self.me))
        for group, members in self.rooms.items():
            people = tuple(Identity(self.account, id_) for id_ in sorted(members))
            await self.happens(RosterRead(group=group, members=(*people, self.me), at=now))

    async def _perform(self, writer: asyncio.StreamWriter, number: int, action: Action) -> None:
        if await self.at_point("before the act"):
            return
        self.done.append(action)
        outcome = self._outcome(action)
        if await self.at_point("after the act"):
            return
        self._reply(writer, number, outcome)
        await self._resounds(action, outcome)
        await self.at_point("after the answer")

    def _outcome(self, action: Action) -> Outcome:
        if isinstance(action, Remove):
            self.rooms[action.group].discard(action.member.id)
            return Outcome(Status.DONE)
        if isinstance(action, Invite):
            self.rooms[action.group].add(action.member.id)
            return Outcome(Status.DONE)
        if self.random.random() < 0.7:
            return Outcome(Status.DONE, f"echo{next(self._numbers)}")
        return Outcome(Status.SENT)

    async def _resounds(self, action: Action, outcome: Outcome) -> None:
        """What everybody hears of it."""
        now = self.clock.now()
        if isinstance(action, Remove):
            left = MemberLeft(group=action.group, member=action.member, at=now, remover=self.me)
            await self.happens(left)
        elif isinstance(action, Invite):
            await self.happens(MemberJoined(group=action.group, member=action.member, at=now))
        elif isinstance(action, Say) and isinstance(action.to, Group):
            await self.happens(self._echo(action, action.to, outcome, now))

    def _echo(self, action: Say, group: Group, outcome: Outcome, now: datetime) -> Message:
        mentions = "".join(f"@{person.name}\u2005" for person in action.mentions)
        return Message(
            id=outcome.message_id or f"echo{next(self._numbers)}",
            group=group,
            author=self.me,
            at=now + timedelta(0),
            text=mentions + action.text,
            mentions=action.mentions,
            ours=True,
        )

    def _happened(self, action: Action) -> bool | None:
        if not isinstance(action, (Remove, Invite)):
            return None
        there = action.member.id in self.rooms[action.group]
        if there is isinstance(action, Invite):
            self.so_already.add(action.key)
            return True
        return False

    def _reply(self, writer: asyncio.StreamWriter, number: int, answer: Any) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            put(writer, "answer", number, answer)
