"""gRPC over one connection: questions with one answer, and one long stream of events."""

import asyncio
import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from struct import Struct
from typing import Any
from urllib.parse import unquote

from pydantic import SecretStr

from bot.gateway.wechaty import frames
from bot.gateway.wechaty.address import Address
from bot.gateway.wechaty.connection import WINDOW, Connection
from bot.gateway.wechaty.frames import Headers, Violation
from bot.gateway.wechaty.status import Code, Failed

_PREFIX = Struct(">BI")
"""Whether compressed, and how long."""
_MOST_DIGITS = 3
_LARGEST = WINDOW - _PREFIX.size
_LOOK_AGAIN_SECONDS = 0.25
"""After so long the host's next address is tried as well."""
_OF_HTTP = {
    401: Code.UNAUTHENTICATED,
    403: Code.PERMISSION_DENIED,
    404: Code.UNIMPLEMENTED,
    429: Code.UNAVAILABLE,
    502: Code.UNAVAILABLE,
    503: Code.UNAVAILABLE,
    504: Code.UNAVAILABLE,
}

Security = tuple[str, bytes]
"""The name that the certificate must bear, and the root to trust."""


class Channel:
    """One connection, made when it is first needed; once it is lost, it is lost."""

    def __init__(self, address: Address, token: SecretStr, security: Security | None) -> None:
        self._address = address
        self._security = security
        secret = token.get_secret_value()
        # Gateways before 0.30 know no metadata and read the token from :authority.
        self._headers: Headers = (
            (b":method", b"POST"),
            (b":scheme", b"https" if security else b"http"),
            (b":authority", (security[0] if security else secret).encode()),
            (b"te", b"trailers"),
            (b"content-type", b"application/grpc"),
            (b"authorization", f"Wechaty {secret}".encode()),
        )
        self._blocks: dict[str, bytes] = {}
        self._connection: Connection | None = None
        self._connecting: asyncio.Task[Connection] | None = None
        self._closed = False

    def connected(self) -> bool:
        """Whether the line stands, and the other side has shown to speak HTTP/2."""
        return self._connection is not None and self._connection.greeted

    async def ask(self, method: str, request: bytes, timeout: float) -> bytes:  # noqa: ASYNC109  it goes into the error
        """The answer to one question. Raises Failed."""
        connection = self._connection or await self._connected()
        return await self._asked(connection, method, request, timeout)

    def asked(self, method: str, request: bytes, timeout: float) -> "Answer | None":
        """A question that is on its way when this returns; None while there is no line.

        Raises Failed. The answer is awaited later, or never: it is no task that must be ended.
        """
        connection = self._connection
        return None if connection is None else self._asked(connection, method, request, timeout)

    def _asked(
        self, connection: Connection, method: str, request: bytes, timeout: float
    ) -> "Answer":
        answer = Answer(connection, timeout)
        connection.open(self._block(method), _PREFIX.pack(0, len(request)) + request, answer)
        return answer

    async def listen(self, method: str, request: bytes, hear: Callable[[bytes], None]) -> None:
        """Give each message of a stream to `hear`, until it ends in order. Raises Failed."""
        connection = self._connection or await self._connected()
        hearing = _Hearing(connection, hear)
        connection.open(self._block(method), _PREFIX.pack(0, len(request)) + request, hearing)
        await hearing

    async def close(self) -> None:
        """End the line; every call of it fails."""
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._connection is not None:
            self._connection.close()

    def _block(self, method: str) -> bytes:
        block = self._blocks.get(method)
        if block is None:
            path = (b":path", f"/wechaty.Puppet/{method}".encode())
            block = self._blocks[method] = frames.block(
                (*self._headers[:2], path, *self._headers[2:])
            )
        return block

    async def _connected(self) -> Connection:
        """The connection, made once for all who wait for it. Raises Failed."""
        if self._closed:
            raise Failed(Code.UNAVAILABLE, "the line was closed before", sent=False)
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect())
        connecting = self._connecting
        await asyncio.wait({connecting})  # not awaited itself: its cancellation is not ours
        if connecting.cancelled():
            raise Failed(Code.UNAVAILABLE, "the line was closed before", sent=False)
        return connecting.result()

    async def _connect(self) -> Connection:
        context, name = None, None
        try:
            if self._security is not None:
                name, context = self._security[0], _trusting(self._security[1])
            _, connection = await asyncio.get_running_loop().create_connection(
                Connection,
                self._address.host,
                self._address.port,
                ssl=context,
                server_hostname=name,
                happy_eyeballs_delay=_LOOK_AGAIN_SECONDS,
            )
        except (OSError, ValueError) as error:  # a name may be none that DNS or TLS can carry
            details = f"failed to connect: {error}"
            raise Failed(Code.UNAVAILABLE, details, sent=False) from None
        self._connection = connection
        return connection


