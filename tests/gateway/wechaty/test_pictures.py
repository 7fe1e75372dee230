import asyncio
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from gateway.ear import Ear
from gateway.node_server import Server
from gateway.stage import ACCOUNT
from gateway.wechaty.ends import relayed, room
from pictures import code
from pydantic import SecretStr

from bot.events import Group, Kind, Message
from bot.gateway.settings import WechatySettings
from bot.gateway.wechaty import lanes, pictures, web
from bot.gateway.wechaty.client import TooLarge
from bot.gateway.wechaty.gateway import WechatyGateway

CODE = code("https://u.wechat.com/x")


def seeing(server: Server, port: int = 0) -> WechatyGateway:
    """A client of the server that looks into pictures."""
    return WechatyGateway(
        ACCOUNT,
        WechatySettings(endpoint=f"127.0.0.1:{port or server.port}"),
        SecretStr(server.token),
        lambda _: True,
        wants_pictures=lambda _: True,
    )


async def heard(server: Server, **how: Any) -> Message:
    """A picture that is sent, as it is heard."""
    async with Ear(seeing(server)) as ear:
        await ear.logged_in()
        group, who = room(server)
        send(server, group, who, **how)
        return await ear.hears(Message, lambda message: message.group == group)


def send(server: Server, group: Group, who: str, picture: bytes = CODE, **how: Any) -> None:
    """Somebody sends a picture."""
    written = b64encode(picture).decode()
    server.do("speak", room=group.id, who=who, type=int(Kind.IMAGE), bytes=written, **how)


@pytest.mark.parametrize("picture", [CODE, CODE + bytes(3_000_000)])
async def test_a_picture_in_memory(server: Server, picture: bytes) -> None:
    """Small ones the server cannot write down; large ones it keeps to be downloaded."""
    assert picture == (await heard(server, picture=picture, memory=True)).picture


async def test_a_picture_that_is_too_large(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left where it is, and the message comes; the line goes on."""
    monkeypatch.setattr(pictures, "MOST_BYTES", 100_000)
    for memory in (True, False):
        message = await heard(server, picture=bytes(5_000_000), memory=memory)
        assert (Kind.IMAGE, b"") == (message.kind, message.picture)


async def test_a_picture_that_takes_long(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its group waits for it so long and no longer; another does not wait at all."""
    monkeypatch.setattr(lanes, "LONGEST_SECONDS", 0.5)
    async with Ear(seeing(server)) as ear:
        await ear.logged_in()
        (group, who), (other, somebody) = room(server), room(server, "跑步")
        server.do("fault", method="messageImage", times=1, delay=3000)
        send(server, group, who)
        server.do("speak", room=group.id, who=who, text="好看吗")
        server.do("speak", room=other.id, who=somebody, text="早")
        await ear.hears(Message, lambda message: message.text == "好看吗")
        texts = [(message.kind, message.text, message.picture) for message in ear.all(Message)]
    assert [(Kind.TEXT, "早", b""), (Kind.IMAGE, "", b""), (Kind.TEXT, "好看吗", b"")] == texts


async def test_a_line_that_breaks_meanwhile(server: Server) -> None:
    """The picture is asked for again on the next line."""
    async with relayed(server) as relay, Ear(seeing(server, relay.port)) as ear:
        await ear.logged_in()
        group, who = room(server)
        server.do("fault", method="messageImage", times=1, delay=800)
        before = server.do("calls").get("messageImage", 0)
        send(server, group, who)
        while server.do("calls").get("messageImage", 0) == before:  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.01)
        relay.cut()
        message = await ear.hears(Message, lambda message: message.group == group)
    assert CODE == message.picture


@pytest.fixture
def site() -> Iterator[str]:
    """A site on the web with a picture, a redirect and an endless file."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer."""
            if self.path == "/elsewhere":
                self.send_response(302)
                self.send_header("Location", "/picture")
                self.end_headers()
                return
            self.send_response(200 if self.path == "/picture" else 404)
            self.end_headers()
            self.wfile.write(CODE)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


async def test_a_picture_on_the_web(
    server: Server, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is fetched where the gateway names its address."""
    monkeypatch.setattr(web, "is_public", lambda _: True)
    assert CODE == (await heard(server, web=f"{site}/picture")).picture


def test_our_own_network_is_not_for_others(site: str) -> None:
    """An address in it is not asked for, nor what is no web address."""
    for url in (
        f"{site}/picture",
        "http://localhost/",
        "http://[::1]/",
        "file:///etc/passwd",
        "//",
    ):
        with pytest.raises(ValueError):
            web.fetch(url, 1000)


def test_what_cannot_be_fetched(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirect, an error and a file without end are refused."""
    monkeypatch.setattr(web, "is_public", lambda _: True)
    for path in ("/elsewhere", "/nothing"):
        with pytest.raises(OSError, match="HTTP Error"):
            web.fetch(f"{site}{path}", 1_000_000)
    with pytest.raises(TooLarge):
        web.fetch(f"{site}/picture", 10)


def test_a_public_address() -> None:
    """What lies outside our own network."""
    assert (True, False, False) == tuple(
        map(web.is_public, ("1.1.1.1", "10.0.0.1", "169.254.169.254"))
    )
