"""Tests of bot/rounds.py: a crash at any step does nothing twice and loses nothing."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any

from builders import ACCOUNT, group, later, person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outbox_stage import FAST, ScriptedGateway, Stage, invite, remove, say

from bot import outbox
from bot.actions import Action, Invite, Remove, Say, place
from bot.clock import MovableClock
from bot.events import GatewayState
from bot.gateway.base import Outcome, Status
from bot.runs import RUN
from storage.database import Database
from storage.values import OutboxRow, OutboxState
from storage.work import Work
from storage.writer import Writer

STEPS = ["before a commit", "after a commit", "before an act", "after an act"]


class Crash(BaseException):
    """Nothing catches a death."""


@dataclass
class Fate:
    """When a process dies: at its so-many-th step of a kind."""

    kind: str = ""
    countdown: int = 0
    dead: bool = False

    def step(self, kind: str) -> None:
        """Die here, if it is time; the dead do nothing any more."""
        if kind == self.kind:
            self.countdown -= 1
            self.dead = self.dead or self.countdown <= 0
        if self.dead:
            raise Crash


@dataclass
class World:
    """The far side of the gateway: what was done there, whoever did it."""

    acts: list[Action] = field(default_factory=list)
    lives: int = 0


class MortalWriter(Writer):
    """Commits until its process dies."""

    def __init__(self, database: Database, fate: Fate) -> None:
        super().__init__(database)
        self._fate = fate

    async def run(self, job: Callable[[Work], Any]) -> Any:
        """Run it, unless dead; the death may come between the commit and the answer."""
        self._fate.step("before a commit")
        value = await super().run(job)
        self._fate.step("after a commit")
        return value


class MortalGateway(ScriptedGateway):
    """Acts upon the world until its process dies."""

    def __init__(self, clock: MovableClock, fate: Fate, world: World) -> None:
        super().__init__(clock)
        self._fate = fate
        self._world = world

    async def perform(self, action: Action) -> Outcome:
        """Done in a moment, in which others may begin."""
        self._fate.step("before an act")
        self._world.acts.append(action)
        await asyncio.sleep(0)
        self._fate.step("after an act")
        return Outcome(Status.DONE, f"m{len(self._world.acts)}")

    async def confirm(self, action: Action) -> bool | None:
        """What is not said can be seen."""
        return action in self._world.acts if isinstance(action, Remove | Invite) else None


async def live(database: Database, fate: Fate, world: World, plan: list[Action]) -> None:
    """A process: it takes over, is told to do all this, and goes on for hours or until death."""
    stage = Stage(database, start=later(hours=10 * world.lives))
    world.lives += 1
    mortal = MortalWriter(database, fate)
    stage.outbox = outbox.Outbox(
        writer=mortal,
        gateway=MortalGateway(stage.clock, fate, world),
        clock=stage.clock,
        pace=FAST.model_copy(update={"removals_per_hour": 60}),
        random=Random(world.lives),
        patience=0,
    )
    with contextlib.suppress(Crash):
        await stage.outbox.recover()
        running = asyncio.create_task(stage.outbox.run())
        await asyncio.sleep(0)
        await stage.gateway_is(GatewayState.LOGGED_IN)
        for action in plan:
            now = stage.clock.now()
            if int(action.key) % 2:
                stage.outbox.wake(await stage.writer.run(partial(staged, action, now)))
            else:
                with stage.outbox.aboard() as along:
                    await mortal.run(partial(together, action, now, along))
        await stage.go_to(stage.clock.now() + timedelta(hours=9))
        await stage.outbox.close()
        await running
    for writer in (mortal, stage.writer):
        await writer.close()


def act(kind: str, key: str, where: str) -> Action:
    """Something to do of that kind."""
    if kind == "say":
        return say(key, to=group(where))
    return (remove if kind == "remove" else invite)(key, person(key))


def staged(action: Action, now: datetime, work: Work) -> list[OutboxRow]:
    """As the pipeline does it for what failed once."""
    work.outbox.stage(action, now)
    return work.outbox.staged


def together(
    action: Action, now: datetime, along: Callable[[Work, bool], None], work: Work
) -> None:
    """As the pipeline does it: staged and claimed in one transaction."""
    work.outbox.stage(action, now)
    along(work, True)


async def ends(database: Database) -> dict[str, OutboxRow]:
    """What became of every row."""
    with database.work() as work:
        return {row.action.key: row for row in work.outbox.list(ACCOUNT, limit=1000)}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lives=st.lists(
        st.tuples(
            st.sampled_from(STEPS),
            st.integers(1, 8),
            st.lists(
                st.tuples(st.sampled_from("甲乙丙"), st.sampled_from(["say", "remove", "invite"])),
                max_size=6,
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
async def test_whenever_it_dies_nothing_is_done_twice_and_nothing_is_lost(
    lives: list[tuple[str, int, list[tuple[str, str]]]], new_sqlite: Any
) -> None:
    """Speech claimed at a death is unconfirmed, other acts are read back; all are done once."""
    database, world = Database(new_sqlite()), World()
    numbers = count()
    for kind, steps, wheres in lives:
        plan: list[Action] = [
            act(kind, f"{number}", where)
            for (where, kind), number in zip(wheres, numbers, strict=False)
        ]
        await live(database, Fate(kind, steps), world, plan)
    await live(database, Fate(), world, [])
    rows = await ends(database)
    times = Counter(action.key for action in world.acts)
    for key, row in rows.items():
        if isinstance(row.action, Remove | Invite):
            assert (OutboxState.DONE, 1) == (row.state, times[key])
        else:
            assert row.state in {OutboxState.DONE, OutboxState.UNCONFIRMED}
            assert times[key] == 1 or (times[key] == 0 and row.state is OutboxState.UNCONFIRMED)
    for where in "甲乙丙":
        here = [row for row in rows.values() if place(row.action) == group(where)]
        doubtful = sum(row.state is OutboxState.UNCONFIRMED for row in here)
        assert doubtful <= RUN * len(lives)
    for where in "甲乙丙":
        told = [int(a.key) for a in world.acts if isinstance(a, Say) and a.to == group(where)]
        assert sorted(told) == told
    database.close()
