import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from gateway.ear import Ear
from gateway.node_server import NodeServer, Server, install, node
from gateway.wechaty.ends import gateway, hears_again, in_state, relayed, room, stranger

from bot.events import GatewayChanged, GatewayState, MemberJoined, Message, RosterRead

QUICK: dict[str, Any] = {
    "probe_every": timedelta(seconds=0.2),
    "probe_timeout": timedelta(seconds=0.5),
}
OFFLINE, DEAF = GatewayState.OFFLINE, GatewayState.DEAF


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server of this test alone."""
    server = Server()
    yield server
    server.close()


async def test_a_clean_end(server: Server) -> None:
    """A stream that the server ends in order is opened again."""
    async with Ear(gateway(server)) as ear:
        await ear.logged_in()
        async with stranger(server) as other:
            await other.stop()
        await ear.hears(GatewayChanged, in_state(OFFLINE, "结束了事件流"))
        await ear.logged_in(times=2)
        await hears_again(server, ear)


async def test_a_restarted_server(server: Server) -> None:
    """The server goes away and comes back: heard again, and the rosters are read again."""
    group, who = room(server)
    async with Ear(gateway(server)) as ear:
        await ear.logged_in()
        server.do("stop")
        await ear.hears(GatewayChanged, in_state(OFFLINE))
        server.do("leave", room=group.id, whos=[who], by=who)
        server.do("start")
        roster = await ear.hears(
            RosterRead, lambda roster: len(roster.members) == 1 and roster.group == group
        )
        await hears_again(server, ear)
    assert [server.me] == [member.id for member in roster.members]


async def test_a_killed_server() -> None:
    """The whole gateway process is killed and another one takes its port."""
    process = NodeServer(install())
    server = Server(process=process)
    async with Ear(gateway(server)) as ear:
        await ear.logged_in()
        await asyncio.to_thread(process.close)
        await ear.hears(GatewayChanged, in_state(OFFLINE))
        process = await asyncio.to_thread(NodeServer, install())
        again = Server(process=process, port=server.port, token=server.token)
        await ear.logged_in(times=2)
        await hears_again(again, ear)
    process.close()


async def test_a_reset_line(server: Server) -> None:
    """A line that is reset on the way is opened again."""
    async with (
        relayed(server) as relay,
        Ear(gateway(server, endpoint=f"127.0.0.1:{relay.port}")) as ear,
    ):
        await ear.logged_in()
        relay.cut()
        await ear.hears(GatewayChanged, in_state(OFFLINE))
        await ear.logged_in(times=2)
        await hears_again(server, ear)


async def test_a_half_open_line(server: Server) -> None:
    """A line that swallows everything: noticed by the probe, and the stream is freed and taken."""
    async with relayed(server) as relay:
        line = gateway(server, endpoint=f"127.0.0.1:{relay.port}", **QUICK)
        async with Ear(line) as ear:
            await ear.logged_in()
            relay.freeze()
            await ear.hears(GatewayChanged, in_state(DEAF))
            await ear.logged_in(times=2)
            await hears_again(server, ear)


async def test_a_stopped_server(server: Server) -> None:
    """The gateway process hangs with its port open, and comes to life again."""
    async with Ear(gateway(server, **QUICK)) as ear:
        await ear.logged_in()
        os.kill(node().pid, signal.SIGSTOP)
        try:
            await ear.hears(GatewayChanged, in_state(DEAF))
        finally:
            os.kill(node().pid, signal.SIGCONT)
        await ear.logged_in(times=2)
        await hears_again(server, ear)


async def test_a_deaf_account(server: Server) -> None:
    """The stream is open and no dong comes: told once, and heard as soon as it is cured."""
    async with Ear(gateway(server, **QUICK)) as ear:
        await ear.logged_in()
        server.do("set", key="deaf", value=True)
        told = await ear.hears(GatewayChanged, in_state(DEAF))
        server.do("set", key="deaf", value=False)
        await ear.logged_in(times=2)
        await hears_again(server, ear)
    assert "0.5s" in told.detail


async def test_a_stream_held_by_nobody(server: Server) -> None:
    """A holder that never lets go, and is gone for all we know, is made to make way."""
    async with stranger(server) as other:
        heard = asyncio.Event()
        held = asyncio.create_task(other.events(lambda _: heard.set()))
        await heard.wait()
        async with Ear(gateway(server)) as ear:
            await ear.hears(GatewayChanged, in_state(OFFLINE, "事件流被占着"))
            await ear.logged_in()
            await hears_again(server, ear)
        await held


async def test_a_second_client(server: Server) -> None:
    """Two that push each other out: one says so and waits, and the other goes on hearing."""
    async with Ear(gateway(server)) as one, Ear(gateway(server)) as two:
        rivals = in_state(GatewayState.FAILED, "另有一个客户端")
        told = [asyncio.create_task(ear.hears(GatewayChanged, rivals)) for ear in (one, two)]
        done, waiting = await asyncio.wait(told, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        winner = two if told[0] in done else one
        await hears_again(server, winner)


async def test_what_was_missed_is_in_the_roster(server: Server) -> None:
    """Who came while the line was away is in the roster of the next login; no event is made up."""
    group, who = room(server)
    async with Ear(gateway(server)) as ear:
        await ear.hears(RosterRead, lambda roster: roster.group == group)
        server.do("stop")
        await ear.hears(GatewayChanged, in_state(OFFLINE))
        new = server.do("contact", name="阿青")
        server.do("join", room=group.id, whos=[new], by=who)
        server.do("start")
        roster = await ear.hears(RosterRead, lambda roster: roster.group == group, times=2)
    assert {who, new, server.me} == {member.id for member in roster.members}
    assert [] == ear.all(MemberJoined)


async def test_a_message_being_fetched_when_the_stream_ends(server: Server) -> None:
    """Closing the line cancels the call; the message is asked for again on the next line."""
    group, who = room(server)
    async with (
        relayed(server) as relay,
        stranger(server) as other,
        Ear(gateway(server, endpoint=f"127.0.0.1:{relay.port}")) as ear,
    ):
        await ear.hears(RosterRead)
        server.do("fault", method="messagePayload", times=1, delay=2_000)
        sent = relay.sent
        server.do("speak", room=group.id, who=who, text="别丢")
        await relay.sends(sent)
        await other.stop()
        await ear.logged_in(times=2)
        heard = await ear.hears(Message, lambda message: message.text == "别丢")
    assert group == heard.group


async def test_calls_in_flight_do_not_end_the_events(server: Server) -> None:
    """Messages are being fetched when the server goes, again and again: always back."""
    group, who = room(server)
    async with Ear(gateway(server)) as ear:
        await ear.logged_in()
        server.do("fault", method="messagePayload", jitter=20)
        for times in range(2, 7):
            await asyncio.to_thread(server.do, "burst", rooms=[group.id], who=who, count=50)
            server.do("stop")
            server.do("start")
            await ear.logged_in(times=times)
        server.do("fault", method="messagePayload", times=0)
        await hears_again(server, ear)
