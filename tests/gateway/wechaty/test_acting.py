import asyncio
from dataclasses import replace

import pytest
from gateway.ear import Ear
from gateway.node_server import Server
from gateway.stage import ACCOUNT
from gateway.wechaty.ends import gateway, relayed, room

from bot.actions import Announce, Priority, Remove, Say
from bot.events import Group, Identity
from bot.gateway.base import Capability, Outcome, Status


def say(to: Group, text: str = "你好") -> Say:
    """Something to say."""
    return Say(key="say", why="测试 test", priority=Priority.ANSWER, to=to, text=text)


def remove(group: Group, id_: str) -> Remove:
    """Somebody to remove."""
    member = Identity(ACCOUNT, id_)
    return Remove(
        key="remove", why="测试 test", priority=Priority.MODERATION, group=group, member=member
    )


@pytest.fixture
def cured(server: Server) -> Server:
    """The shared server, with all its methods working."""
    for method in (
        "messageSendText",
        "messageSendFile",
        "roomDel",
        "roomAnnounce",
        "roomAnnounceRead",
    ):
        server.do("fault", method=method, times=0)
    return server


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"error": "no permission"}, Status.REFUSED),
        ({"ignore": True}, Status.IGNORED),
        ({"error": "wait timeout"}, Status.UNSURE),
    ],
)
async def test_what_a_puppet_makes_of_a_removal(
    cured: Server, ear: Ear, fault: dict[str, object], status: Status
) -> None:
    """Refused, silently ignored, or not answered: each is told, and the member is still there."""
    group, who = room(cured)
    cured.do("fault", method="roomDel", **fault)
    outcome = await ear._gateway.perform(remove(group, who))
    assert (status, False) == (outcome.status, await ear._gateway.confirm(remove(group, who)))
    assert outcome.detail


async def test_a_slow_removal_is_proven(cured: Server, ear: Ear) -> None:
    """What takes effect a little later is done all the same, and can be confirmed."""
    group, who = room(cured)
    outcome = await ear._gateway.perform(remove(group, who))
    assert (Status.DONE, True) == (
        outcome.status,
        await ear._gateway.confirm(remove(group, who)),
    )


async def test_what_a_puppet_cannot_do_is_no_capability_any_more(cured: Server) -> None:
    """A puppet without announcements says so once, and is believed."""
    group, _ = room(cured)
    cured.do("fault", method="roomAnnounce", error="not supported by this puppet")
    line = gateway(cured)
    async with Ear(line) as ear:
        await ear.logged_in()
        before = Capability.ANNOUNCE in line.capabilities
        action = Announce(
            key="announce", why="测试 test", priority=Priority.NOTICE, group=group, text="公告"
        )
        outcome = await line.perform(action)
    assert (Status.REFUSED, True, False) == (
        outcome.status,
        before,
        Capability.ANNOUNCE in line.capabilities,
    )


async def test_a_puppet_without_pictures(cured: Server) -> None:
    """The text is out; the next topic will be posted with a link instead."""
    group, _ = room(cured)
    cured.do("fault", method="messageSendFile", error="not supported by this puppet")
    line = gateway(cured)
    async with Ear(line) as ear:
        await ear.logged_in()
        before = Capability.SEND_PICTURE in line.capabilities
        outcome = await line.perform(replace(say(group), picture="https://example.com/a.png"))
    assert (True, True, False) == (
        outcome.incomplete,
        before,
        Capability.SEND_PICTURE in line.capabilities,
    )


async def test_an_announcement_that_cannot_be_read_back(cured: Server, ear: Ear) -> None:
    """Accepted without proof, where the puppet cannot tell what it says now."""
    group, _ = room(cured)
    cured.do("fault", method="roomAnnounceRead", error="no")
    action = Announce(
        key="announce", why="测试 test", priority=Priority.NOTICE, group=group, text="公告"
    )
    outcome = await ear._gateway.perform(action)
    assert (Status.SENT, None) == (outcome.status, await ear._gateway.confirm(action))


@pytest.mark.parametrize(("tells", "status"), [(True, Status.DONE), (False, Status.SENT)])
async def test_saying_may_give_no_id(
    cured: Server, ear: Ear, *, tells: bool, status: Status
) -> None:
    """With an id it is done; without one the echo will have to confirm it."""
    group, _ = room(cured)
    cured.do("set", key="tellsIds", value=tells)
    outcome = await ear._gateway.perform(say(group))
    assert (status, tells) == (outcome.status, bool(outcome.message_id))


async def test_a_line_that_breaks_in_the_middle(cured: Server) -> None:
    """What was on its way when the line broke may have been said: never told as unsent."""
    group, _ = room(cured)
    cured.do("fault", method="messageSendText", times=1, delay=500)
    async with relayed(cured) as relay:
        line = gateway(cured, endpoint=f"127.0.0.1:{relay.port}")
        async with Ear(line) as ear:
            await ear.logged_in()
            sent = relay.sent
            saying = asyncio.create_task(line.perform(say(group)))
            await relay.sends(sent)
            relay.cut()
            outcome = await saying
    assert Status.UNSURE is outcome.status


async def test_nothing_is_sent_before_the_login(cured: Server) -> None:
    """A gateway that nobody listens to has no line, and says that nothing was sent."""
    group, _ = room(cured)
    outcome: Outcome = await gateway(cured).perform(say(group))
    assert Status.UNSENT is outcome.status
