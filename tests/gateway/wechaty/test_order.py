import asyncio
import gc
from collections.abc import AsyncIterator, Sequence

import pytest
from builders import said
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Event, Message
from bot.gateway.wechaty.order import Order, Reading


@pytest.fixture
async def order() -> AsyncIterator[Order]:
    """An order of three at a time."""
    order = Order(3)
    yield order
    order.close()


class Readings:
    """Readings that take as many turns of the loop as they are told, and count themselves."""

    def __init__(self) -> None:
        self.at_once = self.most = self.ended = 0

    def of(self, message: Message, turns: int) -> Reading:
        """A reading of one message."""

        async def read() -> Sequence[Event]:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            for _ in range(turns):
                await asyncio.sleep(0)
            self.at_once -= 1
            self.ended += 1
            return (message,)

        return read


@given(st.lists(st.integers(0, 20), max_size=40))
def test_events_come_as_they_were_put(turns: list[int]) -> None:
    """However long each reading takes, the order is kept, and no more than three run at once."""

    async def story() -> tuple[list[Event], int]:
        order, readings = Order(3), Readings()
        for message, number in zip(messages, turns, strict=True):
            order.put(message if number == 7 else readings.of(message, number))
        heard: list[Event] = []
        events = order.events()
        while len(heard) < len(messages):
            heard.append(await anext(events))
        order.close()
        assert [] == [event async for event in events]
        return heard, readings.most

    messages = [said(f"{number}") for number in turns]
    heard, most = asyncio.run(story())
    assert messages == heard
    assert most <= 3


async def test_a_cancelled_reading_ends_nothing(order: Order) -> None:
    """What a library cancels behind our back costs that one event."""

    async def cancelled() -> Sequence[Event]:
        raise asyncio.CancelledError

    last = said("还在")
    order.put(cancelled)
    order.put(last)
    assert last == await anext(order.events())


async def test_a_failing_reading_ends_nothing(
    order: Order, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug in one reading costs that one event, and is in the log."""

    async def fails() -> Sequence[Event]:
        raise ZeroDivisionError

    last = said("还在")
    order.put(fails)
    order.put(last)
    assert last == await anext(order.events())
    assert [ZeroDivisionError] == [
        record.exc_info[0] for record in caplog.records if record.exc_info
    ]


async def test_a_slow_head_does_not_stop_the_fetching(order: Order) -> None:
    """While the first is being read the others are read too, up to twelve held behind it."""
    go_on, readings, first = asyncio.Event(), Readings(), said("slow")
    messages = [said(str(number)) for number in range(20)]

    async def slow() -> Sequence[Event]:
        await go_on.wait()
        return (first,)

    order.put(slow)
    for message in messages:
        order.put(readings.of(message, 1))
    for _ in range(60):  # turns of the loop
        await asyncio.sleep(0)
    assert 11 == readings.ended
    go_on.set()
    events = order.events()
    assert [first, *messages] == [await anext(events) for _ in range(21)]


async def test_close_ends_the_events_while_a_reading_hangs(order: Order) -> None:
    """Nobody waits for a reading that never ends."""

    async def hangs() -> Sequence[Event]:
        await asyncio.Event().wait()
        return ()

    order.put(hangs)
    listening = asyncio.create_task(anext(order.events(), None))
    await asyncio.sleep(0.01)
    order.close()
    assert await listening is None


@pytest.mark.filterwarnings("error")
async def test_close_drops_what_was_asked_and_not_awaited_yet(
    order: Order, caplog: pytest.LogCaptureFixture
) -> None:
    """A reading that has begun but not gone on is closed, without a word about it."""
    readings = Readings()
    order.put(readings.of(said("早"), 1))
    order.close()
    await asyncio.sleep(0)
    gc.collect()
    assert (0, "") == (readings.ended, caplog.text)
