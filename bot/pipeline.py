"""The way of an event: handlers in order, many events in one commit, actions with their cause."""

import asyncio
import logging
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import PurePath

from bot import waiting
from bot.aboard import Aboard, Along
from bot.clock import Clock
from bot.deciding import Deciding
from bot.events import Event, Identity
from bot.gateway.base import Capability
from bot.passage import Batch, InForce, Passage, group_of
from bot.watchdog import Watchdog, Watching
from handlers.scene import Handler, Scene
from handlers.verdicts import Verdict
from storage.trouble import DatabaseBroken, DatabaseUnavailable
from storage.work import Work
from storage.writer import Writer

log = logging.getLogger(__name__)

BATCH = 1500
"""The most events in one transaction: each group that they touch costs pages of its indexes, and
most of those are paid once however many there are."""
AT_FIRST = 500
"""So many while it is not known how long they take."""
LONGEST = 0.1
"""A batch is to keep the writer so many seconds: answers wait for it, and what came of them."""
_SLOWEST = 0.5
"""No commit counts as slower than so many seconds."""
_LEAST = 32
"""So many events are handled however long they take: each commit has its price."""
ROOM = 2000
"""How many events may wait; the gateway is read no further while so many do."""
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=0.5), timedelta(seconds=30)


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
        self._queue: asyncio.Queue[Event | Deciding | None] = asyncio.Queue(ROOM)
        self._closing = asyncio.Event()
        self._runs: asyncio.Task[None] | None = None
        self._spoiled: Counter[tuple[str, str, str]] = Counter()
        self._handling = 0.0
        """Seconds that the last batch took in the writer's thread, the commit left out."""
        self._most = AT_FIRST
        """So many events go into the next transaction."""

    async def feed(self, event: Event) -> None:
        """Hand an event in; waits while too many others do. After `close` it is dropped."""
        if self._closing.is_set():
            return
        if self._queue.full():
            await self._queue.put(event)
        else:
            self._queue.put_nowait(event)

    async def decide(self, decide: Callable[[Scene], Verdict]) -> Verdict:
        """A decision made outside the chat, in its turn: the verdict, once it is committed.

        Raises Undecided if it could not be recorded: it failed, or Weilu is stopping.
        """
        deciding = Deciding(decide, asyncio.get_running_loop().create_future())
        if self._closing.is_set():
            deciding.tell()
        else:
            await self._queue.put(deciding)
        return await deciding.told

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
            for each in taken:
                if isinstance(each, Deciding):
                    each.tell()
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

    def _batch(self, events: Sequence[Event | Deciding]) -> Batch:
        in_force = self._in_force
        groups = {
            (group.account, group.id): group
            for event in events
            if (group := group_of(event)) is not None
        }
        return Batch(
            events,
            now=self._clock.now(),
            in_force=in_force,
            house=in_force.house(),
            settings={where: in_force.group(group) for where, group in groups.items()},
            capabilities=self._capabilities(),
        )

    async def _take(self, batch: Batch) -> None:
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

    async def _commit(self, batch: Batch) -> None:
        """One transaction, again and again while the database cannot take it."""
        pause = _FIRST_PAUSE
        while True:
            try:
                began = time.perf_counter()
                with self._aboard(alone=batch.alone) as along:
                    await self._writer.run(partial(self._work, batch, along))
                commit = time.perf_counter() - began - self._handling
                self._most = as_many(len(batch.events), self._handling, commit)
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

    def _work(self, batch: Batch, along: Along, work: Work) -> None:
        """In the writer's thread: every event in a savepoint of its own, then the outbox."""
        began = time.perf_counter()
        work.prepare(batch.events)
        passage = Passage(self._stages, batch, work, self._me)
        with self._watchdog.watching(batch.events[0]):  # who looks ahead may hang as well
            passage.announce()
        acts = False
        by_itself, in_hand = work.savepoint(), Watching(self._watchdog)
        for event in batch.events:
            try:
                with by_itself, in_hand(event):
                    acts |= passage.handle(event)
            except (DatabaseUnavailable, DatabaseBroken):
                raise
            except Exception as error:  # noqa: BLE001 - one bad event spoils only itself
                self._spoil(event, error)
        passage.close()
        self._me = passage.me
        along(work, acts)
        self._handling = time.perf_counter() - began

    def _spoil(self, event: Event | Deciding, error: Exception) -> None:
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


def as_many(events: int, seconds: float, commit: float = 0.0) -> int:
    """How many of such events the writer handles in LONGEST, within bounds.

    Where a commit takes longer than that, as a disk that others use may need, it is as many as are
    handled in the time of a commit: an answer waits for both.
    """
    longest = max(LONGEST, min(commit, _SLOWEST))
    return max(_LEAST, min(BATCH, round(events * longest / max(seconds, 1e-6))))
