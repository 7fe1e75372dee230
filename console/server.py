"""Serves the console beside everything else, on the event loop of `weilu run`."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable

import uvicorn

from bot.clock import SystemClock
from bot.events import Event
from console.access import Access
from console.chat_door import ChatDoor
from console.sessions import Right, Sessions
from console.site import site

Listen = Callable[[Callable[[Event], None]], None]
"""How to be told of events."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
_CLOSING = 2
"""Seconds that requests in hand get when Weilu stops."""


@contextlib.asynccontextmanager
async def serving(
    access: Access,
    *,
    host: str,
    port: int,
    hosts: tuple[str, ...] = (),
    password_hash: str = "",
    listen: Listen = lambda _: None,
) -> AsyncIterator[str]:
    """The console runs inside this block; gives the address that signs an admin in, once.

    `hosts` are further names it may be reached by; by `listen` it hears the events of the chat,
    where operators sign in. Raises OSError if the port is taken.
    """
    # People's sessions go by the computer's clock: the sandbox's can be moved by a year.
    sessions = Sessions(SystemClock(), password_hash)
    listen(ChatDoor(sessions, access).heed)
    # What fails is told by the site, in a sentence; uvicorn would print a traceback.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    listening = _listen(host, port)
    shown = host if host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104 - compared only
    server = _Server(
        uvicorn.Config(
            site(access, sessions, {*_LOOPBACK, shown, *hosts}),
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=_CLOSING,
            ws="none",
        )
    )
    task = asyncio.create_task(server.serve([listening]), name="console")
    port = listening.getsockname()[1]
    try:
        key = sessions.link(Right.ADMIN, lasts=None)
        room = "&to=/sandbox" if access.room is not None else ""
        yield f"http://{shown}:{port}/enter?key={key}{room}"
    finally:
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)
        listening.close()
        access.close()


class _Server(uvicorn.Server):
    """Leaves Ctrl-C to `weilu run`."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as uvicorn has it
        """No signal is taken."""
        yield


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves out TCP_NODELAY: each answer came 40 ms late.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(100)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening
