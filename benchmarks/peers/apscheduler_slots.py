"""APScheduler 3.11 with its SQLAlchemy store: as many date jobs due at one instant.

`off`: misfire grace time off; `defaults`: as it comes. `core`: no scheduler, one indexed table of
due slots in SQLAlchemy Core, claimed in order.
"""

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, create_engine, event

from benchmarks.loop import LongestStop
from benchmarks.side import Figures, folder, options, serve_async

_ran = 0
SLOTS = Table(
    "slots",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("due_at", Integer, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False, unique=True),
)


def tick() -> None:
    """What a job does."""
    global _ran  # noqa: PLW0603 - the store finds jobs by their name in this module
    _ran += 1


def _engine(file: Path) -> Engine:
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def _(connection: object, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    return engine


async def _apscheduler(engine: Engine, count: int, job_defaults: dict[str, object]) -> Figures:
    global _ran  # noqa: PLW0603 - as above
    _ran = 0
    store = SQLAlchemyJobStore(engine=engine)
    scheduler = AsyncIOScheduler(jobstores={"default": store}, job_defaults=job_defaults)
    scheduler.start(paused=True)
    store.remove_all_jobs()
    due = datetime.now(UTC) + timedelta(seconds=2 + count / 1_000)
    for number in range(count):
        scheduler.add_job(tick, "date", run_date=due, id=f"slot-{number}")
    await asyncio.sleep((due - datetime.now(UTC)).total_seconds() - 0.1)
    async with LongestStop() as stop:
        scheduler.resume()
        while store.get_next_run_time():  # noqa: ASYNC110 - it has no event for that
            await asyncio.sleep(0.005)
        await asyncio.sleep(0)
        seconds = (datetime.now(UTC) - due).total_seconds()
    scheduler.shutdown()
    return {"slots": _ran / seconds, "stop": stop.milliseconds}


async def _core(engine: Engine, count: int) -> Figures:
    SLOTS.metadata.drop_all(engine)
    SLOTS.metadata.create_all(engine)
    begun = time.perf_counter()
    with engine.begin() as connection:
        rows = [{"due_at": 0, "state": "due", "name": f"slot-{n}"} for n in range(count)]
        connection.execute(SLOTS.insert(), rows)
    with engine.begin() as connection:
        due = connection.execute(SLOTS.select().where(SLOTS.c.due_at <= 0)).all()
        of = SLOTS.c.id.in_([row.id for row in due])
        connection.execute(SLOTS.update().where(of).values(state="claimed"))
    return {"slots": count / (time.perf_counter() - begun)}


async def main() -> None:
    """Serve measurements."""
    asked = options()
    logging.disable(logging.ERROR)
    with folder() as place:
        engine = _engine(place / "jobs.db")
        defaults: dict[str, object] = {"misfire_grace_time": None} if asked.side == "off" else {}

        async def measure() -> Figures:
            if asked.side == "core":
                return await _core(engine, asked.size)
            return await _apscheduler(engine, asked.size, defaults)

        await serve_async(measure)


if __name__ == "__main__":
    asyncio.run(main())
