"""The only module that knows APScheduler: what time makes due becomes an event.

APScheduler is the tick and nothing else (one interval job, in memory). What is due the programme
knows (`topics.timetable`); what was dealt with lives in our own table, and its unique key keeps a
slot from being posted twice, whatever the clock, a restart or a second process does.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import Clock, MovableClock
from bot.events import Event, Group, HourPassed, MinutePassed, ProgrammeStarted, SlotDue
from topics import timetable
from topics.programme import Programme

log = logging.getLogger(__name__)

Pair = tuple[Group, str, Programme, ZoneInfo]
"""A programme in force in a group: its name, its settings, the zone its cron is read in."""
Key = tuple[str, str]
"""The programme's name and the group's platform id."""
_Slot = tuple[str, datetime]
"""A due time as its wall is written, and the instant that it is."""
_Answers = dict[tuple[int, ZoneInfo, datetime], tuple[_Slot, ...]]
"""What is due by programme, zone and since when: most pairs of a look ask for the same."""

MOST = 50
"""After a long stop no more than this many missed slots of one programme are told."""

_AHEAD = timedelta(days=1)
_NAP = timedelta(minutes=5)
"""Between two minutes that are told lies no more, unless the machine was put to sleep."""
_AT_ONCE = 500
"""After a look at so many pairs others have their turn on the event loop."""


class Schedule:
    """Feeds SlotDue, ProgrammeStarted, once an hour HourPassed, and MinutePassed.

    `watched` says how far the slots of a pair had been dealt with when the last process ended:
    what came due since is told late, at most the latest 50 a pair, and whether it is still worth
    posting is decided by whoever handles the slot. A pair that is not in it, or that comes back
    after it was out of force, starts now and owes nothing. A clock that is put back makes nothing
    due twice; one that is put forward makes everything in between due. One that was ahead by more
    than a day was wrong: what it had dealt with counts no more.

    MinutePassed comes whenever the clock shows another minute than before, wherever it was put: at
    the start, and at most once for each tick.

    A pair whose time zone is changed while it runs is treated like a clock on the wall that is
    put forward or back: the latest slot that was jumped over is due at once, and one that comes a
    second time has the same name, so that it is not posted again.

    `pairs` gives the same object again while nothing has changed, so that of the ticks within a
    minute only the first looks at each of them.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        feed: Callable[[Event], Awaitable[None]],
        pairs: Callable[[], Sequence[Pair]],
        watched: Mapping[Key, datetime],
        every: float = 1.0,
    ) -> None:
        self._clock = clock
        self._feed = feed
        self._pairs = pairs
        self._watched = dict(watched)
        self._in_force: dict[Key, ZoneInfo] = {}
        self._looked: tuple[Sequence[Pair], datetime] | None = None
        """At which pairs it has looked last, and in which minute."""
        self._hour: datetime | None = None
        self._minute: datetime | None = None
        self._awake_since: datetime | None = None
        self._due = asyncio.Event()
        self._idle = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._every = every
        self._beginning: asyncio.Task[None] | None = None
        self._scheduler: Any = None
        if isinstance(clock, MovableClock):
            clock.on_move(self._wake)

    def start(self) -> None:
        """Begin to tick, on the running event loop; a moved clock ticks at once."""
        self._task = asyncio.create_task(self._run(), name="schedule")
        self._beginning = asyncio.create_task(self._tick_from_now(), name="schedule begins")
        self._wake()

    def stop(self) -> None:
        """Tick no more. What was not told yet is told at the next start. May be called twice."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._beginning is not None:
            self._beginning.cancel()
            self._beginning = None
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def settled(self) -> None:
        """Return once everything that is due now was fed; at once if it is not running."""
        if self._task is not None:
            self._wake()
            await self._idle.wait()

    async def tick(self, now: datetime | None = None) -> None:
        """Tell what has come due since the last tick, by the clock or by `now`."""
        now = now or self._clock.now()
        minute = now.replace(second=0, microsecond=0)
        pairs = self._pairs()
        # Slots lie on full minutes: until the next one, or other pairs, nothing more comes due.
        if self._looked is None or self._looked[0] is not pairs or self._looked[1] != minute:
            await self._look_at_all(pairs, now, minute)
            self._looked = pairs, minute
        await self._tell_the_hour(now)
        await self._tell_the_minute(now)

    async def _look_at_all(self, pairs: Sequence[Pair], now: datetime, minute: datetime) -> None:
        by_key = {(pair[1], pair[0].id): pair for pair in pairs}
        for key in self._in_force.keys() - by_key.keys():
            del self._watched[key], self._in_force[key]
        answers: _Answers = {}
        for number, (key, pair) in enumerate(by_key.items(), 1):
            await self._look(key, pair, now, minute, answers)
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)

    async def _look(
        self, key: Key, pair: Pair, now: datetime, minute: datetime, answers: _Answers
    ) -> None:
        group, name, programme, zone = pair
        watched = self._watched.get(key)
        if watched is not None and watched > now + _AHEAD:
            watched = None
        before = self._in_force.get(key, zone)
        if watched is not None and before != zone:
            for wall in programme.jumped(watched, before, zone):
                await self._feed(_slot(group, name, _written(wall), watched, now))
        if watched is None:
            await self._feed(ProgrammeStarted(group=group, programme=name, at=now))
        elif minute > watched:
            for written, at in _due(answers, programme, zone, watched, now):
                await self._feed(_slot(group, name, written, at, now))
                self._watched[key] = at
        self._watched[key] = now if watched is None else max(now, watched)
        self._in_force[key] = zone

    async def _tell_the_hour(self, now: datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self._hour is None or hour > self._hour:
            self._hour = hour
            await self._feed(HourPassed(at=now))

    async def _tell_the_minute(self, now: datetime) -> None:
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            if self._minute is None or not timedelta(0) < minute - self._minute <= _NAP:
                self._awake_since = None if isinstance(self._clock, MovableClock) else now
            self._minute = minute
            await self._feed(MinutePassed(at=now, awake_since=self._awake_since))

    async def _tick_from_now(self) -> None:
        """The second tick, and regular ones from then on."""
        await asyncio.sleep(self._every)
        # Imported late and in a thread: it takes as long as connecting does, and no answer waits.
        with contextlib.suppress(Exception):  # a programme at fault is told of when it is its turn
            await asyncio.to_thread(_look_ahead, [*self._pairs()], self._clock.now())
        self._scheduler = await asyncio.to_thread(_scheduler)
        self._scheduler.add_job(
            self._beat, "interval", seconds=self._every, misfire_grace_time=None, coalesce=True
        )
        self._scheduler.start()
        self._wake()

    async def _beat(self) -> None:
        """The job: a tick that is still waiting for a full pipeline absorbs the next ones."""
        self._wake()

    def _wake(self) -> None:
        self._idle.clear()
        self._due.set()

    async def _run(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                await self.tick()
            except Exception:
                # A fault in one tick must not end all programmes; the next tick tries again.
                log.exception("日程这一拍失败了 this tick of the schedule failed")
            if not self._due.is_set():
                self._idle.set()


def _due(
    answers: _Answers, programme: Programme, zone: ZoneInfo, watched: datetime, now: datetime
) -> tuple[_Slot, ...]:
    asked = id(programme), zone, watched
    due = answers.get(asked)
    if due is None:
        due = answers[asked] = tuple(
            (_written(wall), at) for wall, at in programme.due(watched, now, zone, MOST)
        )
    return due


def _slot(group: Group, name: str, written: str, due_at: datetime, at: datetime) -> SlotDue:
    return SlotDue(group=group, programme=name, wall=written, due_at=due_at, at=at)


def _written(wall: datetime) -> str:
    return wall.isoformat(timespec="minutes")


def _scheduler() -> Any:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    return AsyncIOScheduler(timezone=UTC)


def _look_ahead(pairs: Iterable[Pair], now: datetime) -> None:
    """Ask once when each is due: the calendar of a country takes long to come the first time."""
    for timing, zone in {(programme.timing, zone) for _, _, programme, zone in pairs}:
        timetable.due(timing, zone, now, now + _AHEAD, 1)
