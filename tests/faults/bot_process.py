"""Weilu in a process of its own, to be killed: the real App on a real database.

Only the gateway and the clock are other than in `weilu run`, and one stage is added: a message
that begins with 请出 has its author removed, because no rule of ours removes anybody yet.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from faults.fast_clock import FastClock
from faults.remote import RemoteGateway

from bot import schedule
from bot.actions import Priority, Remove
from bot.app import App, InForce
from bot.config_file import load
from bot.events import Event, Message
from handlers.scene import Reply, Scene
from storage.database import Database, DatabaseTrouble
from storage.holding import Holding

OUT = "请出"


def expel(event: Event, scene: Scene) -> Reply:
    """Remove who says so."""
    if not isinstance(event, Message) or event.group is None or not event.text.startswith(OUT):
        return Reply.NOTHING
    return Reply(
        actions=(
            Remove(
                key=f"out:{event.id}",
                why="试验 a trial",
                priority=Priority.MODERATION,
                about=(event.author,),
                group=event.group,
                member=event.author,
            ),
        )
    )


def tell_commits(app: App, gateway: RemoteGateway) -> None:
    """Let the far side know of each message once it is committed."""
    commit = app.writer.run

    async def run(job: Callable[..., Any]) -> Any:
        value = await commit(job)
        if isinstance(job, partial) and job.func.__name__ == "_work":
            events = job.args[0].events
            gateway.tell("committed", [e.id for e in events if isinstance(e, Message)])
        return value

    app.writer.run = run  # type: ignore[method-assign]


async def serve(told: dict[str, Any], database: Database, holding: Holding) -> None:
    """Run until SIGTERM."""
    # At sixty times the speed a stall of a minute is sixty slots of every group. That no more than
    # fifty are told is promised and tried in tests/test_schedule.py; here each has to be there.
    schedule.MOST = 100_000
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    gateway = RemoteGateway(told["account"], told["socket"])
    app = App(
        InForce(load(Path(told["config"]))),
        database=database,
        gateway=gateway,
        clock=FastClock(told["began"], told["rate"]),
        random=Random(told.get("seed", 1)),
    )
    app.pipeline._stages = (*app.pipeline._stages, expel)
    tell_commits(app, gateway)
    async with app.running(holding=holding):
        await app.until(stopped)


def live(told: dict[str, Any]) -> None:
    """As `weilu run`: bring the tables up to date, look, serve; a sentence where that fails."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        database = Database(told["url"], patience_ms=told.get("patience_ms", 10_000))
        with database.hold(told["account"]) as holding:
            database.upgrade()
            database.check()
            asyncio.run(serve(told, database, holding))
    except DatabaseTrouble as trouble:
        sys.exit(str(trouble))
