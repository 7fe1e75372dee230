"""Tests of bot/waiting.py: whichever comes first, and nothing is left behind."""

import asyncio

from builders import NOON, later

from bot.clock import MovableClock
from bot.waiting import until


async def test_the_event_ends_it() -> None:
    """Without the clock having moved, and no sleeper stays behind."""
    event, clock = asyncio.Event(), MovableClock(NOON)
    wait = asyncio.create_task(until(event, clock, later(hours=1)))
    await asyncio.sleep(0)
    event.set()
    await wait
    assert clock.next_waking() is None


async def test_the_moment_ends_it() -> None:
    """Without the event; a moment that has passed ends it at once."""
    event, clock = asyncio.Event(), MovableClock(NOON)
    wait = asyncio.create_task(until(event, clock, later(hours=1)))
    while clock.next_waking() is None:  # noqa: ASYNC110 - a clock tells nobody
        await asyncio.sleep(0)
    clock.move_to(later(hours=1))
    await wait
    await until(event, clock, NOON)
    assert not event.is_set()


async def test_real_time_ends_it() -> None:
    """Where only the world outside could tell."""
    await until(asyncio.Event(), MovableClock(NOON), None, at_most=0)
    assert 1 == len(asyncio.all_tasks())


async def test_being_cancelled_leaves_nothing_behind() -> None:
    """Neither a task nor a sleeper."""
    clock = MovableClock(NOON)
    wait = asyncio.create_task(until(asyncio.Event(), clock, later(hours=1)))
    while clock.next_waking() is None:  # noqa: ASYNC110 - a clock tells nobody
        await asyncio.sleep(0)
    wait.cancel()
    await asyncio.wait({wait})
    assert wait.cancelled()
    assert clock.next_waking() is None
    assert 1 == len(asyncio.all_tasks())
