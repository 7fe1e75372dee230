"""What goes out on an HTTP/2 connection: written once a turn, within the other side's windows."""

import asyncio
from collections import deque
from typing import Any

from bot.gateway.wechaty.frames import (
    END_STREAM,
    LARGEST_FRAME,
    LARGEST_NUMBER,
    Kind,
    Violation,
    frame,
)

_WINDOW = 65_535
"""Bytes; how much each side takes ahead at first."""
_AT_REST = 0.002
"""Seconds; where nothing went out for so long a request does not wait for the end of the turn."""


class Sending:
    """Gathers what is written in one turn of the event loop, so that it goes out as one packet.

    At rest the first request of a turn goes out by itself, at once.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: Any = None
        self._out: list[bytes] = []
        self._went = 0.0
        """When something last went out."""
        self._window = self._first = _WINDOW
        self._largest = LARGEST_FRAME
        self._waiting: deque[tuple[int, bytes]] = deque()
        """Bodies, or their ends, that the other side does not take yet."""
        self._windows: dict[int, int] = {}
        """Of the streams whose bodies wait."""

    def open(self, transport: Any) -> None:
        """From now on it goes out here."""
        self._transport = transport
        self._flush()

    def close(self) -> None:
        """What was written still goes out if it can at once; nothing else does."""
        self._flush()
        self._transport = None
        self._out.clear()
        self._waiting.clear()

    def write(self, data: bytes) -> None:
        """Bytes of whole frames, in their order."""
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(data)

    def request(self, head: bytes, stream: int, body: bytes) -> None:
        """A frame of headers, and the whole body as soon as the other side takes it."""
        if self._out or self._loop.time() - self._went < _AT_REST:
            self.write(head)
            self._body(stream, body)
        else:
            self._out.append(head)
            self._body(stream, body)
            self._flush()

    def _body(self, stream: int, body: bytes) -> None:
        size = len(body)
        if not self._waiting and size <= min(self._window, self._first, self._largest):
            self._window -= size
            self.write(frame(Kind.DATA, END_STREAM, stream, body))
            return
        self._windows[stream] = self._first
        self._waiting.append((stream, body))
        self._pump()

    def forget(self, stream: int) -> None:
        """The rest of this body is wanted no more."""
        if self._windows.pop(stream, None) is not None:
            self._waiting = deque(item for item in self._waiting if item[0] != stream)

    def widen(self, stream: int, size: int) -> None:
        """So many more bytes are taken, of one stream or (0) of all. Raises Violation."""
        if stream == 0:
            self._window += size
            if self._window > LARGEST_NUMBER:
                raise Violation("too wide a window")
        elif stream in self._windows:
            self._windows[stream] += size
        self._pump()

    def agree(self, window: int | None, largest: int | None) -> None:
        """What the other side asks by its settings."""
        if largest is not None and largest >= LARGEST_FRAME:
            self._largest = largest
        if window is not None:
            for stream in self._windows:
                self._windows[stream] += window - self._first
            self._first = window
        self._pump()

    def _pump(self) -> None:
        """Send of what waits as much as is taken; the streams take turns in their order."""
        for _ in range(len(self._waiting)):
            stream, body = self._waiting.popleft()
            room = min(self._window, self._windows[stream])
            while body and room > 0:
                part, body = body[: min(room, self._largest)], body[min(room, self._largest) :]
                room -= len(part)
                self._window -= len(part)
                self._windows[stream] -= len(part)
                self.write(frame(Kind.DATA, 0 if body else END_STREAM, stream, part))
            if body:
                self._waiting.append((stream, body))
            else:
                del self._windows[stream]

    def _flush(self) -> None:
        if self._transport is not None and self._out:
            self._transport.write(b"".join(self._out))
            self._out.clear()
            self._went = self._loop.time()
