"""A day of the sandbox, played: the script of `weilu demo`, said by the people of this room."""

import asyncio
import contextlib
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.demo_script import SCRIPT, WEILU, Beat, Chapter, Comes, Goes, Says, Whispers
from bot.gateway import sandbox
from bot.room import Room

_BREATH = 0.35
"""Seconds between two things, so that somebody can follow."""


class Playing:
    """At most one day is being played; the clock of the sandbox is moved along."""

    def __init__(self, room: Room, zone: ZoneInfo) -> None:
        self._network = room.network
        self._clock = room.clock
        self._zone = zone
        self._task: asyncio.Task[None] | None = None
        self._done = 0

    @property
    def progress(self) -> int | None:
        """How much of the day has been played, in percent; None if none is."""
        if self._task is None or self._task.done():
            return None
        return 100 * self._done // len(SCRIPT)

    def start(self, where: sandbox.Room) -> None:
        """Begin tomorrow's day in a room; nothing if one is being played."""
        if self.progress is None:
            self._task = asyncio.create_task(self._play(where), name="play a day")

    async def stop(self) -> None:
        """Play no further; what was said stays."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _play(self, where: sandbox.Room) -> None:
        tomorrow = self._network.now.astimezone(self._zone).date() + timedelta(days=1)
        for self._done, beat in enumerate(SCRIPT):
            at = datetime.combine(tomorrow, time.fromisoformat(beat.at), self._zone)
            self._clock.move_by(max(timedelta(0), at - self._network.now))
            await asyncio.sleep(_BREATH)
            # Somebody may have left, been removed or muted meanwhile: the day goes on without them.
            with contextlib.suppress(sandbox.NotPossible):
                self._act(where, beat)

    def _act(self, where: sandbox.Room, beat: Beat) -> None:
        match beat:
            case Says():
                self._speak(where, beat)
            case Comes():
                self._network.join(
                    where, self._fresh(where, beat.who), self._in(where, beat.inviter)
                )
            case Goes():
                self._network.remove(where, beat.who, self._in(where, beat.remover))
            case Chapter() | Whispers():
                pass

    def _speak(self, where: sandbox.Room, beat: Says) -> None:
        who = self._in(where, beat.who)
        called = [person for person in where.members if f"@{where.name_of(person)}" in beat.text]
        self._network.speak(
            where, who, beat.text, mention=called, quote=self._quoted(where, beat), kind=beat.kind
        )

    def _quoted(self, where: sandbox.Room, beat: Says) -> sandbox.Line | None:
        if not beat.quote:
            return None
        said = (line for line in reversed(self._network.lines) if line.room is where)
        return next(
            (
                line
                for line in said
                if line.name == beat.quote or (beat.quote == WEILU and line.author.is_account)
            ),
            None,
        )

    def _fresh(self, where: sandbox.Room, name: str) -> str:
        """Who comes on the second day as well has left before."""
        if any(where.name_of(person) == name for person in where.members):
            self._network.leave(where, name)
        return name

    def _in(self, where: sandbox.Room, name: str) -> str:
        """Whoever speaks is there: the cast of the script need not be in the room."""
        if not any(where.name_of(person) == name for person in where.members):
            self._network.join(where, name)
        return name
