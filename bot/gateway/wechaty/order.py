"""Work started ahead and handed on in the order it was given."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from bot.events import Event
from bot.gateway.wechaty.lanes import Lanes, Later

log = logging.getLogger(__name__)

_HELD = 4
"""So many times what is read at once may wait behind one that takes long."""

Found = Sequence[Event | Later]
Reading = Callable[[], Awaitable[Found]]
"""Reads up what one event of the gateway means."""


class Order:
    """Runs up to `ahead` readings at once and gives their events in the order of `put`.

    What waits beyond that waits as it came, a few hundred bytes each. One order for all groups:
    which group a message is of is only known once it has been read. From then on a message that
    is not loaded whole holds up its own group only (see Lanes).
    """

    def __init__(self, ahead: int) -> None:
        self._ahead, self._most = ahead, ahead * _HELD
        self._waiting: deque[Reading | Event] = deque()
        self._window: deque[asyncio.Task[Found] | Event] = deque()
        self._running = 0
        self._awaited: asyncio.Task[Found] | None = None
        """The reading at the front, if `events` waits for it and for nothing else."""
        self._more = asyncio.Event()
        self._lanes = Lanes(self._more.set)
        self._closed = False

    def put(self, item: Reading | Event) -> None:
        """Add an event, or what must be read up to know it."""
        self._waiting.append(item)
        self._fill()

    async def events(self) -> AsyncIterator[Event]:
        """The events in order, until `close`. A reading that fails is logged and skipped."""
        ready = self._lanes.ready
        while not self._closed:
            if ready:
                yield ready.popleft()
                continue
            item = self._window[0] if self._window else None
            if item is None or (isinstance(item, asyncio.Task) and not item.done()):
                # Not awaited itself: its cancellation would look like ours.
                self._awaited = item
                self._more.clear()
                await self._more.wait()
                continue
            self._window.popleft()
            self._fill()
            for found in _read(item) if isinstance(item, asyncio.Task) else (item,):
                self._lanes.admit(found)

    def close(self) -> None:
        """Drop everything that waits or runs; `events` ends."""
        self._closed = True
        self._waiting.clear()
        for item in self._window:
            if isinstance(item, asyncio.Task):
                item.cancel()
        self._window.clear()
        self._lanes.close()
        self._more.set()

    def _fill(self) -> None:
        """Start readings as there is room."""
        while self._waiting and self._running < self._ahead and len(self._window) < self._most:
            item = self._waiting.popleft()
            self._window.append(self._start(item) if callable(item) else item)
            if self._awaited is None:
                self._more.set()

    def _start(self, reading: Reading) -> asyncio.Task[Found]:
        task = asyncio.ensure_future(reading())
        self._running += 1
        task.add_done_callback(self._ended)
        return task

    def _ended(self, reading: asyncio.Task[Found]) -> None:
        self._running -= 1
        if reading is self._awaited:
            self._awaited = None
            self._more.set()
        self._fill()


def _read(reading: asyncio.Task[Found]) -> Found:
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
