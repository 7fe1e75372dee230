"""Work started ahead and handed on in the order it was given."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from bot.events import Event

log = logging.getLogger(__name__)

_HELD = 4
"""So many times what is read at once may wait behind one that takes long."""

Reading = Callable[[], Awaitable[Sequence[Event]]]
"""Reads up what one event of the gateway means."""


class Order:
    """Runs up to `ahead` readings at once and gives their events in the order of `put`.

    What waits beyond that waits as it came, a few hundred bytes each. One order for all groups:
    which group a message is of is only known once it has been read.
    """

    def __init__(self, ahead: int) -> None:
        self._ahead, self._most = ahead, ahead * _HELD
        self._waiting: deque[Reading | Event] = deque()
        self._window: deque[asyncio.Task[Sequence[Event]] | Event] = deque()
        self._running = 0
        self._more = asyncio.Event()
        self._closed = False

    def put(self, item: Reading | Event) -> None:
        """Add an event, or what must be read up to know it."""
        self._waiting.append(item)
        self._fill()

    async def events(self) -> AsyncIterator[Event]:
        """The events in order, until `close`. A reading that fails is logged and skipped."""
        while not self._closed:
            if not self._window:
                self._more.clear()
                await self._more.wait()
                continue
            item = self._window[0]
            if isinstance(item, asyncio.Task) and not item.done():
                # Not awaited itself: its cancellation would look like ours.
                await asyncio.wait({item})
                continue
            self._window.popleft()
            self._fill()
            for event in _read(item) if isinstance(item, asyncio.Task) else (item,):
                yield event

    def close(self) -> None:
        """Drop everything that waits or runs; `events` ends."""
        self._closed = True
        self._waiting.clear()
        for item in self._window:
            if isinstance(item, asyncio.Task):
                item.cancel()
        self._window.clear()
        self._more.set()

    def _fill(self) -> None:
        """Start readings as there is room."""
        while self._waiting and self._running < self._ahead and len(self._window) < self._most:
            item = self._waiting.popleft()
            self._window.append(self._start(item) if callable(item) else item)
            self._more.set()

    def _start(self, reading: Reading) -> asyncio.Task[Sequence[Event]]:
        task = asyncio.ensure_future(reading())
        self._running += 1
        task.add_done_callback(self._ended)
        return task

    def _ended(self, _: asyncio.Task[Sequence[Event]]) -> None:
        self._running -= 1
        self._fill()


def _read(reading: asyncio.Task[Sequence[Event]]) -> Sequence[Event]:
    """What a finished reading found; nothing if it was cancelled or failed."""
    if reading.cancelled():
        log.warning(
            "一条事件没读完就被中断，已跳过 an event was skipped: its reading was cancelled"
        )
        return ()
    if error := reading.exception():
        log.error("读事件时出错，已跳过 an event was skipped: its reading failed", exc_info=error)
        return ()
    return reading.result()
