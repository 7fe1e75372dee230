"""Values in frames over a stream: how a bot in one process speaks with the far side in another."""

import asyncio
import pickle
import struct
from typing import Any

_LENGTH = struct.Struct(">I")


def put(writer: asyncio.StreamWriter, *frame: Any) -> None:
    """Send one frame."""
    data = pickle.dumps(frame)
    writer.write(_LENGTH.pack(len(data)) + data)


async def take(reader: asyncio.StreamReader) -> Any:
    """The next frame, None once the other side is gone."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        return pickle.loads(await reader.readexactly(length))  # noqa: S301 both ends are ours
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
