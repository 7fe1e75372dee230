"""A gateway whose platform lives in another process, so that it survives when the bot is killed."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

from faults.line import put, take

from bot.actions import Action
from bot.events import Event
from bot.gateway.base import Capability, Outcome, Status


class RemoteGateway:
    """Hears from, and acts on, the `FarSide` that listens at a socket."""

    capabilities = frozenset(Capability) - {Capability.MUTE}

    def __init__(self, account: str, socket: str) -> None:
        self.account = account
        self._socket = socket
        self._writer: asyncio.StreamWriter | None = None
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._numbers = count()

    async def events(self) -> AsyncIterator[Event]:
        """What the far side tells, until it is gone."""
        reader, self._writer = await asyncio.open_unix_connection(self._socket)
        while (frame := await take(reader)) is not None:
            if frame[0] == "event":
                yield frame[1]
            elif not (waiting := self._answers.pop(frame[1])).done():
                waiting.set_result(frame[2])
        await asyncio.Event().wait()

    async def perform(self, action: Action) -> Outcome:
        """Have the far side do it."""
        if self._writer is None:
            return Outcome(Status.UNSENT, detail="未连接 not connected")
        outcome: Outcome = await self._ask("perform", action)
        return outcome

    async def confirm(self, action: Action) -> bool | None:
        """Have the far side look."""
        answer: bool | None = None if self._writer is None else await self._ask("confirm", action)
        return answer

    def tell(self, *frame: Any) -> None:
        """Say something to the far side that no gateway would: what was committed."""
        if self._writer is not None:
            put(self._writer, *frame)

    async def close(self) -> None:
        """Let go of the socket."""
        if self._writer is not None:
            self._writer.close()

    async def _ask(self, what: str, action: Action) -> Any:
        number = next(self._numbers)
        waiting = self._answers[number] = asyncio.get_running_loop().create_future()
        self.tell(what, number, action)
        return await waiting
