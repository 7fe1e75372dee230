"""HTTP/2's frames (RFC 9113) as bytes, as far as a client needs them; and its header blocks."""

from enum import IntEnum
from struct import Struct

from hpack import Decoder, Encoder
from hpack.exceptions import HPACKError

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEAD = Struct(">BHBBI")
"""Length in two parts, type, flags, stream."""
HEAD_SIZE = HEAD.size
LARGEST_FRAME = 16_384
"""Bytes; neither side may send more unless the other allows it, which we do not."""
LARGEST_NUMBER = 2**31 - 1
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITY = 0x1, 0x1, 0x4, 0x8, 0x20
_SETTING = Struct(">HI")
_NUMBER = Struct(">I")
_INDEXED, _LONG_INDEX = 0x80, 0xFF

Headers = tuple[tuple[bytes, bytes], ...]


class Kind(IntEnum):
    """Types of frames; any other is skipped."""

    DATA = 0
    HEADERS = 1
    RESET = 3
    SETTINGS = 4
    PUSH_PROMISE = 5
    PING = 6
    GOAWAY = 7
    WINDOW_UPDATE = 8
    CONTINUATION = 9


class Setting(IntEnum):
    """What a side may ask of the other; any other is skipped."""

    ENABLE_PUSH = 2
    MOST_STREAMS = 3
    WINDOW = 4
    LARGEST_FRAME = 5
    LARGEST_HEADERS = 6


class Violation(ValueError):  # noqa: N818  it says what the bytes are
    """Bytes that are not HTTP/2."""


def frame(kind: Kind, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """One frame."""
    size = len(payload)
    return HEAD.pack(size >> 16, size & 0xFFFF, kind, flags, stream) + payload


def settings(asked: dict[Setting, int]) -> bytes:
    """A SETTINGS frame."""
    return frame(Kind.SETTINGS, 0, 0, b"".join(_SETTING.pack(*item) for item in asked.items()))


def read_settings(payload: bytes) -> dict[int, int]:
    """What a SETTINGS frame asks. Raises Violation."""
    if len(payload) % _SETTING.size:
        raise Violation("settings of an odd size")
    return dict(_SETTING.iter_unpack(payload))


def number(value: int) -> bytes:
    """A number of four bytes: a window's increment, an error."""
    return _NUMBER.pack(value)


def read_number(payload: bytes) -> int:
    """The first four bytes as a number. Raises Violation."""
    if len(payload) < _NUMBER.size:
        raise Violation("cut off")
    return int(_NUMBER.unpack_from(payload)[0])


def bare(flags: int, payload: bytes) -> bytes:
    """The payload of DATA or HEADERS without its padding. Raises Violation."""
    if not flags & PADDED:
        return payload
    padding = payload[0] if payload else 0
    if padding >= len(payload):
        raise Violation("more padding than payload")
    return payload[1 : len(payload) - padding]


def block(headers: Headers) -> bytes:
    """A header block that depends on nothing sent before and is never indexed: it may be reused."""
    return bytes(Encoder().encode([(name, value, True) for name, value in headers]))


class HeaderReader:
    """Reads header blocks; one reader a connection, given every block in its order."""

    def __init__(self) -> None:
        self._decoder = Decoder()
        self._seen: dict[bytes, Headers] = {}

    def read(self, data: bytes) -> Headers:
        """The headers of a block. Raises Violation.

        A block of nothing but references to the table, which it leaves as it is, reads the same
        until another block changes the table: nearly all answers are such, so they are kept.
        """
        known = self._seen.get(data)
        if known is not None:
            return known
        try:
            headers: Headers = tuple(
                (bytes(n), bytes(v)) for n, v in self._decoder.decode(data, raw=True)
            )
        except HPACKError as error:
            raise Violation(f"headers: {error}") from None
        if all(_INDEXED <= byte < _LONG_INDEX for byte in data):
            self._seen[data] = headers
        else:
            self._seen.clear()
        return headers
