"""Both ends of a line under test: a gateway on a server, a relay between them, what was told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from gateway.ear import Ear
from gateway.node_server import Server
from gateway.stage import ACCOUNT
from pydantic import SecretStr

from bot.events import GatewayChanged, GatewayState, Group, Message
from bot.gateway.settings import WechatySettings
from bot.gateway.wechaty.address import Address, root_certificate
from bot.gateway.wechaty.channel import Channel
from bot.gateway.wechaty.client import Client
from bot.gateway.wechaty.gateway import WechatyGateway


def gateway(server: Server, *, token: str = "", **settings: Any) -> WechatyGateway:
    """A client of the server; it cares for every group."""
    where = {"endpoint": f"127.0.0.1:{server.port}", "read_back": timedelta(seconds=0.3)} | settings
    return WechatyGateway(
        ACCOUNT,
        WechatySettings.model_validate(where),
        SecretStr(token or server.token),
        lambda _: True,
    )


@asynccontextmanager
async def stranger(server: Server) -> AsyncIterator[Client]:
    """Another client of the server, call by call."""
    security = ("insecure", root_certificate(WechatySettings()))
    token = SecretStr(server.token)
    channel = Channel(Address("127.0.0.1", server.port), token, security)
    try:
        yield Client(channel, 10)
    finally:
        await channel.close()


def in_state(state: GatewayState, fragment: str = "") -> Callable[[GatewayChanged], bool]:
    """Whether a change is to this state, with this in its sentence."""
    return lambda change: change.state is state and fragment in change.detail


async def trouble(ear: Ear) -> GatewayChanged:
    """The first trouble that is told."""
    bad = {GatewayState.FAILED, GatewayState.OFFLINE, GatewayState.DEAF}
    return await ear.hears(GatewayChanged, lambda change: change.state in bad)


def room(server: Server, name: str = "读书会") -> tuple[Group, str]:
    """A new group, and somebody in it."""
    who = server.do("contact", name="小林")
    return Group(ACCOUNT, server.do("room", name=name, members=[who]), name), who


def _says(text: str, message: Message) -> bool:
    return message.text == text


async def hears_again(server: Server, ear: Ear) -> None:
    """Return once a message that is said from now on is heard; those of a broken line are lost."""
    group, who = room(server)
    async with asyncio.timeout(20):
        while True:
            text = f"听得见吗 {len(ear.events)}"
            await asyncio.to_thread(server.do, "speak", room=group.id, who=who, text=text)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.3):
                    await ear.hears(Message, partial(_says, text))
                    return


class Relay:
    """A TCP relay before a server: `freeze` makes the lines half-open, `cut` resets them."""

    def __init__(self, port: int) -> None:
        self.port = self.sent = 0
        self._sending = asyncio.Condition()
        self._target = port
        self._frozen: set[asyncio.StreamWriter] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Cut everything and listen no more."""
        self._server.close()
        self.cut()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def freeze(self) -> None:
        """Swallow, in both directions, what the lines of this moment carry from now on."""
        self._frozen |= self._writers

    async def sends(self, more_than: int) -> None:
        """Return once more bytes than these have gone to the server."""
        async with self._sending:
            await self._sending.wait_for(lambda: self.sent > more_than)

    def cut(self) -> None:
        """Reset every line."""
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        for source, sink, counted in ((reader, back, True), (there, writer, False)):
            self._writers.add(sink)
            pump = asyncio.create_task(self._pump(source, sink, counted=counted))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65_536):
                if sink not in self._frozen:
                    sink.write(data)
                if counted:
                    async with self._sending:
                        self.sent += len(data)
                        self._sending.notify_all()
        sink.transport.abort()
        self._writers.discard(sink)


@asynccontextmanager
async def relayed(server: Server) -> AsyncIterator[Relay]:
    """A relay before this server."""
    relay = Relay(server.port)
    await relay.open()
    try:
        yield relay
    finally:
        await relay.close()
