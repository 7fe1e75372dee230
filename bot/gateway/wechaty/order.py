"""Work started ahead and handed on in the order it was given."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any

from bot.events import Event
from bot.gateway.wechaty.lanes import Lanes, Later

log = logging.getLogger(__name__)

_HELD = 4
"""So many times what is read at once may wait behind one that takes long."""

Found = Sequence[Event | Later]
Reading = Callable[[], Coroutine[Any, Any, Found]]
"""Begins to read up what one event of the gateway means; the rest of it is awaited."""


class _Item:
    """An event's place in the order; `found` is None until it is known what it means."""

    __slots__ = ("found", "reading", "task")

    def __init__(self) -> None:
        self.found: Found | None = None
        self.reading: Coroutine[Any, Any, Found] | None = None
        """Until its task takes it up."""
        self.task: asyncio.Task[None] | None = None

    def drop(self) -> None:
        """Read no further."""
        if self.task is not None:
            self.task.cancel()
        if self.reading is not None:
            self.reading.close()


class Order:
    """Runs up to `ahead` readings at once and gives their events in the order of `put`.

    What waits beyond that waits as it came, a few hundred bytes each. One order for all groups:
    which group a message is of is only known once it has been read. From then on a message that
    is not loaded whole holds up its own group only (see Lanes).
    """

    def __init__(self, ahead: int) -> None:
        self._ahead, self._most = ahead, ahead * _HELD
        self._waiting: deque[Reading | Event] = deque()
        self._window: deque[_Item] = deque()
        self._running = 0
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
            found = self._window[0].found if self._window else None
            if found is None:
                self._more.clear()
                await self._more.wait()
                continue
            self._window.popleft()
            self._fill()
            for one in found:
                self._lanes.admit(one)

    def close(self) -> None:
        """Drop everything that waits or runs; `events` ends."""
        self._closed = True
        self._waiting.clear()
        for item in self._window:
            item.drop()
        self._window.clear()
        self._lanes.close()
        self._more.set()

    def _fill(self) -> None:
        """Start readings as there is room."""
        while self._waiting and self._running < self._ahead and len(self._window) < self._most:
            due, item = self._waiting.popleft(), _Item()
            self._window.append(item)
            if callable(due):
                self._running += 1
                item.reading = due()
                item.task = asyncio.create_task(self._read(item, item.reading))
            else:
                self._know(item, (due,))

    async def _read(self, item: _Item, reading: Coroutine[Any, Any, Found]) -> None:
        """Ends with what was found handed on: a callback of the task would come a turn later."""
        item.reading = None
        found: Found = ()
        try:
            found = await reading
        except asyncio.CancelledError:
            if not self._closed:
                log.warning(
                    "一条事件没读完就被中断，已跳过 an event was skipped: its reading was cancelled"
                )
        except Exception:
            log.exception("读事件时出错，已跳过 an event was skipped: its reading failed")
        self._running -= 1
        self._know(item, found)
        self._fill()

    def _know(self, item: _Item, found: Found) -> None:
        item.found = found
        if self._window and item is self._window[0]:
            self._more.set()
