import asyncio
from types import SimpleNamespace
from typing import Any, cast

from builders import NOON

from bot.clock import MovableClock
from bot.gateway.wechaty.client import Client
from bot.gateway.wechaty.names import Names

_MEMBER = 4


class Asked:
    """A client that gives the name of the moment, when it is let."""

    def __init__(self) -> None:
        self.name = "旧名"
        self.calls = 0
        self.let = asyncio.Event()
        self.let.set()

    async def member_name(self, *_: str) -> str:
        """The name."""
        self.calls += 1
        name = self.name
        await self.let.wait()
        return name


def names(asked: Asked | None) -> Names:
    """Names over this client."""
    client = SimpleNamespace(member_name=asked.member_name) if asked else None
    return Names("围炉", lambda: cast("Client | None", client), MovableClock(NOON))


async def test_a_name_is_loaded_once() -> None:
    """It is cached until something is said to have changed."""
    asked = Asked()
    known = names(asked)
    for _ in range(3):
        assert "旧名" == (await known.member("r", "林")).name
    known.forget(_MEMBER, "林")
    asked.name = "新名"
    assert "新名" == (await known.member("r", "林")).name
    assert 2 == asked.calls


async def test_a_name_that_changed_while_it_was_loaded() -> None:
    """The old one that arrives late is not kept."""
    asked = Asked()
    known = names(asked)
    asked.let.clear()
    late = asyncio.create_task(known.member("r", "林"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    known.forget(_MEMBER, "r")
    asked.name = "新名"
    asked.let.set()
    await late
    assert "新名" == (await known.member("r", "林")).name


async def test_the_old_name_stays_where_the_new_cannot_be_read() -> None:
    """A name of yesterday is better than none."""
    asked = Asked()
    known = names(asked)
    await known.member("r", "林")
    known.forget_all()

    async def fails(*_: Any) -> str:
        raise OSError

    known._client = lambda: cast("Client", SimpleNamespace(member_name=fails))
    assert "旧名" == (await known.member("r", "林")).name
