import asyncio
from dataclasses import replace

import pytest
from builders import group, said
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Event, Kind, Message
from bot.gateway.wechaty import lanes as lanes_module
from bot.gateway.wechaty.lanes import Lanes, Later


def pictured(name: str = "读书会", size: int = 3) -> tuple[Message, Message]:
    """A picture in a group, before and after it was loaded."""
    message = said("", group=group(name), kind=Kind.IMAGE)
    return message, replace(message, picture=bytes(size))


def later(before: Message, after: Message, until: asyncio.Event | None = None) -> Later:
    """The picture, loaded when `until` is set."""

    async def load() -> Message:
        if until is not None:
            await until.wait()
        return after

    return Later(before, load)


async def turns(count: int = 20) -> None:
    """So many turns of the loop."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_only_its_own_group_waits() -> None:
    """Behind a picture its group waits, in order; others go past."""
    lanes, go_on = Lanes(lambda: None), asyncio.Event()
    before, after = pictured()
    behind, other = said("好看"), said("早", group=group("跑步"))
    for item in (later(before, after, go_on), behind, other):
        lanes.admit(item)
    await turns()
    assert [other] == list(lanes.ready)
    go_on.set()
    await turns()
    assert [other, after, behind] == list(lanes.ready)


async def test_what_cannot_be_loaded_goes_on_as_it_is() -> None:
    """Whatever is raised."""
    lanes = Lanes(lambda: None)
    before, _ = pictured()

    async def fails() -> Message:
        raise ZeroDivisionError

    lanes.admit(Later(before, fails))
    await turns()
    assert [before] == list(lanes.ready)


async def test_nobody_waits_longer_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of pictures that never come hold their group up as long as one does."""
    monkeypatch.setattr(lanes_module, "LONGEST_SECONDS", 0.05)
    stirred = asyncio.Event()
    lanes, never = Lanes(stirred.set), asyncio.Event()
    befores = [pictured()[0] for _ in range(300)]
    for before in befores:
        lanes.admit(later(before, before, never))
    last = said("还在吗")
    lanes.admit(last)
    while len(lanes.ready) < 301:
        stirred.clear()
        await stirred.wait()
    assert [*befores, last] == list(lanes.ready)


async def test_a_flood_in_one_group_leaves_room_for_others() -> None:
    """However many pictures hang in one, that of another is loaded."""
    lanes, never = Lanes(lambda: None), asyncio.Event()
    for _ in range(100):
        before, after = pictured()
        lanes.admit(later(before, after, never))
    before, after = pictured("跑步")
    lanes.admit(later(before, after))
    await turns()
    assert [after] == list(lanes.ready)
    lanes.close()


async def test_what_is_held_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """While large pictures wait behind one that hangs, no more are loaded; then they are."""
    monkeypatch.setattr(lanes_module, "_MOST_BYTES", 10)
    lanes, go_on = Lanes(lambda: None), asyncio.Event()
    pictures = [pictured(size=6) for _ in range(10)]
    for number, (before, after) in enumerate(pictures):
        lanes.admit(later(before, after, None if number else go_on))
    await turns()
    assert 24 >= lanes._held
    go_on.set()
    await turns(100)
    assert ([after for _, after in pictures], 0) == (list(lanes.ready), lanes._held)


async def test_close_ends_what_is_being_loaded() -> None:
    """Nothing comes any more, and nothing runs on."""
    lanes = Lanes(lambda: None)
    before, after = pictured()
    ended = asyncio.Event()

    async def load() -> Message:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return after

    lanes.admit(Later(before, load))
    await turns()
    lanes.close()
    await turns()
    assert (True, []) == (ended.is_set(), list(lanes.ready))


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 12)), max_size=40))
def test_order_within_a_group_is_kept(items: list[tuple[str, int]]) -> None:
    """However long each takes to load: 0 is loaded already."""

    async def story() -> list[Event]:
        lanes = Lanes(lambda: None)
        for message, (_, takes) in zip(messages, items, strict=True):

            async def load(message: Message = message, takes: int = takes) -> Message:
                await turns(takes)
                return message

            lanes.admit(Later(message, load) if takes else message)
        await turns(600)
        return list(lanes.ready)

    messages = [said("", group=group(name), kind=Kind.IMAGE) for name, _ in items]
    heard = asyncio.run(story())
    for name in "甲乙丙":
        assert [each for each in messages if each.group == group(name)] == [
            each for each in heard if isinstance(each, Message) and each.group == group(name)
        ]
