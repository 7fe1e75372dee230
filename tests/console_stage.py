"""A stage for the console: all of Weilu on the sandbox, with its pages and people signed in."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx

from bot import config_file
from bot.app import App, InForce
from bot.clock import SystemClock
from bot.events import Identity
from bot.room import Room
from console.access import Access
from console.chat_door import ChatDoor
from console.server import serving
from console.sessions import Right, Sessions
from console.site import site
from storage.database import Database

HOST = "http://127.0.0.1"
CONFIG = """
account: {name: 围炉}
operators: {group: 运营群, people: [{id: zhou, name: 老周}]}
admins: [{id: chen, name: 陈姐}]
pace: {per_minute: 60, group_per_minute: 60, typing_per_character: 0}
groups:
  - match: {name: 读书会}
    rules:
      keywords: {words: [加微信, 代购], reason: 大家来聊书，不来看广告, consequence: warn}
    programmes:
      早间: {cron: "0 9 * * *"}
"""


@dataclass
class Visitor:
    """Somebody with a browser: asks for pages and taps buttons."""

    client: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """A page or a piece of one."""
        return await self.client.get(path, headers=headers)

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        """A form, sent from a page of ours."""
        headers = {"origin": HOST, "x-csrf": self.csrf}
        return await self.client.post(path, data=fields, headers=headers)


@dataclass
class Stage:
    """A running Weilu and its console. `room` is the sandbox behind it."""

    app: App
    room: Room
    access: Access
    sessions: Sessions
    database: Database
    site: Any
    _clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def visitor(self, right: Right = Right.ADMIN, who: Identity | None = None) -> Visitor:
        """Somebody who has signed in by a link."""
        visitor = self.stranger()
        key = self.sessions.link(right, who)
        await visitor.post("/enter", key=key)
        page = await visitor.get("/")
        found = re.search(r'"x-csrf": "([^"]+)"', page.text)
        assert found is not None, page.text
        visitor.csrf = found[1]
        return visitor

    def stranger(self) -> Visitor:
        """Somebody who has not."""
        client = httpx.AsyncClient(transport=httpx.ASGITransport(self.site), base_url=HOST)
        self._clients.append(client)
        return Visitor(client)

    def says(self, who: str, text: str, group: str = "读书会") -> None:
        """Somebody speaks in the sandbox."""
        self.room.network.speak(self.room.network.room(group), who, text)

    async def settled(self) -> None:
        """Everything that was said is dealt with."""
        await self.room.gateway.settled()
        await self.app.settled()


@asynccontextmanager
async def console(database: Database, folder: Path, config: str = CONFIG) -> AsyncIterator[Stage]:
    """Weilu with a console, while this block runs."""
    in_force = InForce(config_file.load(_written(folder, config)))
    room = Room(in_force.config, in_force.cares_for, in_force.wants_pictures)
    app = App(in_force, database=database, gateway=room.gateway, clock=room.clock, random=Random(7))
    access = Access(
        database=database,
        in_force=in_force,
        decide=app.pipeline.decide,
        clock=room.clock,
        room=room,
        config_file=folder / "config.yaml",
    )
    sessions = Sessions(SystemClock())
    app.listen(ChatDoor(sessions, access).heed)
    stage = Stage(app, room, access, sessions, database, site(access, sessions, {"127.0.0.1"}))
    async with app.running(folder / "config.yaml"):
        await stage.settled()
        try:
            yield stage
        finally:
            for client in stage._clients:
                await client.aclose()
            access.close()  # again, if it was served: that does no harm


def _written(folder: Path, config: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(config, "utf-8")
    return path


@asynccontextmanager
async def served(stage: Stage) -> AsyncIterator[str]:
    """The console on a port of its own; the address signs an admin in."""
    async with serving(stage.access, host="127.0.0.1", port=0, listen=stage.app.listen) as address:
        yield address
