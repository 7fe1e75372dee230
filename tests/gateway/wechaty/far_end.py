"""The other end of an HTTP/2 connection in memory: the library h2 as a server, byte by byte."""

import asyncio
from collections.abc import Sequence
from typing import Any

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded, StreamReset
from pydantic import SecretStr

from bot.gateway.wechaty.address import Address
from bot.gateway.wechaty.channel import Channel
from bot.gateway.wechaty.connection import Connection

HEADERS = [(":status", "200"), ("content-type", "application/grpc")]
WELL = [("grpc-status", "0"), ("grpc-message", "OK")]


def framed(message: bytes) -> bytes:
    """A message as gRPC carries it."""
    return bytes(1) + len(message).to_bytes(4, "big") + message


class FarEnd:
    """A server without a network; it is also the transport that our connection writes to."""

    def __init__(self, pieces: int = 65_536) -> None:
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self.asked: dict[int, bytes] = {}
        """What was asked on each stream so far."""
        self.headers: dict[int, dict[Any, Any]] = {}
        self.whole: list[int] = []
        """The streams whose questions have ended, in that order."""
        self.reset: list[int] = []
        self.aborted = False
        self.takes = True
        """Whether it opens its windows again for what it has read."""
        self._pieces = pieces
        self.near = Connection()

    async def open(self) -> Channel:
        """Our channel, connected to this end."""
        channel = Channel(Address("far", 1), SecretStr("secret"), None)
        channel._connection = self.near
        self.h2.initiate_connection()
        self.near.connection_made(self)
        await self.turn()
        return channel

    def write(self, data: bytes) -> None:
        """As a transport does: our side has sent this."""
        for event in self.h2.receive_data(data):
            match event:
                case RequestReceived(stream_id=id_, headers=headers):
                    self.asked[id_], self.headers[id_] = b"", dict(headers or [])
                case DataReceived(stream_id=id_, data=data, flow_controlled_length=size):
                    self.asked[id_ or 0] += data or b""
                    if self.takes and size:
                        self.h2.acknowledge_received_data(size, id_ or 0)
                case StreamEnded(stream_id=id_):
                    self.whole.append(id_ or 0)
                case StreamReset(stream_id=id_):
                    self.reset.append(id_ or 0)

    def abort(self) -> None:
        """As a transport does: our side gave up."""
        self.aborted = True

    async def turn(self) -> None:
        """Let both sides say what they have to say."""
        for _ in range(5):
            await asyncio.sleep(0)
            self.say(self.h2.data_to_send())

    def say(self, data: bytes) -> None:
        """Send these bytes in pieces."""
        for start in range(0, len(data), self._pieces):
            self.near.data_received(data[start : start + self._pieces])

    def answer(
        self, stream: int, message: bytes, trailers: Sequence[tuple[str, str]] = WELL
    ) -> None:
        """Answer a question as a gateway does."""
        self.h2.send_headers(stream, HEADERS)
        body = framed(message)
        for start in range(0, len(body), 16_384):
            self.h2.send_data(stream, body[start : start + 16_384])
        self.h2.send_headers(stream, trailers, end_stream=True)
