"""One HTTP/2 connection, the client's side: many streams, and what keeps them apart.

grpcio spends 300 µs of a message in the event loop and its threads, h2 more; of all they can do, a
gateway needs small calls and one long stream. docs/adr/0003-grpc-transport.md has the figures.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from bot.gateway.wechaty import frames
from bot.gateway.wechaty.frames import HEAD, HEAD_SIZE, Headers, Kind, Setting, Violation, frame
from bot.gateway.wechaty.sending import Sending
from bot.gateway.wechaty.status import Code, Failed

WINDOW = 64 * 1024 * 1024
"""Bytes a stream may send ahead of our reading; larger than any answer may be."""
_LARGEST_HEADERS = 64 * 1024
_KEEP_ALIVE_SECONDS, _PATIENCE_SECONDS = 30.0, 10.0
_LAST_SECONDS = 1.0
"""A gateway that goes away may take so long over the answers it still owes."""
_PRIORITY_SIZE, _PING_SIZE = 5, 8
_CANCEL, _REFUSED = 0x8, 0x7
_RESETS = {_CANCEL: Code.CANCELLED, _REFUSED: Code.UNAVAILABLE, 0xB: Code.RESOURCE_EXHAUSTED}
_HELLO = (
    frames.PREFACE
    + frames.settings(
        {
            Setting.ENABLE_PUSH: 0,
            Setting.WINDOW: WINDOW,
            Setting.LARGEST_HEADERS: _LARGEST_HEADERS,
        }
    )
    + frame(Kind.WINDOW_UPDATE, 0, 0, frames.number(frames.LARGEST_NUMBER - 65_535))
)


class Stream(Protocol):
    """One call; each of these is called from the event loop and must not wait or raise."""

    id: int

    def headers(self, headers: Headers) -> None:
        """The answer's headers or trailers."""
        ...

    def data(self, data: bytes) -> None:
        """Bytes of the answer. Raises Violation."""
        ...

    def ended(self, failed: Failed | None) -> None:
        """The last that is heard of it: the answer is whole, or why it never will be."""
        ...


