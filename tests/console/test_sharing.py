import asyncio

import pytest

from console.sharing import LEAST, Sharing


class Counter:
    """Something that is worked out, and how often it was."""

    def __init__(self) -> None:
        self.times = 0
        self.now = 0.0
        self.sharing = Sharing(lambda: self.now)

    async def make(self) -> int:
        """One more time."""
        self.times += 1
        mine = self.times
        await asyncio.sleep(0)
        return mine

    async def get(self) -> int:
        """What is shared."""
        return await self.sharing.get("it", self.make)


async def test_what_several_ask_for_is_worked_out_once():
    """Whoever asks meanwhile, or a moment later, gets the same."""
    counter = Counter()
    together = await asyncio.gather(counter.get(), counter.get())
    later = await counter.get()

    assert [1, 1, 1] == [*together, later]


async def test_it_grows_old():
    """After two seconds it is worked out anew; the longer that takes, the longer it is kept."""
    counter = Counter()
    await counter.get()
    counter.now = LEAST
    assert 2 == await counter.get()

    async def slowly() -> int:
        counter.now += 1.0
        return await counter.make()

    counter.now += LEAST
    assert 3 == await counter.sharing.get("it", slowly)
    counter.now += 10.0
    assert 3 == await counter.get()


async def test_a_change_is_seen_at_once():
    """Also by who asks while the old one is still being worked out."""
    counter = Counter()
    old = asyncio.ensure_future(counter.get())
    await asyncio.sleep(0)
    counter.sharing.forget()

    assert 2 == await counter.get()
    assert 1 == await old
    assert 2 == await counter.get()


async def test_a_failure_is_not_kept():
    """Who waits hears of it, and who comes next tries again."""
    counter = Counter()

    async def fail() -> int:
        raise OSError

    with pytest.raises(OSError):
        await counter.sharing.get("it", fail)

    assert 1 == await counter.get()


async def test_who_goes_away_takes_nothing_from_the_others():
    """A browser that closes cancels its own request only."""
    counter = Counter()
    one, other = (asyncio.ensure_future(counter.get()) for _ in range(2))
    await asyncio.sleep(0)
    one.cancel()

    assert 1 == await other
