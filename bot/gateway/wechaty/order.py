"""Work started ahead and handed on in the order it was given."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from bot.events import Event

Reading = Callable[[], Awaitable[Sequence[Event]]]
"""Reads up what one event of the gateway means; raises nothing."""


class Order:
    """Runs up to `ahead` readings at once and gives their events in the order of `put`.

    What waits beyond that waits as it came, a few hundred bytes each. One order for all groups:
    which group a message is of is only known once it has been read.
    """

    def __init__(self, ahead: int) -> None:
        self._waiting: asyncio.Queue[Reading | Event] = asyncio.Queue()
        self._window: asyncio.Queue[asyncio.Task[Sequence[Event]] | Event | None]
        self._window = asyncio.Queue(ahead)
        self._running: set[asyncio.Task[Sequence[Event]]] = set()

    def put(self, item: Reading | Event) -> None:
        """Add an event, or what must be read up to know it."""
        self._waiting.put_nowait(item)

    async def run(self) -> None:
        """Start readings as there is room; ends only by being cancelled."""
        while True:
            item = await self._waiting.get()
            await self._window.put(self._start(item) if callable(item) else item)

    def _start(self, reading: Reading) -> asyncio.Task[Sequence[Event]]:
        async def read() -> Sequence[Event]:
            return await reading()

        task = asyncio.create_task(read())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def events(self) -> AsyncIterator[Event]:
        """The events in order, until `close`."""
        while (item := await self._window.get()) is not None:
            if not isinstance(item, asyncio.Task):
                yield item
                continue
            if not item.done():
                await asyncio.wait({item})
            if item.cancelled():
                return
            for event in item.result():
                yield event

    def close(self) -> None:
        """Drop everything that waits or runs; `events` ends. `run` must not be running."""
        for task in self._running:
            task.cancel()
        while not self._window.empty():
            self._window.get_nowait()
        self._window.put_nowait(None)
