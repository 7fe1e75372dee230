"""One trial: a far side, a database, and bot processes that live and die on them."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Self

from faults.bot_process import live
from faults.far_side import FarSide
from faults.fast_clock import FastClock
from faults.traffic import Traffic, config, groups
from forks import Life, living

from bot.actions import Invite
from bot.config_file import load
from handlers.terms import terms
from storage.database import Database
from storage.values import OutboxRow, OutboxState, Topic

TESTS = Path(__file__).parent.parent
HOUSE = TESTS.parent
TOPICS = 600
_UNTOLD = 2
"""So many groups are still to be told of their rules; the others know them, so that they bind."""
OPEN = (OutboxState.PENDING, OutboxState.CLAIMED, OutboxState.SENT)


@dataclass
class Trial:
    """Everything a bot needs, in a folder; `url` names its database (a SQLite file if empty)."""

    folder: Path
    seed: int = 1
    rooms: int = 8
    rate: float = 60.0
    url: str = ""
    patience_ms: int = 10_000
    account: str = "围炉"
    every: timedelta = timedelta(minutes=1)
    processes: list[Life] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        """Listen, write the config, fill the topic bank."""
        self.url = self.url or f"sqlite:///{self.folder / 'weilu.db'}"
        self.clock = FastClock(time.time(), self.rate)
        self.far = FarSide(
            self.account, self.clock, groups(self.account, self.rooms), Random(self.seed)
        )
        self.traffic = Traffic(self.seed, self.far.rooms, self.clock).events()
        self.socket = await self.far.open(self.folder)
        (self.folder / "config.yaml").write_text(config(self.account, self.every), encoding="utf-8")
        await asyncio.to_thread(self._fill)
        return self

    async def __aexit__(self, *_: object) -> None:
        """End what still runs."""
        for process in self.processes:
            if process.returncode is None:
                process.kill()
                await process.wait()
        await self.far.close()

    async def start(self, **over: Any) -> Life:
        """A new process; it may take a second until `far.listening`."""
        told = {
            "account": self.account,
            "socket": self.socket,
            "url": self.url,
            "config": str(self.folder / "config.yaml"),
            "began": self.clock.began,
            "rate": self.clock.rate,
            "patience_ms": self.patience_ms,
        }
        process = living(live, self.log, told | over)
        self.processes.append(process)
        return process

    @property
    def log(self) -> Path:
        """What all processes said."""
        return self.folder / "log"

    def words(self) -> str:
        """What is in the log."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    async def talk(self, until: asyncio.Event, pause: float = 0.001) -> int:
        """Let people talk until the event is set; how many things happened."""
        told = 0
        while not until.is_set():
            await self.far.happens(next(self.traffic))
            told += 1
            await asyncio.sleep(pause)
        return told

    async def say(self, number: int) -> None:
        """Let that many things happen, as quickly as they are taken."""
        for _ in range(number):
            await self.far.happens(next(self.traffic))

    async def heard_all(self, within: float = 30) -> None:
        """Wait until everything that was delivered to this process is committed."""
        async with asyncio.timeout(within):
            while not self.far.in_this_life <= self.far.committed:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def somebody_is_back(self, within: float = 20) -> None:
        """Let people talk until somebody was put out for a time and invited back."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while loop.time() < deadline and not any(isinstance(a, Invite) for a in self.far.done):
            await self.say(5)
            await asyncio.sleep(0.05)

    async def all_ended(self, within: float = 20) -> None:
        """Wait until what was imposed for a time is over; counting shows what never is."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while await asyncio.to_thread(self._imposed):
            await asyncio.sleep(0.2)
            if loop.time() > deadline:
                return

    async def settle(self, within: float = 60) -> None:
        """Wait until nothing is on its way out any more; AssertionError names what still is.

        What was imposed for a time has to be over before: its end sends something out as well.
        """
        await self.all_ended()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while rows := await asyncio.to_thread(self._open_rows):
            assert loop.time() < deadline, f"still open: {rows[:20]}"
            await asyncio.sleep(0.2)

    def _open_rows(self) -> list[OutboxRow]:
        database = Database(self.url)
        with database.reading() as reports:
            rows = reports._work.outbox.list(self.account, OPEN, limit=10_000)
        database.close()
        soon = self.clock.now() + timedelta(hours=1)
        # There is always another post, but none may be left in somebody's hands; what is held for a
        # person waits for that person.
        waiting = [row for row in rows if row.not_before < soon]
        return [
            row
            for row in waiting
            if row.state is OutboxState.CLAIMED or not row.action.key.startswith("post:")
        ]

    def _imposed(self) -> bool:
        database = Database(self.url)
        with database.work() as work:
            far = self.clock.now() + timedelta(days=1)
            found = work.sanctions.ended(self.account, far)
        database.close()
        return bool(found)

    def _fill(self) -> None:
        database = Database(self.url)
        database.upgrade()
        with database.work() as work:
            for number in range(TOPICS):
                text = f"第 {number} 个问题，大家怎么看？"
                work.topics.put(Topic(key=f"t{number}", title=f"话题{number}", text=text))
            in_force = load(self.folder / "config.yaml")
            for group in list(self.far.rooms)[_UNTOLD:]:
                settings = in_force.group(group)
                assert settings is not None
                pact = work.pacts.propose(group, terms(settings), self.clock.now())
                work.pacts.mark_posted(group, pact.version, self.clock.now())
            work.commit()
        database.close()
