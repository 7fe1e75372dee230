"""Now, and a clock that tests and the sandbox can move. All times are aware and in UTC."""

import asyncio
import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits; the only source of either at the edges."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return once this clock has gone on by `seconds` (at once if not positive)."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(max(seconds, 0))


class MovableClock:
    """A clock that stands still until it is moved, forwards or backwards.

    Moving it forwards wakes, in order of their time, those who sleep until then. It is not
    thread-safe: move it from the event loop. `on_move` is called after each move.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = count()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The time it was last moved to, aware, in UTC."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been moved by `seconds`; at once if not positive."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        until = self._now + timedelta(seconds=seconds)
        heapq.heappush(self._sleepers, (until, next(self._order), waiter))
        await waiter

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each move."""
        self._listeners.append(listener)

    def next_waking(self) -> datetime | None:
        """When the next sleeper wakes, None if nobody sleeps."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def move_to(self, moment: datetime) -> None:
        """Set the clock; going back wakes nobody."""
        self._now = moment.astimezone(UTC)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            waiter = heapq.heappop(self._sleepers)[2]
            if not waiter.done():
                waiter.set_result(None)
        for listener in self._listeners:
            listener()

    def move_by(self, delta: timedelta) -> None:
        """Move the clock by a difference, which may be negative."""
        self.move_to(self._now + delta)
