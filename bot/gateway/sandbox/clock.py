"""A clock that goes on by itself, like the computer's, and can be moved."""

import asyncio
from datetime import UTC, datetime, timedelta


class ShiftedClock:
    """The computer's clock plus a shift; sleepers notice when it is moved.

    Drive it from the event loop's thread.
    """

    def __init__(self) -> None:
        self._shift = timedelta(0)
        self._sleepers: set[asyncio.Event] = set()

    def now(self) -> datetime:
        """The shifted present, aware, in UTC."""
        return datetime.now(UTC) + self._shift

    async def sleep(self, seconds: float) -> None:
        """Return once this clock has gone on by `seconds`, by itself or by being moved."""
        until = self.now() + timedelta(seconds=seconds)
        moved = asyncio.Event()
        self._sleepers.add(moved)
        try:
            while (rest := (until - self.now()).total_seconds()) > 0:
                moved.clear()
                await _at_most(rest, moved)
        finally:
            self._sleepers.discard(moved)
        await asyncio.sleep(0)

    def move_by(self, delta: timedelta) -> None:
        """Move the clock; OverflowError where no calendar goes that far, and nothing is moved."""
        _ = self.now() + delta
        self._shift += delta
        for moved in self._sleepers:
            moved.set()


async def _at_most(seconds: float, moved: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await moved.wait()
    except TimeoutError:
        return
