"""The way of an event: handlers in order, many events in one commit, actions with their cause."""

import asyncio
import logging
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Protocol

from bot import waiting
from bot.aboard import Aboard, Along
from bot.clock import Clock
from bot.events import Event, GatewayChanged, GatewayState, Group, Identity, Message
from bot.gateway.base import Capability
from bot.watchdog import Watchdog
from handlers.scene import Handler, Scene
from handlers.settings import GroupSettings, House
from storage.trouble import DatabaseBroken, DatabaseUnavailable
from storage.work import Work
from storage.writer import Writer

log = logging.getLogger(__name__)

BATCH = 500
"""The most events in one transaction."""
LONGEST = 0.1
"""A batch is to keep the writer so many seconds: answers wait for it, and what came of them."""
_LEAST = 32
"""So many events are handled however long they take: each commit has its price."""
ROOM = 2000
"""How many events may wait; the gateway is read no further while so many do."""
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=0.5), timedelta(seconds=30)


class InForce(Protocol):
    """What of the config the pipeline asks for."""

    def group(self, group: Group) -> GroupSettings | None:
        """What is in force in a group; None means: leave it alone."""
        ...

    def house(self) -> House:
        """What is true of the whole account."""
        ...


@dataclass(frozen=True, slots=True)
class _Batch:
    """Events and what is in force for them: an edited config takes effect between two batches.

    Only what failed is run `alone`: whatever went along may be to blame.
    """

    events: Sequence[Event]
    now: datetime
    in_force: InForce
    house: House
    settings: Mapping[Group, GroupSettings | None]
    capabilities: frozenset[Capability]
    alone: bool = False


