import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.gateway.settings import WechatySettings, split_endpoint
from bot.gateway.wechaty.address import Address, find, root_certificate, server_name
from bot.gateway.wechaty.trouble import Cause, Trouble

TOKEN = "insecure_63d6b063-01e5"  # noqa: S105  nobody's


@asynccontextmanager
async def directory(answer: str) -> AsyncIterator[tuple[WechatySettings, list[str]]]:
    """A directory that gives every token this HTTP answer, and notes what it was asked."""
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode().split()[1])
        head, _, body = answer.partition("|")
        writer.write(f"HTTP/1.0 {head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield WechatySettings(authority=f"http://127.0.0.1:{port}"), asked


@pytest.mark.parametrize("key", ["host", "ip"])
async def test_a_token_is_looked_up(key: str) -> None:
    """The directory is asked for the token and its answer is the address."""
    async with directory(f'200 OK|{{"{key}": "10.0.0.7", "port": 8788}}') as (settings, asked):
        assert Address("10.0.0.7", 8788) == await find(TOKEN, settings)
    assert [f"/v0/hosties/{TOKEN}"] == asked


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ("404 Not Found|", Cause.UNKNOWN_TOKEN),
        ('200 OK|{"ip": "0.0.0.0", "port": 0}', Cause.UNKNOWN_TOKEN),
        ("200 OK|{}", Cause.UNKNOWN_TOKEN),
        ("500 Oops|", Cause.DIRECTORY),
        ("200 OK|<html>", Cause.DIRECTORY),
        ("200 OK|[1]", Cause.DIRECTORY),
        ('200 OK|{"host": "h", "port": "x"}', Cause.DIRECTORY),
    ],
)
async def test_what_the_directory_does_not_know(answer: str, cause: Cause) -> None:
    """No such token, which is also what an expired one looks like, and a directory in trouble."""
    async with directory(answer) as (settings, _):
        with pytest.raises(Trouble) as caught:
            await find(TOKEN, settings)
    assert cause is caught.value.cause


async def test_a_directory_that_is_away() -> None:
    """Nobody answers there: said so, with the other way to go."""
    with pytest.raises(Trouble, match=r"wechaty\.endpoint") as caught:
        await find(TOKEN, WechatySettings(authority="http://127.0.0.1:9"))
    assert Cause.DIRECTORY is caught.value.cause


async def test_an_endpoint_needs_no_directory() -> None:
    """A named endpoint is the address."""
    settings = WechatySettings(endpoint="[::1]:8788", authority="http://127.0.0.1:9")
    assert Address("::1", 8788) == await find(TOKEN, settings)
    assert "[::1]:8788" == str(Address("::1", 8788))


@pytest.mark.parametrize("endpoint", ["8788", "host:", ":1", "host:0", "host:70000", "host:٣"])
def test_what_is_no_endpoint(endpoint: str) -> None:
    """An endpoint without host or port is refused when the config is read."""
    with pytest.raises(ValueError, match="host:port"):
        split_endpoint(endpoint)
    with pytest.raises(ValueError, match="host:port"):
        WechatySettings(endpoint=endpoint)


def test_the_token_names_the_server() -> None:
    """What stands before the last underscore, unless the setting says otherwise."""
    assert "my_sni" == server_name("My_SNI_63d6", WechatySettings())
    assert "other" == server_name(TOKEN, WechatySettings(server_name="other"))
    with pytest.raises(Trouble, match="insecure_"):
        server_name("63d6b063", WechatySettings())


def test_the_root_certificate(tmp_path: Path) -> None:
    """The community's by default; the operator's own by path or as text."""
    community = root_certificate(WechatySettings())
    assert b"-----BEGIN CERTIFICATE-----" in community
    own = tmp_path / "own.pem"
    own.write_bytes(community)
    assert community == root_certificate(WechatySettings(ca=str(own)))
    text = "-----BEGIN CERTIFICATE-----\\nMII"
    assert b"-----BEGIN CERTIFICATE-----\nMII" == root_certificate(WechatySettings(ca=text))


@pytest.mark.parametrize("name", ["nowhere.pem", "empty.pem"])
def test_a_root_certificate_that_is_none(tmp_path: Path, name: str) -> None:
    """A missing file and a file of something else are said to be so."""
    (tmp_path / "empty.pem").write_text("x")
    with pytest.raises(Trouble, match=name):
        root_certificate(WechatySettings(ca=str(tmp_path / name)))