def _trusting(root: bytes) -> ssl.SSLContext:
    """Trusts this root and nothing else; the community's certificate bears a common name only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=root.decode("ascii", "replace"))
    context.set_alpn_protocols(["h2"])
    return context


class _Call(ABC):
    """What both kinds of calls have in common; awaited, it gives the answer or raises Failed.

    Once nobody waits for it any more it is dropped. A failure is a result of the future, and no
    exception, so that nobody has to ask for it.
    """

    def __init__(self, connection: Connection) -> None:
        self.id = 0
        self._over = False
        self._connection = connection
        self._future: asyncio.Future[bytes | Failed] = connection.loop.create_future()
        self._status: Headers = ()

    def __await__(self) -> Generator[Any, None, bytes]:
        try:
            found = yield from self._future.__await__()
        finally:
            self._let_go()
        if isinstance(found, Failed):
            raise found
        return found

    def headers(self, headers: Headers) -> None:
        """The later ones, if there are two, say how it went."""
        self._status = headers

    @abstractmethod
    def data(self, data: bytes) -> None:
        """See connection.Stream."""

    def ended(self, failed: Failed | None) -> None:
        """See connection.Stream."""
        self._over = True
        self._tell(failed or _failure(self._status) or self._whole())

    def _tell(self, what: bytes | Failed) -> None:
        if not self._future.done():
            self._future.set_result(what)

    def _whole(self) -> bytes | Failed:
        return b""

    def _let_go(self) -> None:
        if not self._over:
            self._connection.drop(self)


class Answer(_Call):
    """A question that has one answer, by a deadline in seconds."""

    def __init__(self, connection: Connection, seconds: float) -> None:
        super().__init__(connection)
        self._parts: list[bytes] = []
        self._size = 0
        self._timer = connection.loop.call_later(seconds, self._expire)

    def data(self, data: bytes) -> None:
        """See connection.Stream."""
        self._parts.append(data)
        self._size += len(data)
        if self._size > WINDOW:
            raise Violation("an endless answer")

    def _whole(self) -> bytes | Failed:
        data = b"".join(self._parts)
        try:
            size = _size(data)
        except Violation as error:
            return Failed(Code.INTERNAL, str(error))
        if size is None or len(data) < size:
            return Failed(Code.INTERNAL, "the answer is cut off")
        return data[_PREFIX.size : size]

    def _let_go(self) -> None:
        self._timer.cancel()
        super()._let_go()

    def _expire(self) -> None:
        self._tell(Failed(Code.DEADLINE_EXCEEDED, "no answer in time"))


class _Hearing(_Call):
    """A stream of messages."""

    def __init__(self, connection: Connection, hear: Callable[[bytes], None]) -> None:
        super().__init__(connection)
        self._hear = hear
        self._consumed = 0
        self._cut = bytearray()
        """The beginning of a message whose end has not come."""

    def data(self, data: bytes) -> None:
        """See connection.Stream."""
        self._consumed += len(data)
        if self._consumed >= WINDOW // 2:
            self._connection.consumed(self, self._consumed)
            self._consumed = 0
        if self._cut:
            self._cut += data
            size = _size(self._cut)
            if size is None or len(self._cut) < size:
                return
            data, self._cut = bytes(self._cut), bytearray()
        at = 0
        while (size := _size(data, at)) is not None and len(data) - at >= size:
            self._hear(data[at + _PREFIX.size : at + size])
            at += size
        self._cut += data[at:]


def _size(data: bytes | bytearray, at: int = 0) -> int | None:
    """How long the message is that begins here, prefix included; None while that is unknown.

    Raises Violation.
    """
    if len(data) - at < _PREFIX.size:
        return None
    compressed, size = _PREFIX.unpack_from(data, at)
    if compressed or size > _LARGEST:
        raise Violation("a message that is compressed or endless")
    return _PREFIX.size + int(size)


def _failure(headers: Headers) -> Failed | None:
    """How it went, by the last headers; None if all is well."""
    said = dict(headers)
    status = said.get(b"grpc-status")
    if status == b"0":
        return None
    details = unquote(said.get(b"grpc-message", b"").decode("utf-8", "replace"), errors="replace")
    if status is not None:
        return Failed(Code(_number(status)), details)
    http = _number(said.get(b":status", b""))
    return Failed(_OF_HTTP.get(http, Code.UNKNOWN), f"no gRPC status, HTTP status {http}")


def _number(text: bytes) -> int:
    """A short number; -1 for anything else."""
    return int(text) if text.isdigit() and len(text) <= _MOST_DIGITS else -1
