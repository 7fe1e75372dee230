import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from builders import NOON
from gateway.wechaty.far_end import FarEnd
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.clock import SystemClock
from bot.events import Event, Group, Identity, Message, MessageRecalled
from bot.gateway.wechaty.address import Address
from bot.gateway.wechaty.channel import Channel
from bot.gateway.wechaty.client import Client
from bot.gateway.wechaty.names import Names
from bot.gateway.wechaty.patience import Patience
from bot.gateway.wechaty.reading import Reader
from bot.gateway.wechaty.wire import EventType, Raw, Spoken, text_field

UNDERSTOOD = re.compile(r"\d+: (ValueError|JSONDecodeError|KeyError)")
"""Complaints about the other side; anything else would be about us."""

ids = st.sampled_from(["messageId", "roomId", "inviterId", "removerId", "changerId"])
other_ids = st.sampled_from(["inviteeIdList", "removeeIdList", "friendshipId", "roomInvitationId"])
keys = ids | other_ids | st.sampled_from(["newTopic", "oldTopic", "timestamp"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
spokens = st.builds(
    Spoken,
    id=st.text(),
    text=st.text() | st.text("「」：\n-@\u2005a", max_size=40),
    stamp=st.integers(0, 2**70),
    kind=st.integers(0, 2**70),
    talker=st.sampled_from(["", "小林"]),
    room=st.sampled_from(["", "r@chatroom"]),
    mentions=st.lists(st.text(), max_size=12).map(tuple),
)


EVERYTHING = SimpleNamespace(
    talker="林",
    room="r",
    stamp=10**30,
    text="早",
    kind=7,
    mentions=(),
    type=2,
    contact_id="c",
    hello="\ud800",
    topic="\ud800",
    inviter_id="i",
    timestamp=10**30,
)
"""A message, a friend request and an invitation at once."""


class Answers(Patience):
    """Always answers the same, at once."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    async def ask(
        self, call: Callable[[Client], Awaitable[Any]], begun: Awaitable[Any] | None = None
    ) -> Any:
        """The answer, of the first try if it has begun."""
        return self._answer if begun is None else await begun


def reader(answer: Any = None) -> tuple[Reader, Names]:
    """A reader without a line: every name is empty unless it is known."""
    names = Names("围炉", lambda: None, SystemClock())
    return Reader("围炉", names, Answers(answer), lambda _: True, SystemClock()), names


def spoken(text: str, **more: Any) -> Spoken:
    """Something said in a group."""
    told: dict[str, Any] = {
        "id": "m",
        "stamp": 1,
        "kind": 7,
        "talker": "林",
        "room": "r",
        "mentions": (),
    }
    return Spoken(text=text, **told | more)


def read(said: Spoken) -> Event:
    """The one event that this is."""
    (event,) = asyncio.run(reader(said)[0].read(Raw(EventType.MESSAGE, '{"messageId": "m1"}')))
    return event


@given(
    st.integers(0, 40) | st.sampled_from(EventType),
    st.dictionaries(keys, values, max_size=8).map(json.dumps) | values.map(json.dumps) | st.text(),
)
def test_any_event_is_read_or_skipped(kind: int, payload: str) -> None:
    """Whatever an event's type and JSON, nothing is raised, and no fault is ours."""
    found, _ = reader(EVERYTHING)
    events = asyncio.run(found.read(Raw(kind, payload)))
    assert not events or not found._complained
    assert [] == [told for told in found._complained if not UNDERSTOOD.fullmatch(told)]


@given(spokens)
def test_any_payload_is_a_message_or_skipped(said: Spoken) -> None:
    """Whatever a payload holds: one event, or none where nobody said it."""
    found, _ = reader(said)
    events = asyncio.run(found.read(Raw(EventType.MESSAGE, '{"messageId": "m1"}')))
    assert bool(said.talker) == (len(events) == 1)
    assert [] == [told for told in found._complained if not UNDERSTOOD.fullmatch(told)]


def test_mentions_by_name_where_no_ids_are_given() -> None:
    """`@name` before WeChat's narrow space names the one member who is called so."""

    async def story() -> list[str]:
        found, names = reader(spoken("@小林\u2005@阿青\u2005@谁\u2005 早"))
        for id_, name in (("lin", "小林"), ("qing1", "阿青"), ("qing2", "阿青")):
            names._known["r"][id_] = (name, SystemClock().now() + timedelta(hours=1))
        (message,) = await found.read(Raw(EventType.MESSAGE, '{"messageId": "m1"}'))
        assert isinstance(message, Message)
        return [person.id for person in message.mentions]

    assert ["lin"] == asyncio.run(story())


def test_at_all_mentions_nobody() -> None:
    """The id that stands for everybody is no person."""
    message = read(spoken("@所有人\u2005", mentions=("r@all", "r@all")))
    assert () == getattr(message, "mentions", None)


def test_a_recalled_message() -> None:
    """A recall that names the message is one; one that holds markup is a message of its kind."""
    group = Group("围炉", "r")
    recalled = read(spoken("m0", kind=13))
    assert isinstance(recalled, MessageRecalled)
    assert ("m0", group) == (recalled.id, recalled.group)
    assert isinstance(read(spoken("<sysmsg type='revokemsg'/>", kind=13)), Message)


def test_a_message_of_ours() -> None:
    """What the account itself said is told as such."""
    found, _ = reader(spoken("早", talker="me"))
    found.me = Identity("围炉", "me")
    (message,) = asyncio.run(found.read(Raw(EventType.MESSAGE, '{"messageId": "m1"}')))
    assert isinstance(message, Message)
    assert (True, True) == (message.ours, message.at < NOON)


async def test_a_message_is_asked_for_before_anything_else_is_done() -> None:
    """The question is out when the reading has begun; what it brings is what is read."""
    far = FarEnd()
    channel = await far.open()
    far.near._sending._went = 0  # as after a pause
    found, _ = reader("not asked")
    reading = found.read(Raw(EventType.MESSAGE, '{"messageId": "m1"}'), Client(channel, 5))
    assert ("/wechaty.Puppet/MessagePayload", [1]) == (far.headers[1][":path"], far.whole)
    far.answer(1, text_field(3, "早") + text_field(6, "林"))
    listening = asyncio.create_task(reading)
    await far.turn()
    (message,) = await listening
    assert isinstance(message, Message)
    assert ("m1", "早") == (message.id, message.text)
    await channel.close()


async def test_what_cannot_be_asked_at_once_is_asked_patiently() -> None:
    """Without a line, or with nothing to ask for, nothing is raised before it is read."""
    found, _ = reader(spoken("早"))
    channel = Channel(Address("far", 1), SecretStr("secret"), None)
    for payload, count in (('{"messageId": "m1"}', 1), ("{", 0), ("[" * 100_000, 0), ("{}", 0)):
        events = await found.read(Raw(EventType.MESSAGE, payload), Client(channel, 5))
        assert count == len(events)