class Pipeline:
    """Takes events in, and commits what they change together with the actions they cause.

    `stages` are the handlers in their order. An event that a handler fails on is undone, logged
    and skipped; the others of its batch are not touched. While the database cannot be written the
    events wait, and so does whoever feeds. `aboard` lets the outbox go along with each transaction.
    `watchdog` bounds a handler that hangs.
    """

    def __init__(
        self,
        *,
        writer: Writer,
        stages: Sequence[Handler],
        in_force: InForce,
        clock: Clock,
        capabilities: Callable[[], frozenset[Capability]],
        aboard: Aboard,
        watchdog: Watchdog | None = None,
    ) -> None:
        self._writer = writer
        self._watchdog = watchdog or Watchdog()
        self._stages = stages
        self._in_force = in_force
        self._clock = clock
        self._capabilities = capabilities
        self._aboard = aboard
        self._me: Identity | None = None
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue(ROOM)
        self._closing = asyncio.Event()
        self._runs: asyncio.Task[None] | None = None
        self._spoiled: Counter[tuple[str, str, str]] = Counter()
        self._most = BATCH
        """So many events go into the next transaction."""

    async def feed(self, event: Event) -> None:
        """Hand an event in; waits while too many others do. After `close` it is dropped."""
        if not self._closing.is_set():
            await self._queue.put(event)

    async def settled(self) -> None:
        """Return once nothing is queued or in hand. `run` must be running."""
        await self._queue.join()

    async def run(self) -> None:
        """Handle what is fed, until `close`. Raises DatabaseBroken if nothing can be recorded."""
        self._runs = asyncio.current_task()
        watching = asyncio.create_task(self._watchdog.run(), name="watchdog")
        try:
            await self._run()
        finally:
            watching.cancel()

    async def _run(self) -> None:
        open_ = True
        while open_:
            taken = [await self._queue.get()]
            while len(taken) < self._most and not self._queue.empty():
                taken.append(self._queue.get_nowait())
            events = [event for event in taken if event is not None]
            open_ = len(events) == len(taken)
            if events:
                await self._take(self._batch(events))
            for _ in taken:
                self._queue.task_done()

    async def close(self) -> None:
        """Handle what has been fed, then end `run`. May be called twice."""
        if self._runs is None or self._runs.done():
            self._closing.set()
            return
        if not self._closing.is_set():
            self._closing.set()
            await self._queue.put(None)
        await asyncio.wait({self._runs})

    def _batch(self, events: Sequence[Event]) -> _Batch:
        in_force = self._in_force
        groups = {group for event in events if (group := _group(event)) is not None}
        return _Batch(
            events,
            now=self._clock.now(),
            in_force=in_force,
            house=in_force.house(),
            settings={group: in_force.group(group) for group in groups},
            capabilities=self._capabilities(),
        )

    async def _take(self, batch: _Batch) -> None:
        try:
            await self._commit(batch)
        except DatabaseBroken:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, the other events go on
            if batch.alone:
                self._spoil(batch.events[0], error)
                return
            for event in batch.events:
                await self._take(replace(batch, events=(event,), alone=True))

    async def _commit(self, batch: _Batch) -> None:
        """One transaction, again and again while the database cannot take it."""
        pause = _FIRST_PAUSE
        while True:
            try:
                with self._aboard(alone=batch.alone) as along:
                    await self._writer.run(partial(self._work, batch, along))
            except DatabaseUnavailable as trouble:
                if self._closing.is_set():
                    log.warning("未能记录 %d 件事 events lost: %s", len(batch.events), trouble)
                    return
                if pause == _FIRST_PAUSE:
                    log.warning("数据库暂不可写，稍后重试 waiting for the database: %s", trouble)
                await waiting.until(self._closing, self._clock, self._clock.now() + pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return

    def _work(self, batch: _Batch, along: Along, work: Work) -> None:
        """In the writer's thread: every event in a savepoint of its own, then the outbox."""
        began = time.perf_counter()
        work.prepare(batch.events)
        acts = False
        for event in batch.events:
            try:
                with work.savepoint(), self._watchdog.watching(event):
                    acts |= self._handle(event, batch, work)
            except (DatabaseUnavailable, DatabaseBroken):
                raise
            except Exception as error:  # noqa: BLE001 - one bad event spoils only itself
                self._spoil(event, error)
        along(work, acts)
        self._most = as_many(len(batch.events), time.perf_counter() - began)

    def _handle(self, event: Event, batch: _Batch, work: Work) -> bool:
        """One event, and right after it those that follow from it."""
        acts = False
        waiting_ = [event]
        while waiting_:
            current = waiting_.pop(0)
            group = _group(current)
            settings = batch.settings.get(group) if group is not None else None
            if group is not None and settings is None:
                _leave_alone(current, group, work)
                continue
            if isinstance(current, GatewayChanged):
                acts = True
                self._learn(current, work)
            staged, follow = self._pass(current, self._scene(batch, settings, work))
            acts |= staged
            waiting_[:0] = follow
        return acts

    def _scene(self, batch: _Batch, group: GroupSettings | None, work: Work) -> Scene:
        return Scene(
            work=work,
            house=batch.house,
            group=group,
            now=batch.now,
            me=self._me,
            capabilities=batch.capabilities,
            settings=batch.in_force.group,
        )

    def _pass(self, event: Event, scene: Scene) -> tuple[bool, list[Event]]:
        """Through the stages, until one of them ends it: whether it acts, and what follows."""
        acts = False
        follow: list[Event] = []
        for stage in self._stages:
            reply = stage(event, scene)
            if reply.actions:
                scene.work.outbox.put(reply.actions, scene.now)
                acts = True
            follow.extend(reply.events)
            if reply.stop:
                break
        return acts, follow

    def _learn(self, event: GatewayChanged, work: Work) -> None:
        if event.state is GatewayState.LOGGED_IN and event.me is not None:
            self._me = event.me
        if event.state is GatewayState.LOGGED_OUT:
            # In the same transaction: not even a crash lets an action out after a logout.
            why = "账号退出了登录 the account was logged out"
            work.accounts.stop(event.account, why, event.at)

    def _spoil(self, event: Event, error: Exception) -> None:
        """Log a fault at its 1st, 10th, 100th… time. Its message may quote a member: left out."""
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
        kind = (type(event).__name__, type(error).__name__, where)
        self._spoiled[kind] += 1
        times = self._spoiled[kind]
        if str(times).strip("0") == "1":
            log.error(
                "有一件事没能处理，已跳过 an event was skipped: %s %r，%s，%s（第 %d 次 time %d）",
                kind[0],
                str(getattr(event, "id", ""))[:64],
                *kind[1:],
                times,
                times,
            )


def _group(event: Event) -> Group | None:
    return getattr(event, "group", None)


def as_many(events: int, seconds: float) -> int:
    """How many of such events the writer handles in LONGEST, within bounds."""
    return max(_LEAST, min(BATCH, round(events * LONGEST / seconds)))


def _leave_alone(event: Event, group: Group, work: Work) -> None:
    """A group that the config does not name: its name and a count, and our own word heard back."""
    if isinstance(event, Message) and event.ours:
        work.outbox.heard(event)
    elif isinstance(event, Message):
        work.groups.count(group, event.at)
