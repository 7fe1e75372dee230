"""Asking the gateway again where one failure must not lose anything."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.clock import Clock
from bot.gateway.wechaty.client import Client
from bot.gateway.wechaty.diagnosis import shortly
from bot.gateway.wechaty.status import OF_THE_LINE, Failed

T = TypeVar("T")

_MOST_REFUSALS = 3
_GIVE_UP_SECONDS = 10.0
_PAUSE_SECONDS = 0.05


class Unanswered(Exception):  # noqa: N818  it says what happened
    """The gateway gave no answer to a question that was asked several times."""


class Patience:
    """Asks up to three times while the gateway says no, and across a reconnect of the line.

    `standing` gives the client, waiting some seconds for one; None if there is none.
    """

    def __init__(self, standing: Callable[[float], Awaitable[Client | None]], clock: Clock) -> None:
        self._standing = standing
        self._clock = clock

    async def ask(
        self, call: Callable[[Client], Awaitable[T]], begun: Awaitable[T] | None = None
    ) -> T:
        """What `call` returns; its first try may have `begun` before. Raises Unanswered."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + _GIVE_UP_SECONDS
        refusals = tries = 0
        asked = begun
        while True:
            if asked is None:
                client = await self._standing(max(give_up - loop.time(), 0))
                if client is None:
                    raise Unanswered("no line")
                asked = call(client)
            try:
                return await asked
            except Failed as error:
                tries += 1
                refusals += error.code not in OF_THE_LINE
                if refusals >= _MOST_REFUSALS or loop.time() >= give_up:
                    raise Unanswered(shortly(error)) from None
            asked = None
            await self._clock.sleep(_PAUSE_SECONDS * tries)
