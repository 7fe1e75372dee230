"""What several viewers look at, worked out once for all of them and kept for a moment."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

LEAST = 2.0
"""Seconds that something is kept: as often as a live piece asks."""
_TIMES = 25
"""Kept so many times as long as it took to work out: for longer where the machine is busy."""
_MOST = 200


@dataclass(slots=True)
class _Kept:
    found: "asyncio.Future[Any]"
    until: float


class Sharing:
    """A small memory in front of what takes long to read. For one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[Hashable, _Kept] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """What `make` gives, or gave a moment ago. Whoever asks meanwhile waits for the same.

        What `make` raises is raised to all who wait, and is not kept.
        """
        kept = self._kept.get(key)
        if kept is None or self._clock() >= kept.until:
            task = asyncio.ensure_future(make())
            kept = self._kept[key] = _Kept(task, float("inf"))
            began = self._clock()
            task.add_done_callback(lambda done: self._done(key, done, began))
        # One who goes away does not take it from the others.
        found: T = await asyncio.shield(kept.found)
        return found

    def forget(self) -> None:
        """Somebody changed something: whoever asks next sees it."""
        self._kept = {key: each for key, each in self._kept.items() if not each.found.done()}
        for each in self._kept.values():
            each.until = 0.0

    def _done(self, key: Hashable, done: "asyncio.Future[Any]", began: float) -> None:
        kept = self._kept.get(key)
        if kept is None or kept.found is not done:
            return
        if done.cancelled() or done.exception() is not None:
            del self._kept[key]
            return
        now = self._clock()
        if kept.until > 0:
            kept.until = now + max(LEAST, _TIMES * (now - began))
        if len(self._kept) > _MOST:
            self._kept = {name: each for name, each in self._kept.items() if each.until > now}
