"""Weilu at work, in the sandbox or on a real account, until Ctrl-C.

What the first answer does not need (the frame of commands, the terminal's colours) is not imported.
"""

import asyncio
import contextlib
import gc
import logging
import signal
from functools import partial
from pathlib import Path
from random import SystemRandom

from bot.app import App, InForce
from bot.cli.foreground import foreground
from bot.cli.leaving import FAULTY, leave, read_config
from bot.cli.log_lines import LogLines
from bot.cli.speech import tr
from bot.cli.web import console
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.config_file import make_ready
from bot.events import Event, GatewayChanged
from bot.faults import ConfigFaults
from bot.gateway.base import Gateway
from bot.pacing import quiet_until
from bot.secrets import Secrets
from bot.shown import shown
from storage.database import Database, DatabaseTrouble
from storage.holding import Holding

_SOON = 2.0
"""Seconds after which a hint is early enough."""


def serve(path: str, dry_run: bool) -> None:
    """Run on the gateway that the config in this file names; Ctrl-C stops cleanly."""
    gc.disable()  # until all stands: what is made by then is there for good
    try:
        _run(path, dry_run)
    finally:
        gc.enable()


def _run(path: str, dry_run: bool) -> None:
    config = Path(path)
    loaded = read_config(config, ready=False)
    secrets = Secrets()
    lines = logging.StreamHandler()
    lines.setFormatter(LogLines())
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    database = Database(secrets.database_url(loaded.storage.url))
    try:
        with foreground(), database.hold(loaded.account.name) as holding:
            asyncio.run(_serve(config, loaded, secrets, database, holding, dry_run=dry_run))
    except DatabaseTrouble as trouble:
        raise leave(str(trouble)) from None
    finally:
        database.close()
    say(tr("围炉已停，没有做了一半的事。", "Weilu has stopped; nothing is half done."))


def say(words: str) -> None:
    """A sentence for whoever looks at the terminal."""
    print(words, flush=True)  # noqa: T201


async def _serve(
    path: Path,
    config: Config,
    secrets: Secrets,
    database: Database,
    holding: Holding,
    *,
    dry_run: bool,
) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    in_force = InForce(config)
    ready = partial(_make_ready, database, config)
    if config.account.gateway == "sandbox":
        from bot.cli.opening import out
        from bot.room import Room

        room = Room(config, in_force.cares_for, in_force.wants_pictures, path.parent)
        app = _app(in_force, database, room.gateway, room.clock, dry_run=dry_run)
        say(_hello(config, dry_run=dry_run))
        async with (
            app.running(path, holding, ready),
            room.open(out),
            console(app, database, secrets, path, say, room),
        ):
            await _until(stopped, app, database)
        return
    gateway = _wechaty(config, secrets, in_force, path.parent)
    app = _app(in_force, database, gateway, SystemClock(), dry_run=dry_run)
    say(_hello(config, dry_run=dry_run))
    async with app.running(path, holding, ready), console(app, database, secrets, path, say):
        await _until(stopped, app, database)


def _app(
    in_force: InForce, database: Database, gateway: Gateway, clock: Clock, *, dry_run: bool
) -> App:
    app = App(
        in_force,
        database=database,
        gateway=gateway,
        clock=clock,
        random=SystemRandom(),
        dry_run=dry_run,
    )
    app.listen(_draw_the_code)
    return app


def _wechaty(config: Config, secrets: Secrets, in_force: InForce, folder: Path) -> Gateway:
    """The Wechaty gateway; imported here because gRPC takes a while that the sandbox need not."""
    from bot.gateway.wechaty.gateway import WechatyGateway

    try:
        settings = secrets.wechaty(config.wechaty)
    except ConfigFaults as faults:
        raise leave(str(faults), FAULTY) from None
    return WechatyGateway(
        config.account.name,
        settings,
        secrets.token,
        in_force.cares_for,
        wants_pictures=in_force.wants_pictures,
        pictures=folder,
    )


def _hello(config: Config, *, dry_run: bool) -> str:
    groups = "、".join(shown(name) for name in config.group_names())
    mode = tr("（演练：只记录，不说话）", " (dry run: records, says nothing)") if dry_run else ""
    hello = tr(
        f"围炉启动{mode}。守着的群：{groups}。按 Ctrl-C 停下。",
        f"Weilu is starting{mode}. Groups it keeps: {groups}. Ctrl-C stops it.",
    )
    quiet = config.pace.quiet_hours
    until = quiet_until(SystemClock().now(), quiet)
    if quiet is None or until is None:
        return hello
    end = f"{until.astimezone(quiet.time_zone):%H:%M}"
    return hello + tr(
        f"\n现在是安静时段：{end} 之前只提醒违规、回答提问，欢迎与话题等到那以后。",
        f"\nQuiet hours: until {end} it only reminds and answers; welcomes and topics wait.",
    )


def _make_ready(database: Database, config: Config) -> None:
    """In a thread, while the gateway is being connected."""
    database.upgrade()
    database.check()
    make_ready(config)


async def _until(stopped: asyncio.Event, app: App, database: Database) -> None:
    """Run until then. What can wait a little does, so that the first answer does not."""
    # What was loaded is there for good. Looked through for rubbish, it stops everything for 60 ms.
    gc.freeze()
    gc.enable()
    hint = asyncio.create_task(_hint_soon(database))
    try:
        await app.until(stopped)
    finally:
        hint.cancel()
        await asyncio.gather(hint, return_exceptions=True)


async def _hint_soon(database: Database) -> None:
    await asyncio.sleep(_SOON)
    with contextlib.suppress(DatabaseTrouble):  # whoever needs the database says so
        await asyncio.to_thread(_hint_at_an_empty_bank, database)


def _hint_at_an_empty_bank(database: Database) -> None:
    """Without topics programmes skip their slots: say how to get some."""
    with database.reading() as reports:
        if reports.topics(everything=False):
            return
    import shutil  # needed once

    weilu = "weilu" if shutil.which("weilu") else ".venv/bin/weilu"
    command = f"{weilu} topics import topics/starter.yaml"
    say(
        tr(
            f"话题库还是空的，到点也没有话题可发。先导入一些：{command}",
            f"The topic bank is empty: nothing can be posted. Import some: {command}",
        )
    )


def _draw_the_code(event: Event) -> None:
    """The QR code to scan, drawn in the terminal; the gateway logs its states itself."""
    if isinstance(event, GatewayChanged) and event.qrcode:
        import segno

        segno.make(event.qrcode).terminal(compact=True)
