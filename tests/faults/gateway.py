"""How long it takes to notice what happens to the real Node gateway, and to come back.

    cd tests && ../.venv/bin/python -m faults.gateway

With the settings as shipped. That it comes back at all is tested in tests/gateway/wechaty/.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from gateway.ear import Ear
from gateway.node_server import NodeServer, Server, install
from gateway.wechaty.ends import Relay, gateway, hears_again, relayed, stranger

from bot.events import GatewayChanged, GatewayState, Message

_STOPPED = 3.0
"""Seconds that a process is stopped, or away."""


@dataclass
class Line:
    """A gateway of its own, a relay before it, and a bot's ear at the end."""

    process: NodeServer
    server: Server
    relay: Relay
    ear: Ear

    async def notices(self) -> None:
        """Return when the bot has told that something is wrong."""
        bad = {GatewayState.OFFLINE, GatewayState.DEAF}
        await self.ear.hears(GatewayChanged, lambda change: change.state in bad)


@asynccontextmanager
async def line() -> AsyncIterator[Line]:
    """Logged in and listening."""
    async with AsyncExitStack() as stack:
        process = await asyncio.to_thread(NodeServer, install())
        stack.callback(process.close)
        server = Server(process=process)
        relay = await stack.enter_async_context(relayed(server))
        ear = Ear(gateway(server, endpoint=f"127.0.0.1:{relay.port}"))
        await stack.enter_async_context(ear)
        await ear.logged_in()
        yield Line(process, server, relay, ear)


async def ended(on: Line) -> float:
    """The server ends the stream in order; when it was free again."""
    async with stranger(on.server) as other:
        await other.stop()
    return time.monotonic()


async def killed(on: Line) -> float:
    """The process is killed; another one takes the port some seconds later."""
    await asyncio.to_thread(on.process.close)
    await asyncio.sleep(_STOPPED)
    on.process = await asyncio.to_thread(NodeServer, install())
    on.server = Server(process=on.process, port=on.server.port, token=on.server.token)
    return time.monotonic()


async def stopped(on: Line) -> float:
    """SIGSTOP for twelve seconds, then SIGCONT."""
    os.kill(on.process.pid, signal.SIGSTOP)
    await asyncio.sleep(_STOPPED * 4)
    os.kill(on.process.pid, signal.SIGCONT)
    return time.monotonic()


async def swallowed(on: Line) -> float:
    """The network swallows both directions of every line there is; new lines are fine."""
    on.relay.freeze()
    return time.monotonic()


async def reset(on: Line) -> float:
    """Every line is reset."""
    on.relay.cut()
    return time.monotonic()


FAULTS: dict[str, Callable[[Line], Awaitable[float]]] = {
    "stream ended by the server": ended,
    "lines reset": reset,
    "process killed, back 3 s later": killed,
    "process stopped for 12 s": stopped,
    "network swallows everything": swallowed,
}


async def measure(fault: Callable[[Line], Awaitable[float]]) -> tuple[float, float]:
    """Seconds until it is noticed, and from the gateway's being there again to being heard."""
    async with line() as on:
        began = time.monotonic()
        noticing = asyncio.create_task(_when(on.notices()))
        back = await fault(on)
        await on.ear.logged_in(times=2)
        await hears_again(on.server, on.ear)
        heard = time.monotonic()
        noticed = await noticing
        on.process.close()
        return noticed - began, heard - back


async def _when(waited: Awaitable[None]) -> float:
    await waited
    return time.monotonic()


async def held_messages(number: int = 300) -> list[int]:
    """Messages said just before the process is stopped for two seconds, in the order heard."""
    async with line() as on:
        who = on.server.do("contact", name="小林")
        room = on.server.do("room", name="读书会", members=[who])
        on.server.do("fault", method="messagePayload", jitter=20)
        on.server.do("burst", rooms=[room], who=who, count=number)
        os.kill(on.process.pid, signal.SIGSTOP)
        await asyncio.sleep(2)
        os.kill(on.process.pid, signal.SIGCONT)
        await on.ear.hears(Message, times=number)
        return [int(message.text) for message in on.ear.all(Message)]


async def _main() -> None:
    print(f"{'':36}{'noticed':>10}{'recovered':>12}")  # noqa: T201
    for name, fault in FAULTS.items():
        noticed, heard = await measure(fault)
        print(f"{name:36}{noticed:9.2f}s{heard:11.2f}s", flush=True)  # noqa: T201
    order = await held_messages()
    print(f"held over a stop: {len(order)} of 300, in order: {order == list(range(300))}")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(_main())
