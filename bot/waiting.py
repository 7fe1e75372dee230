"""Waiting for whichever comes first: something happens, or a clock reaches a moment."""

import asyncio
from datetime import datetime

from bot.clock import Clock


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
