"""Fetches what a gateway names by its address on the web."""

import time
from email.message import Message as Headers
from http.client import HTTPException
from ipaddress import ip_address
from socket import getaddrinfo
from typing import IO
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from bot.gateway.wechaty.client import TooLarge

_SECONDS = 5.0
_AT_A_TIME = 65_536


class _NotElsewhere(HTTPRedirectHandler):
    """A redirect could lead into our own network: it is not followed."""

    def redirect_request(  # noqa: PLR0917  as it is called
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str
    ) -> None:
        """None means: not followed."""


def fetch(url: str, most: int) -> bytes:
    """What a public address on the web holds, of so many bytes at most; to be run in a thread.

    Raises OSError, ValueError or TooLarge. An address in our own network is refused: whoever has
    a gateway hand on an address must not reach by us what they cannot reach themselves.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("no web address")
    if not is_public(parts.hostname):
        raise ValueError("an address that is not public")
    try:
        return _read(url, most)
    except HTTPException as error:
        raise OSError(str(error)) from error


def is_public(host: str) -> bool:
    """Whether all that this name stands for lies outside our own network. Raises OSError."""
    places = (str(found[4][0]).partition("%")[0] for found in getaddrinfo(host, None))
    return all(ip_address(place).is_global for place in places)


def _read(url: str, most: int) -> bytes:
    give_up = time.monotonic() + _SECONDS
    parts: list[bytes] = []
    size = 0
    with build_opener(_NotElsewhere).open(url, timeout=_SECONDS) as answer:
        while part := answer.read1(_AT_A_TIME):
            parts.append(part)
            size += len(part)
            if size > most:
                raise TooLarge
            if time.monotonic() > give_up:
                raise TimeoutError
    return b"".join(parts)
