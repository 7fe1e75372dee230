"""Listens to a gateway in the background and remembers everything in order."""

import asyncio
from collections.abc import Callable
from typing import Self, TypeVar

from bot.events import Event, GatewayChanged, GatewayState
from bot.gateway.base import Gateway

E = TypeVar("E", bound=Event)
PATIENCE = 20.0
"""Seconds until a wait is a failure; the real server needs a few to come back."""


def _anything(_: Event) -> bool:
    return True


class Ear:
    """`async with Ear(gateway) as ear:` iterates its events until the block is left."""

    def __init__(self, gateway: Gateway) -> None:
        self.events: list[Event] = []
        self.ended = asyncio.Event()
        self._gateway = gateway
        self._heard = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._gateway.close()
        await asyncio.wait_for(self._task, PATIENCE)

    async def _listen(self) -> None:
        async for event in self._gateway.events():
            async with self._heard:
                self.events.append(event)
                self._heard.notify_all()
        self.ended.set()

    def all(self, kind: type[E], wanted: Callable[[E], bool] = _anything) -> list[E]:
        """Every event of this kind so far for which `wanted` holds."""
        return [event for event in self.events if isinstance(event, kind) and wanted(event)]

    async def hears(
        self, kind: type[E], wanted: Callable[[E], bool] = _anything, *, times: int = 1
    ) -> E:
        """The `times`-th event of this kind for which `wanted` holds, waited for if need be."""
        async with self._heard:
            waiting = self._heard.wait_for(lambda: len(self.all(kind, wanted)) >= times)
            try:
                await asyncio.wait_for(waiting, PATIENCE)
            except TimeoutError:
                raise AssertionError(f"{kind.__name__} not heard; heard: {self.events}") from None
        return self.all(kind, wanted)[times - 1]

    async def logged_in(self, *, times: int = 1) -> GatewayChanged:
        """The `times`-th login."""
        return await self.hears(
            GatewayChanged, lambda event: event.state is GatewayState.LOGGED_IN, times=times
        )
