"""Files of topics that were looked at and not imported yet: kept for a while, one for a session."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from bot.faults import Fault
from storage.trouble import DatabaseTrouble
from storage.values import Topic
from topics.files import TopicFaults, entries_in
from topics.importing import Import, weighed

KEPT = 600
"""Seconds that a preview is kept."""
_MOST = 5
"""So many at once: each may hold tens of thousands of topics."""


class Step(Enum):
    """How far a preview has come."""

    READING = "reading"
    COMPARING = "comparing"
    READY = "ready"
    FAULTY = "faulty"


@dataclass
class Preview:
    """One file: what importing it would do, or what is wrong with it."""

    name: str
    began: float
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    step: Step = Step.READING
    plan: Import | None = None
    faults: tuple[Fault, ...] = ()
    task: "asyncio.Task[None] | None" = None

    @property
    def is_over(self) -> bool:
        """Whether there is something to look at."""
        return self.step in (Step.READY, Step.FAULTY)


class Imports:
    """The previews of all sessions; they are forgotten after `KEPT` seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._previews: dict[str, Preview] = {}

    def begin(
        self, session: str, name: str, content: bytes, bank: Callable[[], Awaitable[list[Topic]]]
    ) -> Preview:
        """Look at a file in the background, in place of the one before; `bank` gives the bank."""
        self.drop(session)
        self._forget()
        while len(self._previews) >= _MOST:
            self.drop(min(self._previews, key=lambda each: self._previews[each].began))
        preview = Preview(name, self._now())
        preview.task = asyncio.create_task(_look(preview, content, bank), name="preview")
        self._previews[session] = preview
        return preview

    def get(self, session: str) -> Preview | None:
        """The preview of a session; None if there is none, or it is too old."""
        self._forget()
        return self._previews.get(session)

    def drop(self, session: str) -> None:
        """Give a preview up; what is being read is read to its end and thrown away."""
        preview = self._previews.pop(session, None)
        if preview is not None and preview.task is not None:
            preview.task.cancel()

    def _forget(self) -> None:
        old = self._now() - KEPT
        for session in [each for each, one in self._previews.items() if one.began <= old]:
            self.drop(session)


async def _look(
    preview: Preview, content: bytes, bank: Callable[[], Awaitable[list[Topic]]]
) -> None:
    name = preview.name
    try:
        found = await asyncio.to_thread(entries_in, name, content)
        preview.step = Step.COMPARING
        known = await bank()
        preview.plan = await asyncio.to_thread(weighed, Path(name), found, known)
        preview.step = Step.READY
    except TopicFaults as wrong:
        preview.faults = wrong.faults
    except DatabaseTrouble as trouble:
        preview.faults = (Fault(name, 0, 0, "", str(trouble)),)
    finally:
        if preview.step is not Step.READY:
            preview.step = Step.FAULTY
