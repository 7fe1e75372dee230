import asyncio
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from gateway.ear import Ear
from gateway.node_server import Server
from gateway.wechaty.ends import gateway, room, trouble

from bot.events import GatewayChanged, GatewayState, Message

NAME = "weilu.test"
FAILED, OFFLINE = GatewayState.FAILED, GatewayState.OFFLINE


def refused_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A key, and a certificate that is its own root."""
    folder = tmp_path_factory.mktemp("ca")
    key, certificate = folder / "key.pem", folder / "cert.pem"
    what = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    name = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run(
        ["openssl", *what.split(), *name, "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    return key, certificate


@pytest.fixture(scope="module")
def own(own_certificate: tuple[Path, Path]) -> Server:
    """A server with a certificate of its own."""
    key, certificate = own_certificate
    return Server(key=key.read_text(), cert=certificate.read_text())


@asynccontextmanager
async def something_else(hello: bytes) -> AsyncIterator[int]:
    """A server that says this to everybody and is no gateway."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(hello)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def hears_a_message(server: Server, ear: Ear) -> None:
    """The line carries."""
    await ear.logged_in()
    group, who = room(server)
    server.do("speak", room=group.id, who=who, text="早")
    await ear.hears(Message, lambda message: message.group == group)


async def test_without_tls(plain: Server) -> None:
    """A gateway without TLS is heard."""
    async with Ear(gateway(plain, tls=False)) as ear:
        await hears_a_message(plain, ear)


async def test_with_a_root_of_its_own(own: Server, own_certificate: tuple[Path, Path]) -> None:
    """The operator's own root is given by path, the name on the certificate by setting."""
    settings = {"ca": str(own_certificate[1]), "server_name": NAME}
    async with Ear(gateway(own, **settings)) as ear:
        await hears_a_message(own, ear)


async def test_with_the_root_as_text(own: Server, own_certificate: tuple[Path, Path]) -> None:
    """In an environment variable the root is PEM text, its line breaks often escaped."""
    text = own_certificate[1].read_text().replace("\n", "\\n")
    async with Ear(gateway(own, ca=text, server_name=NAME)) as ear:
        await hears_a_message(own, ear)


async def test_found_by_the_token(plain: Server) -> None:
    """Without an endpoint the directory is asked where the gateway of this token is."""
    body = f'{{"host":"127.0.0.1","port":{plain.port}}}'
    answer = f"HTTP/1.0 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    async with something_else(answer) as port:
        authority = f"http://127.0.0.1:{port}"
        async with Ear(gateway(plain, tls=False, endpoint="", authority=authority)) as ear:
            await hears_a_message(plain, ear)


async def test_a_token_nobody_knows(plain: Server) -> None:
    """The directory knows no such token: mistyped, or expired, and both are said."""
    async with something_else(b"HTTP/1.0 404 Not Found\r\n\r\n") as port:
        authority = f"http://127.0.0.1:{port}"
        async with Ear(gateway(plain, endpoint="", authority=authority)) as ear:
            told = await trouble(ear)
    assert (FAILED, True) == (told.state, "已经过期" in told.detail and "expired" in told.detail)


async def test_a_directory_that_talks_nonsense(plain: Server) -> None:
    """What is no HTTP is the directory's trouble, and is tried again."""
    async with something_else(b"SSH-2.0-x\r\n") as port:
        authority = f"http://127.0.0.1:{port}"
        async with Ear(gateway(plain, endpoint="", authority=authority)) as ear:
            told = await trouble(ear)
    assert (OFFLINE, True) == (told.state, authority in told.detail)


async def test_a_wrong_token(server: Server) -> None:
    """The server does not accept the token: compare it with the server's."""
    async with Ear(gateway(server, token="insecure_wrong")) as ear:  # noqa: S106  nobody's
        told = await trouble(ear)
    assert (FAILED, True) == (told.state, "不接受这个 token" in told.detail)


@pytest.mark.parametrize("token", ["insecure_围炉", "insecure_a b\n", "insecure_\u0000"])
async def test_a_token_that_cannot_be_one(server: Server, token: str) -> None:
    """What was pasted wrongly is told as a sentence about the token."""
    async with Ear(gateway(server, token=token)) as ear:
        told = await trouble(ear)
    assert (FAILED, True) == (told.state, "WECHATY_PUPPET_SERVICE_TOKEN" in told.detail)


async def test_a_token_with_blanks_around_it(server: Server) -> None:
    """Blanks and line breaks that came along when it was copied do no harm."""
    async with Ear(gateway(server, token=f" {server.token}\n")) as ear:
        assert server.me == getattr((await ear.logged_in()).me, "id", None)


async def test_no_tls_where_it_is_needed(server: Server) -> None:
    """Switch it on."""
    async with Ear(gateway(server, tls=False)) as ear:
        told = await trouble(ear)
    assert (FAILED, True) == (told.state, "请打开 wechaty.tls" in told.detail)


async def test_tls_where_there_is_none(plain: Server) -> None:
    """Check the port, or switch it off."""
    async with Ear(gateway(plain)) as ear:
        told = await trouble(ear)
    assert (FAILED, True) == (told.state, "关掉 wechaty.tls" in told.detail)


async def test_a_root_that_is_not_trusted(own: Server) -> None:
    """An unknown root: set wechaty.ca."""
    async with Ear(gateway(own, server_name=NAME)) as ear:
        told = await trouble(ear)
    assert (FAILED, True) == (told.state, "wechaty.ca" in told.detail)


@pytest.mark.parametrize("which", ["server", "own"])
async def test_another_name_than_the_certificate_bears(
    request: pytest.FixtureRequest, own_certificate: tuple[Path, Path], which: str
) -> None:
    """A trusted certificate of somebody else, with or without alternative names."""
    server: Server = request.getfixturevalue(which)
    settings = {"ca": str(own_certificate[1])} if which == "own" else {}
    async with Ear(gateway(server, server_name="elsewhere.test", **settings)) as ear:
        told = await trouble(ear)
    assert (FAILED, True) == (told.state, "wechaty.server_name" in told.detail), told.detail


async def test_nobody_listens(server: Server) -> None:
    """A refused port is told as one, and tried again."""
    endpoint = f"127.0.0.1:{refused_port()}"
    async with Ear(gateway(server, endpoint=endpoint)) as ear:
        told = await trouble(ear)
    assert (OFFLINE, True) == (told.state, f"{endpoint} 拒绝连接" in told.detail)


@pytest.mark.parametrize("host", ["weilu.invalid", f"{'a' * 70}.invalid"])
async def test_a_host_that_does_not_exist(server: Server, host: str) -> None:
    """A name that cannot be resolved, or cannot be a name."""
    async with Ear(gateway(server, endpoint=f"{host}:8788")) as ear:
        told = await trouble(ear)
    assert (OFFLINE, True) == (told.state, f"找不到主机 {host}" in told.detail)


@pytest.mark.parametrize("tls", [True, False])
async def test_something_else_listens(server: Server, *, tls: bool) -> None:
    """A port of something else, met with TLS or without, is a sentence and no crash."""
    async with (
        something_else(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port,
        Ear(gateway(server, endpoint=f"127.0.0.1:{port}", tls=tls)) as ear,
    ):
        told = await trouble(ear)
    assert f"127.0.0.1:{port}" in told.detail
    assert GatewayState.CONNECTING is ear.all(GatewayChanged)[0].state
