"""A scripted day of a lively group on the real pipeline, outbox, schedule and database.

Only the gateway (the sandbox) and the clock (moved, not waited for) differ from `weilu run`. The
script says what members do; what Weilu does about it is its own.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random

from rich.console import Console
from rich.text import Text

from bot import config_file
from bot.app import App, InForce
from bot.clock import MovableClock
from bot.config import Config
from bot.demo_script import (
    CAST,
    DAY,
    GROUP,
    OWNER,
    OWNER_ID,
    SCRIPT,
    TOPICS,
    Beat,
    Chapter,
    Comes,
    Goes,
    Says,
    Whispers,
)
from bot.gateway import sandbox
from bot.transcript import Transcript
from handlers.terms import terms
from storage.database import Database
from storage.values_of_reports import GroupSummary
from storage.work import Work

_REST = 0.16
"""Seconds between two lines for whoever watches; none where nobody does."""
_AFTERWARDS = timedelta(minutes=5)
"""How long what the last line caused may take, on the clock of the play."""


async def play(console: Console, keep: Path | None = None) -> list[GroupSummary]:
    """Play the day on `console`; what is given back was read from the database afterwards.

    The database is a temporary file, or the new file `keep`. Raises FileExistsError where `keep`
    is there already: a play must not write into real records.
    """
    with tempfile.TemporaryDirectory(prefix="weilu-demo-") as folder:
        path = _new(keep) if keep else Path(folder) / "demo.db"
        console.print(_where(path, kept=keep is not None))
        database = Database(f"sqlite:///{path}")
        try:
            database.upgrade()
            return await _perform(console, database)
        finally:
            database.close()


async def _perform(console: Console, database: Database) -> list[GroupSummary]:
    """The whole play on one migrated database."""
    config = _config()
    play = Play(config, database, console)
    async with play.on_stage():
        for beat in SCRIPT:
            await play.act(beat)
            await asyncio.sleep(_REST if console.is_terminal else 0)
        await play.let_pass(play.clock.now() + _AFTERWARDS)
    with database.reading() as reports:
        group = play.gateway.group(play.room)
        return [reports.summary(group, play.since, play.clock.now())]


class Play:
    """The stage of one day: a network with a group on it, and Weilu in the group."""

    def __init__(self, config: Config, database: Database, console: Console) -> None:
        self._zone = config.time_zone
        self._console = console
        self.since = self._moment("00:00")
        self.clock = MovableClock(self._moment(SCRIPT[0].at))
        self.network = sandbox.SandboxNetwork(self.clock)
        in_force = InForce(config)
        self.gateway = sandbox.SandboxGateway(
            self.network,
            config.account.name,
            cares_for=in_force.cares_for,
            wants_pictures=in_force.wants_pictures,
        )
        owner = self.network.add_person(OWNER, OWNER_ID)
        self.room = self.network.add_group(GROUP, owner, *CAST, self.gateway.person)
        self.app = App(
            in_force,
            database=database,
            gateway=self.gateway,
            clock=self.clock,
            random=Random(DAY),  # noqa: S311 - the same day twice, not a secret
        )

    @asynccontextmanager
    async def on_stage(self) -> AsyncIterator[None]:
        """Weilu is at work, with topics in its bank and the rules posted; everything is shown."""
        await self.app.writer.run(self._evening_before)
        transcript = Transcript(self._console, self._zone)
        async with self.app.running():
            await self._quiet()
            stop = self.network.watch(transcript.show)
            try:
                yield
            finally:
                stop()

    async def act(self, beat: Beat) -> None:
        """Move the clock to the beat and play it; return when all that follows at once is done."""
        await self.let_pass(self._moment(beat.at))
        match beat:
            case Chapter():
                self._console.print()
                self._console.rule(Text(f"{beat.at} {beat.zh} {beat.en}"), style="dim")
            case Says():
                self._speak(beat)
            case Whispers():
                self.network.whisper(beat.who, self.gateway.person, beat.text)
            case Comes():
                self.network.join(self.room, beat.who, beat.inviter)
            case Goes():
                self.network.remove(self.room, beat.who, beat.remover)
        await self._quiet()

    async def let_pass(self, moment: datetime) -> None:
        """Move the clock on from one waking to the next: who waits for it acts at its own time."""
        while (waking := self.clock.next_waking()) and waking <= moment:
            self.clock.move_to(max(waking, self.clock.now()))
            await self._quiet()
        self.clock.move_to(max(moment, self.clock.now()))
        await self._quiet()

    def _evening_before(self, work: Work) -> None:
        """The bank is filled, and the group was told its rules: that is the day of another play."""
        for topic in TOPICS:
            work.topics.put(topic)
        group, at = self.gateway.group(self.room), self.since - timedelta(hours=3)
        settings = self.app.in_force.group(group)
        assert settings is not None, "demo.yaml names the group"  # noqa: S101
        pact = work.pacts.propose(group, terms(settings), at)
        work.pacts.mark_posted(group, pact.version, at)

    def _speak(self, beat: Says) -> None:
        room = self.room
        called = [person for person in room.members if f"@{room.name_of(person)}" in beat.text]
        quoted = self._last_words_of(beat.quote) if beat.quote else None
        self.network.speak(room, beat.who, beat.text, mention=called, quote=quoted, kind=beat.kind)

    def _last_words_of(self, name: str) -> sandbox.Line | None:
        said = (line for line in reversed(self.network.lines) if line.room is self.room)
        return next((line for line in said if line.name == name), None)

    async def _quiet(self) -> None:
        """Return when Weilu has heard all, written all, and said all that is due."""
        await self.app.settled()
        while not self.gateway.is_settled:
            await self.gateway.settled()
            await self.app.settled()

    def _moment(self, at: str) -> datetime:
        return datetime.fromisoformat(f"{DAY}T{at}").replace(tzinfo=self._zone)


def _new(path: Path) -> Path:
    if path.exists():
        raise FileExistsError(f"{path} 已存在，演示不往里写 exists already: name a new file")
    return path.absolute()


def _config() -> Config:
    file = files("bot") / "demo.yaml"
    return config_file.parse(file.read_bytes(), "demo.yaml")


def _where(path: Path, *, kept: bool) -> Text:
    after = "留在那里 kept" if kept else "演完即删 deleted afterwards；--keep FILE 留下 keeps it"
    return Text(
        "围炉的一天：时钟拨得快，其余都是真的。 One day of Weilu: only the clock is fast.\n"
        f"数据库 database: {path}\n（{after}）",
        style="dim",
    )