class Connection(asyncio.Protocol):
    """`greeted` says whether it stands, and the other side has shown to speak HTTP/2."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.greeted = False
        self._transport: Any = None
        self._rest = b""
        self._block: tuple[int, int, bytes] | None = None
        """Stream, flags and the beginning of headers that are continued in the next frame."""
        self._reader = frames.HeaderReader()
        self._streams: dict[int, Stream] = {}
        self._held: deque[tuple[bytes, bytes, Stream]] = deque()
        """Calls beyond what the other side takes at once."""
        self._most = frames.LARGEST_NUMBER
        self._next = 1
        self._taken = 0
        """Bytes received since the connection's window was last opened."""
        self._sending = Sending(self.loop)
        self._over: Failed | None = None
        self._going = False
        self._ticking: asyncio.TimerHandle | None = None
        self._takers: dict[int, Callable[[int, int, bytes], None]] = {
            Kind.DATA: self._data,
            Kind.HEADERS: self._headers,
            Kind.RESET: self._reset,
            Kind.SETTINGS: self._settings,
            Kind.PUSH_PROMISE: self._pushed,
            Kind.PING: self._pinged,
            Kind.GOAWAY: self._going_away,
            Kind.WINDOW_UPDATE: self._widened,
            Kind.CONTINUATION: self._continued,
        }

    # What the channel asks.

    def open(self, headers: bytes, body: bytes, stream: Stream) -> None:
        """Begin a call: a header block and the whole request. Raises Failed."""
        if self._over is not None:
            raise Failed(self._over.code, self._over.details, sent=False)
        if self._going or self._next > frames.LARGEST_NUMBER:
            raise Failed(Code.UNAVAILABLE, "the gateway takes no more calls", sent=False)
        if len(self._streams) >= self._most:
            self._held.append((headers, body, stream))
            return
        stream.id, self._next = self._next, self._next + 2
        self._streams[stream.id] = stream
        head = frame(Kind.HEADERS, frames.END_HEADERS, stream.id, headers)
        self._sending.request(head, stream.id, body)

    def drop(self, stream: Stream) -> None:
        """Nobody waits for this call any more."""
        if self._streams.pop(stream.id, None) is not None:
            self._sending.forget(stream.id)
            self._sending.write(frame(Kind.RESET, 0, stream.id, frames.number(_CANCEL)))
            self._open_held()
        else:
            self._held = deque(item for item in self._held if item[2] is not stream)

    def consumed(self, stream: Stream, size: int) -> None:
        """A long stream has dealt with so many bytes: it may be sent as many more."""
        self._sending.write(frame(Kind.WINDOW_UPDATE, 0, stream.id, frames.number(size)))

    def close(self, why: str = "the line was closed") -> None:
        """End it; every call of it fails."""
        self._fail(Failed(Code.UNAVAILABLE, why))

    # What the transport tells.

    def connection_made(self, transport: Any) -> None:
        """Say hello at once: the other side need not have spoken."""
        self._transport = transport
        self._sending.open(transport)
        self._sending.write(_HELLO)
        self._ticking = self.loop.call_later(_KEEP_ALIVE_SECONDS, self._ping)

    def data_received(self, data: bytes) -> None:
        """Take whole frames; keep what is cut off."""
        try:
            self._rest = self._take(self._rest + data if self._rest else data)
        except Violation as error:
            self._fail(Failed(Code.UNAVAILABLE, f"the gateway speaks no sound HTTP/2: {error}"))

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side is gone."""
        self._fail(Failed(Code.UNAVAILABLE, f"the line broke: {exc or 'closed by the gateway'}"))

    # What the other side says.

    def _take(self, data: bytes) -> bytes:
        """Deal with the whole frames at the beginning; returns the rest. Raises Violation."""
        at, end = 0, len(data)
        while end - at >= HEAD_SIZE:
            high, low, kind, flags, id_ = HEAD.unpack_from(data, at)
            size = high << 16 | low
            if size > frames.LARGEST_FRAME or not (self.greeted or kind == Kind.SETTINGS):
                raise Violation("that is something else")
            start, stop = at + HEAD_SIZE, at + HEAD_SIZE + size
            if stop > end:
                break
            if self._block is not None and kind != Kind.CONTINUATION:
                raise Violation("headers were cut off")
            take = self._takers.get(kind)
            if take is not None:
                take(flags, id_ & frames.LARGEST_NUMBER, data[start:stop])
            at = stop
        return data[at:]

    def _data(self, flags: int, id_: int, payload: bytes) -> None:
        self._taken += len(payload)
        if self._taken >= frames.LARGEST_NUMBER // 2:
            self._sending.write(frame(Kind.WINDOW_UPDATE, 0, 0, frames.number(self._taken)))
            self._taken = 0
        stream = self._streams.get(id_)
        if stream is not None:
            stream.data(frames.bare(flags, payload))
            if flags & frames.END_STREAM:
                self._finish(id_, None)

    def _headers(self, flags: int, id_: int, payload: bytes) -> None:
        block = frames.bare(flags, payload)
        self._block_of(flags, id_, block[_PRIORITY_SIZE:] if flags & frames.PRIORITY else block)

    def _continued(self, flags: int, id_: int, payload: bytes) -> None:
        if self._block is None or self._block[0] != id_:
            raise Violation("a continuation of nothing")
        _, before, begun = self._block
        self._block_of(before | flags, id_, begun + payload)

    def _block_of(self, flags: int, id_: int, block: bytes) -> None:
        if len(block) > _LARGEST_HEADERS:
            raise Violation("endless headers")
        if not flags & frames.END_HEADERS:
            self._block = id_, flags, block
            return
        self._block = None
        headers = self._reader.read(block)
        stream = self._streams.get(id_)
        if stream is not None:
            stream.headers(headers)
            if flags & frames.END_STREAM:
                self._finish(id_, None)

    def _reset(self, _: int, id_: int, payload: bytes) -> None:
        error = frames.read_number(payload)
        code = _RESETS.get(error, Code.INTERNAL)
        details = f"the gateway broke the call off, HTTP/2 error {error}"
        self._finish(id_, Failed(code, details, sent=error != _REFUSED))

    def _widened(self, _: int, id_: int, payload: bytes) -> None:
        self._sending.widen(id_, frames.read_number(payload) & frames.LARGEST_NUMBER)

    def _settings(self, flags: int, _: int, payload: bytes) -> None:
        if flags & frames.ACK:
            return
        asked = frames.read_settings(payload)
        self._most = asked.get(Setting.MOST_STREAMS, self._most)
        self._sending.write(frame(Kind.SETTINGS, frames.ACK, 0))
        self._sending.agree(asked.get(Setting.WINDOW), asked.get(Setting.LARGEST_FRAME))
        self.greeted = True
        self._open_held()

    def _pinged(self, flags: int, _: int, payload: bytes) -> None:
        if len(payload) != _PING_SIZE:
            raise Violation("a ping of an odd size")
        if not flags & frames.ACK:
            self._sending.write(frame(Kind.PING, frames.ACK, 0, payload))
            return
        if not self._going:
            self._tick(_KEEP_ALIVE_SECONDS, self._ping)

    def _going_away(self, _: int, __: int, payload: bytes) -> None:
        """What is being answered may still be answered; what came later was not looked at."""
        last = frames.read_number(payload) & frames.LARGEST_NUMBER
        self._going = True
        why = "the gateway goes away"
        unseen = Failed(Code.UNAVAILABLE, why, sent=False)
        for id_ in [id_ for id_ in self._streams if id_ > last]:
            self._finish(id_, unseen)
        self._fail_held(unseen)
        self._tick(_LAST_SECONDS, lambda: self.close(why))

    def _pushed(self, _: int, __: int, ___: bytes) -> None:
        raise Violation("a push that was switched off")

    def _finish(self, id_: int, failed: Failed | None) -> None:
        stream = self._streams.pop(id_, None)
        if stream is not None:
            self._sending.forget(id_)
            stream.ended(failed)
            self._open_held()

    def _open_held(self) -> None:
        while self._held and len(self._streams) < self._most and self._next < frames.LARGEST_NUMBER:
            self.open(*self._held.popleft())

    def _ping(self) -> None:
        """A line on which nothing is heard must not pass for one that stands."""
        self._sending.write(frame(Kind.PING, 0, 0, bytes(_PING_SIZE)))
        self._tick(_PATIENCE_SECONDS, lambda: self.close("no answer to a ping"))

    def _tick(self, seconds: float, then: Any) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
        self._ticking = self.loop.call_later(seconds, then) if self._over is None else None

    def _fail_held(self, failed: Failed) -> None:
        held, self._held = self._held, deque()
        for _, _, stream in held:
            stream.ended(failed)

    def _fail(self, failed: Failed) -> None:
        """End everything, once."""
        if self._over is not None:
            return
        self._over, self._rest = failed, b""
        self._tick(0, self._ping)
        self._sending.close()
        if self._transport is not None:
            self._transport.abort()
        self.greeted = False
        self._fail_held(Failed(failed.code, failed.details, sent=False))
        streams, self._streams = self._streams, {}
        for stream in streams.values():
            stream.ended(failed)
