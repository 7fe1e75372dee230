"""What is on its way from the sandbox network to one gateway, in order, with delays."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.events import Event


class Hearing:
    """A queue that can be asked whether its listener has taken, and dealt with, everything."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: deque[tuple[datetime | None, Event]] = deque()
        self._stirred = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._closed = False

    def put(self, event: Event, delay: timedelta = timedelta(0)) -> None:
        """Send an event on its way; it arrives after those before it."""
        if self._closed:
            return
        self._waiting.append((self._clock.now() + delay if delay else None, event))
        self._settled.clear()
        self._stirred.set()

    def lose_what_is_on_its_way(self) -> None:
        """The line broke: what is delayed never arrives; what has arrived is still taken."""
        while self._waiting and self._waiting[-1][0] is not None:
            self._waiting.pop()
        self._stirred.set()

    def close(self) -> None:
        """The listener's iteration ends; what was not taken is let go."""
        self._closed = True
        self._waiting.clear()
        self._stirred.set()
        self._settled.set()

    @property
    def is_settled(self) -> bool:
        """Whether `settled()` would return at once."""
        return self._settled.is_set()

    async def settled(self) -> None:
        """Return once the listener asked for more after everything that has arrived."""
        await self._settled.wait()

    async def events(self) -> AsyncIterator[Event]:
        """Everything that arrives, until closed."""
        while not self._closed:
            due = self._waiting[0][0] if self._waiting else None
            if self._waiting and (due is None or due <= self._clock.now()):
                yield self._waiting.popleft()[1]
            else:
                self._settled.set()
                await self._stirred_or(due)

    async def _stirred_or(self, due: datetime | None) -> None:
        self._stirred.clear()
        waits = [asyncio.create_task(self._until(due))] if due else []
        waits.append(asyncio.create_task(self._until_stirred()))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _until(self, due: datetime) -> None:
        # Read the clock here and not before: it may have been moved until this task began.
        await self._clock.sleep((due - self._clock.now()).total_seconds())

    async def _until_stirred(self) -> None:
        await self._stirred.wait()
