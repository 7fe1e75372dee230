"""The console beside `weilu run`: got ready by itself, done without, and never in the way."""

import asyncio
import importlib
import importlib.util
import re
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from console_stage import CONFIG, Stage
from console_stage import console as staged

from bot.cli import web
from bot.secrets import Secrets
from console import server
from storage.database import Database

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/enter\?key=\S+&to=/sandbox$")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@asynccontextmanager
async def beside(
    database: Database, folder: Path, port: int, said: "asyncio.Queue[str]"
) -> AsyncIterator[Stage]:
    """Weilu with the console that `weilu run` opens beside it, on this port."""
    config = f"{CONFIG}\nconsole: {{port: {port}}}\n"
    async with (
        staged(database, folder, config) as stage,
        web.console(
            stage.app, database, Secrets(), folder / "config.yaml", said.put_nowait, stage.room
        ),
    ):
        yield stage


async def reminded(stage: Stage) -> bool:
    """Whether Weilu does what it is for: somebody advertises and is reminded."""
    stage.says("小林", "加微信，代购好货")
    await stage.settled()
    return any("大家来聊书" in line.text for line in stage.room.network.said)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> "asyncio.Queue[str]":
    """What the log says of the console, as it says it."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    for level in ("info", "warning"):
        monkeypatch.setattr(web.log, level, lambda words, *values: lines.put_nowait(words % values))
    return lines


async def test_the_address_is_told(sqlite_database: Database, tmp_path: Path):
    """A link for one use, which leads into the sandbox."""
    said: asyncio.Queue[str] = asyncio.Queue()
    async with beside(sqlite_database, tmp_path, port := free_port(), said):
        words = await asyncio.wait_for(said.get(), 20)

    found = ADDRESS.search(words)
    assert found is not None
    assert str(port) == found[1]


async def test_without_the_extra_weilu_runs_as_before(
    sqlite_database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: "asyncio.Queue[str]",
):
    """Nothing is served, one line says how to get it, and members are looked after."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "uvicorn" else find(name)
    )
    said: asyncio.Queue[str] = asyncio.Queue()
    async with beside(sqlite_database, tmp_path, free_port(), said) as stage:
        line = await asyncio.wait_for(told.get(), 20)
        works = await reminded(stage)

    assert works
    assert "weilu[console]" in line
    assert said.empty()


async def test_with_the_port_taken_weilu_runs_without(
    sqlite_database: Database, tmp_path: Path, told: "asyncio.Queue[str]"
):
    """A line says which, and which setting to change."""
    said: asyncio.Queue[str] = asyncio.Queue()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with beside(sqlite_database, tmp_path, port, said) as stage:
            line = await asyncio.wait_for(told.get(), 20)
            works = await reminded(stage)

    assert works
    assert said.empty()
    assert f"127.0.0.1:{port} " in line
    assert "console.port" in line


async def test_nothing_waits_for_it(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """While its modules are still being imported, Weilu answers."""
    importing, goes_on = threading.Event(), threading.Event()
    take = importlib.import_module

    def slowly(name: str, *rest: Any) -> Any:
        if name == "console.server":
            importing.set()
            goes_on.wait(20)
        return take(name, *rest)

    monkeypatch.setattr(importlib, "import_module", slowly)
    said: asyncio.Queue[str] = asyncio.Queue()
    async with beside(sqlite_database, tmp_path, free_port(), said) as stage:
        works = await reminded(stage)
        begun = await asyncio.to_thread(importing.wait, 20)
        told_before = not said.empty()
        goes_on.set()
        await asyncio.wait_for(said.get(), 20)

    assert works
    assert begun
    assert not told_before


async def test_pages_that_are_open_do_not_keep_it(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Ctrl-C with a browser connected and another in the middle of a form: it stops."""
    monkeypatch.setattr(server, "_CLOSING", 0.2)
    said: asyncio.Queue[str] = asyncio.Queue()
    running = AsyncExitStack()
    port = free_port()
    await running.enter_async_context(beside(sqlite_database, tmp_path, port, said))
    await asyncio.wait_for(said.get(), 20)
    idle, half = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
    head = f"host: 127.0.0.1:{port}\r\norigin: http://127.0.0.1:{port}\r\n"
    form = "content-length: 99\r\ncontent-type: application/x-www-form-urlencoded\r\n\r\nkey="
    idle[1].write(f"GET /enter HTTP/1.1\r\n{head}\r\n".encode())
    half[1].write(f"POST /enter HTTP/1.1\r\n{head}{form}".encode())
    answer = await idle[0].readline()
    async with asyncio.timeout(3):
        await running.aclose()
    rest = await half[0].read()
    for _, writer in (idle, half):
        writer.close()

    assert b"HTTP/1.1 200 OK\r\n" == answer
    assert b" 200 " not in rest
