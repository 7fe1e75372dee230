"""Our side: Weilu put together by its own composition root, on a gateway that only listens."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from benchmarks.chat import Chat, Line
from benchmarks.judging import ACCOUNT, START, rules
from bot.actions import Action
from bot.app import App, InForce
from bot.clock import SystemClock
from bot.config import AccountSettings, Config, GroupEntry, Match
from bot.events import (
    Event,
    GatewayChanged,
    GatewayState,
    Group,
    Identity,
    Kind,
    Message,
    Quote,
    RosterRead,
)
from bot.gateway.base import Capability, Outcome, Status
from bot.pace import PaceSettings
from handlers.settings import GroupSettings
from storage.database import Database

ME = Identity(ACCOUNT, "wxid_me", "围炉")
KINDS = {
    "text": Kind.TEXT,
    "image": Kind.IMAGE,
    "emoticon": Kind.EMOTICON,
    "audio": Kind.AUDIO,
    "url": Kind.URL,
}
PACE_OFF = PaceSettings().model_copy(
    update={
        "per_minute": 10**9,
        "group_per_minute": 10**9,
        "typing_per_character": 0.0,
        "same_text_groups": 10**9,
    }
)
"""Beyond what config.yaml allows: a benchmark has nobody to be considerate of."""


class Ear:
    """A gateway that hears nothing by itself and takes every action at once."""

    account = ACCOUNT
    capabilities = frozenset(Capability)

    def __init__(self) -> None:
        self.performed = 0
        self._awaited = asyncio.Event()
        self._awaited_count = 0
        self._heard: asyncio.Queue[Event | None] = asyncio.Queue()

    async def events(self) -> AsyncIterator[Event]:
        """What `hear` was given."""
        while (event := await self._heard.get()) is not None:
            yield event
            self._heard.task_done()

    def hear(self, event: Event) -> None:
        """Let an event arrive."""
        self._heard.put_nowait(event)

    async def perform(self, action: Action) -> Outcome:  # noqa: ARG002
        """Done, with an id."""
        self.performed += 1
        if self.performed == self._awaited_count:
            self._awaited.set()
        return Outcome(Status.DONE, f"said-{self.performed}")

    async def confirm(self, action: Action) -> bool | None:  # noqa: ARG002
        """Everything was done."""
        return True

    async def asked(self, count: int) -> None:
        """Return once `perform` has been called so many times; call it before that."""
        self._awaited_count = count
        await self._awaited.wait()

    async def taken(self) -> None:
        """Return once everything that arrived has been handed on."""
        await self._heard.join()

    async def close(self) -> None:
        """End `events`."""
        self._heard.put_nowait(None)


def config(words: tuple[str, ...], settings: GroupSettings | None = None) -> Config:
    """Every group is Weilu's, with every rule there is; pace off."""
    return Config(
        account=AccountSettings(name=ACCOUNT),
        pace=PACE_OFF,
        groups=(
            GroupEntry(
                match=Match(pattern="*"), settings=settings or GroupSettings(rules=rules(words))
            ),
        ),
    )


def group(number: int) -> Group:
    """The group of this number."""
    return Group(ACCOUNT, f"{number}@room", f"群{number}")


def member(number: int) -> Identity:
    """The member of this number."""
    return Identity(ACCOUNT, f"wxid_{number}", f"成员{number}")


def messages(lines: Iterable[Line], called: str, later: timedelta) -> list[Message]:
    """Lines as a gateway tells them; `called` keeps the ids of two plays of a chat apart."""
    said = list(lines)
    return [
        Message(
            id=f"{called}-{line.number}",
            group=group(line.group),
            author=member(line.member),
            at=START + later + timedelta(seconds=line.seconds),
            kind=KINDS[line.kind],
            text=line.text,
            mentions=tuple(map(member, line.mentions)),
            quote=None if line.quoted is None else _quote(said[line.quoted]),
        )
        for line in said
    ]


def _quote(line: Line) -> Quote:
    return Quote(member(line.member).name, line.text)


def rosters(chat: Chat) -> Iterator[RosterRead]:
    """Who is in each group."""
    for number in range(chat.groups):
        members = map(member, range(number, chat.members, chat.groups))
        yield RosterRead(group=group(number), members=(ME, *members), at=START)


@contextlib.asynccontextmanager
async def weilu(url: str, chosen: Config) -> AsyncIterator[tuple[App, Ear]]:
    """Weilu running and logged in."""
    database = Database(url)
    database.upgrade()
    ear = Ear()
    app = App(
        InForce(chosen), database=database, gateway=ear, clock=SystemClock(), random=Random(1)
    )
    async with app.running():
        ear.hear(GatewayChanged(account=ACCOUNT, state=GatewayState.LOGGED_IN, at=START, me=ME))
        await settled(app, ear)
        yield app, ear
    database.close()


async def settled(app: App, ear: Ear) -> None:
    """Return once everything that arrived is committed, and everything decided is done."""
    await committed(app, ear)
    await app.settled()


async def committed(app: App, ear: Ear) -> None:
    """Return once everything that arrived is committed."""
    await ear.taken()
    await app.pipeline.settled()


async def know_everybody(app: App, ear: Ear, chat: Chat) -> None:
    """Not measured: the rosters are read and everybody has spoken once, as in an old account."""
    for roster in rosters(chat):
        ear.hear(roster)
    every = [Line(n, n % chat.groups, n, 0, "大家好") for n in range(chat.members)]
    for message in messages(every, "hello", timedelta(days=-1)):
        ear.hear(message)
    await settled(app, ear)


def rows_in(file: Path) -> int:
    """How many rows there are in all tables of a SQLite file."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return sum(
            connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
            for (name,) in names
        )
