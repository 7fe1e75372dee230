"""`weilu run`: Weilu at work, in the sandbox or on a real account, until Ctrl-C."""

import asyncio
import logging
import shutil
import signal
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import Annotated

import typer
from rich.logging import RichHandler

from bot.app import App, InForce
from bot.cli.foreground import foreground
from bot.cli.opening import DEFAULT, FAULTY, ConfigPath, err, leave, out, read_config
from bot.cli.speech import tr
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.events import Event, GatewayChanged
from bot.faults import ConfigFaults
from bot.gateway.base import Gateway
from bot.pacing import quiet_until
from bot.secrets import Secrets
from bot.shown import shown
from storage.database import Database, DatabaseTrouble
from storage.holding import Holding

DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help=tr("照常判断并记录，但什么也不说", "decide, record, say nothing")
    ),
]


def run(config: ConfigPath = DEFAULT, dry_run: DryRun = False) -> None:
    """Start on the gateway that the config names; Ctrl-C stops cleanly."""
    loaded = read_config(config)
    secrets = Secrets()
    logging.basicConfig(
        level=logging.INFO,
        format="%(message)s",
        handlers=[RichHandler(console=err, show_path=False, markup=False, rich_tracebacks=False)],
    )
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
    out.print(tr("围炉已停，没有做了一半的事。", "Weilu has stopped; nothing is half done."))


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
    if config.account.gateway == "sandbox":
        from bot.room import Room

        room = Room(config, in_force.cares_for, in_force.wants_pictures)
        app = _app(in_force, database, room.gateway, room.clock, dry_run=dry_run)
        out.print(_hello(config, dry_run=dry_run))
        async with app.running(path, holding, partial(_make_ready, database)), room.open(out):
            await app.until(stopped)
        return
    gateway = _wechaty(config, secrets, in_force)
    app = _app(in_force, database, gateway, SystemClock(), dry_run=dry_run)
    out.print(_hello(config, dry_run=dry_run))
    async with app.running(path, holding, partial(_make_ready, database)):
        await app.until(stopped)


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


def _wechaty(config: Config, secrets: Secrets, in_force: InForce) -> Gateway:
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


def _make_ready(database: Database) -> None:
    database.upgrade()
    database.check()
    _hint_at_an_empty_bank(database)


def _hint_at_an_empty_bank(database: Database) -> None:
    """Without topics programmes skip their slots: say how to get some."""
    with database.reading() as reports:
        if reports.topics(everything=False):
            return
    weilu = "weilu" if shutil.which("weilu") else ".venv/bin/weilu"
    command = f"{weilu} topics import topics/starter.yaml"
    out.print(
        tr(
            f"话题库还是空的，到点也没有话题可发。先导入一些：{command}",
            f"The topic bank is empty: nothing can be posted. Import some: {command}",
        ),
        style="yellow",
    )


def _draw_the_code(event: Event) -> None:
    """The QR code to scan, drawn in the terminal; the gateway logs its states itself."""
    if isinstance(event, GatewayChanged) and event.qrcode:
        import segno

        segno.make(event.qrcode).terminal(compact=True)
