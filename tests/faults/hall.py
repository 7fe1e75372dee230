"""A pipeline on a real database into which bad handlers and rules are put."""

import asyncio
from contextlib import closing, nullcontext
from datetime import timedelta
from typing import Any, ClassVar

from builders import ACCOUNT, NOON
from sqlalchemy import text

from bot.clock import MovableClock
from bot.events import Event, Group, Message
from bot.pipeline import Pipeline
from bot.stages import stages
from bot.texts import Text
from bot.watchdog import Watchdog
from handlers.moderate import Moderate
from handlers.scene import Handler, Reply, Scene
from handlers.settings import GroupSettings, House
from rules.base import Finding, Past, Rule
from storage.database import Database
from storage.writer import Writer


class Odd(Rule):
    """A rule that finds what it is told to find."""

    key: ClassVar[str] = "odd"
    title: ClassVar[Text] = Text(zh="怪", en="odd")
    on: ClassVar[str] = ""
    finds: ClassVar[Any] = None

    def judge(self, message: Message, past: Past) -> Finding | None:
        """As told."""
        found: Finding | None = type(self).finds if message.text == type(self).on else None
        return found


class Hall:
    """Events are fed and committed; `recorded` reads what is there."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings = GroupSettings()
        self._stages: tuple[Handler, ...] = stages(Moderate())

    def group(self, group: Group) -> GroupSettings | None:
        """The same everywhere."""
        return self.settings

    def house(self) -> House:
        """Nobody is an operator."""
        return House(account=ACCOUNT)

    def bad_for(self, word: str, nonsense: Any) -> None:
        """A stage at the end that returns, raises or does this when it hears the word."""

        def bad(event: Event, scene: Scene) -> Reply:
            if not isinstance(event, Message) or event.text != word:
                return Reply.NOTHING
            if isinstance(nonsense, Exception):
                raise nonsense
            reply: Reply = nonsense() if callable(nonsense) else nonsense
            return reply

        self._stages = (*self._stages, bad)

    def rule_finds(self, word: str, finding: Any) -> None:
        """A rule that finds this in that word."""
        Odd.on, Odd.finds = word, finding
        self.settings = GroupSettings(rules=(Odd(reason="试一试"),))

    async def hears(self, *events: Event) -> None:
        """All of it in one batch, until it is committed."""
        writer = Writer(self.database)
        pipeline = Pipeline(
            writer=writer,
            stages=self._stages,
            in_force=self,
            clock=MovableClock(NOON + timedelta(seconds=1)),
            capabilities=frozenset,
            aboard=lambda *, alone: nullcontext(lambda *_: None),  # noqa: ARG005 - no outbox
            watchdog=Watchdog(every=0.02),
        )
        for event in events:
            await pipeline.feed(event)
        running = asyncio.create_task(pipeline.run())
        await pipeline.settled()
        await pipeline.close()
        await running
        await writer.close()

    def recorded(self) -> set[str]:
        """The platform ids of the messages in the database."""
        with closing(self.database._engine.connect()) as connection:
            return set(connection.execute(text("SELECT platform_id FROM messages")).scalars())
