"""Tests of bot/waiting.py: whichever comes first, and nothing is left behind."""

import asyncio

from builders import NOON, later

from bot.clock import MovableClock
from bot.waiting import Alarm, until


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


async def rung(clock: MovableClock, *moments: float | None) -> list[float]:
    """When an alarm rings that is set to these seconds, one after another, before time passes."""
    rings: list[float] = []
    alarm = Alarm(clock, lambda: rings.append((clock.now() - NOON).total_seconds()))
    for seconds in moments:
        alarm.set(None if seconds is None else later(seconds=seconds))
        await asyncio.sleep(0)
    for seconds in range(1, 10):
        clock.move_to(later(seconds=seconds))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert 1 == len(asyncio.all_tasks())
    return rings


async def test_an_alarm_rings_once_at_its_last_moment() -> None:
    """Moved forwards, backwards, or not; or called off."""
    assert [5] == await rung(MovableClock(NOON), 5)
    assert [5] == await rung(MovableClock(NOON), 5, 5)
    assert [7] == await rung(MovableClock(NOON), 5, 7)
    assert [3] == await rung(MovableClock(NOON), 5, 3)
    assert [] == await rung(MovableClock(NOON), 5, None)


async def test_an_alarm_may_be_set_again_after_it_rang() -> None:
    """To the same moment too: the clock may have been put back."""
    clock, rings = MovableClock(NOON), asyncio.Event()
    alarm = Alarm(clock, rings.set)
    for _ in range(2):
        rings.clear()
        clock.move_to(NOON)
        alarm.set(later(seconds=1))
        await asyncio.sleep(0)
        clock.move_to(later(seconds=1))
        await rings.wait()
        await asyncio.sleep(0)
