import asyncio
from datetime import UTC, timedelta

from builders import NOON, later

from bot.clock import MovableClock, SystemClock


async def test_sleepers_wake_in_order():
    """Moving the clock wakes those who sleep until then, in the order of their times."""
    clock = MovableClock(NOON)
    woken: list[int] = []

    async def sleeper(seconds: int) -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    tasks = [asyncio.create_task(sleeper(seconds)) for seconds in (30, 10, 20)]
    await asyncio.sleep(0)
    clock.move_by(timedelta(seconds=20))
    await asyncio.gather(*tasks[1:])

    assert [10, 20] == woken
    assert later(seconds=30) == clock.next_waking()

    clock.move_by(timedelta(seconds=10))
    await tasks[0]

    assert [10, 20, 30] == woken
    assert None is clock.next_waking()


async def test_back_in_time():
    """Moving back wakes nobody, and the time is what it was set to."""
    clock = MovableClock(NOON)
    task = asyncio.create_task(clock.sleep(5))
    await asyncio.sleep(0)

    clock.move_by(-timedelta(hours=1))
    await asyncio.sleep(0)

    assert (False, later(hours=-1)) == (task.done(), clock.now())
    task.cancel()


async def test_cancelled_sleeper():
    """A sleeper that gave up is forgotten."""
    clock = MovableClock(NOON)
    task = asyncio.create_task(clock.sleep(5))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert None is clock.next_waking()


async def test_nothing_to_wait_for():
    """No time or less is no wait, on either clock."""
    await MovableClock(NOON).sleep(0)
    await SystemClock().sleep(-1)


def test_listeners_hear_of_a_move():
    """Whoever asked is told after each move."""
    clock = MovableClock(NOON)
    heard = []
    clock.on_move(lambda: heard.append(clock.now()))

    clock.move_to(later(minutes=1))

    assert [later(minutes=1)] == heard


def test_aware_and_utc():
    """Both clocks tell aware times in UTC."""
    assert UTC == MovableClock(NOON).now().tzinfo
    assert UTC == SystemClock().now().tzinfo
