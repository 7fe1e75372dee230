"""Slots of programmes that are all due at one instant."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.judging import ACCOUNT
from benchmarks.loop import LongestStop
from benchmarks.row import Figure, Home, Row, Side, Target
from benchmarks.side import Figures, folder, options, serve_async
from benchmarks.weilu import ME, Ear, config, group
from bot.app import App, InForce
from bot.clock import MovableClock
from bot.events import GatewayChanged, GatewayState, RosterRead
from handlers.settings import GroupSettings
from storage.database import Database
from storage.values import Topic
from topics.programme import Programme

_PEER = "benchmarks.peers.apscheduler_slots"
_EVE = datetime(2026, 3, 2, 0, 59, 0, tzinfo=UTC)
_DUE = _EVE + timedelta(minutes=1)

ROW = Row(
    "slots",
    (
        Side(
            "ours",
            "App on a clock that is moved to 9:00: one programme in each of so many groups, a "
            "bank of 60 topics; until every slot is recorded with its post, committed, claimed by "
            "the outbox and given to the gateway",
            "benchmarks.rows.slots",
        ),
        Side(
            "apscheduler",
            "APScheduler 3.11, AsyncIOScheduler, SQLAlchemyJobStore on SQLite (WAL, FULL), date "
            "jobs that count, misfire grace time off; until the store is empty",
            _PEER,
            Home.PEERS,
            "off",
        ),
        Side(
            "apscheduler, defaults",
            "the same at its defaults (jobs more than a second late are dropped): jobs that ran",
            _PEER,
            Home.PEERS,
            "defaults",
            extra=True,
        ),
        Side(
            "core",
            "SQLAlchemy Core: inserted into one indexed table, selected and claimed, two commits",
            _PEER,
            Home.PEERS,
            "core",
        ),
    ),
    (
        Figure(
            "slots due at one instant, each durably recorded and claimed, a second",
            "slots",
            "/s",
            Target(3, at_least=True),
            "apscheduler",
        ),
        Figure("the same", "slots", "/s", None, "apscheduler, defaults"),
        Figure("the same", "slots", "/s", None, "core"),
        Figure(
            "until all are recorded with post and action, committed, and not yet all claimed",
            "recorded",
            "/s",
            None,
            "apscheduler",
            "slots",
        ),
        Figure(
            "longest stop of the event loop meanwhile",
            "stop",
            "ms",
            Target(50, at_least=False, of_ratio=False),
            "apscheduler",
        ),
    ),
    size=10_000,
    quick_size=500,
)


async def main() -> None:
    """Serve measurements."""
    asked = options()

    async def measure() -> Figures:
        with folder() as place:
            async with _weilu(place / "weilu.db", asked.size) as (app, ear, clock):
                return await _fall_due(app, ear, clock, asked.size)

    await serve_async(measure)


@contextlib.asynccontextmanager
async def _weilu(file: Path, count: int) -> AsyncIterator[tuple[App, Ear, MovableClock]]:
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    with database.work() as work:
        for number in range(60):
            text = f"第 {number} 个话题：最近有什么让你高兴的小事？"
            work.topics.put(Topic(key=f"topic-{number}", title=f"话题 {number}", text=text))
        work.commit()
    programme = Programme(cron="0 9 * * *")
    settings = GroupSettings(programmes={"早间话题": programme})
    ear, clock = Ear(), MovableClock(_EVE)
    in_force = InForce(config((), settings))
    app = App(in_force, database=database, gateway=ear, clock=clock, random=Random(1))
    async with app.running():
        ear.hear(GatewayChanged(account=ACCOUNT, state=GatewayState.LOGGED_IN, at=_EVE, me=ME))
        for number in range(count):
            ear.hear(RosterRead(group=group(number), members=(ME,), at=_EVE))
        await ear.taken()
        await app.settled()
        clock.move_by(timedelta(seconds=1))  # the schedule takes notice of the programmes
        await app.settled()
        yield app, ear, clock
    database.close()


async def _fall_due(app: App, ear: Ear, clock: MovableClock, count: int) -> Figures:
    async with LongestStop() as stop:
        begun = time.perf_counter()
        given = asyncio.create_task(ear.asked(count))
        await asyncio.sleep(0)
        clock.move_to(_DUE)
        if app.schedule:
            await app.schedule.settled()
        await app.pipeline.settled()
        recorded = time.perf_counter() - begun
        await given
        seconds = time.perf_counter() - begun
    await app.settled()
    return {"slots": count / seconds, "recorded": count / recorded, "stop": stop.milliseconds}


if __name__ == "__main__":
    asyncio.run(main())
