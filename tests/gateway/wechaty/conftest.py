"""Real gateways shared by a module's tests, one over TLS and one without."""

from collections.abc import AsyncIterator, Iterator

import pytest
from gateway.ear import Ear
from gateway.node_server import Server
from gateway.wechaty.ends import gateway


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server over TLS with the community's certificate."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    """A server without TLS."""
    server = Server(tls=False)
    yield server
    server.close()


@pytest.fixture
async def ear(server: Server) -> AsyncIterator[Ear]:
    """A gateway on the shared server, logged in and listened to."""
    async with Ear(gateway(server)) as ear:
        await ear.logged_in()
        yield ear
