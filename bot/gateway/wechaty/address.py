"""Where the gateway is and how it proves itself: token, server name, certificate, discovery."""

import asyncio
import json
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from bot.frozen import frozen
from bot.gateway.settings import WechatySettings, split_endpoint
from bot.gateway.wechaty.trouble import Cause, Trouble

_LOOK_UP_SECONDS = 10
_NOWHERE = "0.0.0.0"  # noqa: S104  what the directory says of a token without a gateway
_PEM_START = "-----BEGIN"


@frozen
class Address:
    """A host and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        """As people write it, and as gRPC reads it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def server_name(token: str, settings: WechatySettings) -> str:
    """The name the certificate must bear. Raises Trouble if neither setting nor token says it."""
    name = settings.server_name or token.rpartition("_")[0].lower()
    if not name:
        raise Trouble(Cause.NO_SERVER_NAME)
    return name


def root_certificate(settings: WechatySettings) -> bytes:
    """The PEM of the root to trust: the operator's own, else the community's. Raises Trouble."""
    if not settings.ca:
        return Path(__file__).with_name("community-ca.pem").read_bytes()
    if settings.ca.lstrip().startswith(_PEM_START):
        return settings.ca.replace("\\n", "\n").encode()
    try:
        pem = Path(settings.ca).expanduser().read_bytes()
    except (OSError, ValueError) as error:
        raise Trouble(Cause.BAD_CA, detail=str(error)) from None
    if _PEM_START.encode() not in pem:
        raise Trouble(Cause.BAD_CA, detail=f"{settings.ca}: no PEM certificate")
    return pem


async def find(token: str, settings: WechatySettings) -> Address:
    """The endpoint from the settings, else from the directory. Raises Trouble."""
    if settings.endpoint:
        return Address(*split_endpoint(settings.endpoint))
    place = settings.authority.removesuffix("/")
    base = place if "://" in place else f"https://{place}"
    body = await asyncio.to_thread(_look_up, f"{base}/v0/hosties/{quote(token)}", place)
    return _read(body, place)


def _look_up(url: str, place: str) -> bytes:
    """What the directory answers; runs in a thread."""
    # Imported here: they take a while, and most settings name the endpoint.
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    try:
        request = Request(url, headers={"Accept": "application/json"})  # noqa: S310  the operator's own setting
        with urlopen(request, timeout=_LOOK_UP_SECONDS) as answer:  # noqa: S310  as above
            body: bytes = answer.read(65_536)
            return body
    except HTTPError as error:
        with error:
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise Trouble(Cause.UNKNOWN_TOKEN, place) from None
            raise Trouble(Cause.DIRECTORY, place, f"HTTP {error.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise Trouble(Cause.DIRECTORY, place, str(error) or type(error).__name__) from None


def _read(body: bytes, place: str) -> Address:
    """The address in the directory's answer; an empty one means no such token."""
    try:
        found = json.loads(body or b"{}")
        host = found.get("host") or found.get("ip") or _NOWHERE
        port = int(found.get("port") or 0)
        if host == _NOWHERE or not port:
            raise Trouble(Cause.UNKNOWN_TOKEN, place)
        return Address(*split_endpoint(f"{host}:{port}"))
    except (AttributeError, TypeError, ValueError, OverflowError, RecursionError):
        raise Trouble(Cause.DIRECTORY, place, "unreadable answer") from None
