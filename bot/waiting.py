"""Waiting for whichever comes first: something happens, or a clock reaches a moment."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.clock import Clock


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two moments, either of which may be never (None)."""
    return min(one, other) if one and other else one or other


def sooner(one: datetime | None, other: datetime | None, now: datetime) -> datetime | None:
    """The earlier of two moments, of the second only if it is ahead."""
    return earlier(one, other) if other is not None and other > now else one


async def until(
    event: asyncio.Event, clock: Clock, moment: datetime | None, at_most: float | None = None
) -> None:
    """Return when `event` is set or `clock` reaches `moment` (None: never), leaving nothing behind.

    `at_most` are seconds of real time, for what only the world outside this process can tell.
    """
    waits: list[asyncio.Task[object]] = [asyncio.create_task(event.wait())]
    if moment is not None:
        ahead = (moment - clock.now()).total_seconds()
        waits.append(asyncio.create_task(clock.sleep(ahead)))
    try:
        await asyncio.wait(waits, timeout=at_most, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


class Alarm:
    """Rings when a clock reaches a moment. There is one moment at a time; it may be moved."""

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._moment: datetime | None = None
        self._sleeper: asyncio.Task[None] | None = None

    def set(self, moment: datetime | None) -> None:
        """Ring at that moment, and at no other; None: not at all."""
        if moment == self._moment and self._sleeper is not None and not self._sleeper.done():
            return
        if self._sleeper is not None:
            self._sleeper.cancel()
        self._moment, self._sleeper = moment, None
        if moment is not None:
            self._sleeper = asyncio.create_task(self._sleep(moment), name="alarm")

    async def _sleep(self, moment: datetime) -> None:
        await self._clock.sleep((moment - self._clock.now()).total_seconds())
        self._ring()
