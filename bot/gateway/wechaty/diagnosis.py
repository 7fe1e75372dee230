"""Why a connection failed: what is only called UNAVAILABLE, told apart by looking again."""

import asyncio
import re
import socket
import ssl

from bot.gateway.wechaty.address import Address
from bot.gateway.wechaty.status import Code, Failed
from bot.gateway.wechaty.trouble import Cause, Trouble

_LOOK_SECONDS = 3.0
_SAID_BY_SERVER = {
    Code.UNAUTHENTICATED: Cause.WRONG_TOKEN,
    Code.PERMISSION_DENIED: Cause.WRONG_TOKEN,
    Code.ALREADY_EXISTS: Cause.TAKEN,
    Code.UNIMPLEMENTED: Cause.NOT_A_GATEWAY,
}
_UNTRUSTED = re.compile("certificate|verification", re.IGNORECASE)
"""An unknown root, or another name."""
_MOST_DETAIL = 120


def shortly(error: Failed) -> str:
    """A failed call in a few words, without line breaks."""
    details = " ".join((error.details).split())
    return f"{error.code.name}: {details[:_MOST_DETAIL]}" if details else str(error.code.name)


def what_broke(address: Address, error: Failed) -> Trouble:
    """The trouble of a line that stood, or that the server refused in so many words."""
    cause = _SAID_BY_SERVER.get(error.code, Cause.BROKEN)
    return Trouble(cause, str(address), shortly(error))


async def why_unconnected(address: Address, name: str | None, error: Failed | None) -> Trouble:
    """The trouble of a line that never stood; `name` is the TLS server name, None for plain."""
    if error is not None and error.code in _SAID_BY_SERVER:
        return what_broke(address, error)
    place = str(address)
    detail = shortly(error) if error is not None else "timeout"
    found = await _reach(address)
    if found is not None:
        return found
    speaks = await _speaks_tls(address, name or address.host)
    if name is None:
        return Trouble(Cause.TLS_NEEDED if speaks else Cause.BROKEN, place, detail)
    if speaks is False:
        return Trouble(Cause.TLS_NOT_SPOKEN, place, detail)
    certificate = _UNTRUSTED.search(detail) or (speaks and "handshake" in detail)
    return Trouble(Cause.CERTIFICATE if certificate else Cause.BROKEN, place, detail)


async def _reach(address: Address) -> Trouble | None:
    """What keeps a plain TCP connection from standing; None if nothing does."""
    place = str(address)
    try:
        async with asyncio.timeout(_LOOK_SECONDS):
            _, writer = await asyncio.open_connection(address.host, address.port)
    except socket.gaierror:
        return Trouble(Cause.UNRESOLVABLE, place)
    except ConnectionRefusedError:
        return Trouble(Cause.REFUSED, place)
    except UnicodeError:  # a label of the name is empty or too long
        return Trouble(Cause.UNRESOLVABLE, place)
    except (OSError, ValueError) as error:
        return Trouble(Cause.UNREACHABLE, place, str(error) or "timeout")
    writer.close()
    return None


async def _speaks_tls(address: Address, name: str) -> bool | None:
    """Whether the port speaks TLS; None where it cannot be told (a server going up or down)."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # only asked whether it is TLS; nothing is sent
    try:
        async with asyncio.timeout(_LOOK_SECONDS):
            _, writer = await asyncio.open_connection(
                address.host, address.port, ssl=context, server_hostname=name
            )
    except ssl.SSLError as error:
        return False if "VERSION" in str(error).upper() else None
    except (OSError, ValueError):
        return None
    writer.transport.abort()
    return True
