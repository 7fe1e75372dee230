"""How long an event loop stands still."""

import asyncio
import contextlib
import time
from types import TracebackType
from typing import Self

_TICK = 0.001


class LongestStop:
    """While it is entered: the longest time, in milliseconds, that the loop did not turn."""

    milliseconds = 0.0

    async def __aenter__(self) -> Self:
        self._watching = asyncio.create_task(self._watch())
        await asyncio.sleep(0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        await asyncio.sleep(2 * _TICK)
        self._watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watching

    async def _watch(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(_TICK)
            now = time.perf_counter()
            self.milliseconds = max(self.milliseconds, 1_000 * (now - last - _TICK))
            last = now
